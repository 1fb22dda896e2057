"""Every vendor's lists and P1 text: from independent encoders, forged, and from captures."""

import importlib
import json
import re
import subprocess
import sys
from dataclasses import fields, replace
from datetime import datetime
from pathlib import Path
from random import Random

import clock
import pytest
from han import lists, p1
from han.decode import Decoder
from han.descriptors import NAMES
from han.fields import DecodeError
from hypothesis import given, settings
from hypothesis import strategies as st

from tools import captures
from tools.encoders import axdr, iskra, landisgyr, p1text, sagemcom
from tools.encoders import p1 as telegrams
from tools.encoders.apdu import data_notification
from tools.encoders.hdlc import frame
from tools.encoders.iskra import Registers
from tools.encoders.snapshot import Snapshot
from tools.fixtures import HOUSE, vectors
from tools.runtime import MICROPYTHON, MICROPYTHON32, ROOT, environment

CORPUS = ROOT.parent / "shared" / "corpus"
RUNTIMES = [MICROPYTHON] + ([MICROPYTHON32] if MICROPYTHON32.exists() else [])

EAST = replace(HOUSE, deviation_min=-60, power_export_w=12, reactive_import_var=3)
COUNTED = Registers(70_000_000, 39_554_020, 100, 30, quadrants=(5, 6, 7, 8))
READ_AT = datetime(2026, 1, 15, 16, 0, 0)

NAMED = ("meter_id",)
ACTIVE = ("power_import_w", "power_export_w")
POWERS = (*ACTIVE, "reactive_import_var", "reactive_export_var")
TOTALS = ("energy_import_wh", "energy_export_wh")
REACTIVE = ("reactive_energy_import_varh", "reactive_energy_export_varh")


def three(*patterns: str) -> tuple[str, ...]:
    return tuple(pattern % phase for pattern in patterns for phase in (1, 2, 3))


UI = three("voltage_l%d_mv", "current_l%d_ma")
UI1 = ("voltage_l1_mv", "current_l1_ma")
PHASES = three("power_import_l%d_w", "power_export_l%d_w")
CLOCK = {"meter_time_local": "2026-01-15T17:00:00", "meter_time_deviation_min": -60}
APDU = {"apdu_time_local": "2026-01-15T17:00:10", "apdu_time_deviation_min": -60}


def tariffs(r: Registers) -> dict[str, object]:
    return {
        "energy_import_t1_wh": r.import_t1,
        "energy_import_t2_wh": r.import_t2,
        "energy_export_t1_wh": r.export_t1,
        "energy_export_t2_wh": r.export_t2,
    }


def quadrants(r: Registers) -> dict[str, object]:
    return {f"reactive_energy_q{q}_varh": n for q, n in enumerate(r.quadrants, 1)}


def said(s: Snapshot, list_type: int, *names: str, **more: object) -> dict[str, object]:
    """The expected reading of a telegram with these fields of a snapshot."""
    known = {f.name: getattr(s, f.name) for f in fields(s)}
    return {"list_type": list_type} | {name: known[name] for name in names} | more


