"""Clients of the AMS reader with the whole firmware: octet for octet what they send.

evcc polls /data.json, curl sends Basic credentials, a script polls each JSON document, the page of
2.2 saves its form, and files of each version are uploaded as curl and a browser do it.
"""

import base64
import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sim.test_api import EVCC, SCRIPT
from tests.timing import PATIENCE_S, wait_until
from tests.world import MORNING, World

# A Swedish Kaifa sends its registers in every telegram.
METER = ("--meter", "kaifa", "--country", "se", "--interval", "2")
BASIC = base64.b64encode(b"admin:secret1").decode()
CONFIG = {"web_security": 2, "web_user": "admin", "web_password": "secret1",
          "price_fixed_micro": 1_250_000, "price_currency": "NOK"}  # fmt: skip
HOURS = " ".join(["1500"] * 24)
LAST = MORNING - 20 * 3600
# version, what it has beside the others, the main fuse in it: formats of the interface, 3.2.
FILES = (
    ("v2.2.4", f"entsoeMultiplier 1.250\ndayplot 4 {LAST} 48211734 {HOURS}\n"
     "energyaccounting 5 1 32 223 612 0 7 0 4 587 9 511 0 0 0 0 0 0\n", 20),
    ("v2.2.28", "use11b 1\nhomeAssistantDiscoveryNameTag garage\nentsoeFixedPrice 0.875\n"
     f"dayplot 5 {LAST} 48211734 0 {HOURS}\n", 25),
    ("v2.3.6", "hostname attic\nnetmode 1\nentsoeArea 10YNO-1--------2\nentsoeCurrency NOK\n"
     f"dayplot 6 {LAST} 48211.734 0 {HOURS}\n", 32),
    ("v2.4.11", "hostname attic\nmqttSubscribeTopic ams/command\nmeterWattageMultiplier 1.000\n"
     "priceEnabled 1\npriceArea 10YNO-1--------2\n"
     + "unknownKey with a value that is not looked at\n" * 90, 35),
    ("v2.5.7", f"dayplot 6 {LAST} 48211.734 0 {HOURS}\nenergyaccounting 7 1 1.00 2.00 3.00 0.00"
     " 0.00 0.00" + " 4 7 5.87" * 5 + " 10.00 0.00\n", 50),
)  # fmt: skip
FORM = (
    "m=true&mb=2400&mp=11&ms=256&md=1&mf=63&mr=8&mek=&mea=&mmw=1.000&mmv=1.000&mma=1.000"
    "&mmc=1.000&q=true&qh=&p=true&pt=&pr=10YNO-3--------J&pc=NOK&pm=1.250&pf=0.875"
    "&t=true&t0=5&t1=10&t2=15&t3=20&t4=25&t5=50&t6=75&t7=100&t8=150&th=3"
    "&u=true&ui=1&ue=2&uv=2&ua=2&ur=0&uc=1&ut=2&up=2&ud=1&um=1&us=2"
)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("old")
    with World(folder, *METER, config=CONFIG, clock=(MORNING, 5)) as world:
        yield world


def sent(world: World, head: str, body: bytes = b"") -> tuple[int, dict[str, str], bytes]:
    """Status, headers with small letters, and body of the answer to exactly these octets."""
    with socket.create_connection(("127.0.0.1", world.http), PATIENCE_S) as s:
        s.sendall(head.replace("\n", "\r\n").encode() + body)
        octets = b"".join(iter(lambda: s.recv(4096), b""))
    first, _, answer = octets.partition(b"\r\n\r\n")
    lines = first.decode().split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines[1:])
    return int(lines[0].split(" ")[1]), headers, answer


def curl(world: World, request: str, more: str = "", body: bytes = b"") -> tuple[int, bytes]:
    """As curl 7.74 of a Raspberry Pi sends it."""
    head = (
        f"{request} HTTP/1.1\nHost: 127.0.0.1:{world.http}\nAuthorization: Basic {BASIC}\n"
        f"User-Agent: curl/7.74.0\nAccept: */*\n{more}\n"
    )
    status, _, answer = sent(world, head, body)
    return status, answer


def polled(world: World) -> dict:
    """/data.json as Go's client of evcc asks for it."""
    status, headers, body = sent(
        world,
        f"GET /data.json HTTP/1.1\nHost: 127.0.0.1:{world.http}\nUser-Agent: evcc/0.130\n"
        f"Authorization: Basic {BASIC}\nAccept-Encoding: gzip\n\n",
    )
    assert status == 200 and headers["content-type"] == "application/json"
    assert int(headers.get("content-length", len(body))) == len(body)
    found: dict = json.loads(body)
    return found


