"""Landis+Gyr E450: a push-object-list that describes itself, or a list by position.

Lists    CH  item 0 is an array of [class u16, code, attribute i8, index u16]; entry 0 of it is the
             array itself, the following items are the values of the other entries
         AT  14 items by position (Burgenland), 11 without three of unknown use
             33 items, a clock and pairs of code and value, which han.codes knows
         The E350 with the Embriq module sends Aidon's shape, the E360 P1 text.
Units    no scalers: W, Wh, varh, 0.01 A, 1 V
Quirks   Some firmware sends volts in tenths: no mains has 1000 V. Reactive energy is sent by
         quadrant alone: import is QI + QII, export QIII + QIV.
Source   DLMS Blue Book (push object list of class 40); the scales are known only from captures
Seen     E450 in Switzerland and in Burgenland; entries of six members (Energomera)
Descriptors
list landisgyr-14 landisgyr
u16 voltage_l*_mv, u16 current_l*_ma 0.01, u32 power_import_w, u32 power_export_w
u32 energy_import_wh, u32 energy_export_wh, u16, u16, u16, text meter_id
list landisgyr-11 landisgyr
u16 voltage_l*_mv, u16 current_l*_ma 0.01, u32 power_import_w, u32 power_export_w
u32 energy_import_wh, u32 energy_export_wh, text meter_id
"""

from han import positional
from han.codes import find, store
from han.fields import (
    LANDIS_GYR,
    LIST,
    QUANTITY,
    REACTIVE_ENERGY_EXPORT_VARH,
    REACTIVE_ENERGY_IMPORT_VARH,
    REACTIVE_ENERGY_Q1_VARH,
    REACTIVE_ENERGY_Q3_VARH,
    VOLTAGE_L1_MV,
    Reading,
)
from han.items import ARRAY, INT8, STRUCTURE, UINT16, Items

LISTS = (
    b"\x00<\x0e\x09\x00\x0clandisgyr-14\x12\x0bC\x12\x0cC\x12\x0dC\x12\x0eA\x12\x0fA\x12\x10"
    b"A\x06\x07@\x06\x08@\x06\x11@\x06\x12@\x12\xff@\x12\xff@\x12\xff@A\x01@\x003\x0b\x09\x00"
    b"\x0clandisgyr-11\x12\x0bC\x12\x0cC\x12\x0dC\x12\x0eA\x12\x0fA\x12\x10A\x06\x07@\x06\x08"
    b"@\x06\x11@\x06\x12@A\x01@"
)

_EXPONENTS = b"\x40\x40\x40\x43\x41\x40\x40\x40\x43"  # V, 0.01 A, Wh


def decode(items: Items, reading: Reading) -> bool:
    """Fill the reading by a descriptor, or from a list whose first item says what the others are.

    Entry k of that array is of the k-th item after it; the first is of the array itself.
    """
    if positional.decode(LISTS, items, reading):
        return True
    if items.tag(1) != ARRAY or items.length(1) != items.length(0):
        return False
    if not _is_entry(items, 2) or items.tag(5) != INT8:
        return False
    reading.vendor = LANDIS_GYR
    buf = items.buf
    rows = 0
    entry = 2
    value = 1
    for _ in range(items.length(1)):
        if not _is_entry(items, entry) or value >= items.count:
            break
        at = items.offset(entry + 2) + 2
        if value > 1 and items.tag(entry + 3) == INT8 and buf[items.offset(entry + 3)] == 2:
            field: int = find(buf[at], buf[at + 1], buf[at + 2])
            if field >= 0:
                items.plan[3 * rows] = field
                items.plan[3 * rows + 1] = value
                items.plan[3 * rows + 2] = _EXPONENTS[QUANTITY[field]]
                rows += 1
        entry = items.after(entry)
        value = items.after(value)
    store(items, reading, rows)
    _correct(reading)
    return True


def _correct(reading: Reading) -> None:
    values = reading.values
    for field in range(VOLTAGE_L1_MV, VOLTAGE_L1_MV + 3):
        voltage = values[field]
        if isinstance(voltage, int) and voltage > 1000000:
            values[field] = voltage // 10
    for total, quadrant in (
        (REACTIVE_ENERGY_IMPORT_VARH, REACTIVE_ENERGY_Q1_VARH),
        (REACTIVE_ENERGY_EXPORT_VARH, REACTIVE_ENERGY_Q3_VARH),
    ):
        first = values[quadrant]
        second = values[quadrant + 1]
        if values[total] is None and isinstance(first, int) and isinstance(second, int):
            values[total] = first + second
            reading.list_type = max(reading.list_type, LIST[total])


def _is_entry(items: Items, i: int) -> bool:
    """Whether item i is [class, code, attribute, ...] of four or six members."""
    return (
        items.tag(i) == STRUCTURE
        and items.length(i) in (4, 6)
        and items.tag(i + 1) == UINT16
        and items.is_obis(i + 2)
        and i + 3 < items.count
    )
