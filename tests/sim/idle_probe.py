"""Runs the firmware for some seconds and counts how often a task runs; reports in JSON.

In       arguments of boards/sim; a JSON line on stdin: {"begin": seconds until the count begins,
         "seconds": of the count}
Out      one JSON line: {"passes": of asyncio's loop that ran a task}
"""

import asyncio
import json
import sys
import time
from asyncio import core

import app
from hardware import Board

JOB = json.loads(sys.stdin.readline())
passes = 0
wait = core._io_queue.wait_io_event
begin = time.ticks_add(time.ticks_ms(), JOB["begin"] * 1000)
end = time.ticks_add(begin, JOB["seconds"] * 1000)


def counted(ms):
    global passes
    now = time.ticks_ms()
    if time.ticks_diff(now, end) >= 0:
        print(json.dumps({"passes": passes}))
        sys.exit(0)
    if ms == 0 and time.ticks_diff(now, begin) >= 0:
        passes += 1
    wait(ms)


core._io_queue.wait_io_event = counted
asyncio.run(app.App(Board()).run())
