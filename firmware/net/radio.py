"""Carries out what net.wifi decides, with the board's radio. Loaded while the station is not
connected, in the setup, and while something is on trial.

In       net.station's Network: settings, wishes; the board
Out      calls of the board; the members of Network; log lines
Rules    Before each attempt the air is scanned, and the strongest access point of the network is
         asked; after a failure there the next one, until all have failed. A network that is not
         seen may be hidden: it is asked by its name.
         A scan stalls the reader for two seconds, so it begins after a telegram if one comes
         within three.
         A static address is given up for DHCP, until the next connection or change, if the driver
         refuses it, if two attempts in a row ended without an address, or if nothing came in for
         ten minutes: no answer of a time server, no request, no broker
"""

import os

from micropython import const
from ondemand import visit
from state import GREEN

from net import wifi

TYPE_CHECKING = False
if TYPE_CHECKING:
    from composition import App

    from net.station import Network

# Reasons that are not Espressif's.
_NO_ADDRESS = const(250)
_NO_DRIVER = const(251)
_NO_SUPPLY = const(252)
_NO_SETUP = const(253)
_ENDED = const(254)

_OK = const(1)  # of Network.tried
_CAUSE_WIFI = const(93)
_GAP_MS = const(3000)
_UNHEARD_S = const(600)
_STATIC_ATTEMPTS = const(2)
_FIRST_LOOK_MIN = const(10)
_MOST_LOOKS = const(4)
_MOST_FAILED = const(8)
_SSID = "AMS2MQTT"


