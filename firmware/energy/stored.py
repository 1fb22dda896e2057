"""The stored history: files of blocks and of months.

In       a Block and its number: a UTC day's quarters or hours, a local month's days; months that
         are over
Out      the stored Block; False if it is missing, damaged or could not be written
Wire     days: one record a block, number 2 | widths 1 | quality | import column | export column
         widths: octets a value, import in bits 0-2, export in bits 3-5; bit 7: one quality for all
         quality: one octet if bit 7 is set, else four bits a slot
         months, in the file `months`: kind 4D, a month's number, its value in W, import, export,
         cost, income; then, in later versions, the Wh of the import that had a price, of the
         export, and the currency
Rules    The journal decides which UTC day is the running one. Blocks on flash of that day or
         later, and local days that are not over, were written just before a power cut, after the
         last journal record. They are ignored and written again.
         Loaded on demand: at the end of a day, for views and for edits.
Limits   a file fits a flash block of 4 KB while no hour holds more than 16.7 MWh: with the numbers
         below, 37 blocks in all. 61 months, 1.5 KB on flash; 13 of their values are held
"""

import struct

import clock
import records
from micropython import const

from energy.blocks import DAYS, GAP, HOURS, KEPT_DAYS, NAMES, QUARTERS, Block

TYPE_CHECKING = False
if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterator

    from contracts import Files

    from energy.history import History

_KIND = const(0x42)
_VERSION = const(1)
_UNIFORM = const(0x80)
_DAY_S = const(86400)
_WAITING_DAYS = const(2)  # kept while the file system refuses them: under 1 KB each
_CLOSED_DAYS = const(8)
MONTHS = "months"
MONEY = "money"  # see energy.money
_MONTH = const(0x4D)
_MONTH_VERSION = const(1)
_KEPT_MONTHS = const(61)
_HELD_MONTHS = const(13)
# A node, a row of the table of branches: see energy.branches.
_NUMBER = const(0)
_PARENT = const(1)


