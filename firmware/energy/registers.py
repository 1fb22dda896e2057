"""The meter's registers: classify a reading, date it, and share the energy since the last one.

In       the registers last accepted; the registers just received, in Wh, with the list's clock
         and the reader's clock
Out      one of the verdicts below, and the UTC of the reading; history, totals, peaks and the
         values of finished months, which add up to the registers
Rules    The list's own clock dates it if that clock has agreed with the reader's, also when the
         list is late. Without such a clock an hourly list in the first two minutes of an hour is
         dated at the full hour. A list with the last list's registers is refused if power was
         received since (Aidon sends an hour's list twice, with the same clock and new power).
         A slot is measured if its registers were read at both edges: exactly there, or before
         and after within a minute. Otherwise it is estimated, or interpolated if nothing was
         received for over 5 % of it. A reset or a swapped meter leaves a gap.
         An unchanged register counts as read at an edge if its step is at most 10 Wh.
Seen     Aidon (an hour's list twice), Kaifa, Kamstrup
"""

import clock
from micropython import const
from ondemand import visit

from energy import blocks
from energy.history import History
from energy.power import EXPORT, IMPORT, QUARTER_S, RECEIVED_MS, Power
from energy.tariff import Peaks, Tariff
from energy.totals import DAY, HOUR, LAST_MONTH, MONTH, YESTERDAY, Totals

FIRST = const(0)  # no earlier registers
NEW = const(1)  # accepted: the difference is energy
REPEATED = const(2)  # the registers of the last list, or of an older one
RESET = const(3)  # a register has decreased
SWAPPED = const(4)  # another meter, or a difference above 250 kW
TOO_LATE = const(5)  # over 40 days since the last reading

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
_SILENT = const(1)  # flag of a slot: nothing was received for over 5 % of it
_LOST = const(2)  # flag of a slot: its energy is not known
_NEAR_S = const(65)  # a minute, and 5 s for the jitter of a list sent every minute
_STEP_WH = const(10)
_HOUR_S = const(3600)


class Registers:
    """The registers last accepted, in Wh; None until the meter has sent the register.

    Methods take new registers as (import Wh, export Wh or None).
    """

    def __init__(self) -> None:
        self.read_at = 0  # UTC of the reading
        self.unchanged_until = 0  # UTC of the newest list with the same registers
        self.imported: "int | None" = None
        self.exported: "int | None" = None
        self.meter_utc = 0  # the list's own clock; 0 if it had none
        self.clock_agrees = False  # the list's clock agrees with the reader's
        self.frequent = 0  # above 0: lists with registers come every 10 minutes or faster
        self.list_at = 0  # UTC of the newest list, accepted or refused
        self.meter = 0  # CRC-32 of the meter id; 0: not known

    def date(self, new: "tuple[int, int | None]", now: int, meter_utc: "int | None") -> int:
        """Note the arrival of a list at `now`. Returns the UTC of its registers."""
        pause = now - self.list_at
        self.list_at = now
        if 0 < pause < _FREQUENT_S:
            self.frequent = _PAUSES
        elif pause >= _HOURLY_S and self.frequent:
            self.frequent -= 1  # only three long pauses in a row clear it
        t = now
        if meter_utc is not None:
            lag = now - meter_utc
            late = self.clock_agrees and _AGREES_S < lag <= _LATE_S
            if late and meter_utc <= self.meter_utc:
                # Changed registers: the meter's clock was set back and the hour is repeated.
                late = new[0] == self.imported and new[1] in (None, self.exported)
            if late or -_AGREES_S <= lag <= _AGREES_S:
                t = meter_utc
        first = self.imported is None
        if not self.frequent and (first or t - self.read_at >= _HOURLY_S):
            if t % 3600 < (_FIRST_SNAP_S if first else _SNAP_S):
                return t - t % 3600
        return t

    def classify(
        self, new: "tuple[int, int | None]", t: int, now: int, meter_utc: "int | None",
        received_wh: int,
    ) -> int:  # fmt: skip
        """The verdict on registers that were read at t.

        received_wh  import plus export by the received power since settled_until
        """
        if self.imported is None:
            return FIRST
        if now + 3600 < self.read_at or t - self.read_at > GAP_S:
            return TOO_LATE  # or the reader's clock was wrong then
        used = new[0] - self.imported
        produced = 0
        if new[1] is not None and self.exported is not None:
            produced = new[1] - self.exported
        if used < 0 or produced < 0:
            if meter_utc is not None and self.clock_agrees:
                if meter_utc <= self.meter_utc and now - meter_utc > _AGREES_S:
                    return REPEATED
            return RESET
        if not used and not produced and received_wh >= 1:
            if self.frequent or t - self.read_at < _HOURLY_S:
                return REPEATED  # the register has a coarse step: unchanged between two lists
            if meter_utc is not None and self.clock_agrees:
                if meter_utc < self.meter_utc + _HOURLY_S:
                    return REPEATED
            elif received_wh >= 10:
                return REPEATED
        most = _MOST_W * max(t - self.read_at, 60) // 3600 + 1000
        return SWAPPED if used > most or produced > most else NEW

    def accept(
        self, new: "tuple[int, int | None]", t: int, now: int, meter_utc: "int | None"
    ) -> None:
        """Store these registers as the last accepted ones."""
        self.read_at = self.unchanged_until = t
        self.imported = new[0]
        if new[1] is not None:
            self.exported = new[1]
        lag = now - meter_utc if meter_utc is not None else _LATE_S + 1
        late = self.clock_agrees and 0 <= lag <= _LATE_S and (meter_utc or 0) > self.meter_utc
        self.clock_agrees = -_AGREES_S <= lag <= _AGREES_S or late
        self.meter_utc = meter_utc or 0


