"""The sum of the slots equals the register's difference, for any telegrams at any times."""

from energy import blocks, edits, profiles, views
from energy.blocks import Block
from energy.ledger import Energy
from energy.power import HoldTimes, Power
from files import FilesDouble
from han.fields import COUNT, ENERGY_IMPORT_WH, POWER_IMPORT_W
from hypothesis import example, given, settings
from hypothesis import strategies as st

BEGIN = 1774700000 // 3600 * 3600
IMPORT = ENERGY_IMPORT_WH
POWER = POWER_IMPORT_W


@given(
    st.integers(0, 3600),
    st.integers(1, 90000),
    st.integers(0, 10**7),
    st.lists(st.tuples(st.integers(0, 90000), st.integers(0, 60000), st.integers(0, 99000))),
)
def test_shares_add_up(offset: int, length: int, wh: int, powers: list) -> None:
    power = Power()
    for t, ms, watts in sorted(powers):
        power.add(0, BEGIN + t, ms, watts)
    begin = BEGIN + offset
    shares = list(power.shares(begin, begin + length, wh, wh // 3))
    assert sum(share[1] for share in shares) == wh and sum(s[2] for s in shares) == wh // 3
    assert all(share[1] >= 0 for share in shares)
    assert [share[0] for share in shares] == list(
        range(begin // 900, (begin + length - 1) // 900 + 1)
    )


@given(st.integers(0, 10**7), st.lists(st.integers(0, 10**6), min_size=4, max_size=4))
def test_an_edit_is_split_whole(value: int, old: list[int]) -> None:
    parts = edits.split(value, old)
    assert sum(parts) == value and min(parts) >= 0


STEP = st.tuples(
    st.integers(1, 20000),  # seconds
    st.one_of(st.none(), st.integers(0, 20000)),  # Wh the register moves, None: no register
    st.one_of(st.none(), st.integers(0, 20000)),  # W
    st.sampled_from((None, 0, 8, 3600, 200)),  # how far the list's clock is behind
    st.integers(0, 9),  # 0: a cold restart, 1: a soft one, 2: a save
)


def total(ledger: Energy, now: int) -> int:
    wh = 0
    block, hours = Block(96), Block(24)
    for day in range(BEGIN // 86400 - 1, now // 86400 + 2):
        views.fill(ledger.history, blocks.QUARTERS, day, block)
        views.fill(ledger.history, blocks.HOURS, day, hours)
        assert sum(block.imported) == sum(hours.imported)
        assert all(quality < len(blocks.NAMES) for quality in block.quality)
        wh += sum(hours.imported)
    return wh


@settings(max_examples=150, deadline=None)
@given(st.lists(STEP, max_size=40))
@example(
    [
        (453, 0, None, None, 1),
        (453, 1, None, None, 1),
        (107, 30, None, None, 0),
        (787, 1, None, None, 1),
    ]
)  # with a near slot
def test_slots_add_up_to_the_register(steps: list) -> None:
    files = FilesDouble()

    def new(snapshot: bytes = b"") -> Energy:
        ledger = Energy("Europe/Oslo", profiles.tariff("NO", {}))
        ledger.load(files, snapshot)
        ledger.registers.learned_w = 10**8  # any difference is plausible
        return ledger

    ledger = new()
    hold_times = HoldTimes()
    now, wh = BEGIN, 10**6
    first = lost = believed = None
    base = 0
    for seconds, moved, watts, lag, event in steps:
        now += seconds
        values: list = [None] * COUNT
        values[POWER] = watts
        if moved is not None:
            wh += moved
            values[IMPORT] = wh
        before = ledger.registers.imported
        held_ms = hold_times.note(values, (now - BEGIN) * 1000)
        note = ledger.update(values, now, held_ms, None if lag is None else now - lag)
        if moved is not None:
            if first is None and ledger.registers.imported is not None:
                first, base = wh, total(ledger, now)  # the energy before is an estimate
            if note and before is not None and note != "repeated list":
                lost = (lost or 0) + wh - before
        if event == 2 or event == 1:
            ledger.save(now)
            believed = ledger.registers.imported
        if event < 2:
            ledger = new(ledger.snapshot() if event else b"")
            hold_times = HoldTimes()
            if not event and ledger.registers.imported != believed:
                return  # nothing had been saved
            if ledger.registers.imported is None:
                first = lost = None
    kept = total(ledger, now)
    if ledger.registers.imported is not None and not lost:
        assert kept - base == ledger.registers.imported - first
