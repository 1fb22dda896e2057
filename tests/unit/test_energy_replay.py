"""A few weeks of a household on both runtimes; the year is in tests/props/test_energy_year.py."""

import clock
from replay import Replay

BEGIN = clock.seconds(2026, 3, 27, 5, 0, 0)


def test_weeks_around_the_clock_change_add_up():
    for zone, often in (("Europe/Oslo", False), ("Europe/London", True)):
        replay = Replay(zone, BEGIN, 5, often, 6, 6 * 1440)
        replay.run()
        replay.check()
        assert replay.restarted == 8 and len(replay.measured) > 90


def test_weeks_with_a_hostile_meter_add_up():
    for often, faults, measured, near in (
        (False, ("old", "absurd", "end"), 60, 0),
        (False, ("undated", "absurd", "step10"), 50, 0),
        (False, ("step1000",), 0, 0),
        (True, ("beside", "end"), 0, 90),
        (True, ("absurd", "step10"), 60, 0),
        (True, ("step1000", "undated"), 0, 0),
    ):
        replay = Replay("Europe/Oslo", BEGIN, 5, often, 6, 6 * 1440, faults)
        replay.run()
        replay.check()
        assert len(replay.measured) >= measured and len(replay.near) >= near, faults
        assert (replay.world.absurd > 5) == ("absurd" in faults)
