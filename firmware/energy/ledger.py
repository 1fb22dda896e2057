"""The energy domain: counts telegrams into totals, history and peaks, and saves them.

In       a Reading's values with the time in UTC and the uptime; the time in UTC
Out      totals of the running periods, the tariff's state; energy.views shows the history
Rules    Telegrams before the clock is set are ignored, and `ready` is False until the totals are
         certain to continue those shown before a restart. Power is integrated for at most 60 s
         back; the registers decide at each reading. Energy since the last reading is shown by
         the received power. A snapshot counts only if it was made after the save that is found.
Limits   under 4 KB held, and two packed days of under 1 KB each while the file system refuses
         them; a snapshot has under 2 KB
"""

from binascii import crc32

import clock
import records
from han.fields import (
    DEMAND_IMPORT_W,
    ENERGY_EXPORT_WH,
    ENERGY_IMPORT_WH,
    METER_ID,
    PEAK_IMPORT_W,
    PEAK_TIME_LOCAL,
    POWER_EXPORT_W,
    POWER_IMPORT_W,
)
from micropython import const
from ondemand import visit

from energy import registers, saved
from energy.power import EXPORT, IMPORT, QUARTER_S
from energy.registers import Registers, Settler
from energy.tariff import Tariff
from energy.totals import MONTH, no_price

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from contracts import Files

    from energy.totals import Price

_CLOCK_VALID = const(1700000000)  # before it, the clock cannot have been set
_SAVE_AFTER_S = const(90)
_NO_REGISTER_S = const(7200)  # after this time without a register, power alone is counted
_WINDOW_MIN = const(5)


