"""The Board of an ESP32, with fakes of the chip's modules that record calls.

The behaviour of a real chip is not tested here.
"""

import importlib.util
import os
import sys
import time
import types

import pytest
from han import reader

from tools.boards import board_constants
from tools.build import ROOT

CHIP = ROOT / "boards/esp32/hardware.py"


class Pin:
    IN, OUT, PULL_UP = "in", "out", "up"
    made = {}  # number -> arguments of each construction, last first

    def __init__(self, number, *args, **kwargs):
        self.level = kwargs.get("value")
        Pin.made.setdefault(number, []).insert(0, (args, kwargs))
        self.number = number

    def value(self, level=None):
        if level is None:
            return self.level
        self.level = level
        return None


class Uart:
    INV_RX = 4
    taken = ()  # pins of the PSRAM

    def __init__(self, number, **settings):
        if settings["rx"] in Uart.taken or settings["tx"] in Uart.taken:
            raise ValueError("invalid pin")
        self.number = number
        self.calls = [settings]
        self.pending = b"left over"

    def init(self, **settings):
        self.calls.append(settings)
        self.pending = b"left over"

    def any(self):
        return len(self.pending)

    def read(self, count):
        got, self.pending = self.pending[:count], self.pending[count:]
        return got


class Adc:
    ATTN_11DB = 3
    readings = []

    def __init__(self, pin, atten):
        self.pin, self.atten = pin.number, atten

    def read_uv(self):
        if not Adc.readings:
            raise OSError(-258)
        return Adc.readings.pop(0)


class Rtc:
    kept = b""
    set_to = None

    def memory(self, new=None):
        if new is None:
            return Rtc.kept
        Rtc.kept = bytes(new)
        return None

    def datetime(self, new):
        Rtc.set_to = new


class Watchdog:
    fed = 0

    def __init__(self, timeout):
        self.timeout = timeout

    def feed(self):
        Watchdog.fed += 1


# The keywords of WLAN.config() on an ESP32, which the stubs do not check, of station and access
# point: others raise ValueError.
KEYS = (
    {"mac", "channel", "protocol", "pm", "txpower", "bandwidth", "hostname", "reconnects"},
    {"mac", "channel", "protocol", "pm", "txpower", "bandwidth", "hostname", "max_clients",
     "ssid", "hidden", "security", "key"},
)  # fmt: skip


class Wlan:
    """Driver and interfaces: `status` is the number that the driver gives; `refuse` maps the name
    of a method to what it raises."""

    IF_STA, IF_AP, PM_NONE, PM_PERFORMANCE, PM_POWERSAVE = 0, 1, 10, 11, 12
    SEC_OPEN, SEC_WPA2 = 0, 3
    calls = []
    number = 1000
    rssi = None
    refuse = {}
    on = set()
    found = []
    clients = []

    def __init__(self, interface):
        self.interface = interface
        Wlan.calls.append(("WLAN", interface))

    def __getattr__(self, name):
        def call(*args, **kwargs):
            Wlan.calls.append((name, *args, *kwargs.items()))
            if name in Wlan.refuse:
                raise Wlan.refuse[name]
            assert name != "config" or kwargs.keys() <= KEYS[self.interface]
            if name == "active":
                (Wlan.on.add if args[0] else Wlan.on.discard)(self.interface)
            if name == "scan":
                return Wlan.found

        return call

    def status(self, what=""):
        if not what:
            return Wlan.number
        if what == "stations":
            return Wlan.clients
        assert what == "rssi"
        if Wlan.rssi is None:
            raise OSError("Wifi Not Connected")
        return Wlan.rssi

    def ifconfig(self, new=None):
        if new is not None:
            Wlan.calls.append(("ifconfig", new))
            if "ifconfig" in Wlan.refuse:
                raise Wlan.refuse["ifconfig"]
        own = "192.168.4.1" if self.interface else "192.168.1.5"
        return (own, "255.255.255.0", "192.168.1.1", "192.168.1.1")


