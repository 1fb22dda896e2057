"""Power since the registers were last read, and the shares of their difference by it.

In       watts with the milliseconds they held (HoldTimes); then the registers' difference
Out      each quarter's share of that difference, in Wh: the shares' sum is the difference
Rules    Shares are in proportion to the received power. The rest of the difference is spread over
         the silent periods. Without any power the shares are in proportion to time.
Limits   16 hours of quarters; older power is dropped
"""

from array import array

from han.fields import (
    POWER_EXPORT_W,
    POWER_IMPORT_W,
    REACTIVE_EXPORT_VAR,
    REACTIVE_IMPORT_VAR,
)
from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

QUARTER_S = const(900)
IMPORT = const(0)  # the columns: watt-seconds of import and of export,
EXPORT = const(1)
SEEN_MS = const(2)  # and the milliseconds in which import was seen
QUARTERS = const(64)  # are held
_NEWEST = const(0x3FFFFFFE)
_HOLDS_MS = const(60000)  # at most: a longer silence is not filled

# The powers that are integrated, import and export first.
FIELDS = (POWER_IMPORT_W, POWER_EXPORT_W, REACTIVE_IMPORT_VAR, REACTIVE_EXPORT_VAR)


class HoldTimes:
    """Milliseconds that each power of a telegram has held: since the last telegram that had it, at
    most a minute. Energy is always watts times these milliseconds."""

    def __init__(self) -> None:
        self._seen_ms = [-1, -1, -1, -1]
        self.ms = [0, 0, 0, 0]  # in the order of FIELDS, 0 for a missing power

    def note(self, values: "list[Any]", uptime_ms: int) -> "list[int]":
        """Note the powers among a telegram's values. Returns ms."""
        for k in range(4):
            self.ms[k] = 0
            if values[FIELDS[k]] is not None:
                since = self._seen_ms[k]
                self._seen_ms[k] = uptime_ms
                if 0 <= since < uptime_ms:
                    self.ms[k] = min(uptime_ms - since, _HOLDS_MS)
        return self.ms


class Power:
    """n quarters from number `first` on, each with its three columns."""

    def __init__(self) -> None:
        self.first = 0
        self.n = 0
        self.columns = (
            array("I", bytes(4 * QUARTERS)),
            array("I", bytes(4 * QUARTERS)),
            array("I", bytes(4 * QUARTERS)),
        )
        self._remainders = [0, 0]  # watt-milliseconds below a watt-second, by column

    def add(self, column: int, until_s: int, ms: int, watts: int) -> None:
        """Add the power of IMPORT or EXPORT that held for ms and ended at until_s."""
        begin_ms = until_s * 1000 - ms
        while ms > 0:
            quarter = begin_ms // 900000
            part = min(ms, (quarter + 1) * 900000 - begin_ms)
            ms -= part
            begin_ms += part
            if not self.n:
                self.first = quarter
            elif quarter - self.first >= QUARTERS:
                self.drop(quarter - QUARTERS + 1)
                if not self.n:
                    self.first = quarter
            i = quarter - self.first
            if i < 0:
                continue
            while self.n <= i:
                for values in self.columns:
                    values[self.n] = 0
                self.n += 1
            watt_ms = watts * part + self._remainders[column]
            self.columns[column][i] += watt_ms // 1000
            self._remainders[column] = watt_ms % 1000
            if column == IMPORT:
                self.columns[SEEN_MS][i] += part

    def drop(self, before: int) -> None:
        """Drop the quarters before a number."""
        gone = min(before - self.first, self.n)
        if gone <= 0:
            return
        for values in self.columns:
            for i in range(gone, self.n):
                values[i - gone] = values[i]
        self.n -= gone
        self.first += gone

    def seen(self, column: int, quarter: int) -> int:
        """A column's value of one quarter."""
        i = quarter - self.first
        return self.columns[column][i] if 0 <= i < self.n else 0

    def total(self, column: int, first: int, last: int = _NEWEST) -> int:
        """A column's sum over the quarters from first to last."""
        values = self.columns[column]
        total = 0
        for i in range(max(0, first - self.first), min(self.n, last + 1 - self.first)):
            total += values[i]
        return total

    def shares(
        self, begin: int, end: int, imported: int, exported: int
    ) -> "Iterator[tuple[int, int, int, bool]]":
        """(quarter, import Wh, export Wh, silent) for each quarter of [begin, end) seconds.

        imported, exported  Wh to be shared out
        silent              nothing was received in over 5 % of it
        """
        first, last = begin // QUARTER_S, (end - 1) // QUARTER_S
        silence = 0
        for quarter in range(first, last + 1):
            silence += self._silent_ms(quarter, begin, end)
        if first >= last:
            yield first, imported, exported, silence * 20 > (end - begin) * 1000
            return
        if silence * 20 <= (end - begin) * 1000:
            silence = 0  # too little to count
        moved = (imported, exported)
        seen = (self.total(IMPORT, first, last), self.total(EXPORT, first, last))
        passed = [0, 0]  # of the weights
        given = [0, 0]  # Wh so far: later quarters get the rounding
        for quarter in range(first, last + 1):
            silent = self._silent_ms(quarter, begin, end) if silence else 0
            seconds = _overlap_s(quarter, begin, end)
            shares = []
            for column in (IMPORT, EXPORT):
                unexplained = moved[column] * 3600 - seen[column]
                if silence and unexplained > 0:  # the power, and the rest over the silence
                    weight = self.seen(column, quarter) * silence + silent * unexplained
                    whole = moved[column] * 3600 * silence
                elif seen[column]:
                    weight = self.seen(column, quarter)
                    whole = seen[column]
                else:
                    weight = seconds
                    whole = end - begin
                passed[column] += weight
                share = moved[column] * passed[column] // whole - given[column]
                given[column] += share
                shares.append(share)
            yield quarter, shares[IMPORT], shares[EXPORT], silent * 20 > seconds * 1000

    def _silent_ms(self, quarter: int, begin: int, end: int) -> int:
        return max(0, _overlap_s(quarter, begin, end) * 1000 - self.seen(SEEN_MS, quarter))


def _overlap_s(quarter: int, begin: int, end: int) -> int:
    start = quarter * QUARTER_S
    return min(start + QUARTER_S, end) - max(start, begin)
