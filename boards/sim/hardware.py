"""Class Board for a PC: the methods of boards/esp32/hardware.py without a chip.

The meter is another process: uart.py.

Arguments  --wire HOST:PORT --data DIR --www DIR --http-port N --mqtt HOST:PORT
           --clock START,SINCE,SPEED  unix time START at the PC's time SINCE, SPEED times as fast
           --ntp HOST:PORT  the time server to ask; the clock is then not set at the start, runs as
                            fast as --clock, and is kept over a reset like that of a chip
           --dhcp HOST:PORT,PORT  the router's address, the port of its DHCP server, which is asked
                            for time servers in place of --ntp, and the port of these; the clock is
                            as with --ntp. With --ntp alone no DHCP server is asked
           --panel DIR  fits a red, a green and a single light and a button. The button is pressed
                        while the file DIR/button exists; each change of the lights is a line of
                        DIR/lights: ticks_ms(), then the lit ones of R, G, B and L, or -
           --radio DIR  a simulated radio, supply and temperature sensors: radio.py; without it the
                        station is always connected and the supply is not measured
           --dns-port N  UDP port of the setup mode's DNS
           --serial setting  prints the log as the setting debug_serial says; without it, always
           --watchdog N  the watchdog runs N times as fast and kills the process: tools/in_rom.py
                        watches the file DATA/fed. Without it nothing happens
           --hosts HOST:PORT  where the servers of prices are: all names with the ports 80 and 443
           --slots DIR  the two slots of the firmware: slots.py; without it there is one
           --faults DIR  failing hardware. The file DIR/uart makes the UART's any() fail: "block"
                        for ever, "raise" an exception; DIR/disk lets no file be opened to write.
                        DIR/files, looked at once: why there is no file system; files(True)
                        removes it
"""

import builtins
import gc
import os
import socket
import sys
import time

import cryptolib
from ondemand import visit
from storage import Storage
from uart import Uart

try:
    from standin import largest
except ImportError:

    def largest():
        return 0


RESTART_EXIT_CODE = 75  # tools/run.py starts the firmware again
_RTC_MOST = 2043
_PARITY = {None: "N", 0: "E", 1: "O"}
_ECB = 1
_FITTED = 27  # red, green, single LED, button
_ONE_WIRE = 32  # temperature sensors
_FULL = 28  # ENOSPC
_UNSET = 946684800  # what a chip's clock shows after power-on, 2000-01-01
_FIRST_YEAR = 1767225600  # 2026-01-01, as in boards/esp32


_open = open


class _Faults:
    """The failing hardware of --faults."""

    def __init__(self, folder):
        self._folder = folder
        if folder:
            builtins.open = self._open_or_refuse

    def of(self, part):
        """The content of the part's file; "" if it works."""
        if not self._folder:
            return ""
        try:
            with _open(self._folder + "/" + part) as f:
                return f.read().strip()
        except OSError:
            return ""

    def _open_or_refuse(self, path, mode="r"):
        if mode[0] in "wa" and self.of("disk"):
            raise OSError(_FULL)
        return _open(path, mode)

    def touch_uart(self):
        """Before each look at the UART."""
        fault = self.of("uart")
        while fault == "block":
            time.sleep_ms(100)
        if fault:
            raise ValueError("the UART is broken: " + fault)


class _Names:
    """The module socket, with one address for all servers of the web."""

    def __init__(self, place):
        self._place = place

    def __getattr__(self, name):
        return getattr(socket, name)

    def getaddrinfo(self, host, port, *rest):
        if port in (80, 443) and not host[:1].isdigit():
            host, port = self._place
        return socket.getaddrinfo(host, port, *rest)


