"""Prices through the whole firmware: documents in, costs out, also after a restart."""

import json
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.timing import PATIENCE_S, wait_until
from tests.world import MORNING, World
from tools.encoders import prices

# Danish Kamstrup sends its registers in every telegram, so sums agree with them at once.
METER = ("--meter", "kamstrup", "--country", "dk", "--interval", "1")
CONFIG = {"price_currency": "NOK", "price_multiplier": 1250, "price_area": "NO3"}
PATHS = ("/data.json", "/history.json?step=15", "/", "/monthplot.json", "/importprice.json",
         "/tariff.json", "/sysinfo.json", "/lists.txt")  # fmt: skip
JSON = {"Content-Type": "application/json"}
RATES = prices.rates([("EUR", 0, [("2026-03-16", "11.50")])])


def document(days: int = 1) -> bytes:
    """Days of quarters from the midnight before MORNING on: 50.00, 50.01, 50.02 ... EUR/MWh."""
    start = datetime.fromtimestamp(MORNING // 86400 * 86400, UTC).replace(tzinfo=None)
    quarters = [f"{cents // 100}.{cents % 100:02d}" for cents in range(5000, 5000 + 96 * days)]
    return prices.a44([prices.Series([prices.Stretch(start, quarters)], curve="A01")])


def sums(world: World) -> dict:
    """The reader's sums in /now.json."""
    ea: dict = world.json("/now.json")["ea"]
    return ea


def started(folder: Path) -> World:
    return World(folder, *METER, clock=(MORNING, 1), config=CONFIG)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world with the prices and the rates of its day."""
    with started(tmp_path_factory.mktemp("prices")) as world:
        assert world.post("/prices", document())[0] == 200
        assert world.post("/prices", RATES)[0] == 200
        wait_until(lambda: world.json("/now.json")["i"] is not None)
        yield world


def test_costs_follow_the_prices_and_survive_a_power_cut(tmp_path: Path) -> None:
    with started(tmp_path) as world:
        world.tell("power 180000")  # 50 Wh a second
        wait_until(lambda: (sums(world)["iu"] or 0) > 0.3)
        data = world.json("/data.json")
        assert data["p"] is None and data["pe"] is False and data["ea"]["h"]["c"] == 0
        assert world.json("/energyprice.json")["00"] is None
        assert world.get("/importprice.json")[0] == 404

        body = document()
        assert len(body) > 10_000  # many times the size of a piece that the server reads
        status, answer = world.post("/prices", body)
        assert (status, answer["success"]) == (200, True), answer
        assert answer["message"] == "prices of 96 quarters in EUR"
        assert world.json("/data.json")["p"] is None  # in NOK, and no rate is known
        assert world.post("/prices", RATES)[1]["message"] == "rates of 1 currencies"

        # Quarter 41 of the day: 50.41 EUR/MWh.
        micro = 5041 * 10 * 11.5 * 1.25
        data = world.json("/data.json")
        assert data["p"] == pytest.approx(micro / 1e6, abs=0.0001)
        assert (data["pe"], data["pr"], data["pc"]) == (True, "NO3", "NOK")
        # Energy used earlier in the hour has a cost as well: 0.7 NOK per kWh or more.
        ea = sums(world)
        assert ea["cur"] == "NOK" and ea["c"][1] >= 0.7 * ea["u"][1] - 0.01
        hours = world.json("/energyprice.json")
        assert hours["currency"] == "NOK" and hours["source"] == "EOE" and hours["00"] > 0.7
        assert world.json("/importprice.json")["prices"][-1] is not None

        world.cut_power()
        wait_until(lambda: (sums(world)["u"][1] or 0) >= ea["u"][1])
        after = sums(world)
        assert after["cur"] == "NOK" and after["c"][1] >= ea["c"][1] - 0.01


def test_the_priced_share_is_told_before_the_first_register(tmp_path: Path) -> None:
    with World(tmp_path, "--meter", "kaifa", clock=(MORNING, 1), config=CONFIG) as world:
        assert world.post("/prices", document())[0] == 200
        assert world.post("/prices", RATES)[0] == 200
        wait_until(lambda: sums(world)["c"][0], about=world.log)
        found = world.json("/now.json")
        assert found["ic"] is None  # a list with registers comes at the full hour only
        assert found["ea"]["es"][0] is True
        assert found["co"]["up"][:3] == found["ea"]["u"][:3]


def test_price_rules_are_in_prices_advice_and_costs(world: World) -> None:
    def patched(rules: str | None) -> None:
        body = json.dumps({"price_rules": rules})
        assert world.post("/api/config", body, JSON, "PATCH")[0] == 200

    world.tell("power 60000")
    wait_until(lambda: (sums(world)["c"][1] or 0) > 0.1)
    before, data = sums(world), world.json("/data.json")
    tried = '"Grid" import add 0.4; "VAT" both percent 25'
    status, preview = world.post("/pricepreview.json", json.dumps({"price_rules": tried}), JSON)
    assert status == 200 and len(preview["slots"]) in (92, 96, 100, 192)
    known = [slot for slot in preview["slots"] if slot["p"] is not None]
    assert known
    for slot in known:
        assert [step[0] for step in slot["w"]] == ["Spot", "Multiplier", "Grid", "VAT"]
        assert sum(step[1] for step in slot["w"]) == pytest.approx(slot["p"], abs=1e-9)
    assert world.json("/data.json")["p"] == data["p"]  # nothing is saved

    patched(tried)
    ruled = world.json("/data.json")
    assert ruled["p"] == pytest.approx((data["p"] + 0.4) * 1.25, abs=0.006)
    assert ruled["px"] == pytest.approx(data["p"] * 1.25, abs=0.006)
    # The energy of before has its price again: more than twice as much.
    after = sums(world)
    assert after["c"][1] >= before["c"][1] + 0.5 * before["u"][1] - 0.01
    cheapest = world.json("/cheapest.json?hours=1")
    cursor = world.json("/importprice.json")["cursor"]
    prices_of_day = world.json("/importprice.json")["prices"]
    assert cheapest["slots"][0]["from"] <= cheapest["now"] < cheapest["slots"][0]["from"] + 1800
    assert cheapest["price"] == pytest.approx(
        sum(prices_of_day[cursor : cursor + 4]) / 4, abs=0.001
    )  # they rise
    assert world.get("/cheapest.json?hours=25")[0] == 400
    patched(None)
    assert world.json("/data.json")["p"] == pytest.approx(data["p"], abs=0.001)
    assert "Traceback" not in world.log()


def test_the_hours_of_the_running_day_add_up(world: World) -> None:
    today = datetime.fromtimestamp(MORNING, UTC)

    def day(days: int = 0) -> dict:
        date = (today + timedelta(days)).date()
        found: dict = world.json(f"/money.json?day={date}")
        return found

    world.tell("power 60000")
    wait_until(lambda: (day()["days"][0]["c"] or 0) > 0.1)
    for _ in range(5):
        found = day()
        (of_day,) = found["days"]
        assert found["hours"] and of_day["t"] == str(today.date())
        for key in ("c", "g"):
            hours = [hour[key] for hour in found["hours"] if hour[key] is not None]
            assert sum(hours) == pytest.approx(of_day[key] or 0, abs=0.006), found
    for days in (-1, 1):
        assert day(days) == {"currency": "NOK", "days": [], "hours": []}
    assert world.get("/money.json?day=today")[0] == 400


def test_other_documents_are_refused_as_prices_without_a_change(world: World) -> None:
    before = world.json("/energyprice.json")
    for body, words in (
        (b"", "were expected"),
        (b"\x00\xff" * 3000, "no XML"),
        (document()[:-30], "cut"),
        (document(5), "four days"),
        (prices.acknowledgement("999", "No matching data found"), "No matching data"),
    ):
        status, answer = world.post("/prices", body)
        assert status == 400 and answer["success"] is False and words in answer["message"], answer
    assert world.post("/prices", b"x" * 131_073)[0] == 413
    assert world.post("/dayplot", b"x" * 20_000)[0] == 413
    chunk = b"%x\r\n%s\r\n0\r\n\r\n" % (len(document()), document())
    with socket.create_connection(("127.0.0.1", world.http), PATIENCE_S) as s:
        # At one go: the reader drops what comes later for a time only, then it closes.
        head = b"POST /prices HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n"
        s.sendall(head + chunk)
        assert s.recv(12) == b"HTTP/1.0 411"
    # Sends less than its Content-Length.
    with socket.create_connection(("127.0.0.1", world.http), PATIENCE_S) as s:
        s.sendall(b"POST /prices HTTP/1.0\r\nContent-Length: 9000\r\n\r\n<a>")
        watch = world.stopwatch()
        assert world.get("/is-alive")[0] == 200 and watch.seconds() < 1
    assert world.json("/energyprice.json") == before
    assert "Traceback" not in world.log()


def test_a_slow_upload_is_accepted(world: World) -> None:
    body = document()
    head = b"POST /prices HTTP/1.0\r\nContent-Length: %d\r\n\r\n" % len(body)
    with socket.create_connection(("127.0.0.1", world.http), PATIENCE_S) as s:
        s.sendall(head)
        for at in range(0, len(body), len(body) // 12):  # longer than an answer may take
            s.sendall(body[at : at + len(body) // 12])
            time.sleep(0.95)
        assert b"prices of 96 quarters" in b"".join(iter(lambda: s.recv(2000), b""))


def test_many_clients_at_once_are_answered_and_streams_continue(world: World) -> None:
    streams = [world.events() for _ in range(3)]
    before = [next(stream)[1]["n"] for stream in streams]
    answers: list[int | str] = []

    def ask(path: str) -> None:
        for _ in range(12):
            try:
                answers.append(world.get(path, timeout=PATIENCE_S)[0])
            except OSError as e:
                answers.append(repr(e))

    clients = [threading.Thread(target=ask, args=(path,)) for path in PATHS]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    assert Counter(answers) == {200: 12 * len(PATHS)}, world.log()
    assert all(next(s)[1]["n"] > n for s, n in zip(streams, before, strict=True))
    assert "MemoryError" not in world.log() and "Traceback" not in world.log()
