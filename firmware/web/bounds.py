"""microdot with limits: no client may hold memory or a socket for ever.

A request's head has 4 KB, 32 lines and 5 seconds, its answer 10 seconds without progress; six
connections are served at once, the seventh is told to come back. Response headers leave in one
segment instead of one each.
"""

import asyncio

from microdot import Microdot, Request, Response
from micropython import const

HEAD_OCTETS = const(4096)
HEAD_LINES = const(32)
HEAD_SECONDS = const(5)
PROGRESS_SECONDS = const(10)
CONNECTIONS = const(6)
BODY_OCTETS = const(4096)  # of a body that is held; a longer one can be read in pieces
UPLOAD_OCTETS = const(131072)

_GATHER = const(1024)
_PART = const(128)
_DISCARD_READS = const(512)
_DISCARD_MS = const(300)
_WASTE = bytearray(256)
_BUSY = (
    b"HTTP/1.0 503 Service Unavailable\r\nRetry-After: 2\r\nContent-Length: 0\r\n"
    b"Connection: close\r\n\r\n"
)


class BadRequest(Exception):
    """What the client sent is no request that is served here: (status, text)."""


class BoundedReader:
    """The client's stream with a budget: readline() and readexactly() stop where it ends."""

    def __init__(self, stream: object) -> None:
        self._stream = stream
        self._left = HEAD_OCTETS
        self._lines = HEAD_LINES

    async def readline(self) -> bytes:
        """One line with its line feed, b"" at the end of the stream."""
        self._lines -= 1
        if self._lines < 0:
            raise BadRequest(431, "too many headers")
        line = b""
        while not line.endswith(b"\n"):
            if not self._left:
                raise BadRequest(431, "headers too long")
            await self._readable()
            part = self._stream.s.readline(min(self._left, _PART))  # allocates that much
            if part is None:
                continue
            if not part:
                break
            self._left -= len(part)
            line += part
        return line

    def _readable(self) -> object:
        """Wait until there is something to read, or the end. A generator: await takes those."""
        yield asyncio.core._io_queue.queue_read(self._stream.s)

    async def readexactly(self, n: int) -> bytes:
        """n octets of body; microdot asks for no more than Request.max_body_length."""
        if not 0 <= n <= BODY_OCTETS:
            raise BadRequest(413, "body too long")
        return await self._stream.readexactly(n)

    async def readinto(self, buf: object) -> "int | None":
        """A piece of a longer body; 0 at the stream's end, None if there was nothing to read."""
        return await self._stream.readinto(buf)


class BoundedWriter:
    """The client's stream with a deadline: whoever stops reading is dropped."""

    def __init__(self, stream: object) -> None:
        self._stream = stream
        self._gathered = b""
        self.immediate = False  # an event stream: each piece leaves at once

    async def awrite(self, octets: bytes) -> None:
        """Gather octets, send them when there are enough."""
        self._gathered += octets
        if self.immediate or len(self._gathered) >= _GATHER:
            await self.flush()

    async def flush(self) -> None:
        """Send what is gathered. OSError if the client takes nothing for PROGRESS_SECONDS."""
        octets, self._gathered = self._gathered, b""
        if octets:
            self._stream.write(octets)
            try:
                await asyncio.wait_for(self._stream.drain(), PROGRESS_SECONDS)
            except asyncio.TimeoutError:
                raise OSError("client does not read")


async def _discard(stream: object) -> None:
    """Read what a refused client still sends, within bounds: closing before that would reset the
    connection and take the answer with it."""
    try:
        await asyncio.wait_for_ms(_drain(stream), _DISCARD_MS)
    except asyncio.TimeoutError:
        pass


async def _drain(stream: object) -> None:
    for _ in range(_DISCARD_READS):
        if await stream.readinto(_WASTE) == 0:
            return


class BoundedMicrodot(Microdot):
    """A microdot whose clients are bounded."""

    def __init__(self, log: object) -> None:
        super().__init__()
        Request.max_body_length = BODY_OCTETS
        Request.max_content_length = UPLOAD_OCTETS
        self.open_connections = 0
        self.refused = 0
        self._log = log

    async def handle_request(self, reader: object, writer: object) -> None:
        """Serve one connection. Raises nothing: the server's accept loop must go on."""
        self.open_connections += 1
        try:
            if self.open_connections > CONNECTIONS:
                self.refused += 1
                writer.write(_BUSY)
                await asyncio.wait_for(writer.drain(), 1)
            elif await self._serve(reader, writer):
                await _discard(reader)  # when nothing else of the request is held any more
        except (OSError, asyncio.TimeoutError, EOFError):
            pass  # the client is gone or too slow: nothing to tell it
        except Exception as e:
            self._log.add("web: %r" % e)
        finally:
            self.open_connections -= 1
            try:
                writer.close()
                await writer.wait_closed()
            except OSError:
                pass

    async def _serve(self, reader: object, writer: object) -> bool:
        """True if the client may still be sending: a part of its request was not read."""
        out = BoundedWriter(writer)
        response, unread = await self._answer(reader, out)
        if response is not None:  # the request and its headers are not held any more
            await self.respond(response, out)
        return unread

    async def _answer(self, reader: object, out: BoundedWriter) -> "tuple[object, bool]":
        """The response, None for a client that said nothing; whether to read on after it."""
        request = None
        try:
            request = await asyncio.wait_for(
                Request.create(self, BoundedReader(reader), out, None), HEAD_SECONDS
            )
            if request is None:
                return None, False
            response = await asyncio.wait_for(self.dispatch_request(request), PROGRESS_SECONDS)
        except BadRequest as e:
            return Response(e.args[1], e.args[0]), True
        except (ValueError, IndexError, KeyError, UnicodeError):
            return Response("Bad request", 400), True
        unread = request.content_length > len(request.body)
        if request.headers.get("Transfer-Encoding"):
            unread = True
        return response, unread and response.status_code >= 400

    async def respond(self, response: object, out: BoundedWriter) -> None:
        """Send a response to its end; an event stream for as long as its client reads."""
        body = response.body
        out.immediate = hasattr(body, "__anext__")
        try:
            await response.write(out)
            await out.flush()
        finally:  # whatever became of the client: a file is closed, a stream's place given back
            if out.immediate:
                await body.aclose()
            elif hasattr(body, "read"):
                body.close()