class Bus:
    """Drivers onewire.OneWire and ds18x20.DS18X20: sensors is address -> scratchpad, None if it
    does not answer, b"" for a wrong CRC."""

    sensors = {}
    calls = []

    def __init__(self, pin_or_wire):
        Bus.calls.append(getattr(pin_or_wire, "number", "bus"))

    def scan(self):
        Bus.calls.append("scan")
        return list(Bus.sensors)

    def convert_temp(self):
        Bus.calls.append("convert")
        if not Bus.sensors:
            raise WireError

    def read_scratch(self, address):
        octets = Bus.sensors.get(address)
        if octets is None:
            raise WireError
        if not octets:
            raise Exception("CRC error")  # as the driver does
        return bytearray(octets)


class WireError(Exception):
    pass


class ChipReset(Exception):
    pass


def reset_chip():
    raise ChipReset


def gmtime_from(first_year, now):
    """time.gmtime of a port that counts from 1 January of first_year, its clock at now (Unix)."""
    offset = {1970: 0, 2000: 946684800}[first_year]
    return lambda t=None: tuple(time.gmtime(now if t is None else t + offset))[:8]


@pytest.fixture
def chip(monkeypatch):
    """Makes a Board of the given board.py on a chip with the given clock."""
    Pin.made, Adc.readings, Rtc.kept, Rtc.set_to = {}, [], b"", None
    Watchdog.fed = 0
    Wlan.calls, Wlan.number, Wlan.rssi, Wlan.on = [], 1000, None, set()
    Bus.sensors, Bus.calls = {}, []
    Wlan.refuse, Wlan.found, Wlan.clients = {}, [], []
    slept = []
    machine = types.SimpleNamespace(
        PWRON_RESET=1, HARD_RESET=2, WDT_RESET=3, DEEPSLEEP_RESET=4, SOFT_RESET=5,
        Pin=Pin, UART=Uart, ADC=Adc, RTC=Rtc, WDT=Watchdog, frequencies=[], cause=1,
        reset=reset_chip, unique_id=lambda: b"\x7c\xdf\xa1\x00\x1e\x4b",
        deepsleep=slept.append, slept=slept,
    )  # fmt: skip
    machine.freq = machine.frequencies.append
    machine.reset_cause = lambda: machine.cause

    def boot(board="pow_u", first_year=2000, now=1_800_000_000, **changed):
        epoch = {1970: 0, 2000: 946684800}[first_year]
        clock = types.SimpleNamespace(
            gmtime=gmtime_from(first_year, now), time=lambda: now - epoch, ms=77,
            ticks_ms=lambda: clock.ms, ticks_diff=lambda late, early: late - early,
        )  # fmt: skip
        modules = {
            "machine": machine,
            "time": clock,
            "gc": types.SimpleNamespace(mem_free=lambda: 40_000),
            "board": types.SimpleNamespace(**{**board_constants(board), **changed}),
            "board_list": types.SimpleNamespace(BOARDS=((0, "board"),)),
            "network": types.SimpleNamespace(
                WLAN=Wlan, hostname=lambda name: Wlan.calls.append(("hostname", name))
            ),
            "cryptolib": types.SimpleNamespace(aes=lambda key, mode: (key, mode)),
        }
        with monkeypatch.context() as m:
            m.delitem(sys.modules, "boardchoice", raising=False)  # it has another list
            for name, module in modules.items():
                m.setitem(sys.modules, name, module)
            spec = importlib.util.spec_from_file_location("chip_hardware", CHIP)
            hardware = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(hardware)
        monkeypatch.setitem(sys.modules, "machine", machine)  # of sensors.py
        monkeypatch.syspath_prepend(str(CHIP.parent))
        monkeypatch.delitem(sys.modules, "sensors", raising=False)
        monkeypatch.setitem(sys.modules, "onewire", types.SimpleNamespace(OneWire=Bus))
        monkeypatch.setitem(sys.modules, "ds18x20", types.SimpleNamespace(DS18X20=Bus))
        made = hardware.Board()
        made.machine = machine
        made.clock = clock
        return made

    return boot


