"""Times without registers: the first ones, a long pause, a gap, a clock that was set.

In       the settler, and the UTC at which counting begins or continues
Out      history and totals up to then, with or without energy for the time between
Rules    A part of energy.settler and energy.intake that is loaded on demand.
"""

import clock
from micropython import const

from energy import blocks, registers, stored, views
from energy.power import EXPORT, IMPORT, QUARTER_S, RECEIVED_MS
from energy.settler import LOST, SILENT
from energy.totals import DAY, HOUR, LAST_MONTH, MONTH, YESTERDAY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from energy.intake import Intake
    from energy.registers import Registers
    from energy.settler import Settler

_HOUR_S = const(3600)
_RECEIVED_MS = const(855000)  # 95 % of a quarter


def settle(intake: "Intake", verdict: int, t: int) -> None:
    """Settle history and totals with registers that were read at t and do not continue those
    before: all verdicts but NEW."""
    settler = intake.settler
    if verdict == registers.FIRST:
        until, since = settler.settled_until, settler.totals.begun
        if not until:
            start(settler, t)
            views.find_energy(settler)
            settler.totals.reprice = settler.totals.numbers[DAY] - 1
            if any(settler.totals.rows[MONTH]):
                settler.totals.begun = 0  # the journal was lost, the history was not
        elif t - until > registers.GAP_S:
            jump(settler, t)
        elif uncounted(intake) or (t <= until and until == since):
            start(settler, t)
        elif t > until:
            estimate(settler, t, True)
        intake.ready = intake.ready or intake.first_start
    elif verdict == registers.TOO_LATE:
        jump(settler, t)
        intake.ready = True
    else:  # RESET or SWAPPED
        mark_gap(settler, max(t, settler.settled_until))
        if not intake.ready:  # the totals shown before the restart may be lost
            intake.ready_from = settler.zone.day(t) + 1


def uncounted(intake: "Intake") -> bool:
    """Whether the power before a restart is lost and no energy was counted before it."""
    return intake.settler.settled_until == intake.settler.totals.begun < intake.counted_from


def start(settler: "Settler", t: int) -> None:
    """Begin at t, in UTC; earlier slots stay gaps."""
    if t >= settler.settled_until or t < settler.totals.begun:
        settler.totals.begun = t  # otherwise the clock was set back to a time with history
    settler.settled_until = t
    settler.power.drop(t // QUARTER_S)
    settler.known = [t % QUARTER_S == 0, t % _HOUR_S == 0]
    settler.flags = [0 if known else LOST for known in settler.known]
    settler.doubts = [0, 0, 0, 0, 0]
    day = settler.zone.day(t)
    settler.day_quality = blocks.MEASURED if t == settler.zone.day_start(day) else blocks.GAP
    month = clock.month_of(day)
    totals = settler.totals
    for period, number in ((HOUR, t // _HOUR_S), (DAY, day), (MONTH, month)):
        if totals.numbers[period] != number:
            totals.numbers[period] = number
            totals.clear(period)
    settler.history.turn_to(t // 86400)
    settler.history.open_day = day
    if settler.peaks.month != month:
        views.find_peaks(settler, settler.peaks, month)


def estimate(settler: "Settler", t: int, read: bool = False) -> None:
    """Count the received power as energy up to t; there are no earlier registers.

    read  the first registers were read at t; otherwise t is the end of a quarter
    """
    leftovers = settler.leftovers
    settler.known = [False, False]
    for quarter in range(settler.settled_until // QUARTER_S, -(-t // QUARTER_S)):
        shares = []
        for column in (IMPORT, EXPORT):
            leftovers[column] += settler.power.value(column, quarter)
            shares.append(leftovers[column] // 3600)
            leftovers[column] %= 3600
        settler.history.add(quarter, shares[IMPORT], shares[EXPORT])
        settler.totals.add(quarter * QUARTER_S, shares[IMPORT], shares[EXPORT])
        end = quarter * QUARTER_S + QUARTER_S
        if end > t:
            break
        received_ms = settler.power.value(RECEIVED_MS, quarter)
        if received_ms < _RECEIVED_MS:
            settler.flags[0] |= SILENT if received_ms else LOST
            settler.flags[1] |= SILENT if received_ms else LOST
        settler.close(quarter, read and end == t)
    settler.settled_until = t
    settler.power.drop(-(-t // QUARTER_S))  # the running quarter too


def mark_gap(settler: "Settler", t: int) -> None:
    """Mark the slots from settled_until to t as gaps."""
    quarter = settler.settled_until // QUARTER_S
    while quarter * QUARTER_S < t:
        settler.flags[0] |= LOST
        settler.flags[1] |= LOST
        settler.history.add(quarter, 0, 0)
        quarter += 1
        if quarter * QUARTER_S <= t:
            settler.close(quarter - 1, quarter * QUARTER_S == t)
    settler.settled_until = t
    settler.power.drop(-(-t // QUARTER_S))  # the running quarter too


def jump(settler: "Settler", t: int) -> None:
    """Continue at t without energy for the time since settled_until.

    If t is earlier than settled_until, the clock was wrong: energy after t is removed.
    """
    back = t < settler.settled_until
    totals = settler.totals
    day, month = settler.zone.day(t), settler.zone.month(t)
    days, months = day - totals.numbers[DAY], month - totals.numbers[MONTH]
    if days > 0:
        settler.day_quality = blocks.GAP
        settler.end_day(day)
    if months > 0:
        end_month(settler, month)
    if not 0 <= days <= 1:
        totals.clear(YESTERDAY)
    if not 0 <= months <= 1:
        totals.clear(LAST_MONTH)
    settler.power.drop(settler.power.first + settler.power.n)
    start(settler, t)
    if back:
        settler.history.forget(-(-t // QUARTER_S) - settler.history.day * 96)
        views.find_energy(settler)
        views.find_peaks(settler, settler.peaks, month)
        totals.reprice = day - 1


def begin(last: "Registers", new: "list[int]", t: int) -> None:
    """Begin with import and export (-1: none) of a list that was read at t."""
    last.imported = new[0]
    last.exported = None if new[1] < 0 else new[1]
    last.read_at = last.unchanged_until = last.list_at = t
    last.clock_agrees = False


def move(last: "Registers", ahead_s: int) -> None:
    """Date the last registers later."""
    last.read_at += ahead_s
    last.unchanged_until += ahead_s
    last.list_at += ahead_s
    last.clock_agrees = False


def end_month(settler: "Settler", month: int) -> None:
    """End the running local month; `month` is the number of the next one."""
    peaks, totals = settler.peaks, settler.totals
    meter_peak = peaks.meter_peak
    if meter_peak is not None and settler.zone.month(meter_peak[0]) >= month:
        value = peaks.value()  # the meter's peak belongs to the next month
    else:
        value = peaks.tariff.value([watts for _, watts in peaks.chosen()])
        peaks.meter_peak = None
    row = totals.rows[MONTH] + [totals.currency]
    stored.put_month(settler.history, totals.numbers[MONTH], value, row)
    totals.turn(MONTH, month)
    peaks.start(month)
