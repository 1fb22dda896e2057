"""From factory state into the owner's network, as phone and owner do it, in the whole firmware."""

import contextlib
import http.client
import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.timing import PATIENCE_S, wait_until
from tests.world import World, point

# The octets of a query for captive.apple.com, type A, and the record of its answer.
HEAD = b"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00"
QUERY = HEAD + b"\x07captive\x05apple\x03com\x00\x00\x01\x00\x01"
RECORD = b"\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x00\x00\x04\xc0\xa8\x04\x01"
HOME = point("J\u00f8rgens hus", "riktig passord", 1, -55, security=3)
AIR = (
    HOME,
    point("J\u00f8rgens hus", "riktig passord", 2, -71, security=3),
    point("Nabo", "noe annet", 3, -83, security=3),
    point("Skjult", "hemmelig nett", 4, -60, security=3, hidden=True),
)
# Host, path and User-Agent of each system's test for the internet.
PROBES = (
    ("connectivitycheck.gstatic.com", "/generate_204", "Dalvik/2.1.0 (Linux; U; Android 14)"),
    ("www.google.com", "/gen_204", "Mozilla/5.0 (X11; Linux x86_64) Chrome/60.0.3112.32"),
    ("captive.apple.com", "/hotspot-detect.html", "CaptiveNetworkSupport-443.120.3 wispr"),
    ("www.apple.com", "/library/test/success.html", "CaptiveNetworkSupport-277.10.5 wispr"),
    ("www.msftconnecttest.com", "/connecttest.txt", "Microsoft NCSI"),
    ("www.msftconnecttest.com", "/redirect", "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"),
    ("www.msftncsi.com", "/ncsi.txt", "Microsoft NCSI"),
    ("detectportal.firefox.com", "/canonical.html", "Mozilla/5.0 Gecko Firefox/128.0"),
    ("detectportal.firefox.com", "/success.txt?ipv4", "Mozilla/5.0 Gecko Firefox/128.0"),
    ("connectivity-check.ubuntu.com.", "/", "NetworkManager/1.46.0"),
    ("nmcheck.gnome.org", "/check_network_status.txt", "NetworkManager/1.46.0"),
    ("spectrum.s3.amazonaws.com", "/kindle-wifi/wifistub.html", "Kindle/3.0+"),
)


def asked(world: World, query: bytes, patience_s: float = PATIENCE_S) -> bytes:
    """The answer of the reader's name server, b"" without one."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        s.settimeout(patience_s)
        s.connect(("127.0.0.1", world.dns))
        try:
            s.send(query)
            return s.recv(600)
        except OSError:
            return b""


def probe(world: World, host: str, path: str, agent: str) -> tuple[int, str, bytes]:
    """Status, Location and body of a system's request."""
    connection = http.client.HTTPConnection("127.0.0.1", world.http, timeout=PATIENCE_S)
    with contextlib.closing(connection):
        connection.putrequest("GET", path, skip_host=True, skip_accept_encoding=True)
        for name, value in (("Host", host), ("User-Agent", agent), ("Connection", "close")):
            connection.putheader(name, value)
        connection.endheaders()
        response = connection.getresponse()
        return response.status, response.getheader("Location", ""), response.read()


def later(world: World) -> list[str]:
    """The events of the radio since its access point went on."""
    events = world.air.events()
    return events[events.index("ap open AMS2MQTT") :]


def stored(world: World) -> dict:
    """The stored settings."""
    path = world.data / "config.json"
    return json.loads(path.read_text()) if path.exists() else {}


def result(world: World) -> dict:
    """The result of the test that runs."""
    wait_until(lambda: world.json("/wifi/test.json")["state"] != "running")
    return world.json("/wifi/test.json")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with World(tmp_path, "--meter", "kaifa", radio=list(AIR)) as world:
        wait_until(lambda: asked(world, QUERY, 1.0))
        yield world


