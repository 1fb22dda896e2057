set(READER_CHIP esp32)
set(READER_PSRAM ON)
include(${CMAKE_CURRENT_LIST_DIR}/../common/image.cmake)
