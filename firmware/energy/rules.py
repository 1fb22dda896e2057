"""The rules of capacity tariffs: what may be set, and the profiles.

Needed when a Tariff is made, and not held in memory beyond that.
"""

from micropython import const

_ALL_MONTHS = const(0xFFF)
_ALL_DAYS = const(0x7F)
_WORKING_DAYS = const(0x1F)
_NOVEMBER_TO_MARCH = const(0xC07)
_FULL = const(1000)
_MOST_MICRO = const(1000000000)

# name: (default, smallest, largest)
FIELDS = {
    "interval_min": (60, 15, 60),  # 15 or 60
    "months": (_ALL_MONTHS, 1, _ALL_MONTHS),  # bit 0 = January
    "weekdays": (_ALL_DAYS, 1, _ALL_DAYS),  # bit 0 = Monday
    "hour_from": (0, 0, 23),  # local, the first that counts
    "hour_to": (24, 1, 24),  # the first that counts no more
    "closed_permille": (0, 0, _FULL),  # what an interval outside the window weighs
    "count": (3, 0, 10),  # how many peaks; 0: no capacity tariff
    "per_day": (1, 0, 1),  # 1: one peak a day at most
    "use_max": (0, 0, 1),  # 1: the highest alone decides, not the mean
    "floor_w": (0, 0, 1000000),  # no month is worth less
    "rolling_months": (1, 1, 12),  # the mean of so many months
    "price_micro_per_kw": (0, 0, _MOST_MICRO),  # of a month; 0 where steps are priced
}
# Besides: steps, their upper limits in kW; step_prices_micro, what each costs a month, the one
# above the last limit too; holidays, a country whose holidays are outside the window.
NORWAY_STEPS = (5, 10, 15, 20, 25, 50, 75, 100, 150)

PROFILES: "dict[str, dict[str, object]]" = {
    "NO": {"steps": NORWAY_STEPS},
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
