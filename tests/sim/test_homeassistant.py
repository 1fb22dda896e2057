"""The whole firmware and a real mosquitto: what Home Assistant is told, and when it is taken back.

Whether Home Assistant understands it: tests/tools/test_homeassistant.py.
"""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sim.mqtt_peers import Listener, Mosquitto
from tests.timing import wait_until
from tests.world import MORNING, World

# Danish Kamstrup sends its registers in every telegram.
METER = ("--meter", "kamstrup", "--country", "dk", "--interval", "1")
SETTINGS = {
    "hostname": "reader",
    "mqtt_topic": "amsreader",
    "ha_prefix": "hass",
    "price_currency": "DKK",
    "price_fixed_micro": 900000,
}
DEVICE = "hass/device/reader/config"


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mosquitto]:
    """A broker whose clients find what earlier ones have left."""
    with contextlib.closing(Mosquitto(tmp_path_factory.mktemp("broker"))) as found:
        yield found


def world(folder: Path, broker: Mosquitto, **settings: object) -> World:
    return World(
        folder, *METER, mqtt=f"127.0.0.1:{broker.port}", config={**SETTINGS, **settings},
        clock=(MORNING, 1.0),
    )  # fmt: skip


def change(reader: World, **settings: object) -> None:
    """Change settings; None: the default."""
    head = {"Content-Type": "application/json"}
    status, answer = reader.post("/api/config", json.dumps(settings), head, method="PATCH")
    assert status == 200, answer


def newest(listener: Listener) -> dict[str, str]:
    """The newest message of each topic; mosquitto_sub shows an empty one as (null)."""
    return {topic: payload for topic, payload in listener.messages if payload != "(null)"}


def retained(broker: Mosquitto) -> dict[str, str]:
    """The retained messages: those that a new subscriber gets as such, before our mark."""
    with contextlib.closing(Listener(broker.port)) as listener:

        def marked() -> bool:
            broker.publish("mark", b"mark")
            return ("mark", "mark") in listener.messages

        wait_until(marked)
        return listener.retained


def announcements(listener: Listener) -> list[dict]:
    """The components of each announcement of the device."""
    return [json.loads(p)["cmps"] for t, p in list(listener.messages) if t == DEVICE]


def test_the_device_appears_again_and_its_stale_entities_go(
    tmp_path: Path, broker: Mosquitto
) -> None:
    """One retained message has the meter's entities; the birth message and kill -9 repeat it."""
    with (
        contextlib.closing(Listener(broker.port)) as listener,
        world(tmp_path, broker, mqtt_payload=104) as reader,
    ):

        def last() -> dict:
            found = announcements(listener)
            return found[-1] if found else {}

        wait_until(lambda: {"P", "U1", "tPI", "daycost"} <= set(last()))
        wait_until(lambda: newest(listener).get("amsreader/meter") == "online")
        topics = {"amsreader/firmware", "amsreader/prices", "amsreader/energy"}
        wait_until(lambda: topics <= set(newest(listener)))
        wait_until(lambda: json.loads(retained(broker)[DEVICE])["cmps"] == last())
        found = retained(broker)
        assert json.loads(found[DEVICE])["dev"]["ids"] == ["reader"]
        assert found["amsreader/status"] == found["amsreader/meter"] == "online"
        assert json.loads(found["amsreader/energy"])["tPI"] > 0
        assert json.loads(found["amsreader/firmware"])["installed_version"]
        assert json.loads(found["amsreader/prices"])["price"] == 0.9
        assert "amsreader/power" not in found

        count = len(announcements(listener))
        broker.publish("hass/status", b"online")
        wait_until(lambda: len(announcements(listener)) > count)
        # Without a price there is no money: the last announcement does not name it.
        change(reader, price_fixed_micro=None, price_currency=None)
        wait_until(lambda: "daycost" not in last())
        assert {"p": "sensor"} in [cmps.get("daycost") for cmps in announcements(listener)]
        before, count = last(), len(announcements(listener))
        reader.cut_power()
        wait_until(lambda: ("amsreader/status", "offline") in listener.messages)
        wait_until(lambda: len(announcements(listener)) > count)
        # What the meter has not sent since is announced all the same.
        assert all(found == before for found in announcements(listener)[count:])
        assert json.loads(retained(broker)[DEVICE])["cmps"] == before
        assert "Traceback" not in reader.log()


def test_from_the_old_form_to_the_new_one(tmp_path: Path, broker: Mosquitto) -> None:
    """Each old message asks to be migrated, then is emptied; unique ids stay."""
    with (
        contextlib.closing(Listener(broker.port)) as listener,
        world(tmp_path, broker, mqtt_payload=4, hostname="old") as reader,
    ):
        old, device = "hass/sensor/old_tPI/config", "hass/device/old/config"
        wait_until(lambda: {old, "hass/sensor/old_houruse/config"} <= set(newest(listener)))
        body = json.loads(newest(listener)[old])
        assert body["obj_id"] == body["uniq_id"] == "old_tPI"
        assert body["stat_t"] == "amsreader/energy" and body["expire_after"] == 4000
        change(reader, mqtt_payload=104)
        wait_until(lambda: device in newest(listener) and (old, "(null)") in listener.messages)
        messages = [payload for topic, payload in listener.messages if topic == old]
        assert messages[-2:] == ['{"migrate_discovery":true}', "(null)"]
        wait_until(lambda: "hass/sensor/old_" not in " ".join(retained(broker)))
        assert json.loads(retained(broker)[device])["cmps"]["tPI"]["uniq_id"] == "old_tPI"
        change(reader, mqtt_payload=0)
        wait_until(lambda: (device, "(null)") in listener.messages)
        assert device not in retained(broker)
        assert "Traceback" not in reader.log()
