"""The whole firmware through hours and a midnight, 240 times as fast as real.

Kaifa sends registers once an hour: the energy of an hour is their difference. A real second is
four minutes here, so files written every few seconds are late by that factor.
"""

import calendar
import time
from itertools import pairwise
from pathlib import Path

from tests.timing import PATIENCE_S, wait_until
from tests.world import World

SPEED = 240.0
BEGIN = 1_772_309_100  # 2026-02-28T20:05Z, 21:05 in Oslo: the month ends as well
HOUR = 3600
FIRST = BEGIN // HOUR * HOUR + 2 * HOUR  # 22:00 UTC: a list with registers, also on a slow start
METER = ("--meter", "kaifa", "--baud", "115200")


def registers(world: World) -> dict[int, int]:
    """{unix time of a full hour: the meter's register}, from the meter's log."""
    lists = [t for t in world.sent if t["list"] == 3]
    return {int(t["meter_time"]) // HOUR * HOUR: t["energy_import_wh"] for t in lists}


def by_power(world: World, begin: int, end: int) -> float:
    """Wh that the meter sent as power in [begin, end), from the meter's log."""
    start, since, speed = world.clock or (0.0, 0.0, 1.0)
    times = [(start + (t["t"] - since) * speed, t["power_import_w"]) for t in world.sent]
    steps = pairwise(times)
    return sum((b - a) * watts / 3600 for (a, _), (b, watts) in steps if begin <= a < end)


def slots(world: World, step: str = "60") -> dict[int, tuple[int, str]]:
    """{unix time of a slot's begin: (Wh, quality)}, without those whose register is not in."""
    query = f"/history.json?from={BEGIN - HOUR}&step={step}&time=utc"
    found = {}
    for row in world.json(query)["slots"]:
        begin = calendar.timegm(time.strptime(row["t"], "%Y-%m-%dT%H:%MZ"))
        if row["q"] == "provisional":
            continue
        found[begin] = (round(row["i"] * 1000), row["q"])
    return found


def wait_for(world: World, unix: int) -> None:
    wait_until(lambda: world.now() >= unix)


def test_hours_and_months_equal_the_meters_registers_also_after_a_power_cut(
    tmp_path: Path,
) -> None:
    line = {"meter_baud": 115200, "meter_format": "8E1"}
    with World(tmp_path, *METER, clock=(BEGIN, SPEED), config=line) as world:
        first = FIRST
        # Two hours, over Oslo's midnight: a minute of the test at least.
        wait_until(lambda: first + 2 * HOUR in registers(world), 2 * PATIENCE_S)
        wait_for(world, first + 2 * HOUR + 2400)  # stored
        known = slots(world)
        assert [known[at][1] for at in (first, first + HOUR)] == ["measured"] * 2
        before = {at: slot for at, slot in known.items() if at < first}
        begun = sum(wh for wh, _ in before.values())  # from the first telegram on
        at = min(before)  # up to the first register by power; the uptime is real time
        assert before[at][1] == "gap"
        assert 0 < before[at][0] <= by_power(world, at, at + HOUR) / SPEED + 1
        world.cut_power()
        # No stored slot is lost. On a busy machine the next hour may end before the start does.
        wait_until(lambda: known.items() <= slots(world).items())
        wait_until(lambda: first + 3 * HOUR in registers(world))
        wait_for(world, first + 3 * HOUR + 2400)
        wait_until(lambda: max(slots(world)) >= first + 2 * HOUR, about=world.log)
        found = slots(world)
        last = max(found) + HOUR
        wait_until(lambda: last in registers(world))
        sent = registers(world)
        for at, (wh, quality) in found.items():
            if quality == "measured":
                assert wh == sent[at + HOUR] - sent[at], (at, wh)
        assert sum(wh for wh, _ in found.values()) == sent[last] - sent[first] + begun
        quarters = slots(world, "15")
        settled = sum(wh for at, (wh, _) in quarters.items() if at < last)
        assert settled == sent[last] - sent[first] + begun

        ea = world.json("/now.json")["ea"]
        # March began at 23:00 UTC: hours before it belong to last month.
        assert round(ea["u"][4] * 1000) == sent[first + HOUR] - sent[first] + begun
        assert round(ea["u"][2] * 1000) >= sent[last] - sent[first + HOUR]
        assert world.json("/monthplot.json")["i28"] == ea["u"][4]
        assert "Traceback" not in world.log() and "defect" not in world.log()
