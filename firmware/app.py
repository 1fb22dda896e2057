"""The composition root: makes the state and the services, and runs them.

supervisor.py has the rules by which services run; start.py restores what is stored.
"""

import asyncio
import gc

from config import Config
from device import light
from energy.ledger import Energy
from energy.recent import Recent
from han.decode import Decoder
from han.reader import MeterReader
from log import Log
from micropython import const
from net.station import Network
from ondemand import visit
from pipeline import Pipeline, Pulse
from prices.store import Prices
from state import State
from storage import Pages, Storage
from supervisor import Supervisor
from system import PRODUCT, VERSION, System
from web.server import Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from contracts import Board

_WATCHDOG_MS = const(60000)
_NO_LINE_S = const(60)
_LOOK_S = const(2)  # between looks for a broker in the settings
_TEMPERATURES_S = const(15)
_BUTTON = const(16)  # of Board.fitted
_ONE_WIRE = const(32)
_LOOK_MS = const(1000)  # between two looks at the state
_TICKS_MASK = const(0x3FFFFFFF)  # ticks_ms() wraps
_CAUSE_CRASHES = const(90)  # as in supervisor.py
_CAUSE_FACTORY_RESET = const(5)
_LEVEL_DEBUG = const(2)  # of log.py
_DEBUG_PAUSE_S = const(2)
_AGAIN_S = const(600)  # after a defect
_KEEP_S = const(5)  # a snapshot is up to 2 KB of garbage
# Collect this often: kept objects then lie close together, and free blocks stay large.
_GC_OCTETS = const(4096)


