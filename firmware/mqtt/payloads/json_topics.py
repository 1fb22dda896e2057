"""Payload 5: the objects of payload 0, each kind of message on a topic of its own, not retained.

TOPIC/list1 to /list4 by the telegram's list; /system /prices /temperatures. Names and powers of
"data" are those of AMS readers from 2.3 on, which have this payload; the rest is as
mqtt_generation says.
"""

from mqtt.payloads import json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from composition import App

_TOPICS = ("", "/system", "/prices", "/temperatures")


def messages(app: "App", kind: int) -> "Iterator[tuple[str, Iterable[str], int]]":
    """The messages of a kind: (topic, parts of the JSON, flags); none without a topic."""
    state, reading = app.state, app.state.reading
    own = app.config.mqtt_topic
    if not own:
        return
    for topic, parts, flags in json.messages(app, kind):
        if topic == own:
            list_type = state.list_type
            if reading and not app.config.mqtt_interval_s:
                list_type = reading.list_type
            topic += _TOPICS[kind] or "/list%d" % max(1, list_type)
        yield topic, parts, flags
