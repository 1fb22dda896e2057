"""Runs mqtt.publisher on MicroPython with a client that records, in simulated time.

Out      one JSON line: for each case [(seconds since the start, topic, body), ...]
How      each pause of the publisher moves the clock on; so does each publication, by the time that
         a case sets. A case's function is called at each pause, with the seconds
"""

import asyncio
import gc
import json
import sys

from doubles import reading
from mqtt_examples import SENSORS, ExamplePrices, household
from ondemand import visit
from state import State

HOUR = 1704445200  # 2024-01-05 09:00 UTC


class Ended(Exception):
    pass


class Client:
    """The publisher's client: always connected."""

    def __init__(self, *_, **__):
        self.sock = self
        self.received = b"\x30"  # a PUBLISH that is not retained
        self.stage = ""
        self.world = WORLD[0]

    def set_callback(self, callback):
        self.world.receive = callback

    async def connect(self, *_):
        self.world.note("connected", "")

    async def subscribe(self, topic):
        self.world.subscribed.append(topic)

    async def publish(self, topic, parts, flags=0):
        self.world.note(topic, "".join(parts))
        self.world.ms += self.world.publish_ms

    def due(self):
        return self.world.flood

    async def serve(self):
        self.world.receive(b"ams/command", b"reboot")
        await self.world.pause(10)

    async def leave(self):
        self.world.note("left", "")

    def close(self):
        pass


class Network:
    connected = heard = True


class World:
    """A household whose clock the publisher's pauses move."""

    def __init__(self, seconds, step, number=0, generation="2.2", **settings):
        self.ms = 0
        self.end_s = seconds
        self.step = step
        self.notes = []
        self.subscribed = []
        self.flood = False
        self.publish_ms = 10
        self.app = app = household(number, generation, mqtt_host="broker", **settings)
        app.state = State()
        app.network = Network()
        app.log = self
        app.prices = ExamplePrices(HOUR, 900, [1000 * i for i in range(96)])
        system = app.system
        system.uptime_ms = lambda: self.ms
        system.utc = system.unix_time = lambda: HOUR + self.ms // 1000
        self.told = -1

    def add(self, text):
        self.note("log", text)

    warn = error = add

    def note(self, topic, body):
        self.notes.append((self.ms / 1000, topic, body))

    def hear(self, watts):
        self.app.state.update(reading(1, power_import_w=watts), self.ms, HOUR + self.ms // 1000)

    async def pause(self, ms):
        self.ms += ms
        second = self.ms // 1000
        if second != self.told:
            self.told = second
            self.step(self, second)
        if second >= self.end_s:
            raise Ended


WORLD = []


def run(world):
    WORLD[:] = [world]
    room = visit("mqtt.publisher")
    publisher = room.open()
    publisher.Client = Client
    real = asyncio.sleep_ms
    asyncio.sleep_ms = world.pause
    try:
        asyncio.run(publisher.run(world.app))
    except Ended:
        pass
    finally:
        asyncio.sleep_ms = real
        room.close()
    return world.notes


def nothing(world, second):
    pass


def every_ten(world, second):
    if second % 10 == 5:
        world.hear(second)


def quiet_hour(generation):
    return World(3700, every_ten, generation=generation)


def with_sensors():
    world = World(62, nothing)
    world.app.system.temperatures = SENSORS
    return world


def new_prices():
    def step(world, second):
        if second == 5:
            world.app.prices.revision += 1

    return World(10, step)


def interval():
    def step(world, second):
        world.hear(second)

    return World(35, step, mqtt_interval_s=10)


def slow():
    """A telegram each second; a publication takes 3.5 s."""

    def step(world, second):
        world.hear(second)

    world = World(20, step)
    world.publish_ms = 3500
    return world


def busy():
    """Telegrams while 200 messages of prices are published."""

    def step(world, second):
        world.hear(second)

    return World(30, step, number=2, generation="2.5")


def old_telegram():
    world = World(5, nothing)
    world.ms = 100000
    world.end_s = 105
    world.hear(1)
    world.ms += 31000
    world.end_s += 31
    return world


def silence():
    def step(world, second):
        if second < 20 or second == 200:
            world.hear(second)

    return World(220, step)


def other_settings():
    def step(world, second):
        config = world.app.config
        if second == 5:
            config.mqtt_topic = "home"
        if second == 10:
            config.mqtt_payload = 5
        if second == 15:
            config.mqtt_generation = "2.5"
        if second == 20:
            config.mqtt_subscribe = "off"
        world.hear(second)

    return World(25, step)


def no_heap():
    def price(utc):
        raise MemoryError

    world = World(70, every_ten)
    world.app.prices.price = price
    return world


def flood():
    """A command always waits."""

    def step(world, second):
        world.hear(second)

    world = World(10, step, generation="2.5")
    world.flood = True
    return world


CASES = {
    "quiet": lambda: quiet_hour("2.2"), "newer": lambda: quiet_hour("2.5"),
    "sensors": with_sensors, "prices": new_prices, "interval": interval, "slow": slow,
    "busy": busy, "old": old_telegram, "silence": silence, "settings": other_settings,
    "heap": no_heap, "flood": flood,
}  # fmt: skip
report = {}
for name in CASES:
    world = CASES[name]()
    report[name] = run(world)
    gc.collect()  # so that the report finds its heap in one piece
    if name == "heap":
        report["memory_errors"] = world.app.system.memory_errors
    if name == "settings":
        report["subscribed"] = world.subscribed
report["left"] = [name for name in sys.modules if "mqtt." in name]
print(json.dumps(report))
