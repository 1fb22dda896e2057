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


def checked(year: int, month: int, day: int, hour: int, minute: int, second: int) -> "int | None":
    """seconds() of a time that was sent; None if there is none such between 1970 and 2200."""
    if not 1970 <= year < 2200 or not 1 <= month <= 12 or hour > 23 or minute > 59 or second > 59:
        return None
    if not 1 <= day <= month_length(year, month):
        return None
    return seconds(year, month, day, hour, minute, second)


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


def _last_sunday(year: int, month: int) -> int:
    """01:00 UTC on the last Sunday of a month with 31 days. 1970-01-01 was a Thursday."""
    last = days(year, month, 31)
    return (last - (last + 4) % 7) * 86400 + 3600


def weekday(day: int) -> int:
    """0 = Monday to 6 = Sunday of a day number, days since 1970-01-01."""
    return (day + 3) % 7


def easter(year: int) -> int:
    """Day number of Easter Sunday.

    Source: Gauss's computus with the Gregorian calendar's two exceptions.
    """
    century = year // 100
    shift = (15 + century - century // 4 - (8 * century + 13) // 25) % 30
    moon = (19 * (year % 19) + shift) % 30
    if moon == 29 or (moon == 28 and year % 19 > 10):
        moon -= 1
    full_moon = days(year, 3, 21) + moon
    return full_moon + 7 - (full_moon + 4) % 7


class Zone:
    """One zone's calendar: UTC in seconds on one side, local day and month numbers on the other.

    A day number counts local dates from 1970-01-01, a month number is year * 12 + month - 1. Days
    have 23, 24 or 25 hours; offsets are whole hours, so that every UTC hour lies in one local day.

    winter_s   offset in winter
    known      whether the zone is one of the table: others are UTC all year
    """

    def __init__(self, name: str) -> None:
        self.name = name
        winter = zone_offset_min(name)
        self.winter_s = (winter or 0) * 60
        self.known = winter is not None
        self._offset = 0  # in force from _from to _until: hours, which are small ints
        self._from = self._until = 0

    def offset_s(self, utc: int) -> int:
        """Seconds to add to utc for local time."""
        if not self.known:
            return 0
        if not self._from <= utc // 3600 < self._until:
            self._find(utc)
        return self._offset

    def _find(self, utc: int) -> None:
        """Keep the offset at utc with the times it begins and ends."""
        year = civil(utc)[0]
        begin, end = _last_sunday(year, 3), _last_sunday(year, 10)
        self._offset = self.winter_s
        if utc < begin:
            begin, end = _last_sunday(year - 1, 10), begin
        elif utc < end:
            self._offset += 3600
        else:
            begin, end = end, _last_sunday(year + 1, 3)
        self._from, self._until = begin // 3600, end // 3600

    def to_utc(self, local: int) -> int:
        """UTC of a local wall-clock time.

        The hour that comes twice in autumn is taken as its first, summer, occurrence; the one
        that spring leaves out is read as if the clock had not been moved.
        """
        utc = local - self.winter_s
        return utc - (self.offset_s(utc - 3600) - self.winter_s)

    def hour(self, utc: int) -> int:
        """The local hour, 0 to 23."""
        return (utc + self.offset_s(utc)) // 3600 % 24

    def day(self, utc: int) -> int:
        """The local day number."""
        return (utc + self.offset_s(utc)) // 86400

    def month(self, utc: int) -> int:
        """The local month number."""
        return month_of(self.day(utc))

    def day_start(self, day: int) -> int:
        """UTC of a local day's midnight. No zone of the table moves its clock at midnight."""
        utc = day * 86400 - self.winter_s
        return utc - (self.offset_s(utc) - self.winter_s)

    def month_start(self, month: int) -> int:
        """UTC of the midnight a local month begins with."""
        return self.day_start(days(month // 12, month % 12 + 1, 1))


def month_of(day: int) -> int:
    """The month number of a day number."""
    year, month = civil(day * 86400)[:2]
    return year * 12 + month - 1
