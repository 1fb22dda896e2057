"""Publisher of telegrams. Loaded while the settings name a broker.

Telegrams are not queued: after a slow publish or a lost connection only the newest telegram is
published, once. Pauses between connections are 1, 2, 4 .. 60 s with jitter, and start at 1 s again
after a connection of over a minute.
"""

import asyncio
import random

from micropython import const
from ondemand import visit
from state import GREEN, GREY, RED, YELLOW

from mqtt.client import Client
from mqtt.link import MqttError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from composition import App

    Messages = Iterable[tuple[str, Iterable[str]]]

# The number in the setting mqtt_payload, which is the AMS reader's, and the module.
_PAYLOADS = ((0, "mqtt.payloads.json"),)

_LONGEST_PAUSE_S = const(60)
_ABOUT_MS = const(60000)
_HELD_MS = const(60000)
_STALE_MS = const(30000)  # an older telegram is not published on connect
_SETTINGS_MS = const(1000)  # between two checks of the settings
_IDLE_MS = const(50)  # between two checks for a telegram and a packet
_UNEXPECTED = const(-3)


async def run(app: "App") -> None:
    """Publish until the settings name no broker."""
    await Publisher(app).run()


class Publisher:
    """Keeps a connection to the broker: a new one after a failure or a change of settings."""

    def __init__(self, app: "App") -> None:
        self._energy = app.energy
        self._state = app.state
        self._config = app.config
        self._system = app.system
        self._log = app.log
        self._sent = 0  # state.telegrams of the last published telegram
        self._settings: "tuple[str, int, str, str, str, str, int] | None" = None
        # Kept between connections for its buffer and the broker's address.
        self._client: "Client | None" = None

    async def run(self) -> None:
        pause_s = 1
        while self._config.mqtt_host:
            began = self._system.uptime_ms()
            try:
                await self._session()
                continue  # the settings have changed
            except MqttError as e:
                code, text = e.args
            except OSError as e:
                code, text = _UNEXPECTED, repr(e)
            self._show(RED, code)
            self._log.add("mqtt: %s" % text)
            if self._system.uptime_ms() - began > _HELD_MS:
                pause_s = 1
            await asyncio.sleep_ms(pause_s * 1000 + random.getrandbits(8))
            pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)
        self._show(GREY, 0)

    def _show(self, light: int, error: int) -> None:
        self._system.mqtt_light = light
        self._system.mqtt_error = error

    def _settings_now(self) -> "tuple[str, int, str, str, str, str, int]":
        config = self._config
        return (
            config.mqtt_host,
            config.mqtt_port,
            config.mqtt_client_id,
            config.mqtt_user,
            config.mqtt_password,
            config.mqtt_topic,
            config.mqtt_payload,
        )

    async def _session(self) -> None:
        """Connect and publish; returns when the settings have changed. OSError if it fails."""
        settings = self._settings_now()
        host, port, client_id, user, password, topic, number = settings
        if self._client is None or settings != self._settings:
            will = topic + "/status" if topic else ""
            self._client = Client(host, port, client_id, user, password, will=will)
            self._settings = settings
        if self._system.mqtt_light != RED:
            self._show(YELLOW, 0)
        payload_visit = visit(self._module(number))
        try:
            payload = payload_visit.open()
            await self._client.connect()
            self._show(GREEN, 0)
            self._log.add("mqtt: connected to %s:%d" % (host, port))
            await self._publish(self._client, payload.about, payload.telegram)
        finally:
            self._client.close()
            payload_visit.close()

    def _module(self, number: int) -> str:
        for known, module in _PAYLOADS:
            if known == number:
                return module
        self._log.add("mqtt: no payload has the number %d; 0 is used" % number)
        return _PAYLOADS[0][1]

    async def _publish(
        self, client: Client, about: "Callable[..., Messages]", telegram: "Callable[..., Messages]"
    ) -> None:
        state = self._state
        about_at = look_at = now = self._system.uptime_ms()
        age_ms = state.age_ms(now)
        if age_ms is None or age_ms > _STALE_MS:
            self._sent = state.telegrams
        while True:
            now = self._system.uptime_ms()
            if client.due():
                await client.serve()
            elif now >= about_at:
                about_at = now + _ABOUT_MS
                await self._send(client, about)
            elif state.telegrams != self._sent:
                newest = state.telegrams
                await self._send(client, telegram)
                self._sent = newest
            elif now >= look_at:
                look_at = now + _SETTINGS_MS
                if self._settings_now() != self._settings:
                    return
            else:
                await asyncio.sleep_ms(_IDLE_MS)

    async def _send(self, client: Client, messages: "Callable[..., Messages]") -> None:
        for topic, body in messages(self._state, self._config, self._system, self._energy):
            await client.publish(topic, body)
