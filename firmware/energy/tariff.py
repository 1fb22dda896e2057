"""Capacity tariffs as data: which intervals count, how many, and what they come to.

In       a Tariff, and the peaks of a month in W (mean power of an interval)
Out      a weight for any interval, the month's value in W, the step it falls into
Rules    The value is compared with the steps as it is, not as it is shown. Steps are in kW, which
         for an hour is kWh.
Source   Norway: behaviour of the AMS reader 2.2; Sweden, Belgium: what owners and grid companies
         have told of their tariffs
"""

from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    import clock

ABOVE_ALL = const(65535)
_FULL = const(1000)
_MOST_MICRO = const(1000000000)
_MOST_STEPS = const(20)


def for_profile(name: str, own: "dict[str, object]") -> "Tariff":
    """The tariff of a profile, with the owner's settings in place of the profile's."""
    from energy.rules import PROFILES  # app lets go of them again

    settings = dict(PROFILES.get(name, {}))
    settings.update(own)
    return Tariff(settings)


class Tariff:
    """A rule set. What is missing or not allowed in the settings takes its default."""

    def __init__(self, settings: "dict[str, object]") -> None:
        self.faults: "list[str]" = []
        self.interval_min = self._number(settings, "interval_min")
        if self.interval_min != 15:
            self.interval_min = 60
        self.months = self._number(settings, "months")
        self.weekdays = self._number(settings, "weekdays")
        self.hour_from = self._number(settings, "hour_from")
        self.hour_to = self._number(settings, "hour_to")
        self.closed_permille = self._number(settings, "closed_permille")
        self.count = self._number(settings, "count")
        self.per_day = self._number(settings, "per_day")
        self.use_max = self._number(settings, "use_max")
        self.floor_w = self._number(settings, "floor_w")
        self.rolling_months = self._number(settings, "rolling_months")
        self.price_micro_per_kw = self._number(settings, "price_micro_per_kw")
        country = settings.get("holidays", "")
        self.holidays = country if isinstance(country, str) else ""
        self.steps = self._list(settings, "steps", ABOVE_ALL - 1)
        self.step_prices_micro = self._list(settings, "step_prices_micro", _MOST_MICRO)

    def _number(self, settings: "dict[str, object]", name: str) -> int:
        from energy.rules import FIELDS

        default, low, high = FIELDS[name]
        value = settings.get(name, default)
        if isinstance(value, int) and low <= value <= high:
            return int(value)
        self.faults.append("%s must be %d to %d" % (name, low, high))
        return default

    def _list(self, settings: "dict[str, object]", name: str, most: int) -> "tuple[int, ...]":
        """Rising numbers above 0; what is no such number is left out, as the end marks of stored
        lists (0, 65535) are."""
        numbers = settings.get(name, ())
        if not isinstance(numbers, (tuple, list)):
            self.faults.append("%s must be a list" % name)
            return ()
        if len(numbers) > _MOST_STEPS:
            self.faults.append("%s must be at most %d numbers" % (name, _MOST_STEPS))
            return ()
        return tuple(sorted([n for n in numbers if isinstance(n, int) and 0 < n <= most]))

    def weight(self, zone: "clock.Zone", utc: int) -> int:
        """What an interval that begins at utc weighs, in thousandths."""
        local = utc + zone.offset_s(utc)
        day = local // 86400
        hour = local // 3600 % 24
        month = zone.month(utc) % 12
        inside = self.months >> month & 1 and self.weekdays >> (day + 3) % 7 & 1
        if self.hour_from < self.hour_to:
            inside = inside and self.hour_from <= hour < self.hour_to
        else:  # over midnight
            inside = inside and (hour >= self.hour_from or hour < self.hour_to)
        if inside and self.holidays:
            from energy import holidays  # takes memory where they count

            inside = not holidays.is_holiday(self.holidays, day)
        return _FULL if inside else self.closed_permille

    def value(self, peaks: "list[int]") -> int:
        """What a month's peaks in W come to: the mean or the highest of the `count` highest."""
        highest = sorted(peaks, reverse=True)[: self.count]
        if not highest:
            return self.floor_w if self.count else 0
        if self.use_max:
            value = highest[0]
        else:
            value = (sum(highest) + len(highest) // 2) // len(highest)
        return max(value, self.floor_w)

    def is_quarters_highest(self) -> bool:
        """Whether it asks for what a meter itself can tell: the month's highest quarter."""
        return self.interval_min == 15 and self.use_max == 1 and self.count > 0

    def rolling(self, value: int, earlier: "list[int]") -> int:
        """The mean of this month's value and of earlier ones, newest first."""
        values = [value] + earlier[: self.rolling_months - 1]
        return (sum(values) + len(values) // 2) // len(values)

    def step_kw(self, value: int) -> int:
        """The upper limit of the step a value in W falls into; ABOVE_ALL beyond the last."""
        for step in self.steps:
            if value <= step * 1000:
                return step
        return ABOVE_ALL

    def cost_micro(self, value: int) -> "int | None":
        """What a value in W costs a month, in 1e-6 of the currency; None without prices."""
        if self.price_micro_per_kw:
            return (value * self.price_micro_per_kw + 500) // 1000
        prices = self.step_prices_micro
        if not prices:
            return None
        below = [step for step in self.steps if value > step * 1000]
        return prices[min(len(below), len(prices) - 1)]

    def limit_w(self, value: int) -> "int | None":
        """The value up to which a month stays in its step; None beyond the last one."""
        step = self.step_kw(value)
        return None if step == ABOVE_ALL else step * 1000
