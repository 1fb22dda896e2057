"""Decimal numbers as text to integers, rounded half away from zero.

In       octets of a buffer
Out      integers; None or -1 where there is no such number
Limits   32 octets a number; nothing is allocated while values fit the device's small integers
"""

from micropython import const

_LONGEST = const(32)


def decimal(buf: "bytes | bytearray", n: int, places: int, limit: int) -> "int | None":
    """The decimal number that is all of buf[:n], times 10^places, rounded.

    Its form is that of XML Schema's decimal: a sign or none, digits, a point or none, digits.
    None for anything else, an exponent too, for more than 32 octets and for more than +-limit.
    """
    at = 1 if n and (buf[0] == 0x2D or buf[0] == 0x2B) else 0
    if not at < n <= _LONGEST:
        return None
    value = digits = 0
    decimals = -1  # seen behind the point, -1 before it
    up = False
    for i in range(at, n):
        x = buf[i]
        if x == 0x2E and decimals < 0:
            decimals = 0
            continue
        if not 0x30 <= x <= 0x39:
            return None
        digits += 1
        if decimals < places:
            value = value * 10 + x - 0x30
            if value > limit:
                return None
        elif decimals == places:
            up = x >= 0x35
        if decimals >= 0:
            decimals += 1
    if not digits:
        return None
    for _ in range(max(decimals, 0), places):
        value *= 10
        if value > limit:
            return None
    if up:
        value += 1
    if value > limit:
        return None
    return -value if buf[0] == 0x2D else value


def whole(buf: "bytes | bytearray", begin: int, end: int) -> int:
    """The number of up to nine digits that is all of buf[begin:end], -1 if it is none."""
    if not begin < end <= begin + 9:
        return -1
    value = 0
    for i in range(begin, end):
        x = buf[i]
        if not 0x30 <= x <= 0x39:
            return -1
        value = value * 10 + x - 0x30
    return value
