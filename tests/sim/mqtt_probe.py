"""Runs one job of mqtt.client on MicroPython and reports in JSON.

In       a JSON line on stdin: {"do": one of the functions below, "client": keyword arguments, ...}
Out      one JSON line on stdout; for `hold` the line `ready`; it runs until it is killed;
         before the JSON line of `recover` the line `failed`, if it is wanted
Always   a ticker of 10 ms runs in the same loop; "stall_ms" is its longest delay. This and each
         "ms" exclude the wait for a processor
"""

import asyncio
import gc
import json
import os
import socket
import sys
import time

from mqtt.client import Client
from mqtt.link import MqttError

TICK_MS = 10
WAIT_MS = 40000


class Stopwatch:
    """Time since its creation without the wait for a processor, as in tests/timing.py."""

    def __init__(self):
        self._waited = waited_ms()
        self._begin = time.ticks_ms()

    def ms(self):
        passed = time.ticks_diff(time.ticks_ms(), self._begin)
        return passed - (waited_ms() - self._waited)


def waited_ms():
    """Total time for which this process waited for a processor."""
    with open("/proc/self/schedstat") as schedstat:
        return int(schedstat.read().split()[1]) // 1000000


class Ticker:
    def __init__(self):
        self.worst_ms = 0

    async def run(self):
        while True:
            watch = Stopwatch()
            await asyncio.sleep_ms(TICK_MS)
            self.worst_ms = max(self.worst_ms, watch.ms() - TICK_MS)


class Resolver:
    """A fake of the module socket for lookup: counts look-ups, and can fail."""

    def __init__(self, module, failing):
        self.module = module
        self.failing = failing
        self.calls = 0

    def getaddrinfo(self, *arguments):
        self.calls += 1
        if self.failing:
            raise OSError(-2)
        return self.module.getaddrinfo(*arguments)

    def __getattr__(self, name):
        return getattr(self.module, name)


def open_files():
    return len(os.listdir("/proc/self/fd"))


async def attempt(call):
    """Code, text and duration of a call; code None if it did not fail."""
    watch = Stopwatch()
    code = text = None
    try:
        await call
    except MqttError as error:
        code, text = error.args
    return {"code": code, "text": text, "ms": watch.ms()}


async def run(client):
    """Serve the link for ever, as the publisher does."""
    while True:
        if client.due():
            await client.serve()
        else:
            await asyncio.sleep_ms(50)


async def flood(client, size):
    while True:
        await client.publish("flood", b"x" * size)


async def send_all(client, messages):
    for topic, payload, repeat, flags in messages:
        await client.publish(topic, payload * repeat, flags)
        if client.due():
            await client.serve()


async def publish(client, job):
    await client.connect()
    await send_all(client, job["messages"])
    client.close()
    return {}


async def hold(client, job):
    await client.connect()
    print("ready")
    await run(client)


async def serve(client, job):
    """Connect, subscribe, send, serve for `ms`, and until `expect` messages came or WAIT_MS
    passed. Reports the received messages."""
    got = []
    subscribed = []
    client.set_callback(lambda topic, payload: got.append((topic.decode(), payload.decode())))
    await client.connect()
    for topic in job.get("topics", ()):
        subscribed.append(await attempt(client.subscribe(topic, job.get("qos", 0))))
    sent = await attempt(send_all(client, job.get("messages", ())))
    if "last" in job:  # its SUBACK arrives after the peer has read all messages
        subscribed.append(await attempt(client.subscribe(job["last"])))
    began = time.ticks_ms()
    serving = asyncio.create_task(attempt(run(client)))
    passed = 0
    while passed < job.get("ms", 0) or (len(got) < job.get("expect", 0) and passed < WAIT_MS):
        await asyncio.sleep_ms(20)
        passed = time.ticks_diff(time.ticks_ms(), began)
    report = {
        "connected": not serving.done(),
        "sent": sent,
        "messages": got,
        "subscribed": subscribed,
    }
    client.close()
    report["run"] = await serving
    return report


async def recover(client, job):
    """Fail at the first connection, print `failed` if the job has "tell", then connect until it
    succeeds, and publish `back`."""
    files = open_files()
    failure = await attempt(client.connect())
    where = "connect"
    if failure["code"] is None:
        where = job["then"]
        call = run(client) if where == "run" else flood(client, job["size"])
        failure = await attempt(call)
    report = {
        "where": where,
        "failure": failure,
        "leaked": open_files() - files,
    }
    if "tell" in job:
        print("failed")
    for _ in range(300):
        again = await attempt(client.connect())
        if again["code"] is None:
            break
        await asyncio.sleep_ms(100)
    report["again"] = again
    if again["code"] is None:
        await client.publish(job["topic"], "back", 1)
    client.close()
    return report


async def reconnect(client, job):
    """Heap in use and open files after each tenth of the reconnects."""
    heap = []
    files = []
    for n in range(job["warm"] + job["times"] + 1):
        await client.connect()
        await client.publish("t", "x" * 500)
        client.close()
        if n >= job["warm"] and (n - job["warm"]) % 10 == 0:
            gc.collect()
            heap.append(gc.mem_alloc())
            files.append(open_files())
    return {"heap": heap, "files": files}


async def look_up(client, job):
    """Error code and number of look-ups so far, after each of `times` connects."""
    resolver = Resolver(socket, job["failing"])
    sys.modules["socket"] = resolver  # lookup is loaded at each connect()
    calls = []
    codes = []
    texts = []
    for _ in range(job["times"]):
        failure = await attempt(client.connect())
        codes.append(failure["code"])
        texts.append(failure["text"])
        calls.append(resolver.calls)
    return {"codes": codes, "texts": texts, "calls": calls}


class Board:
    """A board in a network with a name server and, after a space, a router."""

    def __init__(self, names):
        self._server, _, self._router = names.partition(" ")

    def ip_config(self):
        return ("127.0.0.1", "255.0.0.0", self._router, self._server)


async def by_name(client, job):
    """Connect as often as `times`; tells the code and text of each."""
    found = []
    for _ in range(job["times"]):
        found.append(await attempt(client.connect(None, Board(job["names"]))))
        client.close()
    return {"found": [[row["code"], row["text"]] for row in found]}


async def cancel(client, job):
    """Cancel a publish that is blocked inside its packet; the next one must not be sent."""
    await client.connect()
    publishing = asyncio.create_task(flood(client, job["size"]))
    await asyncio.sleep_ms(500)
    publishing.cancel()
    try:
        await publishing
    except asyncio.CancelledError:
        pass
    return {"next": await attempt(client.publish("t", "x"))}


async def cancel_connect(client, job):
    """Cancel a connect() that waits for its CONNACK."""
    files = open_files()
    try:
        await asyncio.wait_for_ms(client.connect(), 200)
    except asyncio.TimeoutError:  # noqa: UP041 - MicroPython has no builtin of that name
        pass
    return {"leaked": open_files() - files, "next": await attempt(client.publish("t", "x"))}


async def main():
    job = json.loads(sys.stdin.readline())
    ticker = Ticker()
    ticking = asyncio.create_task(ticker.run())
    report = await globals()[job["do"]](Client(**job["client"]), job)
    ticking.cancel()
    report["stall_ms"] = ticker.worst_ms
    print(json.dumps(report))


asyncio.run(main())
