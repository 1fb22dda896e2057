"""The composition root: makes the state and the services, and keeps them running.

A service that raises is started again. Three failures in a minute reset the device; the reason is
kept.
"""

import asyncio
import gc

from config import Config
from energy.ledger import Energy
from han.decode import Decoder
from han.reader import MeterReader
from log import Log
from micropython import const
from net import station
from ondemand import visit
from pipeline import Pipeline, Pulse
from prices.store import Prices
from state import State
from storage import Pages, Storage
from system import PRODUCT, VERSION, System
from web.server import Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from contracts import Board, Service
    from energy.tariff import Tariff

_WATCHDOG_MS = const(60000)
_CRASHES = const(3)
_CRASH_WINDOW_MS = const(60000)
_CAUSE_CRASHES = const(90)
_NO_LINE_S = const(60)
_LOOK_S = const(2)  # between looks for a broker in the settings
_BEAT_S = const(5)  # longest time between two pulses
_KEEP_S = const(5)  # a snapshot is up to 2 KB of garbage
# Collect this often: kept objects then lie close together, and free blocks stay large.
_GC_OCTETS = const(4096)


class App:
    """Everything that lives as long as the device is on."""

    def __init__(self, board: "Board") -> None:
        self.board = board
        self.system = System(board)
        self.log = Log(self.system.uptime_s)
        self.storage = Storage(board.data_dir, self.log)
        self.pages = Pages(board.www_dir)
        self.config = Config(self.storage.read_json("config.json"), board.overrides)
        for fault in self.config.faults:
            self.log.add("config: %s; its default is used" % fault)
        for doubt in self.config.doubts:
            self.log.add("config: " + doubt)
        self.decoder = Decoder()
        try:  # an owner's descriptors, as docs/add-a-meter.md describes them
            self.decoder.use((self.storage.read("lists.txt") or b"").decode())
        except ValueError as e:
            self.log.add("lists.txt is not used: %s" % e)
        self.state = State()
        self.energy = Energy(self.config.timezone, self._tariff())
        self.energy.load(self.storage, board.rtc_read())
        self.prices = Prices(self.storage, self.config, self.log)
        self.use_prices()
        self.pulse = Pulse()
        keys = self.config.keys()
        uptime_ms = self.system.uptime_ms
        self.reader = MeterReader(board, Pipeline(self), uptime_ms, keys, self.decoder)
        self.server = Server(self)
        self._crashes: "list[int]" = []
        self._services: "list[asyncio.Task[None]]" = []

    def _tariff(self) -> "Tariff":
        """The chosen profile; the owner's rules replace those of the profile."""
        with visit("energy.profiles") as profiles:
            tariff: "Tariff" = profiles.tariff(self.config.tariff_profile, self.config.tariff)
        return tariff

    def apply(self, changes: "dict[str, Any]") -> None:
        """Use settings and store them. ValueError, before anything is changed, if a value is not
        allowed."""
        changed = [name for name in changes if self.config.set(name, changes[name])]
        if not changed:
            return
        self.storage.write_json("config.json", self.config.to_store())
        if "timezone" in changed or "tariff" in changed or "tariff_profile" in changed:
            self.energy.set_rules(self.config.timezone, self._tariff())

    def use_prices(self) -> None:
        """Compute costs with the present prices."""
        self.energy.currency = self.prices.currency()
        self.energy.set_prices(self.prices.price)

    async def _read_meter(self) -> None:
        """Read the line for ever. If the board has none, log the reason and try again."""
        logged = ""
        while True:
            try:
                await self.reader.run(self.config.line())
            except OSError as e:
                self.state.line = str(e)
                if self.state.line != logged:
                    self.log.add("meter: no line: %s" % e)
                logged = self.state.line
            await asyncio.sleep(_NO_LINE_S)

    async def _publish(self) -> None:
        """Run MQTT while the settings name a broker."""
        while True:
            if self.config.mqtt_host:
                mqtt = visit("mqtt.publisher")
                try:
                    await mqtt.open().run(self)
                finally:
                    mqtt.close()
            await asyncio.sleep(_LOOK_S)

    async def _keep_energy(self) -> None:
        """Save the energy after each hour; keep a snapshot for a reset every few seconds."""
        energy, system = self.energy, self.system
        kept = False
        while True:
            await asyncio.sleep(_KEEP_S)
            utc = system.utc()
            if not utc:
                continue
            first = energy.ready and not kept
            if first or energy.save_due(utc):  # all later energy counts from the first register
                kept = True
                energy.save(utc)
            self.board.rtc_write(energy.snapshot())

    async def run(self) -> None:
        """Run all services for ever."""
        system = self.system
        started = PRODUCT, VERSION, self.board.name, system.reset_cause
        self.log.add("%s %s on %s, reset %d" % started)
        self._start("meter", self._read_meter)
        self._start("web", self.server.run)
        self._start("mqtt", self._publish)
        self._start("energy", self._keep_energy)
        self._start("network", lambda: station.run(self.config, system, self.log))
        self.board.start_watchdog(_WATCHDOG_MS)
        beat = 0
        while True:
            self.board.feed_watchdog()
            beat += 1
            try:
                if self.state.tick(system.uptime_ms()):
                    beat = 0
                    if self.state.error():
                        self.log.add("meter: no valid telegram for 30 s")
            except MemoryError:
                gc.collect()
            if beat % _BEAT_S == 0:
                self.pulse.fire()
            await asyncio.sleep(1)

    def _start(self, name: str, service: "Service") -> None:
        self._services.append(asyncio.create_task(self._supervise(name, service)))

    async def _supervise(self, name: str, service: "Service") -> None:
        """Run a service for ever: start it again when it ends or raises."""
        while True:
            try:
                await service()
            except Exception as e:
                try:
                    self.log.add("%s: %r; starting it again" % (name, e))
                except MemoryError:  # no log line, but the failure counts
                    gc.collect()
            now = self.system.uptime_ms()
            self._crashes = [t for t in self._crashes if now - t < _CRASH_WINDOW_MS] + [now]
            if len(self._crashes) >= _CRASHES:
                await self._reset("three failures in a minute", _CAUSE_CRASHES)
            await asyncio.sleep(2)

    def restart(self, cause: int) -> None:
        """Reset in a second, so that a present answer can be sent before."""
        self._services.append(asyncio.create_task(self._reset("asked to", cause, 1)))

    async def _reset(self, reason: str, cause: int, after_s: int = 0) -> None:
        """Reset the device; a snapshot of the energy domain stays in RTC memory."""
        await asyncio.sleep(after_s)
        self.log.add("%s: restarting" % reason)
        try:
            self.board.rtc_write(self.energy.snapshot())
        except Exception as e:  # the last snapshot is a few seconds old
            self.log.add("energy: no snapshot: %r" % e)
        self.board.reset(cause)


def run(board: "Board") -> None:
    """Run the firmware on a board; returns only if the board resets by raising SystemExit."""
    gc.threshold(_GC_OCTETS)
    asyncio.run(App(board).run())
