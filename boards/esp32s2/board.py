"""Any ESP32-S2 board; the meter is on GPIO 18.

boards/esp32/board.py explains the constants.
"""

NAME = "ESP32-S2"
ID = 50
MAKER = "Espressif"
FAMILY = "esp32s2"
CHIP = "esp32s2"
CPU_MHZ = 160
PSRAM: "bool | None" = None
POWER = "usb"

HAN_RX = 18
HAN_RX_PULLUP = True
HAN_TX_PARKED = 17

BUTTON: "int | None" = None

LED: "int | None" = None
LED_INVERTED = False
RGB: "tuple[int | None, int | None, int | None]" = (None, None, None)
RGB_INVERTED = False

VCC_ADC: "int | None" = None
VCC_DIVIDER: "tuple[int, int] | None" = None

ONE_WIRE: "int | None" = None

WIFI_PM: "int | None" = 1
WIFI_TX_DBM: "int | None" = None
