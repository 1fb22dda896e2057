"""Edits of the history: the owner's corrections and imported slots. The last one can be undone.

In       (hour or local day number, import Wh, export Wh)
Out      the number of slots that changed; -1 if the file system refused
Rules    Only slots that have ended and are settled can be changed. An edited hour changes its
         quarters, in their old proportions, and its day. An edited day does not change its hours.
         Cost and income do not change.
         An edit is written to the file `edit`, then applied, then noted in the journal: after a
         power cut in between, the next start applies it again. An edit that fails, for lack of
         memory or of flash, is reverted from its old values before the error is raised, and its
         file is removed, so that no later start applies it.
Wire     kind 45: the edit's number, then for each slot: level, number, old and new, each as
         import, export, quality
Limits   up to 150 slots of an import, held packed in about 12 octets each; one block of the
         history is held for each level
"""

import clock
import records
from micropython import const

from energy import blocks, saved, views
from energy.blocks import DAYS, HOURS, QUARTERS, STORES, Block
from energy.tariff import Peaks
from energy.totals import DAY, MONTH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from contracts import Files

    from energy.ledger import Energy

    Change = tuple[int, int, int]
    Slot = tuple[int, int, int]  # import, export, quality
    Item = tuple[int, int, Slot, Slot]  # level, number of the slot, old, new

_OPEN = const(3)  # not a slot: the number of the local day that ran at the edit
_KIND = const(0x45)
_VERSION = const(1)


class Edit:
    """Collects the changed slots, packed as they are stored."""

    def __init__(self, energy: "Energy", now: int) -> None:
        finish(energy, now)  # an earlier edit that could not be reverted
        self._energy = energy
        self._now = now
        self._blocks = [Block(store.slots) for store in STORES]
        self._numbers = [-1, -1, -1]  # of these blocks
        self._items = bytearray(records.pack_ints((energy.edit_id + 1,)))
        self._empty = len(self._items)
        self.deltas: "dict[int, list[int]]" = {}  # by local day: change of import, export in Wh

    def add(self, level: int, number: int, old: "Slot", new: "Slot") -> None:
        """Add a changed slot."""
        for numbers in ((level, number), old, new):
            records.put_ints(self._items, numbers)
        if level == HOURS:
            delta = self.deltas.setdefault(self._energy.settler.zone.day(number * 3600), [0, 0])
            delta[0] += new[0] - old[0]
            delta[1] += new[1] - old[1]

    def _slot(self, level: int, number: int) -> "Slot":
        of_block, i = _place(level, number)
        block = self._blocks[level]
        if self._numbers[level] != of_block:
            views.fill(self._energy.history, level, of_block, block)
            self._numbers[level] = of_block
        return block.imported[i], block.exported[i], block.quality[i]

    def change(self, level: int, change: "Change", quality: int) -> bool:
        """Change an hour and its quarters, or a local day. False if nothing changes."""
        number, imported, exported = change
        energy = self._energy
        old = self._slot(level, number)
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
            quarters = [self._slot(QUARTERS, number * 4 + i) for i in range(4)]
            kept = energy.history.day - number // 24 < blocks.KEPT_DAYS
            if kept or [slot for slot in quarters if slot != (0, 0, blocks.GAP)]:
                imports = split(imported, [slot[0] for slot in quarters])
                exports = split(exported, [slot[1] for slot in quarters])
                for i in range(4):
                    new = (imports[i], exports[i], quality)
                    self.add(QUARTERS, number * 4 + i, quarters[i], new)
        return True

    def follow(self, days: "list[int]") -> None:
        """Change local days by the sum of the changes to their hours."""
        for day in days:
            old = self._slot(DAYS, day)
            delta = self.deltas[day]
            change = (day, max(0, old[0] + delta[0]), max(0, old[1] + delta[1]))
            self.change(DAYS, change, blocks.EDITED)

    def commit(self) -> bool:
        """Write the edit and apply it. False, with nothing changed, if the file system refused."""
        energy, items = self._energy, self._items
        files = energy.history.files
        if len(items) == self._empty or files is None:
            return len(items) == self._empty
        self.add(_OPEN, energy.history.open_day, (0, 0, 0), (0, 0, 0))
        self._blocks.clear()  # frees their memory before the edit is applied
        # After a power cut, the edit is applied again to the journal state saved here.
        if not energy.save(self._now):
            return False
        if not files.write(saved.EDIT, (records.pack(_KIND, _VERSION, items),)):
            return False
        number = energy.edit_id
        rows = [list(row) for row in energy.totals.rows]
        done = False
        try:
            done = _apply(energy, items, self._now)
        finally:
            if not done:
                energy.edit_id = number
                for row in range(len(rows)):
                    energy.totals.replace(row, 0, rows[row])
                _revert(energy, files, items, self._now)
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
    edit = Edit(energy, now)
    count = sum([1 for change in by_hour if edit.change(HOURS, change, quality)])
    count += sum([1 for change in by_day if edit.change(DAYS, change, quality)])
    if quality == blocks.EDITED:
        edit.follow(sorted(edit.deltas))
    return count if edit.commit() else -1