def test_identity(chip):
    assert chip("pow_u").bus_powered is True
    made = chip("pow_k")
    assert made.bus_powered is False
    assert (made.name, made.board_id, made.chip, made.cpu_mhz) == ("Pow-K+", 5, "esp32s2", 160)
    assert (made.data_dir, made.www_dir, made.overrides) == ("", "/www", {})
    assert made.machine.frequencies == [160_000_000] * 2
    assert made.mac() == b"\x7c\xdf\xa1\x00\x1e\x4b"
    assert made.heap_free() == 40_000 and made.heap_largest() == 0
    assert made.ticks_ms() == 77
    assert made.aes(b"k" * 16) == (b"k" * 16, 1)


def test_uart_is_installed_once_and_reconfigured_later(chip):
    made = chip()
    uart = made.uart(2400, 8, 0, 1, False)
    line = {"baudrate": 2400, "bits": 8, "parity": 0, "stop": 1, "invert": 0}
    assert uart.number == 1
    assert uart.calls == [{**line, "tx": 17, "rx": 16, "rxbuf": 12288, "timeout": 0}]
    assert reader._FULL == 12288 - 120  # the driver adds up to 120 octets at a time, or none
    assert uart.any() == 0
    assert made.uart(115200, 7, None, 2, True) is uart
    assert uart.calls[1] == {
        "baudrate": 115200, "bits": 7, "parity": None, "stop": 2, "invert": Uart.INV_RX
    }  # fmt: skip
    assert uart.any() == 0
    assert Pin.made[17] == [((Pin.IN,), {})] * 2  # parked again after each
    assert 16 not in Pin.made  # the driver's own pull-up stays


def test_pins_of_the_psram_are_refused_with_a_remedy(chip, monkeypatch):
    monkeypatch.setattr(Uart, "taken", (16, 17))
    made = chip("esp32")
    for _ in range(2):  # the second call fails too
        with pytest.raises(OSError, match=r"GPIO 16 and 17 .*PSRAM.* 16 and 17$"):
            made.uart(2400, 8, 0, 1, False)
    uart = chip("esp32_psram").uart(2400, 8, 0, 1, False)
    assert (uart.calls[0]["rx"], uart.calls[0]["tx"]) == (18, 19)


def test_uart_without_pull_up(chip):
    chip(HAN_RX_PULLUP=False).uart(2400, 8, None, 1, False)
    assert Pin.made[16] == [((Pin.IN,), {"pull": None})]


@pytest.mark.parametrize("first_year", [1970, 2000])
def test_unix_time_with_both_epochs(chip, first_year):
    assert chip(first_year=first_year, now=1_790_000_001).unix_time() == 1_790_000_001


@pytest.mark.parametrize(
    ("now", "is_set"), [(946684805, False), (1_767_225_599, False), (1_767_225_600, True)]
)
def test_clock_is_set_from_2026_on(chip, now, is_set):
    assert chip(now=now).clock_is_set() is is_set


@pytest.mark.parametrize("first_year", [1970, 2000])
def test_set_clock_sets_the_clock(chip, first_year):
    chip(first_year=first_year).set_clock(1_800_000_000)
    assert Rtc.set_to == (2027, 1, 15, 4, 8, 0, 0, 0)  # a Friday


def test_a_sure_clock_is_kept_over_a_reset_beside_cause_and_memory(chip):
    made = chip()
    assert made.clock_sure is False and made.clock_right is False
    made.rtc_write(b"energy")
    assert chip().clock_sure is False
    made.clock_sure = True
    made.rtc_write(b"energy")
    again = chip()
    assert (again.clock_sure, again.rtc_read(), again.reset_cause()[1]) == (True, b"energy", 0)
    with pytest.raises(ChipReset):
        again.reset(90)
    again = chip()
    assert (again.clock_sure, again.rtc_read(), again.reset_cause()[1]) == (True, b"energy", 90)


