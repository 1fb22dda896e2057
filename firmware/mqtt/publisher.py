"""Publisher of the chosen payload. Loaded while there is a broker and nothing pauses MQTT.

In       the state, by its number of telegrams; settings; bits of system.mqtt_due; commands
Out      messages of the payload's module, one kind after the other
Kinds    ANNOUNCE    on connect, and when Home Assistant has started
         SYSTEM      on connect, then every 60 s
         PRICES      on connect, at each change of the price and of prices.revision
         FIRMWARE    on connect
         TEMPERATURES  every 15 s
         EVENTS      when a condition of mqtt.events begins or ends: within 10 s
         TELEGRAM    with each telegram, or every mqtt_interval_s seconds if one has come
         A bit 1 << kind in system.mqtt_due asks for a kind, whoever sets it
Rules    Telegrams are not queued: after a slow publish or a lost connection only the newest
         telegram is published, once, and none that is old. Between two messages of another kind
         there is a pause in which telegrams are published.
         Pauses between connections are 1, 2, 4 .. 30 s with jitter, and start at 1 s again after a
         broker has accepted a connection
"""

import asyncio
import random

from micropython import const
from ondemand import visit
from state import GREEN, GREY, RED, YELLOW

from mqtt.client import Client
from mqtt.link import ONLINE, MqttError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterator
    from typing import Any

    from composition import App

# The number in the setting mqtt_payload, which is the AMS reader's, and the module.
_PAYLOADS = (
    (0, "mqtt.payloads.json"),
    (1, "mqtt.payloads.raw"),
    (2, "mqtt.payloads.raw"),
    (3, "mqtt.payloads.domoticz"),
    (4, "mqtt.payloads.homeassistant"),
    (5, "mqtt.payloads.json_topics"),
    (6, "mqtt.payloads.json_flat"),
    (104, "mqtt.payloads.homeassistant"),
    (255, "mqtt.payloads.hexdump"),
)

_HOME_ASSISTANT = const(104)

_TELEGRAM = const(0)  # the kinds; mqtt/payloads/__init__.py
_SYSTEM = const(1)
_PRICES = const(2)
_TEMPERATURES = const(3)
_EVENTS = const(5)
_ANNOUNCE = const(6)
_ORDER = (6, 1, 2, 3, 4, 5, 0)  # in which kinds that are due are published
_ON_CONNECT = const(0b1011110)  # bits of kinds: all but telegrams and events
_KINDS = const(0b1111111)  # bits of all kinds
_RECONNECT = const(128)  # a bit of system.mqtt_due: the certificates have changed
_NOT_SUBSCRIBED = (-7, -11, -12)  # errors that leave the connection open

_LONGEST_PAUSE_S = const(30)
_SYSTEM_MS = const(60000)
_TEMPERATURES_MS = const(15000)
_STALE_MS = const(30000)  # an older telegram is not published on connect
_LOOK_MS = const(1000)  # between two checks of settings and price
_EVENTS_MS = const(10000)  # between two checks of conditions
_IDLE_MS = const(20)  # between two checks for a telegram and a packet
_BETWEEN_MS = const(50)  # between two messages that are not a telegram's; more in each tier
_KEEPALIVE_S = const(60)  # as the default in schema.py
_UNEXPECTED = const(-3)


def run(app: "App") -> "Coroutine[Any, Any, None]":
    """Publish until there is no broker or no network, or MQTT pauses. To be awaited."""
    return Publisher(app).run()


