"""One document from a server: requests writes the question and reads the answer's head.

In       an address; a function that takes the octets of the body; certificates to trust, or none
Out      (status, words): the status of HTTP; 0 and the reason if there is none; -1 and the reason
         if the server cannot prove who it is
How      requests blocks, so its sockets are stand-ins: it is called until it wants octets that
         have not come, and again from the begin when they are here. In between the octets of
         question, head and body move by non-blocking calls with pauses
Limits   a head of 4 KB, the body in pieces of 512 octets; one redirection, none with certificates
         or a body to send; the whole in the time that is given
Blocks   not while it waits: the arithmetic of a TLS handshake holds the loop, in steps, and the
         port's own look-up of a name if there is no name server to ask. `stall_ms` has the longest
         such time
Source   urequests 0.9.1; MicroPython's tls: a context with CERT_REQUIRED checks the chain, the
         host's name and the dates in the first read or write, and raises ValueError
"""

import asyncio
import select
import socket
import sys
from errno import EAGAIN, EINPROGRESS
from time import ticks_add, ticks_diff, ticks_ms

import requests
import tls
from micropython import const
from ondemand import visit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from contracts import Ticks

_PIECE = const(512)
_HEAD_MOST = const(4096)
_MOST_MADE = const(2)  # connections: the second one after a redirection
_STEP_MS = const(10)  # between two tries
_NO_PROOF = const(-1)
_NO_HTTP = "an answer that requests does not understand"
_LATER = "the server gave no answer in time"


class _Connection:
    """What requests has for a socket: keeps the question, gives the head when it is here."""

    def __init__(self, host: str, port: int) -> None:
        self.host = host
        self.port = port
        self.secure = False
        self.question = bytearray()
        self.answer: "bytearray | None" = None  # the head and the begin of the body
        self.at = 0  # in the head, as far as it is read
        self.socket: "Any" = None

    def connect(self, address: object) -> None:
        """No effect: the connection is made later."""

    def close(self) -> None:
        """No effect: requests closes its socket at each failure."""

    def write(self, octets: "str | bytes") -> None:
        """Add to the question."""
        if self.answer is None:
            self.question.extend(octets.encode() if isinstance(octets, str) else octets)

    def address(self) -> str:
        """The URL that the question is for."""
        path = bytes(self.question).split(b" ", 2)[1].decode()
        scheme = "https" if self.secure else "http"
        return "%s://%s:%d%s" % (scheme, self.host, self.port, path)

    def readline(self) -> bytes:
        """A line of the head."""
        if self.answer is None:
            raise OSError(EAGAIN)
        end = self.answer.find(b"\n", self.at) + 1
        line = bytes(self.answer[self.at : end])
        self.at = end
        return line


class _Modules:
    """The modules usocket and ussl of requests: names are not looked up, no socket is opened."""

    SOCK_STREAM = 1

    def __init__(self) -> None:
        self.made: "list[_Connection]" = []
        self.at = 0  # the next one that requests opens
        self._address = ("", 0)

    def getaddrinfo(self, host: str, port: int, *_: int) -> "list[Any]":
        """One row, which means nothing."""
        self._address = (host, port)
        return [(0, 0, 0, "", self._address)]

    def socket(self, *_: int) -> _Connection:
        """The connection made at the call before, or a new one."""
        if self.at == len(self.made):
            self.made.append(_Connection(*self._address))
        connection = self.made[self.at]
        self.at += 1
        connection.at = 0  # the head is read again
        return connection

    def wrap_socket(self, connection: _Connection, server_hostname: str = "") -> _Connection:
        """Let the connection be one of TLS."""
        connection.secure = True
        return connection


