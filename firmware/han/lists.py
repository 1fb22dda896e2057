"""Which list is this.

In       an APDU, perhaps behind its LLC header, that was checked and is not ciphered
Out      a Reading with the fields the telegram carried
Errors   DecodeError; the reading is then to be thrown away. What no decoder knows is kept for
         people to look at: han.unknown
Source   the vendors' customer-port documents by way of decoder captures; item types decide, never
         the count alone
Order    an owner's descriptors, names and shapes that say whose list it is, the built-in
         descriptors, then anything in which OBIS codes announce values
"""

from micropython import const
from ondemand import visit

from han import positional, unknown
from han.apdu import peel
from han.axdr import Items
from han.errors import UNKNOWN_DATA, DecodeError
from han.fields import LANDIS_GYR, LIST_ID, UNKNOWN, Reading, maker
from han.meters import aidon, iskra, kaifa, kamstrup, landisgyr
from han.walk import walk

__all__ = ["decode", "items", "use"]

_ARRAY = const(
    0x01
)  # types, as in han.axdr; only a module's own constants cost nothing to look up
_STRUCTURE = const(0x02)
_OCTET_STRING = const(0x09)
_NAME_WITHIN = const(12)  # items in which a name is looked for


items = Items()


_BUILT_IN = kaifa.LISTS + iskra.LISTS + landisgyr.LISTS
_own = b""


def use(text: str) -> None:
    """Take an owner's descriptors before the built-in decoders; "" drops them.

    Raises han.descriptors.DescriptionError, and then nothing changes.
    """
    global _own
    with visit("han.descriptors") as descriptors:
        _own = descriptors.table(text, True) if text else b""


def decode(buf: bytearray, start: int, end: int, vendor: int = UNKNOWN) -> Reading:
    """Decode the APDU buf[start:end] into a new Reading.

    vendor  whose meter it is if the list does not tell, as from the system title: maker(title)
    """
    reading = Reading()
    body = peel(buf, start, end, reading)
    try:
        items.load(buf, body, end)
        _recognise(reading)
        if not reading.list_type:
            raise DecodeError("list without a known quantity", start, UNKNOWN_DATA)
    except DecodeError as e:
        if e.code == UNKNOWN_DATA:
            unknown.keep(buf, body, end)
            e.reading = reading  # what the header said is true all the same
        raise
    if not reading.vendor:
        reading.vendor = vendor
    return reading


def _recognise(reading: Reading) -> None:
    """Fill the reading by the decoder that knows this list."""
    if _own and positional.decode(_own, items, reading):
        reading.guessed = True
        return
    index = items.index
    first = index[0]
    second = index[3] if items.count > 2 else -1
    if first == _ARRAY and second == _STRUCTURE and index[6] == _OCTET_STRING and index[8] == 6:
        aidon.decode(items, reading)
    elif first != _STRUCTURE and first != _ARRAY:
        raise DecodeError("not a list", items.offset(0), UNKNOWN_DATA)
    elif items.starts_with(1, b"Kamstrup_V"):
        kamstrup.decode(items, reading)
    elif positional.decode(_BUILT_IN, items, reading):
        reading.guessed = reading.values[LIST_ID] is None
    elif second == _OCTET_STRING and index[5] == 6 and items.starts_with(2, b"KFM_"):
        kaifa.decode_pairs(items, reading)
    elif landisgyr.is_object_list(items):
        landisgyr.decode_objects(items, reading)
    else:
        walk(items, reading)
        _guess_vendor(reading)


def _guess_vendor(reading: Reading) -> None:
    """Whose list of codes this is: by a device name such as KFM1200... or an id such as 1KFM...

    A clock and pairs of code and value without any scaler are sent by one maker alone.
    """
    scalers = False
    for i in range(1, min(items.count, _NAME_WITHIN)):
        tag = items.tag(i)
        if tag == _STRUCTURE:
            scalers = True
        elif tag == _OCTET_STRING and items.length(i) > 6:
            at = items.offset(i)
            reading.vendor = maker(items.buf, at + 1 if items.buf[at] == 0x31 else at)
            if reading.vendor:
                return
    if not scalers and items.length(1) == 12 and items.is_obis(2):
        reading.vendor = LANDIS_GYR
