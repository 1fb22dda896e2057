"""Which list is this.

In       an information field whose frame was checked
Out      a Reading with the fields the telegram carried
Errors   DecodeError; the reading is then to be thrown away
Source   the vendors' customer-port documents by way of decoder captures; item types decide, never
         the count alone
"""

from han import apdu
from han.axdr import ARRAY, STRUCTURE, UINT32, Items
from han.errors import UNKNOWN_DATA, DecodeError
from han.meters import aidon, kaifa, kamstrup
from han.reading import Reading

_items = Items()


def decode(buf: bytearray, start: int, end: int) -> Reading:
    """Decode the information field buf[start:end] into a new Reading."""
    reading = Reading()
    _items.load(buf, apdu.peel(buf, start, end, reading), end)
    recognise(_items)(_items, reading)
    if not reading.list_type:
        raise DecodeError("list without a known quantity", start, UNKNOWN_DATA)
    return reading


def recognise(items: Items) -> "object":
    """The decode function of the vendor module that knows this list."""
    first = items.tag(0)
    if first == ARRAY and items.tag(1) == STRUCTURE and items.is_obis(2):
        return aidon.decode
    if first == STRUCTURE:
        if items.starts_with(1, b"Kamstrup_V"):
            return kamstrup.decode
        if items.starts_with(1, b"KFM_"):
            return kaifa.decode_positional
        if items.is_obis(1) and items.starts_with(2, b"KFM_"):
            return kaifa.decode_pairs
        if items.count == 2 and items.tag(1) == UINT32:
            return kaifa.decode_positional
    raise DecodeError("unknown list", items.offset(0) if items.count else 0, UNKNOWN_DATA)
