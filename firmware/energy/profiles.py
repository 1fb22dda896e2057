"""Capacity tariffs as data: the profiles, the limits of rules, the holidays.

In       a profile's name and the owner's rules in place of its own
Out      a Tariff, and messages for the faults in the rules
Rules    A missing rule takes the profile's value, else the default; an invalid one the default.
         Steps are sorted; the prices of the steps keep their order, and 0 is a price.
         No profile has prices: they differ by grid company and year, and are the owner's.
Source   each profile names its document. "Not read" means: from general knowledge, not checked
         against the document. Public holidays: the countries' laws, not read
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
    "hour_from": (0, 0, 23),  # the first local hour in the window
    "hour_to": (24, 1, 24),  # the first local hour after the window
    "closed_permille": (0, 0, 1000),  # the weight of an interval outside the window
    "count": (3, 0, 10),  # the number of peaks; 0: no capacity tariff
    "per_day": (1, 0, 1),  # 1: one peak a day at most
    "use_max": (0, 0, 1),  # 1: the value is the maximum of the peaks, 0: their mean
    "floor_w": (0, 0, 1000000),  # the smallest value of a month
    "rolling_months": (1, 1, 12),  # the value is the mean of this many months
    "price_micro_per_kw": (0, 0, _MOST_MICRO),  # a month; 0 if the steps have prices
}
# Rules that are not numbers: steps, the upper limits in kW; step_prices_micro, the price of each
# step a month, then that above the last limit; holidays, the country whose holidays are outside
# the window.

PROFILES: "dict[str, dict[str, object]]" = {
    # Norway, since 2022: the mean of the three highest hours, of three days, in steps.
    # Modalen Kraftlag, "Info ny nettleige" (2022), for the model; the regulation itself, NVE's
    # "Forskrift om kontroll av nettvirksomhet", not read. The steps' limits differ by company:
    # these are the usual ones, as in the AMS reader 2.2.
    "NO": {"steps": (5, 10, 15, 20, 25, 50, 75, 100, 150)},
    # Sweden: Energimarknadsinspektionen's EIFS 2022:1 (not read) asks for power charges from 2027;
    # the companies choose their own. The mean of the three highest hours, of three days.
    # Göteborg Energi, "Elnätsavgiften" (2024).
    "SE-day-3": {"count": 3},
    # The same, and an hour from 22 to 6 counts half. Ellevio's tariff from 2025, not read.
    "SE-night-half": {"count": 3, "hour_from": 6, "hour_to": 22, "closed_permille": 500},
    # Only working days 7 to 19, November to March. Falu Elnät's tariff, not read.
    "SE-weekday-winter": {
        "months": _NOVEMBER_TO_MARCH,
        "weekdays": _WORKING_DAYS,
        "hour_from": 7,
        "hour_to": 19,
    },
    # Only working days 6 to 20, November to March. Falkenberg Energi, "Effektavgifter" (2026).
    "SE-winter-6-20": {
        "months": _NOVEMBER_TO_MARCH,
        "weekdays": _WORKING_DAYS,
        "hour_from": 6,
        "hour_to": 20,
        "holidays": "SE-Falkenberg",
    },
    # The mean of the three highest hours, also of one day, of working days 7 to 19, all year.
    # Sollentuna Energi & Miljö, "Effektavgift" (2020). Its price is higher from November to March.
    "SE-weekday-3": {
        "weekdays": _WORKING_DAYS,
        "hour_from": 7,
        "hour_to": 19,
        "holidays": "SE-eves",
        "per_day": 0,
    },
    # The month's highest hour of working days 7 to 19. Mälarenergi before 2022, as an owner wrote;
    # Mälarenergi's price list of 2023 has two means instead, which no rule here can express.
    "SE-weekday-single": {
        "weekdays": _WORKING_DAYS,
        "hour_from": 7,
        "hour_to": 19,
        "holidays": "SE",
        "count": 1,
        "use_max": 1,
    },
    # Flanders, since 2023: the mean over twelve months of each month's highest quarter, a month
    # with at least 2.5 kW. Fluvius, "Veelgestelde vragen over het capaciteitstarief" (2023);
    # Engie, "Capaciteitstarief in Vlaanderen" (2023).
    "BE": {
        "interval_min": 15,
        "count": 1,
        "per_day": 0,
        "use_max": 1,
        "floor_w": 2500,
        "rolling_months": 12,
    },
    # Denmark: households pay no capacity tariff, but the grid's price of a kWh has three bands.
    # RAH Net, "Tarifmodel for C-forbruger" (2023); Nord Energi Net, "Tarifmodel 3.0" (2023).
    "DK": {"count": 0, "bands": (0, 0, 6, 1, 17, 2, 21, 1)},
    # Austria, households without a measured power: a flat sum a year. E-Control's
    # "Systemnutzungsentgelte-Verordnung", not read.
    "AT": {"count": 0},
    # Austria, customers with a measured power: the mean of the months' highest quarters.
    # ElWOG 2010, section 52 (1).
    "AT-measured": {
        "interval_min": 15,
        "count": 1,
        "per_day": 0,
        "use_max": 1,
        "rolling_months": 12,
    },
    # The Netherlands: a sum by the size of the connection, the power does not matter.
    # De Energiegids, "De capaciteitstariefcode"; ACM, "Tarievencode elektriciteit" (2016), not
    # read in full.
    "NL": {"count": 0},
}

# Month * 100 + day of fixed holidays; days after Easter Sunday of movable ones. A weekday in the
# 10000s, 1 = Monday, makes it the first such day from that date on.
_HOLIDAYS = {
    "NO": ((101, 501, 517, 1225, 1226), (-3, -2, 0, 1, 39, 49, 50)),
    "SE": ((101, 106, 501, 606, 1225, 1226), (-2, 0, 1, 39, 49)),
    # Falkenberg Energi, "Effektavgifter" (2026)
    "SE-Falkenberg": ((101, 106, 1224, 1225, 1226, 1231), (-2, 1)),
    # Sollentuna Energi & Miljö, "Effektavgift" (2020): with Midsummer, Christmas, New Year's Eve
    "SE-eves": ((101, 106, 501, 606, 50619, 1224, 1225, 1226, 1231), (-2, 0, 1, 39, 49)),
    "BE": ((101, 501, 721, 815, 1101, 1111, 1225), (0, 1, 39, 50)),
    "DK": ((101, 1225, 1226), (-3, -2, 0, 1, 39, 49, 50)),
    "FI": ((101, 106, 501, 1206, 1225, 1226), (-2, 0, 1, 39, 49)),
    "AT": ((101, 106, 501, 815, 1026, 1101, 1208, 1225, 1226), (1, 39, 50, 60)),
}


def tariff(name: str, own: "dict[str, object]", faults: "list[str] | None" = None) -> Tariff:
    """The tariff of a profile, with the owner's rules in place of the profile's.

    faults  a list to which messages for an unknown name and invalid rules are added
    """
    faults = [] if faults is None else faults
    if name not in PROFILES:
        faults.append("there is no profile %s: it may be %s" % (name, ", ".join(sorted(PROFILES))))
    rules = dict(PROFILES.get(name, {}))
    bands = rules.get("bands", ())
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
    steps = _list(rules, "steps", faults)  # imported lists may have end marks: 0, 65535
    made.steps = tuple(sorted([step for step in steps if 0 < step < ABOVE_ALL]))
    prices = _list(rules, "step_prices_micro", faults)
    if prices and not (min(prices) >= 0 and max(prices) <= _MOST_MICRO):
        faults.append("step_prices_micro must be 0 to %d each" % _MOST_MICRO)
        prices = []
    made.step_prices_micro = tuple(prices)
    if isinstance(bands, tuple):
        made.bands = bands
    country = rules.get("holidays", "")
    if isinstance(country, str) and country in _HOLIDAYS:
        made.fixed_holidays, made.easter_holidays = _HOLIDAYS[country]
    elif country:
        faults.append("holidays must be one of " + ", ".join(sorted(_HOLIDAYS)))
    return made


def unknown(own: "dict[str, object]") -> "list[str]":
    """The names of rules that this version does not have, sorted."""
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
