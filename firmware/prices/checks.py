"""Whether prices may be what they say: the checks before a table comes into force.

In       a table that a document has filled; the quarters that were asked for
Out      "" or the reason why the prices are refused
Rules    A day must be whole. But some sources leave out an hour when the clock is moved: on these
         days an hour between 2 and 4 h after the begin may be missing, and stays unknown
Source   limits of the price: the harmonised ones of the European day-ahead coupling are -500 and
         4000 EUR a MWh, and rise after days near them
"""

import clock
from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from prices.table import PriceTable

_KNOWN = "BAM BGN CHF CZK DKK EUR GBP HUF ISK MDL MKD NOK PLN RON RSD SEK TRY UAH".split()
# Micro-units a kWh; in other currencies the table's own limit is the bound.
_NEAR_EUR = ("BAM", "BGN", "CHF", "EUR", "GBP")
_MOST = const(10000000)
_LEAST = const(-2000000)
# Quarters: a day of 23 hours, one of 25, and where the hour may be missing.
_SHORT = const(92)
_LONG = const(100)
_MOVED = const(8)
_MOVED_END = const(16)
_HOUR = const(4)


def fault(table: "PriceTable", begin: int, end: int) -> str:
    """The reason why a table is refused. begin, end: quarters that it must have, 0 for none."""
    currency = table.spot_currency
    if currency not in _KNOWN:
        return "the currency %s is not known" % currency
    count = missing(begin, end, table.at)
    if count and count == end - begin:
        return "prices of %s in place of %s" % (_date(table.begin), _date(begin))
    if count:
        return "%d of %d quarters of %s: ask again later" % (
            end - begin - count,
            end - begin,
            _date(begin),
        )
    if currency in _NEAR_EUR:
        for quarter in range(table.begin, table.end):
            micro = table.at(quarter)
            if micro is not None and not _LEAST <= micro <= _MOST:
                return "a price of %d %s a MWh cannot be right" % (micro // 1000, currency)
    return ""


def missing(begin: int, end: int, at: "Callable[[int], int | None]") -> int:
    """How many quarters from begin to before end have no price, but for an hour that a source may
    leave out."""
    found = [quarter - begin for quarter in range(begin, end) if at(quarter) is None]
    if end - begin in (_SHORT, _LONG) and 0 < len(found) <= _HOUR:
        if found[0] >= _MOVED and found[-1] < _MOVED_END:
            return 0
    return len(found)


def _date(quarter: int) -> str:
    """The day that begins near midnight in Central Europe, as a date."""
    return clock.iso(quarter * 900 + 7200)[:10]
