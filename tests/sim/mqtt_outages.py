"""Runs mqtt.publisher on MicroPython with telegrams until stdin has a line.

In       a JSON line on stdin: {"port": of a broker}; then any line ends it
Out      one JSON line: the longest stall of the loop in ms, without the wait for a processor; live
         octets at the first three and last five seconds with a broker; the last lines of the log
"""

import asyncio
import gc
import json
import select
import sys
import time

from broker_app import App
from ondemand import visit

TICK_MS = 10
TELEGRAM_MS = 200
KEPT_LINES = 6


def waited_ms():
    """Total time for which this process waited for a processor."""
    with open("/proc/self/schedstat") as schedstat:
        return int(schedstat.read().split()[1]) // 1000000


async def tick(app, job):
    """Bring telegrams, and measure how late each tick is."""
    at = app.ticks = 0
    app.stall_ms = 0
    while True:
        waited, began = waited_ms(), time.ticks_ms()
        await asyncio.sleep_ms(TICK_MS)
        late = time.ticks_diff(time.ticks_ms(), began) - TICK_MS - (waited_ms() - waited)
        app.stall_ms = max(app.stall_ms, late)
        at += TICK_MS
        if at % TELEGRAM_MS == 0:
            app.take(at // TELEGRAM_MS)
        if at % 1000 == 0 and app.system.mqtt_light == 1:
            del app.lines[:-KEPT_LINES]
            del app.live[3:-5]
            gc.collect()
            app.live.append(gc.mem_alloc())


async def main():
    job = json.loads(sys.stdin.readline())
    app = App(mqtt_host="127.0.0.1", mqtt_port=job["port"], mqtt_keepalive_s=5)
    app.live = []
    room = visit("mqtt.publisher")
    publishing = asyncio.create_task(room.open().run(app))
    ticking = asyncio.create_task(tick(app, job))
    poller = select.poll()
    poller.register(sys.stdin, select.POLLIN)
    while not poller.poll(0):
        await asyncio.sleep_ms(50)
    ticking.cancel()
    publishing.cancel()
    print(json.dumps({"stall_ms": app.stall_ms, "live": app.live, "log": app.lines}))


asyncio.run(main())
