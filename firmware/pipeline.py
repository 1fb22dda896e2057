"""One telegram, start to end: refuse, refine, state, energy, pulse.

In       what the reader decodes, and what it could not decode
Out      the state and the energy domain brought up to date, log lines, one pulse
Rules    Everything a telegram leads to is one synchronous call: nobody sees half of it. A defect
         in the energy domain costs neither the power shown now nor a restart, and one log line.
"""

import asyncio

from han.fields import NOT_UNDERSTOOD
from refine import meter_utc, refine, refusal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from composition import App
    from han.fields import Reading


class Pulse:
    """One signal for "the state has changed": everybody who waits is woken, nobody is queued.

    A waiter that was busy misses pulses; it compares revisions and takes the newest state.
    """

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def fire(self) -> None:
        """Wake all who wait now."""
        self._event.set()
        self._event.clear()

    async def next(self) -> None:
        """Wait for the next pulse. It comes within 5 s: a heartbeat fires it."""
        await self._event.wait()

    async def wait(self, timeout_ms: int) -> bool:
        """True when fired, False after timeout_ms."""
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
        """A telegram was decoded: merge it, then wake whoever shows or sends it."""
        app = self._app
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

    def _update_energy(self, reading: "Reading", utc: int) -> None:
        app = self._app
        state = app.state
        try:
            true_at = meter_utc(reading, app.config.timezone)
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
        """A list that no decoder knows: kept for people to look at."""
        state = self._app.state
        if not state.unknown_lists:
            self._app.log.add("meter: unknown list, see /unknown.txt")
        state.unknown_lists += 1

    def on_error(self, code: int, reason: str, offset: int) -> None:
        """Something on the line could not be decoded."""
        if self._app.state.note_error(code):
            self._app.log.add("meter: error %d, %s" % (code, reason))
            self._app.pulse.fire()

    def on_line(self, settings: "tuple[int, str, bool]", proven: bool) -> None:
        """The line settings in force changed, or were proven right: then they are kept."""
        app = self._app
        baud, line_format, invert = settings
        text = "%d %s%s" % (baud, line_format, " inverted" if invert else "")
        app.state.line = text if proven else "trying " + text
        if proven and app.config.line() != settings:
            app.apply({"meter_baud": baud, "meter_format": line_format, "meter_invert": invert})
            app.log.add("meter: found at " + text)
