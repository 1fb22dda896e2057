"""The simulated household on any day and any grid."""

import math
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from tools.household import GRIDS, Household
from tools.loads import STEP_S, cet_offset_s

WINTER = datetime(2026, 1, 31, 12, tzinfo=UTC).timestamp()
SUMMER = datetime(2026, 6, 21, 2, tzinfo=UTC).timestamp()
FUSE_A = {"tn": 25, "it": 40, "1p": 63}
LINES = ("l1", "l2", "l3")


def lines_of(house):
    return LINES[:1] if house.grid == "1p" else LINES


def test_a_day_depends_on_the_seed_and_not_on_earlier_calls():
    asked_often, asked_once = Household(WINTER, 5), Household(WINTER, 5)
    for second in range(0, 9000, 7):
        asked_often.snapshot(WINTER + second)
    assert asked_often.snapshot(WINTER + 5003.5) == asked_once.snapshot(WINTER + 5003.5)
    # back to an earlier hour
    assert asked_often.snapshot(WINTER + 100) == asked_once.snapshot(WINTER + 100)
    assert Household(WINTER, 6).snapshot(WINTER + 50) != asked_once.snapshot(WINTER + 50)


@pytest.mark.parametrize("solar", [False, True])
@pytest.mark.parametrize("grid", GRIDS)
def test_registers_are_the_integral_of_the_power(grid, solar):
    house = Household(SUMMER, 2, grid, solar)
    first = house.snapshot(SUMMER)
    sums = dict.fromkeys(("import", "export", "q_import", "q_export", "l1", "l1_export"), 0)
    for second in range(0, 12 * 3600, STEP_S):
        s = house.snapshot(SUMMER + second)
        sums["import"] += s.power_import_w * STEP_S
        sums["export"] += s.power_export_w * STEP_S
        sums["q_import"] += s.reactive_import_var * STEP_S
        sums["q_export"] += s.reactive_export_var * STEP_S
        sums["l1"] += s.power_import_l1_w * STEP_S
        sums["l1_export"] += s.power_export_l1_w * STEP_S
    last = house.snapshot(SUMMER + 12 * 3600)
    pairs = (
        ("import", first.energy_import_wh, last.energy_import_wh),
        ("export", first.energy_export_wh, last.energy_export_wh),
        ("q_import", first.reactive_energy_import_varh, last.reactive_energy_import_varh),
        ("q_export", first.reactive_energy_export_varh, last.reactive_energy_export_varh),
        ("l1", first.energy_import_l1_wh, last.energy_import_l1_wh),
        ("l1_export", first.energy_export_l1_wh, last.energy_export_l1_wh),
    )
    for name, before, after in pairs:
        assert abs(after - before - sums[name] / 3600) < 1, name  # two readings in whole Wh
    assert sums["import"] > 0
    assert (sums["export"] > 0) == solar


def test_registers_grow_between_steps():
    house = Household(WINTER, 1)
    house.fix_power(WINTER, 360_000)  # 100 Wh a second
    begin = WINTER + STEP_S
    values = [house.snapshot(begin + k / 4).energy_import_wh for k in range(9)]
    assert [b - a for a, b in pairwise(values)] == [25] * 8


@pytest.mark.parametrize("start", [WINTER, SUMMER])
@pytest.mark.parametrize("grid", GRIDS)
def test_a_day_within_the_fuse_and_the_voltage_band(grid, start):
    house = Household(start, 3, grid, solar=start == SUMMER)
    powers = []
    for second in range(0, 86400, 30):
        s = house.snapshot(start + second)
        for line in lines_of(house):
            assert 207_000 <= getattr(s, f"voltage_{line}_mv") <= 253_000
            assert 0 <= getattr(s, f"current_{line}_ma") <= FUSE_A[grid] * 1000
        assert s.power_import_w == 0 or s.power_export_w == 0
        powers.append(s.power_import_w - s.power_export_w)
    assert max(powers) > max(4000, 4 * min(powers))  # varies over the day


