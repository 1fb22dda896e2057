"""Days of random faults of Wi-Fi with simulated time: see tests/unit/wifi_day.py."""

import random
import sys

import pytest

from tools.runtime import ROOT

sys.path.append(str(ROOT / "tests" / "unit"))
from wifi_day import Day


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_each_day_ends_connected(seed: int) -> None:
    run(seed)


@pytest.mark.long
def test_days_of_random_seeds_end_connected() -> None:
    for _ in range(20):
        run(random.randrange(1 << 22))


def run(seed: int) -> None:
    day = Day(seed)
    print(f"seed {seed}")
    day.whole()
    print(f"{day.faults}, {day.losses} losses")
    assert day.network.connected and day.network.reason == 0
    assert sum(day.faults.values()) > 60 and day.losses > 15 and min(day.asked) > 3
