"""Run the firmware in the stand-in and print its live octets: rows "ROOM octets name".

The last ones are "a request", what web.server loads for each, and "the settings": the object of
the stored settings, which a visited module makes.

Arguments  SECONDS, then the board's. Started by tools/ram.py
Modules    live octets after minus before the first import, without nested imports; only modules
           still loaded at the end
Objects    the same for each object that app.py creates by its class's name, without nested ones
Limits     memory shared by several rows counts in the first
"""

import builtins
import gc
import json
import sys

_MOST = 400


def used():
    gc.collect()
    gc.collect()
    return gc.mem_alloc()


class Rows:
    """Octets by name. Its lists exist before the measurement, so that they do not count."""

    def __init__(self):
        self.names = [""] * _MOST
        self.octets = [0] * _MOST
        self.count = 0
        self._inner = 0  # octets of the rows nested in the current one

    def measured(self, name, make, *args, **named):
        place = self._place(name)
        outer = self._inner
        self._inner = 0
        before = used()
        made = make(*args, **named)
        octets = used() - before
        self.octets[place] += octets - self._inner
        self._inner = outer + octets
        return made

    def _place(self, name):
        for place in range(self.count):
            if self.names[place] == name:
                if name[-1] != ")":  # a module that is loaded again
                    self.octets[place] = 0
                return place
        self.names[self.count] = name
        self.count += 1
        return self.count - 1


class Maker:
    """Replaces a class in app's names and measures each object that it creates."""

    def __init__(self, rows, name, kind):
        self._rows = rows
        self._name = name
        self._kind = kind

    def __call__(self, *args, **named):
        return self._rows.measured(self._name, self._kind, *args, **named)

    def __getattr__(self, name):
        return getattr(self._kind, name)


rows = Rows()
plain = builtins.__import__


def importing(name, *rest):
    if len(rest) > 3 and rest[3]:  # a relative import: only asyncio, at the first use of a name
        name, rest = "asyncio." + name if name else "asyncio", (None, None, rest[2])
    package = name.rpartition(".")[0]
    if package and name not in sys.modules and package not in sys.modules:
        importing(package)  # a row of its own, as it may be dropped afterwards
    new = name if name not in sys.modules else ""
    if (
        not new
        and len(rest) > 2
        and rest[2] is not True
        and hasattr(sys.modules[name], "__path__")
    ):
        for part in rest[2] or ():
            if name + "." + part not in sys.modules and not hasattr(sys.modules[name], part):
                new = name + "." + part
    return rows.measured(new, plain, name, *rest) if new else plain(name, *rest)


async def report(seconds, start):
    await asyncio.sleep(seconds)
    builtins.__import__ = plain
    live = used() - start
    known = 0
    for i in range(rows.count):
        name, octets = rows.names[i], rows.octets[i]
        # Below 0: modules that it has loaded, which have rows of their own, are unloaded since.
        if octets > 0 and (name.endswith("()") or name in sys.modules):
            known += octets
            print("ROOM", octets, name)
    print("ROOM", live - known, "tasks, connections and others")
    request = ondemand.visit("web.exchange")
    before = used()
    request.open()
    print("ROOM", used() - before, "a request")
    before = used()
    with open(board.data_dir + "/config.json") as f:
        settings = config.Config(json.load(f), board.overrides)
    print("ROOM", used() - before, "the settings")
    assert settings.stored
    sys.exit(0)


seconds = int(sys.argv[1])
del sys.argv[1]
sys.path[:] = [".frozen"]


start = used()
builtins.__import__ = importing
import asyncio  # noqa: E402

import app  # noqa: E402
import config  # noqa: E402
import ondemand  # noqa: E402
from hardware import Board  # noqa: E402

before = used()
for name in dir(app):
    kind = getattr(app, name)
    if type(kind) is type and not issubclass(kind, BaseException):
        setattr(app, name, Maker(rows, name + "()", kind))
start += used() - before
task = asyncio.get_event_loop().create_task(report(seconds, start))
board = rows.measured("Board()", Board)
app.run(board)
