"""What each finished month came to: its capacity value, energy and money. Five years of them.

In       a finished month; the log of them from a file
Out      earlier months' values for tariffs that look back, rows to be shown
Limits   61 months, 1.5 KB on flash, 13 values held
"""

import records
from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from storage import Storage as Files

FILE = "months"
_KIND = const(0x4D)
_VERSION = const(1)
_KEEP = const(61)
_HELD = const(13)


def rows(files: "Files | None") -> "Iterator[list[int]]":
    """[month number, value W, import Wh, export Wh, cost, income] in the order of the file."""
    data = (files.read(FILE) if files is not None else None) or b""
    for kind, _, begin, end in records.scan(data):
        if kind == _KIND:
            try:
                row = records.unpack_ints(data, begin, end)
            except ValueError:
                continue
            if len(row) >= 6:
                yield row


class Months:
    """The newest values are held; all are in the file."""

    def __init__(self) -> None:
        self._values: "list[tuple[int, int]]" = []  # month number, W; newest last

    def load(self, files: "Files", before: int) -> None:
        """Read the values of months before a number."""
        self._values = []
        for row in rows(files):
            if row[0] < before or before < 0:
                self._note(row[0], row[1])

    def earlier(self, month: int) -> "list[int]":
        """The values of the twelve months before a number, newest first; those that are known."""
        found = [(m, value) for m, value in self._values if month - 12 <= m < month]
        return [value for _, value in sorted(found, reverse=True)]

    def _note(self, month: int, value: int) -> None:
        self._values = [pair for pair in self._values if pair[0] != month] + [(month, value)]
        del self._values[:-_HELD]

    def add(self, files: "Files | None", month: int, value: int, row: "list[int]") -> None:
        """A month is over; row holds import, export, cost and income."""
        self._note(month, value)
        if files is None:
            return
        kept = [r for r in rows(files) if month - _KEEP < r[0] < month]
        kept.append([month, value] + row)
        _write(files, kept)

    def correct(self, files: "Files | None", month: int, value: int) -> None:
        """A month that is over has come to another value; nothing happens if it is not kept."""
        kept = list(rows(files))
        for row in kept:
            if row[0] == month and row[1] != value and files is not None:
                row[1] = value
                self._note(month, value)
                _write(files, kept)
                return


def _write(files: "Files", kept: "list[list[int]]") -> None:
    files.write(FILE, (records.pack(_KIND, _VERSION, records.pack_ints(row)) for row in kept))
