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

from energy import registers
from energy.intake import Intake
from energy.power import EXPORT, IMPORT, Forecast
from energy.totals import COLUMNS, MONTH, no_price

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from contracts import Files

    from energy.tariff import Tariff
    from energy.totals import Price

_CLOCK_VALID = const(1700000000)  # an earlier time means that the clock is not set
_SAVE_AFTER_S = const(90)
_NO_REGISTER_S = const(7200)  # without registers for this long, power alone is counted
_DAY_S = const(86400)
_ROOM = const(4096)  # octets of heap in one piece: a file of the history
_STEP_S = const(120)  # a smaller change of the clock is a correction


class Energy(Intake):
    """Written by the pipeline only. All methods are synchronous."""

    def __init__(self, zone: str, tariff: "Tariff") -> None:
        super().__init__(zone, tariff)
        self.totals = self.settler.totals
        self.peaks = self.settler.peaks
        self.forecast = Forecast()
        self.currency = ""  # of prices and sums; "" while there are no prices
        self.edit_id = 0  # the number of the last edit
        self._has_clock = False
        self.sequence = 0  # of saves
        self.saved_hour = -1
        self.journal_octets = 0
        # The clock; energy.branches uses these.
        self.sure = False  # two kinds of source agree on the time
        self.kept = False  # the clock ran on over the last restart
        self.agreed_s = -1  # seconds since start at which a source last agreed
        self.offset: "int | None" = None  # UTC less run_s, of the newest telegram
        self.offsets: "dict[int, int]" = {}  # of the branches of this run that were left
        self.begun_s = 0  # run_s at which the running branch began or was resumed

    def set_prices(
        self, price: "Price | None", export_price: "Price | None" = None,
        since: "tuple[int, int]" = (0, 0),
    ) -> None:  # fmt: skip
        """Set the prices: functions from UTC to 1e-6 of the currency a kWh, or None. Call it again
        for new prices: sums are computed again from the energy that they are for.

        export_price  None: that of import
        since         UTC from which the import and the export price are known; 0: always
        """
        totals = self.totals
        totals.price = price or no_price
        totals.export_price = export_price
        totals.since = since
        with visit("energy.money") as money:
            money.begin(self.settler, self.currency)

    def reprice(self) -> None:
        """Price the next few days for which new prices are in force; `totals.reprice` is -1 when
        there are none."""
        with visit("energy.money") as money:
            money.step(self.settler)

    def set_rules(self, zone: str, tariff: "Tariff") -> None:
        """Use another zone or tariff, and recompute the month's peaks."""
        self.settler.zone = clock.Zone(zone)
        self.peaks.tariff = tariff
        if self.settler.settled_until:
            with visit("energy.views") as views:
                views.find_peaks(self.settler, self.peaks, self.totals.numbers[MONTH])

    # Telegrams.

    def update(
        self, values: "list[Any]", now: int, held_ms: "list[int]", meter_utc: "int | None" = None,
        repeated: bool = False, run_s: "int | None" = None,
    ) -> str:  # fmt: skip
        """Count one telegram's values (None: missing); now is 0 while the clock is not set.

        held_ms    milliseconds for which its powers hold: power.HoldTimes
        meter_utc  UTC by the meter's clock; None: it has sent none
        repeated   its registers are those of the last list
        run_s      seconds since start, by the clock of `now`: now - run_s changes if it is set
        Returns a text for the log, such as the reason to refuse its registers, or "".
        """
        had_clock = self._has_clock
        self._has_clock = now >= _CLOCK_VALID
        if not self._has_clock:
            return ""
        note = ""
        if run_s is not None:
            offset = now - run_s
            if self.offset is None or abs(offset - self.offset) > _STEP_S:
                with visit("energy.branches") as branches:
                    note = branches.follow(self, now, run_s)
                if note:  # it has saved the state before this telegram
                    self.saved_hour = self.settler.settled_until // 3600 - 1
            self.run_s, self.offset = run_s, offset
        reason = self._count(values, now, held_ms, meter_utc, repeated, had_clock)
        return note + ("; " if note and reason else "") + reason

    def _count(
        self, values: "list[Any]", now: int, held_ms: "list[int]", meter_utc: "int | None",
        repeated: bool, had_clock: bool,
    ) -> str:  # fmt: skip
        """Count the powers, the registers and the meter's own peak of a telegram, as update().

        had_clock  whether the telegram before it was dated: its power is known since then
        """
        listed = values[ENERGY_IMPORT_WH] is not None
        if listed and max(now, self.settler.settled_until) // _DAY_S != self.history.day:
            bytearray(_ROOM)  # for the end of a day: MemoryError before anything has changed
        if not 0 < self.counted_from <= now:
            self.counted_from = now
        for column, field in ((IMPORT, POWER_IMPORT_W), (EXPORT, POWER_EXPORT_W)):
            if values[field] is not None:
                watts = max(0, values[field])  # a meter may send export as negative import
                if column == IMPORT:
                    self.forecast.note(watts, held_ms[IMPORT])
                    self.registers.highest_w = max(self.registers.highest_w, watts)
                if held_ms[column] and had_clock:
                    t = max(now, self.settler.settled_until)
                    self.settler.power.add(column, t, held_ms[column], watts)
        reason = ""
        if listed:
            meter = values[METER_ID]
            self.listed_s = self.run_s
            reason = self.take_registers(
                (values[ENERGY_IMPORT_WH], values[ENERGY_EXPORT_WH]),
                now,
                meter_utc,
                (crc32(meter.encode()) & 0xFFFFFFFF) if meter else 0,
                repeated,
            )
        elif self.registers.imported is None:
            self._count_power(now)
        self.forecast.meter_average_w = values[DEMAND_IMPORT_W]
        peak_w, ended = values[PEAK_IMPORT_W], values[PEAK_TIME_LOCAL]
        if peak_w:
            self.peaks.note(self.settler.zone, now, peak_w, ended)
        return reason

    def _count_power(self, now: int) -> None:
        """Count the received power while the meter has sent no registers."""
        settler = self.settler
        until = settler.settled_until
        # Not before a restart without a snapshot, if no energy was counted before it.
        new = not until or until == settler.totals.begun < self.counted_from
        if new or now - until > registers.GAP_S:
            with visit("energy.breaks") as breaks:
                (breaks.start if new else breaks.jump)(settler, now)
        hour = now - now % 3600
        if now % 3600 >= 60 and hour - settler.settled_until >= _NO_REGISTER_S - 3600:
            with visit("energy.breaks") as breaks:
                breaks.estimate(settler, hour)
            self.ready = True

    # For documents and payloads.

    def certain(self, now: int) -> bool:
        """Whether the clock is set and the totals are certain; energy is published only then."""
        return self.ready and now >= _CLOCK_VALID

    def running(self, now: int) -> "list[list[int]]":
        """The sums of this hour, local day, month, yesterday and last month: import Wh, export Wh,
        cost, income, Wh of the import that had a price, Wh of the export; money in 1e-9 of the
        currency. All 0 while the clock is not set or nothing is settled."""
        until = self.settler.settled_until
        if now < _CLOCK_VALID or not until:
            return [[0] * COLUMNS for _ in range(5)]
        return self.totals.running(max(now, until), self.settler.zone, self.settler.power, until)

    def month_value(self, own: "int | None" = None) -> int:
        """The month's capacity value in W, from the meter's own peak if the tariff uses it.

        own  this month's value in W before the mean of several months; None: that of its peaks
        """
        peaks = self.peaks
        value = peaks.tariff.value([w for _, w in peaks.chosen()]) if own is None else own
        if peaks.tariff.rolling_months > 1:
            known = peaks.meter_months if peaks.quarterly() else []
            value = peaks.tariff.rolling(value, self.history.earlier_values(peaks.month, known))
        return value

    # Saved state.

    def save_due(self, now: int) -> bool:
        """Whether to call save(): once an hour, when its registers are read or 90 s late."""
        until = self.settler.settled_until
        if not until or now < _CLOCK_VALID:
            return False
        if self.saved_hour < 0 or self.saved_hour > max(now, until) // 3600:
            self.saved_hour = until // 3600
        if until // 3600 > self.saved_hour:
            return True
        return now // 3600 > self.saved_hour and now % 3600 >= _SAVE_AFTER_S

    def save(self, now: int) -> bool:
        """Write all changes. False if the file system refused; the next hour tries again."""
        with visit("energy.saved") as saved:
            done: bool = saved.save(self, now)
        return done

    def snapshot(self) -> bytes:
        """The state as a record of under 2 KB, for memory that survives a soft reset.

        Empty while the file system refuses a day: a restart then continues from the journal,
        which is older than that day.
        """
        if not self.settler.settled_until or self.history.waiting:
            return b""
        with visit("energy.saved") as saved:
            record: bytes = saved.record(self)
        return record

    def load(self, files: "Files", snapshot: bytes = b"") -> None:
        """Restore the state from the journal, then from the snapshot if it was made after it."""
        with visit("energy.restored") as restored:
            restored.load(self, files, snapshot)
