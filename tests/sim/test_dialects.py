"""Every wire through the whole firmware, and an owner's descriptor of a new list."""

from pathlib import Path

import pytest
from frames import NOTIFICATION, frame

from tests.timing import wait_until
from tests.world import World
from tools.encoders import gcm, mbus, p1
from tools.fixtures import vectors

KEY = bytes(range(16))
SETTINGS = {"encryption_key": KEY.hex()}
LLC = b"\xe6\xe7\x00"
TELEGRAM = next(v.octets for v in vectors() if v.name == "aidon-list3-tn")
APDU = TELEGRAM[TELEGRAM.index(LLC) + 3 : -3]
TEXT = p1.telegram("KAM5", ["1-0:1.7.0(04.321*kW)", "1-0:32.7.0(231.0*V)"])
SLOW = ["--interval", "4"]  # at 2400 baud: only the pause tells where a bare APDU begins
CAPTURES = {
    "p1.txt": (TEXT, ["--interval", "1", "--baud", "115200", "--parity", "8N1", "--invert"]),
    "m-bus.hex": (b"".join(mbus.frames(gcm.apdu(APDU, KEY, b"KFM12345", 1, control=0x20))), SLOW),
    "bare.hex": (gcm.apdu(APDU, KEY, b"SAG12345", 1, control=0x20), SLOW),
}

# Four items without a built-in descriptor: a name, then power and two voltages.
UNKNOWN = frame(
    NOTIFICATION + b"\x02\x04\x09\x08NEWMETER\x06\x00\x00\x10\xe1\x12\x09\x06\x12\x08\xf2"
)
DESCRIPTOR = """list new-meter
text=NEWMETER list_id
u32 power_import_w
u16 voltage_l1_mv 0.1
u16 voltage_l2_mv 0.1
"""


@pytest.mark.parametrize("name", CAPTURES)
def test_each_wire_is_detected_and_read(tmp_path: Path, name: str) -> None:
    octets, options = CAPTURES[name]
    capture = tmp_path / name
    if name.endswith(".txt"):
        capture.write_bytes(octets)
    else:
        capture.write_text(octets.hex())
    with World(tmp_path, "--meter", str(capture), *options, config=SETTINGS) as world:
        wait_until(lambda: world.json("/now.json")["i"] == 4321)
        wait_until(lambda: "found at" in world.log())
        assert 229 < world.json("/now.json")["l1"]["u"] < 233


def test_a_falling_invocation_counter_is_logged_and_the_telegram_read(tmp_path: Path) -> None:
    apdus = [gcm.apdu(APDU, KEY, b"KFM12345", counter, control=0x20) for counter in (9, 8)]
    capture = tmp_path / "fall.hex"
    capture.write_text("\n\n".join(frame(LLC + apdu).hex() for apdu in apdus))
    with World(tmp_path, "--meter", str(capture), "--interval", "1", config=SETTINGS) as world:
        wait_until(lambda: "invocation counter fell" in world.log())
        assert world.json("/now.json")["i"] == 4321


def test_an_owners_descriptor_decodes_a_new_list(tmp_path: Path) -> None:
    capture = tmp_path / "new.hex"
    capture.write_text(UNKNOWN.hex())
    with World(tmp_path, "--meter", str(capture), "--interval", "1") as world:
        world.tell("pause")
        world.cut_power()
        assert world.get("/unknown.txt")[1] == b"No unknown list has come since start."
        world.tell("resume")
        wait_until(lambda: b"4321" in world.get("/unknown.txt")[1])
        assert b"NEWMETER" in world.get("/unknown.txt")[1]
        assert world.json("/now.json")["i"] is None

        status, answer = world.post("/lists.txt", b"list x\nu32 power_import_w\nu99 tariff\n")
        assert status == 400 and "line 3" in answer["message"] and "u32" in answer["message"]
        assert world.post("/lists.txt", b"\xff\xfe")[0] == 400
        assert world.get("/lists.txt") == (200, b"")

        assert world.post("/lists.txt", DESCRIPTOR.encode()) == (
            200,
            {"success": True, "message": ""},
        )
        wait_until(lambda: world.json("/now.json")["i"] == 4321)
        assert world.json("/now.json")["l2"]["u"] == 229.0
        world.cut_power()
        wait_until(lambda: world.json("/now.json")["i"] == 4321)
        assert world.get("/lists.txt") == (200, DESCRIPTOR.encode())


def test_a_descriptor_that_gives_implausible_values_is_refused(tmp_path: Path) -> None:
    capture = tmp_path / "new.hex"
    capture.write_text(UNKNOWN.hex())
    data = tmp_path / "data"
    data.mkdir()
    (data / "lists.txt").write_text(DESCRIPTOR.replace("0.1", "1"))  # 2310 V
    with World(tmp_path, "--meter", str(capture), "--interval", "1") as world:
        wait_until(lambda: world.json("/now.json")["he"] == 89)
        assert "2310 V on L1" in world.log()
        assert world.json("/now.json")["i"] is None
