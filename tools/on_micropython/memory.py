"""Import the firmware from a ROM image and print what stays in the heap, a row of octets each.

Arguments: ADDRESS SIZE, "image" and its path, or "files" and the folder of .mpy files, which then
lie in the heap; after that the board's. Rows: a module without
what it imports in turn, for the first time; then the objects of app.py. For tools/memory.py.
"""

import asyncio
import builtins
import gc
import sys

import uctypes
import vfs

_MOST = 300

image = None
if sys.argv[1] == "image":  # outside the heap, as flash is
    import ffi

    with open(sys.argv[2], "rb") as f:
        octets = f.read()
    address = ffi.open("libc.so.6").func("p", "malloc", "I")(len(octets))
    image = uctypes.bytearray_at(address, len(octets))
    image[:] = octets
    del octets
elif sys.argv[1] != "files":
    image = uctypes.bytearray_at(int(sys.argv[1]), int(sys.argv[2]))
if image is not None:
    vfs.mount(vfs.VfsRom(image), "/rom")
sys.path[:] = ["/rom" if image is not None else sys.argv[2], ".frozen"]
del sys.argv[1:3]


def used():
    gc.collect()
    gc.collect()
    return gc.mem_alloc()


class Importer:
    """Measures each first import. Its lists are made before, so that they do not count."""

    def __init__(self):
        self._import = builtins.__import__
        self._names = [""] * _MOST
        self._parts = [""] * _MOST
        self._octets = [0] * _MOST
        self._count = 0
        self._inner = 0  # octets of the imports within the one that is under way

    def __call__(self, name, *rest):
        submodules = rest[2] if len(rest) > 2 and isinstance(rest[2], tuple) else ()
        part = ""
        if name in sys.modules:
            for s in submodules:
                if hasattr(sys.modules[name], "__path__") and name + "." + s not in sys.modules:
                    part = s
            if not part:
                return self._import(name, *rest)
        place = self._count
        self._count += 1
        outer = self._inner
        self._inner = 0
        before = used()
        module = self._import(name, *rest)
        octets = used() - before
        self._names[place] = name
        self._parts[place] = part
        self._octets[place] = octets - self._inner
        self._inner = outer + octets
        return module

    def show(self):
        """Print the rows of what took any memory."""
        for name, part, octets in zip(self._names, self._parts, self._octets):
            if octets:
                print(octets, name + "." + part if part else name)


def measured(name, make):
    before = used()
    made = make()
    print(used() - before, name)
    return made


importer = Importer()
before = used()
for name in ("start_server", "Event", "Lock", "StreamReader"):
    getattr(asyncio, name)  # is loaded at its first use
print(used() - before, "asyncio")
plain = builtins.__import__
builtins.__import__ = importer
import app  # noqa: E402
from hardware import Board  # noqa: E402
from mqtt.publisher import Publisher  # noqa: E402

builtins.__import__ = plain
importer.show()
board = measured("hardware.Board()", Board)
kept = measured("app.App()", lambda: app.App(board))
reader = measured(
    "MeterReader()", lambda: app.MeterReader(board, kept, kept.system.uptime_ms, kept.cipher)
)
server = measured("Server()", lambda: app.Server(kept))
publisher = measured("Publisher()", lambda: Publisher(kept))
