"""Constants of the simulated board; boards/esp32/board.py explains them."""

NAME = "Simulator"
ID = 50
MAKER = "Espressif"
FAMILY = "pow"
CHIP = "esp32s2"
CPU_MHZ = 160
PSRAM: "bool | None" = False
POWER = "usb"

HAN_RX = 18
HAN_TX_PARKED = 17

BUTTON: "int | None" = None

LED: "int | None" = None
RGB: "tuple[int | None, int | None, int | None]" = (None, None, None)

VCC_ADC: "int | None" = None

ONE_WIRE: "int | None" = None
