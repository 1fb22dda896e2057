"""A-XDR: one pass finds where every item is, values are pulled from there on demand.

In       buffer and the span of a DataNotification's body
Out      Items: for item i its tag, offset and length; a container's length is its count and its
         members follow it in order, so a list with structures reads as one flat row of items
Limits   200 items; nothing is copied or allocated until a value is asked for
Errors   DecodeError: truncated, unknown type, too many items, octets left over
Source   IEC 61334-6 (A-XDR); DLMS Green Book (data types); captures of Aidon, Kaifa, Kamstrup
"""

from array import array

import micropython
from micropython import const

from han.errors import PARSE, UNKNOWN_DATA, DecodeError
from han.texts import text

NULL = const(0x00)
ARRAY = const(0x01)
STRUCTURE = const(0x02)
BOOLEAN = const(0x03)
INT32 = const(0x05)
UINT32 = const(0x06)
OCTET_STRING = const(0x09)
VISIBLE_STRING = const(0x0A)
UTF8_STRING = const(0x0C)
BCD = const(0x0D)
INT8 = const(0x0F)
INT16 = const(0x10)
UINT8 = const(0x11)
UINT16 = const(0x12)
INT64 = const(0x14)
UINT64 = const(0x15)
ENUM = const(0x16)
DATE_TIME = const(0x19)

MAX_ITEMS = const(200)

_CONTAINER = const(0xFD)
_STRING = const(0xFE)
_UNKNOWN = const(0xFF)

# Octets after the tag for each type 00..1B: FD count, FE length, FF not pushed by any meter
# (bit-string 04, compact array 13).
SIZES = (
    b"\x00\xfd\xfd\x01\xff\x04\x04\xff\xff\xfe\xfe\xff\xfe\x01"
    b"\xff\x01\x02\x01\x02\xff\x08\x08\x01\x04\x08\x0c\x05\x04"
)

# Which types 00..16 are numbers: boolean, BCD and enum are read as unsigned.
_SIGNED = const(2)
_NUMBERS = (
    b"\x00\x00\x00\x01\x00\x02\x01\x00\x00\x00\x00\x00\x00\x01\x00\x02\x02\x01\x01\x00\x02\x01\x01"
)

_TRUNCATED = const(-1)
_BAD_TYPE = const(-2)
_TOO_MANY = const(-3)
_LEFT_OVER = const(-4)
_REASONS = ("", "item cut off", "unknown data type", "too many items", "octets after the list")


@micropython.viper
def _scan(buf: ptr8, start: int, end: int, sizes: ptr8, index: ptr16) -> int:
    """Fill index with (tag, offset, length) of each item. Returns the count or an error.

    On an error index[1] is the offset of the octet that is wrong.
    """
    at: int = start
    count: int = 0
    open_items: int = 1  # how many items must still come; a container adds its members
    while open_items > 0:
        if at >= end:
            index[1] = at
            return -1
        if count == 200:
            index[1] = at
            return -3
        tag: int = int(buf[at])
        size: int = 0xFF
        if tag < 28:
            size = int(sizes[tag])
        if size == 0xFF:
            index[1] = at
            return -2
        tag_at: int = at
        at += 1
        open_items -= 1
        length: int = size
        if size >= 0xFD:  # a count or a length follows: 00..7F, 81 n or 82 n n
            if at >= end:
                index[1] = tag_at
                return -1
            length = int(buf[at])
            at += 1
            if length >= 0x80:
                octets: int = length & 0x7F
                if octets < 1 or octets > 2 or at + octets > end:
                    index[1] = tag_at
                    return -1
                length = int(buf[at])
                if octets == 2:
                    length = (length << 8) | int(buf[at + 1])
                at += octets
            if size == 0xFD:
                open_items += length
        entry: int = count * 3
        index[entry] = tag
        index[entry + 1] = at
        index[entry + 2] = length
        if size != 0xFD:
            at += length
            if at > end:
                index[1] = tag_at
                return -1
        count += 1
    if at != end:
        index[1] = at
        return -4
    return count


@micropython.viper
def _unsigned(buf: ptr8, at: int, length: int) -> uint:
    """1 to 4 octets, big-endian."""
    value: uint = uint(buf[at])
    i: int = 1
    while i < length:
        value = (value << 8) | uint(buf[at + i])
        i += 1
    return value


@micropython.viper
def _all_ones(buf: ptr8, at: int, length: int, signed: bool) -> bool:
    """Whether a number of 2, 4 or 8 octets is the greatest there is: "not available"."""
    first: int = 0xFF
    if signed:
        first = 0x7F
    if length < 2 or int(buf[at]) != first:
        return False
    i: int = 1
    while i < length:
        if int(buf[at + i]) != 0xFF:
            return False
        i += 1
    return True


class Items:
    """The items of one body. One object serves every telegram: load() replaces what it shows."""

    def __init__(self) -> None:
        self.buf = bytearray(0)
        self.index = array("H", bytes(6 * MAX_ITEMS))
        self.count = 0

    def load(self, buf: bytearray, start: int, end: int) -> None:
        """Index the body buf[start:end]. Raises DecodeError; then nothing of it may be used."""
        self.buf = buf
        self.count = 0
        count = _scan(buf, start, end, SIZES, self.index)
        if count < 0:
            code = UNKNOWN_DATA if count == _BAD_TYPE else PARSE
            raise DecodeError(_REASONS[-count], self.index[1], code)
        self.count = count

    def tag(self, i: int) -> int:
        """The type of item i, -1 behind the last."""
        return self.index[3 * i] if i < self.count else -1

    def length(self, i: int) -> int:
        """Octets of a value, members of a container."""
        return self.index[3 * i + 2] if i < self.count else -1

    def offset(self, i: int) -> int:
        """Where item i's value begins in buf."""
        return self.index[3 * i + 1]

    def integer(self, i: int) -> "int | None":
        """Item i as an integer. None if it is no number or says "not available" (all ones)."""
        entry = 3 * i
        tag = self.index[entry]
        kind = _NUMBERS[tag] if tag <= ENUM else 0
        if not kind:
            return None
        at = self.index[entry + 1]
        length = self.index[entry + 2]
        signed = kind == _SIGNED
        if _all_ones(self.buf, at, length, signed):
            return None
        if length == 8:
            high: int = _unsigned(self.buf, at, 4)
            value: int = _unsigned(self.buf, at + 4, 4)
            if high:
                value |= high << 32
        else:
            value = _unsigned(self.buf, at, length)
        if signed and self.buf[at] & 0x80:
            value -= 1 << 8 * length
        return value

    def text(self, i: int) -> "str | None":
        """Item i as text without outer spaces and NULs. None if it is none, empty, unprintable."""
        tag = self.tag(i)
        if tag != OCTET_STRING and tag != VISIBLE_STRING and tag != UTF8_STRING:
            return None
        return text(self.buf, self.index[3 * i + 1], self.index[3 * i + 2])

    def starts_with(self, i: int, prefix: bytes) -> bool:
        """Whether item i is a string that begins with prefix."""
        if self.length(i) < len(prefix) or self.tag(i) not in (OCTET_STRING, VISIBLE_STRING):
            return False
        at = self.index[3 * i + 1]
        return self.buf[at : at + len(prefix)] == prefix

    def is_obis(self, i: int) -> bool:
        """Whether item i has the shape of an OBIS code: an octet string of six."""
        return self.tag(i) == OCTET_STRING and self.index[3 * i + 2] == 6
