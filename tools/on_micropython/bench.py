"""Time and memory of the decoder under MicroPython. Started by tools/bench.py.

Argument: a file of lines NAME HEX ... Prints for each: NAME microseconds allocated fed
microseconds  the best of 20 rounds of 50 telegrams, from octets to Reading with all checks
allocated     by one telegram, the Reading included; fed is what feeding its octets allocated
"""

import gc
import sys
import time

from han import lists
from han.hdlc import FRAME, HdlcFramer


def measure(octets):
    framer = HdlcFramer()
    n = len(octets)

    def telegram():
        framer.feed(octets, n)
        while framer.next_frame() != FRAME:
            pass
        return lists.decode(framer.buf, framer.start, framer.end)

    telegram()
    best = 1 << 30
    for _ in range(20):
        gc.collect()
        begin = time.ticks_us()
        for _ in range(50):
            telegram()
        best = min(best, time.ticks_diff(time.ticks_us(), begin))
    gc.collect()
    gc.disable()
    before = gc.mem_alloc()
    telegram()
    allocated = gc.mem_alloc() - before
    before = gc.mem_alloc()
    framer.feed(octets, n)
    while framer.next_frame() != FRAME:
        pass
    fed = gc.mem_alloc() - before
    gc.enable()
    return best / 50, allocated, fed


for line in open(sys.argv[1]):  # noqa: SIM115
    name, digits = line.split()[:2]
    octets = bytes([int(digits[i : i + 2], 16) for i in range(0, len(digits), 2)])
    print(name, "%.2f %d %d" % measure(octets))
