"""Whatever is received, and whenever: the slots' sum is what the register has moved."""

from energy import edits, slots
from energy.ledger import Ledger
from energy.rules import PROFILES
from energy.slots import Block
from energy.span import Span
from energy.tariff import Tariff
from files import FilesDouble
from han.fields import COUNT, ENERGY_IMPORT_WH, POWER_IMPORT_W
from hypothesis import given, settings
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
    span = Span()
    for t, ms, watts in sorted(powers):
        span.add(0, BEGIN + t, ms, watts)
    begin = BEGIN + offset
    shares = list(span.shares(begin, begin + length, wh, wh // 3))
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


def total(ledger: Ledger, now: int) -> int:
    wh = 0
    block, hours = Block(96), Block(24)
    for day in range(BEGIN // 86400 - 1, now // 86400 + 2):
        ledger.history.quarters_of(day, block)
        ledger.history.hours_of(day, hours)
        assert sum(block.imported) == sum(hours.imported)
        assert all(quality <= slots.EDITED for quality in block.quality)
        wh += sum(hours.imported)
    return wh


@settings(max_examples=150, deadline=None)
@given(st.lists(STEP, max_size=40))
def test_slots_add_up_to_the_register(steps: list) -> None:
    files = FilesDouble()

    def new(snapshot: bytes = b"") -> Ledger:
        ledger = Ledger("Europe/Oslo", Tariff(PROFILES["NO"]))
        ledger.load(files, snapshot)
        return ledger

    ledger = new()
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
        before = ledger.anchor.imported
        ledger.note = ""
        ledger.update(values, now, (now - BEGIN) * 1000, None if lag is None else now - lag)
        if moved is not None:
            if first is None:
                first, base = wh, total(ledger, now)  # what was seen before is an estimate
            if ledger.note and before is not None and ledger.note != "repeated list":
                lost = (lost or 0) + wh - before
        if event == 2 or event == 1:
            ledger.save(now)
            believed = ledger.anchor.imported
        if event < 2:
            ledger = new(ledger.snapshot() if event else b"")
            if not event and ledger.anchor.imported != believed:
                return  # nothing had been saved
            if ledger.anchor.imported is None:
                first = lost = None
    kept = total(ledger, now)
    if ledger.anchor.imported is not None and not lost:
        assert kept - base == ledger.anchor.imported - first