def test_rgb_of_a_pow_lights_when_low_and_has_no_blue(chip):
    made = chip("pow_u")
    assert Pin.made[13] == Pin.made[14] == [((Pin.OUT,), {"value": True})]  # off from the start
    made.rgb(True, False, True)
    assert [pin and pin.level for pin in made._rgb] == [False, True, None]
    made.led(True)  # no single LED: no effect
    assert made._led is None


def test_single_led(chip):
    made = chip("esp32")
    assert Pin.made[2] == [((Pin.OUT,), {"value": False})]
    made.led(True)
    assert made._led.level is True
    inverted = chip("esp32", LED_INVERTED=True)
    inverted.led(1)
    assert inverted._led.level is False
    made.rgb(True, True, True)  # no effect


def test_what_is_fitted_by_the_pins(chip):
    assert chip().fitted == 1 + 2 + 16  # a Pow: red, green, button
    assert chip("esp32").fitted == 8  # the single LED
    assert chip("esp32s2").fitted == 0
    assert chip("s2_mini", ONE_WIRE=5).fitted == 8 + 16 + 32


def test_button_is_pressed_when_low(chip):
    made = chip("pow_u")
    assert Pin.made[0] == [((Pin.IN, Pin.PULL_UP), {})]
    made._button.level = 1
    assert made.button() is False
    made._button.level = 0
    assert made.button() is True
    assert chip("esp32").button() is False


def test_supply_is_the_mean_of_ten_times_the_divider(chip):
    made = chip("pow_u")
    assert (made._vcc.pin, made._vcc.atten) == (10, Adc.ATTN_11DB)
    Adc.readings = [1_320_000] * 5 + [1_322_000] * 5 + [9]
    assert made.supply_mv() == 3302  # 1321 mV x 2.5, rounded down
    assert Adc.readings == [9]
    assert made.supply_mv() == 0  # the second of these ten fails
    Adc.readings = [1_320_000] * 10
    assert made.supply_mv() == 3300  # the published vector
    assert chip("esp32").supply_mv() == 0
    Adc.readings = [1_234_500] * 10
    assert chip(VCC_DIVIDER=None).supply_mv() == 1235


def test_reset_keeps_the_cause_for_one_start(chip):
    made = chip()
    assert made.reset_cause() == (1, 0)
    with pytest.raises(ChipReset):
        made.reset(7)
    made.machine.cause = made.machine.HARD_RESET
    again = chip()
    assert again.reset_cause() == (12, 7)
    assert again.reset_cause() == (12, 7)  # reading keeps it
    assert chip().reset_cause() == (12, 0)


@pytest.mark.parametrize(
    "memory", [b"", b"HAN\x07", b"HAN\x07\x00", b"NAH\x07\x40", b"HAN\x07\x41\x00", bytes(5)]
)
def test_random_rtc_memory_is_no_cause(chip, memory):
    Rtc.kept = memory
    assert chip().reset_cause() == (1, 0)


def test_reset_reasons(chip):
    made = chip()
    reasons = []
    for made.machine.cause in range(7):
        reasons.append(made.reset_cause()[0])
    assert reasons == [0, 1, 12, 4, 5, 3, 0]


def test_watchdog_is_fed_once_it_runs(chip):
    made = chip()
    made.feed_watchdog()
    assert Watchdog.fed == 0
    made.start_watchdog(60_000)
    made.feed_watchdog()
    assert (made._watchdog.timeout, Watchdog.fed) == (60_000, 1)


HOME = ("home", "secret", b"", "ams-1e4b", ())
OFF = ("0.0.0.0",) * 4


def test_radio_before_it_is_started(chip):
    made = chip()
    assert (made.station_status(), made.rssi_dbm(), made.ap_clients()) == (0, 0, 0)
    assert made.ip_config() == OFF
    made.station_stop()
    made.ap_stop()
    made.radio(1, 100)
    assert Wlan.calls == []