class Energy:
    """Written by the pipeline only. All methods are synchronous."""

    def __init__(self, zone: str, tariff: Tariff) -> None:
        self.registers = Registers()
        self.settler = Settler(zone, tariff)
        self.history = self.settler.history
        self.totals = self.settler.totals
        self.peaks = self.settler.peaks
        self.ready = False
        self.currency = ""  # of prices and sums; "" while there are no prices
        self.edit_id = 0  # the number of the last edit
        self._fresh = True  # no earlier totals to continue
        self._estimated = False  # some power was counted without a register
        self._ready_from = 0  # the earliest local day on which `ready` may be set
        self._has_clock = False
        self._minutes: "list[tuple[int, int]]" = []  # (minute, W) of the newest ones
        self._watts = 0
        self._meter_average_w: "int | None" = None  # the running quarter, by the meter (1.4.0)
        self._sequence = 0  # of saves
        self._saved_hour = -1
        self._journal_octets = 0

    def set_prices(self, price: "Price | None", export_price: "Price | None" = None) -> None:
        """Set the sources of prices: UTC in, micro-units a kWh or None out. Call it again when new
        prices have come: energy of the running day without a price is priced then."""
        self.totals.price = price or no_price
        self.totals.export_price = export_price
        if self.totals.unpriced:
            with visit("energy.views") as views:
                views.find_money(self.settler)

    def set_rules(self, zone: str, tariff: Tariff) -> None:
        """Use another zone or tariff, and find the month's peaks again."""
        self.settler.zone = clock.Zone(zone)
        self.peaks.tariff = tariff
        if self.settler.settled_until:
            with visit("energy.views") as views:
                views.find_peaks(self.settler, self.peaks, self.totals.numbers[MONTH])

    # Telegrams.

    def update(
        self, values: "list[Any]", now: int, held_ms: "list[int]", meter_utc: "int | None" = None,
        repeated: bool = False,
    ) -> str:  # fmt: skip
        """Take one telegram's values, None for a missing one; now is 0 while the clock is not set.

        held_ms    milliseconds that its powers have held: power.HoldTimes
        repeated   its registers are those of the list before
        Returns a text on its registers for the log, such as the reason to refuse them; or "".
        """
        had_clock = self._has_clock
        self._has_clock = now >= _CLOCK_VALID
        if not self._has_clock:
            return ""
        for column, field in ((IMPORT, POWER_IMPORT_W), (EXPORT, POWER_EXPORT_W)):
            if values[field] is not None:
                watts = max(0, values[field])  # a meter may count export as negative import
                if column == IMPORT:
                    self._watts = watts
                    minute = now // 60
                    if not self._minutes or self._minutes[-1][0] != minute:
                        self._minutes.append((minute, watts))
                        del self._minutes[:-_WINDOW_MIN]
                if held_ms[column] and had_clock:
                    t = max(now, self.settler.settled_until)
                    self.settler.power.add(column, t, held_ms[column], watts)
        reason = ""
        if values[ENERGY_IMPORT_WH] is not None:
            meter = values[METER_ID]
            reason = self._take_registers(
                (values[ENERGY_IMPORT_WH], values[ENERGY_EXPORT_WH]),
                now,
                meter_utc,
                (crc32(meter.encode()) & 0xFFFFFFFF) if meter else 0,
                repeated,
            )
        elif self.registers.imported is None:
            self._go_by_power(now)
        self._meter_average_w = values[DEMAND_IMPORT_W]
        peak_w, ended = values[PEAK_IMPORT_W], values[PEAK_TIME_LOCAL]
        if peak_w and ended is not None:  # on the wall clock
            zone = self.settler.zone
            begin = (zone.to_utc(ended) - 1) // QUARTER_S * QUARTER_S
            if zone.month(begin) == zone.month(now):  # else one that is over
                self.peaks.meter_peak = (begin, peak_w)
        return reason

    def _take_registers(
        self, new: "tuple[int, int | None]", now: int, meter_utc: "int | None", meter: int,
        repeated: bool,
    ) -> str:  # fmt: skip
        """Take registers in Wh; meter is a number made of the meter's identity, 0 without one.
        Returns a text for the log."""
        last = self.registers
        settler = self.settler
        t = last.date(new, now, meter_utc)
        since = settler.settled_until // QUARTER_S
        power = settler.power
        seen_wh = (power.total(IMPORT, since) + power.total(EXPORT, since)) // 3600
        verdict = last.judge(new, t, now, meter_utc, seen_wh)
        if repeated and last.imported is not None:
            verdict = registers.REPEATED
        other_meter = meter and last.meter and meter != last.meter
        if other_meter and verdict != registers.TOO_LATE:
            verdict = registers.SWAPPED
        if verdict == registers.REPEATED:
            if not last.frequent:
                return registers.REASONS[verdict]
            if new[0] == last.imported:  # its step is coarser than the pause between lists
                last.unmoved_until = max(last.unmoved_until, t)
            return ""
        if meter:
            last.meter = meter
        if other_meter or verdict in (registers.RESET, registers.SWAPPED):
            last.exported = None
        self._settle(verdict, new, t, last.clock_agrees and meter_utc is not None)
        last.take(new, max(t, settler.settled_until), now, meter_utc)
        return registers.REASONS[verdict]

    def _settle(self, verdict: int, new: "tuple[int, int | None]", t: int, dated: bool) -> None:
        """Settle history and totals by registers that were true at t.

        dated  t is of the list's own clock
        """
        settler = self.settler
        if verdict == registers.FIRST:
            if self._estimated:
                settler.lose(max(t, settler.settled_until))
            elif settler.settled_until:
                settler.jump(t)
            else:
                settler.start(t)
                with visit("energy.views") as views:
                    views.find_energy(settler)
            self.ready = self.ready or self._fresh
        elif verdict == registers.TOO_LATE:
            settler.jump(t)
            self.ready = True
        elif verdict == registers.NEW:
            last = self.registers
            used = new[0] - (last.imported or 0)
            produced = 0
            if new[1] is not None and last.exported is not None:
                produced = new[1] - last.exported
            settler.settle(t, used, produced, t - last.unmoved_until, dated)
            self.ready = self.ready or settler.zone.day(t) >= self._ready_from
        else:  # RESET or SWAPPED
            settler.lose(max(t, settler.settled_until))
            if not self.ready:  # the totals shown before the restart may be lost
                self._ready_from = settler.zone.day(t) + 1

    def _go_by_power(self, now: int) -> None:
        """Count the power of a meter that has sent no register yet, or never will."""
        settler = self.settler
        if not settler.settled_until:
            settler.start(now)
        if now - settler.settled_until > registers.GAP_S or now + 3600 < settler.settled_until:
            settler.jump(now)
        hour = now - now % 3600
        if now % 3600 >= 60 and hour - settler.settled_until >= _NO_REGISTER_S - 3600:
            settler.estimate(hour)
            self._estimated = self.ready = True

    # For documents and payloads.

    def certain(self, now: int) -> bool:
        """Whether clock and state are valid: before that nothing of energy is published."""
        return self.ready and now >= _CLOCK_VALID

    def running(self, now: int) -> "list[list[int]]":
        """[import Wh, export Wh, cost, income] of this hour, local day, month, yesterday and last
        month; money in 1e-9 of the currency. All 0 while the clock or the state is not valid."""
        until = self.settler.settled_until
        if now < _CLOCK_VALID or not until:
            return [[0, 0, 0, 0] for _ in range(5)]
        return self.totals.running(max(now, until), self.settler.zone, self.settler.power, until)

    def interval(self, now: int) -> "tuple[int, int, int | None]":
        """(Wh so far, expected W at its end, W left until the next step or None) of the tariff's
        running interval. The last is the mean power the rest of the interval may have."""
        length = self.peaks.tariff.interval_min * 60
        begin = now - now % length
        left = begin + length - now
        if self._meter_average_w is not None and length == QUARTER_S:
            used = self._meter_average_w * length // 3600
        else:
            used = self.totals.seen(self.settler.power, max(begin, self.settler.settled_until))[0]
            if self.history.day == begin // 86400:
                first = begin // QUARTER_S % 96
                last = first + self.peaks.tariff.interval_min // 15
                used += sum(self.history.quarters.imported[first:last])
        watts = self._watts
        if self._minutes:
            watts = sum([w for _, w in self._minutes]) // len(self._minutes)
        expected = (used * 3600 + watts * left) // length
        room = self.peaks.room(self.settler.zone, begin)
        if room is None:
            return used, expected, None
        return used, expected, max(0, (room * length - used * 3600) // left)

    def month_value(self) -> int:
        """The month's capacity value in W; the meter's own month peak decides if there is one."""
        peaks = self.peaks
        value = peaks.tariff.value([watts for _, watts in peaks.chosen()])
        if peaks.tariff.rolling_months > 1:
            value = peaks.tariff.rolling(value, self.history.earlier_values(peaks.month))
        return value

    # Saved state.

    def save_due(self, now: int) -> bool:
        """Whether to call save(): once an hour, when its register has come or is late."""
        until = self.settler.settled_until
        if not until or now < _CLOCK_VALID:
            return False
        if self._saved_hour < 0 or self._saved_hour > max(now, until) // 3600:
            self._saved_hour = until // 3600
        if until // 3600 > self._saved_hour:
            return True
        return now // 3600 > self._saved_hour and now % 3600 >= _SAVE_AFTER_S

    def save(self, now: int) -> bool:
        """Write all changes. False if the file system refused; the next hour tries again."""
        history = self.history
        self._saved_hour = max(now, self.settler.settled_until) // 3600
        if history.files is None or not self.settler.settled_until:
            return False
        history.turn_to(self.settler.settled_until // 86400)
        history.write_late()
        self._sequence += 1
        head = (self._sequence, self.edit_id, int(self.ready))
        record = saved.pack(head, self.registers, self.settler)
        if not history.rewrite and self._journal_octets + len(record) > saved.MOST:
            history.rewrite = True  # no register for long, or many edits: one record
            history.low = 0
            record = saved.pack(head, self.registers, self.settler)
        if history.rewrite:
            done = history.files.write(saved.JOURNAL, (record,))
            self._journal_octets = len(record) if done else self._journal_octets
        else:
            done = history.files.append(saved.JOURNAL, record)
            self._journal_octets += len(record) if done else 0
        if done:
            history.rewrite = False
            history.low = min(self.settler.settled_until // QUARTER_S % 96, 95)
        else:
            self._sequence -= 1  # a snapshot is still one of the save before
        return done

    def snapshot(self) -> bytes:
        """The state for memory that outlives a soft reset: under 2 KB, to be kept at each tick.

        Empty while a day waits for the file system: the journal continues from before that day.
        """
        if not self.settler.settled_until or self.history.waiting:
            return b""
        head = (self._sequence, self.edit_id, int(self.ready))
        return saved.pack(head, self.registers, self.settler)

    def load(self, files: "Files", snapshot: bytes = b"") -> None:
        """Read the saved state, and the snapshot if it was made after that save."""
        history = self.history
        history.files = files
        data = files.read(saved.JOURNAL) or b""
        self._journal_octets = len(data)
        restored = False
        for state in reversed(saved.states(data)):
            restored = saved.restore(state, self.registers, self.settler)
            if restored:
                self._sequence, self.edit_id = state[1], state[2]
                saved.states(data, history)
                break
        turned = False
        for state in saved.states(snapshot)[:1]:
            if restored and state[1:2] == [self._sequence]:
                day = history.day
                if saved.restore(state, self.registers, self.settler):
                    turned = history.day != day
                    if turned:  # the slots that were read are those of another day
                        history.forget(0)
                    saved.states(snapshot, history)
                    self.edit_id = state[2]
                    self.ready = bool(state[4])
        whole = records.whole(data)
        if not whole:
            files.tell("the journal was damaged: its whole records are used")
        history.rewrite = not restored or turned or not whole
        history.load_months(self.totals.numbers[MONTH])
        self._fresh = not restored
        if restored:
            with visit("energy.views") as views:
                views.find_peaks(self.settler, self.peaks, self.totals.numbers[MONTH])
            if saved.EDIT in files.names():
                with visit("energy.edits") as edits:
                    edits.finish(self, self.settler.settled_until)
