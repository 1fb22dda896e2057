"""Start MicroPython with the firmware in a ROM image outside its heap, as on a board.

    python tools/in_rom.py IMAGE HEAP ARGUMENT...

On the device byte code and constants are in flash and take no heap. The unix port has no ROM
image; as MicroPython runs within this process, it can use the image's octets by their address.

With the firmware's options --watchdog and --data, another process is the chip's watchdog.
"""

import contextlib
import ctypes
import os
import signal
import sys
import time
from pathlib import Path

import micropython_unix

START = Path(__file__).resolve().parent / "on_micropython" / "from_rom.py"


WATCHDOG_RESET = "4 0"  # content of DATA/reset: reason and cause, as boards/sim reads it
_LOOK_S = 0.1


def start_watchdog(data: Path) -> None:
    """Kill this process when DATA/fed has not been written for as many ms as it says."""
    fed, firmware = data / "fed", os.getpid()
    fed.unlink(missing_ok=True)
    if os.fork():
        return
    for stream in (0, 1, 2):  # whoever reads the firmware's output waits for its end
        os.close(stream)
    while os.getppid() == firmware:
        time.sleep(_LOOK_S)
        with contextlib.suppress(OSError, ValueError):  # not started, or just being written
            limit_s = int(fed.read_text()) / 1000
            if time.time() - fed.stat().st_mtime > limit_s and os.getppid() == firmware:
                (data / "reset").write_text(WATCHDOG_RESET)
                os.kill(firmware, signal.SIGKILL)
    os._exit(0)


def option(arguments: list[str], name: str) -> str:
    """The value of an option; "" without it."""
    return arguments[arguments.index(name) + 1] if name in arguments else ""


def main() -> int:
    image, heap, *arguments = sys.argv[1:]
    if option(arguments, "--watchdog"):
        start_watchdog(Path(option(arguments, "--data")))
    octets = Path(image).read_bytes()
    rom = ctypes.create_string_buffer(octets, len(octets))  # keeps its address until main() ends
    place = [str(ctypes.addressof(rom)), str(len(octets))]
    sys.argv = ["micropython", "-X", f"heapsize={heap}", str(START), *place, *arguments]
    return int(micropython_unix.main() or 0)


if __name__ == "__main__":
    sys.exit(main())
