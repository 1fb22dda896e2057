"""The device itself: version, uptime, time, supply, status lights of its services.

Rules    A bus-powered reader gets a few milliamperes from the meter's port, and its radio lowers
         the supply voltage: the lower it is, the longer a page waits between requests
Source   lights and pauses are those of the AMS reader's page
"""

from micropython import const
from state import GREEN, GREY, RED, YELLOW

TYPE_CHECKING = False
if TYPE_CHECKING:
    from contracts import Board

# The name of the product in the log, on the page and in discovery. The MQTT topic and client id
# `amsreader` and the host name ams-<MAC> differ, because owners' scripts use them.
PRODUCT = "HAN reader"
VERSION = "v0.1.0"
_MEASURED_MV = const(2500)  # no reader runs below it: a lower value is not a measurement
_FULL_MV = const(3300)
_SHORTEST_S = const(5)
_TICKS_MASK = 0x3FFFFFFF  # the device's millisecond counter has 30 bits; a PC's has more


class System:
    """Reads the board. Services set their lights here."""

    def __init__(self, board: "Board") -> None:
        self.board = board
        self.boot_reason, self.reset_cause = board.reset_cause()
        self.mqtt_light = GREY
        self.mqtt_error = 0
        self._ticks = board.ticks_ms()
        self._uptime_ms = 0

    def uptime_ms(self) -> int:
        """Milliseconds since start. It does not wrap if called at least every 12 days."""
        ticks = self.board.ticks_ms()
        self._uptime_ms += (ticks - self._ticks) & _TICKS_MASK
        self._ticks = ticks
        return self._uptime_ms

    def uptime_s(self) -> int:
        """Seconds since start."""
        return self.uptime_ms() // 1000

    def utc(self) -> int:
        """Seconds since 1970 UTC; 0 while the clock is not set."""
        return self.board.unix_time() if self.board.clock_is_set() else 0

    def unix_time(self) -> int:
        """Seconds since 1970 UTC; seconds since start while the clock is not set."""
        return self.board.unix_time() if self.board.clock_is_set() else self.uptime_s()

    def hostname(self, configured: str) -> str:
        """The configured name, or ams-<last two octets of the MAC, the last one first>."""
        if configured:
            return configured
        mac = self.board.mac()
        return "ams-%x" % (mac[5] << 8 | mac[4])

    def supply_light(self) -> int:
        """By supply voltage; GREEN if it cannot be measured."""
        mv = self.board.supply_mv()
        if mv < 2000 or 3100 < mv < 3500:
            return GREEN
        return YELLOW if 3000 < mv < 3600 else RED

    def poll_s(self) -> int:
        """Seconds that a page should wait between requests: on a bus-powered reader 50 s for each
        volt below 3.3."""
        mv = self.board.supply_mv()
        if not self.board.bus_powered or mv <= _MEASURED_MV:
            return _SHORTEST_S
        return max(_SHORTEST_S, -(-(_FULL_MV - mv) * 50 // 1000))

    def wifi_light(self) -> int:
        """By signal strength."""
        rssi = self.board.rssi_dbm()
        return GREEN if rssi > -75 else YELLOW if rssi > -95 else RED