class Radio:
    """The radio while something changes."""

    def __init__(self, app: "App", network: "Network") -> None:
        self._app = app
        self._network = network
        self._board = app.system.board
        self._target = b""  # the access point to take next; b"" the strongest
        self._failed: "list[bytes]" = []  # access points where the last attempts failed
        self._static = True  # a static address is used, if there is one
        self._without = 0  # attempts in a row that ended without it
        self._unheard = False  # nothing came in at it
        self._fault = 0  # the driver refused the attempt
        self._captive = visit("net.captive")
        self._ap_on = network.captive is not None
        state = wifi.WAITING
        if network.setup:
            state = wifi.SETUP
        elif network.connected:
            state = wifi.CONNECTED
        elif self._board.station_status() == wifi.IS_CONNECTED:
            state = wifi.CONNECTING
        since_s = network.since_s if network.connected else app.system.uptime_s()
        self.wifi = wifi.Wifi(state, since_s, network.failures)

    async def tick(self) -> bool:
        """Look at the station and do what follows. True if nothing is left to do."""
        network, machine = self._network, self.wifi
        now_s = self._app.system.uptime_s()
        status = self._fault or self._board.station_status()
        event = machine.event(now_s, status, self._wishes(now_s, status))
        if event >= 0:
            network.wishes &= ~(1 << event)
            if event == wifi.BLANK:
                network.wishes &= ~(1 << wifi.PRESSED | 1 << wifi.CHANGED)
            action = machine.step(event, now_s, os.urandom(1)[0])
            await self._act(action, event, status)
        elif network.setup and not self._ap_on:
            self._open()
        network.failures = machine.failures
        at_rest = event < 0 and machine.state == wifi.CONNECTED
        return at_rest and not network.trial and self._heard()

    def _wishes(self, now_s: int, status: int) -> int:
        """The wishes, and what else is so at present."""
        network = self._network
        wishes = network.wishes
        if now_s < network.change_s:
            wishes &= ~(1 << wifi.CHANGED)
        if not network.allowed:
            wishes |= 1 << wifi.LOW
        if not network.setting("wifi_ssid") and status != wifi.IS_CONNECTED:
            wishes |= 1 << wifi.BLANK
        if self._app.config.stored.get("wifi_first"):
            wishes |= 1 << wifi.FAILED
        if network.trial and now_s >= network.trial_until_s:
            wishes |= 1 << wifi.UNCONFIRMED
        if network.setup and self._ap_on and self._board.ap_clients():
            wishes |= 1 << wifi.IDLE
        if network.connected and not self._heard() and now_s - network.since_s >= _UNHEARD_S:
            self._give_up_static()
            self._unheard = True
            wishes |= 1 << wifi.CHANGED
        return wishes

    def _heard(self) -> bool:
        """Whether the address is one by DHCP, or something came in at the static one."""
        return self._network.heard or self._app.system.mqtt_light == GREEN

    async def _act(self, action: int, event: int, status: int) -> None:
        network = self._network
        if action in (wifi.BACK, wifi.FORGET):
            network.trial = {}
            self._app.log.add("wifi: the new settings were not confirmed: the old ones are used")
        if action in (wifi.START, wifi.BACK):
            await self._start(event)
        elif action == wifi.TEST:
            ssid, psk = network.wanted
            await self._connect(ssid, psk, ())
        elif action == wifi.STOP:
            self._stop(event, status)
        elif action == wifi.OFF:
            self._leave()
            self._app.log.add("wifi: off, the supply is too low")
        elif action == wifi.KEEP:
            self._keep()
        elif action == wifi.OPEN:
            self._leave()
            self._open()
        elif action == wifi.RESULT:
            network.tried = _OK if event == wifi.UP else self._reason(event, status)
            network.ip = self._board.ip_config()[0] if event == wifi.UP else ""
            self._stop_station()
        elif action == wifi.DENY:
            network.tried = _NO_SETUP if network.allowed else _NO_SUPPLY
        elif action == wifi.TELL:
            self._app.log.add("wifi: the supply is too low for the setup")
        elif action == wifi.LOOK:
            await self._look()

    def _leave(self) -> None:
        """Switch station and access point off."""
        network = self._network
        if network.setup:
            network.setup = False
            self.close()
            self._board.ap_stop()
        network.connected = False
        self._stop_station()

    def close(self) -> None:
        """Unload net.captive."""
        captive, self._network.captive = self._network.captive, None
        self._ap_on = False
        if captive is not None:
            captive.close()
        self._captive.close()

    def _stop_station(self) -> None:
        self._fault = 0
        self._board.station_stop()

    async def _start(self, event: int) -> None:
        """Begin to connect to the network of the settings."""
        network = self._network
        network.connected = False
        if event == wifi.CHANGED and not self._unheard:
            self._static = True
        self._unheard = False
        self._leave()
        ssid = network.setting("wifi_ssid")
        address: "tuple[str, ...]" = ()
        with visit("schema") as schema:
            if self._static:
                address = schema.parse_address(network.setting("address"))
        await self._connect(ssid, network.setting("wifi_psk"), address)

    async def _connect(self, ssid: str, psk: str, address: "tuple[str, ...]") -> None:
        app, network = self._app, self._network
        if app.state.telegrams:
            await app.pulse.wait(_GAP_MS)
        target, self._target = self._target, b""
        if not target:
            best = wifi.choose(network.scan(), ssid, self._failed)
            target = best[1] if best else b""
            if target in self._failed:  # all have failed: begin with the strongest again
                self._failed = []
        network.bssid = target
        network.heard = not address
        hostname = app.system.hostname(network.setting("hostname"))
        try:
            self._board.station_start(ssid, psk, target, hostname, address)
        except OSError as e:
            self._fault = _NO_DRIVER
            app.log.add("wifi: the driver does not connect: %s" % e)
            if address:
                self._give_up_static()
        self.wifi.begin(app.system.uptime_s())

    def _keep(self) -> None:
        """The station has an address."""
        app, network, board = self._app, self._network, self._board
        network.connected = True
        network.reason = 0
        network.ip = board.ip_config()[0]
        network.weak = 0
        network.since_s = app.system.uptime_s()
        self._without = 0
        self._failed = []
        if network.ntp_plan[1]:  # failures: ask again at once
            network.ntp_plan[0] = 0
        network.ntp_plan[3] = 0  # DHCP may name other time servers
        network.tune()
        if not network.trial and app.config.stored.get("wifi_first"):
            try:
                app.apply({"wifi_first": None})
            except ValueError as e:
                app.log.warn("wifi: that it works is not stored: %s" % e)
        app.log.add("wifi: connected, %s, %d dBm" % (network.ip, board.rssi_dbm()))

    def _stop(self, event: int, status: int) -> None:
        """An attempt or a connection has ended."""
        app, network = self._app, self._network
        lost = network.connected
        reason = network.reason = self._reason(event, status)
        network.connected = False
        if not lost:
            self._failed = self._failed[1 - _MOST_FAILED :] + [network.bssid]
        self._stop_station()
        failures = self.wifi.failures
        if lost or not failures & (failures - 1):  # the 1st, 2nd, 4th, 8th ...
            what = "lost" if lost else "not connected"
            app.log.add("wifi: %s: %s" % (what, network.words(reason)))
        if not lost and not network.heard and event != wifi.REFUSED:
            self._without += 1
            if self._without >= _STATIC_ATTEMPTS:
                self._give_up_static()
        # A restart that did not help is not repeated: no connection has been made since.
        helps = network.ip or app.system.reset_cause != _CAUSE_WIFI
        if app.config.wifi_reboot and helps and self.wifi.restart_due(event):
            app.restart(_CAUSE_WIFI)

    def _reason(self, event: int, status: int) -> int:
        if event == wifi.EXPIRED:
            return _NO_ADDRESS
        return status if status > wifi.IS_CONNECTED else _ENDED

    def _give_up_static(self) -> None:
        self._static = False
        self._app.log.add("wifi: the static address does not work: DHCP is asked for one")

    def _open(self) -> None:
        """Switch the access point on."""
        app, network = self._app, self._network
        psk = app.config.setup_psk
        name = _SSID + app.system.hostname("")[3:] if psk else _SSID
        network.setup = True
        try:
            self._board.ap_start(name, psk)
            self._ap_on = True
            app.log.add("setup: join the network %s, then open http://192.168.4.1/" % name)
            network.captive = self._captive.open().Captive(app)
        except OSError as e:
            app.log.add("wifi: no access point: %s" % e)

    async def _look(self) -> None:
        """Look for a stronger access point of the network."""
        app, network = self._app, self._network
        await app.pulse.wait(_GAP_MS)
        own_dbm = self._board.rssi_dbm()
        ssid = network.setting("wifi_ssid")
        self._target = wifi.stronger(network.scan(), ssid, network.bssid, own_dbm)
        if self._target:
            network.wishes |= 1 << wifi.BETTER
            app.log.add("wifi: %d dBm, another access point is stronger" % own_dbm)
            network.looks = 0
        network.weak = -(_FIRST_LOOK_MIN << network.looks)
        network.looks = min(network.looks + 1, _MOST_LOOKS)
