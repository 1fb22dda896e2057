"""Records, blocks of slots, the journal and damaged files."""

import clock
import records
from energy import blocks, edits, restored, saved, stored, views
from energy.blocks import Block
from energy.stored import BlockStore, months
from files import FilesDouble
from stored_files import FILES, SNAPSHOT
from test_energy_ledger import DAY, Meter, at


def crc32(data):
    """Bit by bit, from the polynomial; the check value of "123456789" is CBF43926."""
    crc = 0xFFFFFFFF
    for octet in data:
        crc ^= octet
        for _ in range(8):
            crc = crc >> 1 ^ (0xEDB88320 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def test_octets_of_a_record():
    assert crc32(b"123456789") == 0xCBF43926
    head = b"\xa7\x4a\x01\x02\x00ab"
    crc = crc32(head)
    tail = bytes([crc & 255, crc >> 8 & 255, crc >> 16 & 255, crc >> 24])
    assert records.pack(0x4A, 1, b"ab") == head + tail


def test_records_survive_what_is_around_them():
    one, two = records.pack(1, 1, b"first"), records.pack(2, 7, b"\xa7" * 30)
    data = b"\xa7junk" + one + b"\x00" + two + b"\xa7\x01"
    found = [(k, v, data[b:e]) for k, v, b, e in records.scan(data)]
    assert found == [(1, 1, b"first"), (2, 7, b"\xa7" * 30)]
    assert records.whole(one + two) and not records.whole(data) and records.whole(b"")


def test_any_flipped_bit_costs_one_record():
    one, two = records.pack(1, 1, b"first record"), records.pack(2, 1, b"second")
    for i in range(len(one) * 8):
        data = bytearray(one + two)
        data[i // 8] ^= 1 << i % 8
        assert [k for k, _, _, _ in records.scan(bytes(data))] == [2], i
    for n in range(len(one + two)):
        kinds = [k for k, _, _, _ in records.scan((one + two)[:n])]
        assert kinds == ([1] if n >= len(one) else [])


def test_numbers_of_any_size():
    numbers = [0, 1, -1, 63, 64, -64, -65, 2**31, -(2**31), 2**32 - 1, 2**62, -(2**70)]
    data = records.pack_ints(numbers)
    assert list(records.ints(data, 0, len(data))) == numbers
    assert records.pack_ints([0, -1, 63, 64]) == b"\x00\x01\x7e\x80\x01"
    try:
        list(records.ints(data, 0, len(data) - 1))
    except ValueError:
        pass
    else:
        raise AssertionError("a cut number was read")


def test_a_block_comes_back():
    for n, values in ((96, (0, 255)), (24, (0, 65535)), (31, (1, 2**32 - 1)), (24, (0, 0))):
        block = Block(n)
        for i in range(n):
            block.put(i, values[i & 1], values[1] // (i + 1), i % 5 if n != 31 else 1)
        data = stored.pack(block, 20000)
        again = Block(n)
        assert stored.unpack(again, data, 0, len(data))
        assert again.imported == block.imported and again.exported == block.exported
        assert again.quality == block.quality
        assert not stored.unpack(again, data, 0, len(data) - 1)


def test_a_usual_day_of_hours_is_small():
    block = Block(24)
    for i in range(24):
        block.put(i, 1200 + i, 0, blocks.MEASURED)
    assert len(stored.pack(block, 20000)) == 3 + 1 + 24 * 2


def test_a_store_replaces_adds_and_deletes_blocks():
    files = FilesDouble()
    store = BlockStore("x", 24, 4, 6)
    block = Block(24)
    for number in list(range(10, 21)) + [17]:
        block.put(0, number, number * 2, 1)
        assert store.write(files, number, block)
    assert sorted(files.names()) == ["x3", "x4", "x5"]
    for number in range(12, 21):
        assert store.read(files, number, block) and block.imported[0] == number
    assert not store.read(files, 10, block) and block.imported[0] == 0
    assert len(list(records.scan(files.data["x4"]))) == 4


def test_damage_in_a_store_costs_one_block():
    files = FilesDouble()
    store = BlockStore("x", 24, 4, 6)
    block = Block(24)
    for number in range(12, 15):
        block.put(0, number, 0, 1)
        store.write(files, number, block)
    data = bytearray(files.data["x3"])
    data[len(data) // 2] ^= 4
    files.data["x3"] = bytes(data)
    assert [store.read(files, number, block) for number in (12, 13, 14)] == [True, False, True]
    block.put(0, 15, 0, 1)
    assert store.write(files, 15, block) and files.told == [
        "x3 was damaged: whole records are kept"
    ]
    assert records.whole(files.data["x3"])


def saved_day():
    m = Meter()
    for hour in range(2, 9):
        m.register(at(hour, 0, 6), 1000 * hour)
        m.energy.save(at(hour, 0, 6))
    return m


def test_a_restart_finds_all_that_was_saved():
    m = saved_day()
    again = m.restart()
    assert [again.hour(hour) for hour in range(2, 8)] == [(1000, blocks.MEASURED)] * 6
    assert again.energy.registers.imported == 8000 and not again.energy.ready
    assert again.energy.peaks.places == m.energy.peaks.places


def test_a_damaged_journal_costs_a_record():
    m = saved_day()
    good = m.files.data[saved.JOURNAL]
    marks = [begin - 5 for _, _, begin, _ in records.scan(good)]
    assert len(marks) == 7
    data = bytearray(good)
    data[marks[3] + 20] ^= 1
    m.files.data[saved.JOURNAL] = bytes(data)
    again = m.restart()
    lost = [hour for hour in range(2, 8) if again.hour(hour)[0] != 1000]
    assert len(lost) <= 1 and again.energy.registers.imported == 8000
    assert m.files.told == ["the journal was damaged: its whole records are used"]
    again.register(at(9, 0, 6), 9000)
    again.energy.save(at(9, 0, 6))
    assert records.whole(m.files.data[saved.JOURNAL])


def test_a_journal_cut_anywhere_gives_an_earlier_state_and_the_sum_comes_back():
    m = saved_day()
    good = m.files.data[saved.JOURNAL]
    for n in range(0, len(good), 7):
        m.files.data[saved.JOURNAL] = good[:n]
        again = m.restart()
        start = again.energy.registers.imported
        again.register(at(9, 0, 6), 9000)
        assert again.energy.registers.imported == 9000
        if start is not None:
            assert sum([again.hour(hour)[0] for hour in range(24)]) == 7000


def test_random_octets_are_no_state():
    m = Meter()
    x = 1
    for n in range(0, 400, 3):
        octets = bytearray()
        for _ in range(n):
            x = (x * 1103515245 + 12345) & 0x7FFFFFFF
            octets.append(x >> 8 & 255)
        m.files.data = {name: bytes(octets) for name in (saved.JOURNAL, "h854", "months", "edit")}
        assert m.restart(bytes(octets)).energy.registers.imported is None
        for payload in (bytes(octets), records.pack_ints(list(octets))):
            m.files.data[saved.JOURNAL] = records.pack(0x4A, 1, payload)
            m.restart()


def journal_of(state, energy):
    """A journal of one record: a state, and the slots that a snapshot has now."""
    data = energy.snapshot()
    _, _, begin, end = next(records.scan(data))
    numbers = list(records.ints(data, begin, end))
    slots = numbers[1 + numbers[0] :]
    return records.pack(0x4A, 1, records.pack_ints([len(state)] + state + slots))


def test_a_state_of_a_later_version_is_read():
    m = saved_day()
    state = restored.states(m.energy.snapshot())[0]
    state[0] = 9
    m.files.data[saved.JOURNAL] = journal_of(state + [1, 2, 3], m.energy)
    assert m.restart().energy.registers.imported == 8000


def later(m):
    """How many numbers of a state the first version did not have, with no closed days."""
    return 2 + sum([1 + len(group) for group in saved.groups(m.energy)])


def test_a_state_of_an_earlier_version_is_read():
    m = saved_day()
    state = restored.states(m.energy.snapshot())[0][: -later(m)]
    m.files.data[saved.JOURNAL] = journal_of(state, m.energy)
    again = m.restart()
    assert again.energy.registers.imported == 8000
    for energy in (m.energy, again.energy):
        assert energy.running(at(8, 1))[1] == [6000, 0, 0, 0, 0, 0]


def test_a_state_cut_anywhere_is_not_used():
    m = saved_day()
    state = restored.states(m.energy.snapshot())[0]
    for n in range(len(state) - later(m)):
        m.files.data[saved.JOURNAL] = journal_of(state[:n], m.energy)
        energy = m.restart().energy
        assert energy.registers.imported is None, n
        assert [len(row) for row in energy.totals.rows] == [6] * 5, n


def test_a_snapshot_that_is_not_valid_costs_nothing_of_the_journal():
    m = saved_day()
    m.power(at(8, 1), at(8, 20), 1200)
    state = restored.states(m.energy.snapshot())[0]
    for n in (3, 9, len(state) - later(m) - 1):
        again = m.restart(journal_of(state[:n], m.energy))
        assert again.energy.registers.imported == 8000, n
        assert again.energy.running(at(8, 1))[1][0] == 6000 and not again.energy.ready
        assert again.hour(7) == (1000, blocks.MEASURED)
    again.register(at(9, 0, 6), 9000)
    assert again.energy.save(at(9, 0, 6))
    assert again.restart().energy.running(at(9, 1))[1][0] == 7000


def test_without_the_journal_the_month_is_found_in_the_history():
    m = Meter("Europe/Oslo")
    begin = clock.seconds(2026, 3, 1, 0, 0, 0)
    for hour in range(6 * 24 + 10):
        m.register(begin + hour * 3600 + 6, hour * 1000)
        m.energy.save(begin + hour * 3600 + 6)
    del m.files.data[saved.JOURNAL]
    again = m.restart()
    again.register(begin + 154 * 3600 + 6, 154000)
    day, month = again.energy.running(begin + 154 * 3600 + 7)[1:3]
    # 7 March from 00 UTC on was in the journal alone; its first local hour, 23 UTC, was not
    assert day[0] == 1000 and month[0] == 144000
    again.register(begin + 155 * 3600 + 6, 155000)
    assert again.energy.running(begin + 155 * 3600 + 7)[2][0] == 145000


def test_a_snapshot_fits_into_the_rtc_memory():
    m = saved_day()
    for minute in range(20 * 60):  # no register for 20 hours
        m.tell(at(8) + minute * 60, power_import_w=39000, power_export_w=39000)
    assert len(m.energy.snapshot()) < 2048


def test_a_soft_reset_just_after_a_day_has_turned_mixes_no_days():
    m = Meter()
    for hour in range(24):
        m.register(at(hour, 0, 6), 1000 * hour)
        m.energy.save(at(hour, 0, 6))
    m.register(at(24, 10), 24000)  # late and without a clock: it begins the next UTC day
    again = m.restart(m.energy.snapshot())
    for hour in range(25, 30):
        again.register(at(hour, 0, 6), 1000 * hour)
        again.energy.save(at(hour, 0, 6))
    for meter in (again, again.restart()):
        block = Block(24)
        total = 0
        for day in (DAY // 86400, DAY // 86400 + 1):
            views.fill(meter.energy.history, blocks.HOURS, day, block)
            total += sum(block.imported)
        assert total == 29000 and block.imported[4] == 1000


def test_a_soft_reset_before_the_days_end_is_written_keeps_the_day():
    m = Meter("Europe/Oslo")
    for hour in range(-1, 23):
        m.register(at(hour), 1000 * hour + 1000)
        m.energy.save(at(hour, 0, 6))
    m.energy.save(at(23, 1, 30))  # midnight in Oslo, and its list is late
    m.register(at(23, 10), 24167)
    again = m.restart(m.energy.snapshot())
    again.register(at(24), 25000)
    again.energy.save(at(24, 0, 6))
    for meter in (again, again.restart()):
        block = Block(31)
        views.fill(meter.energy.history, blocks.DAYS, 2026 * 12 + 2, block)
        assert block.imported[2] + meter.energy.totals.rows[1][0] == 25000
        assert block.imported[2] > 23000


def test_a_day_that_ended_while_flash_was_full_is_not_lost():
    for reset, anchor in ((0, 0), (20, 20000), (30, 11000)):
        day_that_ended_while_flash_was_full(reset, anchor)


def day_that_ended_while_flash_was_full(reset, anchor):
    m = Meter("Europe/Oslo")
    for hour in range(60):
        m.files.full = 12 <= hour < 36
        m.register(at(hour, 0, 6), 1000 * hour)
        m.energy.save(at(hour, 0, 6))
        if hour == 35 and not reset:  # the first day waits in RAM: others see it all the same
            for step in (900, 3600):
                rows = list(views.slots_between(m.energy, at(0), at(35), step))
                assert sum([row[1] for row in rows]) == 35000
        if hour == reset:
            m = m.restart(m.energy.snapshot())
            assert not hour or m.energy.registers.imported == anchor
    for meter in (m, m.restart()):
        total = 0
        for day in range(3):
            block = Block(24)
            views.fill(meter.energy.history, blocks.HOURS, DAY // 86400 + day, block)
            total += sum(block.imported)
            quarters = Block(96)
            views.fill(meter.energy.history, blocks.QUARTERS, DAY // 86400 + day, quarters)
            assert sum(quarters.imported) == sum(block.imported)
        block = Block(31)
        views.fill(meter.energy.history, blocks.DAYS, 2026 * 12 + 2, block)
        assert total == 59000 == sum(block.imported) + meter.energy.totals.rows[1][0]


def test_the_journal_stays_small_while_no_register_comes():
    m = saved_day()
    before = sum([m.hour(hour)[0] for hour in range(24)])
    longest = 0
    for hour in range(9, 60):
        m.power(at(hour), at(hour + 1), 39000, 300)
        if m.energy.save_due(at(hour + 1, 2)):
            m.energy.save(at(hour + 1, 2))
        longest = max(longest, len(m.files.data[saved.JOURNAL]))
    assert longest <= 4096
    again = m.restart()
    assert again.energy.registers.imported == 8000
    assert sum([again.hour(hour)[0] for hour in range(24)]) == before == 6000


def test_full_flash_stops_nothing():
    m = saved_day()
    m.files.full = True
    for hour in range(9, 23):
        m.register(at(hour, 0, 6), 1000 * hour)
        assert m.energy.save_due(at(hour, 0, 6)) and not m.energy.save(at(hour, 0, 6))
    assert m.hour(21) == (1000, blocks.MEASURED)
    m.files.full = False
    m.energy.save(at(22, 0, 7))
    assert m.restart().hour(21) == (1000, blocks.MEASURED)


def test_the_energy_domain_holds_little_memory():
    """Five meters are made: garbage held by the stack cannot hide the memory of all of them."""
    import gc

    if not hasattr(gc, "mem_alloc"):
        print("what the energy domain holds is not measured: no gc.mem_alloc on CPython")
        return
    files = FilesDouble()
    Meter(files=files)
    gc.collect()
    before = gc.mem_alloc()
    meters = [Meter(files=files) for _ in range(5)]
    gc.collect()
    held = (gc.mem_alloc() - before) // len(meters)
    rows = 96 * 9 + 64 * 12  # arrays are as large on the device; all else is words
    if __import__("sys").maxsize > 2**32:
        held = (held - rows) // 2 + rows
    print("energy domain holds %d octets (in 32-bit words)" % held)
    assert meters[0].energy.history.files is files and rows < held <= saved.MOST


def test_a_save_without_memory_is_due_again():
    m = saved_day()
    m.register(at(9, 0, 6), 9000)
    assert m.energy.save_due(at(9, 0, 6))
    before = m.energy.snapshot()
    record = saved.record

    def refuse(energy):
        raise MemoryError

    saved.record = refuse
    try:
        m.energy.save(at(9, 0, 6))
        raised = False
    except MemoryError:
        raised = True
    finally:
        saved.record = record
    assert raised and m.energy.snapshot() == before and m.energy.save_due(at(9, 0, 6))
    assert m.restart().energy.registers.imported == 8000
    assert m.energy.save(at(9, 0, 6)) and not m.energy.save_due(at(9, 1))
    assert m.restart().energy.registers.imported == 9000


def test_a_normal_day_is_written_in_forty_writes():
    m = Meter("Europe/Oslo")
    start = clock.seconds(2026, 3, 25, 0, 0, 0)
    for quarter in range(96 * 10):
        now = start + quarter * 900 + 6
        m.tell(now, power_import_w=1000)
        if quarter % 4 == 0:
            m.register(now, 5000 + quarter * 250)
        if m.energy.save_due(now):
            m.energy.save(now)
    print("%d writes in 10 days" % m.files.writes)
    assert m.files.writes <= 10 * 40 and m.files.writes >= 10 * 24


def test_the_journal_stays_small_enough_to_be_read():
    for watts in (None, 2000):  # neither registers nor power for five days; power alone
        m = Meter()
        for hour in range(20, 24):
            m.register(at(hour, 0, 6), 1000 * hour)
            m.energy.save(at(hour, 0, 6))
        shown = m.energy.running(at(23, 2))[1][0]
        for hour in range(24, 144):
            if watts is not None:
                m.power(at(hour), at(hour, 2), watts, 60)
            assert m.energy.save_due(at(hour, 2)) and m.energy.save(at(hour, 2))
            assert len(m.files.data[saved.JOURNAL]) <= saved.MOST
        again = m.restart()
        assert again.energy.registers.imported == 23000
        assert again.energy.totals.rows[1][0] == shown == 3000
        assert again.hour(22) == (1000, blocks.MEASURED)


def test_many_edits_of_a_day_leave_the_journal_readable():
    m = Meter()
    for hour in range(8, 20):
        m.register(at(hour, 0, 6), 1000 * hour)
        m.energy.save(at(hour, 0, 6))
    for k in range(60):
        change = (at(0) // 86400 - 1 - k % 30, 1000 + k, 0)
        assert edits.enter(m.energy, [], [change], at(19, 1)) == 1
    assert len(m.files.data[saved.JOURNAL]) <= saved.MOST
    again = m.restart()
    assert again.energy.registers.imported == 19000 and again.hour(9) == (1000, blocks.MEASURED)
    assert again.energy.edit_id == 60


def test_the_files_of_an_earlier_firmware_are_read():
    begin = clock.seconds(2026, 3, 30, 0, 0, 0)
    now = begin + 77 * 3600 + 610
    for snapshot in (bytes.fromhex(SNAPSHOT), b""):
        m = Meter("Europe/Oslo")
        m.files.data = {name: bytes.fromhex(FILES[name]) for name in FILES}
        m.energy.set_prices(lambda utc: 1500000)
        m.energy.load(m.files, snapshot)
        assert m.energy.registers.imported == 5000 + 77 * 1000 + 3 * 276 + 10
        hours = [1000 + hour % 24 for hour in range(77)]
        hours[19] = 4500
        found = list(views.slots_between(m.energy, begin, now, 3600))
        assert [row[1] for row in found] == hours and found[19][3] == blocks.EDITED
        quarters = [row[1] for row in views.slots_between(m.energy, begin, now, 900)]
        assert sum(quarters) == sum(hours)
        # Local days begin at 22 UTC; 30 March is known from its third hour on.
        days = [sum(hours[:22]), sum(hours[22:46]), sum(hours[46:70])]
        assert [row[1] for row in views.slots_between(m.energy, begin - 7200, now, 86400)] == days
        seen = 200 if snapshot else 0  # 10 minutes of 1200 W
        sums = [seen, sum(hours[70:]) + seen, sum(hours[46:]) + seen, days[2], sum(hours[:46])]
        assert [row[0] for row in m.energy.running(now)] == sums
        assert m.energy.peaks.chosen() == [(begin + 47 * 3600, 1023), (begin + 71 * 3600, 1023)]
        march = sum(hours[:46]) - 3481  # money and kept months are those before the edit
        cost, income = m.energy.running(now)[4][2:4]
        assert cost == march * 1500000 and income == 470 * 1000000 * 3 // 2 - 15000000
        assert [row[0] for row in months(m.files)] == [2026 * 12 + 2]
        assert edits.undo(m.energy, now) and m.energy.running(now)[4][0] == march
