// The stand-in: what an ESP32 without PSRAM has that a PC's MicroPython has not.
// Words of 32 bit come from -m32 in mpconfigvariant.mk; the rest is the port's standard variant.

#define MICROPY_CONFIG_ROM_LEVEL (MICROPY_CONFIG_ROM_LEVEL_EXTRA_FEATURES)

// Single precision, each float an object in the heap.
#define MICROPY_FLOAT_IMPL (MICROPY_FLOAT_IMPL_FLOAT)

#include "variants/mpconfigvariant_common.h"
