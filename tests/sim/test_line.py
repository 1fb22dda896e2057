"""Detection of the line's settings, at the start and after a change."""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from han.detect import COMBINATIONS

from tests.timing import PATIENCE_S, wait_until
from tests.world import World

Settings = tuple[int, str, bool]
LAST = (115200, "8N1", True)


def line(settings: Settings) -> list[str]:
    """The meter's options for a line with these settings."""
    baud, line_format, invert = settings
    return ["--baud", str(baud), "--parity", line_format] + ["--invert"] * invert


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[Settings, World]]:
    """A world for each combination, all at the same time."""
    with contextlib.ExitStack() as stack:
        made = {}
        for settings in COMBINATIONS:
            folder = tmp_path_factory.mktemp("-".join(map(str, settings)))
            options = ["--meter", "kaifa", "--speed", "3", *line(settings)]
            made[settings] = stack.enter_context(World(folder, *options, wait=False))
        yield made


def stored(world: World) -> Settings:
    """Wait for the line's settings in the world's config.json."""
    file = world.data / "config.json"
    wait_until(lambda: file.exists() and "meter_invert" in file.read_text())
    found = json.loads(file.read_text())
    return found["meter_baud"], found["meter_format"], found["meter_invert"]


@pytest.mark.parametrize("settings", COMBINATIONS, ids=str)
def test_every_combination_of_settings_is_detected(
    worlds: dict[Settings, World], settings: Settings
) -> None:
    world = worlds[settings]
    wait_until(lambda: "found at" in world.log(), 3 * PATIENCE_S, about=world.log)
    # An 8N1 reader reads an 8E1 line correctly: the UART stores octets with a framing error.
    assert stored(world) in (settings, (settings[0], "8N1", settings[2]))
    wait_until(lambda: world.json("/now.json")["i"])


def test_detected_settings_are_used_at_the_next_start(worlds: dict[Settings, World]) -> None:
    world = worlds[LAST]
    wait_until(lambda: "found at 115200 8N1 inverted" in world.log(), about=world.log)
    assert stored(world) == LAST
    world.cut_power()
    assert world.json("/sysinfo.json")["line"].endswith("115200 8N1 inverted")
    wait_until(lambda: world.json("/now.json")["i"] is not None)
    assert world.log().count("found at") == 1


def test_a_changed_parity_is_detected(tmp_path: Path) -> None:
    with World(tmp_path, "--meter", "kaifa", "--speed", "3") as world:
        wait_until(lambda: world.json("/now.json")["i"] is not None)
        world.tell("parity 8N1")
        wait_until(lambda: "found at 2400 8N1" in world.log(), 3 * PATIENCE_S, about=world.log)
        wait_until(lambda: world.json("/now.json")["s"] < 3)
        assert stored(world) == (2400, "8N1", False)


def test_a_noisy_line_still_gives_readings(tmp_path: Path) -> None:
    with World(tmp_path, "--meter", "kaifa", "--speed", "10", "--noise", "0.005") as world:
        wait_until(lambda: world.json("/now.json")["n"] > 20)
        assert "defect" not in world.log() and "Traceback" not in world.log()
