"""The whole firmware, started without a time, with time servers and meters that are wrong.

A real second is 100 s here. The firmware asks the server at the start, again after 5 s, then about
once an hour, and every minute or so while the judge of time waits for an answer.
"""

from datetime import UTC, datetime
from pathlib import Path

from tests.timing import PATIENCE_S, wait_until
from tests.world import MORNING, World
from tools.ntp import Server

SPEED = 100
SLACK_S = 120  # two times agree up to this
LONG_S = 2 * PATIENCE_S  # an hour till the next question is 41 s, then come ten minutes
DAYS_60 = 60 * 86400
HOURLY = ("--meter", "aidon", "--baud", "115200")  # its clock comes with the hourly list
OFTEN = ("--meter", "kamstrup", "--baud", "115200")  # its clock comes with each list
LINE = {"meter_baud": 115200, "meter_format": "8E1"}
HISTORY = f"/history.json?from={MORNING - 3600}&step=60&time=utc"
BY_NTP, BY_METER, BY_BOTH, BY_KEPT = 1, 2, 3, 4


def world_of(
    folder: Path, *meter: str, meter_off_s: int = 0, lie_s: int = 0, muted: bool = False
) -> World:
    server = Server()
    server.offset_s, server.muted = lie_s, muted
    return World(
        folder, *meter, clock=(MORNING, SPEED), config=LINE, ntp=server, meter_off_s=meter_off_s
    )


def told(world: World) -> bool:
    """Whether a time is believed."""
    doc = world.json("/now.json")
    assert doc["clk"]["by"] or doc["c"] < 1_000_000  # seconds since start
    return bool(doc["clk"]["by"])


def near(world: World, off_s: float, refused: bool = False) -> bool:
    """Whether the time that is believed, or the refused one, is wrong by that. The document may be
    of any moment while it was waited for: on a busy machine these are many simulated seconds."""
    before = world.now()
    doc = world.json("/now.json")
    shown = doc["clk"]["at"] if refused else doc["c"]
    known = refused or doc["clk"]["by"]
    return bool(known) and before - SLACK_S <= shown - off_s <= world.now() + SLACK_S


def right(world: World) -> bool:
    return near(world, 0)


def clk(world: World) -> dict:
    return world.json("/now.json")["clk"]


def asked(world: World, times: int) -> None:
    """Wait until the server was asked so often, and the answer has come."""
    assert world.ntp
    wait_until(lambda: world.ntp.asked >= times, LONG_S, world.log)


def steps(world: World) -> list[str]:
    return [line for line in world.log().splitlines() if "time: step" in line]


def test_a_short_lie_is_refused_and_a_restart_keeps_the_clock(tmp_path: Path) -> None:
    with world_of(tmp_path, *HOURLY) as world:
        assert world.ntp
        wait_until(lambda: right(world), about=world.log)
        assert clk(world)["by"] in (BY_NTP, BY_BOTH) and world.ntp.asked >= 2
        wait_until(lambda: clk(world)["by"] == BY_BOTH, LONG_S, world.log)  # at 11:00
        assert clk(world)["sure"]
        world.ntp.offset_s = DAYS_60
        before = world.ntp.asked
        asked(world, before + 1)
        wait_until(lambda: clk(world)["no"] == 1, LONG_S, world.log)
        lie = datetime.fromtimestamp(world.now() + DAYS_60, UTC)
        assert f"time: NTP says {lie:%Y-%m-%d}T" in world.log()
        assert near(world, DAYS_60, refused=True)
        assert right(world)
        world.ntp.offset_s = 0
        wait_until(lambda: clk(world)["no"] is None, about=world.log)
        assert right(world) and not steps(world)
        wait_until(lambda: world.json(HISTORY)["slots"], about=world.log)
        now = datetime.fromtimestamp(world.now(), UTC)
        for slot in world.json(HISTORY)["slots"]:
            assert slot["t"] <= f"{now:%Y-%m-%dT%H:%MZ}", "a slot under the date of the lie"

        world.ntp.muted = True
        assert world.post("/reboot", "")[0] == 200
        world.restart_after_exit()
        assert clk(world)["by"] in (BY_KEPT, BY_METER) and clk(world)["sure"]
        assert right(world)
        world.ntp.offset_s = DAYS_60  # the sure clock is kept against the first answers as well
        world.ntp.muted = False
        wait_until(lambda: clk(world)["no"] == 1, LONG_S, world.log)
        assert right(world)


def test_a_long_lie_is_believed_without_a_meter_clock_and_then_the_truth(tmp_path: Path) -> None:
    with world_of(tmp_path, *HOURLY) as world:
        assert world.ntp
        world.tell("pause")  # a silent meter
        wait_until(lambda: right(world), about=world.log)
        world.ntp.offset_s = DAYS_60
        asked(world, world.ntp.asked + 1)
        assert right(world)
        wait_until(lambda: not right(world), about=world.log)
        assert near(world, DAYS_60)
        assert not clk(world)["sure"]
        world.ntp.offset_s = 0
        wait_until(lambda: right(world), LONG_S, world.log)
        forth, back = steps(world)
        now = datetime.fromtimestamp(world.now(), UTC)
        lie = datetime.fromtimestamp(world.now() + DAYS_60, UTC)
        assert f"step from {now:%Y-%m-%d}" in forth and f"to {lie:%Y-%m-%d}" in forth
        assert f"step from {lie:%Y-%m-%d}" in back and f"to {now:%Y-%m-%d}" in back


def test_the_meters_clock_is_believed_after_ten_minutes_without_a_server(tmp_path: Path) -> None:
    with world_of(tmp_path, *OFTEN, muted=True) as world:
        assert world.ntp
        wait_until(lambda: told(world), about=world.log)
        assert right(world)
        clock = clk(world)
        assert (clock["by"], clock["sure"]) == (BY_METER, False)
        assert "time: 127.0.0.1:%d: no answer" % world.ntp.port in world.log()
        believed = next(line for line in world.log().splitlines() if "by meter" in line)
        assert int(believed.split()[0]) >= 600 // SPEED
        world.ntp.muted = False
        wait_until(lambda: clk(world)["by"] == BY_BOTH, LONG_S, world.log)
        assert clk(world)["sure"] and not steps(world)


def test_both_are_wrong_then_the_server_is_right(tmp_path: Path) -> None:
    with world_of(tmp_path, *OFTEN, meter_off_s=3600, lie_s=DAYS_60) as world:
        assert world.ntp
        wait_until(lambda: told(world), about=world.log)
        assert near(world, DAYS_60)  # after ten minutes
        believed = next(line for line in world.log().splitlines() if "UTC by NTP" in line)
        assert int(believed.split()[0]) >= 600 // SPEED
        assert not clk(world)["sure"]
        world.ntp.offset_s = 0
        wait_until(lambda: right(world), LONG_S, world.log)
        assert clk(world)["by"] == BY_NTP and len(steps(world)) == 1