def test_from_the_factory_into_the_owners_network(world: World) -> None:
    # The access point is on, the log tells where, and the reader reads the meter.
    assert "ap open AMS2MQTT" in world.air.events()
    assert "AMS2MQTT" in world.log() and "http://192.168.4.1/" in world.log()
    wait_until(lambda: world.json("/now.json")["lt"] >= 2)

    # A phone looks for the internet, and is led to the page.
    assert asked(world, QUERY).endswith(RECORD)
    assert asked(world, QUERY[:-3] + b"\x1c\x00\x01")[6:8] == b"\0\0"  # AAAA: no record
    for host, path, agent in PROBES:
        status, location, body = probe(world, host, path, agent)
        assert (status, location) == (302, "http://192.168.4.1/setup"), (host, path)
        assert body and b"uccess" not in body
    status, body = world.get("/setup")
    assert status == 200 and body[:2] == b"\x1f\x8b"  # the page, packed
    status, body = world.get("/setup.html")  # the form without script
    assert status == 200 and b"<form" in body and b'value="ams-4b1e"' in body

    # The owner chooses his network from the list.
    found = world.json("/wifi.json")["n"]
    assert [n["s"] for n in found] == ["J\u00f8rgens hus", "Nabo"]
    assert found[0]["r"] == -55 and found[0]["e"] == "WPA2" and found[1]["w"] == "weak"

    # A wrong password is told in words by the test, and nothing is stored.
    form = "ss=J%C3%B8rgens+hus&sp="
    assert world.post("/wifi/test", form + "feil+passord")[1]["success"]
    failed = result(world)
    assert failed["state"] == "failed" and "password" in failed["message"], failed
    assert "wifi_ssid" not in stored(world)
    assert asked(world, QUERY)  # still in setup mode
    assert world.post("/wifi/test", form + "riktig+passord")[1]["success"]
    assert result(world)["state"] == "ok" and "wifi_ssid" not in stored(world)

    # Then it is saved: the reader joins, and its access point and its name server end.
    before = world.json("/now.json")
    status, answer = world.post("/save", f"s=true&{form}riktig+passord&sh=&sm=")
    assert status == 200 and answer["success"] and not answer["reboot"], answer
    wait_until(lambda: "ap off" in later(world))
    wait_until(lambda: "connected" in world.log())
    wait_until(lambda: world.get("/is-alive")[0] == 200)
    wait_until(lambda: asked(world, QUERY, 0.5) == b"")
    assert stored(world)["wifi_ssid"] == "J\u00f8rgens hus"
    assert stored(world)["wifi_psk"] == "riktig passord"
    status, page = world.get("/")
    assert status == 200 and page[:2] == b"\x1f\x8b"  # the dashboard, packed
    assert probe(world, "captive.apple.com", "/hotspot-detect.html", "a browser")[0] == 421
    assert b"This reader is set up" in world.get("/setup.html")[1]
    assert world.get("/wifi.json")[0] == 400
    assert world.post("/save", "s=true&ss=Evil")[0] == 400

    # The meter was read throughout.
    assert world.json("/now.json")["u"] >= before["u"]
    assert "starting it again" not in world.log() and "passord" not in world.log()


def test_a_hidden_network_with_a_static_address(world: World) -> None:
    body = (
        "s=true&ss=Skjult&sp=hemmelig+nett&sh=stuen&sm=static&si=10.0.0.200&su=255.255.255.0"
        "&sg=10.0.0.3&sd=1.1.1.1"
    )
    status, answer = world.post("/save", body.replace("10.0.0.200", "10.0.0.300"))
    assert status == 400 and answer["message"].startswith("si: ")
    assert "wifi_ssid" not in stored(world) and asked(world, QUERY)
    assert world.post("/save", body)[1]["success"]
    wait_until(lambda: "ap off" in later(world))
    wait_until(lambda: "start any 10.0.0.200 stuen Skjult" in world.air.events())
    assert stored(world)["address"] == "10.0.0.200/24 10.0.0.3 1.1.1.1"
    assert stored(world)["hostname"] == "stuen"
    assert world.json("/sysinfo.json")["hostname"] == "stuen"


def test_a_protected_access_point_and_no_broker_until_the_setup_ends(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as broker:
        broker.setblocking(False)
        address = f"127.0.0.1:{broker.getsockname()[1]}"
        config = {"setup_psk": "eget passord", "main_fuse_a": 63}
        with World(
            tmp_path, "--meter", "kaifa", mqtt=address, radio=list(AIR), config=config
        ) as world:
            wait_until(lambda: asked(world, QUERY, 1.0))
            assert "ap protected AMS2MQTT-4b1e" in world.air.events()
            assert "AMS2MQTT-4b1e" in world.log() and "eget passord" not in world.log()
            wait_until(lambda: world.json("/now.json")["lt"] >= 2)
            with pytest.raises(BlockingIOError):
                broker.accept()
            body = "s=true&ss=J%C3%B8rgens+hus&sp=riktig+passord"
            assert world.post("/save", body)[1]["success"]

            def connected() -> bool:
                with contextlib.suppress(BlockingIOError):
                    broker.accept()[0].close()
                    return True
                return False

            wait_until(connected)
            assert stored(world)["setup_psk"] == "eget passord"
            assert stored(world)["main_fuse_a"] == 63
