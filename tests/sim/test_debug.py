"""Telnet, the meter's octets over TCP and the serial console of the whole firmware."""

import contextlib
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from frames import frame

from tests.timing import PATIENCE_S, wait_until
from tests.world import MORNING, Air, World, point
from tools import boards, simulation
from tools.encoders import gcm, p1
from tools.fixtures import vectors
from tools.runtime import ROOT

PROBE = Path(__file__).with_name("debug_probe.py")
LLC = b"\xe6\xe7\x00"

PASSWORD = "sesam-stanga 7"
SECRETS = {
    "web_password": PASSWORD,
    "wifi_psk": "psk-of-the-house",
    "setup_psk": "psk-of-the-setup",
    "mqtt_password": "broker-secret",
    "encryption_key": "000102030405060708090A0B0C0D0E0F",
    "authentication_key": "D0D1D2D3D4D5D6D7D8D9DADBDCDDDEDF",
}
OURS = {"net.debug", "net.telnet", "net.raw", "net.console"}
METER = ("--meter", "kaifa", "--speed", "3")


class Telnet:
    """A client that keeps what it has read."""

    def __init__(self, port: int, password: str = "", segment: int = 0) -> None:
        """password: log in with it. segment: octets of a TCP segment and of the buffer, so that
        the network holds little."""
        self.socket = socket.socket()
        if segment:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, segment)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, segment)
        self.socket.settimeout(PATIENCE_S)
        self.socket.connect(("127.0.0.1", port))
        self.text = b""
        if password:
            self.until(b"Password: ")
            self.say(password)
            self.until(b"help lists the commands.\r\n")

    def say(self, text: str) -> None:
        self.socket.sendall(text.encode() + b"\r\n")

    def until(self, end: bytes) -> bytes:
        """Read up to and with some octets, and return what was read since the last ones."""
        while end not in self.text:
            part = self.socket.recv(4096)
            assert part, self.text
            self.text += part
        before, _, self.text = self.text.partition(end)
        return before + end

    def closed(self) -> bytes:
        """Read to the end of the connection."""
        with contextlib.suppress(ConnectionResetError):
            while part := self.socket.recv(4096):
                self.text += part
        return self.text

    def __enter__(self) -> "Telnet":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()


def connected(port: int, password: str = "") -> Telnet:
    """A client, as soon as the port is open and no other client is served."""
    end = time.monotonic() + PATIENCE_S
    while True:
        try:
            return Telnet(port, password)
        except (OSError, AssertionError):
            assert time.monotonic() < end
            time.sleep(0.1)


@pytest.fixture
def port() -> int:
    return simulation.free_port()


@pytest.fixture
def world(tmp_path: Path, port: int) -> Iterator[World]:
    config = {**SECRETS, "telnet_port": port, "debug_level": 3}
    # No hour ends: the log would have a line more.
    with World(tmp_path, "--meter", "kaifa", clock=(MORNING, 3), config=config) as world:
        wait_until(lambda: world.json("/now.json")["i"] is not None)
        yield world


def test_a_client_with_the_password_reads_the_log_telegrams_and_octets(
    world: World, port: int
) -> None:
    with connected(port, PASSWORD) as client:
        earlier = client.until(b"info telnet: a client has logged in\r\n")
        assert b" info web: port %d\r\n" % world.http in earlier
        assert b" info meter: found at 2400 8E1\r\n" in earlier
        client.say("level debug")
        client.until(b"level is debug\r\n")
        client.until(b" debug telegram ")
        assert client.until(b" octets of heap free\r\n").count(b" W, ") == 1
        client.say("level error")
        client.say("hex on")
        client.until(b"hex is on\r\n")
        client.until(b"7ea0")  # an HDLC frame of Kaifa begins so
        client.say("hex off")
        client.say("nonsense")
        assert b"nonsense" not in client.until(b"no such command; help lists them\r\n")
        client.say("help")
        client.until(b"quit               or Ctrl-C\r\n")
        client.say("quit")
        client.closed()
    everything = world.log()
    assert "Traceback" not in everything
    for secret in SECRETS.values():
        assert secret not in everything


