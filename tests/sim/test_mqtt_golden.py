"""Every payload with a real broker: what mosquitto_sub receives is what the golden files have."""

import json
import os
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from tests.sim import mqtt_peers as peers

ROOT = Path(__file__).parents[2]
PROBE = Path(__file__).with_name("mqtt_golden.py")
FILES = {
    0: "json", 1: "raw_minimal", 2: "raw_full", 3: "domoticz", 5: "json_topics", 6: "json_flat",
    255: "hexdump",
}  # fmt: skip
ALL_S = 600  # for all messages on a busy machine
Message = tuple[str, bool, bytes]


def golden() -> list[Message]:
    """The messages of all golden files, (topic, whether retained, body)."""
    found = []
    for number, name in FILES.items():
        for generation in ("2.2", "2.5"):
            path = ROOT / f"tests/golden/mqtt_{name}_{generation}.txt"
            for line in path.read_text().splitlines():
                if not line.startswith("# "):
                    topic, flag, body = line.split("\t")
                    topic = f"{number}/{generation}{topic[3:]}" if topic[:3] == "ams" else topic
                    found.append((topic, flag == "retained", body.encode()))
    return found


@pytest.fixture(scope="module")
def received(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Message], list[Message]]:
    """All messages as they came, and those that the broker retains at the end."""
    broker = peers.Mosquitto(tmp_path_factory.mktemp("mqtt"))
    try:
        sessions = 2 * len(FILES)
        subscriber = broker.subscriber("#", len(golden()) + 2 * sessions, ALL_S)
        path = f"{ROOT}/firmware:{ROOT}/build/lib:{ROOT}/tests/unit:.frozen"
        done = subprocess.run(
            [ROOT / ".venv/bin/micropython", "-X", "heapsize=4m", PROBE],
            env={**os.environ, "MICROPYPATH": path},
            input=json.dumps({"port": broker.port}),
            capture_output=True, text=True, timeout=ALL_S, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        report = json.loads(done.stdout)
        assert report["left"] == []
        assert len(report["log"]) == sessions, report["log"]  # of connections alone
        live = subscriber.messages()
        kept = broker.subscriber("#", len({topic for topic, _, _ in live if "/status" in topic})
                                 + len(retained())).messages()  # fmt: skip
    finally:
        broker.close()
    return live, kept


def retained() -> dict[str, bytes]:
    """The last retained body of each topic of the golden files, without empty ones."""
    last = {topic: body for topic, flag, body in golden() if flag}
    return {topic: body for topic, body in last.items() if body}


def test_each_message_of_the_golden_files_comes(
    received: tuple[list[Message], list[Message]],
) -> None:
    came = Counter((topic, body) for topic, _, body in received[0] if "/status" not in topic)
    expected = Counter((topic, body) for topic, _, body in golden())
    assert came == expected


def test_each_retained_message_is_retained(
    received: tuple[list[Message], list[Message]],
) -> None:
    kept = {topic: body for topic, _, body in received[1]}
    states = {f"{number}/{generation}/status" for number in FILES for generation in ("2.2", "2.5")}
    assert {topic for topic in kept if "/status" in topic} == states
    assert {kept.pop(topic) for topic in states} == {b"offline"}
    assert kept == retained()
