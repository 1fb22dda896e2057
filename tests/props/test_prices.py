"""Prices of any document are taken as sent, or refused if it is cut or damaged."""

from __future__ import annotations

import tracemalloc
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prices.numbers import decimal
from prices.sources import entsoe, norgesbank
from prices.stored import rate_ppm
from prices.table import LIMIT, SLOTS, PriceTable
from prices.xml import CLOSE, OPEN
from test_entsoe import ATTRIBUTE, Events
from test_prices import prices_of_table, restored

from tools.encoders.prices import Series, Stretch, a44, acknowledgement, rates


class Filled:
    """Stands for Prices, which a parser fills."""

    def __init__(self, table=None, rates=None) -> None:
        self.table = table
        self.rates = rates
        self.wanted = ""


def A44Parser(table: PriceTable) -> entsoe.Parser:
    return entsoe.Parser(Filled(table))


def RateParser(rates: dict[str, int]) -> norgesbank.Parser:
    return norgesbank.Parser(Filled(rates=rates))


CET = ZoneInfo("Europe/Oslo")
BEGIN = datetime(2026, 6, 30, 22)
QUICK = settings(max_examples=120, deadline=None)

micros = st.one_of(
    st.integers(-500_000, 5_000_000), st.sampled_from([0, LIMIT, -LIMIT, 1, -1, 85000])
)
cuts = st.lists(st.integers(0), max_size=12)


def text(micro: int) -> str:
    """A price a MWh, exact."""
    return format(Decimal(micro) / 1000, "f")


def utc(time: datetime) -> int:
    return int(time.replace(tzinfo=UTC).timestamp())


def split(octets: bytes, at: list[int]) -> list[bytes]:
    edges = sorted({cut % (len(octets) + 1) for cut in at} | {0, len(octets)})
    return [octets[a:b] for a, b in pairwise(edges)] or [b""]


def parsed(chunks: list[bytes]) -> tuple[dict[int, int], int, str, str]:
    """(prices by quarter, slots that were filled, fault, code)."""
    table = PriceTable()
    parser = A44Parser(table)
    for chunk in chunks:
        parser.feed(chunk)
    count = parser.close()
    return known(table), count, parser.fault, parser.code


def known(table: PriceTable) -> dict[int, int]:
    found = {}
    for quarter in range(table.begin, table.end):
        micro = table.at(quarter)
        if micro is not None:
            found[quarter] = micro
    return found


def expected(start: datetime, prices: list[int | None], minutes: int) -> dict[int, int]:
    each = minutes // 15
    first = utc(start) // 900
    return {
        first + i * each + k: micro
        for i, micro in enumerate(prices)
        if micro is not None
        for k in range(each)
    }


@given(
    st.lists(micros, min_size=1, max_size=97),
    st.sampled_from([15, 30, 60]),
    st.sampled_from(["A01", "A03"]),
    st.sampled_from(["", "n"]),
    st.booleans(),
    st.integers(0, 95),
    cuts,
)
@QUICK
def test_prices_come_back(prices, minutes, curve, prefix, indent, offset, at) -> None:
    start = BEGIN + timedelta(minutes=15 * offset)
    stretch = Stretch(start, [text(micro) for micro in prices], minutes)
    octets = a44([Series([stretch], curve)], prefix=prefix, indent=indent)
    found, count, fault, _ = parsed(split(octets, at))
    assert found == expected(start, prices, minutes)
    assert (count, fault) == (len(found), "")


@given(st.lists(st.one_of(st.none(), micros), min_size=1, max_size=96))
@QUICK
def test_gaps_of_a_curve_a01_stay(prices) -> None:
    sent = [None if micro is None else text(micro) for micro in prices]
    found, count, fault, _ = parsed([a44([Series([Stretch(BEGIN, sent)], "A01")])])
    assert found == expected(BEGIN, prices, 15) and count == len(found)
    assert bool(fault) == (not found)


