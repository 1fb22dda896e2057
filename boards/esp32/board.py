"""Any ESP32 board without PSRAM; the meter is on GPIO 16.

PSRAM occupies GPIO 16 and 17: esp32_psram has other pins.

Every board has these constants and no others. Pins are GPIO numbers; None: not fitted.
"""

NAME = "ESP32"
ID = 200  # the number in /sysinfo.json
MAKER = "Espressif"  # of the board, in Home Assistant
FAMILY = "esp32"  # an image whose trailer names another is refused
CHIP = "esp32"
CPU_MHZ = 160
PSRAM: "bool | None" = False  # None: some modules have it
POWER = "usb"  # or equal; "meter": its port; "bus": its port with a few mA, Board.bus_powered

HAN_RX = 16
HAN_RX_PULLUP = True
HAN_TX_PARKED = 17  # unused pin for the UART's transmitter, which is then made an input

BUTTON: "int | None" = None  # low while pressed

LED: "int | None" = 2
LED_INVERTED = False  # True: low is on
RGB: "tuple[int | None, int | None, int | None]" = (None, None, None)
RGB_INVERTED = False  # True: common anode, low is on

VCC_ADC: "int | None" = None
VCC_DIVIDER: "tuple[int, int] | None" = None  # resistors (supply to pin, pin to ground), same unit

ONE_WIRE: "int | None" = None  # DS18B20 sensors, with a resistor of 4.7 kOhm to 3.3 V

WIFI_PM: "int | None" = None  # modem sleep: 0 none, 1 minimum, 2 maximum, None driver's default
WIFI_TX_DBM: "int | None" = None  # None: the chip's maximum
