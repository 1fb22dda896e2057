"""The way of a telegram: refuse, refine, state, energy, pulse.

In       Readings and errors of the reader
Out      updates of the state and the energy domain, log lines, one pulse
Rules    A telegram is handled in one synchronous call, so no task sees a part of it. An exception
         of the energy domain is logged once; state and pulse do not depend on it.
"""

import asyncio

from han.fields import NOT_UNDERSTOOD
from micropython import const
from refine import meter_utc, refine, refusal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from composition import App
    from han.fields import Reading

_ROOM = const(768)  # octets of heap


class Pulse:
    """The signal that the state has changed: it wakes all tasks that wait, without a queue.

    A busy task misses pulses. It compares revisions and reads the newest state.
    """

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def fire(self) -> None:
        """Wake all tasks that wait now."""
        self._event.set()
        self._event.clear()

    async def next(self) -> None:
        """Wait for the next pulse, at most 5 s: App fires one at least that often."""
        await self._event.wait()

    async def wait(self, timeout_ms: int) -> bool:
        """Wait for the next pulse. False if it has not come after timeout_ms."""
        try:
            await asyncio.wait_for_ms(self._event.wait(), timeout_ms)
            return True
        except asyncio.TimeoutError:
            return False


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
            app.reader.stream.reserve = None
        reason = refusal(reading, app.config) if reading.guessed else ""
        if reason:
            self.on_error(NOT_UNDERSTOOD, reason, 0)
            return
        refine(reading, app.config)
        uptime_ms = app.system.uptime_ms()
        utc = app.system.utc()
        app.state.update(reading, uptime_ms, utc)
        self._update_energy(reading, utc)
        fell = app.reader.stream.counter_fell
        if fell != self._counter_fell:
            self._counter_fell = fell
            app.log.add("meter: invocation counter fell: a meter reset, or an old telegram again")
        app.pulse.fire()
        if app.reader.stream.reserve is None:
            app.server.shed()

    def _update_energy(self, reading: "Reading", utc: int) -> None:
        app = self._app
        state = app.state
        try:
            true_at = meter_utc(reading, app.energy.settler.zone)
            reason = app.energy.update(
                reading.values, utc, state.hold_times.ms, true_at, state.repeated
            )
            if reason:
                app.log.add("energy: " + reason)
        except Exception as e:
            defect = "energy: defect: %r" % e
            if defect != self._defect:
                app.log.add(defect)
            self._defect = defect

    def on_unknown(self, reading: "Reading") -> None:
        """Count an unknown list. The decoder keeps its items for /unknown.txt."""
        state = self._app.state
        if not state.unknown_lists:
            self._app.log.add("meter: unknown list, see /unknown.txt")
        state.unknown_lists += 1

    def on_error(self, code: int, reason: str, offset: int) -> None:
        """Count an error of the line; log and publish it if it is new."""
        if self._app.reader.stream.reserve is None:
            self._app.server.shed()
        if self._app.state.note_error(code):
            self._app.log.add("meter: error %d, %s" % (code, reason))
            self._app.pulse.fire()

    def on_line(self, settings: "tuple[int, str, bool]", proven: bool) -> None:
        """Note the line settings in use; store them when a valid frame has proven them."""
        app = self._app
        baud, line_format, invert = settings
        text = "%d %s%s" % (baud, line_format, " inverted" if invert else "")
        app.state.line = text if proven else "trying " + text
        if proven and app.config.line() != settings:
            app.apply({"meter_baud": baud, "meter_format": line_format, "meter_invert": invert})
            app.log.add("meter: found at " + text)
