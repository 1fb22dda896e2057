// The stand-in: MicroPython's unix port with the configuration of an ESP32 without PSRAM.
// mpconfigvariant.mk sets -m32 for words of 32 bits; the rest is the port's standard variant.

#define MICROPY_CONFIG_ROM_LEVEL (MICROPY_CONFIG_ROM_LEVEL_EXTRA_FEATURES)

// Single-precision floats, each an object in the heap, as on the chip.
#define MICROPY_FLOAT_IMPL (MICROPY_FLOAT_IMPL_FLOAT)

#include "variants/mpconfigvariant_common.h"
