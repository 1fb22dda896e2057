"""Price rules: from the spot price of a quarter-hour to the owner's price. Loaded on demand.

In       the settings of prices, among them `price_rules` (prices.ruletext); spot prices and their
         rate; the import of a month
Out      prices in 1e-6 of the currency a kWh, and the steps by which each came about
Rules    1. The spot price in the owner's currency times the multiplier, or the fixed price.
         2. If rules `fixed` or `norgespris` match: their sum in place of it.
         3. The other rules that match, in their order, each on the result so far.
         A rule matches by direction, and by weekday, hour and date of the local time at which the
         quarter begins. A season has its first and its last day and may go over the new year.
         With kWh, the rule does not match after the hour in which the import of the local month
         has become more than that.
         Each step is rounded to 1e-6, half away from zero. An unknown spot price makes an unknown
         price, unless it is replaced.
         subsidy     less 90 % of the hour's mean spot price above the value, times the
                     multiplier; not if the spot price is replaced
         norgespris  the value times the multiplier
         Their value is without VAT, which is the multiplier or a later rule. A value of 0 is that
         of the law on the date, in NOK: with another currency, or before the law, such a rule
         does not match. After its last known date the last value goes on.
Limits   Prices beyond -1000 and 2000 are unknown
Source   AMS reader 2.5: its order of steps, by its users' files.
         Norway: forskrift 2025-09-08-1791, 5; Prop. 148 L (2024-2025): 90 % above 70 oere from
         2023-09 by the hour, 73 in 2024, 75 in 2025, 77 in 2026; 40 oere of Norgespris from
         2025-10 to 2026-12; both up to 5000 kWh a month, Norgespris of a cabin 1000
"""

import clock
from fmt import divide
from micropython import const
from ondemand import visit

from prices.ruletext import EXPORT, IMPORT, parse, reduced
from prices.table import NO_PRICE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from array import array
    from typing import Any

    from contracts import PricesInForce

SETTINGS = (
    "price_rules", "price_multiplier", "price_fixed_micro", "export_price", "export_multiplier",
    "export_fixed_micro", "timezone",
)  # fmt: skip
UNKNOWN: int = NO_PRICE  # as filled into slots

_FIXED = const(0)
_PERCENT = const(2)
_SUBTRACT = const(3)
_SUBSIDY = const(4)
_NORGESPRIS = const(5)
_LOWEST = const(-1000000000)
_HIGHEST = const(2000000000)
_LEGAL_CURRENCY = "NOK"
# By the law: first day as year * 10000 + month * 100 + day, value.
_THRESHOLDS = ((20230901, 700000), (20240101, 730000), (20250101, 750000), (20260101, 770000))
_PRICES = ((20251001, 400000),)


