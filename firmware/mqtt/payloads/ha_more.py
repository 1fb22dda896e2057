"""What payloads 4 and 104 publish beside telegrams. Loaded for that.

/state         about the device, every minute; payload 104 adds "error", a number of /data.json,
               and "problem", whether there is one
/prices        retained: payload 4 as payload 0 has them, payload 104 by ha_prices
/temperatures  of two or more sensors
/firmware      the installed version, with 2.5 and payload 104; with the setting upgrade_url also
               the newest one and the progress of an upgrade
/meter         payload 104, retained: online or offline, by the telegrams
/event         payload 104: {"event_type"}, see mqtt.events
"""

from fmt import boolean, fixed, mac, quote
from micropython import const
from ondemand import visit
from system import NOT_READ, VERSION

from mqtt.payloads.homeassistant import (
    BOARD_TEMPERATURE,
    DEVICE,
    PRICES,
    SYSTEM,
    TEMPERATURES,
    is_newer,
    stamp,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from composition import App

    from mqtt.payloads.homeassistant import Message

_RETAINED = const(1)
_COLD = const(-5000)  # hundredths of 1 degree Celsius: a lower value is not a measurement
_SYSTEM = const(1)  # kinds of messages
_PRICES = const(2)
_TEMPERATURES = const(3)
_FIRMWARE = const(4)
_EVENTS = const(5)
_ANNOUNCE = const(6)
_SENSORS = const(2)
_SILENT = const(1)  # of System.alarms
# Places in homeassistant's marks.
_ANNOUNCED = const(0)
_POINTS = const(5)
_SIGNS = const(5)
_ONLINE = const(6)


def messages(app: "App", kind: int, marks: "list[Any]") -> "Iterator[Message]":
    """The messages of a kind: (topic, parts of the JSON, flags)."""
    device = app.config.mqtt_payload == DEVICE
    if kind == _SYSTEM:
        yield from _about(app, device, marks)
    elif kind == _PRICES:
        yield from _price(app, device, marks)
    elif kind == _TEMPERATURES:
        yield from _sensors(app, device, marks)
    elif kind == _FIRMWARE:
        if is_newer(app):
            with visit("mqtt.payloads.json_more") as more:
                yield (
                    app.config.mqtt_topic + "/firmware",
                    (more.firmware(app),),
                    _RETAINED * device,
                )
    elif kind == _EVENTS:
        if device:
            yield from _events(app, marks)
    elif device:
        values = app.state.values
        marks[_ANNOUNCED] = len(values) - values.count(None)
        with visit("mqtt.payloads.ha_names") as names:
            marks[_SIGNS] = names.signs(app)
        with visit("mqtt.payloads.ha_device") as announcement:
            yield from announcement.messages(app)
    else:
        groups, marks[_ANNOUNCED] = marks[_ANNOUNCED], 0
        yield from _announce(app, groups, marks)


def _announce(app: "App", groups: int, marks: "list[Any]") -> "Iterator[Message]":
    """With payload 4, announce groups that are not announced."""
    groups &= ~marks[_ANNOUNCED]
    if groups and app.config.mqtt_payload != DEVICE:
        with visit("mqtt.payloads.ha_classic") as classic:
            yield from classic.announce(app, groups)
        marks[_ANNOUNCED] |= groups


def _about(app: "App", device: bool, marks: "list[Any]") -> "Iterator[Message]":
    """/state, and of payload 104 /meter."""
    config, system, topic = app.config, app.system, app.config.mqtt_topic
    groups = SYSTEM | BOARD_TEMPERATURE if system.temperature_cdeg > _COLD else SYSTEM
    yield from _announce(app, groups, marks)
    head = '{"id":"%s","name":%s,"up":%d,"vcc":%s,"rssi":%d,"temp":%s,"version":%s' % (
        mac(system.board.mac()),
        quote(config.mqtt_client_id),
        system.uptime_s(),
        fixed(system.supply_mv(), 3, 3),
        system.board.rssi_dbm(),
        fixed(system.temperature_cdeg, 2, 2),
        quote(VERSION),
    )
    if device:
        silent = system.alarms & _SILENT or not app.state.telegrams
        head += ',"error":%d,"problem":%s' % (
            app.state.error(), boolean(silent or app.state.error()),
        )  # fmt: skip
        yield _meter(app, marks)
        with visit("mqtt.payloads.ha_names") as names:
            if names.signs(app) != marks[_SIGNS]:
                system.mqtt_due |= 1 << _ANNOUNCE
    yield topic + "/state", (head, stamp(app, system.utc())), _RETAINED * device


def _meter(app: "App", marks: "list[Any]") -> "Message":
    """/meter: whether telegrams come. After offline the next telegram says online."""
    silent = app.system.alarms & _SILENT or not app.state.telegrams
    marks[_ONLINE] = 0 if silent else 1
    return app.config.mqtt_topic + "/meter", ("offline" if silent else "online",), _RETAINED


def _price(app: "App", device: bool, marks: "list[Any]") -> "Iterator[Message]":
    """/prices, if the price of this moment is known. Payload 104 also says that it is unknown: its
    entities do not expire."""
    topic, now = app.config.mqtt_topic + "/prices", app.system.utc()
    told = device and app.energy.currency
    if not now or (not told and app.prices.price(now) is None):
        return
    if device:
        with visit("mqtt.payloads.ha_prices") as body:
            yield topic, body.Body(app, now), _RETAINED
        return
    with visit("mqtt.payloads.ha_classic") as classic:
        points = classic.points(app)
        if points > marks[_POINTS]:
            marks[_ANNOUNCED] &= ~PRICES
        marks[_POINTS] = points
    yield from _announce(app, PRICES, marks)
    with visit("mqtt.payloads.json_more") as more:
        yield topic, _stamped(app, more.prices(app)), _RETAINED


def _sensors(app: "App", device: bool, marks: "list[Any]") -> "Iterator[Message]":
    """/temperatures, of two or more sensors."""
    read = [sensor for sensor in app.system.temperatures if sensor[1] != NOT_READ]
    if len(app.system.temperatures) < _SENSORS or not read:
        return
    yield from _announce(app, TEMPERATURES, marks)
    with visit("mqtt.payloads.json_more") as more:
        parts = _stamped(app, more.temperatures(read))
        yield app.config.mqtt_topic + "/temperatures", parts, 0


def _stamped(app: "App", parts: "Iterable[str]") -> "Iterator[str]":
    """The parts of a body, with the time before the last brace if the form is that of 2.5."""
    last = ""
    for part in parts:
        if last:
            yield last
        last = part
    yield last[:-1] + stamp(app, app.system.utc())


def _events(app: "App", marks: "list[Any]") -> "Iterator[Message]":
    """/event for each condition that has begun or ended, and /meter if the meter's has."""
    with visit("mqtt.events") as conditions:
        changes = conditions.take(app.system)
    for name, active in changes:
        kind = name if active else name + "_end"
        if name == "meter_silent":
            yield _meter(app, marks)
            app.system.mqtt_due |= 1 << _SYSTEM
        yield app.config.mqtt_topic + "/event", ('{"event_type":"%s"}' % kind,), 0
