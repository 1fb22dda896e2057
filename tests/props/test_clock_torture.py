"""Wrong clocks spoil nothing: see clock_torture. The seeds are printed if a run fails.

`python -m tests.props.test_clock_torture FIRST LAST [judged]` prints the seeds of plans that fail.
"""

import pytest
from energy import blocks, views
from energy.blocks import Block

from tests.props.clock_torture import (
    DAY,
    NEAR_S,
    PAST_DAYS,
    Judged,
    Plan,
    Reader,
    decidable,
    slots,
    windows,
    wrong,
)

SOME = 60
MANY = 150


def certain(slot: tuple[int, int, int] | None) -> bool:
    """Whether a slot can be a peak."""
    return slot is not None and (slot[2] == blocks.MEASURED or slot[2] >= blocks.NEAR)


def compare(seed: int, days: int = 0, kind: type[Reader] = Reader) -> int:
    """Run a plan; AssertionError with its seed if the wrong clocks have spoilt anything. Returns
    the number of hours that are compared one by one."""
    plan = Plan(seed, days, kind is Judged)
    truth, reader = Reader(plan, True), kind(plan, False)
    truth.run()
    reader.run()
    assert reader.lists == truth.lists
    if abs(reader.trace[-1][2]) > NEAR_S or not decidable(plan, wrong(reader)):
        return 0  # the clock is not right again, or a restart leaves it open which one is right
    meanwhile = windows(plan, truth, reader)
    begin, end = plan.begin - DAY, plan.end
    compared = 0
    sums = []
    for level, step in ((blocks.HOURS, 3600), (blocks.QUARTERS, 900)):
        expected = slots(truth.energy, begin, end + 2 * DAY, level)
        found = slots(reader.energy, begin, end + 2 * DAY, level)
        for t in sorted(set(expected) | set(found)):
            if any(a < t + step and t < b for a, b in meanwhile):
                if t >= plan.begin and found.get(t, (0, 0, 0))[2] == blocks.MEASURED:
                    a, b = plan.meter.registers(t), plan.meter.registers(t + step)
                    assert found[t][:2] == (b[0] - a[0], b[1] - a[1]), (seed, step, t)
            elif certain(expected.get(t)):
                # Estimated slots are shares by power, which differ after restarts: saves differ.
                assert found.get(t, ())[:2] == expected[t][:2], (seed, step, t)
                assert plan.often or certain(found[t]), (seed, step, t)
                compared += step == 3600
        sums.append([[sum(slot[i] for slot in s.values()) for i in (0, 1)]
                     for s in (expected, found)])  # fmt: skip
    for expected_wh, found_wh in sums:
        if any(b == plan.end for _, b in meanwhile) or reader.lists[-1] < reader.started:
            continue  # no register has come since
        if plan.fresh and expected_wh != found_wh:
            # The first registers differ: one reader lost them in a restart, or had no time yet.
            last = plan.meter.registers(reader.energy.registers.read_at)
            first = [t for t, said in reader.log if "first reading" in said][-1]
            begins = [plan.begin, first if plan.often else first - first % 60]
            most, least = [[last[i] - plan.meter.registers(t)[i] for i in (0, 1)] for t in begins]
            assert least <= found_wh <= most, (seed, sums)
        else:
            assert expected_wh == found_wh, (seed, sums)
    check_old(plan, truth, reader)
    check_peaks(plan, reader, meanwhile)
    return compared


def check_old(plan: Plan, truth: Reader, reader: Reader) -> None:
    """The history from before the run is whole."""
    old = range(plan.begin // DAY - PAST_DAYS, plan.begin // DAY - 1)
    block, other = Block(24), Block(24)
    for day in old if not plan.fresh else ():
        for found, of in ((block, reader), (other, truth)):
            views.fill(of.energy.history, blocks.HOURS, day, found)
        assert block.imported == other.imported and block.quality == other.quality, plan.seed


def check_peaks(plan: Plan, reader: Reader, meanwhile: list[tuple[int, int]]) -> None:
    """The month's peaks are never above the true hours; of hourly lists they are those hours, the
    highest measured one of each day."""
    energy = reader.energy
    zone = energy.settler.zone
    first = zone.month_start(energy.peaks.month)
    best: dict[int, int] = {}
    for t, slot in slots(energy, first, plan.end, blocks.HOURS).items():
        if certain(slot) and zone.month(t) == energy.peaks.month:
            best[zone.day(t)] = max(best.get(zone.day(t), 0), blocks.least(*slot))
    expected = sorted((w for w in best.values() if w), reverse=True)[:5]
    found = sorted((w for _, w in energy.peaks.places), reverse=True)
    assert found == expected, plan.seed
    for begin, watts in energy.peaks.places:
        if begin >= plan.begin:
            a, b = plan.meter.registers(begin), plan.meter.registers(begin + 3600)
            assert watts <= b[0] - a[0], (plan.seed, begin)


@pytest.mark.parametrize("kind", [Reader, Judged])
def test_wrong_clocks_spoil_nothing(kind: type[Reader]) -> None:
    hours = sum(compare(seed, kind=kind) for seed in range(SOME))
    print(f"{kind.__name__}: seeds 0 to {SOME - 1}, {hours} hours compared one by one")
    assert hours > 3 * SOME


@pytest.mark.long
@pytest.mark.parametrize("kind", [Reader, Judged])
def test_a_year_of_wrong_clocks_spoils_nothing(kind: type[Reader]) -> None:
    hours = 0
    for seed in range(8):  # of some years no rule can know the right clock at each restart
        hours = hours or compare(seed, 365, kind)
        print(f"{kind.__name__}: a year, seed {seed}, {hours} hours compared one by one")
    assert hours > 365 * 8


@pytest.mark.long
@pytest.mark.parametrize("kind", [Reader, Judged])
def test_more_plans_of_wrong_clocks_spoil_nothing(kind: type[Reader]) -> None:
    first = 1000
    print(f"{kind.__name__}: seeds {first} to {first + MANY - 1}")
    for seed in range(first, first + MANY):
        compare(seed, kind=kind)


if __name__ == "__main__":
    import sys

    first, last = int(sys.argv[1]), int(sys.argv[2])
    kind = Judged if "judged" in sys.argv else Reader
    bad = decided = 0
    for seed in range(first, last):
        try:
            decided += compare(seed, kind=kind) > 0
        except AssertionError as e:
            bad += 1
            print("BAD", seed, str(e).split("\n")[0], flush=True)
    print(f"{kind.__name__}: seeds {first} to {last - 1}, {decided} compared, {bad} bad")
