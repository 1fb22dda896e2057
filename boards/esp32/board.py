"""Any ESP32 board without PSRAM, the meter on GPIO 16.

On a module with PSRAM, GPIO 16 and 17 belong to that: esp32_psram has other pins.

Every board has these constants and no others. Pins are GPIO numbers; None: not fitted.
"""

NAME = "ESP32"
ID = 200  # the number in /sysinfo.json
CHIP = "esp32"
CPU_MHZ = 160
PSRAM: "bool | None" = False  # None: some modules have it
BUS_POWERED = False  # by a few mA of the meter: a page asks seldom while the supply sags

HAN_RX = 16
HAN_RX_PULLUP = True
HAN_TX_PARKED = 17  # free: the UART wants a transmit pin, which is made an input at once

BUTTON: "int | None" = None  # to ground

LED: "int | None" = 2
LED_INVERTED = False  # low lights it
RGB: "tuple[int | None, int | None, int | None]" = (None, None, None)
RGB_INVERTED = False  # common anode: low lights them

VCC_ADC: "int | None" = None
VCC_DIVIDER: "tuple[int, int] | None" = None  # (supply to pin, pin to ground), any one unit

WIFI_PM: "int | None" = None  # modem sleep: 0 none, 1 minimum, 2 maximum, None the driver's own
WIFI_TX_DBM: "int | None" = None  # None: the most the chip may
