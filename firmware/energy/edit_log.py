"""The log of edits: the newest ten, which one can be undone, and which one can be redone.

In       the files `edit`, with the last operation, and `edits`, with the edits before it
Out      entries, the newest edit first
Rules    An operation makes an edit, undoes it or redoes it; operations have rising numbers. The
         number of the operation that made an edit is also the edit's own.
         Undo takes the newest edit in force, so edits are undone from the newest back. Redo takes
         the edit that was undone last; a new edit ends that: edits undone before it stay undone.
         The record in `edit` is copied to `edits` before the next operation replaces it.
Wire     kind 45: number of the last operation, then eight numbers a slot: level, number, old and
         new values, each as import, export, quality. The last slot has level 3 and is the edit's
         head: the local day that ran at its last operation; UTC of the edit, own number, state;
         UTC of the last operation, 0, 0. A head of an earlier version has zeros from the UTC on
Limits   ten edits; in `edits` 2 KB in all: the oldest are dropped, the newest never is
"""

from binascii import a2b_base64, b2a_base64

import records
from micropython import const

from energy import blocks, saved

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from contracts import Files

    Slot = tuple[int, int, int]  # import, export, quality
    Item = tuple[int, int, Slot, Slot]  # level, number of the slot, old, new

EDITS = "edits"
MOST = const(10)
HEAD = const(3)  # the level of an edit's head

# The states of an edit.
IN_FORCE = const(0)
UNDONE = const(1)
FAILED = const(2)  # its old values were restored: it is no edit

_KIND = const(0x45)
_VERSION = const(1)
_OCTETS = const(2048)
_MOST = const(0xFFFFFFFF)  # a value in Wh, a number or a time
_PER_DAY = (96, 24, 1)  # slots, by level
_MOST_DAY = const(65535)  # below the largest number of a block: see energy.stored
_BEFORE = const(5)  # octets of a record before its payload: see records


class Entry:
    """One edit: the payload of its record is data[begin:end]. ValueError if it is damaged."""

    def __init__(self, data: bytes, begin: int, end: int) -> None:
        self.data, self.begin, self.end = data, begin, end
        self.operation = operation(data, begin, end)
        own, self.state = self._head()[2:4]
        self.number = own or self.operation

    def _head(self) -> "tuple[int, int, int, int, int]":
        """(local day that ran, UTC of the edit, own number, state, UTC of the last operation)"""
        found = (0, 0, 0, 0, 0)
        for level, number, old, new in self.slots():
            if level == HEAD:
                found = (number, old[0], old[1], old[2], new[0])
        return found

    def open_day(self) -> int:
        """The local day that ran at the last operation."""
        return self._head()[0]

    def times(self) -> "tuple[int, int]":
        """UTC of the edit and of its last operation; 0: not known."""
        head = self._head()
        return head[1], head[4]

    def slots(self) -> "Iterator[Item]":
        """(level, number, old, new) of each slot and, last, of the head."""
        return slots(self.data, self.begin, self.end)


def operation(data: "bytes | bytearray", begin: int, end: int) -> int:
    """The number of the operation that wrote a record. ValueError if there is none."""
    for number in records.ints(data, begin, end):
        return number
    raise ValueError("no edit")


def slots(data: "bytes | bytearray", begin: int, end: int) -> "Iterator[Item]":
    """(level, number, old, new) of each slot in a payload and, last, of its head. ValueError at
    the end if the payload is cut."""
    n = [0] * 8
    filled = -1  # the operation's number comes first
    for number in records.ints(data, begin, end):
        if filled >= 0:
            n[filled] = number
        filled += 1
        if filled == 8:
            filled = 0
            yield n[0], n[1], (n[2], n[3], n[4]), (n[5], n[6], n[7])
    if filled:
        raise ValueError("a slot is cut")


def last(files: "Files | None") -> "Entry | None":
    """The entry in the file `edit`, also a failed one."""
    for entry in _stored(files, saved.EDIT):
        return entry
    return None


def read(files: "Files | None") -> "list[Entry]":
    """The edits, the newest first."""
    return _merged(last(files), list(_stored(files, EDITS)))