def shapes(s: Snapshot, r: Registers) -> list[tuple[str, bytes, dict[str, object], int]]:
    """Name, octets, reading and vendor of each shape. P1 text begins with '/', lists do not."""
    t, q, name = tariffs(r), quadrants(r), {"list_id": iskra.DEVICE}
    sums = {
        "energy_import_wh": r.import_t1 + r.import_t2,
        "energy_export_wh": r.export_t1 + r.export_t2,
    }
    by_tariff = {
        "reactive_energy_import_t1_varh": 1,
        "reactive_energy_import_t2_varh": 20,
        "reactive_energy_export_t1_varh": 300,
        "reactive_energy_export_t2_varh": 4000,
        "reactive_energy_import_varh": 21,
        "reactive_energy_export_varh": 4300,
    }
    by_quadrant = {
        "reactive_energy_import_varh": r.quadrants[0] + r.quadrants[1],
        "reactive_energy_export_varh": r.quadrants[2] + r.quadrants[3],
    }
    nothing = {"energy_export_t1_wh": 0, "energy_export_t2_wh": 0}
    one = replace(
        s, voltage_l2_mv=None, voltage_l3_mv=None, current_l2_ma=None, current_l3_ma=None
    )
    own = ("power_import_l1_w", "power_export_l1_w")
    factor = "power_factor_permille"
    outer = {k: getattr(s, k) for k in ("voltage_l1_mv", "voltage_l3_mv")}
    amperes = three("current_l%d_ma")
    gas = p1text.submeter(1, 3, READ_AT, 12_785_123, "m3")
    heat = p1text.submeter(2, 4, READ_AT, 12_345, "GJ")
    water = p1text.submeter_old(3, 7, READ_AT, 872_234, "m3")
    counted = {
        "gas_dm3": 12_785_123,
        "heat_mj": 12_345,
        "water_l": 872_234,
        "gas_time_local": "2026-01-15T16:00:00",
        "heat_time_local": "2026-01-15T16:00:00",
        "water_time_local": "2026-01-15T16:00:00",
    }
    n = NAMED
    from_iskra = [
        (iskra.phases_18(s), said(s, 4, *n, *POWERS, *UI, *PHASES, **name)),
        (iskra.phases_12(s), said(s, 2, *n, *POWERS, *UI, **name)),
        (iskra.phase_10(s), said(s, 4, *n, *POWERS, *UI1, *own, **name)),
        (iskra.phase_9(s), said(s, 2, *n, *POWERS, "voltage_l1_mv", **name, **nothing)),
        (iskra.phase_8(s), said(s, 2, *n, *POWERS, *UI1, **name)),
        (iskra.counters_12(s, r), said(s, 3, *n, *TOTALS, *REACTIVE, **t, **name)),
        (
            iskra.counters_10(s, r, (1, 20, 300, 4000)),
            said(s, 3, *n, **t, **sums, **by_tariff, **name),
        ),
        (iskra.counters_9(s, r), said(s, 3, *ACTIVE, *TOTALS, **t, **name)),
        (iskra.counters_4(s), said(s, 3, *n, *TOTALS)),
        (
            iskra.croatia_33(s, r),
            said(s, 4, *n, *ACTIVE, *TOTALS, *UI, *PHASES, factor, **t, **q, limiter_w=17250),
        ),
        (
            iskra.croatia_28(s, r),
            said(s, 4, *n, *ACTIVE, *TOTALS, *UI, *PHASES, **t, limiter_w=17250),
        ),
        (iskra.austria_12(s), said(s, 3, *n, *ACTIVE, *TOTALS, *REACTIVE)),
        (
            iskra.switzerland_15(s, r),
            said(s, 3, *ACTIVE, *TOTALS, *amperes, **t, **CLOCK, **outer),
        ),
        (iskra.structures(s, r), said(s, 3, *n, *ACTIVE, *TOTALS, *UI, **t)),
    ]
    from_landisgyr = [
        (landisgyr.burgenland(s), said(s, 3, *n, *ACTIVE, *TOTALS, *UI)),
        (landisgyr.burgenland(s, True), said(s, 3, *n, *ACTIVE, *TOTALS, *UI)),
        (landisgyr.pairs(s, r), said(s, 3, *POWERS, *TOTALS, *REACTIVE, **t, **CLOCK)),
        (landisgyr.objects(s, r), said(s, 3, *n, *ACTIVE, *TOTALS, *UI, **q, **by_quadrant)),
        (
            landisgyr.objects(s, r, members=6, unit_mv=100),
            said(s, 3, *n, *ACTIVE, *TOTALS, *UI, **q, **by_quadrant),
        ),
    ]
    out = [(f"iskra-{i}", octets, w | APDU, 8) for i, (octets, w) in enumerate(from_iskra)]
    out += [(f"landisgyr-{i}", o, w | APDU, 9) for i, (o, w) in enumerate(from_landisgyr)]
    out.append(
        ("embriq", landisgyr.embriq(s), said(s, 2, *n, *POWERS, *UI, list_id="EMBRIQ_V1_1"), 9)
    )
    flat = said(s, 4, *n, *ACTIVE, *TOTALS, *UI, factor, **CLOCK, **APDU)
    inner = (*n, *ACTIVE, *TOTALS, *REACTIVE)
    out += [
        ("flat", sagemcom.flat(s), flat, 0),
        ("flat-signed", sagemcom.flat(s, True), flat, 0),
        ("tinetz", sagemcom.structures(s), said(s, 3, *inner, *UI, **CLOCK, **APDU), 2),
        ("tinetz-1p", sagemcom.structures(one), said(one, 3, *inner, *UI1, **CLOCK, **APDU), 2),
        (
            "p1-nordic",
            telegrams.telegram("KAM5", p1text.nordic(s)),
            said(s, 4, *POWERS, *TOTALS, *REACTIVE, *UI, *PHASES),
            3,
        ),
        (
            "p1-dutch",
            telegrams.telegram("Ene5\\T210-D", p1text.tariffs(s, r) + gas + heat + water),
            said(s, 4, *n, *ACTIVE, *UI, *PHASES, **t, **sums, **counted, tariff=2),
            10,
        ),
    ]
    return out


