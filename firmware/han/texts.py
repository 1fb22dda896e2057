"""Octets that are text: names and numbers of meters.

In       a span of a buffer
Out      a str without outer spaces and NULs, None where there is none
Limits   the last four texts of up to 24 octets are kept: a meter sends its names each time, and
         they need not be made again
"""

import micropython
from micropython import const

_TEXTS = const(4)
_TEXT_MAX = const(24)
_octets = [b""] * _TEXTS
_texts = [""] * _TEXTS
_oldest = 0


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


@micropython.viper
def _same(buf: ptr8, at: int, other: ptr8, length: int) -> bool:
    i: int = 0
    while i < length:
        if int(buf[at + i]) != int(other[i]):
            return False
        i += 1
    return True


def text(buf: "bytes | bytearray", at: int, length: int) -> "str | None":
    """buf[at:at+length] without outer spaces and NULs. None if nothing or not printable."""
    global _oldest
    trimmed: int = _trim(buf, at, length)
    length = trimmed & 0xFFFF
    if trimmed < 0 or not length:
        return None
    at += trimmed >> 16
    for i in range(_TEXTS):
        if len(_octets[i]) == length and _same(buf, at, _octets[i], length):
            return _texts[i]
    octets = bytes(buf[at : at + length])
    made = octets.decode()
    if length <= _TEXT_MAX:
        _octets[_oldest] = octets
        _texts[_oldest] = made
        _oldest = (_oldest + 1) % _TEXTS
    return made
