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

from tests.slots import Slots
from tests.timing import PATIENCE_S, Stopwatch, wait_until
from tools import simulation
from tools.ntp import Server

SLACK_S = 0.25  # limit of an answer while the firmware does other work
# 2026-03-17T10:20Z, 11:20 in Oslo: no hour, day or month ends during the test.
MORNING = 1_773_742_800
ROUTER = "127.0.0.53"  # the reader itself is 127.0.0.1
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@functools.cache
def prepare() -> None:
    """Build firmware and page, once per process."""
    simulation.prepare()


class Air:
    """The simulated radio of a world: boards/sim/radio.py has the files and the faults.

    Without an access point until set() is called.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def _write(self, name: str, text: str) -> None:
        """Replace a file at one go, so that the firmware never reads a part of it."""
        fresh = self.folder / (name + ".new")
        fresh.write_text(text)
        fresh.replace(self.folder / name)

    def set(self, *points: dict) -> None:
        """Replace the access points that are in the air; point() makes one."""
        self._write("air.json", json.dumps(points))

    def supply(self, millivolts: int) -> None:
        self._write("supply", str(millivolts))

    def clients(self, count: int) -> None:
        """Set how many stations are at the board's own access point."""
        self._write("clients", str(count))

    def temperatures(self, sensors: dict[str, int]) -> None:
        """Set the sensors: address in 16 hexadecimal digits -> hundredths of 1 degree Celsius."""
        self._write("temperatures", "".join(f"{a} {v}\n" for a, v in sensors.items()))

    def log(self) -> list[tuple[int, str]]:
        """(ms, event) of each call to the radio and of each change of its status."""
        path = self.folder / "radio.log"
        if not path.exists():
            return []
        lines = path.read_text().split("\n")[:-1]
        return [(int(ms), event) for ms, _, event in (line.partition(" ") for line in lines)]

    def events(self) -> list[str]:
        """The events of log()."""
        return [event for _, event in self.log()]


def point(ssid: str, psk: str = "", number: int = 1, rssi: int = -60, **more: object) -> dict:
    """An access point for Air.set(); number is the last octet of its BSSID."""
    return {
        "ssid": ssid,
        "psk": psk,
        "bssid": f"02:00:00:00:00:{number:02x}",
        "rssi": rssi,
        **more,
    }


