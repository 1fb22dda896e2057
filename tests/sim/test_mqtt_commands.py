"""The whole firmware and a real broker: commands, a change of the payload, a silent meter."""

import contextlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.sim.mqtt_peers import Listener, Mosquitto
from tests.timing import wait_until
from tests.world import World

JSON = {"Content-Type": "application/json"}


class House:
    """A firmware whose messages a listener gets."""

    def __init__(self, world: World, broker: Mosquitto, listener: Listener) -> None:
        self.world = world
        self.broker = broker
        self.listener = listener

    def bodies(self, topic: str) -> list[str]:
        return [body for name, body in self.listener.messages if name == topic]

    def results(self) -> list[dict]:
        return [json.loads(body) for body in self.bodies("ams/command/result")]

    def use(self, **settings: object) -> None:
        """Change settings, as the owner does."""
        status, answer = self.world.post("/api/config", json.dumps(settings), JSON, "PATCH")
        assert status == 200, answer

    def prices(self) -> set[float]:
        """The prices in force of today and tomorrow that are known."""
        return set(self.world.json("/importprice.json")["prices"]) - {None}

    def command(self, payload: bytes, *options: str) -> dict:
        """Send a command and wait for its result."""
        count = len(self.results())
        self.broker.publish("ams/command", payload, *options)
        wait_until(lambda: len(self.results()) > count)
        return self.results()[-1]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("world")
    with contextlib.ExitStack() as stack:
        broker = stack.enter_context(contextlib.closing(Mosquitto(folder)))
        listener = stack.enter_context(contextlib.closing(Listener(broker.port)))
        config = {"mqtt_topic": "ams", "mqtt_generation": "2.5", "mqtt_silence_s": 10}
        mqtt = f"127.0.0.1:{broker.port}"
        world = stack.enter_context(
            World(folder, "--meter", "kaifa", "--speed", "3", mqtt=mqtt, config=config)
        )
        found = House(world, broker, listener)
        wait_until(lambda: found.bodies("ams"))
        yield found


def test_prices_of_the_broker_are_in_force_and_published(house: House) -> None:
    start = datetime.now(UTC).strftime("%Y-%m-%dT00:00:00Z")
    pushed = {"start": start, "resolution": 60, "currency": "NOK", "prices": [1.25] * 48}
    assert house.command(json.dumps(pushed).encode())["success"] is True
    assert house.prices() == {1.25}
    wait_until(
        lambda: [body for body in house.bodies("ams") if '"prices":{"import":[1.25' in body]
    )
    assert house.command(b'{"start":"x"}')["success"] is False
    assert house.prices() == {1.25}


def test_plots_and_what_is_no_command(house: House) -> None:
    for word, count in (("dayplot", 49), ("monthplot", 63)):
        house.broker.publish("ams/command", word.encode())
        wait_until(lambda: house.bodies("ams/" + word))  # noqa: B023
        assert len(json.loads(house.bodies("ams/" + word)[0])) == count
    refused = house.command(b"fwupgrade")
    assert refused["success"] is False and refused["message"]  # too early, or no server is set
    house.broker.publish("ams/command", b"x" * 5000)  # over the limit of a packet: dropped
    assert house.command(b"\xff\x00{")["success"] is False
    assert house.world.json("/data.json")["mm"] == 1


def test_a_retained_command_is_not_obeyed_at_the_next_connection(house: House) -> None:
    def again() -> dict:
        """Let the reader connect again; the result of the retained message."""
        count = len(house.results())
        house.use(mqtt_topic="home")
        wait_until(lambda: house.bodies("home/status")[-1:] == ["online"], about=house.world.log)
        house.use(mqtt_topic="ams")
        wait_until(lambda: len(house.results()) > count, about=house.world.log)
        return house.results()[-1]

    try:
        assert "retained" not in house.command(b"fwupgrade", "-r")["message"]
        refused = again()
        assert (refused["command"], refused["success"]) == ("fwupgrade", False)
        assert "retained" in refused["message"]
        start = datetime.now(UTC).strftime("%Y-%m-%dT00:00:00Z")
        pushed = {"start": start, "resolution": 60, "currency": "NOK", "prices": [1.5] * 48}
        assert house.command(json.dumps(pushed).encode(), "-r")["success"] is True
        assert again()["success"] is True and house.prices() == {1.5}
    finally:
        house.broker.publish("ams/command", b"", "-r")
    assert "retained" not in house.command(b"fwupgrade")["message"]


def test_another_payload_takes_effect_at_once(house: House) -> None:
    house.use(mqtt_payload=255)
    count = len(house.world.sent)
    wait_until(lambda: len(house.world.sent) > count + 3)

    def dumped() -> set[int]:
        """The powers of telegrams whose hexadecimal digits came."""
        digits = [body for body in house.bodies("ams") if body.startswith("0F")]
        powers = [t["power_import_w"] for t in house.world.sent[count:]]
        return {power for power in powers for text in digits if f"06{power:08X}" in text}

    wait_until(lambda: len(dumped()) > 2)
    house.use(mqtt_payload=5)
    wait_until(lambda: house.bodies("ams/list1") and house.bodies("ams/system"))
    # The decoder has its own sink again: telegrams are read and no hexadecimal digits come.
    last = house.bodies("ams")[-1]
    count = len(house.bodies("ams/list1"))
    wait_until(lambda: len(house.bodies("ams/list1")) > count + 2)
    assert house.bodies("ams")[-1] == last
    house.use(mqtt_topic="home")
    wait_until(lambda: house.bodies("home/list1"))
    house.use(mqtt_topic="ams")
    wait_until(lambda: house.bodies("ams/status")[-1] == "online")


def test_a_silent_meter_is_said_and_nothing_old_published(house: House) -> None:
    def events() -> list[tuple[str, bool]]:
        found = [json.loads(body) for body in house.bodies("ams/event")]
        told = [(e["event"], e["active"]) for e in found if e["event"] == "meter_silent"]
        return told[before:]

    before = 0
    wait_until(lambda: not events() or not events()[-1][1])  # a meter that stood still goes on
    before = len(events())
    house.world.tell("pause")
    wait_until(lambda: house.world.json("/now.json")["s"] > 5)  # the last telegram is published
    topics = [f"ams/list{n}" for n in (1, 2, 3, 4)]
    count = sum(len(house.bodies(topic)) for topic in topics)
    wait_until(lambda: events() == [("meter_silent", True)])
    assert sum(len(house.bodies(topic)) for topic in topics) == count
    house.world.tell("resume")
    wait_until(lambda: events() == [("meter_silent", True), ("meter_silent", False)])
    assert "Traceback" not in house.world.log()
