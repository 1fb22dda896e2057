"""Figures of the web server for tools/bench.py: speed under load, delay of the live stream, heap.

    python -m tools.bench_web       prints the rows alone

How      The firmware runs as in tools/simulation.py, with a Kaifa meter that sends twice a second.
         Clients ask one after another, each on a new connection, as the server keeps none open.
         Heap: live octets of the stand-in, whose words have 32 bits, after a collection
Limits   The machine's, not the chip's: times compare versions of the firmware, not readers
"""

import http.client
import json
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from tools import bench, simulation
from tools.runtime import MICROPYTHON32

_REQUESTS = 60  # of each client
_CLIENTS = (1, 5)
_PATHS = ("/data.json", "/")
_EVENTS = 30
_CONNECTIONS = 4
_PATIENCE_S = 20
_SETTLE_S = 0.5


def _ask(port: int, path: str) -> float:
    """Milliseconds of a request. RuntimeError if it is refused."""
    begin = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_S)
    connection.request("GET", path)
    response = connection.getresponse()
    response.read()
    connection.close()
    if response.status != 200:
        raise RuntimeError(f"{path}: {response.status}")
    return (time.perf_counter() - begin) * 1000


def load(port: int, path: str, clients: int) -> tuple[float, list[float]]:
    """Requests a second, and the sorted times of all requests in ms."""
    times: list[float] = []
    faults: list[Exception] = []

    def client() -> None:
        try:
            for _ in range(_REQUESTS):
                times.append(_ask(port, path))
        except (OSError, RuntimeError, http.client.HTTPException) as e:
            faults.append(e)

    threads = [threading.Thread(target=client) for _ in range(clients)]
    begin = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - begin
    if faults:
        raise RuntimeError(f"{len(faults)} clients failed: {faults[0]!r}")
    return len(times) / seconds, sorted(times)


def percentile(ordered: list[float], percent: int) -> float:
    """The smallest value that so many percent do not exceed."""
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def speed(port: int) -> list[bench.Row]:
    """Requests a second and percentiles of their times."""
    rows = []
    for path in _PATHS:
        for clients in _CLIENTS:
            rate, times = load(port, path, clients)
            name = f"web: {path}, {clients} client{'s' if clients > 1 else ''}"
            rows.append(bench.row(name, round(rate, 1), "1/s"))
            for percent in (50, 95, 99):
                ms = round(percentile(times, percent), 1)
                rows.append(bench.row(f"{name}, p{percent}", ms, "ms"))
    return rows


def delays(port: int, meter: "subprocess.Popen[str]") -> list[bench.Row]:
    """From the last octet of a telegram to its event at the client."""
    sent: list[float] = []

    def listen() -> None:
        assert meter.stdout
        for line in meter.stdout:
            if line.startswith("{"):
                sent.append(float(json.loads(line)["t"]))

    threading.Thread(target=listen, daemon=True).start()
    stream = http.client.HTTPConnection("127.0.0.1", port, timeout=_PATIENCE_S)
    stream.request("GET", "/events")
    response = stream.getresponse()
    arrived: list[float] = []
    while len(arrived) <= _EVENTS:
        if response.readline().startswith(b"data: "):
            arrived.append(time.time())
    stream.close()
    found = []
    for at in arrived[1:]:  # the first event is not of a telegram
        before = [t for t in sent if t <= at]
        if before:
            found.append((at - before[-1]) * 1000)
    found.sort()
    return [
        bench.row(f"web: delay of the live stream, p{percent}",
                  round(percentile(found, percent), 1), "ms")
        for percent in (50, 95)
    ]  # fmt: skip


def heap() -> list[bench.Row]:
    """Live octets of an idle connection and of a live stream, of several at once."""
    if not MICROPYTHON32.exists():
        return []
    simulation.prepare_standin()
    port = simulation.free_port()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        quiet = subprocess.DEVNULL
        firmware = simulation.start_firmware(
            0, port, data, heap="256k", standin=True, stdout=quiet, stderr=quiet
        )
        try:
            if not simulation.wait_for_http(port, _PATIENCE_S, firmware):
                raise RuntimeError("the firmware did not start")
            rows = []
            for name, octets, count in (
                ("an idle connection", b"", _CONNECTIONS),
                ("a live stream", b"GET /events HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n", 3),
            ):
                time.sleep(_SETTLE_S)
                before = simulation.heap_of(firmware, data, collect=True)["live"]
                clients = [_connected(port, octets) for _ in range(count)]
                time.sleep(_SETTLE_S)
                live = simulation.heap_of(firmware, data, collect=True)["live"]
                for client in clients:
                    client.close()
                each = (live - before) // count
                rows.append(bench.row(f"web: heap of {name}, of {count}", each, "octets"))
            return rows
        finally:
            simulation.stop(firmware)


def _connected(port: int, octets: bytes) -> socket.socket:
    client = socket.create_connection(("127.0.0.1", port), _PATIENCE_S)
    if octets:
        client.sendall(octets)
        client.recv(1)
    return client


def rows() -> list[bench.Row]:
    """All figures."""
    simulation.prepare()
    with tempfile.TemporaryDirectory() as folder:
        meter, wire = simulation.start_meter(["--meter", "kaifa", "--speed", "4", "--log"])
        port = simulation.free_port()
        quiet = subprocess.DEVNULL
        firmware = simulation.start_firmware(
            wire, port, Path(folder) / "data", stdout=quiet, stderr=quiet
        )
        try:
            if not simulation.wait_for_http(port, _PATIENCE_S, firmware):
                raise RuntimeError("the firmware did not start")
            found = delays(port, meter) + speed(port)
        finally:
            simulation.stop(firmware)
            simulation.stop(meter)
    return found + heap()


if __name__ == "__main__":
    print(bench.table(rows()))
    sys.exit(0)
