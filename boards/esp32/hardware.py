"""Class Board for an ESP32 or ESP32-S2: the only file that calls the chip's modules.

In       the constants of `board`
Limits   a stock MicroPython 1.28 or newer; no floats: they have 32 bits on the chip
Wire     RTC memory: 48 41 4E ("HAN") | cause 1 | XOR of these four 1 | octets of rtc_write()
Tested   compiled, and run with fakes of the chip's modules; not yet run on a chip
"""

import gc
import time

import board
import cryptolib
import machine
import network
import ntptime
from micropython import const

_HAN_UART = 1  # UART 0 is the REPL on every chip; an ESP32-S2 has no UART 2
_RING = 4096  # holds a telegram during a TLS handshake, when the reader does not run
_ECB = 1
_READINGS = 10  # samples of the supply voltage per average
_NO_ADDRESS = "0.0.0.0"
_NO_PINS = (
    "GPIO %d and %d cannot be the meter's line (%s); "
    "on an ESP32, PSRAM occupies 16 and 17: install the board esp32_psram"
)

_EPOCH = 946_684_800 if time.gmtime(0)[0] == 2000 else 0  # from the port's epoch to 1970
_FIRST_YEAR = 2026  # an earlier year means that the clock is not set
_NTP_ZERO = 2_085_978_496  # ntptime's unix time for timestamp 0: the server has no time

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
    """Read and clear RTC memory: the cause of reset() and the octets of rtc_write(); 0 and b""
    if it holds none.
    """
    memory = bytes(machine.RTC().memory())
    machine.RTC().memory(b"")
    if memory[:3] == _MEMORY_MAGIC and len(memory) >= 5 and _check_octet(memory[:5]) == 0:
        return memory[3], memory[5:]
    return 0, b""


def _output(pin: "int | None", inverted: bool) -> "machine.Pin | None":
    """The pin of an LED, switched off before it becomes an output."""
    return None if pin is None else machine.Pin(pin, machine.Pin.OUT, value=inverted)


class Board:
    """boards/README.md has the contract of each method."""

    def __init__(self) -> None:
        self.name = board.NAME
        self.board_id = board.ID
        self.chip = board.CHIP
        self.cpu_mhz = board.CPU_MHZ
        self.bus_powered = board.BUS_POWERED
        self.data_dir = ""
        self.www_dir = "/www"
        self.overrides: dict[str, object] = {}
        machine.freq(board.CPU_MHZ * 1_000_000)
        self._cause, self._rtc = _take_memory()
        self._uart: machine.UART | None = None
        self._wlan: network.WLAN | None = None
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
                    _HAN_UART,
                    baudrate=baud,
                    bits=bits,
                    parity=parity,
                    stop=stop,
                    invert=inversion,
                    tx=board.HAN_TX_PARKED,
                    rx=board.HAN_RX,
                    rxbuf=_RING,
                    timeout=0,
                )
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

    def sync_clock(self, host: str) -> None:
        ntptime.host = host
        ntptime.timeout = 1
        try:
            now = ntptime.time()
        except ValueError:  # a reply without a timestamp
            now = 0
        year, month, day, hour, minute, second, weekday = time.gmtime(now)[:7]
        if year < _FIRST_YEAR or now + _EPOCH == _NTP_ZERO:
            raise OSError("no time from " + host)
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

    def wifi_start(self, ssid: str, psk: str, hostname: str) -> None:
        network.hostname(hostname)  # before connect(): DHCP and mDNS read it then
        if self._wlan is None:
            self._wlan = network.WLAN(network.WLAN.IF_STA)
        else:
            self._wlan.disconnect()  # connect() fails during an earlier attempt
        self._wlan.active(True)
        if board.WIFI_PM is not None:
            modes = (network.WLAN.PM_NONE, network.WLAN.PM_PERFORMANCE, network.WLAN.PM_POWERSAVE)
            self._wlan.config(pm=modes[board.WIFI_PM])
        if board.WIFI_TX_DBM is not None:
            self._wlan.config(txpower=board.WIFI_TX_DBM)
        if psk:
            self._wlan.connect(ssid, psk)
        else:
            self._wlan.connect(ssid)

    def wifi_connected(self) -> bool:
        return self._wlan is not None and self._wlan.isconnected()

    def rssi_dbm(self) -> int:
        if self._wlan is None:
            return 0
        try:
            return self._wlan.status("rssi")
        except OSError:  # not connected
            return 0

    def ip_config(self) -> "tuple[str, str, str, str]":
        if self._wlan is None:
            return (_NO_ADDRESS, _NO_ADDRESS, _NO_ADDRESS, _NO_ADDRESS)
        return self._wlan.ifconfig()

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
        return pin_mv * (upper + lower) // lower

    def aes(self, key: bytes) -> cryptolib.aes:
        return cryptolib.aes(key, _ECB)

    def reset(self, cause: int) -> None:
        self._keep(cause)
        machine.reset()

    def _keep(self, cause: int) -> None:
        head = _MEMORY_MAGIC + bytes((cause & 0xFF,))
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

    def heap_free(self) -> int:
        return gc.mem_free()
