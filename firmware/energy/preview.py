"""What a correction would change: the sums of days and months, peaks, and money.

In       the same hours and local days as energy.edits.enter()
Out      Wh before and after; peaks before and after; the change of cost and income
Rules    Nothing is changed: the edit is collected, and not committed. Peaks after it are found in
         the history with the edit's slots in place of the stored ones.
         Money is that of the quarters' differences at their prices. It is not known if one of
         them has no price, or if a whole day is edited: a day has no quarters then.
         Loaded on demand.
"""

import clock

from energy import edit_log, edits, views
from energy.blocks import DAYS, EDITED, HOURS, QUARTERS, Block
from energy.power import QUARTER_S
from energy.tariff import Peaks
from energy.totals import DAY, MONTH, YESTERDAY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from energy.edit_log import Item
    from energy.edits import Change
    from energy.ledger import Energy


class Preview:
    """The effect of one edit."""

    def __init__(
        self, energy: "Energy", by_hour: "list[Change]", by_day: "list[Change]", now: int
    ) -> None:
        self._energy = energy
        self._now = now
        edit = edits.Edit(energy)
        self.count = edit.collect(by_hour, by_day, EDITED)  # of changed hours and days
        self._items, deltas = edit.items, edit.deltas
        del edit  # frees its blocks
        self._changed: "set[int]" = set()  # UTC days with changed hours
        # (local day or month, Wh before: import, export; Wh after), in rising order
        self.days: "list[tuple[int, list[int], list[int]]]" = []
        self.months: "list[tuple[int, list[int], list[int]]]" = []
        # (month, peaks before, peaks after), of months whose peaks can be found
        self.peaks: "list[tuple[int, Peaks, Peaks]]" = []
        # Cost and income in 1e-9 of the currency; None: not known
        self.money: "list[int] | None" = [0, 0]
        self._add_days(deltas)
        self._add_months()
        self._add_money(by_day)
        self._add_peaks()

    def _add_days(self, deltas: "dict[int, list[int]]") -> None:
        """Fill `days` with the edited ones and those of edited hours."""
        for level, number, old, new in self._slots():
            if level == DAYS:
                self.days.append((number, list(old[:2]), list(new[:2])))
            elif level == HOURS:
                self._changed.add(number // 24)
        open_day = self._energy.history.open_day
        if open_day in deltas:  # a day that is not over has no slot
            before = self._running_day()
            self.days.append((open_day, before, _sum(before, deltas[open_day])))
        self.days.sort()

    def _slots(self) -> "Iterator[Item]":
        return edit_log.slots(self._items, 0, len(self._items))

    def _running_day(self) -> "list[int]":
        """Import and export of the day that is not over, as the documents show them."""
        energy = self._energy
        past = energy.settler.zone.day(self._now) - energy.totals.numbers[DAY]
        return energy.running(self._now)[YESTERDAY if past == 1 else DAY][:2]

    def _add_months(self) -> None:
        """Fill `months` with those of `days`."""
        energy = self._energy
        for month in sorted({clock.month_of(day) for day, _, _ in self.days}):
            if month == energy.settler.zone.month(self._now):
                before = energy.running(self._now)[MONTH][:2]
            else:
                block = Block(31)
                views.fill(energy.history, DAYS, month, block)
                before = [sum(block.imported), sum(block.exported)]
                if clock.month_of(energy.history.open_day) == month:
                    before = _sum(before, self._running_day())
            after = before
            for day, old, new in self.days:
                if clock.month_of(day) == month:
                    after = _sum(after, [new[0] - old[0], new[1] - old[1]])
            self.months.append((month, before, after))

    def _add_money(self, by_day: "list[Change]") -> None:
        """Set `money` to the price of each quarter's difference."""
        totals = self._energy.totals
        sums = [0, 0]
        known = not by_day
        for level, number, old, new in self._slots():
            imported, exported = new[0] - old[0], new[1] - old[1]
            if level == QUARTERS and (imported or exported):
                utc = number * QUARTER_S
                export_price = totals.export_price or totals.price
                if imported and totals.price(utc) is None:
                    known = False
                if exported and export_price(utc) is None:
                    known = False
                cost, income = totals.money(utc, imported, exported)[:2]
                sums = [sums[0] + cost, sums[1] + income]
        self.money = sums if known else None

    def _add_peaks(self) -> None:
        """Fill `peaks` with the months of edited hours."""
        energy = self._energy
        zone = energy.settler.zone
        months = {
            zone.month(number * 3600) for level, number, _, _ in self._slots() if level == HOURS
        }
        for month in sorted(months):
            if energy.peaks.tariff.count and edits.can_find_peaks(energy, month):
                before = energy.peaks
                if month != before.month:
                    before = Peaks(energy.peaks.tariff)
                    views.find_peaks(energy.settler, before, month)
                after = Peaks(energy.peaks.tariff)
                if month == energy.peaks.month:
                    after.month, after.from_file = month, energy.peaks.from_file
                    after.meter_peak = energy.peaks.meter_peak
                views.find_peaks(energy.settler, after, month, self._put)
                self.peaks.append((month, before, after))

    def _put(self, level: int, day: int, block: Block) -> None:
        """Put the edit's slots of a UTC day into its block."""
        if day in self._changed:
            for item_level, number, _, new in self._slots():
                if item_level == level and number // block.n == day:
                    block.put(number % block.n, new[0], new[1], new[2])

    def value(self, peaks: Peaks) -> int:
        """The capacity value in W of a month with these peaks; that of the running month may be a
        mean with earlier ones."""
        own = peaks.tariff.value([watts for _, watts in peaks.chosen()])
        return self._energy.month_value(own) if peaks.month == self._energy.peaks.month else own


def _sum(a: "list[int]", b: "list[int]") -> "list[int]":
    """Import and export, at least 0."""
    return [max(0, a[0] + b[0]), max(0, a[1] + b[1])]
