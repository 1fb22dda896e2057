#define MICROPY_HW_BOARD_NAME "ESP32-S2"
#define MICROPY_HW_MCU_NAME "ESP32S2"
#include "../common/low_ram.h"
