"""MQTT 3.1.1 client for asyncio: umqtt.simple's packets on a link that never waits.

In       topics and payloads as str or bytes; what the broker sends
Out      packets to the broker; on_message(topic, payload), both bytes; MqttError with a code
How      umqtt.simple builds and takes apart the packets; the socket it sees is a buffer in
         memory, and mqtt.link carries the octets. umqtt waits for answers inside connect() and
         subscribe(): it gets a neutral one at once, and the broker's is checked here
Limits   QoS 0; one connect(), one publisher and one run() at a time. connect(), publish() and
         subscribe() end within timeout_ms; longer messages than MAX_PACKET octets are dropped
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
    WRONG_PACKET,
    Link,
    MqttError,
    Pipe,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts import Address, Ticks, Tls

TOO_LONG = const(-7)
DENIED = const(-10)
SUBSCRIBE_FAILED = const(-11)
NO_SUBACK = const(-12)
PING_LOST = const(-13)

_STEP_MS = const(10)  # between looks for a SUBACK
_IDLE_MS = const(50)  # between looks for an incoming packet
_MAX_FILTER = const(122)  # umqtt.simple 1.3.4 has one octet for the length of a SUBSCRIBE
_LOOK_UP_AFTER = const(3)  # connects in a row without an answer

_DENIALS = (
    "unacceptable protocol version",
    "client id rejected",
    "broker unavailable",
    "bad user name or password",
    "not authorised",
)


class Client(umqtt.MQTTClient):
    """One connection to one broker, made again by calling connect() again.

    keepalive is in seconds. `will` is the status topic: `online` is retained there on connect,
    and `offline` is left with the broker as the last will. `ssl` is an SSLContext, or None.
    Counters: published, dropped (messages too long to take), reconnects.
    """

    def __init__(
        self,
        host: str,
        port: int,
        client_id: str,
        user: str = "",
        password: str = "",
        keepalive: int = 60,
        timeout_ms: int = 5000,
        will: "str | None" = None,
        ssl: "Tls | None" = None,
    ) -> None:
        super().__init__(
            _octets(client_id), host, port, _octets(user) or None, _octets(password), keepalive
        )
        if will:
            self.set_last_will(_octets(will), b"offline", True)
        self.set_callback(self._deliver)
        self.on_message: "Callable[[bytes, bytes], object] | None" = None
        self.published = self.dropped = self.reconnects = 0
        self.sock = Pipe()
        self._timeout_ms = timeout_ms
        self._ssl = ssl
        self._link = Link()
        self._address: "Address | None" = None
        self._failures = 0
        self._greeted = self._accepted = self._pinged = False
        self._ping_at = ticks_ms()
        self._suback: "int | None" = None

    @property
    def last_error(self) -> int:
        """Code of the newest failure, a `me` number; 0 from connect() on while all is well."""
        return self._link.code

    @property
    def connected(self) -> bool:
        """True while the broker has accepted this client and the link has not failed."""
        return self._accepted and self._link.is_open()

    async def connect(self) -> None:  # type: ignore[override]
        """Connect, log in and publish `online`; MqttError, with the socket released, if not."""
        self.close()
        link = self._link = Link()
        self._accepted = False
        deadline = self._deadline()
        try:
            await link.open(self._look_up(link), deadline, self._ssl, self.server)
            await self._send(deadline, Client._build_connect)
            await self._greet(link, deadline)
            if self.lw_topic:
                build = umqtt.MQTTClient.publish
                await self._send(deadline, build, self.lw_topic, b"online", True)
        except BaseException:  # a cancelled connect() must not leak the socket either
            link.close()
            raise

    async def publish(  # type: ignore[override]
        self, topic: str, payload: "str | bytes", retain: bool = False
    ) -> None:
        """Hand one QoS 0 message to the TCP stack; MqttError, link closed, when it is too slow."""
        build = umqtt.MQTTClient.publish
        await self._send(self._deadline(), build, _octets(topic), _octets(payload), retain)
        self.published += 1

    async def subscribe(self, topic: str) -> None:  # type: ignore[override]
        """Subscribe with QoS 0 while run() is active; -7, -11 and -12 leave the link up."""
        octets = _octets(topic)
        if len(octets) > _MAX_FILTER:
            raise MqttError(TOO_LONG, "topic filter over %d octets" % _MAX_FILTER)
        link = self._link
        deadline = self._deadline()
        self._suback = None
        await self._send(deadline, Client._build_subscribe, octets)
        while self._suback is None and ticks_diff(deadline, ticks_ms()) > 0:
            await asyncio.sleep_ms(_STEP_MS)
            link.check()
        if self._suback is None:
            link.code = NO_SUBACK
            raise MqttError(NO_SUBACK, "no SUBACK")
        if self._suback & 0x80:
            link.code = SUBSCRIBE_FAILED
            raise MqttError(SUBSCRIBE_FAILED, "subscription refused")

    async def run(self) -> None:
        """Serve incoming packets and keep the link alive; raises MqttError when it has ended."""
        link = self._link
        first = bytearray(1)
        while True:
            pause = _IDLE_MS
            if link.read(first):
                await self._serve(link, first[0])
                pause = 0
            if self.keepalive and ticks_diff(ticks_ms(), self._ping_at) >= 0:
                await self._keep_alive(link)
            await asyncio.sleep_ms(pause)

    def close(self) -> None:
        """Release the socket, if any. The broker then publishes the will."""
        self._link.close()

    def _deadline(self) -> "Ticks":
        return ticks_add(ticks_ms(), self._timeout_ms)

    def _look_up(self, link: Link) -> "Address":
        self._failures += 1
        if self._address is None or self._failures > _LOOK_UP_AFTER:
            self._failures = 1
            try:
                found = socket.getaddrinfo(self.server, self.port, 0, socket.SOCK_STREAM)
            except OSError as error:
                raise link.fail(CONNECT_FAILED, "%s: %s" % (self.server, error))
            self._address = found[0]
        return self._address

    async def _greet(self, link: Link, deadline: "Ticks") -> None:
        kind = await link.first(deadline)
        if kind != CONNACK:
            raise link.fail(WRONG_PACKET, "0x%02x for a CONNACK" % kind)
        packet, start = await link.packet(kind, deadline)  # type: ignore[misc]  # never too long
        self._failures = 0  # a broker answered: the address is right
        code = packet[start + 1]
        if code:
            text = _DENIALS[code - 1] if code <= len(_DENIALS) else "return code %d" % code
            raise link.fail(DENIED, text)
        self.reconnects += self._greeted
        self._greeted = self._accepted = True
        self._expect_ping(False, self.keepalive * 750)

    async def _send(
        self, deadline: "Ticks", build: "Callable[..., object]", *args: "bytes | bool"
    ) -> None:
        """Let umqtt build a packet in the pipe, then write it out; packets never mix."""
        link = self._link
        link.check()
        while link.busy:
            await link.pause(deadline)
        out = self.sock.out = bytearray()
        build(self, *args)
        link.busy = True
        try:
            await link.write(out, deadline)
        finally:
            link.busy = False
            self.sock.out = None  # lets the packet go
        await asyncio.sleep_ms(0)  # a loop of publishes leaves the others their turn

    def _build_connect(self) -> None:
        self.pid = 0
        self.sock.feed(b"\x20\x02\0\0")
        module = umqtt.socket  # type: ignore[attr-defined]
        umqtt.socket = self.sock  # type: ignore[attr-defined]
        try:
            umqtt.MQTTClient.connect(self)
        finally:
            umqtt.socket = module  # type: ignore[attr-defined]

    def _build_subscribe(self, topic: bytes) -> None:
        pid = self.pid + 1
        self.sock.feed(bytes((SUBACK, 3, pid >> 8, pid & 0xFF, 0)))
        umqtt.MQTTClient.subscribe(self, topic)

    async def _keep_alive(self, link: Link) -> None:
        if self._pinged:
            raise link.fail(PING_LOST, "no PINGRESP")
        if not link.busy:  # else the deadline of that packet watches the link
            await self._send(self._deadline(), umqtt.MQTTClient.ping)
            self._expect_ping(True, self._timeout_ms)

    def _expect_ping(self, pinged: bool, after_ms: int) -> None:
        self._pinged = pinged
        self._ping_at = ticks_add(ticks_ms(), after_ms)

    async def _serve(self, link: Link, kind: int) -> None:
        if kind not in (PUBLISH, PUBLISH | 1, SUBACK, PINGRESP):
            raise link.fail(WRONG_PACKET, "unexpected 0x%02x" % kind)
        received = await link.packet(kind, self._deadline())
        if received is None:
            self.dropped += 1
            return
        packet, start = received
        if kind == SUBACK:
            if packet[2] << 8 | packet[3] == self.pid:
                self._suback = packet[4]
            return
        if kind == PINGRESP:
            self._expect_ping(False, self.keepalive * 750)
        elif not _topic_fits(packet, start):
            raise link.fail(BAD_LENGTH, "topic longer than its packet")
        self.sock.feed(packet)
        try:
            self.wait_msg()  # type: ignore[no-untyped-call]  # ends in _deliver() for a message
        finally:
            self.sock.feed(b"")  # lets the packet go

    def _deliver(self, topic: bytes, payload: bytes) -> None:
        if self.on_message:
            self.on_message(topic, payload)


def _octets(text: "str | bytes") -> bytes:
    return text.encode() if isinstance(text, str) else text


def _topic_fits(packet: bytearray, start: int) -> bool:
    body = len(packet) - start
    return body >= 2 and 2 + (packet[start] << 8 | packet[start + 1]) <= body
