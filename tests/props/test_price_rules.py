"""Price rules and advice against references with datetime, zoneinfo and Decimal.

The reference makes one price at a time from the words of the rules; the firmware makes hours at a
time from integers and masks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st
from ondemand import visit
from test_prices import prices_of_table

DAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
SLOW = settings(max_examples=150, deadline=None)
MICRO = Decimal(1).scaleb(-6)


@dataclass
class Rule:
    """One rule in words."""

    direction: str
    kind: str
    value: Decimal
    days: list[str]
    hours: list[int]
    begin: tuple[int, int] | None  # month, day
    end: tuple[int, int] | None
    number: int = 0

    def text(self) -> str:
        days = "all" if len(self.days) == 7 else ",".join(self.days)
        hours = "all" if len(self.hours) == 24 else ",".join(f"{h:02}" for h in self.hours)
        ends = [f"{e[1]:02}-{e[0]:02}" if e else "00-00" for e in (self.begin, self.end)]
        words = (self.direction, self.kind, format(self.value, "f"), days, hours, *ends)
        return f'"rule {self.number}" ' + " ".join(words)

    def matches(self, local: datetime, direction: str) -> bool:
        if self.direction not in (direction, "both"):
            return False
        if DAYS[local.weekday()] not in self.days or local.hour not in self.hours:
            return False
        date = (local.month, local.day)
        begin, end = self.begin or (1, 1), self.end or (12, 31)
        return begin <= date <= end if begin <= end else not end < date < begin


def rounded(value: Decimal) -> Decimal:
    return value.quantize(MICRO, ROUND_HALF_UP)


def reference(
    rules: list[Rule], spots: dict[int, Decimal], quarter: int, zone: str, direction: str,
    multiplier: Decimal,
) -> Decimal | None:  # fmt: skip
    """The price of a quarter, from the texts of issue and specification alone."""
    local = datetime.fromtimestamp(quarter * 900, UTC).astimezone(ZoneInfo(zone))
    active = [rule for rule in rules if rule.matches(local, direction)]
    replacing = [rule.value for rule in active if rule.kind == "fixed"]
    spot = spots.get(quarter)
    if replacing:
        price = sum(replacing, Decimal(0))
    elif spot is None:
        return None
    else:
        price = rounded(spot * multiplier)
    for rule in active:
        if rule.kind == "add":
            price += rule.value
        elif rule.kind == "subtract":
            price -= rule.value
        elif rule.kind == "percent":
            price += rounded(price * rule.value / 100)
        elif rule.kind == "subsidy" and not replacing:
            hour = [spots.get(q) for q in range(quarter // 4 * 4, quarter // 4 * 4 + 4)]
            known = [micro for micro in hour if micro is not None]
            if len(known) < 4:
                return None
            excess = max(Decimal(0), sum(known) / 4 - rule.value)
            price -= rounded(excess * Decimal("0.9") * multiplier)
    return price


values = st.integers(-3_000_000, 3_000_000).map(lambda micro: Decimal(micro).scaleb(-6))
dates = st.one_of(
    st.none(), st.datetimes(datetime(2024, 1, 1), datetime(2024, 12, 31)).map(
        lambda d: (d.month, d.day)
    ),
)  # fmt: skip
plain = st.builds(
    Rule,
    st.sampled_from(["import", "export", "both"]),
    st.sampled_from(["fixed", "add", "percent", "subtract"]),
    values,
    st.lists(st.sampled_from(DAYS), min_size=1, max_size=7, unique=True),
    st.one_of(
        st.just(list(range(24))),
        st.lists(st.integers(0, 23), min_size=1, max_size=24, unique=True),
    ),
    dates,
    dates,
)
subsidies = st.builds(
    Rule,
    st.just("import"),
    st.just("subsidy"),
    st.integers(1, 3_000_000).map(lambda micro: Decimal(micro).scaleb(-6)),
    st.just(list(DAYS)),
    st.just(list(range(24))),
    dates,
    dates,
)
rule_lists = st.lists(st.one_of(plain, subsidies), max_size=6)
# Hours of ordinary days, of both changes of the clock, of new year and of a leap day.
BEGINS = [
    int(datetime(*date, tzinfo=UTC).timestamp()) // 900
    for date in (
        (2026, 1, 9, 20), (2026, 3, 28, 22), (2026, 10, 24, 21), (2025, 12, 31, 19),
        (2028, 2, 28, 20), (2026, 7, 5, 0), (2027, 10, 30, 22),
    )
]  # fmt: skip
zones = st.sampled_from(["Europe/Oslo", "Europe/Helsinki", "Europe/London", "Europe/Berlin"])


@given(
    rule_lists,
    st.lists(st.one_of(st.none(), st.integers(-900_000, 4_000_000)), min_size=8, max_size=60),
    st.sampled_from(BEGINS),
    st.integers(0, 3),
    zones,
    st.integers(1, 3000),
)
@SLOW
def test_rules_make_the_prices_of_the_reference(
    rules: list[Rule], raw: list[int | None], begin: int, shift: int, zone: str, multiplier: int
) -> None:
    for number, rule in enumerate(rules):
        rule.number = number
    first = begin + shift
    prices = prices_of_table(
        raw, first, timezone=zone, price_multiplier=multiplier,
        price_rules=";".join([rule.text() for rule in rules]),
    )  # fmt: skip
    assert not prices._config.faults
    spots = {
        first + i: Decimal(micro).scaleb(-6) for i, micro in enumerate(raw) if micro is not None
    }
    for i in range(-2, len(raw) + 2):
        for direction, price in (("import", prices.price), ("export", prices.export_price)):
            exact = reference(rules, spots, first + i, zone, direction, Decimal(multiplier) / 1000)
            found = price((first + i) * 900 + 450)
            assert found == (None if exact is None else int(exact.scaleb(6))), (i, direction)


@given(rule_lists)
@SLOW
def test_the_text_of_a_rule_comes_back(rules: list[Rule]) -> None:
    with visit("prices.ruletext") as ruletext:
        for rule in rules:
            (found,) = ruletext.parse(rule.text())
            (again,) = ruletext.parse(found.text())
            assert vars(again) == vars(found) and found.micro == int(rule.value.scaleb(6))


@given(st.text(max_size=80))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    with visit("prices.ruletext") as ruletext:
        for candidate in (text, f'"a" import add {text}', f'"{text}" both percent 1', f"{text};"):
            try:
                rules = ruletext.parse(candidate)
            except ValueError as e:
                assert str(e)
                continue
            again = ruletext.parse(";".join([rule.text() for rule in rules]))
            assert [vars(rule) for rule in again] == [vars(rule) for rule in rules]


known = st.lists(st.one_of(st.none(), st.integers(-50, 50)), min_size=1, max_size=14)


@given(known, st.integers(1, 8), st.booleans())
@SLOW
def test_runs_and_quarters_are_the_best_of_all(
    raw: list[int | None], quarters: int, dearest: bool
) -> None:
    def price(utc: int) -> int | None:
        return raw[utc // 900] if utc // 900 < len(raw) else None

    sums = {
        i: sum(part)
        for i in range(len(raw) - quarters + 1)
        if None not in (part := raw[i : i + quarters])
    }
    wanted = None
    if sums:
        best = max(sums.values()) if dearest else min(sums.values())
        wanted = min(i for i in sums if sums[i] == best) * 900
    places = [i for i, micro in enumerate(raw) if micro is not None]
    choices = list(combinations(places, quarters)) if quarters <= len(places) else []
    with visit("prices.advice") as advice:
        assert advice.run(price, 0, len(raw) * 900, quarters, dearest) == wanted
        found = advice.pick(price, 0, len(raw) * 900, quarters)
    if not choices:
        assert found == []
        return
    cheapest = min(sum(raw[i] or 0 for i in choice) for choice in choices)
    assert sum(raw[utc // 900] or 0 for utc in found) == cheapest and found == sorted(set(found))
    first = min(choice for choice in choices if sum(raw[i] or 0 for i in choice) == cheapest)
    assert [utc // 900 for utc in found] == list(first)
