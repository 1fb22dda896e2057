// MicroPython's mpconfigport.h, and in place of what it defines without asking:

#include "mpconfigport.h"

// The heap keeps its size. The allocator that a growing heap would bring is named here.
#undef MICROPY_GC_SPLIT_HEAP_AUTO
#define MICROPY_GC_SPLIT_HEAP_AUTO (0)
#define MP_PLAT_ALLOC_HEAP(size) malloc(size)
#define MP_PLAT_FREE_HEAP(ptr) free(ptr)

// No WebREPL, and no socket events, which it alone uses.
#undef MICROPY_PY_WEBREPL
#define MICROPY_PY_WEBREPL (0)
#undef MICROPY_PY_SOCKET_EVENTS
#define MICROPY_PY_SOCKET_EVENTS (0)
#undef MICROPY_PY_SOCKET_EVENTS_HANDLER
#define MICROPY_PY_SOCKET_EVENTS_HANDLER

// 7,828 octets: the interpreter's loop runs from the flash, through its cache, instead of RAM.
#undef MICROPY_WRAP_MP_BINARY_OP
#undef MICROPY_WRAP_MP_EXECUTE_BYTECODE
#undef MICROPY_WRAP_MP_LOAD_GLOBAL
#undef MICROPY_WRAP_MP_LOAD_NAME
#undef MICROPY_WRAP_MP_MAP_LOOKUP
#undef MICROPY_WRAP_MP_OBJ_GET_TYPE
#undef MICROPY_WRAP_MP_SCHED_EXCEPTION
#undef MICROPY_WRAP_MP_SCHED_KEYBOARD_INTERRUPT
