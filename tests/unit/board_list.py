"""The boards of an image, in place of those that tools/boards.py makes."""

import sys

BOARDS = ((50, "board"), (5, "board_pow_k"), (51, "board_s2_mini"))


class Pins:
    """The constants of a board's module."""

    def __init__(self, name, chip="esp32s2", power="usb", rx=18, psram=False, **parts):
        self.NAME, self.CHIP, self.POWER, self.HAN_RX, self.PSRAM = name, chip, power, rx, psram
        self.HAN_TX_PARKED = 17
        self.BUTTON = parts.get("button")
        self.LED = parts.get("led")
        self.VCC_ADC = parts.get("vcc")
        self.ONE_WIRE = parts.get("one_wire")
        self.RGB = parts.get("rgb", (None, None, None))


def install():
    """New modules of the boards: a choice changes them."""
    sys.modules["board"] = Pins("ESP32-S2")
    sys.modules["board_pow_k"] = Pins("Pow-K+", power="meter", rx=16, rgb=(13, 14, None))
    sys.modules["board_s2_mini"] = Pins("S2 mini", led=15)


install()
