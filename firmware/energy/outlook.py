"""The tariff's view of the running interval, for /now.json. Loaded on demand.

In       the energy domain, the time in UTC, the highest import power that the fuse allows
Out      an Outlook
Rules    With steps, the limit of an interval is the highest mean power that keeps the month in
         its step. Without steps it is the highest that leaves the month's value as it is: for
         Belgium the month's highest quarter or the floor, for Sweden what the running mean is
         made of. It is a limit of the whole interval; what is left for its rest follows from
         the energy used so far and is capped at the fuse.
Limits   weight_until() looks at eight days from now and from the season's next two edges
"""

import clock
from micropython import const

from energy.power import IMPORT, QUARTER_S
from energy.tariff import ABOVE_ALL, Peaks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from energy.ledger import Energy
    from energy.tariff import Tariff

_FULL = const(1000)
_DAYS = const(8)  # longer than any row of holidays and weekends
_ALL_MONTHS = const(0xFFF)
_ALL_DAYS = const(0x7F)


class Outlook:
    """One moment of the tariff's running interval. Powers are in W, money in 1e-6.

    used_wh      energy of the interval so far
    expected_w   its mean power if the forecast power stays
    limit_w      the limit of its mean power; None if there is none, or it does not count
    left_w       mean power that its rest may have below the limit, at most what the fuse allows
    free         the fuse allows no power that would reach the limit
    weight       of an interval that begins now, in thousandths
    month_w      this month's value so far: the mean or maximum of its peaks, at least the floor
    at_floor     month_w is the tariff's floor: the peaks are lower
    rate_w       the capacity value at the month's end if the interval ends as expected and no
                 later one is higher
    rate_cost    its cost a month; None without prices
    """

    def __init__(self, energy: "Energy", now: int, most_w: "int | None") -> None:
        peaks = energy.peaks
        tariff, zone = peaks.tariff, energy.settler.zone
        length = tariff.interval_min * 60
        begin = now - now % length
        left = begin + length - now
        watts = energy.forecast.watts()
        self.used_wh = used = used_wh(energy, begin)
        self.expected_w = (used * 3600 + watts * left) // length
        self.weight = tariff.weight(zone, begin)
        self.limit_w = limit_w(peaks, energy.settler.zone, begin)
        self.left_w: "int | None" = None
        self.free = False
        if self.limit_w is not None:
            self.left_w = max(0, (self.limit_w * length - used * 3600) // left)
            if most_w is not None and watts <= most_w:  # a power above the fuse bounds nothing
                self.free = self.left_w >= most_w
                self.left_w = min(self.left_w, most_w)
        highest = [peak for _, peak in peaks.chosen()]
        self.month_w = tariff.value(highest)
        self.at_floor = bool(tariff.floor_w) and tariff.value(highest) > max([0] + highest)
        self.rate_w = energy.month_value(_value_with(peaks, zone, begin, self.expected_w))
        self.rate_cost = cost_micro(tariff, self.rate_w)


def used_wh(energy: "Energy", begin: int) -> int:
    """The energy of the interval at begin so far: by the meter's own mean of the running quarter,
    else by registers and received power."""
    minutes = energy.peaks.tariff.interval_min
    average_w = energy.forecast.meter_average_w
    if average_w is not None and minutes == 15:
        return average_w // 4
    since = max(begin, energy.settler.settled_until)
    used = energy.totals.by_power(energy.settler.power, since)[IMPORT]
    if energy.history.day == begin // 86400:
        first = begin // QUARTER_S % 96
        used += sum(energy.history.quarters.imported[first : first + minutes // 15])
    return used


def limit_w(peaks: Peaks, zone: clock.Zone, begin: int) -> "int | None":
    """The highest mean power in W of the interval at `begin` that keeps the month in its step, or
    at its value if the tariff has no steps; None above the last step, before the first peak
    without steps, or if the interval does not count."""
    tariff = peaks.tariff
    weight = tariff.weight(zone, begin)
    if tariff.steps:
        step = tariff.step_kw(peaks.value())
        most = step * 1000 if step != ABOVE_ALL else 0
    else:
        most = tariff.value([watts for _, watts in peaks.chosen()])
    if not tariff.count or not weight or not most:
        return None
    least = 0  # up to this mean power the value does not change
    others = []
    day = zone.day(begin)
    for at, watts in peaks.places:
        if tariff.per_day and zone.day(at) == day:
            least = watts
        else:
            others.append(watts)
    if not tariff.use_max:
        highest = sorted(others, reverse=True)[: tariff.count - 1]
        n = len(highest) + 1
        most = (most + 1) * n - 1 - n // 2 - sum(highest)  # the highest whose mean rounds to it
    return (max(least, most) * _FULL + _FULL - 1) // weight


def weight_until(tariff: "Tariff", zone: clock.Zone, now: int) -> "int | None":
    """The UTC at which the weight of intervals changes next; None if it does not in a year."""
    if not tariff.count or tariff.closed_permille == _FULL:
        return None
    if tariff.months == _ALL_MONTHS and tariff.weekdays == _ALL_DAYS:
        if tariff.hour_from == 0 and tariff.hour_to == 24 and not tariff.fixed_holidays:
            return None
    weight = tariff.weight(zone, now)
    day, month = zone.day(now), zone.month(now)
    hours = sorted((0, tariff.hour_from, tariff.hour_to % 24))
    for _ in range(3):
        inside = tariff.months >> month % 12 & 1
        # Out of the season every interval weighs the same: nothing to look at.
        last_day = day + _DAYS if inside or weight != tariff.closed_permille else day
        for local in range(day, last_day):
            for hour in hours:
                utc = zone.to_utc(local * 86400 + hour * 3600)
                if utc > now and tariff.weight(zone, utc) != weight:
                    return utc
        last = month + 12
        while month < last and tariff.months >> month % 12 & 1 == inside:
            month += 1
        day = clock.days(month // 12, month % 12 + 1, 1)
    return None


def band(tariff: "Tariff", zone: clock.Zone, now: int) -> "tuple[int, int] | None":
    """(level, UTC of its end) of the grid's energy price by time of day: 0 low, 1 high, 2 peak;
    None without such bands."""
    bands = tariff.bands
    if not bands:
        return None
    level = bands[-1]
    hour, today = zone.hour(now), zone.day(now)
    for i in range(0, len(bands), 2):
        if bands[i] > hour:
            return level, zone.to_utc(today * 86400 + bands[i] * 3600)
        level = bands[i + 1]
    return level, zone.to_utc((today + 1) * 86400 + bands[0] * 3600)


def cost_micro(tariff: "Tariff", value: int) -> "int | None":
    """The month's cost of a value in W, in 1e-6 of the currency; None without prices."""
    if tariff.price_micro_per_kw:
        return (value * tariff.price_micro_per_kw + 500) // 1000
    prices = tariff.step_prices_micro
    if not prices:
        return None
    return prices[min(_passed(tariff, value), len(prices) - 1)]


def next_step(tariff: "Tariff", value: int) -> "tuple[int | None, int | None]":
    """(limit in kW, price a month in 1e-6) of the step after that of a value in W: ABOVE_ALL for
    the one above the last limit, None if there is none. Without steps (None, price of a kW)."""
    steps, prices = tariff.steps, tariff.step_prices_micro
    if not steps:
        return None, tariff.price_micro_per_kw or None
    at = _passed(tariff, value) + 1
    if at > len(steps):
        return None, None
    price = prices[min(at, len(prices) - 1)] if prices else None
    return (steps[at] if at < len(steps) else ABOVE_ALL), price


def _passed(tariff: "Tariff", value: int) -> int:
    """How many steps' limits a value in W is above."""
    return sum([1 for step in tariff.steps if value > step * 1000])


def _value_with(peaks: Peaks, zone: clock.Zone, begin: int, watts: int) -> int:
    """This month's value in W if the interval at begin ends with this mean power."""
    tariff = peaks.tariff
    watts = watts * tariff.weight(zone, begin) // _FULL
    if peaks.meter_peak is not None and peaks.quarterly():
        return tariff.value([watts] + [peak for _, peak in peaks.chosen()])
    then = Peaks(tariff)
    then.places = list(peaks.places)
    if tariff.count:
        then.insert(zone, begin, watts)
    return then.value()
