"""History while the clock is not confirmed: docs/energy.md. Times are of 2026-03-03 UTC."""

import clock
from energy import blocks, branches, ledger, restored, stored, views
from energy.blocks import Block
from files import FilesDouble
from test_energy_ledger import DAY, Meter, at

LONG = 60 * 86400


class Reader:
    """A Meter whose clock may be ahead; each call of run() is a telegram at a true time."""

    def __init__(self, sure=False, files=None):
        self.m = Meter(files=files, sure=sure)
        self.ahead = 0
        self.started = 0
        self.said = []

    def run(self, t, wh=None, watts=None, meter_utc=None):
        if not self.started:
            self.started = t - 100
        now = t + self.ahead
        values = {"energy_import_wh": wh} if wh is not None else {}
        if watts is not None:
            values["power_import_w"] = watts
        text = self.m.take(values, now, (t - self.started) * 1000, meter_utc)
        if self.m.energy.save_due(now):
            self.m.energy.save(now)
        self.said.append(text)
        return text

    def hours(self, begin, end, wh, step):
        """Hourly lists from begin to end, `step` Wh an hour. Returns the last register."""
        for hour in range(begin, end + 1):
            self.run(at(hour, 0, 6), wh)
            wh += step
        return wh - step

    def restart(self, t):
        """Switched off until t."""
        files = self.m.files
        self.m = Meter(files=files, sure=False)
        self.started = t - 100


def names(files, start):
    return sorted([name for name in files.data if name.startswith(start)])


def settled():
    """A reader whose clock was confirmed before 12:00, with 1000 Wh an hour."""
    reader = Reader(sure=True)
    reader.run(at(7, 0, 6), 57000, meter_utc=at(7))
    reader.hours(8, 12, 58000, 1000)
    reader.m.energy.sure = False
    return reader


def test_the_example_of_the_document():
    reader = settled()
    assert reader.m.hour(11) == (1000, blocks.MEASURED)
    march = dict(reader.m.files.data)
    reader.ahead = LONG
    assert "counted apart" in reader.run(at(12, 20), watts=1200)
    reader.run(at(13, 0, 6), 63200)
    energy = reader.m.energy
    assert energy.history.day == DAY // 86400 + 60 and len(energy.history.nodes) == 2
    assert all(reader.m.files.data[name] == march[name] for name in march if name != "journal")
    reader.ahead = 0
    assert "as before" in reader.run(at(13, 40), watts=1200)
    reader.hours(14, 15, 64400, 1200)
    assert reader.m.hour(11) == (1000, blocks.MEASURED)
    assert reader.m.hour(12) == reader.m.hour(13) == (1200, blocks.INTERPOLATED)
    assert reader.m.hour(14) == (1200, blocks.MEASURED)
    assert [watts for _, watts in energy.peaks.places] == [1200]
    assert not energy.history.nodes and not names(reader.m.files, "b")
    assert energy.totals.rows[1][0] == 5 * 1000 + 3 * 1200


def test_a_clock_that_is_behind_waits_and_overwrites_nothing():
    for behind in (7200, 86400, 10 * 86400, 400 * 86400):
        reader = settled()
        reader.ahead = -behind
        assert "waits" in reader.run(at(12, 20), watts=1200)
        reader.hours(13, 14, 63200, 1200)
        for hour in range(8, 12):
            assert reader.m.hour(hour) == (1000, blocks.MEASURED), behind
        assert reader.m.energy.totals.rows[1][0] == 5 * 1000 + 2 * 1200  # the day goes on
        reader.ahead = 0
        reader.run(at(14, 30), watts=1200)
        reader.hours(15, 16, 65600, 1200)
        found = [reader.m.hour(hour) for hour in range(8, 16)]
        assert [wh for wh, _ in found] == [1000] * 4 + [1200] * 4, behind
        assert [q == blocks.MEASURED for _, q in found] == [True] * 4 + [False] * 3 + [True]


def test_a_new_reader_keeps_the_energy_that_a_wrong_clock_has_dated():
    for ahead in (LONG, -LONG, 3600):
        reader = Reader()
        reader.ahead = ahead
        reader.hours(8, 10, 5000, 1000)
        reader.ahead = 0
        reader.run(at(10, 30), watts=1000)
        reader.hours(11, 12, 8000, 1000)
        wh = [reader.m.hour(hour)[0] for hour in range(24)]
        assert sum(wh) == 4000 and wh[11] == 1000, (ahead, wh)
        assert reader.m.energy.totals.rows[1][0] == 4000


