"""Capacity tariffs as data: the profiles, the limits of rules, the countries' holidays.

In       a profile's name and the owner's rules in place of its own
Out      a Tariff, and the faults of the rules in words
Rules    A rule that is missing or not allowed takes the profile's value, or the default.
         Steps are sorted; the prices of the steps stay in their order, and 0 is a price.
Source   the tariffs: see energy.tariff; holidays: the countries' laws on public holidays, from
         general knowledge
"""

from energy.tariff import ABOVE_ALL, Tariff

_MOST_MICRO = 1000000000
_MOST_STEPS = 20
_ALL_MONTHS = 0xFFF
_ALL_DAYS = 0x7F
_WORKING_DAYS = 0x1F
_NOVEMBER_TO_MARCH = 0xC07

# name: (default, smallest, largest)
FIELDS = {
    "interval_min": (60, 15, 60),  # 15 or 60
    "months": (_ALL_MONTHS, 1, _ALL_MONTHS),  # bit 0 = January
    "weekdays": (_ALL_DAYS, 1, _ALL_DAYS),  # bit 0 = Monday
    "hour_from": (0, 0, 23),  # local, the first that counts
    "hour_to": (24, 1, 24),  # the first that counts no more
    "closed_permille": (0, 0, 1000),  # what an interval outside the window weighs
    "count": (3, 0, 10),  # how many peaks; 0: no capacity tariff
    "per_day": (1, 0, 1),  # 1: one peak a day at most
    "use_max": (0, 0, 1),  # 1: the highest alone decides, not the mean
    "floor_w": (0, 0, 1000000),  # no month is worth less
    "rolling_months": (1, 1, 12),  # the mean of so many months
    "price_micro_per_kw": (0, 0, _MOST_MICRO),  # of a month; 0 where steps are priced
}
# Besides: steps, their upper limits in kW; step_prices_micro, what each costs a month, the one
# above the last limit too; holidays, a country whose holidays are outside the window.

PROFILES: "dict[str, dict[str, object]]" = {
    "NO": {"steps": (5, 10, 15, 20, 25, 50, 75, 100, 150)},
    "SE-day-3": {"count": 3},
    "SE-night-half": {"count": 3, "hour_from": 6, "hour_to": 22, "closed_permille": 500},
    "SE-weekday-winter": {
        "months": _NOVEMBER_TO_MARCH,
        "weekdays": _WORKING_DAYS,
        "hour_from": 7,
        "hour_to": 19,
    },
    "SE-weekday-single": {
        "weekdays": _WORKING_DAYS,
        "hour_from": 7,
        "hour_to": 19,
        "holidays": "SE",
        "count": 1,
        "use_max": 1,
    },
    "BE": {
        "interval_min": 15,
        "count": 1,
        "per_day": 0,
        "use_max": 1,
        "floor_w": 2500,
        "rolling_months": 12,
    },
    "DK": {"count": 0},
}

# By country: month * 100 + day of the fixed holidays, days from Easter Sunday of the moving ones.
_HOLIDAYS = {
    "NO": ((101, 501, 517, 1225, 1226), (-3, -2, 0, 1, 39, 49, 50)),
    "SE": ((101, 106, 501, 606, 1225, 1226), (-2, 0, 1, 39, 49)),
    "BE": ((101, 501, 721, 815, 1101, 1111, 1225), (0, 1, 39, 50)),
    "DK": ((101, 1225, 1226), (-3, -2, 0, 1, 39, 49, 50)),
    "FI": ((101, 106, 501, 1206, 1225, 1226), (-2, 0, 1, 39, 49)),
}


def tariff(name: str, own: "dict[str, object]", faults: "list[str] | None" = None) -> Tariff:
    """The tariff of a profile, with the owner's rules in place of the profile's.

    faults  is filled with the faults of the name and the rules, in words
    """
    faults = [] if faults is None else faults
    if name not in PROFILES:
        faults.append("there is no profile %s: it may be %s" % (name, ", ".join(sorted(PROFILES))))
    rules = dict(PROFILES.get(name, {}))
    rules.update(own)
    numbers = {}
    for field in FIELDS:
        default, low, high = FIELDS[field]
        value = rules.get(field, default)
        if isinstance(value, int) and low <= value <= high:
            numbers[field] = int(value)
        else:
            faults.append("%s must be %d to %d" % (field, low, high))
            numbers[field] = default
    if numbers["interval_min"] != 15:
        numbers["interval_min"] = 60
    made = Tariff(numbers)
    steps = _list(rules, "steps", faults)  # with end marks (0, 65535) where they were stored
    made.steps = tuple(sorted([step for step in steps if 0 < step < ABOVE_ALL]))
    prices = _list(rules, "step_prices_micro", faults)
    if prices and not (min(prices) >= 0 and max(prices) <= _MOST_MICRO):
        faults.append("step_prices_micro must be 0 to %d each" % _MOST_MICRO)
        prices = []
    made.step_prices_micro = tuple(prices)
    country = rules.get("holidays", "")
    if isinstance(country, str) and country in _HOLIDAYS:
        made.fixed_holidays, made.easter_holidays = _HOLIDAYS[country]
    elif country:
        faults.append("holidays must be one of " + ", ".join(sorted(_HOLIDAYS)))
    return made


def unknown(own: "dict[str, object]") -> "list[str]":
    """The names that are not rules of this version."""
    others = ("steps", "step_prices_micro", "holidays")
    return sorted([rule for rule in own if rule not in FIELDS and rule not in others])


def _list(rules: "dict[str, object]", name: str, faults: "list[str]") -> "list[int]":
    numbers = rules.get(name, ())
    if not isinstance(numbers, (tuple, list)):
        faults.append("%s must be a list" % name)
    elif len(numbers) > _MOST_STEPS:
        faults.append("%s must be at most %d numbers" % (name, _MOST_STEPS))
    elif not all(isinstance(n, int) for n in numbers):
        faults.append("%s must be whole numbers" % name)
    else:
        return list(numbers)
    return []