@given(
    st.lists(
        st.tuples(
            st.integers(0, 60),  # hours after BEGIN
            st.sampled_from([15, 30, 60]),
            st.lists(micros, min_size=4, max_size=24),
            st.sampled_from(["A01", "A03"]),
            st.sampled_from([None, 1, 2, 3]),
            st.sampled_from(["A01", "A01", "A07"]),
        ),
        min_size=1,
        max_size=5,
    ),
    cuts,
)
@QUICK
def test_the_lowest_sequence_counts_then_the_first(rows, at) -> None:
    series = []
    best: dict[int, tuple[int, int]] = {}
    for hours, minutes, prices, curve, sequence, contract in rows:
        start = BEGIN + timedelta(hours=hours)
        stretch = Stretch(start, [text(micro) for micro in prices], minutes)
        series.append(Series([stretch], curve, sequence=sequence, contract=contract))
        if contract == "A01":
            for quarter, micro in expected(start, prices, minutes).items():
                if quarter not in best or best[quarter][0] > (sequence or 1):
                    best[quarter] = (sequence or 1, micro)
    found, count, fault, _ = parsed(split(a44(series), at))
    assert found == {quarter: micro for quarter, (_, micro) in best.items()}
    assert count == len(found) and bool(fault) == (not found)


def days_with_a_change() -> Iterator[tuple[date, int]]:
    for year in range(2024, 2036):
        for month in (3, 10):
            last = date(year, month, 31)
            sunday = last - timedelta(days=(last.weekday() + 1) % 7)
            yield sunday, 23 if month == 3 else 25
            yield sunday - timedelta(days=1), 24
            yield sunday + timedelta(days=1), 24


@pytest.mark.parametrize("curve", ["A01", "A03"])
def test_days_of_23_and_25_hours(curve: str) -> None:
    for day, hours in days_with_a_change():
        ends = [
            datetime(d.year, d.month, d.day, tzinfo=CET).astimezone(UTC).replace(tzinfo=None)
            for d in (day, day + timedelta(days=1))
        ]
        for minutes in (15, 60):
            prices: list[int | None] = [i // 3 * 100 - 700 for i in range(hours * 60 // minutes)]
            sent = [text(micro or 0) for micro in prices]
            octets = a44([Series([Stretch(ends[0], sent, minutes, ends[1])], curve)])
            found, count, fault, _ = parsed([octets])
            assert found == expected(ends[0], prices, minutes)
            assert (count, fault) == (4 * hours, "")
            assert min(found) * 900 == utc(ends[0]) and (max(found) + 1) * 900 == utc(ends[1])


GOOD = a44(
    [
        Series([Stretch(BEGIN, ["50", "50", "-60.25", "40"] * 3, 60)], sequence=2),
        Series(
            [
                Stretch(BEGIN, ["1", "2", "2", "4"]),
                Stretch(BEGIN + timedelta(hours=2), ["9", "8"], 30),
            ],
            "A01",
            sequence=1,
        ),
    ]
)
NO_DATA = acknowledgement("999", "No matching data found for Data item <Energy> & \u00e5")
RATES = rates([("SEK", 2, [("2026-06-30", "101.25")]), ("EUR", 0, [("2026-06-30", "11.5")])])
PIECES = (
    "<a> </a> <!-- --> <![CDATA[ ]]> <? ?> <!DOCTYPE > < > / ' \" = & ]]> -- <a/> 1e9 -1 \x00"
    " <TimeSeries> </TimeSeries> <Period> </Period> <Point> </Point> <position> </position>"
    " <price.amount> </price.amount> <timeInterval> </timeInterval> <start> 2026-06-30T22:00Z"
    " </start> <end> 2026-06-30T23:00Z </end> <resolution>PT15M</resolution>"
    " <currency_Unit.name>EUR</currency_Unit.name> <Publication_MarketDocument>"
    " <price_Measure_Unit.name>MWH</price_Measure_Unit.name> <curveType>A03</curveType> 1 2 4 99"
    " </Publication_MarketDocument> <Series> <Obs> </Obs> </Series> OBS_VALUE='1' BASE_CUR='EUR'"
    " UNIT_MULT='2' <Acknowledgement_MarketDocument> <Reason> <code> </code> </Reason>"
).split(" ")


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    octets = bytearray(draw(st.sampled_from([GOOD, GOOD, NO_DATA, RATES])))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(octets)))
        n = draw(st.integers(0, 40))
        piece = draw(st.sampled_from(PIECES)).encode() or draw(st.binary(max_size=5))
        octets[at : at + n] = piece
    return bytes(octets)


hostile = st.one_of(
    damaged(),
    st.binary(max_size=400),
    st.lists(st.sampled_from(PIECES), max_size=80).map(lambda pieces: "".join(pieces).encode()),
)


