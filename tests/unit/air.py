"""A radio, a clock and an app for net.station's task, which runs as fast as the test can."""

import json

from app import App
from config import Config
from doubles import BoardDouble
from net import station
from state import State
from system import System

SCAN_MS = 2000
ASSOCIATED_MS = 1500
ADDRESS_MS = 3000


class Sleep:
    """What the task waits for: its loop gets the milliseconds."""

    def __init__(self, ms):
        self.ms = ms

    def __await__(self):
        yield self.ms

    __iter__ = __await__  # MicroPython awaits an iterable


class LoopDouble:
    """In the place of asyncio."""

    sleep_ms = Sleep


class PulseDouble:
    def wait(self, timeout_ms):
        return Sleep(min(timeout_ms, 1000))


class LogDouble:
    def __init__(self):
        self.lines = []

    def add(self, text):
        self.lines.append(text)


class StorageDouble:
    def __init__(self):
        self.written = None
        self.held = self.absent = ""
        self.spared = ()
        self.writes = 0

    def write(self, name, chunks):
        self.written = json.loads(b"".join(chunks))
        self.writes += 1
        return True


def point(ssid="home", psk="password", number=1, rssi=-60, fault="", hidden=False):
    """An access point; faults: auth, assoc, no_dhcp, ip_conflict."""
    return {
        "ssid": ssid.encode(),
        "psk": psk,
        "bssid": bytes((2, 0, 0, 0, 0, number)),
        "rssi": rssi,
        "fault": fault,
        "hidden": hidden,
    }


class Air(BoardDouble):
    """A board with a radio; `points` are the access points that are there."""

    def __init__(self, *points):
        super().__init__()
        self.points = list(points)
        self.calls = []
        self.refuses = ""  # what the driver answers to a static address
        self.clients = 0
        self._wanted = None
        self._begun_ms = 0
        self._linked = None
        self._end = 0

    def station_start(self, ssid, psk, bssid, hostname, address):
        self.calls.append(("start", ssid, psk, bssid, hostname, address))
        if address and self.refuses:
            raise OSError(self.refuses)
        self._wanted = ssid.encode(), psk, bssid, address
        self._begun_ms = self.ticks
        self._linked = None
        self._end = 0

    def station_stop(self):
        self.calls.append(("stop",))
        self._wanted = self._linked = None

    def station_status(self):
        if self._wanted is None:
            return 0
        if not self._end:
            self._look()
        if self._end:
            return self._end
        return 2 if self._linked and self._linked["address"] else 1

    def _look(self):
        """Set the reason of the end, if the attempt or link has ended."""
        ssid, psk, bssid, address = self._wanted
        if self._linked:
            if not [p for p in self.points if p is self._linked["point"]]:
                self._end = 200
            elif self.ticks - self._begun_ms >= ADDRESS_MS:
                fault = self._linked["point"]["fault"]
                silent = fault == "ip_conflict" or (fault == "no_dhcp" and not address)
                self._linked["address"] = self._linked["address"] or not silent
            return
        if self.ticks - self._begun_ms < ASSOCIATED_MS:
            return
        found = [p for p in self.points if p["ssid"] == ssid and bssid in (b"", p["bssid"])]
        if not found:
            self._end = 201
        elif found[0]["psk"] != psk or found[0]["fault"] == "auth":
            self._end = 15
        elif found[0]["fault"] == "assoc":
            self._end = 203
        else:
            self._linked = {"point": found[0], "address": False}

    def cut(self):
        """End the link, as an access point does that restarts."""
        if self._linked:
            self._end = 200

    def linked(self):
        """The last octet of the access point of the link; 0 without one."""
        return self._linked["point"]["bssid"][5] if self._linked else 0

    def radio(self, sleep, tx_ddbm):
        self.calls.append(("radio", sleep, tx_ddbm))

    def scan(self):
        self.calls.append(("scan",))
        self.ticks += SCAN_MS
        return [
            (b"" if p["hidden"] else p["ssid"], p["bssid"], 1, p["rssi"], 3) for p in self.points
        ]

    def ap_start(self, ssid, psk):
        self.calls.append(("ap", ssid, psk))

    def ap_stop(self):
        self.calls.append(("ap off",))

    def ap_clients(self):
        return self.clients

    def rssi_dbm(self):
        return self._linked["point"]["rssi"] if self._linked else 0

    def ip_config(self):
        if self._wanted and self._wanted[3]:
            return self._wanted[3]
        return ("192.168.1.57", "255.255.255.0", "192.168.1.1", "192.168.1.1")

    def begun(self):
        """The arguments of each call that began to connect."""
        return [call[1:] for call in self.calls if call[0] == "start"]


class World:
    """The task of net.station on this air; it runs by run() only."""

    def __init__(self, *points, air=Air, **settings):
        self.board = air(*points)
        self.system = System(self.board)
        self.config = Config(settings, {})
        assert not self.config.faults, self.config.faults
        self.log = LogDouble()
        self.state = State()
        self.pulse = PulseDouble()
        self.storage = StorageDouble()
        self.restarts = []
        self.network = station.Network(self)
        self._task = None

    def apply(self, changes):
        return App.apply(self, changes)

    def restart(self, cause):
        self.restarts.append(cause)

    def now_s(self):
        return self.board.ticks // 1000

    def run(self, seconds, until=None):
        """Run for that time, or until the condition is met. Returns the seconds."""
        begun = self.board.ticks
        kept, station.asyncio = station.asyncio, LoopDouble
        try:
            if self._task is None:
                self._task = self.network.run()
            while self.board.ticks - begun < seconds * 1000:
                if until and until():
                    break
                pause_ms = self._task.send(None)  # a scan moves the clock too
                self.board.ticks += pause_ms
        finally:
            station.asyncio = kept
        return (self.board.ticks - begun) // 1000

    def connect(self, seconds):
        """Run until the station is connected. Returns the seconds that it took."""
        took_s = self.run(seconds, lambda: self.network.connected)
        assert self.network.connected, (self.board.calls, self.log.lines)
        return took_s

    def close(self):
        """End the task."""
        if self._task:
            self._task.close()
