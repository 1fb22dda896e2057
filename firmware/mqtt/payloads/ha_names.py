"""Names that Home Assistant's discovery has in common, and the record of what is announced.

Record   of one place: {"form": mqtt_payload, "prefix", "host", "meter": its id, "ids": unique
         parts of the entities' ids, separated by spaces}. Later, what is stale goes by it
"""

import binascii

from fmt import quote
from han import fields
from micropython import const
from system import PRODUCT, VERSION

from mqtt.payloads.homeassistant import DEVICE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from composition import App

COLD_CDEG = -5000  # hundredths of 1 degree Celsius: a lower value is not a measurement

FILE = "ha.json"
FIRMWARE = "fwupgrade"  # the id of the firmware's entity

_METER_SURE_S = const(4000)  # the hourly list has come


def setting(app: "App", name: str) -> str:
    """A stored text of the settings; "" without one."""
    value: str = app.config.stored.get(name, "")
    return value


def place(app: "App") -> "tuple[str, str]":
    """The prefix of discovery's topics, and the device's name in them.

    The name is the host name. Without one in the settings that has two octets of the MAC, and of
    200 readers two may have the same: payload 104 then has the whole MAC, unless Home Assistant
    knows the entities of payload 4 by the host name.
    """
    prefix = setting(app, "ha_prefix").strip("/") or "homeassistant"
    host = app.system.hostname(app.config.hostname)
    if app.config.mqtt_payload == DEVICE and not app.config.hostname:
        if record(app).get("host") != host:
            host = "ams-" + binascii.hexlify(app.system.board.mac()).decode()
    return prefix, host


def uid(path: str) -> str:
    """The part of an entity's unique id that its path in the JSON gives."""
    path = path.replace("prices.import[", "prices[").replace("prices.export[", "exportprices[")
    for sign in ".[]'":
        path = path.replace(sign, "")
    return path


def topic(prefix: str, host: str, of: str) -> str:
    """The topic of an entity's own message; `of` is the part of its id."""
    if of == FIRMWARE:
        return "%s/update/%s/config" % (prefix, host)
    return "%s/sensor/%s_%s/config" % (prefix, host, of)


def device_topic(prefix: str, host: str) -> str:
    """The topic of the message for the whole device."""
    return "%s/device/%s/config" % (prefix, host)


def device(app: "App") -> str:
    """The members of the device's description, the braces not included."""
    board = app.system.board
    _, host = place(app)
    page = setting(app, "ha_host") or app.system.hostname(app.config.hostname) + ".local"
    if not page.startswith("http"):
        page = "http://%s/" % page
    name = PRODUCT if app.config.mqtt_payload == DEVICE else "AMS reader"
    tag = setting(app, "ha_tag")
    if tag:
        name += " (%s)" % tag
    return '"ids":["%s"],"name":%s,"mdl":%s,"sw":%s,"mf":"%s","cu":%s' % (
        host, quote(name), quote(board.name), quote(VERSION), board.maker, quote(page),
    )  # fmt: skip


def commands(app: "App") -> str:
    """The topic of commands; "" if none are taken."""
    topic = app.config.mqtt_subscribe
    return "" if topic == "off" else topic or app.config.mqtt_topic + "/command"


def install(app: "App") -> str:
    """The members of the firmware's entity by which it can be installed; "" if it cannot."""
    topic = commands(app)
    if not topic or not app.config.stored.get("upgrade_url"):
        return ""
    return ',"cmd_t":%s,"pl_inst":"fwupgrade"' % quote(topic)


def meter(app: "App") -> str:
    """The meter's id; "" while it is not known."""
    return app.state.text(fields.METER_ID) or ""


def produces(app: "App") -> bool:
    """Whether the house exports or could."""
    state = app.state
    exported = state.number(fields.ENERGY_EXPORT_WH) or state.number(fields.POWER_EXPORT_W)
    return bool(exported or app.config.production_kwp)


def has_sent_all(app: "App") -> bool:
    """Whether a meter has had the time to send everything since the start."""
    return app.system.uptime_s() > _METER_SURE_S


def signs(app: "App") -> "tuple[Any, ...]":
    """What the entities of payload 104 depend on, besides the meter's fields and the settings."""
    system = app.system
    return (
        app.energy.currency,
        len(system.temperatures),
        system.temperature_cdeg > COLD_CDEG,
        system.supply_mv() > 0,
        produces(app),
        meter(app),
        has_sent_all(app),
    )


def record(app: "App") -> "dict[str, Any]":
    """The record of what is announced; {} without one."""
    found: "dict[str, Any]" = app.storage.read_json(FILE)
    for name in ("prefix", "host", "meter", "ids"):
        if not isinstance(found.get(name), str):
            return {}
    return found if found.get("form") else {}


def note(app: "App", ids: "list[str]", whole: bool = False) -> None:
    """Add ids to the record, which is replaced if it is of another place or form.

    whole  the ids are all that are announced
    """
    found = record(app)
    prefix, host = place(app)
    now = {"form": app.config.mqtt_payload, "prefix": prefix, "host": host}
    same = not [1 for name in now if found.get(name) != now[name]]
    known = found["ids"].split() if same else []
    if whole:
        known = list(ids)
    else:
        known += [new for new in ids if new not in known]
    now["meter"] = meter(app) or (found["meter"] if same else "")
    now["ids"] = " ".join(known)
    if now != found:
        app.storage.write_json(FILE, now)
