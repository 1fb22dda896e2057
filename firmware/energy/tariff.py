"""The capacity tariff in force, and the month's peaks by its rules.

In       intervals that have ended: begin in UTC, Wh, quality; the meter's own peak of the month
Out      the peaks in W (mean power of an interval), the month's value in W, its step in kW
Rules    Only measured and edited intervals count: an estimate is never a peak.
         A new peak takes an empty place, or replaces a smaller one: with one peak a day that of
         the same day, else the smallest. The value is compared with the steps before rounding.
         Steps are in kW, which for an hour is kWh.
Source   Norway: behaviour of the AMS reader 2.2; Sweden, Belgium: tariffs as published by owners
         and grid companies
"""

import clock
from micropython import const

from energy.blocks import EDITED, MEASURED

ABOVE_ALL = const(65535)
_FULL = const(1000)
_LEAST_PLACES = const(5)


class Tariff:
    """The rules of a capacity tariff as numbers; energy.profiles makes and checks them."""

    def __init__(self, numbers: "dict[str, int]") -> None:
        self.interval_min = numbers["interval_min"]
        self.months = numbers["months"]
        self.weekdays = numbers["weekdays"]
        self.hour_from = numbers["hour_from"]
        self.hour_to = numbers["hour_to"]
        self.closed_permille = numbers["closed_permille"]
        self.count = numbers["count"]
        self.per_day = numbers["per_day"]
        self.use_max = numbers["use_max"]
        self.floor_w = numbers["floor_w"]
        self.rolling_months = numbers["rolling_months"]
        self.price_micro_per_kw = numbers["price_micro_per_kw"]
        self.steps: "tuple[int, ...]" = ()
        self.step_prices_micro: "tuple[int, ...]" = ()
        # Fixed holidays: month * 100 + day. Movable holidays: days after Easter Sunday.
        self.fixed_holidays: "tuple[int, ...]" = ()
        self.easter_holidays: "tuple[int, ...]" = ()

    def weight(self, zone: clock.Zone, utc: int) -> int:
        """The weight of an interval that begins at utc, in thousandths."""
        local = utc + zone.offset_s(utc)
        day = local // 86400
        hour = local // 3600 % 24
        year, month, date = clock.civil(local)[:3]
        inside = self.months >> month - 1 & 1 and self.weekdays >> clock.weekday(day) & 1
        if self.hour_from < self.hour_to:
            inside = inside and self.hour_from <= hour < self.hour_to
        else:  # over midnight
            inside = inside and (hour >= self.hour_from or hour < self.hour_to)
        if inside and self.fixed_holidays:
            inside = (
                month * 100 + date not in self.fixed_holidays
                and day - clock.easter(year) not in self.easter_holidays
            )
        return _FULL if inside else self.closed_permille

    def value(self, peaks: "list[int]") -> int:
        """A month's value in W from its peaks in W: the mean, or the maximum, of the `count`
        highest; at least floor_w."""
        highest = sorted(peaks, reverse=True)[: self.count]
        if not highest:
            return self.floor_w if self.count else 0
        if self.use_max:
            return max(highest[0], self.floor_w)
        return max((sum(highest) + len(highest) // 2) // len(highest), self.floor_w)

    def rolling(self, value: int, earlier: "list[int]") -> int:
        """The mean of this month's value and of the earlier ones (newest first), in W."""
        values = [value] + earlier[: self.rolling_months - 1]
        return (sum(values) + len(values) // 2) // len(values)

    def step_kw(self, value: int) -> int:
        """The upper limit in kW of the step of a value in W; ABOVE_ALL above the last step."""
        for step in self.steps:
            if value <= step * 1000:
                return step
        return ABOVE_ALL

    def cost_micro(self, value: int) -> "int | None":
        """The month's cost of a value in W, in 1e-6 of the currency; None without prices."""
        if self.price_micro_per_kw:
            return (value * self.price_micro_per_kw + 500) // 1000
        prices = self.step_prices_micro
        if not prices:
            return None
        passed = [step for step in self.steps if value > step * 1000]
        return prices[min(len(passed), len(prices) - 1)]


class Peaks:
    """The peaks of one month; its number is year * 12 + month - 1."""

    def __init__(self, tariff: Tariff) -> None:
        self.tariff = tariff
        self.month = -1
        self.places: "list[tuple[int, int]]" = []  # (begin, W), oldest entry first
        self.from_file: "list[tuple[int, int]]" = []  # (begin, W) from a file, not in the history
        self.meter_peak: "tuple[int, int] | None" = None  # the meter's own: begin, W

    def start(self, month: int) -> None:
        """Begin a month."""
        self.month = month
        self.places = []
        self.from_file = []

    def offer(self, zone: clock.Zone, begin: int, wh: int, quality: int) -> None:
        """Insert an interval of `wh` that has ended as a peak, if the tariff counts it."""
        tariff = self.tariff
        if quality in (MEASURED, EDITED) and tariff.count:
            watts = wh * 60 // tariff.interval_min
            self.insert(zone, begin, watts * tariff.weight(zone, begin) // _FULL)

    def insert(self, zone: clock.Zone, begin: int, watts: int) -> None:
        """Insert a peak if a place is empty or holds a smaller peak it may replace."""
        places = self.places
        if watts <= 0:
            return
        smallest = 0
        day = zone.day(begin) if self.tariff.per_day else 0
        for i in range(len(places)):
            if self.tariff.per_day and zone.day(places[i][0]) == day:
                if watts > places[i][1]:
                    places[i] = (begin, watts)
                return
            if places[i][1] < places[smallest][1]:
                smallest = i
        if len(places) < max(_LEAST_PLACES, self.tariff.count):
            places.append((begin, watts))
        elif watts > places[smallest][1]:
            places[smallest] = (begin, watts)

    def chosen(self) -> "list[tuple[int, int]]":
        """The peaks that count for the month's value, in the order of `places`; only the meter's
        own if the tariff uses the highest quarter."""
        tariff = self.tariff
        if self.meter_peak is not None:
            if tariff.interval_min == 15 and tariff.use_max == 1 and tariff.count > 0:
                return [self.meter_peak]
        highest = sorted([watts for _, watts in self.places], reverse=True)[: tariff.count]
        out = []
        for peak in self.places:
            if peak[1] in highest:
                highest.remove(peak[1])
                out.append(peak)
        return out

    def value(self) -> int:
        """The month's value so far in W, from the settled intervals."""
        return self.tariff.value([watts for _, watts in self.places])

    def headroom(self, zone: clock.Zone, begin: int) -> "int | None":
        """The highest mean power in W of the interval at `begin` that keeps the month in its step;
        None above the last step, or if the interval does not count."""
        tariff = self.tariff
        step = tariff.step_kw(self.value())
        weight = tariff.weight(zone, begin)
        if step == ABOVE_ALL or not tariff.count or not weight:
            return None
        least = 0  # up to this mean power the value does not change
        others = []
        day = zone.day(begin)
        for at, watts in self.places:
            if tariff.per_day and zone.day(at) == day:
                least = watts
            else:
                others.append(watts)
        most = step * 1000
        if not tariff.use_max:
            highest = sorted(others, reverse=True)[: tariff.count - 1]
            n = len(highest) + 1
            most = (
                (most + 1) * n - 1 - n // 2 - sum(highest)
            )  # the highest whose mean rounds to the limit
        return (max(least, most) * _FULL + _FULL - 1) // weight
