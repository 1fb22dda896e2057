"""History: quarters for 40 days, hours for 400, local days and months for five years.

In       shares of energy in rising order of time, the quality of each slot when it ends; months
         that have ended
Out      the running UTC day, which is held in RAM; all earlier days are on flash and are read
         back by energy.views
Rules    energy.stored writes and reads the files; energy.branches has the rules of the branches
"""

from ondemand import visit

from energy.blocks import Block

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from contracts import Files


class History:
    """Written by the Settler and by energy.edits only."""

    def __init__(self) -> None:
        self.files: "Files | None" = None
        self.day = -1  # the UTC day that is held; -1: none yet
        self.quarters = Block(96)
        self.hour_quality = bytearray(24)
        self.low = 0  # the first quarter that has changed since the last journal record
        self.rewrite = True  # replace the journal's file at the next save, do not append
        self.open_day = -1  # the running local day
        # Local days that are over but not written: day, import, export, quality.
        self.closed: "list[tuple[int, int, int, int]]" = []
        # UTC days that the file system refused: day, packed quarters, packed hours.
        self.waiting: "list[tuple[int, bytes, bytes]]" = []
        # The branches: see energy.branches. `nodes` is empty while there is only the ring.
        self.branch = 0  # the number of the running one; 0: the ring
        self.nodes: "list[list[int]]" = []  # the table of branches
        self.prefixes: "tuple[str, ...]" = ("",)  # of the files, that of new ones first
        # The first registers of a reader without history, and the seconds since.
        self.first: "list[int]" = []  # import, export or -1
        self.lived = 0
        self.month_values: "dict[int, int]" = {}  # W by month number, of the newest months

    def add(self, quarter: int, imported: int, exported: int) -> None:
        """Add Wh to a quarter; its number is UTC // 900."""
        self.turn_to(quarter // 96)
        i = quarter % 96
        self.quarters.imported[i] += imported
        self.quarters.exported[i] += exported
        if i < self.low:
            self.low = i

    def turn_to(self, day: int) -> None:
        """Write the held UTC day to flash and hold `day` in its place."""
        if day != self.day:
            with visit("energy.stored") as stored:
                stored.turn(self, day)

    def forget(self, first: int) -> None:
        """Clear the held day to gaps from quarter `first` (0 to 95) on."""
        self.quarters.clear(first)
        for hour in range(first // 4, 24):
            self.hour_quality[hour] = 0
        self.low = 0
        self.rewrite = True

    def earlier_values(self, month: int, by_meter: "Sequence[int]" = ()) -> "list[int]":
        """The known values in W of the twelve months before number `month`, newest first.

        by_meter  Peaks.meter_months: its values replace those of the history
        """
        values = self.month_values
        found = []
        for m in range(month - 1, month - 13, -1):
            back = by_meter[0] - m if by_meter else -1
            sent = by_meter[1 + back] if 0 <= back < len(by_meter) - 1 else 0
            if sent or m in values:
                found.append(sent or values[m])
        return found
