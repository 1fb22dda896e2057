"""The values of P1 text that are no plain numbers: texts, times, sub-meters, sums of tariffs.

In       rows (kind, channel, offset of the value's bracket) that the pass over the lines left
Out      more fields of the Reading
Limits   a value ends with its line, or after 80 octets
Source   Dutch P1 companion standard; EN 13757-3 (device types of sub-meters); captures
"""

from micropython import const

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
from han.p1_brackets import DIGITS, close, gather, number_at, text_of, time_of, unit_at
from han.walk import sum_tariffs

_SUBMETER_TYPE = const(0x81)
_SUBMETER = const(0x82)
_SUBMETER_OLD = const(0x83)
_CLOCK = const(0x90)
_TIME = const(0x91)
_DATE = const(0x92)
_PEAK = const(0x93)
_TARIFF = const(0xA0)


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
# Units by their letters as unit_at() packs them: the power of ten to the field's unit.
_VOLUMES = {0x4D33: 3, 0x444D33: 0, 0x4C: 0}  # m3, dm3, l
_HEATS = {0x474A: 3, 0x4D4A: 0, 0x4B4A: -3}  # GJ, MJ, kJ
_ENERGIES = {0x4D5748: 6, 0x4B5748: 3, 0x5748: 0}  # MWh, kWh, Wh


def finish(buf: bytearray, end: int, rest: bytearray, rows: int, reading: Reading) -> None:
    """Take what the rows point at, then add up registers that were sent by tariff alone."""
    more = [0, 0, 0, 0]  # of tariffs without a field, C = 1 to 4
    devices: "bytearray | None" = None
    day = time = -1
    for row in range(0, 4 * rows, 4):
        kind = rest[row]
        at = rest[row + 2] << 8 | rest[row + 3]
        last = close(buf, at, end)
        if kind < 0x80:
            _field(buf, at + 1, last, kind, reading)
        elif kind == _SUBMETER_TYPE:
            devices = devices or bytearray(9)
            if not devices[rest[row + 1]]:
                devices[rest[row + 1]] = (number_at(buf, at + 1, last, 0) or 0) & 0xFF
        elif kind == _CLOCK:
            if reading.clock_local is None:
                reading.clock_local = time_of(gather(buf, at + 1, last, DIGITS, 0))
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
        elif kind > _TARIFF:
            number = number_at(buf, at + 1, last, 0)
            more[kind - _TARIFF - 1] += number or 0
    if day > 0 and time > 0 and reading.clock_local is None:
        digits: int = gather(buf, day + 1, close(buf, day, end), DIGITS, 0)
        if digits == 6:
            digits = gather(buf, time + 1, close(buf, time, end), DIGITS, digits)
            reading.clock_local = time_of(digits)
    if devices:
        _submeters(buf, end, rest, rows, devices, reading.values)
    values = reading.values
    if values[METER_ID] is None and values[METER_MODEL] is not None:
        values[METER_ID] = values[METER_MODEL]  # 96.1.1 alone is the number of the meter
        values[METER_MODEL] = None
    sum_tariffs(reading, more)


def _peak(buf: bytearray, at: int, last: int, end: int, values: "list[int | str | None]") -> None:
    """Store the month's highest demand and when it ended; both or neither."""
    if values[PEAK_IMPORT_W] is not None or last + 1 >= end or buf[last + 1] != 0x28:
        return
    shut: int = close(buf, last + 1, end)
    if shut >= end or buf[shut] != 0x29:
        return
    ended = time_of(gather(buf, at + 1, last, DIGITS, 0))
    watts = number_at(buf, last + 2, shut, 0)
    if ended is not None and watts is not None:
        values[PEAK_IMPORT_W] = watts
        values[PEAK_IMPORT_W + 1] = ended


def _submeters(buf: bytearray, end: int, rest: bytearray, rows: int, devices: bytearray,
               values: "list[int | str | None]") -> None:  # fmt: skip
    """Store what gas, water and heat meters count. The device type tells them, not the channel."""
    for row in range(0, 4 * rows, 4):
        kind = rest[row]
        if kind != _SUBMETER and kind != _SUBMETER_OLD:
            continue
        device = _DEVICES.get(devices[rest[row + 1]])
        if device is None:
            continue
        at = rest[row + 2] << 8 | rest[row + 3]
        first = at
        last = close(buf, at, end)
        while last + 1 < end and buf[last] == 0x29 and buf[last + 1] == 0x28:
            at = last + 1
            last = close(buf, at, end)
        unit = at + 1
        if kind == _SUBMETER_OLD:  # the last bracket has the unit, the next line the value
            at = last + 1
            while at < end and (buf[at] == 0x0D or buf[at] == 0x0A):
                at += 1
            if at >= end or buf[at] != 0x28:
                continue
        else:
            while unit < last and buf[unit] != 0x2A:
                unit += 1
            unit += 1
        name: int = unit_at(buf, unit, last)
        last = close(buf, at, end)
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
        values[field] = number_at(buf, at + 1, last, exponent, False)
        if at != first and values[field] is not None:
            field = HEAT_TIME_LOCAL if device == _HEAT else field + 1
            last = close(buf, first, end)
            values[field] = time_of(gather(buf, first + 1, last, DIGITS, 0))


def _field(buf: bytearray, first: int, last: int, field: int, reading: Reading) -> None:
    """A text, or a number that is too long or too precise for the native pass."""
    values = reading.values
    if values[field] is not None:
        return
    quantity = QUANTITY[field]
    if quantity == TEXT:
        values[field] = text_of(buf, first, last)
        return
    values[field] = number_at(buf, first, last, UNIT_EXPONENTS[quantity] - 64)
    if values[field] is not None and LIST[field] > reading.list_type:
        reading.list_type = LIST[field]
