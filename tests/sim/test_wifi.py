"""The whole firmware on a simulated radio whose faults come and go."""

import json
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.timing import PATIENCE_S, wait_until
from tests.world import World, point
from tools.runtime import MICROPYTHON, environment

# At 2400 baud a meter that stands still for 0.2 s within a telegram spoils it.
KAIFA = ("--meter", "kaifa", "--baud", "115200", "--speed", "5")
HOME = {
    "wifi_ssid": "home", "wifi_psk": "secret12", "meter_baud": 115200, "meter_format": "8E1",
}  # fmt: skip
# Numbers of Espressif's wifi_err_reason_t; 250 is an attempt that took over 30 s.
REASONS = {"gone": 201, "auth": 202, "assoc": 203, "no_dhcp": 250, "ip_conflict": 250}
WINDOW_S = 30
TRIAL_S = 60
SLACK_S = 20  # a look, a scan and an attempt
CHANGING = Path(__file__).with_name("changing_app.py")


def network(world: World) -> dict:
    return world.json("/network.json")


def is_connected(world: World) -> bool:
    return bool(network(world)["connected"])


def telegrams(world: World) -> int:
    """Pause the meter. Returns how many telegrams have come in."""
    world.tell("pause")
    wait_until(lambda: world.json("/now.json")["s"] > 3)  # a busy reader is late
    return int(world.json("/now.json")["n"])


def home(number: int = 1, **more: object) -> dict:
    return point("home", "secret12", number, **more)


def a_fault_comes_and_goes(folder: Path, fault: str) -> None:
    """No telegram is missed meanwhile."""
    folder.mkdir()
    with World(folder, *KAIFA, config=HOME, radio=[home(rssi=-70), home(2)]) as world:
        wait_until(lambda: is_connected(world))
        assert network(world)["bssid"] == "02:00:00:00:00:02"  # the stronger one
        wait_until(lambda: len(world.sent) > 5)
        before, sent = telegrams(world), len(world.sent)
        world.tell("resume")
        world.air.set()  # ends the link
        wait_until(lambda: not is_connected(world))
        world.air.set(home(2, fault=fault))
        wait_until(lambda: network(world)["reason"] == REASONS[fault], 60 + WINDOW_S)
        assert not network(world)["setup"]
        world.air.set(home(3))
        wait_until(lambda: is_connected(world), 60 + WINDOW_S)
        assert network(world)["bssid"] == "02:00:00:00:00:03" and network(world)["why"] == ""
        world.tell("pause")
        assert len(world.sent) - sent > 5
        # One may still be sent before the meter pauses.
        wait_until(lambda: int(world.json("/now.json")["n"]) - before == len(world.sent) - sent)
        log = world.log()
        assert "secret12" not in log and log.count("wifi: lost: ") == 1
        assert not [event for event in world.air.events() if event.startswith("ap ")]


def test_faults_come_and_go_and_no_telegram_is_missed(tmp_path: Path) -> None:
    with ThreadPoolExecutor(len(REASONS)) as pool:
        runs = {f: pool.submit(a_fault_comes_and_goes, tmp_path / f, f) for f in REASONS}
    for run in runs.values():
        run.result()


def test_there_is_nothing_to_confirm_without_a_change(tmp_path: Path) -> None:
    with World(tmp_path, *KAIFA, config=HOME, radio=[home()]) as world:
        wait_until(lambda: is_connected(world))
        status, answer = world.post("/network/confirm", "")
        assert status == 400 and "no new settings" in answer["message"]
        assert network(world)["trial"] == 0


class Changing(World):
    """A firmware whose settings can be changed by change(): see changing_app.py."""

    def _start(self) -> "subprocess.Popen[str]":
        command = [str(MICROPYTHON), "-X", "heapsize=2M", str(CHANGING)]
        command += ["--wire", f"127.0.0.1:{self.wire}", "--http-port", str(self.http)]
        command += ["--data", str(self.data), "--radio", str(self.air.folder)]
        env = environment("build/sim")
        with (self.folder / "log").open("a") as log:
            return subprocess.Popen(command, env=env, text=True, stdout=log, stderr=log)

    def change(self, **settings: str) -> None:
        path = self.data / "change"
        path.with_suffix(".new").write_text(json.dumps(settings))
        path.with_suffix(".new").replace(path)
        wait_until(lambda: network(self)["trial"])

    def stored(self) -> str:
        return str(json.loads((self.data / "config.json").read_text())["wifi_ssid"])

    def joined(self, number: int) -> bool:
        """Whether the reader is connected to that access point."""
        shown = network(self)
        return bool(shown["connected"]) and shown["bssid"] == f"02:00:00:00:00:{number:02x}"


def test_a_change_of_the_network_is_confirmed_or_rolled_back(tmp_path: Path) -> None:
    air = [home(), point("new", "secret34", 8), point("next", "secret56", 9)]
    with Changing(tmp_path, *KAIFA, config=HOME, radio=air) as world:
        wait_until(lambda: world.joined(1))
        world.change(wifi_ssid="new", wifi_psk="secret34")
        wait_until(lambda: world.joined(8))
        assert world.stored() == "home"
        assert world.post("/network/confirm", "")[0] == 200
        assert world.stored() == "new" and world.joined(8)

        world.change(wifi_ssid="next", wifi_psk="secret56")
        wait_until(lambda: world.joined(9))
        world.cut_power()
        wait_until(lambda: world.joined(8))  # a power cut rolls back

        begun = time.monotonic()
        world.change(wifi_ssid="next", wifi_psk="wrong password")
        wait_until(lambda: not is_connected(world))
        wait_until(lambda: world.joined(8), TRIAL_S + PATIENCE_S)
        assert time.monotonic() - begun > TRIAL_S - SLACK_S
        assert world.stored() == "new" and network(world)["trial"] == 0
        assert telegrams(world) > 5 and "secret" not in world.log()
