"""Where the device begins: the board this image was made for, and the firmware on it.

hardware.py and board.py beside this file come from boards/; the rest is the same everywhere.
"""

import app
from hardware import Board

if __name__ == "__main__":
    app.run(Board())
