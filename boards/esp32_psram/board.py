"""Any ESP32 board with PSRAM, which occupies GPIO 16 and 17; the meter is on GPIO 18.

boards/esp32/board.py explains the constants.
"""

NAME = "ESP32"
ID = 200
MAKER = "Espressif"
FAMILY = "esp32_psram"
CHIP = "esp32"
CPU_MHZ = 160
PSRAM: "bool | None" = True
POWER = "usb"

HAN_RX = 18
HAN_RX_PULLUP = True
HAN_TX_PARKED = 19

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
