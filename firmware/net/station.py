"""The network: what the other services ask about it, and one task for Wi-Fi and time servers.

In       settings, wishes of the button and of the pages, the time
Out      the members of Network; calls of the board by net.radio, which is loaded while the station
         is not connected, in the setup and while new settings are on trial
Rules    A change of the network or the address of a connected reader is on trial for 60 s: it is
         used, but not stored. If no request from the new address confirms it, or after a power
         cut, the stored settings are used again. Without a connection it is stored at once.
         Each minute has its signal strength. After three minutes of a weak signal net.radio looks
         for a stronger access point; after a look in vain not for 10, 20, 40, 80, 160 minutes.
         Time servers are asked as net.ntp plans it; at a low supply voltage none while a time is
         believed
"""

import asyncio
import gc

from micropython import const
from ondemand import visit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from composition import App

# Wishes: bits 1 << event of net.wifi.
_PRESSED = const(512)
_CHANGED = const(1024)
_TRY = const(2048)
_WEAK = const(8192)

_CONNECTED = const(2)  # of Board.station_status()
_MINUTES = const(60)
_WEAK_DBM = const(-75)
_WEAK_MIN = const(3)
_TRIAL_S = const(60)
_ANSWER_S = const(2)
_BOARDS_SLEEP = const(255)
_MAXIMUM_SLEEP = const(2)
# Tiers of device.tiers.
_NO_TIME = const(2)
_RADIO_OFF = const(4)
_SETTINGS = ("wifi_ssid", "wifi_psk", "hostname", "address")

_LOOK_MS = const(2000)
_BUSY_MS = const(250)
_QUESTION_MS = const(50)  # between two looks for questions to net.captive


