"""Corrections to a telegram's values by settings, grid and maker, before they become the state.

In       a decoded Reading, the Config
Out      the same Reading, scaled and completed, without impossible values; the reason if a guessed
         list is refused; the UTC of the meter's clock
Rules    CT ratio, then multipliers in 1/1000 (1000 changes nothing). On IT grids a missing U2 is
         computed from U1 and U3; a current of L2 that the meter does not measure is None, not 0,
         unless the settings ask for an estimate.
Source   the AMS reader's meter settings; the two line voltages of a three-wire grid are 60 degrees
         apart; the estimate of I2 is that of the AMS reader 2.2.2 to 2.2.23
         Clocks: logs with known reception times. Aidon NO sent 19:00 at 20:00:10 summer time
         (2024-09-21) and Kamstrup DK 14:11:00 at 13:11:02 UTC in summer (2025-09-09): both keep
         winter time all year. Kaifa NO sent 19:00 at 17:00 UTC in summer (2024-10-01): wall clock
"""

import clock
from han.fields import (
    AIDON,
    APDU_TIME_LOCAL,
    COUNT,
    CURRENT,
    CURRENT_L1_MA,
    CURRENT_L2_MA,
    CURRENT_L3_MA,
    ENERGY,
    KAMSTRUP,
    LIST,
    LIST_ID,
    METER_MODEL,
    METER_TIME_LOCAL,
    POWER,
    POWER_EXPORT_W,
    POWER_IMPORT_W,
    QUANTITY,
    VOLTAGE,
    VOLTAGE_L1_MV,
    VOLTAGE_L2_MV,
    VOLTAGE_L3_MV,
    Reading,
)
from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from config import Config

_IT = const(1)
_SQRT3_PPM = const(1732051)

# Larger values are impossible for a house: they become None, the others stay.
_MOST = {POWER: 10000000, VOLTAGE: 500000, CURRENT: 6000000}

# A guessed list, known by its shape only, is refused if a voltage is outside these limits.
_GUESS_LOW_MV = const(100000)
_GUESS_HIGH_MV = const(300000)


def refine(reading: Reading, config: "Config") -> None:
    """Apply settings and grid rules to the reading's values in place."""
    values = reading.values
    ratio = config.ct_ratio
    multipliers = {
        POWER: config.multiplier_w,
        VOLTAGE: config.multiplier_v,
        CURRENT: config.multiplier_a,
        ENERGY: config.multiplier_wh,
    }
    plain = ratio == 1 and all(m == 1000 for m in multipliers.values())
    for field in range(COUNT):
        value = reading.number(field)
        if value is None:
            continue
        quantity = QUANTITY[field]
        if quantity not in multipliers:
            continue
        if not plain:
            if ratio > 1 and quantity != VOLTAGE:
                value *= ratio
            per_phase_power = quantity == POWER and LIST[field] == 4
            if multipliers[quantity] != 1000 and not per_phase_power:
                value = (value * multipliers[quantity] + 500) // 1000
            values[field] = value
        if quantity in _MOST and value > _MOST[quantity]:
            values[field] = None
    peaks = reading.month_peaks or []  # the first number is a month
    for i in range(1, 0 if plain else len(peaks)):
        peaks[i] = (peaks[i] * ratio * config.multiplier_w + 500) // 1000
    _complete_it_grid(reading, config.distribution_system)
    if config.estimate_l2_current:
        _estimate_l2_current(reading, config.distribution_system)


def _complete_it_grid(reading: Reading, grid: int) -> None:
    """Compute a missing voltage of L2; remove a current of L2 that is not measured."""
    values = reading.values
    without_l2 = (reading.text(METER_MODEL) or "").startswith("MA304T3")
    if without_l2:
        values[CURRENT_L2_MA] = None
    if grid != _IT and not without_l2:
        return
    u1 = reading.number(VOLTAGE_L1_MV)
    u3 = reading.number(VOLTAGE_L3_MV)
    currents = values[CURRENT_L1_MA] or values[CURRENT_L3_MA]
    if u1 and u3 and currents and not values[VOLTAGE_L2_MV]:
        values[VOLTAGE_L2_MV] = root(u1 * u1 + u3 * u3 - u1 * u3)
        reading.estimated_u2 = True


