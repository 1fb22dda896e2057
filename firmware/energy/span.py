"""The time since the meter's register was last read: what power was seen in which quarter.

In       watts with the time they held; then the register's difference over the span
Out      each quarter's share of that difference, in Wh: the shares' sum is the difference
Rules    Shares go by the power that was seen. What the power does not explain goes by time to
         the whiles in which nothing was received. Without any power all goes by time.
Limits   16 hours of quarters; what is older keeps its place in the span but loses its shape
"""

from array import array

from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

QUARTER_S = const(900)
_MOST = const(64)


class Span:
    """Quarters from number `first` on: watt-seconds of import and export, milliseconds seen."""

    def __init__(self) -> None:
        self.first = 0
        self.n = 0
        self._columns = (
            array("I", bytes(4 * _MOST)),
            array("I", bytes(4 * _MOST)),
            array("I", bytes(4 * _MOST)),
        )
        self._rest = [0, 0]  # watt-milliseconds

    def clear(self) -> None:
        """Nothing was seen."""
        self.n = 0

    def add(self, column: int, until_s: int, ms: int, watts: int) -> None:
        """Power of import (column 0) or export (1) that held for ms until until_s."""
        begin_ms = until_s * 1000 - ms
        while ms > 0:
            quarter = begin_ms // 900000
            part = min(ms, (quarter + 1) * 900000 - begin_ms)
            self._put(column, quarter, part, watts)
            ms -= part
            begin_ms += part

    def _put(self, column: int, quarter: int, ms: int, watts: int) -> None:
        i = self._index(quarter)
        if i < 0:
            return
        energy = watts * ms + self._rest[column]
        self._columns[column][i] += energy // 1000
        self._rest[column] = energy % 1000
        if not column:
            self._columns[2][i] += ms

    def _index(self, quarter: int) -> int:
        """The place of a quarter, made if need be; -1 if it lies before the first."""
        if not self.n:
            self.first = quarter
        elif quarter - self.first >= _MOST:
            self.drop(quarter - _MOST + 1)
            if not self.n:
                self.first = quarter
        i = quarter - self.first
        while self.n <= i:
            for column in self._columns:
                column[self.n] = 0
            self.n += 1
        return i

    def drop(self, before: int) -> None:
        """Forget the quarters before a number."""
        gone = min(before - self.first, self.n)
        if gone <= 0:
            return
        for column in self._columns:
            for i in range(gone, self.n):
                column[i - gone] = column[i]
        self.n -= gone
        self.first += gone

    def seen(self, column: int, quarter: int) -> int:
        """Watt-seconds of a quarter (column 2: milliseconds)."""
        i = quarter - self.first
        return self._columns[column][i] if 0 <= i < self.n else 0

    def total(self, column: int, since: int) -> int:
        """Watt-seconds from quarter number `since` on."""
        total = 0
        for i in range(max(0, since - self.first), self.n):
            total += self._columns[column][i]
        return total

    def to_ints(self) -> "list[int]":
        """For a record: first, n, then n of each column."""
        out = [self.first, self.n]
        for column in self._columns:
            out.extend(column[: self.n])
        return out

    def from_ints(self, numbers: "list[int]", at: int) -> int:
        """Take what to_ints gave at numbers[at]; where it ends. ValueError if it is not that."""
        self.n = 0
        first, n = numbers[at], numbers[at + 1]
        end = at + 2 + 3 * n
        if not 0 <= n <= _MOST or end > len(numbers):
            raise ValueError("no span")
        at += 2
        for column in self._columns:
            for i in range(n):
                column[i] = numbers[at + i]
            at += n
        self.first, self.n = first, n
        return end

    def shares(
        self, begin: int, end: int, imported: int, exported: int
    ) -> "Iterator[tuple[int, int, int, bool]]":
        """(quarter, import Wh, export Wh, a hole in it) for each quarter of [begin, end) seconds.

        imported, exported  Wh to be shared out
        """
        first, last = begin // QUARTER_S, (end - 1) // QUARTER_S
        if first >= last:
            silent = self._hole_ms(first, begin, end) * 20 > (end - begin) * 1000
            yield first, imported, exported, silent
            return
        holes = 0
        for quarter in range(first, last + 1):
            holes += self._hole_ms(quarter, begin, end)
        if holes * 20 <= (end - begin) * 1000:
            holes = 0  # so little that the power seen explains all
        by_import = _Divider(imported, self._between(0, first, last), holes, end - begin)
        by_export = _Divider(exported, self._between(1, first, last), holes, end - begin)
        for quarter in range(first, last + 1):
            hole = self._hole_ms(quarter, begin, end) if holes else 0
            seconds = _overlap_s(quarter, begin, end)
            yield (
                quarter,
                by_import.share(self.seen(0, quarter), hole, seconds),
                by_export.share(self.seen(1, quarter), hole, seconds),
                hole * 20 > seconds * 1000,
            )

    def _hole_ms(self, quarter: int, begin: int, end: int) -> int:
        hole = _overlap_s(quarter, begin, end) * 1000 - self.seen(2, quarter)
        return hole if hole > 0 else 0

    def _between(self, column: int, first: int, last: int) -> int:
        total = 0
        for i in range(max(0, first - self.first), min(self.n, last - self.first + 1)):
            total += self._columns[column][i]
        return total


def _overlap_s(quarter: int, begin: int, end: int) -> int:
    start = quarter * QUARTER_S
    return min(start + QUARTER_S, end) - max(start, begin)


class _Divider:
    """Shares a whole number out by weights; what rounding leaves goes to later shares."""

    def __init__(self, wh: int, seen_ws: int, holes_ms: int, seconds: int) -> None:
        self._wh = wh
        self._given = 0
        self._passed = 0
        unexplained = wh * 3600 - seen_ws
        if holes_ms and unexplained > 0:
            self._by_seen, self._by_hole, self._by_time = holes_ms, unexplained, 0
            self._whole = wh * 3600 * holes_ms
        elif seen_ws:
            self._by_seen, self._by_hole, self._by_time = 1, 0, 0
            self._whole = seen_ws
        else:
            self._by_seen, self._by_hole, self._by_time = 0, 0, 1
            self._whole = seconds

    def share(self, seen_ws: int, hole_ms: int, seconds: int) -> int:
        """The next quarter's share."""
        self._passed += seen_ws * self._by_seen + hole_ms * self._by_hole
        self._passed += seconds * self._by_time
        share = self._wh * self._passed // self._whole - self._given
        self._given += share
        return share
