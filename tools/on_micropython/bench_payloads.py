"""Time and heap to make the messages of each payload, under MicroPython.

    micropython bench_payloads.py

Prints lines NAME MICROSECONDS ALLOCATED OCTETS for the household of tests/unit/mqtt_examples.py: a
telegram of list 3, and what the payload publishes beside it, with the loading of its modules.
ALLOCATED is the heap that is taken, collected later; OCTETS are those of all bodies. Times are
those of the fastest ten calls in a row.
"""

import gc
import time

from frames import aidon_power
from mqtt_examples import MODULES, PAYLOADS, SENSORS, Line, household
from ondemand import visit

ROUNDS = 10
TURNS = 5
HEX = 255
KINDS = ((1, "device"), (2, "prices"), (3, "temperatures"), (5, "events"))


def octets(payload, app, kind):
    """Make all messages of a kind. Returns the octets of their bodies."""
    count = 0
    for _, parts, _ in payload.messages(app, kind):
        for part in parts:
            count += len(part)
    return count


def measure(name, payload, app, kind):
    def call():
        if kind == 5:
            app.system.alarms_changed = 1
        if kind == 0 and number == HEX:
            app.reader.hear(telegram)
        return octets(payload, app, kind)

    size = call()
    if not size:
        return
    gc.collect()
    gc.disable()
    before = gc.mem_alloc()
    call()
    allocated = gc.mem_alloc() - before
    gc.enable()
    best = 1 << 29
    for _ in range(TURNS):
        gc.collect()
        begin = time.ticks_us()
        for _ in range(ROUNDS):
            call()
        best = min(best, time.ticks_diff(time.ticks_us(), begin))
    print("%s %d %d %d" % (name, best // ROUNDS, allocated, size))


telegram = aidon_power(2143)
for number, name in PAYLOADS:
    app = household(number, "2.2", 3, domoticz_energy_idx=1, domoticz_l1_idx=2,
                    domoticz_l2_idx=3, domoticz_l3_idx=4, domoticz_current_idx=5)  # fmt: skip
    app.reader = Line()
    app.system.temperatures = SENSORS
    with visit("mqtt.payloads." + MODULES[number]) as payload:
        if hasattr(payload, "begin"):
            payload.begin(app)
        measure(name + "-telegram", payload, app, 0)
        if hasattr(payload, "end"):
            payload.end(app)
        for kind, title in KINDS:
            measure("%s-%s" % (name, title), payload, app, kind)
