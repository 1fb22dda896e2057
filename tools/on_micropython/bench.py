"""Time and memory from octets to Reading under MicroPython. Started by tools/bench.py.

In       a file of lines NAME KEY AUTH HEX, "-" for no key
Out      for each line NAME microseconds allocated fed
microseconds  per telegram, with all checks, on a stream with a known wire; best of 20 rounds of 50
allocated     octets per telegram, Reading included
fed           octets allocated while all but the telegram's last eight octets are fed
"""

import gc
import sys
import time

import cryptolib
from feeding import feed
from han.stream import TelegramStream


class Sink:
    """Counts readings and keeps none."""

    def __init__(self):
        self.readings = 0

    def on_reading(self, reading):
        self.readings += 1

    def on_error(self, code, reason, offset):
        raise ValueError(reason)

    def on_unknown(self, reading):
        pass


def aes(key):
    return cryptolib.aes(key, 1)  # ECB


def measure(octets, key, auth):
    sink = Sink()
    stream = TelegramStream(sink, key, auth, aes)
    n = len(octets)
    feed(stream, octets)
    feed(stream, octets)
    assert sink.readings == 2 and stream.locked >= 0
    best = 1 << 30
    for _ in range(20):
        gc.collect()
        begin = time.ticks_us()
        for _ in range(50):
            feed(stream, octets)
        best = min(best, time.ticks_diff(time.ticks_us(), begin))
    first, last = octets[: n - 8], octets[n - 8 :]
    gc.collect()
    gc.disable()
    before = gc.mem_alloc()
    feed(stream, first)
    fed = gc.mem_alloc() - before
    feed(stream, last)
    allocated = gc.mem_alloc() - before
    gc.enable()
    assert sink.readings == 2 + 20 * 50 + 1
    return best / 50, allocated, fed


def octets_of(digits):
    return bytes([int(digits[i : i + 2], 16) for i in range(0, len(digits), 2)])


for line in open(sys.argv[1]):  # noqa: SIM115
    name, key, auth, digits = line.split()
    keys = [None if k == "-" else octets_of(k) for k in (key, auth)]
    print(name, "%.2f %d %d" % measure(octets_of(digits), *keys))