def test_no_secret_is_shown_at_the_lowest_level(world: World, port: int) -> None:
    with connected(port, PASSWORD) as client:
        client.say("level verbose")
        client.until(b"level is verbose\r\n")
        world.tell("power 1234")
        client.until(b"1234 W")
        client.say("quit")
        seen = client.closed()
    assert world.get("/now.json")[0] == 200
    for secret in SECRETS.values():
        assert secret.encode() not in seen and secret not in world.log()


def test_wrong_passwords_end_the_connection_and_make_everybody_wait(
    world: World, port: int
) -> None:
    with connected(port) as client:
        client.until(b"Password: ")
        began = time.monotonic()
        for wrong in ("", PASSWORD[:-1], PASSWORD + "x"):
            client.say(wrong)
            client.until(b"wrong")
        client.closed()
    # 1 s after the first wrong one, 2 s after the second, 4 s after the third.
    assert time.monotonic() - began > 2.5
    with connected(port) as client:
        client.until(b"Password: ")
        assert time.monotonic() - began > 6
        client.say(PASSWORD)
        client.until(b"warning telnet: wrong password (3 times)")


def test_one_client_is_served_at_a_time(world: World, port: int) -> None:
    with connected(port, PASSWORD) as first:
        with Telnet(port) as second:
            assert b"one client at a time" in second.closed()
        first.say("help")
        first.until(b"quit               or Ctrl-C\r\n")
    with connected(port, PASSWORD):
        pass


def test_hostile_input_does_no_harm(world: World, port: int) -> None:
    floods = (
        b"A" * 5000,
        bytes(range(256)) * 20,
        b"\xff\xfb\x01" * 2000,
        b"\xff\xfa" + b"\x18" * 3000,
        b"\r\n" * 300,
        b"\xff" * 3001,
    )
    with connected(port) as client:
        client.socket.sendall(floods[0])
        client.socket.sendall(b"\r\n" + floods[2])
        client.until(b"wrong")
    time.sleep(1.2)
    for flood in floods:
        with connected(port, PASSWORD) as client, contextlib.suppress(OSError):
            client.socket.sendall(flood)
            world.tell("power 1111")
            wait_until(lambda: world.json("/now.json")["i"] == 1111)
            world.tell("power 2222")
            wait_until(lambda: world.json("/now.json")["i"] == 2222)
    with connected(port, PASSWORD) as client:
        client.socket.sendall(b"\xff\xfd\x03\xff\xfb\x18le\xff\xf1vel err\x08\x08\x08debug\r\0")
        client.until(b"level is debug\r\n")
    assert "Traceback" not in world.log() and "debug: " not in world.log()


def encrypted_telegram() -> bytes:
    """An encrypted Aidon list in an HDLC frame, for SECRETS["encryption_key"]."""
    plain = next(v.octets for v in vectors() if v.name == "aidon-list3-tn")
    apdu = plain[plain.index(LLC) + 3 : -3]
    key = bytes.fromhex(SECRETS["encryption_key"])
    return frame(LLC + gcm.apdu(apdu, key, b"KFM12345", 1, control=0x20))


P1 = p1.telegram("KAM5", ["1-0:1.7.0(04.321*kW)", "1-0:32.7.0(231.0*V)"])
LINES = {
    "p1.txt": (
        P1,
        ("--baud", "115200", "--parity", "8N1", "--invert"),
        {"meter_baud": 115200, "meter_format": "8N1", "meter_invert": True},
    ),
    "encrypted.hex": (encrypted_telegram(), (), {"meter_baud": 2400, "meter_format": "8E1"}),
}


