"""Time, memory and size, as ratios against a peer or a limit in the same run.

    python -m tools.bench       prints a table, writes build/bench.json

Out      build/bench.json, a list of {"name", "value", "unit", "against", "ratio", "limit", "ok"}:
         against is the peer's figure (or the limit's base), ratio is against / value if smaller
         values are better, limit is the required ratio or value, "" = none
Errors   exit code 1 if a limit is not met
"""

import http.client
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tools import build, image, simulation
from tools.encoders import gbt, gcm, iskra, landisgyr, mbus, p1, sagemcom
from tools.encoders.hdlc import frame
from tools.fixtures import HOUSE, vectors
from tools.inline import inline
from tools.runtime import MICROPYTHON, MICROPYTHON32, ROOT, environment

REFERENCE_US = 30.0  # one pass of a viper CRC over an Aidon list 3 of 396 octets
REFERENCE = "aidon-list3-tn"
TELEGRAMS = 1000
_TURNS = 3
ALLOCATED = 1536  # limit of allocated octets per telegram
HELD = 4096  # limit of the energy domain's live octets with 32-bit words
# Limits of the energy domain, per telegram: how many times faster than a loop of 1000 rounds, and
# the most allocated octets. An hour has a limit of octets only: its time is the file system's.
ENERGY_LIMITS = {
    "update-power": (4, 400),
    "update-register": (1, 1488),
    "recent": (10, 0),
    "hour-roll-and-save": (0, 10240),
}
P1_SIZES = (500, 1000, 2000, 4000)

Row = dict[str, object]


def row(name: str, value: float, unit: str, against: float | None = None, limit: str = "",
        ok: bool = True) -> Row:  # fmt: skip
    ratio = round(against / value, 2) if against is not None and value else None
    return {"name": name, "value": value, "unit": unit, "against": against, "ratio": ratio,
            "limit": limit, "ok": ok}  # fmt: skip


def telegrams() -> list[tuple[str, bytes, bytes | None, bytes | None, int, bool]]:
    """(name, octets, key, authentication key, power, whether it has registers)."""
    rows = []
    for v in vectors():
        power = int(v.reading["power_import_w"])
        rows.append((v.name, v.octets, None, None, power, "energy_import_wh" in v.reading))
    telegram = next(v.octets for v in vectors() if v.name == REFERENCE)
    llc = b"\xe6\xe7\x00"
    apdu = telegram[telegram.index(llc) + 3 : -3]
    key, auth, title = bytes(range(16)), bytes(range(1, 17)), b"KAM\x00\x00\x00\x00\x01"
    ciphered = gcm.apdu(apdu, key, title, 1, auth)
    framed = frame(llc + ciphered, b"\x41", b"\x03", 0x13)
    rows.append(("hdlc-ciphered", framed, key, auth, 4321, True))
    blocks = b"".join(frame(b, b"\x41", b"\x03", 0x13) for b in gbt.blocks(apdu))
    rows.append(("hdlc-blocks", blocks, None, None, 4321, True))
    rows.append(("m-bus-2-segments", b"".join(mbus.frames(apdu)), None, None, 4321, True))
    for name, info in (
        ("iskra-18", iskra.phases_18(HOUSE)),
        ("iskra-8", iskra.phase_8(HOUSE)),
        ("landisgyr-burgenland", landisgyr.burgenland(HOUSE)),
        ("landisgyr-embriq", landisgyr.embriq(HOUSE)),
        ("sagemcom-flat", sagemcom.flat(HOUSE)),
        ("sagemcom-structures", sagemcom.structures(HOUSE)),
    ):
        apdu = info[3:] if info.startswith(llc) else info
        framed = frame(llc + apdu, b"\xcf", b"\x02\x23", 0x13)
        rows.append((name, framed, None, None, 4321, False))
    for size in P1_SIZES:
        rows.append((f"p1-{size}", p1_text(size), None, None, 4321, False))
    return rows


def p1_text(size: int) -> bytes:
    """A P1 telegram of about that many octets: the usual lines repeated with other codes."""
    lines = ["1-0:1.7.0(04.321*kW)", "1-0:2.7.0(00.000*kW)", "1-0:32.7.0(231.0*V)"]
    n = 0
    while sum(len(line) + 2 for line in lines) < size - 24:
        lines.append(f"1-0:{100 + n // 10 % 90}.7.{n % 10}(00000.000*kW)")
        n += 1
    return p1.telegram("KAM5", lines)


