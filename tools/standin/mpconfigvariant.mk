# No threads: their collector takes the signals that standin.c listens to. No libffi nor btree:
# they would need libraries for 32 bit, and a chip does not have them.
MICROPY_PY_THREAD = 0
MICROPY_PY_FFI = 0
MICROPY_PY_BTREE = 0
MICROPY_USE_READLINE = 0

# SSE rounds each operation to single precision, as the chip does; x87 would not.
CFLAGS_EXTRA += -m32 $(FLAGS32) -msse2 -mfpmath=sse -Wno-error
LDFLAGS_EXTRA += -m32 $(FLAGS32) -Wl,--wrap=gc_alloc -Wl,--wrap=gc_realloc -Wl,--wrap=gc_collect
MPY_CROSS_FLAGS += -march=x86

FROZEN_MANIFEST ?= $(VARIANT_DIR)/manifest.py