@pytest.mark.parametrize("name", LINES)
def test_other_software_gets_the_octets_of_each_telegram_unchanged(
    tmp_path: Path, port: int, name: str
) -> None:
    telegram, options, line = LINES[name]
    capture = tmp_path / name
    capture.write_bytes(telegram if name.endswith(".txt") else telegram.hex().encode())
    config = {**line, "encryption_key": SECRETS["encryption_key"], "raw_port": port}
    meter = ("--meter", str(capture), "--interval", "3", *options)
    with World(tmp_path, *meter, config=config) as world:
        wait_until(lambda: world.json("/now.json")["i"] == 4321)
        wait_until(lambda: f"raw: port {port}" in world.log())
        with socket.create_connection(("127.0.0.1", port), PATIENCE_S) as client:
            with socket.create_connection(("127.0.0.1", port), PATIENCE_S) as other:
                octets = received(client, 3 * len(telegram))
                assert octets == 3 * telegram
                assert received(other, len(telegram)) == telegram
                with socket.create_connection(("127.0.0.1", port), PATIENCE_S) as third:
                    assert third.recv(100) == b""  # two are served
            client.sendall(b"anything" * 1000)
            assert received(client, 2 * len(telegram)) == 2 * telegram
        assert world.json("/now.json")["i"] == 4321
    got = tmp_path / ("got" + capture.suffix)
    got.write_bytes(octets if name.endswith(".txt") else octets.hex().encode())
    command = ["-m", "tools.decode", "--key", SECRETS["encryption_key"], str(got)]
    done = subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, check=True)
    decoded = json.loads(done.stdout)
    assert [reading["power_import_w"] for reading in decoded["readings"]] == [4321] * 3
    assert decoded["errors"] == []


def received(client: socket.socket, count: int) -> bytes:
    octets = b""
    while len(octets) < count:
        part = client.recv(count - len(octets))
        assert part
        octets += part
    return octets


def test_clients_that_do_not_read_are_cut_or_lose_lines_and_cost_nothing(
    tmp_path: Path, port: int
) -> None:
    """One of telnet and one of octets; 40 bursts of 3,000 octets are more than the network
    holds."""
    raw = simulation.free_port()
    config = {**SECRETS, "telnet_port": port, "raw_port": raw, "debug_level": 1}
    meter = ("--meter", "kamstrup", "--baud", "115200", "--parity", "8N1", "--interval", "1")
    with World(tmp_path, *meter, config=config, clock=(MORNING, 1)) as world:  # no hour ends
        wait_until(lambda: "found at" in world.log())
        slow = Telnet(port, PASSWORD, segment=600)
        cut = Telnet(raw, segment=600)
        free = []
        # The simulated reader's modules are not in an image: their names stay in the heap from the
        # first use on, so the first figure comes after the first 40 bursts.
        for watts in (1111, 2222):
            for _ in range(40):
                world.tell("send " + "55" * 3000)
            wait_until(lambda: "raw: a client is too slow and is cut" in world.log())
            watch = world.stopwatch()
            world.tell(f"power {watts}")
            wait_until(lambda watts=watts: world.json("/now.json")["i"] == watts)
            assert watch.seconds(since=world.sent_with(watts)["t"]) < 0.5
            free.append(max(world.json("/data.json")["m"] for _ in range(25)))
        assert free[1] > free[0] - 2000
        slow.until(b" lines lost)\r\n")  # it reads on
        world.tell("power 4444")
        slow.until(b" 4444 W, ")
        cut.closed()
        slow.socket.close()
        cut.socket.close()
        assert "Traceback" not in world.log() and "debug: " not in world.log()


