"""Publishes all that tests/unit/mqtt_examples.py has, on MicroPython with a real broker.

In       a JSON line on stdin: {"port": of a broker}
Out      one JSON line: the modules of MQTT still loaded at the end, lines of the log
How      the topic of a session is NUMBER/GENERATION, so that one subscriber can tell them apart.
         A session publishes on connect, events when they are asked for, then a telegram of each
         list. Payload 1 forgets what it has published before each: it publishes no value twice
"""

import asyncio
import json
import sys

from frames import aidon_power
from han.fields import COUNT
from mqtt_examples import (
    GENERATIONS,
    LISTS_AT,
    PAYLOADS,
    SENSORS,
    SETTINGS,
    TELEGRAMS,
    Line,
    household,
)
from ondemand import visit
from state import State

STEP_MS = 25
HEX = 255


class Uptime:
    """A clock that runs on at each look, so that a slow machine publishes nothing twice."""

    def __init__(self):
        self.now = 0

    def ms(self):
        self.now += STEP_MS
        return self.now


class Network:
    connected = heard = True


class Log(list):
    def add(self, line):
        self.append(line)

    warn = error = add


LOG = Log()


def made(number, generation, port):
    topic = "%d/%s" % (number, generation)
    app = household(number, generation, 2, mqtt_host="127.0.0.1", mqtt_port=port, **SETTINGS,
                    mqtt_silence_s=3600)  # fmt: skip
    app.config.mqtt_topic = topic
    app.network, app.log, app.reader = Network(), LOG, Line()
    app.state = State()
    app.system.temperatures = SENSORS
    app.system.uptime_ms = Uptime().ms
    app.system.utc = app.system.unix_time = lambda: LISTS_AT[0]
    app.system.uptime_s = lambda: 90512
    return app


async def until(condition):
    for _ in range(1500):
        if condition():
            return
        await asyncio.sleep_ms(5)
    raise AssertionError("timed out")


async def session(publisher, app, lists):
    """Publish what comes on connect, then events, then telegrams."""
    system = app.system
    session = publisher.Publisher(app)
    task = asyncio.create_task(session.run())
    await until(lambda: system.mqtt_light == 1 and system.mqtt_due)
    await until(lambda: not system.mqtt_due)
    system.temperatures = ()  # once is enough
    system.alarms, system.alarms_changed = 1, 3
    system.mqtt_due |= 1 << 5
    await until(lambda: not system.mqtt_due and not session._pending)
    system.alarms = 0
    for list_type in lists:
        system.uptime_s = lambda: 90512 if list_type < 3 else 88712  # noqa: B023
        with visit("mqtt.payloads.raw") as raw:
            raw._before[:] = [None] * COUNT
        app.reader.hear(aidon_power(2143))
        telegram = TELEGRAMS[list_type - 1]
        app.state.update(telegram, system.uptime_ms(), LISTS_AT[list_type > 2] - 2)
        await until(lambda: session._sent == app.state.telegrams)
    app.config.mqtt_host = ""
    await task


async def main(port):
    for number, _ in PAYLOADS:
        for generation in GENERATIONS:
            with visit("mqtt.publisher") as publisher:
                lists = (1, 2, 3, 4) if number != HEX else (1,)
                await session(publisher, made(number, generation, port), lists)


asyncio.run(main(json.loads(sys.stdin.readline())["port"]))
print(json.dumps({"left": [name for name in sys.modules if "mqtt." in name], "log": LOG}))
