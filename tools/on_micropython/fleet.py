"""Devices of a fleet in one MicroPython process: the firmware's publisher for each.

In       a JSON line on stdin: {"port": of a broker, "first": number of the first device,
         "devices", "folder": of their files, "stagger_ms": between two starts, "every_ms":
         between two telegrams of a device, "settings"}; then any line ends it.
         tools/fleet.py sends them
Out      one JSON line: devices connected at the end, telegrams while they were connected, live
         octets a device with its state, energy and settings, CPU time in ms, lost connections
"""

import asyncio
import gc
import json
import random
import select
import sys
import time

import start
from config import Config
from energy import profiles
from energy.ledger import Energy
from han import fields
from ondemand import visit
from state import State
from storage import Storage
from system import System

UTC = 1773742800


class Board:
    name = "Fleet"
    maker = "Custom"
    board_id = 7
    chip = "esp32s2"
    cpu_mhz = 160
    bus_powered = meter_powered = False
    clock_right = clock_sure = True

    def __init__(self, number):
        self._mac = b"\x02\x00\x00" + bytes((number >> 16, number >> 8 & 255, number & 255))

    ticks_ms = staticmethod(time.ticks_ms)

    def mac(self):
        return self._mac

    def reset_cause(self):
        return 12, 2

    def rssi_dbm(self):
        return -61

    def supply_mv(self):
        return 3287

    def unix_time(self):
        return UTC + time.ticks_ms() // 1000

    def clock_is_set(self):
        return True

    def ip_config(self):
        return "10.0.0.2", "255.255.255.0", "10.0.0.1", "10.0.0.1"

    def heap_free(self):
        return 40000

    def heap_largest(self):
        return 20000


class Prices:
    revision = begin = end = 0
    spot_source = ""

    def price(self, utc):
        return None

    export_price = price

    def currency(self):
        return "NOK"


class Network:
    connected = heard = True


class Device:
    """The members of the composition root that a publisher uses."""

    safe_s = 0

    def __init__(self, number, job):
        board = Board(number)
        own = start.own_name(board.mac())
        stored = {"mqtt_host": "127.0.0.1", "mqtt_port": job["port"], "mqtt_client_id": own}
        stored["mqtt_topic"] = own
        stored.update(job["settings"])
        self.board = board
        self.config = Config(stored, {})
        self.system = System(board)
        self.system.judge.begin(0, self.add)
        self.state = State()
        self.energy = Energy("Europe/Oslo", profiles.tariff("NO", {}))
        self.network = Network()
        self.prices = Prices()
        self.log = self
        self.lost = 0
        self.number = number
        self.storage = Storage("%s/%d" % (job["folder"], number), self)

    def add(self, line):
        pass

    def warn(self, line):
        self.lost += 1

    error = add

    def counts(self):
        return True

    def take(self, count):
        """A list of 10 seconds."""
        reading = fields.Reading()
        reading.list_type = 2
        reading.vendor = 1
        reading.values[fields.METER_ID] = "73599928%08d" % self.number
        reading.values[fields.POWER_IMPORT_W] = 500 + count % 1000
        reading.values[fields.VOLTAGE_L1_MV] = 231000
        reading.values[fields.CURRENT_L1_MA] = 2200
        self.state.update(reading, self.system.uptime_ms(), self.board.unix_time())


async def publish(device, stagger_ms):
    await asyncio.sleep_ms(stagger_ms)
    await visit("mqtt.publisher").open().run(device)


async def measure(device, job, counts):
    """Bring telegrams at the device's own moments."""
    every_ms = job["every_ms"]
    await asyncio.sleep_ms(random.getrandbits(16) % every_ms)
    while True:
        device.take(counts[0])
        counts[0] += device.system.mqtt_light == 1
        await asyncio.sleep_ms(every_ms)


def cpu_ms():
    """CPU time of this process."""
    with open("/proc/self/schedstat") as schedstat:
        return int(schedstat.read().split()[0]) // 1000000


async def main():
    job = json.loads(sys.stdin.readline())
    gc.collect()
    before = gc.mem_alloc()
    devices = [Device(job["first"] + n, job) for n in range(job["devices"])]
    counts = [0]
    tasks = []
    for n, device in enumerate(devices):
        tasks.append(asyncio.create_task(publish(device, n * job["stagger_ms"])))
        tasks.append(asyncio.create_task(measure(device, job, counts)))
    poller = select.poll()
    poller.register(sys.stdin, select.POLLIN)
    while not poller.poll(0):
        await asyncio.sleep_ms(100)
    gc.collect()
    print(
        json.dumps(
            {
                "connected": len([1 for d in devices if d.system.mqtt_light == 1]),
                "telegrams": counts[0],
                "live": (gc.mem_alloc() - before) // len(devices),
                "cpu_ms": cpu_ms(),
                "lost": sum([d.lost for d in devices]),
            }
        )
    )
    for device in devices:
        device.config.mqtt_host = ""
    await asyncio.sleep_ms(1500)
    for task in tasks:
        task.cancel()


asyncio.run(main())
