"""The whole firmware on a supply that sags and recovers: boards/sim with a simulated radio."""

import contextlib
import itertools
from pathlib import Path

from log import Log
from storage import Storage

from tests.sim.mqtt_peers import Mosquitto
from tests.timing import wait_until
from tests.world import MORNING, World, point
from tools import simulation
from tools.ntp import Server

KAIFA = ("--meter", "kaifa", "--baud", "115200", "--speed", "5")
# Danish Kamstrup sends its registers in every telegram, so sums agree with them at once.
KAMSTRUP = ("--meter", "kamstrup", "--baud", "115200", "--country", "dk", "--interval", "1")
SETTINGS = {
    "meter_baud": 115200, "meter_format": "8E1", "wifi_ssid": "home", "wifi_psk": "password1",
}  # fmt: skip
HOUR = 3600


def world_at(folder: Path, mv: int, *meter: str, **more: object) -> World:
    """A world with a supply of that voltage from the start."""
    (folder / "radio").mkdir()
    (folder / "radio" / "supply").write_text(str(mv))
    air = [point("home", "password1")]
    return World(folder, *meter, radio=air, config=SETTINGS, **more)  # type: ignore[arg-type]


def sag(world: World, mv: int, tier: int) -> dict:
    """Set the voltage and wait for the tier. Returns /now.json."""
    world.air.supply(mv)
    wait_until(lambda: world.json("/now.json")["pw"] == tier, 90, world.log)
    return world.json("/now.json")


def telegrams_go_on(world: World) -> None:
    before = world.json("/now.json")["n"]
    wait_until(lambda: world.json("/now.json")["n"] > before + 1)


def connected(world: World) -> bool:
    newest = [event for event in world.air.events() if event in ("stop", "status 2")]
    return newest[-1:] == ["status 2"]


def test_each_tier_is_reached_and_left(tmp_path: Path) -> None:
    with contextlib.ExitStack() as stack:
        broker = stack.enter_context(contextlib.closing(Mosquitto(tmp_path)))
        world = stack.enter_context(
            world_at(tmp_path, 3300, *KAIFA, mqtt=f"127.0.0.1:{broker.port}")
        )
        telegrams_go_on(world)
        wait_until(lambda: world.json("/now.json")["mm"] == 1, about=world.log)
        now = world.json("/now.json")
        assert (now["pw"], now["ps"], now["v"]) == (0, 5, 3.3)
        assert world.json("/supply.json")["words"] == "full operation"

        # The modem sleeps as much as it can, and events are 10 s apart.
        assert sag(world, 3210, 1)["ps"] == 10
        wait_until(lambda: world.air.events()[-1] == "radio 2 None")
        (first, _), (second, _) = itertools.islice(world.events(), 2)
        assert 7.5 < second - first < 20  # in tier 0 they are as telegrams, in tier 3 20 s apart
        assert sag(world, 3190, 2)["mm"] == 1

        # MQTT ends with its will, and nothing is stored.
        sag(world, 3050, 3)
        wait_until(lambda: world.json("/now.json")["mm"] == 0)
        wait_until(lambda: broker.retained("amsreader/status") == b"offline")
        words = "supply voltage too low: 3.05 V; try again when it is above 3.14 V"
        assert world.post("/lists.txt", "")[1] == {"success": False, "message": words}
        assert world.json("/supply.json")["held"] == words

        # The radio is off, the meter is read.
        sag(world, 2900, 4)
        wait_until(lambda: world.air.events()[-1] == "stop")
        wait_until(lambda: "wifi: off, the supply is too low" in world.log())
        telegrams_go_on(world)

        # Back: 30 s without the radio, 20 s without MQTT, then 10 and 10 s.
        world.air.supply(3300)
        wait_until(lambda: connected(world), 90, world.log)
        assert world.json("/now.json")["pw"] == 3
        assert world.post("/lists.txt", "")[1]["success"] is True
        wait_until(lambda: world.json("/now.json")["mm"] == 1, 90, world.log)
        wait_until(lambda: broker.retained("amsreader/status") == b"online")
        wait_until(lambda: world.json("/now.json")["pw"] == 0, 90, world.log)
        wait_until(lambda: world.air.events()[-1] == "radio None None")
        assert world.json("/now.json")["ps"] == 5
        lines = [line for line in world.log().splitlines() if " V: " in line]
        assert "supply 3.05 V: MQTT is paused" in lines[2]
        assert "supply 3.30 V: full operation" in lines[-1] and len(lines) == 8
        assert "Traceback" not in world.log()


def test_a_start_at_a_low_voltage_reads_the_meter_before_the_radio(tmp_path: Path) -> None:
    with world_at(tmp_path, 3000, *KAIFA) as world:
        wait_until(lambda: world.json("/now.json")["i"] is not None, about=world.log)
        telegrams_go_on(world)
        assert world.json("/now.json")["pw"] == 4
        assert not [event for event in world.air.events() if event.startswith("start")]
        world.air.supply(3300)
        wait_until(lambda: connected(world), about=world.log)
        assert world.json("/now.json")["pw"] == 0


