"""Payload 6: as payload 0, without objects inside the object.

The members of "data" are on the top level; those of "realtime" have the prefix rt_, but for
"peaks"; prices have pr_; temperatures are a map of addresses alone. Names and powers are those of
AMS readers from 2.3 on, which have this payload; the rest is as mqtt_generation says.
"""

from ondemand import visit

from mqtt.payloads.json import data, head, realtime

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from composition import App


def messages(app: "App", kind: int) -> "Iterator[tuple[str, Iterable[str], int]]":
    """The messages of a kind: (topic, parts of the JSON, flags); none without a topic."""
    topic = app.config.mqtt_topic
    if topic and kind:
        with visit("mqtt.payloads.json_more") as more:
            yield from more.messages(app, kind, True)
    elif topic and app.state.reading:
        yield topic, _telegram(app), 0


def _telegram(app: "App") -> "Iterator[str]":
    """The object of the newest telegram."""
    yield head(app, app.state.reading_unix)
    yield ","
    yield from data(app)
    now = app.system.unix_time()
    if app.energy.certain(now):
        yield ","
        yield from realtime(app, now, "rt_")
    yield "}"