def test_a_restart_while_the_clock_is_wrong():
    reader = settled()
    reader.restart(at(12, 10))
    reader.run(at(12, 10), watts=1200)  # right, with one source
    reader.hours(13, 16, 63200, 1200)
    reader.ahead = 5 * 86400
    reader.run(at(16, 20), watts=1200)
    reader.restart(at(16, 40))
    reader.run(at(16, 40), watts=1200)  # still wrong
    reader.hours(17, 17, 68000, 1200)
    reader.ahead = 0
    reader.restart(at(17, 30))
    reader.run(at(17, 30), watts=1200)
    reader.hours(18, 19, 69200, 1200)
    found = [reader.m.hour(hour) for hour in range(8, 19)]
    assert [wh for wh, _ in found] == [1000] * 4 + [1200] * 7
    measured = [quality == blocks.MEASURED for _, quality in found]
    assert measured == [True] * 8 + [False] * 3  # the first list after a restart has no clock


def test_two_sources_that_agree_confirm_a_branch():
    reader = settled()
    reader.restart(at(12, 10))
    reader.run(at(12, 10), watts=1200)
    history = reader.m.energy.history
    assert [node[0] for node in history.nodes] == [0, 1] and "b0" in reader.m.files.data
    reader.hours(13, 14, 63200, 1200)
    assert history.branch == 1
    reader.m.energy.sure = True
    reader.hours(15, 24, 65600, 1200)
    assert not history.nodes and history.prefixes == ("",)
    assert not names(reader.m.files, "b") and names(reader.m.files, "q")
    assert [reader.m.hour(hour)[0] for hour in range(8, 24)] == [1000] * 4 + [1200] * 12


