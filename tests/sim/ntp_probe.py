"""Asks a time server with net.ntp on MicroPython.

In       arguments: number of questions, server, the network's name server if there is one
Out      a JSON line for each: {"utc"} or {"fault"}, "ms" it took, "stall_ms" the longest delay
         of another task in the same loop, without the wait for a processor, of which there were
         "waited_ms"
"""

import asyncio
import json
import sys
import time

from net import ntp

_TICK_MS = 10


def waited_ms():
    """Total time for which this process waited for a processor."""
    with open("/proc/self/schedstat") as schedstat:
        return int(schedstat.read().split()[1]) // 1000000


class Ticker:
    def __init__(self):
        self.stall_ms = 0

    async def run(self):
        while True:
            waited, begin = waited_ms(), time.ticks_ms()
            await asyncio.sleep_ms(_TICK_MS)
            late = time.ticks_diff(time.ticks_ms(), begin) - _TICK_MS - (waited_ms() - waited)
            self.stall_ms = max(self.stall_ms, late)


class Board:
    def ip_config(self):
        return ("127.0.0.1", "255.0.0.0", "", sys.argv[3])


async def main():
    board = Board() if len(sys.argv) > 3 else None
    ticker = Ticker()
    task = asyncio.create_task(ticker.run())
    for _ in range(int(sys.argv[1])):
        ticker.stall_ms = 0
        waited, begin = waited_ms(), time.ticks_ms()
        try:
            result = {"utc": await ntp.ask(sys.argv[2], 123, board)}
        except (OSError, ValueError) as e:
            result = {"fault": "%s: %s" % (type(e).__name__, e)}
        result["ms"] = time.ticks_diff(time.ticks_ms(), begin)
        result["waited_ms"] = waited_ms() - waited
        result["stall_ms"] = ticker.stall_ms
        print(json.dumps(result))
    task.cancel()


asyncio.run(main())
