"""Where the device begins: the board this image was made for, and the firmware on it.

hardware.py and board.py beside this file come from boards/; the rest is the same everywhere.
"""

import gc

gc.threshold(8192)  # before the imports: what they leave behind must not scatter over the heap

import app  # noqa: E402
from hardware import Board  # noqa: E402

app.run(Board())
