"""Measures the stand-in's heap by module, and the smallest sufficient one. Writes build/ram.json.

    python -m tools.ram [--rooms] [--heap SIZE]

rooms          octets of each resident module and object with a Kaifa line and a broker, by top
               folder, after the minute in which the radio's modules stay loaded;
               tools/on_micropython/rooms.py measures them
limits         octets of the modules of LIMITS and of the objects of their classes; above a limit
               the exit code is 1. To web/ counts what a request loads: microdot, web.exchange
parsing        octets above idle while a document of 96 prices is parsed, of each source, and what
               is left of them afterwards: over PARSING, or with anything left, the exit code is 1;
               tools/on_micropython/parsing.py measures them
announcing     octets above idle while Home Assistant is told of all entities, by payload 4 and by
               payload 104: over ANNOUNCING, the exit code is 1;
               tools/on_micropython/announcing.py measures them
upgrading      octets above idle while an image is written and read back: over UPGRADING, the exit
               code is 1; tools/on_micropython/upgrading.py measures them
verifying      octets above idle while the signature of an image is verified: over VERIFYING, the
               exit code is 1; tools/on_micropython/bench_ed25519.py measures them
built          live octets after the start: no line, no broker, no client
live           the least live octets of ten collections after the load below in a heap of --heap:
               the pages stay open, but no document is on its way
largest_free, high_water
               with the load below; tools/standin/standin.c defines them
smallest_heap  the smallest -X heapsize, in steps of 4k, that runs the load without a MemoryError
               in the log, a 503 or a restart
mqtt_          see tools/ram_mqtt.py; above its limits the exit code is 1
Load           a Kaifa line with a key set, two live streams, a poller (each second /now.json and
               /data.json), a broker, 400 days of history, two days of prices; every document once
"""

import argparse
import ast
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from tools import ram_mqtt, rig, simulation
from tools.build import BuildError
from tools.encoders import prices
from tools.image import ImageError
from tools.runtime import MICROPYTHON32, ROOT

OUT = ROOT / "build" / "ram.json"
SCRIPT = ROOT / "tools" / "on_micropython" / "rooms.py"
HEAP = "112k"  # heap of an ESP32-S2 beside Wi-Fi and TLS
STEP, LEAST, MOST = 4, 32, 256  # KB
REQUEST, SETTINGS = "a request", "the settings"  # rows beside the table: see SCRIPT
# The figures: top folders or modules, most octets.
LIMITS: dict[str, tuple[tuple[str, ...], int]] = {
    "net_and_device": (("net", "device"), 5120),
    "web_with_microdot": (("web", REQUEST), 9216),
    "settings": (("config", SETTINGS), 2048),
}
PARSING = 5120
ANNOUNCING = 7168
VERIFYING = 4096
UPGRADING = 5120
_PARSER = SCRIPT.with_name("parsing.py")
_ANNOUNCER = SCRIPT.with_name("announcing.py")
_VERIFIER = SCRIPT.with_name("bench_ed25519.py")
_UPGRADER = SCRIPT.with_name("upgrading.py")
_LOAD_S = 8
_LOOKS, _LOOK_S = 10, 0.3
_ROOMS_S = 70


