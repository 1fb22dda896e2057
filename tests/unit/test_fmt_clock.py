import clock
import fmt


def test_fixed_rounds_half_away_from_zero():
    for value, scale, decimals, text in (
        (231400, 3, 2, "231.40"),
        (231405, 3, 2, "231.41"),
        (231404, 3, 2, "231.40"),
        (-231405, 3, 2, "-231.41"),
        (-4, 3, 2, "0.00"),
        (-5, 3, 3, "-0.005"),
        (0, 0, 2, "0.00"),
        (7, 0, 3, "7.000"),
        (1499, 3, 0, "1"),
        (1500, 3, 0, "2"),
        (-400, 3, 0, "0"),
        (109552248, 3, 3, "109552.248"),
        (999995, 3, 2, "1000.00"),
    ):
        assert fmt.fixed(value, scale, decimals) == text, (value, scale, decimals)


def test_quote_escapes_what_json_forbids():
    import json

    hostile = 'a"\\\n\r\t\x00\x1f</script>é'
    assert json.loads(fmt.quote(hostile)) == hostile


def test_mac():
    assert fmt.mac(b"\x7c\xdf\xa1\x00\x1e\x4b") == "7C:DF:A1:00:1E:4B"


def test_days_at_known_dates():
    # By hand: 30 years with 7 leap days to 2000; a leap day in 2000 and none in 2100.
    assert clock.days(1970, 1, 1) == 0
    assert clock.days(2000, 1, 1) == 30 * 365 + 7
    assert clock.days(2000, 3, 1) - clock.days(2000, 2, 28) == 2
    assert clock.days(2100, 3, 1) - clock.days(2100, 2, 28) == 1
    assert clock.seconds(2026, 3, 29, 1, 0, 0) == 1774746000


def test_civil_is_the_inverse():
    for t in range(0, 5000000000, 12345678):
        assert clock.seconds(*clock.civil(t)) == t
    assert clock.iso(1765731600) == "2025-12-14T17:00:00"


def test_month_lengths():
    lengths = [clock.month_length(2026, month) for month in range(1, 13)]
    assert lengths == [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    assert clock.month_length(2024, 2) == 29 and clock.month_length(2100, 2) == 28


def test_summer_time_begins_and_ends_with_the_eu():
    # Last Sundays: 2026-03-29 and 2026-10-25, both at 01:00 UTC.
    begin = clock.seconds(2026, 3, 29, 1, 0, 0)
    end = clock.seconds(2026, 10, 25, 1, 0, 0)
    oslo = clock.Zone("Europe/Oslo")
    for utc, hours in ((begin - 1, 1), (begin, 2), (end - 1, 2), (end, 1)):
        assert oslo.offset_s(utc) == hours * 3600
    assert clock.Zone("Europe/London").offset_s(begin - 1) == 0
    assert clock.Zone("Europe/Helsinki").offset_s(begin) == 10800
    for name in ("GMT", "Mars/Base"):
        assert clock.Zone(name).offset_s(begin) == 0


def test_local_time_to_utc():
    zone = clock.Zone("Europe/Oslo")
    for utc in range(clock.seconds(2026, 1, 1, 0, 0, 0), clock.seconds(2027, 1, 1, 0, 0, 0), 1800):
        local = utc + zone.offset_s(utc)
        back = zone.to_utc(local)
        if back != utc:  # only the second passing of the hour that comes twice
            assert utc - back == 3600
            assert 0 <= utc - clock.seconds(2026, 10, 25, 1, 0, 0) < 3600
