"""entsoe-py reads what tools/encoders/prices.py writes to the same numbers as our parser."""

from datetime import UTC, date, datetime, timedelta

import pytest
from entsoe.parsers import parse_prices
from prices.sources import entsoe
from prices.table import PriceTable

from tools.encoders.prices import Series, Stretch, a44
from tools.market import Market


class Filled:
    def __init__(self) -> None:
        self.table = PriceTable()
        self.rates: dict[str, int] = {}
        self.wanted = ""


def ours(document: bytes) -> dict[datetime, int]:
    """Micro-units a kWh by the time of the quarter."""
    filled = Filled()
    parser = entsoe.Parser(filled)
    for at in range(0, len(document), 512):
        parser.feed(document[at : at + 512])
    parser.close()
    assert not parser.fault
    table = filled.table
    return {
        datetime.fromtimestamp(quarter * 900, UTC): micro
        for quarter in range(table.begin, table.end)
        if (micro := table.at(quarter)) is not None
    }


def theirs(document: bytes) -> dict[datetime, int]:
    """The same by entsoe-py: its prices are of a MWh, one for each interval."""
    found = {}
    for minutes, name in ((15, "15min"), (30, "30min"), (60, "60min")):
        for time, price in parse_prices(document.decode())[name].items():
            for quarter in range(minutes // 15):
                at = time.to_pydatetime().astimezone(UTC) + timedelta(minutes=15 * quarter)
                found[at] = round(price * 1000)
    return found


def market(first: date = date(2026, 7, 1), minutes: int = 15) -> Market:
    made = Market(first)
    made.minutes = minutes
    return made


TWO = Series([Stretch(market().begin(day), ["1.5", "2.25"] * 48) for day in (0, 1)])
FLAT = Series([Stretch(market().begin(0), ["50.00"] * 20 + ["-1.25"] * 70 + ["60.1"] * 6)])
DOCUMENTS = {
    "quarters": a44([market().series(0), market().series(1)]),
    "curve A01": a44([market().series(0, curve="A01")]),
    "half hours": a44([market(minutes=30).series(0)]),
    "hours": a44([market(minutes=60).series(0)]),
    "equal prices are left out": a44([FLAT]),
    "23 hours": a44([market(date(2026, 3, 29)).series(0)]),
    "25 hours": a44([market(date(2026, 10, 25)).series(0)]),
    "two periods": a44(
        [Series([Stretch(market().begin(n), ["1.5", "2.25"] * 48) for n in (0, 1)])]
    ),
}


@pytest.mark.filterwarnings("ignore::bs4.XMLParsedAsHTMLWarning")
@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_same_numbers(name: str) -> None:
    found = ours(DOCUMENTS[name])
    assert found == theirs(DOCUMENTS[name])
    assert len(found) in (92, 96, 100, 192)