class Probe:
    """The firmware whose settings a test changes: debug_probe.py."""

    def __init__(self, folder: Path, *options: str) -> None:
        since = time.time()  # no hour ends, which would change the heap
        begin = datetime.fromtimestamp(MORNING, UTC).isoformat()
        clock = ("--start", begin, "--since", str(since), "--speed", "3")
        self.meter, wire = simulation.start_meter(["--meter", "kaifa", *clock])
        path = [ROOT / "firmware", *boards.folders("sim"), ROOT / "build/lib"]
        self.log = (folder / "log").open("w")
        self.process = subprocess.Popen(
            [ROOT / ".venv/bin/micropython", "-X", "heapsize=4m", PROBE, "--wire",
             f"127.0.0.1:{wire}", "--http-port", str(simulation.free_port()), "--data", folder,
             "--clock", f"{MORNING},{since},3", *options],
            env={**os.environ, "MICROPYPATH": ":".join([*map(str, path), ".frozen"])},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log, text=True,
        )  # fmt: skip

    def tell(self, changes: dict[str, Any] | str | None) -> Any:
        """Change settings; "button" holds the button; None asks for a report."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps(changes) + "\n")
        self.process.stdin.flush()
        while not (line := self.process.stdout.readline()).startswith(("null", '{"')):
            assert line, (self.process.poll(), Path(self.log.name).read_text())
        return json.loads(line)

    def close(self) -> None:
        simulation.stop(self.process)
        simulation.stop(self.meter)
        self.log.close()


def test_a_setting_switches_telnet_and_octets_on_and_off(tmp_path: Path, port: int) -> None:
    probe = Probe(tmp_path)
    off = {"telnet_port": 0, "raw_port": 0}
    try:
        before = probe.tell(None)
        assert not OURS & set(before["modules"]) and not before["tap"]
        probe.tell({"telnet_port": port})  # there is no password
        time.sleep(3)
        assert not OURS & set(probe.tell(None)["modules"])
        probe.tell({"web_password": PASSWORD})
        raw = simulation.free_port()
        used = []
        for _ in range(4):
            probe.tell({"telnet_port": port, "raw_port": raw})
            with connected(port, PASSWORD) as client, connected(raw) as other:
                assert not OURS - set(probe.tell(None)["modules"])
                client.say("level verbose")
                client.until(b" debug telegram ")
                assert other.socket.recv(1) == b"\x7e"
                probe.tell({"telnet_port": 0})
                client.closed()
                wait_until(lambda: "net.telnet" not in probe.tell(None)["modules"])
                assert other.socket.recv(1000)  # it goes on
                probe.tell(off)
                other.closed()
            wait_until(lambda: not OURS & set(probe.tell(None)["modules"]))
            report = probe.tell(None)
            assert not report["tap"]
            used.append(report["octets"])
            with pytest.raises(OSError):
                Telnet(port)
        assert used[3] - used[1] < 1000
        probe.tell({"telnet_port": port})
        with connected(port, PASSWORD) as client:
            probe.tell({"web_password": "another one"})
            client.closed()
        with connected(port, "another one"):
            pass
    finally:
        probe.close()


def test_no_port_is_open_during_the_setup(tmp_path: Path, port: int) -> None:
    air = Air(tmp_path / "radio")
    air.set(point("home", "psk-of-home"))
    probe = Probe(tmp_path, "--radio", str(air.folder))
    raw = simulation.free_port()
    home = {"wifi_ssid": "home", "wifi_psk": "psk-of-home"}
    try:
        probe.tell({"web_password": PASSWORD, "telnet_port": port, "raw_port": raw})
        time.sleep(3)  # the settings are looked at each second
        assert probe.tell(None)["setup"] and not OURS & set(probe.tell(None)["modules"])
        probe.tell(home)
        with connected(port, PASSWORD) as client, connected(raw) as other:
            assert not probe.tell(None)["setup"]
            probe.tell("button")
            client.closed()
            other.closed()
        for closed in (port, raw):
            with pytest.raises(OSError):
                Telnet(closed)
        assert probe.tell(None)["setup"] and not OURS & set(probe.tell(None)["modules"])
    finally:
        probe.close()


def test_the_log_is_not_printed_unless_a_setting_asks_for_it(tmp_path: Path) -> None:
    with World(tmp_path, *METER, serial=False) as world:
        wait_until(lambda: world.json("/now.json")["i"] is not None)
        assert world.log() == ""
    (tmp_path / "on").mkdir()
    config = {**SECRETS, "debug_serial": True, "debug_level": 1}
    with World(tmp_path / "on", *METER, serial=False, config=config) as world:
        # Telegrams that come together have one line.
        wait_until(lambda: re.search(r" debug telegram ([3-9]|\d\d+): list ", world.log()))
        wait_until(lambda: "\n7ea0" in world.log())
        log = world.log()
        assert " meter: found at 2400 8E1" in log and "\n7ea0" in log
        for secret in SECRETS.values():
            assert secret not in log
