"""History: quarters for 40 days, hours for 400, local days and months for five years.

In       shares of energy in rising order of time, the quality of each slot when it ends; months
         that have ended
Out      the running UTC day, which is held in RAM; all earlier days are on flash and are read
         back by energy.views
Wire     days: see energy.blocks; months, in the file `months`: kind 4D, a month's number, its
         value in W, import, export, cost, income
Rules    The journal decides which UTC day is the running one. Blocks on flash of that day or
         later, and local days that are not over, were written just before a power cut, after the
         last journal record. They are ignored and written again.
Limits   61 months, 1.5 KB on flash; 13 of their values are held
"""

import clock
import records
from micropython import const

from energy.blocks import DAYS, HOURS, QUARTERS, STORES, Block

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from contracts import Files

_DAY_S = const(86400)
_WAITING_DAYS = const(2)  # kept while the file system refuses them: under 1 KB each
_CLOSED_DAYS = const(8)
_MONTHS = "months"
_MONTH = const(0x4D)
_VERSION = const(1)
_KEPT_MONTHS = const(61)
_HELD_MONTHS = const(13)


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
        self._month_values: "dict[int, int]" = {}  # W by month number, of the newest months

    def add(self, quarter: int, imported: int, exported: int) -> None:
        """Add Wh to a quarter; its number is UTC // 900."""
        self.turn_to(quarter // 96)
        i = quarter % 96
        self.quarters.imported[i] += imported
        self.quarters.exported[i] += exported
        if i < self.low:
            self.low = i

    def fill_hours(self, block: Block) -> None:
        """Fill a block of 24 slots with the hours of the held UTC day."""
        quarters = self.quarters
        for i in range(24):
            at = i * 4
            block.put(
                i,
                sum(quarters.imported[at : at + 4]),
                sum(quarters.exported[at : at + 4]),
                self.hour_quality[i],
            )

    def turn_to(self, day: int) -> None:
        """Write the held UTC day to flash and hold `day` in its place."""
        if day == self.day:
            return
        files = self.files
        hours = Block(24)
        if files is not None and self.day >= 0:
            self.fill_hours(hours)
            if not (
                STORES[QUARTERS].write(files, self.day, self.quarters)
                and STORES[HOURS].write(files, self.day, hours)
            ):
                kept = [refused for refused in self.waiting if refused[0] != self.day]
                kept.append((self.day, self.quarters.pack(self.day), hours.pack(self.day)))
                self.waiting = kept[-_WAITING_DAYS:]
        self.write_days()
        read_back = self.day < 0 or day < self.day  # the journal was lost, or the clock set back
        self.day = day
        self.forget(0)
        if read_back and files is not None and STORES[HOURS].read(files, day, hours):
            STORES[QUARTERS].read(files, day, self.quarters)
            self.hour_quality[:] = hours.quality

    def forget(self, first: int) -> None:
        """Clear the held day to gaps from quarter `first` (0 to 95) on."""
        self.quarters.clear(first)
        for hour in range(first // 4, 24):
            self.hour_quality[hour] = 0
        self.low = 0
        self.rewrite = True

    def write_waiting(self) -> None:
        """Write the days that the file system refused, and the local days that are over."""
        while self.waiting and self.files is not None:
            day, quarters, hours = self.waiting[0]
            for store, payload in ((STORES[QUARTERS], quarters), (STORES[HOURS], hours)):
                block = Block(store.slots)
                block.unpack(payload, 0, len(payload))
                if not store.write(self.files, day, block):
                    return
            del self.waiting[0]
        self.write_days()

    def write_days(self) -> None:
        """Write the local days that are over; refused ones are kept for the next call."""
        if self.files is None or not self.closed:
            return
        block = Block(31)
        while self.closed:
            month = clock.month_of(self.closed[0][0])
            STORES[DAYS].read(self.files, month, block)
            later = []
            for closed in self.closed:
                day, imported, exported, quality = closed
                if clock.month_of(day) == month:
                    block.put(clock.civil(day * _DAY_S)[2] - 1, imported, exported, quality)
                else:
                    later.append(closed)
            if not STORES[DAYS].write(self.files, month, block):
                del self.closed[:-_CLOSED_DAYS]
                return
            self.closed = later

    def load_months(self, before: int) -> None:
        """Read the values of the months before number `before`; of all months if negative."""
        values = {row[0]: row[1] for row in months(self.files) if row[0] < before or before < 0}
        for month in sorted(values)[:-_HELD_MONTHS]:
            del values[month]
        self._month_values = values

    def earlier_values(self, month: int) -> "list[int]":
        """The known values in W of the twelve months before number `month`, newest first."""
        values = self._month_values
        return [values[m] for m in range(month - 1, month - 13, -1) if m in values]

    def put_month(self, month: int, value: int, row: "list[int] | None" = None) -> None:
        """Add a month that is over: its value in W, and row: import, export, cost, income.
        Without a row, change the value of a stored month."""
        kept = []
        old = None
        for other in months(self.files):
            if row is None or month - _KEPT_MONTHS < other[0] < month:
                kept.append(other)
            if other[0] == month:
                old = other
        if row is not None:
            kept.append([month, value] + row)
        elif old is not None and old[1] != value:
            old[1] = value
        else:
            return
        values = self._month_values
        values[month] = value
        if len(values) > _HELD_MONTHS:
            del values[min(values)]
        if self.files is not None:
            packed = (records.pack(_MONTH, _VERSION, records.pack_ints(month)) for month in kept)
            self.files.write(_MONTHS, packed)


def months(files: "Files | None") -> "Iterator[list[int]]":
    """[month number, value W, import Wh, export Wh, cost, income] in file order."""
    data = (files.read(_MONTHS) if files is not None else None) or b""
    for kind, _, begin, end in records.scan(data):
        if kind == _MONTH:
            try:
                row = list(records.ints(data, begin, end))
            except ValueError:
                continue
            if len(row) >= 6:
                yield row
