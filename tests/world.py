"""The whole firmware and a simulated meter, each in a process of its own, and clients to both.

A test has a World of its own if it cuts the power, restarts or needs other meter options; the
other tests of a file share one.
"""

import contextlib
import functools
import http.client
import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from tests.timing import PATIENCE_S, Stopwatch, wait_until
from tools import simulation

SLACK_S = 0.25  # limit of an answer while the firmware does other work
# 2026-03-17T10:20Z, 11:20 in Oslo: no hour, day or month ends during the test.
MORNING = 1_773_742_800
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@functools.cache
def prepare() -> None:
    """Build firmware and page, once per process."""
    simulation.prepare()


class World:
    """A meter and a firmware on free ports; a context manager.

    folder  of the firmware's data and log
    meter   options of tools/meter.py
    mqtt    HOST:PORT of a broker
    wait    whether to wait for the web server's first answer
    clock   (start, speed): unix time of both at the start, simulated seconds per real second
    config  contents of config.json at the first start
    """

    def __init__(
        self,
        folder: Path,
        *meter: str,
        mqtt: str = "",
        wait: bool = True,
        clock: tuple[int, float] | None = None,
        config: dict | None = None,
    ) -> None:
        prepare()
        self.folder = folder
        self.data = folder / "data"
        if config is not None:
            self.data.mkdir(exist_ok=True)
            (self.data / "config.json").write_text(json.dumps(config))
        self.mqtt = mqtt
        self.clock: tuple[float, float, float] | None = None
        if clock:
            self.clock = (clock[0], time.time(), clock[1])
            begin = datetime.fromtimestamp(clock[0], UTC).isoformat()
            meter += ("--start", begin, "--speed", str(clock[1]), "--since", str(self.clock[1]))
        self.http = simulation.free_port()
        self.meter, self.wire = simulation.start_meter(["--log", *meter])
        self.sent: list[dict] = []  # the meter's log
        self._answers: list[str] = []
        threading.Thread(target=self._listen, daemon=True).start()
        self.firmware = self._start()
        if wait:
            self._wait_for_http()

    def __enter__(self) -> "World":
        return self

    def __exit__(self, *_: object) -> None:
        simulation.stop(self.firmware)
        simulation.stop(self.meter)

    def _start(self) -> "subprocess.Popen[str]":
        with (self.folder / "log").open("a") as log:
            return simulation.start_firmware(
                self.wire, self.http, self.data, self.mqtt, clock=self.clock,
                stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip

    def _wait_for_http(self) -> None:
        if not simulation.wait_for_http(self.http, PATIENCE_S, self.firmware):
            self.__exit__()
            raise AssertionError(self.log())

    def _listen(self) -> None:
        assert self.meter.stdout
        for line in self.meter.stdout:
            if line.startswith("{"):
                self.sent.append(json.loads(line))
            else:
                self._answers.append(line.strip())

    def log(self) -> str:
        """The firmware's output."""
        return (self.folder / "log").read_text()

    def now(self) -> float:
        """The simulated unix time of meter and firmware."""
        if self.clock is None:
            return time.time()
        start, since, speed = self.clock
        return start + (time.time() - since) * speed

    def tell(self, command: str) -> None:
        """Give the meter a command and wait for its "ok"."""
        assert self.meter.stdin
        count = len(self._answers)
        self.meter.stdin.write(command + "\n")
        self.meter.stdin.flush()
        wait_until(lambda: len(self._answers) > count)
        assert self._answers[-1] == "ok", (command, self._answers[-1])

    def cut_power(self) -> None:
        """Kill the firmware with SIGKILL and start it again on the same data."""
        os.kill(self.firmware.pid, signal.SIGKILL)
        self.firmware.wait()
        self.firmware = self._start()
        self._wait_for_http()

    def restart_after_exit(self) -> int:
        """Start the firmware again after it has ended by itself. Returns its exit code."""
        code = self.firmware.wait(PATIENCE_S)
        self.firmware = self._start()
        self._wait_for_http()
        return code

    def sent_with(self, watts: int) -> dict:
        """Wait for a telegram of that power. Returns the meter's log line of the first."""
        wait_until(lambda: any(t["power_import_w"] == watts for t in self.sent))
        return next(t for t in self.sent if t["power_import_w"] == watts)

    def get(self, path: str, timeout: float = PATIENCE_S) -> tuple[int, bytes]:
        """Status and body of GET path."""
        connection = http.client.HTTPConnection("127.0.0.1", self.http, timeout=timeout)
        with contextlib.closing(connection):
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read()

    def json(self, path: str) -> dict:
        """The JSON document at path."""
        status, body = self.get(path)
        assert status == 200, (path, status, body)
        return json.loads(body)

    def post(
        self, path: str, body: "str | bytes", headers: "dict[str, str] | None" = None
    ) -> tuple[int, dict]:
        """POST a form or another body. Returns status and JSON document."""
        connection = http.client.HTTPConnection("127.0.0.1", self.http, timeout=PATIENCE_S)
        with contextlib.closing(connection):
            connection.request("POST", path, body, _FORM if headers is None else headers)
            response = connection.getresponse()
            answer = response.read()
        return response.status, json.loads(answer) if answer.startswith(b"{") else {}

    def slowest_answer(self, seconds: float) -> float:
        """Request /is-alive ten times a second. Returns the longest answer time in seconds."""
        worst = 0.0
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            watch = self.stopwatch()
            assert self.get("/is-alive")[0] == 200
            worst = max(worst, watch.seconds())
            time.sleep(0.1)
        return worst

    def stopwatch(self) -> Stopwatch:
        """A Stopwatch for what meter, firmware and this test do."""
        return Stopwatch(self.meter.pid, self.firmware.pid)

    def events(self) -> Iterator[tuple[float, dict]]:
        """(arrival as unix time, document) of each server-sent event."""
        connection = http.client.HTTPConnection("127.0.0.1", self.http, timeout=PATIENCE_S)
        with contextlib.closing(connection):
            connection.request("GET", "/events")
            response = connection.getresponse()
            assert response.status == 200
            while line := response.readline():
                if line.startswith(b"data: "):
                    yield time.time(), json.loads(line[6:])
