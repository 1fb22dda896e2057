"""The start of the device: makes the Board and runs the firmware on it.

The build puts hardware.py and board.py from boards/ beside this file. A firmware that cannot even
be imported restarts the chip: the boot loader then leaves an image that is on trial.
"""

import gc
import sys

gc.threshold(8192)  # before the imports: their garbage must not scatter over the heap

try:
    import app
    from hardware import Board

    board = Board()
except Exception as e:
    sys.print_exception(e)
    import time

    import machine

    time.sleep(10)  # for Ctrl-C on the console
    machine.reset()

app.run(board)
