"""Shares the energy between two readings of the registers out to history, totals and peaks.

In       the difference of the registers, in Wh, and the UTC of the later reading
Out      history, totals, peaks and the values of finished months, which add up to the registers
Rules    A slot is measured if its registers were read exactly at both edges. It is near if they
         were read before and after an edge, and if the register moved little between: the whole
         difference between these two readings is the doubt of both slots at that edge. Otherwise
         the slot is estimated, or interpolated if nothing was received for over 5 % of the time
         between two readings in it. A reset or a swapped meter leaves a gap.
         A frequent list without a clock is up to 5 s old when it arrives: the difference to the
         next list after an edge is in doubt too.
         A register that counts in steps above 10 Wh is in doubt by a step.
         A peak is the least that the slot may be: blocks.least.
"""

import clock
from micropython import const
from ondemand import visit

from energy import blocks
from energy.history import History
from energy.power import EXPORT, IMPORT, QUARTER_S, Power
from energy.tariff import Peaks
from energy.totals import DAY, HOUR, MONTH, Totals

TYPE_CHECKING = False
if TYPE_CHECKING:
    from energy.tariff import Tariff


SILENT = const(1)  # flag of a slot: a share of it is silent, see Power.shares()
LOST = const(2)  # flag of a slot: its energy is not known
_BACK_S = const(65)  # registers that are dated earlier by less do not make the slot longer
_STEP_WH = const(10)  # a register in steps of 10 Wh is exact
_ON_THE_WAY_S = const(6)  # a list without a clock is less old
_FREQUENT_S = const(600)  # lists that come at least this often
# The indices of `doubts`: those of the quarter, and of the hour one later.
_UNSURE = const(0)  # Wh given to the slot that may be of another one
_SPREAD = const(2)  # Wh that lie between the readings around its edges
_LATE = const(4)  # 1: the list that was read after the last edge may be older than that
_HOUR_S = const(3600)