class Publisher:
    """Keeps a connection to the broker: a new one after a failure or a change of settings."""

    def __init__(self, app: "App") -> None:
        self._app = app
        self._sent = 0  # state.telegrams of the last published telegram
        self._settings: "tuple[Any, ...] | None" = None
        # Kept between connections for its buffer and the broker's address.
        self._client: "Client | None" = None
        self._pending: "Any" = None  # the messages of a kind that are not published yet
        self._command: "tuple[bytes, bytes, int] | None" = None  # see mqtt.commands.take()
        self._priced: "tuple[int, int] | None" = None  # the slot and prices.revision

    async def run(self) -> None:
        pause_s = 1
        while self._wanted():
            try:
                await self._session()
                continue  # the settings have changed, or MQTT pauses
            except MqttError as e:
                code, text = e.args
            except OSError as e:
                code, text = _UNEXPECTED, repr(e)
            self._show(RED, code)
            self._app.log.warn("mqtt: %s" % text)
            if self._client and self._client.sock.stage == ONLINE:  # there was a CONNACK
                pause_s = 1
            await asyncio.sleep_ms(pause_s * (1000 - random.getrandbits(8)))
            pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)
        self._show(GREY, 0)

    def _wanted(self) -> bool:
        """Whether there is a broker and a network, and nothing pauses MQTT."""
        app = self._app
        off = app.system.mqtt_off or not app.network.connected
        return bool(app.config.mqtt_host) and not off

    def _show(self, light: int, error: int) -> None:
        self._app.system.mqtt_light = light
        self._app.system.mqtt_error = error

    def _settings_now(self) -> "tuple[Any, ...]":
        config = self._app.config
        return (
            config.mqtt_host,
            config.mqtt_port,
            config.mqtt_client_id,
            config.mqtt_user,
            config.mqtt_password,
            config.mqtt_topic,
            config.mqtt_payload,
            config.mqtt_tls,
            config.stored.get("mqtt_keepalive_s", _KEEPALIVE_S),
            config.mqtt_generation,
            config.mqtt_subscribe,
        )

    async def _session(self) -> None:
        """Connect and publish; returns when the settings change or MQTT pauses. OSError if it
        fails."""
        settings = self._settings_now()
        host, port, client_id, user, password, topic, number, secure, keepalive_s = settings[:9]
        if self._client is None or settings != self._settings:
            will = topic + "/status" if topic else ""
            self._client = Client(host, port, client_id, user, password, keepalive_s, will=will)
            self._client.set_callback(self._receive)
            self._settings = settings
        if self._app.system.mqtt_light != RED:
            self._show(YELLOW, 0)
        payload_visit = visit(self._module(number))
        payload = payload_visit.open()
        try:
            if hasattr(payload, "begin"):
                payload.begin(self._app)
            context = _context(self._app, secure) if secure else None
            await self._client.connect(context, self._app.system.board)
            self._show(GREEN, 0)
            self._app.log.add("mqtt: connected to %s:%d" % (host, port))
            await self._subscribe(self._client)
            await self._publish(self._client, payload)
            await self._client.leave()
        finally:
            self._client.close()
            self._drop_pending()
            if hasattr(payload, "end"):
                payload.end(self._app)
            payload_visit.close()

    def _module(self, number: int) -> str:
        for known, module in _PAYLOADS:
            if known == number:
                return module
        self._app.log.warn("mqtt: no payload has the number %d; 0 is used" % number)
        return _PAYLOADS[0][1]

    async def _publish(self, client: Client, payload: "Any") -> None:
        """Publish what is due until the settings change or MQTT pauses."""
        app = self._app
        state, system = app.state, app.system
        look_at = next_at = telegram_at = events_at = system.uptime_ms()
        system_at = look_at + _SYSTEM_MS
        temperatures_at = look_at + _TEMPERATURES_MS
        age_ms = state.age_ms(look_at)
        if age_ms is None or age_ms > _STALE_MS:
            self._sent = state.telegrams
        system.mqtt_due |= _ON_CONNECT
        while self._wanted():
            now = system.uptime_ms()
            came = client.due()
            if came:
                await client.serve()
            if self._command:
                await self._obey(client)
            if state.telegrams != self._sent and now >= telegram_at:
                telegram_at = now + app.config.mqtt_interval_s * 1000
                newest = state.telegrams
                await _send(client, payload.messages(app, _TELEGRAM))
                self._sent = newest
            elif now >= next_at and (self._pending or system.mqtt_due & _KINDS):
                next_at = now + (_BETWEEN_MS << system.tier)
                try:
                    await self._publish_next(client, payload)
                except MemoryError:  # the kind comes again
                    system.memory_errors += 1
                    self._drop_pending()
            elif now >= look_at:
                look_at = now + _LOOK_MS
                if self._settings_now() != self._settings or system.mqtt_due & _RECONNECT:
                    system.mqtt_due &= ~_RECONNECT
                    return
                if now >= system_at:
                    system_at = now + _SYSTEM_MS
                    system.mqtt_due |= 1 << _SYSTEM
                if now >= temperatures_at and system.temperatures:
                    temperatures_at = now + _TEMPERATURES_MS
                    system.mqtt_due |= 1 << _TEMPERATURES
                if now >= events_at:
                    events_at = now + _EVENTS_MS
                    self._look_at_conditions()
                self._look_at_prices()
            elif not came:
                await asyncio.sleep_ms(_IDLE_MS)

    def _look_at_conditions(self) -> None:
        """Ask for the events if there are some."""
        try:
            with visit("mqtt.events") as events:
                if events.look(self._app):
                    self._app.system.mqtt_due |= 1 << _EVENTS
        except MemoryError:  # a later look sees the same
            self._app.system.memory_errors += 1

    def _look_at_prices(self) -> None:
        """Ask for the prices if there are other ones, or if the price of another time applies."""
        app = self._app
        config = app.config
        hours = config.mqtt_generation == "2.2" and config.mqtt_payload != _HOME_ASSISTANT
        slot_s = 3600 if hours else 900
        priced = (app.system.unix_time() // slot_s, app.prices.revision)
        if priced != self._priced:
            if self._priced:
                app.system.mqtt_due |= 1 << _PRICES
            self._priced = priced

    async def _publish_next(self, client: Client, payload: "Any") -> None:
        """Publish the next message of a kind that is due."""
        if not self._pending:
            for kind in _ORDER:
                if self._app.system.mqtt_due >> kind & 1:
                    break
            self._app.system.mqtt_due &= ~(1 << kind)
            self._pending = _of_kind(self._app, payload, kind)
        for topic, parts, flags in self._pending:
            await client.publish(topic, parts, flags)
            return
        self._pending = None

    def _drop_pending(self) -> None:
        """Unload what the messages that were not published hold."""
        if self._pending:
            self._pending.close()
            self._pending = None

    async def _subscribe(self, client: Client) -> None:
        """Subscribe to the topics of commands."""
        with visit("mqtt.commands") as commands:
            filters = commands.filters(self._app)
        for topic in filters:
            try:
                await client.subscribe(topic)
            except MqttError as e:
                if e.args[0] not in _NOT_SUBSCRIBED:
                    raise
                self._app.log.warn("mqtt: %s: %s" % (topic, e.args[1]))

    def _receive(self, topic: bytes, payload: bytes) -> None:
        """Called by the client: a message to a topic of _subscribe()."""
        first = self._client.sock.received[0] if self._client else 0
        self._command = topic, payload, first & 1

    async def _obey(self, client: Client) -> None:
        """Carry out the command and publish its answers."""
        command, self._command = self._command, None
        if command:
            with visit("mqtt.commands") as commands:
                await _send(client, commands.take(self._app, *command))


def _context(app: "App", mode: int) -> "Any":
    """The SSLContext for a value of mqtt_tls. MqttError if there can be none."""
    with visit("mqtt.tls") as tls:
        return tls.context(app, mode)


def _of_kind(app: "App", payload: "Any", kind: int) -> "Iterator[Any]":
    """The messages of a kind; before an announcement those that take back earlier ones."""
    if kind == _ANNOUNCE:
        with visit("mqtt.payloads.ha_stale") as stale:
            yield from stale.messages(app)
    yield from payload.messages(app, kind)


async def _send(client: Client, messages: "Any") -> None:
    """Publish all messages of a generator, and close it in any case: it may hold a visit."""
    try:
        for topic, parts, flags in messages:
            await client.publish(topic, parts, flags)
    finally:
        messages.close()
