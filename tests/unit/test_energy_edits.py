"""The log of edits: undo from the newest back, redo, what is kept, and how much."""

import records
from energy import blocks, edit_log, edits, saved, views
from energy.blocks import Block
from energy.stored import months
from stored_files import FILES
from test_energy_documents import ShortOfMemory
from test_energy_ledger import DAY, Meter, at

HOUR = DAY // 3600


def day_of_hours(hours=20, files=None):
    """From 3 March on, 1000 Wh in each hour; saved after each."""
    m = Meter("GMT", files=files)
    for hour in range(hours):
        m.register(at(hour, 0, 6), hour * 1000)
        m.energy.save(at(hour, 0, 6))
    return m


def wh(m, first=0, count=6):
    """Wh of some hours."""
    block = Block(24)
    views.fill(m.energy.history, blocks.HOURS, DAY // 86400, block)
    return list(block.imported[first : first + count])


def enter(m, hour, value, now=0):
    return edits.enter(m.energy, [(HOUR + hour, value, 0)], [], now or at(19, 1))


def log(m):
    """(own number, state) of each edit, the newest first."""
    return [(entry.number, entry.state) for entry in edit_log.read(m.files)]


def refused(action, *args):
    """The message of a ValueError."""
    try:
        action(*args)
    except ValueError as e:
        return str(e)
    raise AssertionError("not refused")


def test_edits_are_undone_from_the_newest_back_and_redone():
    m = day_of_hours()
    for hour, value in ((1, 1100), (2, 1200), (2, 1250), (3, 1300)):
        assert enter(m, hour, value) == 1
    assert wh(m) == [1000, 1100, 1250, 1300, 1000, 1000]
    states = ([1000, 1100, 1250, 1000, 1000, 1000], [1000, 1100, 1200, 1000, 1000, 1000],
              [1000, 1100, 1000, 1000, 1000, 1000], [1000] * 6)  # fmt: skip
    for hours in states:
        m = m.restart()
        assert edits.undo(m.energy, at(19, 2)) == 5  # an hour and its quarters
        assert wh(m) == hours
    assert [state for _, state in log(m)] == [edit_log.UNDONE] * 4
    for hours in (states[2], states[1], states[0], [1000, 1100, 1250, 1300, 1000, 1000]):
        m = m.restart()
        assert edits.redo(m.energy, at(19, 3)) == 5
        assert wh(m) == hours
    assert edits.redo(m.energy, at(19, 4)) == 0 and [state for _, state in log(m)] == [0] * 4
    assert m.energy.totals.rows[1][0] == 19000 + 650


def test_undo_of_the_only_edit_applies_it_again_the_second_time():
    m = day_of_hours()
    assert edits.undo(m.energy, at(19, 1)) == 0  # there is none
    enter(m, 1, 1100)
    for expected in (1000, 1100, 1000, 1100):
        assert edits.undo(m.energy, at(19, 2)) == 5
        assert wh(m)[1] == expected


def test_a_new_edit_ends_what_can_be_redone():
    m = day_of_hours()
    enter(m, 1, 1100)
    enter(m, 2, 1200)
    edits.undo(m.energy, at(19, 2))
    enter(m, 3, 1300)
    assert edits.redo(m.energy, at(19, 3)) == 0
    assert [state for _, state in log(m)] == [0, edit_log.UNDONE, 0]
    edits.undo(m.energy, at(19, 4))
    edits.undo(m.energy, at(19, 5))
    assert wh(m) == [1000] * 6
    assert edits.redo(m.energy, at(19, 6)) == edits.redo(m.energy, at(19, 7)) == 5
    assert edits.redo(m.energy, at(19, 8)) == 0  # the 1200 of before was given up for the 1300
    assert wh(m) == [1000, 1100, 1000, 1300, 1000, 1000]


def test_a_number_must_be_the_one_whose_turn_it_is():
    m = day_of_hours()
    for value in (1100, 1200):
        enter(m, 1, value)
    (second, _), (first, _) = log(m)
    assert "not the newest" in refused(edits.undo, m.energy, at(19, 2), first)
    assert "not the one undone last" in refused(edits.redo, m.energy, at(19, 2), second)
    assert edits.undo(m.energy, at(19, 2), second) == 5 and wh(m)[1] == 1100
    assert "not the newest" in refused(edits.undo, m.energy, at(19, 2), second)
    assert edits.undo(m.energy, at(19, 2), first) == 5 and wh(m)[1] == 1000
    assert "not the newest" in refused(edits.undo, m.energy, at(19, 2), first)  # never a redo
    assert edits.redo(m.energy, at(19, 2), first) == 5 and wh(m)[1] == 1100


def test_ten_edits_are_kept_over_restarts():
    m = day_of_hours()
    for k in range(13):
        assert enter(m, k % 3, 1100 + k, at(19, k)) == 1
        m = m.restart()
    entries = edit_log.read(m.files)
    assert [entry.times()[0] for entry in entries] == [at(19, k) for k in range(12, 2, -1)]
    for _ in range(10):
        assert edits.undo(m.energy, at(19, 30)) == 5
        m = m.restart()
    assert wh(m, 0, 3) == [1100, 1101, 1102]  # the three that were dropped stay in force
    edits.undo(m.energy, at(19, 31))
    assert wh(m, 0, 3) == [1103, 1101, 1102]  # nothing is left to undo: the last one again


def test_an_entry_has_its_times_and_values():
    m = day_of_hours()
    enter(m, 5, 2500)
    edits.undo(m.energy, at(19, 30))
    (entry,) = edit_log.read(m.files)
    assert entry.times() == (at(19, 1), at(19, 30)) and entry.state == edit_log.UNDONE
    found = [slot for slot in entry.slots() if slot[0] == blocks.HOURS]
    assert found == [
        (blocks.HOURS, HOUR + 5, (1000, 0, blocks.MEASURED), (2500, 0, blocks.EDITED))
    ]


def test_the_log_is_bounded_and_keeps_the_newest_edit_whole():
    m = Meter("GMT")
    for hour in range(24 * 4):
        m.register(at(hour, 0, 6), hour * 1000)
        m.energy.save(at(hour, 0, 6))
    now = at(95, 1)
    enter(m, 70, 1234, now)
    number = now // 3600
    for k in range(6):  # each is of 24 hours, their quarters and two days
        changes = [(number - 1 - i, 40000000 + k, 50000000) for i in range(24)]
        assert edits.enter(m.energy, changes, [], now) == 24
        octets = sum([len(m.files.data[name]) for name in (saved.EDIT, edit_log.EDITS)])
        assert octets < 8192 and records.whole(m.files.data[edit_log.EDITS])
    assert 1 < len(edit_log.read(m.files)) < 7
    assert edits.undo(m.energy, now) == 24 * 5 + 1  # and 5 March: 6 March is not over
    block = Block(24)
    views.fill(m.energy.history, blocks.HOURS, (number - 2) // 24, block)
    assert block.imported[(number - 2) % 24] == 40000004


def test_an_edit_that_failed_is_not_in_the_log_and_what_was_undone_can_be_redone():
    m = day_of_hours()
    for value in (1100, 1200):
        enter(m, 1, value)
    edits.undo(m.energy, at(19, 2))
    before = log(m)
    write = m.files.write
    m.files.write = lambda name, chunks: name != saved.EDIT and write(name, chunks)
    assert enter(m, 2, 9000) == -1 and edits.undo(m.energy, at(19, 2)) == -1
    m.files.write = lambda name, chunks: False
    assert enter(m, 2, 9000) == -1 and edits.redo(m.energy, at(19, 2)) == -1
    m.files.write = write
    m = m.restart()
    assert log(m) == before and wh(m)[1:3] == [1100, 1000]
    assert edits.redo(m.energy, at(19, 2)) == 5 and wh(m)[1:3] == [1200, 1000]


def test_an_undo_and_a_redo_that_fail_are_reverted_and_can_be_repeated():
    for action, taken, other in ((edits.undo, 1200, 1100), (edits.redo, 1100, 1200)):
        world = day_of_hours()
        for value in (1100, 1200):
            enter(world, 1, value)
        if action is edits.redo:
            edits.undo(world.energy, at(19, 1))
        world.energy.save(at(19, 1))
        data = dict(world.files.data)
        before = log(world)
        for full in (False, True):
            calls = failed = 0
            while True:
                world.files.data = dict(data)
                m = world.restart(world.energy.snapshot())
                files = ShortOfMemory(m.files, calls, full)
                m.energy.history.files = files
                try:
                    done = action(m.energy, at(19, 2)) > 0
                except MemoryError:
                    done = False
                m.energy.history.files = m.files
                calls += 1
                if done and not files.failed:
                    break  # no call was left to fail
                if not done:
                    failed += 1
                    for found in (m, m.restart()):
                        assert wh(found)[1] == taken and log(found) == before, calls
                    assert enter(m, 5, 2000, at(19, 3)) == 1 and wh(m)[1] == taken
                    assert edits.undo(m.energy, at(19, 4)) == 5 and wh(m)[1:6:4] == [taken, 1000]
                else:
                    assert wh(m)[1] == other
            assert failed >= (3 if full else 8), failed


def test_an_operation_has_a_new_number_if_the_journal_was_lost():
    m = day_of_hours()
    for value in (1100, 1200, 1300):
        enter(m, 1, value)
    m.files.remove(saved.JOURNAL)
    m.files.remove(saved.EDIT)
    m = m.restart()
    for hour in range(20, 24):
        m.register(at(hour, 0, 6), hour * 1000)
        m.energy.save(at(hour, 0, 6))
    assert edits.enter(m.energy, [(HOUR + 21, 500, 0)], [], at(23, 1)) == 1
    numbers = [number for number, _ in log(m)]
    assert len(numbers) == 3 and len(set(numbers)) == 3 and numbers[0] == max(numbers)


def test_the_record_of_an_earlier_firmware_is_listed_and_undone():
    m = Meter("Europe/Oslo")
    m.files.data = {name: bytes.fromhex(FILES[name]) for name in FILES}
    m.energy.load(m.files)
    (entry,) = edit_log.read(m.files)
    assert (entry.number, entry.times()[0], entry.state) == (1, 0, edit_log.IN_FORCE)
    now = m.energy.settler.settled_until + 600
    assert edits.undo(m.energy, now) == 6
    (entry,) = edit_log.read(m.restart().files)
    assert (entry.number, entry.times()[0], entry.state) == (1, 0, edit_log.UNDONE)
    assert edits.redo(m.energy, now + 60) == 6


def test_an_undo_after_40_days_leaves_quarters_and_values_of_months_that_are_not_kept():
    m = day_of_hours()
    enter(m, 1, 3000)
    for day in range(1, 75):
        m.register(at(day * 24, 0, 6), 20000 + day * 24000)
        m.energy.save(at(day * 24, 0, 6))
    files = sorted(m.files.names())
    rows = kept_months(m)
    assert edits.undo(m.energy, at(74 * 24, 30)) > 0
    assert wh(m)[1] == 1000 and sorted(m.files.names()) == sorted(set(files + ["edits"]))
    assert [row[1] for row in rows] == [3000, 0]
    assert [row[1] for row in kept_months(m)] == [1000, 0]  # by hours, which are kept


def kept_months(m):
    """The rows of the file of months."""
    return list(months(m.files))


def test_damaged_files_of_edits_are_no_edits():
    m = day_of_hours()
    for hour in range(3):
        enter(m, hour, 1500)
    good = m.files.data[edit_log.EDITS]
    x = 7
    for n in range(len(good)):
        x = (x * 1103515245 + 12345) & 0x3FFFFFFF
        octets = bytearray(good)
        octets[n] ^= 1 + (x >> 8) % 255
        m.files.data[edit_log.EDITS] = bytes(octets)
        found = log(m)
        assert found[0][1] == 0 and 2 <= len(found) <= 3  # one record is lost at most
    for payload in (b"", b"\x02", b"\x02\x04", bytes(9), b"\x80" * 9, b"\x02" * 9):
        m.files.data[edit_log.EDITS] = records.pack(0x45, 1, payload)
        m.files.data[saved.EDIT] = records.pack(0x45, 1, payload)
        edit_log.read(m.files)


def test_the_value_of_a_month_stays_if_its_quarters_are_not_kept_any_more():
    m = Meter("GMT", "BE")
    wh_now = 0
    for quarter in range(97):
        m.register(at(0, 0, 6) + quarter * 900, wh_now)
        wh_now += 250
    assert edits.enter(m.energy, [(HOUR + 20, 8000, 0)], [], at(24, 1)) == 1
    for day in (2, 28, 29, 50, 75):
        m.register(at(day * 24, 0, 6), wh_now + day * 1000)
        m.energy.save(at(day * 24, 0, 6))
        if day in (29, 75):
            value = kept_months(m)[0][1]
            assert value == 8000
            edits.undo(m.energy, at(day * 24, 1))
            # In April the month is computed again, from its floor of 2.5 kW; in May it is not.
            assert kept_months(m)[0][1] == (2500 if day == 29 else 8000)
            edits.redo(m.energy, at(day * 24, 1))
