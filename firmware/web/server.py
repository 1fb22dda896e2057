"""The web server: connections, limited in number, time and memory.

In       connections; a request's head of at most 4 KB and 32 lines; a body in pieces
Out      answers, in segments, from five buffers that are made at start
Rules    A head may take 5 seconds, a body a minute at 200 octets a second or more, an answer 10
         seconds without progress. Five clients are served at once, slow bodies in two places at
         most. Others wait to be accepted; meanwhile a head may take one second, and 0.3 s if its
         address has three unfinished ones or more. Each client has a deadline for its next
         progress; one task cancels the tasks of clients that are overdue, so a wait needs no task
         of its own. They are answered with 408. Of most headers there may be one: with two
         lengths a proxy would see other requests than the reader.
         web.exchange, with microdot, is loaded for each request.
Errors   BadRequest; OSError if a client is gone; EOFError if its body ends early
"""

import asyncio
import gc
import socket
import time

from micropython import const
from ondemand import visit

from web import live

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Awaitable
    from typing import Any, BinaryIO

    from composition import App
    from contracts import Ticks

CONNECTIONS = const(5)
LISTENERS = const(4)  # pages with the live stream, one of which waits for its place
PROGRESS_MS = const(10000)

_BACKLOG = const(5)
_SEGMENT = const(256)
_HEAD_OCTETS = const(4096)
_HEAD_LINES = const(32)
_LINE_PART = const(128)
_HEAD_MS = const(5000)
_HURRIED_MS = const(1000)
_CROWD = const(3)
_CROWD_MS = const(300)
_BODY_MS = const(60000)
_CREDIT_MS = const(5000)
_OCTET_MS = const(5)  # so the slowest body has 200 octets a second
_SLOW_MS = const(1000)
_SLOW_BODIES = const(2)  # places that slow bodies may hold
_LOOK_MS = const(250)
_FULL_MS = const(10)  # after which a place or a socket may be free
_DISCARD_MS = const(300)
_ROOM_OCTETS = const(11000)  # free before an answer begins: the meter's telegrams need the rest
_ROOM_MS = const(50)
_ROOM_LOOKS = const(60)
_DISCARD_READS = const(512)

# The headers that are used. The others, a kilobyte from a browser, are not kept.
_HEADERS = (
    b"host", b"content-length", b"transfer-encoding", b"content-type", b"origin",
    b"authorization", b"sec-fetch-site", b"sec-fetch-mode", b"if-none-match", b"cookie", b"accept",
)  # fmt: skip
_ONCE = const(8)  # so many of them may come once only
# Of every answer. With no-referrer a browser would name no origin when it sends a form.
SAFE = (
    b"X-Content-Type-Options: nosniff\r\nX-Frame-Options: DENY\r\n"
    b"Referrer-Policy: same-origin\r\n"
    b"Content-Security-Policy: default-src 'self'; base-uri 'none'; form-action 'self';"
    b" frame-ancestors 'none'"
)


class BadRequest(Exception):
    """A request that is refused before its path is known: (status, text)."""


def _ready(s: socket.socket, to_write: bool = False) -> "Awaitable[None]":  # type: ignore[misc]
    """Wait until the socket has octets or its end to read, or has space to write. A generator,
    which MicroPython can await."""
    queue = asyncio.core._io_queue  # type: ignore[attr-defined]
    yield queue.queue_write(s) if to_write else queue.queue_read(s)


def _awaited(s: socket.socket) -> bool:
    """Whether a task waits for the socket."""
    return id(s) in asyncio.core._io_queue.map  # type: ignore[attr-defined]


