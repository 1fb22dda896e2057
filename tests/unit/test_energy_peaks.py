"""Peaks and tariffs: the behaviour specification's vectors, and each profile's rules."""

import clock
from energy import outlook, profiles, views
from energy.blocks import EDITED, ESTIMATED, GAP, INTERPOLATED, MEASURED
from energy.settler import Settler
from energy.tariff import ABOVE_ALL, Peaks

ZONE = clock.Zone("Europe/Oslo")


def at(day, hour=12, month=1):
    return ZONE.to_utc(clock.seconds(2026, month, day, hour, 0, 0))


def faults_of(name, rules):
    faults = []
    profiles.tariff(name, rules, faults)
    return faults


def norway():
    peaks = Peaks(profiles.tariff("NO", {}))
    for day, watts in (
        (16, 8100), (18, 7200), (18, 7900), (20, 7400), (20, 6000), (3, 6000), (5, 5500),
        (7, 5000), (8, 6100),
    ):  # fmt: skip
        peaks.offer(ZONE, at(day), watts, MEASURED)
    return peaks


def test_the_months_value_is_the_mean_of_the_highest():
    peaks = norway()
    assert peaks.value() == 7800 and peaks.tariff.step_kw(peaks.value()) == 10
    assert [watts for _, watts in peaks.chosen()] == [8100, 7900, 7400]
    peaks.tariff = profiles.tariff("NO", {"count": 5})
    assert peaks.value() == 7100
    peaks.tariff = profiles.tariff("", {"count": 1})
    assert peaks.value() == 8100 and Peaks(peaks.tariff).value() == 0


def test_only_measured_hours_and_the_owners_are_peaks():
    peaks = Peaks(profiles.tariff("NO", {}))
    for quality in (GAP, ESTIMATED, INTERPOLATED):
        peaks.offer(ZONE, at(4), 9000, quality)
    assert peaks.places == []
    peaks.offer(ZONE, at(4), 2000, EDITED)
    assert peaks.value() == 2000


def test_swedish_winter_weekdays():
    tariff = profiles.tariff("SE-weekday-winter", {})
    for day, hour, month, weight in (
        (5, 7, 1, 1000),  # Monday
        (5, 6, 1, 0),
        (5, 18, 1, 1000),
        (5, 19, 1, 0),
        (4, 12, 1, 0),  # Sunday
        (2, 12, 4, 0),  # April
        (2, 12, 11, 1000),
        (31, 12, 3, 1000),
    ):
        assert tariff.weight(ZONE, at(day, hour, month)) == weight, (day, hour, month)


def test_swedish_holidays_and_single_peak():
    tariff = profiles.tariff("SE-weekday-single", {})
    assert tariff.weight(ZONE, at(6, 12, 1)) == 0  # Epiphany, a Tuesday
    assert tariff.weight(ZONE, at(3, 12, 4)) == 0  # Good Friday
    assert tariff.weight(ZONE, at(7, 12, 4)) == 1000
    assert tariff.value([3000, 9000, 8000]) == 9000


def test_nights_at_half():
    peaks = Peaks(profiles.tariff("SE-night-half", {}))
    peaks.offer(ZONE, at(5, 23), 9000, MEASURED)
    peaks.offer(ZONE, at(6, 12), 5000, MEASURED)
    assert [watts for _, watts in peaks.places] == [4500, 5000]


def test_belgian_quarters():
    tariff = profiles.tariff("BE", {})
    peaks = Peaks(tariff)
    assert peaks.value() == 2500  # the floor
    peaks.offer(ZONE, at(5), 1500, MEASURED)  # Wh in a quarter: 6 kW
    peaks.offer(ZONE, at(5) + 900, 1400, MEASURED)
    assert peaks.value() == 6000
    assert tariff.rolling(6000, [4000] * 11) == 4167  # (6 + 44) / 12
    assert tariff.rolling(6000, [2500, 3500]) == 4000
    assert tariff.rolling(6000, [0] * 13) == 2792  # each at least 2.5: (6 + 11 * 2.5) / 12


def test_denmark_has_none():
    peaks = Peaks(profiles.tariff("DK", {}))
    peaks.offer(ZONE, at(5), 9000, MEASURED)
    assert peaks.places == [] and peaks.value() == 0
    assert outlook.limit_w(peaks, ZONE, at(5)) is None


def test_room_up_to_the_next_step():
    peaks = norway()  # 8.1 7.9 7.4 6.0 6.1: mean of three 7.8 in the step to 10
    assert outlook.limit_w(peaks, ZONE, at(25)) == 14001  # 8.1 7.9 14.001: 10.000
    assert outlook.limit_w(peaks, ZONE, at(16)) == 14701  # its own 8.1 gives way
    peaks.tariff = profiles.tariff("", {"count": 1, "steps": [5]})
    assert outlook.limit_w(peaks, ZONE, at(25)) is None  # above all steps


def value_with(peaks, begin, watts, zone=ZONE):
    """The month's value if the interval at begin ended with this mean power."""
    again = Peaks(peaks.tariff)
    again.places = list(peaks.places)
    again.offer(zone, begin, watts, MEASURED)
    return again.value()