@given(hostile, cuts)
@settings(max_examples=500, deadline=None)
def test_any_octets_raise_nothing_however_they_are_split(octets: bytes, at: list[int]) -> None:
    found, count, fault, code = parsed([octets])
    assert len(found) == count <= SLOTS and len(fault) <= 200 and len(code) <= 8
    assert all(-LIMIT <= micro <= LIMIT for micro in found.values())
    assert parsed(split(octets, at)) == (found, count, fault, code)
    assert parsed([octets[i : i + 1] for i in range(len(octets))]) == (found, count, fault, code)
    taken: dict[str, int] = {}
    parser = RateParser(taken)
    for chunk in split(octets, at):
        parser.feed(chunk)
    assert parser.close() == len(taken) <= 16 and (taken or parser.fault)
    assert all(0 < ppm <= 10**9 for ppm in taken.values())


@given(st.integers(0, len(GOOD) - 3))
@QUICK
def test_a_cut_answer_gives_no_other_prices(end: int) -> None:
    whole = parsed([GOOD])[0]
    found, count, fault, _ = parsed([GOOD[:end]])
    # Sequence 2 may stand where sequence 1 has not come yet.
    first = parsed([GOOD[: GOOD.index(b"</TimeSeries>")]])[0]
    assert fault and count == len(found)
    assert all(
        micro in (whole.get(quarter), first.get(quarter)) for quarter, micro in found.items()
    )


numbers = st.one_of(
    st.from_regex(r"[+-]?[0-9]{0,7}(\.[0-9]{0,9})?", fullmatch=True),
    st.text(max_size=12),
    st.decimals(-200_000, 200_000, allow_nan=False, places=6).map(lambda d: format(d, "f")),
)


