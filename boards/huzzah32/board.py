"""Adafruit Feather HUZZAH32; the meter is on GPIO 16.

boards/esp32/board.py explains the constants.
"""

NAME = "HUZZAH32"
ID = 202
MAKER = "Adafruit"
FAMILY = "huzzah32"
CHIP = "esp32"
CPU_MHZ = 160
PSRAM: "bool | None" = False
POWER = "usb"

HAN_RX = 16
HAN_RX_PULLUP = True
HAN_TX_PARKED = 17

BUTTON: "int | None" = None

LED: "int | None" = 2
LED_INVERTED = False
RGB: "tuple[int | None, int | None, int | None]" = (None, None, None)
RGB_INVERTED = False

VCC_ADC: "int | None" = None
VCC_DIVIDER: "tuple[int, int] | None" = None

ONE_WIRE: "int | None" = None

WIFI_PM: "int | None" = None
WIFI_TX_DBM: "int | None" = None
