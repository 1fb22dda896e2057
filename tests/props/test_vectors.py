"""Telegrams of the independent encoders through the firmware's path, on both runtimes."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import clock
import pytest
from frames import Sink
from han.descriptors import NAMES
from han.fields import (
    CURRENT_L3_MA,
    ENERGY_IMPORT_WH,
    METER_ID,
    POWER_EXPORT_W,
    POWER_IMPORT_W,
    VOLTAGE_L1_MV,
)
from han.stream import TelegramStream
from hypothesis import given, settings
from hypothesis import strategies as st
from streams import feed

from tools.encoders import aidon, kaifa, kamstrup
from tools.fixtures import HOUSE, Vector, vectors

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT.parent / "shared" / "corpus"
VECTORS = vectors()


def run(octets: bytes, chunk: int = 0) -> Sink:
    sink = Sink()
    stream = TelegramStream(sink)
    for at in range(0, len(octets), chunk or len(octets) or 1):
        part = octets[at : at + chunk] if chunk else octets
        feed(stream, part)
    stream.silence()
    return sink


def as_dict(reading) -> dict:
    values = {"list_type": reading.list_type}
    for name, value in zip(NAMES, reading.values, strict=True):
        if value is not None:
            values[name] = clock.iso(value) if name.endswith("_time_local") else value
    return values


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: v.name)
def test_each_list_on_cpython(vector: Vector) -> None:
    for chunk in (0, 1, 7):
        sink = run(vector.octets, chunk)
        assert [as_dict(r) for r in sink.readings] == [vector.reading]
        assert not sink.errors


def test_each_list_on_micropython(tmp_path: Path) -> None:
    files = []
    for vector in VECTORS:
        files.append(tmp_path / (vector.name + ".hex"))
        files[-1].write_text(vector.octets.hex(" "))
    results = run_decode([str(f) for f in files])
    assert len(results) == len(VECTORS)
    for vector, result in zip(VECTORS, results, strict=True):
        assert result["readings"] == [vector.reading], vector.name
        assert result["errors"] == [] and result["frames"] == 1


PLAIN = [v.octets for v in VECTORS]
w = st.integers(0, 200_000)
house = st.builds(
    replace,
    st.just(HOUSE),
    power_import_w=w,
    power_export_w=w,
    voltage_l1_mv=st.integers(180, 260).map(lambda v: v * 1000),
    current_l3_ma=st.integers(0, 30_000).map(lambda v: v * 10),
    energy_import_wh=st.integers(0, 400_000_000).map(lambda v: v * 10),
    meter_id=st.text("0123456789ABC", min_size=1, max_size=16),
)


@given(house)
@settings(max_examples=60, deadline=None)
def test_values_come_back(h) -> None:
    encoders = (kaifa.list3, kaifa.push_se, kamstrup.list3)
    if h.current_l3_ma % 100 == 0 and h.current_l3_ma < 3_276_700:
        encoders += (aidon.list3,)
    for encode in encoders:
        (reading,) = run(encode(h)).readings
        assert reading.number(POWER_IMPORT_W) == h.power_import_w
        assert reading.number(POWER_EXPORT_W) == h.power_export_w
        assert reading.number(VOLTAGE_L1_MV) == h.voltage_l1_mv
        assert reading.number(CURRENT_L3_MA) == h.current_l3_ma
        assert reading.number(ENERGY_IMPORT_WH) == h.energy_import_wh
        assert reading.text(METER_ID) == h.meter_id


@given(st.binary(max_size=600), st.sampled_from(PLAIN))
@settings(max_examples=200, deadline=None)
def test_noise_raises_nothing_and_the_next_telegram_decodes(noise: bytes, good: bytes) -> None:
    # Silence after the noise: without it a forged header may still wait for its end.
    sink = Sink()
    stream = TelegramStream(sink)
    feed(stream, noise)
    stream.silence()
    before = len(sink.readings)
    feed(stream, good)
    stream.silence()
    assert len(sink.readings) == before + 1


@given(st.data(), st.sampled_from(PLAIN))
@settings(max_examples=200, deadline=None)
def test_damage_never_gives_a_reading(data: st.DataObject, good: bytes) -> None:
    damaged = bytearray(good)
    kind = data.draw(st.sampled_from(["flip", "lose", "cut"]))
    at = data.draw(st.integers(1, len(good) - 2))
    if kind == "flip":
        damaged[at] ^= 1 << data.draw(st.integers(0, 7))
    elif kind == "lose":
        del damaged[at]
    else:
        del damaged[at:]
    sink = run(bytes(damaged))
    assert not sink.readings
    assert sink.errors or at <= 2 or len(damaged) < 16
    sink = run(bytes(damaged) + bytes(30) + good)
    assert len(sink.readings) <= 1


@given(st.data(), st.sampled_from(PLAIN))
@settings(max_examples=300, deadline=None)
def test_forged_bodies_with_good_checksums(data: st.DataObject, good: bytes) -> None:
    """Any octets inside a frame whose checks hold: an error or a reading, never an exception."""
    from frames import frame

    body = bytearray(good[8:-3])
    for _ in range(data.draw(st.integers(1, 6))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))
    sink = run(frame(bytes(body)))
    assert len(sink.readings) + len(sink.errors) == 1
    for code, reason, _ in sink.errors:
        assert code != 98, reason  # 98 is a defect of ours


def run_decode(arguments: list[str]) -> list[dict]:
    done = subprocess.run(
        [sys.executable, "-m", "tools.decode", *arguments],
        cwd=ROOT, text=True, capture_output=True, check=True,
    )  # fmt: skip
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture
def corpus() -> Path | None:
    """Where the captures are, if they are beside the project; its own vectors are above."""
    return CORPUS if CORPUS.is_dir() else None


def test_every_capture(corpus: Path | None) -> None:
    if corpus is None:
        return
    expected = json.loads((corpus / "expected.json").read_text())
    for name, result in zip(
        expected, run_decode([str(corpus / n) for n in expected]), strict=True
    ):
        want = expected[name]
        if want["expect"] != "decode":
            assert result["readings"] == [] and result["errors"], name
            if want["expect"] == "encrypted":
                reason = result["errors"][0]["reason"]
                assert want["system_title"].lower() in reason, name
                assert f"security control {want['security_control']}" in reason, name
            continue
        (reading,) = result["readings"]
        for field in want.get("ambiguous", []):
            reading.pop(field, None)
            want["reading"].pop(field)
        more = set(reading) - set(want["reading"])
        assert more <= {"limiter_w"}, name  # a field beyond the corpus' list of names
        assert {k: reading[k] for k in want["reading"]} == want["reading"], name
        assert result["errors"] == [], name


def keys_of(vector: dict) -> list[str]:
    auth = vector.get("authentication_key")
    return ["--key", vector["encryption_key"]] + (["--auth-key", auth] if auth else [])


def test_every_encrypted_vector(corpus: Path | None, tmp_path: Path) -> None:
    if corpus is None:
        return
    count = 0
    for vector in json.loads((corpus / "encrypted.json").read_text()):
        if "wire" not in vector:
            continue  # a bare primitive: tests/unit/test_gcm.py has it
        path = tmp_path / f"{vector['id']}.hex"
        path.write_text(vector["wire"])
        (result,) = run_decode([*keys_of(vector), str(path)])
        assert result["readings"] == [vector["reading"]], vector["id"]
        (result,) = run_decode([str(path)])
        assert result["readings"] == [], vector["id"]
        (result,) = run_decode(["--key", "00" * 15 + "01", str(path)])
        assert result["readings"] == [], vector["id"]
        count += 1
    assert count >= 10
