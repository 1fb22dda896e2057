"""WT32-ETH01, on Wi-Fi; the meter is on GPIO 39.

GPIO 39 has no pull-up in the chip: an open-collector output needs a resistor to 3.3 V.

boards/esp32/board.py explains the constants.
"""

NAME = "WT32-ETH01"
ID = 243
MAKER = "Custom"
FAMILY = "wt32_eth01"
CHIP = "esp32"
CPU_MHZ = 160
PSRAM: "bool | None" = False
POWER = "usb"

HAN_RX = 39
HAN_RX_PULLUP = True
HAN_TX_PARKED = 33

BUTTON: "int | None" = None

LED: "int | None" = None
LED_INVERTED = False
RGB: "tuple[int | None, int | None, int | None]" = (None, None, None)
RGB_INVERTED = False

VCC_ADC: "int | None" = None
VCC_DIVIDER: "tuple[int, int] | None" = None

ONE_WIRE: "int | None" = None

WIFI_PM: "int | None" = None
WIFI_TX_DBM: "int | None" = None
