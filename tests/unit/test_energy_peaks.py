"""Peaks and tariffs: the behaviour specification's vectors, and each profile's rules."""

import clock
from energy import holidays
from energy.history import History
from energy.peaks import Peaks
from energy.rules import PROFILES
from energy.slots import EDITED, ESTIMATED, GAP, INTERPOLATED, MEASURED
from energy.tariff import Tariff, for_profile

ZONE = clock.Zone("Europe/Oslo")


def at(day, hour=12, month=1):
    return clock.to_utc("Europe/Oslo", clock.seconds(2026, month, day, hour, 0, 0))


def norway():
    peaks = Peaks(Tariff(PROFILES["NO"]), ZONE)
    for day, watts in (
        (16, 8100), (18, 7200), (18, 7900), (20, 7400), (20, 6000), (3, 6000), (5, 5500),
        (7, 5000), (8, 6100),
    ):  # fmt: skip
        peaks.offer(at(day), watts, MEASURED)
    return peaks


def test_the_months_value_is_the_mean_of_the_highest():
    peaks = norway()
    assert peaks.value() == 7800 and peaks.tariff.step_kw(peaks.value()) == 10
    assert [watts for _, watts in peaks.chosen()] == [8100, 7900, 7400]
    peaks.tariff = Tariff({"steps": PROFILES["NO"]["steps"], "count": 5})
    assert peaks.value() == 7100
    peaks.tariff = Tariff({"count": 1})
    assert peaks.value() == 8100 and Peaks(peaks.tariff, ZONE).value() == 0


def test_only_measured_hours_and_the_owners_are_peaks():
    peaks = Peaks(Tariff(PROFILES["NO"]), ZONE)
    for quality in (GAP, ESTIMATED, INTERPOLATED):
        peaks.offer(at(4), 9000, quality)
    assert peaks.slots == []
    peaks.offer(at(4), 2000, EDITED)
    assert peaks.value() == 2000


def test_swedish_winter_weekdays():
    tariff = Tariff(PROFILES["SE-weekday-winter"])
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
    tariff = Tariff(PROFILES["SE-weekday-single"])
    assert tariff.weight(ZONE, at(6, 12, 1)) == 0  # Epiphany, a Tuesday
    assert tariff.weight(ZONE, at(3, 12, 4)) == 0  # Good Friday
    assert tariff.weight(ZONE, at(7, 12, 4)) == 1000
    assert tariff.value([3000, 9000, 8000]) == 9000


def test_nights_at_half():
    peaks = Peaks(Tariff(PROFILES["SE-night-half"]), ZONE)
    peaks.offer(at(5, 23), 9000, MEASURED)
    peaks.offer(at(6, 12), 5000, MEASURED)
    assert [watts for _, watts in peaks.slots] == [4500, 5000]


def test_belgian_quarters():
    tariff = Tariff(PROFILES["BE"])
    peaks = Peaks(tariff, clock.Zone("Europe/Brussels"))
    assert peaks.value() == 2500  # the floor
    peaks.offer(at(5), 1500, MEASURED)  # Wh in a quarter: 6 kW
    peaks.offer(at(5) + 900, 1400, MEASURED)
    assert peaks.value() == 6000
    assert tariff.rolling(6000, [4000] * 11) == 4167  # (6 + 44) / 12
    assert tariff.rolling(6000, [2500, 3500]) == 4000
    assert tariff.rolling(6000, [0] * 13) == 500


def test_denmark_has_none():
    peaks = Peaks(Tariff(PROFILES["DK"]), ZONE)
    peaks.offer(at(5), 9000, MEASURED)
    assert peaks.slots == [] and peaks.value() == 0 and peaks.room(at(5)) is None


def test_room_up_to_the_next_step():
    peaks = norway()  # 8.1 7.9 7.4 6.0 6.1: mean of three 7.8 in the step to 10
    assert peaks.room(at(25)) == 14001  # (8.1 + 7.9 + 14.001) / 3 rounds to 10.000
    assert peaks.room(at(16)) == 14701  # day 16's own 8.1 gives way: 7.9 + 7.4
    peaks.tariff = Tariff({"count": 1, "steps": [5]})
    assert peaks.room(at(25)) is None  # above all steps


