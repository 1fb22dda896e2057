"""The forecast of the running interval, and the tariff's view of it.

Times are of test_energy_ledger: 2026-03-03 UTC, a Tuesday.
"""

import clock
from energy import outlook, profiles, restored, saved
from energy.blocks import MEASURED
from energy.outlook import Outlook
from energy.power import Forecast
from energy.registers import Registers
from energy.settler import Settler
from energy.tariff import ABOVE_ALL, Peaks
from test_energy_ledger import Meter, at
from test_energy_peaks import value_with

OSLO = clock.Zone("Europe/Oslo")
STOCKHOLM = clock.Zone("Europe/Stockholm")


def local(zone, month, day, hour):
    return zone.to_utc(clock.seconds(2026, month, day, hour, 0, 0))


def quarterly():
    return profiles.tariff("", {"interval_min": 15, "steps": [5, 10], "per_day": 0})


def crossing(tariff, begin, base, load, step):
    """(seconds until the limit shows as crossed, seconds until it is cleared) for a load that
    comes on at half of the interval at begin and goes after a tenth of it.

    step  seconds between telegrams
    """
    m = Meter()
    m.energy.set_rules("GMT", tariff)
    half = begin + tariff.interval_min * 30
    m.register(begin, 5000)
    m.power(begin, half, base, step)

    def until(since, watts, over):
        t = since
        while True:
            t += step
            m.tell(t, power_import_w=watts)
            ahead = Outlook(m.energy, t, None)
            if (ahead.expected_w > ahead.limit_w) == over:
                return t - since

    crossed = until(half, load, True)
    end = half + tariff.interval_min * 6
    m.power(half + crossed, end, load, step)
    return crossed, until(end, base, False)


def test_a_load_of_15_kw_crosses_the_limit_within_20_s_and_clears_within_60_s():
    for tariff in (profiles.tariff("NO", {}), quarterly()):
        for step in (1, 2, 5, 10):
            crossed, cleared = crossing(tariff, at(10), 500, 15000, step)
            assert (crossed, cleared) == (step, step), tariff.interval_min


