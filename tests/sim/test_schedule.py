"""prices.schedule on MicroPython against servers of TLS that speak each API, at any time.

Prices by the market of market.py: quarter i of day n costs 50 + 100 n + i / 2 of a MWh, that is
(50 + 100 n) * 1000 + 500 i micro-units of a kWh.
"""

import json
import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tools.encoders import prices
from tools.market import DK, ECB, ENTSOE, HOSTS, NB, NO, SE, TOKEN, Market
from tools.price_server import Answer, Authority, Server
from tools.runtime import MICROPYTHON, environment

PROBE = Path(__file__).with_name("schedule_probe.py")
NO3, SE3, DK1 = "10YNO-3--------J", "10Y1001A1001A46L", "10YDK-1--------W"
GERMANY, AUSTRIA = "10Y1001A1001A83F", "10YAT-APG------L"
DE_LU = "10Y1001A1001A82H"
HOUR_S, DAY_S = 3600, 86400


class Bench:
    """The probe, and the servers that it asks."""

    def __init__(self, authority: Authority) -> None:
        self.authority = authority
        self.market = Market()
        self.server = Server(lambda host, path: self.market(host, path), authority.context(*HOSTS))
        command = [str(MICROPYTHON), "-X", "heapsize=1M", str(PROBE)]
        self.probe = subprocess.Popen(
            [*command, f"127.0.0.1:{self.server.port}"],
            env=environment("firmware", "tests/unit", "build/lib"),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.now = 0
        self.seen: list[str] = []

    def close(self) -> None:
        self.server.close()
        self.probe.kill()
        self.probe.wait()

    def begin(self, first: date = date(2026, 7, 1), hour: int = 8, **config: object) -> dict:
        """A new market, other settings, and the first look."""
        self.market = Market(first)
        self.now = self.market.at(0, hour)
        return self.look(config={"price_enabled": True, **config}, forget=True)

    def look(self, **order: object) -> dict:
        """One look now; `asked` has hosts and paths of its questions."""
        self.server.asked.clear()
        assert self.probe.stdin and self.probe.stdout
        self.probe.stdin.write(json.dumps({"now": self.now, **order}) + "\n")
        self.probe.stdin.flush()
        line = self.probe.stdout.readline()
        assert line, "the probe has ended"
        found = json.loads(line)
        assert found["loaded"] == []  # nothing stays loaded
        self.seen.append(line)
        found["asked"] = [(host, path) for _, host, path in self.server.asked]
        found["hosts"] = [host for host, _ in found["asked"]]
        return found

    def wait(self, found: dict) -> dict:
        """The look after the pause that the last one wished."""
        self.now += found["wait_s"]
        return self.look()


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    made = Bench(Authority())
    made.now = 1
    made.look(root=made.authority.der.hex(), config={})
    yield made
    made.close()


def day_of(number: int, quarters: int = 96, step: int = 1) -> list[list[int]]:
    """[price, count] of a day."""
    base = (50 + 100 * number) * 1000
    return [[base + 500 * i, step] for i in range(quarters // step)]


def test_keyless_sources_in_both_resolutions(bench: Bench) -> None:
    for area, host, currency, source in (
        (NO3, NO, "NOK", "HKS"),
        (SE3, SE, "SEK", "EPN"),
        (DK1, DK, "DKK", "EDS"),
    ):
        found = bench.begin(price_area=area)
        assert found["hosts"] == [host] and found["log"][-1].endswith("in " + currency)
        assert (found["currency"], found["source"]) == (currency, source)
        assert found["prices"] == day_of(0) and found["first"] == bench.market.at(0, 0)
        assert found["state"]["source"] and "error" not in found["state"]
    bench.market.minutes = 60
    bench.now = bench.market.at(0, 14)
    found = bench.look()
    assert found["hosts"] == [DK] and found["prices"] == day_of(0) + day_of(1, 96, 4)


def test_entsoe_has_the_token_and_the_code_that_has_prices(bench: Bench) -> None:
    found = bench.begin(price_area=GERMANY, price_token=TOKEN)
    ((host, path),) = found["asked"]
    assert host == ENTSOE and f"in_Domain={DE_LU}&out_Domain={DE_LU}" in path
    assert "periodStart=202606302200&periodEnd=202607012200" in path
    assert found["currency"] == "EUR" and found["prices"] == day_of(0)
    for minutes, step in ((60, 4), (30, 2)):
        bench.begin(price_area=AUSTRIA, price_token=TOKEN, hour=13)
        bench.market.minutes = minutes
        bench.now = bench.market.at(0, 14)
        found = bench.look()
        assert found["prices"] == day_of(0) + day_of(1, 96, step)


def test_two_series_of_a_day(bench: Bench) -> None:
    bench.begin(price_area=DK1)
    market = bench.market
    exaa = market.series(1, sequence=2)
    sdac = market.series(0, sequence=1)
    other = prices.Series([prices.Stretch(market.begin(0), exaa.stretches[0].prices)], sequence=2)
    market.faults[ENTSOE] = Answer(body=prices.a44([other, sdac]))
    found = bench.look(config={"price_enabled": True, "price_area": AUSTRIA, "price_token": TOKEN})
    assert found["prices"] == day_of(0)


@pytest.mark.parametrize(
    ("first", "quarters"),
    [(date(2026, 3, 29), 92), (date(2026, 10, 25), 100)],
    ids=["23 hours", "25 hours"],
)
def test_days_on_which_the_clock_is_moved(bench: Bench, first: date, quarters: int) -> None:
    for area, token in ((SE3, ""), (NO3, ""), (DK1, ""), (AUSTRIA, TOKEN)):
        found = bench.begin(first, price_area=area, price_token=token)
        assert found["prices"] == day_of(0, quarters), area
        assert found["first"] == bench.market.at(0, 0)
        bench.now = bench.market.at(0, 14)
        found = bench.look()
        assert found["prices"] == day_of(0, quarters) + day_of(1)


def test_tomorrow_is_asked_for_in_the_afternoon_until_it_is_published(bench: Bench) -> None:
    found = bench.begin(price_area=SE3)
    bench.market.published = 1
    minute = found["state"]["minute"]
    assert 13 * 60 + 15 <= minute < 14 * 60
    assert found["state"]["next"] == bench.market.at(0, 0) + minute * 60
    found = bench.wait(found)
    tries = 0
    while bench.now < bench.market.at(0, 16):
        assert found["hosts"] == [SE] and "not published" in found["state"]["error"]
        assert found["prices"] == day_of(0)
        assert 600 <= found["wait_s"] <= 1800 * 9 // 8
        found = bench.wait(found)
        tries += 1
    assert 8 <= tries <= 17
    bench.market.published = 2
    found = bench.wait(found)
    assert found["prices"] == day_of(0) + day_of(1) and "error" not in found["state"]
    found = bench.wait(found)
    assert bench.now == bench.market.at(1, 0) + minute * 60 and found["hosts"] == [SE]


def test_nothing_is_asked_twice_over_a_restart(bench: Bench) -> None:
    found = bench.begin(price_area=SE3, hour=15)
    assert len(found["asked"]) == 2
    settings = {"price_enabled": True, "price_area": SE3}
    again = bench.look(config=settings)
    assert again["asked"] == [] and again["state"]["minute"] == found["state"]["minute"]
    bench.market.faults[SE] = Answer(503)
    bench.now = bench.market.at(1, 15)
    failed = bench.look()
    assert failed["hosts"] == [SE]  # one source: once, though a day is missing
    bench.now += failed["wait_s"] - 5
    assert bench.look(config=settings)["asked"] == []
    bench.now += 5
    assert bench.look(config=settings)["hosts"] == [SE]
    assert bench.look(changed=True)["hosts"] == [SE]


FAULTS = [
    ("401", Answer(401), "the token is refused", 21600),
    ("429", Answer(429), "too many questions", 900),
    ("503", Answer(503), "status 503", 120),
    ("redirect", Answer(302, headers=("Location: https://example.org/",)), "another address", 120),
    ("no answer", Answer(raw=b""), "without an answer", 120),
    ("cut", Answer(body=prices.a44([Market().series(0)])[:9000], length=False), "is cut", 1800),
    ("reset", Answer(body=prices.a44([Market().series(0)]), reset=4000), "failed", 120),
    ("200 KB", Answer(body=b"<a>" + b" " * 200_000 + b"</a>"), "no price document", 1800),
    ("blanks", Answer(body=b" " * 200_000), "of over 131072 octets", 1800),
    ("wrong day", Answer(body=prices.a44([Market(date(2026, 6, 30)).series(0)])),
     "prices of 2026-06-30 in place of 2026-07-01", 1800),
    ("type", Answer(body=prices.a44([Market().series(0)]).replace(b">A44<", b">A65<")),
     "document type A44 was expected: A65", 1800),
    ("currency", Answer(body=prices.a44([Market().series(0, currency="XAU")])),
     "the currency XAU is not known", 1800),
    ("unit", Answer(body=prices.a44([Market().series(0, unit="MAW")])), "unit MWH or KWH", 1800),
    ("bounds", Answer(body=prices.a44([Market().series(0, unit="KWH")])), "cannot be right", 1800),
    ("gap", Answer(body=prices.a44([Market().series(0, curve="A01")]).replace(
        b"<position>7</position>", b"<position>8</position>", 1)), "position", 1800),
    ("half a day", Answer(body=prices.a44([prices.Series([prices.Stretch(
        Market().begin(0), ["1.00"] * 48)])])), "48 of 96 quarters of 2026-07-01", 600),
    ("gaps", Answer(body=prices.a44([prices.Series([prices.Stretch(
        Market().begin(0), ["1.00", None, "3.00", None] * 24)], "A01")])),
     "48 of 96 quarters of 2026-07-01", 600),
    ("no data", Answer(400, prices.acknowledgement("999", "No matching data found")),
     "No matching data found", 600),
    ("bad question", Answer(400, prices.acknowledgement("ER", "securityToken=" + TOKEN)),
     "securityToken=***", 1800),
    ("html", Answer(body=b"<!DOCTYPE html><html></html>"), "no XML", 1800),
]  # fmt: skip


@pytest.mark.parametrize(("answer", "words", "pause_s"), [row[1:] for row in FAULTS],
                         ids=[row[0] for row in FAULTS])  # fmt: skip
def test_a_fault_is_told_and_what_is_known_stays(
    bench: Bench, answer: Answer, words: str, pause_s: int
) -> None:
    bench.begin(date(2026, 6, 30), price_area=AUSTRIA, price_token=TOKEN)
    bench.market = Market()
    bench.market.faults[ENTSOE] = answer
    bench.now = bench.market.at(0, 8)
    found = bench.look(changed=True)
    assert words in found["state"]["error"], found["state"]
    assert found["state"]["error"].startswith("entsoe: ") and found["hosts"] == [ENTSOE]
    assert found["log"][-1] == "prices: " + found["state"]["error"]
    assert found["prices"] == day_of(0)  # of yesterday
    assert found["price"] is None and found["state"]["fetched"] < bench.now
    until, tries = found["state"]["wait"]["entsoe"]
    assert pause_s <= until - bench.now < pause_s * 9 // 8 and tries == 1


def test_the_next_source_has_what_the_first_has_not(bench: Bench) -> None:
    bench.begin(price_area=SE3)
    bench.market = Market()
    bench.market.faults[ENTSOE] = Answer(503)
    found = bench.look(
        config={"price_enabled": True, "price_area": NO3, "price_token": TOKEN}, changed=True
    )
    assert found["hosts"] == [ENTSOE, NO] and found["prices"] == day_of(0)
    # Back to ENTSO-E: its euros replace the kroner of today as well.
    bench.market.faults.clear()
    bench.now = bench.market.at(0, 15)
    found = bench.look()
    assert found["hosts"] == [ENTSOE] and found["currency"] == "EUR"
    assert found["prices"] == day_of(0) + day_of(1)
    # And the keyless source has euros for a table of euros.
    bench.market.published = 3
    bench.market.faults[ENTSOE] = Answer(401)
    bench.now = bench.market.at(1, 15)
    found = bench.look()
    assert found["hosts"] == [ENTSOE, NO] and found["currency"] == "EUR"
    assert found["source"] == "MIX"
    assert found["prices"][-96:] == [[25000 + 50 * i, 1] for i in range(96)]


def test_rates_come_from_norges_bank_or_else_from_the_ecb(bench: Bench) -> None:
    settings = {"price_area": DK1, "price_currency": "NOK"}
    found = bench.begin(**settings)
    assert found["hosts"] == [DK, NB] and found["missing"] == ""
    assert found["price"] == (50000 + 500 * 32) * 11.5  # 08:00 is the 33rd quarter
    found = bench.wait(found)
    assert found["hosts"] == [DK]  # tomorrow's prices; rates are due at 06:00 UTC
    found = bench.wait(found)
    assert found["hosts"] == [NB] and bench.now == bench.market.at(1, 8)
    bench.begin(**settings)
    bench.market.faults[NB] = Answer(503)
    found = bench.look(config={"price_enabled": True, "price_area": DK1, "price_currency": "SEK"})
    assert found["hosts"] == [NB, ECB] and found["missing"] == ""
    # 11.5 / 7.46 NOK a DKK, 1.15 NOK a SEK: 1.340483 SEK a DKK.
    assert abs(found["price"] - 66000 * 10 / 7.46) <= 1


def test_only_a_server_that_proves_who_it_is_gets_the_token(bench: Bench) -> None:
    bench.begin(price_area=SE3)
    settings = {"price_enabled": True, "price_area": AUSTRIA, "price_token": TOKEN}
    other = Authority("Other root")
    for context, words in (
        (other.context(*HOSTS), "not correctly signed"),
        (bench.authority.context("www.example.org"), "does not match"),
        (bench.authority.context(*HOSTS, days=-3), "expired"),
    ):
        bench.server.context = context
        found = bench.look(config=settings, changed=True)
        assert found["asked"] == [] and words in found["state"]["error"]
        assert 3600 <= found["wait_s"] <= 3600 * 9 // 8
        assert found["state"]["root"] == 0 if "root" in found["state"] else True
    bench.server.context = bench.authority.context(*HOSTS)
    assert bench.look(changed=True)["prices"] == day_of(0)


def test_none_of_the_known_authorities_is_ours(bench: Bench) -> None:
    """Without the owner's certificate the widely used ones are tried, and none fits."""
    bench.begin(price_area=SE3)
    settings = {"price_enabled": True, "price_area": AUSTRIA, "price_token": TOKEN}
    found = bench.look(config=settings, changed=True, root="")
    assert found["asked"] == [] and "cannot prove who it is" in found["state"]["error"]
    bench.look(root=bench.authority.der.hex())


def test_nothing_is_asked_while_it_should_not_be(bench: Bench) -> None:
    bench.begin(price_area=SE3)
    bench.now = bench.market.at(1, 8)
    found = bench.look(tier=2)
    assert found["asked"] == [] and found["wait_s"] == 60
    now, bench.now = bench.now, 0  # the clock is not set
    found = bench.look()
    assert found["asked"] == [] and found["wait_s"] == 60
    bench.now = now
    for settings in ({"price_area": SE3}, {"price_enabled": True}):
        found = bench.look(config=settings)
        assert found["asked"] == [] and found["wait_s"] > 365 * DAY_S
    found = bench.look(config={"price_enabled": True, "price_area": AUSTRIA})
    assert found["asked"] == [] and "set price_token" in found["state"]["error"]
    assert bench.look(config={"price_enabled": True, "price_area": SE3})["hosts"] == [SE]


def test_pushed_prices_are_not_asked_for(bench: Bench) -> None:
    bench.begin(price_area=SE3)
    bench.now = bench.market.at(1, 8)
    push = {"start": "2026-07-02T00:00:00+02:00", "resolution": 60, "currency": "SEK"}
    found = bench.look(push=json.dumps({**push, "prices": [1.5] * 24}))
    assert found["pushed"] == ["", "prices of 96 quarters in SEK"] and found["source"] == "MIX"
    assert bench.look()["asked"] == []
    short = bench.look(push=json.dumps({**push, "currency": "XAU", "prices": [1.5]}))
    assert short["pushed"][0] == "the currency XAU is not known"


def test_a_clock_that_was_wrong_stops_no_source(bench: Bench) -> None:
    """Pauses and rates were noted by a clock that is put back afterwards."""
    bench.begin(price_area=NO3)
    market, right = bench.market, bench.now
    market.faults[NO] = Answer(status=503)
    bench.now += 40 * DAY_S
    assert bench.look()["hosts"] == [NO]
    market.faults.clear()
    bench.now = right + DAY_S
    assert bench.look()["hosts"] == [NO]
    bench.begin(price_area=NO3, price_currency="EUR")
    right = bench.now
    bench.now += 40 * DAY_S
    bench.market = Market(date(2026, 8, 10))
    assert NB in bench.look()["hosts"]
    bench.market, bench.now = market, right + DAY_S
    assert NB in bench.look()["hosts"]


def test_the_token_is_nowhere(bench: Bench) -> None:
    """After all of the above."""
    assert len(bench.seen) > 60 and TOKEN not in "".join(bench.seen)