def test_one_source_confirms_after_a_day_and_none_after_a_week():
    for agrees, hours, least in ((True, 27, 24), (False, 7 * 24 + 2, 7 * 24)):
        reader = settled()
        reader.restart(at(12, 10))
        reader.run(at(12, 10), watts=1200)
        energy = reader.m.energy
        for hour in range(13, 13 + hours):
            assert energy.history.nodes or hour > 12 + least, hour
            if agrees:
                energy.agreed_s = energy.run_s
            reader.run(at(hour, 0, 6), 63200 + (hour - 13) * 1200)
        reader.hours(13 + hours, 14 + hours, 63200 + hours * 1200, 1200)
        assert not energy.history.nodes and not names(reader.m.files, "b"), agrees
        block = Block(24)
        total = 0
        for day in range(DAY // 86400, DAY // 86400 + 9):
            views.fill(energy.history, blocks.HOURS, day, block)
            total += sum(block.imported)
        assert total == 5000 + (hours + 2) * 1200


def test_no_date_deletes_more_than_one_file():
    reader = Reader(sure=True)
    files = reader.m.files
    block = Block(24)
    block.put(3, 700, 0, blocks.MEASURED)
    store = stored.STORES[blocks.HOURS]
    for day in range(DAY // 86400 - 424, DAY // 86400, 24):
        assert store.write(files, day, block)
    before = names(files, "h")
    assert len(before) == 18
    for year in range(1, 9):  # a clock that nothing contradicts
        assert store.write(files, DAY // 86400 + year * 366, block)
        assert len(names(files, "h")) == 18
    assert len([name for name in before if name in files.data]) == 18 - 8
    assert store.write(files, DAY // 86400 - 4000, block)
    assert store.name(DAY // 86400 - 4000) in files.data


def test_many_clocks_keep_the_one_that_ran_longest():
    reader = settled()
    reader.restart(at(12, 10))
    reader.run(at(12, 10), watts=1200)
    wh = reader.hours(13, 18, 63200, 1200)
    for i in range(20):
        reader.ahead = (i + 1) * 86400
        reader.run(at(18, 10 + i), watts=1200)
        assert len(reader.m.energy.history.nodes) <= 9
    reader.ahead = 0
    assert "as before" in reader.run(at(18, 40), watts=1200)
    reader.hours(19, 20, wh + 1200, 1200)
    assert [reader.m.hour(hour)[0] for hour in range(8, 20)] == [1000] * 4 + [1200] * 8
    assert len(names(reader.m.files, "b")) < 30


def out_of_memory(module, action):
    """Whether an action raises MemoryError while a module cannot make a bytearray."""

    def full(n):
        raise MemoryError

    module.bytearray = full
    try:
        action()
        return False
    except MemoryError:
        return True
    finally:
        del module.bytearray


def test_without_memory_nothing_changes_and_the_next_telegram_tries_again():
    reader = settled()
    state = reader.m.energy.snapshot()
    reader.ahead = LONG
    assert out_of_memory(branches, lambda: reader.run(at(12, 20), watts=1200))
    assert reader.m.energy.snapshot() == state
    assert "counted apart" in reader.run(at(12, 21), watts=1200)


def test_a_flash_that_refuses_days_keeps_one_history():
    reader = settled()
    reader.m.files.full = True
    packed = [stored.pack(Block(n), DAY // 86400 - 1) for n in (96, 24)]
    reader.m.energy.history.waiting = [(DAY // 86400 - 1, packed[0], packed[1])]
    reader.ahead = LONG
    assert "cannot be stored" in reader.run(at(12, 20), watts=1200)
    assert not reader.m.energy.history.nodes


def test_files_of_a_branch_that_the_journal_lost_are_deleted():
    reader = settled()
    reader.restart(at(12, 10))
    reader.run(at(12, 10), watts=1200)
    reader.m.files.data["b5"] = b"left by a power cut"
    reader.m.files.data["b5q3420"] = b"and this"
    reader.m.energy.sure = True
    reader.hours(13, 14, 63200, 1200)
    assert not names(reader.m.files, "b")


def test_autumn_has_an_hour_more():
    begin = clock.seconds(2026, 10, 24, 22, 0, 0)  # midnight in Oslo
    m = Meter("Europe/Oslo")
    for hour in range(26):
        m.register(begin + hour * 3600 + 6, 5000 + 900 * hour)
    day = clock.days(2026, 10, 25)
    block = Block(31)
    views.fill(m.energy.history, blocks.DAYS, 2026 * 12 + 9, block)
    assert m.energy.totals.numbers[1] == day + 1 and block.imported[24] == 25 * 900
    assert block.quality[24] == blocks.MEASURED


def test_a_state_without_branches_is_read():
    m = Meter(files=FilesDouble())
    history = m.energy.history
    history.nodes = [[0, 0, 0, 0, 0, 0]]
    restored.restore_groups([[]] * 5, m.energy.registers, m.energy.settler)
    assert history.prefixes == ("",) and not history.nodes and not history.branch


def test_a_meter_that_sends_registers_often_counts_on_while_the_clock_waits():
    reader = Reader(sure=True)
    wh = 60000
    for i in range(721):  # 12:00 to 14:00
        if i == 120:
            reader.m.energy.sure = False
            reader.ahead = -86400
        text = reader.run(at(12) + 10 * i, wh + 4 * i, 1440)
        assert not text or i in (0, 120), (i, text)
        shown = reader.m.energy.running(at(12) + 10 * i + reader.ahead)[1][0]
        assert abs(shown - 4 * i) <= 5 or i < 2, (i, shown)
    assert reader.m.energy.totals.rows[1][0] == 2880
    reader.ahead = 0
    for i in range(721, 1081):
        reader.run(at(12) + 10 * i, wh + 4 * i, 1440)
    assert [reader.m.hour(hour)[0] for hour in (12, 13, 14)] == [1440, 1440, 1440]
    assert reader.m.energy.totals.rows[1][0] == 4320


def test_a_day_that_ends_without_memory_changes_nothing():
    reader = settled()
    wh = reader.hours(13, 23, 63200, 1200)
    state = reader.m.energy.snapshot()
    assert out_of_memory(ledger, lambda: reader.run(at(24, 0, 6), wh + 1200))
    assert reader.m.energy.snapshot() == state
    reader.hours(25, 26, wh + 2400, 1200)
    assert [reader.m.hour(hour)[0] for hour in range(12, 24)] == [1200] * 12


def test_a_kept_clock_is_used_only_if_lists_came_on_it():
    for ahead, branches_now in ((0, 0), (LONG, 2)):  # set while no telegram came
        reader = settled()
        reader.restart(at(12, 40))
        reader.m.energy.kept = True
        reader.ahead = ahead
        reader.run(at(12, 40), watts=1200)
        assert len(reader.m.energy.history.nodes) == branches_now, ahead
