"""Does an edit that is gathered: written down first, so that a power cut leaves it done or undone.

In       packed items: (level, number of the slot, old, new), old and new as (import, export,
         quality)
Out      the change in history, sums, peaks and the values of finished months
Rules    The edit is written down whole (the file `edit`), then done, then noted in the journal:
         after a power cut in between it is done again, at the next start; after an exception
         before the next edit.
"""

import clock
import records
from micropython import const

from energy import journal
from energy.accounting import DAY, MONTH
from energy.peaks import Peaks
from energy.slots import Block

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from energy.book import Book as Energy

    Slot = tuple[int, int, int]  # import, export, quality
    Item = tuple[int, int, Slot, Slot]  # level, number of the slot, old, new

# Levels.
QUARTERS = const(0)
HOURS = const(1)
DAYS = const(2)
OPEN = const(3)  # no slot: the local day that was open, whose hours carry no day item

_KIND = const(0x45)
_VERSION = const(1)


def add(items: bytearray, level: int, number: int, old: "Slot", new: "Slot") -> None:
    """Pack one slot that changes."""
    for numbers in ((level, number), old, new):
        records.put_ints(items, numbers)


def place(level: int, number: int) -> "tuple[int, int]":
    """(block number, place in it) of a quarter, an hour or a local day."""
    if level == DAYS:
        return clock.month_of(number), clock.civil(number * 86400)[2] - 1
    size = 24 if level == HOURS else 96
    return number // size, number % size


def finish(energy: "Energy", now: int) -> None:
    """Do the edit that a power cut, or a lack of memory, left half done."""
    number, items = read(energy)
    if number > energy.edit_id and items:
        _apply(energy, number, items, now)


def commit(energy: "Energy", items: bytearray, now: int) -> bool:
    """Write an edit down and do it. False if the file system refused."""
    if not items or energy.files is None:
        return not items
    add(items, OPEN, energy.history.open_day, (0, 0, 0), (0, 0, 0))
    if not energy.save(now):  # done again after a power cut, it must find what it was made for
        return False
    number = energy.edit_id + 1
    record = records.pack(_KIND, _VERSION, records.pack_ints((number,)) + items)
    if not energy.files.write(journal.EDIT, (record,)):
        return False
    return _apply(energy, number, items, now)


def read(energy: "Energy") -> "tuple[int, bytes]":
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


def unpack(packed: "bytes | bytearray") -> "Iterator[Item]":
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
    for level in (QUARTERS, HOURS, DAYS):  # a level at a time: its slots are in order
        done = _put(energy, level, items) and done
    for item in unpack(items):
        _correct(energy, item)
        if item[0] == HOURS:
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
    for item_level, index, _, new in unpack(items):
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
    if level == HOURS:
        day = energy.zone.day(index * 3600)
        if day == energy.sums.numbers[DAY]:  # one that is over follows as a slot of its own
            energy.sums.correct(DAY, day, imported, exported)
            energy.sums.correct(MONTH, clock.month_of(day), imported, exported)
    elif level == DAYS:
        energy.sums.correct(DAY, index, imported, exported)
        energy.sums.correct(MONTH, clock.month_of(index), imported, exported)