def undo(energy: "Energy", now: int) -> int:
    """Restore the old values of the last edit; a second undo applies the edit again. Returns the
    number of changed slots, -1 if the file system refused."""
    edit = Edit(energy, now)
    count = 0
    opened = []
    for level, number, old, new in _unpacked(_last(energy)):
        if level == _OPEN:
            opened.append(number)
        else:
            edit.add(level, number, new, old)
            count += 1
    # A day that ran at the edit and is over now changes with its hours.
    edit.follow([day for day in sorted(edit.deltas) if day in opened])
    return count if edit.commit() else -1


def finish(energy: "Energy", now: int) -> None:
    """Apply the stored edit if the journal does not have it: a power cut came between."""
    items = _last(energy)
    if items and next(records.ints(items, 0, len(items))) > energy.edit_id:
        _apply(energy, items, now)


def _last(energy: "Energy") -> bytes:
    """The packed numbers of the last edit, its own number first; b"" if there is none."""
    files = energy.history.files
    data = (files.read(saved.EDIT) if files is not None else None) or b""
    for kind, _, begin, end in records.scan(data):
        if kind == _KIND:
            try:
                count = sum([1 for _ in records.ints(data, begin, end)])
            except ValueError:
                continue
            if count % 8 == 1:
                return data[begin:end]
    return b""


def _unpacked(items: "bytes | bytearray", revert: bool = False) -> "Iterator[Item]":
    """(level, number, old, new) of each slot; with `revert`, new has the old values too."""
    n = [0] * 8
    filled = -1  # the edit's number comes first
    for number in records.ints(items, 0, len(items)):
        if filled >= 0:
            n[filled] = number
        filled += 1
        if filled == 8:
            filled = 0
            old = (n[2], n[3], n[4])
            yield n[0], n[1], old, old if revert else (n[5], n[6], n[7])


def _place(level: int, number: int) -> "tuple[int, int]":
    """(block number, place in it) of a quarter, an hour or a local day."""
    if level == DAYS:
        return clock.month_of(number), clock.civil(number * 86400)[2] - 1
    slots = STORES[level].slots
    return number // slots, number % slots


def _revert(energy: "Energy", files: "Files", items: bytearray, now: int) -> None:
    """Restore the slots of an edit that failed and remove its file. The caller has restored the
    totals."""
    number = next(records.ints(items, 0, len(items)))
    written = False
    try:
        record = bytearray(records.pack_ints((number,)))
        for level, index, old, new in _unpacked(items, True):
            for numbers in ((level, index), old, new):
                records.put_ints(record, numbers)
        written = files.write(saved.EDIT, (records.pack(_KIND, _VERSION, record),))
    except MemoryError:
        pass  # without this record a power cut may leave half of the edit
    if not written:
        files.remove(saved.EDIT)
    if _apply(energy, items, now, True):
        files.remove(saved.EDIT)


def _apply(energy: "Energy", items: "bytes | bytearray", now: int, revert: bool = False) -> bool:
    """Apply an edit, or revert it. The values are absolute, so it may be applied twice.
    False, with the totals unchanged, if the file system refused."""
    for level in (QUARTERS, HOURS, DAYS):  # a level at a time: its slots are in order
        if not _put(energy, level, items, revert):
            return False
    months: "set[int]" = set()
    totals = energy.totals
    for level, index, old, new in _unpacked(items, revert):
        day = energy.settler.zone.day(index * 3600) if level == HOURS else index
        # For a day that is over, the edit has a slot of the day itself.
        if level == DAYS or (level == HOURS and day == totals.numbers[DAY]):
            imported, exported = new[0] - old[0], new[1] - old[1]
            totals.correct(DAY, day, imported, exported)
            totals.correct(MONTH, clock.month_of(day), imported, exported)
        if level == HOURS:
            months.add(clock.month_of(day))
    energy.edit_id = next(records.ints(items, 0, len(items)))
    for month in months:
        if month < energy.peaks.month:
            peaks = Peaks(energy.peaks.tariff)
            views.find_peaks(energy.settler, peaks, month)
            energy.history.put_month(month, peaks.value())
    views.find_peaks(energy.settler, energy.peaks, energy.peaks.month)
    energy.save(now)  # if it is refused, a restart applies the edit again
    return True


def _put(energy: "Energy", level: int, items: "bytes | bytearray", revert: bool) -> bool:
    """Put the new slots of a level into their blocks; each block is read and written once."""
    block = Block(STORES[level].slots)
    opened = -1
    done = True
    for item_level, index, _, new in _unpacked(items, revert):
        if item_level == level:
            number, i = _place(level, index)
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
            history.quarters.copy_from(block)
        return True
    history.write_waiting()
    return history.files is not None and STORES[level].write(history.files, number, block)