def value_with(peaks, begin, watts):
    """The month's value if the interval at begin ended with this mean power."""
    again = Peaks(peaks.tariff, ZONE)
    again.slots = list(peaks.slots)
    again.offer(begin, watts, MEASURED)
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
        peaks = Peaks(Tariff(rules), ZONE)
        for _ in range(40):
            x = x * 1103515245 + 12345 & 0x3FFFFFFF
            begin = at(1 + x // 7 % 20, x // 1000 % 24)
            room = peaks.room(begin)
            limit = peaks.tariff.limit_w(peaks.value())
            if room is not None:
                assert value_with(peaks, begin, room) <= limit < value_with(peaks, begin, room + 1)
            else:
                assert limit is None
            peaks.offer(begin, x // 5000 % 4000, MEASURED)
    assert Peaks(Tariff({"steps": [2], "hour_from": 8}), ZONE).room(at(3, 4)) is None


def test_a_month_is_priced_by_the_kw_or_by_the_step():
    assert Tariff({}).cost_micro(5000) is None
    by_kw = Tariff({"price_micro_per_kw": 40000000})
    assert by_kw.cost_micro(2500) == 100000000 and by_kw.cost_micro(0) == 0
    by_step = Tariff({"steps": [2, 5, 10], "step_prices_micro": [125, 206, 343, 475]})
    prices = [by_step.cost_micro(w) for w in (0, 2000, 2001, 5000, 10000, 10001, 99000)]
    assert prices == [125, 125, 206, 206, 343, 475, 475]
    assert Tariff({"steps": [2, 5], "step_prices_micro": [7]}).cost_micro(9000) == 7
    assert Tariff({"step_prices_micro": "free"}).faults == ["step_prices_micro must be a list"]


def test_a_window_over_midnight():
    tariff = Tariff({"hour_from": 22, "hour_to": 6})
    assert [tariff.weight(ZONE, at(5, hour)) for hour in (21, 22, 23, 0, 5, 6)] == [
        0, 1000, 1000, 1000, 1000, 0,
    ]  # fmt: skip


def test_rules_that_make_no_sense_take_their_default():
    tariff = Tariff(
        {"count": 11, "hour_from": "7", "interval_min": 30, "steps": [10, 65535, 5, 0]}
    )
    assert tariff.count == 3 and tariff.hour_from == 0 and tariff.interval_min == 60
    assert tariff.steps == (5, 10) and len(tariff.faults) == 2


def test_the_owners_settings_replace_the_profiles():
    tariff = for_profile("BE", {"floor_w": 3000, "steps": [4, 8]})
    assert tariff.interval_min == 15 and tariff.floor_w == 3000 and tariff.steps == (4, 8)
    assert for_profile("Mars", {}).count == 3


def test_holidays():
    for country, month, day in (("NO", 5, 17), ("NO", 5, 14), ("SE", 6, 6), ("BE", 7, 21)):
        assert holidays.is_holiday(country, clock.days(2026, month, day)), country
    assert not holidays.is_holiday("NO", clock.days(2026, 5, 18))
    assert not holidays.is_holiday("XX", clock.days(2026, 1, 1))


def test_recomputed_from_history():
    history = History()
    peaks = Peaks(Tariff(PROFILES["NO"]), ZONE)
    day = at(5) // 86400
    history.add(day * 96 + 40, 3000, 0)
    history.close_hour(day * 24 + 10, MEASURED)
    history.add(day * 96 + 44, 4000, 0)
    history.close_hour(day * 24 + 11, ESTIMATED)
    peaks.given = [(at(3), 2000)]
    peaks.month = 2026 * 12
    peaks.recompute(history, 2026 * 12, day * 86400 + 86400)
    assert sorted([watts for _, watts in peaks.slots]) == [2000, 3000]
    peaks.recompute(history, 2026 * 12, day * 86400 + 10 * 3600)
    assert [watts for _, watts in peaks.slots] == [2000]
    peaks.recompute(history, 2026 * 12 + 1, day * 86400 + 86400)
    assert peaks.slots == []
