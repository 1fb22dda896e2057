"""The price documents: the owner's price of a kWh, by all settings and rules of prices.

/energyprice.json  means of 36 hours, "00" is the running one; null if unknown. Prices of import
                   without the fixed price of the settings
/importprice.json  quarter-hours from today 00:00 CET or CEST, `cursor` is the index of the running
/exportprice.json  one; 404 if no price is known, ValueError while the clock is not set
"""

from array import array

import clock
from fmt import boolean, divide, fixed, quote
from micropython import const
from ondemand import visit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from composition import App, Request

_HOURS = const(36)
_CET = "Europe/Oslo"


def hours(app: "App", request: "Request") -> "Iterator[str]":
    """Pieces of /energyprice.json."""
    prices, now = app.prices, app.system.unix_time()
    slots = array("i", bytes(4 * 4 * _HOURS))
    with visit("prices.rules") as rules:
        config = rules.Trial(app.config, {"price_fixed_micro": 0})
        rules.fill(prices, config, slots, now // 3600 * 4, rules.IMPORT)
        unknown = rules.UNKNOWN
    known = [_mean(slots, 4 * i, unknown) for i in range(_HOURS)]
    some = [price for price in known if price is not None]
    yield '{"currency":%s,"source":%s' % (
        quote(prices.currency() if some else ""),
        quote(prices.spot_source if some else ""),
    )
    for i in range(_HOURS):
        yield ',"%02d":%s' % (i, fixed(known[i], 6, 4))
    yield "}"


def imported(app: "App", request: "Request") -> "Iterator[str]":
    """Pieces of /importprice.json."""
    return _quarters(app, "import", 1)


def exported(app: "App", request: "Request") -> "Iterator[str]":
    """Pieces of /exportprice.json."""
    return _quarters(app, "export", 2)


def _quarters(app: "App", name: str, direction: int) -> "Iterator[str]":
    """Pieces of one direction's document."""
    prices, now = app.prices, app.system.utc()
    if not now:
        raise ValueError("the clock is not set yet: try again in a minute")
    zone = clock.Zone(_CET)
    begin = zone.day_start(zone.day(now))
    slots = array("i", bytes((zone.day_start(zone.day(now) + 2) - begin) // 900 * 4))
    with visit("prices.rules") as rules:
        rules.fill(prices, app.config, slots, begin // 900, direction)
        different = boolean(rules.is_different(app.config))
        source = "FIX" if rules.is_fixed(prices, app.config, direction) else prices.spot_source
        unknown = rules.UNKNOWN
    n = len(slots)
    while n and slots[n - 1] == unknown:
        n -= 1
    if not n:
        return
    yield '{"currency":%s,"source":%s,"resolution":15,"direction":"%s","cursor":%d' % (
        quote(prices.currency()),
        quote(source),
        name,
        (now - begin) // 900,
    )
    yield ',"importExportPriceDifferent":%s,"prices":[' % different
    comma = ""
    for i in range(n):
        yield comma + fixed(None if slots[i] == unknown else slots[i], 6, 4)
        comma = ","
    yield "]}"


def _mean(slots: "array[int]", first: int, unknown: int) -> "int | None":
    """The mean price of an hour's known quarters."""
    known = [price for price in slots[first : first + 4] if price != unknown]
    return divide(sum(known), len(known)) if known else None
