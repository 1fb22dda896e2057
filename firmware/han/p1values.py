"""P1 values other than plain numbers: texts, times, sub-meters, registers by tariff alone.

In       the rows (kind, channel, offset of the value's '(') that p1._scan() left over
Out      more fields of the Reading; the peaks of earlier months, once an hour of its clock
Limits   a bracket ends with its line or after 80 octets; only texts, times and numbers above 30
         bits are allocated
Source   Dutch P1 companion standard; Fluvius e-MUCS P1 (not read: captures on GitHub by owners of
         Belgian meters); EN 13757-3 (device types of sub-meters); captures
"""

import clock
import micropython
from micropython import const

from han.codes import scaled, sum_tariffs
from han.fields import (
    GAS_DM3,
    HEAT_MJ,
    HEAT_TIME_LOCAL,
    HEAT_WH,
    LIST,
    METER_ID,
    METER_MODEL,
    PEAK_IMPORT_W,
    QUANTITY,
    TEXT,
    UNIT_EXPONENTS,
    WATER_L,
    Reading,
)
from han.items import text

_SUBMETER_TYPE = const(0x81)
_SUBMETER = const(0x82)
_SUBMETER_OLD = const(0x83)
_CLOCK = const(0x90)
_TIME = const(0x91)
_DATE = const(0x92)
_PEAK = const(0x93)
_MONTHS = const(0x94)
_TARIFF = const(0xA0)

# Fields by device type; heat has two, chosen by the unit.
_HEAT = const(0xFE)
_DEVICES = {
    3: GAS_DM3,
    4: _HEAT,
    12: _HEAT,
    13: _HEAT,
    6: WATER_L,
    7: WATER_L,
    21: WATER_L,
    22: WATER_L,
}
# Units as _unit_at() packs their letters: the power of ten that converts to the field's unit.
_VOLUMES = {0x4D33: 3, 0x444D33: 0, 0x4C: 0}  # m3, dm3, l
_HEATS = {0x474A: 3, 0x4D4A: 0, 0x4B4A: -3}  # GJ, MJ, kJ
_ENERGIES = {0x4D5748: 6, 0x4B5748: 3, 0x5748: 0}  # MWh, kWh, Wh

_VALUE_MAX = const(80)
_MOST_MONTHS = const(13)
_MOST_W = const(1000000)

