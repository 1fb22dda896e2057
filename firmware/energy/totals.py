"""Totals: import, export, cost and income of the running hour, day and month.

In       shares of energy in rising order of time, prices by UTC, and the ends of hours, local
         days and local months
Out      sums in Wh and in 1e-9 of the currency (1e-6 a kWh times Wh: exact)
Rules    Energy that is shown never decreases within its period: after an estimate that was too
         high it stays until the registers reach it. Money may decrease: prices can be negative.
"""

from micropython import const

from energy.power import QUARTER_S

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import clock

    from energy.power import Power

    Price = Callable[[int], "int | None"]

# The rows: the three running periods, then the last day and month.
HOUR = const(0)
DAY = const(1)
MONTH = const(2)
YESTERDAY = const(3)
LAST_MONTH = const(4)

# The columns of a row.
IMPORT = const(0)
EXPORT = const(1)
COST = const(2)
INCOME = const(3)


def no_price(utc: int) -> "int | None":
    """The price while there are no prices: None."""
    return None


class Totals:
    """Sums up to the last settled reading. `numbers` are those of the running periods."""

    def __init__(self) -> None:
        self.rows = [[0, 0, 0, 0] for _ in range(5)]
        self.numbers = [-1, -1, -1]  # hour, local day, local month
        self.shown = [[-1, 0, 0], [-1, 0, 0], [-1, 0, 0]]  # number, import, export
        self.price: "Price" = no_price
        self.export_price: "Price | None" = None  # None: that of import
        self.unpriced = False  # some energy of the running day was counted without a price

    def money(self, utc: int, imported: int, exported: int) -> "tuple[int, int]":
        """Cost and income of Wh imported and exported at utc; 0 without a price."""
        price = self.price(utc) if imported or exported else None
        earned = price if self.export_price is None else self.export_price(utc)
        return imported * (price or 0), exported * (earned or 0)

    def add(self, utc: int, imported: int, exported: int) -> None:
        """Add Wh imported and exported at utc to the running periods."""
        if (imported or exported) and self.price(utc) is None:
            self.unpriced = True
        cost, income = self.money(utc, imported, exported)
        for row in self.rows[:YESTERDAY]:
            row[IMPORT] += imported
            row[EXPORT] += exported
            row[COST] += cost
            row[INCOME] += income

    def turn(self, period: int, number: int) -> None:
        """End the running HOUR, DAY or MONTH; `number` is that of the next one."""
        if period != HOUR:
            self.rows[period + YESTERDAY - DAY] = self.rows[period]
        if period == DAY:
            self.unpriced = False
        self.rows[period] = [0, 0, 0, 0]
        self.numbers[period] = number

    def correct(self, period: int, number: int, imported: int, exported: int) -> None:
        """Add Wh, or subtract with negative ones, to DAY or MONTH `number`: the running or the
        last one; others are ignored."""
        past = self.numbers[period] - number
        if past not in (0, 1):
            return
        row = self.rows[period + past * (YESTERDAY - DAY)]
        if not past:
            self.shown[period][0] = -1  # a corrected sum may decrease
        row[IMPORT] = max(0, row[IMPORT] + imported)
        row[EXPORT] = max(0, row[EXPORT] + exported)

    def replace(self, row: int, first: int, values: "Iterable[int]") -> None:
        """Replace the sums of a row from column `first` on."""
        for value in values:
            self.rows[row][first] = value
            first += 1

    def running(
        self, now: int, zone: "clock.Zone", power: "Power", settled_until: int
    ) -> "list[list[int]]":
        """The five rows at `now` in UTC: by registers up to settled_until, by power after it."""
        day = zone.day(now)
        month = zone.month(now)
        out = []
        for period, number, since in (
            (HOUR, now // 3600, now // 3600 * 3600),
            (DAY, day, zone.day_start(day)),
            (MONTH, month, zone.month_start(month)),
        ):
            sums = self.by_power(power, max(since, settled_until))
            if self.numbers[period] == number:
                for i in range(4):
                    sums[i] += self.rows[period][i]
            shown = self.shown[period]
            if shown[0] != number:
                shown[0] = number
                shown[1] = shown[2] = 0
            for i in (IMPORT, EXPORT):
                sums[i] = shown[i + 1] = max(sums[i], shown[i + 1])
            out.append(sums)
        for period, number in ((DAY, day), (MONTH, month)):
            start = zone.day_start if period == DAY else zone.month_start
            # The last period; some or all of its registers may be missing.
            past = number - self.numbers[period]
            if past < 1:
                out.append(list(self.rows[period + YESTERDAY - DAY]))
            elif past > 1:
                out.append([0, 0, 0, 0])
            else:
                sums = self.by_power(power, max(start(number - 1), settled_until))
                after = self.by_power(power, max(start(number), settled_until))
                row = self.rows[period]
                out.append([row[i] + sums[i] - after[i] for i in range(4)])
        return out

    def by_power(self, power: "Power", since: int) -> "list[int]":
        """Import, export, cost and income by the power received since a UTC."""
        begin = since // QUARTER_S
        out = [power.total(IMPORT, begin) // 3600, power.total(EXPORT, begin) // 3600, 0, 0]
        for quarter in range(max(begin, power.first), power.first + power.n):
            cost, income = self.money(
                quarter * QUARTER_S,
                power.value(IMPORT, quarter) // 3600,
                power.value(EXPORT, quarter) // 3600,
            )
            out[COST] += cost
            out[INCOME] += income
        return out
