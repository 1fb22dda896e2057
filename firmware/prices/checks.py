"""Whether prices may be what they say: the checks before a table comes into force.

In       a table that a document has filled; the quarters that were asked for
Out      "" or the reason why the prices are refused
Rules    A day must be whole: see prices.plan.missing()
Source   limits of the price: the harmonised ones of the European day-ahead coupling are -500 and
         4000 EUR a MWh, and rise after days near them
"""

import clock
from micropython import const

from prices.plan import missing

TYPE_CHECKING = False
if TYPE_CHECKING:
    from prices.table import PriceTable

_KNOWN = "BAM BGN CHF CZK DKK EUR GBP HUF ISK MDL MKD NOK PLN RON RSD SEK TRY UAH".split()
# Micro-units a kWh; in other currencies the table's own limit is the bound.
_NEAR_EUR = ("BAM", "BGN", "CHF", "EUR", "GBP")
_MOST = const(10000000)
_LEAST = const(-2000000)


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


def _date(quarter: int) -> str:
    """The day that begins near midnight in Central Europe, as a date."""
    return clock.iso(quarter * 900 + 7200)[:10]