def test_station_start_and_stop(chip):
    made = chip("pow_u")
    made.station_start(*HOME)
    assert Wlan.calls == [
        ("hostname", "ams-1e4b"),
        ("WLAN", 0),
        ("active", True),
        ("config", ("reconnects", 0)),
        ("config", ("pm", Wlan.PM_POWERSAVE), ("txpower", 20)),
        ("ipconfig", ("dhcp4", True)),
        ("connect", "home", "secret", ("bssid", None)),
    ]
    assert (made.station_status(), made.rssi_dbm()) == (1, 0)
    Wlan.number, Wlan.rssi = 1010, -61
    assert (made.station_status(), made.rssi_dbm()) == (2, -61)
    assert made.ip_config()[0] == "192.168.1.5"
    Wlan.calls = []
    made.station_start("open", "", b"\x02\0\0\0\0\x01", "h", ())
    assert Wlan.calls[:2] == [("disconnect",), ("active", False)]
    assert Wlan.calls[-1] == ("connect", "open", None, ("bssid", b"\x02\0\0\0\0\x01"))
    made.station_stop()
    assert (Wlan.on, made.station_status(), made.ip_config()) == (set(), 0, OFF)


def test_a_fixed_address_is_set_before_connecting_and_dhcp_comes_back(chip):
    made = chip()
    made.station_start("home", "secret", b"", "h", ("10.0.0.9", "255.0.0.0", "10.0.0.1", ""))
    names = [call[0] for call in Wlan.calls]
    assert names.index("ifconfig") < names.index("connect") and "ipconfig" not in names
    assert ("ifconfig", ("10.0.0.9", "255.0.0.0", "10.0.0.1", "0.0.0.0")) in Wlan.calls
    Wlan.calls = []
    made.station_start(*HOME)
    assert [call for call in Wlan.calls if "config" in call[0] and call[0] != "config"] == [
        ("ipconfig", ("dhcp4", True))
    ]


def test_status_of_an_attempt(chip):
    made = chip()
    made.station_start(*HOME)
    for number, expected in (
        (1000, 1),  # idle: the driver has not begun
        (1001, 1),
        (8, 1),  # the end of the link before
        (15, 15),
        (201, 201),
        (202, 202),
        (212, 212),
        (1, 203),  # unspecified, and
        (2, 203),  # authentication expired: 1 and 2 are other states
        (1010, 2),
        (1000, 8),  # reason 8 after the link
        (200, 200),
        (2, 203),
        (8, 8),
    ):
        Wlan.number = number
        assert made.station_status() == expected, number


def test_the_reason_of_an_earlier_attempt_is_not_that_of_the_present_one(chip):
    made = chip()
    made.station_start(*HOME)
    Wlan.number = 201
    assert made.station_status() == 201
    made.station_start(*HOME)  # the driver goes on to show 201
    made.clock.ms += 9999
    assert made.station_status() == 1
    Wlan.rssi = -70  # there is a link: DHCP runs
    made.clock.ms += 60_000
    assert made.station_status() == 1
    Wlan.rssi = None
    assert made.station_status() == 201
    made.station_start(*HOME)
    Wlan.number = 202  # another reason is a new one
    assert made.station_status() == 202
    made.station_start(*HOME)
    Wlan.number = 1010
    assert made.station_status() == 2
    Wlan.number = 202  # after the link every reason is a new one
    assert made.station_status() == 202


@pytest.mark.parametrize("error", [OSError("x"), RuntimeError("x"), ValueError("x")])
@pytest.mark.parametrize(
    "method", ["active", "config", "ifconfig", "ipconfig", "connect", "scan", "disconnect"]
)
def test_every_refusal_is_an_oserror(chip, method, error):
    made = chip()
    fixed = ("10.0.0.9", "255.0.0.0", "10.0.0.1", "") if method == "ifconfig" else ()
    Wlan.refuse = {method: error}
    refused = 0
    for call in (
        lambda: made.station_start("home", "secret", b"", "h", fixed),
        lambda: made.ap_start("AMS2MQTT", ""),
        made.scan,
    ):
        try:
            call()
        except OSError as e:
            assert str(e) == "x"
            refused += 1
    expected = {"active": 3, "config": 2, "disconnect": 0}.get(method, 1)
    assert refused == expected
    if method != "disconnect":
        assert made.station_status() == (1 if method == "scan" else 0)


