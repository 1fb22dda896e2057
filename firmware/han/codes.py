"""OBIS codes: the field that each fills, and lists in which codes announce the values.

In       Items; or a plan that somebody else made: han.positional for lists without codes
Out      the known fields of the Reading; a code that the table does not know is passed over
Wire     code, value or code, value, [scaler, unit], flat or in structures; a scaler structure is
         02 02 | 0F scaler | 16 unit; lists without them have fixed scales
         1.6.0 may be followed by the time of the peak, with or without its code
         Two things some lists send without a code: a clock as the first item, an id as the last
Plan     rows of 3 octets: field (+ 80: does not count for the list type), item, power of ten + 64
Limits   a number of up to 30 bits is stored natively, the few others by Python; nothing is
         allocated for values below 2^30. viper checks no bounds: the index must be that of a body
Source   IEC 62056-61; customer-port lists of Aidon, Kaifa, Kamstrup; Dutch P1 companion standard

A code is A-B:C.D.E*F. Only C.D.E decides: A-B differs between vendors and channels, F is 255.
A row of the table is C D E field. A new code is a line `b""  # C.D.E FIELD`, whose octets
`python -m tools.tables` then writes.

The first of two values for one field stays. "Not available" (all ones) and null leave it None.
"""

import micropython
from micropython import const

from han.fields import (
    ENERGY_EXPORT_T1_WH,
    ENERGY_EXPORT_T3_WH,
    ENERGY_EXPORT_WH,
    ENERGY_IMPORT_T1_WH,
    ENERGY_IMPORT_T3_WH,
    ENERGY_IMPORT_WH,
    LANDIS_GYR,
    LIST,
    METER_ID,
    METER_TIME_LOCAL,
    PEAK_IMPORT_W,
    PEAK_TIME_LOCAL,
    POWER,
    QUANTITY,
    REACTIVE_ENERGY_EXPORT_T1_VARH,
    REACTIVE_ENERGY_EXPORT_VARH,
    REACTIVE_ENERGY_IMPORT_T1_VARH,
    REACTIVE_ENERGY_IMPORT_VARH,
    TEXT,
    UNIT_EXPONENTS,
    Reading,
    maker,
)
from han.items import DATE_TIME, OCTET_STRING, STRUCTURE, Items, put_time

_NAME_WITHIN = const(12)  # items in which a name is looked for
_NOTHING = None  # viper has no literal for it
_POWERS = (1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000)

