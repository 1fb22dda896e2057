"""Prices are fetched over TLS in the heap of a chip, while pages, broker and meter go on."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from tools import rig
from tools.market import HOSTS, TOKEN, Market
from tools.price_server import Answer, Authority, Server

HEAP = "96k"  # a chip has 104
WAIT_S = 8  # of the server before each answer: the pages are open by then


def test_a_day_of_entsoe_and_a_rate_under_load(tmp_path: Path) -> None:
    market, authority = Market(date(2026, 1, 15)), Authority()

    def slow(host: str, path: str) -> Answer:
        return replace(market(host, path), wait_s=WAIT_S)

    line = rig.p1_text()
    wanted = {"price_enabled": True, "price_area": "10YAT-APG------L", "price_token": TOKEN}
    line = replace(line, settings={**line.settings, **wanted})
    with (
        Server(slow, authority.context(*HOSTS)) as server,
        rig.Rig(line, HEAP, tmp_path, hosts=f"127.0.0.1:{server.port}") as world,
    ):
        assert world.broker.online.wait(120)
        world.post("/price-ca", authority.der)
        world.pages()
        rig.until(lambda: "rates of 1 currencies" in world.log(), 180)
        log = world.log()
        print(world.heap())
        assert "entsoe: prices of 96 quarters in EUR" in log, log
        assert not world.restarts and "MemoryError" not in log, log
        assert set(world.answers.counts) == {"200"}, world.answers.counts
