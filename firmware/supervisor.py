"""Keeps the services running, and ends what would fail.

In       services; exceptions; the heap; what reader and web server say of their progress
Out      resets with a cause; a log; crashes, kept and counted by crash.py, which has safe mode
Rules    A service that ends or raises is started again; three times in a minute reset the device.
         The watchdog is fed only while the meter's line is looked at and clients are accepted. A
         silent meter is looked at, and a lost network has no clients: both are progress.
         A full heap is given back in steps: requests, live streams, MQTT; then a reset. Before a
         reset leave.py stores what would be lost.
"""

import asyncio
import gc

from micropython import const
from ondemand import visit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from config import Config
    from contracts import Board, Service
    from han.reader import MeterReader
    from log import Log
    from storage import Storage
    from system import System
    from web.server import Server

_CRASHES = const(3)
_CRASH_WINDOW_MS = const(60000)
_CAUSE_CRASHES = const(90)  # these three as in crash.py
_CAUSE_FACTORY_RESET = const(5)
_CAUSE_RETRY = const(91)
_CAUSE_NO_MEMORY = const(92)
_FLUSH_S = const(3)
_KEPT_MOST = const(8)
_YOUNG_MS = const(120000)
_FLOOR = const(4096)  # octets of heap that must be free after a collection
_BLOCK = const(1024)  # of them in one piece
_PLENTY = const(16384)
_SHORT_MOST_S = const(120)
# Places in the row of a service.
_NAME = const(0)
_SERVICE = const(1)
_TASK = const(2)
_ENDED = const(3)
_OFF_HEAP = const(1)  # bit of System.mqtt_off


class Supervisor:
    """The base of App, which has the members below. safe_s: seconds of safe mode, 0 without."""

    board: "Board"
    config: "Config"
    log: "Log"
    reader: "MeterReader"
    safe_s: int
    server: "Server"
    storage: "Storage"
    system: "System"

    def supervise(self) -> None:
        """Begin: before anything that may fail."""
        self._crashes: "list[int]" = []
        self.kept = 0  # crashes that this start has written to the file
        self._young = True  # this start has not lasted yet
        self._short_s = 0  # seconds for which the heap has been nearly full
        self._services: "list[list[Any]]" = []  # rows, see _NAME and the like
        self._leaving: "asyncio.Task[None] | None" = None  # that of reset()

    def watch(self, uptime_ms: int) -> None:
        """Once a second: the watchdog, the services, the heap, the age of this start."""
        if self.server.alive and (self.reader.alive or self.safe_s):
            self.server.alive = self.reader.alive = False
            self.board.feed_watchdog()
        self._watch_services()
        self._watch_heap()
        self._watch_time(uptime_ms)

    def _watch_time(self, uptime_ms: int) -> None:
        """Note that this start has lasted; end safe mode."""
        if self.safe_s:
            if uptime_ms >= self.safe_s * 1000:
                self.leave_for("safe mode ends", _CAUSE_RETRY)
        elif self._young and uptime_ms >= _YOUNG_MS:
            self._young = False
            with visit("crash") as crash:
                crash.lasted(self.storage)
            if not self.board.not_chosen:
                with visit("boardchoice") as choice:
                    choice.lasted(self.storage)

    def _watch_heap(self) -> None:
        """Give heap back step by step, a second each, while too little is free: of requests, of
        live streams, of MQTT. A reset if that does not help for two minutes."""
        if self._has_room():
            self._short_s = 0
            self.system.mqtt_off &= ~_OFF_HEAP
            return
        self._short_s += 1
        if self._short_s == 1:
            self.system.sheds += 1
            self.log.warn("memory: nearly full: requests end, then live streams, then MQTT")
        self.server.shed(self._short_s > 1)
        if self._short_s > 2:
            self.system.mqtt_off |= _OFF_HEAP
        if self._short_s > _SHORT_MOST_S:
            self.leave_for("memory: full for two minutes", _CAUSE_NO_MEMORY)

    def _has_room(self) -> bool:
        """Whether the heap has its floor and a block for a telegram."""
        free = self.board.heap_free
        if free() >= _PLENTY:
            return True
        gc.collect()
        try:
            bytearray(_BLOCK)
        except MemoryError:
            self.system.memory_errors += 1
            return False
        return free() >= (_FLOOR if not self._short_s else 2 * _FLOOR)

    def start(self, name: str, service: "Service") -> None:
        """Run a service for ever."""
        if not self._services:
            asyncio.get_event_loop().set_exception_handler(self._note_task)
        self._services.append([name, service, asyncio.create_task(service()), False])

    def _watch_services(self) -> None:
        """Start the services that have ended again. A coroutine around each service would see its
        end at once, but takes 128 octets of heap."""
        for row in self._services:
            if not self._leaving and row[_TASK].done():
                if row[_ENDED]:
                    row[_TASK] = asyncio.create_task(row[_SERVICE]())
                    row[_ENDED] = False
                else:  # it returned, or what it raised is noted in a moment
                    self._count(row)

    def _note_task(self, _: object, context: "dict[str, Any]") -> None:
        """Note what a task raised that nobody waits for."""
        name = "task"
        for row in self._services:
            if row[_TASK] is context["future"]:
                name = row[_NAME]
                self._count(row)
        self.note(name, context["exception"])

    def _count(self, row: "list[Any]") -> None:
        """Count a service's end, once. A reset at the third in a minute."""
        if not row[_ENDED]:
            row[_ENDED] = True
            now = self.system.uptime_ms()
            self._crashes = [t for t in self._crashes if now - t < _CRASH_WINDOW_MS] + [now]
            if len(self._crashes) >= _CRASHES:
                self.leave_for("three failures in a minute", _CAUSE_CRASHES)

    def note(self, what: str, e: Exception) -> None:
        """Log what raised, and keep it over a reset: the first few of a start, as a write wears
        the flash. Raises nothing."""
        if isinstance(e, MemoryError):
            self.system.memory_errors += 1
            gc.collect()
        try:
            with visit("crash") as crash:
                text = what + ": " + crash.describe(e, getattr(self, "config", None))
                if self.kept < _KEPT_MOST:
                    self.kept += 1
                    crash.keep(self.storage, text, self.system.utc(), self.system.uptime_s())
            self.log.error(text)
        except MemoryError:  # no line, but the failure counts
            gc.collect()

    def restart(self, cause: int) -> None:
        """Reset in a second, so that a present answer can be sent before."""
        self.leave_for("asked to", cause)

    def leave_for(self, reason: str, cause: int) -> None:
        if not self._leaving:
            self._leaving = asyncio.create_task(self.reset(reason, cause, 1))

    async def reset(self, reason: str, cause: int, after_s: int = 0) -> None:
        """Reset the device, in any case; before that, flush what would be lost."""
        await asyncio.sleep(after_s)
        try:
            self.log.add("%s: restarting" % reason)
            with visit("leave") as leave:
                # The button clears the settings before any service has run.
                planned = cause not in (_CAUSE_CRASHES, _CAUSE_FACTORY_RESET)
                await asyncio.wait_for(leave.flush(self, planned), _FLUSH_S)
        except Exception as e:  # the last snapshot is a few seconds old
            self.note("restart", e)
        finally:
            self.board.reset(cause)
