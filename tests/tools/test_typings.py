"""What the type check refuses: a call that the chip's MicroPython does not have."""

import subprocess
import sys

import pytest

from tools import typings
from tools.runtime import ROOT

CALLS = """
machine.nothing()
pin.nothing()
machine.UART(1, nothing=1)
machine.RTC().nothing()
machine.Pin.PULL_SIDEWAYS
machine.deepsleep("x")
network.nothing()
network.WLAN.IF_NOTHING
wlan.nothing()
wlan.connect("a", "b", "c")
wlan.status(1)
onewire.nothing()
ds18x20.nothing()
time.monotonic()
os.path
gc.nothing()
cryptolib.nothing()
socket.create_connection(("a", 1))
machine.USBDevice
network.PHY_LAN8670
"""
PARAMETERS = "wlan: network.WLAN, pin: machine.Pin"


@pytest.mark.parametrize(
    ("options", "own"),
    [((), "machine.USBDevice"), (typings.ESP32_OPTIONS, "network.PHY_LAN8670")],
)
def test_every_call_that_the_chip_does_not_have_is_refused(tmp_path, options, own):
    """own: what this chip has and the other one has not"""
    lines = [line for line in CALLS.splitlines() if line]
    names = "cryptolib ds18x20 gc machine network onewire os socket time".split()
    head = [f"import {name}" for name in names] + [f"def f({PARAMETERS}) -> None:"]
    path = tmp_path / "calls.py"
    path.write_text("\n".join(head + ["    " + line for line in lines]) + "\n")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *options, str(path)],
        cwd=ROOT, text=True, capture_output=True, check=False,
    )  # fmt: skip
    refused = {int(line.split(":")[1]) for line in done.stdout.splitlines() if ": error:" in line}
    expected = {i for i, line in enumerate(lines, len(head) + 1) if line != own}
    assert refused == expected, done.stdout