def test_the_last_power_weighs_two_parts_and_the_mean_one():
    for held_ms, mean in ((1000, 740), (2500, 1095), (10000, 2730)):
        # 500 W + 14500 W * (1 - e^(-t / 60 s)) after the first telegram with 15 kW
        forecast = Forecast()
        forecast.note(500, 0)
        assert forecast.watts() == 500
        forecast.note(15000, held_ms)
        assert abs(forecast.watts() - (2 * 15000 + mean) // 3) <= 5, held_ms


def test_the_mean_has_a_time_constant_of_a_minute():
    for held_ms in (1000, 2000, 5000, 10000):
        forecast = Forecast()
        forecast.note(0, 0)
        for _ in range(60000 // held_ms):
            forecast.note(9000, held_ms)
        # 9000 W * (1 - 1 / e) = 5689 W; two parts of 9000 W and one of that are 7896 W
        assert abs(forecast.watts() - 7896) <= 20, held_ms
        for _ in range(1200000 // held_ms):
            forecast.note(500, held_ms)
        assert abs(forecast.watts() - 500) <= 2


def test_after_a_silence_only_the_last_power_is_expected():
    for held_ms in (0, 60000):
        forecast = Forecast()
        assert forecast.watts() == 0
        if held_ms:
            forecast.note(15000, 0)
        forecast.note(700, held_ms)
        assert forecast.watts() == 700


def test_what_is_left_is_at_most_what_the_fuse_allows():
    m = Meter()
    m.register(at(10), 5000)
    m.power(at(10), at(10, 50), 600)
    free = Outlook(m.energy, at(10, 50), 17320)
    # (5000 Wh - 500 Wh) in ten minutes are 27 kW; a fuse of 25 A allows 17.3 kW
    assert free.used_wh == 500 and free.limit_w == 5000
    assert free.left_w == 17320 and free.free
    bound = Outlook(m.energy, at(10, 50), 27712)
    assert bound.left_w == 27000 and not bound.free
    assert Outlook(m.energy, at(10, 50), None).left_w == 27000
    m.power(at(10, 50), at(10, 51), 30000)  # more than the fuse: it does not bound anything
    above = Outlook(m.energy, at(10, 51), 17320)
    assert above.left_w == 26666 and not above.free  # (5000 - 1000) Wh in 9 minutes


def test_sweden_counts_and_halves_by_the_clock():
    half = profiles.tariff("SE-night-half", {})
    morning, evening = local(STOCKHOLM, 1, 7, 6), local(STOCKHOLM, 1, 7, 22)
    assert outlook.weight_until(half, STOCKHOLM, morning) == evening
    assert outlook.weight_until(half, STOCKHOLM, morning - 1) == morning
    assert outlook.weight_until(half, STOCKHOLM, evening) == local(STOCKHOLM, 1, 8, 6)
    peaks = Peaks(half)
    for day, watts in ((1, 6000), (2, 5000), (3, 4000)):
        peaks.offer(STOCKHOLM, local(STOCKHOLM, 1, day, 12), watts, MEASURED)
    # By day up to the third peak, 4 kW; an hour at night counts half: up to twice that.
    assert abs(outlook.limit_w(peaks, STOCKHOLM, morning) - 4000) <= 2
    assert abs(outlook.limit_w(peaks, STOCKHOLM, evening) - 8000) <= 4


def test_weekends_holidays_and_seasons_end_at_the_next_hour_that_counts():
    winter = profiles.tariff("SE-weekday-winter", {})
    for begin, end in (
        ((1, 7, 7), (1, 7, 19)),
        ((1, 9, 19), (1, 12, 7)),  # from Friday to Monday
        ((3, 31, 12), (3, 31, 19)),
        ((3, 31, 19), (11, 2, 7)),  # the season is over; 1 November 2026 is a Sunday
        ((7, 1, 3), (11, 2, 7)),
    ):
        assert outlook.weight_until(winter, STOCKHOLM, local(STOCKHOLM, *begin)) == local(
            STOCKHOLM, *end
        )
    single = profiles.tariff("SE-weekday-single", {})
    thursday = local(STOCKHOLM, 4, 2, 19)  # Good Friday is 3 April, Easter Monday the 6th
    assert outlook.weight_until(single, STOCKHOLM, thursday) == local(STOCKHOLM, 4, 7, 7)
    for name in ("NO", "SE-day-3", "BE", "DK", "NL", "AT", "AT-measured"):
        assert outlook.weight_until(profiles.tariff(name, {}), STOCKHOLM, thursday) is None
    never = profiles.tariff("", {"months": 1, "weekdays": 64, "closed_permille": 1000})
    assert outlook.weight_until(never, STOCKHOLM, thursday) is None
    winter_only = profiles.tariff("", {"months": 0xC07})
    assert outlook.weight_until(winter_only, OSLO, thursday) == local(OSLO, 11, 1, 0)


def test_swedish_eves():
    eves = profiles.tariff("SE-weekday-3", {})
    for month, day, counts in (
        (6, 19, False),  # Midsummer Eve is the Friday from 19 to 25 June
        (6, 18, True),
        (6, 26, True),
        (12, 24, False),
        (12, 31, False),
        (12, 30, True),
        (1, 6, False),
    ):
        assert bool(eves.weight(STOCKHOLM, local(STOCKHOLM, month, day, 12))) == counts, (
            month,
            day,
        )
    utc = STOCKHOLM.to_utc(clock.seconds(2027, 6, 25, 12, 0, 0))  # the latest one
    assert not eves.weight(STOCKHOLM, utc) and eves.weight(STOCKHOLM, utc - 7 * 86400)
    falkenberg = profiles.tariff("SE-winter-6-20", {})
    assert falkenberg.weight(STOCKHOLM, local(STOCKHOLM, 1, 7, 6)) == 1000
    assert not falkenberg.weight(STOCKHOLM, local(STOCKHOLM, 1, 6, 6))
    assert not falkenberg.weight(STOCKHOLM, local(STOCKHOLM, 1, 7, 20))


def test_belgium_compares_the_quarter_with_the_floor_or_the_months_peak():
    m = Meter("Europe/Brussels", "BE")
    m.register(at(10), 5000)
    m.power(at(10), at(10, 5), 1200)
    ahead = Outlook(m.energy, at(10, 5), None)
    # Below 2.5 kW nothing changes: (625 Wh - 100 Wh) in 10 minutes.
    assert ahead.limit_w == 2500 and ahead.left_w == 3150
    assert ahead.month_w == 2500 and ahead.at_floor and ahead.rate_w == 2500
    m.power(at(10, 5), at(10, 15), 4800)
    m.register(at(10, 15), 5900)  # 900 Wh in the quarter: 3.6 kW
    m.power(at(10, 15), at(10, 20), 1200)
    ahead = Outlook(m.energy, at(10, 20), None)
    assert ahead.month_w == 3600 and not ahead.at_floor and ahead.limit_w == 3600
    m.tell(at(10, 21), power_import_w=9000, peak_import_w=4000, peak_time_local=at(9, 45) + 3600)
    ahead = Outlook(m.energy, at(10, 21), None)
    assert ahead.limit_w == 4000 and ahead.month_w == 4000
    assert ahead.rate_w == ahead.expected_w > 4000  # the first month: no mean of several


def test_a_meters_peak_without_a_time_is_of_the_quarter_before_it_is_seen():
    m = Meter("Europe/Brussels", "BE")
    m.tell(at(10, 17), power_import_w=500, peak_import_w=3300)
    assert m.energy.peaks.meter_peak == (at(10), 3300)
    m.tell(at(12), power_import_w=500, peak_import_w=3300)
    assert m.energy.peaks.meter_peak == (at(10), 3300)
    m.tell(at(12, 30), power_import_w=500, peak_import_w=3400)
    assert m.energy.peaks.meter_peak == (at(12, 15), 3400)
    for wrong in (0, -5, 1000000):
        m.tell(at(13), power_import_w=500, peak_import_w=wrong)
    assert m.energy.peaks.meter_peak == (at(12, 15), 3400)


def test_a_meters_peak_without_a_time_is_not_taken_for_the_next_months():
    m = Meter("GMT", "BE")
    april = at(0) + 29 * 86400
    m.tell(april + 60, power_import_w=500, peak_import_w=3300)  # still that of March
    assert m.energy.peaks.meter_peak is None
    m.tell(april + 900, power_import_w=500, peak_import_w=200)
    assert m.energy.peaks.meter_peak == (april, 200)


def test_the_meters_earlier_months_replace_unknown_ones():
    m = Meter("GMT", "BE")
    march = 2026 * 12 + 2
    for day in range(2):
        m.register(at(10) + day * 86400, 5000 + day)
    assert m.energy.month_value() == 2500
    peaks = m.energy.peaks
    peaks.meter_months = [march - 1, 1200, 4000] + [0] * 11
    # The floor of this month, 4 kW in January, and 2.5 kW for February, whose peak is lower.
    assert m.energy.month_value() == 3000
    peaks.meter_months = [march - 1] + [4300] * 13
    assert m.energy.month_value() == (2500 + 11 * 4300 + 6) // 12  # eleven of the thirteen
    m.energy.save(at(11) + 86400)
    again = Meter("GMT", "BE", files=m.files)
    assert again.energy.peaks.meter_months == peaks.meter_months
    assert again.energy.month_value() == m.energy.month_value()
    m.energy.set_rules("GMT", profiles.tariff("", {"rolling_months": 12}))
    assert m.energy.month_value() == 0  # of hours: the meter's quarters do not count


def test_a_state_without_the_meters_months_is_restored():
    m = Meter("GMT", "BE")
    m.register(at(10), 5000)
    peaks = m.energy.peaks
    peaks.meter_months = [24313, 4000]
    state = restored.states(m.energy.snapshot())[0]
    registers, settler = Registers(), Settler("GMT", peaks.tariff)
    assert restored.restore(list(state), registers, settler)
    assert settler.peaks.meter_months == [24313, 4000]
    registers, settler = Registers(), Settler("GMT", peaks.tariff)
    later = sum([1 + len(group) for group in saved.groups(m.energy)[3:]])
    assert restored.restore(state[:-later], registers, settler)  # of an earlier version
    assert registers.imported == 5000 and settler.peaks.meter_months == []
    restored.restore_groups([[], [], [], [99] + [1] * 99, []], registers, settler)
    assert settler.peaks.meter_months == []


def test_sweden_without_peaks_has_no_limit_yet():
    peaks = Peaks(profiles.tariff("SE-day-3", {}))
    assert outlook.limit_w(peaks, STOCKHOLM, at(10)) is None


def test_without_steps_the_limit_is_the_most_that_leaves_the_value():
    x = 11
    for name in ("SE-day-3", "SE-night-half", "SE-weekday-3", "SE-weekday-single", "AT-measured"):
        peaks = Peaks(profiles.tariff(name, {}))
        some = 0
        for _ in range(60):
            x = x * 1103515245 + 12345 & 0x3FFFFFFF
            begin = local(STOCKHOLM, 1, 5 + x // 7 % 20, x // 1000 % 24)
            most = outlook.limit_w(peaks, STOCKHOLM, begin)
            watts = x // 5000 % 9000
            if peaks.tariff.interval_min == 15:
                watts //= 4
            if most is not None:
                some += 1
                if peaks.tariff.interval_min == 60:
                    value = peaks.value()
                    assert value_with(peaks, begin, most, STOCKHOLM) <= value, name
                    assert value_with(peaks, begin, most + 1, STOCKHOLM) > value, name
            peaks.offer(STOCKHOLM, begin, watts, MEASURED)
        assert some > 10, name


def test_the_next_step_and_its_price():
    tariff = profiles.tariff("NO", {"steps": [2, 5, 10], "step_prices_micro": [0, 206, 343, 475]})
    for watts, expected in (
        (0, (5, 206)),
        (2000, (5, 206)),
        (2001, (10, 343)),
        (9000, (ABOVE_ALL, 475)),
        (10001, (None, None)),
    ):
        assert outlook.next_step(tariff, watts) == expected, watts
    assert outlook.next_step(profiles.tariff("NO", {}), 7000) == (15, None)
    by_kw = profiles.tariff("BE", {"price_micro_per_kw": 3370000})
    assert outlook.next_step(by_kw, 4000) == (None, 3370000)
    assert outlook.next_step(profiles.tariff("NL", {}), 4000) == (None, None)


def test_the_cost_at_this_rate():
    m = Meter()
    rules = {"steps": [2, 5], "step_prices_micro": [100, 200, 300], "count": 1}
    m.energy.set_rules("GMT", profiles.tariff("NO", rules))
    m.register(at(10), 5000)
    m.power(at(10), at(10, 30), 1500)
    ahead = Outlook(m.energy, at(10, 30), None)
    assert ahead.rate_w == 1500 and ahead.rate_cost == 100
    m.power(at(10, 30), at(10, 40), 9000)
    ahead = Outlook(m.energy, at(10, 40), None)
    assert ahead.used_wh == 2250 and ahead.expected_w == 5250  # 2250 Wh + 9 kW for 20 minutes
    assert ahead.rate_w == 5250 and ahead.rate_cost == 300


def test_danish_bands():
    tariff = profiles.tariff("DK", {})
    for hour, level, until in (
        (0, 0, 6),
        (5, 0, 6),
        (6, 1, 17),
        (16, 1, 17),
        (17, 2, 21),
        (21, 1, 24),
    ):
        end = local(OSLO, 3, 29, until % 24) if until < 24 else local(OSLO, 3, 30, 0)
        assert outlook.band(tariff, OSLO, local(OSLO, 3, 29, hour)) == (level, end), hour
    assert outlook.band(profiles.tariff("NO", {}), OSLO, at(10)) is None
