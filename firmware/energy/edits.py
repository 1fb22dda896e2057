"""Edits of the history: the owner's corrections and imported slots. The last ten can be undone.

In       (hour or local day number, import Wh, export Wh)
Out      the number of slots that changed; -1 if the file system refused
Rules    Only slots that have ended and are settled can be changed. An edited hour changes its
         quarters, in their old proportions, and its day. An edited day does not change its hours.
         Edited hours are priced again; an edited day keeps its cost and income.
         An operation (an edit, its undo, its redo) is written to the file `edit`, then applied,
         then noted in the journal: after a power cut in between, the next start applies it again.
         One that fails, for lack of memory or of flash, is reverted from the old values before
         the error is raised, and its record is removed, so that no later start applies it.
Wire     see energy.edit_log
Limits   up to 150 slots of an import, held packed in about 12 octets each; one block of the
         history is held for each level
"""

import clock
import records
from micropython import const
from ondemand import visit

from energy import blocks, edit_log, saved, stored, views
from energy.blocks import DAYS, HOURS, QUARTERS, Block
from energy.edit_log import FAILED, HEAD, IN_FORCE, UNDONE
from energy.stored import STORES
from energy.tariff import Peaks
from energy.totals import DAY, EXPORT, IMPORT, MONTH, YESTERDAY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from contracts import Files

    from energy.edit_log import Item, Slot
    from energy.ledger import Energy
    from energy.totals import Totals

    Change = tuple[int, int, int]  # number of the hour or local day, import Wh, export Wh

_DAY_S = const(86400)


