"""What is kept of the ledger over a restart: the journal of the running day, finished months.

In       the state as whole numbers, the held day's slots since the last record; a finished month
Out      the newest state that is whole, with all slots of the held day; months to be shown
Wire     kind 4A: numbers of the state, their count first; first slot; hours' qualities; then
         import, export and quality of each quarter. All are absolute: a record read twice, or
         after one that is lost, does no harm.
         kind 4D: a month's number, its value in W, import, export, cost, income
Rules    Each record is one append; at a new UTC day, and before it has over 4 KB, the journal is
         written anew. What its newest whole record says is the truth; files written after it are
         written again.
Limits   61 months, 1.5 KB on flash; 13 of their values are held
"""

import records
from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from contracts import Files

    from energy.history import History

JOURNAL = "journal"
EDIT = "edit"  # the file of energy.edits
MONTHS = "months"
MOST = const(4096)  # octets of the journal: with more, it is written anew before the day is over
_STATE = const(0x4A)
_MONTH = const(0x4D)
_VERSION = const(1)
_KEPT_MONTHS = const(61)
_HELD_MONTHS = const(13)


def pack(state: "list[int]", history: "History") -> bytes:
    """A state and the slots from history.low on as one record."""
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
    return records.pack(_STATE, _VERSION, out)


def states(data: bytes, history: "History | None" = None) -> "list[list[int]]":
    """The states of all whole records, oldest first. With a history, whose held day must be
    theirs, their slots are put into it."""
    found = []
    for kind, _, begin, end in records.scan(data):
        if kind == _STATE:
            try:
                numbers = records.unpack_ints(data, begin, end)
                at = numbers[0] + 1
                found.append(numbers[1:at])
                if history is not None:
                    low, high = numbers[at], numbers[at + 1]
                    if not 0 <= low <= high <= 96:
                        raise ValueError("no slots")
                    at += 2
                    of_hours = (high - low) // 4
                    if at + of_hours + 3 * (high - low) > len(numbers):
                        raise ValueError("no slots")
                    history.hour_quality[low // 4 : high // 4] = bytes(numbers[at : at + of_hours])
                    at += of_hours
                    for i in range(low, high):
                        history.quarters.put(i, *numbers[at : at + 3])
                        at += 3
            except (ValueError, IndexError, OverflowError):
                continue
    return found


def months(files: "Files | None") -> "Iterator[list[int]]":
    """[month number, value W, import Wh, export Wh, cost, income] in the order of the file."""
    data = (files.read(MONTHS) if files is not None else None) or b""
    for kind, _, begin, end in records.scan(data):
        if kind == _MONTH:
            try:
                row = records.unpack_ints(data, begin, end)
            except ValueError:
                continue
            if len(row) >= 6:
                yield row


class Months:
    """What each finished month came to; the newest values are held, all are in the file."""

    def __init__(self) -> None:
        self._values: "dict[int, int]" = {}  # by month number, W

    def load(self, files: "Files", before: int) -> None:
        """Read the values of months before a number."""
        self._values = {}
        for row in months(files):
            if row[0] < before or before < 0:
                self._hold(row[0], row[1])

    def earlier(self, month: int) -> "list[int]":
        """The values of the twelve months before a number, newest first; those that are known."""
        values = self._values
        return [values[m] for m in range(month - 1, month - 13, -1) if m in values]

    def _hold(self, month: int, value: int) -> None:
        self._values[month] = value
        if len(self._values) > _HELD_MONTHS:
            del self._values[min(self._values)]

    def put(
        self, files: "Files | None", month: int, value: int, row: "list[int] | None" = None
    ) -> None:
        """A month is over; row holds its import, export, cost and income. Without a row a month
        that is kept has come to another value."""
        kept = []
        old = None
        for other in months(files):
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
        self._hold(month, value)
        if files is not None:
            files.write(
                MONTHS,
                (records.pack(_MONTH, _VERSION, records.pack_ints(month)) for month in kept),
            )
