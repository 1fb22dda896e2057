"""The power of the last six hours: means, gaps, the ring's end, a soft reset, its document."""

import json
import struct
from binascii import unhexlify

import micropython
import records
from doubles import AppDouble
from energy import recent_record as record
from energy.recent import MINUTES, TENS, Recent
from golden import same_as_golden
from stored_files import SNAPSHOT as OLD
from test_energy_files import saved_day
from test_energy_ledger import at
from web.documents import live

SNAPSHOT = unhexlify(OLD)


def slots(recent, k):
    """The slots of 10 s (0) or 1 min (1), oldest first, the running one last; unknown ones before
    the first known one are left out."""
    most = MINUTES if k else TENS
    found = [recent.watts(k, i) for i in range(most + 1)]
    while found and found[0] is None:
        found.pop(0)
    return found


def after(*telegrams):
    """A Recent after telegrams of (uptime in s, W)."""
    recent = Recent()
    for seconds, watts in telegrams:
        recent.add(watts, round(seconds * 1000))
    return recent


def test_a_power_holds_since_the_telegram_before():
    recent = after((5, 9999), (15, 3000), (25, 1000))
    # The first slot knows 5 of its seconds, the second has 5 s of each power.
    assert slots(recent, 0) == [3000, 2000, 1000]
    assert slots(recent, 1) == [2000]


def test_telegrams_of_a_second_and_of_uneven_times_give_the_mean_over_time():
    recent = after(*[(s, 100 * s) for s in range(21)])
    # Each power holds for the second before it: 100..1000 W, then 1100..2000 W.
    assert slots(recent, 0)[:2] == [550, 1550]
    recent = after((0, 0), (2.5, 400), (5, 800), (7.5, -1200), (9, 0), (12, 2000))
    # 2.5 s each of 400, 800, -1200, then 1.5 s of 0 and 1 s of 2000
    assert slots(recent, 0) == [200, 2000]


def test_a_silence_is_unknown_but_for_its_last_minute():
    recent = after((0, 0), (20, 700), (120, 900))
    assert slots(recent, 0) == [700] * 2 + [None] * 4 + [900] * 6 + [None]
    assert slots(recent, 1) == [700, 900, None]
    recent = after((0, 0), (20, 700), (20 + 6 * 3600 - 60, 900))
    assert slots(recent, 1) == [700] + [None] * 357 + [900, 900]
    recent = after((0, 0), (20, 700), (1000000, 900))  # longer than all slots
    assert slots(recent, 0) == [900] * 6 + [None] and slots(recent, 1) == [900, 900]


def test_export_counts_below_zero():
    assert slots(after((0, 0), (10, -1), (20, -16384)), 0) == [-1, -16384, None]


def test_steps_of_the_scale():
    """1 W up to 16384 W, then 8 W: no mean is off by more than 4 W."""
    for watts, stored in (
        (1, 1),
        (999, 999),
        (16384, 16384),
        (16387, 16384),
        (16388, 16392),
        (60000, 60000),
        (60003, 60000),
        (147448, 147448),
        (500000, 147448),
    ):
        for sign in (1, -1):
            recent = after((0, 0), (10, sign * watts))
            assert slots(recent, 0) == [sign * stored, None], watts


def test_the_oldest_minute_gives_its_place_to_the_newest():
    recent = Recent()
    for minute in range(1000):
        recent.add(minute, (minute + 1) * 60000)
    assert slots(recent, 1) == list(range(640, 1000)) + [None]
    assert slots(recent, 0) == [n for n in range(990, 1000) for _ in range(6)] + [None]


