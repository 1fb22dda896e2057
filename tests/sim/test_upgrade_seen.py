"""What is seen of an upgrade while it goes on: by Home Assistant, by clients, on the line."""

import contextlib
import http.client
import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import slots
from tests.sim.mqtt_peers import Listener, Mosquitto
from tests.sim.test_upgrade_pull import ENTRY, NEW, PIECE, Headers, Server, serving, state
from tests.slots import SHORT, Slots, image
from tests.timing import wait_until
from tests.world import SLACK_S, World
from tools import rig

AT_ONCE = ("mqtt/commands.py", "_FIRST_S = const(60)", "_FIRST_S = const(0)")
# A task of the firmware that prints how late its ticks are, without the wait for a processor.
TICKS = (
    ("app.py", "_NO_LINE_S = const(60)", """_NO_LINE_S = const(60)


def _waited_ms():
    with open("/proc/self/schedstat") as schedstat:
        return int(schedstat.read().split()[1]) // 1000000


async def _tick():
    from time import ticks_diff, ticks_ms

    count = worst = 0
    while True:
        waited, began = _waited_ms(), ticks_ms()
        await asyncio.sleep_ms(10)
        late = ticks_diff(ticks_ms(), began) - 10 - (_waited_ms() - waited)
        count += 1
        if late > worst or count % 50 == 0:
            worst = max(late, worst)
            print("tick %d, worst %d ms" % (count, worst))
"""),
    ("app.py", 'self.log.add("%s %s on %s',
     'self._tick = asyncio.create_task(_tick())\n        self.log.add("%s %s on %s'),
)  # fmt: skip
CONTENT = bytes(range(251)) * 900  # 226 KB: progress is told three times
GOOD = image(CONTENT)
RAW = {"Content-Type": "application/octet-stream"}
STEPS = 20


@pytest.fixture(scope="module")
def roms(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("roms")
    return {
        "app0": slots.firmware(folder, *SHORT, AT_ONCE, *TICKS),
        "app1": slots.firmware(folder, *SHORT, NEW),
    }


def answer(server: Server, path: str, headers: Headers) -> tuple[int, Headers, bytes]:
    if path == "/manifest.json":
        return 200, {}, json.dumps({"channels": {"release": ENTRY}}).encode()
    return 200, {}, GOOD


class Entity:
    """Home Assistant's entity of the firmware, by its announcement."""

    def __init__(self, broker: Mosquitto, listener: Listener) -> None:
        self._broker = broker
        self._listener = listener
        wait_until(lambda: self._newest("hass/device/reader/config"))
        said = json.loads(self._newest("hass/device/reader/config"))
        self._said = said["cmps"]["fwupgrade"]

    def _newest(self, topic: str) -> str:
        found = [body for name, body in list(self._listener.messages) if name == topic]
        return found[-1] if found else ""

    def states(self) -> list[dict]:
        topic = self._said["stat_t"]
        return [json.loads(body) for name, body in list(self._listener.messages) if name == topic]

    def percents(self) -> list[int]:
        return [s["update_percentage"] for s in self.states() if s["update_percentage"]]

    def install(self) -> None:
        self._broker.publish(self._said["cmd_t"], self._said["pl_inst"].encode())


def cut(world: World) -> int:
    """Telegrams that were cut by 0.2 s without an octet: the meter's process stood still."""
    return int(world.json("/health.json")["meter"]["errors"]["boundary"])


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Mosquitto]:
    with contextlib.closing(Mosquitto(tmp_path)) as made:
        yield made


