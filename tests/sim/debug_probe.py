"""The whole firmware on MicroPython, whose settings change while it runs.

In       the arguments of boards/sim; lines of JSON on stdin: for a change {"name": value, ...},
         "button" to hold the button for 5 s, null for a report
Out      a line of JSON for each: null, or for a report {"modules": names of net's loaded modules,
         "octets": of heap in use after a collection, "setup": whether it is on, "tap": whether the
         reader has one}
"""

import asyncio
import gc
import json
import select
import sys

from app import App
from hardware import Board


def report(app):
    gc.collect()
    return {
        "modules": sorted([name for name in sys.modules if name[:4] == "net."]),
        "octets": gc.mem_alloc(),
        "setup": app.network.setup,
        "tap": len(app.reader.taps) > 0,
    }


async def obey(app):
    poll = select.poll()
    poll.register(sys.stdin, select.POLLIN)
    while True:
        while not poll.poll(0):
            await asyncio.sleep_ms(20)
        changes = json.loads(sys.stdin.readline())
        if changes == "button":
            app.network.toggle()
        elif changes:
            app.apply(changes)
        print(json.dumps(None if changes else report(app)))


async def run():
    app = App(Board())
    app.log.echo = 0
    task = asyncio.create_task(obey(app))
    await app.run()
    await task


asyncio.run(run())