def test_the_means_equal_those_of_a_list_of_all_tenths_of_a_second():
    truth = []
    recent = Recent()
    recent.add(0, 0)
    seed = 12345
    while len(truth) < 30000:
        seed = (seed * 1103 + 12345) % 1000003
        tenths = seed % 37 + 1 if seed % 23 else 700 + seed % 1300
        watts = seed % 20001 - 10000
        truth += [None] * (tenths - 600) + [watts] * min(tenths, 600)
        recent.add(watts, len(truth) * 100)
    for k, length, most in ((0, 100, TENS), (1, 600, MINUTES)):
        count = len(truth) // length
        expected = []
        for n in range(max(0, count - most), count + 1):
            known = [w for w in truth[n * length : (n + 1) * length] if w is not None]
            expected.append((2 * sum(known) + len(known)) // (2 * len(known)) if known else None)
        assert expected[0] is not None and None in expected[:-1]
        assert slots(recent, k) == expected


def test_an_uptime_of_weeks_makes_no_difference():
    begin = 40 * 86400000 + 7
    recent = Recent()
    recent.add(0, begin)
    recent.add(500, begin + 10000)
    assert recent.watts(0, TENS - 1) == 500


def test_a_telegram_allocates_nothing():
    recent = after((0, 0), (1, 1))
    for uptime_ms in (1001, 2500, 130000, 500000):
        micropython.heap_lock()
        try:
            recent.add(-147448, uptime_ms)
        finally:
            micropython.heap_unlock()
    assert slots(recent, 1)[-2:] == [-147448, -147448]


def busy():
    """A Recent of seven hours, with a minute without telegrams, in the middle of a slot."""
    recent = Recent()
    for n in range(7 * 360 - 3):
        if not 2300 < n < 2312:
            recent.add(n, n * 10000 + 3210)
    return recent


def test_the_slots_continue_after_a_soft_reset():
    before = busy()
    packed = record.pack(before, 2043)
    assert len(packed) == 14 + 2 * 420 + records.OVERHEAD
    after_it = Recent()
    assert record.restore(after_it, packed)
    # The reset is the rest of the running slot, 3.21 s old, and one more slot.
    tens = slots(before, 0)
    assert slots(after_it, 0) == tens[2:] + [None, None]
    assert slots(after_it, 1) == slots(before, 1)
    assert after_it.at_cs % 1000 == 0 and after_it.end_ms == 0
    # The first telegram holds nothing: it does not fill the gap.
    after_it.add(5555, 12000)
    after_it.add(5555, 22000)
    assert slots(after_it, 0)[-4:] == [None, None, 5555, 5555]


def test_a_record_is_shortened_to_the_room_that_energy_leaves():
    before = busy()
    for room in (863, 861, 600, 301, 263):
        packed = record.pack(before, room)
        assert 0 <= room - len(packed) < 2
        again = Recent()
        assert record.restore(again, packed)
        n = (len(packed) - records.OVERHEAD - 14) // 2 - TENS
        expected = [before.watts(1, i) for i in range(MINUTES - n, MINUTES + 1)]
        assert [again.watts(1, i) for i in range(MINUTES - n, MINUTES + 1)] == expected
        assert [again.watts(1, i) for i in range(MINUTES - n)] == [None] * (MINUTES - n)
    for room in (262, 100, 0, -5):
        assert record.pack(before, room) == b""


def test_every_place_of_the_ring_survives_a_reset():
    before = Recent()
    for minute in range(800):
        before.add(minute, minute * 61000)
        if minute % 37 == 0:
            for room, n in ((2043, MINUTES), (500, (500 - 9 - 14) // 2 - TENS)):
                again = Recent()
                assert record.restore(again, record.pack(before, room))
                crossed = again.at_cs // 6000  # the reset ended the running minute
                expected = [before.watts(1, i) for i in range(MINUTES - n, MINUTES + 1)]
                expected = expected[crossed:] + [None] * crossed
                first = MINUTES - n
                assert [again.watts(1, i) for i in range(first, MINUTES + 1)] == expected


def test_foreign_memory_restores_nothing():
    packed = record.pack(busy(), 2043)
    payload = packed[5:-4]

    def head(at_cs, *running):
        return struct.pack("<HiHiH", at_cs, *running) + payload[14:]

    wrong = (
        b"",
        b"\xa7" * 2000,
        SNAPSHOT,
        packed[:-1],
        packed[1:],
        records.pack(0x4A, 1, payload),
        records.pack(0x4C, 2, payload),
        records.pack(0x4C, 1, b""),
        records.pack(0x4C, 1, payload[:133]),
        records.pack(0x4C, 1, payload[:-1]),
        records.pack(0x4C, 1, payload + b"\x01\x02"),
        records.pack(0x4C, 1, head(6000, 0, 0, 0, 0)),
        records.pack(0x4C, 1, head(65535, 0, 0, 0, 0)),
        records.pack(0x4C, 1, head(1500, 0, 501, 0, 0)),
        records.pack(0x4C, 1, head(1500, 0, 0, 0, 1501)),
        records.pack(0x4C, 1, head(1500, 5, 0, 0, 0)),
        records.pack(0x4C, 1, head(1500, 147448 * 500 + 1, 500, 0, 0)),
        records.pack(0x4C, 1, head(1500, 0, 0, -147448 * 1500 - 1, 1500)),
    )
    for memory in wrong:
        recent = Recent()
        assert not record.restore(recent, memory), memory[:20]
        assert slots(recent, 0) == slots(recent, 1) == [] and recent.at_cs == 0
    for i in range(0, len(packed) * 8, 7):
        damaged = bytearray(packed)
        damaged[i // 8] ^= 1 << i % 8
        assert not record.restore(Recent(), bytes(damaged)), i
    assert record.restore(Recent(), SNAPSHOT + packed)
    assert record.restore(Recent(), records.pack(0x4C, 1, head(1500, 5, 500, -5, 1500)))


def test_energy_reads_its_snapshot_beside_the_record_and_an_old_one_alone():
    m = saved_day()
    for minute in range(10):
        m.tell(at(24) + minute * 60, power_import_w=6000)
    snapshot = m.energy.snapshot()
    packed = record.pack(busy(), 2043 - len(snapshot))
    assert packed and len(snapshot) + len(packed) <= 2043
    alone = m.restart(snapshot).energy.running(at(24, 10))
    assert m.restart(snapshot + packed).energy.running(at(24, 10)) == alone
    assert alone[0][0] > 0


class Uptime:
    def __init__(self, ms):
        self.ms = ms

    def uptime_ms(self):
        return self.ms


def document(recent, uptime_ms):
    app = AppDouble(system=Uptime(uptime_ms))
    app.recent = recent
    pieces = list(live.get(app, None))
    assert max([len(piece) for piece in pieces]) < 300
    return "".join(pieces)


def test_live_json():
    """Slot 1 has 5 s of 2430 and 5 s of -400 W; of the 100 s before the last telegram 60 count;
    the first minute has 10 s of 2430 and 16 s of -400 W."""
    recent = after((5, 1), (15, 2430), (31, -400), (131, 500))
    same_as_golden("live.json", document(recent, 132400))


def test_live_json_of_all_slots_and_of_none():
    assert document(Recent(), 90000) == '{"ta":90.0,"t":[null],"ma":90.0,"m":[null]}'
    body = document(busy(), 7 * 3600000)
    parsed = json.loads(body)
    assert len(parsed["t"]) == TENS + 1 and len(parsed["m"]) == MINUTES + 1 and len(body) < 3000
