"""Lights and button of the whole firmware. R, G and L are the red, the green and the single light
of the simulated board, RG is yellow, - is dark."""

import json
import threading
import time
from itertools import pairwise
from pathlib import Path

from tests.timing import wait_until
from tests.world import World, point

KAIFA = ("--meter", "kaifa", "--speed", "5")
SLACK_MS = 400  # of the ticks of a busy machine


def near(length_ms: int, expected_ms: int) -> bool:
    """A late beginning makes a light short, a late end makes it long."""
    return abs(length_ms - expected_ms) < SLACK_MS


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
        assert near(begun[1][0] - begun[0][0], 1000)
        wait_until(lambda: len(flashes(world.lights()[10:], "G")) >= 2)
        assert "R" not in "".join(changes(world)[10:])
        world.tell("pause")
        silent = world.lights()[-1][0]
        wait_until(lambda: changes(world).count("R") >= 4, 60)
        codes = flashes(world.lights()[10:], "R")
        assert 28000 < codes[0][0] - silent < 33000, (silent, codes)
        for (at, length), (following, _) in pairwise(codes):
            assert near(length, 250)
            assert near(following - at, 3000)  # one flash: code 1


def hold(world: World, until: str, then_s: float = 0) -> None:
    """Press the button at the first green, release it `then_s` after the light `until`."""
    wait_until(lambda: "G" in changes(world))
    world.press()
    wait_until(lambda: changes(world)[-1] == until)
    time.sleep(then_s)
    world.release()


SETTINGS = {"hostname": "attic", "main_fuse_a": 63, "lights": "off"}


def test_the_button_clears_the_settings_and_keeps_the_history(tmp_path: Path) -> None:
    with World(tmp_path, *KAIFA, panel=True, config=SETTINGS) as world:
        wait_until(lambda: world.json("/now.json")["i"] is not None)
        wait_until(lambda: "meter_baud" in (world.data / "config.json").read_text())
        assert world.json("/sysinfo.json")["hostname"] == "attic"
        (world.data / "config.json.bad").write_text("{")
        (world.data / "lists.txt").write_text("")
        wait_until(lambda: len(list(world.data.iterdir())) > 3)  # the first save of the energy
        world.cut_power(wait=False)
        kept = {path.name: path.read_bytes() for path in world.data.iterdir()}
        hold(world, "R", 0.5)
        assert world.firmware.wait(20) == 75
        # Green for the press, then yellow, red; six red flashes after the release.
        assert changes(world)[0] == "G" and near(flashes(world.lights(), "RG")[0][1], 2000)
        assert changes(world)[-12:] == ["R", "-"] * 6
        left = {path.name: path.read_bytes() for path in world.data.iterdir()}
        gone = {"config.json", "config.json.bad", "lists.txt"}
        assert gone <= kept.keys() and not gone & left.keys()
        history = kept.keys() - gone - {"rtc", "reset"}
        assert history and all(left[name] == kept[name] for name in history)
        world.restart_after_exit()
        info = world.json("/sysinfo.json")
        assert (info["ex_cause"], info["hostname"]) == (5, "ams-4b1e")
        assert info["board"] == 50


def test_a_button_held_too_long_changes_nothing(tmp_path: Path) -> None:
    with World(tmp_path, *KAIFA, panel=True, wait=False, config=SETTINGS) as world:
        presser = threading.Thread(target=hold, args=(world, "R", 3.0))
        presser.start()
        wait_until(lambda: "reset 0" in world.log())
        presser.join()
        wait_until(lambda: world.json("/now.json")["i"] is not None)
        assert world.json("/sysinfo.json")["hostname"] == "attic"
        stored = json.loads((world.data / "config.json").read_text())
        assert SETTINGS.items() <= stored.items()
        # Green at the start and in the test of the lights, which runs beside the first telegram.
        wait_until(lambda: len(flashes(world.lights(), "G")) >= 2)
        red, green = (flashes(world.lights(), colour) for colour in "RG")
        assert near(red[0][1], 2000) and len(green) == 2


HOME = {"wifi_ssid": "home", "wifi_psk": "a long secret"}


def test_a_press_of_over_5_s_begins_the_setup_and_another_one_ends_it(tmp_path: Path) -> None:
    air = [point("home", "a long secret")]
    with World(tmp_path, *KAIFA, panel=True, radio=air, config=HOME) as world:

        def yellow() -> list[tuple[int, int]]:
            return flashes(world.lights()[10:], "RG")

        def steady() -> list[int]:
            return [i for i, (_, length) in enumerate(yellow()) if length > 300]

        wait_until(lambda: "wifi: connected" in world.log(), 30)
        for number, said in enumerate(("setup: join", "wifi: connected")):
            lines = world.log().count(said)
            begin = time.monotonic()
            world.press()
            wait_until(lambda n=number: len(steady()) > n, 30)
            assert time.monotonic() - begin > 5
            wait_until(lambda n=lines, said=said: world.log().count(said) > n, 30)
            green = len(flashes(world.lights(), "G"))
            time.sleep(6)  # the same press
            assert len(flashes(world.lights(), "G")) > green  # telegrams go on
            assert world.log().count(said) == lines + 1 and len(steady()) == number + 1
            world.release()
            time.sleep(1)
        found = yellow()
        assert steady() == [0, len(found) - 1] and len(found) > 3
        assert all(near(length, 500) for _, length in (found[0], found[-1]))
        for (at, length), (following, _) in pairwise(found[1:-1]):
            assert near(length, 80) and near(following - at, 3200)
