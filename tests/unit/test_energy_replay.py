"""A few weeks of a household on both runtimes; the year is in tests/props/test_energy_year.py."""

import clock
from replay import Replay


def test_weeks_around_the_clock_change_add_up():
    for zone, often in (("Europe/Oslo", False), ("Europe/London", True)):
        begin = clock.seconds(2026, 3, 27, 5, 0, 0)
        replay = Replay(zone, begin, 5, often, 6, 6 * 1440)
        replay.run()
        replay.check()
        assert replay.restarted == 8 and len(replay.measured) > 90
