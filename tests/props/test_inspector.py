"""Captures of each frame format, plain and ciphered, through the inspector and the tools; and
whatever may be pasted."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import inspection
import pytest
from doubles import StreamDouble
from frames import frame
from hypothesis import given, settings
from hypothesis import strategies as st
from test_inspection import caught, live, made

from tools import captures
from tools.encoders import gbt, gcm, mbus, p1, segments
from tools.fixtures import vectors
from tools.runtime import ROOT

KEY = bytes(range(16))
AUTH = bytes(range(0xD0, 0xE0))
TITLE = b"KAM\x45\x01\xac\x4d\x6e"
LLC = b"\xe6\xe7\x00"
VECTOR = next(v for v in vectors() if v.name == "aidon-list3-tn")
APDU = VECTOR.octets[VECTOR.octets.index(LLC) + 3 : -3]
CIPHERED = gcm.apdu(APDU, KEY, TITLE, 7, AUTH)
P1_VALUES = ["1-0:1.7.0(04.321*kW)", "1-0:32.7.0(231.0*V)"]
P1_DATA = "".join(f"{line}\r\n" for line in P1_VALUES)
# (frame format, bursts of one message): the power is 4321 W in all of them.
WIRES = {
    "hdlc": ("hdlc", [frame(LLC + APDU)]),
    "hdlc-ciphered": ("hdlc", [frame(LLC + CIPHERED)]),
    "segments-ciphered": ("hdlc", segments.frames(LLC + CIPHERED)),
    "blocks": ("hdlc", [frame(block) for block in gbt.blocks(APDU)]),
    "mbus": ("mbus", [b"".join(mbus.frames(APDU))]),
    "mbus-ciphered": ("mbus", [b"".join(mbus.frames(CIPHERED))]),
    "p1": ("p1frame", [p1.telegram("KAM5", P1_VALUES)]),
    "p1-ciphered": ("p1frame", [gcm.p1_with_clear_ident("/EGM5G35", P1_DATA, KEY, 0, AUTH)]),
    "bare": ("bare", [LLC + APDU]),
    "bare-ciphered": ("bare", [CIPHERED]),
    "bare-p1-ciphered": ("bare", [gcm.apdu(p1.telegram("KAM5", P1_VALUES), KEY, TITLE, 1, AUTH)]),
}


def values(telegram: dict[str, Any]) -> dict[str, Any]:
    """{name: value} as tools/decode.py prints them."""
    return {field["name"]: field["value"] for field in telegram["reading"]["fields"]}


def readings(path: Path) -> list[dict[str, Any]]:
    """What tools/decode.py reads from a capture."""
    command = [sys.executable, "-m", "tools.decode", "--key", KEY.hex(), "--auth-key", AUTH.hex()]
    done = subprocess.run([*command, str(path)], cwd=ROOT, text=True, capture_output=True)
    answer = json.loads(done.stdout)
    assert not answer["errors"], answer
    return list(answer["readings"])


@pytest.mark.parametrize("name", WIRES)
def test_captures_of_each_wire_go_through_all_tools(name: str, tmp_path: Path) -> None:
    wire, bursts = WIRES[name]
    app = made(KEY.hex(), AUTH.hex(), (115200, "8N1", False))
    sent = [(400, burst) for burst in bursts]
    found, _ = live(app, sent + sent, {"telegrams": str(2 * len(bursts)), "seconds": "60"})
    decoded = [t for t in found["telegrams"] if t["reading"]]
    assert len(decoded) == 2 and not [t for t in found["telegrams"] if t["errors"]]
    assert KEY.hex() not in json.dumps(found) and AUTH.hex() not in json.dumps(found)
    assert values(decoded[0])["power_import_w"] == 4321
    assert decoded[0]["frame"]["wire"] == wire
    ciphered = decoded[0]["cipher"]
    assert (ciphered is not None) == ("ciphered" in name)
    if ciphered and "p1" not in name:
        assert ciphered["system_title"] == TITLE.hex() and ciphered["maker"] == "Kamstrup"
        assert ciphered["invocation_counter"] == 7
        assert decoded[0]["apdu"]["octets"] == APDU.hex()
    text, _ = caught(inspection.capture, app, sent + sent, {
        "telegrams": str(2 * len(bursts)), "seconds": "60",
    })  # fmt: skip
    capture = tmp_path / "capture.hex"
    capture.write_text(text)
    assert captures.bursts(capture) == bursts * 2  # those that tools/meter.py sends
    read = readings(capture)
    assert len(read) == 2
    for reading, telegram in zip(read, decoded, strict=True):
        assert reading.pop("list_type") == telegram["reading"]["list_type"]
        assert reading == values(telegram)
    # The same when it is pasted, as the file is or as its octets.
    for body in (text, b"".join(bursts)):
        answer = pasted(app, body)
        read = [values(t) for t in answer["telegrams"] if t["reading"]]
        assert read and all(reading == values(decoded[0]) for reading in read)


def test_a_capture_in_two_bursts_without_frame_needs_the_pause() -> None:
    app = made()
    text = f"{APDU.hex()}\n\n# later\n{APDU.hex()}\n"
    answer = pasted(app, text)
    assert [values(t)["power_import_w"] for t in answer["telegrams"]] == [4321, 4321]


APP = made(KEY.hex(), AUTH.hex())


def pasted(app: Any, body: "str | bytes") -> dict[str, Any]:
    """The answer to POST /api/inspect."""
    try:
        inspection.read(app, StreamDouble(body)).send(None)
    except StopIteration as e:
        found = e.value
    text = "".join(piece for piece in inspection.pasted(app, found) if piece)
    return dict(json.loads(text))


def take(body: "str | bytes") -> None:
    """Paste something: an answer of bounded size, or a reason of one line."""
    try:
        answer = pasted(APP, body)
    except ValueError as e:
        assert 0 < len(str(e)) < 120 and "\n" not in str(e)
        return
    assert answer["octets"] <= 3840 and len(answer["telegrams"]) <= 48
    for telegram in answer["telegrams"]:
        assert 0 <= telegram["at"] <= answer["octets"] and telegram["length"] >= 0
        assert telegram["at"] + telegram["length"] <= answer["octets"]
        assert telegram["errors"] or telegram["reading"] or not telegram["frame"]["frames"]


@given(st.binary(max_size=400))
@settings(max_examples=150, deadline=None)
def test_any_octets_are_taken_or_refused(body: bytes) -> None:
    take(body)


@given(
    st.text(
        alphabet="0123456789abcdefABCDEFxX \t\r\n,-:;#/\\[]{}'\"=_encryptionkyauhg!(", max_size=300
    )
)
@settings(max_examples=200, deadline=None)
def test_any_text_is_taken_or_refused(body: str) -> None:
    take(body)


@given(st.data())
@settings(max_examples=120, deadline=None)
def test_damaged_captures_are_taken(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(WIRES)))
    octets = bytearray(b"".join(WIRES[name][1]) * data.draw(st.integers(1, 3)))
    for _ in range(data.draw(st.integers(0, 4))):
        octets[data.draw(st.integers(0, len(octets) - 1))] = data.draw(st.integers(0, 255))
    cut = bytes(octets[data.draw(st.integers(0, 40)) : data.draw(st.integers(41, len(octets)))])
    take(cut)
    take(cut.hex(data.draw(st.sampled_from(" -:"))))


@given(st.binary(min_size=1, max_size=300), st.sampled_from(["", " ", ", ", "\n", "-", ":"]),
       st.sampled_from(["", "0x", "\\x"]), st.integers(1, 64))  # fmt: skip
@settings(max_examples=100, deadline=None)
def test_hexadecimal_text_gives_its_octets_back(
    octets: bytes, between: str, prefix: str, size: int
) -> None:
    from han import pasted as module

    text = between.join(prefix + f"{octet:02x}" for octet in octets).encode()
    found = module.Pasted(len(text))
    for at in range(0, len(text), size):
        found.feed(text[at : at + size])
    found.close()
    assert bytes(found.octets[: found.fill]) == octets and found.ends == [len(octets)]
