"""Class Board for a PC: the methods of boards/esp32/hardware.py without a chip.

The meter is another process. The UART is a TCP connection to it:
    reader -> meter   b"L 2400 8E1 0\\n"   the line settings, at each call of uart()
    meter -> reader   the octets that a UART with those settings receives
The meter sends the garbage that a real UART receives with wrong settings.

Arguments  --wire HOST:PORT --data DIR --www DIR --http-port N --mqtt HOST:PORT
           --clock START,SINCE,SPEED  unix time START at the PC's time SINCE, SPEED times as fast
"""

import gc
import os
import socket
import sys
import time

import board
import cryptolib

try:
    from standin import buffer  # outside the heap, like the buffer of the chip's UART driver
except ImportError:
    buffer = bytearray

RESTART_EXIT_CODE = 75  # tools/run.py starts the firmware again
_RING = 4096
_RTC_MOST = 2043
_PARITY = {None: "N", 0: "E", 1: "O"}
_ECB = 1


class _Uart:
    """The reader's end of the connection; after a loss it reconnects by itself."""

    def __init__(self, host, port):
        self._address = socket.getaddrinfo(host, port)[0][-1]
        self._sock = None
        self._settings = b""
        self._retry_at = 0
        self._view = memoryview(buffer(_RING))
        self._begin = 0  # begin of the pending octets in _view
        self._fill = 0  # end of the pending octets

    def configure(self, settings):
        self._settings = settings
        self._begin = self._fill = 0
        if self._sock:
            try:
                while self._sock.readinto(self._view):  # drop octets of the old settings
                    pass
                self._sock.write(settings)
            except OSError:
                self._drop()

    def _drop(self):
        if self._sock:
            self._sock.close()
            self._sock = None
        self._retry_at = time.ticks_add(time.ticks_ms(), 500)

    def _connect(self):
        if time.ticks_diff(time.ticks_ms(), self._retry_at) < 0:
            return
        sock = socket.socket()
        try:
            sock.connect(self._address)
            sock.setblocking(False)
            sock.write(self._settings)
            self._sock = sock
        except OSError:
            sock.close()
            self._drop()

    def any(self):
        """Receive octets. Returns the number that readinto() can move now."""
        if self._sock is None:
            self._connect()
        if self._fill == _RING and self._begin:
            count = self._fill - self._begin
            self._view[:count] = self._view[self._begin :]
            self._begin, self._fill = 0, count
        if self._sock and self._fill < _RING:
            try:
                got = self._sock.readinto(self._view[self._fill :])
            except OSError:
                got = 0
            if got == 0:
                self._drop()
            elif got:
                self._fill += got
        return self._fill - self._begin

    def readinto(self, buf, nbytes):
        """Move at most nbytes received octets to buf. Returns their number, None for 0."""
        count = min(nbytes, self._fill - self._begin, len(buf))
        if not count:
            return None
        buf[:count] = self._view[self._begin : self._begin + count]
        self._begin += count
        if self._begin == self._fill:
            self._begin = self._fill = 0
        return count


def _arguments(argv):
    """["--name", "value", ...] as a dict; SystemExit for an unknown name."""
    known = {
        "wire": "",
        "data": "data",
        "www": "www",
        "http-port": "8080",
        "mqtt": "",
        "clock": "",
    }
    for name, value in zip(argv[::2], argv[1::2]):
        if name[:2] != "--" or name[2:] not in known:
            raise SystemExit("unknown argument " + name)
        known[name[2:]] = value
    return known


def _thousandths(text):
    """A decimal text in thousandths, without a float: 32 bits are too few for a unix time."""
    whole, _, rest = text.partition(".")
    return int(whole) * 1000 + int((rest + "000")[:3])


def _host_port(text):
    host, port = text.rsplit(":", 1)
    return host, int(port)


class Board:
    """boards/README.md has the contract of each method."""

    def __init__(self):
        args = _arguments(sys.argv[1:])
        self.name = board.NAME
        self.board_id = board.ID
        self.chip = board.CHIP
        self.cpu_mhz = board.CPU_MHZ
        self.bus_powered = board.BUS_POWERED
        self.data_dir = args["data"]
        self.www_dir = args["www"]
        self.overrides = {"http_port": int(args["http-port"])}
        if args["mqtt"]:
            self.overrides["mqtt_host"], self.overrides["mqtt_port"] = _host_port(args["mqtt"])
        self._clock = [_thousandths(part) for part in args["clock"].split(",") if part]
        self._uart = _Uart(*_host_port(args["wire"])) if args["wire"] else None
        self._rtc = self._take_rtc()
        self.leds = [False, False, False]
        self.fed_at = 0

    def _take_rtc(self):
        path = self.data_dir + "/rtc"
        try:
            with open(path, "rb") as f:
                octets = f.read()
            os.remove(path)
            return octets
        except OSError:
            return b""

    def uart(self, baud, bits, parity, stop, invert):
        if self._uart is None:
            raise OSError("no wire: start with --wire HOST:PORT")
        self._uart.configure(
            b"L %d %d%s%d %d\n" % (baud, bits, _PARITY[parity].encode(), stop, invert)
        )
        return self._uart

    def unix_time(self):
        if not self._clock:
            return int(time.time())
        start, since, speed = self._clock
        now = time.time_ns() // 1000000
        return (start + (now - since) * speed // 1000) // 1000

    def clock_is_set(self):
        return True

    def sync_clock(self, host):
        pass  # the PC's clock is right

    def ticks_ms(self):
        return time.ticks_ms()

    def led(self, on):
        self.leds[1] = on

    def rgb(self, red, green, blue):
        self.leds[0], self.leds[1], self.leds[2] = red, green, blue

    def button(self):
        return False

    def mac(self):
        return b"\x02\x00\x00\x00\x1e\x4b"  # locally administered: no maker's number

    def wifi_start(self, ssid, psk, hostname):
        pass

    def wifi_connected(self):
        return True

    def rssi_dbm(self):
        return -58

    def ip_config(self):
        return ("127.0.0.1", "255.0.0.0", "", "")

    def supply_mv(self):
        return 0

    def aes(self, key):
        return cryptolib.aes(key, _ECB)

    def rtc_read(self):
        return self._rtc

    def rtc_write(self, octets):
        if len(octets) <= _RTC_MOST:
            self._rtc = octets

    def reset(self, cause):
        try:
            with open(self.data_dir + "/rtc", "wb") as f:  # written at a reset only
                f.write(self._rtc)
            with open(self.data_dir + "/reset", "w") as f:
                f.write(str(cause))
        except OSError:
            pass  # disk full: restart without it
        sys.exit(RESTART_EXIT_CODE)

    def reset_cause(self):
        path = self.data_dir + "/reset"
        try:
            with open(path) as f:
                cause = int(f.read())
            os.remove(path)
            return 12, cause
        except (OSError, ValueError):
            return 1, 0

    def start_watchdog(self, timeout_ms):
        self.fed_at = time.ticks_ms()

    def feed_watchdog(self):
        self.fed_at = time.ticks_ms()

    def heap_free(self):
        return gc.mem_free()
