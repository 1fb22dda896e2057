"""Days of a meter with lost lists and restarts: sums equal slots. One day: tests/unit."""

import pytest
from test_energy_shown import Day


@pytest.mark.parametrize("seed", range(2, 12))
def test_sums_equal_the_slots_at_any_moment(seed: int) -> None:
    day = Day(seed)
    for _ in range(30 * 60):
        day.minute()
    assert day.compared > 500
