"""The worked examples of docs/energy.md and docs/tariffs.md, with the figures of the documents.

Those of the wrong clock, of the live history and of a correction's preview are in
test_energy_branches, test_recent and test_corrections. Times are of 2026-03-03 UTC.
"""

import clock
from energy import blocks, edits, outlook, profiles, views
from energy.blocks import Block
from energy.outlook import Outlook
from energy.registers import Registers
from energy.tariff import Peaks
from energy.totals import LAST_MONTH
from prices.stored import rate_ppm
from test_corrections import days_of_hours
from test_costs import shown as shown_money
from test_energy_documents import exported
from test_energy_ledger import DAY, Meter, at
from test_energy_money import KWH, Costs
from test_energy_shown import lines, shown, wh
from test_judge import BOTH, METER, NTP, Court
from web.documents import history

MARCH = 2026 * 12 + 2
OSLO = clock.Zone("Europe/Oslo")
STOCKHOLM = clock.Zone("Europe/Stockholm")


def quality(m, hour):
    return blocks.NAMES[m.hour(hour)[1]]


def peaks(m):
    return [watts for _, watts in m.energy.peaks.places]


# The clock.


def until(court, hour, minute, second=0):
    """Wait until a time of 17 March; T is 10:20."""
    court.wait((hour - 10) * 3600 + (minute - 20) * 60 + second - court.judge.run_s())


def lied_to(court):
    """From 11:21:00 on the time server is 60 days ahead and is asked each 64 s: eleven answers,
    the last one at 11:31:40."""
    until(court, 11, 21)
    court.says(NTP, 60 * 86400)
    court.often(NTP, 60 * 86400, 10, 64)
    assert court.judge.run_s() == 71 * 60 + 40


def test_a_server_that_is_60_days_ahead():
    court = Court()
    court.says(NTP)
    assert court.off() is None
    until(court, 10, 20, 6)
    court.says(NTP)
    assert court.off() == 0 and court.judge.source == NTP
    until(court, 11, 0, 10)
    court.says(METER, -10)
    assert court.judge.source == BOTH and court.judge.sure
    lied_to(court)
    assert court.off() == 0 and court.judge.source == BOTH and court.judge.waits()
    assert court.log[1:] == ["time: NTP says 2026-05-16T11:21:00 UTC, not believed: not confirmed"]
    until(court, 12, 0, 10)
    court.says(METER, -10)
    assert court.judge.source == METER
    court.often(NTP, 60 * 86400, 50, 64)
    assert court.off() == 0 and court.judge.steps == 0
    assert court.log[2].endswith("not believed: the clock of the other source goes on")
    until(court, 13, 0, 10)
    court.says(METER, -10)
    until(court, 13, 25)
    court.says(NTP)
    assert court.off() == 0 and court.judge.source == BOTH and court.judge.sure


def test_the_same_server_without_a_clock_in_the_meter():
    court = Court()
    court.says(NTP)
    until(court, 10, 20, 6)
    court.says(NTP)
    lied_to(court)
    assert court.off() == 60 * 86400
    assert court.log[-1] == (
        "time: step from 2026-03-17T11:31:40 to 2026-05-16T11:31:40 UTC by NTP"
    )
    court.often(NTP, 0, 11, 64)
    assert court.off() == 0 and court.judge.steps == 2


# Summer time.


def test_a_day_of_25_and_one_of_23_hours():
    for date, begin, hours, kwh in (
        ((2026, 10, 25), clock.seconds(2026, 10, 24, 22, 0, 0), 25, 22500),
        ((2026, 3, 29), clock.seconds(2026, 3, 28, 23, 0, 0), 23, 20700),
    ):
        m = Meter("Europe/Oslo")
        for hour in range(26):
            m.register(begin + hour * 3600 + 6, 5000 + 900 * hour)
        day = clock.days(*date)
        assert OSLO.day_start(day) == begin and OSLO.day_start(day + 1) == begin + hours * 3600
        block = Block(31)
        views.fill(m.energy.history, blocks.DAYS, clock.month_of(day), block)
        assert block.imported[date[2] - 1] == kwh
        csv = exported(
            history.csv, m.energy, {"from": str(begin), "time": "local"}, begin + 26 * 3600
        )
        twos = [line[10:22] for line in csv.split("\r\n") if line[10:13] == "T02"]
        assert twos == (["T02:00+02:00", "T02:00+01:00"] if hours == 25 else [])


def test_each_of_two_equal_local_hours_can_be_a_peak():
    for higher in (0, 1):  # UTC hours of 25 October, both are 02 in Oslo
        m = Meter("Europe/Oslo")
        begin = clock.seconds(2026, 10, 24, 22, 0, 0)
        register = 5000
        for hour in range(27):
            m.register(begin + hour * 3600 + 6, register)
            register += 4000 if hour == 2 + higher else 900
        assert m.energy.peaks.places[0] == (begin + (2 + higher) * 3600, 4000)


