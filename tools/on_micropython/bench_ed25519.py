"""Time and memory of a verification under MicroPython. Started by tools/bench.py and tools/ram.py.

Prints lines NAME VALUE:
verify_us    µs of a verification, the best of 20
power_us     µs of pow() with MicroPython's own numbers, times the ratio of the verification's
             products of the field to its 504: a peer in C
products     products of the field in a verification
step         the most of them between two turns of the loop
live         octets of heap that it keeps at once, at most: its modules, their objects, its own
allocated    octets that it takes in all
"""

import asyncio
import gc
import time
from binascii import unhexlify

from ondemand import visit

KEY = unhexlify("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
MADE = unhexlify(
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b4"
    "6bd25bf5f0595bbe24655141438e7a100b"
)
P = (1 << 255) - 19
NUMBER = int.from_bytes(MADE[:31], "little")


class Loop:
    """In place of asyncio in the module: each turn of the loop updates the figures."""

    def __init__(self, base=0):
        self.base = base  # octets in use before, 0 = do not collect
        self.live = self.step = self.products = self.counted = 0

    async def sleep(self, seconds):
        self.step = max(self.step, self.products - self.counted)
        self.counted = self.products
        if self.base:
            gc.collect()
            self.live = max(self.live, gc.mem_alloc() - self.base)


def verify(module, loop):
    module.asyncio = loop
    answer = asyncio.run(module.valid(KEY, b"", MADE))
    module.asyncio = asyncio
    assert answer


def counted(module):
    loop = Loop()
    product = module._mul

    def counting(m, i, j, to):
        loop.products += 1
        return product(m, i, j, to)

    module._mul = counting
    verify(module, loop)
    module._mul = product
    return loop


def best(call):
    least = 1 << 29
    for _ in range(20):
        gc.collect()
        begin = time.ticks_us()
        call()
        least = min(least, time.ticks_diff(time.ticks_us(), begin))
    return least


def timed():
    with visit("device.ed25519") as module:
        loop = counted(module)
        print("verify_us", best(lambda: verify(module, Loop())))
        print("power_us", best(lambda: pow(NUMBER, P - 2, P)) * loop.products // 504)
        print("products", loop.products)
        print("step", max(loop.step, loop.products - loop.counted))


timed()
gc.collect()
before = gc.mem_alloc()
with visit("device.ed25519") as module:
    loop = Loop(before)
    verify(module, loop)
    print("live", loop.live)
    gc.collect()
    gc.disable()
    before = gc.mem_alloc()
    verify(module, Loop())
    print("allocated", gc.mem_alloc() - before)
    gc.enable()
