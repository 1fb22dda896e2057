"""The way of a telegram: refuse, refine, judge of time, state, energy, pulse.

In       Readings and errors of the reader
Out      updates of the state, the recent power and the energy domain, log lines, one pulse
Rules    A telegram is handled in one synchronous call, so no task sees a part of it. An exception
         of the energy domain is logged once; state and pulse do not depend on it.
"""

import asyncio

from han.fields import ENERGY_IMPORT_WH, NOT_UNDERSTOOD, UART_OVERFLOW
from judge import METER
from micropython import const
from refine import meter_utc, most_w, refine, refusal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from composition import App
    from han.fields import Reading

_LOOK_MS = const(20)
_ROOM = const(768)  # octets of heap
_HOUR_S = const(3600)
_HALF_HOUR_S = const(1800)


class Pulse:
    """The signal that the state has changed: all tasks that wait see it, without a queue.

    A busy task misses pulses. It compares revisions and reads the newest state. A task that waits
    looks again every 20 ms, as asyncio.Event with its modules would take a kilobyte of heap.
    """

    def __init__(self) -> None:
        self._count = 0

    def fire(self) -> None:
        """End all waits."""
        self._count += 1

    async def wait(self, timeout_ms: int) -> bool:
        """Wait for the next pulse. False if it has not come after timeout_ms."""
        count = self._count
        while count == self._count:
            if timeout_ms <= 0:
                return False
            await asyncio.sleep_ms(_LOOK_MS)
            timeout_ms -= _LOOK_MS
        return True


class Pipeline:
    """The reader's sink."""

    def __init__(self, app: "App") -> None:
        self._app = app
        self._counter_fell = 0
        self._defect = ""

    def on_reading(self, reading: "Reading") -> None:
        """Merge a decoded telegram into the state and wake the tasks that show or send it."""
        app = self._app
        try:
            bytearray(_ROOM)  # checks that heap is free: a partial update would be wrong
        except MemoryError:
            app.system.memory_errors += 1
            app.reader.stream.reserve = None
        reason = refusal(reading, app.config) if reading.guessed else ""
        if reason:
            self.on_error(NOT_UNDERSTOOD, reason, 0)
            return
        refine(reading, app.config)
        uptime_ms = app.system.uptime_ms()
        meter_at = self._hear_clock(reading)
        utc = app.system.utc()
        app.state.update(reading, uptime_ms, utc)
        self._update_energy(reading, utc, uptime_ms, meter_at)
        fell = app.reader.stream.counter_fell
        if fell > self._counter_fell:  # with new keys the count begins again
            app.log.warn("meter: invocation counter fell: a meter reset, or an old telegram again")
        self._counter_fell = fell
        app.pulse.fire()
        if app.reader.stream.reserve is None:
            app.server.shed()

    def _hear_clock(self, reading: "Reading") -> "int | None":
        """Tell the judge of time what the meter's clock says. Returns that UTC, None without."""
        judge = self._app.system.judge
        zone = self._app.energy.settler.zone
        said = meter_utc(reading, zone)
        if said is None:
            return None
        heard = said
        # In the autumn's hour that comes twice, a wall clock may mean the second one.
        if judge.utc() - said > _HALF_HOUR_S:
            if zone.offset_s(said) > zone.offset_s(said + _HOUR_S):
                heard += _HOUR_S
        try:
            judge.hear(METER, heard)
        except MemoryError:  # no log line
            pass
        return said

    def _update_energy(
        self, reading: "Reading", utc: int, uptime_ms: int, meter_at: "int | None"
    ) -> None:
        """Count a telegram; utc is 0 while no time is believed, meter_at is the meter's clock."""
        app = self._app
        state = app.state
        try:
            values = reading.values
            net_w = state.net_power_w()
            if net_w is not None:
                app.recent.add(net_w, uptime_ms)
            if values[ENERGY_IMPORT_WH] is not None:
                app.energy.registers.most_w = most_w(app.config, state.phases())
            energy, judge = app.energy, app.system.judge
            energy.sure, energy.kept, energy.agreed_s = judge.sure, judge.kept, judge.agreed_s
            reason = energy.update(
                values, utc, state.hold_times.ms, meter_at, state.repeated, judge.run_s()
            )
            if reading.month_peaks:
                app.energy.peaks.meter_months = reading.month_peaks
            if reason:
                app.log.add("energy: " + reason)
        except Exception as e:
            if isinstance(e, MemoryError):
                app.system.memory_errors += 1
                app.server.shed()
            try:
                defect = "energy: defect: %r" % e
            except MemoryError:
                return
            if defect != self._defect:
                app.log.error(defect)
            self._defect = defect

    def on_unknown(self, reading: "Reading") -> None:
        """Count an unknown list. The decoder keeps its items for /unknown.txt."""
        state = self._app.state
        if not state.unknown_lists:
            self._app.log.warn("meter: unknown list, see /unknown.txt")
        state.unknown_lists += 1

    def on_error(self, code: int, reason: str, offset: int) -> None:
        """Keep and count an error of the line; log and publish it if it is new."""
        app = self._app
        stream = app.reader.stream
        if stream.reserve is None:
            app.server.shed()
        at = -1 if code in (NOT_UNDERSTOOD, UART_OVERFLOW) else offset - stream.base
        buf, fill = stream.window.buf, stream.window.fill
        new = app.state.note_error(code)
        if new:
            app.pulse.fire()
        try:
            if new:
                app.log.warn("meter: error %d, %s" % (code, reason))
            app.state.note_fault(reason, app.system.uptime_s(), buf, at, fill)
        except MemoryError:  # it is counted
            pass

    def on_line(self, settings: "tuple[int, str, bool]", proven: bool) -> None:
        """Note the line settings in use; store them when a valid frame has proven them."""
        app = self._app
        baud, line_format, invert = settings
        text = "%d %s%s" % (baud, line_format, " inverted" if invert else "")
        app.state.line = text if proven else "trying " + text
        if proven and app.config.line() != settings:
            found = {"meter_baud": baud, "meter_format": line_format, "meter_invert": invert}
            try:
                app.apply(found)
            except ValueError as e:  # they are used, and detected again after a restart
                app.log.error("meter: %s" % e)
            app.log.add("meter: found at " + text)
