"""Corrections by the owner, and history brought from elsewhere. The last one can be undone.

In       (hour or local day number, import Wh, export Wh)
Out      the number of slots that changed; -1 if the file system refused
Rules    Only what has ended and is settled can be changed. An hour's quarters follow it, in their
         old proportions, and so does its day; a day's hours do not follow the day. Money stays.
         The change is first written down whole (the file `edit`), then done, then noted in the
         journal: after a power cut in between it is done again, at the next start; after an
         exception before the next edit.
Limits   an import has up to 150 slots: they are held packed, about 12 octets each
"""

import clock
import records
from micropython import const

from energy import journal, slots
from energy.accounting import DAY, MONTH
from energy.peaks import Peaks
from energy.slots import Block

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from energy.book import Book as Energy

    Change = tuple[int, int, int]
    Slot = tuple[int, int, int]  # import, export, quality
    Item = tuple[int, int, Slot, Slot]  # level, number of the slot, old, new

_KIND = const(0x45)
_VERSION = const(1)
_QUARTER = const(0)
_HOUR = const(1)
_DAY = const(2)
_OPEN = const(3)  # no slot: the local day that was open, whose hours carry no day item


class Editor:
    """Gathers the items of one edit, packed as they are stored."""

    def __init__(self, energy: "Energy", now: int) -> None:
        if energy.edit_open:  # memory ran out in the middle of the last one
            finish(energy, now)
        self._energy = energy
        self._blocks: "dict[tuple[int, int], Block]" = {}
        self.items = bytearray()

    def add(self, level: int, number: int, old: "Slot", new: "Slot") -> None:
        """One slot that changes."""
        for numbers in ((level, number), old, new):
            records.put_ints(self.items, numbers)

    def _block(self, level: int, number: int) -> Block:
        if (level, number) not in self._blocks:
            history = self._energy.history
            block = Block((96, 24, 31)[level])
            (history.quarters_of, history.hours_of, history.days_of)[level](number, block)
            self._blocks.clear()  # one block at a time is held
            self._blocks[level, number] = block
        return self._blocks[level, number]

    def _slot(self, level: int, number: int) -> "Slot":
        block, i = place(level, number)
        slot = self._block(level, block)
        return slot.imported[i], slot.exported[i], slot.quality[i]

    def hour(self, change: "Change", quality: int) -> "Slot | None":
        """Change an hour and its quarters; its old slot, None if nothing changes."""
        hour, imported, exported = change
        old = self._slot(_HOUR, hour)
        settled = (hour + 1) * 3600 <= self._energy.settler.time
        if not settled or old[:2] == (imported, exported):
            return None
        if quality != slots.EDITED and old[2] != slots.GAP:
            return None  # what was measured here is better than what is brought
        self.add(_HOUR, hour, old, (imported, exported, quality))
        quarters = [self._slot(_QUARTER, hour * 4 + i) for i in range(4)]
        kept = self._energy.history.day - hour // 24 < slots.QUARTER_DAYS
        if kept or [quarter for quarter in quarters if quarter != (0, 0, slots.GAP)]:
            parts = [split(value, [q[c] for q in quarters])
                     for c, value in ((0, imported), (1, exported))]  # fmt: skip
            for i in range(4):
                new = (parts[0][i], parts[1][i], quality)
                self.add(_QUARTER, hour * 4 + i, quarters[i], new)
        return old

    def day(self, change: "Change", quality: int) -> bool:
        """Change a local day. False if nothing changes."""
        day, imported, exported = change
        old = self._slot(_DAY, day)
        if day >= self._energy.history.open_day or old[:2] == (imported, exported):
            return False
        if quality != slots.EDITED and old[2] != slots.GAP:
            return False
        self.add(_DAY, day, old, (imported, exported, quality))
        return True

    def follow(self, deltas: "dict[int, list[int]]") -> None:
        """Change local days by what their hours changed."""
        for day in sorted(deltas):
            old = self._slot(_DAY, day)
            new = (max(0, old[0] + deltas[day][0]), max(0, old[1] + deltas[day][1]))
            self.day((day, new[0], new[1]), slots.EDITED)


