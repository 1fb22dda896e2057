"""P1 text to a Reading.

In       a telegram from '/' to '!', whole, or its identification line and its data lines apart
Out      a new Reading. The clock goes to clock_local: its time zone is not sent. The
         identification goes to ident: its second half is not always a model
Wire     lines A-B:C.D.E[*F](value[*unit])...; C.D.E selects the field; a k before the unit means
         times 1000
         a time is YYMMDDhhmmss[S|W], yyyyMMdd hh:mm:ss or yyyy-MM-dd hh:mm:ss; some meters send
         0.9.1 hhmmss and 0.9.2 yymmdd instead. 96.1.x is text or text in hexadecimal
         1.6.0 is a time, then the month's highest demand, which ended at that time
         98.1.0 is a number, the code 1.6.0 twice, and for each month that is over when it ended,
         when its highest demand ended, and that demand
         0-n:24.1.0 is the device type of sub-meter n, 24.2.x its time and value; in older
         telegrams 24.3.0 is followed by a line that has the value alone
Limits   one native pass over any octets; lines with unknown codes are skipped; at most 100 texts,
         times and numbers above 30 bits
Errors   DecodeError: the telegram's own checksum, where it is given, is wrong; no known quantity
Source   IEC 62056-21; Dutch P1 companion standard; captures of Iskraemeco, Kamstrup, Landis+Gyr
"""

import micropython
from micropython import const

from han import p1values
from han.codes import find
from han.fields import (
    CHECKSUM,
    LIST,
    QUANTITY,
    UNIT_EXPONENTS,
    UNKNOWN_DATA,
    DecodeError,
    Reading,
    maker,
)
from han.items import text
from han.window import arc, find_line_end

# Scratch: 100 rows of kind, channel B of the code, offset of '(' in two octets.
_LEFTOVER = bytearray(4 * 100)
_IDENT_MAX = const(40)


@micropython.viper
def _scan(buf: ptr8, start: int, end: int, values: object, none: object) -> int:
    """Store the numbers of all lines in values; put a row in _LEFTOVER for each other value.

    none  None: viper code cannot name it in a comparison
    Returns the offset of '!' (end without one) << 10 | list type << 7 | rows of _LEFTOVER.
    A row's kind is a field or, in hexadecimal: 80 + D of a sub-meter's code 24.D.x, 90 clock,
    91 time, 92 date, 93 the month's peak, 94 those of earlier months, A0 + C of a tariff register
    that has no field.
    """
    quantities: ptr8 = ptr8(QUANTITY)
    units: ptr8 = ptr8(UNIT_EXPONENTS)
    lists: ptr8 = ptr8(LIST)
    leftover: ptr8 = ptr8(_LEFTOVER)
    rows: int = 0
    list_type: int = 0
    at: int = start
    while at < end:
        x: int = int(buf[at])
        if x == 0x21:  # '!'
            break
        # The code A-B:C.D.E up to '('.
        a: int = -1
        b: int = -1
        c: int = -1
        d: int = -1
        e: int = -1
        n: int = 0
        digits: int = 0
        good: bool = True
        while at < end and good:
            x = int(buf[at])
            if x >= 0x30 and x <= 0x39:
                n = n * 10 + x - 0x30
                digits += 1
                good = n <= 255
            elif x == 0x28 or x == 0x0D or x == 0x0A:
                break
            else:
                if x == 0x2D and a < 0 and b < 0 and c < 0:
                    a = n
                elif x == 0x3A and b < 0 and c < 0:
                    b = n
                elif x == 0x2E and c < 0:
                    c = n
                elif x == 0x2E and d < 0:
                    d = n
                elif (x == 0x2E or x == 0x2A or x == 0x26) and d >= 0 and e < 0:
                    e = n
                else:
                    good = False
                good = good and digits > 0
                n = 0
                digits = 0
            at += 1
        if e < 0 and d >= 0 and digits > 0:
            e = n
        # The kind of its value: a field, a kind of leftover, or -1 for a line to skip.
        kind: int = -1
        if good and e >= 0 and x == 0x28 and at < end:
            if a == 0 and b > 0 and (c == 24 or c == 96):
                if c == 24 and b <= 8 and d >= 1 and d <= 3:
                    kind = 0x80 + d
            elif c == 1 and d == 0 and e == 0:
                kind = 0x90
            elif c == 0 and d == 9 and (e == 1 or e == 2):
                kind = 0x90 + e
            elif c == 1 and d == 6 and e == 0:
                kind = 0x93
            elif c == 98 and d == 1 and e == 0:
                kind = 0x94
            else:
                kind = int(find(c, d, e))
                if kind < 0 and c >= 1 and c <= 4 and d == 8 and e <= 8:
                    kind = 0xA0 + c
        if kind >= 0:
            opened: int = at
            stored: bool = False
            if kind < 0x80 and int(quantities[kind]) >= 2:
                # The number: [-] digits [. digits] [* [k] unit] )
                at += 1
                negative: bool = False
                if at < end and int(buf[at]) == 0x2D:
                    negative = True
                    at += 1
                n = 0
                digits = 0
                decimals: int = -1
                wide: bool = False
                while at < end:
                    x = int(buf[at])
                    if x >= 0x30 and x <= 0x39:
                        if n > 107374181:
                            wide = True
                        else:
                            n = n * 10 + x - 0x30
                        digits += 1
                        if decimals >= 0:
                            decimals += 1
                    elif x == 0x2E and decimals < 0:
                        decimals = 0
                    else:
                        break
                    at += 1
                exponent: int = int(units[int(quantities[kind])]) - 64
                if decimals > 0:
                    exponent -= decimals
                if x == 0x2A and at + 1 < end:
                    if (int(buf[at + 1]) | 0x20) == 0x6B:
                        exponent += 3
                    while at < end and x != 0x29 and x >= 0x20:
                        at += 1
                        if at < end:
                            x = int(buf[at])
                if x != 0x29 or digits == 0:
                    stored = True  # there is no number
                elif not wide:
                    if n == 0:
                        exponent = 0
                    while exponent > 0 and n <= 107374182:
                        n *= 10
                        exponent -= 1
                    if exponent == 0:
                        stored = True
                        if values[kind] is none:  # type: ignore[index]
                            if negative:
                                n = 0 - n
                            values[kind] = n  # type: ignore[index]
                            if int(lists[kind]) > list_type:
                                list_type = int(lists[kind])
            if not stored and rows < 100:
                leftover[4 * rows] = kind
                leftover[4 * rows + 1] = b
                leftover[4 * rows + 2] = opened >> 8 & 0xFF
                leftover[4 * rows + 3] = opened & 0xFF
                rows += 1
        # The next line.
        while at < end and int(buf[at]) != 0x0D and int(buf[at]) != 0x0A:
            at += 1
        while at < end and (int(buf[at]) == 0x0D or int(buf[at]) == 0x0A):
            at += 1
    return at << 10 | list_type << 7 | rows