def test_room_is_the_most_that_keeps_the_step():
    x = 7
    for rules in (
        {"steps": [2, 5, 10]},
        {"steps": [2, 5, 10], "per_day": 0, "count": 2},
        {"steps": [3, 6], "use_max": 1, "count": 1},
        {"steps": [3, 6], "count": 5, "hour_from": 6, "hour_to": 22, "closed_permille": 500},
        {"steps": [3], "floor_w": 2500, "count": 1, "closed_permille": 333, "hour_to": 12},
    ):
        peaks = Peaks(profiles.tariff("", rules))
        for _ in range(40):
            x = x * 1103515245 + 12345 & 0x3FFFFFFF
            begin = at(1 + x // 7 % 20, x // 1000 % 24)
            most = outlook.limit_w(peaks, ZONE, begin)
            step = peaks.tariff.step_kw(peaks.value())
            limit = step * 1000
            if most is not None:
                assert value_with(peaks, begin, most) <= limit < value_with(peaks, begin, most + 1)
            else:
                assert step == ABOVE_ALL
            peaks.offer(ZONE, begin, x // 5000 % 4000, MEASURED)
    peaks = Peaks(profiles.tariff("", {"steps": [2], "hour_from": 8}))
    assert outlook.limit_w(peaks, ZONE, at(3, 4)) is None


def test_a_month_is_priced_by_the_kw_or_by_the_step():
    assert outlook.cost_micro(profiles.tariff("", {}), 5000) is None
    by_kw = profiles.tariff("", {"price_micro_per_kw": 40000000})
    assert outlook.cost_micro(by_kw, 2500) == 100000000 and outlook.cost_micro(by_kw, 0) == 0
    by_step = profiles.tariff("", {"steps": [2, 5, 10], "step_prices_micro": [125, 206, 343, 475]})
    prices = [outlook.cost_micro(by_step, w) for w in (0, 2000, 2001, 5000, 10000, 10001, 99000)]
    assert prices == [125, 125, 206, 206, 343, 475, 475]
    one = profiles.tariff("", {"steps": [2, 5], "step_prices_micro": [7]})
    assert outlook.cost_micro(one, 9000) == 7
    assert faults_of("NO", {"step_prices_micro": "free"}) == ["step_prices_micro must be a list"]


def test_a_window_over_midnight():
    tariff = profiles.tariff("", {"hour_from": 22, "hour_to": 6})
    assert [tariff.weight(ZONE, at(5, hour)) for hour in (21, 22, 23, 0, 5, 6)] == [
        0, 1000, 1000, 1000, 1000, 0,
    ]  # fmt: skip


def test_rules_that_make_no_sense_take_their_default():
    rules = {"count": 11, "hour_from": "7", "interval_min": 30, "steps": [10, 65535, 5, 0]}
    tariff = profiles.tariff("", rules)
    assert tariff.count == 3 and tariff.hour_from == 0 and tariff.interval_min == 60
    assert tariff.steps == (5, 10) and len(faults_of("NO", rules)) == 2


def test_the_owners_settings_replace_the_profiles():
    tariff = profiles.tariff("BE", {"floor_w": 3000, "steps": [4, 8]})
    assert tariff.interval_min == 15 and tariff.floor_w == 3000 and tariff.steps == (4, 8)
    assert profiles.tariff("Mars", {}).count == 3


def test_holidays():
    for country, month, day in (("NO", 5, 17), ("NO", 5, 14), ("SE", 6, 6), ("BE", 7, 21)):
        tariff = profiles.tariff("", {"holidays": country})
        assert tariff.weight(ZONE, at(day, 12, month)) == 0, country
    norway = profiles.tariff("", {"holidays": "NO"})
    assert norway.weight(ZONE, at(18, 12, 5)) == 1000
    assert profiles.tariff("", {"holidays": "XX"}).weight(ZONE, at(1)) == 1000


def test_unknown_profiles_and_rules_are_reported():
    assert faults_of("NO", {}) == faults_of("SE-weekday-single", {"count": 2}) == []
    for name, rules, words in (
        ("SE-day3", {}, "there is no profile SE-day3: it may be AT, AT-measured, BE, DK, N"),
        ("NO", {"holidays": "XX"}, "holidays must be one of AT, BE, DK, FI, NO, SE"),
        ("NO", {"holidays": 47}, "holidays must be one of AT, BE, DK, FI, NO, SE"),
        ("NO", {"step_prices_micro": [100, -1]}, "step_prices_micro must be 0 to 1000000000 each"),
        ("NO", {"steps": [5, "10"]}, "steps must be whole numbers"),
    ):
        faults = faults_of(name, rules)
        assert len(faults) == 1 and faults[0].startswith(words), faults
    assert profiles.unknown({"step": [5], "count": 3, "holidays": "NO"}) == ["step"]


def test_the_prices_of_steps_stay_in_their_order_and_may_be_0():
    tariff = profiles.tariff("", {"steps": [5, 10], "step_prices_micro": [0, 100, 200]})
    assert [outlook.cost_micro(tariff, watts) for watts in (3000, 7000, 12000)] == [0, 100, 200]
    falling = profiles.tariff("", {"steps": [10, 5], "step_prices_micro": [300, 200, 100]})
    assert [outlook.cost_micro(falling, watts) for watts in (3000, 7000, 12000)] == [300, 200, 100]


def test_recomputed_from_history():
    settler = Settler("Europe/Oslo", profiles.tariff("NO", {}))
    history, peaks = settler.history, settler.peaks
    day = at(5) // 86400
    history.add(day * 96 + 40, 3000, 0)
    history.hour_quality[10] = MEASURED
    history.add(day * 96 + 44, 4000, 0)
    history.hour_quality[11] = ESTIMATED
    peaks.from_file = [(at(3), 2000)]
    peaks.month = 2026 * 12
    settler.settled_until = day * 86400 + 86400
    views.find_peaks(settler, peaks, 2026 * 12)
    assert sorted([watts for _, watts in peaks.places]) == [2000, 3000]
    settler.settled_until = day * 86400 + 10 * 3600
    views.find_peaks(settler, peaks, 2026 * 12)
    assert [watts for _, watts in peaks.places] == [2000]
    settler.settled_until = day * 86400 + 86400
    views.find_peaks(settler, peaks, 2026 * 12 + 1)
    assert peaks.places == []
