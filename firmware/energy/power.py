"""Power received since the registers were last read; it divides their difference into quarters.

In       watts with the milliseconds they held (HoldTimes); then the registers' difference in Wh
Out      each quarter's share of that difference, in Wh; the shares add up to the difference
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
# The columns.
IMPORT = const(0)  # watt-seconds
EXPORT = const(1)  # watt-seconds
RECEIVED_MS = const(2)  # milliseconds for which an import power is known
QUARTERS = const(64)  # the most that are held
_NEWEST = const(0x3FFFFFFE)
_HOLDS_MS = const(60000)  # the most: a longer silence is not filled

# The powers that are integrated, import and export first.
FIELDS = (POWER_IMPORT_W, POWER_EXPORT_W, REACTIVE_IMPORT_VAR, REACTIVE_EXPORT_VAR)


class HoldTimes:
    """Milliseconds for which each power of a telegram holds: since the last telegram with that
    power, at most a minute. Energy is watts times these milliseconds."""

    def __init__(self) -> None:
        self._received_at_ms = [-1, -1, -1, -1]
        self.ms = [0, 0, 0, 0]  # in the order of FIELDS, 0 for a missing power

    def note(self, values: "list[Any]", uptime_ms: int) -> "list[int]":
        """Note the powers among a telegram's values. Returns ms."""
        for k in range(4):
            self.ms[k] = 0
            if values[FIELDS[k]] is not None:
                since = self._received_at_ms[k]
                self._received_at_ms[k] = uptime_ms
                if 0 <= since < uptime_ms:
                    self.ms[k] = min(uptime_ms - since, _HOLDS_MS)
        return self.ms


class Power:
    """The n quarters from quarter number `first` (UTC // 900) on, with three columns each."""

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
        """Add watts of IMPORT or EXPORT that held for ms milliseconds, until until_s in UTC."""
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
                self.columns[RECEIVED_MS][i] += part

    def drop(self, before: int) -> None:
        """Drop the quarters before number `before`."""
        gone = min(before - self.first, self.n)
        if gone <= 0:
            return
        for values in self.columns:
            for i in range(gone, self.n):
                values[i - gone] = values[i]
        self.n -= gone
        self.first += gone

    def value(self, column: int, quarter: int) -> int:
        """The value of a column in a quarter; 0 if the quarter is not held."""
        i = quarter - self.first
        return self.columns[column][i] if 0 <= i < self.n else 0

    def total(self, column: int, first: int, last: int = _NEWEST) -> int:
        """The sum of a column over the quarters from first to last."""
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
        silent              nothing was received for over 5 % of the quarter
        """
        first, last = begin // QUARTER_S, (end - 1) // QUARTER_S
        silence = 0
        for quarter in range(first, last + 1):
            silence += self._silent_ms(quarter, begin, end)
        if first >= last:
            yield first, imported, exported, silence * 20 > (end - begin) * 1000
            return
        if silence * 20 <= (end - begin) * 1000:
            silence = 0  # up to 5 %: ignored
        moved = (imported, exported)
        received = (self.total(IMPORT, first, last), self.total(EXPORT, first, last))
        weights = [0, 0]  # sums up to this quarter
        shared = [0, 0]  # Wh so far: the rounding goes to later quarters
        for quarter in range(first, last + 1):
            silent = self._silent_ms(quarter, begin, end) if silence else 0
            seconds = _overlap_s(quarter, begin, end)
            shares = []
            for column in (IMPORT, EXPORT):
                unexplained = moved[column] * 3600 - received[column]
                if silence and unexplained > 0:  # by power, the rest by silence
                    weight = self.value(column, quarter) * silence + silent * unexplained
                    total = moved[column] * 3600 * silence
                elif received[column]:
                    weight = self.value(column, quarter)
                    total = received[column]
                else:
                    weight = seconds
                    total = end - begin
                weights[column] += weight
                share = moved[column] * weights[column] // total - shared[column]
                shared[column] += share
                shares.append(share)
            yield quarter, shares[IMPORT], shares[EXPORT], silent * 20 > seconds * 1000

    def _silent_ms(self, quarter: int, begin: int, end: int) -> int:
        return max(0, _overlap_s(quarter, begin, end) * 1000 - self.value(RECEIVED_MS, quarter))


def _overlap_s(quarter: int, begin: int, end: int) -> int:
    start = quarter * QUARTER_S
    return min(start + QUARTER_S, end) - max(start, begin)
