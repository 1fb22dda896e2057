"""Prices that the whole firmware fetches while a P1 meter at 115200 baud sends each second.

The clock of the firmware starts at 14:30 in Oslo, so that today and tomorrow are due at once.
"""

import contextlib
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.timing import wait_until
from tests.world import World
from tools import rig
from tools.encoders import prices
from tools.market import ENTSOE, HOSTS, SE, TOKEN, Market
from tools.price_server import Answer, Authority, Server

SE3, AUSTRIA = "10Y1001A1001A46L", "10YAT-APG------L"
JSON = {"Content-Type": "application/json"}
RING = 12288  # octets of the UART's ring: boards/esp32/hardware.py
OCTETS_A_S = 11520


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, Market, Server]]:
    market, authority = Market(), Authority()
    line = rig.p1_text()
    config = {**line.settings, "price_currency": "", "price_area": SE3, "price_enabled": True}
    folder = tmp_path_factory.mktemp("fetching")
    (folder / "data").mkdir()
    (folder / "data" / "price-ca").write_bytes(authority.der)
    with Server(lambda host, path: market(host, path), authority.context(*HOSTS)) as server:
        hosts = f"127.0.0.1:{server.port}"
        clock = (market.at(0, 14, 30), 1.0)
        with World(folder, *line.options, hosts=hosts, clock=clock, config=config) as world:
            yield world, market, server


def state(world: World) -> dict:
    return world.json("/prices.json")


def configure(world: World, **changes: object) -> None:
    status, answer = world.post("/api/config", json.dumps(changes), JSON, "PATCH")
    assert status == 200, answer


def test_prices_of_two_days_come_by_themselves(place) -> None:
    world, market, server = place
    wait_until(lambda: state(world)["end"] == market.at(2, 0), about=world.log)
    wait_until(lambda: state(world)["next"])
    found = state(world)
    assert (found["enabled"], found["area"], found["source"]) == (True, "SE3", "EPN")
    assert (found["currency"], found["from"], found["stale"]) == ("SEK", "elprisetjustnu", False)
    assert found["begin"] == market.at(0, 0) and found["end"] == market.at(2, 0)
    assert found["error"] is found["missing"] is None
    body = world.json("/importprice.json")
    assert body["prices"][:2] == [0.05, 0.0505] and body["prices"][96:98] == [0.15, 0.1505]
    assert [host for _, host, _ in server.asked] == [SE, SE]


@pytest.mark.long
def test_no_telegram_is_lost_while_a_server_drips(place) -> None:
    """The body would take ten minutes: the question ends at its deadline of half a minute."""
    world, market, server = place
    body = prices.a44([market.series(0), market.series(1)])
    market.faults[ENTSOE] = Answer(body=body, drip_s=0.2, piece=8)
    server.asked.clear()
    configure(world, price_area=AUSTRIA, price_token=TOKEN)
    wait_until(lambda: server.asked, about=world.log)
    seen = world.json("/now.json")["n"]
    sent = len(world.sent)
    began = time.monotonic()
    wait_until(lambda: state(world)["error"], 120, world.log)
    assert "no answer in time" in state(world)["error"]
    took = time.monotonic() - began
    wait_until(lambda: world.json("/now.json")["n"] - seen >= len(world.sent) - sent - 1)
    got, meant = world.json("/now.json")["n"] - seen, len(world.sent) - sent
    stall_ms = state(world)["stall_ms"]
    print(f"{got} of {meant} telegrams in {took:.0f} s; the loop was held {stall_ms} ms at most")
    assert meant >= 20 and got >= meant - 1  # one may be on its way at each end
    assert stall_ms * OCTETS_A_S // 1000 <= RING
    assert world.json("/health.json")
    assert "no valid telegram" not in world.log()


def test_the_token_is_shown_nowhere(place) -> None:
    world, market, _ = place
    market.faults[ENTSOE] = Answer(400, prices.acknowledgement("ER", "securityToken=" + TOKEN))
    configure(world, price_area="10YBE----------2", price_token=TOKEN)
    wait_until(lambda: "***" in (state(world)["error"] or ""), about=lambda: state(world))
    assert world.json("/api/settings.json") and TOKEN in (world.data / "config.json").read_text()
    for path in rig.DOCUMENTS:
        status, body = world.get(path)
        assert TOKEN.encode() not in body, (status, path)
    assert TOKEN not in world.log()
    for path in Path(world.data).iterdir():
        if path.is_file() and path.name != "config.json":
            with contextlib.suppress(FileNotFoundError):  # a file that replaces another one
                assert TOKEN.encode() not in path.read_bytes(), path
    status, answer = world.post(
        "/api/config", json.dumps({"price_token": TOKEN[:-1]}), JSON, "PATCH"
    )
    assert status == 400 and TOKEN[:-1] not in json.dumps(answer)
