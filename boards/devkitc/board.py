"""Espressif DevKitC with a WROOM module; the meter is on GPIO 16.

One with a WROVER module has PSRAM: esp32_psram has its pins.

boards/esp32/board.py explains the constants.
"""

NAME = "DevKitC"
ID = 203
MAKER = "Espressif"
FAMILY = "devkitc"
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