def test_names_and_keys_that_the_driver_would_cut_are_refused(chip):
    made = chip()
    made.station_start("\u00f8" * 16, "k" * 64, b"", "h", ())  # 32 octets
    for ssid, psk in (("", "secret12"), ("\u00f8" * 16 + "x", "secret12"), ("home", "k" * 65)):
        with pytest.raises(OSError, match="1 to 32 octets"):
            made.station_start(ssid, psk, b"", "h", ())
        with pytest.raises(OSError, match="1 to 32 octets"):
            made.ap_start(ssid, psk)


@pytest.mark.parametrize(
    ("changed", "asked", "expected"),
    [
        ({"WIFI_PM": None}, (None, None), [("pm", 11), ("txpower", 20)]),
        ({"WIFI_PM": 0}, (None, None), [("pm", 10), ("txpower", 20)]),
        ({"WIFI_PM": 1, "WIFI_TX_DBM": 17}, (None, None), [("pm", 11), ("txpower", 17)]),
        ({"WIFI_PM": 1, "WIFI_TX_DBM": 17}, (2, 85), [("pm", 12), ("txpower", 8.5)]),
        ({"WIFI_PM": 2}, (0, 195), [("pm", 10), ("txpower", 19.5)]),
    ],
)
def test_sleep_and_power_are_the_boards_or_as_asked(chip, changed, asked, expected):
    made = chip(**changed)
    made.radio(*asked)
    made.station_start(*HOME)
    assert ("config", *expected) in Wlan.calls
    Wlan.calls = []
    made.radio(*asked)  # at once, as the station is on
    assert Wlan.calls == [("config", *expected)]
    made.station_stop()
    Wlan.calls = []
    made.ap_start("AMS2MQTT", "")
    assert Wlan.calls[-1] == ("config", *expected)


def test_access_point(chip):
    made = chip(WIFI_PM=None)
    made.ap_start("AMS2MQTT", "")
    assert Wlan.calls[:3] == [
        ("WLAN", 1),
        ("active", True),
        ("config", ("ssid", "AMS2MQTT"), ("key", ""), ("security", 0), ("max_clients", 4)),
    ]
    assert made.ip_config()[0] == "192.168.4.1"
    Wlan.clients = [(b"\x02\0\0\0\0\x01",), (b"\x02\0\0\0\0\x02",)]
    assert made.ap_clients() == 2
    made.station_start(*HOME)  # beside it
    assert (Wlan.on, made.ip_config()[0]) == ({0, 1}, "192.168.1.5")
    made.station_stop()
    made.ap_stop()
    assert (Wlan.on, made.ap_clients(), made.ip_config()) == (set(), 0, OFF)
    Wlan.calls = []
    made.ap_start("Mine", "password")
    assert ("config", ("ssid", "Mine"), ("key", "password"), ("security", 3),
            ("max_clients", 4)) in Wlan.calls  # fmt: skip


def test_scan_leaves_the_station_as_it_was(chip):
    made = chip()
    Wlan.found = [
        (b"\xffhome", b"\x02\0\0\0\0\x01", 6, -70, 3, False),
        (b"", bytes(6), 1, -90, 0, True),
    ]
    expected = [(b"\xffhome", b"\x02\0\0\0\0\x01", 6, -70, 3), (b"", bytes(6), 1, -90, 0)]
    assert made.scan() == expected
    assert Wlan.on == set()
    made.station_start(*HOME)
    assert made.scan() == expected
    assert Wlan.on == {0}


FIRST, SECOND = bytes.fromhex("28FF641E93160342"), bytes.fromhex("28FF0A4C9316031B")


def scratchpad(low, high, resolution=0x7F):
    return bytes((low, high, 0x4B, 0x46, resolution, 0xFF, 0x0C, 0x10, 0))


