"""Home Assistant itself with the firmware and a real mosquitto: what it makes of announcements.

2024.3.3 has the form of the AMS reader, an entity for each message; 2026.2.3 both forms. Both are
installed at the first run: tools/homeassistant.py.
"""

import contextlib
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sim.mqtt_peers import Listener, Mosquitto
from tests.timing import wait_until
from tests.world import MORNING, World
from tools.homeassistant import NEW, OLD, HomeAssistant

pytestmark = pytest.mark.long
PATIENCE_S = 300
# Danish Kamstrup sends its registers in every telegram.
METER = ("--meter", "kamstrup", "--country", "dk", "--interval", "2", "--solar")
SETTINGS = {
    "hostname": "ams-1e4b",
    "mqtt_topic": "ams",
    "price_currency": "DKK",
    "price_fixed_micro": 900000,
    "production_kwp": 5,
    "mqtt_silence_s": 10,
}


@pytest.fixture
def stack() -> Iterator[contextlib.ExitStack]:
    """Context managers entered here are closed, also when the test fails."""
    with contextlib.ExitStack() as found:
        yield found


class Home:
    """A broker, a Home Assistant and a reader with its meter."""

    def __init__(
        self, stack: contextlib.ExitStack, folder: Path, version: str, **settings: object
    ) -> None:
        self.broker = stack.enter_context(contextlib.closing(Mosquitto(folder)))
        self.listener = stack.enter_context(contextlib.closing(Listener(self.broker.port)))
        self.hass = stack.enter_context(
            contextlib.closing(HomeAssistant(version, folder / "hass", self.broker.port))
        )
        (folder / "reader").mkdir()
        self.reader = stack.enter_context(
            World(
                folder / "reader", *METER, mqtt=f"127.0.0.1:{self.broker.port}",
                config={**SETTINGS, **settings}, clock=(MORNING, 1.0),
            )
        )  # fmt: skip

    def change(self, **settings: object) -> None:
        head = {"Content-Type": "application/json"}
        status, answer = self.reader.post("/api/config", json.dumps(settings), head, "PATCH")
        assert status == 200, answer

    def noted(self) -> list[str]:
        """The parts of the ids of the entities that the reader has announced."""
        path = self.reader.data / "ha.json"
        return json.loads(path.read_text())["ids"].split() if path.exists() else []

    def entity(self, of: str, platform: str = "sensor") -> dict:
        """The state of an entity; {} while there is none."""
        return self.hass.states().get(f"{platform}.ams_1e4b_{of.lower()}", {})

    def state(self, of: str, platform: str = "sensor") -> str:
        found = self.entity(of, platform)
        return found["state"] if found else ""

    def attribute(self, of: str, name: str, platform: str = "sensor") -> object:
        return self.entity(of, platform).get("attributes", {}).get(name)

    def ids(self) -> dict[str, tuple[str, str]]:
        """By unique id, what the registry has: its own id of the entity, and the entity's id."""
        return {e["unique_id"]: (e["id"], e["entity_id"]) for e in self.hass.ask("registry")}

    def wait(self, condition: "object") -> None:
        """Wait for a function to be true; the log of Home Assistant if it does not become so."""
        assert callable(condition)
        wait_until(condition, PATIENCE_S, lambda: "\n".join(self.hass.log[-40:]))

    def all_known(self) -> bool:
        """Whether Home Assistant has every entity that was announced."""
        known = self.ids()
        noted = self.noted()
        return len(noted) > 20 and not [of for of in noted if "ams-1e4b_" + of not in known]


def check_combinations(hass: HomeAssistant) -> None:
    """Unit, device class and state class of each sensor are a combination of its own tables."""
    tables = hass.ask("tables")
    sensors = {i: s for i, s in hass.states().items() if i.startswith("sensor.")}
    assert sensors
    for entity_id, state in sensors.items():
        attributes = state["attributes"]
        unit = attributes.get("unit_of_measurement")
        device_class = attributes.get("device_class")
        state_class = attributes.get("state_class")
        if device_class is not None:
            assert device_class in tables["classes"], entity_id
        if device_class in tables["units"]:
            assert unit in tables["units"][device_class], (entity_id, unit, device_class)
        if state_class is not None:
            allowed = tables["states"].get(device_class, [state_class])
            assert state_class in allowed, (entity_id, device_class, state_class)


def check_values(home: Home) -> None:
    """States are the reader's own values."""
    data = home.reader.json("/data.json")
    assert float(home.state("tPI")) == pytest.approx(data["ic"], abs=0.1)
    assert float(home.state("tPO")) == pytest.approx(data["ec"], abs=0.1)
    assert int(home.state("P")) in [t["power_import_w"] for t in home.reader.sent]
    assert 200 < float(home.state("U1")) < 260
    used = home.reader.json("/now.json")["ea"]["u"][1]
    assert float(home.state("dayuse")) == pytest.approx(used, abs=0.1)
    entity = home.entity("tPI")["attributes"]
    assert entity["device_class"] == "energy" and entity["state_class"] == "total_increasing"


