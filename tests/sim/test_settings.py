"""Settings in the whole firmware: in force without a restart, and gone after a factory reset."""

import contextlib
import json
import subprocess
from pathlib import Path

import pytest
from frames import frame

from tests.sim.mqtt_peers import Mosquitto, Peer, closing, program, silent
from tests.timing import wait_until
from tests.world import MORNING, World
from tools.encoders import gcm
from tools.fixtures import vectors
from tools.simulation import free_port

KEY = "000102030405060708090A0B0C0D0E0F"
OTHER = "FF0102030405060708090A0B0C0D0E0F"
LLC = b"\xe6\xe7\x00"
TELEGRAM = next(v.octets for v in vectors() if v.name == "aidon-list3-tn")  # of 4321 W
APDU = TELEGRAM[TELEGRAM.index(LLC) + 3 : -3]
CIPHERED = frame(LLC + gcm.apdu(APDU, bytes.fromhex(KEY), b"KFM12345", 1, control=0x20))
JSON = {"Content-Type": "application/json"}
KAIFA = ("--meter", "kaifa", "--baud", "2400", "--parity", "8E1")


def patch(world: World, changes: dict) -> tuple[int, dict]:
    return world.post("/api/config", json.dumps(changes), JSON, "PATCH")


def test_keys_are_tried_and_used_without_a_restart(tmp_path: Path) -> None:
    capture = tmp_path / "ciphered.hex"
    capture.write_text(CIPHERED.hex())
    with World(tmp_path, "--meter", str(capture), "--interval", "1") as world:
        wait_until(lambda: world.json("/data.json")["he"] == -53)  # no key is set
        for key, result in ((OTHER, "wrong key"), ("0x" + KEY.lower(), "ok")):
            status, answer = world.post("/api/key-test", json.dumps({"encryption_key": key}), JSON)
            assert (status, answer["result"]) == (200, result), answer
            assert answer["success"] == (result == "ok")
        assert world.json("/data.json")["i"] == 0
        spaced = " ".join(KEY[i : i + 4] for i in range(0, 32, 4))
        status, answer = patch(world, {"encryption_key": spaced})
        assert status == 200 and answer["needs"] == {"encryption_key": "meter"}
        wait_until(lambda: world.json("/data.json")["i"] == 4321)
        status, body = world.get("/configuration.json")
        assert status == 200 and KEY.encode() not in body.upper()
        assert json.loads(body)["m"]["e"]["k"] == "***"
        assert world.log().count("HAN reader v") == 1  # one start


def test_a_line_is_read_anew_without_a_restart(tmp_path: Path) -> None:
    with World(tmp_path, *KAIFA) as world:
        wait_until(lambda: world.json("/sysinfo.json")["line"] == "2400 8E1")
        status, answer = patch(world, {"meter_baud": 9600, "meter_format": "8N1"})
        assert status == 200 and answer["success"] is True
        # The settings are wrong, so the line is detected again.
        wait_until(lambda: world.json("/sysinfo.json")["line"].startswith("trying"))
        wait_until(lambda: world.json("/sysinfo.json")["line"] == "2400 8E1", 180)
        stored = json.loads((world.data / "config.json").read_text())
        assert (stored["meter_baud"], stored["meter_format"]) == (2400, "8E1")


