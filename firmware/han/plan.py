"""What goes where: the native passes between items and a Reading's values.

In       what axdr.Items indexed
Out      a plan, rows of 3 octets: field (+ 80: does not count for the list type), item,
         power of ten + 64; and the values that it leads to
Limits   100 rows, which is all that 200 items can hold; numbers of up to 30 bits, as wide as a
         small integer on the device. viper checks no bounds: the index must be that of a body
"""

import micropython
from micropython import const

MAX_ROWS = const(100)
PLAN = bytearray(3 * MAX_ROWS)


@micropython.viper
def pairs(index: ptr16, count: int, buf: ptr8, codes: ptr8, rows: int, own: ptr8, unit: ptr8,
           quantities: ptr8, plan: ptr8) -> int:  # fmt: skip
    """Fill plan from items in which a code announces each value. Returns the number of rows.

    own    exponents by quantity for values without a scaler, unit for those with one
    0x100 is added if the last item stands alone: no value, and no code before it.
    """
    found: int = 0
    last: int = count - 1
    end: int = rows * 4
    i: int = 0
    while i < last:
        entry: int = 3 * i
        if int(index[entry]) != 0x09 or int(index[entry + 2]) != 6:
            i += 1
            continue
        i += 1  # now at the value
        at: int = int(index[entry + 1]) + 2
        c: int = int(buf[at])
        d: int = int(buf[at + 1])
        e: int = int(buf[at + 2])
        field: int = -1
        row: int = 0
        while row < end:
            if int(codes[row]) == c and int(codes[row + 1]) == d and int(codes[row + 2]) == e:
                field = int(codes[row + 3])
                row = end
            row += 4
        tag: int = int(index[entry + 3])
        if field < 0:
            if tag > 2:
                i += 1
            continue
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
                exponent = 127  # far from anything: store_numbers() drops it
            i += 3
        plan[3 * found] = field
        plan[3 * found + 1] = item
        plan[3 * found + 2] = exponent
        found += 1
        i += 1
    if i == last and last > 0:
        found |= 0x100
    return found


@micropython.viper
def store_numbers(plan: ptr8, rows: int, index: ptr16, buf: ptr8, quantities: ptr8, lists: ptr8,
           values: object, nothing: object) -> int:  # fmt: skip
    """Store the numbers of a plan. Returns rows left over | list type << 8.

    Left over, at the plan's beginning, are texts, times and numbers that need more than 30 bits.
    nothing is None, for which viper has no literal to compare with.
    """
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
