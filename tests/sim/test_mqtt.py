"""The whole firmware with a broker: a real mosquitto, and peers that misbehave."""

import contextlib
import json
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import mqtt_peers
import pytest
from mqtt_peers import Mosquitto, Peer, program
from test_firmware import SLACK_S
from world import World, until

METER = ("--meter", "kaifa", "--speed", "3")


class Subscriber:
    """mosquitto_sub on every topic; messages gather in .messages as (topic, payload)."""

    def __init__(self, port: int) -> None:
        self.messages: list[tuple[str, str]] = []
        self._process = subprocess.Popen(
            [program("mosquitto_sub"), "-h", "127.0.0.1", "-p", str(port), "-t", "#", "-v"],
            text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            topic, payload = line.rstrip("\n").split(" ", 1)
            self.messages.append((topic, payload))

    def powers(self) -> list[int]:
        bodies = [json.loads(p) for topic, p in self.messages if topic == "amsreader"]
        return [body["data"]["P"] for body in bodies if "data" in body]

    def close(self) -> None:
        self._process.terminate()
        self._process.wait()


@pytest.fixture
def clean() -> Iterator[contextlib.ExitStack]:
    """Whatever is entered here is closed, also when the test fails."""
    with contextlib.ExitStack() as stack:
        yield stack


def test_each_telegram_is_published(tmp_path: Path, clean: contextlib.ExitStack) -> None:
    broker = clean.enter_context(contextlib.closing(Mosquitto(tmp_path)))
    subscriber = clean.enter_context(contextlib.closing(Subscriber(broker.port)))
    with World(tmp_path, *METER, mqtt=f"127.0.0.1:{broker.port}") as world:
        until(lambda: subscriber.powers())
        first = len(world.sent)
        until(lambda: len(world.sent) > first + 15, 30)
        time.sleep(0.3)
        sent = [t["power_import_w"] for t in world.sent]
        seen = subscriber.powers()
        assert len(seen) >= 15 and seen == sent[-len(seen) :]
        assert ("amsreader/status", "online") in subscriber.messages
        about = [json.loads(p) for t, p in subscriber.messages if t == "amsreader"]
        assert any("version" in body for body in about)
        assert world.json("/data.json")["mm"] == 1
        world.firmware.kill()
        until(lambda: ("amsreader/status", "offline") in subscriber.messages)


def test_publishing_resumes_when_the_broker_comes_back(
    tmp_path: Path, clean: contextlib.ExitStack
) -> None:
    """The newest telegram goes out at once, none twice, and nothing is printed about a task."""
    broker = Mosquitto(tmp_path)
    clean.callback(broker.close)
    port = broker.port
    with World(tmp_path, *METER, mqtt=f"127.0.0.1:{port}") as world:
        until(lambda: world.json("/data.json")["mm"] == 1)
        for outage in range(2):
            broker.close()
            until(lambda: world.json("/data.json")["mm"] == 3)
            assert world.json("/data.json")["me"] < 0
            if not outage:
                assert world.slowest_answer(3) < SLACK_S
            count = len(world.sent)
            until(lambda: len(world.sent) > count)  # noqa: B023 - called before the next round
            broker = Mosquitto(tmp_path, port=port)
            clean.callback(broker.close)
            subscriber = clean.enter_context(contextlib.closing(Subscriber(port)))
            until(lambda: len(subscriber.powers()) > 3, 30)  # noqa: B023
            assert world.json("/data.json")["mm"] == 1 and world.json("/data.json")["me"] == 0
            powers = subscriber.powers()
            sent = [telegram["power_import_w"] for telegram in world.sent]
            first = max(k for k in range(len(sent)) if sent[k : k + len(powers)] == powers)
            assert first >= count - 1  # not older than the newest one at the broker's return
        log = world.log()
        assert "Task exception" not in log and "Traceback" not in log


def keeps_going(world: World) -> None:
    """Telegrams are read and the web answers while the broker does what it does."""
    until(lambda: world.json("/now.json")["n"])  # the line is found
    before = world.json("/now.json")["n"]
    worst = world.slowest_answer(5)
    print(f"slowest answer {worst * 1000:.0f} ms")
    assert worst < SLACK_S
    assert world.json("/now.json")["n"] >= before + 4
    assert "Traceback" not in world.log()


def test_a_dead_broker_holds_nobody_up(tmp_path: Path) -> None:
    with World(tmp_path, *METER, mqtt="127.0.0.1:9") as world:
        until(lambda: world.json("/data.json")["mm"] == 3)
        keeps_going(world)


def test_a_silent_broker_holds_nobody_up(tmp_path: Path) -> None:
    peer = Peer(mqtt_peers.silent, broker=9)
    with World(tmp_path, *METER, mqtt=f"127.0.0.1:{peer.port}") as world:
        keeps_going(world)
        until(lambda: world.json("/data.json")["me"] in (-3, -4), 20)
    peer.close()


def test_a_broker_that_stops_reading_holds_nobody_up(tmp_path: Path) -> None:
    peer = Peer(mqtt_peers.deaf, broker=9)
    with World(tmp_path, *METER, mqtt=f"127.0.0.1:{peer.port}") as world:
        until(lambda: world.json("/data.json")["mm"] == 1)
        keeps_going(world)
    peer.close()
