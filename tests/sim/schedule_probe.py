"""Looks of prices.schedule on MicroPython, at any time, with the files of a dict.

In       arguments: HOST:PORT of all servers. On stdin a JSON line for each look: "now" UTC,
         "config" settings that replace all, "changed" whether the owner has changed some,
         "forget" all files but that of the root first, "root": hexadecimal DER of price-ca,
         "tier" of the supply
Out      a JSON line for each look: "state" of fetch.json, "prices" of the quarters from "first" on
         as [price, how many times in a row], "currency", "source", "missing", "wait_s" until the
         next look, "log" of this look, "pushed": the outcome of the document in "push"
"""

import asyncio
import binascii
import json
import socket
import sys


class Names:
    def __init__(self, place):
        host, port = place.split(":")
        self._place = host, int(port)

    def __getattr__(self, name):
        return getattr(socket, name)

    def getaddrinfo(self, host, port, *rest):
        return socket.getaddrinfo(*self._place, *rest)


sys.modules["socket"] = Names(sys.argv[1])

from config import Config  # noqa: E402
from files import FilesDouble  # noqa: E402
from log import Log  # noqa: E402
from ondemand import _visited, visit  # noqa: E402
from prices.store import Prices  # noqa: E402


class BoardDouble:
    def ip_config(self):
        return ("127.0.0.1", "255.0.0.0", "", "0.0.0.0")


class SystemDouble:
    now = tier = 0
    board = BoardDouble()

    def utc(self):
        return self.now

    def uptime_s(self):
        return 1000


class StateDouble:
    @property
    def telegrams(self):  # one comes at each look
        self.count = getattr(self, "count", 0) + 1
        return self.count


class AppDouble:
    def __init__(self):
        self.system = SystemDouble()
        self.state = StateDouble()
        self.storage = FilesDouble()
        self.storage.held = ""
        self.storage.remove = lambda name: self.storage.data.pop(name, None)
        self.log = Log(lambda: 0)
        self.log.add = self.log.warn = self.log.error = self.lines_add
        self.lines = []
        self.configure({})

    def lines_add(self, text):
        self.lines.append(text)

    def configure(self, settings):
        self.config = Config(settings, {})
        self.prices = Prices(self.storage, self.config, self.log)
        self.prices.load()

    def use_prices(self):
        pass


def runs(prices):
    """[price, count] of the known range."""
    found = []
    for quarter in range(prices.begin, prices.end):
        micro = prices.at(quarter)
        if found and found[-1][0] == micro:
            found[-1][1] += 1
        else:
            found.append([micro, 1])
    return found


def main():
    app = AppDouble()
    for line in sys.stdin:
        order = json.loads(line)
        app.lines.clear()
        app.system.now = order["now"]
        app.system.tier = order.get("tier", 0)
        if order.get("forget"):
            root = app.storage.data.get("price-ca", b"")
            app.storage.data = {"price-ca": root}
        if "config" in order:
            app.configure(order["config"])
        if "root" in order:
            app.storage.data["price-ca"] = binascii.unhexlify(order["root"])
        app.prices.due_s = -1 if order.get("changed") else 0
        if "push" in order:
            document = app.prices.receive()
            document.feed(order["push"].encode())
            pushed = app.prices.take(document, app.system.now)
        else:
            pushed = None
            with visit("prices.schedule") as schedule:
                asyncio.run(schedule.run(app))
        prices = app.prices
        answer = {
            "state": app.storage.read_json("fetch.json"),
            "prices": runs(prices),
            "first": prices.begin * 900,
            "currency": prices.spot_currency,
            "source": prices.spot_source,
            "missing": prices.missing,
            "price": prices.price(app.system.now),
            "wait_s": prices.due_s - 1000,
            "log": app.lines,
            "loaded": list(_visited),
            "pushed": pushed,
        }
        print(json.dumps(answer))


main()