def test_a_unit_that_never_reaches_the_voltage_starts(tmp_path: Path) -> None:
    with world_at(tmp_path, 2950, *KAIFA) as world:
        wait_until(lambda: connected(world), 90, world.log)
        assert world.json("/now.json")["pw"] == 0
        assert world.json("/supply.json")["ref"] == 2.95


def test_a_save_waits_for_the_supply_and_a_power_cut_loses_no_energy(tmp_path: Path) -> None:
    speed = 240  # an hour takes 15 s
    meter = ("--meter", "kaifa", "--baud", "115200")
    begin = MORNING - 30 * 60  # 9:50 UTC: before 11:00 also on a slow start
    first = MORNING + 40 * 60
    with world_at(tmp_path, 3300, *meter, clock=(begin, speed)) as world:

        def register(hour: int) -> int:
            """Wait for the meter's register `hour` hours after the first one."""

            def found() -> list[int]:
                return [
                    t["energy_import_wh"]
                    for t in world.sent
                    if t["list"] == 3 and 0 <= t["meter_time"] - first - hour * HOUR < 600
                ]

            wait_until(found, about=world.log)
            return found()[0]

        def journal() -> bytes:
            return (world.data / "journal").read_bytes()

        begun = register(0)
        wait_until(lambda: (world.data / "journal").exists(), about=world.log)
        wait_until(lambda: world.now() > first + HOUR // 2)
        world.air.supply(3050)
        wait_until(lambda: world.json("/supply.json")["held"])
        before = journal()
        register(1)
        wait_until(lambda: world.now() > first + HOUR + 1800)
        assert journal() == before  # an hour's save is due since 12:00

        world.cut_power()
        register(2)
        wait_until(lambda: world.now() > first + 2 * HOUR + 900)
        assert journal() == before
        world.air.supply(3300)
        wait_until(lambda: journal() != before, about=world.log)
        last = register(3)
        wait_until(lambda: world.now() > first + 3 * HOUR + 900)
        slots = world.json(f"/history.json?step=60&time=utc&from={first}")["slots"]
        assert sum(round(row["i"] * 1000) for row in slots[:3]) == last - begun, slots
        assert "Traceback" not in world.log()


def test_a_deep_sleep_keeps_the_running_hour(tmp_path: Path) -> None:
    with world_at(tmp_path, 3300, *KAMSTRUP, clock=(MORNING, 1)) as world:
        world.tell("power 180000")
        wait_until(lambda: (world.json("/now.json")["ea"]["iu"] or 0) >= 0.3, about=world.log)
        world.tell("pause")
        wait_until(lambda: world.json("/now.json")["s"] > 3)  # the last telegram has arrived
        before = world.json("/now.json")["ea"]
        world.air.supply(2700)
        wait_until(lambda: world.firmware.poll() is not None, about=world.log)
        assert world.air.events()[-1] == "sleep 30000"
        world.air.supply(3300)
        assert world.restart_after_exit() == simulation.RESTART_EXIT_CODE
        assert world.json("/sysinfo.json")["boot_reason"] == 5
        after = world.json("/now.json")
        assert after["pw"] == 0
        for key in ("u", "p", "iu", "x"):
            assert after["ea"][key] == before[key], key


def test_time_servers_are_not_asked_at_a_low_voltage(tmp_path: Path) -> None:
    speed = 400  # an hour takes 9 s
    meter = ("--meter", "aidon", "--baud", "115200")
    server = Server()
    with world_at(tmp_path, 3300, *meter, clock=(MORNING, speed), ntp=server) as world:
        wait_until(lambda: server.asked >= 4, about=world.log)
        sag(world, 3190, 2)
        asked = server.asked
        hours = world.now() // HOUR
        wait_until(lambda: world.now() // HOUR > hours + 3)
        assert server.asked <= asked + 1  # one may have been on its way
        sag(world, 3300, 0)
        wait_until(lambda: server.asked > asked + 1, about=world.log)


def test_files_are_not_written_while_writes_are_held(tmp_path: Path) -> None:
    log = Log(lambda: 0, echo=False)
    files = Storage(str(tmp_path), log)
    assert files.write("a", (b"old",))
    files.held = "supply voltage too low"
    assert not files.write("a", (b"new",)) and not files.append("a", b"more")
    assert not files.write_json("b", {"x": 1})
    files.remove("a")
    assert files.read("a") == b"old" and files.names() == ["a"] and files.writes == 1
    assert [text for _, text in log.lines()] == [
        "cannot write a now: supply voltage too low",
        "cannot add to a now: supply voltage too low",
        "cannot write b now: supply voltage too low",
    ]
    files.held = ""
    assert files.append("a", b"er") and files.read("a") == b"older"
    files.remove("a")
    assert files.names() == []
