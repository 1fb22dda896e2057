"""What this hour, day and month have used, produced, cost and earned.

In       shares of energy in rising order of time with the price of their slot, and the ends of
         hours, local days and local months
Out      sums in Wh and in nano-units of money (micro-units a kWh times Wh: exact)
Rules    What is shown of energy never steps back within its period: an estimate that was too high
         waits until the register has caught up. Money may fall: prices can be negative.
"""

from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Price = Callable[[int], "int | None"]

HOUR = const(0)
DAY = const(1)
MONTH = const(2)
YESTERDAY = const(3)
LAST_MONTH = const(4)

# The places in a row of sums.
IMPORT = const(0)
EXPORT = const(1)
COST = const(2)
INCOME = const(3)


def no_price(utc: int) -> "int | None":
    """The price when nothing is known of prices."""
    return None


class Accounting:
    """Sums up to the anchor, the time the register was last read; numbers name their periods."""

    def __init__(self) -> None:
        self.rows = [[0, 0, 0, 0] for _ in range(5)]
        self.numbers = [-1, -1, -1]  # hour, local day, local month
        self._shown = [[-1, 0, 0], [-1, 0, 0], [-1, 0, 0]]  # number, import, export
        self.price: "Price" = no_price
        self.export_price: "Price | None" = None  # None: the same as for import
        self.unpriced = False  # some energy of the running day was counted without a price

    def start(self, hour: int, day: int, month: int) -> None:
        """Begin in these periods. Those that are others than before begin at 0."""
        for i, number in enumerate((hour, day, month)):
            if number != self.numbers[i]:
                self.numbers[i] = number
                self.rows[i] = [0, 0, 0, 0]

    def money(self, utc: int, imported: int, exported: int) -> "tuple[int, int]":
        """Cost and income of energy used at utc; 0 while there is no price."""
        price = self.price(utc) if imported or exported else None
        earned = price if self.export_price is None else self.export_price(utc)
        return imported * (price or 0), exported * (earned or 0)

    def book(self, utc: int, imported: int, exported: int) -> "tuple[int, int]":
        """The same for energy that is counted: it is remembered if there was no price."""
        if (imported or exported) and self.price(utc) is None:
            self.unpriced = True
        return self.money(utc, imported, exported)

    def add(self, utc: int, imported: int, exported: int) -> None:
        """Energy of the running periods."""
        cost, income = self.book(utc, imported, exported)
        for i in (HOUR, DAY, MONTH):
            row = self.rows[i]
            row[IMPORT] += imported
            row[EXPORT] += exported
            row[COST] += cost
            row[INCOME] += income

    def next_hour(self, hour: int) -> None:
        """An hour is over."""
        self.rows[HOUR] = [0, 0, 0, 0]
        self.numbers[HOUR] = hour

    def next_day(self, day: int) -> None:
        """A local day is over."""
        self.rows[YESTERDAY] = self.rows[DAY]
        self.rows[DAY] = [0, 0, 0, 0]
        self.numbers[DAY] = day
        self.unpriced = False

    def next_month(self, month: int) -> None:
        """A local month is over."""
        self.rows[LAST_MONTH] = self.rows[MONTH]
        self.rows[MONTH] = [0, 0, 0, 0]
        self.numbers[MONTH] = month

    def reprice(self, hour: "tuple[int, int]", day: "tuple[int, int]") -> None:
        """The running hour and day have cost and earned this; the month changes with the day."""
        for column, of_hour, of_day in ((COST, hour[0], day[0]), (INCOME, hour[1], day[1])):
            self.rows[MONTH][column] += of_day - self.rows[DAY][column]
            self.rows[DAY][column] = of_day
            self.rows[HOUR][column] = of_hour

    def correct(self, period: int, number: int, imported: int, exported: int) -> None:
        """Add to the energy of a period, DAY or MONTH, that runs or was the last one."""
        behind = self.numbers[period] - number
        if behind == 0:
            row = self.rows[period]
            self._shown[period][0] = -1  # what was corrected may be seen to fall
        elif behind == 1:
            row = self.rows[YESTERDAY if period == DAY else LAST_MONTH]
        else:
            return
        row[IMPORT] = max(0, row[IMPORT] + imported)
        row[EXPORT] = max(0, row[EXPORT] + exported)

    def show(self, period: int, number: int, recent: "list[int]") -> "list[int]":
        """The sums of a running period: what the register has told, and what came after it.

        recent  import, export, cost, income since the anchor that fall into the period
        """
        row = self.rows[period]
        sums = list(recent)
        if self.numbers[period] == number:
            for i in range(4):
                sums[i] += row[i]
        shown = self._shown[period]
        if shown[0] != number:
            shown[0] = number
            shown[1] = shown[2] = 0
        for i in (IMPORT, EXPORT):
            sums[i] = max(sums[i], shown[i + 1])
            shown[i + 1] = sums[i]
        return sums

    def to_ints(self) -> "list[int]":
        """For a record: periods, sums and what was shown, 32 numbers."""
        out = list(self.numbers)
        for row in self.rows:
            out.extend(row)
        for shown in self._shown:
            out.extend(shown)
        return out

    def from_ints(self, numbers: "list[int]", at: int) -> int:
        """Take what to_ints gave at numbers[at]; where it ends. ValueError if it is too short."""
        if at + 32 > len(numbers):
            raise ValueError("no sums")
        self.numbers = numbers[at : at + 3]
        at += 3
        for i in range(5):
            self.rows[i] = numbers[at : at + 4]
            at += 4
        for i in range(3):
            self._shown[i] = numbers[at : at + 3]
            at += 3
        return at
