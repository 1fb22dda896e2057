"""The ledger's rules, with telegrams made by hand. Times are of 2026-03-03 UTC by default."""

import clock
from doubles import reading
from energy import blocks, outlook, profiles, views
from energy.blocks import Block
from energy.ledger import Energy
from energy.power import HoldTimes
from energy.stored import months
from files import FilesDouble

DAY = clock.seconds(2026, 3, 3, 0, 0, 0)
NEW_UPTIME = 5000


def at(hour, minute=0, second=0):
    return DAY + hour * 3600 + minute * 60 + second


class Meter:
    """Feeds an Energy by the wall clock; uptime goes along."""

    def __init__(self, zone="GMT", profile="NO", files=None, snapshot=b"",
                 sure=True):  # fmt: skip
        self.files = files or FilesDouble()
        self.energy = Energy(zone, profiles.tariff(profile, {}))
        self.energy.load(self.files, snapshot)
        self.energy.registers.note_step((1, None))  # the meter counts in Wh
        self.energy.sure = sure
        self.hold_times = HoldTimes()
        self.last = -1

    def tell(self, now, meter_utc=None, **values):
        return self.take(values, now, now * 1000, meter_utc)

    def take(self, values, now, uptime_ms, meter_utc=None):
        told = reading(3, **values).values
        held_ms = self.hold_times.note(told, uptime_ms)
        return self.energy.update(told, now, held_ms, meter_utc, run_s=uptime_ms // 1000)

    def register(self, now, imported, exported=None, meter_utc=None, meter_id=None, dated=True):
        """A list with registers; the first one has a clock, unless it is not dated."""
        if dated and meter_utc is None and self.energy.registers.imported is None:
            meter_utc = now - now % 60
        return self.tell(now, meter_utc, energy_import_wh=imported, energy_export_wh=exported,
                         meter_id=meter_id)  # fmt: skip

    def power(self, begin, end, watts, step=10):
        """Send power telegrams from begin, unless one was sent then, to end."""
        if self.last != begin:
            self.tell(begin, power_import_w=watts)
        for i in range((end - begin) // step):  # range() has 31 bits on the device
            self.tell(begin + (i + 1) * step, power_import_w=watts)
        self.last = end

    def hour(self, hour):
        block = Block(24)
        views.fill(self.energy.history, blocks.HOURS, DAY // 86400, block)
        return block.imported[hour], block.quality[hour]

    def quarters(self, hour):
        block = Block(96)
        views.fill(self.energy.history, blocks.QUARTERS, DAY // 86400, block)
        i = hour * 4
        return list(block.imported[i : i + 4]), list(block.quality[i : i + 4])

    def restart(self, snapshot=b""):
        return Meter(self.energy.settler.zone.name, files=self.files, snapshot=snapshot)


def test_another_meter_gives_nothing_even_if_its_register_is_higher():
    m = Meter()
    m.register(at(10), 5000, meter_id="A")
    m.register(at(11), 7001, meter_id="B")
    m.register(at(12), 7501, meter_id="B")
    assert m.hour(10) == (0, blocks.GAP) and m.hour(11) == (500, blocks.MEASURED)


def test_a_leap_that_no_fuse_allows_gives_nothing():
    m = Meter()
    m.register(at(10), 5000)
    m.register(at(11), 5000 + 252000)
    m.register(at(12), 5000 + 253000)
    assert m.hour(10) == (0, blocks.GAP) and m.hour(11) == (1000, blocks.MEASURED)


def missing_hour(clocked):
    """The list of 17:00 comes again at 18:00, live power continues."""
    m = Meter()
    lists = (
        (at(16), at(16), 109552248),
        (at(17), at(17), 109554016),
        (at(18, 0, 11), at(17), 109554016),
        (at(19), at(19), 109562072),
    )
    before = at(16)
    for now, meter_utc, register in lists:
        m.power(before, now - now % 60, {16: 1768, 17: 3000, 18: 5056}.get(before // 3600 % 24, 0))
        before = now - now % 60
        m.register(now, register, meter_utc=meter_utc if clocked else None, dated=clocked)
    return m


def test_a_repeated_list_makes_no_double_hour():
    for clocked in (True, False):
        m = missing_hour(clocked)
        # A first list without a clock may be that of the hour before.
        assert m.hour(16) == (1768, blocks.MEASURED if clocked else blocks.ESTIMATED)
        first, quality = m.hour(17)
        second, quality2 = m.hour(18)
        assert first + second == 8056 and quality == quality2 == blocks.ESTIMATED
        assert abs(first - 3000) <= 2 and abs(second - 5056) <= 2
        assert [watts for _, watts in m.energy.peaks.places] == [1768] * clocked


def test_a_repeated_list_without_power_in_between_is_an_hour_of_nothing():
    m = Meter()
    m.register(at(10), 5000)
    m.power(at(10), at(11), 0)
    m.register(at(11), 5000)
    m.power(at(11), at(12), 400)
    m.register(at(12), 5400)
    assert m.hour(10) == (0, blocks.MEASURED) and m.hour(11) == (400, blocks.MEASURED)


def test_a_repeated_list_after_a_silence_makes_no_double_hour():
    m = Meter()
    m.register(at(10), 1000)
    m.register(at(11), 2000)
    m.power(at(11, 59), at(12), 300)
    m.register(at(12, 0, 8), 2000)  # that of 11:00 again, or an hour of nothing
    m.register(at(13, 0, 8), 8000)
    assert m.hour(10) == (1000, blocks.MEASURED)
    assert blocks.MEASURED not in (m.hour(11)[1], m.hour(12)[1])
    assert m.hour(11)[0] + m.hour(12)[0] == 6000
    assert [watts for _, watts in m.energy.peaks.places] == [1000]


def test_an_hour_of_nothing_is_measured_by_a_list_with_a_clock():
    m = Meter()
    for hour, wh in ((10, 1000), (11, 2000), (12, 2000), (13, 2500)):
        m.register(at(hour, 0, 8), wh, meter_utc=at(hour))
    assert [m.hour(hour) for hour in (10, 11, 12)] == [
        (1000, blocks.MEASURED), (0, blocks.MEASURED), (500, blocks.MEASURED),
    ]  # fmt: skip


def test_a_late_list_belongs_to_its_hour():
    m = Meter()
    m.register(at(10, 0, 8), 5000, meter_utc=at(10))
    m.power(at(10), at(11, 3), 1200)
    m.register(at(11, 3), 6200, meter_utc=at(11))
    m.power(at(11, 3), at(12), 1200)
    m.register(at(12, 0, 8), 7400, meter_utc=at(12))
    assert m.hour(10) == (1200, blocks.MEASURED) and m.hour(11) == (1200, blocks.MEASURED)


def test_a_meter_clock_that_is_an_hour_off_is_not_used():
    m = Meter()
    for hour in range(10, 14):
        m.register(at(hour, 0, 8), 5000 + hour * 700, meter_utc=at(hour - 1))
    assert m.hour(10) == (0, blocks.GAP)  # by its clock the first list is of the hour before
    assert m.hour(11) == (700, blocks.INTERPOLATED) and m.hour(12) == (700, blocks.MEASURED)


def test_the_hour_that_a_wall_clock_shows_twice():
    """Kaifa's clock on 25 October 2026: 02:00 in Oslo is 00:00 UTC, and 01:00 UTC again."""
    autumn = clock.seconds(2026, 10, 25, 0, 0, 0)
    for step in (3600, 10):
        for lost in (False, True):  # the meter keeps winter time for good, or is right again
            m = Meter("Europe/Oslo", "BE" if step == 10 else "NO")
            begin = autumn - 3 * 3600
            for second in range(0, 8 * 3600 + 1, 10):
                now = begin + second
                back = 3600 if now >= autumn + 3600 and (lost or now < autumn + 7200) else 0
                m.tell(now, power_import_w=1200)
                if second % step == 0:
                    m.register(now + 5, second // 3, meter_utc=now - back)
            block = Block(24)
            views.fill(m.energy.history, blocks.HOURS, autumn // 86400, block)
            assert all(abs(wh - 1200) < 20 for wh in block.imported[:4]), (step, lost)
            # Frequent lists that the meter's clock does not date are read 5 s after the hour.
            sure = ("measured",) if step == 3600 else ("measured", "near")
            assert all(blocks.NAMES[quality] in sure for quality in block.quality[:4])
            assert max([watts for _, watts in m.energy.peaks.places]) < 1250


def test_quarters_follow_the_power_that_was_seen():
    m = Meter()
    m.register(at(10), 0)
    for i, watts in enumerate((400, 800, 1200, 1600)):
        m.power(at(10, 15 * i), at(10, 15 * i + 15), watts)
    m.register(at(11), 1020)  # 2 % more than the power came to
    wh, quality = m.quarters(10)
    assert sum(wh) == 1020 and wh == [102, 204, 306, 408]
    assert quality == [blocks.ESTIMATED] * 4


def test_energy_beyond_the_received_power_belongs_to_the_silent_period():
    m = Meter()
    m.register(at(10), 0)
    m.power(at(10), at(10, 30), 1000)
    m.register(at(11), 2500)
    wh, quality = m.quarters(10)
    assert wh == [250, 250, 1000, 1000]
    assert quality == [blocks.ESTIMATED] * 2 + [blocks.INTERPOLATED] * 2
    assert m.hour(10) == (2500, blocks.MEASURED)


def test_registers_in_each_telegram_measure_quarters():
    m = Meter()
    wh = 0
    for second in range(0, 7201, 10):
        watts = 3600 if second < 4500 else 7200
        now = at(10) + second
        m.tell(now, meter_utc=now, power_import_w=watts, energy_import_wh=wh)
        wh += watts // 360
    assert m.quarters(10) == ([900] * 4, [blocks.MEASURED] * 4)
    assert m.quarters(11) == ([900, 1800, 1800, 1800], [blocks.MEASURED] * 4)


def test_a_register_of_whole_kwh_is_smoothed_by_power():
    m = Meter()
    for second in range(0, 4 * 3600 + 1, 10):
        m.tell(
            at(10) + second, power_import_w=1500, energy_import_wh=1500 * second // 3600000 * 1000
        )
    wh = [sum(m.quarters(hour)[0]) for hour in (10, 11, 12)]
    assert all(abs(value - 1500) < 10 for value in wh), wh
    assert m.energy.peaks.places == []


def test_a_coarse_register_makes_no_peak_at_low_power():
    m = Meter()
    for second in range(0, 9 * 3600 + 1, 20):  # 300 W: the register moves every 3 h 20 min
        wh = 300 * second // 3600000 * 1000
        m.tell(at(10) + second, meter_utc=at(10) + second, power_import_w=300, energy_import_wh=wh)
    for hour in range(11, 16):
        assert abs(sum(m.quarters(hour)[0]) - 300) < 8 and m.hour(hour)[1] == blocks.ESTIMATED
    assert m.energy.peaks.places == []


def test_lists_once_a_minute_need_not_come_to_the_second():
    m = Meter()
    for minute in range(180):  # the one after the full hour comes 61 s after the one before
        second = minute * 60 - 30 + minute % 2
        m.tell(at(10) + second, power_import_w=1200, energy_import_wh=second * 1200 // 3600 + 10)
    # At each edge 20 Wh lie between two lists: 40 Wh are below a 16th of 1200, and the halves
    # that the hour got are between a 64th and a 32nd.
    assert m.hour(11)[1] == blocks.NEAR + 3 and abs(m.hour(11)[0] - 1200) <= 1
    assert m.energy.peaks.places[-1][1] == m.hour(11)[0] - m.hour(11)[0] // 32


def lists_each_minute(lost):
    """4 Wh a minute; the lists of the minutes `lost` do not come."""
    m = Meter()
    wh = 0
    for minute in range(181):
        if minute:
            m.power(at(10, minute - 1), at(10) + minute * 60, 240)
        if minute not in lost:
            now = at(10) + minute * 60
            m.register(now, wh, meter_utc=now)
        wh += 4
    assert m.hour(10)[0] + m.hour(11)[0] == 480 and m.hour(12) == (240, blocks.MEASURED)
    return m


def test_a_lost_register_at_the_edge_leaves_both_hours_near_the_truth():
    m = lists_each_minute((60,))  # 8 Wh lie between the lists around the edge, below a 16th
    assert [m.hour(hour) for hour in (10, 11)] == [(240, blocks.NEAR + 2 + 1)] * 2
    assert m.energy.peaks.places == [(at(12), 240)]  # above 240 - 240 // 32 at the others


def test_more_lost_registers_at_the_edge_leave_both_hours_estimated():
    m = lists_each_minute(range(57, 63))  # 28 Wh of 240
    assert [m.hour(hour)[1] for hour in (10, 11)] == [blocks.ESTIMATED] * 2
    assert m.energy.peaks.places == [(at(12), 240)]


def test_a_register_that_stands_still_at_the_edge_was_read():
    m = Meter()
    # 400 W: a step of 10 Wh takes 90 s, and lists come each 10 s.
    m.register(at(9, 52), 0)
    for i in range(1, 1000):
        m.power(at(9, 52) + i * 10 - 10, at(9, 52) + i * 10, 400)
        reason = m.register(at(9, 52) + i * 10, i * 10 // 9 // 10 * 10)
        assert reason == ""  # nothing to tell the owner
    for hour in (10, 11):
        wh, quality = m.hour(hour)
        assert quality == blocks.MEASURED and abs(wh - 400) <= 10


def test_restart_in_mid_hour_keeps_the_sum():
    for soft in (False, True):
        m = Meter()
        m.register(at(10), 0)
        m.power(at(10), at(10, 30), 1000)
        m.energy.save(at(10, 30))
        m.power(at(10, 30), at(10, 40), 1000)
        before = m.energy.running(at(10, 40))
        again = m.restart(m.energy.snapshot() if soft else b"")
        assert again.energy.ready == soft
        if soft:
            assert again.energy.running(at(10, 40)) == before
        again.power(at(10, 45), at(11), 1000)
        again.register(at(11), 1000)
        assert again.energy.ready and again.hour(10) == (1000, blocks.MEASURED)
        assert sum(again.quarters(10)[0]) == 1000


def test_nothing_before_the_clock_is_set():
    m = Meter()
    m.tell(0, energy_import_wh=5)
    m.tell(946684800, energy_import_wh=5)
    assert not m.energy.ready and m.energy.running(0) == [[0] * 6] * 5
    assert m.energy.snapshot() == b"" and not m.energy.save_due(0) and not m.energy.save(0)


def test_power_is_integrated_for_a_minute_at_most():
    m = Meter()
    m.register(at(10), 0)
    m.tell(at(10, 0, 1), power_import_w=3600)
    m.tell(at(10, 30), power_import_w=3600)
    assert m.energy.running(at(10, 30))[0][0] == 60


def test_totals_never_step_back():
    m = Meter()
    m.register(at(10), 0)
    shown = []
    for hour, wh in ((10, 900), (11, 1850)):  # the register moves less than the power suggests
        for minute in range(0, 60, 10):
            m.power(at(hour, minute), at(hour, minute + 10), 1000)
            shown.append(m.energy.running(at(hour, minute + 10))[1][0])
        m.register(at(hour + 1), wh)
        shown.append(m.energy.running(at(hour + 1))[1][0])
    assert shown == sorted(shown) and shown[6] == 1000 and shown[-1] >= 1850
    assert m.hour(10) == (900, blocks.MEASURED)


def test_costs_by_the_price_of_the_slot():
    m = Meter()
    m.energy.set_prices(lambda utc: {10: 2000000, 11: -500000}.get(utc // 3600 % 24))
    m.register(at(10), 0, 0)
    m.register(at(11), 1500, 200)
    m.register(at(12), 2500, 200)
    day = m.energy.running(at(12))[1]
    assert day == [2500, 200, 1500 * 2000000 - 1000 * 500000, 200 * 2000000, 2500, 200]


def test_prices_that_come_late_price_the_running_day_once():
    prices = {}

    def price(utc):
        return prices.get(utc // 3600 % 24)

    m = Meter("Europe/Oslo")  # the local day begins at 23 UTC
    m.energy.set_prices(price)
    begin = at(22) - 86400
    for hour in range(14):
        m.register(begin + hour * 3600, hour * 1000, hour * 100)
    now = at(11)
    m.energy.set_prices(price)  # there are still none
    assert [row[2:] for row in m.energy.running(now)] == [[0] * 4] * 5
    prices.update({hour: 1000000 + hour for hour in range(24)})
    m.energy.save(now)
    again = m.restart(m.energy.snapshot())  # unpriced energy is kept over a reset
    for energy in (m.energy, again.energy):
        energy.set_prices(price)
        energy.set_prices(price)
        hours = [23] + list(range(11))
        cost = sum([1000 * (1000000 + hour) for hour in hours])
        assert energy.running(now)[1] == [12000, 1200, cost, cost // 10, 12000, 1200]
        cost += 1000 * (1000000 + 22)  # of the day before, in the same month
        assert energy.running(now)[2] == [13000, 1300, cost, cost // 10, 13000, 1300]
        assert energy.running(now)[3] == [1000, 100, 1000022000, 100002200, 1000, 100]
    m.register(at(11, 30), 13500, 1300)
    prices.clear()
    m.energy.set_prices(price)  # no energy lacks a price: costs do not change
    assert m.energy.running(at(11, 30))[2][2] == cost + 500 * 1000011
    assert m.energy.running(at(11, 30))[0][2] == 500 * 1000011


def test_a_meter_without_registers_is_estimated_after_two_hours():
    m = Meter()
    m.power(at(8), at(10, 30), 1000)
    assert m.hour(9)[0] == 0 or m.hour(9)[1] == blocks.ESTIMATED
    m.power(at(10, 30), at(12, 5), 1000)
    assert m.hour(10) == (1000, blocks.ESTIMATED) and m.energy.ready
    assert m.energy.peaks.places == []


def test_years_without_the_reader_are_not_written_hour_by_hour():
    for registers in (True, False):
        m = Meter()
        for hour in range(4):
            if registers:
                m.register(at(hour), 1000 * hour, 10, meter_id="A")
            m.power(at(hour), at(hour + 1), 500, 60)
        m.energy.save(at(4))
        again = m.restart()
        written = m.files.writes
        if registers:  # at another meter
            again.register(at(24 * 800), 500, meter_id="B")
            again.register(at(24 * 800 + 1), 1500, 700, meter_id="B")
            assert again.energy.running(at(24 * 800 + 1))[1][:2] == [1000, 0]
        else:
            again.power(at(24 * 800), at(24 * 800 + 3), 500, 60)
        assert m.files.writes - written < 10


def test_two_months_that_end_between_two_lists_are_both_kept():
    m = Meter()
    begin = clock.seconds(2026, 1, 28, 0, 0, 0)
    m.register(begin, 0)
    m.register(begin + 34 * 86400, 34 * 24000)  # 3 March
    kept = {row[0] % 12: (row[1], row[2]) for row in months(m.files)}
    assert kept == {0: (0, 4 * 24000), 1: (0, 28 * 24000)}
    assert m.energy.running(begin + 34 * 86400)[4][0] == 28 * 24000


def wrong_clock(ahead, wrong, registers=True):
    """A clock that is `ahead` seconds ahead in the hours `wrong`; 1 kW all the time."""
    m = Meter(sure=False)
    for second in range(0, 86400, 60):
        now = at(0) + second + (ahead if second // 3600 in wrong else 0)
        values = {"power_import_w": 1000}
        if registers and second % 3600 == 0:
            values["energy_import_wh"] = 7 + second * 1000 // 3600
        m.take(values, now, second * 1000)
        if m.energy.save_due(now):
            m.energy.save(now)
    return m


def test_a_clock_set_back_makes_no_slot_of_twice_the_energy():
    for hours in (2, 3, 30):
        m = wrong_clock(hours * 3600, (9, 10, 11))
        for hour in range(24):
            wh, quality = m.hour(hour)
            assert wh <= 1000 or quality != blocks.MEASURED, (hours, hour)
        assert all(watts == 1000 for _, watts in m.energy.peaks.places)
        assert m.hour(20) == (1000, blocks.MEASURED)
        wh = sum([m.hour(hour)[0] for hour in range(24)])
        assert m.energy.totals.rows[1][0] == m.energy.totals.rows[2][0] == wh


def test_a_clock_set_back_is_saved_by_from_then_on():
    m = wrong_clock(3 * 86400, range(4))
    assert m.restart().hour(20) == (1000, blocks.MEASURED)
    m = wrong_clock(3 * 86400, range(4), False)
    assert 990 < m.hour(20)[0] <= 1000


def test_a_clock_set_back_within_the_hour_makes_no_peak():
    for profile in ("NO", "BE"):
        m = Meter(profile=profile)
        for second in range(0, 4 * 3600, 10):
            now = at(0) + second + (3000 if second < 2 * 3600 else 0)
            wh = second * 1000 // 3600
            m.take({"energy_import_wh": wh}, now, second * 1000)
        assert max([watts for _, watts in m.energy.peaks.places]) <= 1100


def test_days_add_up_through_a_change_of_the_zone():
    for zones in (("Europe/Helsinki", "Europe/London"), ("Europe/London", "Europe/Helsinki")):
        m = Meter(zones[0])
        for hour in range(24 * 27, 24 * 31):  # over the end of March
            m.register(at(hour), 1000 * hour)
            if hour == 24 * 28 + 21:  # 31 March in London, April in Helsinki
                m.energy.set_rules(zones[1], m.energy.peaks.tariff)
        total = m.energy.totals.rows[1][0]
        for month in (2026 * 12 + 2, 2026 * 12 + 3):
            block = Block(31)
            views.fill(m.energy.history, blocks.DAYS, month, block)
            total += sum(block.imported)
            if month == 2026 * 12 + 2:
                march = sum(block.imported)
        assert total == (24 * 4 - 1) * 1000 and march >= 45000
        kept = [row[2] for row in months(m.files) if row[0] == 2026 * 12 + 2]
        assert kept == [march]


def test_yesterday_and_last_month_are_those_before_now():
    m = Meter()
    for hour in range(25):
        m.register(at(hour), 1000 * hour)
    m.power(at(24), at(71), 500, 60)  # two midnights without a list
    assert m.energy.running(at(47))[3][0] == 24000
    assert m.energy.running(at(71))[3] == [0] * 6
    m.register(at(24 * 100), 90000)
    m.register(at(24 * 100 + 1), 90700)
    assert [row[0] for row in m.energy.running(at(24 * 100 + 1))] == [0, 700, 700, 0, 0]


def test_the_end_of_yesterday_is_seen_before_its_list():
    m = Meter()
    for hour in range(24):
        m.register(at(hour), 1000 * hour)
    m.power(at(23), at(24, 10), 900)
    rows = m.energy.running(at(24, 10))
    assert [row[0] for row in rows] == [150, 150, 24050, 23900, 0]


def test_negative_power_adds_nothing():
    m = Meter()
    m.register(at(10), 0)
    m.power(at(10), at(10, 20), -4000)
    m.power(at(10, 20), at(11), 600)
    assert m.energy.running(at(10, 59))[0][0] < 600
    m.register(at(11), 400)
    assert m.quarters(10)[0][0] == 0 and sum(m.quarters(10)[0]) == 400


def test_an_estimate_loses_no_part_of_a_wh_and_fills_no_silence():
    m = Meter()
    m.power(at(0), at(6), 31, 60)
    m.power(at(9), at(12, 5), 31, 60)
    assert 6 * 31 - 1 <= sum([m.hour(hour)[0] for hour in range(6)]) <= 6 * 31
    assert [m.hour(hour)[1] for hour in (5, 7, 8, 10)] == [
        blocks.ESTIMATED, blocks.GAP, blocks.GAP, blocks.ESTIMATED,
    ]  # fmt: skip


def test_the_meters_own_demand_and_peak_win():
    m = Meter("Europe/Brussels", "BE")
    ended = at(10, 15) + 3600  # on the wall clock
    for minute in range(61):
        m.tell(
            at(10, minute), power_import_w=3000, energy_import_wh=minute * 50,
            demand_import_w=minute % 15 * 200, peak_import_w=4321, peak_time_local=ended,
            meter_utc=at(10, minute),
        )  # fmt: skip
    energy = m.energy
    assert energy.peaks.value() == 3000  # by the registers
    assert energy.peaks.chosen() == [(at(10), 4321)] and energy.month_value() == 4321
    m.tell(at(11, 5), power_import_w=1000, demand_import_w=1200)
    # 1.2 kW over the whole quarter are 300 Wh in its first 5 minutes; after a silence of 5 minutes
    # the last power alone is expected: 300 Wh + 1000 W * 600 s = 466.7 Wh, a mean of 1866 W
    ahead = outlook.Outlook(energy, at(11, 5), None)
    assert ahead.used_wh == 300 and ahead.expected_w == 1866
    # up to the month's peak: (4321 W * 900 s - 300 Wh) / 600 s
    assert ahead.limit_w == 4321 and ahead.left_w == 4681
    m.tell(at(11, 6), power_import_w=1000)  # a telegram without it
    assert outlook.used_wh(energy, at(11)) < 150
    energy.set_rules("Europe/Brussels", profiles.tariff("NO", {}))
    assert energy.month_value() == 3000  # the meter's peak is no hour


def test_the_meters_peak_is_that_of_its_month():
    m = Meter("Europe/Brussels", "BE")
    end = clock.seconds(2026, 3, 31, 22, 0, 0)  # midnight in Brussels
    april = clock.seconds(2026, 4, 1, 0, 0, 0)

    def tell(now, peak, ended):
        wh = (now - end) // 60 * 50 + 90000
        m.tell(now, power_import_w=3000, energy_import_wh=wh, peak_import_w=peak,
               peak_time_local=ended)  # fmt: skip

    tell(end - 7200, 5555, at(9))
    tell(end - 3600, 5555, at(9))
    assert m.energy.month_value() == 5555
    tell(end, 0, april)  # the meter begins a new month
    assert [row[1] for row in months(m.files)] == [5555]
    tell(end + 10, 0, april)
    assert m.energy.peaks.chosen() == []
    tell(end + 900, 2700, april + 900)
    assert m.energy.peaks.chosen() == [(end, 2700)]
    assert m.energy.month_value() == (2700 + 5555 + 1) // 2  # above the floor; mean of two months


def test_one_save_an_hour():
    m = Meter()
    saves = 0
    for hour in range(2, 8):
        m.register(at(hour, 0, 8), 1000 * hour)
        for minute in range(60):
            if m.energy.save_due(at(hour, minute, 30)):
                m.energy.save(at(hour, minute, 30))
                saves += 1
    assert saves == 5
    for minute in range(60):  # the register does not come
        if m.energy.save_due(at(8, minute)):
            m.energy.save(at(8, minute))
            saves += 1
    assert saves == 6


def test_the_interval_ends_with_what_is_used_and_what_is_drawn():
    m = Meter()
    m.register(at(10), 0)
    m.power(at(10), at(10, 30), 2000)
    ahead = outlook.Outlook(m.energy, at(10, 30), None)
    assert ahead.used_wh == 1000 and ahead.expected_w == 2000
    assert ahead.left_w == 8000  # (5000 Wh - 1000 Wh) in half an hour
