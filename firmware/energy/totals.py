"""Totals: import, export, cost and income of the running hour, day and month.

In       shares of energy in rising order of time, prices by UTC, and the ends of hours, local
         days and local months
Out      sums in Wh and in 1e-9 of the currency (1e-6 a kWh times Wh: exact), and how many of
         the Wh had a price; the money of local days that are over, for energy.money
Rules    Energy that is shown never decreases within its period: after an estimate that was too
         high it stays until the registers reach it. Money may decrease: prices can be negative.
"""

from micropython import const

from energy.power import QUARTER_S

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

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
PRICED_IMPORT = const(4)  # the Wh of IMPORT that COST is for
PRICED_EXPORT = const(5)  # the Wh of EXPORT that INCOME is for
COLUMNS = const(6)

_CLOSED_DAYS = const(8)  # kept while the file system refuses them
_DAY_NUMBERS = const(6)  # of an entry of `closed`


def no_price(utc: int) -> "int | None":
    """The price while there are no prices: None."""
    return None


class Totals:
    """Sums up to the last settled reading. `numbers` are those of the running periods."""

    def __init__(self) -> None:
        self.rows = [[0] * COLUMNS for _ in range(5)]
        self.numbers = [-1, -1, -1]  # hour, local day, local month
        self.shown = [[-1, 0, 0], [-1, 0, 0], [-1, 0, 0]]  # number, import, export
        self.price: "Price" = no_price
        self.export_price: "Price | None" = None  # None: that of import
        # UTC from which the import and the export price are known; 0: always, -1: never.
        self.since = (-1, -1)
        self.reprice = -1  # the next local day for energy.money.step(); -1: none
        self.begun = 0  # UTC at which counting began; 0: not known, or earlier energy was imported
        self.currency = 0  # of the sums, as money.currency_number() has it; 0: not known
        # Local days that are over but not in the file of energy.money, as it stores them.
        self.closed: "list[list[int]]" = []

    def money(self, utc: int, imported: int, exported: int) -> "tuple[int, int, int, int]":
        """Cost and income of energy imported and exported at utc, and the energy that had a price:
        a part without a price is 0."""
        price = self.price(utc) if imported or exported else None
        earned = price if self.export_price is None else self.export_price(utc)
        return (
            imported * (price or 0),
            exported * (earned or 0),
            0 if price is None else imported,
            0 if earned is None else exported,
        )

    def add(self, utc: int, imported: int, exported: int) -> None:
        """Add Wh imported and exported at utc to the running periods."""
        money = self.money(utc, imported, exported)
        for row in self.rows[:YESTERDAY]:
            row[IMPORT] += imported
            row[EXPORT] += exported
            for i in range(COST, COLUMNS):
                row[i] += money[i - COST]

    def clear(self, row: int) -> None:
        """Set the sums of a row to 0."""
        self.rows[row] = [0] * COLUMNS

    def close(self, day: int, money: "list[int]") -> None:
        """Keep the money of a local day that is over for energy.money to store: cost, income and
        the priced Wh. It replaces that of the same day."""
        kept = [closed for closed in self.closed if closed[0] != day]
        kept.append([day, self.currency] + money)
        self.closed = kept[-_CLOSED_DAYS:]

    def turn(self, period: int, number: int) -> None:
        """End the running HOUR, DAY or MONTH; `number` is that of the next one."""
        row = self.rows[period]
        if period != HOUR:
            self.rows[period + YESTERDAY - DAY] = row
        if period == DAY and (row[PRICED_IMPORT] or row[PRICED_EXPORT]):
            self.close(self.numbers[DAY], row[COST:])
        self.clear(period)
        self.numbers[period] = number

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
                for i in range(COLUMNS):
                    sums[i] += self.rows[period][i]
            shown = self.shown[period]
            if shown[0] != number:
                shown[0] = number
                shown[1] = shown[2] = 0
            for i in (IMPORT, EXPORT):
                whole = sums[i] == sums[PRICED_IMPORT + i]
                sums[i] = shown[i + 1] = max(sums[i], shown[i + 1])
                if whole:
                    sums[PRICED_IMPORT + i] = sums[i]
            out.append(sums)
        for period, number in ((DAY, day), (MONTH, month)):
            start = zone.day_start if period == DAY else zone.month_start
            # The last period; some or all of its registers may be missing.
            past = number - self.numbers[period]
            if past < 1:
                out.append(list(self.rows[period + YESTERDAY - DAY]))
            elif past > 1:
                out.append([0] * COLUMNS)
            else:
                sums = self.by_power(power, max(start(number - 1), settled_until))
                after = self.by_power(power, max(start(number), settled_until))
                row = self.rows[period]
                out.append([row[i] + sums[i] - after[i] for i in range(COLUMNS)])
        return out

    def by_power(self, power: "Power", since: int) -> "list[int]":
        """The columns of a row by the power received since a UTC."""
        begin = since // QUARTER_S
        out = [power.total(IMPORT, begin) // 3600, power.total(EXPORT, begin) // 3600]
        sums = [0] * (COLUMNS - COST)  # of watt-seconds
        for quarter in range(max(begin, power.first), power.first + power.n):
            imported, exported = power.value(IMPORT, quarter), power.value(EXPORT, quarter)
            money = self.money(quarter * QUARTER_S, imported, exported)
            for i in range(len(sums)):
                sums[i] += money[i]
        out.extend([value // 3600 for value in sums])
        return out
