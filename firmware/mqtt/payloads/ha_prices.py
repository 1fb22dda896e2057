"""Body of /prices of payload 104: the price now, and all known prices as one list.

price export  of a kWh now; null if it is unknown; export also if it is that of import
cheap level   whether the price is low, and 1 very cheap .. 5 very dear, against all known prices
              from the running local day on; null if that is unknown
min max       of the prices from now on
cheapest1hr cheapest3hr cheapest6hr
              UTC at which the cheapest such run begins, from now on; null if it is unknown
start resolution import
              UTC of the first price of the list, minutes of each, and the list: from now on
"""

from array import array

from fmt import fixed, quote
from micropython import const
from ondemand import visit

from mqtt.payloads.homeassistant import iso

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from composition import App

_QUARTER_S = const(900)
_QUARTERS = const(192)  # at most: two days
_CHEAP = const(2)  # the highest level that is cheap
_HOURS = (1, 3, 6)


class Body:
    """The parts of the body, as often as they are asked for.

    size  octets of the parts together
    """

    def __init__(self, app: "App", now: int) -> None:
        prices, zone = app.prices, app.energy.settler.zone
        first = now // _QUARTER_S
        self._values = values = array("i")
        price = present = prices.price(now)
        while price is not None and len(values) < _QUARTERS:
            values.append(price)
            price = prices.price((first + len(values)) * _QUARTER_S)
        begin, end = zone.day_start(zone.day(now)), (first + len(values)) * _QUARTER_S
        with visit("prices.advice") as advice:
            level = advice.level(prices.price, begin, end, now)
            runs = [advice.run(prices.price, now, end, 4 * hours) for hours in _HOURS]
        own = app.config.export_price != "import" or app.config.price_rules
        exported = prices.export_price(now) if own else None
        # Hours, if the quarters of each hour have one price.
        self._step = step = 1
        if len(values) > 4 and not [1 for i in range(1, len(values)) if self._differs(first, i)]:
            self._step = step = 4
        self._head = '{"price":%s,"export":%s,"currency":%s,"level":%s,"cheap":%s' % (
            fixed(present, 6, 4),
            fixed(exported, 6, 4),
            quote(prices.currency()),
            level or "null",
            "null" if level is None else "true" if level <= _CHEAP else "false",
        )
        self._head += ',"min":%s,"max":%s' % (
            fixed(min(values) if values else None, 6, 4),
            fixed(max(values) if values else None, 6, 4),
        )
        for i in range(len(_HOURS)):
            self._head += ',"cheapest%dhr":%s' % (_HOURS[i], iso(runs[i]))
        self._head += ',"start":%s,"resolution":%d,"import":[' % (
            iso((first - first % step) * _QUARTER_S), step * 15,
        )  # fmt: skip
        self._first = first
        self._end = '],"t":%s}' % iso(now)
        self.size = sum([len(part) for part in self])

    def _differs(self, first: int, i: int) -> bool:
        """Whether a price differs from the one before it, inside an hour."""
        return bool((first + i) % 4) and self._values[i] != self._values[i - 1]

    def __iter__(self) -> "Iterator[str]":
        yield self._head
        comma = ""
        for i in range(len(self._values)):
            if not i or not (self._first + i) % self._step:
                yield comma + fixed(self._values[i], 6, 4)
                comma = ","
        yield self._end