TABLE = (
    b"\x01\x07\x00\x07"  # 1.7.0 POWER_IMPORT_W
    b"\x02\x07\x00\x08"  # 2.7.0 POWER_EXPORT_W
    b"\x03\x07\x00\x09"  # 3.7.0 REACTIVE_IMPORT_VAR
    b"\x04\x07\x00\x0a"  # 4.7.0 REACTIVE_EXPORT_VAR
    b"\x1f\x07\x00\x0e"  # 31.7.0 CURRENT_L1_MA
    b"\x33\x07\x00\x0f"  # 51.7.0 CURRENT_L2_MA
    b"\x47\x07\x00\x10"  # 71.7.0 CURRENT_L3_MA
    b"\x20\x07\x00\x0b"  # 32.7.0 VOLTAGE_L1_MV
    b"\x34\x07\x00\x0c"  # 52.7.0 VOLTAGE_L2_MV
    b"\x48\x07\x00\x0d"  # 72.7.0 VOLTAGE_L3_MV
    b"\x60\x01\x00\x01"  # 96.1.0 METER_ID
    b"\x00\x00\x05\x01"  # 0.0.5 METER_ID
    b"\x60\x01\x01\x02"  # 96.1.1 METER_MODEL
    b"\x60\x01\x07\x02"  # 96.1.7 METER_MODEL
    b"\x00\x02\x81\x00"  # 0.2.129 LIST_ID
    b"\x01\x00\x00\x03"  # 1.0.0 METER_TIME_LOCAL
    b"\x01\x04\x00\x46"  # 1.4.0 DEMAND_IMPORT_W
    b"\x01\x06\x00\x47"  # 1.6.0 PEAK_IMPORT_W
    b"\x01\x08\x00\x11"  # 1.8.0 ENERGY_IMPORT_WH
    b"\x02\x08\x00\x12"  # 2.8.0 ENERGY_EXPORT_WH
    b"\x03\x08\x00\x13"  # 3.8.0 REACTIVE_ENERGY_IMPORT_VARH
    b"\x04\x08\x00\x14"  # 4.8.0 REACTIVE_ENERGY_EXPORT_VARH
    b"\x0d\x07\x00\x15"  # 13.7.0 POWER_FACTOR_PERMILLE
    b"\x21\x07\x00\x16"  # 33.7.0 POWER_FACTOR_L1_PERMILLE
    b"\x35\x07\x00\x17"  # 53.7.0 POWER_FACTOR_L2_PERMILLE
    b"\x49\x07\x00\x18"  # 73.7.0 POWER_FACTOR_L3_PERMILLE
    b"\x15\x07\x00\x19"  # 21.7.0 POWER_IMPORT_L1_W
    b"\x29\x07\x00\x1a"  # 41.7.0 POWER_IMPORT_L2_W
    b"\x3d\x07\x00\x1b"  # 61.7.0 POWER_IMPORT_L3_W
    b"\x16\x07\x00\x1c"  # 22.7.0 POWER_EXPORT_L1_W
    b"\x2a\x07\x00\x1d"  # 42.7.0 POWER_EXPORT_L2_W
    b"\x3e\x07\x00\x1e"  # 62.7.0 POWER_EXPORT_L3_W
    b"\x17\x07\x00\x1f"  # 23.7.0 REACTIVE_IMPORT_L1_VAR
    b"\x2b\x07\x00\x20"  # 43.7.0 REACTIVE_IMPORT_L2_VAR
    b"\x3f\x07\x00\x21"  # 63.7.0 REACTIVE_IMPORT_L3_VAR
    b"\x18\x07\x00\x22"  # 24.7.0 REACTIVE_EXPORT_L1_VAR
    b"\x2c\x07\x00\x23"  # 44.7.0 REACTIVE_EXPORT_L2_VAR
    b"\x40\x07\x00\x24"  # 64.7.0 REACTIVE_EXPORT_L3_VAR
    b"\x15\x08\x00\x25"  # 21.8.0 ENERGY_IMPORT_L1_WH
    b"\x29\x08\x00\x26"  # 41.8.0 ENERGY_IMPORT_L2_WH
    b"\x3d\x08\x00\x27"  # 61.8.0 ENERGY_IMPORT_L3_WH
    b"\x16\x08\x00\x28"  # 22.8.0 ENERGY_EXPORT_L1_WH
    b"\x2a\x08\x00\x29"  # 42.8.0 ENERGY_EXPORT_L2_WH
    b"\x3e\x08\x00\x2a"  # 62.8.0 ENERGY_EXPORT_L3_WH
    b"\x01\x08\x01\x2b"  # 1.8.1 ENERGY_IMPORT_T1_WH
    b"\x01\x08\x02\x2c"  # 1.8.2 ENERGY_IMPORT_T2_WH
    b"\x02\x08\x01\x2d"  # 2.8.1 ENERGY_EXPORT_T1_WH
    b"\x02\x08\x02\x2e"  # 2.8.2 ENERGY_EXPORT_T2_WH
    b"\x05\x08\x00\x2f"  # 5.8.0 REACTIVE_ENERGY_Q1_VARH
    b"\x06\x08\x00\x30"  # 6.8.0 REACTIVE_ENERGY_Q2_VARH
    b"\x07\x08\x00\x31"  # 7.8.0 REACTIVE_ENERGY_Q3_VARH
    b"\x08\x08\x00\x32"  # 8.8.0 REACTIVE_ENERGY_Q4_VARH
    b"\x01\x08\x03\x33"  # 1.8.3 ENERGY_IMPORT_T3_WH
    b"\x01\x08\x04\x34"  # 1.8.4 ENERGY_IMPORT_T4_WH
    b"\x02\x08\x03\x35"  # 2.8.3 ENERGY_EXPORT_T3_WH
    b"\x02\x08\x04\x36"  # 2.8.4 ENERGY_EXPORT_T4_WH
    b"\x0e\x07\x00\x3b"  # 14.7.0 FREQUENCY_MHZ
    b"\x11\x00\x00\x3c"  # 17.0.0 LIMITER_W
    b"\x60\x0e\x00\x3d"  # 96.14.0 TARIFF
    b"\x60\x03\x0a\x3e"  # 96.3.10 BREAKER_STATE
    b"\xff\xff\xff\xff"  # the end
)

# A total and the tariffs that it is the sum of: each here is followed by the next tariff's field.
_SUMS = (
    (ENERGY_IMPORT_WH, ENERGY_IMPORT_T1_WH, ENERGY_IMPORT_T3_WH),
    (ENERGY_EXPORT_WH, ENERGY_EXPORT_T1_WH, ENERGY_EXPORT_T3_WH),
    (REACTIVE_ENERGY_IMPORT_VARH, REACTIVE_ENERGY_IMPORT_T1_VARH),
    (REACTIVE_ENERGY_EXPORT_VARH, REACTIVE_ENERGY_EXPORT_T1_VARH),
)