class Client:
    """A connection. microdot uses it as the reader and the writer of its request."""

    def __init__(self, s: socket.socket, buffer: bytearray, peer: "Any" = b"") -> None:
        self.s = s
        self.buffer = buffer
        self.peer = peer  # its address: see web.guard
        # Set by the task's first step. A task cancelled before that runs no `finally`, so its
        # place would stay taken.
        self.task: "asyncio.Task[None] | None" = None
        self.in_head = True
        self.reads = self.answered = False  # it waits for the body; some of the answer is sent
        self.listens = False  # to the live stream
        self.since = time.ticks_ms()
        self.deadline: "Ticks | None" = None
        self.within(_HEAD_MS)
        self.left = _HEAD_OCTETS  # octets that may still come: of the head, then of the body
        self._lines = _HEAD_LINES
        self._seen = 0  # bit i: header i of _HEADERS
        self._at = self._end = 0  # octets of the body in the buffer that part() has not returned
        self._filled = 0  # octets of the answer in the buffer
        self._credit_ms = 0  # how long the body may make the reader wait

    def within(self, ms: int) -> None:
        """Set the deadline for the client's next progress."""
        self.deadline = time.ticks_add(time.ticks_ms(), ms)

    async def readline(self) -> bytes:
        """One line of the head with its line feed, b"" at the end of the stream."""
        first = self._lines == _HEAD_LINES
        while True:
            self._lines -= 1
            if self._lines < 0:
                raise BadRequest(431, "too many headers")
            line = b""
            while not line.endswith(b"\n"):
                if not self.left:
                    raise BadRequest(431, "headers too long")
                await _ready(self.s)
                most = min(self.left, _LINE_PART)  # readline allocates this many octets
                part = self.s.readline(most)  # type: ignore[call-arg]
                if part is None:
                    continue
                if not part:
                    break
                self.left -= len(part)
                line += part
            name, colon, _ = line.partition(b":")
            if first or not colon:
                return line
            name = name.lower()
            if name.strip() != name:
                raise BadRequest(400, "a header begins or ends with a space")
            if name in _HEADERS:
                place = _HEADERS.index(name)
                if place < _ONCE and self._seen >> place & 1:
                    raise BadRequest(400, "a header comes twice")
                self._seen |= 1 << place
                return line

    async def readexactly(self, n: int) -> bytes:
        """microdot reads no bodies, so it calls this for a length below 0 only."""
        raise BadRequest(400, "a body has 0 octets or more")

    def expect(self, octets: int) -> None:
        """Begin the body, of so many octets."""
        self.left = octets
        self.since = time.ticks_ms()
        self._credit_ms = _CREDIT_MS
        self.within(PROGRESS_MS)

    async def piece(self) -> memoryview:
        """The next octets of the body, valid until the next call; none at its end. The client may
        make the reader wait for _CREDIT_MS, which each octet renews by _OCTET_MS. After a minute
        the deadline is not renewed."""
        n: "int | None" = 0
        while self.left:
            begin = time.ticks_ms()
            in_time = time.ticks_diff(begin, self.since) < _BODY_MS
            if in_time:
                self.within(self._credit_ms)
            self.reads = True
            await _ready(self.s)
            self.reads = False
            n = self.s.readinto(self.buffer, min(self.left, _SEGMENT))
            self._credit_ms -= time.ticks_diff(time.ticks_ms(), begin)
            if n == 0:
                raise EOFError
            if n:
                self.left -= n
                self._credit_ms = min(self._credit_ms + n * _OCTET_MS, _CREDIT_MS)
                if in_time:
                    self.within(PROGRESS_MS)
                break
        return memoryview(self.buffer)[:n]

    async def part(self, mark: bytes, most: int) -> "bytes | None":
        """The octets of the body up to the next mark or the end; None after the last part.
        ValueError if the part has more than `most` octets."""
        part = b""
        while True:
            end = self.buffer.find(mark, self._at, self._end)
            stop = self._end if end < 0 else end
            part += self.buffer[self._at : stop]
            if len(part) > most:
                raise ValueError("at most %d octets are taken: %r" % (most, part[:40]))
            self._at = stop if end < 0 else end + 1
            if end >= 0:
                return part
            self._at = 0
            self._end = len(await self.piece())
            if not self._end:
                return part or None

    async def write(self, octets: bytes) -> None:
        """Add octets to the buffer and send it whenever it is full. Other tasks run after each
        segment, even if the client is always ready."""
        at = 0
        while at < len(octets):
            n = min(len(octets) - at, _SEGMENT - self._filled)
            self.buffer[self._filled : self._filled + n] = octets[at : at + n]
            self._filled += n
            at += n
            if self._filled == _SEGMENT:
                await self.flush()
                await asyncio.sleep_ms(0)

    async def copy(self, file: "BinaryIO") -> None:
        """Send a file."""
        await self.flush()
        while True:
            self._filled = file.readinto(self.buffer) or 0
            if not self._filled:
                return
            await self.flush()
            await asyncio.sleep_ms(0)

    async def flush(self) -> None:
        """Send the octets in the buffer. Each sent octet renews the deadline."""
        unsent = memoryview(self.buffer)[: self._filled]
        self._filled = 0
        while unsent:
            self.within(PROGRESS_MS)
            self.answered = True
            sent = self.s.write(unsent)
            if sent:
                unsent = unsent[sent:]
            if unsent:
                await _ready(self.s, True)
        self.deadline = None

    def gone(self) -> bool:
        """Whether the client has closed the connection. What it has sent is dropped. OSError if
        it has reset the connection."""
        return self.s.readinto(self.buffer) == 0

    def refuse(self, status: bytes) -> None:
        """Send an answer without a body, unless some of another one is sent."""
        if not self.answered:
            try:
                self.s.write(b"HTTP/1.0 %s \r\nRetry-After: 5\r\n%s\r\n\r\n" % (status, SAFE))
                self.s.readinto(self.buffer)  # what is unread would reset the connection
            except OSError:
                pass

    def waits(self) -> bool:
        """Whether the reader waits for this client. One whose octets have come is not late."""
        return _awaited(self.s)

    def crowds(self, other: "Client | None") -> bool:
        """Whether another client and this one are of one address and late with their heads."""
        if other is None or other.task is None or not (self.in_head and other.in_head):
            return False
        if not (self.waits() and other.waits()):
            return False
        since = self.since if time.ticks_diff(self.since, other.since) > 0 else other.since
        if time.ticks_diff(time.ticks_ms(), since) < _CROWD_MS:
            return False
        own, peer = self.peer, other.peer  # on a PC a packed structure: see web.guard
        same: bool = own[0] == peer[0] if isinstance(own, tuple) else own[4:8] == peer[4:8]
        return same

    async def discard(self) -> None:
        """Read and drop what the client still sends, for a limited time. Closing a socket with
        unread octets would reset the connection, and the answer would be lost."""
        self.within(_DISCARD_MS)
        for _ in range(_DISCARD_READS):
            await _ready(self.s)
            if self.s.readinto(self.buffer) == 0:
                return


