"""Constants of the simulated board; boards/esp32/board.py explains them."""

NAME = "Simulator"
ID = 50
MAKER = "Espressif"
FAMILY = "pow"
CHIP = "esp32s2"
CPU_MHZ = 160
POWER = "usb"
