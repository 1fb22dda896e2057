"""One client's connection: bounded in what it may say, and watched by a deadline.

In       a request's head of at most 4 KB and 32 lines, a body in one piece of at most 4 KB
Out      octets gathered to segments
Rules    Whoever waits for the client has set `deadline` before; the server cancels the task of a
         connection that is overdue. So no wait costs a task of its own.
Errors   BadRequest; OSError if the client is gone; EOFError if it ends in the middle
"""

import asyncio
import time

from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    import socket
    from collections.abc import Awaitable

    from contracts import Ticks

HEAD_OCTETS = const(4096)
HEAD_LINES = const(32)
HEAD_MS = const(5000)
PROGRESS_MS = const(10000)
BODY_OCTETS = const(4096)  # of a body that is held; a longer one can be read in pieces

_BODY_MS = const(60000)
_SEGMENT = const(768)
_PART = const(128)


_HEADERS = (b"host", b"origin", b"content-length", b"content-type", b"transfer-encoding")


class BadRequest(Exception):
    """What the client sent is no request that is served here: (status, text)."""


def readable(s: "socket.socket") -> "Awaitable[None]":  # type: ignore[misc]
    """Wait until there is something to read, or the end. A generator: await takes those."""
    yield asyncio.core._io_queue.queue_read(s)  # type: ignore[attr-defined]


def _writable(s: "socket.socket") -> "Awaitable[None]":  # type: ignore[misc]
    yield asyncio.core._io_queue.queue_write(s)  # type: ignore[attr-defined]


class Connection:
    """What microdot takes for its reader and its writer."""

    def __init__(self, s: "socket.socket") -> None:
        self.s = s
        self.task: "asyncio.Task[None] | None" = None
        self.in_head = True
        self.since = time.ticks_ms()
        self.deadline: "Ticks | None" = None
        self.within(HEAD_MS)
        self._left = HEAD_OCTETS
        self._lines = HEAD_LINES
        self._out = bytearray(_SEGMENT)
        self._filled = 0

    def within(self, ms: int) -> None:
        """The client must have moved in so many milliseconds."""
        self.deadline = time.ticks_add(time.ticks_ms(), ms)

    def end(self) -> None:
        """Cancel the task that serves it."""
        if self.task is not None:
            self.task.cancel()

    def overdue(self, now: "Ticks") -> bool:
        """Whether its time is over."""
        return self.deadline is not None and time.ticks_diff(now, self.deadline) >= 0

    async def readline(self) -> bytes:
        """One line of the head with its line feed, b"" at the end of the stream. Headers that
        nothing here asks for are passed over: a browser sends a kilobyte of them."""
        first = self._lines == HEAD_LINES
        while True:
            self._lines -= 1
            if self._lines < 0:
                raise BadRequest(431, "too many headers")
            line = await self._line()
            name, colon, _ = line.partition(b":")
            if first or not colon or name.lower() in _HEADERS:
                return line

    async def _line(self) -> bytes:
        line = b""
        while not line.endswith(b"\n"):
            if not self._left:
                raise BadRequest(431, "headers too long")
            await readable(self.s)
            most = min(self._left, _PART)  # is allocated
            part = self.s.readline(most)  # type: ignore[call-arg]
            if part is None:
                continue
            if not part:
                break
            self._left -= len(part)
            line += part
        return line

    async def readexactly(self, n: int) -> bytes:
        """n octets of body; microdot asks for no more than Request.max_body_length."""
        if not 0 <= n <= BODY_OCTETS:
            raise BadRequest(413, "body too long")
        view = memoryview(bytearray(n))
        at = 0
        while at < n:
            got = await self.readinto(view[at:])
            if got == 0:
                raise EOFError
            at += got or 0
        return bytes(view)

    async def readinto(self, buf: memoryview) -> "int | None":
        """A piece of a body; 0 at the stream's end, None if there was nothing to read. Each piece
        may take its time, all together a minute and the last one's."""
        if time.ticks_diff(time.ticks_ms(), self.since) < _BODY_MS:
            self.within(PROGRESS_MS)
        await readable(self.s)
        return self.s.readinto(buf)

    async def awrite(self, octets: bytes) -> None:
        """Gather octets, send them when there are enough. Others have their turn after each
        segment, also while a client takes all that comes."""
        out = self._out
        at = 0
        while at < len(octets):
            n = min(len(octets) - at, _SEGMENT - self._filled)
            out[self._filled : self._filled + n] = octets[at : at + n]
            self._filled += n
            at += n
            if self._filled == _SEGMENT:
                await self.flush()
                await asyncio.sleep_ms(0)

    async def flush(self) -> None:
        """Send what is gathered. The deadline counts from the last octets that were taken."""
        rest = memoryview(self._out)[: self._filled]
        self._filled = 0
        while rest:
            self.within(PROGRESS_MS)
            sent = self.s.write(rest)
            if sent:
                rest = rest[sent:]
            if rest:
                await _writable(self.s)
        self.deadline = None