@pytest.mark.parametrize("grid", GRIDS)
def test_power_is_volts_times_amperes(grid):
    house = Household(WINTER, 4, grid)
    for second in range(0, 7200, 40):
        s = house.snapshot(WINTER + second)
        apparent = sum(
            getattr(s, f"voltage_{line}_mv") * getattr(s, f"current_{line}_ma") / 1e6
            for line in lines_of(house)
        )
        if grid == "it":
            apparent /= math.sqrt(3)  # voltages between lines, currents of lines
        reactive = s.reactive_import_var - s.reactive_export_var
        expected = math.hypot(s.power_import_w, reactive)
        # the sum of the phases is above the whole where their reactive shares cancel out
        assert expected - 5 <= apparent <= expected * 1.2 + 60


def test_phases_add_up_and_differ():
    house = Household(WINTER, 1)
    unequal = 0
    for second in range(0, 7200, 60):
        s = house.snapshot(WINTER + second)
        net = [
            getattr(s, f"power_import_{line}_w") - getattr(s, f"power_export_{line}_w")
            for line in LINES
        ]
        assert sum(net) == s.power_import_w - s.power_export_w
        unequal += max(net) - min(net) > 200
    assert unequal > 60


def test_single_phase_has_no_other_phases():
    s = Household(WINTER, 1, "1p").snapshot(WINTER)
    assert s.voltage_l2_mv is s.current_l3_ma is s.energy_import_l2_wh is None
    assert s.power_import_l1_w == s.power_import_w


def test_winter_is_colder_and_uses_more_than_summer():
    cold, warm = Household(WINTER, 1), Household(SUMMER, 1)
    used = []
    for house, start in ((cold, WINTER), (warm, SUMMER)):
        first, last = house.snapshot(start), house.snapshot(start + 86400)
        used.append(last.energy_import_wh - first.energy_import_wh)
    assert used[0] > used[1] > 10_000


def test_fixed_power_is_exact_and_ends():
    house = Household(WINTER, 1)
    before = house.snapshot(WINTER + 9)
    house.fix_power(WINTER + 10, 4321)
    assert house.snapshot(WINTER + 9) == before
    s = house.snapshot(WINTER + 12)
    assert (s.power_import_w, s.power_export_w, s.reactive_import_var) == (4321, 0, 0)
    assert (s.power_import_l1_w, s.power_import_l2_w, s.power_import_l3_w) == (1441, 1440, 1440)
    used = house.snapshot(WINTER + 3612).energy_import_wh - s.energy_import_wh
    assert abs(used - 4321) <= 1
    house.fix_power(WINTER + 3620, -500)
    assert house.snapshot(WINTER + 3622).power_export_w == 500
    house.fix_power(WINTER + 3630, None)
    untouched = Household(WINTER, 1).snapshot(WINTER + 3632)
    assert house.snapshot(WINTER + 3632).power_import_w == untouched.power_import_w


def test_registers_are_beyond_single_precision():
    # a register above 2^24 units of 10 Wh does not fit a 32-bit float
    assert Household(WINTER, 1).snapshot(WINTER).energy_import_wh // 10 > 1 << 24


def test_wrong_grid_and_time_before_the_start_are_errors():
    with pytest.raises(ValueError, match="tt"):
        Household(WINTER, grid="tt")
    with pytest.raises(ValueError):
        Household(WINTER).snapshot(WINTER - 3600)


def test_summer_time_by_hand():
    def offset(*moment):
        return cet_offset_s(datetime(*moment, tzinfo=UTC).timestamp())

    # last Sunday in March and October, 01:00 UTC; 31 March 2024 is a Sunday itself
    assert offset(2026, 3, 29, 0, 59, 59) == 3600 and offset(2026, 3, 29, 1) == 7200
    assert offset(2026, 10, 25, 0, 59, 59) == 7200 and offset(2026, 10, 25, 1) == 3600
    assert offset(2024, 3, 31, 0, 59) == 3600 and offset(2024, 3, 31, 1) == 7200
    assert offset(2026, 1, 1) == 3600 and offset(2026, 7, 1) == 7200
