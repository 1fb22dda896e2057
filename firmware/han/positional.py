"""Lists in which the position of an item gives its meaning: find the descriptor that fits.

In       Items and a table of descriptors, compiled by han.descriptors
Out      the Reading; False if no descriptor of the table fits
Limits   one native pass over the table; earlier lists do not influence the result

A descriptor fits by the items' types, not by their number alone: two makers have lists of 12, 14,
18 and 33 items. A null fits any item, unless the descriptor gives the item's content (a literal).
"""

import micropython

from han.codes import store, sum_tariffs
from han.fields import LIST_ID, Reading
from han.items import Items


@micropython.viper
def match(table: ptr8, size: int, index: ptr16, count: int, buf: ptr8, plan: ptr8) -> int:
    """Find the first descriptor that fits and fill plan for it.

    Returns the descriptor's offset << 8 | rows of the plan, -1 if none fits. The number of items
    is compared first: most descriptors fail there.
    """
    if count < 2 or int(index[0]) < 1 or int(index[0]) > 2:
        return -1
    members: int = int(index[2])
    begin: int = 0
    while begin < size:
        after: int = begin + (int(table[begin]) << 8 | int(table[begin + 1]))
        if int(table[begin + 2]) == members:
            at: int = begin + 6 + int(table[begin + 5])
            rows: int = 0
            i: int = 1
            while at < after:
                entry: int = 3 * i
                kind: int = int(table[at]) & 0x7F
                literal: int = int(table[at]) >> 7
                tag: int = int(index[entry])
                length: int = int(index[entry + 2])
                value: int = int(index[entry + 1])
                fits: bool = kind == tag or kind == 0x40
                if kind == 0x41:
                    fits = tag == 0x09 or tag == 0x0A or tag == 0x0C
                elif kind == 0x42:
                    fits = (tag == 0x09 or tag == 0x19) and length == 12
                elif kind == 0x43:
                    fits = tag == 0x05 or tag == 0x06 or (tag >= 0x0F and tag <= 0x16)
                    fits = fits and tag != 0x13
                elif kind == 0x44:
                    fits = tag == 0x01 or tag == 0x02
                if tag == 0 and literal == 0:
                    fits = True
                if fits and int(table[at + 1]) != 0xFF:
                    plan[3 * rows] = int(table[at + 1])
                    plan[3 * rows + 1] = i
                    plan[3 * rows + 2] = int(table[at + 2])
                    rows += 1
                at += 3
                if literal:
                    n: int = int(table[at]) & 0x7F
                    if length < n or (length > n and int(table[at]) < 0x80):
                        fits = False
                    k: int = 0
                    while fits and k < n:
                        fits = int(table[at + 1 + k]) == int(buf[value + k])
                        k += 1
                    at += 1 + n
                if not fits:
                    at = after + 1
                # The next item on this level: after this one and all its members.
                open_items: int = 1
                while open_items > 0:
                    open_items -= 1
                    if int(index[3 * i]) == 1 or int(index[3 * i]) == 2:
                        open_items += int(index[3 * i + 2])
                    i += 1
            if at == after:
                return begin << 8 | rows
        begin = after
    return -1


def decode(table: bytes, items: Items, reading: Reading) -> bool:
    """Fill the reading by the first descriptor of the table that fits. False if none fits."""
    found: int = match(table, len(table), items.index, items.count, items.buf, items.plan)
    if found < 0:
        return False
    begin = found >> 8
    reading.vendor = table[begin + 3]
    store(items, reading, found & 0xFF)
    if table[begin + 4]:
        sum_tariffs(reading)
    reading.guessed = reading.values[LIST_ID] is None
    return True