class Server:
    """Accepts clients and gives each a task and a buffer."""

    def __init__(self, app: "App") -> None:
        self.app = app
        self.listeners = 0
        self.streams = 0  # listeners that have a place: see web.live
        self.busy = False  # a form with the flag ALONE is running
        self.door: "Any" = ()  # the list of web.auth, after the first password
        self.alive = False  # set while clients are accepted
        self._clients: "list[Client | None]" = [None] * CONNECTIONS
        self._buffers = [bytearray(_SEGMENT) for _ in range(CONNECTIONS)]

    async def run(self) -> None:
        """Serve until cancelled. OSError if the port is in use."""
        port = self.app.config.http_port
        self.app.log.add("web: port %d" % port)
        s = socket.socket()
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        reaper = asyncio.create_task(self._reap(s))
        try:
            s.bind(socket.getaddrinfo("0.0.0.0", port)[0][-1])
            s.listen(_BACKLOG)
            s.setblocking(False)
            while True:
                await _ready(s)
                while None not in self._clients:
                    self._disperse()
                    await asyncio.sleep_ms(_FULL_MS)
                try:
                    connection, peer = s.accept()
                except OSError:  # the client is gone already, or no socket is free
                    await asyncio.sleep_ms(_FULL_MS)
                    continue
                self.alive = True
                try:
                    connection.setblocking(False)
                    place = self._clients.index(None)
                    client = Client(connection, self._buffers[place], peer)
                    asyncio.create_task(self._serve(client, place))  # noqa: RUF006
                    self._clients[place] = client
                except MemoryError:
                    connection.close()
                    gc.collect()
        finally:
            reaper.cancel()
            for served in self._clients:
                if served and served.task:
                    served.task.cancel()
            s.close()

    def shed(self, streams: bool = False) -> None:
        """Cancel all requests, because a telegram needs their heap; live streams only if told."""
        for client in self._clients:
            if client and client.task and (streams or not client.listens):
                client.task.cancel()

    def _disperse(self) -> None:
        """End the heads that take over _CROWD_MS of an address that has _CROWD of them. Clients
        that connect again and again would keep others out."""
        for client in self._clients:
            if client and client.task and sum(map(client.crowds, self._clients)) >= _CROWD:
                client.task.cancel()

    async def _reap(self, s: socket.socket) -> None:
        """Cancel the clients that are overdue. While others wait, also cancel those whose head
        takes over a second. Two places may have a body that takes over a second: cancel those in
        excess if they make the reader wait, or if other clients wait. See whether the task that
        accepts clients waits for the socket."""
        while True:
            await asyncio.sleep_ms(_LOOK_MS)
            self.alive = self.alive or _awaited(s)
            now = time.ticks_ms()
            full = None not in self._clients
            bodies = 0
            for client in self._clients:
                if client is None or client.task is None:
                    continue
                over = client.deadline is not None and time.ticks_diff(now, client.deadline) >= 0
                age_ms = time.ticks_diff(now, client.since)
                slow = full and client.in_head and age_ms >= _HURRIED_MS and client.waits()
                if client.left and age_ms >= _SLOW_MS and not (client.in_head or client.answered):
                    bodies += 1
                    slow = bodies > _SLOW_BODIES and (full or client.reads)
                if over or slow:
                    client.task.cancel()

    async def _serve(self, client: Client, place: int) -> None:
        """Serve one connection. Raises nothing."""
        client.task = asyncio.current_task()
        exchange = visit("web.exchange")
        try:
            await _ready(client.s)  # nothing is loaded before the first octet
            self.app.network.heard = True
            for _ in range(_ROOM_LOOKS):
                gc.collect()
                if self.app.system.board.heap_free() >= _ROOM_OCTETS:
                    break
                await asyncio.sleep_ms(_ROOM_MS)
            else:
                client.refuse(b"503")
                return
            await exchange.open().answer(self, client)
            exchange.close()
            if client.listens:
                await live.stream(self.app, client)
        except (OSError, EOFError):
            pass  # the client is gone
        except asyncio.CancelledError:  # it is too slow, or its heap is needed
            client.refuse(b"408")
        except Exception as e:
            self.app.log.error("web: %r" % e)
        finally:
            exchange.close()
            if client.listens:
                self.listeners -= 1
            self._clients[place] = None
            client.s.close()
