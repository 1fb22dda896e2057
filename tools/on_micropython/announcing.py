"""Announce to Home Assistant with the frozen firmware and print the heap that takes.

Arguments  numbers of mqtt_payload
Out        rows "ANNOUNCING live high left octets messages payload": octets of heap above idle at
           the fullest moment, after a collection and with garbage as gc.threshold() of app.py
           leaves it; octets above idle when all is done; octets and number of the messages
How        a meter that sends every value, with tariff and prices; each message is taken part by
           part, as the connection takes it
"""

import gc
import sys

from config import Config
from energy import profiles
from energy.ledger import Energy
from han.fields import Reading
from log import Log
from ondemand import visit
from prices.store import Prices
from state import State
from system import System

_THRESHOLD = 4096  # of app.py
_ANNOUNCE = 6
_NOW = 1773742800


class Files:
    """Keeps the record of what is announced."""

    held = ""

    def __init__(self):
        self._record = {}

    def read(self, name):
        return None

    def read_into(self, name, at, buf):
        return 0

    def write(self, name, chunks):
        return True

    def read_json(self, name):
        return self._record

    def write_json(self, name, values):
        self._record = values
        return True


class Board:
    """An ESP32-S2 that stands still."""

    name = "S2 unit"
    maker = "Custom"
    bus_powered = True
    clock_sure = clock_right = True

    def ticks_ms(self):
        return 1000

    def reset_cause(self):
        return 12, 2

    def mac(self):
        return b"\x7c\xdf\xa1\x00\x1e\x4b"

    def rssi_dbm(self):
        return -61

    def supply_mv(self):
        return 3287

    def clock_is_set(self):
        return True

    def unix_time(self):
        return _NOW


class App:
    """The members of the app that payloads use."""

    def __init__(self, payload):
        settings = {"mqtt_payload": payload, "mqtt_topic": "ams", "mqtt_generation": "2.5",
                    "price_currency": "NOK", "price_fixed_micro": 900000}  # fmt: skip
        self.config = Config(settings, {})
        self.system = System(Board())
        self.system.judge.begin(0, lambda text: None)
        self.system.utc = lambda: _NOW
        self.log = Log(lambda: 0, False)
        self.storage = Files()
        self.prices = Prices(self.storage, self.config, self.log)
        self.energy = Energy("Europe/Oslo", profiles.tariff("NO", {}))
        self.energy.ready = True
        self.energy.currency = "NOK"
        self.state = State()
        reading = Reading()
        reading.list_type = 4
        for i in range(len(reading.values)):
            reading.values[i] = "7359992890000001" if i < 3 else 1000 + i
        self.state.update(reading, 1000, _NOW)


def used():
    gc.collect()
    return gc.mem_alloc()


def announce(app, payload, collect):
    """(most octets, octets of the messages, their number) of an announcement."""
    most = octets = count = 0
    for _, parts, _ in payload.messages(app, _ANNOUNCE):
        count += 1
        for part in parts:
            octets += len(part)
            if collect:
                most = max(most, used())
        most = max(most, used() if collect else gc.mem_alloc())
    return most, octets, count


def main():
    gc.threshold(_THRESHOLD)
    for number in sys.argv[1:]:
        app = App(int(number))
        with visit("mqtt.payloads.homeassistant") as payload:
            for kind in (0, 1, 2):  # what is announced with its first values
                for _, parts, _ in payload.messages(app, kind):
                    for _ in parts:
                        pass
            announce(app, payload, False)  # names are interned once
            idle = used()
            live, octets, count = announce(app, payload, True)
            left = used() - idle
            high = announce(app, payload, False)[0]
            print("ANNOUNCING", live - idle, high - idle, left, octets, count, number)


main()