@pytest.mark.parametrize(("version", "generation"), [(OLD, "2.2"), (NEW, "2.2"), (NEW, "2.5")])
def test_the_form_of_the_ams_reader(
    tmp_path: Path, stack: contextlib.ExitStack, version: str, generation: str
) -> None:
    home = Home(stack, tmp_path, version, mqtt_payload=4, mqtt_generation=generation)
    home.wait(lambda: {"P", "tPI", "tPO", "houruse", "prices0", "rssi"} <= set(home.noted()))
    home.wait(home.all_known)
    home.wait(lambda: home.state("P").isdigit() and home.state("tPI") not in ("", "unknown"))
    home.wait(lambda: home.state("dayuse") not in ("", "unknown"))
    home.wait(lambda: home.state("prices0") not in ("", "unknown"))
    check_values(home)
    check_combinations(home.hass)
    assert float(home.state("prices0")) == 0.9
    assert home.ids()["ams-1e4b_P"][1] == "sensor.ams_1e4b_p"  # by obj_id, default_entity_id
    before = home.ids()
    home.hass.restart()
    home.wait(lambda: home.state("P").isdigit())
    assert home.ids() == before
    complaints = home.hass.complaints()
    if version == NEW and generation == "2.2":  # obj_id is what an AMS reader of 2.2 has
        complaints = [line for line in complaints if "object_id" not in line]
    assert complaints == []


def test_one_message_for_the_device(tmp_path: Path, stack: contextlib.ExitStack) -> None:
    home = Home(stack, tmp_path, NEW, mqtt_payload=104)
    home.wait(lambda: {"P", "tPI", "tPO", "prices0", "problem", "event"} <= set(home.noted()))
    home.wait(home.all_known)
    home.wait(lambda: home.state("P").isdigit() and home.state("tPI") not in ("", "unknown"))
    home.wait(lambda: home.attribute("dayuse", "last_reset"))
    home.wait(lambda: home.state("prices0") not in ("", "unknown"))
    home.wait(lambda: home.attribute("fwupgrade", "installed_version", "update"))
    check_values(home)
    check_combinations(home.hass)
    day = home.entity("dayuse")["attributes"]
    assert day["state_class"] == "total" and day["last_reset"] == "2026-03-16T23:00:00+00:00"
    price = home.entity("prices0")
    assert float(price["state"]) == 0.9 and price["attributes"]["unit_of_measurement"] == "DKK/kWh"
    assert price["attributes"]["import"] and price["attributes"]["cheapest3hr"]
    home.wait(lambda: home.state("problem", "binary_sensor") == "off")
    update = home.entity("fwupgrade", "update")
    assert update["attributes"]["installed_version"].startswith("v")
    assert update["attributes"]["latest_version"] is None
    # The meter falls silent: its values are unavailable, the reader's are not.
    home.reader.tell("pause")
    home.wait(lambda: home.state("P") == "unavailable")
    home.wait(lambda: home.state("problem", "binary_sensor") == "on")
    assert home.state("rssi") not in ("", "unavailable", "unknown")
    home.wait(lambda: home.attribute("event", "event_type", "event") == "meter_silent")
    home.reader.tell("resume")
    home.wait(lambda: home.state("P").isdigit())
    # A button announces again; money goes with its price.
    topic = "homeassistant/device/ams-1e4b/config"
    count = len([1 for t, _ in home.listener.messages if t == topic])
    home.hass.request("/api/services/button/press", {"entity_id": "button.ams_1e4b_announce"})
    home.wait(lambda: len([1 for t, _ in home.listener.messages if t == topic]) > count)
    home.change(price_fixed_micro=None, price_currency=None)
    home.wait(lambda: not home.entity("daycost") and not home.entity("cheap", "binary_sensor"))
    assert home.state("dayuse")
    # The reader is gone.
    home.reader.firmware.kill()
    home.wait(lambda: home.state("rssi") == "unavailable")
    assert home.hass.complaints() == []


def test_entities_keep_their_ids_when_the_form_changes(
    tmp_path: Path, stack: contextlib.ExitStack
) -> None:
    """From an entity for each message to one message for the device, and back."""
    home = Home(stack, tmp_path, NEW, mqtt_payload=4)
    home.wait(lambda: {"P", "tPI", "houruse", "prices0"} <= set(home.noted()))
    home.wait(home.all_known)
    before = home.ids()
    for payload in (104, 4):
        home.change(mqtt_payload=payload)
        since = time.monotonic()
        home.wait(lambda: home.all_known() and time.monotonic() > since + 5)  # noqa: B023
        home.wait(lambda: home.state("P").isdigit())
        after = home.ids()
        for of in ("P", "U1", "tPI", "tPO", "houruse", "dayuse", "daycost", "prices0", "rssi"):
            unique = "ams-1e4b_" + of
            assert after[unique] == before[unique], of
    # The empty message that ends the other form finds nothing that is left.
    expected = ("object_id", "No device components to cleanup")
    complaints = [line for line in home.hass.complaints() if not any(e in line for e in expected)]
    assert complaints == []
