"""The whole firmware with a broker: a real mosquitto, and peers that misbehave."""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sim import mqtt_peers
from tests.sim.mqtt_peers import Listener, Mosquitto, Peer
from tests.timing import wait_until
from tests.world import SLACK_S, World

METER = ("--meter", "kaifa", "--speed", "3")


@pytest.fixture
def clean() -> Iterator[contextlib.ExitStack]:
    """Context managers entered here are closed, also when the test fails."""
    with contextlib.ExitStack() as stack:
        yield stack


def test_each_telegram_is_published(tmp_path: Path, clean: contextlib.ExitStack) -> None:
    broker = clean.enter_context(contextlib.closing(Mosquitto(tmp_path)))
    listener = clean.enter_context(contextlib.closing(Listener(broker.port)))
    with World(tmp_path, *METER, mqtt=f"127.0.0.1:{broker.port}") as world:
        # A reader on a busy machine may leave out a telegram that a newer one follows.
        wait_until(lambda: runs(listener.powers(), 15) & runs(sent(world, 0), 15))
        wait_until(lambda: in_order(listener.powers(), sent(world, 0)))
        assert ("amsreader/status", "online") in listener.messages
        about = [json.loads(p) for t, p in listener.messages if t == "amsreader"]
        assert any("version" in body for body in about)
        assert world.json("/data.json")["mm"] == 1
        world.firmware.kill()
        wait_until(lambda: ("amsreader/status", "offline") in listener.messages)


def test_client_id_and_topic_are_of_this_reader_alone(
    tmp_path: Path, clean: contextlib.ExitStack
) -> None:
    broker = clean.enter_context(contextlib.closing(Mosquitto(tmp_path)))
    listener = clean.enter_context(contextlib.closing(Listener(broker.port)))
    config = {"mqtt_host": "127.0.0.1", "mqtt_port": broker.port}
    with World(tmp_path, *METER, config=config):
        # The simulated board's MAC is 02:00:00:00:1E:4B.
        wait_until(lambda: ("ams-020000001e4b/status", "online") in listener.messages)
    log = (tmp_path / "mosquitto.log").read_text()
    assert " as ams-020000001e4b (p2, c1, k60)" in log  # MQTT 3.1.1, clean session, 60 s


def sent(world: World, count: int) -> list[int]:
    """The powers of telegrams since the last but one of the first `count`."""
    return [telegram["power_import_w"] for telegram in world.sent[max(0, count - 1) :]]


def runs(powers: list[int], count: int) -> set[tuple[int, ...]]:
    """All runs of so many consecutive powers."""
    return {tuple(powers[k : k + count]) for k in range(len(powers) - count + 1)}


def in_order(some: list[int], powers: list[int]) -> bool:
    """Whether some of the powers came in their order, none twice."""
    rest = iter(powers)
    return all(power in rest for power in some)


def test_publishing_resumes_after_the_broker_restarts(
    tmp_path: Path, clean: contextlib.ExitStack
) -> None:
    """The newest telegram is published at once, none twice, and no task logs an error."""
    broker = Mosquitto(tmp_path)
    clean.callback(broker.close)
    port = broker.port
    with World(tmp_path, *METER, mqtt=f"127.0.0.1:{port}") as world:
        wait_until(lambda: world.json("/data.json")["mm"] == 1)
        for outage in range(2):
            broker.close()
            wait_until(lambda: world.json("/data.json")["mm"] == 3)
            assert world.json("/data.json")["me"] < 0
            if not outage:
                assert world.slowest_answer(3) < SLACK_S
            count = len(world.sent)
            wait_until(lambda: len(world.sent) > count)  # noqa: B023
            broker = Mosquitto(tmp_path, port=port)
            clean.callback(broker.close)
            listener = clean.enter_context(contextlib.closing(Listener(port)))
            wait_until(lambda: len(listener.powers()) > 3)  # noqa: B023
            assert world.json("/data.json")["mm"] == 1 and world.json("/data.json")["me"] == 0
            # The telegrams are published from the newest at the broker's restart on.
            wait_until(lambda: runs(listener.powers(), 4) & runs(sent(world, count), 4))  # noqa: B023
            wait_until(lambda: in_order(listener.powers(), sent(world, count)))  # noqa: B023
        log = world.log()
        assert "Task exception" not in log and "Traceback" not in log


def check_other_work(world: World) -> None:
    """Telegrams are read and the web server answers while the broker misbehaves."""
    wait_until(lambda: world.json("/now.json")["n"])  # the line is found
    before = world.json("/now.json")["n"]
    worst = world.slowest_answer(5)
    print(f"slowest answer {worst * 1000:.0f} ms")
    assert worst < SLACK_S
    wait_until(lambda: world.json("/now.json")["n"] >= before + 4)
    assert "Traceback" not in world.log()


def test_a_dead_broker_delays_no_other_work(tmp_path: Path) -> None:
    with World(tmp_path, *METER, mqtt="127.0.0.1:9") as world:
        wait_until(lambda: world.json("/data.json")["mm"] == 3)
        check_other_work(world)


def test_a_silent_broker_delays_no_other_work(tmp_path: Path) -> None:
    peer = Peer(mqtt_peers.silent, broker=9)
    with World(tmp_path, *METER, mqtt=f"127.0.0.1:{peer.port}") as world:
        check_other_work(world)
        wait_until(lambda: world.json("/data.json")["me"] in (-3, -4))
    peer.close()


def test_a_broker_that_stops_reading_delays_no_other_work(tmp_path: Path) -> None:
    peer = Peer(mqtt_peers.not_reading, broker=9)
    with World(tmp_path, *METER, mqtt=f"127.0.0.1:{peer.port}") as world:
        wait_until(lambda: world.json("/data.json")["mm"] == 1)
        check_other_work(world)
    peer.close()