def decoder() -> list[Row]:
    """µs and octets per telegram, against amshan, gurux_dlms and one pass of a CRC."""
    known = telegrams()
    ours_in = ROOT / "build" / "telegrams.txt"
    peers_in = ROOT / "build" / "peers.txt"
    ours_in.write_text("".join(
        f"{name} {key.hex() if key else '-'} {auth.hex() if auth else '-'} {octets.hex()}\n"
        for name, octets, key, auth, _, _ in known
    ))  # fmt: skip
    peers_in.write_text("".join(
        f"{name} {octets.hex()} {power} {int(energy)}\n"
        for name, octets, _, _, power, energy in known
    ))  # fmt: skip
    script = ROOT / "tools" / "on_micropython" / "bench.py"
    ours = [MICROPYTHON, "-X", "heapsize=2M", script, ours_in]
    peers = [sys.executable, ROOT / "tools" / "peers.py", peers_in]
    measured: dict[str, list[str]] = {}
    times: dict[str, list[str]] = {}
    for _ in range(_TURNS):  # alternating, as the machine's speed varies
        _keep_best(measured, ours, ROOT, environment("firmware"))
        _keep_best(times, peers, Path("/"), None)
    rows = []
    p1_us = {}
    for name, (micros, allocated, fed) in measured.items():
        us = float(micros)
        for peer, text, wanted in zip(("amshan", "gurux_dlms"), times[name], (12, 5), strict=True):
            if text != "-":
                fast = float(text) / us >= wanted
                label = f"{name}: against {peer}"
                rows.append(row(label, us, "µs", float(text), f"{wanted} x faster", fast))
        if times[name] == ["-", "-"]:
            rows.append(row(f"{name}: no peer decodes it", us, "µs"))
        little = int(allocated) <= ALLOCATED
        rows.append(row(f"{name}: allocated", int(allocated), "octets", None, "1536", little))
        rows.append(
            row(f"{name}: allocated by feeding", int(fed), "octets", None, "0", fed == "0")
        )
        if name == REFERENCE:
            near = us <= 3 * REFERENCE_US
            label = f"{name}: against a bare pass"
            rows.append(row(label, us, "µs", REFERENCE_US, "at most 3 x", near))
        if name.startswith("p1-"):
            p1_us[int(name[3:])] = us
    for size in P1_SIZES[1:]:
        # µs per KB above the smallest telegram, against those from it to twice its size.
        per_kb = (p1_us[size] - p1_us[P1_SIZES[0]]) / (size - P1_SIZES[0]) * 1000
        first = (p1_us[P1_SIZES[1]] - p1_us[P1_SIZES[0]]) / (P1_SIZES[1] - P1_SIZES[0]) * 1000
        linear = per_kb < 1.5 * first
        label = f"p1: a further KB, from {P1_SIZES[0]} to {size} octets"
        rows.append(row(label, round(per_kb, 1), "µs", round(first, 1), "at most 1.5 x", linear))
    return rows


def _keep_best(
    best: dict[str, list[str]], command: list[str | Path], folder: Path, env: dict[str, str] | None
) -> None:
    """Run a measurement. For each line's name keep the smallest number of each column."""
    out = subprocess.run(
        command, cwd=folder, env=env, text=True, stdout=subprocess.PIPE, check=True
    )
    for name, *numbers in (line.split() for line in out.stdout.splitlines()):
        before = best.get(name, numbers)
        best[name] = [
            a if a == "-" else min(a, b, key=float) for a, b in zip(before, numbers, strict=True)
        ]