DECODER = Decoder()
for module in (*lists.MAKERS, "han.lists", "han.p1"):
    importlib.import_module(module)  # so that it is not loaded for each list


def decode(octets: bytes) -> tuple[dict[str, object], int]:
    reading = DECODER.decode(bytearray(octets), 0, len(octets))
    return as_dict(reading), reading.vendor


def as_dict(reading) -> dict[str, object]:
    values: dict[str, object] = {"list_type": reading.list_type}
    for name, value in zip(NAMES, reading.values, strict=True):
        if value is not None:
            values[name] = clock.iso(value) if name.endswith("_time_local") else value
    return values


ALL = shapes(EAST, COUNTED)


@pytest.mark.parametrize("shape", ALL, ids=lambda shape: shape[0])
def test_each_shape_on_cpython(shape) -> None:
    assert decode(shape[1]) == (shape[2], shape[3])


def test_p1_has_clock_and_identification() -> None:
    octets = {name: o for name, o, _, _ in ALL}
    for name, ident in (("p1-nordic", None), ("p1-dutch", "T210-D")):
        reading = p1.decode(bytearray(octets[name]), 0, len(octets[name]))
        assert clock.iso(reading.clock_local) == "2026-01-15T17:00:10"
        assert reading.clock_summer is False and reading.ident == ident


# Reads lines of hexadecimal digits; prints a JSON [values, vendor], or the code of the error.
ON_MICROPYTHON = """
import json, sys
from binascii import unhexlify
import clock
from han.decode import Decoder
from han.fields import DecodeError
from han.descriptors import NAMES
decoder = Decoder()
for line in sys.stdin:
    buf = bytearray(unhexlify(line.strip()))
    try:
        reading = decoder.decode(buf, 0, len(buf))
    except DecodeError as e:
        print(e.code)
        continue
    values = {"list_type": reading.list_type}
    for name, value in zip(NAMES, reading.values):
        if value is not None:
            values[name] = clock.iso(value) if name.endswith("_time_local") else value
    print(json.dumps([values, reading.vendor]))
"""


def on_micropython(runtime: Path, telegrams_: list[bytes], script: str = ON_MICROPYTHON) -> list:
    done = subprocess.run(
        [runtime, "-X", "heapsize=1M", "-c", script],
        input="".join(octets.hex() + "\n" for octets in telegrams_),
        env=environment("firmware"), text=True, capture_output=True, check=True,
    )  # fmt: skip
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize("runtime", RUNTIMES, ids=lambda runtime: runtime.parent.name)
def test_each_shape_on_micropython(runtime: Path) -> None:
    answers = on_micropython(runtime, [octets for _, octets, _, _ in ALL])
    for (name, _, reading, vendor), answer in zip(ALL, answers, strict=True):
        assert answer == [reading, vendor], name


# Prints for each line what decoding it allocates once its names are known, the Reading included.
ALLOCATED = """
import gc, sys
from binascii import unhexlify
from han.decode import Decoder
take = Decoder().decode
for line in sys.stdin:
    buf = bytearray(unhexlify(line.strip()))
    take(buf, 0, len(buf))
    gc.collect()
    gc.disable()
    before = gc.mem_alloc()
    take(buf, 0, len(buf))
    print(gc.mem_alloc() - before)
    gc.enable()
"""


@pytest.mark.parametrize("runtime", RUNTIMES, ids=lambda runtime: runtime.parent.name)
def test_memory_of_each_shape(runtime: Path) -> None:
    octets = [octets for _, octets, _, _ in ALL] + [v.octets[8:-3] for v in vectors()]
    octets = [o[o.index(b"\xe6\xe7\0") :] if b"\xe6\xe7\0" in o else o for o in octets]
    allocated = on_micropython(runtime, octets, ALLOCATED)
    assert len(allocated) == len(octets) and max(allocated) <= 1536, allocated


