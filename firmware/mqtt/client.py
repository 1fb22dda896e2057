"""MQTT 3.1.1 client for asyncio: umqtt.simple's packets over a Link, which does not block.

In       topics as str; payloads as str, bytes or an iterable of both; packets of
         the broker
Out      packets to the broker; callback(topic, payload), both bytes; MqttError(code, text)
How      umqtt.simple builds and parses the packets; its socket is a Link. umqtt's connect()
         opens its own socket, so CONNECT is written here. umqtt's subscribe() reads the SUBACK
         at once; the Link answers EAGAIN, and serve() reads the SUBACK
Limits   QoS 0; one task for a client. connect(), publish(), subscribe() and serve() end within
         timeout_ms; received messages of over link.MAX_PACKET octets are dropped
Blocks   in the name look-up only: at the first connect(), and again after three failures
Source   MQTT 3.1.1 (OASIS); error codes and the status topic: spec/formats.md 0.1 and 2.1
"""

import asyncio
import socket
from time import ticks_add, ticks_diff, ticks_ms

import umqtt.simple as umqtt
from micropython import const

from mqtt.link import (
    BAD_LENGTH,
    CONNACK,
    CONNECT_FAILED,
    PINGRESP,
    PUBLISH,
    SUBACK,
    Link,
    MqttError,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from contracts import Address, Tls

TOO_LONG = const(-7)
WRONG_PACKET = const(-9)
DENIED = const(-10)
SUBSCRIBE_FAILED = const(-11)
NO_SUBACK = const(-12)
PING_LOST = const(-13)

_BEFORE_TOPIC = const(6)  # octets of a PUBLISH: kind 1, length up to 3, length of the topic 2
_STEP_MS = const(10)  # between two checks for a SUBACK
_MAX_FILTER = const(122)  # umqtt.simple 1.3.4 has one octet for the length of a SUBSCRIBE
_LOOK_UP_AFTER = const(3)  # failed connects in a row

_DENIALS = (
    "unacceptable protocol version",
    "client id rejected",
    "broker unavailable",
    "bad user name or password",
    "not authorised",
)


class Client(umqtt.MQTTClient):
    """One connection to one broker; each connect() opens it again.

    keepalive is in seconds. `will` is the status topic: `online` is published there, retained,
    on connect, and `offline` is the last will. `ssl` is an SSLContext, or None.
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
        ssl: "Tls | None" = None,
    ) -> None:
        super().__init__(
            client_id.encode(), host, port, user.encode() or None, password.encode(), keepalive
        )
        if will:
            self.set_last_will(will.encode(), b"offline", True)
        self.sock = Link(timeout_ms)
        self._timeout_ms = timeout_ms
        self._tls = ssl
        self._address: "Address | None" = None
        self._failures = 0
        self._pinged = False
        self._ping_at = ticks_ms()
        self._kind: "int | None" = None  # first octet of the packet that serve() reads next
        self._suback: "int | None" = None  # return code

    async def connect(self) -> None:  # type: ignore[override]
        """Connect, log in and publish `online`. A failure closes the socket: MqttError."""
        link = self.sock
        link.close()
        link.start()
        self._kind = None
        try:
            await link.open(self._look_up(), self._tls, self.server)
            self._write_connect()
            await link.send()
            while (kind := link.first()) is None:
                await link.pause()
            if kind != CONNACK:
                raise link.fail(WRONG_PACKET, "0x%02x for a CONNACK" % kind)
            start = await link.receive(kind)
            self._failures = 0  # a broker answered: keep the address
            code = link.received[start + 1]
            if code:
                text = _DENIALS[code - 1] if code <= len(_DENIALS) else "return code %d" % code
                raise link.fail(DENIED, text)
            self._expect_ping(False, self.keepalive * 750)
            if self.lw_topic:
                await self.publish(self.lw_topic.decode(), b"online", True)
        except BaseException:  # a cancelled connect() must not leak the socket either
            link.close()
            raise

    async def publish(  # type: ignore[override]
        self, topic: str, payload: "bytes | Iterable[str | bytes]", retain: bool = False
    ) -> None:
        """Send one QoS 0 message. The payload is str, bytes or an iterable of both."""
        link = self.sock
        link.start()
        octets = topic.encode()
        parts = (payload,) if isinstance(payload, (str, bytes)) else payload
        body = link.place(_BEFORE_TOPIC + len(octets), parts)
        umqtt.MQTTClient.publish(self, octets, body, retain)
        await link.send()

    async def subscribe(self, topic: str) -> None:  # type: ignore[override]
        """Subscribe with QoS 0. Errors -7, -11 and -12 leave the link open. Needs a callback."""
        octets = topic.encode()
        if len(octets) > _MAX_FILTER:
            raise MqttError(TOO_LONG, "topic filter over %d octets" % _MAX_FILTER)
        deadline = self.sock.start()
        self._suback = None
        try:
            umqtt.MQTTClient.subscribe(self, octets)
        except OSError:  # EAGAIN: the packet is built, and umqtt tried to read the SUBACK
            pass
        await self.sock.send()
        while self._suback is None and ticks_diff(deadline, ticks_ms()) > 0:
            if self.due():
                await self.serve()
            else:
                await asyncio.sleep_ms(_STEP_MS)
        if self._suback is None:
            raise MqttError(NO_SUBACK, "no SUBACK")
        if self._suback & 0x80:
            raise MqttError(SUBSCRIBE_FAILED, "subscription refused")

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
            self._expect_ping(True, self._timeout_ms)
            return
        if kind not in (PUBLISH, PUBLISH | 1, SUBACK, PINGRESP):
            raise link.fail(WRONG_PACKET, "unexpected 0x%02x" % kind)
        start = await link.receive(kind)
        packet = link.received
        if kind == SUBACK and packet[2] << 8 | packet[3] == self.pid:
            self._suback = packet[4]
        elif kind == PINGRESP:
            self._expect_ping(False, self.keepalive * 750)
        elif kind != SUBACK and start:  # a PUBLISH that was not dropped
            body = len(packet) - start
            if body < 2 or 2 + (packet[start] << 8 | packet[start + 1]) > body:
                raise link.fail(BAD_LENGTH, "topic longer than its packet")
            if self.cb:
                self.wait_msg()  # type: ignore[no-untyped-call]  # calls the callback
        await asyncio.sleep_ms(0)

    def close(self) -> None:
        """Release the socket, if any. The broker then publishes the will."""
        self.sock.close()

    def _look_up(self) -> "Address":
        self._failures += 1
        if self._address is None or self._failures > _LOOK_UP_AFTER:
            self._failures = 1
            try:
                found = socket.getaddrinfo(self.server, self.port, 0, socket.SOCK_STREAM)
            except OSError as error:
                raise self.sock.fail(CONNECT_FAILED, "%s: %s" % (self.server, error))
            self._address = found[0]
        return self._address

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