def test_evcc_reads_its_fields_as_the_meter_sent_them(reader: World) -> None:
    wait_until(lambda: polled(reader)["ic"] > 0)
    for _ in range(5):
        before = len(reader.sent)
        found = polled(reader)
        assert all(isinstance(found[key], (int, float)) for key in EVCC)

        def of_a_new_telegram(watts: int = found["i"], first: int = max(0, before - 6)) -> bool:
            return watts in [t["power_import_w"] for t in reader.sent[first:]]

        wait_until(of_a_new_telegram)  # answers and telegrams cross
        assert 200 < found["u1"] < 250 and 0 < found["ic"] < 1_000_000


def test_a_script_polls_each_document(reader: World) -> None:
    for _ in range(3):
        for path, keys in SCRIPT.items():
            status, body = curl(reader, f"GET {path}?t=1704447012")
            assert status == 200 and set(keys) <= set(json.loads(body)), path
    head = f"GET /data.json HTTP/1.1\nHost: 127.0.0.1:{reader.http}\nUser-Agent: curl/7.74.0\n\n"
    status, headers, body = sent(reader, head)
    assert (status, headers["www-authenticate"], body) == (401, 'basic realm="secure area"', b"")


def test_the_form_of_2_2_is_saved(reader: World) -> None:
    kind = "Content-Type: application/x-www-form-urlencoded\n"
    kind += f"Content-Length: {len(FORM)}\n"
    status, body = curl(reader, "POST /save", kind, FORM.encode())
    assert status == 200 and json.loads(body)["success"] is True, body
    status, body = curl(reader, "GET /configuration.json")
    found = json.loads(body)
    meter, prices = found["m"], found["p"]
    assert (meter["b"], meter["f"], meter["d"], meter["r"]) == (2400, 63, 1, 8)
    assert (prices["r"], prices["c"], prices["m"], prices["f"]) == (
        "10YNO-3--------J", "NOK", 1.25, 0.875,
    )  # fmt: skip
    assert found["t"]["t"][:4] == [5, 10, 15, 20] and found["t"]["h"] == 3
    assert found["u"] == {"i": 1, "e": 2, "v": 2, "a": 2, "r": 0, "c": 1, "t": 2, "p": 2, "d": 1,
                          "m": 1, "s": 2}  # fmt: skip


@pytest.mark.parametrize(("version", "more", "fuse"), FILES, ids=[f[0] for f in FILES])
def test_a_file_of_each_version_is_taken(
    reader: World, version: str, more: str, fuse: int
) -> None:
    text = f"amsconfig\nversion {version}\nboardType 7\nmeterBaud 2400\nmeterParity 8E1\n"
    text += f"meterMainFuse {fuse}\nntpTimezone Europe/Oslo\n{more}"
    edge = "------------------------d74496d66958873e"
    part = (
        f"--{edge}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"configfile.cfg\""
        f"\r\nContent-Type: application/octet-stream\r\n\r\n{text}\r\n--{edge}--\r\n"
    ).encode()  # fmt: skip
    kind = f"Content-Length: {len(part)}\nContent-Type: multipart/form-data; boundary={edge}\n"
    if len(part) > 1024:  # curl waits for a second, as the reader does not know it
        kind += "Expect: 100-continue\n"
    status, body = curl(reader, "POST /configfile", kind, part)
    answer = json.loads(body)
    assert status == 200 and answer["success"] is True, answer
    assert "meterMainFuse" in answer["taken"] and "boardType" in answer["left_out"]
    assert ("dayplot" in answer["taken"]) == ("dayplot" in more)
    assert json.loads(curl(reader, "GET /configuration.json")[1])["m"]["f"] == fuse


def test_a_file_that_was_downloaded_is_taken_back(reader: World, tmp_path: Path) -> None:
    status, text = curl(reader, "GET /configfile.cfg?im=true&it=true&in=true&is=true&ih=true")
    assert status == 200 and text.startswith(b"amsconfig\nversion v")
    before = curl(reader, "GET /configuration.json")
    kind = f"Content-Type: text/plain\nContent-Length: {len(text)}\n"
    status, body = curl(reader, "POST /configfile", kind, text)
    assert status == 200, body
    assert curl(reader, "GET /configuration.json") == before
