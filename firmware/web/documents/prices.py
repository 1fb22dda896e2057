"""The price documents: the price of a kWh in the owner's currency, with the price multiplier.

/energyprice.json  means of 36 hours, "00" is the running one; null if unknown; spot prices, also
                   if a fixed price is set
/importprice.json  quarter-hours from today 00:00 CET or CEST, `cursor` is the index of the running
                   one; 404 if no price is known
"""

from array import array

import clock
from fmt import divide, fixed, quote
from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from composition import App, Prices, Request

_HOURS = const(36)
_CET = "Europe/Oslo"


def hours(app: "App", request: "Request") -> "Iterator[str]":
    """Pieces of /energyprice.json."""
    prices, now = app.prices, app.system.unix_time()
    slots = array("i", bytes(4 * 4 * _HOURS))
    prices.fill(slots, now // 3600 * 4)
    known = [_mean(prices, slots, 4 * i) for i in range(_HOURS)]
    some = [price for price in known if price is not None]
    yield '{"currency":%s,"source":%s' % (
        quote(prices.currency() if some else ""),
        quote(prices.spot_source if some else ""),
    )
    for i in range(_HOURS):
        yield ',"%02d":%s' % (i, fixed(known[i], 6, 4))
    yield "}"


def quarters(app: "App", request: "Request") -> "Iterator[str]":
    """Pieces of /importprice.json."""
    prices, now = app.prices, app.system.unix_time()
    zone = clock.Zone(_CET)
    begin = zone.day_start(zone.day(now))
    end = zone.day_start(zone.day(now) + 2)
    while end > begin and prices.price(end - 900) is None:
        end -= 900
    if end == begin:
        return
    yield '{"currency":%s,"source":%s,"resolution":15,"direction":"import","cursor":%d' % (
        quote(prices.currency()),
        quote("FIX" if app.config.price_fixed_micro else prices.spot_source),
        (now - begin) // 900,
    )
    yield ',"importExportPriceDifferent":false,"prices":['
    comma = ""
    for utc in range(begin, end, 900):
        yield comma + fixed(prices.price(utc), 6, 4)
        comma = ","
    yield "]}"


def _mean(prices: "Prices", slots: "array[int]", first: int) -> "int | None":
    """The owner's price for an hour: of the mean spot price of its known quarter-hours."""
    known = [micro for micro in slots[first : first + 4] if prices.convert(micro) is not None]
    return prices.convert(divide(sum(known), len(known))) if known else None
