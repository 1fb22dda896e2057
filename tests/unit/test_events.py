"""The event stream against a server of the test, on both runtimes."""

import asyncio
import sys
import time

from pipeline import Pulse
from state import State
from web.events import EventStream


def run(coroutine):
    """Its result; on CPython from a thread, as the browser's tests leave a loop in this one."""
    if sys.implementation.name == "micropython":
        return asyncio.run(coroutine)
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


class ServerDouble:
    def __init__(self, pause_s):
        self.state = State()
        self.pulse = Pulse()
        self.streams = 0
        self.ms = 0
        self._pause_s = pause_s

    def uptime_ms(self):
        return self.ms

    def now(self):
        yield "%d" % self.state.revision

    def pause_s(self):
        return self._pause_s


async def seconds_between_events(pause_s):
    server = ServerDouble(pause_s)
    stream = EventStream(server)
    assert server.streams == 1
    assert "".join(await stream.__anext__()) == "data: 0\n\n"
    begin = time.time_ns()
    server.state.revision = 1
    server.pulse.fire()
    assert "".join(await stream.__anext__()) == "data: 1\n\n"
    await stream.aclose()
    assert server.streams == 0
    return (time.time_ns() - begin) / 1e9


def test_an_event_follows_at_once_on_a_good_supply():
    assert run(seconds_between_events(0)) < 5


def test_events_keep_their_pause_on_a_sagging_supply():
    assert run(seconds_between_events(0.3)) >= 0.3


async def after_silence():
    server = ServerDouble(0)
    stream = EventStream(server)
    await stream.__anext__()

    async def beat():
        for _ in range(3):
            server.ms += 5000
            await asyncio.sleep(0)
            server.pulse.fire()

    task = asyncio.create_task(beat())
    heard = await stream.__anext__()
    await task
    return "".join(heard)


def test_a_heartbeat_after_ten_seconds_without_change():
    assert run(after_silence()) == ": still here\n\n"
