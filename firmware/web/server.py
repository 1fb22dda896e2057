"""The web server: connections, limited in number, time and memory.

In       connections; a request's head of at most 4 KB and 32 lines; a body in pieces
Out      answers, in segments, from five buffers that are made at start
Rules    A head may take 5 seconds, a body a minute, an answer 10 seconds without progress. Five
         clients are served at once. Others wait to be accepted; meanwhile a head may take one
         second. Each client has a deadline for its next progress; one task cancels the tasks of
         clients that are overdue, so a wait needs no task of its own.
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
    from typing import BinaryIO

    from composition import App
    from contracts import Ticks

CONNECTIONS = const(5)
STREAMS = const(3)
PROGRESS_MS = const(10000)

_BACKLOG = const(5)
_SEGMENT = const(384)
_HEAD_OCTETS = const(4096)
_HEAD_LINES = const(32)
_LINE_PART = const(128)
_HEAD_MS = const(5000)
_HURRIED_MS = const(1000)
_BODY_MS = const(60000)
_LOOK_MS = const(250)
_DISCARD_MS = const(300)
_ROOM_OCTETS = const(11000)  # free before an answer begins: the meter's telegrams need the rest
_ROOM_MS = const(50)
_ROOM_LOOKS = const(60)
_DISCARD_READS = const(512)

# The headers that are used. The others, a kilobyte from a browser, are not kept.
_HEADERS = (b"host", b"origin", b"content-length", b"content-type", b"transfer-encoding")


class BadRequest(Exception):
    """A request that is refused before its path is known: (status, text)."""


def _ready(s: socket.socket, to_write: bool = False) -> "Awaitable[None]":  # type: ignore[misc]
    """Wait until the socket has octets or its end to read, or has space to write. A generator,
    which MicroPython can await."""
    queue = asyncio.core._io_queue  # type: ignore[attr-defined]
    yield queue.queue_write(s) if to_write else queue.queue_read(s)


class Client:
    """A connection. microdot uses it as the reader and the writer of its request."""

    def __init__(self, s: socket.socket, buffer: bytearray) -> None:
        self.s = s
        self.buffer = buffer
        # Set by the task's first step. A task cancelled before that runs no `finally`, so its
        # place would stay taken.
        self.task: "asyncio.Task[None] | None" = None
        self.in_head = True
        self.listens = False  # to the live stream
        self.since = time.ticks_ms()
        self.deadline: "Ticks | None" = None
        self.within(_HEAD_MS)
        self.left = _HEAD_OCTETS  # octets that may still come: of the head, then of the body
        self._lines = _HEAD_LINES
        self._at = self._end = 0  # octets of the body in the buffer that part() has not returned
        self._filled = 0  # octets of the answer in the buffer

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
            if first or not colon or name.lower() in _HEADERS:
                return line

    async def readexactly(self, n: int) -> bytes:
        """microdot reads no bodies, so it calls this for a length below 0 only."""
        raise BadRequest(400, "a body has 0 octets or more")

    def expect(self, octets: int) -> None:
        """Begin the body, of so many octets."""
        self.left = octets
        self.since = time.ticks_ms()
        self.within(PROGRESS_MS)

    async def piece(self) -> memoryview:
        """The next octets of the body, valid until the next call; none at its end. A piece may
        take PROGRESS_MS; after a minute the deadline is not renewed."""
        n: "int | None" = 0
        while self.left:
            if time.ticks_diff(time.ticks_ms(), self.since) < _BODY_MS:
                self.within(PROGRESS_MS)
            await _ready(self.s)
            n = self.s.readinto(self.buffer, min(self.left, _SEGMENT))
            if n == 0:
                raise EOFError
            if n:
                self.left -= n
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
            sent = self.s.write(unsent)
            if sent:
                unsent = unsent[sent:]
            if unsent:
                await _ready(self.s, True)
        self.deadline = None

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
        self.streams = 0
        self.busy = False  # a form with the flag ALONE is running
        self._clients: "list[Client | None]" = [None] * CONNECTIONS
        self._buffers = [bytearray(_SEGMENT) for _ in range(CONNECTIONS)]

    async def run(self) -> None:
        """Serve until cancelled. OSError if the port is in use."""
        port = self.app.config.http_port
        self.app.log.add("web: port %d" % port)
        s = socket.socket()
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        reaper = asyncio.create_task(self._reap())
        try:
            s.bind(socket.getaddrinfo("0.0.0.0", port)[0][-1])
            s.listen(_BACKLOG)
            s.setblocking(False)
            while True:
                await _ready(s)
                while None not in self._clients:
                    await asyncio.sleep_ms(10)
                try:
                    connection, _ = s.accept()
                except OSError:  # the client is gone already
                    continue
                try:
                    connection.setblocking(False)
                    place = self._clients.index(None)
                    client = Client(connection, self._buffers[place])
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

    def shed(self) -> None:
        """Cancel all requests but live streams, because a telegram needs their heap."""
        for client in self._clients:
            if client and client.task and not client.listens:
                client.task.cancel()

    async def _reap(self) -> None:
        """Cancel the clients that are overdue. While others wait, also cancel those whose head
        takes over a second."""
        while True:
            await asyncio.sleep_ms(_LOOK_MS)
            now = time.ticks_ms()
            full = None not in self._clients
            for client in self._clients:
                if client is None or client.task is None:
                    continue
                over = client.deadline is not None and time.ticks_diff(now, client.deadline) >= 0
                slow = client.in_head and time.ticks_diff(now, client.since) >= _HURRIED_MS
                if over or (full and slow):
                    client.task.cancel()

    async def _serve(self, client: Client, place: int) -> None:
        """Serve one connection. Raises nothing."""
        client.task = asyncio.current_task()
        exchange = visit("web.exchange")
        try:
            await _ready(client.s)  # nothing is loaded before the first octet
            for _ in range(_ROOM_LOOKS):
                gc.collect()
                if self.app.system.board.heap_free() >= _ROOM_OCTETS:
                    break
                await asyncio.sleep_ms(_ROOM_MS)
            else:
                client.s.write(b"HTTP/1.0 503 \r\nRetry-After: 5\r\n\r\n")
                return
            await exchange.open().answer(self, client)
            exchange.close()
            if client.listens:
                await live.stream(self.app, client)
        except (OSError, EOFError, asyncio.CancelledError):
            pass  # the client is gone or too slow: it gets no answer
        except Exception as e:
            self.app.log.add("web: %r" % e)
        finally:
            exchange.close()
            if client.listens:
                self.streams -= 1
            self._clients[place] = None
            client.s.close()
