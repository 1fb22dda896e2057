"""The simulated board: what it is called. Its hardware is in hardware.py."""

NAME = "Simulator"
ID = 50
CHIP = "esp32s2"
CPU_MHZ = 160
BUS_POWERED = False
