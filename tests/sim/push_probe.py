"""Posts with prices.fetch on MicroPython.

In       arguments: address, limit in ms
Out      a line of JSON: "status", "words", "later_s", "answer", "held_ms" the longest delay of
         another task, "ms" it took
"""

import asyncio
import json
import sys
import time

from prices import fetch

_TICK_MS = 10


async def main():
    url, limit_ms = sys.argv[1:3]
    held_ms = 0
    answer = []

    async def tick():
        nonlocal held_ms
        while True:
            begin = time.ticks_ms()
            await asyncio.sleep_ms(_TICK_MS)
            held_ms = max(held_ms, time.ticks_diff(time.ticks_ms(), begin) - _TICK_MS)

    def feed(piece, count):
        answer.append(bytes(piece[:count]).decode())
        return ""

    task = asyncio.create_task(tick())
    begin = time.ticks_ms()
    one = fetch.Fetch(feed, 2000)
    headers = {"Authorization": "Token secret", "Content-Type": "text/plain"}
    status, words = await one.post(url, headers, b"power,device=a w=1i 12\n", int(limit_ms))
    found = {"status": status, "words": words, "later_s": one.later_s, "held_ms": held_ms}
    found["answer"] = "".join(answer)
    found["ms"] = time.ticks_diff(time.ticks_ms(), begin)
    print(json.dumps(found))
    task.cancel()


asyncio.run(main())
