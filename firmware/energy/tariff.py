"""The capacity tariff in force, and the month's peaks by its rules.

In       intervals that have ended: begin in UTC, Wh, quality; the meter's own peak of the month
Out      the peaks in W (mean power of an interval), the month's value in W, its step in kW
Rules    Only measured, near and edited intervals count: an estimate is never a peak.
         A new peak takes an empty place, or replaces a smaller one: with one peak a day that of
         the same day, else the smallest. The value is compared with the steps before rounding.
         Steps are in kW, which for an hour is kWh.
         A meter may send its own highest quarter of this month, and those of up to 13 months that
         are over. A tariff of quarters uses them in place of the reader's.
Source   energy.profiles names the document of each tariff; Norway also: behaviour of the AMS
         reader 2.2
"""

import clock
from micropython import const

from energy.blocks import EDITED, MEASURED, NEAR
from energy.power import QUARTER_S

ABOVE_ALL = const(65535)
_FULL = const(1000)
_LEAST_PLACES = const(5)
_MOST_W = const(1000000)


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
        # Fixed holidays: month * 100 + day, and 10000 times a weekday, 1 = Monday, for the first
        # such day in the seven days from then on. Movable ones: days after Easter Sunday.
        self.fixed_holidays: "tuple[int, ...]" = ()
        self.easter_holidays: "tuple[int, ...]" = ()
        # Bands of the grid's energy price: local hour and level of each, see energy.outlook.
        self.bands: "tuple[int, ...]" = ()

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
            today = month * 100 + date
            ordinal = (clock.weekday(day) + 1) * 10000
            inside = day - clock.easter(year) not in self.easter_holidays
            for holiday in self.fixed_holidays:
                if today == holiday or 0 <= ordinal + today - holiday < 7:
                    inside = False
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
        """The mean of this month's value and of the earlier ones (newest first), in W; each at
        least floor_w."""
        values = [value] + [max(w, self.floor_w) for w in earlier[: self.rolling_months - 1]]
        return (sum(values) + len(values) // 2) // len(values)

    def step_kw(self, value: int) -> int:
        """The upper limit in kW of the step of a value in W; ABOVE_ALL above the last step."""
        for step in self.steps:
            if value <= step * 1000:
                return step
        return ABOVE_ALL


class Peaks:
    """The peaks of one month; its number is year * 12 + month - 1."""

    def __init__(self, tariff: Tariff) -> None:
        self.tariff = tariff
        self.month = -1
        self.places: "list[tuple[int, int]]" = []  # (begin, W), oldest entry first
        self.from_file: "list[tuple[int, int]]" = []  # (begin, W) from a file, not in the history
        self.meter_peak: "tuple[int, int] | None" = None  # the meter's own: begin, W
        # The meter's own peaks of earlier months, as in Reading.month_peaks.
        self.meter_months: "list[int]" = []

    def start(self, month: int) -> None:
        """Begin a month."""
        self.month = month
        self.places = []
        self.from_file = []

    def offer(self, zone: clock.Zone, begin: int, wh: int, quality: int) -> None:
        """Insert an interval that has ended, of at least `wh`, if the tariff counts it."""
        tariff = self.tariff
        if (quality in (MEASURED, EDITED) or quality >= NEAR) and tariff.count:
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

    def note(self, zone: clock.Zone, now: int, watts: int, ended: "int | None") -> None:
        """Note the month's highest quarter by the meter; ended: its end on the wall clock.

        Without that time it is taken for the last quarter that is over when it is first seen.
        Ignored unless 0 < watts < 1 MW.
        """
        if not 0 < watts < _MOST_W:
            return
        if ended is not None:
            begin = (zone.to_utc(ended) - 1) // QUARTER_S * QUARTER_S
        else:
            begin = (now // QUARTER_S - 1) * QUARTER_S
            if self.meter_peak is not None and self.meter_peak[1] == watts:
                return
        if zone.month(begin) == zone.month(now):  # otherwise of a month that is over
            self.meter_peak = (begin, watts)

    def quarterly(self) -> bool:
        """Whether the tariff uses the highest quarter, so that the meter's own can replace it."""
        tariff = self.tariff
        return tariff.interval_min == 15 and tariff.use_max == 1 and tariff.count > 0

    def chosen(self) -> "list[tuple[int, int]]":
        """The peaks that count for the month's value, in the order of `places`; only the meter's
        own if the tariff uses the highest quarter."""
        tariff = self.tariff
        if self.meter_peak is not None and self.quarterly():
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