@micropython.viper
def find(c: int, d: int, e: int) -> int:
    """The field that the code C.D.E fills, -1 if none."""
    row: ptr8 = ptr8(TABLE)
    i: int = 0
    while int(row[i + 3]) != 0xFF:
        if int(row[i]) == c and int(row[i + 1]) == d and int(row[i + 2]) == e:
            return int(row[i + 3])
        i += 4
    return -1


@micropython.viper
def _pairs(index: ptr16, count: int, buf: ptr8, own: ptr8, plan: ptr8) -> int:
    """Fill plan from items in which a code announces each value. Returns the number of rows.

    own  exponents by quantity for values without a scaler
    A last item that stands alone, no value and no code before it, is the meter's number.
    """
    unit: ptr8 = ptr8(UNIT_EXPONENTS)
    quantities: ptr8 = ptr8(QUANTITY)
    found: int = 0
    last: int = count - 1
    timed: bool = False
    i: int = 0
    while i < last:
        entry: int = 3 * i
        if int(index[entry]) != 0x09 or int(index[entry + 2]) != 6:
            i += 1
            continue
        i += 1  # now at the value
        at: int = int(index[entry + 1]) + 2
        field: int = int(find(int(buf[at]), int(buf[at + 1]), int(buf[at + 2])))
        tag: int = int(index[entry + 3])
        if field < 0:
            if tag > 2:
                i += 1
            continue
        # 1.6.0 announces the month's peak; with a date-time, when that ended.
        peak: bool = field == int(PEAK_IMPORT_W)
        if peak and (tag == 0x09 or tag == 0x19) and int(index[entry + 5]) == 12:
            field = int(PEAK_TIME_LOCAL)
        quantity: int = int(quantities[field])
        exponent: int = int(own[quantity])
        item: int = i
        if (
            i + 3 <= last
            and int(index[entry + 6]) == 2
            and int(index[entry + 8]) == 2
            and int(index[entry + 9]) == 0x0F
            and int(index[entry + 12]) == 0x16
        ):
            scaler: int = int(buf[int(index[entry + 10])])
            if scaler > 127:
                scaler -= 256
            exponent = int(unit[quantity]) + scaler
            if exponent < 0 or exponent > 127:
                exponent = 127  # far from anything: store() drops it
            i += 3
        plan[3 * found] = field
        plan[3 * found + 1] = item
        plan[3 * found + 2] = exponent
        found += 1
        i += 1
        entry = 3 * i
        # Once: each further row without a code of its own would need a longer plan.
        if peak and not timed and i < count and int(index[entry + 2]) == 12:
            if int(index[entry]) != 0x09 and int(index[entry]) != 0x19:
                continue
            timed = True
            plan[3 * found] = int(PEAK_TIME_LOCAL)
            plan[3 * found + 1] = i
            found += 1
            i += 1
    if i == last and last > 0:
        plan[3 * found] = int(METER_ID)
        plan[3 * found + 1] = i
        found += 1
    return found