def test_a_list_is_decoded_alike_whatever_came_before() -> None:
    """All ordered pairs: each pair through one decoder, against a decoder that knows nothing."""
    known = [octets for _, octets, _, _ in ALL] + [v.octets[8:-3] for v in vectors()]
    for name, want in expected().items():
        if want["expect"] in ("decode", "apdu"):
            octets = captures.read(CORPUS / name)
            known.append(octets if octets[:1] == b"/" else information(octets))
    known.append(known[0][:40] + bytes(9))  # and one that nobody knows

    def said_by(decoder: Decoder, octets: bytes) -> object:
        try:
            reading = decoder.decode(bytearray(octets), 0, len(octets))
        except DecodeError as e:
            return e.code
        return as_dict(reading), reading.vendor, reading.guessed

    alone = [said_by(Decoder(), octets) for octets in known]
    for first in known:
        for octets, wanted in zip(known, alone, strict=True):
            decoder = Decoder()
            said_by(decoder, first)
            assert said_by(decoder, octets) == wanted, (first.hex(), octets.hex())
            assert said_by(decoder, octets) == wanted


w = st.integers(0, 1_000_000)
wh = st.integers(0, 4_294_967_294)
house = st.builds(
    replace,
    st.just(EAST),
    power_import_w=w,
    power_export_w=w,
    reactive_export_var=w,
    power_import_l2_w=w,
    voltage_l1_mv=st.integers(101, 400).map(lambda v: v * 1000),
    current_l3_ma=st.integers(0, 6_000).map(lambda a: a * 100),
    power_factor_permille=st.integers(0, 1000),
    energy_import_wh=wh,
    energy_export_wh=wh,
    meter_id=st.text("0123456789", min_size=2, max_size=16),
)
half = st.integers(0, 2_000_000_000)
registers = st.builds(Registers, half, half, half, half, st.tuples(half, half, half, half))


@given(house, registers)
@settings(max_examples=60, deadline=None)
def test_values_come_back(s: Snapshot, r: Registers) -> None:
    for name, octets, reading, vendor in shapes(s, r):
        assert decode(octets) == (reading, vendor), name


PLAIN = [octets for _, octets, _, _ in ALL] + [v.octets[8:-3] for v in vectors()]


@given(st.data(), st.sampled_from(PLAIN))
@settings(max_examples=1500, deadline=None)
def test_forged_octets_raise_decode_errors_alone(data: st.DataObject, good: bytes) -> None:
    forged = bytearray(good)
    for _ in range(data.draw(st.integers(1, 6))):
        forged[data.draw(st.integers(0, len(forged) - 1))] = data.draw(st.integers(0, 255))
    del forged[data.draw(st.integers(0, len(forged))) :]
    for take in (DECODER.decode, p1.decode):
        try:
            reading = take(forged, 0, len(forged))
        except DecodeError as e:
            assert 0 <= e.offset <= len(forged) + 12  # where the missing octets would be
        else:
            assert 1 <= reading.list_type <= 4


@given(st.lists(st.text("0123456789-:.*()!/kWVAhm3 \r\nSW", max_size=40), max_size=30))
@settings(max_examples=300, deadline=None)
def test_random_lines(lines: list[str]) -> None:
    octets = bytearray(telegrams.telegram("TST5", [*lines, "1-0:1.7.0(1*W)"], crc=False))
    try:
        p1.decode(octets, 0, len(octets))
    except DecodeError:
        assert any(line.startswith("!") or "\n!" in line or "\r!" in line for line in lines)


