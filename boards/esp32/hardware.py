"""Class Board for an ESP32 or ESP32-S2: the only file that calls the chip's modules.

In       the constants of the board that boardchoice finds
Limits   a stock MicroPython 1.28 or newer; no floats, of 32 bits, but the driver's transmit power
Wire     RTC memory: 48 41 4E ("HAN") | cause 1, bit 7: clock_sure | XOR of these four 1 |
         octets of rtc_write()
Tested   compiled, and run with fakes of the chip's modules; not yet run on a chip
"""

import gc
import os
import time

import cryptolib
import machine
import network
from micropython import const
from ondemand import visit
from storage import Storage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from contracts import Slots
    from sensors import Sensors

with visit("boardchoice") as board:  # no name of its own: it would keep the module loaded
    board, _not_chosen = board.choose(Storage("", board.NoLog()))
_HAN_UART = 1  # UART 0 is the REPL on every chip; an ESP32-S2 has no UART 2
_RING = 12288  # octets of 1066 ms at 115200 baud: the arithmetic of a TLS handshake takes less
_READINGS = 10  # samples of the supply voltage per average
_NO_ADDRESS = "0.0.0.0"
_REFUSED = (OSError, RuntimeError, ValueError)  # what the Wi-Fi driver raises
_SSID_MOST = const(32)  # octets: the driver would cut a longer one
_PSK_MOST = const(64)
_AP_PSK_MOST = const(63)
_AP_CLIENTS = const(4)
_STAT_IDLE = const(1000)
_STAT_CONNECTING = const(1001)
_STAT_GOT_IP = const(1010)
_UNSPECIFIED = const(1)  # this and the next three: reasons of the driver
_AUTH_EXPIRED = const(2)
_LEFT = const(8)  # one end closed the link
_ASSOC_FAILED = const(203)
_OFF, _CONNECTING, _CONNECTED = const(0), const(1), const(2)  # of station_status()
_OLD_REASON_MS = const(10000)  # an attempt without an access point ends before
_MOST_DDBM = const(200)
_NO_PINS = "GPIO %d and %d cannot be the meter's line (%s); PSRAM of an ESP32 is on 16 and 17"
_EPOCH = 946_684_800 if time.gmtime(0)[0] == 2000 else 0  # from the port's epoch to 1970
_FIRST_YEAR = 2026  # an earlier year means that the clock was not set since power-on
_MEMORY_MAGIC = b"HAN"
_RTC_MOST = const(2043)  # of 2048 octets
# /sysinfo.json has the ROM's numbers; machine.reset_cause() has groups of them.
_ROM_REASON = {
    machine.PWRON_RESET: 1,  # brown-out too: MicroPython reports both as power-on
    machine.HARD_RESET: 12,  # machine.reset(), a crash of the firmware, the reset pin
    machine.WDT_RESET: 4,  # any of the watchdogs
    machine.DEEPSLEEP_RESET: 5,
    machine.SOFT_RESET: 3,  # restart of the interpreter only
}


def _check_octet(octets: bytes) -> int:
    check = 0
    for octet in octets:
        check ^= octet
    return check


def _take_memory() -> "tuple[int, bytes]":
    """Read and clear RTC memory: the cause of reset() with bit 7 and the octets of rtc_write();
    0 and b"" if it holds none."""
    memory = bytes(machine.RTC().memory())
    machine.RTC().memory(b"")
    if memory[:3] == _MEMORY_MAGIC and len(memory) >= 5 and _check_octet(memory[:5]) == 0:
        return memory[3], memory[5:]
    return 0, b""


def _output(pin: "int | None", inverted: bool) -> "machine.Pin | None":
    """The pin of an LED, switched off before it becomes an output."""
    return None if pin is None else machine.Pin(pin, machine.Pin.OUT, value=inverted)


def _fitted() -> int:
    """The bits of Board.fitted."""
    pins = board.RGB + (board.LED, board.BUTTON, board.ONE_WIRE)
    return sum([1 << i for i in range(len(pins)) if pins[i] is not None])