@pytest.mark.parametrize("keep", [False, True])
def test_a_factory_reset(tmp_path: Path, keep: bool) -> None:
    settings = {"hostname": "attic", "main_fuse_a": 63, "wifi_psk": "secret of mine"}
    with World(tmp_path, *KAIFA, config=settings, clock=(MORNING, 1)) as world:
        wait_until(lambda: world.json("/now.json")["i"] is not None)
        wait_until(lambda: (world.data / "journal").exists())  # the first save of the energy
        assert world.post("/lists.txt", "")[0] == 200
        assert world.post("/dayplot", "i05=1.5")[1]["message"] == "1 changed"
        assert world.post("/reset", "")[0] == 400
        assert world.json("/sysinfo.json")["hostname"] == "attic"
        status, answer = world.post("/reset", "perform=true" + "&keep=records" * keep)
        assert status == 200 and answer["success"] is True and answer["reboot"] is True
        assert ("kept are history" in answer["message"]) == keep
        assert world.restart_after_exit() == 75
        info = world.json("/sysinfo.json")
        assert (info["ex_cause"], info["hostname"]) == (5, "ams-4b1e")
        names = {path.name for path in world.data.iterdir()}
        assert "lists.txt" not in names and "factory" not in names
        for path in world.data.iterdir():
            with contextlib.suppress(FileNotFoundError):  # a new file has got its name
                assert b"secret of mine" not in path.read_bytes(), path
        assert len(world.json("/edits.json")["edits"]) == keep
        hours = world.json("/dayplot.json")
        assert hours["i05"] == (1.5 if keep else 0)


def broker_with_users(folder: Path) -> Mosquitto:
    """meter may do everything, reader only subscribe, writer only publish."""
    passwords = folder / "passwords"
    passwords.touch()
    for user in ("meter", "reader", "writer"):
        command = [program("mosquitto_passwd"), "-b", str(passwords), user, "secret"]
        subprocess.run(command, check=True, capture_output=True)
    (folder / "rights").write_text(
        "user meter\ntopic readwrite #\nuser reader\ntopic read #\nuser writer\ntopic write #\n"
    )
    settings = f"allow_anonymous false\npassword_file {passwords}\nacl_file {folder}/rights\n"
    return Mosquitto(folder, settings)


def test_a_broker_is_tried_by_stages(tmp_path: Path) -> None:
    with contextlib.ExitStack() as stack:
        broker = stack.enter_context(contextlib.closing(broker_with_users(tmp_path)))
        mute = stack.enter_context(contextlib.closing(Peer(silent, broker=9)))
        shut = stack.enter_context(contextlib.closing(Peer(closing, broker=9)))
        world = stack.enter_context(World(tmp_path, *KAIFA))
        good = {"mqtt_host": "127.0.0.1", "mqtt_port": broker.port, "mqtt_topic": "ams",
                "mqtt_user": "meter", "mqtt_password": "secret"}  # fmt: skip
        for changes, stage, words in (
            ({}, "done", "a message to ams/test came back"),
            ({"mqtt_password": "wrong"}, "login", "not authorised"),
            ({"mqtt_user": ""}, "login", "not authorised"),
            ({"mqtt_user": "reader"}, "publish", "may this user publish to ams/test?"),
            ({"mqtt_topic": ""}, "publish", "mqtt_topic is empty"),
            ({"mqtt_port": free_port()}, "connect", "TCP: refused: nothing listens"),
            ({"mqtt_port": mute.port}, "login", "login: no answer in time"),
            ({"mqtt_port": shut.port}, "login", "login: closed by the broker"),
            ({"mqtt_host": "no.such.host.invalid"}, "name", "DNS: no host has the name"),
        ):
            body = json.dumps({**good, **changes})
            status, answer = world.post("/api/mqtt-test", body, JSON)
            assert (status, answer["stage"]) == (200, stage), (changes, answer)
            assert words in answer["message"] and answer["success"] == (stage == "done")
            assert "secret" not in answer["message"]
        for wrong in ({"main_fuse_a": 1}, {"mqtt_port": 0}, {"mqtt_host": ""}):
            assert world.post("/api/mqtt-test", json.dumps({**good, **wrong}), JSON)[0] == 400
        assert "mqtt_host" not in (world.data / "config.json").read_text()
        assert patch(world, good)[0] == 200
        wait_until(lambda: world.json("/data.json")["mm"] == 1)
        assert world.post("/api/mqtt-test", "{}", JSON)[1]["stage"] == "done"
        # Another host does not get the stored password.
        answer = world.post("/api/mqtt-test", json.dumps({"mqtt_host": "localhost"}), JSON)[1]
        assert answer["stage"] == "login"
        assert world.json("/data.json")["mm"] == 1  # the publisher was not disturbed