def pack(block: Block, number: int) -> bytes:
    """A block as the payload of a record."""
    quality = block.quality
    widths = _width(block.imported) | _width(block.exported) << 3
    if bytes(quality) == bytes([quality[0]]) * block.n:
        widths |= _UNIFORM
        marks = bytearray([quality[0]])
    else:
        marks = bytearray((block.n + 1) // 2)
        for i in range(block.n):
            marks[i >> 1] |= quality[i] << (i & 1) * 4
    out = bytearray(struct.pack("<HB", number, widths)) + marks
    for column in (block.imported, block.exported):
        width = _width(column)
        for value in column:
            for _ in range(width):
                out.append(value & 255)
                value >>= 8
    return bytes(out)


def unpack(block: Block, data: bytes, begin: int, end: int) -> bool:
    """Read the slots from a payload at data[begin:end]. False, with nothing changed, if its
    length is not that of n slots."""
    n = block.n
    widths = data[begin + 2]
    uniform = widths & _UNIFORM
    at = begin + 3 + (1 if uniform else (n + 1) // 2)
    if at + n * ((widths & 7) + (widths >> 3 & 7)) != end:
        return False
    for i in range(n):
        mark = data[begin + 3] if uniform else data[begin + 3 + (i >> 1)] >> (i & 1) * 4 & 15
        block.quality[i] = mark if mark < len(NAMES) else GAP
    for column, width in ((block.imported, widths & 7), (block.exported, widths >> 3 & 7)):
        for i in range(n):
            value = 0
            for k in range(width):
                value |= data[at + k] << 8 * k
            column[i] = value & 0xFFFFFFFF
            at += width
    return True


def _width(column: "array[int]") -> int:
    most = max(column)
    width = 0
    while most:
        most >>= 8
        width += 1
    return width


class BlockStore:
    """The files of one level: per_file blocks in each, and as many files as `keep` blocks need.

    Blocks of an unconfirmed clock are in files with a prefix: see energy.branches. When a file
    without a prefix is new and there are too many, the file with the lowest blocks is deleted:
    one for one, so a wrong date cannot delete more.
    """

    def __init__(self, letter: str, slots: int, per_file: int, keep: int) -> None:
        self.slots = slots  # of a block
        self._letter = letter
        self._per_file = per_file
        self._most = (keep + per_file - 2) // per_file + 1

    def name(self, number: int, prefix: str = "") -> str:
        """The file of a block."""
        return prefix + self._letter + str(number // self._per_file)

    def names(self, files: "Files", prefix: str) -> "list[str]":
        """The files with a prefix, in rising order of their blocks."""
        start = prefix + self._letter
        n = len(start)
        found = [int(name[n:]) for name in files.names()
                 if name.startswith(start) and name[n:].isdigit()]  # fmt: skip
        return [start + str(number) for number in sorted(found)]

    def numbers(self, files: "Files", name: str) -> "list[int]":
        """The numbers of the blocks in a file."""
        data = files.read(name) or b""
        return [
            data[begin] | data[begin + 1] << 8
            for kind, _, begin, end in records.scan(data)
            if kind == _KIND and end - begin > 3
        ]

    def read(self, files: "Files", number: int, block: Block, prefix: str = "") -> bool:
        """Fill block from its file. False, with all slots gaps, if it is missing or damaged."""
        return find(files.read(self.name(number, prefix)), number, block)

    def write(self, files: "Files", number: int, block: Block, prefix: str = "") -> bool:
        """Write a block into its file. False if the file system refused."""
        return self.write_all(files, {number: pack(block, number)}, prefix)

    def write_all(self, files: "Files", packed: "dict[int, bytes]", prefix: str = "") -> bool:
        """Write the packed blocks of one file, by their numbers. False if the file system
        refused; then the old file stays."""
        for number in packed:
            name = self.name(number, prefix)
        new = not prefix and name not in files.names()
        if not files.write(name, self._merged(files, name, packed)):
            return False
        if new:
            others = [other for other in self.names(files, "") if other != name]
            for other in others[: max(0, len(others) + 1 - self._most)]:
                files.remove(other)
        return True

    def is_too_old(self, files: "Files", number: int) -> bool:
        """Whether a block's file would be a new one below all others, and too many."""
        names = self.names(files, "")
        below = len(names) >= self._most and number // self._per_file < int(names[0][1:])
        return below and self.name(number) not in names

    def _merged(self, files: "Files", name: str, packed: "dict[int, bytes]") -> "Iterator[bytes]":
        """The records of the new file: those of the old one, with these blocks' records replaced
        or appended."""
        old = files.read(name) or b""
        if not records.whole(old):
            files.tell("%s was damaged: whole records are kept" % name)
        placed = []
        for kind, version, begin, end in records.scan(old):
            number = old[begin] | old[begin + 1] << 8
            if kind == _KIND and number in packed:
                if number in placed:
                    continue
                placed.append(number)
                yield records.pack(_KIND, _VERSION, packed[number])
            else:
                yield records.pack(kind, version, old[begin:end])
        for number in packed:
            if number not in placed:
                yield records.pack(_KIND, _VERSION, packed[number])


def find(data: "bytes | None", number: int, block: Block) -> bool:
    """Fill block from a file's octets. False, with all slots gaps, if they do not hold it."""
    if data:
        for kind, _, begin, end in records.scan(data):
            if (
                kind == _KIND
                and end - begin > 3
                and (data[begin] | data[begin + 1] << 8) == number
            ):
                if unpack(block, data, begin, end):
                    return True
    block.clear()
    return False


# By level: quarters and hours by UTC day, days by local month: the running one and five years.
STORES = (
    BlockStore("q", 96, 6, KEPT_DAYS),
    BlockStore("h", 24, 24, 400),
    BlockStore("d", 31, 12, 61),
)
COSTS = BlockStore("c", 25, 16, 62)  # hours of local days: see energy.hourly


def read(history: "History", level: int, number: int, block: Block) -> "str | None":
    """Fill a block from flash. Returns the prefix of its file; None, with all slots gaps, if
    it is not stored."""
    files = history.files
    for prefix in history.prefixes:
        if files is not None and STORES[level].read(files, number, block, prefix):
            return prefix
    block.clear()
    return None


def write(history: "History", level: int, number: int, block: Block) -> bool:
    """Write a block to flash. False if the file system refused."""
    files = history.files
    return files is not None and STORES[level].write(files, number, block, history.prefixes[0])


def fill_hours(history: "History", block: Block) -> None:
    """Fill a block of 24 slots with the hours of the held UTC day."""
    quarters = history.quarters
    for i in range(24):
        at = i * 4
        block.put(
            i,
            sum(quarters.imported[at : at + 4]),
            sum(quarters.exported[at : at + 4]),
            history.hour_quality[i],
        )


def copy(block: Block, into: Block) -> None:
    """Copy the slots of a block into one of the same size."""
    into.imported[:] = block.imported
    into.exported[:] = block.exported
    into.quality[:] = block.quality


def turn(history: "History", day: int) -> None:
    """Write the held UTC day to flash and hold `day` in its place."""
    files = history.files
    hours = Block(24)
    if files is not None and history.day >= 0:
        fill_hours(history, hours)
        if not (
            write(history, QUARTERS, history.day, history.quarters)
            and write(history, HOURS, history.day, hours)
        ):
            kept = [refused for refused in history.waiting if refused[0] != history.day]
            kept.append(
                (history.day, pack(history.quarters, history.day), pack(hours, history.day))
            )
            history.waiting = kept[-_WAITING_DAYS:]
    write_days(history)
    read_back = history.day < 0 or day < history.day  # the journal was lost, or the clock set back
    history.day = day
    history.forget(0)
    if read_back and read(history, HOURS, day, hours) is not None:
        read(history, QUARTERS, day, history.quarters)
        history.hour_quality[:] = hours.quality


def write_waiting(history: "History") -> None:
    """Write the days that the file system refused, and the local days that are over."""
    while history.waiting and history.files is not None:
        day, quarters, hours = history.waiting[0]
        for level, payload in ((QUARTERS, quarters), (HOURS, hours)):
            block = Block(STORES[level].slots)
            unpack(block, payload, 0, len(payload))
            if not write(history, level, day, block):
                return
        del history.waiting[0]
    write_days(history)


def write_days(history: "History") -> None:
    """Write the local days that are over; refused ones are kept for the next call."""
    if history.files is None or not history.closed:
        return
    block = Block(31)
    while history.closed:
        month = clock.month_of(history.closed[0][0])
        read(history, DAYS, month, block)
        later = []
        for closed in history.closed:
            day, imported, exported, quality = closed
            if clock.month_of(day) == month:
                block.put(clock.civil(day * _DAY_S)[2] - 1, imported, exported, quality)
            else:
                later.append(closed)
        if not write(history, DAYS, month, block):
            del history.closed[:-_CLOSED_DAYS]
            return
        history.closed = later


def load_months(history: "History", before: int) -> None:
    """Read the values of the months before number `before`; of all months if negative."""
    values = {}
    for prefix in reversed(history.prefixes):
        for row in months(history.files, prefix):
            if row[0] < before or before < 0:
                values[row[0]] = row[1]
    for month in sorted(values)[:-_HELD_MONTHS]:
        del values[month]
    history.month_values = values


def put_month(history: "History", month: int, value: int, row: "list[int] | None" = None) -> None:
    """Add a month that is over: its value in W, and row: the columns of a row
    of Totals and the currency. Without a row, change the value of a stored month."""
    kept = []
    old = None
    for prefix in reversed(history.prefixes):
        for other in months(history.files, prefix):
            if other[0] == month:
                old = other
            if prefix == history.prefixes[0] and (other[0] != month or row is None):
                kept.append(other)
    if row is not None:
        kept.append([month, value] + row)
    elif old is not None and old[1] != value:
        old[1] = value
        if old not in kept:
            kept.append(old)
    else:
        return
    kept.sort()
    values = history.month_values
    values[month] = value
    if len(values) > _HELD_MONTHS:
        del values[min(values)]
    if history.files is not None:
        kept = kept[-_KEPT_MONTHS:]
        packed = (records.pack(_MONTH, _MONTH_VERSION, records.pack_ints(month)) for month in kept)
        history.files.write(history.prefixes[0] + MONTHS, packed)


def months(files: "Files | None", prefix: str = "") -> "Iterator[list[int]]":
    """[month number, value W, import Wh, export Wh, cost, income, perhaps later numbers] in file
    order."""
    data = (files.read(prefix + MONTHS) if files is not None else None) or b""
    for kind, _, begin, end in records.scan(data):
        if kind == _MONTH:
            try:
                row = list(records.ints(data, begin, end))
            except ValueError:
                continue
            if len(row) >= 6:
                yield row


def branch_prefix(branch: int) -> str:
    """The prefix of a branch's files; "" of the ring's."""
    return "b%d" % branch if branch else ""


def chain(history: "History", branch: int) -> "list[int]":
    """A branch, the one it has begun from, and so on to the ring, 0."""
    parents = {node[_NUMBER]: node[_PARENT] for node in history.nodes}
    out = [branch]
    while branch and len(out) <= len(parents):
        branch = parents[branch]
        out.append(branch)
    return out


def use_branch(history: "History", branch: int) -> None:
    """Use the files of a branch."""
    history.branch = branch
    history.prefixes = tuple([branch_prefix(number) for number in chain(history, branch)])
