"""Prices as JSON: values are those of the standard library, and no octets raise anything."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator
from datetime import datetime

from hypothesis import given, settings
from hypothesis import strategies as st
from prices.flatjson import Scanner
from prices.table import IN_JSON, LIMIT, SLOTS, Document

from tools.encoders.prices import day_ahead_prices, per_kwh

BEGIN = datetime(2026, 6, 30, 22)
texts = st.text(st.sampled_from('ab"\\/ {}[],:1å'), max_size=8)
scalars = st.one_of(st.none(), st.booleans(), st.integers(-(10**9), 10**9), texts)
trees = st.recursive(
    st.one_of(st.dictionaries(texts, scalars, max_size=3), st.lists(scalars, max_size=3)),
    lambda inner: st.one_of(
        st.dictionaries(texts, st.one_of(scalars, inner), max_size=3),
        st.lists(st.one_of(scalars, inner), max_size=3),
    ),
    max_leaves=6,
)


class Values(Scanner):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[object] = []

    def handle(self, key: bytes, value: bytes, quoted: bool) -> None:
        self.found.append((key.decode(), value.decode() if quoted else json.loads(value)))

    def ended(self) -> None:
        self.found.append("end")


def told(tree: object, key: str) -> Iterator[object]:
    """The calls for a tree. A list has the key that stood last before it."""
    if isinstance(tree, dict):
        for name, value in tree.items():
            key = name
            yield from told(value, name)
            if isinstance(value, dict | list):
                key = last_key(value, name)
        yield "end"
    elif isinstance(tree, list):
        for value in tree:
            yield from told(value, key)
            key = last_key(value, key)
    else:
        yield key, tree


def last_key(tree: object, key: str) -> str:
    """The last key in a text."""
    if isinstance(tree, dict):
        for name, value in tree.items():
            key = last_key(value, name)
    elif isinstance(tree, list):
        for value in tree:
            key = last_key(value, key)
    return key


def depth(tree: object) -> int:
    inner = tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ()
    return 1 + max(map(depth, inner), default=0) if isinstance(tree, dict | list) else 0


@given(trees, st.integers(1, 9), st.booleans())
@settings(max_examples=300, deadline=None)
def test_values_are_those_of_the_standard_library(tree: object, size: int, indent: bool) -> None:
    text = json.dumps(tree, ensure_ascii=False, indent=2 if indent else None).encode()
    values = Values()
    for at in range(0, len(text), size):
        values.feed(text[at : at + size])
    if depth(tree) <= 8:
        assert values.found == list(told(tree, "")) and values.complete and not values.fault
    else:
        assert "no JSON" in values.fault


GOOD = (
    per_kwh(BEGIN, [0.5, -1e-5, 2, 3], "NOK"),
    per_kwh(BEGIN, [0.5, 1.25], "SEK", 60),
    day_ahead_prices(BEGIN, [100.5, -3, 50]),
    b'{"start":"2026-07-01T00:00:00+02:00","resolution":30,"currency":"SEK","prices":[0.5,null,1]}',
)
PIECES = (
    b'{ } [ ] , : " \\ 1 -1 1e9 null true "prices" "start" "time_start" "NOK_per_kWh" "TimeUTC" '
    b'"2026-06-30T22:00:00" "2026-07-01T00:00:00+02:00" 1e-400 99999999999999999999 \x00 \xff'
).split(b" ")


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    octets = bytearray(draw(st.sampled_from(GOOD)))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(octets)))
        octets[at : at + draw(st.integers(0, 30))] = draw(st.sampled_from(PIECES))
    return bytes(octets)


hostile = st.one_of(
    damaged(),
    st.binary(max_size=200),
    st.lists(st.sampled_from(PIECES), max_size=60).map(b"".join),
)


@given(hostile, st.sampled_from([*IN_JSON, ""]), st.integers(1, 50))
@settings(max_examples=400, deadline=None)
def test_any_octets_raise_nothing(octets: bytes, source: str, size: int) -> None:
    outcomes = []
    for step in (size, 1, 1000):
        document = Document((source,) if source else ())
        for at in range(0, len(octets), step):
            document.feed(octets[at : at + step])
        parser = document._own
        if parser is not None:
            count, fault = parser.close(), parser.fault
            assert 0 <= count <= SLOTS and (count or fault) and len(fault) <= 200
            assert "\x00" not in fault and fault.isprintable()
        table = document.table
        found = [table.at(quarter) for quarter in range(table.begin, table.end)]
        assert all(micro is None or -LIMIT <= micro <= LIMIT for micro in found)
        outcomes.append((parser is not None and parser.fault, found if source else None))
        document.unload()
    assert outcomes[0] == outcomes[1] == outcomes[2] or not source


def test_memory_does_not_grow_with_the_document() -> None:
    head = b'{"x":"%s","y":[%s],' % (b"z" * 9000, b",".join([b'{"a":1}'] * 9000))
    body = head + b'"records":' + day_ahead_prices(BEGIN, [1.5] * 96).partition(b'"records":')[2]
    document = Document(("energidataservice",))
    tracemalloc.start()
    for at in range(0, len(body), 512):
        document.feed(body[at : at + 512])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert not document.fault() and len(body) > 90_000 and peak < 8192
    assert (
        document.table.end - document.table.begin == 95
    )  # the last one's length is not known yet
    document.unload()
