"""The live stream to a client of the test, on both runtimes."""

import asyncio
import sys
import time

import ondemand
from doubles import app
from pipeline import Pulse
from web import live


def run(coroutine):
    """Its result; on CPython from a thread, as the browser's tests leave a loop in this one."""
    if sys.implementation.name == "micropython":
        return asyncio.run(coroutine)
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


class ClientDouble:
    """Takes so many events, then is gone. on_event() is called after each."""

    def __init__(self, events, on_event):
        self.events = []
        self._left = events
        self._on_event = on_event
        self._pieces = []

    async def write(self, octets):
        self._pieces.append(octets.decode())

    async def flush(self):
        self.events.append("".join(self._pieces))
        self._pieces = []
        self._on_event()
        self._left -= 1
        if not self._left:
            raise OSError("gone")


def streamed(events, on_event, supply_mv=3300):
    """The octets a client receives until it is gone, and the seconds this took."""
    device = app()
    device.pulse = Pulse()
    device.system.board.supply_mv = lambda: supply_mv
    device.system.board.unix_time = lambda: 40

    client = ClientDouble(events, lambda: on_event(device))

    async def serve():
        try:
            await live.stream(device, client)
        except OSError:
            pass

    begin = time.time_ns()
    run(serve())
    assert "web.documents.now" not in ondemand._visited
    return client.events, (time.time_ns() - begin) / 1e9


def next_revision(device):
    device.state.revision += 1
    device.pulse.fire()


def test_an_event_follows_at_once_on_a_good_supply():
    events, seconds = streamed(3, next_revision)
    assert [event.split(",")[0] for event in events] == [
        'data: {"n":0', 'data: {"n":1', 'data: {"n":2',
    ]  # fmt: skip
    assert seconds < 4
    for event in events:
        assert event.endswith('"ps":5,"ea":null}\n\n')


def test_events_are_further_apart_while_the_supply_is_low():
    pauses = []
    sleep = live.asyncio.sleep

    async def pause(seconds):
        if seconds:  # not those of beat() below
            pauses.append(seconds)
        await sleep(0)

    live.asyncio.sleep = pause
    try:
        events, _ = streamed(3, next_revision, 3100)
    finally:
        live.asyncio.sleep = sleep
    assert pauses == [10, 10] and len(events) == 3


TASKS = []  # held, as CPython drops a task that nobody holds


def beat(device):
    """The pulse is fired each second, and nothing has changed."""

    async def seconds():
        for _ in range(12):
            device.system.board.ticks += 1000
            device.pulse.fire()
            await asyncio.sleep(0)
            await asyncio.sleep(0)

    TASKS.append(asyncio.create_task(seconds()))


def test_a_heartbeat_after_ten_seconds_without_change():
    events, _ = streamed(2, beat)
    assert events[1] == ": still here\n\n"
