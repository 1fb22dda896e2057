"""Start MicroPython with the firmware in a ROM image outside its heap, as on a board.

    python tools/in_rom.py IMAGE HEAP ARGUMENT...

On the device byte code and constants are in flash and take no heap. The unix port has no ROM
image; as MicroPython runs within this process, it can use the image's octets by their address.
"""

import ctypes
import sys
from pathlib import Path

import micropython_unix

START = Path(__file__).resolve().parent / "on_micropython" / "from_rom.py"


def main() -> int:
    image, heap, *arguments = sys.argv[1:]
    octets = Path(image).read_bytes()
    rom = ctypes.create_string_buffer(octets, len(octets))  # keeps its address until main() ends
    place = [str(ctypes.addressof(rom)), str(len(octets))]
    sys.argv = ["micropython", "-X", f"heapsize={heap}", str(START), *place, *arguments]
    return int(micropython_unix.main() or 0)


if __name__ == "__main__":
    sys.exit(main())
