"""Crashes, a watchdog, safe mode, restarts and a full disk, on the whole firmware."""

import contextlib
import json
import os
import signal
from pathlib import Path

from tests.sim.mqtt_peers import Listener, Mosquitto
from tests.timing import wait_until
from tests.world import MORNING, World
from tools import simulation

# Danish Kamstrup sends its registers in every telegram.
METER = ("--meter", "kamstrup", "--country", "dk", "--interval", "1")
CLOCK = (MORNING, 1)
WATCHDOG = 5  # times as fast: it bites after 12 s
BITTEN = -signal.SIGKILL
SECRET = "correct horse battery"


def short_starts(world: World) -> int:
    return int((world.data / "crash").read_text().split("\n")[0])


def test_a_blocked_service_leads_to_a_reset_by_the_watchdog(tmp_path: Path) -> None:
    with World(tmp_path, *METER, clock=CLOCK, watchdog=WATCHDOG) as world:
        world.tell("power 180000")
        wait_until(lambda: (world.json("/now.json")["ea"]["iu"] or 0) >= 0.3)
        world.tell("pause")
        wait_until(lambda: world.json("/now.json")["s"] > 6)  # a snapshot was taken since
        before = world.json("/now.json")["ea"]
        world.break_part("uart", "block")
        assert world.firmware.wait(60) == BITTEN
        world.break_part("uart")
        world.start_again()
        info = world.json("/sysinfo.json")
        assert (info["boot_reason"], info["ex_cause"]) == (4, 0)
        assert "last crash: watchdog: a service did not go on for a minute" in world.log()
        assert short_starts(world) == 1
        after = world.json("/now.json")["ea"]  # the meter is still silent
        assert (after["u"], after["iu"]) == (before["u"], before["iu"])


def test_a_silent_meter_and_idle_web_do_not_starve_the_watchdog(tmp_path: Path) -> None:
    with World(tmp_path, *METER, clock=CLOCK, watchdog=WATCHDOG) as world:
        world.tell("pause")
        pid = world.firmware.pid
        wait_until(lambda: world.json("/now.json")["u"] >= 26)  # seconds up: over two time-outs
        assert world.firmware.pid == pid and world.firmware.poll() is None
        assert world.json("/now.json")["hm"] != 1


def test_crashes_in_a_row_lead_to_safe_mode_and_a_restart_out_of_it(tmp_path: Path) -> None:
    config = {"wifi_psk": SECRET, "meter_baud": 2400, "meter_format": "8E1"}
    with World(tmp_path, *METER, clock=CLOCK, config=config) as world:
        wait_until(lambda: world.json("/now.json")["ea"]["iu"] is not None)
        assert world.post("/reboot", "")[0] == 200  # it saves the energy
        world.restart_after_exit()
        history = world.get("/history.csv?step=60&time=utc")
        sums = world.json("/now.json")["ea"]["u"]
        world.break_part("uart", SECRET)
        for start in range(1, 6):
            assert world.firmware.wait(60) == simulation.RESTART_EXIT_CODE
            world.start_again(wait=start == 5)
        assert world.log().count("reset 90") == 5
        assert short_starts(world) == 5
        lines = world.log().splitlines()
        assert any("last crash: meter: ValueError: the UART is broken: ***" in x for x in lines)
        assert "hardware" in next(x for x in lines if "last crash: meter: ValueError" in x)
        assert "safe mode for 10 min" in world.log() and SECRET not in world.log()
        assert SECRET not in (world.data / "crash").read_text()
        files = energy_files(world)  # a start that fails after more than 5 s saves the energy

        assert world.get("/")[0] == 200
        now = world.json("/now.json")
        assert now["sm"] in (9, 10) and now["i"] is None and now["ea"]["iu"] is None
        info = world.json("/sysinfo.json")
        assert (info["boot_reason"], info["ex_cause"]) == (12, 90)
        for path in ("/data.json", "/edits.json", "/history.json", "/dayplot.json"):
            assert world.get(path)[0] == 200, path
        status, answer = world.post("/dayplot", "i07=1.5")
        assert status == 503 and "log" in answer["message"]
        assert energy_files(world) == files

        world.break_part("uart")
        assert world.post("/reboot", "")[0] == 200
        world.restart_after_exit()
        assert short_starts(world) == 0
        wait_until(lambda: world.json("/now.json")["i"] is not None)
        now = world.json("/now.json")
        assert now["sm"] == 0 and now["ea"]["u"][2] >= sums[2]
        assert world.get("/history.csv?step=60&time=utc") == history


def energy_files(world: World) -> dict[str, bytes]:
    """The stored energy: all but what a start writes."""
    others = ("crash", "rtc", "reset", "config.json")
    return {p.name: p.read_bytes() for p in world.data.iterdir() if p.name not in others}


