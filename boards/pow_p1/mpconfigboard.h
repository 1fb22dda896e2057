#define MICROPY_HW_BOARD_NAME "Pow-P1"
#define MICROPY_HW_MCU_NAME "ESP32S2"
#include "../common/low_ram.h"