def ciphers() -> list[Row]:
    """The figures of tools/on_micropython/bench_gcm.py, without limits."""
    done = subprocess.run(
        [MICROPYTHON, "-X", "heapsize=1M", ROOT / "tools" / "on_micropython" / "bench_gcm.py"],
        env=environment("firmware"), text=True, stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    rows = []
    for line in done.stdout.splitlines():
        name, _, value = line.rpartition(" ")
        unit = "octets" if name.endswith(("kept", "allocated")) else "µs"
        rows.append(row(f"gcm: {name}", float(value), unit))
    return rows


def signatures() -> list[Row]:
    """A verification of an image's signature, against the same products by numbers in C."""
    script = ROOT / "tools" / "on_micropython" / "bench_ed25519.py"
    done = subprocess.run(
        [MICROPYTHON, "-X", "heapsize=1M", script],
        env=environment("firmware"), text=True, stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    found = {name: int(n) for name, n in map(str.split, done.stdout.splitlines())}
    us, peer = found["verify_us"], found["power_us"]
    return [
        row("ed25519: a verification", us, "µs", peer, "at most 4 x", us <= 4 * peer),
        row("ed25519: products of a verification", found["products"], "products"),
        row("ed25519: products between two turns of the loop", found["step"], "products",
            None, "at most 76", found["step"] <= 76),
    ]  # fmt: skip


def _inlined(script: Path) -> str:
    """A script with values in place of the firmware's constants: frozen modules have none."""
    found = build.collect([ROOT / "firmware"])
    modules = {build._module(name): path.read_text() for name, path in found.items()}
    return inline({**modules, "script": script.read_text()})["script"]


def energy() -> list[Row]:
    """Updates, end of an hour, documents, a year as CSV; live octets with 32-bit words. Times of a
    telegram are against a plain loop in the same run. The stand-in's code is frozen, as on a chip:
    a module that is loaded on demand is not compiled."""
    script = ROOT / "tools" / "on_micropython" / "bench_energy.py"
    interpreter, sources = MICROPYTHON, ["firmware"]
    if MICROPYTHON32.exists():
        interpreter, sources = image.make(), []
    best: dict[str, list[str]] = {}
    for _ in range(_TURNS):
        with tempfile.TemporaryDirectory() as folder:
            inlined = Path(folder) / "bench.py"
            inlined.write_text(_inlined(script))
            command: list[str | Path] = [interpreter, "-X", "heapsize=4M", inlined, folder]
            _keep_best(best, command, ROOT, environment(*sources))
    rows = []
    loop = float(best["loop"][0])
    for name, (time, octets) in best.items():
        if name in ENERGY_LIMITS:
            times, most = ENERGY_LIMITS[name]
            fast = loop / float(time) >= times
            text = f"{times} x faster" if times else ""
            rows.append(row(f"energy: {name}", float(time), "µs", loop, text, fast))
            little = int(octets) <= most or interpreter is MICROPYTHON
            rows.append(
                row(f"energy: {name}, allocated", int(octets), "octets", None, str(most), little)
            )
            continue
        if name == "held":
            held = int(octets)
            little = held <= HELD or interpreter is MICROPYTHON
            rows.append(row("energy: held in memory", held, "octets", None, str(HELD), little))
            continue
        unit = "ms" if name.endswith("-ms") else "µs"
        rows.append(row(f"energy: {name}", float(time), unit))
        rows.append(row(f"energy: {name}, allocated or sent", int(octets), "octets"))
    return rows


def payloads() -> list[Row]:
    """What each payload of MQTT costs: the figures of tools/on_micropython/bench_payloads.py."""
    script = ROOT / "tools" / "on_micropython" / "bench_payloads.py"
    interpreter = image.make() if MICROPYTHON32.exists() else MICROPYTHON
    found = build.collect([ROOT / "firmware"])
    sources = {build._module(name): path.read_text() for name, path in found.items()}
    helpers = ("doubles", "files", "frames", "streams", "mqtt_examples")
    sources.update({name: (ROOT / f"tests/unit/{name}.py").read_text() for name in helpers})
    sources["bench_payloads"] = script.read_text()
    changed = inline(sources)
    best: dict[str, list[str]] = {}
    for _ in range(_TURNS):
        with tempfile.TemporaryDirectory() as folder:
            for name in (*helpers, "bench_payloads"):
                (Path(folder) / f"{name}.py").write_text(changed[name])
            command = [interpreter, "-X", "heapsize=4M", Path(folder) / "bench_payloads.py"]
            env = environment(folder, *([] if MICROPYTHON32.exists() else ["firmware"]))
            _keep_best(best, command, ROOT, env)
    rows = []
    for name, (us, allocated, size) in best.items():
        rows.append(row(f"mqtt: {name}", float(us), "µs"))
        rows.append(row(f"mqtt: {name}, allocated", int(allocated), "octets"))
        if name.endswith("telegram"):
            rows.append(row(f"mqtt: {name}, published", int(size), "octets"))
    return rows


def heap() -> list[Row]:
    """Free heap of the whole firmware, with a browser's event stream and a broker."""
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
    """Highest free heap in 25 answers of /data.json, after that many telegrams."""
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
    """Size of the firmware and its libraries as .mpy for the ESP32."""
    built = build.build("xtensawin", ROOT / "build" / "mpy")
    libraries = ("microdot/", "umqtt/", "requests/")
    ours = sum(size for name, size in built if not name.startswith(libraries))
    return [row("firmware as .mpy for xtensawin, without libraries", ours, "octets"),
            row("all .mpy for xtensawin", sum(s for _, s in built), "octets")]  # fmt: skip


def table(rows: list[Row]) -> str:
    """The rows as text."""
    lines = []
    for r in rows:
        against = "" if r["against"] is None else f"{r['against']:>10} {r['ratio']:>8} x"
        mark = "" if not r["limit"] else ("ok   " if r["ok"] else "MISS ") + str(r["limit"])
        lines.append(f"{r['name']!s:54} {r['value']:>10} {r['unit']!s:7}{against:>21}  {mark}")
    return "\n".join(lines)


def main() -> int:
    from tools import (
        bench_mqtt,
        bench_page,
        bench_web,
    )  # they use row() and table() of this module

    rows = decoder() + ciphers() + signatures() + energy() + payloads() + heap() + bench_web.rows()
    rows += bench_mqtt.rows() + bench_page.rows() + sizes()
    out = ROOT / "build" / "bench.json"
    out.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n")
    print(table(rows))
    print(f"\n{out.relative_to(ROOT)}: {len(rows)} figures")
    return 0 if all(r["ok"] for r in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