class Settler:
    """Adds energy to history and totals up to settled_until; later energy is in `power` only."""

    def __init__(self, zone: str, tariff: Tariff) -> None:
        self.zone = clock.Zone(zone)
        self.settled_until = 0  # UTC; 0: not started
        self.power = Power()
        self.history = History()
        self.totals = Totals()
        self.peaks = Peaks(tariff)
        # Of the running quarter and hour:
        self.known = [False, False]  # the registers were read at the begin
        self.flags = [0, 0]  # _SILENT, _LOST
        self._leftovers = [0, 0]  # of estimate(), by column: watt-seconds below a Wh
        self.day_quality = blocks.MEASURED

    def start(self, t: int) -> None:
        """Begin at t, in UTC; earlier slots stay gaps."""
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
        """Share out the imported and exported Wh between the last registers and those read at t.

        pause  seconds before t without a list that had registers
        dated  t is from the list's own clock; otherwise the list may be a repeated one
        """
        begin = self.settled_until
        if t <= begin:
            self.history.add(begin // QUARTER_S, imported, exported)
            self.totals.add(begin, imported, exported)
            if begin - t > _NEAR_S:  # the clock was set back: the slot is longer than 900 s
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
                if at_edge and not dated and not moved:  # perhaps a repeated list:
                    at_edge = not self.flags[1] & _SILENT  # accept it if power had no gap
                self._close(quarter, near or at_edge)
        self.settled_until = t
        self.power.drop(-(-t // QUARTER_S))  # the running quarter too

    def estimate(self, t: int) -> None:
        """Count the received power as energy up to t, the end of a quarter, without registers."""
        leftovers = self._leftovers
        for quarter in range(self.settled_until // QUARTER_S, t // QUARTER_S):
            shares = []
            for column in (IMPORT, EXPORT):
                leftovers[column] += self.power.value(column, quarter)
                shares.append(leftovers[column] // 3600)
                leftovers[column] %= 3600
            self.history.add(quarter, shares[IMPORT], shares[EXPORT])
            self.totals.add(quarter * QUARTER_S, shares[IMPORT], shares[EXPORT])
            received_ms = self.power.value(RECEIVED_MS, quarter)
            if received_ms < 855000:
                self.flags[0] |= _SILENT if received_ms else _LOST
                self.flags[1] |= _SILENT if received_ms else _LOST
            self._close(quarter, False)
        self.settled_until = t
        self.power.drop(-(-t // QUARTER_S))  # the running quarter too

    def mark_gap(self, t: int) -> None:
        """Mark the slots from settled_until to t as gaps."""
        quarter = self.settled_until // QUARTER_S
        while quarter * QUARTER_S < t:
            self.flags[0] |= _LOST
            self.flags[1] |= _LOST
            self.history.add(quarter, 0, 0)
            quarter += 1
            if quarter * QUARTER_S <= t:
                self._close(quarter - 1, quarter * QUARTER_S == t)
        self.settled_until = t
        self.power.drop(-(-t // QUARTER_S))  # the running quarter too

    def jump(self, t: int) -> None:
        """Continue at t without energy for the time since settled_until.

        If t is earlier than settled_until, the clock was wrong: energy after t is removed.
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
        """End a quarter, and the hour, day and month that end with it.

        known  the registers were read at its end
        """
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
        if day > self.totals.numbers[DAY]:  # a change of zone may have moved it back
            self._end_day(day)
            self.day_quality = blocks.MEASURED
            month = clock.month_of(day)
            if month > self.totals.numbers[MONTH]:
                self._end_month(month)

    def _quality(self, level: int, known: bool) -> int:
        """The quality of the quarter (level 0) or hour (1) that ends; begin the next one.

        known  the registers were read at its end
        """
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
        """End the running local day; `day` is the number of the next one."""
        number, row = self.totals.numbers[DAY], self.totals.rows[DAY]
        self.history.closed.append((number, row[IMPORT], row[EXPORT], self.day_quality))
        self.history.open_day = number + 1
        self.totals.turn(DAY, day)

    def _end_month(self, month: int) -> None:
        """End the running local month; `month` is the number of the next one."""
        peaks, totals = self.peaks, self.totals
        meter_peak = peaks.meter_peak
        if meter_peak is not None and self.zone.month(meter_peak[0]) >= month:
            value = peaks.value()  # the meter's peak belongs to the next month
        else:
            value = peaks.tariff.value([watts for _, watts in peaks.chosen()])
            peaks.meter_peak = None
        self.history.put_month(totals.numbers[MONTH], value, totals.rows[MONTH])
        totals.turn(MONTH, month)
        peaks.start(month)