# Scratch.
_DIGITS = bytearray(14)
_CHARACTERS = bytearray(_VALUE_MAX // 2)
# The hour of the telegram's clock in which the list of earlier months was last read.
_months_read = [-1]

# Bits of _unhex(); none is set if a pair of digits is not a printable character.
_HEXADECIMAL = const(1)  # every pair is a printable character
_LETTERS = const(4)  # every pair is a capital letter or a digit
_NUMERALS = const(8)  # every pair is a digit
_DECIMAL = const(16)  # the hexadecimal digits themselves are 0 to 9


def finish(buf: bytearray, end: int, leftover: bytearray, rows: int, reading: Reading) -> None:
    """Store the values of the rows, then sum the registers that are sent by tariff alone."""
    extra = [0, 0, 0, 0]  # sums of tariff registers without a field, by C = 1 to 4
    devices: "bytearray | None" = None
    day = time = months = -1
    for row in range(0, 4 * rows, 4):
        kind = leftover[row]
        at = leftover[row + 2] << 8 | leftover[row + 3]
        last = _close(buf, at, end)
        if kind < 0x80:
            _field(buf, at + 1, last, kind, reading)
        elif kind == _SUBMETER_TYPE:
            devices = devices or bytearray(9)
            if not devices[leftover[row + 1]]:
                devices[leftover[row + 1]] = (_number_at(buf, at + 1, last, 0) or 0) & 0xFF
        elif kind == _CLOCK:
            if reading.clock_local is None:
                reading.clock_local = _time_of(_gather(buf, at + 1, last, _DIGITS, 0))
                if reading.clock_local is not None:
                    flag = buf[last - 1]
                    if flag == 0x53 or flag == 0x57:
                        reading.clock_summer = flag == 0x53
        elif kind == _TIME:
            time = at
        elif kind == _DATE:
            day = at
        elif kind == _PEAK:
            _peak(buf, at, last, end, reading.values)
        elif kind == _MONTHS:
            months = at
        elif kind > _TARIFF:
            number = _number_at(buf, at + 1, last, 0)
            extra[kind - _TARIFF - 1] += number or 0
    if day > 0 and time > 0 and reading.clock_local is None:
        digits: int = _gather(buf, day + 1, _close(buf, day, end), _DIGITS, 0)
        if digits == 6:
            digits = _gather(buf, time + 1, _close(buf, time, end), _DIGITS, digits)
            reading.clock_local = _time_of(digits)
    if months > 0 and reading.clock_local is not None:
        hour = reading.clock_local // 3600
        if hour != _months_read[0]:
            _months_read[0] = hour
            reading.month_peaks = _earlier_months(buf, months, end)
    if devices:
        _submeters(buf, end, leftover, rows, devices, reading.values)
    values = reading.values
    if values[METER_ID] is None and values[METER_MODEL] is not None:
        values[METER_ID] = values[METER_MODEL]  # 96.1.1 without 96.1.0 is the meter's number
        values[METER_MODEL] = None
    sum_tariffs(reading, extra)


def _peak(buf: bytearray, at: int, last: int, end: int, values: "list[int | str | None]") -> None:
    """Store the month's highest demand and the time it ended, or neither."""
    if values[PEAK_IMPORT_W] is not None or last + 1 >= end or buf[last + 1] != 0x28:
        return
    shut: int = _close(buf, last + 1, end)
    if shut >= end or buf[shut] != 0x29:
        return
    ended = _time_of(_gather(buf, at + 1, last, _DIGITS, 0))
    watts = _number_at(buf, last + 2, shut, 0)
    if ended is not None and watts is not None:
        values[PEAK_IMPORT_W] = watts
        values[PEAK_IMPORT_W + 1] = ended


def _earlier_months(buf: bytearray, at: int, end: int) -> "list[int] | None":
    """Reading.month_peaks of the list of earlier months; None if there is none.

    A month without a demand or with one of over 1 MW, with a wrong time, or after the 13th is left
    out.
    """
    found: "list[int]" = []  # month, W, and so on
    for i in range(3 + 3 * _MOST_MONTHS):
        last = _close(buf, at, end)
        if last >= end or buf[last] != 0x29:
            break
        if i < 3:
            if i and buf[at + 1 : last] != b"1-0:1.6.0":
                return None
        elif i % 3 == 0:
            month_end = _time_of(_gather(buf, at + 1, last, _DIGITS, 0))
        elif i % 3 == 1:
            ended = _time_of(_gather(buf, at + 1, last, _DIGITS, 0))
        elif month_end is not None and ended is not None:
            watts = _number_at(buf, at + 1, last, 0)
            month = clock.month_of((month_end - 1) // 86400)
            whole = clock.month_of(month_end // 86400) > month
            if whole and clock.month_of((ended - 1) // 86400) == month:
                if watts is not None and 0 < watts < _MOST_W:
                    found.extend((month, watts))
        at = last + 1
        if at >= end or buf[at] != 0x28:
            break
    if not found:
        return None
    newest = max(found[::2])
    months = [newest] + [0] * _MOST_MONTHS
    for i in range(0, len(found), 2):
        if newest - found[i] < _MOST_MONTHS:
            months[1 + newest - found[i]] = found[i + 1]
    return months


def _submeters(buf: bytearray, end: int, leftover: bytearray, rows: int, devices: bytearray,
               values: "list[int | str | None]") -> None:  # fmt: skip
    """Store the registers of gas, water and heat meters, by device type, not by channel."""
    for row in range(0, 4 * rows, 4):
        kind = leftover[row]
        if kind != _SUBMETER and kind != _SUBMETER_OLD:
            continue
        device = _DEVICES.get(devices[leftover[row + 1]])
        if device is None:
            continue
        at = leftover[row + 2] << 8 | leftover[row + 3]
        first = at
        last = _close(buf, at, end)
        while last + 1 < end and buf[last] == 0x29 and buf[last + 1] == 0x28:
            at = last + 1
            last = _close(buf, at, end)
        unit = at + 1
        if kind == _SUBMETER_OLD:  # the last bracket holds the unit, the next line the value
            at = last + 1
            while at < end and (buf[at] == 0x0D or buf[at] == 0x0A):
                at += 1
            if at >= end or buf[at] != 0x28:
                continue
        else:
            while unit < last and buf[unit] != 0x2A:
                unit += 1
            unit += 1
        name: int = _unit_at(buf, unit, last)
        last = _close(buf, at, end)
        field = device
        if device != _HEAT:
            exponent = _VOLUMES.get(name)
        elif name in _HEATS:
            field = HEAT_MJ
            exponent = _HEATS[name]
        else:
            field = HEAT_WH
            exponent = _ENERGIES.get(name)
        if exponent is None or values[field] is not None:
            continue
        values[field] = _number_at(buf, at + 1, last, exponent, False)
        if at != first and values[field] is not None:
            field = HEAT_TIME_LOCAL if device == _HEAT else field + 1
            last = _close(buf, first, end)
            values[field] = _time_of(_gather(buf, first + 1, last, _DIGITS, 0))


def _field(buf: bytearray, first: int, last: int, field: int, reading: Reading) -> None:
    """Store a text, or a number that has too many digits or decimals for p1._scan()."""
    values = reading.values
    if values[field] is not None:
        return
    quantity = QUANTITY[field]
    if quantity == TEXT:
        values[field] = _text_of(buf, first, last)
        return
    values[field] = _number_at(buf, first, last, UNIT_EXPONENTS[quantity] - 64)
    if values[field] is not None and LIST[field] > reading.list_type:
        reading.list_type = LIST[field]


@micropython.viper
def _close(buf: ptr8, at: int, end: int) -> int:
    """The offset of the ')' that closes the '(' at buf[at], or of the end of its line."""
    at += 1
    if end > at + 80:
        end = at + 80
    while at < end and int(buf[at]) != 0x29 and int(buf[at]) >= 0x20:
        at += 1
    return at


@micropython.viper
def _gather(buf: ptr8, first: int, last: int, digits: ptr8, n: int) -> int:
    """Append the digits of buf[first:last] to the first n digits. Returns the new number of
    digits, 15 for more than 14."""
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
def _unit_at(buf: ptr8, at: int, last: int) -> int:
    """Up to three letters and digits packed into a number, in capitals; 0 for more than three."""
    packed: int = 0
    if last - at > 3:
        return 0
    while at < last:
        x: int = int(buf[at])
        packed = packed << 8 | (x & 0xDF if x >= 0x40 else x)
        at += 1
    return packed


@micropython.viper
def _unhex(buf: ptr8, first: int, count: int, characters: ptr8) -> int:
    """Decode count pairs of hexadecimal digits into characters. Returns the bits above."""
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
            x = int(characters[i >> 1]) << 4 | x
            if x < 0x20 or x > 0x7E:
                return 0
            if x < 0x30 or x > 0x39:
                kind = kind & 23
                if x < 0x41 or x > 0x5A:
                    kind = kind & 27
        characters[i >> 1] = x
        i += 1
    return kind


def _text_of(buf: bytearray, first: int, last: int) -> "str | None":
    """A text, sent as characters or in hexadecimal.

    Hexadecimal needs a printable character for each pair of digits. A plain number can meet that
    by chance. So digits 0 to 9 alone count as hexadecimal only if they decode to capital letters
    and digits; fewer than 12 of them only if they decode to digits.
    """
    length = last - first
    if length >= 4 and length % 2 == 0:
        kind: int = _unhex(buf, first, length // 2, _CHARACTERS)
        wanted = _HEXADECIMAL
        if kind & _DECIMAL:
            wanted = _NUMERALS if length < 12 else _LETTERS
        if kind & wanted:
            return text(_CHARACTERS, 0, length // 2)
    return text(buf, first, length)


def _number_at(
    buf: bytearray, first: int, last: int, exponent: int, prefix: bool = True
) -> "int | None":
    """The number in buf[first:last] times 10^exponent, and times 1000 if its unit begins with k
    and prefix is set. None if it is not a number."""
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


def _time_of(n: int) -> "int | None":
    """Seconds since 1970 of the time in the first n digits of _DIGITS: 12, or 14 with a century.
    None if it is not a valid time."""
    if n != 12 and n != 14:
        return None
    at = n - 12
    year = _pair(0) * 100 + _pair(2) if at else 2000 + _pair(0)
    return clock.checked(
        year, _pair(at + 2), _pair(at + 4), _pair(at + 6), _pair(at + 8), _pair(at + 10)
    )


def _pair(i: int) -> int:
    """The number of two digits."""
    return _DIGITS[i] * 10 + _DIGITS[i + 1]
