"""A try of a broker by stages. Loaded for that.

In       settings of MQTT by name, in place of those in force
Out      (stage, words for the owner): the stage that failed, or "done"
         "name"     the name look-up
         "connect"  TCP
         "tls"      the certificates, and the time by which they are checked
         "login"    the broker's answer to user and password
         "publish"  a message to the topic mqtt_topic/test, which comes back by a subscription: a
                    broker does not tell when a user may not publish
Rules    The client id is another one than the publisher's, which stays connected; with TLS it
         disconnects for the test, as a chip has memory for one connection with TLS.
Blocks   in the port's own name look-up only, see lookup
Limits   5 s a stage. Without the right to subscribe, publishing is not seen: that is "done", with
         words that say so
"""

import asyncio

from micropython import const
from mqtt.client import Client
from mqtt.link import CONNECT_FAILED, TLS, MqttError
from ondemand import visit
from state import GREY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from app import App

_TIMEOUT_MS = const(5000)
_LOOK_MS = const(20)
_TRIED = const(8)  # of system.mqtt_off
_TEXT = b"test"
_MOST_ID = const(23)  # characters that every broker takes
_STAGES = ("name", "connect", "tls", "login", "publish")  # by the numbers of mqtt.link


async def run(app: "App", settings: "dict[str, Any]") -> "tuple[str, str]":
    """Try them. ValueError without a broker."""

    def setting(name: str) -> "Any":
        return settings.get(name, getattr(app.config, name))

    host, port, topic = setting("mqtt_host"), setting("mqtt_port"), setting("mqtt_topic")
    if not host:
        raise ValueError("mqtt_host: a broker is needed for the test")
    name = setting("mqtt_client_id")[: _MOST_ID - 5] + "-test"
    user, password = setting("mqtt_user"), setting("mqtt_password")
    client = Client(host, port, name, user, password, timeout_ms=_TIMEOUT_MS)
    try:
        secure = setting("mqtt_tls")
        context = None
        if secure:
            client.sock.stage = TLS
            with visit("mqtt.tls") as tls:
                context = tls.context(app, secure)
            await _pause(app)
        await client.connect(context, app.system.board)
        if not topic:
            return "publish", "logged in, but mqtt_topic is empty: nothing is published"
        return await _publish(client, topic + "/test")
    except MqttError as e:
        stage = client.sock.stage
        return _STAGES[stage], "%s:%d: %s" % (host, port, e.args[1])
    finally:
        client.close()
        app.system.mqtt_off &= ~_TRIED


async def _pause(app: "App") -> None:
    """Let the publisher end its connection, if that has TLS: there is no memory for a second."""
    if app.config.mqtt_tls:
        app.system.mqtt_off |= _TRIED
        for _ in range(_TIMEOUT_MS // _LOOK_MS):
            if app.system.mqtt_light == GREY:
                break
            await asyncio.sleep_ms(_LOOK_MS)


async def _publish(client: "Client", topic: str) -> "tuple[str, str]":
    """Send a message and wait for it. MqttError if the connection breaks."""
    came: "list[bytes]" = []
    client.set_callback(lambda _, text: came.append(text))
    try:
        await client.subscribe(topic)
    except MqttError as e:
        if e.args[0] == CONNECT_FAILED:
            raise
        return "done", "logged in; %s: so publishing cannot be seen" % e.args[1]
    await client.publish(topic, _TEXT)
    waited_ms = 0
    while _TEXT not in came and waited_ms < _TIMEOUT_MS:
        if client.due():
            await client.serve()
        await asyncio.sleep_ms(_LOOK_MS)
        waited_ms += _LOOK_MS
    if _TEXT in came:
        return "done", "logged in; a message to %s came back" % topic
    return "publish", "logged in, but no message comes back: may this user publish to %s?" % topic
