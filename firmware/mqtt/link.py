"""The socket of an MQTT client: sends and receives complete packets before a deadline.

In       an address of getaddrinfo; packets that umqtt.simple writes; the broker's octets
Out      sent packets; received packets, complete, for umqtt.simple to read; MqttError
How      a non-blocking socket, tried again between sleeps. asyncio's streams are not used: when
         one of two tasks that wait on a stream is cancelled, its poller drops the other too
Limits   a packet must be complete before the deadline; a received packet of over MAX_PACKET
         octets is read and dropped. Packets to send are built in one buffer, allocated once
Blocks   never; but a TLS handshake computes inside read and write
Source   MQTT 3.1.1 (OASIS) 2.2 fixed header; error codes: spec/formats.md 0.1
"""

import asyncio
import select
import socket
from errno import EAGAIN, EINPROGRESS
from time import ticks_add, ticks_diff, ticks_ms

from micropython import const
from ondemand import visit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from contracts import Address, Ticks, Tls

MAX_PACKET = const(4096)  # received

# Stages of a connection.
NAME = const(0)
TCP = const(1)
TLS = const(2)
LOGIN = const(3)
ONLINE = const(4)
_STAGES = ("DNS: ", "TCP: ", "TLS: ", "login: ", "")

BAD_VARNUM = const(-2)
CONNECT_FAILED = const(-3)
TIMEOUT = const(-4)
READ_FAILED = const(-5)
WRITE_FAILED = const(-6)
BAD_LENGTH = const(-8)

CONNACK = const(0x20)
PUBLISH = const(0x30)  # with flags: 0x01 retained, 0x02 QoS 1, 0x04 QoS 2, 0x08 again
PUBACK = const(0x40)
SUBACK = const(0x90)
PINGRESP = const(0xD0)
_BODY_LENGTHS = b"\x20\x02\x40\x02\x90\x03\xd0\x00"  # (first octet, length) each

_OUT = const(1280)  # payload 0 with every value; grows for a longer packet
_STEP_MS = const(10)  # between two tries
_SKIM = const(256)  # octets of a dropped packet, read at a time


class MqttError(OSError):
    """(code, text): the connection failed or the broker refused; code is a `me` number. The text
    of a connection that fails begins with its stage."""