def _switch_off(interface: network.WLAN) -> None:
    """Returns when the driver has stopped: its end may not look like that of the next attempt."""
    try:
        interface.active(False)
    except _REFUSED:
        pass


class Board:
    """boards/README.md has the contract of each method."""

    def __init__(self) -> None:
        self.not_chosen = _not_chosen
        self.name = board.NAME
        self.maker = board.MAKER
        self.family = board.FAMILY
        self.board_id = board.ID
        self.chip = board.CHIP
        self.cpu_mhz = board.CPU_MHZ
        self.bus_powered = board.POWER == "bus"
        self.meter_powered = board.POWER != "usb"
        self.fitted = _fitted()
        self.data_dir = ""
        self.www_dir = "/www"
        self.clock_right = False
        self.overrides: dict[str, object] = {}
        machine.freq(board.CPU_MHZ * 1_000_000)
        cause, self._rtc = _take_memory()
        self._cause = cause & 0x7F
        self.clock_sure = cause > 0x7F
        self._uart: machine.UART | None = None
        self._station: network.WLAN | None = None  # None: off
        self._ap: network.WLAN | None = None
        self._old_status = 0  # of the driver before the present attempt
        self._begun_ms = 0  # of the present attempt
        self._was_connected = False  # in the present attempt
        self._sleep: int | None = None
        self._tx_ddbm: int | None = None
        self._sensors: "Sensors | None" = None
        self._watchdog: machine.WDT | None = None
        self._led = _output(board.LED, board.LED_INVERTED)
        self._rgb = [_output(pin, board.RGB_INVERTED) for pin in board.RGB]
        self._button = None
        if board.BUTTON is not None:
            self._button = machine.Pin(board.BUTTON, machine.Pin.IN, machine.Pin.PULL_UP)
        self._vcc = None
        if board.VCC_ADC is not None:
            self._vcc = machine.ADC(machine.Pin(board.VCC_ADC), atten=machine.ADC.ATTN_11DB)

    def uart(
        self, baud: int, bits: int, parity: "int | None", stop: int, invert: bool
    ) -> machine.UART:
        inversion = machine.UART.INV_RX if invert else 0
        if self._uart is None:
            # The default of tx is GPIO 10: the supply's ADC on a Pow, flash on an ESP32. tx=-1
            # means "none" only from MicroPython 1.29 on. So tx gets an unused pin.
            try:
                self._uart = machine.UART(
                    _HAN_UART, baudrate=baud, bits=bits, parity=parity, stop=stop,
                    invert=inversion, tx=board.HAN_TX_PARKED, rx=board.HAN_RX, rxbuf=_RING,
                    timeout=0,
                )  # fmt: skip
            except ValueError as error:
                raise OSError(_NO_PINS % (board.HAN_RX, board.HAN_TX_PARKED, error))
        else:
            # With rxbuf or pins as arguments, init() would install the driver again.
            self._uart.init(baudrate=baud, bits=bits, parity=parity, stop=stop, invert=inversion)
        machine.Pin(board.HAN_TX_PARKED, machine.Pin.IN)  # disconnects the transmitter
        if not board.HAN_RX_PULLUP:
            # The UART driver enables the pull-up. pull=None is documented, but not in the stub.
            machine.Pin(board.HAN_RX, machine.Pin.IN, pull=None)  # type: ignore[arg-type]
        pending = self._uart.any()
        if pending:
            self._uart.read(pending)
        return self._uart

    def unix_time(self) -> int:
        return int(time.time()) + _EPOCH

    def clock_is_set(self) -> bool:
        return time.gmtime()[0] >= _FIRST_YEAR

    def set_clock(self, utc: int) -> None:
        year, month, day, hour, minute, second, weekday = time.gmtime(utc - _EPOCH)[:7]
        machine.RTC().datetime((year, month, day, weekday, hour, minute, second, 0))

    def ticks_ms(self) -> int:
        return time.ticks_ms()  # type: ignore[return-value]  # an int: the stub has another type

    def led(self, on: bool) -> None:
        if self._led is not None:
            self._led.value(bool(on) != board.LED_INVERTED)

    def rgb(self, red: bool, green: bool, blue: bool) -> None:
        for pin, on in zip(self._rgb, (red, green, blue)):
            if pin is not None:
                pin.value(bool(on) != board.RGB_INVERTED)

    def button(self) -> bool:
        return self._button is not None and not self._button.value()

    def mac(self) -> bytes:
        return machine.unique_id()  # the station's address, known before Wi-Fi is up

    def station_start(
        self, ssid: str, psk: str, bssid: bytes, hostname: str, address: "tuple[str, ...]"
    ) -> None:
        self.station_stop()
        if not 0 < len(ssid.encode()) <= _SSID_MOST or len(psk) > _PSK_MOST:
            raise OSError("an SSID has 1 to 32 octets, a key at most 64")
        try:
            network.hostname(hostname)  # before connect(): DHCP and mDNS read it then
            station = self._station = network.WLAN(network.WLAN.IF_STA)
            station.active(True)
            station.config(reconnects=0)
            self._use_radio(station)
            if address:
                ip, mask, gateway, dns = address
                station.ifconfig((ip, mask, gateway or _NO_ADDRESS, dns or _NO_ADDRESS))
            else:
                station.ipconfig(dhcp4=True)
            self._old_status = station.status()
            self._begun_ms = self.ticks_ms()
            self._was_connected = False
            station.connect(ssid, psk or None, bssid=bssid or None)
        except _REFUSED as error:
            self.station_stop()
            raise OSError(str(error))

    def station_stop(self) -> None:
        if self._station is not None:
            try:
                self._station.disconnect()
            except _REFUSED:  # not started
                pass
            _switch_off(self._station)
            self._station = None

    def station_status(self) -> int:
        """The driver keeps the reason of an earlier failure until the station has an address,
        and shows reason 8 as idle."""
        if self._station is None:
            return _OFF
        status = self._station.status()
        if status == _STAT_GOT_IP:
            self._was_connected = True
            return _CONNECTED
        if status == _STAT_CONNECTING:
            return _CONNECTING
        if status in (_UNSPECIFIED, _AUTH_EXPIRED):
            status = _ASSOC_FAILED  # as a status they mean "connecting" and "connected"
        if self._was_connected:
            return _LEFT if status == _STAT_IDLE else status
        if status in (_STAT_IDLE, _LEFT):
            return _CONNECTING
        if status == self._old_status:
            # This number may be of an earlier attempt. With RSSI there is a link, and DHCP runs.
            if time.ticks_diff(time.ticks_ms(), self._begun_ms) < _OLD_REASON_MS:
                return _CONNECTING
            if self.rssi_dbm():
                return _CONNECTING
        return status

    def radio(self, sleep: "int | None", tx_ddbm: "int | None") -> None:
        self._sleep = sleep
        self._tx_ddbm = tx_ddbm
        interface = self._station or self._ap
        if interface is not None:
            try:
                self._use_radio(interface)
            except _REFUSED as error:
                raise OSError(str(error))

    def _use_radio(self, interface: network.WLAN) -> None:
        """Set modem sleep and transmit power of the driver, which must be active."""
        sleep = board.WIFI_PM if self._sleep is None else self._sleep
        if sleep is None:
            sleep = 1  # the driver's default
        modes = (network.WLAN.PM_NONE, network.WLAN.PM_PERFORMANCE, network.WLAN.PM_POWERSAVE)
        tx_ddbm = self._tx_ddbm
        if tx_ddbm is None:
            tx_ddbm = _MOST_DDBM if board.WIFI_TX_DBM is None else board.WIFI_TX_DBM * 10
        # One call: each one sets the interface's own settings again.
        interface.config(pm=modes[sleep], txpower=tx_ddbm / 10)

    def scan(self) -> "list[tuple[bytes, bytes, int, int, int]]":
        station = network.WLAN(network.WLAN.IF_STA)
        try:
            station.active(True)
            return [found[:5] for found in station.scan()]
        except _REFUSED as error:
            raise OSError(str(error))
        finally:
            if self._station is None:
                _switch_off(station)

    def ap_start(self, ssid: str, psk: str) -> None:
        self.ap_stop()
        if not 0 < len(ssid.encode()) <= _SSID_MOST or len(psk) > _AP_PSK_MOST:
            raise OSError("an SSID has 1 to 32 octets, a key 8 to 63")
        try:
            self._ap = network.WLAN(network.WLAN.IF_AP)
            self._ap.active(True)  # the driver takes no settings of an interface that is off
            security = network.WLAN.SEC_WPA2 if psk else network.WLAN.SEC_OPEN
            self._ap.config(ssid=ssid, key=psk, security=security, max_clients=_AP_CLIENTS)
            self._use_radio(self._ap)
        except _REFUSED as error:
            self.ap_stop()
            raise OSError(str(error))

    def ap_stop(self) -> None:
        if self._ap is not None:
            _switch_off(self._ap)
            self._ap = None

    def ap_clients(self) -> int:
        if self._ap is None:
            return 0
        try:
            return len(self._ap.status("stations"))  # type: ignore[arg-type]  # a list
        except _REFUSED:
            return 0

    def rssi_dbm(self) -> int:
        if self._station is None:
            return 0
        try:
            return self._station.status("rssi")
        except _REFUSED:  # not connected
            return 0

    def ip_config(self) -> "tuple[str, str, str, str]":
        interface = self._station or self._ap
        if interface is None:
            return (_NO_ADDRESS, _NO_ADDRESS, _NO_ADDRESS, _NO_ADDRESS)
        return interface.ifconfig()

    def supply_mv(self) -> int:
        if self._vcc is None:
            return 0
        total_uv = 0
        try:
            for _ in range(_READINGS):
                total_uv += self._vcc.read_uv()
        except OSError:  # the converter gave no valid result
            return 0
        pin_mv = (total_uv + 500 * _READINGS) // (1000 * _READINGS)
        if board.VCC_DIVIDER is None:
            return pin_mv
        upper, lower = board.VCC_DIVIDER  # from supply to pin, from pin to ground
        return int(pin_mv * (upper + lower) // lower)

    def temperatures(self) -> "list[tuple[bytes, int]]":
        if board.ONE_WIRE is None:
            return []
        if self._sensors is None:  # its modules are imported on boards with a pin only
            from sensors import Sensors

            self._sensors = Sensors(board.ONE_WIRE)
        return self._sensors.read()

    def aes(self, key: bytes) -> cryptolib.aes:
        return cryptolib.aes(key, 1)  # ECB

    def reset(self, cause: int) -> None:
        self._keep(cause)
        machine.reset()

    def deep_sleep(self, ms: int) -> None:
        self._keep(0)
        machine.deepsleep(ms)

    def _keep(self, cause: int) -> None:
        head = _MEMORY_MAGIC + bytes((cause & 0x7F | (0x80 if self.clock_sure else 0),))
        machine.RTC().memory(head + bytes((_check_octet(head),)) + self._rtc)

    def rtc_read(self) -> bytes:
        return self._rtc

    def rtc_write(self, octets: bytes) -> None:
        if len(octets) <= _RTC_MOST:
            self._rtc = octets
            self._keep(0)

    def reset_cause(self) -> "tuple[int, int]":
        return _ROM_REASON.get(machine.reset_cause(), 0), self._cause

    def start_watchdog(self, timeout_ms: int) -> None:
        self._watchdog = machine.WDT(timeout=timeout_ms)

    def feed_watchdog(self) -> None:
        if self._watchdog is not None:
            self._watchdog.feed()

    def slots(self) -> "Slots | None":
        with visit("slots") as module:
            return module.find()  # type: ignore[no-any-return]

    def heap_free(self) -> int:
        return gc.mem_free()

    def heap_largest(self) -> int:
        return 0  # MicroPython prints it, but no function returns it

    def files(self, make: bool) -> str:
        if os.statvfs("/")[2] and not make:
            return ""
        with visit("data_partition") as module:  # of an image
            use = module.make if make else module.content
            return use(module.find())  # type: ignore[no-any-return]
