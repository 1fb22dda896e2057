"""Many readers on one broker: does anything clash, and what does a reader cost?

    python -m tools.fleet [--devices 200] [--seconds 30] [--every 10] [--payload 0] [--processes 2]

Runs    a mosquitto of its own, the firmware's publisher and client once for each device, in
        --processes of MicroPython, started one after the other, and a mosquitto_sub
Out     a line for each figure. Clashes are counted by the broker: its log says if a client id
        connects twice; topics and, of Home Assistant's discovery, unique ids are counted at the
        subscriber
Errors  exit code 1 if something clashes, a device is not connected or a message is lost
"""

import argparse
import contextlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tools import simulation
from tools.rig import listens, until
from tools.runtime import MICROPYTHON, ROOT, environment

SCRIPT = ROOT / "tools" / "on_micropython" / "fleet.py"
HEAP = "64m"
_STAGGER_S = 5.0  # in which all devices start
_PATIENCE_S = 90.0  # until all are connected
_JSON, _HOME_ASSISTANT = 0, 4


@dataclass
class Figures:
    """What a run has shown. cpu_percent: of one core."""

    devices: int
    seconds: float  # from the first start to the end
    payload: int = 0
    connected: int = 0
    lost: int = 0  # connections
    taken_over: int = 0  # connections that another device of the same client id ended
    telegrams: int = 0
    received: int = 0
    messages: int = 0  # of all kinds
    live: int = 0  # octets of heap a device
    cpu_percent: float = 0.0  # a device
    broker_percent: float = 0.0  # all devices
    broker_kb: int = 0
    topics: set[str] = field(default_factory=set)
    # Of discovery: the topics on which each unique id is announced, again and again.
    unique_ids: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def shared_ids(self) -> int:
        """Number of unique ids that come on several topics."""
        return sum(len(topics) > 1 for topics in self.unique_ids.values())

    def faults(self) -> list[str]:
        """What must not be."""
        found = []
        if self.connected != self.devices:
            found.append(f"{self.devices - self.connected} devices are not connected")
        if self.taken_over:
            found.append(f"{self.taken_over} client ids connected twice")
        if len(self.topics) != self.devices:
            found.append(f"{len(self.topics)} topics of {self.devices} devices")
        if self.payload == _HOME_ASSISTANT and not self.unique_ids:
            found.append("nothing is announced to Home Assistant")
        if self.shared_ids():
            found.append("a unique id of discovery is announced by two devices")
        if self.payload == _JSON and self.received < self.telegrams:
            found.append(f"{self.telegrams - self.received} telegrams did not come")
        return found

    def lines(self) -> list[str]:
        rate = self.messages / self.seconds
        return [
            f"devices            {self.devices}, {self.connected} connected, {self.lost} failures",
            f"messages           {self.messages} in {self.seconds:.0f} s: {rate:.0f} a second",
            f"telegrams          {self.telegrams} sent, {self.received} received as JSON",
            f"clashes            {self.taken_over} client ids,"
            f" {self.devices - len(self.topics)} topics,"
            f" {self.shared_ids()} of {len(self.unique_ids)} unique ids",
            f"CPU a device       {self.cpu_percent:.2f} % of a core of this PC",
            f"memory a device    {self.live} octets of heap with 64-bit words",
            f"broker             {self.broker_percent:.1f} % of a core, {self.broker_kb} KB",
        ]


