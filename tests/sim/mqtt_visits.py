"""Runs mqtt.publisher on MicroPython with a broker, then without one; reports in JSON.

In       a JSON line on stdin: {"port": of a broker, "payload": number, "telegrams": count}
Out      one JSON line: the log, the modules of MQTT still loaded at the end, and the live octets
         after the first and the last of many visits
"""

import asyncio
import gc
import json
import sys
import time

from doubles import reading, world
from ondemand import visit

PUBLISHER = "mqtt.publisher"
VISITS = 200


class App:
    """Members of the composition root that a publisher uses."""

    def __init__(self, **settings):
        self.state, self.config, self.system, self.energy = world(**settings)
        self.system.board.ticks_ms = time.ticks_ms
        self.log = self
        self.lines = []

    def add(self, line):
        self.lines.append(line)

    def take(self, power):
        r = reading(1, power_import_w=power)
        self.state.update(r, self.system.uptime_ms(), 1704447010)


async def until(condition):
    for _ in range(300):
        if condition():
            return
        await asyncio.sleep_ms(20)
    raise AssertionError("timed out")


async def publish(app, job):
    room = visit(PUBLISHER)
    task = asyncio.create_task(room.open().run(app))
    await until(lambda: app.system.mqtt_light == 1)
    for number in range(job["telegrams"]):
        app.take(1000 + number)
        await asyncio.sleep_ms(150)
    app.config.mqtt_host = ""
    await task
    room.close()


def visits(name):
    """Octets of heap in use after the first visit and after the last."""
    used = []
    for number in range(VISITS):
        with visit(name):
            pass
        if number in (0, VISITS - 1):
            gc.collect()
            used.append(gc.mem_alloc())
    return used


job = json.loads(sys.stdin.readline())
app = App(
    mqtt_host="127.0.0.1", mqtt_port=job["port"], mqtt_topic="ams", mqtt_payload=job["payload"]
)
asyncio.run(publish(app, job))
print(
    json.dumps(
        {
            "log": app.lines,
            "left": [name for name in sys.modules if "mqtt" in name],
            "publisher": visits(PUBLISHER),
            "payload": visits("mqtt.payloads.json"),
        }
    )
)
