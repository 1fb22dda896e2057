"""Zones and the edges of hours, days and months. Offsets and dates by hand from the EU's rule."""

import clock

WESTERN = "Belfast Dublin Lisbon London"
CENTRAL = (
    "Amsterdam Berlin Bratislava Brussels Budapest Copenhagen Ljubljana Luxembourg Madrid Malta"
    " Oslo Paris Podgorica Prague Rome Stockholm Vienna Warsaw Zagreb Zurich"
)
EASTERN = "Athens Bucharest Helsinki Nicosia Riga Sofia Tallinn Vilnius"
SPRING = 1774746000  # 2026-03-29 01:00 UTC
AUTUMN = 1792890000  # 2026-10-25 01:00 UTC


def local(zone, utc):
    return clock.iso(utc + zone.offset_s(utc))[11:]


def test_every_zone_has_its_offset_and_changes_at_one_utc():
    for cities, winter in ((WESTERN, 0), (CENTRAL, 3600), (EASTERN, 7200)):
        for city in cities.split():
            zone = clock.Zone("Europe/" + city)
            for utc, expected in (
                (SPRING - 1, winter),
                (SPRING, winter + 3600),
                (AUTUMN - 1, winter + 3600),
                (AUTUMN, winter),
                (SPRING - 86400 * 60, winter),
                (AUTUMN + 86400 * 300, winter + 3600),
            ):
                assert zone.offset_s(utc) == expected, city
    for name in ("GMT", "Mars/Base", "Europe/Atlantis"):
        assert clock.Zone(name).offset_s(SPRING) == 0


def test_days_have_23_24_and_25_hours():
    for city in ("Oslo", "Helsinki", "London", "Lisbon"):
        zone = clock.Zone("Europe/" + city)
        first = clock.days(2026, 1, 1)
        lengths = [
            (zone.day_start(day + 1) - zone.day_start(day)) // 3600
            for day in range(first, first + 365)
        ]
        assert lengths.count(24) == 363
        assert lengths[clock.days(2026, 3, 29) - first] == 23
        assert lengths[clock.days(2026, 10, 25) - first] == 25


def test_midnight_is_the_first_second_of_the_day():
    for city in ("Oslo", "Athens", "Dublin"):
        zone = clock.Zone("Europe/" + city)
        for day in range(clock.days(2026, 3, 25), clock.days(2026, 11, 1)):
            start = zone.day_start(day)
            assert local(zone, start) == "00:00:00"
            assert zone.day(start) == day and zone.day(start - 1) == day - 1


def test_months_begin_at_local_midnight():
    zone = clock.Zone("Europe/Oslo")
    april = 2026 * 12 + 3
    start = zone.month_start(april)
    assert clock.iso(start) == "2026-03-31T22:00:00"
    assert zone.month(start) == april and zone.month(start - 1) == april - 1
    assert clock.month_of(clock.days(2025, 12, 31)) == 2025 * 12 + 11
    assert zone.hour(start) == 0 and zone.hour(start - 1) == 23


def test_weekdays_and_easter():
    assert clock.weekday(clock.days(1970, 1, 1)) == 3  # a Thursday
    assert clock.weekday(clock.days(2026, 3, 29)) == 6
    for year, month, day in (
        (2000, 4, 23), (2024, 3, 31), (2025, 4, 20), (2026, 4, 5), (2027, 3, 28), (2038, 4, 25),
        (1954, 4, 18), (1981, 4, 19),
    ):  # fmt: skip
        assert clock.easter(year) == clock.days(year, month, day), year
