"""Blocks of slots and their files. A slot has import and export in Wh, and a quality.

In       a Block and its number: a UTC day's quarters or hours, a local month's days
Out      the stored Block; False if it is missing, damaged or could not be written
Wire     one record a block: number 2 | widths 1 | quality | import column | export column
         widths: octets a value, import in bits 0-2, export in bits 3-5; bit 7: one quality for all
         quality: one octet if bit 7 is set, else four bits a slot
Limits   a file fits a flash block of 4 KB while no hour holds more than 16.7 MWh: with the numbers
         below, 32 blocks in all
"""

import struct
from array import array

import records
from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from contracts import Files

# Qualities of a slot. Only a measured slot or an edited one can be a peak.
GAP = const(0)  # some or all of its energy is not known
MEASURED = const(1)  # the registers were read at its begin and at its end
ESTIMATED = const(2)  # a share of the registers' difference, by the received power
INTERPOLATED = const(3)  # a share by time: for over 5 % of it nothing was received
EDITED = const(4)  # entered by the owner

NAMES = ("gap", "measured", "estimated", "interpolated", "edited")
_DOUBT = b"\x04\x00\x02\x03\x01"  # by quality: the higher, the less certain

# The levels: the length of a slot.
QUARTERS = const(0)
HOURS = const(1)
DAYS = const(2)
KEPT_DAYS = const(40)  # of quarters

_KIND = const(0x42)
_VERSION = const(1)
_UNIFORM = const(0x80)


def worse(a: int, b: int) -> int:
    """The quality of a sum of two slots."""
    return a if _DOUBT[a] >= _DOUBT[b] else b


class Block:
    """n slots in a row; Wh below 2^32."""

    def __init__(self, n: int) -> None:
        self.n = n
        self.imported = array("I", bytes(4 * n))
        self.exported = array("I", bytes(4 * n))
        self.quality = bytearray(n)

    def clear(self, first: int = 0) -> None:
        """Make the slots from first on gaps of 0 Wh."""
        for i in range(first, self.n):
            self.imported[i] = self.exported[i] = self.quality[i] = GAP

    def put(self, i: int, imported: int, exported: int, quality: int) -> None:
        """Set a slot."""
        self.imported[i] = imported
        self.exported[i] = exported
        self.quality[i] = quality

    def copy_from(self, other: "Block") -> None:
        """Copy the slots of a block of the same size."""
        self.imported[:] = other.imported
        self.exported[:] = other.exported
        self.quality[:] = other.quality

    def is_known(self, i: int) -> bool:
        """Whether a slot is not a gap, or is a gap with energy."""
        return self.quality[i] != GAP or self.imported[i] + self.exported[i] > 0

    def pack(self, number: int) -> bytes:
        """This block as the payload of a record."""
        quality = self.quality
        widths = _width(self.imported) | _width(self.exported) << 3
        if bytes(quality) == bytes([quality[0]]) * self.n:
            widths |= _UNIFORM
            marks = bytearray([quality[0]])
        else:
            marks = bytearray((self.n + 1) // 2)
            for i in range(self.n):
                marks[i >> 1] |= quality[i] << (i & 1) * 4
        out = bytearray(struct.pack("<HB", number, widths)) + marks
        for column in (self.imported, self.exported):
            width = _width(column)
            for value in column:
                for _ in range(width):
                    out.append(value & 255)
                    value >>= 8
        return bytes(out)

    def unpack(self, data: bytes, begin: int, end: int) -> bool:
        """Read the slots from a payload at data[begin:end]. False, with nothing changed, if its
        length is not that of n slots."""
        n = self.n
        widths = data[begin + 2]
        uniform = widths & _UNIFORM
        at = begin + 3 + (1 if uniform else (n + 1) // 2)
        if at + n * ((widths & 7) + (widths >> 3 & 7)) != end:
            return False
        for i in range(n):
            mark = data[begin + 3] if uniform else data[begin + 3 + (i >> 1)] >> (i & 1) * 4 & 15
            self.quality[i] = mark if mark <= EDITED else GAP
        for column, width in ((self.imported, widths & 7), (self.exported, widths >> 3 & 7)):
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
    """The files of one level: per_file blocks in each; the last `keep` blocks are kept."""

    def __init__(self, letter: str, slots: int, per_file: int, keep: int) -> None:
        self.slots = slots  # of a block
        self._letter = letter
        self._per_file = per_file
        self._keep = keep

    def name(self, number: int) -> str:
        """The file of a block."""
        return self._letter + str(number // self._per_file)

    def read(self, files: "Files", number: int, block: Block) -> bool:
        """Fill block from its file. False, with all slots gaps, if it is missing or damaged."""
        return find(files.read(self.name(number)), number, block)

    def write(self, files: "Files", number: int, block: Block) -> bool:
        """Write a block into its file, and delete files whose blocks are all older than `keep`.
        False if the file system refused."""
        name = self.name(number)
        new = name not in files.names()
        if not files.write(name, self._merged(files, name, number, block.pack(number))):
            return False
        if new:
            oldest = (number - self._keep + 1) // self._per_file
            for other in files.names():
                if other[0] == self._letter and other[1:].isdigit() and int(other[1:]) < oldest:
                    files.remove(other)
        return True

    def _merged(self, files: "Files", name: str, number: int, payload: bytes) -> "Iterator[bytes]":
        """The records of the new file: those of the old one, with this block's record replaced
        or appended."""
        old = files.read(name) or b""
        if not records.whole(old):
            files.tell("%s was damaged: whole records are kept" % name)
        placed = False
        for kind, version, begin, end in records.scan(old):
            if kind == _KIND and (old[begin] | old[begin + 1] << 8) == number:
                if placed:
                    continue
                placed = True
                yield records.pack(_KIND, _VERSION, payload)
            else:
                yield records.pack(kind, version, old[begin:end])
        if not placed:
            yield records.pack(_KIND, _VERSION, payload)


def find(data: "bytes | None", number: int, block: Block) -> bool:
    """Fill block from a file's octets. False, with all slots gaps, if they do not hold it."""
    if data:
        for kind, _, begin, end in records.scan(data):
            if (
                kind == _KIND
                and end - begin > 3
                and (data[begin] | data[begin + 1] << 8) == number
            ):
                if block.unpack(data, begin, end):
                    return True
    block.clear()
    return False


# By level: quarters and hours by UTC day, days by local month: the running one and five years.
STORES = (
    BlockStore("q", 96, 6, KEPT_DAYS),
    BlockStore("h", 24, 24, 400),
    BlockStore("d", 31, 12, 61),
)