def _estimate_l2_current(reading: Reading, grid: int) -> None:
    """Estimate I2 from power, voltages, I1 and I3: (sqrt(3) P - U1 I1 - U3 I3) / U2.

    A negative result becomes 0 A; while exporting, it is not used.
    """
    number = reading.number
    u1, u2, u3 = number(VOLTAGE_L1_MV), number(VOLTAGE_L2_MV), number(VOLTAGE_L3_MV)
    i1, i2, i3 = number(CURRENT_L1_MA), number(CURRENT_L2_MA), number(CURRENT_L3_MA)
    power, exported = number(POWER_IMPORT_W), number(POWER_EXPORT_W) or 0
    if grid != _IT or i2 or power is None or not (u1 and u2 and u3 and i1 and i3):
        return
    rest = (power - exported) * _SQRT3_PPM - u1 * i1 - u3 * i3  # in uW, as mV times mA
    if rest >= 0 or not exported:
        reading.values[CURRENT_L2_MA] = max(0, rest) // u2
        reading.estimated_i2 = True


def refusal(reading: Reading, config: "Config") -> str:
    """The reason to refuse a guessed list, "" if it is plausible."""
    phases = 0
    for phase in range(3):
        voltage = reading.number(VOLTAGE_L1_MV + phase)
        if voltage:
            phases += 1
            if not _GUESS_LOW_MV <= voltage <= _GUESS_HIGH_MV:
                return "guessed list refused: %d V on L%d" % (voltage // 1000, phase + 1)
    limit = most_w(config, phases)
    for field in (POWER_IMPORT_W, POWER_EXPORT_W):
        power = reading.number(field)
        if limit and power and power > limit:
            return "guessed list refused: %d W with a fuse of %d A" % (power, config.main_fuse_a)
    return ""


def most_w(config: "Config", phases: int) -> int:
    """The most power in W that the fuse allows for an hour: 3/2 of its current (a fuse of class gG
    blows within an hour at 1.6 of it) at 230 V on each phase. 0 if the owner has not set the fuse.

    phases  that have a voltage; 0: not known, taken as three
    """
    if not config.is_set("main_fuse_a"):
        return 0  # the default proves nothing
    return 3 * config.main_fuse_a * 230 * (phases or 3) // 2


def meter_utc(reading: Reading, zone: clock.Zone) -> "int | None":
    """The time of the telegram's values by the meter's clock, in seconds since 1970 UTC; None
    without one. The clock among the values wins over the APDU's."""
    if reading.clock_local is not None:
        if reading.clock_summer is None or not zone.known:
            return zone.to_utc(reading.clock_local)
        # S or W after a P1 clock: summer or winter time, whatever the season.
        return reading.clock_local - zone.winter_s - (3600 if reading.clock_summer else 0)
    field = METER_TIME_LOCAL if reading.values[METER_TIME_LOCAL] is not None else APDU_TIME_LOCAL
    local = reading.number(field)
    if local is None:
        return None
    deviation = reading.number(field + 1)
    norwegian_aidon = reading.vendor == AIDON and reading.values[LIST_ID] is not None
    if deviation is not None and not norwegian_aidon:
        return local + deviation * 60
    if norwegian_aidon or reading.vendor == KAMSTRUP:
        return local - (zone.winter_s if zone.known else 3600)
    return zone.to_utc(local)


def root(n: int) -> int:
    """The integer square root, by Newton's method."""
    if n < 2:
        return n
    x = n
    while x * x > n:  # MicroPython's int has no bit_length: halve the digits first
        x >>= 1
    x = 2 * x + 1
    while True:
        y = (x + n // x) // 2
        if y >= x:
            return x
        x = y
