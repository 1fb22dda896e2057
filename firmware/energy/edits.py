"""Corrections by the owner, and history brought from elsewhere. The last one can be undone.

In       (hour or local day number, import Wh, export Wh)
Out      the number of slots that changed; -1 if the file system refused
Rules    Only what has ended and is settled can be changed. An hour's quarters follow it, in their
         old proportions, and so does its day; a day's hours do not follow the day. Money stays.
         How it is done, energy.redo says.
Limits   an import has up to 150 slots: they are held packed, about 12 octets each
"""

from energy import redo, slots
from energy.slots import Block

TYPE_CHECKING = False
if TYPE_CHECKING:
    from energy.book import Book as Energy

    Change = tuple[int, int, int]
    Slot = tuple[int, int, int]  # import, export, quality


class Editor:
    """Gathers the items of one edit, packed as they are stored."""

    def __init__(self, energy: "Energy", now: int) -> None:
        if energy.edit_open:  # memory ran out in the middle of the last one
            redo.finish(energy, now)
        self._energy = energy
        self._blocks: "dict[tuple[int, int], Block]" = {}
        self.items = bytearray()

    def add(self, level: int, number: int, old: "Slot", new: "Slot") -> None:
        """One slot that changes."""
        redo.add(self.items, level, number, old, new)

    def _block(self, level: int, number: int) -> Block:
        if (level, number) not in self._blocks:
            history = self._energy.history
            block = Block((96, 24, 31)[level])
            (history.quarters_of, history.hours_of, history.days_of)[level](number, block)
            self._blocks.clear()  # one block at a time is held
            self._blocks[level, number] = block
        return self._blocks[level, number]

    def _slot(self, level: int, number: int) -> "Slot":
        block, i = redo.place(level, number)
        slot = self._block(level, block)
        return slot.imported[i], slot.exported[i], slot.quality[i]

    def hour(self, change: "Change", quality: int) -> "Slot | None":
        """Change an hour and its quarters; its old slot, None if nothing changes."""
        hour, imported, exported = change
        old = self._slot(redo.HOURS, hour)
        settled = (hour + 1) * 3600 <= self._energy.settler.time
        if not settled or old[:2] == (imported, exported):
            return None
        if quality != slots.EDITED and old[2] != slots.GAP:
            return None  # what was measured here is better than what is brought
        self.add(redo.HOURS, hour, old, (imported, exported, quality))
        quarters = [self._slot(redo.QUARTERS, hour * 4 + i) for i in range(4)]
        kept = self._energy.history.day - hour // 24 < slots.QUARTER_DAYS
        if kept or [quarter for quarter in quarters if quarter != (0, 0, slots.GAP)]:
            parts = [split(value, [q[c] for q in quarters])
                     for c, value in ((0, imported), (1, exported))]  # fmt: skip
            for i in range(4):
                new = (parts[0][i], parts[1][i], quality)
                self.add(redo.QUARTERS, hour * 4 + i, quarters[i], new)
        return old

    def day(self, change: "Change", quality: int) -> bool:
        """Change a local day. False if nothing changes."""
        day, imported, exported = change
        old = self._slot(redo.DAYS, day)
        if day >= self._energy.history.open_day or old[:2] == (imported, exported):
            return False
        if quality != slots.EDITED and old[2] != slots.GAP:
            return False
        self.add(redo.DAYS, day, old, (imported, exported, quality))
        return True

    def follow(self, deltas: "dict[int, list[int]]") -> None:
        """Change local days by what their hours changed."""
        for day in sorted(deltas):
            old = self._slot(redo.DAYS, day)
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
    return count if redo.commit(energy, editor.items, now) else -1


def days(energy: "Energy", changes: "list[Change]", now: int) -> int:
    """The owner's values for local days, by day number."""
    editor = Editor(energy, now)
    count = sum([1 for change in changes if editor.day(change, slots.EDITED)])
    return count if redo.commit(energy, editor.items, now) else -1


def bring(energy: "Energy", by_hour: "list[Change]", by_day: "list[Change]", now: int) -> int:
    """History of another firmware, for slots of which nothing is known here. It makes no peak."""
    editor = Editor(energy, now)
    count = 0
    for change in by_hour:
        count += editor.hour(change, slots.ESTIMATED) is not None
    for change in by_day:
        count += editor.day(change, slots.ESTIMATED)
    return count if redo.commit(energy, editor.items, now) else -1


def undo(energy: "Energy", now: int) -> int:
    """Put back what the last edit changed; a second undo does it again."""
    editor = Editor(energy, now)
    deltas: "dict[int, list[int]]" = {}
    count = 0
    packed = redo.read(energy)[1]
    for level, number, old, new in redo.unpack(packed):
        if level == redo.OPEN:
            continue
        editor.add(level, number, new, old)
        count += 1
        if level == redo.HOURS:
            delta = deltas.setdefault(energy.zone.day(number * 3600), [0, 0])
            delta[0] += old[0] - new[0]
            delta[1] += old[1] - new[1]
    opened = [number for level, number, _, _ in redo.unpack(packed) if level == redo.OPEN]
    # The day that was running then is over now: it follows its hours.
    editor.follow({day: deltas[day] for day in deltas if day in opened})
    return count if redo.commit(energy, editor.items, now) else -1