def split(value: int, old: "list[int]") -> "list[int]":
    """value in parts that are to each other as the old ones, equal if those are all 0."""
    whole = sum(old)
    if not whole:
        old, whole = [1, 1, 1, 1], 4
    parts = []
    passed = given = 0
    for part in old:
        passed += part
        parts.append(value * passed // whole - given)
        given += parts[-1]
    return parts


def place(level: int, number: int) -> "tuple[int, int]":
    """(block number, place in it) of a quarter, an hour or a local day."""
    if level == _DAY:
        return clock.month_of(number), clock.civil(number * 86400)[2] - 1
    size = 24 if level == _HOUR else 96
    return number // size, number % size


def hours(energy: "Energy", changes: "list[Change]", now: int) -> int:
    """The owner's values for hours, by UTC hour number."""
    editor = Editor(energy, now)
    deltas: "dict[int, list[int]]" = {}
    count = 0
    for change in changes:
        old = editor.hour(change, slots.EDITED)
        if old is not None:
            count += 1
            delta = deltas.setdefault(energy.zone.day(change[0] * 3600), [0, 0])
            delta[0] += change[1] - old[0]
            delta[1] += change[2] - old[1]
    editor.follow(deltas)
    return count if _commit(energy, editor, now) else -1


def days(energy: "Energy", changes: "list[Change]", now: int) -> int:
    """The owner's values for local days, by day number."""
    editor = Editor(energy, now)
    count = sum([1 for change in changes if editor.day(change, slots.EDITED)])
    return count if _commit(energy, editor, now) else -1


def bring(energy: "Energy", by_hour: "list[Change]", by_day: "list[Change]", now: int) -> int:
    """History of another firmware, for slots of which nothing is known here. It makes no peak."""
    editor = Editor(energy, now)
    count = 0
    for change in by_hour:
        count += editor.hour(change, slots.ESTIMATED) is not None
    for change in by_day:
        count += editor.day(change, slots.ESTIMATED)
    return count if _commit(energy, editor, now) else -1


def undo(energy: "Energy", now: int) -> int:
    """Put back what the last edit changed; a second undo does it again."""
    editor = Editor(energy, now)
    deltas: "dict[int, list[int]]" = {}
    count = 0
    packed = _read(energy)[1]
    for level, number, old, new in _items(packed):
        if level == _OPEN:
            continue
        editor.add(level, number, new, old)
        count += 1
        if level == _HOUR:
            delta = deltas.setdefault(energy.zone.day(number * 3600), [0, 0])
            delta[0] += old[0] - new[0]
            delta[1] += old[1] - new[1]
    opened = [number for level, number, _, _ in _items(packed) if level == _OPEN]
    # The day that was running then is over now: it follows its hours.
    editor.follow({day: deltas[day] for day in deltas if day in opened})
    return count if _commit(energy, editor, now) else -1


def finish(energy: "Energy", now: int) -> None:
    """Do the edit that a power cut, or a lack of memory, left half done."""
    number, items = _read(energy)
    if number > energy.edit_id and items:
        _apply(energy, number, items, now)


def _commit(energy: "Energy", editor: Editor, now: int) -> bool:
    items = editor.items
    if not items or energy.files is None:
        return not items
    editor.add(_OPEN, energy.history.open_day, (0, 0, 0), (0, 0, 0))
    if not energy.save(now):  # done again after a power cut, it must find what it was made for
        return False
    number = energy.edit_id + 1
    record = records.pack(_KIND, _VERSION, records.pack_ints((number,)) + items)
    if not energy.files.write(journal.EDIT, (record,)):
        return False
    return _apply(energy, number, items, now)


def _read(energy: "Energy") -> "tuple[int, bytes]":
    """The last edit's number and items; (0, b"") if there is none."""
    data = (energy.files.read(journal.EDIT) if energy.files is not None else None) or b""
    for kind, _, begin, end in records.scan(data):
        if kind == _KIND:
            number, count = 0, 0
            try:
                for value in records.ints(data, begin, end):
                    number = value if not count else number
                    count += 1
            except ValueError:
                continue
            if count % 8 == 1:
                return number, data[begin + len(records.pack_ints((number,))) : end]
    return 0, b""


def _items(packed: "bytes | bytearray") -> "Iterator[Item]":
    """One item after the other."""
    n = [0] * 8
    filled = 0
    for number in records.ints(packed, 0, len(packed)):
        n[filled] = number
        filled += 1
        if filled == 8:
            filled = 0
            yield n[0], n[1], (n[2], n[3], n[4]), (n[5], n[6], n[7])


def _apply(energy: "Energy", number: int, items: "bytes | bytearray", now: int) -> bool:
    """Do an edit; the values are absolute, so that doing it twice does no harm."""
    months: "set[int]" = set()
    done = energy.edit_open = True
    for level in (_QUARTER, _HOUR, _DAY):  # a level at a time: its slots are in order
        done = _put(energy, level, items) and done
    for item in _items(items):
        _correct(energy, item)
        if item[0] == _HOUR:
            months.add(energy.zone.month(item[1] * 3600))
    energy.edit_id = number
    energy.edit_open = False
    _correct_months(energy, months)
    energy.peaks.recompute(energy.history, energy.peaks.month, energy.settler.time)
    return energy.save(now) and done


def _put(energy: "Energy", level: int, items: "bytes | bytearray") -> bool:
    """Put the new slots of a level into their blocks, each read and written once."""
    history = energy.history
    block = Block((96, 24, 31)[level])
    opened = -1
    done = True
    for item_level, index, _, new in _items(items):
        if item_level == level:
            number, i = place(level, index)
            if number != opened:
                if opened >= 0:
                    done = history.replace(level, opened, block) and done
                (history.quarters_of, history.hours_of, history.days_of)[level](number, block)
                opened = number
            block.put(i, new[0], new[1], new[2])
    return (opened < 0 or history.replace(level, opened, block)) and done


def _correct_months(energy: "Energy", months: "set[int]") -> None:
    """Find the values of finished months anew."""
    for month in months:
        if month < energy.peaks.month:
            peaks = Peaks(energy.tariff, energy.zone)
            peaks.recompute(energy.history, month, energy.settler.time)
            energy.months.correct(energy.files, month, peaks.value())


def _correct(energy: "Energy", item: "Item") -> None:
    """Carry a changed slot into the sums of the day and the month it lies in."""
    level, index, old, new = item
    imported, exported = new[0] - old[0], new[1] - old[1]
    if level == _HOUR:
        day = energy.zone.day(index * 3600)
        if day == energy.sums.numbers[DAY]:  # one that is over follows as a slot of its own
            energy.sums.correct(DAY, day, imported, exported)
            energy.sums.correct(MONTH, clock.month_of(day), imported, exported)
    elif level == _DAY:
        energy.sums.correct(DAY, index, imported, exported)
        energy.sums.correct(MONTH, clock.month_of(index), imported, exported)
