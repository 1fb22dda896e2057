"""Wemos (LOLIN) S2 mini; the meter is on GPIO 18.

boards/esp32/board.py explains the constants.
"""

NAME = "S2 mini"
ID = 51
MAKER = "Wemos"
FAMILY = "s2_mini"
CHIP = "esp32s2"
CPU_MHZ = 160
PSRAM: "bool | None" = True
POWER = "usb"

HAN_RX = 18
HAN_RX_PULLUP = True
HAN_TX_PARKED = 17

BUTTON: "int | None" = 0

LED: "int | None" = 15
LED_INVERTED = False
RGB: "tuple[int | None, int | None, int | None]" = (None, None, None)
RGB_INVERTED = False

VCC_ADC: "int | None" = None
VCC_DIVIDER: "tuple[int, int] | None" = None

ONE_WIRE: "int | None" = None

WIFI_PM: "int | None" = 1
WIFI_TX_DBM: "int | None" = None
