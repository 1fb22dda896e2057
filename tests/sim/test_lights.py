"""Lights and button of the whole firmware. R, G and L are the red, the green and the single light
of the simulated board, RG is yellow, - is dark."""

import json
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

from tests.timing import PATIENCE_S, wait_until, waited_ns
from tests.world import World, point
from tools import simulation

KAIFA = ("--meter", "kaifa", "--speed", "5")
SLACK_MS = 400


def slack_ms(world: World) -> int:
    """How late a tick may be: also all the time for which the firmware waited for a processor."""
    threads = waited_ns(world.firmware.pid).items()
    waited = [ns for place, ns in threads if place.parts[2] == str(world.firmware.pid)]
    return SLACK_MS + sum(waited) // 1_000_000


def near(length_ms: int, expected_ms: int, slack: int) -> bool:
    """A late beginning makes a light short, a late end makes it long."""
    return abs(length_ms - expected_ms) < slack


def kill(world: World) -> None:
    world.firmware.kill()
    world.firmware.wait()


def changes(world: World) -> list[str]:
    return [lit for _, lit in world.lights()]


def flashes(lights: list[tuple[int, str]], colour: str) -> list[tuple[int, int]]:
    """(begin, length) in ms of each flash of a colour."""
    return [(at, after - at) for (at, lit), (after, _) in pairwise(lights) if lit == colour]


def test_the_lights_from_the_start_to_a_silent_meter(tmp_path: Path) -> None:
    with World(tmp_path, *KAIFA, panel=True) as world:
        # The button's second, then one flash of each light, then the telegrams.
        wait_until(lambda: len(changes(world)) >= 10)
        begun = world.lights()
        assert [lit for _, lit in begun[:10]] == "G - L - R - RG - G -".split()
        assert near(begun[1][0] - begun[0][0], 1000, slack_ms(world))
        wait_until(lambda: len(flashes(world.lights()[10:], "G")) >= 2)
        assert "R" not in "".join(changes(world)[10:])
        world.tell("pause")
        silent = world.lights()[-1][0]
        wait_until(lambda: changes(world).count("R") >= 4, 2 * PATIENCE_S)
        codes, slack = flashes(world.lights()[10:], "R"), slack_ms(world)
        assert 28000 < codes[0][0] - silent < 33000 + slack, (silent, codes)
        for (at, length), (following, _) in pairwise(codes):
            assert near(length, 250, slack)
            assert near(following - at, 3000, slack)  # one flash: code 1


def start_pressed(world: World, until: Callable[[list[str]], bool]) -> None:
    """Start the firmware, which has ended, with the button pressed, and release it when the
    changes of the lights are so."""
    (world.folder / "panel/lights").unlink(missing_ok=True)
    world.press()
    world.start_again(wait=False)
    wait_until(lambda: until(changes(world)), about=world.log)
    world.release()


SETTINGS = {"hostname": "attic", "main_fuse_a": 63, "lights": "off"}


def test_the_button_clears_the_settings_and_keeps_the_history(tmp_path: Path) -> None:
    with World(tmp_path, *KAIFA, panel=True, config=SETTINGS) as world:
        wait_until(lambda: world.json("/now.json")["i"] is not None)
        wait_until(lambda: "meter_baud" in (world.data / "config.json").read_text())
        assert world.json("/sysinfo.json")["hostname"] == "attic"
        (world.data / "config.json.bad").write_text("{")
        (world.data / "lists.txt").write_text("")
        names = {"config.json", "config.json.bad", "lists.txt"}

        def saved() -> set[str]:
            found = {path.name for path in world.data.iterdir()} - names
            return {name for name in found if not name.endswith(".new")}

        wait_until(saved)  # the first save of the energy
        kill(world)
        kept = {path.name: path.read_bytes() for path in world.data.iterdir()}
        start_pressed(world, lambda lit: lit[-1:] == ["R"])
        slack = [SLACK_MS]

        def ended() -> bool:
            slack.append(slack_ms(world))
            return world.firmware.poll() is not None

        wait_until(ended)
        assert world.firmware.wait() == 75
        # Green for the press, then yellow, red; six red flashes after the release.
        (yellow,) = flashes(world.lights(), "RG")
        assert changes(world)[0] == "G" and near(yellow[1], 2000, max(slack))
        assert changes(world)[-12:] == ["R", "-"] * 6
        left = {path.name: path.read_bytes() for path in world.data.iterdir()}
        assert names <= kept.keys() and not names & left.keys()
        history = {name for name in kept if not name.endswith(".new")} - names - {"rtc", "reset"}
        assert history and all(left[name] == kept[name] for name in history)
        world.restart_after_exit()
        info = world.json("/sysinfo.json")
        assert (info["ex_cause"], info["hostname"]) == (5, "ams-4b1e")
        assert info["board"] == 50


def test_a_button_held_too_long_changes_nothing(tmp_path: Path) -> None:
    with World(tmp_path, *KAIFA, panel=True, wait=False, config=SETTINGS) as world:
        kill(world)
        start_pressed(world, lambda lit: "R" in lit[:-1])  # red has ended
        assert simulation.wait_for_http(world.http, PATIENCE_S, world.firmware)
        wait_until(lambda: world.json("/now.json")["i"] is not None)
        assert world.json("/sysinfo.json")["hostname"] == "attic"
        stored = json.loads((world.data / "config.json").read_text())
        assert SETTINGS.items() <= stored.items()
        # Then the test of the lights, which runs beside the first telegram.
        wait_until(lambda: len(changes(world)) >= 12)
        assert changes(world)[:12] == "G RG R - L - R - RG - G -".split()
        assert near(flashes(world.lights(), "R")[0][1], 2000, slack_ms(world))


HOME = {"wifi_ssid": "home", "wifi_psk": "a long secret"}


def test_a_press_of_over_5_s_begins_the_setup_and_another_one_ends_it(tmp_path: Path) -> None:
    air = [point("home", "a long secret")]
    with World(tmp_path, *KAIFA, panel=True, radio=air, config=HOME) as world:

        def yellow() -> list[tuple[int, int]]:
            return flashes(world.lights()[10:], "RG")

        def green() -> int:
            return len(flashes(world.lights(), "G"))

        wait_until(lambda: "wifi: connected" in world.log())
        for said in ("setup: join", "wifi: connected"):
            lines = world.log().count(said)
            begin = time.monotonic()
            world.press()
            wait_until(lambda n=lines, said=said: world.log().count(said) > n)
            assert time.monotonic() - begin > 5
            before = green()
            time.sleep(6)  # the same press
            assert green() > before  # telegrams go on
            assert world.log().count(said) == lines + 1
            world.release()
            before = green()
            wait_until(lambda n=before: green() > n + 2)  # the button has been looked at
        # Steady at the begin and at the end.
        found, slack = yellow(), slack_ms(world)
        assert len(found) > 3
        assert all(near(length, 500, slack) for _, length in (found[0], found[-1]))
        between = found[1:-1]
        for (at, length), (following, _) in pairwise(between):
            assert near(length, 80, slack) and near(following - at, 3200, slack)
        lengths = sorted(length for _, length in between)
        assert lengths[len(lengths) // 2] < 300 < min(found[0][1], found[-1][1]), found
