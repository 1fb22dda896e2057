"""Run the firmware from a ROM image in place, as a board runs it from flash.

Arguments: ADDRESS SIZE and then the firmware's own. Started by tools/in_rom.py, which has put the
image at ADDRESS, outside MicroPython's heap.
"""

import sys

import uctypes
import vfs

image = uctypes.bytearray_at(int(sys.argv[1]), int(sys.argv[2]))
vfs.mount(vfs.VfsRom(image), "/rom")
sys.path[:] = ["/rom", ".frozen"]
del sys.argv[1:3]

import main  # noqa: E402, F401