class Edit:
    """Collects the changed slots, packed as they are stored."""

    def __init__(self, energy: "Energy", number: int = 0) -> None:
        self.items = bytearray(records.pack_ints((number,)))
        self.deltas: "dict[int, list[int]]" = {}  # by local day: change of import, export in Wh
        self._energy = energy
        self._blocks = [Block(store.slots) for store in STORES]
        self._numbers = [-1, -1, -1]  # of these blocks
        self._empty = len(self.items)

    def add(self, level: int, number: int, old: "Slot", new: "Slot") -> None:
        """Add a changed slot."""
        for numbers in ((level, number), old, new):
            records.put_ints(self.items, numbers)
        if level == HOURS:
            delta = self.deltas.setdefault(self._energy.settler.zone.day(number * 3600), [0, 0])
            delta[0] += new[0] - old[0]
            delta[1] += new[1] - old[1]

    def slot(self, level: int, number: int) -> "Slot":
        """The present values of a slot."""
        of_block, i = place(level, number)
        block = self._blocks[level]
        if self._numbers[level] != of_block:
            views.fill(self._energy.history, level, of_block, block)
            self._numbers[level] = of_block
        return block.imported[i], block.exported[i], block.quality[i]

    def change(self, level: int, change: "Change", quality: int) -> bool:
        """Change an hour and its quarters, or a local day. False if nothing changes."""
        number, imported, exported = change
        energy = self._energy
        old = self.slot(level, number)
        if level == HOURS:
            settled = (number + 1) * 3600 <= energy.settler.settled_until
        else:
            settled = number < energy.history.open_day
        if not settled or old[:2] == (imported, exported):
            return False
        if quality != blocks.EDITED and old[2] != blocks.GAP:
            return False  # an import does not replace known values
        self.add(level, number, old, (imported, exported, quality))
        if level == HOURS:
            quarters = [self.slot(QUARTERS, number * 4 + i) for i in range(4)]
            if _kept(energy, number // 24) or [s for s in quarters if s != (0, 0, blocks.GAP)]:
                imports = split(imported, [slot[0] for slot in quarters])
                exports = split(exported, [slot[1] for slot in quarters])
                for i in range(4):
                    new = (imports[i], exports[i], quality)
                    self.add(QUARTERS, number * 4 + i, quarters[i], new)
        return True

    def collect(self, by_hour: "list[Change]", by_day: "list[Change]", quality: int) -> int:
        """Change hours and local days. Returns the number of changes; `quality` as in enter()."""
        count = sum([1 for change in by_hour if self.change(HOURS, change, quality)])
        count += sum([1 for change in by_day if self.change(DAYS, change, quality)])
        if quality == blocks.EDITED:
            self.follow(sorted(self.deltas), False)
        return count

    def follow(self, days: "list[int]", undone: bool) -> None:
        """Change local days that are over by the changes to their hours.

        undone  the slots are added for an undo: the present value of a day is the new one
        """
        for day in days:
            if day >= self._energy.history.open_day:
                continue
            present = self.slot(DAYS, day)
            delta = self.deltas[day]
            sign = -1 if undone else 1
            sums = [max(0, present[i] + sign * delta[i]) for i in (0, 1)]
            other = (sums[0], sums[1], blocks.EDITED)
            if other[:2] != present[:2]:
                self.add(DAYS, day, *((other, present) if undone else (present, other)))

    def copy(self, number: int, state: int) -> "tuple[int, int]":
        """Add the slots of edit `number`, which gets a state. Returns (number of slots, UTC of the
        edit). The log is in memory during this call only."""
        for entry in edit_log.read(self._energy.history.files):
            if entry.number == number:
                count = 0
                for level, index, old, new in entry.slots():
                    if level != HEAD:
                        self.add(level, index, old, new)
                        count += 1
                # The day that ran at the last operation changes with its hours if it is over now.
                days = [day for day in self.deltas if day == entry.open_day()]
                self.follow(days, state == UNDONE)
                return count, entry.times()[0]
        return 0, 0

    def commit(self, now: int, at: int, number: int, state: int) -> bool:
        """Write the operation and apply it. False, with nothing changed, if the file system
        refused.

        at, number, state  of the edit: see energy.edit_log
        """
        energy, items = self._energy, self.items
        files = energy.history.files
        if len(items) == self._empty or files is None:
            return len(items) == self._empty
        self.add(HEAD, energy.history.open_day, (at, number, state), (now, 0, 0))
        self._blocks.clear()  # frees their memory before the edit is applied
        # After a power cut, the edit is applied again to the journal state saved here.
        if not energy.save(now) or not edit_log.write(files, items):
            return False
        noted = energy.edit_id
        rows = [list(row) for row in energy.totals.rows]
        done = False
        try:
            done = _apply(energy, items, now, state == UNDONE)
        finally:
            if not done:
                energy.edit_id = noted
                for row in range(len(rows)):
                    energy.totals.rows[row][: len(rows[row])] = rows[row]
                _revert(energy, files, items, now, state == UNDONE)
        return done


def split(value: int, old: "list[int]") -> "list[int]":
    """Split value in proportion to the old parts; in four equal parts if those are all 0."""
    total = sum(old)
    if not total:
        old, total = [1, 1, 1, 1], 4
    parts = []
    weight = shared = 0
    for part in old:
        weight += part
        parts.append(value * weight // total - shared)
        shared += parts[-1]
    return parts


def enter(
    energy: "Energy", by_hour: "list[Change]", by_day: "list[Change]", now: int,
    quality: int = blocks.EDITED,
) -> int:  # fmt: skip
    """Set UTC hours and local days, by their numbers. Returns the number of changes, -1 if the
    file system refused.

    quality  EDITED: entered by the owner. ESTIMATED: imported; only gaps are filled, no peaks
             are made, and days do not change with their hours
    """
    number = _begin(energy, now)
    if number < 0:
        return -1
    edit = Edit(energy, number)
    count = edit.collect(by_hour, by_day, quality)
    return count if edit.commit(now, now, number, IN_FORCE) else -1


def undo(energy: "Energy", now: int, number: int = 0) -> int:
    """Restore the old values of edit `number`, which must be the newest in force (ValueError); 0
    means that one. If every edit is undone already, 0 redoes the one undone last. Returns the
    number of changed slots, -1 if the file system refused."""
    operation = _begin(energy, now)
    turn = _turn(energy, UNDONE)
    if number and turn != number:
        raise ValueError("correction %d is not the newest one in force" % number)
    if not turn:
        return redo(energy, now)
    return _repeat(energy, now, operation, turn, UNDONE)


def redo(energy: "Energy", now: int, number: int = 0) -> int:
    """Set the new values of edit `number` again, which must be the one undone last, with no newer
    edit (ValueError); 0 means that one. Returns as undo()."""
    operation = _begin(energy, now)
    turn = _turn(energy, IN_FORCE)
    if number and turn != number:
        raise ValueError("correction %d is not the one undone last" % number)
    return _repeat(energy, now, operation, turn, IN_FORCE)


def finish(energy: "Energy", now: int) -> None:
    """Apply the stored operation if the journal does not have it: a power cut came between, or it
    could not be reverted."""
    entry = edit_log.last(energy.history.files)
    if entry is not None and entry.operation > energy.edit_id:
        items = entry.data[entry.begin : entry.end]
        _apply(energy, items, now, entry.state == UNDONE)


def _begin(energy: "Energy", now: int) -> int:
    """The number of a new operation; -1 if the file system refused."""
    finish(energy, now)
    highest = edit_log.keep(energy.history.files)
    return max(highest, energy.edit_id) + 1 if highest >= 0 else -1


def _turn(energy: "Energy", state: int) -> int:
    """The number of the edit whose turn it is to get a state; 0 if there is none."""
    entries = edit_log.read(energy.history.files)
    found = edit_log.undoable(entries) if state == UNDONE else edit_log.redoable(entries)
    return found.number if found is not None else 0


def _repeat(energy: "Energy", now: int, operation: int, number: int, state: int) -> int:
    """Undo or redo edit `number`, 0 for none: state is its new one. Returns as undo()."""
    if operation < 0:
        return -1
    if not number:
        return 0
    edit = Edit(energy, operation)
    count, at = edit.copy(number, state)
    return count if edit.commit(now, at, number, state) else -1


def _changes(items: "bytes | bytearray", undone: bool, revert: bool = False) -> "Iterator[Item]":
    """(level, number, old, new) of each slot, for an undo with the two exchanged; with `revert`,
    new has the old values too."""
    for level, number, old, new in edit_log.slots(items, 0, len(items)):
        if level != HEAD:
            if undone:
                old, new = new, old
            yield level, number, old, old if revert else new


def place(level: int, number: int) -> "tuple[int, int]":
    """(block number, place in it) of a quarter, an hour or a local day."""
    if level == DAYS:
        return clock.month_of(number), clock.civil(number * _DAY_S)[2] - 1
    slots = STORES[level].slots
    return number // slots, number % slots


def _kept(energy: "Energy", day: int) -> bool:
    """Whether the quarters of a UTC day are kept."""
    return energy.history.day - day < blocks.KEPT_DAYS


def _revert(energy: "Energy", files: "Files", items: bytearray, now: int, undone: bool) -> None:
    """Restore the slots of an operation that failed and remove its record. The caller has restored
    the totals."""
    number = edit_log.operation(items, 0, len(items))
    written = False
    try:
        record = bytearray(records.pack_ints((number,)))
        for level, index, old, new in _changes(items, undone, True):
            for numbers in ((level, index), old, new):
                records.put_ints(record, numbers)
        records.put_ints(record, (HEAD, 0, now, number, FAILED, now, 0, 0))
        written = edit_log.write(files, record)
    except MemoryError:
        pass  # without this record a power cut may leave half of the edit
    if not written:
        files.remove(saved.EDIT)
    if _apply(energy, items, now, undone, True):
        files.remove(saved.EDIT)


def _apply(
    energy: "Energy", items: "bytes | bytearray", now: int, undone: bool, revert: bool = False
) -> bool:
    """Apply an operation, or revert it. The values are absolute, so it may be applied twice.
    False, with the totals unchanged, if the file system refused."""
    for level in (QUARTERS, HOURS, DAYS):  # a level at a time: its slots are in order
        if not _put(energy, level, _changes(items, undone, revert)):
            return False
    days: "set[int]" = set()  # with changed hours
    totals = energy.totals
    for level, index, old, new in _changes(items, undone, revert):
        day = energy.settler.zone.day(index * 3600) if level == HOURS else index
        # For a day that is over, the edit has a slot of the day itself.
        if level == DAYS or (level == HOURS and day == totals.numbers[DAY]):
            imported, exported = new[0] - old[0], new[1] - old[1]
            _correct(totals, DAY, day, imported, exported)
            _correct(totals, MONTH, clock.month_of(day), imported, exported)
        if level == HOURS:
            days.add(day)
    energy.edit_id = edit_log.operation(items, 0, len(items))
    for month in {clock.month_of(day) for day in days}:
        if month < energy.peaks.month and can_find_peaks(energy, month):
            peaks = Peaks(energy.peaks.tariff)
            views.find_peaks(energy.settler, peaks, month)
            stored.put_month(energy.history, month, peaks.value())
    views.find_peaks(energy.settler, energy.peaks, energy.peaks.month)
    with visit("energy.money") as money:
        money.again(energy.settler, days)
    energy.save(now)  # if it is refused, a restart applies the edit again
    return True


def can_find_peaks(energy: "Energy", month: int) -> bool:
    """Whether all intervals of a month are kept: of an older one the value does not change."""
    quarterly = energy.peaks.tariff.interval_min == 15
    return not quarterly or _kept(energy, energy.settler.zone.month_start(month) // _DAY_S)


def _put(energy: "Energy", level: int, changes: "Iterator[Item]") -> bool:
    """Put the new slots of a level into their blocks; each block is read and written once."""
    block = Block(STORES[level].slots)
    opened = -1
    done = True
    for item_level, index, _, new in changes:
        if item_level == level:
            number, i = place(level, index)
            if level == QUARTERS and not _kept(energy, number):
                continue
            if number != opened:
                if opened >= 0:
                    done = _replace(energy, level, opened, block) and done
                views.fill(energy.history, level, number, block)
                opened = number
            block.put(i, new[0], new[1], new[2])
    return (opened < 0 or _replace(energy, level, opened, block)) and done


def _replace(energy: "Energy", level: int, number: int, block: Block) -> bool:
    """Replace a block. For the hours of the held UTC day only the quality is stored: their
    energy is the sum of the quarters."""
    history = energy.history
    if level != DAYS and number == history.day:
        history.low = 0
        history.rewrite = True
        if level == HOURS:
            history.hour_quality[:] = block.quality
        else:
            stored.copy(block, history.quarters)
        return True
    stored.write_waiting(history)
    prefix = history.prefixes[0]
    if len(history.prefixes) > 1:  # the block stays in the files that it was read from
        found = stored.read(history, level, number, Block(block.n))
        prefix = prefix if found is None else found
    files = history.files
    return files is not None and STORES[level].write(files, number, block, prefix)


def _correct(totals: "Totals", period: int, number: int, imported: int, exported: int) -> None:
    """Add Wh, or subtract with negative ones, to DAY or MONTH `number`: the running or the last
    one; others are ignored."""
    past = totals.numbers[period] - number
    if past not in (0, 1):
        return
    row = totals.rows[period + past * (YESTERDAY - DAY)]
    if not past:
        totals.shown[period][0] = -1  # a corrected sum may decrease
    row[IMPORT] = max(0, row[IMPORT] + imported)
    row[EXPORT] = max(0, row[EXPORT] + exported)
