"""Time and memory of the energy domain under MicroPython.

    micropython bench_energy.py FOLDER

FOLDER gets the history's files. Prints lines NAME MICROSECONDS ALLOCATED: one update with and
without a register, the recent power, the end of an hour with its save, each document, a plain loop
of 1000 rounds, and a year of hours as CSV (milliseconds and its octets). Times are those of the
fastest ten calls in a row; the loop runs between them, so that both have the same machine. The
last line has the domain's live octets.
"""

import gc
import sys
import time

import clock
from energy import profiles
from energy.ledger import Energy
from energy.power import HoldTimes
from energy.recent import Recent
from han.fields import COUNT, ENERGY_IMPORT_WH, POWER_IMPORT_W
from storage import Storage
from web.documents import data, history, plots
from web.documents import now as dashboard

POWER = POWER_IMPORT_W
ENERGY = ENERGY_IMPORT_WH
BEGIN = clock.seconds(2026, 1, 1, 0, 0, 0)
DAYS = 366


class Quiet:
    def add(self, text):
        pass

    warn = error = add


_BLOCK = 10


def loop():
    total = 0
    for i in range(1000):
        total += i & 7
    return total


fastest_loop = 1 << 30


def measured(name, call, rounds):
    """Print the time of a call and what one call allocates. rounds: calls, a multiple of ten."""
    global fastest_loop
    call(0)
    gc.collect()
    gc.disable()
    before = gc.mem_alloc()
    call(1)
    allocated = gc.mem_alloc() - before
    gc.enable()
    best = 1 << 30
    for first in range(2, 2 + rounds, _BLOCK):
        gc.collect()
        begin = time.ticks_us()
        loop()
        fastest_loop = min(fastest_loop, time.ticks_diff(time.ticks_us(), begin))
        begin = time.ticks_us()
        for i in range(first, first + _BLOCK):
            call(i)
        best = min(best, time.ticks_diff(time.ticks_us(), begin))
    print(name, "%.1f %d" % (best / _BLOCK, allocated))


def values(watts, wh):
    out = [None] * COUNT
    out[POWER] = watts
    out[ENERGY] = wh
    return out


gc.collect()
before = gc.mem_alloc()
energy = Energy("Europe/Oslo", profiles.tariff("NO", {}))
energy.load(Storage(sys.argv[1], Quiet()))
gc.collect()
held = gc.mem_alloc() - before
hold_times = HoldTimes()


def update(reading, now, uptime_ms):
    energy.update(reading, now, hold_times.note(reading, uptime_ms))


for hour in range(DAYS * 24):
    now = BEGIN + hour * 3600
    update(values(1200, 1000 + hour * 1200), now + 6, hour * 3600000)
    if energy.save_due(now + 6):
        energy.save(now + 6)
now = BEGIN + (DAYS * 24 - 1) * 3600 + 6
wh = energy.registers.imported
power = values(1200, None)
uptime = DAYS * 24 * 3600000
measured("update-power", lambda i: update(power, now + i, uptime + i * 1000), 300)
every = values(1200, wh)


def with_register(i):
    every[ENERGY] = wh + i
    update(every, now + 310 + i * 2, uptime + 310000 + i * 2000)


measured("update-register", with_register, 300)
now += 3600
recent = Recent()
measured("recent", lambda i: recent.add(1200 + i, i * 2500), 300)


def roll(i):
    t = now + i * 3600
    update(values(1200, wh + 2000 + i * 1200), t, uptime + 4000000 + i * 3600000)
    assert energy.save_due(t)
    energy.save(t)


measured("hour-roll-and-save", roll, 40)
now += 41 * 3600


class App:
    """Members of the composition root that documents use."""

    energy = energy
    system = None


class System:
    """A System with a constant time."""

    @staticmethod
    def unix_time():
        return now


App.system = System
for name, call in (
    ("dayplot", lambda i: "".join(plots.day(App, None))),
    ("monthplot", lambda i: "".join(plots.month(App, None))),
    ("tariff", lambda i: plots.tariff(App, None)),
    ("accounting", lambda i: "".join(data.accounting(energy, now))),
    ("dashboard", lambda i: "".join(dashboard.summary(energy, now))),
):
    measured(name, call, 50)
print("loop", "%.1f 0" % fastest_loop)
gc.collect()
begin = time.ticks_us()
octets = lines = 0


class Query:
    """A request for a year."""

    args = {"from": "2026-01-01", "to": "2027-01-01"}


for chunk in history.csv(App, Query):
    octets += len(chunk)
    lines += chunk.count("\n")
print("year-csv-ms", "%.1f %d" % (time.ticks_diff(time.ticks_us(), begin) / 1000, octets))
assert lines == 365 * 24, lines  # the first local hour of the year is before the first register
print("held 0", held)
