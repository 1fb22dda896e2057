"""microdot with limits: no client may hold memory or a socket for ever.

A request's head has 5 seconds, an answer 10 without progress. Five clients are served at once; the
others wait to be accepted, and while they do a head has one second. What microdot spends on a
response (a class each time, a segment for each header) is saved here.
"""

import asyncio
import gc
import socket
import time

from microdot import Microdot, Request, Response
from micropython import const

from web.connection import BODY_OCTETS, PROGRESS_MS, BadRequest, Connection, readable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from log import Log

CONNECTIONS = const(5)
UPLOAD_OCTETS = const(131072)

_BACKLOG = const(5)
_HURRIED_MS = const(1000)
_LOOK_MS = const(250)
_DISCARD_MS = const(300)
_DISCARD_READS = const(512)
_WASTE = bytearray(256)


class BoundedMicrodot(Microdot):
    """A microdot whose clients are bounded."""

    def __init__(self, log: "Log") -> None:
        super().__init__()
        Request.max_body_length = BODY_OCTETS
        Request.max_content_length = UPLOAD_OCTETS
        self.clients: "list[Connection]" = []
        self._log = log

    async def listen(self, port: int) -> None:
        """Serve until cancelled. OSError if the port is taken."""
        s = socket.socket()
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        reaper = asyncio.create_task(self._reap())
        try:
            s.bind(socket.getaddrinfo("0.0.0.0", port)[0][-1])
            s.listen(_BACKLOG)
            s.setblocking(False)
            while True:
                await readable(s)
                while len(self.clients) >= CONNECTIONS:
                    await asyncio.sleep_ms(10)
                self._accept(s)
        finally:
            reaper.cancel()
            for client in self.clients:
                client.end()
            s.close()

    def _accept(self, listening: socket.socket) -> None:
        try:
            s, _ = listening.accept()
        except OSError:  # it has gone again
            return
        try:
            s.setblocking(False)
            client = Connection(s)
            client.task = asyncio.create_task(self._handle(client))
            self.clients.append(client)
        except MemoryError:
            s.close()
            gc.collect()

    async def _reap(self) -> None:
        """End connections that are overdue; while others wait, heads that take over a second."""
        while True:
            await asyncio.sleep_ms(_LOOK_MS)
            now = time.ticks_ms()
            full = len(self.clients) >= CONNECTIONS
            for client in self.clients:
                slow = client.in_head and time.ticks_diff(now, client.since) >= _HURRIED_MS
                if client.overdue(now) or (full and slow):
                    client.end()

    async def _handle(self, client: Connection) -> None:
        """Serve one connection. Raises nothing."""
        try:
            response, unread = await self._answer(client)
            if response is not None:  # the request and its headers are not held any more
                await self._respond(response, client)
            if unread:
                await _discard(client)
        except (OSError, EOFError, asyncio.CancelledError):
            pass  # the client is gone or too slow: nothing to tell it
        except Exception as e:
            self._log.add("web: %r" % e)
        finally:
            self.clients.remove(client)
            client.s.close()

    async def _answer(self, client: Connection) -> "tuple[Response | None, bool]":
        """The response, None for a client that said nothing; whether to read on after it."""
        try:
            request = await Request.create(self, client, client, None)
            client.in_head = False
            if request is None:
                return None, False
            client.within(PROGRESS_MS)
            response = await self.dispatch_request(request)
        except BadRequest as e:
            return Response(e.args[1], e.args[0]), True
        except (ValueError, IndexError, KeyError, UnicodeError, RuntimeError):
            return Response("Bad request", 400), True  # RuntimeError: a path too long for re
        unread = request.content_length > len(request.body)
        if request.headers.get("Transfer-Encoding"):
            unread = True
        return response, unread and response.status_code >= 400

    async def _respond(self, response: Response, client: Connection) -> None:
        """Send a response to its end; an event stream for as long as its client reads."""
        body = response.body
        stream = hasattr(body, "__anext__")
        try:
            await client.awrite(_head(response))
            if response.is_head:
                pass
            elif stream:
                while True:
                    for piece in await body.__anext__():
                        await client.awrite(piece.encode())
                    await client.flush()
            elif hasattr(body, "read"):
                while True:
                    piece = body.read(Response.send_file_buffer_size)
                    if not piece:
                        break
                    await client.awrite(piece)
            elif hasattr(body, "__next__"):
                for piece in body:
                    await client.awrite(piece.encode())
            else:
                await client.awrite(body)
            await client.flush()
        finally:  # whatever became of the client: a file is closed, a stream's place given back
            if stream:
                await body.aclose()
            elif hasattr(body, "close"):
                body.close()


def _head(response: Response) -> bytes:
    response.complete()
    lines = [
        "HTTP/1.0 %d %s" % (response.status_code, "OK" if response.status_code == 200 else "")
    ]
    for name, value in response.headers.items():
        lines.append("%s: %s" % (name, value))
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


async def _discard(client: Connection) -> None:
    """Read what a refused client still sends, within bounds: closing before that would reset the
    connection and take the answer with it."""
    client.within(_DISCARD_MS)
    for _ in range(_DISCARD_READS):
        await readable(client.s)
        if client.s.readinto(_WASTE) == 0:
            return
