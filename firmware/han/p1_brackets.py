"""The contents of a bracket in P1 text: numbers, units, times, texts in hexadecimal.

In       a telegram's octets, and offsets in it that the caller has proven to lie inside
Out      integers and str; None where the octets say nothing of the kind
Limits   a bracket ends with its line, or after 80 octets; only texts are allocated
"""

import clock
import micropython
from micropython import const

from han.texts import text
from han.walk import scaled

_VALUE_MAX = const(80)

DIGITS = bytearray(14)
_SAID = bytearray(_VALUE_MAX // 2)

# What all characters are that hexadecimal digits say; no bit at all if they are not printable.
_HEXADECIMAL = const(1)
_LETTERS = const(4)  # capitals and digits
_NUMERALS = const(8)
_DECIMAL = const(16)  # the digits themselves are 0 to 9


@micropython.viper
def close(buf: ptr8, at: int, end: int) -> int:
    """Where the ')' of the bracket at buf[at] is, or the end of its line."""
    at += 1
    if end > at + 80:
        end = at + 80
    while at < end and int(buf[at]) != 0x29 and int(buf[at]) >= 0x20:
        at += 1
    return at


@micropython.viper
def gather(buf: ptr8, first: int, last: int, digits: ptr8, n: int) -> int:
    """Put the digits of buf[first:last] behind n others. Returns how many; more than 14: 15."""
    while first < last:
        x: int = int(buf[first])
        if x >= 0x30 and x <= 0x39:
            if n == 14:
                return 15
            digits[n] = x - 0x30
            n += 1
        first += 1
    return n


@micropython.viper
def unit_at(buf: ptr8, at: int, last: int) -> int:
    """Up to three letters and digits in one number, letters as capitals; 0 for more."""
    packed: int = 0
    if last - at > 3:
        return 0
    while at < last:
        x: int = int(buf[at])
        packed = packed << 8 | (x & 0xDF if x >= 0x40 else x)
        at += 1
    return packed


@micropython.viper
def _unhex(buf: ptr8, first: int, count: int, said: ptr8) -> int:
    """Put what count pairs of hexadecimal digits say into said. Returns what it is, in bits."""
    kind: int = 1 + 4 + 8 + 16
    i: int = 0
    while i < count * 2:
        x: int = int(buf[first + i])
        if x >= 0x30 and x <= 0x39:
            x -= 0x30
        else:
            x = (x | 0x20) - 0x57
            if x < 10 or x > 15:
                return 0
            kind = kind & 15
        if i & 1:
            x = int(said[i >> 1]) << 4 | x
            if x < 0x20 or x > 0x7E:
                return 0
            if x < 0x30 or x > 0x39:
                kind = kind & 23
                if x < 0x41 or x > 0x5A:
                    kind = kind & 27
        said[i >> 1] = x
        i += 1
    return kind


def text_of(buf: bytearray, first: int, last: int) -> "str | None":
    """A text that may be sent in hexadecimal: then each pair of digits is a printable character.

    A number of digits alone can look like that too. It is taken for hexadecimal only if it then
    says letters and digits, and a short one only if it says digits.
    """
    length = last - first
    if length >= 4 and length % 2 == 0:
        kind: int = _unhex(buf, first, length // 2, _SAID)
        wanted = _HEXADECIMAL
        if kind & _DECIMAL:
            wanted = _NUMERALS if length < 12 else _LETTERS
        if kind & wanted:
            return text(_SAID, 0, length // 2)
    return text(buf, first, length)


def number_at(
    buf: bytearray, first: int, last: int, exponent: int, prefix: bool = True
) -> "int | None":
    """The number in buf[first:last] x 10^exponent; a k before its unit is 1000 if prefix."""
    number = 0
    decimals = -1
    negative = first < last and buf[first] == 0x2D
    at = first + 1 if negative else first
    begin = at
    while at < last and at - begin < 20:
        octet = buf[at]
        if 0x30 <= octet <= 0x39:
            number = number * 10 + octet - 0x30
            if decimals >= 0:
                decimals += 1
        elif octet == 0x2E and decimals < 0:
            decimals = 0
        else:
            break
        at += 1
    if at == begin or (at < last and buf[at] != 0x2A):
        return None
    if prefix and at + 1 < last and buf[at + 1] | 0x20 == 0x6B:
        exponent += 3
    return scaled(-number if negative else number, exponent - max(decimals, 0))


def _pair(i: int) -> int:
    return DIGITS[i] * 10 + DIGITS[i + 1]


def time_of(n: int) -> "int | None":
    """Seconds since 1970 of the time that n digits say: 12, or 14 with a century."""
    if n != 12 and n != 14:
        return None
    at = n - 12
    year = _pair(0) * 100 + _pair(2) if at else 2000 + _pair(0)
    month = _pair(at + 2)
    day = _pair(at + 4)
    hour = _pair(at + 6)
    minute = _pair(at + 8)
    second = _pair(at + 10)
    if not 1970 <= year < 2200 or not 1 <= month <= 12 or hour > 23 or minute > 59 or second > 59:
        return None
    if not 1 <= day <= clock.month_length(year, month):
        return None
    return clock.seconds(year, month, day, hour, minute, second)
