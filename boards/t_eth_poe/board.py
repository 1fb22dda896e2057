"""LilyGO T-ETH-POE, on Wi-Fi; the meter is on GPIO 39.

GPIO 39 has no pull-up in the chip: an open-collector output needs a resistor to 3.3 V.

boards/esp32/board.py explains the constants.
"""

NAME = "T-ETH-POE"
ID = 241
MAKER = "Custom"
FAMILY = "t_eth_poe"
CHIP = "esp32"
CPU_MHZ = 160
PSRAM: "bool | None" = None
POWER = "usb"

HAN_RX = 39
HAN_RX_PULLUP = True
HAN_TX_PARKED = 33

BUTTON: "int | None" = 0

LED: "int | None" = 2
LED_INVERTED = True
RGB: "tuple[int | None, int | None, int | None]" = (None, None, None)
RGB_INVERTED = False

VCC_ADC: "int | None" = None
VCC_DIVIDER: "tuple[int, int] | None" = None

ONE_WIRE: "int | None" = None

WIFI_PM: "int | None" = None
WIFI_TX_DBM: "int | None" = None
