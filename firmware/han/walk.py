"""From items to the fields of a Reading.

In       Items; or a plan that somebody else made: han.positional for lists without OBIS codes
Out      the known fields of the Reading; what the table does not know is passed over
Wire     code, value or code, value, [scaler, unit], flat or in structures; a scaler structure is
         02 02 | 0F scaler | 16 unit; lists without them have fixed scales
Limits   a number of up to 30 bits is stored natively, the few others here; nothing is allocated
         for values below 2^30

The first of two values for one field stays. "Not available" (all ones) and null leave it None.
"""

from micropython import const

from han.apdu import METER_TIME, put_time_item
from han.axdr import Items
from han.fields import (
    ENERGY_EXPORT_T1_WH,
    ENERGY_EXPORT_T2_WH,
    ENERGY_EXPORT_T3_WH,
    ENERGY_EXPORT_T4_WH,
    ENERGY_EXPORT_WH,
    ENERGY_IMPORT_T1_WH,
    ENERGY_IMPORT_T2_WH,
    ENERGY_IMPORT_T3_WH,
    ENERGY_IMPORT_T4_WH,
    ENERGY_IMPORT_WH,
    LIST,
    METER_ID,
    POWER,
    QUANTITY,
    REACTIVE_ENERGY_EXPORT_T1_VARH,
    REACTIVE_ENERGY_EXPORT_T2_VARH,
    REACTIVE_ENERGY_EXPORT_VARH,
    REACTIVE_ENERGY_IMPORT_T1_VARH,
    REACTIVE_ENERGY_IMPORT_T2_VARH,
    REACTIVE_ENERGY_IMPORT_VARH,
    TEXT,
    UNIT_EXPONENTS,
    Reading,
)
from han.obis import ROWS, TABLE
from han.plan import PLAN as PLAN  # vendor modules get it from here
from han.plan import pairs, store_numbers

_OCTET_STRING = const(0x09)  # as in han.axdr; only a module's own constants cost nothing
_DATE_TIME = const(0x19)
_ALONE = const(0x100)  # of pairs(): the last item has no code before it

_POWERS = (1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000)


# A total and the tariffs that it is the sum of.
_SUMS = (
    (
        ENERGY_IMPORT_WH,
        ENERGY_IMPORT_T1_WH,
        ENERGY_IMPORT_T2_WH,
        ENERGY_IMPORT_T3_WH,
        ENERGY_IMPORT_T4_WH,
    ),
    (
        ENERGY_EXPORT_WH,
        ENERGY_EXPORT_T1_WH,
        ENERGY_EXPORT_T2_WH,
        ENERGY_EXPORT_T3_WH,
        ENERGY_EXPORT_T4_WH,
    ),
    (
        REACTIVE_ENERGY_IMPORT_VARH,
        REACTIVE_ENERGY_IMPORT_T1_VARH,
        REACTIVE_ENERGY_IMPORT_T2_VARH,
    ),
    (
        REACTIVE_ENERGY_EXPORT_VARH,
        REACTIVE_ENERGY_EXPORT_T1_VARH,
        REACTIVE_ENERGY_EXPORT_T2_VARH,
    ),
)


def scaled(value: int, exponent: int) -> "int | None":
    """value x 10^exponent, rounded half away from zero. None if the exponent is beyond +-9."""
    if exponent == 0:
        return value
    if exponent > 0:
        return value * _POWERS[exponent] if exponent < 10 else None
    if exponent < -9:
        return None
    power = _POWERS[-exponent]
    return (value + power // 2) // power if value >= 0 else -((power // 2 - value) // power)


def store(items: Items, reading: Reading, rows: int) -> None:
    """Carry out the first rows of the plan."""
    values = reading.values
    left: int = store_numbers(PLAN, rows, items.index, items.buf, QUANTITY, LIST, values, None)
    if left >> 8 > reading.list_type:
        reading.list_type = left >> 8
    left &= 0xFF
    if left:
        _store_others(items, reading, left)


def _store_others(items: Items, reading: Reading, rows: int) -> None:
    """Texts, times and numbers that the native pass has left over."""
    values = reading.values
    list_type = reading.list_type
    for at in range(0, 3 * rows, 3):
        marked = PLAN[at]
        field = marked & 0x7F
        i = PLAN[at + 1]
        if values[field] is not None:
            continue
        quantity = QUANTITY[field]
        if quantity == TEXT:
            values[field] = items.text(i)
        elif quantity < POWER:
            put_time(items, reading, field, i)
        else:
            number = items.integer(i)
            if number is not None:
                number = scaled(number, PLAN[at + 2] - 64)
                values[field] = number
                if number is not None and marked < 0x80 and LIST[field] > list_type:
                    list_type = LIST[field]
    reading.list_type = list_type


def put_time(items: Items, reading: Reading, field: int, i: int) -> None:
    """Store item i if it is a date-time. A structure of twelve is none."""
    tag = items.tag(i)
    if tag == _OCTET_STRING or tag == _DATE_TIME:
        put_time_item(reading, field, items, i)


def walk(items: Items, reading: Reading, exponents: bytes = UNIT_EXPONENTS) -> None:
    """Store every value that an OBIS code announces.

    exponents  by quantity: the power of ten from the raw value to the field's unit where the list
               sends no scaler; where it does, the scaler counts from the SI unit instead
    Two things some lists send without a code: a clock as the first item, an id as the last.
    """
    index = items.index
    if index[5] == 12 and index[3] == _OCTET_STRING:
        put_time(items, reading, METER_TIME, 1)
    rows: int = pairs(index, items.count, items.buf, TABLE, ROWS, exponents, UNIT_EXPONENTS,
                      QUANTITY, PLAN)  # fmt: skip
    store(items, reading, rows & 0xFF)
    if rows & _ALONE and reading.values[METER_ID] is None:
        reading.values[METER_ID] = items.text(items.count - 1)  # a code would not be printable


def sum_tariffs(reading: Reading, more: "tuple[int, ...] | list[int]" = (0, 0, 0, 0)) -> None:
    """Where a register is sent by tariff alone, its total is their sum.

    more  for import, export, reactive import and export: what tariffs without a field add
    """
    if reading.list_type < 3 and not any(more):
        return  # no register at all
    values = reading.values
    for i in range(4):
        fields = _SUMS[i]
        total = fields[0]
        if values[total] is not None:
            continue
        known = False
        number = more[i]
        for k in range(1, len(fields)):
            part = values[fields[k]]
            if isinstance(part, int):
                known = True
                number += part
        if known or more[i]:
            values[total] = number
            reading.list_type = max(reading.list_type, LIST[total])
