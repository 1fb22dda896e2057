"""The energy domain's one writer: telegrams in, sums, history and peaks kept.

In       a Reading's values with the time in UTC and the uptime
Out      what energy.domain shows
Rules    Nothing is taken before the clock is set, and `ready` is False until what is shown is
         certain to go on from what was shown before a restart. Power is integrated for at most
         60 s back; the register decides at each reading.
"""

from binascii import crc32

import clock
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

from energy import recount, registers
from energy.accounting import MONTH, no_price
from energy.book import CLOCK_VALID, Book
from energy.span import QUARTER_S
from energy.tariff import Tariff

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from energy.accounting import Price


_MOST_MS = const(60000)  # that one telegram's power is taken to have held
_NO_REGISTER_S = const(7200)  # after so long without one, power is all there is
_WINDOW_MIN = const(5)


class Ledger(Book):
    """One writer, the update chain; everybody else reads."""

    def set_prices(self, price: "Price | None", export_price: "Price | None" = None) -> None:
        """Where prices come from: UTC in, micro-units a kWh or None out. Call it again when they
        have come: what the running day used without a price is priced then."""
        self.sums.price = price or no_price
        self.sums.export_price = export_price
        recount.money(self.settler)

    def set_rules(self, zone: str, tariff: Tariff) -> None:
        """Use another zone or tariff: the month's peaks are found anew."""
        self.zone = self.settler.zone = self.peaks.zone = clock.Zone(zone)
        self.tariff = self.peaks.tariff = tariff
        if self.settler.time:
            self.peaks.recompute(self.history, self.sums.numbers[MONTH], self.settler.time)

    def update(
        self, values: "list[Any]", now: int, uptime_ms: int, meter_utc: "int | None" = None
    ) -> None:
        """Take one telegram's values (None = not in it). now is 0 while the clock is not set."""
        if now < CLOCK_VALID:
            self._powers_ms[0] = self._powers_ms[1] = -1
            return
        for column in (0, 1):
            watts = values[POWER_EXPORT_W if column else POWER_IMPORT_W]
            if watts is not None:
                self._power(column, watts, now, uptime_ms)
        if values[ENERGY_IMPORT_WH] is not None:
            meter = values[METER_ID]
            self._register(
                (values[ENERGY_IMPORT_WH], values[ENERGY_EXPORT_WH]),
                now,
                meter_utc,
                crc32(meter.encode()) & 0xFFFFFFFF if meter else 0,
            )
        elif self.anchor.imported is None:
            self._without_register(now)
        self.meter_average_w = values[DEMAND_IMPORT_W]
        if values[PEAK_IMPORT_W] and values[PEAK_TIME_LOCAL] != self._peak_told:
            self._note_peak(values[PEAK_IMPORT_W], values[PEAK_TIME_LOCAL], now)

    def _power(self, column: int, watts: int, now: int, uptime_ms: int) -> None:
        watts = max(0, watts)  # a meter that counts export as negative import
        since = self._powers_ms[column]
        self._powers_ms[column] = uptime_ms
        if not column:
            self.watts = watts
            minute = now // 60
            if not self.window or self.window[-1][0] != minute:
                self.window.append((minute, watts))
                del self.window[:-_WINDOW_MIN]
        if since >= 0 and uptime_ms > since:
            ms = min(uptime_ms - since, _MOST_MS)
            t = max(now, self.settler.time)
            self.settler.span.add(column, t, ms, watts)

    def _register(
        self,
        registers_now: "tuple[int, int | None]",
        now: int,
        meter_utc: "int | None",
        meter: int,
    ) -> None:
        anchor = self.anchor
        settler = self.settler
        anchor.hear(now)
        t = anchor.dated(registers_now, now, meter_utc)
        since = settler.time // QUARTER_S
        seen = (settler.span.total(0, since) + settler.span.total(1, since)) // 3600
        verdict = anchor.judge(registers_now, t, now, meter_utc, seen)
        other = meter and anchor.meter and meter != anchor.meter
        if other and verdict != registers.TOO_LATE:
            verdict = registers.SWAPPED
        if verdict == registers.REPEATED:
            if anchor.often:  # its step is coarser than the pause between lists
                anchor.confirm(registers_now, t)
            else:
                self.note = registers.REASONS[verdict]
            return
        self.note = registers.REASONS[verdict]
        if meter:
            anchor.meter = meter
        if verdict == registers.FIRST:
            if self._estimated:
                settler.lose(max(t, settler.time))
            elif settler.time:
                settler.jump(t)
            else:
                settler.start(t)
                recount.energy(settler)
            self.ready = self.ready or self._fresh
        elif verdict == registers.TOO_LATE:
            if other:
                anchor.exported = None
            settler.jump(t)
            self.ready = True
        elif verdict == registers.NEW:
            used = registers_now[0] - (anchor.imported or 0)
            produced = 0
            if registers_now[1] is not None and anchor.exported is not None:
                produced = registers_now[1] - anchor.exported
            dated = anchor.near and meter_utc is not None
            settler.settle(t, used, produced, t - anchor.until, dated)
            self.ready = self.ready or self.zone.day(t) >= self._hold
        else:
            anchor.exported = None
            settler.lose(max(t, settler.time))
            if not self.ready:  # what was shown before the restart may be lost: let a day pass
                self._hold = self.zone.day(t) + 1
        anchor.take(registers_now, max(t, settler.time), now, meter_utc)
        self._end_month()
        self._watch_meter_month(now)

    def _without_register(self, now: int) -> None:
        """A meter that has sent no register yet, or never will: power has to do."""
        settler = self.settler
        if not settler.time:
            settler.start(now)
        hour = now - now % 3600
        if now - settler.time > registers.GAP_S or now + 3600 < settler.time:
            settler.jump(now)
        if now % 3600 >= 60 and hour - settler.time >= _NO_REGISTER_S - 3600:
            settler.estimate(hour)
            self._estimated = True
            self._end_month()
            self.ready = True

    def _end_month(self) -> None:
        for month, value, row in self.settler.months_over:
            peak = self.meter_peak
            if peak is not None and self.zone.month(peak[0]) == month:
                if self.tariff.is_quarters_highest():
                    value = self.tariff.value([peak[1]])
            self.months.add(self.files, month, value, row)
        self.settler.months_over.clear()

    def _note_peak(self, watts: int, ended: "int | None", now: int) -> None:
        """The month's highest quarter, as the meter has it, ended at a time on the wall clock."""
        if ended is None:
            return
        self._peak_told = ended
        begin = (clock.to_utc(self.zone.name, ended) - 1) // QUARTER_S * QUARTER_S
        if self.zone.month(begin) == self.zone.month(now):  # else one that is over
            self.meter_peak = (begin, watts)

    def _watch_meter_month(self, now: int) -> None:
        peak = self.meter_peak
        if peak is not None and self.zone.month(peak[0]) < self.zone.month(now):
            self.meter_peak = None