# Registers, slots and peaks.


def lost(first, last):
    """Lists each minute, 4 Wh each, from 10:00 to 12:00; those of first to last do not come."""
    m = Meter()
    for minute in range(121):
        if not first <= minute <= last:
            now = at(10, minute)
            m.tell(now, now, power_import_w=240, energy_import_wh=5001 + 4 * minute)
    return m


def test_an_hour_with_a_lost_telegram():
    m = lost(60, 60)
    assert m.hour(10) == m.hour(11) == (240, blocks.NEAR + 3)  # a 32nd
    assert peaks(m) == [233]  # 240 - 7
    assert blocks.near(240, 4) == blocks.NEAR + 3 and 240 >> 6 == 3
    m = lost(58, 63)
    assert quality(m, 10) == quality(m, 11) == "interpolated"
    assert m.hour(10)[0] + m.hour(11)[0] == 480 and peaks(m) == []


def repeated(first):
    """Hourly lists; that of 17:00 comes again at 18:00."""
    m = Meter()
    told = []
    for hour, clock_hour, register in (
        (16, 16, 109552248), (17, 17, 109554016), (18, 17, 109554016), (19, 19, 109562072),
    ):  # fmt: skip
        if hour >= first:
            if hour > first:
                m.power(at(hour - 1), at(hour), {17: 1768, 18: 3000, 19: 5056}[hour])
            told.append(m.register(at(hour, 0, 11), register, meter_utc=at(clock_hour)))
    return m, told


def test_a_repeated_list():
    m, told = repeated(16)
    assert told[2] == "repeated list"
    assert m.hour(17) == (3000, blocks.ESTIMATED) and m.hour(18) == (5056, blocks.ESTIMATED)
    assert peaks(m) == [1768]
    m, told = repeated(18)  # the repeated list is the very first one
    assert told == ["the first list is of the hour before", "first reading"]
    assert m.energy.registers.read_at == at(19)


def test_a_restart_in_an_hour_that_was_read_at_both_edges():
    m = Meter()
    m.register(at(9, 0, 6), 4000, meter_utc=at(9))
    m.register(at(10, 0, 6), 5000, meter_utc=at(10))
    m.energy.save(at(10, 0, 6))
    again = m.restart()
    again.power(at(10, 21), at(11), 1200)
    again.register(at(11, 0, 6), 6200, meter_utc=at(11))
    assert again.hour(10) == (1200, blocks.MEASURED)
    marks = again.quarters(10)[1]
    assert [blocks.NAMES[mark] for mark in marks] == [
        "interpolated", "interpolated", "estimated", "estimated",
    ]  # fmt: skip


def hourly_lists(*lists):
    """Hourly lists of (register, meter) from 10:00 on, 1.2 kW. Returns the meter and what each
    list made it say."""
    m = Meter()
    told = []
    m.register(at(9, 0, 8), 60800, meter_utc=at(9), meter_id="A")
    for i in range(len(lists)):
        m.power(at(9 + i), at(10 + i), 1200)
        wh, name = lists[i]
        told.append(m.register(at(10 + i, 0, 8), wh, meter_utc=at(10 + i), meter_id=name))
    return m, told


def test_a_swapped_meter():
    m, told = hourly_lists((62000, "A"), (63201, "B"), (64404, "B"))
    assert told[1].startswith("held") and told[2].endswith("confirmed by the next list")
    assert m.hour(10) == (0, blocks.GAP) and m.hour(11) == (1203, blocks.MEASURED)


def test_an_absurd_list():
    m, told = hourly_lists((62000, "A"), (162013, "A"), (64407, "A"), (65611, "A"))
    assert told[1].startswith("held") and told[2].startswith("the list before is ignored")
    assert m.hour(10) == (1203, blocks.ESTIMATED) and m.hour(11) == (1204, blocks.ESTIMATED)
    assert m.hour(12) == (1204, blocks.MEASURED)
    assert Registers().most_wh(3600, 1200) == 3400  # the most of the absurd list


