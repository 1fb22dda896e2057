"""Prices through the whole firmware: documents in, what energy costs out, and over a restart."""

import http.client
import json
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from test_energy import METER, post
from world import World, until

from tools.encoders import prices

QUARTER = timedelta(minutes=15)
RATES = [("EUR", 0, [("2026-06-30", "11.50")])]


def document(days: int = 1) -> bytes:
    """Days of quarters from today's midnight UTC on: 50.00, 50.01, 50.02 ... EUR/MWh."""
    start = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    quarters = [f"{5000 + i}"[:-2] + "." + f"{5000 + i}"[-2:] for i in range(96 * days)]
    return prices.a44([prices.Series([prices.Stretch(start, quarters)], curve="A01")])


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    (tmp_path / "data").mkdir()
    settings = {"price_currency": "NOK", "price_multiplier": 1250, "price_area": "NO3"}
    (tmp_path / "data" / "config.json").write_text(json.dumps(settings))
    with World(tmp_path, *METER) as world:
        yield world


def test_energy_has_its_price_and_keeps_it_over_a_cut(world: World) -> None:
    world.tell("power 180000")  # 50 Wh a second
    until(lambda: (world.json("/now.json")["ea"] or {"iu": 0})["iu"] > 0.3, 40)
    data = world.json("/data.json")
    assert data["p"] is None and data["pe"] is False and data["ea"]["h"]["c"] == 0
    assert world.json("/energyprice.json")["00"] is None
    assert world.get("/importprice.json")[0] == 404

    body = document()
    assert len(body) > 10_000  # far more than is held at once
    status, answer = post(world, "/prices", body)
    assert (status, answer["success"]) == (200, True), answer
    assert answer["message"] == "prices of 96 quarters in EUR"
    assert world.json("/data.json")["p"] is None  # in NOK, and no rate is known
    assert post(world, "/prices", prices.rates(RATES))[1]["message"] == "rates of 1 currencies"

    now = datetime.now(UTC)
    micro = (5000 + (now.hour * 4 + now.minute // 15)) * 10 * 11.5 * 1.25
    data = world.json("/data.json")
    if now.minute // 15 == datetime.now(UTC).minute // 15:
        assert data["p"] == pytest.approx(micro / 1e6, abs=0.0001)
    assert (data["pe"], data["pr"], data["pc"]) == (True, "NO3", "NOK")
    # What the hour had used before has its price as well: 0.7 NOK a kWh or more.
    ea = world.json("/now.json")["ea"]
    assert ea["cur"] == "NOK" and ea["c"][1] >= 0.7 * ea["u"][1] - 0.01
    hours = world.json("/energyprice.json")
    assert hours["currency"] == "NOK" and hours["source"] == "EOE" and hours["00"] > 0.7
    assert world.json("/importprice.json")["prices"][-1] is not None

    world.pull_the_plug()
    until(lambda: (world.json("/now.json")["ea"] or {"u": [0, 0]})["u"][1] >= ea["u"][1], 20)
    after = world.json("/now.json")["ea"]
    assert after["cur"] == "NOK" and after["c"][1] >= ea["c"][1] - 0.01


def test_what_is_no_price_document_is_refused_and_changes_nothing(world: World) -> None:
    assert post(world, "/prices", document())[0] == 200
    assert post(world, "/prices", prices.rates(RATES))[0] == 200
    before = world.json("/energyprice.json")
    for body, words in (
        (b"", "were expected"),
        (b"\x00\xff" * 3000, "were expected"),
        (document()[:-30], "cut"),
        (document(5), "four days"),
        (prices.acknowledgement("999", "No matching data found"), "No matching data"),
    ):
        status, answer = post(world, "/prices", body)
        assert status == 400 and answer["success"] is False and words in answer["message"], answer
    assert post_length(world, 131_073) == 413
    assert post_length(world, 20_000, path="/dayplot") == 413
    connection = http.client.HTTPConnection("127.0.0.1", world.http, timeout=10)
    connection.request("POST", "/prices", iter([document()]))  # sent in chunks
    assert connection.getresponse().status == 411
    with socket.create_connection(("127.0.0.1", world.http)) as s:  # promises more than it sends
        s.sendall(b"POST /prices HTTP/1.0\r\nContent-Length: 9000\r\n\r\n<a>")
        begin = time.monotonic()
        assert world.get("/is-alive")[0] == 200 and time.monotonic() - begin < 1
    assert world.json("/energyprice.json") == before
    assert "Traceback" not in world.log()


def test_a_slow_upload_is_waited_for(world: World) -> None:
    body = document()
    head = b"POST /prices HTTP/1.0\r\nContent-Length: %d\r\n\r\n" % len(body)
    with socket.create_connection(("127.0.0.1", world.http), 15) as s:
        s.sendall(head)
        for at in range(0, len(body), len(body) // 4):  # longer than an answer may stand still
            s.sendall(body[at : at + len(body) // 4])
            time.sleep(2.7)
        assert b"prices of 96 quarters" in s.recv(2000)


def post_length(world: World, octets: int, path: str = "/prices") -> int:
    """The status that so long a body is answered."""
    connection = http.client.HTTPConnection("127.0.0.1", world.http, timeout=10)
    connection.request("POST", path, b"x" * octets)
    return connection.getresponse().status