def _arguments(argv):
    """["--name", "value", ...] as a dict; SystemExit for an unknown name."""
    known = {
        "wire": "",
        "data": "data",
        "www": "www",
        "http-port": "8080",
        "mqtt": "",
        "clock": "",
        "ntp": "",
        "dhcp": "",
        "panel": "",
        "radio": "",
        "dns-port": "",
        "serial": "on",
        "watchdog": "0",
        "faults": "",
        "hosts": "",
        "slots": "",
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
        with visit("boardchoice") as choice:
            board, self.not_chosen = choice.choose(Storage(args["data"], choice.NoLog()))
        self.name = board.NAME
        self.maker = board.MAKER
        self.family = board.FAMILY
        self.board_id = board.ID
        self.chip = board.CHIP
        self.cpu_mhz = board.CPU_MHZ
        self.bus_powered = board.POWER == "bus"
        self.meter_powered = False  # with --radio: if DIR/supply has a voltage at the start
        self.data_dir = args["data"]
        self.www_dir = args["www"]
        self.overrides = {"http_port": int(args["http-port"])}
        if args["serial"] == "on":
            self.overrides["debug_serial"] = True
        if args["mqtt"]:
            self.overrides["mqtt_host"], self.overrides["mqtt_port"] = _host_port(args["mqtt"])
        if args["dns-port"]:
            self.overrides["dns_port"] = int(args["dns-port"])
        self._radio = None
        if args["radio"]:
            from radio import Radio

            self._radio = Radio(args["radio"])
            self.meter_powered = self._radio.supply_mv() > 0
        self._clock = [_thousandths(part) for part in args["clock"].split(",") if part]
        if args["hosts"]:
            sys.modules["socket"] = _Names(_host_port(args["hosts"]))
        self._faults = faults = _Faults(args["faults"])
        if self.files(False):
            self.data_dir = args["faults"] + "/files"  # where no file can be
        self._uart = Uart(*_host_port(args["wire"]), faults) if args["wire"] else None
        self._watchdog_speed = int(args["watchdog"])
        self._rtc = self._take("rtc")
        if not self._exists("reset"):
            self._rtc = b""  # the power was off
        self.clock_right = not args["ntp"] and not args["dhcp"]
        self.clock_sure = self.clock_right
        self._offset_s = 0  # of the hardware clock from the PC's
        self._router = ""
        if args["dhcp"]:
            dhcp, _, port = args["dhcp"].partition(",")
            self._router, self.overrides["dhcp_port"] = _host_port(dhcp)
            self.overrides["ntp_port"] = int(port)
        if args["ntp"]:
            self.overrides["ntp_server"] = args["ntp"]
            self.overrides.setdefault("dhcp_port", 0)
        if not self.clock_right:
            self._offset_s = _UNSET - self.unix_time()
            kept = self._take("clock")
            if kept:
                self._offset_s, self.clock_sure = [int(number) for number in kept.split()]
        self._slots = args["slots"]
        self._panel = args["panel"]
        self.fitted = _FITTED if self._panel else 0
        if self._radio and self._radio.has_sensors():
            self.fitted += _ONE_WIRE
        self.leds = [False, False, False, False]  # red, green, blue, single
        self.fed_at = 0

    def _take(self, name):
        """The content of a file that reset() wrote, which is removed; b"" without it."""
        path = self.data_dir + "/" + name
        try:
            with open(path, "rb") as f:
                octets = f.read()
            os.remove(path)
            return octets
        except OSError:
            return b""

    def _exists(self, name):
        try:
            os.stat(self.data_dir + "/" + name)
            return True
        except OSError:
            return False

    def uart(self, baud, bits, parity, stop, invert):
        if self._uart is None:
            raise OSError("no wire: start with --wire HOST:PORT")
        self._uart.configure(
            b"L %d %d%s%d %d\n" % (baud, bits, _PARITY[parity].encode(), stop, invert)
        )
        return self._uart

    def unix_time(self):
        if not self._clock:
            return int(time.time()) + self._offset_s
        start, since, speed = self._clock
        now = time.time_ns() // 1000000
        return (start + (now - since) * speed // 1000) // 1000 + self._offset_s

    def clock_is_set(self):
        return self.unix_time() >= _FIRST_YEAR

    def set_clock(self, utc):
        self._offset_s += utc - self.unix_time()

    def ticks_ms(self):
        return time.ticks_ms()

    def led(self, on):
        self._set_lights(self.leds[:3] + [bool(on)])

    def rgb(self, red, green, blue):
        self._set_lights([bool(red), bool(green), bool(blue), self.leds[3]])

    def _set_lights(self, leds):
        if leds != self.leds:
            self.leds = leds
            if self._panel:
                lit = "".join([name for name, on in zip("RGBL", leds) if on])
                with open(self._panel + "/lights", "a") as f:
                    f.write("%d %s\n" % (time.ticks_ms(), lit or "-"))

    def button(self):
        try:
            os.stat(self._panel + "/button")
            return bool(self._panel)
        except OSError:
            return False

    def mac(self):
        return b"\x02\x00\x00\x00\x1e\x4b"  # locally administered: no maker's number

    def station_start(self, ssid, psk, bssid, hostname, address):
        if self._radio:
            self._radio.station_start(ssid, psk, bssid, hostname, address)

    def station_stop(self):
        if self._radio:
            self._radio.station_stop()

    def station_status(self):
        return self._radio.station_status() if self._radio else 2

    def radio(self, sleep, tx_ddbm):
        if self._radio:
            self._radio.radio(sleep, tx_ddbm)

    def scan(self):
        return self._radio.scan() if self._radio else []

    def ap_start(self, ssid, psk):
        if self._radio:
            self._radio.ap_start(ssid, psk)

    def ap_stop(self):
        if self._radio:
            self._radio.ap_stop()

    def ap_clients(self):
        return self._radio.ap_clients() if self._radio else 0

    def rssi_dbm(self):
        return self._radio.rssi_dbm() if self._radio else -58

    def ip_config(self):
        if self._radio:
            return self._radio.ip_config()
        return ("127.0.0.1", "255.0.0.0", self._router, "")

    def supply_mv(self):
        return self._radio.supply_mv() if self._radio else 0

    def temperatures(self):
        return self._radio.temperatures() if self._radio else []

    def aes(self, key):
        return cryptolib.aes(key, _ECB)

    def rtc_read(self):
        return self._rtc

    def rtc_write(self, octets):
        if len(octets) <= _RTC_MOST:
            self._rtc = octets
            if self._watchdog_speed:  # it may end this process at any time
                self._write("rtc", octets)

    def _write(self, name, content):
        with _open(self.data_dir + "/" + name, "wb") as f:
            f.write(content)

    def reset(self, cause):
        self._restart("12 %d" % cause)

    def deep_sleep(self, ms):
        """Ends the process at once: a chip's sockets are gone during its sleep too."""
        if self._radio:
            self._radio.sleep(ms)
        self._restart("5 0")

    def _restart(self, reason_and_cause):
        try:
            self._write("rtc", self._rtc)  # at a reset only, if no watchdog runs
            if not self.clock_right:
                self._write("clock", b"%d %d" % (self._offset_s, self.clock_sure))
            self._write("reset", reason_and_cause.encode())
        except OSError:
            pass  # the PC's disk is full: restart without it
        sys.exit(RESTART_EXIT_CODE)

    def reset_cause(self):
        path = self.data_dir + "/reset"
        try:
            with open(path) as f:
                reason, cause = f.read().split()
            os.remove(path)
            return int(reason), int(cause)
        except (OSError, ValueError):
            return 1, 0

    def start_watchdog(self, timeout_ms):
        if self._watchdog_speed:
            self._limit_ms = timeout_ms // self._watchdog_speed
            self.feed_watchdog()

    def feed_watchdog(self):
        self.fed_at = time.ticks_ms()
        if self._watchdog_speed:
            self._write("fed", b"%d" % self._limit_ms)

    def slots(self):
        with visit("slots") as module:
            return module.find(self._slots)

    def heap_free(self):
        return gc.mem_free()

    def heap_largest(self):
        return largest()

    def files(self, make):
        if make:
            os.remove(self.data_dir)
        return self._faults.of("files")
