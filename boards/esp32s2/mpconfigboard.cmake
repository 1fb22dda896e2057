set(READER_CHIP esp32s2)
set(READER_PSRAM OFF)
include(${CMAKE_CURRENT_LIST_DIR}/../common/image.cmake)
