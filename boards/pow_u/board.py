"""Pow-U+: reads M-Bus HAN ports, powered by the bus, which supplies a few mA.

boards/esp32/board.py explains the constants.
"""

NAME = "Pow-U+"
ID = 7
MAKER = "amsleser.no"
FAMILY = "pow_u"
CHIP = "esp32s2"
CPU_MHZ = 160
PSRAM: "bool | None" = False
POWER = "bus"

HAN_RX = 16
HAN_RX_PULLUP = True
HAN_TX_PARKED = 17

BUTTON: "int | None" = 0

LED: "int | None" = None
LED_INVERTED = False
RGB: "tuple[int | None, int | None, int | None]" = (13, 14, None)
RGB_INVERTED = True

VCC_ADC: "int | None" = 10
VCC_DIVIDER: "tuple[int, int] | None" = (33, 22)

ONE_WIRE: "int | None" = None

WIFI_PM: "int | None" = 2
WIFI_TX_DBM: "int | None" = None