class Settler:
    """Adds energy to history and totals up to settled_until; later energy is in `power` only."""

    def __init__(self, zone: str, tariff: "Tariff") -> None:
        self.zone = clock.Zone(zone)
        self.settled_until = 0  # UTC; 0: not started
        self.power = Power()
        self.history = History()
        self.totals = Totals()
        self.peaks = Peaks(tariff)
        # Of the running quarter and hour:
        self.known = [False, False]  # the registers were read at the begin
        self.flags = [0, 0]  # SILENT, LOST
        self.doubts = [0, 0, 0, 0, 0]  # _UNSURE, _SPREAD, _LATE
        self.step = 1  # in which the registers count, in Wh
        self.leftovers = [0, 0]  # of breaks.estimate(), by column: watt-seconds below a Wh
        self.day_quality = blocks.MEASURED

    def settle(self, t: int, imported: int, exported: int, pause: int, dated: bool) -> None:
        """Share out the imported and exported Wh between the last registers and those read at t.

        pause  seconds before t without a list that had registers
        dated  t is from the list's own clock; otherwise the list may be a repeated one
        """
        begin = self.settled_until
        if t <= begin:
            self.history.add(begin // QUARTER_S, imported, exported)
            self.totals.add(begin, imported, exported)
            if begin - t > _BACK_S:  # the clock was set back: the slot is longer than 900 s
                self.known = [False, False]
                self.power.drop(begin // QUARTER_S + 1)
            return
        moved = imported + exported
        if 0 < moved <= _STEP_WH and pause < t - begin:
            edge = (t - pause) // QUARTER_S
            if edge > begin // QUARTER_S and edge == (t - 1) // QUARTER_S:
                # The same registers came again after the edge: all of the difference is later.
                self.settle(t - pause, 0, 0, pause, True)
                begin = self.settled_until
        in_doubt = self.doubts[_LATE] > 0  # the slot's begin lies between the two readings
        hour_in_doubt = in_doubt and begin // QUARTER_S % 4 == 0
        if in_doubt:
            self._add_doubt(0, 0, moved)
            if hour_in_doubt:
                self._add_doubt(1, 0, moved)
        of_hour = 0
        for quarter, used, produced, silent in self.power.shares(begin, t, imported, exported):
            self.history.add(quarter, used, produced)
            self.totals.add(quarter * QUARTER_S, used, produced)
            if silent:
                self.flags[0] |= SILENT
                self.flags[1] |= SILENT
            share = used + produced
            of_hour += share
            if in_doubt:
                self._add_doubt(0, share, 0)
            if hour_in_doubt:
                self._add_doubt(1, share, 0)
            end = quarter * QUARTER_S + QUARTER_S
            if end > t:
                break
            known = True
            if not dated and not moved:  # perhaps a repeated list: accept it if power had no gap
                known = not self.flags[1] & SILENT
            between = end < t
            if between:
                self._add_doubt(0, share, moved)
                if end % _HOUR_S == 0:
                    self._add_doubt(1, of_hour, moved)
            self.close(quarter, known)
            if between:
                in_doubt = True
                self._add_doubt(0, 0, moved)
                if end % _HOUR_S == 0:
                    hour_in_doubt = True
                    of_hour = 0
                    self._add_doubt(1, 0, moved)
        if in_doubt or end <= t:  # t may be shortly after an edge
            late = not dated and pause <= _FREQUENT_S and t % QUARTER_S < _ON_THE_WAY_S
            self.doubts[_LATE] = int(late)
        self.settled_until = t
        self.power.drop(-(-t // QUARTER_S))  # the running quarter too

    def _add_doubt(self, level: int, unsure: int, spread: int) -> None:
        """Add to the doubt of the running quarter (level 0) or hour (1), in Wh."""
        self.doubts[_UNSURE + level] += unsure
        self.doubts[_SPREAD + level] += spread

    def close(self, quarter: int, known: bool) -> None:
        """End a quarter, and the hour, day and month that end with it.

        known  the registers were read at its end
        """
        end = quarter * QUARTER_S + QUARTER_S
        history = self.history
        quarters = history.quarters
        i = quarter % 96
        imported, exported = quarters.imported[i], quarters.exported[i]
        quality = self._quality(0, known, imported + exported)
        quarters.quality[i] = quality
        quarterly = self.peaks.tariff.interval_min == 15
        if quarterly:
            self.peaks.offer(
                self.zone, end - QUARTER_S, blocks.least(imported, exported, quality), quality
            )
        if end % _HOUR_S:
            return
        imported = sum(quarters.imported[i - 3 : i + 1])
        exported = sum(quarters.exported[i - 3 : i + 1])
        quality = self._quality(1, known, imported + exported)
        history.hour_quality[i // 4] = quality
        self.day_quality = blocks.worse(self.day_quality, quality)
        if not quarterly:
            self.peaks.offer(
                self.zone, end - _HOUR_S, blocks.least(imported, exported, quality), quality
            )
        self.totals.turn(HOUR, end // _HOUR_S)
        day = self.zone.day(end)
        if day > self.totals.numbers[DAY]:  # a change of zone may have moved it back
            self.end_day(day)
            self.day_quality = blocks.MEASURED
            month = clock.month_of(day)
            if month > self.totals.numbers[MONTH]:
                with visit("energy.breaks") as breaks:
                    breaks.end_month(self, month)

    def _quality(self, level: int, known: bool, wh: int) -> int:
        """The quality of the quarter (level 0) or hour (1) that ends; begin the next one.

        known  the registers were read at its end
        wh     its import and export
        """
        flags = self.flags[level]
        coarse = self.step - 1 if self.step > _STEP_WH else 0
        spread = self.doubts[_SPREAD + level] + coarse
        quality = blocks.ESTIMATED
        if flags & LOST:
            quality = blocks.GAP
        elif known and self.known[level] and spread <= wh >> 4:
            quality = blocks.MEASURED
            if spread:
                quality = blocks.near(wh, self.doubts[_UNSURE + level] + coarse)
        if quality == blocks.ESTIMATED and flags & SILENT:
            quality = blocks.INTERPOLATED
        self.known[level] = known
        self.flags[level] = 0
        self.doubts[_UNSURE + level] = self.doubts[_SPREAD + level] = 0
        return quality

    def end_day(self, day: int) -> None:
        """End the running local day; `day` is the number of the next one."""
        number, row = self.totals.numbers[DAY], self.totals.rows[DAY]
        self.history.closed.append((number, row[IMPORT], row[EXPORT], self.day_quality))
        self.history.open_day = number + 1
        self.totals.turn(DAY, day)
        if max(self.totals.since) >= 0:  # the hours of its money are kept: see energy.hourly
            self.totals.reprice = number
