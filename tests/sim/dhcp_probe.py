"""Asks a DHCP server with net.dhcp on MicroPython.

In       arguments: the router's address, the port of DHCP
Out      a JSON line: {"found"} hexadecimal digits or null, "ms" it took, "stall_ms" the longest
         delay of another task in the same loop
"""

import asyncio
import json
import sys
import time

from net import dhcp

_TICK_MS = 10


class App:
    """What net.dhcp uses of the app: it is its own config, system, network and board."""

    def __init__(self, router, port):
        self.config = self.system = self.network = self.board = self
        self.dhcp_port = port
        self._router = router

    def ip_config(self):
        return "127.0.0.1", "255.0.0.0", self._router, ""

    def mac(self):
        return b"\x02\x00\x00\x00\x1e\x4b"

    def setting(self, name):
        return ""


class Ticker:
    def __init__(self):
        self.stall_ms = 0

    async def run(self):
        while True:
            begin = time.ticks_ms()
            await asyncio.sleep_ms(_TICK_MS)
            late = time.ticks_diff(time.ticks_ms(), begin) - _TICK_MS
            self.stall_ms = max(self.stall_ms, late)


async def main():
    ticker = Ticker()
    task = asyncio.create_task(ticker.run())
    begin = time.ticks_ms()
    found = await dhcp.servers(App(sys.argv[1], int(sys.argv[2])))
    result = {"found": None if found is None else found.hex()}
    result["ms"] = time.ticks_diff(time.ticks_ms(), begin)
    result["stall_ms"] = ticker.stall_ms
    print(json.dumps(result))
    task.cancel()


asyncio.run(main())