def test_home_assistant_installs_and_sees_it(
    tmp_path: Path, roms: dict[str, Path], broker: Mosquitto
) -> None:
    made = Slots(tmp_path / "slots", roms)
    with serving(answer) as server, contextlib.closing(Listener(broker.port)) as listener:
        config = {
            "web_security": 0, "hostname": "reader", "mqtt_payload": 104, "ha_prefix": "hass",
            "upgrade_url": server.url + "/manifest.json",
        }  # fmt: skip
        mqtt = f"127.0.0.1:{broker.port}"
        with World(tmp_path, "--baud", "115200", slots=made, config=config, mqtt=mqtt) as world:
            entity = Entity(broker, listener)
            wait_until(entity.states)
            first = entity.states()[-1]
            assert first["installed_version"] == first["latest_version"] == "v0.1.0"
            assert (first["in_progress"], first["update_percentage"]) == (False, None)
            assert world.post("/upgrade/check", "")[0] == 200
            wait_until(lambda: entity.states()[-1]["latest_version"] == "v0.2.0")
            wait_until(lambda: state(world)["phase"] == "")
            wait_until(lambda: not entity.states()[-1]["in_progress"])
            assert entity.states()[-1]["release_summary"] == "Less heap."

            def before(gone: int) -> None:
                wait_until(lambda: len(entity.percents()) >= gone // PIECE, about=entity.states)

            server.before = before
            count = len(entity.states())
            entity.install()
            world.firmware.wait(60)
            seen = entity.states()[count:]
            world.start_again()
            wait_until(lambda: entity.states()[-1]["installed_version"] == "v0.2.0")
            wait_until(lambda: state(world)["phase"] == "")
            assert state(world)["slot"] == "app1"
        percents = entity.percents()
        for number, percent in enumerate(percents[:3], 1):  # the next piece waits until it is told
            assert percent <= number * PIECE * 100 // len(GOOD)
        assert len(percents) >= 3 and percents == sorted(percents) and percents[-1] <= 100
        busy = [row["in_progress"] for row in seen]
        assert busy == sorted(busy) and busy[-1]  # once begun, it goes on until the restart
        assert {row["installed_version"] for row in seen} == {"v0.1.0"}
        assert {row["latest_version"] for row in seen} == {"v0.2.0"}
        after = [row for row in entity.states() if row["installed_version"] == "v0.2.0"]
        assert {row["latest_version"] for row in after} == {"v0.2.0"}
        assert not any(row["in_progress"] for row in after)
        assert {row["update_percentage"] for row in after} == {None}


def test_no_stall_and_no_telegram_lost_during_an_upload(
    tmp_path: Path, roms: dict[str, Path]
) -> None:
    """A P1 meter sends each second, a client asks for /data.json all the time."""
    line = rig.p1_text()
    made = Slots(tmp_path / "slots", roms)
    config = {**line.settings, "web_security": 0}
    with World(tmp_path, *line.options, slots=made, config=config) as world:
        wait_until(lambda: world.json("/now.json")["n"] > 1)
        world.tell("pause")
        wait_until(lambda: world.json("/now.json")["s"] > 2)
        cut_before = cut(world)
        heard, sent = world.json("/now.json")["n"] + cut_before, len(world.sent)
        world.tell("resume")
        begun = len(world.log())
        answers: list[tuple[int, float]] = []
        ended = threading.Event()

        def ask() -> None:
            with contextlib.suppress(OSError, http.client.HTTPException):
                while not ended.is_set():
                    watch = world.stopwatch()
                    status, _ = world.get("/data.json")
                    answers.append((status, watch.seconds()))

        asking = threading.Thread(target=ask)
        asking.start()
        connection = http.client.HTTPConnection("127.0.0.1", world.http, timeout=60)
        with contextlib.closing(connection):
            connection.putrequest("POST", "/firmware")
            for name, value in {**RAW, "Content-Length": str(len(GOOD))}.items():
                connection.putheader(name, value)
            connection.endheaders()
            size = len(GOOD) // STEPS
            for at in range(0, STEPS * size, size):  # a step with each telegram
                count = len(world.sent)
                connection.send(GOOD[at : at + size])
                wait_until(lambda: len(world.sent) > count)  # noqa: B023
            world.tell("pause")
            telegrams = len(world.sent) - sent
            wait_until(lambda: world.json("/now.json")["n"] + cut(world) == heard + telegrams)
            assert cut(world) - cut_before <= 1  # of more than twenty
            connection.send(GOOD[STEPS * size :])
            assert connection.getresponse().status == 200
        ended.set()
        asking.join()
        world.firmware.wait(60)
        # What follows is the stand-in's boot loader, which reads the whole image.
        during, installed, _ = world.log()[begun:].partition("v0.2.0 is in place")
        assert installed
        ticks = re.findall(r"tick (\d+), worst (\d+) ms", during)
        worst_ms = max(int(late) for _, late in ticks)
        print(
            f"{telegrams} telegrams and {len(answers)} answers: the loop was held {worst_ms} ms,"
            f" the slowest answer took {max(took for _, took in answers):.3f} s"
        )
        assert int(ticks[-1][0]) - int(ticks[0][0]) > 100 and telegrams >= STEPS
        assert len(answers) > STEPS and {status for status, _ in answers} == {200}
        assert worst_ms < SLACK_S * 1000
        world.start_again()
        assert state(world)["slot"] == "app1"
        assert "no valid telegram" not in world.log()
