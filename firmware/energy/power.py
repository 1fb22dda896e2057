"""Power received since the registers were last read; it divides their difference into quarters.

In       watts with the milliseconds they held (HoldTimes); then the registers' difference in Wh
Out      each quarter's share of that difference, in Wh; the shares add up to the difference
Rules    Shares are in proportion to the received power. The rest of the difference is spread over
         the silent periods. Without any power the shares are in proportion to time.
Limits   16 hours of quarters; older power is dropped. The columns grow while the registers pause,
         by two hours at a time; without heap for that, older power is dropped too
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
_GROWTH = const(8)  # quarters that are added to the columns at a time
_NEWEST = const(0x3FFFFFFE)
_QUARTER_MS = const(900000)
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


class Forecast:
    """The import power expected for the rest of an interval: two parts of the last telegram's and
    one part of an exponential mean.

    The mean has a time constant of a minute: after t seconds of a constant power its distance from
    that power is e^(-t / 60 s) of what it was. A step is approximated by 2t / (2 * 60 s + t), for
    10 s 0.1538 in place of 0.1535. A power that holds for a minute or longer replaces the mean,
    and so does the first one. All products are below 2^30 up to 100 kW and 10 s.
    """

    def __init__(self) -> None:
        self._last_w = 0
        self._mean = -1  # in 1/16 W; -1: no power yet
        self.meter_average_w: "int | None" = None  # of the running quarter, by the meter (1.4.0)

    def note(self, watts: int, held_ms: int) -> None:
        """Note a telegram's import power; held_ms is 0 for the first one, see power.HoldTimes."""
        if self._mean < 0 or held_ms >= _HOLDS_MS:
            self._mean = watts * 16
        else:
            share = (held_ms * 8192 + _HOLDS_MS) // (2 * _HOLDS_MS + held_ms)  # 1/4096
            self._mean += ((watts * 16 - self._mean) * share + 2048) // 4096
        self._last_w = watts

    def watts(self) -> int:
        """The import power expected for the rest of the interval, in W; 0 before the first."""
        return (2 * self._last_w + max(0, self._mean) // 16 + 1) // 3


class Power:
    """The n quarters from quarter number `first` (UTC // 900) on, with three columns each."""

    def __init__(self) -> None:
        self.first = 0
        self.n = 0
        self.columns = _columns(_GROWTH)
        self._remainders = [0, 0]  # watt-milliseconds below a watt-second, by column

    def add(self, column: int, until_s: int, ms: int, watts: int) -> None:
        """Add watts of IMPORT or EXPORT that held for ms milliseconds, until until_s in UTC."""
        # Numbers below 2^30, which take no heap: the quarter, and the milliseconds in it.
        begin_ms = until_s % QUARTER_S * 1000 - ms
        quarter = until_s // QUARTER_S + begin_ms // _QUARTER_MS
        begin_ms %= _QUARTER_MS
        while ms > 0:
            part = min(ms, _QUARTER_MS - begin_ms)
            i = self._place(quarter)
            if i >= 0:
                watt_ms = watts * part + self._remainders[column]
                self.columns[column][i] += watt_ms // 1000
                self._remainders[column] = watt_ms % 1000
                if column == IMPORT:
                    self.columns[RECEIVED_MS][i] += part
            ms -= part
            begin_ms = 0
            quarter += 1

    def _place(self, quarter: int) -> int:
        """The index of a quarter, which is held from now on; below 0: it is too old."""
        room = len(self.columns[0])
        needed = quarter - self.first + 1 if self.n else 1
        if needed > room or (not self.n and room > _GROWTH):
            self.resize(needed)
            self.drop(quarter + 1 - len(self.columns[0]))
        if not self.n:
            self.first = quarter
        i = quarter - self.first
        while self.n <= i:
            for values in self.columns:
                values[self.n] = 0
            self.n += 1
        return i

    def resize(self, quarters: int) -> None:
        """Make columns for that many quarters. Without heap for them the old ones stay."""
        room = min(-(-quarters // _GROWTH) * _GROWTH, QUARTERS)
        try:
            columns = _columns(room)
        except MemoryError:
            return
        for k in range(3):
            for i in range(self.n):
                columns[k][i] = self.columns[k][i]
        self.columns = columns

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
        silent              nothing was received for over 5 % of the quarter's part of that time
        """
        first, last = begin // QUARTER_S, (end - 1) // QUARTER_S
        # Seconds since the begin of the first quarter, for numbers below 2^30: they take no heap.
        end = end - begin + begin % QUARTER_S
        begin %= QUARTER_S
        silence = 0
        for quarter in range(first, last + 1):
            seconds = _overlap_s(quarter - first, begin, end)
            silence += max(0, seconds * 1000 - self.value(RECEIVED_MS, quarter))
        if first >= last:
            yield first, imported, exported, silence * 20 > (end - begin) * 1000
            return
        if silence * 20 <= (end - begin) * 1000:
            silence = 0  # up to 5 %: ignored
        moved = (imported, exported)
        received = (self.total(IMPORT, first, last), self.total(EXPORT, first, last))
        weights = [0, 0]  # sums up to this quarter
        shared = [0, 0]  # Wh so far: the rounding goes to later quarters
        shares = [0, 0]
        for quarter in range(first, last + 1):
            seconds = _overlap_s(quarter - first, begin, end)
            silent = 0
            if silence:
                silent = max(0, seconds * 1000 - self.value(RECEIVED_MS, quarter))
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
                shares[column] = moved[column] * weights[column] // total - shared[column]
                shared[column] += shares[column]
            yield quarter, shares[IMPORT], shares[EXPORT], silent * 20 > seconds * 1000


def _columns(room: int) -> "tuple[array[int], array[int], array[int]]":
    return array("I", bytes(4 * room)), array("I", bytes(4 * room)), array("I", bytes(4 * room))


def _overlap_s(quarter: int, begin: int, end: int) -> int:
    """Seconds of a quarter between begin and end; all are counted from quarter 0."""
    start = quarter * QUARTER_S
    return min(start + QUARTER_S, end) - max(start, begin)
