"""The inspector of the whole firmware: telegrams layer by layer, captures that the tools take."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.timing import wait_until
from tests.world import World
from tools.encoders import gcm, mbus
from tools.fixtures import vectors
from tools.runtime import ROOT

KEY = bytes(range(16))
AUTH_KEY = bytes(range(0xD0, 0xE0))
KEYS = {"encryption_key": KEY.hex(), "authentication_key": AUTH_KEY.hex()}
# The line's settings, known in advance.
FAST = ("--baud", "115200", "--parity", "8N1")
SETTINGS = {"meter_baud": 115200, "meter_format": "8N1"}
LLC = b"\xe6\xe7\x00"


def fields(telegram: dict[str, Any]) -> dict[str, Any]:
    """{name: value} of a telegram that was decoded."""
    assert telegram["reading"], telegram
    return {field["name"]: field["value"] for field in telegram["reading"]["fields"]}


def download(world: World, path: Path, telegrams: int) -> str:
    """Save a capture of the reader in a file. Returns its text."""
    status, body = world.get(f"/capture.hex?seconds=60&telegrams={telegrams}")
    assert status == 200 and body.startswith(b"# "), body
    path.write_bytes(body)
    return body.decode()


def decoded(path: Path, *keys: str) -> list[dict[str, Any]]:
    """The readings of tools/decode.py, without errors."""
    command = [sys.executable, "-m", "tools.decode", *keys, str(path)]
    done = subprocess.run(command, cwd=ROOT, text=True, capture_output=True, check=True)
    answer = json.loads(done.stdout)
    assert not answer["errors"] and answer["readings"], answer
    for reading in answer["readings"]:
        del reading["list_type"]
    return list(answer["readings"])


def replayed(folder: Path, capture: Path, watts: int, config: dict[str, str]) -> None:
    """The capture as a meter of a new reader, which shows its power."""
    folder.mkdir()
    meter = ("--meter", str(capture), "--interval", "0.5", *FAST)
    with World(folder, *meter, config={**SETTINGS, **config}) as world:
        wait_until(lambda: world.json("/now.json")["i"] == watts)


def test_what_is_tried_on_a_line_that_is_not_found_yet(tmp_path: Path) -> None:
    meter = ("--meter", "kaifa", "--baud", "9600", "--parity", "8N1")
    with World(tmp_path, *meter) as world:
        found = world.json("/inspect.json?seconds=2")
        rows = found["line"]["search"]["combinations"]
        assert found["line"]["proven"] is False and len(rows) == 12
        assert [row["settings"] for row in rows if row["now"]] == [found["line"]["settings"]]


def test_a_meter_inspected_downloaded_and_replayed(tmp_path: Path) -> None:
    with World(tmp_path, "--meter", "kaifa", "--speed", "4", *FAST, config=SETTINGS) as world:
        world.tell("power 4321")
        world.sent_with(4321)
        found = world.json("/inspect.json?seconds=60&telegrams=2")
        assert found["line"]["settings"] == "115200 8N1" and found["line"]["wire"] == "hdlc"
        telegram = found["telegrams"][-1]
        assert fields(telegram)["power_import_w"] == 4321 and not telegram["errors"]
        # The octets that came, and what the frame's span in them is.
        octets = bytes.fromhex("".join(burst["octets"] for burst in found["bursts"]))
        frame = octets[telegram["at"] : telegram["at"] + telegram["length"]]
        assert frame[0] == frame[-1] == 0x7E
        assert telegram["apdu"]["octets"] == frame[frame.index(LLC) + 3 : -3].hex()
        # A pasted telegram has the same layers.
        status, answer = world.post("/api/inspect", frame.hex(" "), {"Content-Type": "text/plain"})
        assert status == 200 and answer["keys"] == "none"
        assert answer["telegrams"] == [{**telegram, "at": 0}]
        status, answer = world.post("/api/inspect", frame, {})
        assert status == 200 and answer["telegrams"] == [{**telegram, "at": 0}]
        download(world, tmp_path / "capture.hex", 3)
        assert "Traceback" not in world.log()
    assert {reading["power_import_w"] for reading in decoded(tmp_path / "capture.hex")} == {4321}
    replayed(tmp_path / "replay", tmp_path / "capture.hex", 4321, {})


def test_an_encrypted_meter(tmp_path: Path) -> None:
    vector = next(v for v in vectors() if v.name == "kaifa-list2")
    plain = vector.octets[vector.octets.index(LLC) + 3 : -3]
    apdu = gcm.apdu(plain, KEY, b"KAM\x45\x01\xac\x4d\x6e", 263, AUTH_KEY)
    sent = b"".join(mbus.frames(apdu, len(apdu) // 2 + 1))  # two frames
    (tmp_path / "meter.hex").write_text(sent.hex())
    meter = ("--meter", str(tmp_path / "meter.hex"), "--interval", "0.7", *FAST)
    with World(tmp_path, *meter, config=SETTINGS) as world:
        wait_until(lambda: world.json("/inspect.json?seconds=4")["telegrams"])
        found = world.json("/inspect.json?seconds=30")
        (error,) = found["telegrams"][-1]["errors"]
        assert error["kind"] == "key" and "encryption_key" in found["words"]
        assert found["newest_error"]["error"]["kind"] == "key"
        capture = download(world, tmp_path / "without.hex", 1)
        # The keys of the capture alone.
        lines = "".join(f"{name}={key}\n" for name, key in KEYS.items())
        status, answer = world.post("/api/inspect", lines + capture, {})
        assert status == 200 and answer["keys"] == "given"
        given = answer["telegrams"][-1]
        assert fields(given)["power_import_w"] == 4321
        headers = {"Content-Type": "application/json"}
        body = json.dumps(KEYS)
        assert world.post("/api/config", body, headers, "PATCH")[0] == 200
        wait_until(lambda: world.json("/now.json")["i"] == 4321)
        text = world.get("/inspect.json?seconds=30")[1].decode()
        telegram = json.loads(text)["telegrams"][-1]
        assert telegram["frame"]["frames"] == 2 and telegram["frame"]["wire"] == "mbus"
        assert telegram["cipher"]["invocation_counter"] == 263
        assert telegram["cipher"]["system_title"] == "4b414d4501ac4d6e"
        assert telegram["apdu"]["octets"] == plain.hex()
        assert fields(telegram) == fields(given)
        for key in KEYS.values():
            assert key not in (text + json.dumps(answer) + capture).lower()
        for _ in range(3):  # a busy machine may miss the pause after a telegram, or make one
            text = download(world, tmp_path / "capture.hex", 2)
            digits = [line for line in text.splitlines() if not line.startswith("#")]
            octets = bytes.fromhex("".join(digits))
            if octets == sent * 2:
                break
        assert octets == sent * 2 and "Traceback" not in world.log()
    keys = ("--key", KEY.hex(), "--auth-key", AUTH_KEY.hex())
    for reading in decoded(tmp_path / "capture.hex", *keys):
        assert reading == fields(telegram)
    replayed(tmp_path / "replay", tmp_path / "capture.hex", 4321, KEYS)


@pytest.fixture
def world(tmp_path: Path):  # type: ignore[no-untyped-def]
    with World(tmp_path, "--meter", "kaifa", "--speed", "10") as world:
        wait_until(lambda: world.json("/now.json")["i"] is not None)
        yield world


def test_what_is_refused_and_who_leaves(world: World) -> None:
    import socket

    for query in ("seconds=0", "seconds=121", "octets=9", "telegrams=33", "octets=x"):
        assert world.get(f"/inspect.json?{query}")[0] == 400
    for body in ("7ea", "7ea0 nonsense", "encryption_key=12\n7ea0", "00" * 3841):
        status, answer = world.post("/api/inspect", body, {})
        assert status == 400 and answer["success"] is False and answer["message"]
    assert world.post("/api/inspect", "7ea0", {"Origin": "http://elsewhere"})[0] == 403
    world.tell("pause")
    wait_until(lambda: world.json("/now.json")["s"] > 1)  # nothing is on its way
    with socket.create_connection(("127.0.0.1", world.http)) as s:
        host = f"127.0.0.1:{world.http}"
        s.sendall(f"GET /inspect.json?seconds=100 HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
        assert s.recv(100)
        assert world.get("/capture.hex")[0] == 400  # another client looks
    wait_until(lambda: world.get("/capture.hex?seconds=1")[0] == 200)
    assert world.json("/inspect.json?seconds=1")["words"].startswith("nothing was heard")
    world.tell("resume")
    before = world.json("/now.json")["n"]
    wait_until(lambda: world.json("/now.json")["n"] > before)
    assert "Traceback" not in world.log()
