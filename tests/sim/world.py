"""A running world for whole-firmware tests: the meter's process and the firmware's."""

import contextlib
import http.client
import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from tools import simulation

_prepared = False


class World:
    """Meter and firmware on free ports; use it as a context manager.

    clock  (start, speed): both live in a time that begins at that unix time and runs so fast
    """

    def __init__(
        self,
        folder: Path,
        *meter: str,
        mqtt: str = "",
        wait: bool = True,
        clock: tuple[int, float] | None = None,
    ) -> None:
        global _prepared
        if not _prepared:
            simulation.prepare()
            _prepared = True
        self.folder = folder
        self.mqtt = mqtt
        self.clock: tuple[float, float, float] | None = None
        if clock:
            self.clock = (clock[0], time.time(), clock[1])
            begin = datetime.fromtimestamp(clock[0], UTC).isoformat()
            meter += ("--start", begin, "--speed", str(clock[1]), "--since", str(self.clock[1]))
        self.http = simulation.free_port()
        self.meter, self.wire = simulation.start_meter(["--log", *meter])
        self.sent: list[dict] = []  # what the meter says it has sent
        self._answers: list[str] = []
        threading.Thread(target=self._listen, daemon=True).start()
        self.firmware = self._start()
        if wait:
            assert simulation.wait_for_http(self.http, 15, self.firmware), self.log()

    def __enter__(self) -> "World":
        return self

    def __exit__(self, *_: object) -> None:
        simulation.stop(self.firmware)
        simulation.stop(self.meter)

    def _start(self) -> "subprocess.Popen[str]":
        with (self.folder / "log").open("a") as log:
            return simulation.start_firmware(
                self.wire, self.http, self.folder / "data", self.mqtt, clock=self.clock,
                stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip

    def _listen(self) -> None:
        assert self.meter.stdout
        for line in self.meter.stdout:
            if line.startswith("{"):
                self.sent.append(json.loads(line))
            else:
                self._answers.append(line.strip())

    def log(self) -> str:
        """What the firmware has printed."""
        return (self.folder / "log").read_text()

    def now(self) -> float:
        """The unix time in which meter and firmware live."""
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
        until(lambda: len(self._answers) > count)
        assert self._answers[-1] == "ok", (command, self._answers[-1])

    def pull_the_plug(self) -> None:
        """kill -9 the firmware and start it again on the same data."""
        os.kill(self.firmware.pid, signal.SIGKILL)
        self.firmware.wait()
        self.firmware = self._start()
        assert simulation.wait_for_http(self.http, 15, self.firmware), self.log()

    def start_again(self) -> int:
        """Start the firmware anew when it has ended by itself; the code it ended with."""
        code = self.firmware.wait(15)
        self.firmware = self._start()
        assert simulation.wait_for_http(self.http, 15, self.firmware), self.log()
        return code

    def get(self, path: str, timeout: float = 5) -> tuple[int, bytes]:
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

    def slowest_answer(self, seconds: float) -> float:
        """Ask /is-alive ten times a second; the longest that an answer took, in seconds.

        What either side waited for a processor is not the firmware's doing, and not counted.
        """
        worst = 0.0
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            begin = time.monotonic() - self._waited_s()
            assert self.get("/is-alive")[0] == 200
            worst = max(worst, time.monotonic() - self._waited_s() - begin)
            time.sleep(0.1)
        return worst

    def _waited_s(self) -> float:
        return waited_s(self.firmware.pid) + waited_s(os.getpid())

    def events(self) -> Iterator[tuple[float, dict]]:
        """(arrival as unix time, document) of each server-sent event."""
        connection = http.client.HTTPConnection("127.0.0.1", self.http, timeout=15)
        with contextlib.closing(connection):
            connection.request("GET", "/events")
            response = connection.getresponse()
            assert response.status == 200
            while line := response.readline():
                if line.startswith(b"data: "):
                    yield time.time(), json.loads(line[6:])


def waited_s(pid: int) -> float:
    """For how long a process was ready to run while other work had all processors, in seconds."""
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9


def until(condition: Callable[[], object], seconds: float = 15) -> None:
    """Wait for a condition; AssertionError if it does not come true in time."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "timed out"
        time.sleep(0.02)
