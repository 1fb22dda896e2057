"""The meter's registers: whether a reading is believed, when it was true, and where the energy
belongs that they have counted since.

In       the registers last believed, and the ones just received with both clocks; then their
         difference, or nothing if it is lost
Out      one of the verdicts below, and the time in UTC at which the registers were true; history,
         totals, peaks and the values of finished months, all adding up to the registers
Rules    A list whose own clock has agreed with ours is dated by it, also when it comes late.
         Without such a clock an hourly list in the first two minutes of an hour is that hour's. A
         list that repeats the last one although power was used is not believed (Aidon sends the
         old hour again, with the old clock and live power).
         A slot is measured if the register was read at both its edges: exactly there, or before
         and after within a minute. Otherwise it is estimated, or interpolated if nothing was
         received for over 5 % of it. The time that a reset or a swapped meter hides is a gap.
         A register that does not move between two of its steps counts as read, if a step is at
         most 10 Wh.
Seen     Aidon (an hour's list twice), Kaifa, Kamstrup
"""

import clock
from micropython import const
from ondemand import visit

from energy import blocks
from energy.history import History
from energy.power import EXPORT, IMPORT, QUARTER_S, SEEN_MS, Power
from energy.tariff import Peaks, Tariff
from energy.totals import DAY, HOUR, LAST_MONTH, MONTH, YESTERDAY, Totals

FIRST = const(0)  # nothing to compare with
NEW = const(1)
REPEATED = const(2)  # the last list again, or an older one
RESET = const(3)  # a register went back
SWAPPED = const(4)  # another meter, or a leap no fuse allows
TOO_LATE = const(5)  # no history reaches back to the last one

REASONS = (
    "first reading",
    "",
    "repeated list",
    "the register went back",
    "another meter or an impossible leap",
    "no reading for over 40 days",
)

_HOURLY_S = const(1800)
_AGREES_S = const(300)
_LATE_S = const(3900)
_SNAP_S = const(120)
_FIRST_SNAP_S = const(15)
_FREQUENT_S = const(600)
_PAUSES = const(3)
GAP_S = const(40 * 86400)
_MOST_W = const(250000)
_SILENT = const(1)  # flags of a slot: nothing was received for over 5 % of it,
_LOST = const(2)  # or its energy is not known
_NEAR_S = const(65)  # a minute, and what a list that comes once a minute may be late
_STEP_WH = const(10)
_HOUR_S = const(3600)


class Registers:
    """The registers last believed, in Wh. None = the meter has not sent that one yet."""

    def __init__(self) -> None:
        self.read_at = 0  # UTC at which they were true
        self.unmoved_until = 0  # UTC of the newest list that had them unmoved
        self.imported: "int | None" = None
        self.exported: "int | None" = None
        self.meter_utc = 0  # the list's own clock; 0 if it had none
        self.clock_agrees = False  # that clock was near ours
        self.frequent = 0  # above 0: registers come much more than once an hour
        self.list_at = 0  # UTC of the newest list, believed or not
        self.meter = 0  # a number made of the meter's identity; 0: not known

    def date(self, new: "tuple[int, int | None]", now: int, meter_utc: "int | None") -> int:
        """Note a list that came at now. Returns the UTC at which its registers were true."""
        pause = now - self.list_at
        self.list_at = now
        if 0 < pause < _FREQUENT_S:
            self.frequent = _PAUSES
        elif pause >= _HOURLY_S and self.frequent:
            self.frequent -= 1  # a single long pause is no proof
        t = now
        if meter_utc is not None:
            lag = now - meter_utc
            late = self.clock_agrees and _AGREES_S < lag <= _LATE_S
            if late and meter_utc <= self.meter_utc:
                # Moved registers: the meter's clock was set back, the hour comes twice.
                late = new[0] == self.imported and new[1] in (None, self.exported)
            if late or -_AGREES_S <= lag <= _AGREES_S:
                t = meter_utc
        first = self.imported is None
        if not self.frequent and (first or t - self.read_at >= _HOURLY_S):
            if t % 3600 < (_FIRST_SNAP_S if first else _SNAP_S):
                return t - t % 3600
        return t

    def judge(
        self, new: "tuple[int, int | None]", t: int, now: int, meter_utc: "int | None",
        seen_wh: int,
    ) -> int:  # fmt: skip
        """The verdict on registers that were true at t.

        seen_wh  energy by the received power since the last ones, import plus export
        """
        if self.imported is None:
            return FIRST
        if now + 3600 < self.read_at or t - self.read_at > GAP_S:
            return TOO_LATE  # or the clock was wrong before
        used = new[0] - self.imported
        produced = 0
        if new[1] is not None and self.exported is not None:
            produced = new[1] - self.exported
        if used < 0 or produced < 0:
            if meter_utc is not None and self.clock_agrees:
                if meter_utc <= self.meter_utc and now - meter_utc > _AGREES_S:
                    return REPEATED
            return RESET
        if not used and not produced and seen_wh >= 1:
            if self.frequent or t - self.read_at < _HOURLY_S:
                return REPEATED  # the register's step is coarser than the time between lists
            if meter_utc is not None and self.clock_agrees:
                if meter_utc < self.meter_utc + _HOURLY_S:
                    return REPEATED
            elif seen_wh >= 10:
                return REPEATED
        most = _MOST_W * max(t - self.read_at, 60) // 3600 + 1000
        return SWAPPED if used > most or produced > most else NEW

    def take(
        self, new: "tuple[int, int | None]", t: int, now: int, meter_utc: "int | None"
    ) -> None:
        """Believe these registers."""
        self.read_at = self.unmoved_until = t
        self.imported = new[0]
        if new[1] is not None:
            self.exported = new[1]
        lag = now - meter_utc if meter_utc is not None else _LATE_S + 1
        late = self.clock_agrees and 0 <= lag <= _LATE_S and (meter_utc or 0) > self.meter_utc
        self.clock_agrees = -_AGREES_S <= lag <= _AGREES_S or late
        self.meter_utc = meter_utc or 0


