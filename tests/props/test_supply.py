"""The tiers of the supply under random voltage courses, a sample each second. A failure prints the
seed."""

from itertools import pairwise
from random import Random

import pytest
from device import tiers
from system import System

STAY_S = (0, 10, 10, 20, 30)
COURSES = 300
SECONDS = 900
_TIER, _REFERENCE, _HELD, _SLEEPS = 8, 9, 12, 15


class Board:
    """A board with a supply voltage only."""

    ticks = 0
    mv = 3300

    clock_right = clock_sure = True

    def unix_time(self) -> int:
        return 1_773_742_800

    def supply_mv(self) -> int:
        return self.mv

    def ticks_ms(self) -> int:
        return self.ticks

    def reset_cause(self) -> tuple[int, int]:
        return 1, 0


class Machine:
    """The state machine, visited when System.supply_due() asks for it or, if `dense`, each second.
    The reference is 3.30 V unless a start at another voltage is asked for. A deep sleep lasts."""

    def __init__(self, dense: bool = False, start_mv: int = 3300) -> None:
        self.board = Board()
        self.board.mv = start_mv
        self.system = System(self.board)
        self.system.lows = bytearray(60)
        self.dense = dense
        self.s = self.system.supply
        tiers.begin(self.s, start_mv, True, 0, 0)

    def second(self, mv: int) -> tuple[int, bool]:
        """One more second. Returns the tier and whether writes are held."""
        self.board.mv = mv
        self.board.ticks += 1000
        if (self.system.supply_due() or self.dense) and self.s[_TIER] < tiers.ASLEEP:
            tiers.step(self.s, self.system.lows, self.system.uptime_s())
        return self.s[_TIER], self.s[_HELD] > 0


def course(random: Random, seconds: int = SECONDS) -> list[int]:
    """Plateaus, ramps, noise and bursts between 2.4 and 3.35 V."""
    mv, found = 3300, []
    while len(found) < seconds:
        target = random.choice((3300, 3300, 3250, 3210, 3150, 3120, 3090, 3000, 2940, 2850, 2780))
        target += random.randint(-40, 40)
        length = random.choice((1, 2, 3, 8, 12, 25, 45, 90))
        noise = random.choice((0, 5, 20, 80))
        ramp = random.random() < 0.5
        for i in range(1, length + 1):
            level = mv + (target - mv) * i // length if ramp else target
            found.append(max(2400, level + random.randint(-noise, noise)))
        mv = target
    return found[:seconds]


def courses() -> list[tuple[int, list[int]]]:
    return [(seed, course(Random(seed))) for seed in range(COURSES)]


def test_no_visit_is_missed() -> None:
    """The bounds and the wait in the list call for a visit whenever one would change anything."""
    for seed, voltages in courses():
        start_mv = Random(seed).choice((3300, 3280, 3230, 3150, 2990, 2900))
        sparse, dense = Machine(start_mv=start_mv), Machine(dense=True, start_mv=start_mv)
        for second, mv in enumerate(voltages):
            assert sparse.second(mv) == dense.second(mv), (seed, second)
            assert sparse.s[_REFERENCE] == dense.s[_REFERENCE], (seed, second)
        assert sparse.system.lows == dense.system.lows, seed


def test_a_lower_course_never_has_a_higher_operation() -> None:
    for seed, voltages in courses():
        random = Random(-seed - 1)
        low, high = Machine(), Machine()
        lower_by = 0
        for second, mv in enumerate(voltages):
            if random.random() < 0.05:
                lower_by = random.choice((0, 0, 1, 15, 40, 150, 400))
            tier_low, held_low = low.second(max(2400, mv - lower_by))
            tier_high, held_high = high.second(mv)
            assert tier_low >= tier_high, (seed, second)
            assert held_low >= held_high, (seed, second)


def test_each_tier_is_left_upwards_after_its_stay_and_by_one() -> None:
    returns = 0
    for seed, voltages in courses():
        machine = Machine()
        entered = tier = 0
        for second, mv in enumerate(voltages):
            before, tier = tier, machine.second(mv)[0]
            if tier < before:
                assert tier == before - 1 and second - entered >= STAY_S[before], (seed, second)
                returns += 1
            if tier != before:
                entered = second
    assert returns > COURSES


def test_recovery_always_reaches_full_operation() -> None:
    for seed, voltages in courses():
        start_mv = Random(seed).choice((3300, 3200, 3050, 2900, 2810))
        machine = Machine(start_mv=start_mv)
        for mv in voltages:
            if machine.second(mv)[0] == tiers.ASLEEP:
                break
        if machine.s[_TIER] == tiers.ASLEEP:  # it wakes, with the sleep counted
            tiers.begin(machine.s, mv, True, 1, machine.system.uptime_s())
        # Stays of 30, 20, 10 and 10 s; the second sample above, and one second for each begin.
        reached = [machine.second(3300) for _ in range(76)]
        assert reached[-1] == (0, False), seed
        assert machine.s[_SLEEPS] == 0
        assert {machine.second(3300) for _ in range(300)} == {(0, False)}


@pytest.mark.parametrize("span_mv", [0, 9, 19])
def test_noise_smaller_than_the_hysteresis_does_not_flap(span_mv: int) -> None:
    random = Random(span_mv)
    for mv in range(2760, 3301, 7):
        machine = Machine()
        machine.second(3300)
        seen = [machine.second(mv + random.randint(0, span_mv))[0] for _ in range(300)]
        assert seen == sorted(seen), mv


def test_the_tier_of_a_constant_voltage_falls_with_it() -> None:
    last = 0
    for mv in range(3300, 2400, -1):
        machine = Machine()
        machine.second(3300)
        tier = [machine.second(mv)[0] for _ in range(120)][-1]
        assert tier >= last, mv
        last = tier
    assert last == tiers.ASLEEP


def test_no_write_is_possible_below_the_safe_level_for_two_hours() -> None:
    for seed in range(20):
        random = Random(seed)
        machine = Machine()
        machine.second(3300)
        low = [random.randint(2960, 3099) for _ in range(7201)]
        held = [machine.second(mv)[1] for mv in low]
        # The sample of the first second is judged together with the one before it.
        assert held == [False] + [True] * 7200
        assert not any(machine.second(3050)[1] for _ in range(7300))
        machine.second(3140)
        assert not machine.second(3140)[1]
        machine.second(3000)
        assert machine.second(3000)[1]


def test_the_start_ends_after_28_seconds_at_any_voltage() -> None:
    for mv in range(2800, 3401):
        machine = Machine(start_mv=mv)
        seen = [machine.second(mv)[0] for _ in range(60)]
        assert set(seen[28:]) == {0}, mv
        assert all(a >= b for a, b in pairwise(seen)), mv
