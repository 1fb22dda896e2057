"""The ledger's state as one record, and the file of the running day that such records fill.

In       lists of whole numbers; the held day's slots since the last record
Out      the newest state that is whole, with all slots of the held day
Wire     kind 4A: numbers of the state, their count first; first slot; hours' qualities; then
         import, export and quality of each quarter. All are absolute: a record read twice, or
         after one that is lost, does no harm.
Rules    Each record is one append; at a new UTC day, and before it has over 4 KB, the file is
         written anew. What the newest whole record says is the truth; files written after it are
         written again.
"""

import records
from micropython import const

from energy.history import History

FILE = "journal"
EDIT = "edit"  # the file of energy.redo
MOST = const(4096)  # octets of the file: with more, it is written anew before the day is over
_KIND = const(0x4A)
_VERSION = const(1)


def pack(state: "list[int]", history: History) -> bytes:
    """One record."""
    out = bytearray()
    records.put_ints(out, (len(state),))
    records.put_ints(out, state)
    low = history.low - history.low % 4
    high = 96
    block = history.quarters
    while high > low and not (
        block.quality[high - 1] or block.imported[high - 1] or block.exported[high - 1]
    ):
        high -= 1
    high += -high % 4
    records.put_ints(out, (low, high))
    records.put_ints(out, history.hour_quality[low // 4 : high // 4])
    for i in range(low, high):
        records.put_ints(out, (block.imported[i], block.exported[i], block.quality[i]))
    return records.pack(_KIND, _VERSION, out)


def apply(data: bytes, history: History) -> None:
    """Put the slots of all whole records into history, whose held day must be theirs."""
    for kind, _, begin, end in records.scan(data):
        if kind == _KIND:
            try:
                numbers = records.unpack_ints(data, begin, end)
                _slots(numbers, numbers[0] + 1, history)
            except (ValueError, IndexError, OverflowError):
                continue


def states(data: bytes) -> "list[list[int]]":
    """The states of all whole records, oldest first."""
    found = []
    for kind, _, begin, end in records.scan(data):
        if kind == _KIND:
            try:
                numbers = records.unpack_ints(data, begin, end)
                found.append(numbers[1 : numbers[0] + 1])
            except (ValueError, IndexError, OverflowError):
                continue
    return found


def _slots(numbers: "list[int]", at: int, history: History) -> None:
    low, high = numbers[at], numbers[at + 1]
    if not (0 <= low <= high <= 96 and at + 2 + (high - low) // 4 + 3 * (high - low)
            <= len(numbers)):  # fmt: skip
        raise ValueError("no slots")
    at += 2
    for hour in range(low // 4, high // 4):
        history.hour_quality[hour] = numbers[at]
        at += 1
    for i in range(low, high):
        history.quarters.put(i, numbers[at], numbers[at + 1], numbers[at + 2])
        at += 3
