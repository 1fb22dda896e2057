"""The live stream to a client of the test, on both runtimes."""

import asyncio
import sys

import ondemand
from doubles import app
from pipeline import Pulse
from web import live


def run(coroutine):
    """Its result; on CPython from a thread, as the browser's tests leave a loop in this one."""
    if sys.implementation.name == "micropython":
        return asyncio.run(coroutine)
    from concurrent.futures import ThreadPoolExecutor

    missing = not hasattr(asyncio, "sleep_ms")
    if missing:
        asyncio.sleep_ms = lambda ms: SLEEP(ms / 1000)
    try:
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(asyncio.run, coroutine).result()
    finally:
        if missing:
            del asyncio.sleep_ms


SLEEP = asyncio.sleep


class ClientDouble:
    """Takes so many events, then is gone; `events` has (seconds since the start, text).

    closes_s  when it closes its connection; on_event() is called after each event
    """

    def __init__(self, device, events=99, on_event=type, closes_s=999):
        self.events = []
        self._device = device
        self._begin = device.system.uptime_ms()
        self._left = events
        self._on_event = on_event
        self._closes_s = closes_s
        self._pieces = []

    def seconds(self):
        return (self._device.system.uptime_ms() - self._begin) / 1000

    def gone(self):
        return self.seconds() >= self._closes_s

    async def write(self, octets):
        self._pieces.append(octets.decode())

    async def flush(self):
        self.events.append((self.seconds(), "".join(self._pieces)))
        self._pieces = []
        self._on_event(self._device)
        self._left -= 1
        if not self._left:
            raise OSError("reset")


class PulseDouble:
    """Time passes only in its waits; a new revision comes every `every_ms`, 0: never."""

    def __init__(self, device, every_ms):
        self._device = device
        self._every_ms = every_ms
        self.next_ms = device.system.uptime_ms() + every_ms

    async def wait(self, timeout_ms):
        now = self._device.system.uptime_ms()
        if self._every_ms:
            timeout_ms = min(timeout_ms, self.next_ms - now)
        self._device.system.board.ticks += timeout_ms
        if now + timeout_ms == self.next_ms:
            self.next_ms += self._every_ms
            self._device.state.revision += 1


class ServerDouble:
    streams = 0


def device_of(every_ms=0, supply_mv=3300):
    device = app()
    device.server = ServerDouble()
    device.system.board.supply_mv = lambda: supply_mv
    device.system.board.unix_time = lambda: 40
    device.pulse = PulseDouble(device, every_ms)
    return device


def streamed(device, client):
    """Serve the stream to its end. Returns the seconds that it took."""

    async def serve():
        try:
            await live.stream(device, client)
        except OSError:
            pass

    run(serve())
    assert "web.documents.now" not in ondemand._visited
    return client.seconds()


def next_revision(device):
    device.state.revision += 1


def test_an_event_follows_at_once_on_a_good_supply():
    device = device_of()
    client = ClientDouble(device, 3, next_revision)
    assert streamed(device, client) == 0 and device.server.streams == 0
    assert [event.split(",")[0] for _, event in client.events] == [
        'data: {"n":0', 'data: {"n":1', 'data: {"n":2',
    ]  # fmt: skip
    for _, event in client.events:
        assert '"ps":5,"ea":{"u":[null,' in event and ',"clk":{"by":4,' in event
        assert event.endswith("}\n\n")


def test_events_are_further_apart_while_the_supply_is_low():
    """3.3 V - 3.1 V is 0.2 V: 50 s for each volt are 10 s. A telegram comes each second."""
    device = device_of(1000, 3100)
    client = ClientDouble(device, 3)
    streamed(device, client)
    assert [(at, event.split(",")[0]) for at, event in client.events] == [
        (0, 'data: {"n":0'), (10, 'data: {"n":10'), (20, 'data: {"n":20'),
    ]  # fmt: skip


def test_a_heartbeat_after_ten_seconds_without_change():
    device = device_of()
    client = ClientDouble(device, 3)
    streamed(device, client)
    assert client.events[1:] == [(10, ": still here\n\n"), (20, ": still here\n\n")]


def test_a_closed_tab_gives_its_place_back_within_a_quarter_of_a_second():
    for every_ms, supply_mv in ((0, 3300), (10000, 3300), (1000, 3100)):
        device = device_of(every_ms, supply_mv)
        client = ClientDouble(device, closes_s=3.1)
        assert 3.1 <= streamed(device, client) <= 3.36, every_ms
        assert device.server.streams == 0


def test_a_page_in_excess_waits_for_a_place():
    device = device_of(1000)
    device.server.streams = 3
    wait = device.pulse.wait

    async def until_one_closes(timeout_ms):
        await wait(timeout_ms)
        if client.seconds() >= 7:
            device.server.streams = 2

    device.pulse.wait = until_one_closes
    client = ClientDouble(device, 1)
    assert 7 <= streamed(device, client) <= 7.25
    assert client.events[0][1].startswith("data: ") and device.server.streams == 2


def test_a_page_waits_for_thirty_seconds_or_until_it_closes():
    for closes_s, took in ((999, 30), (4, 4)):
        device = device_of()
        device.server.streams = 3
        client = ClientDouble(device, closes_s=closes_s)
        assert streamed(device, client) == took
        assert not client.events and device.server.streams == 3


TASKS = []  # held, as CPython drops a task that nobody holds


def test_a_wait_ends_by_a_pulse_or_its_time():
    pulse = Pulse()
    found = []

    async def waits():
        found.append(await pulse.wait(60))
        pulse.fire()
        found.append(await pulse.wait(60))  # the pulse before the wait does not count
        TASKS.append(asyncio.create_task(fire()))
        found.append(await pulse.wait(60000))

    async def fire():
        pulse.fire()

    run(waits())
    assert found == [False, False, True]
