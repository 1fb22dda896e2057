"""A composition root for mqtt.publisher on MicroPython, with telegrams from a test."""

import asyncio
import time

from doubles import reading, world
from files import FilesDouble


class Prices:
    revision = 0

    def price(self, utc):
        return None


class Network:
    connected = heard = True


class App:
    """Members of the composition root that a publisher uses."""

    def __init__(self, **settings):
        self.state, self.config, self.system, self.energy = world(**settings)
        self.system.board.ticks_ms = time.ticks_ms
        self.network = Network()
        self.storage = FilesDouble()
        self.prices = Prices()
        self.log = self
        self.lines = []

    def add(self, line):
        self.lines.append(line)

    warn = error = add

    def take(self, power):
        r = reading(1, power_import_w=power)
        self.state.update(r, self.system.uptime_ms(), 1704447010)


async def until(condition):
    for _ in range(3000):
        if condition():
            return
        await asyncio.sleep_ms(20)
    raise AssertionError("timed out")
