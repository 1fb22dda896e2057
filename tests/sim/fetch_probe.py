"""Fetches with prices.fetch on MicroPython.

In       arguments: address, limit in ms, most octets of the body, the file of a root or "", the
         name server or ""
Out      a line of JSON: "status", "words", "length", "stall_ms" as fetch measures it, "held_ms"
         the longest delay of another task, "ms" it took, "longest" octets in a piece
"""

import asyncio
import json
import sys
import time

from prices import fetch

_TICK_MS = 10


async def main():
    url, limit_ms, most, root, names = sys.argv[1:6]
    held_ms = longest = 0

    async def tick():
        nonlocal held_ms
        while True:
            begin = time.ticks_ms()
            await asyncio.sleep_ms(_TICK_MS)
            held_ms = max(held_ms, time.ticks_diff(time.ticks_ms(), begin) - _TICK_MS)

    def feed(piece, count):
        nonlocal longest
        longest = max(longest, count)
        return "enough" if piece[0] == 0x21 else ""

    roots = ()
    if root:
        with open(root, "rb") as f:
            roots = (f.read(),)
    task = asyncio.create_task(tick())
    begin = time.ticks_ms()
    one = fetch.Fetch(feed, int(most), roots, names)
    status, words = await one.run(url, "HAN reader", int(limit_ms))
    found = {"status": status, "words": words, "length": one.length, "stall_ms": one.stall_ms}
    found["ms"] = time.ticks_diff(time.ticks_ms(), begin)
    found["held_ms"] = held_ms
    found["longest"] = longest
    found["left"] = [name for name in sys.modules if name == "ussl"]
    print(json.dumps(found))
    task.cancel()


asyncio.run(main())
