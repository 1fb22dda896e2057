"""DataNotifications: one pass finds where every item is; values are read when asked for.

In       buffer and the span of an APDU, then of its body
Out      Items: for item i its tag, offset and length; a container's length is its count and its
         members follow it in order, so a list with structures reads as one flat row of items
Wire     [E6 E7 00] | 0F | long-invoke-id-and-priority 4 | date-time | body in A-XDR
         date-time is 00 (absent) or 0C + 12 octets; Kaifa puts the type tag 09 before it, some 19
Limits   200 items; nothing is copied or allocated until a text or a number above 30 bits is read
Errors   DecodeError: truncated, unknown type, too many items, octets after the list
Source   IEC 62056-5-3 (DataNotification); IEC 61334-6 (A-XDR); DLMS Green Book (data
         types); DLMS Blue Book (date-time); captures of Aidon, Kaifa, Kamstrup
"""

from array import array

import clock
import micropython
from micropython import const

from han.fields import (
    APDU_TIME_LOCAL,
    PARSE,
    PEAK_TIME_LOCAL,
    UNKNOWN_DATA,
    DecodeError,
    Reading,
)
from han.window import after_llc

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
_MAX_ROWS = const(101)  # of a plan: all that 200 items can hold
_DATA_NOTIFICATION = const(0x0F)
_NOT_SPECIFIED = const(0x8000)

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

# Scratch: it holds from one load() to the next.
_INDEX = array("H", bytes(6 * MAX_ITEMS))
_PLAN = bytearray(3 * _MAX_ROWS)

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
def _shape(index: ptr16, count: int, buf: ptr8) -> int:
    """A number of 30 bits from all tags and lengths, and from the strings of items 1 and 2.

    Ten octets of a string count; none of one that has the length of a date-time and is no text.
    """
    shape: int = count
    entry: int = 0
    while entry < 3 * count:
        tag: int = int(index[entry])
        length: int = int(index[entry + 2])
        shape = ((shape ^ tag) * 0x01000193 + length) & 0x3FFFFFFF
        if (entry == 3 or entry == 6) and (tag == 0x09 or tag == 0x0A or tag == 0x0C):
            at: int = int(index[entry + 1])
            if length > 10 and (length != 12 or int(buf[at]) >= 0x20):
                length = 10
            if length <= 10:
                end: int = at + length
                while at < end:
                    shape = ((shape ^ int(buf[at])) * 0x01000193) & 0x3FFFFFFF
                    at += 1
        entry += 3
    return shape


@micropython.viper
def _trim(buf: ptr8, at: int, length: int) -> int:
    """The string without outer spaces and NULs: its offset within it << 16 | its length.

    -1 if an octet of it is not printable ASCII.
    """
    first: int = at
    last: int = at + length
    while last > first and (int(buf[last - 1]) == 0x20 or int(buf[last - 1]) == 0):
        last -= 1
    while first < last and (int(buf[first]) == 0x20 or int(buf[first]) == 0):
        first += 1
    i: int = first
    while i < last:
        if int(buf[i]) < 0x20 or int(buf[i]) > 0x7E:
            return -1
        i += 1
    return (first - at) << 16 | (last - first)


def text(buf: bytearray, at: int, length: int) -> "str | None":
    """buf[at:at+length] without outer spaces and NULs. None if nothing or not printable."""
    trimmed: int = _trim(buf, at, length)
    length = trimmed & 0xFFFF
    if trimmed < 0 or not length:
        return None
    at += trimmed >> 16
    return buf[at : at + length].decode()


def put_time(reading: Reading, field: int, buf: bytearray, at: int) -> None:
    """Store the COSEM date-time at buf[at:at+12] and its deviation; an unspecified one is None.
    The time of a peak is the wall clock's alone.

    year 2 | month | day | weekday | hour | minute | second | hundredths | deviation 2 | status
    """
    second = 0 if buf[at + 7] == 0xFF else buf[at + 7]
    seconds = clock.checked(
        buf[at] << 8 | buf[at + 1], buf[at + 2], buf[at + 3], buf[at + 5], buf[at + 6], second
    )
    if seconds is None:
        return
    reading.values[field] = seconds
    deviation = buf[at + 9] << 8 | buf[at + 10]
    if deviation != _NOT_SPECIFIED and field != PEAK_TIME_LOCAL:
        reading.values[field + 1] = deviation - 0x10000 if deviation & 0x8000 else deviation


def strip_header(buf: bytearray, start: int, end: int, reading: Reading) -> int:
    """Where the body in buf[start:end] begins. Fills apdu_time_* of the reading."""
    start = after_llc(buf, start, end)
    if start + 5 < end and buf[start] == _DATA_NOTIFICATION and not buf[start + 5]:
        return start + 6  # most lists: no date-time
    if start >= end:
        raise DecodeError("empty frame", start)
    tag = buf[start]
    if tag != _DATA_NOTIFICATION:
        raise DecodeError("not a data notification: starts with %02X" % tag, start, UNKNOWN_DATA)
    at = start + 5
    if at >= end:
        raise DecodeError("notification header cut off", at)
    length = buf[at]
    if length in (0x09, 0x19) and at + 1 < end and buf[at + 1] == 12:
        at += 1
        length = 12
    at += 1
    if length == 0:
        return at
    if length != 12:
        raise DecodeError("bad date-time in the notification header", at)
    if at + 12 > end:
        raise DecodeError("notification header cut off", at)
    put_time(reading, APDU_TIME_LOCAL, buf, at)
    return at + 12


class Items:
    """The items of one body: of what was loaded last into any object of this class.

    plan  rows of field, item and exponent that han.codes stores
    """

    def __init__(self) -> None:
        self.buf = bytearray(0)
        self.index = _INDEX
        self.plan = _PLAN
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

    def shape(self) -> int:
        """The same number for all lists of one shape: whose list it is depends on no more."""
        return int(_shape(self.index, self.count, self.buf))

    def tag(self, i: int) -> int:
        """The type of item i, -1 after the last."""
        return self.index[3 * i] if i < self.count else -1

    def length(self, i: int) -> int:
        """Octets of a value, members of a container."""
        return self.index[3 * i + 2] if i < self.count else -1

    def offset(self, i: int) -> int:
        """Where item i's value begins in buf."""
        return self.index[3 * i + 1]

    def after(self, i: int) -> int:
        """The number of the item after item i and all that is in it."""
        open_items = 1
        while open_items:
            open_items -= 1
            if ARRAY <= self.index[3 * i] <= STRUCTURE:
                open_items += self.index[3 * i + 2]
            i += 1
        return i

    def integer(self, i: int) -> "int | None":
        """Item i as an integer. None if it is no number or says "not available" (all ones)."""
        tag = self.index[3 * i]
        kind = _NUMBERS[tag] if tag <= ENUM else 0
        if not kind:
            return None
        at = self.index[3 * i + 1]
        bits = 8 * self.index[3 * i + 2]
        value = int.from_bytes(self.buf[at : at + bits // 8], "big")
        sign = 1 << bits - 1 if kind == _SIGNED else 0
        if bits > 8 and value == (sign or 1 << bits) - 1:
            return None
        return value - 2 * sign if value & sign else value

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
