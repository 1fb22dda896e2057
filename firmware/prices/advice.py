"""Advice: when energy is cheapest or dearest, and how dear it is now. Loaded on demand.

In       a function from UTC to the price of a kWh, None if it is unknown; a span [begin, end)
         in UTC
Out      UTCs of quarter-hours; a level
Rules    The running quarter counts: a span that begins within a quarter begins with it; one that
         ends within a quarter ends before it.
         A quarter without a price is in no answer, and no run reaches over it. The first of
         equal ones is taken. Prices may be negative. Quarters are those of UTC, so days of 23 and
         25 hours need no rule.
Limits   400 quarters of a span, from its begin on
"""

from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Price = Callable[[int], "int | None"]

_QUARTER_S = const(900)
_MOST = const(400)
_LEVELS = const(5)
_NORMAL = const(3)
_EVEN = const(10)  # a spread below a tenth of the highest price is none


def run(
    price: "Price", begin: int, end: int, quarters: int, dearest: bool = False
) -> "int | None":
    """The UTC at which the cheapest, or the dearest, run of so many quarters begins; None if no
    run of that length is known."""
    first, known = _known(price, begin, end)
    best = None
    total = length = best_total = 0
    for i in range(len(known)):
        value = known[i]
        if value is None:
            total = length = 0
            continue
        total += value
        length += 1
        if length > quarters:
            total -= known[i - quarters] or 0
        if length >= quarters > 0:
            if best is None or (total > best_total if dearest else total < best_total):
                best, best_total = first + i + 1 - quarters, total
    return None if best is None else best * _QUARTER_S


def pick(price: "Price", begin: int, end: int, quarters: int) -> "list[int]":
    """The UTCs of the cheapest quarters in order of time; [] if fewer prices are known."""
    first, known = _known(price, begin, end)
    ranked = sorted([value for value in known if value is not None])
    if not 0 < quarters <= len(ranked):
        return []
    most = ranked[quarters - 1]
    equal = ranked[:quarters].count(most)  # of these as many are taken
    chosen = []
    for i, value in enumerate(known):
        if value is None or value > most:
            continue
        if value == most:
            equal -= 1
            if equal < 0:
                continue
        chosen.append((first + i) * _QUARTER_S)
    return chosen


def count(price: "Price", begin: int, end: int, most: int, together: bool) -> int:
    """The number of quarters with a price, or of those in the longest run of them; at most
    `most`."""
    longest = length = 0
    for value in _known(price, begin, end)[1]:
        if value is not None:
            length += 1
        elif together:
            length = 0
        longest = max(longest, length)
        if longest == most:
            break
    return longest


def level(price: "Price", begin: int, end: int, now: int) -> "int | None":
    """The price at `now` by the fifths between the lowest and the highest price of the span: 1
    very cheap to 5 very dear; 3 if the highest is less than a tenth above the lowest. None if
    the price is unknown."""
    present = price(now)
    if present is None:
        return None
    prices = [value for value in _known(price, begin, end)[1] if value is not None]
    prices.append(present)
    low, high = min(prices), max(prices)
    if (high - low) * _EVEN <= max(abs(low), abs(high)):
        return _NORMAL
    return min(_LEVELS, (present - low) * _LEVELS // (high - low) + 1)


def _known(price: "Price", begin: int, end: int) -> "tuple[int, list[int | None]]":
    """The first quarter of the span and its prices."""
    first = begin // _QUARTER_S
    last = min(end // _QUARTER_S, first + _MOST)
    return first, [price(quarter * _QUARTER_S) for quarter in range(first, last)]