def coarse(watts):
    """Registers in steps of 1 kWh, read each hour from 10:00 on."""
    m = Meter()
    m.energy.registers.step = 1000
    m.energy.registers.most_w = 100000
    for i in range(6):
        if i:
            m.power(at(9 + i), at(10 + i), watts)
        m.register(at(10 + i, 0, 8), (5000 + watts * i) // 1000 * 1000, meter_utc=at(10 + i))
    return m


def test_a_coarse_register():
    m = coarse(500)
    assert [m.hour(hour)[0] for hour in range(10, 14)] == [0, 1000, 0, 1000]
    assert [quality(m, hour) for hour in range(10, 14)] == ["estimated"] * 4 and peaks(m) == []
    m = coarse(40600)
    assert {m.hour(hour)[0] for hour in range(10, 15)} == {40000, 41000}
    assert {quality(m, hour) for hour in range(10, 15)} == {"near"}
    assert peaks(m) == [41000 - 1281] and 41000 - 1281 == 39719


def test_an_edge_in_doubt():
    m = Meter()
    for second in range(5, 2 * 3600 + 10, 10):
        now = at(10) + second
        m.tell(now, power_import_w=3600, energy_import_wh=10001 + second)
    assert m.hour(11) == (3600, blocks.NEAR + 1)  # a 128th
    assert peaks(m) == [3572]


# Shown at once.


def test_the_first_hour():
    m = Meter()
    begin = at(14, 23)
    m.tell(begin, power_import_w=1200)
    since = [None, begin, begin]

    def expect(utc, sums, counted_from, estimate):
        ea = shown(m, utc)
        assert (wh(ea["u"])[:2], ea["si"], ea["es"]) == (sums, counted_from, [estimate] * 3)

    expect(begin, [0, 0], [begin] * 3, True)
    m.last = begin
    m.power(begin, at(14, 53), 1200)
    expect(at(14, 53), [600, 600], [begin] * 3, True)
    m.power(at(14, 53), at(15), 1200)
    m.tell(at(15, 0, 4), power_import_w=1200)
    expect(at(15, 0, 4), [1, 741], since, True)
    assert lines(m, at(15, 0, 4)) == ["2026-03-03T14:00Z,0.740,0.000,provisional"]
    m.register(at(15, 0, 6), 5000)
    expect(at(15, 0, 6), [1, 741], since, False)
    m.last = -1
    m.power(at(15, 0, 10), at(16), 1200)
    m.register(at(16, 0, 6), 6200)
    expect(at(16, 0, 6), [0, 1940], since, False)
    assert m.hour(14) == (740, blocks.GAP) and m.hour(15) == (1200, blocks.MEASURED)


def test_a_power_cut_and_a_soft_reset():
    m = Meter()
    m.register(at(0), 0)
    for hour in range(1, 17):
        m.register(at(hour, 0, 6), 1000 * hour)
    m.energy.save(at(16, 0, 6))
    m.power(at(16), at(16, 20), 1200)
    assert wh(shown(m, at(16, 20))["u"])[:2] == [400, 16400]
    soft = Meter(files=m.files, snapshot=m.energy.snapshot())
    ea = shown(soft, at(16, 25))
    assert wh(ea["u"])[:2] == [400, 16400] and ea["es"] == [False] * 3


# Corrections.


def test_the_quarters_of_a_corrected_hour():
    m, utc = days_of_hours()
    hour = clock.seconds(2026, 3, 4, 19, 0, 0)

    def found(step_s, begin):
        return [row[1] for row in views.slots_between(m.energy, begin, begin + 3600, step_s)]

    assert found(900, hour) == [254, 255, 255, 255] and found(3600, hour) == [1019]
    assert edits.enter(m.energy, [(hour // 3600, 4500, 10)], [], utc) == 1
    assert found(900, hour) == [1121, 1126, 1126, 1127] and found(3600, hour) == [4500]
    day = clock.days(2026, 3, 4)
    block = Block(31)
    views.fill(m.energy.history, blocks.DAYS, MARCH, block)
    assert (block.imported[3], block.quality[3]) == (27757, blocks.EDITED)
    assert m.energy.running(utc)[2][0] == 99562 and OSLO.day(hour) == day


# Money.


def test_a_late_and_a_corrected_price():
    c = Costs()
    c.hours(30)  # until 06:00 on 4 March
    c.use(DAY, DAY + 86400, 2000000)
    assert c.row(3)[2] == 48 * KWH and c.row(2)[0::2][:3] == [30000, 48 * KWH, 24000]
    assert c.row(1)[2::2] == [0, 0]
    c.use(DAY + 86400, DAY + 2 * 86400, -500000)
    assert c.row(1)[2] == -3 * KWH and c.row(2)[2] == 45 * KWH
    c.use(DAY, DAY + 6 * 3600, 4000000)
    assert c.row(3)[2] == 60 * KWH and c.row(2)[2] == 57 * KWH


def test_a_missing_rate_that_comes():
    rates = {"EUR": 11500000, "SEK": 1000000}
    assert rate_ppm("EUR", "SEK", {"EUR": 11500000}) is None
    assert 50000 * rate_ppm("EUR", "SEK", rates) // 1000000 == 575000


def test_an_invoice():
    c = Costs(clock.seconds(2026, 3, 2, 0, 0, 0))
    c.energy.currency = "NOK"
    c.energy.set_rules("GMT", profiles.tariff("NO", {"step_prices_micro": [290000000]}))
    c.use(c.begin, c.begin + 86400, 1000000)
    c.hours(2)
    row = [839300, 4000, 1184550000000, 14020000000, 839300, 4000]
    c.energy.totals.rows[LAST_MONTH] = row
    c.energy.history.month_values = {MARCH - 1: 4630}
    lm = shown_money(c, monthly_fee_micro=49000000)[1]["lm"]
    assert lm == {
        "m": "2026-02", "u": 839.3, "p": 4.0, "c": 1184.55, "g": 14.02, "x": 4.63, "cc": 290.0,
        "fee": 49.0, "sum": 1509.53,
    }  # fmt: skip


# Tariffs and the forecast.


def peaks_of(tariff, zone, *days):
    found = Peaks(tariff)
    found.start(MARCH)
    for day, watts in days:
        found.offer(zone, clock.seconds(2026, 3, day, 11, 0, 0), watts, blocks.MEASURED)
    return found


def test_norway():
    found = peaks_of(profiles.tariff("NO", {}), OSLO, (16, 8100), (18, 7900), (20, 7400))
    assert found.value() == 7800 and found.tariff.step_kw(7800) == 10
    at_17 = clock.seconds(2026, 3, 25, 16, 0, 0)
    assert abs(outlook.limit_w(found, OSLO, at_17) - 14000) <= 1
    assert abs(outlook.limit_w(found, OSLO, at_17 - 9 * 86400) - 14700) <= 1


def test_norway_is_told_that_nothing_changes_the_step():
    m = Meter("GMT")
    m.energy.peaks.places = [(at(-24 * i), w) for i, w in ((1, 8100), (2, 7900), (3, 7400))]
    m.energy.peaks.month = MARCH
    m.register(at(17), 5000)
    m.power(at(17), at(17, 20), 7000)
    m.power(at(17, 20), at(17, 30), 4000)
    ahead = Outlook(m.energy, at(17, 30), 17320)
    assert ahead.used_wh == 3000 and ahead.expected_w == 5000
    assert abs(ahead.limit_w - 14000) <= 1
    assert ahead.free and ahead.left_w == 17320
    assert abs(Outlook(m.energy, at(17, 30), None).left_w - 22000) <= 2


def test_sweden():
    tariff = profiles.tariff("SE-night-half", {"price_micro_per_kw": 50000000})
    found = peaks_of(tariff, STOCKHOLM, (2, 6000), (3, 5000), (4, 4000))
    assert found.value() == 5000 and outlook.cost_micro(tariff, 5000) == 250000000
    day = clock.seconds(2026, 3, 5, 0, 0, 0)
    for hour, limit in ((20, 4000), (21, 8000), (28, 8000), (29, 4000)):  # UTC: an hour less
        assert abs(outlook.limit_w(found, STOCKHOLM, day + hour * 3600) - limit) <= 4, hour
    found.offer(STOCKHOLM, day + 21 * 3600, 9000, blocks.MEASURED)
    assert found.value() == 5167 and outlook.cost_micro(tariff, 5167) == 258350000
    winter = profiles.tariff("SE-weekday-winter", {})
    friday = clock.seconds(2026, 3, 6, 18, 0, 0)
    assert clock.weekday(friday // 86400) == 4
    monday = clock.seconds(2026, 3, 9, 6, 0, 0)
    assert outlook.weight_until(winter, STOCKHOLM, friday) == monday


def test_belgium():
    m = Meter("Europe/Brussels", "BE")
    for own, month_before, value in ((4321, 2679, 3500), (4321, 1200, 3411)):
        m.register(at(10), 5000)
        m.energy.peaks.meter_peak = (at(9), own)
        m.energy.peaks.meter_months = [MARCH - 1, month_before]
        assert m.energy.month_value() == value


def test_the_forecast():
    m = Meter()
    m.register(at(10), 5000)
    m.power(at(10), at(10, 30), 500)

    def expect(utc, watts, used, expected):
        ahead = Outlook(m.energy, utc, None)
        assert (m.energy.forecast.watts(), ahead.used_wh) == (watts, used)
        assert ahead.expected_w == expected and ahead.limit_w == 5000

    m.tell(at(10, 30, 10), power_import_w=15000)
    expect(at(10, 30, 10), 10910, 291, 5715)
    m.tell(at(10, 30, 20), power_import_w=15000)
    assert abs(m.energy.forecast.watts() - 11540) <= 5
    m.last = at(10, 30, 20)
    m.power(at(10, 30, 20), at(10, 36), 15000)
    m.tell(at(10, 36, 10), power_import_w=500)
    expect(at(10, 36, 10), 4580, 1751, 3570)
    m.last = at(10, 36, 10)
    m.power(at(10, 36, 10), at(10, 37), 500)
    assert abs(m.energy.forecast.watts() - 2278) <= 10
