"""200 readers on one broker; the bridge of docs/fleet.md between two brokers; line protocol."""

import contextlib
import re
import subprocess
import sys
from pathlib import Path

from tests.sim.mqtt_peers import Mosquitto
from tests.timing import wait_until
from tools import fleet, influx
from tools.runtime import ROOT
from tools.simulation import free_port

DOCUMENT = (ROOT / "docs/fleet.md").read_text()


def test_two_hundred_readers_do_not_clash() -> None:
    figures = fleet.run(200, seconds=6, every_s=2, payload=0, processes=2)
    print("\n".join(figures.lines()))
    assert figures.faults() == []
    assert figures.telegrams >= 200  # one of each reader, also on a busy machine
    assert "ams-020000000000" in figures.topics and "ams-0200000000c7" in figures.topics


def test_readers_announce_no_unique_id_twice() -> None:
    figures = fleet.run(20, seconds=10, every_s=2, payload=4, processes=1)
    print("\n".join(figures.lines()))
    assert figures.faults() == []
    assert len(figures.unique_ids) >= 20 * 5


def test_the_bridge_of_the_document_passes_messages_on_under_the_place(tmp_path: Path) -> None:
    config = re.search(r"```\n(listener .*?)```", DOCUMENT, re.S)
    assert config
    cluster_folder, place_folder = tmp_path / "cluster", tmp_path / "place"
    cluster_folder.mkdir()
    place_folder.mkdir()
    with contextlib.ExitStack() as stack:
        cluster = stack.enter_context(contextlib.closing(Mosquitto(cluster_folder)))
        bridge = re.sub(r"(listener|bridge_cafile|allow_anonymous) .*\n", "", config.group(1))
        bridge = bridge.replace("cluster.example:8883", f"127.0.0.1:{cluster.port}")
        place = Mosquitto(place_folder, "allow_anonymous true\n" + bridge, port=free_port())
        stack.enter_context(contextlib.closing(place))
        place.publish("ams-020000001e4b/status", b"online", "-r")

        def arrived() -> bool:
            done = subprocess.run(
                ["mosquitto_sub", "-p", str(cluster.port), "-t", "place7/ams-020000001e4b/status",
                 "-C", "1", "-W", "1"],
                capture_output=True, check=False,
            )  # fmt: skip
            return done.stdout == b"online\n"

        place.publish("ams-020000001e4b/status", b"online", "-r", "-q", "1")
        wait_until(arrived)


def test_telegrams_become_line_protocol() -> None:
    messages = (
        'ams-020000001e4b {"id":"x","t":1773742800,"data":{"lv":"A","P":1234,"U1":231.2}}\n',
        'my,reader=1 {"data":{"P":5}}\n',
        'ams/status online\n', 'ams {"up":5}\n', 'ams {"data":{"lv":"A"}}\n', 'ams [1]\n', "x\n",
    )  # fmt: skip
    assert list(influx.lines(messages)) == [
        "meter,reader=ams-020000001e4b P=1234.0,U1=231.2 1773742800",
        "meter,reader=my\\,reader\\=1 P=5.0",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "tools.influx"], input=messages[0], capture_output=True,
        text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    assert done.stdout.strip() in DOCUMENT
