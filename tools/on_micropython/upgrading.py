"""Memory of an image on its way into the other slot. Started by tools/ram.py.

Prints lines NAME VALUE:
writing      octets of heap in use above idle in the middle of a transfer: modules and objects
checking     the same at the end, at most, while the slot is read back
piece        octets that a piece of 256 takes and leaves to the collection, on average
"""

import asyncio
import gc

from ondemand import visit

SIZE = 65536
HEAD = b"\xe9" + bytes(11) + b"\x02" + bytes(11)


class Slots:
    """An image of zeros: nothing is kept."""

    size = SIZE
    label, other = "app0", "app1"

    def __init__(self):
        self.most = 0

    def erase(self, block):
        pass

    def write(self, at, octets):
        pass

    def read(self, at, buf):
        if not at % 4096:
            gc.collect()
            self.most = max(self.most, gc.mem_alloc())


class Anything:
    """Board, system, storage and log, as far as a transfer needs them."""

    chip, family, held = "esp32s2", "pow", ""
    mqtt_due = 0
    upgrade = None

    def read_json(self, name):
        return {}

    def write_json(self, name, value):
        return True

    def fire(self):
        pass


app = Anything()
app.board = app.system = app.storage = app.pulse = app
slots = Slots()
piece = memoryview(bytearray(256))
piece[: len(HEAD)] = HEAD
gc.collect()
idle = gc.mem_alloc()
with visit("upgrade.writer") as module:
    writer = module.Writer(app, slots, SIZE)
    for _ in range(SIZE // 512):
        writer.take(piece)
    gc.collect()
    print("writing", gc.mem_alloc() - idle)
    gc.disable()
    before = gc.mem_alloc()
    for _ in range(32):
        writer.take(piece)
    print("piece", (gc.mem_alloc() - before) // 32)
    gc.enable()
    asyncio.run(writer._digest(SIZE))
    print("checking", slots.most - idle)