class Pricing:
    """How prices of one direction are made, hour by hour: call hour(), then price()."""

    def __init__(self, prices: "PricesInForce", config: "Any", direction: int) -> None:
        """config: an object with the settings of prices and the zone."""
        self._prices = prices
        self._zone = clock.Zone(config.timezone)
        self.rules = [r for r in parse(config.price_rules) if r.direction & direction]
        self._multiplier = config.price_multiplier
        self.fixed: "int | None" = config.price_fixed_micro or None
        if direction == EXPORT and config.export_price == "spot":
            self._multiplier, self.fixed = config.export_multiplier, None
        elif direction == EXPORT and config.export_price == "fixed":
            self.fixed = config.export_fixed_micro
        # Small numbers make no garbage: 25 % is 1 / 4.
        self._factor = reduced((prices.rate or 0) * self._multiplier, 1000000000)
        self._base: "list[tuple[str, int]]" = []  # name and amount, in place of the spot price
        # Name and amount, or name, numerator and denominator of a part of the result so far. The
        # amount is None if it cannot be known.
        self._steps: "list[tuple[str, int | None, int]]" = []
        self._crossings: "dict[tuple[int, int], int]" = {}  # UTC by month and kWh

    def hour(self, utc: int, spot: "array[int] | memoryview", at: int) -> None:
        """Choose the rules of the UTC hour that begins at utc; its spot prices are spot[at:][:4].
        NO_PRICE is an unknown one."""
        local = utc + self._zone.offset_s(utc)
        year, month, day = clock.civil(local)[:3]
        weekday, hour = clock.weekday(local // 86400), local // 3600 % 24
        matching = []
        self._base = []
        for rule in self.rules:
            if not rule.matches(weekday, hour, month * 100 + day):
                continue
            if rule.kwh and self.is_over(rule.kwh, year * 12 + month - 1, utc):
                continue
            value = rule.micro
            if rule.is_by_law():
                value = self._legal(rule.kind, year * 10000 + month * 100 + day)
                if value < 0:
                    continue
            if rule.kind == _NORGESPRIS:
                value = divide(value * self._multiplier, 1000)
            if rule.kind == _FIXED or rule.kind == _NORGESPRIS:
                self._base.append((rule.name, value))
            else:
                matching.append((rule, value))
        if not self._base and self.fixed is not None:
            self._base.append(("Fixed price", self.fixed))
        self._steps = []
        for rule, value in matching:
            if rule.kind == _PERCENT:
                self._steps.append((rule.name, rule.part[0], rule.part[1]))
            elif rule.kind != _SUBSIDY:
                self._steps.append((rule.name, -value if rule.kind == _SUBTRACT else value, 0))
            elif not self._base:
                self._steps.append((rule.name, self._subsidy(value, spot, at), 0))

    def _subsidy(self, value: int, spot: "array[int] | memoryview", at: int) -> "int | None":
        """What the subsidy adds, above a value without VAT; None if a price of the hour is
        unknown."""
        total = 0
        for i in range(at, at + 4):
            if spot[i] == NO_PRICE or self._prices.rate is None:
                return None
            total += spot[i] * self._prices.rate
        excess = max(0, total - value * 4000000)  # four times, in 1e-12
        return -divide(excess * 9 * self._multiplier, 40000000000)

    def is_over(self, kwh: int, month: int, utc: int) -> bool:
        """Whether the import of a local month has been more than so many kWh before utc."""
        if (month, kwh) not in self._crossings:
            energy, crossing = self._prices.energy, 0
            if energy is not None:
                with visit("energy.caps") as caps:
                    crossing = caps.crossing(energy, month, kwh)
            self._crossings[month, kwh] = crossing
        return 0 < self._crossings[month, kwh] <= utc

    def _legal(self, kind: int, date: int) -> int:
        """The value by Norwegian law on a date, -1 if there is none."""
        value = -1
        if self._prices.currency() == _LEGAL_CURRENCY:
            for since, micro in _THRESHOLDS if kind == _SUBSIDY else _PRICES:
                if date >= since:
                    value = micro
        return value

    def price(self, spot: int, steps: "list[tuple[str, int]] | None" = None) -> "int | None":
        """The price of a quarter of the hour; None if it is unknown.

        spot   its spot price in the table's currency, or NO_PRICE
        steps  gets the name and the amount of each step; they add up to the price
        """
        price = 0
        for name, value in self._base:
            price += value
            if steps is not None:
                steps.append((name, value))
        if not self._base:
            if spot == NO_PRICE or self._prices.rate is None:
                return None
            price = divide(spot * self._factor[0], self._factor[1])
            if steps is not None:
                self._explain(spot, price, steps)
        for name, amount, by in self._steps:
            if amount is None:
                return None
            if by:
                amount = divide(price * amount, by)
            price += amount
            if steps is not None:
                steps.append((name, amount))
        return price if _LOWEST <= price <= _HIGHEST else None

    def _explain(self, spot: int, price: int, steps: "list[tuple[str, int]]") -> None:
        """Append the steps from a spot price to the price with rate and multiplier."""
        converted = divide(spot * (self._prices.rate or 0), 1000000)
        steps.append(("Spot", converted))
        if self._multiplier != 1000:
            steps.append(("Multiplier", price - converted))


def fill(
    prices: "PricesInForce", config: "Any", slots: "array[int] | memoryview", first: int,
    direction: int,
) -> None:  # fmt: skip
    """Fill slots with the prices of the quarters from `first` on, NO_PRICE where unknown.

    first and the number of slots are multiples of four: a rule holds for whole hours
    """
    pricing = Pricing(prices, config, direction)
    prices.fill(slots, first)
    for at in range(0, len(slots), 4):
        pricing.hour((first + at) * 900, slots, at)
        for i in range(at, at + 4):
            price = pricing.price(slots[i])
            slots[i] = NO_PRICE if price is None else price


def window(prices: "PricesInForce", config: "Any", slots: "array[int]", first: int) -> None:
    """Fill the first half of slots with the prices of import, the second with those of export."""
    half = len(slots) // 2
    fill(prices, config, memoryview(slots)[:half], first, IMPORT)
    if is_different(config):
        fill(prices, config, memoryview(slots)[half:], first, EXPORT)
    else:
        for i in range(half):
            slots[half + i] = slots[i]


def is_different(config: "Any") -> bool:
    """Whether export has prices of its own."""
    both = IMPORT | EXPORT
    own = [rule for rule in parse(config.price_rules) if rule.direction != both]
    return bool(own) or config.export_price != "import"


def is_fixed(prices: "PricesInForce", config: "Any", direction: int) -> bool:
    """Whether the prices of a direction are known at all times, without spot prices."""
    pricing = Pricing(prices, config, direction)
    for rule in pricing.rules:
        if rule.kind in (_FIXED, _NORGESPRIS) and rule.anytime():
            return True
    return pricing.fixed is not None


def since(prices: "PricesInForce", config: "Any") -> "tuple[int, int]":
    """UTC from which the import and the export price are known; 0: always, -1: never."""
    spot = prices.begin * 900 if prices.end and prices.rate is not None else -1
    return (
        0 if is_fixed(prices, config, IMPORT) else spot,
        0 if is_fixed(prices, config, EXPORT) else spot,
    )


def turned(prices: "PricesInForce", config: "Any", now: int) -> bool:
    """Whether rules have ended or begun to match, by the import of the month, since the last
    call."""
    pricing = Pricing(prices, config, IMPORT | EXPORT)
    month = clock.Zone(config.timezone).month(now)
    over = sum([pricing.is_over(r.kwh, month, now + 3600) for r in pricing.rules if r.kwh])
    before, prices.over = prices.over, over
    return over != before


class Trial:
    """The settings of prices, some of them replaced."""

    def __init__(self, config: "Any", changes: "dict[str, Any]") -> None:
        for name in SETTINGS:
            setattr(self, name, changes[name] if name in changes else getattr(config, name))
