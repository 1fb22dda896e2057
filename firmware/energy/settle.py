"""Carries the anchor forward: shares energy out to quarters and closes what ends on the way.

In       the register's difference since the anchor, or the word that it is lost
Out      history, sums and peaks that add up to the register
Rules    A slot is measured if the register was read at both its edges: exactly there, or before
         and after within a minute. Otherwise it is estimated, or interpolated if nothing was
         received for over 5 % of it. What a reset or a swap hides is a gap.
         A register that stands still between two of its steps was read all the same, if a step is
         at most 10 Wh.
"""

import clock
from micropython import const

from energy import recount, slots
from energy.accounting import (
    DAY,
    EXPORT,
    IMPORT,
    LAST_MONTH,
    MONTH,
    YESTERDAY,
    Accounting,
)
from energy.history import History
from energy.peaks import Peaks
from energy.span import QUARTER_S, Span

_HOLE = const(1)
_LOST = const(2)
_NEAR_S = const(65)  # a minute, and what a list that comes once a minute may be late
_STEP_WH = const(10)
_HOUR_S = const(3600)


class Settler:
    """Everything up to self.time is shared out."""

    def __init__(self, zone: "clock.Zone", peaks: Peaks) -> None:
        self.zone = zone
        self.time = 0
        self.span = Span()
        self.history = History()
        self.sums = Accounting()
        self.peaks = peaks
        self.months_over: "list[tuple[int, int, list[int]]]" = []  # ended: number, value, sums
        self._known = [False, False]  # the edge where the running quarter, hour began
        self._flags = [0, 0]
        self._rest = [0, 0]  # watt-seconds that estimate() has not given out
        self._day_quality = slots.MEASURED

    def start(self, t: int) -> None:
        """Begin at t, before which nothing is known."""
        self.time = t
        self.span.drop(t // QUARTER_S)
        self._known = [t % QUARTER_S == 0, t % _HOUR_S == 0]
        self._flags = [0 if known else _LOST for known in self._known]
        day = self.zone.day(t)
        self._day_quality = slots.MEASURED if t == self.zone.day_start(day) else slots.GAP
        month = clock.month_of(day)
        self.sums.start(t // _HOUR_S, day, month)
        self.history.turn_to(t // 86400)
        self.history.open_day = day
        if self.peaks.month != month:
            self.peaks.recompute(self.history, month, t)

    def settle(self, t: int, imported: int, exported: int, pause: int, dated: bool) -> None:
        """Registers were true at t and have moved by imported, exported Wh since self.time.

        pause  seconds before t in which no list had registers
        dated  the list's own clock says so, else it may be the last list again
        """
        begin = self.time
        if t <= begin:
            quarter = begin // QUARTER_S
            self.history.add(quarter, imported, exported)
            self.sums.add(begin, imported, exported)
            if begin - t > _NEAR_S:  # the clock was set back: the slot is longer than it seems
                self._known = [False, False]
            return
        near = pause <= _NEAR_S and (t - begin <= _NEAR_S or imported + exported <= _STEP_WH)
        for quarter, used, produced, hole in self.span.shares(begin, t, imported, exported):
            self.history.add(quarter, used, produced)
            self.sums.add(quarter * QUARTER_S, used, produced)
            if hole:
                self._flags[0] |= _HOLE
                self._flags[1] |= _HOLE
            end = quarter * QUARTER_S + QUARTER_S
            if end <= t:
                told = dated or imported or exported or not self._flags[1] & _HOLE
                self._close(quarter, near or (end == t and bool(told)))
        self._arrive(t)

    def estimate(self, t: int) -> None:
        """Share out the power seen up to t, the end of a quarter, without a register."""
        rest = self._rest
        for quarter in range(self.time // QUARTER_S, t // QUARTER_S):
            for column in (0, 1):
                rest[column] += self.span.seen(column, quarter)
            used, produced = rest[0] // 3600, rest[1] // 3600
            rest[0] -= used * 3600
            rest[1] -= produced * 3600
            self.history.add(quarter, used, produced)
            self.sums.add(quarter * QUARTER_S, used, produced)
            seen_ms = self.span.seen(2, quarter)
            if seen_ms < 855000:
                self._flags[0] |= _HOLE if seen_ms else _LOST
                self._flags[1] |= _HOLE if seen_ms else _LOST
            self._close(quarter, False)
        self._arrive(t)

    def lose(self, t: int) -> None:
        """Nothing is known of the time up to t."""
        quarter = self.time // QUARTER_S
        while quarter * QUARTER_S < t:
            self._flags[0] |= _LOST
            self._flags[1] |= _LOST
            self.history.add(quarter, 0, 0)
            quarter += 1
            if quarter * QUARTER_S <= t:
                self._close(quarter - 1, quarter * QUARTER_S == t)
        self._arrive(t)

    def jump(self, t: int) -> None:
        """Go on at t, too far from self.time to say anything of the time between.

        When t is before it, the clock was wrong: what was booked of the time after t is forgotten.
        """
        back = t < self.time
        sums = self.sums
        row = sums.rows[DAY]
        day, month = self.zone.day(t), self.zone.month(t)
        days, months = day - sums.numbers[DAY], month - sums.numbers[MONTH]
        if days > 0:
            self.history.close_day(sums.numbers[DAY], row[IMPORT], row[EXPORT], slots.GAP)
            sums.next_day(day)
        if months > 0:
            self._month_over(month)
        if not 0 <= days <= 1:
            sums.rows[YESTERDAY] = [0, 0, 0, 0]
        if not 0 <= months <= 1:
            sums.rows[LAST_MONTH] = [0, 0, 0, 0]
        self.span.clear()
        self.start(t)
        if back:
            self.history.forget(-(-t // QUARTER_S))
            recount.energy(self)
            self.peaks.recompute(self.history, month, t)

    def _month_over(self, month: int) -> None:
        ended = (self.sums.numbers[MONTH], self.peaks.value(), list(self.sums.rows[MONTH]))
        self.months_over.append(ended)
        self.sums.next_month(month)
        self.peaks.start(month)

    def _arrive(self, t: int) -> None:
        """Forget what was seen up to t, in a running quarter as well."""
        self.time = t
        self.span.drop(-(-t // QUARTER_S))

    def _close(self, quarter: int, known: bool) -> None:
        """A quarter is over, and whatever ends with it."""
        end = quarter * QUARTER_S + QUARTER_S
        self.history.close_quarter(quarter, self._quality(0, known))
        if self.peaks.tariff.interval_min == 15:
            block = self.history.quarters
            i = quarter % 96
            self.peaks.offer(quarter * QUARTER_S, block.imported[i], block.quality[i])
        if end % _HOUR_S:
            return
        hour = quarter // 4
        quality = self._quality(1, known)
        self.history.close_hour(hour, quality)
        self._day_quality = slots.worse(self._day_quality, quality)
        if self.peaks.tariff.interval_min == 60:
            self.peaks.offer(hour * _HOUR_S, self.history.hour_wh(hour)[0], quality)
        self.sums.next_hour(hour + 1)
        day = self.zone.day(end)
        if day > self.sums.numbers[DAY]:  # another zone may have put it back
            self._next_day(day)

    def _quality(self, level: int, known: bool) -> int:
        """The quality of the quarter (0) or hour (1) that ends here; the next one begins."""
        flags = self._flags[level]
        if flags & _LOST:
            quality = slots.GAP
        elif known and self._known[level]:
            quality = slots.MEASURED
        else:
            quality = slots.INTERPOLATED if flags & _HOLE else slots.ESTIMATED
        self._known[level] = known
        self._flags[level] = 0
        return quality

    def _next_day(self, day: int) -> None:
        row = self.sums.rows[DAY]
        over = self.sums.numbers[DAY]
        self.history.close_day(over, row[IMPORT], row[EXPORT], self._day_quality)
        self._day_quality = slots.MEASURED
        self.sums.next_day(day)
        month = clock.month_of(day)
        if month > self.sums.numbers[MONTH]:
            self._month_over(month)

    def recent(self, since: int) -> "list[int]":
        """Import, export, cost, income seen after the anchor, from `since` (UTC) on."""
        span = self.span
        begin = max(since, self.time) // QUARTER_S
        out = [span.total(0, begin) // 3600, span.total(1, begin) // 3600, 0, 0]
        for quarter in range(max(begin, span.first), span.first + span.n):
            cost, income = self.sums.money(
                quarter * QUARTER_S, span.seen(0, quarter) // 3600, span.seen(1, quarter) // 3600
            )
            out[2] += cost
            out[3] += income
        return out

    def to_ints(self) -> "list[int]":
        """For a record."""
        out = [self.time, self._day_quality, self.history.day, self.history.open_day]
        for pair in (self._known, self._flags):
            out.extend([int(value) for value in pair])
        return out + self.sums.to_ints() + self.span.to_ints()

    def from_ints(self, numbers: "list[int]", at: int) -> int:
        """Take what to_ints gave at numbers[at]; where it ends."""
        history = self.history
        self.time, self._day_quality, history.day, history.open_day = numbers[at : at + 4]
        self._known = [bool(value) for value in numbers[at + 4 : at + 6]]
        self._flags = numbers[at + 6 : at + 8]
        at = self.sums.from_ints(numbers, at + 8)
        return self.span.from_ints(numbers, at)