class World:
    """A meter and a firmware on free ports; a context manager.

    folder  of the firmware's data and log
    meter   options of tools/meter.py
    mqtt    HOST:PORT of a broker; the topic is then amsreader, if config has no other
    wait    whether to wait for the web server's first answer
    clock   (start, speed): unix time of both at the start, simulated seconds per real second
    config  contents of config.json at the first start
    ntp     the time server to ask: it serves the time of now(), plus its offset; the firmware then
            starts without a time, as a chip does
    dhcp    port of a DHCP server that names 127.0.0.1 as the time server; 0: `ntp` is a setting
    meter_off_s  what the meter's clock is wrong by
    panel   whether the board has lights and a button
    radio   access points in the air at the start, see Air.set(); None: no radio is simulated
    serial  whether log() has the log's lines without the setting debug_serial
    hosts   HOST:PORT of the server of all prices; "": each name's own
    slots   the two slots of the firmware and what runs in each; None: there is one place
    watchdog  how many times as fast as a chip's the watchdog runs; 0: there is none
    """

    def __init__(
        self,
        folder: Path,
        *meter: str,
        mqtt: str = "",
        wait: bool = True,
        clock: tuple[int, float] | None = None,
        config: dict | None = None,
        ntp: Server | None = None,
        dhcp: int = 0,
        meter_off_s: int = 0,
        panel: bool = False,
        radio: "list[dict] | None" = None,
        serial: bool = True,
        watchdog: int = 0,
        hosts: str = "",
        slots: "Slots | None" = None,
    ) -> None:
        prepare()
        if mqtt:
            config = {"mqtt_topic": "amsreader", **(config or {})}
        self.folder = folder
        self.data = folder / "data"
        if config is not None:
            self.data.mkdir(exist_ok=True)
            (self.data / "config.json").write_text(json.dumps(config))
        self.mqtt = mqtt
        self._serial = serial
        self.watchdog = watchdog
        self.hosts = hosts
        self.slots = slots
        self.faults = folder / "faults"
        self.faults.mkdir(exist_ok=True)
        self._panel = folder / "panel" if panel else None
        if self._panel:
            self._panel.mkdir()
        self._air = Air(folder / "radio") if radio is not None else None
        self.dns = 0  # UDP port of the setup mode's DNS
        if radio is not None:
            self.air.set(*radio)
            self.dns = simulation.free_udp_port()
        self.clock: tuple[float, float, float] | None = None
        if clock:
            self.clock = (clock[0], time.time(), clock[1])
            begin = datetime.fromtimestamp(clock[0] + meter_off_s, UTC).isoformat()
            meter += ("--start", begin, "--speed", str(clock[1]), "--since", str(self.clock[1]))
        self.ntp = ntp
        self._time = {}
        if ntp and dhcp:
            self._time = {"dhcp": f"{ROUTER}:{dhcp},{ntp.port}"}
        elif ntp:
            self._time = {"ntp": f"127.0.0.1:{ntp.port}"}
        if ntp:
            ntp.now = self.now
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
        if self.ntp:
            self.ntp.close()

    def _start(self) -> "subprocess.Popen[str]":
        with (self.folder / "log").open("a") as log:
            return simulation.start_firmware(
                self.wire, self.http, self.data, self.mqtt, clock=self.clock,
                panel=self._panel, **self._time,
                radio=self._air.folder if self._air else None, dns_port=self.dns,
                serial=self._serial,
                watchdog=self.watchdog, faults=self.faults, hosts=self.hosts,
                **({"slots": self.slots.folder, "rom": self.slots.start()} if self.slots else {}),
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

    def cut_power(self, wait: bool = True) -> None:
        """Kill the firmware with SIGKILL and start it again on the same data."""
        os.kill(self.firmware.pid, signal.SIGKILL)
        self.firmware.wait()
        if self._panel:
            (self._panel / "lights").unlink(missing_ok=True)
        self.firmware = self._start()
        if wait:
            self._wait_for_http()

    @property
    def air(self) -> Air:
        """The simulated radio."""
        assert self._air
        return self._air

    def break_part(self, part: str, fault: str = "") -> None:
        """Let a part of the hardware fail, "" to mend it: see boards/sim/hardware.py."""
        path = self.faults / part
        if fault:
            path.with_suffix(".new").write_text(fault)
            path.with_suffix(".new").rename(path)
        else:
            path.unlink()

    def press(self) -> None:
        """Press the button, until release()."""
        assert self._panel
        (self._panel / "button").touch()

    def release(self) -> None:
        """Release the button."""
        assert self._panel
        (self._panel / "button").unlink()

    def lights(self) -> list[tuple[int, str]]:
        """(ms, lit ones of R, G, B and L, or -) of each change of the lights since power-on."""
        assert self._panel
        path = self._panel / "lights"
        if not path.exists():
            return []
        lines = path.read_text().split("\n")[:-1]
        return [(int(ms), lit) for ms, lit in (line.split(" ") for line in lines)]

    def restart_after_exit(self) -> int:
        """Start the firmware again after it has ended by itself. Returns its exit code."""
        code = self.firmware.wait(PATIENCE_S)
        self.start_again()
        return code

    def start_again(self, wait: bool = True) -> None:
        """Start the firmware, which has ended, on the same data."""
        self.firmware = self._start()
        if wait:
            self._wait_for_http()

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
        self,
        path: str,
        body: "str | bytes",
        headers: "dict[str, str] | None" = None,
        method: str = "POST",
    ) -> tuple[int, dict]:
        """POST a form or another body. Returns status and JSON document."""
        connection = http.client.HTTPConnection("127.0.0.1", self.http, timeout=PATIENCE_S)
        with contextlib.closing(connection):
            connection.request(method, path, body, _FORM if headers is None else headers)
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
