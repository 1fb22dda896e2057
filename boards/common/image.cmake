# The part that is common to the mpconfigboard.cmake of every board. Before it: READER_CHIP, esp32 or
# esp32s2, and READER_PSRAM, ON for a board that always has PSRAM.
#
# The files of this folder are concatenated in this order; of a setting that is in two of them the
# last one counts.

set(READER_COMMON ${CMAKE_CURRENT_LIST_DIR})
set(IDF_TARGET ${READER_CHIP})

set(SDKCONFIG_DEFAULTS boards/sdkconfig.base)
if(READER_PSRAM)
    list(APPEND SDKCONFIG_DEFAULTS
        ${READER_COMMON}/sdkconfig.psram
        ${READER_COMMON}/sdkconfig.psram.${READER_CHIP}
    )
    # The console on USB of an ESP32-S2. Some versions of MicroPython have its settings in a file.
    if(READER_CHIP STREQUAL esp32s2 AND EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/boards/sdkconfig.usb)
        list(APPEND SDKCONFIG_DEFAULTS boards/sdkconfig.usb)
    endif()
else()
    list(APPEND SDKCONFIG_DEFAULTS
        boards/sdkconfig.free_ram
        ${READER_COMMON}/sdkconfig.low_ram
    )
    # MicroPython reads this header in place of its own mpconfigport.h.
    list(APPEND MICROPY_DEF_BOARD MP_CONFIGFILE=\"${READER_COMMON}/low_ram_port.h\")
endif()
list(APPEND SDKCONFIG_DEFAULTS ${READER_COMMON}/sdkconfig.image)

# ESP-IDF looks for the table in MicroPython's folder, unless its name is a whole path.
set(READER_TABLE ${CMAKE_BINARY_DIR}/sdkconfig.table)
file(WRITE ${READER_TABLE}
    "CONFIG_PARTITION_TABLE_CUSTOM_FILENAME=\"${READER_COMMON}/partitions.csv\"\n")
list(APPEND SDKCONFIG_DEFAULTS ${READER_TABLE})

# tools/firmware.py writes the sources to freeze into a folder named after the board.
set(MICROPY_MANIFEST_PREPARED ${READER_COMMON}/../../build/prepared/${MICROPY_BOARD})
set(MICROPY_FROZEN_MANIFEST ${READER_COMMON}/manifest.py)