def undoable(entries: "list[Entry]") -> "Entry | None":
    """The edit that undo takes, of read()."""
    for entry in entries:
        if entry.state == IN_FORCE:
            return entry
    return None


def redoable(entries: "list[Entry]") -> "Entry | None":
    """The edit that redo takes, of read()."""
    found = None
    for entry in entries:
        if entry.state == UNDONE and entry.operation >= entries[0].number:
            if found is None or entry.operation > found.operation:
                found = entry
    return found


def write(files: "Files", payload: "bytes | bytearray") -> bool:
    """Replace `edit`. False if the file system refused."""
    return files.write(saved.EDIT, (records.pack(_KIND, _VERSION, payload),))


def texts(files: "Files | None") -> "Iterator[str]":
    """The record of each edit in base64, the newest first: for a backup."""
    for entry in read(files):
        begin = entry.begin - _BEFORE
        octets = entry.data[begin : begin + entry.end - entry.begin + records.OVERHEAD]
        yield b2a_base64(octets).decode().strip()


def record_of(text: str) -> bytes:
    """The record of such a text. ValueError if it is damaged or no edit."""
    octets = a2b_base64(text)
    for kind, version, begin, end in records.scan(octets):
        if (kind, version, end - begin + records.OVERHEAD) == (_KIND, _VERSION, len(octets)):
            entry = Entry(octets, begin, end)
            head = 0
            for level, number, old, new in entry.slots():
                values = old + new + (number,) if level == HEAD else old[:2] + new[:2] + (number,)
                if head or not 0 <= level <= HEAD or min(values) < 0 or max(values) > _MOST:
                    raise ValueError("a correction has a wrong slot")
                if level == HEAD:
                    head = 1
                elif not 0 < number // _PER_DAY[level] < _MOST_DAY:
                    raise ValueError("a correction has a wrong slot")
                elif not (0 <= old[2] < len(blocks.NAMES) and 0 <= new[2] < len(blocks.NAMES)):
                    raise ValueError("a correction has a wrong quality")
            if head and entry.state in (IN_FORCE, UNDONE) and entry.operation > 0 < entry.number:
                return octets
    raise ValueError("a correction is damaged")


def restore(files: "Files", found: "list[bytes]") -> bool:
    """Store the records of a backup, if there is no edit so far. Whether they are stored."""
    names = files.names()
    if saved.EDIT in names or EDITS in names or not found:
        return False
    return files.write(EDITS, found)


def keep(files: "Files | None") -> int:
    """Copy the record in `edit` to `edits`. Returns the highest number of an operation in them,
    0 without any; -1 if the file system refused."""
    newest = last(files)
    older = list(_stored(files, EDITS))
    operations = [entry.operation for entry in older]
    if files is None or newest is None:
        return max(operations) if operations else 0
    if newest.state != FAILED and newest.operation not in operations:
        if not files.write(EDITS, _packed(_merged(newest, older))):
            return -1
    return max(operations + [newest.operation])


def _stored(files: "Files | None", name: str) -> "Iterator[Entry]":
    data = (files.read(name) if files is not None else None) or b""
    for kind, _, begin, end in records.scan(data):
        if kind == _KIND:
            try:
                yield Entry(data, begin, end)
            except ValueError:
                continue


def _merged(newest: "Entry | None", older: "list[Entry]") -> "list[Entry]":
    """The edits, the newest first; `newest` replaces an older entry of the same edit."""
    entries = older
    if newest is not None and newest.state != FAILED:
        entries = [entry for entry in older if entry.number != newest.number] + [newest]
    entries.sort(key=lambda entry: -entry.number)
    return entries[:MOST]


def _packed(entries: "list[Entry]") -> "Iterator[bytes]":
    octets = 0
    for entry in entries:
        begin = entry.begin - _BEFORE
        end = begin + entry.end - entry.begin + records.OVERHEAD
        octets += end - begin
        if octets > _OCTETS and entry is not entries[0]:
            return
        yield entry.data[begin:end]