def test_temperatures_of_the_data_sheet(chip):
    """Table 1 of the DS18B20's data sheet; the first call begins the first conversion."""
    made = chip("s2_mini", ONE_WIRE=5)
    Bus.sensors = {FIRST: scratchpad(0x50, 0x05)}
    assert made.temperatures() == []
    assert Bus.calls == [5, "bus", "scan", "convert"]
    for low, high, expected in (
        (0xD0, 0x07, 12500),
        (0x50, 0x05, 8500),
        (0x91, 0x01, 2506),  # 25.0625
        (0xA2, 0x00, 1013),  # 10.125
        (0x08, 0x00, 50),
        (0x00, 0x00, 0),
        (0xF8, 0xFF, -50),
        (0x5E, 0xFF, -1012),  # -10.125
        (0x6F, 0xFE, -2506),  # -25.0625
        (0x90, 0xFC, -5500),
    ):
        Bus.sensors = {FIRST: scratchpad(low, high)}
        assert made.temperatures() == [(FIRST, expected)]
    assert Bus.calls.count("scan") == 1


def test_a_sensor_that_is_not_read(chip):
    made = chip("s2_mini", ONE_WIRE=5)
    made.temperatures()
    assert made.temperatures() == []  # no sensor: none converts
    Bus.sensors = {FIRST: scratchpad(0x91, 0x01), SECOND: scratchpad(0xA2, 0x00, 0x1F)}
    assert made.temperatures() == []
    assert made.temperatures() == [(FIRST, 2506), (SECOND, 1013)]
    for broken in (None, b"", bytes(9)):  # no answer, wrong CRC, a short of the bus
        Bus.sensors[FIRST] = broken
        assert made.temperatures() == [(FIRST, -12700), (SECOND, 1013)]
    del Bus.sensors[FIRST]
    assert made.temperatures() == [(FIRST, -12700), (SECOND, 1013)]
    assert made.temperatures() == [(SECOND, 1013)]  # scanned again


def test_at_most_32_sensors(chip):
    made = chip("s2_mini", ONE_WIRE=5)
    Bus.sensors = {b"\x28" + bytes((0, 0, 0, 0, 0, i, 0)): scratchpad(i, 0) for i in range(40)}
    made.temperatures()
    assert len(made.temperatures()) == 32


def test_a_board_without_sensors_imports_no_driver(chip, monkeypatch):
    made = chip("pow_u")
    monkeypatch.setitem(sys.modules, "onewire", None)
    assert made.temperatures() == [] and Bus.calls == []


def test_deep_sleep_keeps_the_memory(chip):
    made = chip()
    made.clock_sure = True
    made.rtc_write(b"energy")
    made.deep_sleep(60_000)
    assert made.machine.slept == [60_000]
    made.machine.cause = made.machine.DEEPSLEEP_RESET
    again = chip()
    assert (again.clock_sure, again.rtc_read(), again.reset_cause()) == (True, b"energy", (5, 0))


def test_rtc_memory_survives_a_reset_with_its_cause(chip):
    board = chip()
    assert board.rtc_read() == b""
    board.rtc_write(b"state of the hour")
    board.rtc_write(bytes(2044))  # too long: ignored
    with pytest.raises(ChipReset):
        board.reset(7)
    again = chip()
    assert again.reset_cause()[1] == 7 and again.rtc_read() == b"state of the hour"
    assert chip().rtc_read() == b""


def test_files_that_are_not_there_are_made_when_asked(chip, monkeypatch):
    made = chip()
    assert made.files(False) == ""
    monkeypatch.setattr(os, "statvfs", lambda path: (0,) * 9 + (4096,))  # nothing is mounted
    done = []
    partition = types.SimpleNamespace(
        find=lambda: "the partition",
        make=lambda found: done.append(found) or "",
        content=lambda found: f"{found}: other",
    )
    monkeypatch.setitem(sys.modules, "data_partition", partition)
    assert made.files(False) == "the partition: other" and done == []
    assert made.files(True) == ""
    assert done == ["the partition"]
