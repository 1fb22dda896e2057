"""Time, memory and size, as ratios against a peer or a limit in the same run.

    python -m tools.bench       prints a table, writes build/bench.json

build/bench.json is a list of {"name", "value", "unit", "against", "ratio", "limit", "ok"}. against
is the peer's figure (or the limit's base), ratio is against / value where smaller values are
better, limit says what ratio or value is demanded, "" where a figure is only shown. Exit status 1
if one is not met.
"""

import http.client
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tools import build, simulation
from tools.fixtures import vectors
from tools.runtime import MICROPYTHON, ROOT, environment

REFERENCE_US = 30.0  # a bare single pass with a viper CRC over an Aidon list 3 of 396 octets
REFERENCE = "aidon-list3-tn"
TELEGRAMS = 1000

Row = dict[str, object]


def row(name: str, value: float, unit: str, against: float | None = None, limit: str = "",
        ok: bool = True) -> Row:  # fmt: skip
    ratio = round(against / value, 2) if against is not None and value else None
    return {"name": name, "value": value, "unit": unit, "against": against, "ratio": ratio,
            "limit": limit, "ok": ok}  # fmt: skip


def decoder() -> list[Row]:
    """µs and octets a telegram, against amshan and the single pass."""
    telegrams = ROOT / "build" / "telegrams.txt"
    lines = []
    for v in vectors():
        energy = int("energy_import_wh" in v.reading)
        lines.append(f"{v.name} {v.octets.hex()} {v.reading['power_import_w']} {energy}\n")
    telegrams.write_text("".join(lines))
    script = ROOT / "tools" / "on_micropython" / "bench.py"
    ours = subprocess.run(
        [MICROPYTHON, "-X", "heapsize=2M", script, telegrams],
        env=environment("firmware"), text=True, stdout=subprocess.PIPE, check=True,
    ).stdout  # fmt: skip
    peers = subprocess.run(
        [sys.executable, ROOT / "tools" / "peers.py", telegrams],
        cwd="/", text=True, stdout=subprocess.PIPE, check=True,
    ).stdout  # fmt: skip
    amshan = dict(line.split() for line in peers.splitlines())
    rows = []
    for line in ours.splitlines():
        name, micros, allocated, fed = line.split()
        us = float(micros)
        peer = None if amshan[name] == "-" else float(amshan[name])
        fast = peer is None or peer / us >= 20
        rows.append(row(f"{name}: telegram, against amshan", us, "µs", peer, "20 x faster", fast))
        rows.append(row(f"{name}: allocated", int(allocated), "octets"))
        rows.append(
            row(f"{name}: allocated by feeding", int(fed), "octets", None, "0", fed == "0")
        )
        if name == REFERENCE:
            near = us <= 3 * REFERENCE_US
            rows.append(row(f"{name}: against a bare pass", us, "µs", REFERENCE_US,
                            "at most 3 x", near))  # fmt: skip
    return rows


def heap() -> list[Row]:
    """Free heap of the whole firmware, with a browser's event stream and a broker."""
    import shutil

    simulation.prepare()
    port = simulation.free_port()
    mosquitto = shutil.which("mosquitto") or "/usr/sbin/mosquitto"
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "mosquitto.conf"
        config.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\nuser root\n")
        broker = subprocess.Popen([mosquitto, "-c", config], stderr=subprocess.DEVNULL)
        meter, wire = simulation.start_meter(["--meter", "kaifa", "--speed", "60"])
        web = simulation.free_port()
        mqtt = f"127.0.0.1:{port}"
        data = Path(folder) / "data"
        quiet = subprocess.DEVNULL
        firmware = simulation.start_firmware(wire, web, data, mqtt, stdout=quiet)
        try:
            assert simulation.wait_for_http(web, 15, firmware)
            free = {n: measure_free(web, n) for n in (10, TELEGRAMS)}
        finally:
            for process in (firmware, meter, broker):
                simulation.stop(process)  # type: ignore[arg-type]
    lost = free[10] - free[TELEGRAMS]
    size = int(simulation.HEAP.rstrip("k")) * 1024
    return [
        row("whole firmware: free heap after 10 telegrams", free[10], "octets", size),
        row(f"whole firmware: free heap after {TELEGRAMS} telegrams", free[TELEGRAMS], "octets",
            size, "within 1 % of the heap", lost <= size // 100),
    ]  # fmt: skip


def measure_free(web: int, telegrams: int) -> int:
    """Most free heap of 25 answers of /data.json, once that many telegrams were shown."""
    stream = http.client.HTTPConnection("127.0.0.1", web, timeout=30)
    stream.request("GET", "/events")
    response = stream.getresponse()
    while line := response.readline():
        if line.startswith(b"data: ") and json.loads(line[6:])["n"] >= telegrams:
            break
    best = 0
    for _ in range(25):
        ask = http.client.HTTPConnection("127.0.0.1", web, timeout=5)
        ask.request("GET", "/data.json")
        best = max(best, json.loads(ask.getresponse().read())["m"])
        ask.close()
    stream.close()
    return best


def sizes() -> list[Row]:
    """What the firmware and its libraries take as .mpy for the ESP32."""
    built = build.build("xtensawin", ROOT / "build" / "mpy")
    libraries = ("microdot/", "umqtt/")
    ours = sum(size for name, size in built if not name.startswith(libraries))
    return [row("firmware as .mpy for xtensawin, without libraries", ours, "octets"),
            row("all .mpy for xtensawin", sum(s for _, s in built), "octets")]  # fmt: skip


def table(rows: list[Row]) -> str:
    """The rows for people."""
    lines = []
    for r in rows:
        against = "" if r["against"] is None else f"{r['against']:>10} {r['ratio']:>8} x"
        mark = "" if not r["limit"] else ("ok   " if r["ok"] else "MISS ") + str(r["limit"])
        lines.append(f"{r['name']!s:54} {r['value']:>10} {r['unit']!s:7}{against:>21}  {mark}")
    return "\n".join(lines)


def main() -> int:
    rows = decoder() + heap() + sizes()
    out = ROOT / "build" / "bench.json"
    out.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n")
    print(table(rows))
    print(f"\n{out.relative_to(ROOT)}: {len(rows)} figures")
    return 0 if all(r["ok"] for r in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