class Link:
    """The object that umqtt uses as its socket; it owns the real socket. For one task.

    start() sets the deadline of the next exchange. umqtt builds a packet with write(), send()
    sends it; receive() receives a packet, umqtt parses it with read(). A failure closes the link
    and raises MqttError; open() opens it again.

    stage  how far the connection has come
    """

    def __init__(self, timeout_ms: int) -> None:
        self.timeout_ms = timeout_ms
        self._sock: "socket.socket | None" = None
        self.stage = NAME
        self._out = bytearray(_OUT)
        self._octet = memoryview(bytearray(1))
        self.start()

    def start(self) -> "Ticks":
        """Begin an exchange and drop the packets of the last one. Returns the deadline."""
        self._begin = self._end = 0  # of the packet in _out
        self._payload: "memoryview | None" = None
        self._payload_at = 0
        self.received: "bytes | bytearray" = b""
        self._read_at = 0
        self._deadline = ticks_add(ticks_ms(), self.timeout_ms)
        return self._deadline

    def write(self, data: "bytes | bytearray | memoryview", n: "int | None" = None) -> None:
        """Append data, or its first n octets, to the packet to send."""
        out = self._out
        if data is self._payload:  # already in the buffer: move the header up to it
            self._begin = self._payload_at - self._end
            out[self._begin : self._payload_at] = out[: self._end]
            self._end = self._payload_at + len(data)
            return
        end = self._end + (len(data) if n is None else n)
        out[self._end : end] = data if n is None else data[:n]
        self._end = end

    def read(self, n: int) -> bytes:
        """The next n octets of the packet received; OSError(EAGAIN) if it has no more."""
        start = self._read_at
        if start + n > len(self.received):
            raise OSError(EAGAIN)
        self._read_at = start + n
        return bytes(memoryview(self.received)[start : start + n])

    def setblocking(self, flag: bool) -> None:
        """Called by umqtt; no effect: the real socket stays non-blocking."""

    def place(self, at: int, first: bytes, parts: "Iterable[str | bytes]") -> memoryview:
        """Join `first` and the parts in the packet's buffer, with `at` octets free before them."""
        out = self._out
        end = at + len(first)
        out[at:end] = first
        for part in parts:
            octets = part.encode() if isinstance(part, str) else part
            out[end : end + len(octets)] = octets
            end += len(octets)
        self._payload_at = at
        self._payload = memoryview(out)[at:end]
        return self._payload

    async def open(self, address: "Address", ssl: "Tls | None", host: str) -> None:
        """Connect to an entry of getaddrinfo's list; `ssl` is an SSLContext or None, `host` the
        name in its certificate."""
        family, kind, protocol, _, where = address
        self.stage = TCP
        try:
            sock = self._sock = socket.socket(family, kind, protocol)
            sock.setblocking(False)
            sock.connect(where)
        except OSError as error:
            if error.errno != EINPROGRESS:
                raise self.fail(CONNECT_FAILED, self._words(error))
        poller = select.poll()
        poller.register(self._sock, select.POLLOUT)
        while not poller.poll(0):
            await self.pause()
        if ssl:
            self.stage = TLS
            try:
                self._sock = ssl.wrap_socket(
                    self._sock, server_hostname=host, do_handshake_on_connect=False
                )
                self._sock.setblocking(False)
            except (OSError, ValueError) as error:
                raise self.fail(CONNECT_FAILED, self._words(error))

    def close(self) -> None:
        """Release the socket, if any."""
        sock, self._sock = self._sock, None
        if sock:
            sock.close()

    def fail(self, code: int, text: str) -> MqttError:
        """Close the link. Returns the error to raise: CONNECT_FAILED before the login begins."""
        self.close()
        stage = self.stage
        return MqttError(code if stage > TLS else CONNECT_FAILED, _STAGES[stage] + text)

    def _words(self, error: Exception) -> str:
        """What an error of the network or of TLS means for the owner."""
        with visit("mqtt.words") as words:
            text: str = words.of(error, self.stage == TLS)
        return text

    def _connected(self) -> socket.socket:
        if self._sock is None:
            raise MqttError(CONNECT_FAILED, "not connected")
        return self._sock

    async def pause(self, pause_ms: int = _STEP_MS) -> None:
        """Let other tasks run; MqttError if the deadline has passed."""
        if ticks_diff(self._deadline, ticks_ms()) <= 0:
            raise self.fail(TIMEOUT, "no answer in time")
        await asyncio.sleep_ms(pause_ms)

    async def send(self) -> None:
        """Pass the packet to the TCP stack. If cancelled inside a packet, close the link."""
        at, end = self._begin, self._end
        view = memoryview(self._out)
        try:
            while at < end:
                sock = self._connected()
                try:
                    n = sock.write(view[at:end]) or 0
                except (OSError, ValueError) as error:  # ValueError: certificate not accepted
                    raise self.fail(WRITE_FAILED, self._words(error))
                if n:  # on some ports only the first write reports a refused connection
                    if self.stage < LOGIN:
                        self.stage = LOGIN
                    at += n
                if at < end:
                    await self.pause()
        finally:
            if self._begin < at < end:
                self.close()  # the broker cannot parse packets after half a packet
        await asyncio.sleep_ms(0)  # lets other tasks run during a loop of publishes

    def _read(self, view: memoryview) -> int:
        """Read available octets into `view`, which is not empty. Returns their number or 0."""
        sock = self._connected()
        try:
            n = sock.readinto(view)
        except (OSError, ValueError) as error:
            raise self.fail(READ_FAILED, self._words(error))
        if n == 0:
            raise self.fail(READ_FAILED, "closed by the broker")
        return n or 0

    def first(self) -> "int | None":
        """Read the first octet of a packet; None if none has arrived."""
        return self._octet[0] if self._read(self._octet) else None

    async def _fill(self, view: memoryview) -> None:
        at = 0
        while at < len(view):
            n = self._read(view[at:])
            at += n
            if not n:
                await self.pause()

    async def receive(self, kind: int) -> int:
        """Read the rest of the packet that began with the octet `kind` into `received`.

        Returns the offset of its body; 0 if the packet was too long and is dropped.
        """
        packet = bytearray((kind,))
        octet = self._octet
        size = shift = 0
        while shift == 0 or octet[0] & 0x80:
            if shift > 21:
                raise self.fail(BAD_VARNUM, "remaining length of over 4 octets")
            await self._fill(octet)
            packet += octet
            size |= (octet[0] & 0x7F) << shift
            shift += 7
        at = _BODY_LENGTHS.find(bytes((kind,)))
        if at >= 0 and size != _BODY_LENGTHS[at + 1]:
            raise self.fail(BAD_LENGTH, "0x%02x with %d octets" % (kind, size))
        start = len(packet)
        if size <= MAX_PACKET:
            packet += bytearray(size)
            await self._fill(memoryview(packet)[start:])
            self.received = packet
            return start
        scratch = memoryview(bytearray(_SKIM))
        while size:
            piece = scratch[: min(size, _SKIM)]
            await self._fill(piece)
            size -= len(piece)
            await self.pause(0)
        return 0
