"""The Board of an ESP32 in MicroPython, with fakes of the chip's modules: mypy does not tell the
builtin types' methods of CPython from those of MicroPython."""

import subprocess

from tools.boards import modules
from tools.build import BOARD_CLASS, ROOT
from tools.runtime import MICROPYTHON, environment

SCRIPT = """
import sys
import time
class Chip:  # every attribute is a number, a class or a call of everything
    def __init__(self, *args, **kwargs): pass
    def __call__(self, *args, **kwargs): return Chip()
class Module:
    pass
def module(name, **members):
    made = Module()
    for member in members:
        setattr(made, member, members[member])
    sys.modules[name] = made
def nothing(*args, **kwargs): return None
class Pin(Chip):
    IN = OUT = PULL_UP = 1
    def value(self, new=None): return 1
class Uart(Chip):
    INV_RX = 4
    init = read = nothing
    def any(self): return 0
class Adc(Chip):
    ATTN_11DB = 3
    def read_uv(self): return 1320000
class Rtc(Chip):
    kept = b""
    datetime = nothing
    def memory(self, new=None):
        if new is not None: Rtc.kept = bytes(new)
        return Rtc.kept
class Wlan(Chip):
    IF_STA, IF_AP, PM_NONE, PM_PERFORMANCE, PM_POWERSAVE, SEC_OPEN, SEC_WPA2 = 0, 1, 0, 1, 2, 0, 3
    active = config = ipconfig = connect = disconnect = nothing
    def status(self, what=""): return {"": 1001, "rssi": -61, "stations": [(b"",)]}[what]
    def scan(self): return [(b"\\xff", b"123456", 6, -70, 3, False)]
    def ifconfig(self, new=None): return ("10.0.0.9", "255.0.0.0", "10.0.0.1", "10.0.0.1")
class Bus(Chip):
    convert_temp = nothing
    def scan(self): return [b"12345678"]
    def read_scratch(self, address): return bytearray(b"\\x5e\\xff\\0\\0\\x7f\\0\\0\\0\\0")
module("machine", PWRON_RESET=1, HARD_RESET=2, WDT_RESET=3, DEEPSLEEP_RESET=4, SOFT_RESET=5,
    Pin=Pin, UART=Uart, ADC=Adc, RTC=Rtc, WDT=type("WDT", (Chip,), {"feed": nothing}),
    freq=nothing, reset=nothing, deepsleep=nothing, reset_cause=lambda: 1,
    unique_id=lambda: b"123456")
class Partition(Chip):
    RUNNING, BOOT, TYPE_DATA = 0, 1, 1
    flash = {"app0": bytearray(8192), "app1": bytearray(8192), "otadata": bytearray(8192)}
    now, next = "app0", "app0"
    def __init__(self, name): self.name = {0: Partition.now, 1: Partition.next}.get(name, name)
    def info(self):
        return (0, {"app0": 16, "app1": 17}.get(self.name, 0), 0, 8192, self.name, False)
    def get_next_update(self): return Partition("app0" if self.name == "app1" else "app1")
    @staticmethod
    def find(kind, subtype=255): return [Partition("otadata")]
    @staticmethod
    def mark_app_valid_cancel_rollback(): print("valid")
    def set_boot(self): Partition.next = self.name
    def ioctl(self, op, arg):
        self.flash[self.name][arg * 4096 : (arg + 1) * 4096] = b"\\xff" * 4096
    def writeblocks(self, n, buf, off):
        self.flash[self.name][n * 4096 + off : n * 4096 + off + len(buf)] = buf
    def readblocks(self, n, buf, off):
        buf[:] = self.flash[self.name][n * 4096 + off : n * 4096 + off + len(buf)]
module("esp32", Partition=Partition)
module("network", WLAN=Wlan, hostname=nothing)
module("onewire", OneWire=Chip)
module("ds18x20", DS18X20=Bus)
import board
board.ONE_WIRE = 5
import hardware
made = hardware.Board()
made.uart(2400, 8, 0, 1, False)
made.set_clock(1800000000)
made.unix_time(), made.clock_is_set(), made.ticks_ms(), made.mac(), made.heap_free()
made.led(True); made.rgb(True, True, True); made.button()
made.station_start("\xf8", "secret12", b"123456", "h", ("10.0.0.9", "255.0.0.0", "10.0.0.1", ""))
made.radio(2, 85)
print(made.station_status(), made.rssi_dbm(), made.scan(), made.ip_config()[0], made.supply_mv())
made.ap_start("AMS2MQTT", "")
print(made.ap_clients(), made.temperatures(), made.temperatures(), made.aes(bytes(16)) is not None)
made.station_stop(); made.ap_stop()
made.start_watchdog(1); made.feed_watchdog()
made.rtc_write(b"kept"); made.deep_sleep(1); made.reset(7)
slots = made.slots()
print(slots.label, slots.other, slots.size, slots.on_trial(), slots.other_left())
slots.erase(1); slots.write(4099, b"image"); got = bytearray(7); slots.read(4098, got)
slots.boot_other(); slots.confirm(); print(bytes(got), Partition.next)
entry = bytes.fromhex("02000000" + "ff" * 20 + "01000000" + "7437f655")
Partition.flash["otadata"][4096:4128] = entry
print(made.slots().other_left(), made.slots().on_trial())
Partition.now = "app1"
print(made.slots().on_trial())
Partition.flash["otadata"][4096 + 24] = 4
Partition.now = "app0"
print(made.slots().other_left())
again = hardware.Board()
print(again.rtc_read(), again.reset_cause(), again.fitted)
"""


def test_every_method_runs_on_micropython(tmp_path):
    """The language is the chip's; the chip's modules are fakes."""
    firmware = ROOT / "firmware"
    (tmp_path / "device").mkdir()
    (tmp_path / "device/otadata.py").write_text((firmware / "device/otadata.py").read_text())
    ours = [firmware / name for name in ("ondemand.py", "boardchoice.py", "storage.py")]
    for source in (*BOARD_CLASS, *modules("pow_u"), *ours):
        (tmp_path / source.name).write_text(source.read_text())
    (tmp_path / "script.py").write_text(SCRIPT)
    done = subprocess.run(
        [MICROPYTHON, "script.py"], cwd=tmp_path, env=environment(tmp_path),
        text=True, capture_output=True, timeout=60,
    )  # fmt: skip
    assert done.stdout.splitlines() == [
        "1 -61 [(b'\\xff', b'123456', 6, -70, 3)] 10.0.0.9 3300",
        "1 [] [(b'12345678', -1012)] True",
        "app0 app1 8192 False False",
        "valid",
        "b'\\xffimage\\xff' app1",
        "False False",
        "True",
        "True",
        "b'kept' (1, 7) 51",
    ], done.stderr