def rooms() -> dict[str, int]:
    """Octets by module and object, and of REQUEST and SETTINGS."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        broker = rig.Broker(place)
        broker.start()
        data = place / "data"
        data.mkdir()
        line = rig.kaifa()
        (data / "config.json").write_text(json.dumps(line.settings))
        meter, wire = simulation.start_meter(line.options)
        try:
            process = simulation.start_firmware(
                wire, simulation.free_port(), data, f"127.0.0.1:{broker.port}", heap="2M",
                standin=True, program=(str(SCRIPT), str(_ROOMS_S)),
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            )  # fmt: skip
            printed = process.communicate(timeout=_ROOMS_S + 60)[0]
        finally:
            simulation.stop(meter)
            broker.stop()
    found = [line.split(" ", 2) for line in printed.splitlines() if line.startswith("ROOM ")]
    if process.returncode or not found:
        raise RuntimeError("the rooms could not be measured:\n" + printed)
    return {name: int(octets) for _, octets, name in found}


def table(found: Mapping[str, int]) -> str:
    """The rows by top folder, the largest first, and their sum."""
    groups: Counter[str] = Counter()
    for name, octets in found.items():
        groups[_group(name)] += octets
    lines = []
    for group, octets in groups.most_common():
        members = {name: n for name, n in found.items() if _group(name) == group}
        lines.append(f"{octets:9}  {group}")
        if len(members) > 1:
            rows = sorted(members.items(), key=lambda row: -row[1])
            lines += [f"{n:17}  {name}" for name, n in rows]
    return "\n".join([*lines, f"{sum(groups.values()):9}  in all"])


def _group(name: str) -> str:
    return "objects" if name.endswith("()") else name.split(".")[0]


def together(found: Mapping[str, int], groups: Sequence[str]) -> int:
    """Octets of the modules of these top folders, and of the objects of classes that app.py
    imports from them."""
    names = set()
    for node in ast.parse((ROOT / "firmware" / "app.py").read_text()).body:
        if isinstance(node, ast.ImportFrom) and str(node.module).split(".")[0] in groups:
            names |= {alias.name + "()" for alias in node.names}
    return sum(n for name, n in found.items() if name in names or _group(name) in groups)


def limited(found: Mapping[str, int]) -> tuple[dict[str, int], bool]:
    """The figures of LIMITS, and whether one is above its limit; prints them."""
    figures = {name: together(found, groups) for name, (groups, _) in LIMITS.items()}
    for name, octets in figures.items():
        print(f"{octets:9}  {name.replace('_', ' ')}, at most {LIMITS[name][1]}")
    return figures, any(octets > LIMITS[name][1] for name, octets in figures.items())


def parsing() -> list[tuple[str, int, int, int]]:
    """(source, octets after collections, octets with garbage, octets left) of each source."""
    begin = datetime(2026, 6, 30, 22)
    amounts = [50 + i / 2 for i in range(96)]
    stretch = prices.Stretch(begin, [f"{amount:.2f}" for amount in amounts])
    pushed = {"start": "2026-06-30T22:00:00Z", "resolution": 15, "currency": "EUR"}
    documents = {
        "entsoe": prices.a44([prices.Series([stretch])]),
        "elprisetjustnu": prices.per_kwh(begin, amounts, "SEK"),
        "energidataservice": prices.day_ahead_prices(begin, amounts),
        "pushed": json.dumps({**pushed, "prices": [1.5] * 96}).encode(),
    }
    with tempfile.TemporaryDirectory() as folder:
        for name, octets in documents.items():
            (Path(folder) / name).write_bytes(octets)
        now = int(begin.replace(tzinfo=UTC).timestamp()) + 3600
        command = [str(MICROPYTHON32), "-X", f"heapsize={HEAP}", str(_PARSER), str(now)]
        printed = subprocess.run(
            [*command, *documents], cwd=folder, text=True, capture_output=True, check=False
        )
    rows = [row.split() for row in printed.stdout.splitlines() if row.startswith("PARSING ")]
    if printed.returncode or len(rows) != len(documents):
        raise RuntimeError("parsing could not be measured:\n" + printed.stdout + printed.stderr)
    for row in rows:
        if row[4] != "96":
            raise RuntimeError("not 96 prices: " + " ".join(row))
    return [(row[5], int(row[1]), int(row[2]), int(row[3])) for row in rows]


def _show_parsing() -> bool:
    """Print the octets of each source. Whether one is over its limit."""
    over = False
    for name, live, high, left in parsing():
        print(f"{live:9}  parsing {name}, {high} with garbage, {left} left; at most {PARSING}, 0")
        over = over or live > PARSING or left > 0
    return over


def announcing() -> list[tuple[str, int, int, int, int]]:
    """(payload, octets after collections, with garbage, octets of the messages, their number)."""
    command = [str(MICROPYTHON32), "-X", f"heapsize={HEAP}", str(_ANNOUNCER), "4", "104"]
    printed = subprocess.run(command, text=True, capture_output=True, check=False)
    rows = [row.split() for row in printed.stdout.splitlines() if row.startswith("ANNOUNCING ")]
    if printed.returncode or len(rows) != 2:
        raise RuntimeError("announcing could not be measured:\n" + printed.stdout + printed.stderr)
    return [(row[6], int(row[1]), int(row[2]), int(row[4]), int(row[5])) for row in rows]


def _show_announcing() -> bool:
    """Print the octets of both payloads. Whether one is over its limit."""
    over = False
    for payload, live, high, octets, count in announcing():
        sent = f"{octets} octets in {count} messages"
        print(f"{live:9}  announcing, payload {payload}, {high} with garbage; {sent}")
        over = over or live > ANNOUNCING
    return over


def _show_verifying() -> bool:
    """Print the octets of a verification. Whether they are over their limit."""
    command = [str(MICROPYTHON32), "-X", f"heapsize={HEAP}", str(_VERIFIER)]
    printed = subprocess.run(command, text=True, stdout=subprocess.PIPE, check=True).stdout
    found = {name: int(octets) for name, octets in map(str.split, printed.splitlines())}
    live, taken = found["live"], found["allocated"]
    print(f"{live:9}  verifying, {taken} allocated in all; at most {VERIFYING}")
    return live > VERIFYING


def _show_upgrading() -> bool:
    """Print the octets of an upgrade. Whether they are over their limit."""
    command = [str(MICROPYTHON32), "-X", f"heapsize={HEAP}", str(_UPGRADER)]
    printed = subprocess.run(command, text=True, stdout=subprocess.PIPE, check=True).stdout
    found = {name: int(octets) for name, octets in map(str.split, printed.splitlines())}
    live = max(found["writing"], found["checking"])
    print(f"{live:9}  upgrading, {found['piece']} for each 256 octets; at most {UPGRADING}")
    return live > UPGRADING


def built() -> int:
    """Live octets of the firmware without meter, broker and client."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        data.mkdir()
        (data / "config.json").write_text(json.dumps(rig.kaifa().settings))
        http = simulation.free_port()
        firmware = simulation.start_firmware(
            1, http, data, heap="2M", standin=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            if not simulation.wait_for_http(http, 20, firmware):
                raise RuntimeError("the firmware did not start")
            time.sleep(1)
            return simulation.heap_of(firmware, data, collect=True)["live"]
        finally:
            simulation.stop(firmware)


def load(heap: str) -> tuple[dict[str, int], str]:
    """Heap statistics at the end of the load, and the error, "" = none."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            with rig.Rig(rig.kaifa(), heap, Path(folder)) as world:
                return _run(world)
        except RuntimeError as e:
            return {}, str(e).splitlines()[0]


def _run(world: rig.Rig) -> tuple[dict[str, int], str]:
    world.broker.online.wait(10)
    world.post("/prices", rig.price_document())
    world.post("/prices", rig.RATES)
    world.pages()
    end = time.monotonic() + _LOAD_S
    for path in rig.DOCUMENTS:
        world.ask(path)
    world.load_page()
    time.sleep(max(0.0, end - time.monotonic()))
    log = world.log()
    errors = log.count("MemoryError")
    if world.restarts:
        return {}, f"{world.restarts} restarts"
    if errors:
        return {}, f"{errors} MemoryErrors"
    other = {status: n for status, n in world.answers.counts.items() if status != "200"}
    heap = world.heap()
    heap["live"] = min(_live(world) for _ in range(_LOOKS))
    return heap, f"answers {other}" if other else ""


def _live(world: rig.Rig) -> int:
    """Live octets after a collection. The poller's request may be under way."""
    time.sleep(_LOOK_S)
    return world.heap(collect=True)["live"]


def smallest(runs: Callable[[int], bool], least: int = LEAST, most: int = MOST) -> int | None:
    """The smallest sufficient heap in KB, in steps of STEP; None if even the largest fails."""
    if not runs(most):
        return None
    low, high = least // STEP - 1, most // STEP  # low fails, high is sufficient
    while high - low > 1:
        middle = (low + high) // 2
        if runs(middle * STEP):
            high = middle
        else:
            low = middle
    return high * STEP


def _runs(size: int) -> bool:
    _, trouble = load(f"{size}k")
    print(f"  {size}k: {trouble or 'serves'}", flush=True)
    return not trouble


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.ram", description="Heap of the image.")
    parser.add_argument("--rooms", action="store_true", help="only the table of rooms")
    parser.add_argument("--heap", default=HEAP, help="for live, largest_free, high_water")
    args = parser.parse_args()
    try:
        simulation.prepare_standin()
        found = rooms()
        print(table({name: n for name, n in found.items() if name not in (REQUEST, SETTINGS)}))
        kept, above = limited(found)
        shown = [_show_parsing(), _show_announcing(), _show_verifying(), _show_upgrading()]
        too_much = int(any(shown) or above)
        if args.rooms:
            return too_much
        figures: dict[str, object] = {**kept, "built": built()}
        heap, trouble = load(args.heap)
        if trouble:
            print(f"in {args.heap}: {trouble}")
        for name in ("live", "largest_free", "high_water"):
            figures[name] = heap.get(name)
        print("  ".join(f"{name} {octets}" for name, octets in figures.items()), flush=True)
        mqtt = ram_mqtt.figures()
        too_much |= ram_mqtt.show(mqtt)
        figures.update(mqtt)
        figures["smallest_heap"] = smallest(_runs)
        print(f"smallest_heap {figures['smallest_heap']}k")
    except (BuildError, ImageError, RuntimeError) as e:
        print(f"ram: {e}", file=sys.stderr)
        return 1
    OUT.write_text(json.dumps({**figures, "heap": args.heap, "rooms": found}, indent=1) + "\n")
    return too_much


if __name__ == "__main__":
    sys.exit(main())
