"""The connection under an MQTT client: octets and packet borders, with a deadline on everything.

In       an address from getaddrinfo; octets to send; what the broker sends
Out      received packets whole, as bytearray; MqttError with a code when the link has ended
How      a non-blocking socket, tried again between sleeps. asyncio's streams are not used: when
         one of two tasks that wait on a stream is cancelled, its poller forgets the other too
Limits   a received packet must arrive whole before the deadline; one of over MAX_PACKET octets
         is read and thrown away. A Link lives for one connection
Blocks   never; with TLS the arithmetic of the handshake takes its time inside read and write
Source   MQTT 3.1.1 (OASIS) 2.2 fixed header; error codes: spec/formats.md 0.1
"""

import asyncio
import select
import socket
from errno import EINPROGRESS
from time import ticks_diff, ticks_ms

from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from contracts import Address, Ticks, Tls

MAX_PACKET = const(4096)

BAD_VARNUM = const(-2)
CONNECT_FAILED = const(-3)
TIMEOUT = const(-4)
READ_FAILED = const(-5)
WRITE_FAILED = const(-6)
BAD_LENGTH = const(-8)
WRONG_PACKET = const(-9)

CONNACK = const(0x20)
PUBLISH = const(0x30)  # QoS 0; 0x31 with the retain flag
SUBACK = const(0x90)
PINGRESP = const(0xD0)
_BODY_LENGTH = {CONNACK: 2, SUBACK: 3, PINGRESP: 0}

_STEP_MS = const(10)  # between two tries
_SKIM = const(256)  # octets thrown away at a time