@given(numbers)
@settings(max_examples=500, deadline=None)
def test_a_price_is_exact_or_refused(number: str) -> None:
    legal = set(number) <= set("+-.0123456789") and not set(number[1:]) & set("+-")
    legal = legal and any(c.isdigit() for c in number) and number.count(".") <= 1
    micro = int(Decimal(number) * 1000 // 1) if legal else 0
    if legal:
        micro = int((Decimal(number) * 1000).quantize(Decimal(1), ROUND_HALF_UP))
    octets = number.encode()
    found = decimal(octets, 3, LIMIT)
    if found is None:
        assert not legal or abs(micro) > LIMIT
    else:
        assert legal and found == micro and abs(micro) <= LIMIT


@given(
    st.lists(st.from_regex(r"[A-Z]{3}", fullmatch=True), min_size=1, max_size=6, unique=True),
    st.lists(st.decimals("0.01", "99999", places=4), min_size=6, max_size=6),
    st.lists(st.integers(0, 4), min_size=6, max_size=6),
    st.booleans(),
    cuts,
)
@QUICK
def test_rates_come_back(currencies, values, multipliers, apostrophes, at) -> None:
    rows, wanted = [], {}
    for currency, value, multiplier in zip(currencies, values, multipliers, strict=False):
        ppm = (value * 10**6 / 10**multiplier).quantize(Decimal(1), ROUND_HALF_UP)
        if not 0 < ppm <= 10**9:
            continue
        older = [("2026-05-29", "3"), ("2026-06-30", format(value, "f")), ("2026-06-01", "4")]
        rows.append((currency, multiplier, older))
        wanted[currency] = int(ppm)
    found: dict[str, int] = {}
    parser = RateParser(found)
    for chunk in split(rates(rows, apostrophes=apostrophes), at):
        parser.feed(chunk)
    assert parser.close() == len(wanted) and found == wanted
    assert bool(parser.fault) == (not wanted)
    for a, b in pairwise(sorted(wanted)):
        worth = Decimal(1 if a == "NOK" else wanted[a])
        ppm = worth * 10**6 / wanted[b]
        if "NOK" not in (a, b):
            assert rate_ppm(a, b, found) == int(ppm.quantize(Decimal(1), ROUND_HALF_UP))


@given(micros, st.integers(1, 10**9), st.integers(1, 10**6))
def test_a_price_is_rounded_once(raw: int, rate: int, multiplier: int) -> None:
    prices = prices_of_table([raw], 5, price_multiplier=multiplier)
    prices.rate = rate
    exact = (Decimal(raw) * rate * multiplier / 10**9).quantize(Decimal(1), ROUND_HALF_UP)
    usual = -(10**9) <= exact <= 2 * 10**9
    assert prices.price(5 * 900) == (int(exact) if usual else None)


@given(st.dictionaries(st.integers(1000, 1500), micros, max_size=60), st.integers(900, 1600))
def test_tables_come_back_and_are_kept(prices: dict[int, int], since: int) -> None:
    older, newer = PriceTable(), PriceTable()
    older.spot_currency = newer.spot_currency = "EUR"
    held = {}
    for quarter, micro in prices.items():
        if older.put(quarter, micro):
            held[quarter] = micro
    assert max(held, default=0) - min(held, default=0) < SLOTS and known(older) == held
    assert known(restored(older.pack())) == held
    assert newer.put(1200, 7)
    newer.copy_missing(older, since * 900)
    assert known(newer)[1200] == 7
    for quarter, micro in known(newer).items():
        assert quarter == 1200 or (held[quarter] == micro and quarter >= since)


@given(st.binary(max_size=80))
@settings(max_examples=300, deadline=None)
def test_any_record_is_taken_whole_or_not_at_all(octets: bytes) -> None:
    table = PriceTable()
    assert table.put(1000, 5)
    before = bytes(table.pack())
    head = before[:6] + b"EOEEUR"
    more = before[:4] + bytes([len(octets) // 4, 0]) + head[6:] + octets
    for data in (octets, head + octets, more):
        found = restored(data)
        assert all(-LIMIT <= micro <= LIMIT for micro in known(found).values())
        assert found.spot_currency in ("", "EUR") or found.spot_currency.isupper()


names = st.sampled_from(["a", "b", "c", "d", "ab"])
texts = st.text(st.sampled_from("xyz<>&'\" \n\u00e5]-?"), max_size=12)
trees = st.recursive(
    st.tuples(names, st.dictionaries(names, texts, max_size=2), texts, st.just([])),
    lambda inner: st.tuples(
        names, st.dictionaries(names, texts, max_size=2), texts, st.lists(inner, max_size=3)
    ),
    max_leaves=8,
)


def told(tree, depth: int = 1) -> Iterator[tuple[int, str, str]]:
    name, attributes, content, children = tree
    yield OPEN, name, ""
    for key in "abc":
        if attributes.get(key):
            yield ATTRIBUTE, key, attributes[key]
    for child in children:
        yield from told(child, depth + 1)
    yield CLOSE, name, "" if children or name not in ("a", "b", "c") else content


def plain(value: str) -> str:
    """As value() gives it: an octet that is not printable is one '?', outer blanks are gone."""
    return "".join(chr(o) if 0x20 <= o <= 0x7E else "?" for o in value.encode()).strip()


def element(tree) -> ET.Element:
    name, attributes, content, children = tree
    one = ET.Element(name, attributes)
    one.text = content
    one.extend(element(child) for child in children)
    return one


@given(trees, cuts)
@settings(max_examples=200, deadline=None)
def test_the_scanner_tells_what_the_standard_library_wrote(tree, at) -> None:
    known_names = ["a", "b", "c"]

    def number(event: int, name: str) -> int | str:
        if event == ATTRIBUTE:
            return name
        return known_names.index(name) + 1 if name in known_names else 0

    scanner = Events(" ".join(known_names))
    for chunk in split(ET.tostring(element(tree), encoding="utf-8"), at):
        scanner.feed(chunk)
    found = [
        (event, name, text.replace("&#10;", " ").strip()) for event, name, text in scanner.events
    ]
    wanted = [
        (event, number(event, name),
         plain(value.replace("\n", " ")))
        for event, name, value in told(tree)
    ]  # fmt: skip
    assert found == wanted and scanner.complete and not scanner.fault


def test_memory_does_not_grow_with_the_document() -> None:
    noise = b"<x y='%s'>%s</x>" % (b"z" * 7500, b"t" * 7500)
    intraday = a44([Series([Stretch(BEGIN, ["1", "2"])], contract="A07")])
    begin, end = intraday.index(b"<TimeSeries>"), intraday.index(b"</Period>")
    point = b"<Point><position>1</position><price.amount>1.00</price.amount></Point>" * 200
    body = (b"<y>" + noise + b"</y>") * 10 + intraday[begin:end] + point
    chunks = [body[at : at + 512] for at in range(0, len(body), 512)]
    parser = A44Parser(PriceTable())
    parser.feed(intraday[:begin])
    tracemalloc.start()
    for chunk in chunks:
        parser.feed(chunk)
    for _ in range(20):
        parser.feed(point)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert not parser.fault and len(body) > 150_000 and peak < 4096
