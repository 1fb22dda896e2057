"""Publishes each telegram while there is a broker, and comes back by itself when there was none.

Newest wins: while a publish takes long, telegrams that come in are not queued; the newest goes
out next. Back-off 1, 2, 4 .. 60 s with jitter, from 1 again once a connection held a minute.
"""

import asyncio
import random

from micropython import const
from state import GREEN, GREY, RED, YELLOW

from mqtt.client import Client
from mqtt.link import MqttError
from mqtt.payloads import json as payload

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from contracts import App

_LONGEST_PAUSE_S = const(60)
_ABOUT_MS = const(60000)
_HELD_MS = const(60000)
_UNEXPECTED = const(-3)


class Publisher:
    """One connection to one broker."""

    def __init__(self, app: "App") -> None:
        self._energy = app.energy
        self._state = app.state
        self._config = app.config
        self._system = app.system
        self._pulse = app.pulse
        self._log = app.log
        self.published = 0
        self.skipped = 0
        self._client: "Client | None" = None  # kept: it remembers the broker's address
        self._settings: object = None

    async def run(self) -> None:
        """Publish as long as the settings name a host."""
        pause_s = 1
        while self._config.mqtt_host:
            began = self._system.uptime_ms()
            try:
                await self._session()
            except MqttError as e:
                self._failed(e.code, e.text)
            except OSError as e:
                self._failed(_UNEXPECTED, "%r" % e)
            if self._system.uptime_ms() - began > _HELD_MS:
                pause_s = 1
            await asyncio.sleep_ms(pause_s * 1000 + random.getrandbits(8))
            pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)
        self._light(GREY, 0)

    def _light(self, light: int, error: int) -> None:
        self._system.mqtt_light = light
        self._system.mqtt_error = error

    def _failed(self, code: int, text: str) -> None:
        self._light(RED, code)
        self._log.add("mqtt: %s" % text)

    async def _session(self) -> None:
        """From connect to the end of the connection, which is always an exception."""
        config = self._config
        if self._system.mqtt_light != RED:
            self._light(YELLOW, 0)
        host, port = config.mqtt_host, config.mqtt_port
        who = config.mqtt_client_id, config.mqtt_user, config.mqtt_password
        client = self._client_for((host, port) + who, config.mqtt_topic)
        try:
            await client.connect()
            self._light(GREEN, 0)
            self._log.add("mqtt: connected to %s:%d" % (host, port))
            serving = asyncio.create_task(client.run())
            try:
                await self._publish(client, serving)
            finally:
                await _end(serving)
        finally:
            client.close()

    def _client_for(self, settings: "tuple[str, int, str, str, str]", topic: str) -> Client:
        """The client for these settings, a new one when they changed."""
        if self._client is None or (settings, topic) != self._settings:
            self._client = Client(*settings, will=topic + "/status" if topic else None)
            self._settings = (settings, topic)
        return self._client

    async def _publish(self, client: Client, serving: "asyncio.Task[None]") -> None:
        state = self._state
        seen = state.telegrams
        about_at = -_ABOUT_MS
        while not serving.done():
            now = self._system.uptime_ms()
            if now - about_at >= _ABOUT_MS:
                about_at = now
                await self._send(client, payload.about)
            if state.telegrams == seen:
                await self._pulse.wait(1000)
                continue
            self.skipped += state.telegrams - seen - 1
            seen = state.telegrams
            await self._send(client, payload.telegram)
        await serving  # raises what ended it

    async def _send(
        self, client: Client, messages: "Callable[..., Iterable[tuple[str, str | bytes]]]"
    ) -> None:
        for topic, body in messages(self._state, self._config, self._system, self._energy):
            await client.publish(topic, body)
            self.published += 1


async def _end(serving: "asyncio.Task[None]") -> None:
    """Stop the task that serves the link; how it ended is known already, or does not matter."""
    serving.cancel()
    try:
        await serving
    except (MqttError, asyncio.CancelledError):
        pass
