"""A day of random faults of Wi-Fi and its neighbours, with simulated time, for net.station's task.

Faults overlap: access points that are gone, refuse the password or the station, give no address
or one that is in use; dead name service; a low supply; signals that change.
"""

import gc
import sys

from air import Air, World, point
from log import Log

DAY_S = 86400
QUIET_S = 1800  # at the end of the day
# An attempt of 30 s that began before the repair, a pause of 60 s and a quarter, a scan and an
# attempt; if up to two access points refuse, as many pauses more.
CONNECTED_WITHIN_S = 30 + 3 * (74 + 10)
KINDS = ("gone", "auth", "assoc", "no_dhcp", "ip_conflict", "dns", "low", "signal")
HARMLESS = ("dns", "signal", "assoc")  # the station can connect
POINTS = 3


class Chance:
    """The same numbers on each runtime; they stay below 2^30."""

    def __init__(self, seed):
        self._state = seed & 0x3FFFFF

    def below(self, limit):
        self._state = (self._state * 69 + 1327) & 0x3FFFFF
        return (self._state >> 6) % limit


class Forgetful:
    """A list of calls that keeps none, so that the heap stays as it is."""

    def append(self, call):
        pass


class DayAir(Air):
    """A board whose clock runs, and no other tells the time."""

    clock_right = False

    def __init__(self, *points):
        super().__init__(*points)
        self.calls = Forgetful()

    def unix_time(self):
        return 1773742800 + self.ticks // 1000


class NtpDouble:
    """In the place of net.ntp: an answer each minute, while there is a name service."""

    def __init__(self, day):
        self._day = day

    async def sync(self, app):
        plan = app.network.ntp_plan
        dead = self._day.is_on("dns")
        plan[1] = plan[1] + 1 if dead else 0
        plan[0] = app.system.judge.run_s() + 64
        self._day.asked[dead] += 1
        if dead:
            app.log.add("time: no such host")
        else:
            app.network.heard = True


class Day(World):
    """Run it by whole(); the checks are in there."""

    def __init__(self, seed):
        super().__init__(wifi_ssid="home", wifi_psk="password", air=DayAir)
        self.log = Log(self.system.uptime_s, echo=False)
        self._chance = Chance(seed)
        self._ends_s = {}  # fault: second of its end
        self._next_s = 600
        self._well_s = 0  # the newest second with a connection or with a fault that hinders one
        self._points = [point(number=i + 1, rssi=-50 - 10 * i) for i in range(POINTS)]
        self.faults = {}
        for kind in KINDS:
            self.faults[kind] = 0
        self.losses = 0
        self.asked = [0, 0]  # time servers: with and without a name service
        self._apply()

    def is_on(self, kind):
        return kind in self._ends_s

    def whole(self):
        """Run the day. Returns (octets of heap after the first hour, at the end), 0 on CPython."""
        real = sys.modules.get("net.ntp")
        sys.modules["net.ntp"] = NtpDouble(self)
        begun = 0
        try:
            for second in range(0, DAY_S, 20):
                self._change(second)
                before = self.network.connected
                self.run(20)
                self.losses += before and not self.network.connected
                self._check(second + 20)
                if second == 580:  # before the first fault
                    begun = heap()
            return begun, heap()
        finally:
            self.close()
            del sys.modules["net.ntp"]
            if real:
                sys.modules["net.ntp"] = real

    def _check(self, second):
        assert not self.network.setup, second
        if self.network.connected or [k for k in self._ends_s if k not in HARMLESS]:
            self._well_s = second
        lines = self.log.lines()[-5:]
        assert second - self._well_s <= CONNECTED_WITHIN_S, (second, self._ends_s, lines)

    def _change(self, second):
        for kind in [k for k in self._ends_s if self._ends_s[k] <= second]:
            del self._ends_s[kind]
            self._apply()
        if second >= self._next_s and second < DAY_S - 2 * QUIET_S:
            kind = KINDS[self._chance.below(len(KINDS))]
            length_s = 20 << self._chance.below(8)  # 20 s to 43 min
            self.faults[kind] += 1
            self._ends_s[kind] = min(second + length_s, DAY_S - QUIET_S)
            self._next_s = second + 20 + self._chance.below(1800)
            if kind not in ("dns", "low", "signal"):
                self.board.cut()
            if kind == "signal":
                for here in self._points:
                    here["rssi"] = -45 - self._chance.below(45)
            self._apply()

    def _apply(self):
        """The air by the faults that are on: "assoc" is one of the strongest access point only."""
        self.network.allowed = not self.is_on("low")
        fault = ""
        for kind in ("auth", "no_dhcp", "ip_conflict"):
            if self.is_on(kind):
                fault = kind
        best = max([here["rssi"] for here in self._points])
        for here in self._points:
            refuses = self.is_on("assoc") and here["rssi"] == best
            here["fault"] = "assoc" if refuses else fault
        self.board.points = [] if self.is_on("gone") else self._points


def heap():
    """Octets of the heap in use; 0 on CPython."""
    gc.collect()
    gc.collect()
    return gc.mem_alloc() if hasattr(gc, "mem_alloc") else 0
