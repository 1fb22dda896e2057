"""Landis+Gyr E450: a push-object-list that describes itself, or a list by position.

Lists    CH  item 0 is an array of [class u16, code, attribute i8, index u16]; entry 0 of it is the
             array itself, the following items are the values of the other entries
         AT  14 items by position (Burgenland), 11 without three of unknown use
             33 items, a clock and pairs of code and value, which han.walk knows
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

import micropython

from han.axdr import ARRAY, INT8, OCTET_STRING, STRUCTURE, UINT16, Items
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
from han.obis import ROWS, TABLE
from han.walk import PLAN, store

LISTS = (
    b"\x00<\x0e\x09\x00\x0clandisgyr-14\x12\x0bC\x12\x0cC\x12\x0dC\x12\x0eA\x12\x0fA\x12\x10"
    b"A\x06\x07@\x06\x08@\x06\x11@\x06\x12@\x12\xff@\x12\xff@\x12\xff@A\x01@\x003\x0b\x09\x00"
    b"\x0clandisgyr-11\x12\x0bC\x12\x0cC\x12\x0dC\x12\x0eA\x12\x0fA\x12\x10A\x06\x07@\x06\x08"
    b"@\x06\x11@\x06\x12@A\x01@"
)

_EXPONENTS = b"\x40\x40\x40\x43\x41\x40\x40\x40\x43"  # V, 0.01 A, Wh


def is_object_list(body: Items) -> bool:
    """Whether the first item is an array of entries for the others."""
    return (
        body.tag(1) == ARRAY
        and body.tag(2) == STRUCTURE
        and body.length(1) == body.length(0)
        and _is_entry(body, 2)
    )


def decode_objects(body: Items, reading: Reading) -> None:
    """Fill the reading: entry k of the array says what the k-th item after it is."""
    reading.vendor = LANDIS_GYR
    rows: int = _plan(body.index, body.count, body.buf, TABLE, ROWS, QUANTITY, _EXPONENTS, PLAN)
    store(body, reading, rows)
    _correct(reading)


@micropython.viper
def _plan(index: ptr16, count: int, buf: ptr8, codes: ptr8, rows: int, quantities: ptr8,
          exponents: ptr8, plan: ptr8) -> int:  # fmt: skip
    """Fill plan from the entries that name a value. Returns the number of rows."""
    found: int = 0
    entry: int = 2
    i: int = 1  # the array, whose entry is the first
    k: int = int(index[5])
    while k > 0 and entry + 3 < count and i < count:
        at: int = 3 * entry
        members: int = int(index[at + 2])
        if int(index[at]) != 2 or (members != 4 and members != 6):
            return found
        if int(index[at + 3]) != 0x12 or int(index[at + 6]) != 9 or int(index[at + 8]) != 6:
            return found
        code: int = int(index[at + 7]) + 2
        if int(index[at + 9]) == 0x0F and int(buf[int(index[at + 10])]) == 2 and i > 1:
            row: int = 0
            while row < rows * 4:
                if int(codes[row]) == int(buf[code]) and int(codes[row + 1]) == int(buf[code + 1]):
                    if int(codes[row + 2]) == int(buf[code + 2]):
                        field: int = int(codes[row + 3])
                        plan[3 * found] = field
                        plan[3 * found + 1] = i
                        plan[3 * found + 2] = int(exponents[int(quantities[field])])
                        found += 1
                        row = rows * 4
                row += 4
        # Past the entry, and past its value, with all that is in them.
        open_items: int = 1
        while open_items > 0:
            open_items -= 1
            if int(index[3 * entry]) == 1 or int(index[3 * entry]) == 2:
                open_items += int(index[3 * entry + 2])
            entry += 1
        open_items = 1
        while open_items > 0:
            open_items -= 1
            if int(index[3 * i]) == 1 or int(index[3 * i]) == 2:
                open_items += int(index[3 * i + 2])
            i += 1
        k -= 1
    return found


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


def _is_entry(body: Items, i: int) -> bool:
    """Whether item i is [class, code, attribute, ...] of four or six members."""
    return (
        body.tag(i) == STRUCTURE
        and body.length(i) in (4, 6)
        and body.tag(i + 1) == UINT16
        and body.tag(i + 2) == OCTET_STRING
        and body.length(i + 2) == 6
        and body.tag(i + 3) == INT8
    )
