"""/money.json: cost and income of each local day that the reader keeps, and of the running one.

currency  of all sums; "" while none is known
days      the oldest first: t its date, c the cost of the import and g what the export earned, null
          without a price; ip and ep the kWh that had a price; the last one is the running day. The
          reader keeps 70 days. Energy without a price is in no sum: compare ip and ep with the
          day in /history.json
"""

import clock
from energy.totals import COST, DAY
from fmt import fixed, quote
from micropython import const
from ondemand import visit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from composition import App, Request

_DAY_S = const(86400)


def get(app: "App", request: "Request") -> "Iterator[str]":
    """Pieces of /money.json: one a day."""
    energy, now = app.energy, app.system.utc()
    yield '{"currency":%s,"days":[' % quote(energy.currency)
    comma = ""
    if now and energy.currency and energy.settler.settled_until:
        with visit("energy.money") as money:
            for row in sorted(money.days(energy.settler)):
                yield comma + _day(row[0], row[2:])
                comma = ","
        running = energy.running(now)[DAY]
        yield comma + _day(energy.settler.zone.day(now), running[COST : COST + 4])
    yield "]}"


def _day(number: int, sums: "Sequence[int]") -> str:
    """A day; sums: cost, income, Wh of the import and of the export that had a price."""
    cost, income, imported, exported = sums
    return '{"t":"%s","c":%s,"g":%s,"ip":%s,"ep":%s}' % (
        clock.iso(number * _DAY_S)[:10],
        fixed(cost if imported else None, 9, 2),
        fixed(income if exported else None, 9, 2),
        fixed(imported, 3, 3),
        fixed(exported, 3, 3),
    )
