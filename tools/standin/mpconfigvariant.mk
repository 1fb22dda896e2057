# No threads: their collector uses the signals of standin.c. No libffi, no btree: they need 32-bit
# libraries, and a chip has neither.
MICROPY_PY_THREAD = 0
MICROPY_PY_FFI = 0
MICROPY_PY_BTREE = 0
MICROPY_USE_READLINE = 0

# SSE rounds each operation to single precision, as on the chip; x87 does not.
CFLAGS_EXTRA += -m32 $(FLAGS32) -msse2 -mfpmath=sse -Wno-error
LDFLAGS_EXTRA += -m32 $(FLAGS32) -Wl,--wrap=gc_alloc -Wl,--wrap=gc_realloc -Wl,--wrap=gc_collect
MPY_CROSS_FLAGS += -march=x86

FROZEN_MANIFEST ?= $(VARIANT_DIR)/manifest.py
