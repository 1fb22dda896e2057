"""Money of hour, day and month, by hand. The meter counts 1 kWh and exports 0.1 kWh an hour."""

import clock
import records
from energy import backup, edits, restored, saved
from energy.money import currency_number
from energy.stored import MONEY, months
from files import FilesDouble
from money_replay import Replay
from schema import fault
from test_energy_ledger import DAY, Meter, at

KWH = 1000000000  # the cost of a kWh at a price of 1, in 1e-9 of the currency
MARCH = 2026 * 12 + 2
LAST_HOUR = clock.seconds(2026, 3, 31, 22, 0, 0)  # of March, in GMT: two hours before its end


class Costs:
    """A meter with hourly registers from `begin` on, and prices by the quarter."""

    def __init__(self, begin=DAY, files=None, zone="GMT"):
        self.m = Meter(zone, files=files or FilesDouble())
        self.begin = begin
        self.now = begin
        self.prices = {}
        self.m.register(begin, 0, 0)

    @property
    def energy(self):
        return self.m.energy

    def price(self, utc):
        return self.prices.get(utc // 900)

    def use(self, begin, end, price, since=None):
        """Put a price into force for [begin, end)."""
        for quarter in range(begin // 900, end // 900):
            self.prices[quarter] = price
        self.again(since)

    def again(self, since=None):
        if since is None:
            since = min(self.prices) * 900 if self.prices else -1
        self.energy.set_prices(self.price, None, (since, since))
        while self.energy.totals.reprice >= 0:
            self.energy.reprice()

    def hours(self, n):
        for _ in range(n):
            self.now += 3600
            count = (self.now - self.begin) // 3600
            self.m.register(self.now, count * 1000, count * 100)
            self.energy.save(self.now)

    def restart(self, snapshot=b""):
        self.m = Meter("GMT", files=self.m.files, snapshot=snapshot)
        self.again()

    def row(self, row):
        return self.energy.running(self.now)[row]


def test_a_price_that_comes_after_midnight_is_in_yesterday_and_in_the_month():
    c = Costs()
    c.hours(30)  # until 6 o'clock of the next day
    assert c.row(3) == [24000, 2400, 0, 0, 0, 0] and c.row(2) == [30000, 3000, 0, 0, 0, 0]
    c.use(DAY, DAY + 86400, 2000000)  # of yesterday only
    assert c.row(3) == [24000, 2400, 48 * KWH, 48 * KWH // 10, 24000, 2400]
    assert c.row(2) == [30000, 3000, 48 * KWH, 48 * KWH // 10, 24000, 2400]
    assert c.row(1) == [6000, 600, 0, 0, 0, 0]
    c.use(DAY + 86400, DAY + 2 * 86400, -500000)
    assert c.row(1) == [6000, 600, -3 * KWH, -3 * KWH // 10, 6000, 600]
    assert c.row(2) == [30000, 3000, 45 * KWH, 45 * KWH // 10, 30000, 3000]
    c.restart()
    assert c.row(2) == [30000, 3000, 45 * KWH, 45 * KWH // 10, 30000, 3000]


def test_a_corrected_price_replaces_the_first_one_and_counts_once():
    c = Costs()
    c.use(DAY, DAY + 3 * 86400, 1000000)
    c.hours(50)
    assert c.row(2)[2:] == [50 * KWH, 5 * KWH, 50000, 5000]
    for _ in range(3):
        c.use(DAY + 86400, DAY + 86400 + 6 * 3600, 4000000)  # six hours of yesterday
        assert c.row(3)[2:] == [42 * KWH, 42 * KWH // 10, 24000, 2400]  # 6 x 4 + 18 x 1
        assert c.row(2)[2:] == [68 * KWH, 68 * KWH // 10, 50000, 5000]
    c.hours(1)
    assert c.row(0) == [0] * 6 and c.row(2)[2] == 69 * KWH
    c.m.register(c.now + 900, 51 * 1000 + 400, 5100)
    c.now += 900
    c.use(c.now - 900, c.now, 3000000)  # the running hour's first quarter
    assert c.row(0) == [400, 0, 12 * KWH // 10, 0, 400, 0]
    assert c.row(2)[2] == 69 * KWH + 12 * KWH // 10


def test_a_price_that_comes_after_the_month_is_in_the_last_month_and_the_stored_one():
    c = Costs(LAST_HOUR - 22 * 3600)
    c.use(c.begin, LAST_HOUR, 1000000)
    c.hours(30)  # until 6 o'clock on 1 April; the last two hours of March have no price
    assert c.row(4) == [24000, 2400, 22 * KWH, 22 * KWH // 10, 22000, 2200]
    stored = list(months(c.m.files))
    assert stored[0][:2] == [MARCH, 1000] and stored[0][2:8] == c.row(4)
    c.use(LAST_HOUR, LAST_HOUR + 8 * 3600, 5000000)
    assert c.row(4) == [24000, 2400, 32 * KWH, 32 * KWH // 10, 24000, 2400]
    assert c.row(3) == c.row(4) and c.row(2) == [6000, 600, 30 * KWH, 3 * KWH, 6000, 600]
    stored = list(months(c.m.files))
    assert stored[0][:2] == [MARCH, 1000] and stored[0][2:8] == c.row(4)
    c.restart()
    assert c.row(4) == [24000, 2400, 32 * KWH, 32 * KWH // 10, 24000, 2400]


def test_a_day_whose_prices_are_gone_keeps_its_money():
    c = Costs()
    c.use(DAY, DAY + 86400, 2000000)
    c.hours(30)
    c.prices.clear()
    c.use(DAY + 86400, DAY + 2 * 86400, 1000000)
    assert c.row(3)[2:] == [48 * KWH, 48 * KWH // 10, 24000, 2400]
    assert c.row(2)[2:] == [54 * KWH, 54 * KWH // 10, 30000, 3000]
    c.prices.clear()
    c.energy.save(c.now)
    c.restart()
    assert c.row(2)[2:] == [54 * KWH, 54 * KWH // 10, 30000, 3000]
    assert c.row(1)[2:] == [6 * KWH, 6 * KWH // 10, 6000, 600]


def test_a_price_of_zero_is_a_price():
    c = Costs()
    c.use(DAY, DAY + 86400, 0)
    c.hours(2)
    assert c.row(1) == [2000, 200, 0, 0, 2000, 200]


def test_a_fixed_price_is_for_the_running_month_and_for_energy_without_a_price():
    c = Costs(LAST_HOUR - 46 * 3600)  # 30 March, 0 o'clock
    c.use(c.begin, c.begin + 86400, 1000000)
    c.hours(24 * 4)  # until 3 April, 0 o'clock
    c.use(c.begin, c.now + 86400, 3000000, since=0)
    # 30 March keeps its prices of the day, 31 March had none; April is priced as a whole.
    assert c.row(4)[2:] == [(24 + 72) * KWH, 96 * KWH // 10, 48000, 4800]
    assert c.row(2)[2:] == [144 * KWH, 144 * KWH // 10, 48000, 4800]
    c.use(c.begin, c.now + 86400, 2000000, since=0)
    assert c.row(4)[2:] == [(24 + 72) * KWH, 96 * KWH // 10, 48000, 4800]
    assert c.row(2)[2:] == [96 * KWH, 96 * KWH // 10, 48000, 4800]


def test_days_are_priced_a_few_at_a_time():
    c = Costs()
    c.hours(24 * 10)
    for quarter in range(DAY // 900, DAY // 900 + 96 * 11):
        c.prices[quarter] = 1000000
    c.energy.set_prices(c.price)
    assert c.row(2)[4] == 3 * 24000 and c.energy.totals.reprice == DAY // 86400 + 6
    c.energy.reprice()
    assert c.row(2)[4] == 6 * 24000
    while c.energy.totals.reprice >= 0:
        c.energy.reprice()
    assert c.row(2)[2:] == [240 * KWH, 24 * KWH, 240000, 24000]


def test_export_has_its_own_price():
    c = Costs()
    c.use(DAY, DAY + 86400, 1000000)
    c.hours(10)
    c.energy.set_prices(c.price, lambda utc: -300000, (DAY, 0))
    assert c.row(1) == [10000, 1000, 10 * KWH, -3 * KWH // 10, 10000, 1000]
    c.energy.set_prices(c.price, lambda utc: None, (DAY, -1))
    c.hours(1)
    assert c.row(1) == [11000, 1100, 11 * KWH, -3 * KWH // 10, 11000, 1000]


def test_money_in_another_currency_is_in_no_sum_until_that_one_is_used_again():
    c = Costs()
    c.energy.currency = "EUR"
    c.use(DAY, DAY + 3 * 86400, 1000000)
    c.hours(24 * 3 + 6)
    assert c.row(2)[2:5] == [72 * KWH, 72 * KWH // 10, 72000]
    c.energy.currency = "SEK"
    c.prices.clear()
    c.use(DAY + 2 * 86400, DAY + 4 * 86400, 11000000)  # yesterday and today
    assert c.row(3)[2:] == [264 * KWH, 264 * KWH // 10, 24000, 2400]
    assert c.row(2)[2:] == [330 * KWH, 33 * KWH, 30000, 3000]
    c.energy.currency = "EUR"
    c.prices.clear()
    c.use(DAY + 2 * 86400, DAY + 4 * 86400, 1000000)
    assert c.row(2)[2:] == [78 * KWH, 78 * KWH // 10, 78000, 7800]


def test_the_received_power_has_a_cost_before_its_register():
    c = Costs()
    c.use(DAY, DAY + 3600 + 900, 2000000)
    c.hours(1)
    c.m.power(at(1), at(1, 30), 3600)
    c.now = at(1, 30)
    row = c.row(0)
    assert row[0] == 1800 and abs(row[4] - 900) <= 10 and row[2] == row[4] * 2000000
    c.use(DAY, DAY + 7200, 2000000)
    row = c.row(0)
    assert row[4] == row[0] == 1800 and row[2] == 3600000000


def test_priced_energy_is_all_energy_while_an_estimate_is_shown_that_was_too_high():
    c = Costs()
    c.use(DAY, DAY + 86400, 1000000)
    c.m.power(at(0), at(0, 50), 1100)
    assert c.energy.running(at(0, 50))[1][0] == 916
    c.m.register(at(0, 50), 900, 0)
    row = c.energy.running(at(0, 50))[1]
    assert row[0] == 916 and row[4] == 916 and row[2] == 900000000


def test_an_edited_hour_changes_its_cost():
    c = Costs()
    c.use(DAY, DAY + 2 * 86400, 2000000)
    c.hours(30)
    assert edits.enter(c.energy, [(DAY // 3600 + 20, 500, 0)], [], c.now) == 1
    assert c.row(3) == [23500, 2300, 47 * KWH, 46 * KWH // 10, 23500, 2300]
    assert c.row(2) == [29500, 2900, 59 * KWH, 58 * KWH // 10, 29500, 2900]
    edits.undo(c.energy, c.now)
    assert c.row(2) == [30000, 3000, 60 * KWH, 6 * KWH, 30000, 3000]


def test_days_are_kept_while_the_flash_refuses_them():
    c = Costs()
    c.use(DAY, DAY + 5 * 86400, 1000000)
    c.hours(20)
    c.m.files.full = True
    c.hours(30)
    assert [closed[0] for closed in c.energy.totals.closed] == [DAY // 86400, DAY // 86400 + 1]
    c.use(DAY + 86400, DAY + 2 * 86400, 2000000)
    assert c.row(2)[2] == (24 + 48 + 2) * KWH
    snapshot = c.energy.snapshot()
    c.m.files.full = False
    c.hours(1)
    assert c.energy.totals.closed == [] and c.row(2)[2] == 75 * KWH
    c.restart()
    assert c.row(2)[2] == 75 * KWH and snapshot == b""


def test_without_its_file_the_months_keep_their_money():
    for damage in (None, 12, 40):  # the file is lost, its head is damaged, a day is damaged
        c = Costs()
        c.use(DAY, DAY + 5 * 86400, 1000000)
        c.hours(24 * 4 + 2)
        if damage is None:
            del c.m.files.data[MONEY]
        else:
            data = bytearray(c.m.files.data[MONEY])
            data[damage] ^= 255
            c.m.files.data[MONEY] = bytes(data)
        c.prices.clear()
        c.use(DAY + 4 * 86400, DAY + 5 * 86400, 3000000)
        lost = 24 if damage == 40 else 0  # a damaged day is unknown
        assert c.row(2)[2] == (96 + 6 - lost) * KWH, damage


def test_a_state_without_priced_energy_counts_its_money_as_priced():
    c = Costs()
    c.use(DAY, DAY + 5 * 86400, 1000000)
    c.hours(24 * 3 + 2)
    totals = c.energy.totals
    before = [list(row) for row in totals.rows]
    groups = [[]] + saved.groups(c.energy)[1:]
    restored.restore_groups(groups, c.energy.registers, c.energy.settler)
    assert totals.rows == before and totals.currency == 0
    del c.m.files.data[MONEY]  # which that version did not have
    c.prices.clear()
    c.use(DAY + 86400, DAY + 5 * 86400, 2000000)
    # The two days before yesterday are not stored by day: their money stays.
    assert c.row(2)[2:] == [(48 + 48 + 4) * KWH, 10 * KWH, 74000, 7400]


def test_only_seventy_days_are_stored():
    c = Costs()
    c.use(DAY, DAY + 86400, 1000000, since=0)
    totals = c.energy.totals
    for day in range(100):
        c.use(DAY + day * 86400, DAY + day * 86400 + 86400, 1000000)
        c.hours(24)
        assert totals.closed == []
    data = c.m.files.data[MONEY]
    found = [next(records.ints(data, begin, end)) for _, _, begin, end in records.scan(data)]
    assert found == [-1] + [DAY // 86400 + day for day in range(30, 100)]
    assert len(data) < 3072


def test_the_oldest_days_are_dropped_whenever_they_were_priced():
    c = Costs(clock.seconds(2026, 2, 1, 0, 0, 0))
    c.hours(24 * 37)  # until 10 March, without prices
    c.use(c.begin, c.begin + 90 * 86400, 1000000, since=0)  # a fixed price: newest days first
    c.hours(24 * 40)  # until 19 April: 77 days
    c.again(since=0)
    assert c.row(4) == [744000, 74400, 744 * KWH, 744 * KWH // 10, 744000, 74400]
    data = c.m.files.data[MONEY]
    found = [next(records.ints(data, begin, end)) for _, _, begin, end in records.scan(data)]
    last = c.now // 86400
    assert sorted(found[1:]) == list(range(last - 70, last))


def test_the_last_month_of_a_backup_keeps_its_money():
    march = [744000, 74400, 744 * KWH, 744 * KWH // 10, 744000, 74400]
    nok, sek = currency_number("NOK"), currency_number("SEK")
    for hours in (2, 50):  # before and after the first day is in the file
        for since in (None, 0):  # a fixed price is also for days of March
            c = Costs(LAST_HOUR + 2 * 3600)  # 1 April
            c.energy.currency = "NOK"
            c.use(c.begin, c.begin + 9 * 86400, 1000000, since)
            c.hours(hours)
            restore = backup.Restore(c.energy, c.now, False, True)
            day = backup.Block(96)
            for i in range(96):
                day.put(i, 250, 25, 1)
            restore.put(0, c.begin // 86400 - 2, day)
            restore.month([MARCH, 1000] + march + [nok])
            assert restore.end(c.now)
            for _ in range(2):
                assert c.row(4) == march, (hours, since)
                c.hours(24)
                c.use(c.begin - 9 * 86400, c.begin + 9 * 86400, 1000000, since)
            c.restart()
            assert c.row(4) == march and c.row(2)[2] == (48 + hours) * KWH
            assert [row[2:9] for row in months(c.m.files)] == [march + [nok]]
    c = Costs(LAST_HOUR + 2 * 3600)
    c.energy.currency = "NOK"
    c.use(c.begin, c.begin + 86400, 1000000)
    restore = backup.Restore(c.energy, c.now, False, True)
    restore.month([MARCH, 1000] + march + [sek])
    assert restore.end(c.now) and c.row(4) == march[:2] + [0, 0, 0, 0]


def test_a_clock_that_was_wrong_for_a_while_spoils_no_sum():
    c = Costs()
    c.use(DAY, DAY + 3 * 86400, 1000000)
    c.hours(26)
    right = c.now
    month = c.row(2)
    wrong = right + 400 * 86400
    c.m.last = -1
    c.energy.sure = False
    for hour in range(1, 30):
        told = {"energy_import_wh": 26000 + hour * 1000, "energy_export_wh": 2600 + hour * 100}
        c.m.take(told, wrong + hour * 3600, (right + hour * 3600) * 1000)
        c.energy.save(wrong + hour * 3600)
    told = {"energy_import_wh": 56000, "energy_export_wh": 5600}
    c.m.take(told, right + 30 * 3600, (right + 30 * 3600) * 1000)
    c.energy.save(right + 30 * 3600)
    c.now = right + 30 * 3600
    c.again()
    assert month[2] == 26 * KWH
    assert c.row(2) == [56000, 5600, 56 * KWH, 56 * KWH // 10, 56000, 5600]


def test_a_history_without_prices_has_no_file_of_money():
    c = Costs()
    c.hours(50)
    c.again()
    assert MONEY not in c.m.files.data and saved.JOURNAL in c.m.files.data


def test_late_and_corrected_prices_with_power_cuts_give_the_true_sums():
    for seed in range(3):
        replay = Replay(seed, clock.seconds(2026, 3, 12, 7, 0, 0))
        replay.run(24 * 25)  # until 6 April: over the month's end, and over a change of the hour
        replay.check()
        kept, days = replay.check_hours()
        assert kept >= days - 1 >= 18, (kept, days)


def test_settings_of_money():
    for name, values in (
        ("export_price", ("import", "spot", "fixed")),
        ("export_multiplier", (0, 800)),
        ("export_fixed_micro", (-20000, 0, 450000)),
        ("monthly_fee_micro", (0, 49000000)),
    ):
        assert [fault(name, value) for value in values] == [""] * len(values)
    assert "one of import" in fault("export_price", "own")
    assert fault("monthly_fee_micro", -1) and fault("export_fixed_micro", 65000001)


def test_a_smaller_day_is_priced_after_a_restart_without_prices():
    # A power cut in an edit: the next start applies it before the prices are in force.
    c = Costs()
    c.use(DAY, DAY + 4 * 86400, 2000000)
    c.hours(54)
    files = c.m.files
    before = dict(files.data)
    assert edits.enter(c.energy, [(DAY // 3600 + 20, 400, 0)], [], c.now) == 1
    after = c.row(2)
    assert after[2] == (2 * 54 - 1) * KWH - 2 * KWH // 10
    kept = files.data["edit"]
    files.data.clear()
    files.data.update(before)  # nothing is stored but the edit
    files.data["edit"] = kept
    c.restart()
    assert c.row(2) == after
