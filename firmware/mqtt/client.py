"""MQTT 3.1.1 client for asyncio: umqtt.simple's packets over a Link, which does not block.

In       topics as str; payloads as str, bytes or an iterable of both; packets of
         the broker
Out      packets to the broker; callback(topic, payload), both bytes; MqttError(code, text)
How      umqtt.simple, of version 1.3.4 or of MicroPython's images, builds and parses the packets;
         its socket is a Link. umqtt's connect() opens its own socket, so CONNECT is written here.
         umqtt's subscribe() reads the SUBACK at once; the Link answers EAGAIN, and serve() reads
         the SUBACK. umqtt's publish() with QoS 1 fails in some versions, so the packet identifier
         is placed before the payload here, and serve() reads the PUBACK
Rules    The broker's address may change at any time, so its name is looked up at each connect().
         While there is no answer, the address at which it was reached before is used
Limits   QoS 0 and 1; one task for a client. connect(), publish(), subscribe() and serve() end
         within timeout_ms, connect() after a look-up of 5 s at most; received messages of over
         link.MAX_PACKET octets are dropped
Blocks   in the port's own name look-up only, see lookup; a TLS handshake computes in steps
Source   MQTT 3.1.1 (OASIS); error codes and the status topic: spec/formats.md 0.1 and 2.1
"""

import asyncio
from time import ticks_add, ticks_diff, ticks_ms

import umqtt.simple as umqtt
from micropython import const
from ondemand import visit

