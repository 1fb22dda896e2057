"""The start of the device: makes the Board and runs the firmware on it.

The build puts hardware.py and board.py from boards/ beside this file.
"""

import gc

gc.threshold(8192)  # before the imports: their garbage must not scatter over the heap

import app  # noqa: E402
from hardware import Board  # noqa: E402

app.run(Board())