@pytest.mark.parametrize("runtime", RUNTIMES, ids=lambda runtime: runtime.parent.name)
def test_forged_octets_on_micropython(runtime: Path) -> None:
    """Both runtimes must say the same of damaged telegrams; native code checks no bounds."""
    random = Random(20260115)
    forged = []
    for _ in range(1500):
        octets = bytearray(random.choice(PLAIN))
        for _ in range(random.randint(1, 5)):
            octets[random.randrange(1, len(octets))] = random.choice((random.randrange(256), 2, 9))
        forged.append(bytes(octets[: random.randint(len(octets) // 2, 2 * len(octets))]))
    answers = on_micropython(runtime, forged)
    for octets, answer in zip(forged, answers, strict=True):
        try:
            here: object = list(decode(octets))
        except DecodeError as e:
            here = e.code
        assert here == answer, octets.hex()


def information(wire: bytes) -> bytes:
    """The joined contents of a capture's frames; a ciphered capture was logged in clear."""
    joined = b""
    if wire[0] == 0x7E:
        while wire:
            length = (wire[1] & 7) << 8 | wire[2]
            at = 3
            for _ in range(2):  # two addresses; bit 0 marks the last octet of each
                while not wire[at] & 1:
                    at += 1
                at += 1
            info, wire = wire[at + 3 : length - 1], wire[length + 2 :]
            info = info[3:] if info[:2] == b"\xe6\xe7" else info
            joined += info[7 : 7 + info[6]] if info[0] == 0xE0 else info
    else:
        joined = wire
    if joined[0] == 0xDB:  # decrypted in place: header and, for Kamstrup, 12 octets of tag
        title = joined[1]
        at = joined.index(b"\x0f", 2 + title + 3 + 5)
        joined = joined[at:-12] if joined[2:5] == b"KAM" else joined[at:]
    return joined


# Fields that the corpus' own decoder does not look at (its README: a reading may carry more).
BEYOND = {"limiter_w"}


def expected() -> dict[str, dict]:
    if not CORPUS.is_dir():
        print("no corpus beside the project: the encoders' telegrams above are the test")
        return {}
    return json.loads((CORPUS / "expected.json").read_text())


def test_captured_lists_and_texts() -> None:
    seen = 0
    for name, want in expected().items():
        if want["expect"] not in ("decode", "apdu"):
            continue
        octets = captures.read(CORPUS / name)
        if octets[:1] != b"/":
            octets = information(octets)
        reading, _ = decode(octets)
        for field in want.get("ambiguous", []):
            reading.pop(field)
            want["reading"].pop(field)
        extra = set(reading) - set(want["reading"])
        assert extra <= BEYOND, name
        assert {k: v for k, v in reading.items() if k not in extra} == want["reading"], name
        seen += 1
    assert seen >= 30 or not CORPUS.is_dir()


def test_captured_plaintexts() -> None:
    path = CORPUS / "encrypted.json"
    rows = json.loads(path.read_text()) if path.exists() else []
    for row in rows:
        if "plaintext" not in row or row.get("layout", "").startswith("unknown"):
            continue
        octets = bytes.fromhex(row["plaintext"])
        if row["framing"].startswith("GCM"):
            continue
        if row["id"] == "syn-p1-stoen":
            ident = bytes.fromhex(row["wire"])[:9]
            buf = bytearray(ident + octets)
            reading = as_dict(p1.decode_lines(buf, 0, len(ident), len(ident), len(buf)))
        else:
            reading = decode(octets)[0]
        assert reading == row["reading"], row["id"]


GUIDE = ROOT / "docs" / "add-a-meter.md"


def guide(title: str) -> str:
    """The block of the guide that has this title."""
    found = re.search(rf"```\w+ {re.escape(title)}\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    assert found, title
    return found[1]


def described(folder: Path, *names: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-m", "tools.describe", *names],
        cwd=folder, env=environment() | {"PYTHONPATH": str(ROOT)}, text=True, capture_output=True,
    )  # fmt: skip
    assert not done.stderr
    return done.returncode, done.stdout


def test_the_guide_leads_from_a_capture_to_a_reading(tmp_path: Path) -> None:
    """The five printed steps; the telegram is that of an independent encoder."""
    h = HOUSE
    items = [axdr.octet_string(b"ACME_3P"), axdr.octet_string(h.meter_id.encode())]
    items += [axdr.u32(h.power_import_w), axdr.u32(h.power_export_w)]
    items += [axdr.u16(mv // 100) for mv in (h.voltage_l1_mv, h.voltage_l2_mv, h.voltage_l3_mv)]
    items += [axdr.u16(ma // 100) for ma in (h.current_l1_ma, h.current_l2_ma, h.current_l3_ma)]
    items += [axdr.u32(h.energy_import_wh // 10), axdr.enum(1)]
    info = data_notification(axdr.structure(items), axdr.date_time(h.sent_at, -60))
    capture = tmp_path / "capture.hex"
    capture.write_text(guide("capture.hex"))
    assert captures.read(capture) == frame(info, b"\x41", b"\x08\x83", 0x13)

    assert described(tmp_path, "capture.hex") == (0, guide("step 2"))
    (tmp_path / "lists.txt").write_text(guide("lists.txt"))
    status, out = described(tmp_path, "capture.hex", "lists.txt")
    assert (status, out) == (0, guide("step 5"))
    assert json.loads(out) == said(
        h, 3, *NAMED, *ACTIVE, *UI, "energy_import_wh", list_id="ACME_3P", **APDU
    )

    wrong = guide("lists.txt").replace("text=ACME_* list_id", "u33 list_id")
    (tmp_path / "lists.txt").write_text(wrong)
    assert described(tmp_path, "capture.hex", "lists.txt") == (1, guide("mistake"))


def test_the_guide_has_every_field() -> None:
    named = set(re.findall(r"`(\w+)`", GUIDE.read_text()))
    for name in NAMES:
        first = re.sub("_(l|t)[1-4]_", r"_\g<1>1_", re.sub("_q[1-4]_", "_q1_", name))
        assert first in named or name.startswith("apdu_") or name.endswith("_deviation_min"), name
