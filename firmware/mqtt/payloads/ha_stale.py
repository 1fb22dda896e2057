"""Removes what Home Assistant was told before and should forget. Loaded on connect.

In       the record of what is announced; the settings
Out      messages (topic, parts, flags): empty retained ones
Rules    Everything of the record goes if the form, the prefix or the host have changed, or another
         payload is in use. If only the form has changed, Home Assistant keeps the entities with
         their ids and history: it is asked to wait for the other form first. Without a currency
         money and prices go
Source   Home Assistant's documentation of MQTT discovery: migration from single components
"""

from micropython import const

from mqtt.payloads import ha_names as names
from mqtt.payloads.homeassistant import DEVICE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from composition import App

    from mqtt.payloads.homeassistant import Message

_CLASSIC = const(4)
_RETAINED = const(1)
_MIGRATE = ('{"migrate_discovery":true}',)


def messages(app: "App") -> "Iterator[Message]":
    """What is to be removed; the record then has the rest."""
    record = names.record(app)
    if not record:
        return
    prefix, host = names.place(app)
    form = app.config.mqtt_payload
    here = record["prefix"] == prefix and record["host"] == host
    if not here or form != record["form"]:
        topics = _topics(record["prefix"], record["host"], record["form"], record["ids"].split())
        stays = here and form in (_CLASSIC, DEVICE)
        if stays:
            for topic in topics:
                yield topic, _MIGRATE, 0
        for topic in topics:
            yield topic, (), _RETAINED
        if stays:  # the entities keep their ids, and the host name in them
            record["form"] = form
            record["ids"] = ""
            app.storage.write_json(names.FILE, record)
        else:
            app.storage.remove(names.FILE)
    elif form == _CLASSIC and not app.energy.currency:
        ids = record["ids"].split()
        kept = [of for of in ids if not _is_money(of)]
        if kept != ids:
            for topic in _topics(prefix, host, form, [of for of in ids if _is_money(of)]):
                yield topic, (), _RETAINED
            names.note(app, kept, True)


def _topics(prefix: str, host: str, form: int, ids: "list[str]") -> "list[str]":
    """The topics of messages that announced these entities."""
    if form == DEVICE:
        return [names.device_topic(prefix, host)]
    return [names.topic(prefix, host, of) for of in ids]


def _is_money(of: str) -> bool:
    """Whether an entity has a sum of money or a price."""
    return "price" in of or of.endswith(("cost", "income"))
