"""The Board of an ESP32, with fakes of the chip's modules that record calls.

The behaviour of a real chip is not tested here.
"""

import importlib.util
import sys
import time
import types

import pytest

from tools.build import ROOT
from tools.flash import board_constants

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


class Wlan:
    IF_STA, PM_NONE, PM_PERFORMANCE, PM_POWERSAVE = 0, 10, 11, 12
    calls = []
    up = False

    def __init__(self, interface):
        Wlan.calls.append(("WLAN", interface))

    def __getattr__(self, name):
        return lambda *args, **kwargs: Wlan.calls.append((name, *args, *kwargs.items()))

    def isconnected(self):
        return Wlan.up

    def status(self, what):
        if not Wlan.up:
            raise OSError("Wifi Not Connected")
        return {"rssi": -61}[what]

    def ifconfig(self):
        return ("192.168.1.5", "255.255.255.0", "192.168.1.1", "192.168.1.1")


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
    Wlan.calls, Wlan.up, Watchdog.fed = [], False, 0
    machine = types.SimpleNamespace(
        PWRON_RESET=1, HARD_RESET=2, WDT_RESET=3, DEEPSLEEP_RESET=4, SOFT_RESET=5,
        Pin=Pin, UART=Uart, ADC=Adc, RTC=Rtc, WDT=Watchdog, frequencies=[], cause=1,
        reset=reset_chip, unique_id=lambda: b"\x7c\xdf\xa1\x00\x1e\x4b",
    )  # fmt: skip
    machine.freq = machine.frequencies.append
    machine.reset_cause = lambda: machine.cause

    def boot(board="pow_u", first_year=2000, now=1_800_000_000, **changed):
        epoch = {1970: 0, 2000: 946684800}[first_year]
        clock = types.SimpleNamespace(
            gmtime=gmtime_from(first_year, now), time=lambda: now - epoch, ticks_ms=lambda: 77
        )
        modules = {
            "machine": machine,
            "time": clock,
            "gc": types.SimpleNamespace(mem_free=lambda: 40_000),
            "board": types.SimpleNamespace(**{**board_constants(board), **changed}),
            "network": types.SimpleNamespace(
                WLAN=Wlan, hostname=lambda name: Wlan.calls.append(("hostname", name))
            ),
            "ntptime": types.SimpleNamespace(),
            "cryptolib": types.SimpleNamespace(aes=lambda key, mode: (key, mode)),
        }
        with monkeypatch.context() as m:
            for name, module in modules.items():
                m.setitem(sys.modules, name, module)
            spec = importlib.util.spec_from_file_location("chip_hardware", CHIP)
            hardware = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(hardware)
        made = hardware.Board()
        made.machine, made.ntptime = machine, modules["ntptime"]
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
    assert made.heap_free() == 40_000
    assert made.ticks_ms() == 77
    assert made.aes(b"k" * 16) == (b"k" * 16, 1)


def test_uart_is_installed_once_and_reconfigured_later(chip):
    made = chip()
    uart = made.uart(2400, 8, 0, 1, False)
    line = {"baudrate": 2400, "bits": 8, "parity": 0, "stop": 1, "invert": 0}
    assert uart.number == 1
    assert uart.calls == [{**line, "tx": 17, "rx": 16, "rxbuf": 4096, "timeout": 0}]
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
        with pytest.raises(OSError, match=r"GPIO 16 and 17 .*PSRAM.* the board esp32_psram$"):
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


def test_sync_clock_sets_the_clock(chip):
    made = chip()
    made.ntptime.time = lambda: 1_800_000_000 - 946684800  # Friday 2027-01-15 08:00:00
    made.sync_clock("ntp.example")
    assert (made.ntptime.host, made.ntptime.timeout) == ("ntp.example", 1)
    assert Rtc.set_to == (2027, 1, 15, 4, 8, 0, 0, 0)


def raises_value_error():
    raise ValueError("buffer too small")


def raises_os_error():
    raise OSError(110)


@pytest.mark.parametrize(
    "answer",
    [
        lambda: 2_085_978_496 - 946684800,  # timestamp 0, in NTP's second era
        lambda: 0,
        raises_value_error,
        raises_os_error,
    ],
)
def test_sync_clock_refuses_invalid_replies(chip, answer):
    made = chip()
    made.ntptime.time = answer
    with pytest.raises(OSError):
        made.sync_clock("ntp.example")
    assert Rtc.set_to is None


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


def test_wifi_before_it_is_started(chip):
    made = chip()
    assert made.wifi_connected() is False
    assert made.rssi_dbm() == 0
    assert made.ip_config() == ("0.0.0.0",) * 4
    assert Wlan.calls == []


def test_wifi_start(chip):
    made = chip("pow_u")
    made.wifi_start("home", "secret", "ams-1e4b")
    assert Wlan.calls == [
        ("hostname", "ams-1e4b"),
        ("WLAN", 0),
        ("active", True),
        ("config", ("pm", Wlan.PM_POWERSAVE)),
        ("connect", "home", "secret"),
    ]
    assert (made.wifi_connected(), made.rssi_dbm()) == (False, 0)
    Wlan.up = True
    assert (made.wifi_connected(), made.rssi_dbm()) == (True, -61)
    assert made.ip_config()[0] == "192.168.1.5"
    Wlan.calls = []
    made.wifi_start("open", "", "ams-1e4b")
    assert Wlan.calls[1] == ("disconnect",)
    assert Wlan.calls[-1] == ("connect", "open")


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"WIFI_PM": None}, []),
        ({"WIFI_PM": 0}, [("pm", 10)]),
        ({"WIFI_PM": 1, "WIFI_TX_DBM": 17}, [("pm", 11), ("txpower", 17)]),
    ],
)
def test_wifi_settings_of_the_board(chip, changed, expected):
    chip(**changed).wifi_start("home", "secret", "h")
    assert [call[1] for call in Wlan.calls if call[0] == "config"] == expected


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