class MqttError(OSError):
    """The link failed or the broker refused: `code` is a `me` number, `text` says why."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(code, text)
        self.code = code
        self.text = text


class Link:
    """One connection, from open() to close(). `code` is 0, or that of the failure that ended it.

    `busy` is for the owner to mark a packet half written. Deadlines are in ticks_ms().
    """

    def __init__(self) -> None:
        self.code = 0
        self.busy = False
        self._sock: "socket.socket | None" = None
        # A refused connection shows at the first write, on some ports only there.
        self._write_code = CONNECT_FAILED

    async def open(
        self, address: "Address", deadline: "Ticks", ssl: "Tls | None" = None, host: str = ""
    ) -> None:
        """Connect to one entry of getaddrinfo's list; `ssl` is an SSLContext or None."""
        try:
            self._begin(address)
        except OSError as error:
            raise self.fail(CONNECT_FAILED, str(error))
        poller = select.poll()
        poller.register(self._sock, select.POLLOUT)
        while not poller.poll(0):
            await self.pause(deadline, CONNECT_FAILED)
        if ssl:
            sock = ssl.wrap_socket(self._sock, server_hostname=host, do_handshake_on_connect=False)
            sock.setblocking(False)
            self._sock = sock

    def _begin(self, address: "Address") -> None:
        family, kind, protocol, _, where = address
        sock = self._sock = socket.socket(family, kind, protocol)
        sock.setblocking(False)
        try:
            sock.connect(where)
        except OSError as error:
            if error.errno != EINPROGRESS:
                raise

    def close(self) -> None:
        """Release the socket. Tasks that still use the link get MqttError at their next step."""
        sock, self._sock = self._sock, None
        if sock:
            sock.close()

    def is_open(self) -> bool:
        """True from open() until close() or a failure."""
        return self._sock is not None

    def fail(self, code: int, text: str) -> MqttError:
        """Close the link for this reason; the error to raise."""
        self.close()
        self.code = code
        return MqttError(code, text)

    def check(self) -> socket.socket:
        """The socket; MqttError unless the link is open."""
        sock = self._sock
        if sock is None:
            raise MqttError(self.code or CONNECT_FAILED, "not connected")
        return sock

    async def pause(
        self, deadline: "Ticks", code: int = TIMEOUT, pause_ms: int = _STEP_MS
    ) -> None:
        """Let the others run; the link fails with `code` if the deadline has passed."""
        if ticks_diff(deadline, ticks_ms()) <= 0:
            raise self.fail(code, "timed out")
        await asyncio.sleep_ms(pause_ms)
        self.check()

    async def write(self, data: bytearray, deadline: "Ticks") -> None:
        """Hand all of `data` to the TCP stack. Cancelled half-way, the link is closed."""
        view = memoryview(data)
        at = 0
        try:
            while at < len(view):
                at += self._write(self.check(), view[at:])
                if at < len(view):
                    await self.pause(deadline)
        finally:
            if 0 < at < len(view):
                self.close()  # nothing valid can follow half a packet

    def _write(self, sock: socket.socket, view: memoryview) -> int:
        try:
            n = sock.write(view) or 0
        except (OSError, ValueError) as error:  # ValueError: the certificate is not accepted
            raise self.fail(self._write_code, str(error))
        if n:
            self._write_code = WRITE_FAILED
        return n

    def read(self, view: "bytearray | memoryview") -> int:
        """Read what is there into `view`, not empty; the number of octets, 0 for none yet."""
        sock = self.check()
        try:
            n = sock.readinto(view)
        except (OSError, ValueError) as error:
            raise self.fail(READ_FAILED, str(error))
        if n == 0:
            raise self.fail(READ_FAILED, "closed by the broker")
        return n or 0

    async def _fill(self, view: memoryview, deadline: "Ticks") -> None:
        at = 0
        while at < len(view):
            n = self.read(view[at:])
            at += n
            if not n:
                await self.pause(deadline)

    async def first(self, deadline: "Ticks") -> int:
        """Wait for the first octet of a packet."""
        octet = memoryview(bytearray(1))
        await self._fill(octet, deadline)
        return octet[0]

    async def packet(self, kind: int, deadline: "Ticks") -> "tuple[bytearray, int] | None":
        """Read the packet that began with the octet `kind`, one of the four.

        Returns (packet, start of its body), or None if it was too long and is thrown away.
        """
        head = bytearray((kind,))
        octet = memoryview(bytearray(1))
        size = shift = 0
        while shift == 0 or octet[0] & 0x80:
            if shift > 21:
                raise self.fail(BAD_VARNUM, "remaining length of over 4 octets")
            await self._fill(octet, deadline)
            head += octet
            size |= (octet[0] & 0x7F) << shift
            shift += 7
        if size != _BODY_LENGTH.get(kind, size):
            raise self.fail(BAD_LENGTH, "0x%02x with %d octets" % (kind, size))
        if size > MAX_PACKET:
            await self._skim(size, deadline)
            return None
        packet = head + bytearray(size)
        await self._fill(memoryview(packet)[len(head) :], deadline)
        return packet, len(head)

    async def _skim(self, size: int, deadline: "Ticks") -> None:
        scratch = memoryview(bytearray(_SKIM))
        while size:
            piece = scratch[: min(size, _SKIM)]
            await self._fill(piece, deadline)
            size -= len(piece)
            await self.pause(deadline, TIMEOUT, 0)


class Pipe:
    """What umqtt.simple takes for its socket, and for the socket module while it connects.

    Written octets gather in `out`; read() hands out the packet given to feed().
    """

    def __init__(self) -> None:
        self.out = bytearray()
        self.feed(b"")

    def feed(self, packet: bytes) -> None:
        self._packet = memoryview(packet)
        self._at = 0

    def read(self, n: int) -> bytes:
        start = self._at
        self._at = start + n
        return bytes(self._packet[start : start + n])

    def write(self, data: bytes, n: "int | None" = None) -> None:
        self.out += data if n is None else data[:n]

    def socket(self, *_: object) -> "Pipe":
        return self

    def getaddrinfo(self, *_: object) -> "tuple[tuple[None]]":
        return ((None,),)

    def connect(self, *_: object) -> None:
        pass

    settimeout = setblocking = close = connect
