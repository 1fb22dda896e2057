// The part that is common to the mpconfigboard.h of every board: modules that the firmware does not
// import are left out of the image.

#define MICROPY_HW_ENABLE_UART_REPL (1)  // the console is on UART 0

#define MICROPY_PY_BLUETOOTH (0)
#define MICROPY_PY_ESPNOW (0)
#define MICROPY_PY_MACHINE_I2S (0)
#define MICROPY_PY_MACHINE_DAC (0)
#define MICROPY_PY_ESP32_PCNT (0)
#define MICROPY_PY_NETWORK_LAN (0)
#define MICROPY_HW_ENABLE_SDCARD (0)
