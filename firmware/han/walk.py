"""The walk through a list whose values are announced by OBIS codes.

In       Items of any nesting: [code, value], [code, value, [scaler, unit]] or flat pairs
Out      the known fields of the Reading; what the table does not know is passed over
Wire     a scaler structure is 02 02 | 0F scaler | 16 unit; lists without them have fixed scales
"""

from han.apdu import METER_TIME, put_time_item
from han.axdr import ENUM, INT8, STRUCTURE, Items
from han.obis import ROWS, TABLE, find
from han.reading import LIST, NUMBER, QUANTITY, TEXT, TIME, UNIT_EXPONENTS, Reading

POWERS = (1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000)


def scaled(value: int, exponent: int) -> "int | None":
    """value x 10^exponent, rounded half away from zero. None if the exponent is beyond +-9."""
    if exponent == 0:
        return value
    if exponent > 0:
        return value * POWERS[exponent] if exponent < 10 else None
    if exponent < -9:
        return None
    power = POWERS[-exponent]
    return (value + power // 2) // power if value >= 0 else -((power // 2 - value) // power)


def walk(items: Items, reading: Reading, exponents: "tuple[int, ...]" = UNIT_EXPONENTS) -> None:
    """Store every value that an OBIS code announces.

    exponents  by quantity: the power of ten from the raw value to the field's unit where the list
               sends no scaler; where it does, the scaler counts from the SI unit instead
    The first of two values for one field stays.
    """
    index = items.index
    buf = items.buf
    values = reading.values
    last = items.count - 1
    list_type = reading.list_type
    i = 0
    while i < last:
        entry = 3 * i
        if index[entry] != 0x09 or index[entry + 2] != 6:
            i += 1
            continue
        i += 1  # now at the value
        field = find(TABLE, ROWS, buf, index[entry + 1])
        if field < 0:
            if index[entry + 3] > STRUCTURE:
                i += 1
            continue
        quantity = QUANTITY[field]
        if quantity == TEXT:
            if values[field] is None:
                values[field] = items.text(i)
        elif quantity == TIME:
            put_time_item(reading, METER_TIME, items, i)
        else:
            value = items.integer(i)
            if value is not None and values[field] is None:
                if (
                    i + 3 <= last
                    and index[entry + 6] == STRUCTURE
                    and index[entry + 8] == 2
                    and index[entry + 9] == INT8
                    and index[entry + 12] == ENUM
                ):
                    scaler = buf[index[entry + 10]]
                    if scaler > 127:
                        scaler -= 256
                    value = scaled(value, scaler + UNIT_EXPONENTS[quantity])
                    i += 3
                else:
                    value = scaled(value, exponents[quantity])
                values[field] = value
                if LIST[field] > list_type:
                    list_type = LIST[field]
        i += 1
    reading.list_type = list_type
