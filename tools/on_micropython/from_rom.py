"""Run the firmware from a ROM image, which is not copied, as from a board's flash.

Arguments: ADDRESS SIZE, then the firmware's own. Started by tools/in_rom.py; the image is at
ADDRESS, outside MicroPython's heap.
"""

import sys

import uctypes
import vfs

image = uctypes.bytearray_at(int(sys.argv[1]), int(sys.argv[2]))
vfs.mount(vfs.VfsRom(image), "/rom")
sys.path[:] = ["/rom", ".frozen"]
del sys.argv[1:3]

import main  # noqa: E402, F401
