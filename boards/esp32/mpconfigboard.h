#define MICROPY_HW_BOARD_NAME "ESP32"
#define MICROPY_HW_MCU_NAME "ESP32"
#include "../common/low_ram.h"