class Fetch:
    """One question: run() it once.

    stall_ms  the longest time for which the loop was held, also by feed
    length    octets of the body so far
    later_s   seconds for which the server wants to be left alone: the header Retry-After
    status    of the answer, 0 before it
    expected  octets of the body by its head, -1 unknown
    location  where the server sends us to, if that is not allowed here
    final     the server will answer no better when it is asked again
    """

    def __init__(
        self,
        feed: "Callable[[memoryview, int], str]",
        most: int,
        roots: "Sequence[bytes]" = (),
        names: str = "",
    ) -> None:
        """feed   takes a buffer and a count, returns why no more is wanted, "" to go on
        most   octets of the body
        roots  certificates (DER), one of which must have signed the server's; without any
               nobody checks who answers
        names  name servers as lookup has them; "": the port's own look-up, which holds the loop
        """
        self._feed = feed
        self._most = most
        self._roots = roots
        self._names = names
        self._deadline = ticks_ms()
        self._piece = memoryview(bytearray(_PIECE))
        self.expected = -1
        self.status = 0
        self.location = ""
        self.final = False
        self._sent: "bytes | None" = None  # the body of the question
        self.length = 0
        self.later_s = 0
        self.stall_ms = 0

    async def run(self, url: str, agent: str, limit_ms: int, begin: int = -1) -> "tuple[int, str]":
        """Ask for the address. The body is fed if the status is 200, 206 or 400, with which
        ENTSO-E says what is wrong. begin: the first octet of the body that is wanted, -1: all."""
        headers = {"User-Agent": agent}
        if begin > 0:
            headers["Range"] = "bytes=%d-" % begin
        return await self._run(url, headers, limit_ms)

    def extend(self, limit_ms: int) -> None:
        """Let the rest of the answer take this long from now on."""
        self._deadline = ticks_add(ticks_ms(), limit_ms)

    async def post(
        self, url: str, headers: "dict[str, str]", body: bytes, limit_ms: int
    ) -> "tuple[int, str]":
        """Send a body by POST. The answer's body is fed with any status."""
        self._sent = body
        return await self._run(url, headers, limit_ms)

    async def _run(self, url: str, headers: "dict[str, str]", limit_ms: int) -> "tuple[int, str]":
        self._deadline = ticks_add(ticks_ms(), limit_ms)
        modules = _Modules()
        try:
            self.status = await self._ask(modules, url, headers)
            if self.status in (200, 206, 400) or self._sent is not None:
                await self._read_body(modules.made[-1])
            return self.status, ""
        except _Ended as e:
            return self.status, str(e.args[0])
        except OSError as e:
            return 0, "the connection failed: error %s" % e.errno
        except ValueError as e:
            if modules.made and modules.made[-1].answer is None:
                return _NO_PROOF, "the server cannot prove who it is: %s" % e
            return 0, _NO_HTTP
        except (IndexError, TypeError):
            return 0, _NO_HTTP
        finally:
            for connection in modules.made:
                if connection.socket is not None:
                    connection.socket.close()

    async def _ask(self, modules: _Modules, url: str, headers: "dict[str, str]") -> int:
        """The status of the answer whose body comes next."""
        ask: "Any" = requests.request
        method = "GET" if self._sent is None else "POST"
        while True:
            modules.at = 0
            requests.usocket = modules  # type: ignore[attr-defined]  # of this question
            sys.modules["ussl"] = modules  # type: ignore[assignment]  # requests imports it
            try:
                found = ask(method, url, self._sent, None, headers, None, self._header)
                status: int = found.status_code
                return status
            except OSError as e:
                if e.errno != EAGAIN:
                    raise
            finally:
                del sys.modules["ussl"]
            bound = self._roots or self._sent is not None
            if (bound and len(modules.made) > 1) or (self._roots and not modules.made[0].secure):
                self.location = modules.made[-1].address()
                raise _Ended("the server sends us to another address, which is not allowed")
            if len(modules.made) > _MOST_MADE:  # requests asks the same again after status 300
                raise _Ended(_NO_HTTP)
            for earlier in modules.made[:-1]:
                if earlier.socket is not None:
                    earlier.socket.close()
                    earlier.socket = None
            await self._exchange(modules.made[-1])

    def _header(self, line: bytes, _: object) -> None:
        """Take a line of the head."""
        name, _, value = line.partition(b":")
        if value.strip().isdigit():
            if name.lower() == b"content-length":
                self.expected = int(value)
            elif name.lower() == b"retry-after":
                self.later_s = int(value)

    async def _exchange(self, connection: _Connection) -> None:
        """Connect, send the question, receive the head."""
        self.expected = -1
        await self._connect(connection)
        view = memoryview(connection.question)
        at = 0
        while at < len(view):
            at += await self._again(connection.socket.write, view[at:])
        answer = bytearray()
        while answer.find(b"\n\r\n") < 0:
            count = await self._again(connection.socket.readinto, self._piece)
            if not count:
                raise _Ended("the server ended the connection without an answer")
            answer.extend(self._piece[:count])
            if len(answer) > _HEAD_MOST:
                self.final = True
                raise _Ended("an answer with a head of over %d octets" % _HEAD_MOST)
        connection.answer = answer

    async def _connect(self, connection: _Connection) -> None:
        """Open the socket, and TLS over it."""
        host = connection.host
        if self._names:
            with visit("lookup") as lookup:
                try:
                    host = await lookup.address(host, self._names)
                except (OSError, ValueError) as e:
                    raise _Ended(str(e))
        began = ticks_ms()
        try:
            found = socket.getaddrinfo(host, connection.port, 0, socket.SOCK_STREAM)
        except OSError:
            raise _Ended("no such host: " + host)
        self.note(began)
        sock = connection.socket = socket.socket(found[0][0], found[0][1], found[0][2])
        sock.setblocking(False)
        try:
            sock.connect(found[0][-1])
        except OSError as e:
            if e.errno not in (EINPROGRESS, EAGAIN):
                raise
        poller = select.poll()
        poller.register(sock, select.POLLOUT)
        while not poller.poll(0):
            await self._pause()
        if connection.secure:
            context: "Any" = tls.SSLContext(tls.PROTOCOL_TLS_CLIENT)
            context.verify_mode = tls.CERT_REQUIRED if self._roots else tls.CERT_NONE
            for root in self._roots:
                context.load_verify_locations(root)
            connection.socket = context.wrap_socket(
                sock, server_hostname=connection.host, do_handshake_on_connect=False
            )

    async def _read_body(self, connection: _Connection) -> None:
        """Feed the body until its end."""
        answer = connection.answer or bytearray()
        rest = memoryview(answer)[connection.at :]
        for at in range(0, len(rest), _PIECE):
            self._give(rest[at : at + _PIECE], min(_PIECE, len(rest) - at))
        while self.expected < 0 or self.length < self.expected:
            count = await self._again(connection.socket.readinto, self._piece)
            if not count:
                return
            self._give(self._piece, count)
            await asyncio.sleep_ms(0)

    def _give(self, piece: memoryview, count: int) -> None:
        self.length += count
        if self.length > self._most:
            raise _Ended("an answer of over %d octets" % self._most)
        began = ticks_ms()
        fault = self._feed(piece, count)
        self.note(began)
        if fault:
            raise _Ended(fault)

    async def _again(self, call: "Callable[[Any], int | None]", what: "Any") -> int:
        """The result of a read or write, once it has one."""
        while True:
            began = ticks_ms()
            try:
                count = call(what)
            except OSError as e:
                if e.errno != EAGAIN:
                    raise
                count = None
            self.note(began)
            if count is not None:
                return count
            await self._pause()

    async def _pause(self) -> None:
        if ticks_diff(self._deadline, ticks_ms()) <= 0:
            raise _Ended(_LATER)
        await asyncio.sleep_ms(_STEP_MS)

    def note(self, began: "Ticks") -> None:
        """Note how long the loop was held."""
        self.stall_ms = max(self.stall_ms, ticks_diff(ticks_ms(), began))


class _Ended(Exception):
    """(words,): the question ends before the end of the body."""
