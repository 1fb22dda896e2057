"""Import, export, cost and income of this hour, day and month.

In       shares of energy in rising order of time with the price of their slot, and the ends of
         hours, local days and local months
Out      sums in Wh and in nano-units of money (micro-units a kWh times Wh: exact)
Rules    Energy that is shown never falls within its period: after an estimate that was too high it
         stays until the register has caught up. Money may fall: prices can be negative.
"""

from micropython import const

from energy.power import QUARTER_S

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import clock

    from energy.power import Power

    Price = Callable[[int], "int | None"]

# The rows: three running periods, and the day and month before them.
HOUR = const(0)
DAY = const(1)
MONTH = const(2)
YESTERDAY = const(3)
LAST_MONTH = const(4)

# The places in a row.
IMPORT = const(0)
EXPORT = const(1)
COST = const(2)
INCOME = const(3)


def no_price(utc: int) -> "int | None":
    """The price while there are no prices: None."""
    return None


class Totals:
    """Sums up to the time the registers were last read; numbers name the running periods."""

    def __init__(self) -> None:
        self.rows = [[0, 0, 0, 0] for _ in range(5)]
        self.numbers = [-1, -1, -1]  # hour, local day, local month
        self.shown = [[-1, 0, 0], [-1, 0, 0], [-1, 0, 0]]  # number, import, export
        self.price: "Price" = no_price
        self.export_price: "Price | None" = None  # None: the same as for import
        self.unpriced = False  # some energy of the running day was counted without a price

    def money(self, utc: int, imported: int, exported: int) -> "tuple[int, int]":
        """Cost and income of energy used at utc; 0 while there is no price."""
        price = self.price(utc) if imported or exported else None
        earned = price if self.export_price is None else self.export_price(utc)
        return imported * (price or 0), exported * (earned or 0)

    def add(self, utc: int, imported: int, exported: int) -> None:
        """Add energy used at utc to the running periods."""
        if (imported or exported) and self.price(utc) is None:
            self.unpriced = True
        cost, income = self.money(utc, imported, exported)
        for row in self.rows[:YESTERDAY]:
            row[IMPORT] += imported
            row[EXPORT] += exported
            row[COST] += cost
            row[INCOME] += income

    def turn(self, period: int, number: int) -> None:
        """End an HOUR, DAY or MONTH; the next one has this number."""
        if period != HOUR:
            self.rows[period + YESTERDAY - DAY] = self.rows[period]
        if period == DAY:
            self.unpriced = False
        self.rows[period] = [0, 0, 0, 0]
        self.numbers[period] = number

    def correct(self, period: int, number: int, imported: int, exported: int) -> None:
        """Add to the energy of a DAY or MONTH that runs or was the last one."""
        past = self.numbers[period] - number
        if past not in (0, 1):
            return
        row = self.rows[period + past * (YESTERDAY - DAY)]
        if not past:
            self.shown[period][0] = -1  # a corrected sum may fall
        row[IMPORT] = max(0, row[IMPORT] + imported)
        row[EXPORT] = max(0, row[EXPORT] + exported)

    def replace(self, row: int, first: int, values: "Iterable[int]") -> None:
        """Put other sums into a row, from a place on."""
        for value in values:
            self.rows[row][first] = value
            first += 1

    def running(
        self, now: int, zone: "clock.Zone", power: "Power", settled_until: int
    ) -> "list[list[int]]":
        """The five rows at a time in UTC: by the registers up to settled_until, then by power."""
        day = zone.day(now)
        month = zone.month(now)
        out = []
        for period, number, since in (
            (HOUR, now // 3600, now // 3600 * 3600),
            (DAY, day, zone.day_start(day)),
            (MONTH, month, zone.month_start(month)),
        ):
            sums = self.seen(power, max(since, settled_until))
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
            # The whole period before: its last registers may be missing, or all.
            past = number - self.numbers[period]
            if past < 1:
                out.append(list(self.rows[period + YESTERDAY - DAY]))
            elif past > 1:
                out.append([0, 0, 0, 0])
            else:
                sums = self.seen(power, max(start(number - 1), settled_until))
                after = self.seen(power, max(start(number), settled_until))
                row = self.rows[period]
                out.append([row[i] + sums[i] - after[i] for i in range(4)])
        return out

    def seen(self, power: "Power", since: int) -> "list[int]":
        """Import, export, cost and income by the power since a time in UTC."""
        begin = since // QUARTER_S
        out = [power.total(IMPORT, begin) // 3600, power.total(EXPORT, begin) // 3600, 0, 0]
        for quarter in range(max(begin, power.first), power.first + power.n):
            cost, income = self.money(
                quarter * QUARTER_S,
                power.seen(IMPORT, quarter) // 3600,
                power.seen(EXPORT, quarter) // 3600,
            )
            out[COST] += cost
            out[INCOME] += income
        return out