class Settler:
    """Puts energy into history and totals up to settled_until; after it there is only power."""

    def __init__(self, zone: str, tariff: Tariff) -> None:
        self.zone = clock.Zone(zone)
        self.settled_until = 0  # UTC; 0: nothing is known yet
        self.power = Power()
        self.history = History()
        self.totals = Totals()
        self.peaks = Peaks(tariff)
        self.known = [False, False]  # whether the register was read at the begin
        self.flags = [0, 0]  # of the running quarter and hour
        self._leftovers = [0, 0]  # watt-seconds below a Wh, by column, of estimate()
        self.day_quality = blocks.MEASURED

    def start(self, t: int) -> None:
        """Begin at t, before which nothing is known."""
        self.settled_until = t
        self.power.drop(t // QUARTER_S)
        self.known = [t % QUARTER_S == 0, t % _HOUR_S == 0]
        self.flags = [0 if known else _LOST for known in self.known]
        day = self.zone.day(t)
        self.day_quality = blocks.MEASURED if t == self.zone.day_start(day) else blocks.GAP
        month = clock.month_of(day)
        totals = self.totals
        for period, number in ((HOUR, t // _HOUR_S), (DAY, day), (MONTH, month)):
            if totals.numbers[period] != number:
                totals.numbers[period] = number
                totals.rows[period] = [0, 0, 0, 0]
        self.history.turn_to(t // 86400)
        self.history.open_day = day
        if self.peaks.month != month:
            with visit("energy.views") as views:
                views.find_peaks(self, self.peaks, month)

    def settle(self, t: int, imported: int, exported: int, pause: int, dated: bool) -> None:
        """Share out the imported, exported Wh between the last registers and those true at t.

        pause  seconds before t in which no list had registers
        dated  t is of the list's own clock; if not, it may be the last list again
        """
        begin = self.settled_until
        if t <= begin:
            self.history.add(begin // QUARTER_S, imported, exported)
            self.totals.add(begin, imported, exported)
            if begin - t > _NEAR_S:  # the clock was set back: the slot is longer than it seems
                self.known = [False, False]
            return
        moved = imported + exported
        near = pause <= _NEAR_S and (t - begin <= _NEAR_S or moved <= _STEP_WH)
        for quarter, used, produced, silent in self.power.shares(begin, t, imported, exported):
            self.history.add(quarter, used, produced)
            self.totals.add(quarter * QUARTER_S, used, produced)
            if silent:
                self.flags[0] |= _SILENT
                self.flags[1] |= _SILENT
            end = quarter * QUARTER_S + QUARTER_S
            if end <= t:
                at_edge = end == t
                if at_edge and not dated and not moved:  # perhaps the last list again:
                    at_edge = not self.flags[1] & _SILENT  # power without a gap is better
                self._close(quarter, near or at_edge)
        self.settled_until = t
        self.power.drop(-(-t // QUARTER_S))  # in a running quarter as well

    def estimate(self, t: int) -> None:
        """Share out the power seen up to t, the end of a quarter, without a register."""
        leftovers = self._leftovers
        for quarter in range(self.settled_until // QUARTER_S, t // QUARTER_S):
            shares = []
            for column in (IMPORT, EXPORT):
                leftovers[column] += self.power.seen(column, quarter)
                shares.append(leftovers[column] // 3600)
                leftovers[column] %= 3600
            self.history.add(quarter, shares[IMPORT], shares[EXPORT])
            self.totals.add(quarter * QUARTER_S, shares[IMPORT], shares[EXPORT])
            seen_ms = self.power.seen(SEEN_MS, quarter)
            if seen_ms < 855000:
                self.flags[0] |= _SILENT if seen_ms else _LOST
                self.flags[1] |= _SILENT if seen_ms else _LOST
            self._close(quarter, False)
        self.settled_until = t
        self.power.drop(-(-t // QUARTER_S))  # in a running quarter as well

    def lose(self, t: int) -> None:
        """Make all slots up to t gaps."""
        quarter = self.settled_until // QUARTER_S
        while quarter * QUARTER_S < t:
            self.flags[0] |= _LOST
            self.flags[1] |= _LOST
            self.history.add(quarter, 0, 0)
            quarter += 1
            if quarter * QUARTER_S <= t:
                self._close(quarter - 1, quarter * QUARTER_S == t)
        self.settled_until = t
        self.power.drop(-(-t // QUARTER_S))  # in a running quarter as well

    def jump(self, t: int) -> None:
        """Continue at t, too far from settled_until for any energy of the time between.

        If t is before it, the clock was wrong: energy counted after t is removed.
        """
        back = t < self.settled_until
        totals = self.totals
        day, month = self.zone.day(t), self.zone.month(t)
        days, months = day - totals.numbers[DAY], month - totals.numbers[MONTH]
        if days > 0:
            self.day_quality = blocks.GAP
            self._end_day(day)
        if months > 0:
            self._end_month(month)
        if not 0 <= days <= 1:
            totals.replace(YESTERDAY, 0, (0, 0, 0, 0))
        if not 0 <= months <= 1:
            totals.replace(LAST_MONTH, 0, (0, 0, 0, 0))
        self.power.drop(self.power.first + self.power.n)
        self.start(t)
        if back:
            self.history.forget(-(-t // QUARTER_S) - self.history.day * 96)
            with visit("energy.views") as views:
                views.find_energy(self)
                views.find_peaks(self, self.peaks, month)

    def _close(self, quarter: int, known: bool) -> None:
        """End a quarter whose energy is complete, and the hour, day and month that end with it."""
        end = quarter * QUARTER_S + QUARTER_S
        history = self.history
        quality = self._quality(0, known)
        i = quarter % 96
        history.quarters.quality[i] = quality
        quarterly = self.peaks.tariff.interval_min == 15
        if quarterly:
            wh = history.quarters.imported[i]
            self.peaks.offer(self.zone, end - QUARTER_S, wh, quality)
        if end % _HOUR_S:
            return
        quality = self._quality(1, known)
        history.hour_quality[i // 4] = quality
        self.day_quality = blocks.worse(self.day_quality, quality)
        if not quarterly:
            wh = sum(history.quarters.imported[i - 3 : i + 1])
            self.peaks.offer(self.zone, end - _HOUR_S, wh, quality)
        self.totals.turn(HOUR, end // _HOUR_S)
        day = self.zone.day(end)
        if day > self.totals.numbers[DAY]:  # another zone may have put it back
            self._end_day(day)
            self.day_quality = blocks.MEASURED
            month = clock.month_of(day)
            if month > self.totals.numbers[MONTH]:
                self._end_month(month)

    def _quality(self, level: int, known: bool) -> int:
        """The quality of the quarter (0) or hour (1) that ends here; the next one begins."""
        flags = self.flags[level]
        if flags & _LOST:
            quality = blocks.GAP
        elif known and self.known[level]:
            quality = blocks.MEASURED
        else:
            quality = blocks.INTERPOLATED if flags & _SILENT else blocks.ESTIMATED
        self.known[level] = known
        self.flags[level] = 0
        return quality

    def _end_day(self, day: int) -> None:
        """End the running day; the next one has this number."""
        number, row = self.totals.numbers[DAY], self.totals.rows[DAY]
        self.history.closed.append((number, row[IMPORT], row[EXPORT], self.day_quality))
        self.history.open_day = number + 1
        self.totals.turn(DAY, day)

    def _end_month(self, month: int) -> None:
        """End the running month; the next one has this number."""
        peaks, totals = self.peaks, self.totals
        own = peaks.meter_peak
        if own is not None and self.zone.month(own[0]) >= month:
            value = peaks.value()  # the meter's peak is already of the next month
        else:
            value = peaks.tariff.value([watts for _, watts in peaks.chosen()])
            peaks.meter_peak = None
        self.history.put_month(totals.numbers[MONTH], value, totals.rows[MONTH])
        totals.turn(MONTH, month)
        peaks.start(month)