class Network:
    """setup      the access point is on
    connected  the station has an address
    ip         its newest address, "" before the first one
    reason     number of the last failure, 0 none: net.reasons
    allowed    False switches the radio off until it is True again
    heard      something came in since the station was connected, or its address is one by DHCP
    tried      of try_wifi(): 0 it runs, 1 it worked, else the reason
    wanted     of try_wifi(): name and password
    since_s    uptime at the begin of the newest connection
    failures   attempts and short connections in a row that ended
    minutes    two rings of 60 octets, by minute of the uptime % 60: minus dBm, 0 none; then the
               free heap in 512 octets, 0 before the start
    trial      settings on trial; trial_until_s the uptime of its end
    change_s   uptime from which on new settings are used: their request is answered before
    scan_s     uptime from which on /wifiscan.json may scan again
    wishes     bits of net.wifi's events
    bssid      the access point, b"" if it is not known
    weak       minutes of weak signal in a row, below 0 those in which it does not count
    looks      for a stronger access point in vain
    ntp_plan   of net.ntp
    captive    net.captive's object in the setup
    """

    def __init__(self, app: "App") -> None:
        self._app = app
        self.setup = self.connected = False
        self.heard = True
        self.allowed = app.system.tier < _RADIO_OFF
        self.ip = ""
        self.bssid = b""
        self.since_s = self.failures = 0
        self.reason = self.tried = self.wishes = self.weak = self.looks = 0
        self.wanted = ("", "")
        self.minutes = bytearray(2 * _MINUTES)
        self.trial: "dict[str, Any]" = {}
        self.trial_until_s = self.change_s = self.scan_s = 0
        self.ntp_plan: "list[Any]" = [0] * 4
        self.captive: "Any" = None

    def toggle(self) -> None:
        """Begin the setup, or leave it if a network is set up."""
        self.wishes |= _PRESSED

    def try_wifi(self, ssid: str, psk: str) -> None:
        """Try a network during the setup, without storing it; the result is in `tried`."""
        self.wanted = (ssid, psk)
        self.tried = 0
        self.wishes |= _TRY

    def scan(self) -> "list[tuple[bytes, bytes, int, int, int]]":
        """The rows of Board.scan(), none if the radio is off. Blocks for two seconds."""
        try:
            return self._app.system.board.scan() if self.allowed else []
        except OSError:
            return []

    def words(self, reason: int) -> str:
        """A reason in words for the owner."""
        with visit("net.reasons") as reasons:
            text: str = reasons.text(reason)
        return text

    def tune(self) -> None:
        """Set transmit power and modem sleep as the settings say. At a low supply voltage the
        modem sleeps as much as it can."""
        config = self._app.config
        sleep: "int | None" = _MAXIMUM_SLEEP
        if not self._app.system.tier:
            sleep = None if config.wifi_sleep == _BOARDS_SLEEP else config.wifi_sleep
        with visit("net.wifi") as wifi:
            tx_ddbm = wifi.tx_ddbm(config.wifi_power_ddbm)
        try:
            self._app.system.board.radio(sleep, tx_ddbm)
        except OSError as e:
            self._app.log.add("wifi: sleep and power are as before: %s" % e)

    def setting(self, name: str) -> str:
        """The value of a setting of the network that the radio uses."""
        value: str = self.trial.get(name, getattr(self._app.config, name))
        return value

    def hold(self, changes: "dict[str, Any]") -> "dict[str, Any]":
        """Those of these changes that are to be stored now; the others go on trial. ValueError,
        before anything is changed, if a value is not allowed."""
        app = self._app
        if changes is self.trial:  # they are confirmed
            return changes
        own = [name for name in changes if name in _SETTINGS]
        own = [name for name in own if changes[name] != self.setting(name)]
        if not own:
            return changes
        with visit("schema") as schema:
            for name in changes:
                fault = schema.fault(name, changes[name])
                if fault:
                    raise ValueError(fault)
        self.wishes |= _CHANGED
        self.change_s = app.system.uptime_s() + _ANSWER_S
        if not self.connected:
            return dict(changes, wifi_first=True) if self.setup else changes
        for name in own:
            self.trial[name] = changes[name]
        self.trial_until_s = app.system.uptime_s() + _TRIAL_S
        return {name: changes[name] for name in changes if name not in own}

    def confirm(self) -> None:
        """Store the settings on trial: a request has reached the reader at its new address.
        ValueError if there are none, if the reader is not connected with them yet, or if they
        cannot be stored: their trial goes on then."""
        if not self.trial:
            raise ValueError("no new settings of the network wait for a confirmation")
        if not self.connected or self.wishes & _CHANGED:
            raise ValueError("the reader is not connected with the new settings yet")
        self._app.apply(self.trial)
        self.trial = {}

    async def run(self) -> None:
        """Serve for ever."""
        system, judge = self._app.system, self._app.system.judge
        driving = visit("net.radio")
        radio = None
        minute = 0
        try:
            while True:
                try:
                    if radio is None and self._is_due():
                        radio = driving.open().Radio(self._app, self)
                    if radio is not None and await radio.tick():
                        radio = None
                        driving.close()
                except MemoryError:
                    if radio is not None:
                        radio.close()
                    radio = None
                    driving.close()
                    gc.collect()
                if system.uptime_s() // 60 != minute:
                    minute = system.uptime_s() // 60
                    self._count(minute)
                if self.connected and judge.run_s() >= self.ntp_plan[0]:
                    held = system.tier >= _NO_TIME and system.utc()
                    if not system.board.clock_right and not held:
                        await self._ask()
                if self.captive is None:
                    await asyncio.sleep_ms(_BUSY_MS if radio else _LOOK_MS)
                else:
                    self.captive.tick()
                    await asyncio.sleep_ms(_QUESTION_MS)
        finally:
            if radio is not None:
                radio.close()
            radio = None
            driving.close()

    def _is_due(self) -> bool:
        """Whether net.radio has something to do."""
        status = self._app.system.board.station_status()
        return not self.connected or bool(self.wishes) or not self.allowed or status != _CONNECTED

    def _count(self, minute: int) -> None:
        """Store signal strength and free heap of a minute, and count the weak ones."""
        board = self._app.system.board
        rssi_dbm = board.rssi_dbm() if self.connected else 0
        self.minutes[minute % _MINUTES] = min(-rssi_dbm, 255) if rssi_dbm < 0 else 0
        self.minutes[_MINUTES + minute % _MINUTES] = max(1, min(board.heap_free() >> 9, 255))
        if self.weak < 0 or (self.connected and rssi_dbm < _WEAK_DBM):
            self.weak += 1
        else:
            self.weak = 0
        if self.weak >= _WEAK_MIN:
            self.weak = 0
            self.wishes |= _WEAK

    async def _ask(self) -> None:
        """Ask a time server."""
        try:
            with visit("net.ntp") as ntp:
                await ntp.sync(self._app)
        except MemoryError:  # a later look will do
            pass
