"""Pure calendar arithmetic on integers. Seconds count from 1970-01-01 00:00.

Source   the proleptic Gregorian calendar; days count from 1 March so that leap days come last
"""


def days(year: int, month: int, day: int) -> int:
    """Days from 1970-01-01 to a date."""
    if month < 3:
        year -= 1
        month += 12
    leap_days = year // 4 - year // 100 + year // 400
    return 365 * year + leap_days + (153 * month - 457) // 5 + day - 719469


def seconds(year: int, month: int, day: int, hour: int, minute: int, second: int) -> int:
    """Seconds from 1970-01-01 00:00:00 to a time of the same zone."""
    return ((days(year, month, day) * 24 + hour) * 60 + minute) * 60 + second


def month_length(year: int, month: int) -> int:
    """Days in a month."""
    if month == 2:
        return 29 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def civil(t: int) -> "tuple[int, int, int, int, int, int]":
    """(year, month, day, hour, minute, second) of seconds since 1970-01-01 00:00:00."""
    day, rest = divmod(t, 86400)
    era, doe = divmod(day + 719468, 146097)
    yoe = (doe - doe // 1460 + doe // 36524 - doe // 146096) // 365
    doy = doe - (365 * yoe + yoe // 4 - yoe // 100)
    mp = (5 * doy + 2) // 153
    month = mp + 3 if mp < 10 else mp - 9
    year = yoe + era * 400 + (1 if month < 3 else 0)
    return year, month, doy - (153 * mp + 2) // 5 + 1, rest // 3600, rest // 60 % 60, rest % 60


def iso(t: int) -> str:
    """Text "2025-12-14T17:00:00" of seconds since 1970-01-01 00:00:00."""
    return "%04d-%02d-%02dT%02d:%02d:%02d" % civil(t)


# Zones: minutes east of UTC in winter. All but GMT follow the EU rule: summer time is one hour
# more, from the last Sunday of March 01:00 UTC to the last Sunday of October 01:00 UTC.
_WESTERN = "Belfast Dublin Lisbon London"
_CENTRAL = (
    "Amsterdam Berlin Bratislava Brussels Budapest Copenhagen Ljubljana Luxembourg Madrid Malta "
    "Oslo Paris Podgorica Prague Rome Stockholm Vienna Warsaw Zagreb Zurich"
)
_EASTERN = "Athens Bucharest Helsinki Nicosia Riga Sofia Tallinn Vilnius"


def zone_offset_min(zone: str) -> "int | None":
    """Winter offset of "Europe/Oslo" in minutes east of UTC. None for GMT and unknown names."""
    if zone.startswith("Europe/"):
        city = zone[7:]
        for cities, offset in ((_CENTRAL, 60), (_EASTERN, 120), (_WESTERN, 0)):
            if city in cities.split():
                return offset
    return None


def is_summer(utc: int) -> bool:
    """Whether the EU's summer time is in force at utc, seconds since 1970."""
    year = civil(utc)[0]
    return _last_sunday(year, 3) <= utc < _last_sunday(year, 10)


def _last_sunday(year: int, month: int) -> int:
    """01:00 UTC on the last Sunday of a month with 31 days. 1970-01-01 was a Thursday."""
    last = days(year, month, 31)
    return (last - (last + 4) % 7) * 86400 + 3600


def offset_s(zone: str, utc: int) -> int:
    """Seconds to add to utc for the local time of zone."""
    winter = zone_offset_min(zone)
    if winter is None:
        return 0
    return winter * 60 + (3600 if is_summer(utc) else 0)


def to_utc(zone: str, local: int) -> int:
    """UTC of a local wall-clock time.

    The hour that comes twice in autumn is taken as its first, summer, occurrence; the one that
    spring leaves out is read as if the clock had not been moved.
    """
    winter = zone_offset_min(zone)
    if winter is None:
        return local
    utc = local - winter * 60
    return utc - 3600 if is_summer(utc - 3600) else utc
