"""The prices ahead as points in a row, for payloads. Loaded for that.

In       the owner's price: a function of a UTC; the time in UTC
Out      points of an hour or of a quarter-hour, in 1e-6 of the currency a kWh; None is unknown
Rules    The first point is the running one. Hours are the means of their known quarters.
"""

from fmt import divide, fixed
from ondemand import visit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Price = Callable[[int], "int | None"]
    Points = list["int | None"]


def hours(price: "Price", now: int, count: int) -> "Points":
    """The prices of so many hours; all None after the first unknown."""
    found: "Points" = []
    begin = now - now % 3600
    for at in range(begin, begin + 3600 * count, 3600):
        quarters = [price(at + second) for second in (0, 900, 1800, 2700)]
        known = [micro for micro in quarters if micro is not None]
        if not known:
            break
        found.append(divide(sum(known), len(known)))
    return found + [None] * (count - len(found))


def step_s(price: "Price", now: int, count: int) -> int:
    """The length of points: 3600 if the quarters of each hour have one price, else 900.

    count  number of quarters to look at
    """
    begin = now - now % 3600
    for quarter in range(count):
        if price(begin + 900 * quarter) != price(begin + 900 * (quarter - quarter % 4)):
            return 900
    return 3600


def ahead(price: "Price", now: int, step_s: int, count: int) -> "Points":
    """The prices of points of that length, up to the last that is known, of so many quarters."""
    begin = now - now % step_s
    found = [price(begin + 900 * i) for i in range(0, count, step_s // 900)]
    while found and found[-1] is None:
        found.pop()
    return found


def cheapest(points: "Points", begin: int, step_s: int, hours: int) -> "int | None":
    """The UTC at which the cheapest run of so many hours begins; None if too few are known.

    begin   of the first point
    step_s  length of a point
    """
    end = begin + step_s * len(points)
    with visit("prices.advice") as advice:
        found: "int | None" = advice.run(
            lambda utc: points[(utc - begin) // step_s], begin, end, 4 * hours
        )
    return found


def bounds(points: "Points") -> "tuple[str, str]":
    """The lowest and the highest price with four decimals; null for both if none is known."""
    known = [micro for micro in points if micro is not None]
    if not known:
        return "null", "null"
    return fixed(min(known), 6, 4), fixed(max(known), 6, 4)
