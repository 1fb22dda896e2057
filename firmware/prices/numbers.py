"""Numbers and times of price documents: octets in, integers out.

Out      decimal() an integer of the wanted unit, whole() a count, quarter_of() a quarter of UTC
Errors   None or -1 for a text that is not exactly such a number or time
"""

import clock
from fmt import divide
from micropython import const

_MOST = const(32)  # octets of a number
_MOST_POWER = const(30)
_QUARTER_S = const(900)


def decimal(text: bytes, places: int, limit: int, exponent: bool = False) -> "int | None":
    """The decimal number of a text times 10^places, rounded half away from zero.

    A sign or none, digits, a point or none, digits; with `exponent` also one as in 1.5e-05.
    None for anything else, for more than 32 octets, and beyond +-limit.
    """
    digits = text[1:] if text[:1] in (b"-", b"+") else text
    if len(digits) > _MOST:
        return None
    power = 0
    if exponent:
        digits, mark, last = digits.lower().partition(b"e")
        if mark:
            size = last[1:] if last[:1] in (b"-", b"+") else last
            power = whole(size)
            if not 0 <= power <= _MOST_POWER:
                return None
            if last[:1] == b"-":
                power = -power
    before, _, after = digits.partition(b".")
    digits = before + after
    if not digits.isdigit():
        return None
    power += places - len(after)
    value = int(digits) * 10**power if power >= 0 else divide(int(digits), 10**-power)
    if value > limit:
        return None
    return -value if text[:1] == b"-" else value


def whole(text: bytes) -> int:
    """The number of one to nine digits; -1 for other texts."""
    return int(text) if text.isdigit() and len(text) <= 9 else -1


def quarter_of(text: bytes, bare: bool = False) -> int:
    """UTC // 900 of "2026-06-30T22:00Z", also with ":00" of seconds, or with "+02:00" in place of
    Z; with `bare` of a time in UTC that ends without either. -1 for other texts."""
    marks = text[4:5] + text[7:8] + text[10:11] + text[13:14]
    if marks != b"--T:":
        return -1
    east_s = 0
    rest = text[16:]
    if rest[:3] == b":00":
        rest = rest[3:]
    if len(rest) == 6 and rest[:1] in (b"+", b"-") and rest[3:4] == b":":
        hours, minutes = whole(rest[1:3]), whole(rest[4:])
        if not (0 <= hours <= 14 and 0 <= minutes < 60):
            return -1
        east_s = (hours * 60 + minutes) * 60
        if rest[:1] == b"-":
            east_s = -east_s
    elif rest != (b"" if bare else b"Z"):
        return -1
    parts = [whole(text[at:end]) for at, end in ((0, 4), (5, 7), (8, 10), (11, 13), (14, 16))]
    if min(parts) < 0:
        return -1
    year, month, day, hour, minute = parts
    at = clock.checked(year, month, day, hour, minute, 0)
    if at is None or (at - east_s) % _QUARTER_S:
        return -1
    return (at - east_s) // _QUARTER_S
