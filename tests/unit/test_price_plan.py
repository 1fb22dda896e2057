"""When prices are asked for. Times by hand: 2026-03-29 has 23 hours, 2026-10-25 has 25."""

from clock import Zone, days, seconds
from prices import areas, plan

ZONE = Zone("Europe/Oslo")


def at_cet(year, month, day, hour, minute=0):
    return ZONE.to_utc(seconds(year, month, day, hour, minute, 0))


def known(first, last):
    """Prices of the days first to last (days of July 2026), every quarter."""
    begin = ZONE.day_start(days(2026, 7, first)) // 900
    end = ZONE.day_start(days(2026, 7, last + 1)) // 900
    return span(begin, end - begin)


def span(begin, count):
    """Prices of so many quarters."""
    return lambda quarter: 1 if begin <= quarter < begin + count else None


def test_the_minute_is_between_a_quarter_past_one_and_two():
    drawn = [plan.minute(n) for n in range(1000)]
    assert min(drawn) == 13 * 60 + 15 and max(drawn) == 13 * 60 + 59
    assert len(set(drawn)) == 45


def test_today_is_asked_for_at_once_and_tomorrow_in_the_afternoon():
    today = days(2026, 7, 1)
    nothing = known(20, 20)
    minute = 13 * 60 + 20
    for hour, wanted in ((0, [today]), (13, [today]), (14, [today, today + 1])):
        assert plan.days(at_cet(2026, 7, 1, hour), ZONE, minute, nothing) == wanted
    for hour, at, wanted in (
        (0, 0, []),
        (13, 19, []),
        (13, 20, [today + 1]),
        (23, 59, [today + 1]),
    ):
        assert plan.days(at_cet(2026, 7, 1, hour, at), ZONE, minute, known(1, 1)) == wanted
    assert plan.days(at_cet(2026, 7, 1, 15), ZONE, minute, known(1, 2)) == []
    assert plan.days(at_cet(2026, 7, 1, 15), ZONE, minute, known(2, 2)) == [today]
    hole = known(1, 2)
    gap = ZONE.day_start(today) // 900 + 95
    assert plan.days(
        at_cet(2026, 7, 1, 8), ZONE, minute, lambda q: None if q == gap else hole(q)
    ) == [today]


def test_the_next_look():
    minute = 13 * 60 + 20
    for day, hour, at, wait_s in (
        (1, 0, 0, (13 * 60 + 20) * 60),
        (1, 13, 19, 60),
        (1, 13, 20, 86400),
        (1, 23, 20, 14 * 3600),
    ):
        assert plan.next_s(at_cet(2026, 7, day, hour, at), ZONE, minute, known(1, 2)) == wait_s
    # The clock goes forward on 29 March: from 13:20 to 13:20 are 23 hours; back on 25 October.
    assert plan.next_s(at_cet(2026, 3, 28, 13, 20), ZONE, minute, known(1, 2)) == 23 * 3600
    assert plan.next_s(at_cet(2026, 10, 24, 13, 20), ZONE, minute, known(1, 2)) == 25 * 3600
    assert plan.next_s(at_cet(2026, 3, 29, 0), ZONE, minute, known(1, 2)) == 12 * 3600 + 1200
    assert plan.next_s(at_cet(2026, 10, 25, 0), ZONE, minute, known(1, 2)) == 14 * 3600 + 1200


def test_days_of_23_and_25_hours_have_92_and_100_quarters():
    for day, quarters in (
        (days(2026, 3, 29), 92),
        (days(2026, 7, 1), 96),
        (days(2026, 10, 25), 100),
    ):
        begin = ZONE.day_start(day) // 900
        assert plan.whole(ZONE, day, span(begin, quarters))
        assert not plan.whole(ZONE, day, span(begin, quarters - 1))
        assert not plan.whole(ZONE, day, span(begin + 1, quarters - 1))
        assert ZONE.day_start(day + 1) // 900 == begin + quarters


