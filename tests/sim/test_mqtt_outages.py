"""The broker is killed, frozen and restarted at random moments; the publisher comes back."""

import contextlib
import json
import random
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tests.sim.mqtt_peers import Listener, Mosquitto
from tests.timing import PATIENCE_S, Stopwatch, wait_until
from tools.runtime import MICROPYTHON, environment

PROBE = Path(__file__).with_name("mqtt_outages.py")
STALL_MS = 250
BACK_S = 5  # to the next telegram, after an outage of SHORT_S; pauses are 1, 2, 4 s
HELD_OCTETS = 2048  # a kept connection would take more than 40 for each of 50 outages
SHORT_S = (0.1, 2.5)  # an outage; pauses are then 1 and 2 s


class Outages:
    """A publisher, its broker, and a listener at the broker."""

    def __init__(self, folder: Path, stack: contextlib.ExitStack) -> None:
        self._folder = folder
        self._stack = stack
        self.broker = Mosquitto(folder)
        stack.callback(lambda: self.broker.close())
        self.listener = self._listen()
        self.process = subprocess.Popen(
            [MICROPYTHON, "-X", "heapsize=2m", PROBE],
            env=environment("firmware", "build/lib", "tests/unit"),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        stack.callback(self.process.kill)
        assert self.process.stdin
        self.process.stdin.write(json.dumps({"port": self.broker.port}) + "\n")
        self.process.stdin.flush()

    def _listen(self) -> Listener:
        return self._stack.enter_context(contextlib.closing(Listener(self.broker.port)))

    def restart(self) -> None:
        self.broker = Mosquitto(self._folder, port=self.broker.port)
        self.listener = self._listen()

    def outage(self, kind: str, seconds: float) -> tuple[float, float]:
        """Make one. Returns its seconds, and those from the broker's return to the next telegram.

        The broker of a busy machine starts late.
        """
        begin = time.monotonic()
        if kind == "freeze":
            self.broker.freeze()
            time.sleep(seconds)
            self.broker.thaw()
        else:
            self.broker.kill() if kind == "kill" else self.broker.close()
            time.sleep(seconds if kind == "kill" else 0)
            self.restart()
        lasted = time.monotonic() - begin
        watch = Stopwatch(self.process.pid)
        known = len(self.powers())
        wait_until(lambda: len(self.powers()) > known)
        return lasted, watch.seconds()

    def powers(self) -> list[int]:
        bodies = [json.loads(text) for topic, text in self.listener.messages if topic == "ams"]
        return [body["data"]["P"] for body in bodies if "data" in body]

    def end(self) -> dict[str, Any]:
        out, _ = self.process.communicate("end\n", timeout=PATIENCE_S)
        return json.loads(out)


def run(folder: Path, count: int) -> None:
    chance = random.Random(13)
    with contextlib.ExitStack() as stack:
        world = Outages(folder, stack)
        wait_until(lambda: len(world.powers()) > 3)
        took = []
        for number in range(count):
            kind = ("kill", "freeze", "restart")[number % 3]
            time.sleep(chance.uniform(0.1, 1.2))
            lasted, back = world.outage(kind, chance.uniform(*SHORT_S))
            took.append(back)
            assert back < BACK_S + max(0, lasted - SHORT_S[1]), (kind, lasted, took)
        wait_until(lambda: len(world.powers()) > 12)
        report = world.end()
    live = report["live"]
    median = sorted(took)[count // 2]
    print(
        f"{count} outages: back after at most {max(took):.1f} s, median {median:.1f} s,"
        f" longest stall {report['stall_ms']} ms, live {min(live[:3])} to {min(live[-3:])} octets"
    )
    assert report["stall_ms"] < STALL_MS
    assert min(live[-3:]) - min(live[:3]) <= HELD_OCTETS
    lost = [line for line in report["log"] if "connected to" not in line]
    assert lost and not [line for line in lost if not line.startswith("mqtt: ")]


def test_the_publisher_comes_back_after_each_outage(tmp_path: Path) -> None:
    run(tmp_path, 5)


@pytest.mark.long
def test_the_publisher_comes_back_after_fifty_outages(tmp_path: Path) -> None:
    run(tmp_path, 50)