def test_a_restart_on_a_full_disk_keeps_the_running_hour(tmp_path: Path) -> None:
    with contextlib.ExitStack() as stack:
        broker = stack.enter_context(contextlib.closing(Mosquitto(tmp_path)))
        listener = stack.enter_context(contextlib.closing(Listener(broker.port)))
        mqtt = f"127.0.0.1:{broker.port}"
        world = stack.enter_context(World(tmp_path, *METER, mqtt=mqtt, clock=CLOCK))
        world.tell("power 180000")
        wait_until(lambda: (world.json("/now.json")["ea"]["iu"] or 0) >= 0.3)
        wait_until(lambda: world.json("/data.json")["mm"] == 1)
        world.break_part("disk", "full")
        world.tell("pause")
        wait_until(lambda: world.json("/now.json")["s"] > 3)  # the last telegram has arrived
        before = world.json("/now.json")["ea"]
        files = energy_files(world)
        status, answer = world.post("/reboot", "")
        assert (status, answer) == (200, {"reboot": True})
        assert world.firmware.wait(60) == simulation.RESTART_EXIT_CODE
        assert "cannot" in world.log() and "a snapshot is kept" in world.log()
        assert energy_files(world) == files
        wait_until(lambda: ("amsreader/status", "offline") in listener.messages)
        world.start_again()
        after = world.json("/now.json")["ea"]
        for key in ("u", "p", "iu", "x"):
            assert after[key] == before[key], key
        world.break_part("disk")
        world.post("/reboot", "")
        world.restart_after_exit()
        world.cut_power()  # the energy is in the journal
        assert world.json("/now.json")["ea"]["u"] == after["u"]


def test_a_planned_restart_stores_the_energy(tmp_path: Path) -> None:
    with World(tmp_path, *METER, clock=CLOCK) as world:
        world.tell("power 180000")
        wait_until(lambda: (world.json("/now.json")["ea"]["iu"] or 0) >= 0.3)
        world.tell("pause")
        wait_until(lambda: world.json("/now.json")["s"] > 3)
        before = world.json("/now.json")["ea"]["u"]
        world.post("/reboot", "")
        world.firmware.wait(60)
        (world.data / "rtc").unlink()  # the power is cut during the restart
        world.start_again()
        assert world.json("/now.json")["ea"]["u"] == before


def test_settings_are_not_lost_by_an_unreadable_file(tmp_path: Path) -> None:
    """A folder in place of the file cannot be read; two damaged files are kept."""
    data = tmp_path / "data"
    (data / "config.json").mkdir(parents=True)
    with World(tmp_path, *METER, clock=CLOCK) as world:
        assert "config.json is damaged: kept as config.json.bad, defaults are used" in world.log()
        wait_until(lambda: (data / "config.json").is_file())  # the line was found and stored
        assert (data / "config.json.bad").is_dir()
        stored = json.loads((data / "config.json").read_text())
        assert stored["meter_baud"] == 2400
        (data / "config.json").write_text('{"wifi_ssid": "hom')
        world.cut_power()
        assert "kept as config.json.bad2" in world.log()
        assert (data / "config.json.bad2").read_text() == '{"wifi_ssid": "hom'
        assert (data / "config.json.bad").is_dir()


def test_settings_on_a_full_disk_stay_the_old_ones(tmp_path: Path) -> None:
    config = {"hostname": "kitchen"}
    with World(tmp_path, *METER, clock=CLOCK, config=config, wait=False) as world:
        world.break_part("disk", "full")
        wait_until(lambda: world.log().count("meter: found at") == 1, about=world.log)
        assert json.loads((world.data / "config.json").read_text()) == config
        assert "cannot write config.json" in world.log()
        world.break_part("disk")
        world.cut_power()
        wait_until(lambda: "meter_baud" in (world.data / "config.json").read_text())
        stored = json.loads((world.data / "config.json").read_text())
        assert stored["hostname"] == "kitchen" and stored["meter_baud"] == 2400


def test_damaged_files_do_not_stop_the_start(tmp_path: Path) -> None:
    with World(tmp_path, *METER, clock=CLOCK) as world:
        wait_until(lambda: world.json("/now.json")["ea"]["iu"] is not None)
        world.post("/reboot", "")
        world.restart_after_exit()
        names = [p.name for p in world.data.iterdir() if p.is_file()]
        assert "journal" in names
        for content in (b"", b"\xff" * 3000, b"[" * 8000, b"{}", os.urandom(500)):
            os.kill(world.firmware.pid, signal.SIGKILL)
            world.firmware.wait()
            for name in [*names, "config.json", "lists.txt", "prices", "rates.json", "crash"]:
                (world.data / name).write_bytes(content)
            world.start_again()
            assert world.get("/")[0] == 200
            wait_until(lambda: world.json("/now.json")["i"] is not None, about=world.log)
        assert "Traceback" not in world.log()
