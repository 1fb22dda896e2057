"""/pricepreview.json: how the price of each quarter-hour of today and tomorrow comes about.

GET      ?direction=import, the default, or export: by the settings in force
POST     a JSON object of settings that are not saved: those of prices in prices.rules.SETTINGS
         but the zone; others are as in force. It changes nothing. Also "direction"
Out      {"currency", "direction", "slots": [{"t": UTC of its begin, "l": local time, "s": the spot
         price in the currency without any rule, "p": the price, "w": [[name, amount], ...]}]}
         Amounts are in the order in which they are added; the first is the spot price or what is
         in place of it. They add up to "p". Unknown prices are null. Tomorrow is there once one
         of its prices is known
Errors   ValueError while the clock is not set, and for a setting that is not allowed
"""

from array import array

import clock
from fmt import divide, fixed, quote
from ondemand import visit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from composition import App, Request

_CET = "Europe/Oslo"  # the days of the market
_DIRECTIONS = ("import", "export")


def get(app: "App", request: "Request") -> "Iterator[str]":
    """By the settings in force."""
    yield from _pieces(app, {}, request.args.get("direction", "import"))


async def post(app: "App", request: "Request") -> "Iterator[str]":
    """By settings that are not saved. Their names and values are checked before the answer."""
    with visit("web.forms.config") as config:
        wanted = await config.read_object(request)
    direction = wanted.pop("direction", "import")
    _check(app, direction)
    with visit("schema") as schema:
        faults = schema.faults(wanted)
        for name in wanted:
            if name in faults:
                raise ValueError(faults[name])
            if wanted[name] is None:
                wanted[name] = schema.default(name)
    with visit("prices.rules") as rules:
        for name in wanted:
            if name not in rules.SETTINGS or name == "timezone":
                raise ValueError("%s cannot be tried: it is no setting of price rules" % name)
    return _pieces(app, wanted, direction)


def _check(app: "App", direction: object) -> None:
    """ValueError if there is no such document now."""
    if direction not in _DIRECTIONS:
        raise ValueError("direction must be import or export")
    if not app.system.utc():
        raise ValueError("the clock is not set yet: try again in a minute")


def _pieces(app: "App", wanted: "dict[str, Any]", direction: str) -> "Iterator[str]":
    """The document; wanted: settings in place of those in force."""
    _check(app, direction)
    prices, market, local = app.prices, clock.Zone(_CET), clock.Zone(app.config.timezone)
    day = market.day(app.system.utc())
    begin, end = market.day_start(day), market.day_start(day + 1)
    if prices.end * 900 > end:
        end = market.day_start(day + 2)
    slots = array("i", bytes((end - begin) // 900 * 4))
    prices.fill(slots, begin // 900)
    yield '{"currency":%s,"direction":"%s","slots":[' % (quote(prices.currency()), direction)
    comma = ""
    with visit("prices.rules") as rules:
        config = rules.Trial(app.config, wanted)
        pricing = rules.Pricing(prices, config, _DIRECTIONS.index(direction) + 1)
        for i in range(len(slots)):
            utc = begin + i * 900
            if not i % 4:
                pricing.hour(utc, slots, i)
            steps: "list[tuple[str, int]]" = []
            price = pricing.price(slots[i], steps)
            spot = None
            if slots[i] != rules.UNKNOWN and prices.rate is not None:
                spot = divide(slots[i] * prices.rate, 1000000)
            yield comma + '{"t":%d,"l":"%s","s":%s,"p":%s,"w":[%s]}' % (
                utc,
                clock.iso(utc + local.offset_s(utc))[:16],
                fixed(spot, 6, 6),
                fixed(price, 6, 6),
                ",".join(["[%s,%s]" % (quote(name), fixed(micro, 6, 6)) for name, micro in steps]),
            )
            comma = ","
    yield "]}"
