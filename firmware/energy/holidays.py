"""Public holidays on which a tariff's working-day window is closed.

In       a country's two letters and a local day number
Out      whether that day is a public holiday
Source   the countries' laws on public holidays, from general knowledge: no vendor's list
"""

import clock

# Month * 100 + day of the fixed ones; days from Easter Sunday of the moving ones.
_FIXED = {
    "NO": (101, 501, 517, 1225, 1226),
    "SE": (101, 106, 501, 606, 1225, 1226),
    "BE": (101, 501, 721, 815, 1101, 1111, 1225),
    "DK": (101, 1225, 1226),
    "FI": (101, 106, 501, 1206, 1225, 1226),
}
_FROM_EASTER = {
    "NO": (-3, -2, 0, 1, 39, 49, 50),
    "SE": (-2, 0, 1, 39, 49),
    "BE": (0, 1, 39, 50),
    "DK": (-3, -2, 0, 1, 39, 49, 50),
    "FI": (-2, 0, 1, 39, 49),
}


def is_holiday(country: str, day: int) -> bool:
    """Whether a day number is a public holiday; False for a country that is not known."""
    if country not in _FIXED:
        return False
    year, month, date = clock.civil(day * 86400)[:3]
    return month * 100 + date in _FIXED[country] or (
        day - clock.easter(year) in _FROM_EASTER[country]
    )