def without(begin, count, first, n=4):
    """Prices of so many quarters, but for n from the first one on."""
    return lambda quarter: (
        None if first <= quarter - begin < first + n else span(begin, count)(quarter)
    )


def test_an_hour_that_is_left_out_when_the_clock_is_moved_is_not_asked_for_again():
    for day, quarters in ((days(2026, 3, 29), 92), (days(2026, 10, 25), 100)):
        begin = ZONE.day_start(day) // 900
        for first in (8, 12):
            assert plan.whole(ZONE, day, without(begin, quarters, first))
            assert not plan.whole(ZONE, day, without(begin, quarters, first, 5))
        for first in (0, 7, 13, quarters - 4):
            assert not plan.whole(ZONE, day, without(begin, quarters, first))
    day = days(2026, 7, 1)
    assert not plan.whole(ZONE, day, without(ZONE.day_start(day) // 900, 96, 8))


def test_pauses_grow_and_have_an_end():
    for kind, pauses in (
        ("late", (600, 600, 600, 600)),
        ("busy", (900, 1800, 3600, 7200)),
        ("token", (21600, 21600, 21600, 21600)),
        ("server", (120, 240, 480, 960)),
        ("network", (120, 240, 480, 960)),
        ("refused", (1800, 3600, 7200, 7200)),
        ("proof", (3600, 7200, 10800, 10800)),
    ):
        assert tuple([plan.pause_s(kind, n, 0) for n in (1, 2, 3, 4)]) == pauses
        most = plan.pause_s(kind, 1000, 0)
        assert most <= 21600 and plan.pause_s(kind, 10**9, 0) == most
        for drawn in (1, 7, 65535):
            assert most <= plan.pause_s(kind, 1000, drawn) < most * 9 // 8
    assert plan.pause_s("late", 12, 0) == 600 and plan.pause_s("late", 13, 0) == 1800


def test_how_an_attempt_ended():
    for status, code, fault, kind in (
        (200, "", "", ""),
        (200, "", "prices of 2026-06-30 in place of 2026-07-01", "refused"),
        (200, "", "95 of 96 quarters of 2026-07-01: ask again later", "late"),
        (200, "999", "No matching data found", "late"),
        (400, "999", "No matching data found", "late"),
        (400, "", "", "refused"),
        (404, "", "x", "late"),
        (401, "", "x", "token"),
        (403, "", "", "token"),
        (429, "", "", "busy"),
        (500, "", "", "server"),
        (503, "", "", "server"),
        (302, "", "", "server"),
        (0, "", "x", "network"),
        (-1, "", "x", "proof"),
    ):
        assert plan.kind_of(status, code, fault) == kind, (status, code)


def test_areas():
    rows = list(areas.every())
    assert len(rows) == len({code for code, _ in rows}) == len({name for _, name in rows}) == 44
    for code, name in rows:
        assert len(code) == 16 and name and areas.name_of(code) == name
    assert areas.sources("10YNO-3--------J", "") == ("hvakosterstrommen",)
    assert areas.sources("10YNO-3--------J", "t") == ("entsoe", "hvakosterstrommen")
    assert areas.sources("10Y1001A1001A46L", "") == ("elprisetjustnu",)
    assert areas.sources("10YDK-1--------W", "") == ("energidataservice",)
    assert areas.sources("10Y1001A1001A82H", "t") == ("entsoe",)
    assert areas.sources("10Y1001A1001A82H", "") == areas.sources("x", "") == ()
    assert areas.code_of("10Y1001A1001A83F") == "10Y1001A1001A82H"
    assert areas.name_of("10Y1001A1001A83F") == "Germany, Luxembourg"
    assert areas.code_of("NO3") == "10YNO-3--------J" and areas.name_of("NO3") == "NO3"
    assert areas.sources("SE3", "") == ("elprisetjustnu",)
    assert areas.code_of("x") == "x" and areas.name_of("x") == areas.name_of("") == ""
