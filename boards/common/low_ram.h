// For the mpconfigboard.h of a board without PSRAM. low_ram_port.h has what the port sets later.

#include "image.h"

// One heap of a fixed size: with a growing one, Wi-Fi or TLS finds no memory. 112 KB would serve as
// well without the data cache of the flash: docs/low-ram.md.
#define MICROPY_GC_INITIAL_HEAP_SIZE (104 * 1024)

// 7.8 KB are used: 12 KB allow 36 frames of plain Python.
#define MICROPY_TASK_STACK_SIZE (12 * 1024)

// 1,440 octets and 18.6 KB of flash: no console on USB. The chip's own boot loader flashes over USB
// all the same, with the button held.
#define MICROPY_HW_ENABLE_USBDEV (0)

// Dynamic buffers of TLS exclude it: sdkconfig.low_ram.
#define MICROPY_PY_SSL_DTLS (0)
