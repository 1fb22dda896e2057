"""/live.json of the whole firmware: the power since the start, and after a reboot."""

from pathlib import Path

from tests.timing import PATIENCE_S, wait_until
from tests.world import MORNING, World

METER = ("--meter", "kamstrup", "--country", "dk", "--interval", "1")


def slots(world: World) -> list[int | None]:
    slots: list[int | None] = world.json("/live.json")["t"]
    return slots


def test_the_power_of_the_last_hours_survives_a_reboot_but_not_a_power_cut(
    tmp_path: Path,
) -> None:
    with World(tmp_path, *METER, clock=(MORNING, 1)) as world:
        world.tell("power 3210")
        wait_until(lambda: slots(world).count(3210) >= 3, 2 * PATIENCE_S)  # half a minute
        world.tell("power -1500")
        wait_until(lambda: slots(world)[-1] == -1500)
        live = world.json("/live.json")
        # The minute that has the change; it may just have ended.
        assert live["ta"] < 15 and any(-1500 < mean < 3210 for mean in live["m"][-2:])
        assert world.post("/reboot", "") == (200, {"reboot": True})
        world.restart_after_exit()
        after = slots(world)
        kept = live["t"][:-1]  # the last one was still running
        assert after[: len(kept)] == kept and kept.count(3210) >= 2
        assert after[len(kept)] == -1500 and after[len(kept) + 1] is None
        wait_until(lambda: slots(world)[-1] == -1500)
        assert slots(world)[: len(kept)] == kept
        assert world.json("/live.json")["m"][-1] is not None
        world.cut_power()
        assert 3210 not in slots(world)
        assert "Traceback" not in world.log() and "defect" not in world.log()