from mqtt.link import (
    BAD_LENGTH,
    CONNACK,
    CONNECT_FAILED,
    NAME,
    ONLINE,
    PINGRESP,
    PUBACK,
    PUBLISH,
    SUBACK,
    TIMEOUT,
    Link,
    MqttError,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from contracts import Address, Board, Ticks, Tls

TOO_LONG = const(-7)
WRONG_PACKET = const(-9)
DENIED = const(-10)
SUBSCRIBE_FAILED = const(-11)
NO_SUBACK = const(-12)
PING_LOST = const(-13)

_AGAIN_MS = const(2000)  # of a look-up, if there is an address to fall back on
_BEFORE_TOPIC = const(6)  # octets of a PUBLISH: kind 1, length up to 3, length of the topic 2
_STEP_MS = const(10)  # between two checks for a SUBACK
_MAX_FILTER = const(122)  # umqtt.simple 1.3.4 has one octet for the length of a SUBSCRIBE
_QOS_1 = const(2)  # of a PUBLISH's first octet
_QOS_2 = const(4)
_KIND = const(0xF0)  # of the first octet
_MOST_ID = const(0xFFFF)

_DENIALS = (
    "unacceptable protocol version",
    "client id rejected",
    "broker unavailable",
    "bad user name or password",
    "not authorised",
)


class Client(umqtt.MQTTClient):
    """One connection to one broker; each connect() opens it again.

    keepalive is in seconds, 0 for none. `will` is the status topic: `online` is published there,
    retained, on connect, and `offline` is the last will.
    Messages go to the callback given to set_callback(); without one they are dropped.
    """

    sock: Link

    def __init__(
        self,
        host: str,
        port: int,
        client_id: str,
        user: str = "",
        password: str = "",
        keepalive: int = 60,
        timeout_ms: int = 5000,
        will: str = "",
    ) -> None:
        super().__init__(
            client_id.encode(), host, port, user.encode() or None, password.encode(), keepalive
        )
        del self.ssl  # of umqtt's own connect(): without it the attributes take 48 octets less
        if hasattr(self, "ssl_params"):
            del self.ssl_params
        if will:
            self.set_last_will(will.encode(), b"offline", True)
        self.sock = Link(timeout_ms)
        self._reached: "Address | None" = None
        self._pinged = False
        self._ping_at = ticks_ms()
        self._kind: "int | None" = None  # first octet of the packet that serve() reads next
        self._awaited = 0  # first octet of the awaited answer; then its return code, negative

    async def connect(  # type: ignore[override]
        self, tls: "Tls | None" = None, board: "Board | None" = None
    ) -> None:
        """Connect, log in and publish `online`. A failure closes the socket: MqttError.

        tls    an SSLContext, or None for a connection in clear: see mqtt.tls
        board  knows the name server; None: the port's own look-up
        """
        link = self.sock
        link.close()
        link.start()
        link.stage = NAME
        self._kind = None
        try:
            address = await self._look_up(board)
            link.start()
            await link.open(address, tls, self.server)
            self._write_connect()
            await link.send()
            while (kind := link.first()) is None:
                await link.pause()
            if kind != CONNACK:
                raise link.fail(WRONG_PACKET, "0x%02x for a CONNACK" % kind)
            start = await link.receive(kind)
            code = link.received[start + 1]
            if code:
                text = _DENIALS[code - 1] if code <= len(_DENIALS) else "return code %d" % code
                raise link.fail(DENIED, text)
            link.stage = ONLINE
            if address != self._reached:
                self._reached = address
            self._expect_ping(False, self.keepalive * 750)
            if self.lw_topic:
                await self.publish(self.lw_topic.decode(), b"online", 1)
        except BaseException:  # a cancelled connect() must not leak the socket either
            link.close()
            raise

    async def publish(  # type: ignore[override]
        self, topic: str, payload: "bytes | Iterable[str | bytes]", flags: int = 0
    ) -> None:
        """Send one message. The payload is str, bytes or an iterable of both; one with a size is
        sent in pieces, see mqtt.long.

        flags  1 retained | 2 QoS 1: it ends when the broker has the message
        """
        link = self.sock
        octets = topic.encode()
        if getattr(payload, "size", 0):
            with visit("mqtt.long") as long:
                await long.publish(link, octets, payload, flags & 1)
            return
        deadline = link.start()
        parts = (payload,) if isinstance(payload, (str, bytes)) else payload
        identifier = b""
        if flags & _QOS_1:
            self.pid = self.pid % _MOST_ID + 1
            identifier = bytes((self.pid >> 8, self.pid & 0xFF))
        body = link.place(_BEFORE_TOPIC + len(octets), identifier, parts)
        self._awaited = PUBACK
        # umqtt puts its third argument into the packet's first octet.
        umqtt.MQTTClient.publish(self, octets, body, flags)  # type: ignore[arg-type]
        await link.send()
        if identifier and not await self._answered(deadline):
            raise link.fail(TIMEOUT, "no PUBACK")

    async def subscribe(self, topic: str, qos: int = 0) -> None:  # type: ignore[override]
        """Subscribe. Errors -7, -11 and -12 leave the link open. Needs a callback."""
        octets = topic.encode()
        if len(octets) > _MAX_FILTER:
            raise MqttError(TOO_LONG, "topic filter over %d octets" % _MAX_FILTER)
        deadline = self.sock.start()
        self.pid %= _MOST_ID
        self._awaited = SUBACK
        try:
            umqtt.MQTTClient.subscribe(self, octets, qos)
        except OSError:  # EAGAIN: the packet is built, and umqtt tried to read the SUBACK
            pass
        await self.sock.send()
        if not await self._answered(deadline):
            raise MqttError(NO_SUBACK, "no SUBACK")
        if -self._awaited & 0x80:
            raise MqttError(SUBSCRIBE_FAILED, "subscription refused")

    async def _answered(self, deadline: "Ticks") -> bool:
        """Serve until the awaited answer has come: False if it has not by the deadline."""
        while self._awaited > 0 and ticks_diff(deadline, ticks_ms()) > 0:
            if self.due():
                await self.serve()
            else:
                await asyncio.sleep_ms(_STEP_MS)
        return self._awaited <= 0

    def due(self) -> bool:
        """Whether to call serve(): a packet has arrived or a ping is due. Call it often."""
        if self._kind is None:
            self._kind = self.sock.first()
        if self._kind is not None:
            return True
        return self.keepalive > 0 and ticks_diff(ticks_ms(), self._ping_at) >= 0

    async def serve(self) -> None:
        """Read the packet that has arrived, or send a ping."""
        link = self.sock
        link.start()
        kind, self._kind = self._kind, None
        if kind is None:
            if self._pinged:
                raise link.fail(PING_LOST, "no PINGRESP")
            self.ping()
            await link.send()
            self._expect_ping(True, link.timeout_ms)
            return
        known = kind in (PINGRESP, PUBACK, SUBACK)
        if not known and (kind & _KIND != PUBLISH or kind & _QOS_2):
            raise link.fail(WRONG_PACKET, "unexpected 0x%02x" % kind)
        start = await link.receive(kind)
        packet = link.received
        if kind == PINGRESP:
            self._expect_ping(False, self.keepalive * 750)
        elif known:
            if kind == self._awaited and packet[2] << 8 | packet[3] == self.pid:
                self._awaited = -packet[-1]
        elif start:  # a PUBLISH that was not dropped
            least = 4 if kind & _QOS_1 else 2
            body = len(packet) - start
            if body < least or least + (packet[start] << 8 | packet[start + 1]) > body:
                raise link.fail(BAD_LENGTH, "topic longer than its packet")
            if self.cb:
                self.wait_msg()  # type: ignore[no-untyped-call]  # calls the callback
                await link.send()  # umqtt has written the PUBACK, if the message wants one
        await asyncio.sleep_ms(0)

    async def leave(self) -> None:
        """Publish `offline` and disconnect, as a broker expects of a client that ends."""
        if self.lw_topic:
            await self.publish(self.lw_topic.decode(), self.lw_msg, 1)
        link = self.sock
        link.start()
        link.write(b"\xe0\0")
        await link.send()
        link.close()

    def close(self) -> None:
        """Release the socket, if any. The broker then publishes the will."""
        self.sock.close()

    async def _look_up(self, board: "Board | None") -> "Address":
        """The broker's address."""
        limit = (_AGAIN_MS,) if self._reached else ()
        with visit("lookup") as lookup:
            try:
                found: "Address" = await lookup.find(board, self.server, self.port, *limit)
            except (OSError, ValueError) as e:
                if self._reached is None:
                    raise self.sock.fail(CONNECT_FAILED, str(e))
                found = self._reached
        return found

    def _write_connect(self) -> None:
        """CONNECT with a clean session (MQTT 3.1.1, 3.1)."""
        fields = [self.client_id]
        flags = 0x02
        if self.lw_topic:
            flags |= 0x24  # will, retained
            fields += [self.lw_topic, self.lw_msg]
        if self.user:
            flags |= 0xC0
            fields += [self.user, self.pswd]
        size = 10 + sum([2 + len(field) for field in fields])
        length = (size,) if size < 0x80 else (size & 0x7F | 0x80, size >> 7)
        self.sock.write(bytes((0x10,) + length))
        self.sock.write(b"\0\x04MQTT\x04")
        self.sock.write(bytes((flags, self.keepalive >> 8, self.keepalive & 0xFF)))
        for field in fields:
            self._send_str(field)

    def _expect_ping(self, pinged: bool, after_ms: int) -> None:
        self._pinged = pinged
        self._ping_at = ticks_add(ticks_ms(), after_ms)
