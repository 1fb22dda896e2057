"""Runs mqtt.publisher on MicroPython with a broker, then without one; reports in JSON.

In       a JSON line on stdin: {"port": of a broker, "payload": number, "telegrams": count}
Out      one JSON line: the log, the modules of MQTT still loaded at the end, and the live octets
         after the first and the last of many visits
"""

import asyncio
import gc
import json
import sys

from broker_app import App, until
from ondemand import visit

PUBLISHER = "mqtt.publisher"
VISITS = 200


async def publish(app, job):
    room = visit(PUBLISHER)
    publisher = room.open().Publisher(app)
    task = asyncio.create_task(publisher.run())
    await until(lambda: app.system.mqtt_light == 1)
    for number in range(job["telegrams"]):
        app.take(1000 + number)
        await until(lambda: publisher._sent == app.state.telegrams)
    # What comes on connect is 50 ms apart: the telegrams may be faster.
    await until(lambda: not app.system.mqtt_due and not publisher._pending)
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
app = App(mqtt_host="127.0.0.1", mqtt_port=job["port"], mqtt_topic="ams")
app.config.mqtt_payload = job["payload"]  # also one that the settings refuse
asyncio.run(publish(app, job))
print(
    json.dumps(
        {
            "log": app.lines,
            "left": [name for name in sys.modules if "mqtt" in name],
            "publisher": visits(PUBLISHER),
            "payload": visits("mqtt.payloads.json"),
            "commands": visits("mqtt.commands"),
        }
    )
)
