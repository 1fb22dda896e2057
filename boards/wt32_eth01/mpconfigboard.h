#define MICROPY_HW_BOARD_NAME "WT32-ETH01"
#define MICROPY_HW_MCU_NAME "ESP32"
#include "../common/low_ram.h"
