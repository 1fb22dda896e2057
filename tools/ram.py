"""Measures the stand-in's heap by module, and the smallest sufficient one. Writes build/ram.json.

    python -m tools.ram [--rooms] [--heap SIZE]

rooms          octets of each resident module and object with a Kaifa line and a broker, by top
               folder; tools/on_micropython/rooms.py measures them
built          live octets after the start: no line, no broker, no client
live, largest_free, high_water
               with the load below in a heap of --heap; tools/standin/standin.c defines them
smallest_heap  the smallest -X heapsize, in steps of 4k, that runs the load without a MemoryError
               in the log, a 503 or a restart
Load           a Kaifa line with a key set, two live streams, a poller (each second /now.json and
               /data.json), a broker, 400 days of history, two days of prices; every document once
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

from tools import rig, simulation
from tools.build import BuildError
from tools.image import ImageError
from tools.runtime import ROOT

OUT = ROOT / "build" / "ram.json"
SCRIPT = ROOT / "tools" / "on_micropython" / "rooms.py"
HEAP = "112k"  # heap of an ESP32-S2 beside Wi-Fi and TLS
STEP, LEAST, MOST = 4, 32, 256  # KB
_LOAD_S = 8
_ROOMS_S = 5


def rooms() -> dict[str, int]:
    """Octets by module and object."""
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
            printed = process.communicate(timeout=60)[0]
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
    return world.heap(), f"answers {other}" if other else ""


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
        print(table(found))
        if args.rooms:
            return 0
        figures: dict[str, object] = {"built": built()}
        heap, trouble = load(args.heap)
        if trouble:
            print(f"in {args.heap}: {trouble}")
        for name in ("live", "largest_free", "high_water"):
            figures[name] = heap.get(name)
        print("  ".join(f"{name} {octets}" for name, octets in figures.items()), flush=True)
        figures["smallest_heap"] = smallest(_runs)
        print(f"smallest_heap {figures['smallest_heap']}k")
    except (BuildError, ImageError, RuntimeError) as e:
        print(f"ram: {e}", file=sys.stderr)
        return 1
    OUT.write_text(json.dumps({**figures, "heap": args.heap, "rooms": found}, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
