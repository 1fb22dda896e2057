"""Quarters for 40 days, hours for 400, local days for five years; all but the running UTC day on
flash.

In       shares of energy in rising order of time, the quality of each slot when it ends
Out      blocks of slots of any day or month
Rules    The journal decides what the running UTC day is: blocks on flash of that day or later, and
         local days that are not over, are those of a moment before the power was cut. They are
         not shown, and are written again.
"""

import clock
from micropython import const

from energy import slots
from energy.slots import Block

TYPE_CHECKING = False
if TYPE_CHECKING:
    from storage import Storage as Files

DAY_S = const(86400)
_REFUSED_DAYS = const(2)  # kept while the file system takes nothing: under 1 KB a day
_CLOSED_DAYS = const(8)


class History:
    """One writer, the ledger."""

    def __init__(self) -> None:
        self.files: "Files | None" = None
        self.day = -1  # the UTC day held here; -1: none yet
        self.quarters = Block(96)
        self.hour_quality = bytearray(24)
        self.low = 0  # the first quarter that the journal does not have
        self.rewrite = True  # the journal's file begins anew
        self.open_day = -1  # the local day that is not over
        # Local days that are over but not written: day, import, export, quality.
        self.closed: "list[tuple[int, int, int, int]]" = []
        # UTC days that the file system refused: day, quarters and hours as they are packed.
        self.refused: "list[tuple[int, bytes, bytes]]" = []

    def add(self, quarter: int, imported: int, exported: int) -> None:
        """Energy of a quarter, by its number since 1970."""
        self.turn_to(quarter // 96)
        i = quarter % 96
        self.quarters.imported[i] += imported
        self.quarters.exported[i] += exported
        if i < self.low:
            self.low = i

    def close_quarter(self, quarter: int, quality: int) -> None:
        """A quarter is over."""
        self.turn_to(quarter // 96)
        self.quarters.quality[quarter % 96] = quality

    def close_hour(self, hour: int, quality: int) -> None:
        """An hour, by its number since 1970, is over."""
        self.turn_to(hour // 24)
        self.hour_quality[hour % 24] = quality

    def close_day(self, day: int, imported: int, exported: int, quality: int) -> None:
        """A local day is over."""
        self.closed.append((day, imported, exported, quality))
        self.open_day = day + 1

    def hour_wh(self, hour: int) -> "tuple[int, int]":
        """Import and export of an hour of the UTC day held here."""
        i = hour % 24 * 4
        q = self.quarters
        return sum(q.imported[i : i + 4]), sum(q.exported[i : i + 4])

    def turn_to(self, day: int) -> None:
        """Make a UTC day the one held here; the one before goes to flash."""
        if day == self.day:
            return
        self.fold()
        back = self.day < 0 or day < self.day
        self.day = day
        self.low = 0
        self.rewrite = True
        self.clear()
        if back:
            self._read_back()

    def clear(self) -> None:
        """Know nothing of the held day."""
        self.quarters.clear()
        self.hour_quality = bytearray(24)

    def forget(self, quarter: int) -> None:
        """Know nothing of the held day from a quarter on."""
        first = quarter - self.day * 96
        for i in range(first, 96):
            self.quarters.put(i, 0, 0, slots.GAP)
        for hour in range(first // 4, 24):
            self.hour_quality[hour] = slots.GAP
        self.low = 0
        self.rewrite = True

    def _read_back(self) -> None:
        """Take the held day from flash: after the journal was lost, or a jump of the clock."""
        hours = Block(24)
        if self.files is not None and slots.HOURS.read(self.files, self.day, hours):
            slots.QUARTERS.read(self.files, self.day, self.quarters)
            self.hour_quality[:] = hours.quality

    def fold(self) -> None:
        """Write the held UTC day and the local days that are over."""
        if self.files is None:
            return
        if self.day >= 0:
            hours = Block(24)
            self._held_hours(hours)
            quarters = self.quarters
            if not (
                slots.QUARTERS.write(self.files, self.day, quarters)
                and slots.HOURS.write(self.files, self.day, hours)
            ):
                kept = [late for late in self.refused if late[0] != self.day]
                kept.append((self.day, quarters.pack(self.day), hours.pack(self.day)))
                self.refused = kept[-_REFUSED_DAYS:]
        self.write_days()

    def write_late(self) -> None:
        """Write what is over and was refused, or is over since."""
        while self.refused and self.files is not None:
            day, quarters, hours = self.refused[0]
            for shelf, payload in ((slots.QUARTERS, quarters), (slots.HOURS, hours)):
                block = Block(shelf.slots)
                block.unpack(payload, 0, len(payload))
                if not shelf.write(self.files, day, block):
                    return
            del self.refused[0]
        self.write_days()

    def write_days(self) -> None:
        """Write the local days that are over. What is refused stays here for the next time."""
        if self.files is None or not self.closed:
            return
        block = Block(31)
        while self.closed:
            month = clock.month_of(self.closed[0][0])
            slots.DAYS.read(self.files, month, block)
            later = []
            for closed in self.closed:
                day, imported, exported, quality = closed
                if clock.month_of(day) == month:
                    block.put(clock.civil(day * DAY_S)[2] - 1, imported, exported, quality)
                else:
                    later.append(closed)
            if not slots.DAYS.write(self.files, month, block):
                del self.closed[:-_CLOSED_DAYS]
                return
            self.closed = later

    def _held_hours(self, block: Block) -> None:
        for i in range(24):
            imported, exported = self.hour_wh(i)
            block.put(i, imported, exported, self.hour_quality[i])

    def quarters_of(self, day: int, block: Block) -> None:
        """Fill a block of 96 with a UTC day's quarters."""
        if day == self.day:
            block.imported[:] = self.quarters.imported
            block.exported[:] = self.quarters.exported
            block.quality[:] = self.quarters.quality
        else:
            self._from_flash(slots.QUARTERS, day, block)

    def hours_of(self, day: int, block: Block) -> None:
        """Fill a block of 24 with a UTC day's hours."""
        if day == self.day:
            self._held_hours(block)
        else:
            self._from_flash(slots.HOURS, day, block)

    def _from_flash(self, shelf: slots.Shelf, day: int, block: Block) -> None:
        for refused, quarters, hours in self.refused:
            if refused == day:
                late = quarters if shelf is slots.QUARTERS else hours
                block.unpack(late, 0, len(late))
                return
        if self.files is None or 0 <= self.day < day:
            block.clear()
        else:
            shelf.read(self.files, day, block)

    def days_of(self, month: int, block: Block) -> None:
        """Fill a block of 31 with a local month's days: 1 at place 0."""
        if self.files is None:
            block.clear()
        else:
            slots.DAYS.read(self.files, month, block)
        first = clock.days(month // 12, month % 12 + 1, 1)
        for i in range(31):
            if 0 <= self.open_day <= first + i:
                block.put(i, 0, 0, slots.GAP)
        for day, imported, exported, quality in self.closed:
            if clock.month_of(day) == month:
                block.put(day - first, imported, exported, quality)

    def replace(self, level: int, number: int, block: Block) -> bool:
        """Put a whole block in place: 0 quarters, 1 hours, 2 local days. The held UTC day's hours
        follow from its quarters, but for their quality."""
        if level < 2 and number == self.day:
            self.low = 0
            self.rewrite = True
            if level:
                self.hour_quality[:] = block.quality
            else:
                self.quarters.imported[:] = block.imported
                self.quarters.exported[:] = block.exported
                self.quarters.quality[:] = block.quality
            return True
        self.write_late()
        shelf = (slots.QUARTERS, slots.HOURS, slots.DAYS)[level]
        return self.files is not None and shelf.write(self.files, number, block)
