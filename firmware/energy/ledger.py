"""The energy domain: counts the energy of telegrams into totals, history and peaks; saves them.

In       a Reading's values with the time in UTC and the uptime; the time in UTC
Out      totals of the running periods, the tariff's values; energy.views reads the history
Rules    Telegrams before the clock is set are ignored. `ready` is False until the totals are
         certain to continue those shown before a restart. Power is integrated over at most 60 s;
         each reading of the registers replaces it. Energy since the last reading is shown from
         the received power. A snapshot is used only if it was made after the last save.
Limits   under 4 KB of heap, and two packed days of under 1 KB each while the file system
         refuses them; a snapshot is under 2 KB
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

_CLOCK_VALID = const(1700000000)  # an earlier time means that the clock is not set
_SAVE_AFTER_S = const(90)
_NO_REGISTER_S = const(7200)  # without registers for this long, power alone is counted
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
        self._first_start = True  # no earlier totals to continue
        self._estimated = False  # some power was counted without a register
        self._ready_from = 0  # the earliest local day on which `ready` may be set
        self._has_clock = False
        self._minutes: "list[tuple[int, int]]" = []  # (UTC // 60, W), newest five minutes
        self._watts = 0
        self._meter_average_w: "int | None" = None  # the running quarter, by the meter (1.4.0)
        self._sequence = 0  # of saves
        self._saved_hour = -1
        self._journal_octets = 0

    def set_prices(self, price: "Price | None", export_price: "Price | None" = None) -> None:
        """Set the prices: functions from UTC to 1e-6 of the currency a kWh, or None. Call it again
        for new prices: energy of the running day that was counted without a price gets one."""
        self.totals.price = price or no_price
        self.totals.export_price = export_price
        if self.totals.unpriced:
            with visit("energy.views") as views:
                views.find_money(self.settler)

    def set_rules(self, zone: str, tariff: Tariff) -> None:
        """Use another zone or tariff, and recompute the month's peaks."""
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
        """Count one telegram's values (None: missing); now is 0 while the clock is not set.

        held_ms    milliseconds for which its powers hold: power.HoldTimes
        repeated   its registers are those of the last list
        Returns a text for the log, such as the reason to refuse its registers, or "".
        """
        had_clock = self._has_clock
        self._has_clock = now >= _CLOCK_VALID
        if not self._has_clock:
            return ""
        for column, field in ((IMPORT, POWER_IMPORT_W), (EXPORT, POWER_EXPORT_W)):
            if values[field] is not None:
                watts = max(0, values[field])  # a meter may send export as negative import
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
            self._count_power(now)
        self._meter_average_w = values[DEMAND_IMPORT_W]
        peak_w, ended = values[PEAK_IMPORT_W], values[PEAK_TIME_LOCAL]
        if peak_w and ended is not None:  # local time
            zone = self.settler.zone
            begin = (zone.to_utc(ended) - 1) // QUARTER_S * QUARTER_S
            if zone.month(begin) == zone.month(now):  # otherwise of a month that is over
                self.peaks.meter_peak = (begin, peak_w)
        return reason

    def _take_registers(
        self, new: "tuple[int, int | None]", now: int, meter_utc: "int | None", meter: int,
        repeated: bool,
    ) -> str:  # fmt: skip
        """Settle the registers, in Wh, unless they are repeated. Returns a text for the log.

        meter  CRC-32 of the meter id, 0 without one
        """
        last = self.registers
        settler = self.settler
        t = last.date(new, now, meter_utc)
        since = settler.settled_until // QUARTER_S
        power = settler.power
        received_wh = (power.total(IMPORT, since) + power.total(EXPORT, since)) // 3600
        verdict = last.classify(new, t, now, meter_utc, received_wh)
        if repeated and last.imported is not None:
            verdict = registers.REPEATED
        other_meter = meter and last.meter and meter != last.meter
        if other_meter and verdict != registers.TOO_LATE:
            verdict = registers.SWAPPED
        if verdict == registers.REPEATED:
            if not last.frequent:
                return registers.REASONS[verdict]
            if new[0] == last.imported:  # a coarse step: no change between two lists
                last.unchanged_until = max(last.unchanged_until, t)
            return ""
        if meter:
            last.meter = meter
        if other_meter or verdict in (registers.RESET, registers.SWAPPED):
            last.exported = None
        self._settle(verdict, new, t, last.clock_agrees and meter_utc is not None)
        last.accept(new, max(t, settler.settled_until), now, meter_utc)
        return registers.REASONS[verdict]

    def _settle(self, verdict: int, new: "tuple[int, int | None]", t: int, dated: bool) -> None:
        """Settle history and totals with registers that were read at t.

        dated  t is from the list's own clock
        """
        settler = self.settler
        if verdict == registers.FIRST:
            if self._estimated:
                settler.mark_gap(max(t, settler.settled_until))
            elif settler.settled_until:
                settler.jump(t)
            else:
                settler.start(t)
                with visit("energy.views") as views:
                    views.find_energy(settler)
            self.ready = self.ready or self._first_start
        elif verdict == registers.TOO_LATE:
            settler.jump(t)
            self.ready = True
        elif verdict == registers.NEW:
            last = self.registers
            used = new[0] - (last.imported or 0)
            produced = 0
            if new[1] is not None and last.exported is not None:
                produced = new[1] - last.exported
            settler.settle(t, used, produced, t - last.unchanged_until, dated)
            self.ready = self.ready or settler.zone.day(t) >= self._ready_from
        else:  # RESET or SWAPPED
            settler.mark_gap(max(t, settler.settled_until))
            if not self.ready:  # the totals shown before the restart may be lost
                self._ready_from = settler.zone.day(t) + 1

    def _count_power(self, now: int) -> None:
        """Count the received power while the meter has sent no registers."""
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
        """Whether the clock is set and the totals are certain; energy is published only then."""
        return self.ready and now >= _CLOCK_VALID

    def running(self, now: int) -> "list[list[int]]":
        """[import Wh, export Wh, cost, income] of this hour, local day, month, yesterday and last
        month; money in 1e-9 of the currency. All 0 while the clock is not set or
        nothing is settled."""
        until = self.settler.settled_until
        if now < _CLOCK_VALID or not until:
            return [[0, 0, 0, 0] for _ in range(5)]
        return self.totals.running(max(now, until), self.settler.zone, self.settler.power, until)

    def interval(self, now: int) -> "tuple[int, int, int | None]":
        """(Wh so far, expected mean W, W left or None) of the tariff's running interval.

        W left  the mean power that the rest of the interval may have without a higher step
        """
        length = self.peaks.tariff.interval_min * 60
        begin = now - now % length
        left = begin + length - now
        if self._meter_average_w is not None and length == QUARTER_S:
            used = self._meter_average_w * length // 3600
        else:
            since = max(begin, self.settler.settled_until)
            used = self.totals.by_power(self.settler.power, since)[IMPORT]
            if self.history.day == begin // 86400:
                first = begin // QUARTER_S % 96
                last = first + self.peaks.tariff.interval_min // 15
                used += sum(self.history.quarters.imported[first:last])
        watts = self._watts
        if self._minutes:
            watts = sum([w for _, w in self._minutes]) // len(self._minutes)
        expected = (used * 3600 + watts * left) // length
        headroom = self.peaks.headroom(self.settler.zone, begin)
        if headroom is None:
            return used, expected, None
        return used, expected, max(0, (headroom * length - used * 3600) // left)

    def month_value(self) -> int:
        """The month's capacity value in W, from the meter's own peak if the tariff uses it."""
        peaks = self.peaks
        value = peaks.tariff.value([watts for _, watts in peaks.chosen()])
        if peaks.tariff.rolling_months > 1:
            value = peaks.tariff.rolling(value, self.history.earlier_values(peaks.month))
        return value

    # Saved state.

    def save_due(self, now: int) -> bool:
        """Whether to call save(): once an hour, when its registers are read or 90 s late."""
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
        history.write_waiting()
        self._sequence += 1
        head = (self._sequence, self.edit_id, int(self.ready))
        record = saved.pack(head, self.registers, self.settler)
        if not history.rewrite and self._journal_octets + len(record) > saved.MOST:
            history.rewrite = True  # a long time without registers, or many edits: one record
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
            self._sequence -= 1  # snapshots still belong to the last save
        return done

    def snapshot(self) -> bytes:
        """The state as a record of under 2 KB, for memory that survives a soft reset.

        Empty while the file system refuses a day: a restart then continues from the journal,
        which is older than that day.
        """
        if not self.settler.settled_until or self.history.waiting:
            return b""
        head = (self._sequence, self.edit_id, int(self.ready))
        return saved.pack(head, self.registers, self.settler)

    def load(self, files: "Files", snapshot: bytes = b"") -> None:
        """Restore the state from the journal, then from the snapshot if it was made after it."""
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
                    if turned:  # the slots from the journal are of another day
                        history.forget(0)
                    saved.states(snapshot, history)
                    self.edit_id = state[2]
                    self.ready = bool(state[4])
        intact = records.whole(data)
        if not intact:
            files.tell("the journal was damaged: its whole records are used")
        history.rewrite = not restored or turned or not intact
        history.load_months(self.totals.numbers[MONTH])
        self._first_start = not restored
        if restored:
            with visit("energy.views") as views:
                views.find_peaks(self.settler, self.peaks, self.totals.numbers[MONTH])
            if saved.EDIT in files.names():
                with visit("energy.edits") as edits:
                    edits.finish(self, self.settler.settled_until)
