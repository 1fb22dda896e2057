"""Modules of MQTT are loaded only with a broker; a payload is one file and one table row."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.sim import mqtt_peers as peers

ROOT = Path(__file__).parents[2]
PROBE = Path(__file__).with_name("mqtt_visits.py")
RUN_S = 300  # for a run of the probe on a busy machine
TABLE = "_PAYLOADS = (\n"
WITH_POWER = TABLE + '    (9, "mqtt.payloads.power"),\n'
POWER = '''\
"""Only the power, in W."""

from han.fields import POWER_IMPORT_W


def messages(app, kind):
    topic = app.config.mqtt_topic
    if kind == 1:
        yield topic + "/up", ("%d" % app.system.uptime_s(),), 0
    elif not kind:
        yield topic + "/power", ("%d" % app.state.number(POWER_IMPORT_W), " W"), 0
'''


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[peers.Mosquitto]:
    mosquitto = peers.Mosquitto(tmp_path)
    yield mosquitto
    mosquitto.close()


def run(broker: peers.Mosquitto, payload: int, first: str = "") -> dict[str, Any]:
    """The probe's report; `first`: a folder to search before the others."""
    path = f"{first}:{ROOT}/firmware:{ROOT}/build/lib:{ROOT}/tests/unit:.frozen"
    job = {"port": broker.port, "payload": payload, "telegrams": 3}
    done = subprocess.run(
        [ROOT / ".venv/bin/micropython", "-X", "heapsize=2m", PROBE],
        env={**os.environ, "MICROPYPATH": path.lstrip(":")},
        input=json.dumps(job), capture_output=True, text=True, timeout=RUN_S, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def test_the_modules_of_mqtt_are_unloaded_without_a_broker_and_leave_no_heap_in_use(
    broker: peers.Mosquitto,
) -> None:
    subscriber = broker.subscriber("ams", 4, RUN_S)  # about and three telegrams
    report = run(broker, 0)
    bodies = [json.loads(body) for _, _, body in subscriber.messages()]
    assert [body["data"]["P"] for body in bodies if "data" in body] == [1000, 1001, 1002]
    assert report["log"] == [f"mqtt: connected to 127.0.0.1:{broker.port}"]
    assert report["left"] == []
    for name in ("publisher", "payload", "commands"):
        first, last = report[name]
        assert last <= first, name


def test_a_payload_is_a_file_and_a_table_row(broker: peers.Mosquitto, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "firmware/mqtt", tmp_path / "mqtt")
    (tmp_path / "mqtt/payloads/power.py").write_text(POWER)
    publisher = tmp_path / "mqtt/publisher.py"
    assert TABLE in publisher.read_text()
    publisher.write_text(publisher.read_text().replace(TABLE, WITH_POWER))
    subscriber = broker.subscriber("ams/+", 6, RUN_S)  # online, up, three powers, offline
    report = run(broker, 9, str(tmp_path))
    got = [(topic, body) for topic, _, body in subscriber.messages()]
    assert got[0] == ("ams/status", b"online") and got[5] == ("ams/status", b"offline")
    assert [topic for topic, _ in got].count("ams/up") == 1
    powers = [body for topic, body in got if topic == "ams/power"]
    assert powers == [b"%d W" % power for power in (1000, 1001, 1002)]
    assert report["left"] == []


def test_an_unknown_payload_number_is_logged_and_json_used(broker: peers.Mosquitto) -> None:
    subscriber = broker.subscriber("ams", 4, RUN_S)
    report = run(broker, 9)
    assert len(subscriber.messages()) == 4
    assert report["log"][0] == "mqtt: no payload has the number 9; 0 is used"