def decode(buf: bytearray, start: int, end: int) -> Reading:
    """Decode the telegram that begins with '/' at buf[start]; its '!' lies before end.

    If four hexadecimal digits follow the '!', they are its CRC-16/ARC and are checked.
    """
    reading = Reading()
    at = _identification(buf, start, end, reading)
    at = _lines(buf, at, end, reading)
    digits = buf[at + 1 : min(at + 5, end)]
    if len(digits) == 4 and digits[0] > 0x20:
        try:
            good = int(digits.decode(), 16) == arc(buf, start, at + 1)
        except ValueError:  # not hexadecimal digits
            good = False
        if not good:
            raise DecodeError("checksum of the P1 text is wrong", at, CHECKSUM)
    return reading


def decode_lines(buf: bytearray, start: int, end: int, first: int, last: int) -> Reading:
    """Decode the lines buf[first:last] of the telegram whose identification is buf[start:end]."""
    reading = Reading()
    _identification(buf, start, end, reading)
    _lines(buf, first, last, reading)
    return reading


def _identification(buf: bytearray, start: int, end: int, reading: Reading) -> int:
    """Take maker and model from the line /XXXnmodel. Returns the offset of its end."""
    at = find_line_end(buf, start + 1, end)
    reading.vendor = maker(buf, start + 1)
    model = start + 5
    if model < at and buf[model] == 0x5C:  # backslash
        model += 1
    if model < at <= model + _IDENT_MAX:
        reading.ident = text(buf, model, at - model)
    return min(at, end)


def _lines(buf: bytearray, start: int, end: int, reading: Reading) -> int:
    """Fill the reading from data lines. Returns the offset of '!', or end."""
    done: int = _scan(buf, start, end, reading.values, None)
    reading.list_type = done >> 7 & 7
    p1values.finish(buf, end, _LEFTOVER, done & 0x7F, reading)
    if not reading.list_type:
        raise DecodeError("P1 text without a known quantity", start, UNKNOWN_DATA)
    return done >> 10
