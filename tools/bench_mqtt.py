"""Figures of MQTT for tools/bench.py: from the last octet of a telegram to a subscriber.

    python -m tools.bench_mqtt      prints the rows alone

How      The firmware runs as in tools/simulation.py, with a Kaifa meter that sends several times a
         second, and a mosquitto. A telegram is known again by its power. The time ends at a
         subscriber, so that it is a little more than to the broker's receipt
Limits   The machine's, not the chip's: times compare versions of the firmware, not readers
"""

import json
import subprocess
import tempfile
import threading
import time
from pathlib import Path

from tools import bench, rig, simulation
from tools.bench_web import percentile

_TELEGRAMS = 500
_SPEED = 16
_PATIENCE_S = 20
_LONGEST_S = 5.0  # a later message is of an older telegram of the same power


class Arrivals:
    """A subscriber's telegrams: (time, power)."""

    def __init__(self, port: int) -> None:
        self.found: list[tuple[float, int]] = []
        self._process = subprocess.Popen(
            ["mosquitto_sub", "-p", str(port), "-t", "#", "-F", "%p"],
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            now = time.time()
            if line.startswith("{") and '"data"' in line:
                self.found.append((now, json.loads(line)["data"]["P"]))

    def close(self) -> None:
        self._process.kill()
        self._process.wait()


def _delays(sent: list[tuple[float, int]], found: list[tuple[float, int]]) -> list[float]:
    """Milliseconds from each telegram that arrived to its message, in order of size."""
    times = []
    for at, power in found:
        before = [t for t, p in sent if p == power and at - _LONGEST_S < t <= at]
        if before:
            times.append((at - before[-1]) * 1000)
    return sorted(times)


def rows() -> list[bench.Row]:
    """All figures."""
    simulation.prepare()
    with tempfile.TemporaryDirectory() as folder:
        broker = rig.Broker(Path(folder))
        broker.start()
        arrivals = Arrivals(broker.port)
        meter, wire = simulation.start_meter(["--meter", "kaifa", "--speed", str(_SPEED), "--log"])
        sent: list[tuple[float, int]] = []

        def listen() -> None:
            assert meter.stdout
            for line in meter.stdout:
                if line.startswith("{"):
                    row = json.loads(line)
                    sent.append((float(row["t"]), row["power_import_w"]))

        threading.Thread(target=listen, daemon=True).start()
        port = simulation.free_port()
        quiet = subprocess.DEVNULL
        firmware = simulation.start_firmware(
            wire, port, Path(folder) / "data", f"127.0.0.1:{broker.port}",
            stdout=quiet, stderr=quiet,
        )  # fmt: skip
        try:
            if not simulation.wait_for_http(port, _PATIENCE_S, firmware):
                raise RuntimeError("the firmware did not start")
            end = time.monotonic() + 5 * _TELEGRAMS
            while len(arrivals.found) < _TELEGRAMS and time.monotonic() < end:
                time.sleep(0.2)
        finally:
            simulation.stop(firmware)
            simulation.stop(meter)
            arrivals.close()
            broker.stop()
    times = _delays(sent, arrivals.found[:_TELEGRAMS])
    if len(times) < _TELEGRAMS:
        raise RuntimeError(f"only {len(times)} of {_TELEGRAMS} telegrams came to the broker")
    name = f"mqtt: last octet to a subscriber, {_TELEGRAMS} telegrams"
    return [
        bench.row(f"{name}, p{percent}", round(percentile(times, percent), 1), "ms")
        for percent in (50, 95, 99)
    ]


if __name__ == "__main__":
    print(bench.table(rows()))
