"""/history.csv?money=1: two more columns, cost and income of each hour or day.

cost_NOK, income_NOK  with the currency's letters: what the import cost and what the export earned;
                      empty without a price. They are those of /money.json
Limits   none for quarter-hours, which have no money of their own; hours as far back as /money.json
         has them, days for 70 days. Loaded on demand.
"""

from energy.blocks import Block
from energy.hourly import EARNED, HOURS, PRICED, of
from energy.totals import COST, DAY
from fmt import fixed
from ondemand import visit

from web.documents.money import hours_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from composition import App


class Columns:
    """The columns of slots in rising order, which begin days or hours; heading: their names."""

    def __init__(self, app: "App", days: bool) -> None:
        self._app = app
        self._settler = app.energy.settler
        self._day = -1
        self._begin = 0
        self._block = Block(HOURS)
        self._sums: "dict[int, Sequence[int]] | None" = None
        self.heading = ",cost_%s,income_%s" % (app.energy.currency, app.energy.currency)
        if days:
            with visit("energy.money") as money:
                self._sums = {row[0]: row[2:] for row in money.days(self._settler)}
            now = app.system.utc()
            if now:
                today = self._settler.zone.day(now)
                self._sums[today] = app.energy.running(now)[DAY][COST : COST + 4]

    def fill(self, begin: int) -> "Iterator[None]":
        """Price the day of an hour, a few hours at a time; begin: as slots have it."""
        if self._sums is not None:
            return
        zone = self._settler.zone
        day = zone.day(begin)
        if day != self._day:
            self._day, self._begin = day, zone.day_start(day)
            self._block.clear()
            yield from hours_of(self._app, self._block, day)

    def cells(self, begin: int) -> str:
        """The text of both columns of a slot, after fill()."""
        if self._sums is not None:
            cost, income, imported, exported = self._sums.get(begin, (0, 0, 0, 0))
            return _text(fixed(cost, 9, 2), imported, fixed(income, 9, 2), exported)
        i = (begin - self._begin) // 3600
        cost, income = of(self._block, i)
        marks = self._block.quality[i]
        return _text(fixed(cost, 5, 5), marks & PRICED, fixed(income, 5, 5), marks & EARNED)


def _text(cost: str, priced: int, income: str, earned: int) -> str:
    return ",%s,%s" % (cost if priced else "", income if earned else "")