class Subscriber:
    """mosquitto_sub on everything."""

    def __init__(self, port: int, figures: Figures) -> None:
        self._figures = figures
        self.process = subprocess.Popen(
            ["mosquitto_sub", "-p", str(port), "-t", "#", "-F", "%t %r %p"],
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout
        figures = self._figures
        for line in self.process.stdout:
            topic, _, rest = line.rstrip("\n").partition(" ")
            body = rest.partition(" ")[2]
            figures.messages += 1
            if topic.endswith("/status") and body == "online":
                figures.topics.add(topic[: -len("/status")])
            elif '"P":' in body and '"U1":' in body:
                figures.received += 1
            elif topic.endswith("/config") and body:
                for name in _unique_ids(json.loads(body)):
                    figures.unique_ids[name].add(topic)


def _unique_ids(found: dict[str, Any]) -> list[str]:
    """The unique ids of a discovery message, in long or short names, of one entity or a device."""
    parts = found.get("components") or found.get("cmps") or {"": found}
    ids = [part.get("unique_id") or part.get("uniq_id") for part in parts.values()]
    return [name for name in ids if name]


@contextlib.contextmanager
def broker(folder: Path) -> Any:
    """(port, process, log) of a mosquitto."""
    port = simulation.free_port()
    config = folder / "mosquitto.conf"
    config.write_text(
        f"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\nuser root\n"
        "log_type all\nmax_connections -1\n"
    )
    log = folder / "mosquitto.log"
    path = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
    with log.open("w") as out:
        process = subprocess.Popen([path, "-c", str(config)], stdout=out, stderr=out)
    try:
        until(lambda: listens(port), 60)
        yield port, process, log
    finally:
        process.kill()
        process.wait()


def _cpu_s(pid: int) -> float:
    text = Path(f"/proc/{pid}/schedstat").read_text()
    return int(text.split()[0]) / 1e9


def _kb(pid: int) -> int:
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(found.group(1)) if found else 0


def _start(job: dict[str, Any]) -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [MICROPYTHON, "-X", f"heapsize={HEAP}", SCRIPT],
        env=environment("firmware", "build/lib"),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdin
    process.stdin.write(json.dumps(job) + "\n")
    process.stdin.flush()
    return process


def run(devices: int, seconds: float, every_s: float, payload: int, processes: int) -> Figures:
    """Run a fleet for so many seconds after all its devices are connected."""
    figures = Figures(devices, 0, payload)
    shares = [devices // processes + (n < devices % processes) for n in range(processes)]
    with tempfile.TemporaryDirectory() as place, broker(Path(place)) as (port, server, log):
        subscriber = Subscriber(port, figures)
        settings = {"mqtt_payload": payload}
        running = []
        for n, share in enumerate(shares):
            job = {"port": port, "folder": place, "first": sum(shares[:n]), "devices": share,
                   "settings": settings,
                   "stagger_ms": int(_STAGGER_S * 1000 / max(share, 1)),
                   "every_ms": int(every_s * 1000)}  # fmt: skip
            running.append(_start(job))
        try:
            began = time.monotonic()
            with contextlib.suppress(RuntimeError):  # faults() tells how many are missing
                until(lambda: len(figures.topics) >= devices, _PATIENCE_S)
            time.sleep(seconds)
            figures.seconds = time.monotonic() - began
            figures.broker_percent = 100 * _cpu_s(server.pid) / figures.seconds
            figures.broker_kb = _kb(server.pid)
            for process in running:
                _end(process, figures)
            time.sleep(1)
        finally:
            for process in [*running, subscriber.process]:
                process.kill()
                process.wait()
        figures.taken_over = log.read_text().count("already connected, closing old connection")
    return figures


def _end(process: "subprocess.Popen[str]", figures: Figures) -> None:
    """Add one process's figures."""
    out, _ = process.communicate("end\n", timeout=60)
    found = json.loads(out)
    figures.connected += found["connected"]
    figures.telegrams += found["telegrams"]
    figures.lost += found["lost"]
    figures.live = max(figures.live, found["live"])
    figures.cpu_percent += found["cpu_ms"] / 10 / figures.seconds / figures.devices


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.fleet", description="Many readers.")
    parser.add_argument("--devices", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=30, help="after all are connected")
    parser.add_argument("--every", type=float, default=10, help="seconds between telegrams")
    parser.add_argument("--payload", type=int, default=0, help="as mqtt_payload")
    parser.add_argument("--processes", type=int, default=2)
    args = parser.parse_args()
    figures = run(args.devices, args.seconds, args.every, args.payload, args.processes)
    print("\n".join(figures.lines()))
    faults = figures.faults()
    for fault in faults:
        print(f"fleet: {fault}", file=sys.stderr)
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main())