@micropython.viper
def _store_numbers(plan: ptr8, rows: int, index: ptr16, buf: ptr8, values: object) -> int:
    """Store the numbers of a plan. Returns rows left over | list type << 8.

    Left over, at the plan's beginning, are texts, times and numbers that need more than 30 bits.
    """
    quantities: ptr8 = ptr8(QUANTITY)
    lists: ptr8 = ptr8(LIST)
    nothing: object = _NOTHING
    left: int = 0
    list_type: int = 0
    row: int = 0
    while row < rows:
        at: int = 3 * row
        row += 1
        marked: int = int(plan[at])
        field: int = marked & 0x7F
        entry: int = 3 * int(plan[at + 1])
        exponent: int = int(plan[at + 2])
        fits: bool = False
        if int(quantities[field]) >= 2:
            tag: int = int(index[entry])
            value_at: int = int(index[entry + 1])
            size: int = 0
            top: int = 0xFF  # first octet of "not available"
            if tag == 0x06 or tag == 0x05:
                size = 4
            elif tag == 0x12 or tag == 0x10:
                size = 2
            elif tag == 0x11 or tag == 0x0F or tag == 0x16 or tag == 0x03 or tag == 0x0D:
                size = 1
            elif tag == 0x15 or tag == 0x14:
                size = 8
            else:
                continue
            negative: bool = False
            if tag == 0x05 or tag == 0x0F or tag == 0x10 or tag == 0x14:
                top = 0x7F
                negative = int(buf[value_at]) > 0x7F
            if size == 8:
                if not (int(buf[value_at]) | int(buf[value_at + 1]) | int(buf[value_at + 2])
                        | int(buf[value_at + 3])):  # fmt: skip
                    size = 4
                    value_at += 4
                    top = 0x100
            if size < 8:
                value: int = int(buf[value_at])
                ones: bool = value == top and size > 1
                # Sign-extend, so that what follows is the same for all sizes.
                if negative:
                    value -= 0x100
                if size == 4:
                    fits = value < 0x40 and value >= -0x40
                else:
                    fits = True
                n: int = 1
                while n < size:
                    ones = ones and int(buf[value_at + n]) == 0xFF
                    if fits:
                        value = value << 8 | int(buf[value_at + n])
                    n += 1
                if ones:
                    continue
                # The sizes leave 30 bits; each step up must stay within them.
                while fits and exponent > 64:
                    if exponent > 73 or value > 107374182 or value < -107374182:
                        fits = False
                    else:
                        value *= 10
                        exponent -= 1
                fits = fits and exponent == 64
            if fits:
                if values[field] is nothing:  # type: ignore[index]
                    n = 0
                    while n < left and (int(plan[3 * n]) & 0x7F) != field:
                        n += 1
                    if n == left:
                        values[field] = value  # type: ignore[index]
                        if marked < 0x80 and int(lists[field]) > list_type:
                            list_type = int(lists[field])
                continue
            exponent = int(plan[at + 2])
        at = 3 * left
        plan[at] = marked
        plan[at + 1] = entry // 3
        plan[at + 2] = exponent
        left += 1
    return left | list_type << 8


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
    """Carry out the first rows of the items' plan."""
    values = reading.values
    plan = items.plan
    left: int = _store_numbers(plan, rows, items.index, items.buf, values)
    list_type = left >> 8 if left >> 8 > reading.list_type else reading.list_type
    for at in range(0, 3 * (left & 0xFF), 3):
        field = plan[at] & 0x7F
        i = plan[at + 1]
        if values[field] is not None:
            continue
        quantity = QUANTITY[field]
        if quantity == TEXT:
            values[field] = items.text(i)
        elif quantity < POWER:
            _put_time(items, reading, field, i)
        else:
            number = items.integer(i)
            if number is not None:
                number = scaled(number, plan[at + 2] - 64)
                values[field] = number
                if number is not None and plan[at] < 0x80 and LIST[field] > list_type:
                    list_type = LIST[field]
    reading.list_type = list_type


def _put_time(items: Items, reading: Reading, field: int, i: int) -> None:
    """Store item i if it is a date-time. A structure of twelve is none."""
    if items.length(i) == 12 and items.tag(i) in (OCTET_STRING, DATE_TIME):
        put_time(reading, field, items.buf, items.offset(i))


def walk(items: Items, reading: Reading, exponents: bytes = UNIT_EXPONENTS) -> None:
    """Store every value that an OBIS code announces.

    exponents  by quantity: the power of ten from the raw value to the field's unit where the list
               sends no scaler; where it does, the scaler counts from the SI unit instead
    """
    if items.index[3] == OCTET_STRING and items.index[5] == 12:
        _put_time(items, reading, METER_TIME_LOCAL, 1)
    rows: int = _pairs(items.index, items.count, items.buf, exponents, items.plan)
    store(items, reading, rows)


def decode(items: Items, reading: Reading) -> bool:
    """Fill the reading from a list that no maker's module claims. False if no code is known.

    A name such as KFM1200... or an id such as 1KFM... says whose list it is. A clock and pairs of
    code and value without any scaler are sent by one maker alone.
    """
    walk(items, reading)
    scalers = False
    for i in range(1, min(items.count, _NAME_WITHIN)):
        tag = items.tag(i)
        if tag == STRUCTURE:
            scalers = True
        elif tag == OCTET_STRING and items.length(i) > 6:
            at = items.offset(i)
            reading.vendor = maker(items.buf, at + 1 if items.buf[at] == 0x31 else at)
            if reading.vendor:
                break
    if not reading.vendor and not scalers and items.length(1) == 12 and items.is_obis(2):
        reading.vendor = LANDIS_GYR
    return reading.list_type > 0


def sum_tariffs(reading: Reading, extra: "tuple[int, ...] | list[int]" = (0, 0, 0, 0)) -> None:
    """Where a register is sent by tariff alone, its total is their sum.

    extra  for import, export, reactive import and export: what tariffs without a field add
    """
    if reading.list_type < 3 and not any(extra):
        return  # no register at all
    values = reading.values
    for i in range(4):
        total = _SUMS[i][0]
        if values[total] is not None:
            continue
        known = False
        number = extra[i]
        for field in _SUMS[i]:
            if field == total:
                continue
            for k in range(field, field + 2):
                part = values[k]
                if isinstance(part, int):
                    known = True
                    number += part
        if known or extra[i]:
            values[total] = number
            reading.list_type = max(reading.list_type, LIST[total])
