"""A year of households, with restarts, lost and repeated lists, a reset and a swap; then of meters
that do more: see household_year.World."""

import clock
import pytest
from replay import Replay


@pytest.mark.long
@pytest.mark.parametrize(
    ("zone", "seed", "often"),
    [("Europe/Oslo", 11, False), ("Europe/Helsinki", 12, False), ("Europe/London", 13, True)],
)
def test_a_year_adds_up_to_the_register(zone: str, seed: int, often: bool) -> None:
    begin = clock.seconds(2026, 1, 1, 3, 0, 0)
    replay = Replay(zone, begin, seed, often, 200, 365 * 1440)
    replay.run()
    replay.check()
    hours = len(replay.measured) + replay.others
    files = sum(len(body) for body in replay.files.data.values())
    print(f"{zone}: {replay.restarted} restarts, {len(replay.measured)} of {hours} hours measured,"
          f" {replay.files.writes / 365:.1f} writes a day, {files} octets kept")  # fmt: skip
    assert replay.restarted == 202 and len(replay.measured) > hours * 8 // 10
    assert replay.files.writes / 365 <= 40


@pytest.mark.long
@pytest.mark.parametrize(
    ("zone", "seed", "often", "faults", "certain"),
    [
        ("Europe/Oslo", 21, False, ("old", "absurd", "end"), 4),
        ("Europe/London", 23, True, ("beside", "end"), 6),
        ("Europe/Helsinki", 22, False, ("undated", "absurd", "step10"), 4),
    ],
)
def test_a_year_of_a_hostile_meter_adds_up(
    zone: str, seed: int, often: bool, faults: tuple[str, ...], certain: int
) -> None:
    """certain: at least so many tenths of the hours are measured or near."""
    begin = clock.seconds(2026, 1, 1, 3, 0, 0)
    replay = Replay(zone, begin, seed, often, 200, 365 * 1440, faults)
    replay.run()
    replay.check()
    known = len(replay.measured) + len(replay.near)
    print(f"{zone}, {faults}: {len(replay.measured)} hours measured, {len(replay.near)} near,"
          f" {replay.others} others; {replay.world.absurd} absurd lists")  # fmt: skip
    assert known * 10 >= (known + replay.others) * certain
