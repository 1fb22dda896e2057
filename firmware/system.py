"""The device itself: version, uptime, time, supply, status lights of its services.

Rules    A bus-powered reader gets a few milliamperes from the meter's port, and its radio lowers
         the supply voltage: the lower it is, the longer a page waits between requests
Source   lights and pauses are those of the AMS reader's page
"""

from judge import Judge
from micropython import const
from state import GREEN, GREY, RED, YELLOW

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from contracts import Board

# The name of the product in the log, on the page and in discovery. Topic, client id and host name
# begin with ams-, as those of AMS readers do.
PRODUCT = "HAN reader"
VERSION = "v0.1.0"
BUILT_UTC = 1767225600  # 2026-01-01: set it at each release. An earlier time is not believed
NOT_READ = const(-12700)  # hundredths of 1 degree Celsius: no temperature
_MEASURED_MV = const(2500)  # no reader runs below it: a lower value is not a measurement
_FULL_MV = const(3300)
_SHORTEST_S = const(5)
_LONGEST_TIER_S = const(30)
_UNMEASURED_MV = const(2000)
# Places in System.supply; device.tiers has the others.
_OFFSET_MV = const(0)  # added to the measured voltage
_MULTIPLIER = const(1)  # of the sum, in thousandths
_MV = const(2)  # the newest sample, and the one before it
_BEFORE = const(3)
_LOW = const(4)
_HIGH = const(5)
_LOWEST = const(6)
_WAIT_S = const(7)
_PLACES = const(16)
_TICKS_MASK = 0x3FFFFFFF  # the device's millisecond counter has 30 bits; a PC's has more


class System:
    """Reads the board. Services set their lights here.

    tier  how much is left out because of a low supply voltage: the number of a row of the table
          in device.tiers. A service asks it before each piece of work
    """

    # Set by device/temperature.py on a board with sensors; both in hundredths of 1 degree Celsius.
    temperatures: "list[tuple[bytes, int]] | tuple[()]" = ()  # (8 octets of address, value)
    temperature_cdeg = NOT_READ  # the mean
    price_documents = 0  # that came by mqtt.commands in an hour of the uptime: a number of both
    mqtt_due = 0  # bits 1 << kind: what mqtt.publisher is to publish next
    upgrade: "list[Any] | None" = None  # see upgrade.notes
    alarms = 0  # bits of mqtt.events: the conditions that hold
    alarms_changed = 0  # those that have begun or ended since they were published

    def __init__(self, board: "Board") -> None:
        self.board = board
        self.judge = Judge(board, BUILT_UTC)
        self.boot_reason, self.reset_cause = board.reset_cause()
        self.mqtt_light = GREY
        self.mqtt_error = 0
        self.mqtt_off = 0  # bits: why MQTT pauses: 1 the heap is nearly full, 2 restart, 4 supply
        self.memory_errors = 0  # allocations that failed, where one may: since start
        self.sheds = 0  # times that work was ended because the heap was nearly full
        self.tier = 0
        self.supply = [0] * _PLACES
        self.supply[_MULTIPLIER] = 1000
        self.lows = bytearray()  # see device.tiers
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
        """The believed time in seconds since 1970 UTC; 0 while there is none."""
        return self.judge.utc()

    def unix_time(self) -> int:
        """The believed time in seconds since 1970 UTC; seconds since start while there is none."""
        return self.judge.utc() or self.uptime_s()

    def hostname(self, configured: str) -> str:
        """The configured name, or ams-<last two octets of the MAC, the last one first>."""
        if configured:
            return configured
        mac = self.board.mac()
        return "ams-%x" % (mac[5] << 8 | mac[4])

    def supply_mv(self) -> int:
        """The supply voltage in mV by the board and the owner's calibration; 0: not measured."""
        mv = self.board.supply_mv()
        if mv:
            mv = (mv + self.supply[_OFFSET_MV]) * self.supply[_MULTIPLIER] // 1000
        return max(0, mv)

    def supply_due(self) -> bool:
        """Take a sample of the supply voltage: call it once a second. True if device.power is to
        look at it."""
        s = self.supply
        mv = self.supply_mv()
        s[_BEFORE] = s[_MV]
        s[_MV] = mv
        s[_WAIT_S] -= 1
        if mv >= _UNMEASURED_MV:
            s[_LOWEST] = min(s[_LOWEST], mv)
        mv = max(mv, s[_BEFORE])
        if mv >= _UNMEASURED_MV and not s[_LOW] <= mv < s[_HIGH]:
            return True
        return s[_WAIT_S] <= 0

    def supply_light(self) -> int:
        """By supply voltage; GREEN if it cannot be measured."""
        mv = self.supply_mv()
        if mv < _UNMEASURED_MV or 3100 < mv < 3500:
            return GREEN
        return YELLOW if 3000 < mv < 3600 else RED

    def poll_s(self) -> int:
        """Seconds that a page should wait between requests: on a bus-powered reader 50 s for each
        volt below 3.3; on any at least 10, 20 and 30 s in the tiers 1, 2 and above."""
        pause_s = min(_SHORTEST_S << min(self.tier, 3), _LONGEST_TIER_S)
        mv = self.supply_mv()
        if not self.board.bus_powered or mv <= _MEASURED_MV:
            return pause_s
        return max(pause_s, -(-(_FULL_MV - mv) * 50 // 1000))

    def wifi_light(self) -> int:
        """By signal strength."""
        rssi = self.board.rssi_dbm()
        return GREEN if rssi > -75 else YELLOW if rssi > -95 else RED