class App(Supervisor):
    """Everything that lives as long as the device is on."""

    def __init__(self, board: "Board") -> None:
        self.board = board
        self.system = System(board)
        self.log = Log(self.system.uptime_s)
        self.supervise()
        self.unstored = False  # settings that wait for the supply
        self.storage = Storage(board.data_dir, self.log)
        self.pages = Pages(board.www_dir)
        with visit("start") as start:  # a step that fails is left out: see there
            start.attempt(self, "files", start.look)
            on_trial = start.attempt(self, "upgrade", start.trial)
            start.attempt(self, "factory reset", start.clear)
            self.safe_s: int = start.attempt(self, "start", start.count) or 0
            self.config: Config = start.attempt(self, "config.json", start.settings) or Config(
                {}, board.overrides
            )
            self.log.echo = self.config.debug_serial * self.config.debug_level
            self.decoder = Decoder()
            self.state = State()
            self.recent = Recent()
            self.prices = Prices(self.storage, self.config, self.log)
            self.pulse = Pulse()
            self.energy: Energy = start.energy(self)
            self.system.judge.begin(self.energy.settler.settled_until, self.log.add)
            start.attempt(self, "supply", start.supply)
            self.push_at = 0  # uptime in s; this one and the next three: see push.sender
            self.push_failures = self.push_quarter = -1
            self.push_fault = ""
            start.restore(self)
            keys = start.attempt(self, "keys", start.keys) or (None, None)
        uptime_ms = self.system.uptime_ms
        self.reader = MeterReader(board, Pipeline(self), uptime_ms, keys, self.decoder)
        self.network = Network(self)
        self.server = Server(self)
        self._debug_task: "asyncio.Task[None] | None" = None
        # What asks a server: one at a time, for TLS needs much memory outside the heap.
        self._errand: "asyncio.Task[None] | None" = None
        self.upgrade_at = 0  # uptime in s of the next run of upgrade.pull
        self._on_trial = bool(on_trial)

    def counts(self) -> bool:
        """Whether energy is counted and saved: not in safe mode, nor if its start failed."""
        return self.energy.history.files is self.storage

    def apply(self, changes: "dict[str, Any]") -> None:
        """Use settings and store them; None: the default. ValueError, with nothing changed, if a
        value is not allowed or cannot be stored."""
        with visit("changes") as module:
            module.apply(self, changes)

    async def test(self, module: str, what: "Any") -> "tuple[str, str]":
        """Try settings without storing them: the outcome and words of keytest or mqtttest."""
        with visit(module) as room:
            outcome: "tuple[str, str]" = await room.run(self, what)
        return outcome

    def store_settings(self) -> None:
        """Store the settings that were changed while writes were held."""
        self.unstored = False
        self.storage.write_json("config.json", self.config.to_store())

    def use_prices(self) -> None:
        """Compute costs with the present prices."""
        prices = self.prices
        self.energy.currency = prices.currency()
        prices.unpriced = True  # until the end
        with visit("prices.rules") as rules:
            since = rules.since(prices, self.config)
            exported = prices.export_price if rules.is_different(self.config) else None
        prices.unpriced = False
        self.energy.set_prices(prices.price, exported, since)

    def _end_rules(self, utc: int) -> None:
        """Compute prices and costs again if the month's import has ended or begun a rule."""
        if self.config.price_rules:
            with visit("prices.rules") as rules:
                turned = rules.turned(self.prices, self.config, utc)
            if turned:
                self.prices.update_rate()
                self.use_prices()

    async def _read_meter(self) -> None:
        """Read the line for ever. If the board has none, log the reason and try again."""
        logged = ""
        while True:
            try:
                await self.reader.run(self.config.line())
                continue  # with new settings
            except OSError as e:
                self.state.line = str(e)
                if self.state.line != logged:
                    self.log.error("meter: no line: %s" % e)
                logged = self.state.line
            for _ in range(_NO_LINE_S):
                self.reader.alive = True
                await asyncio.sleep(1)

    async def _publish(self) -> None:
        """Run MQTT while there are a broker and a network, and nothing pauses it."""
        while True:
            if self.config.mqtt_host and self.network.connected and not self.system.mqtt_off:
                mqtt = visit("mqtt.publisher")
                try:
                    await mqtt.open().run(self)
                finally:
                    mqtt.close()
            await asyncio.sleep(_LOOK_S)

    def _look_for_debug(self) -> None:
        """Start telnet and the like if a setting asks for it."""
        config = self.config
        ports = config.raw_port or (config.telnet_port and config.web_password)
        served = ports and self.network.connected
        if (served or 0 < self.log.echo <= _LEVEL_DEBUG) and self._debug_task is None:
            self._debug_task = asyncio.create_task(self._debug())

    async def _debug(self) -> None:
        """Run net.debug until no setting asks for it. Its failures reset nothing."""
        room = visit("net.debug")
        try:
            await room.open().run(self)
        except Exception as e:
            self.log.error("debug: %r" % e)
        room.close()
        await asyncio.sleep(_DEBUG_PAUSE_S)
        self._debug_task = None

    def _look_for_errands(self, uptime_s: int) -> None:
        """Ask for prices, for a new version, or push a message, if it is time."""
        if self._errand is None:
            if uptime_s >= self.prices.due_s and self.network.connected and not self.safe_s:
                self._errand = asyncio.create_task(self._run_errand("prices.schedule"))
            elif uptime_s >= self.upgrade_at:
                self._errand = asyncio.create_task(self._run_errand("upgrade.pull"))
            elif uptime_s >= self.push_at:
                self._errand = asyncio.create_task(self._run_errand("push.sender"))

    async def _run_errand(self, module: str) -> None:
        """Run a module once. Its failures reset nothing."""
        room = visit(module)
        try:
            await room.open().run(self)
        except Exception as e:  # its words may have the token
            self.log.error("%s: %s" % (module.split(".")[0], type(e).__name__))
            again_s = self.system.uptime_s() + _AGAIN_S
            if module[:4] == "push":
                self.push_at = again_s
            elif module[:7] == "upgrade":
                self.upgrade_at = again_s
            else:
                self.prices.due_s = again_s
        room.close()
        self._errand = None

    async def _keep_energy(self) -> None:
        """Save the energy after each hour; keep a snapshot for a reset every few seconds."""
        energy, system = self.energy, self.system
        kept = int(energy.settler.settled_until > 0)
        moved = False
        while True:
            await asyncio.sleep(_KEEP_S)
            held = self.storage.held  # the snapshot keeps what is not saved
            utc = system.utc()
            if not utc:
                continue
            if not moved and not held:
                moved = True
                try:
                    with visit("energy.plotfiles") as plots:
                        plots.take(energy, utc, self.log)
                except Exception as e:
                    self.note("history of the AMS reader", e)
            # Save at the first telegram, because a snapshot continues a save, and at the first
            # register, because all later energy counts from it.
            begun = int(energy.settler.settled_until > 0) + int(energy.ready)
            try:
                if not held and (begun > kept or energy.save_due(utc)):
                    energy.save(utc)
                    kept = begun
                    self._end_rules(utc)
                if self.prices.unpriced:
                    self.use_prices()
                if not held and energy.totals.reprice >= 0:
                    energy.reprice()
                self.board.rtc_write(energy.snapshot())
            except MemoryError:  # a later snapshot will do, but a save needs the requests' heap
                system.memory_errors += 1
                if energy.save_due(utc):
                    self.server.shed()

    async def run(self) -> None:
        """Run all services for ever."""
        system = self.system
        started = PRODUCT, VERSION, self.board.name, system.reset_cause
        self.log.add("%s %s on %s, reset %d" % started)
        await self._boot()
        ticks = self.board.ticks_ms()
        lights = [0] * 10
        look_ms = shown = 0
        while True:
            elapsed_ms = self.board.ticks_ms() - ticks & _TICKS_MASK
            ticks = ticks + elapsed_ms & _TICKS_MASK
            look_ms -= elapsed_ms
            if look_ms <= 0:
                look_ms = _LOOK_MS
                try:
                    self._look()
                    shown = light.signs(self, system.uptime_ms())
                except MemoryError:
                    system.memory_errors += 1
                    gc.collect()
            if self.board.fitted & _BUTTON and light.held(lights, elapsed_ms, self.board.button()):
                self.network.toggle()
            colour = lights[0]
            wait_ms = light.tick(lights, elapsed_ms, self.state.telegrams, shown)
            if lights[0] != colour:
                try:
                    light.show(self.board, lights[0])
                except MemoryError:
                    gc.collect()
            await asyncio.sleep_ms(min(wait_ms, look_ms))

    def _look(self) -> None:
        """What is done once a second."""
        now = self.system.uptime_ms()
        self.watch(now)
        if self.system.supply_due():
            with visit("device.power") as power:
                power.look(self)
        self._look_for_debug()
        self._look_for_errands(now // 1000)
        if not self.safe_s and self.state.tick(now):
            self.pulse.fire()
            if self.state.error():
                self.log.warn("meter: no valid telegram for 30 s")
        if self.board.fitted & _ONE_WIRE and not now // 1000 % _TEMPERATURES_S:
            with visit("device.temperature") as temperature:
                temperature.read(self.system)

    def keep(self, also: bytes) -> None:
        """Keep in RTC memory what a restart would lose, and the record `also`."""
        with visit("leave") as leave:
            leave.keep(self, also)

    async def _boot(self) -> None:
        """Start the services, unless the owner clears the settings by the button."""
        with visit("device.boot") as boot:
            if await boot.reset_wanted(self.board, self.system.uptime_ms):
                if boot.clear(self.storage):
                    await boot.confirm(self.board)
                    await self.reset("settings cleared by the button", _CAUSE_FACTORY_RESET)
                else:
                    self.log.error("the settings could not be cleared")
            if not self.safe_s:
                self.start("meter", self._read_meter)
                self.start("mqtt", self._publish)
                if self.counts():
                    self.start("energy", self._keep_energy)
            if self._on_trial:
                self._errand = asyncio.create_task(self._run_errand("upgrade.trial"))
            self.start("web", self.server.run)
            self.start("network", self.network.run)
            self.board.start_watchdog(_WATCHDOG_MS)
            await boot.try_lights(self.board)


def run(board: "Board") -> None:
    """Run the firmware on a board; returns only if the board resets by raising SystemExit."""
    gc.threshold(_GC_OCTETS)
    try:
        asyncio.run(App(board).run())
    except Exception as e:
        _end(board, e)


def _end(board: "Board", e: Exception) -> None:
    """Keep what ended the firmware, and reset in any case."""
    try:
        gc.collect()
        with visit("crash") as crash:
            text = "firmware: " + crash.describe(e, None)
            print(text)
            crash.keep(Storage(board.data_dir, Log(lambda: 0)), text, 0, 0)
    finally:
        board.reset(_CAUSE_CRASHES)
