"""What the raw payloads publish beside telegrams. Loaded for that.

system        TOPIC/id /uptime /mem /rssi /vcc /temperature
prices        2.2: TOPIC/price/0 to /33, the mean price of the running hour and the next ones,
              empty if unknown; 2.5: /price/import/N and /price/export/N from the running point on,
              /price/resolution in minutes. Both: /price/min and /max of the next 24 hours,
              /price/cheapest/1hr /3hr /6hr. 2.5: /realtime/import/thresholds/1 to /9
temperatures  TOPIC/temperature/ADDRESS of each sensor that was read
firmware      none
events        TOPIC/event/NAME: 1 has begun, 0 has ended
"""

from clock import iso
from fmt import fixed, mac
from han.fields import ENERGY_EXPORT_WH
from micropython import const
from ondemand import visit
from system import NOT_READ

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from composition import App

    Messages = Iterator[tuple[str, Iterable[str], int]]

_SYSTEM = const(1)
_PRICES = const(2)
_TEMPERATURES = const(3)
_EVENTS = const(5)

_HOURS = const(34)
_QUARTERS = const(192)  # two days
_DAY_S = const(86400)
_EMPTY = ("",)  # takes a retained message away
_STEPS = const(9)


def messages(app: "App", kind: int) -> "Messages":
    """The messages of a kind: (topic, parts of the text, flags)."""
    topic = app.config.mqtt_topic + "/"
    if kind == _SYSTEM:
        yield from _system(app, topic)
    elif kind == _PRICES:
        if app.system.utc() and app.prices.price(app.system.utc()) is not None:
            with visit("mqtt.payloads.points") as points:
                yield from _prices(app, topic + "price/", points)
        if app.config.mqtt_generation != "2.2":
            steps = app.energy.peaks.tariff.steps[:_STEPS]
            for i in range(len(steps)):
                yield topic + "realtime/import/thresholds/%d" % (i + 1), (str(steps[i]),), 1
    elif kind == _TEMPERATURES:
        for address, cdeg in app.system.temperatures:
            if cdeg != NOT_READ:
                name = "".join(["%02X" % octet for octet in address])
                yield topic + "temperature/" + name, (fixed(cdeg, 2, 2),), 0
    elif kind == _EVENTS:
        with visit("mqtt.events") as conditions:
            changes = conditions.take(app.system)
        for name, active in changes:
            yield topic + "event/" + name, ("1" if active else "0",), 0


def _system(app: "App", topic: str) -> "Messages":
    system = app.system
    yield topic + "id", (mac(system.board.mac()),), 1
    yield topic + "uptime", (str(system.uptime_s()),), 0
    yield topic + "mem", (str(system.board.heap_free()),), 0
    yield topic + "rssi", (str(system.board.rssi_dbm()),), 0
    if system.supply_mv() > 0:
        yield topic + "vcc", (fixed(system.supply_mv(), 3, 2),), 0
    if system.temperature_cdeg != NOT_READ:
        yield topic + "temperature", (fixed(system.temperature_cdeg, 2, 2),), 0


def _prices(app: "App", topic: str, points: "Any") -> "Messages":
    now, price = app.system.utc(), app.prices.price
    if app.config.mqtt_generation == "2.2":
        step_s = 3600
        found = points.hours(price, now, _HOURS)
        yield from _list(topic, found, _HOURS)
    else:
        step_s = points.step_s(price, now, _QUARTERS)
        most = _QUARTERS * 900 // step_s
        found = points.ahead(price, now, step_s, _QUARTERS)
        yield from _list(topic + "import/", found, most)
        own = app.config.export_price != "import" or app.config.price_rules
        if own and app.state.number(ENERGY_EXPORT_WH):
            exported = points.ahead(app.prices.export_price, now, step_s, _QUARTERS)
            yield from _list(topic + "export/", exported, most)
        yield topic + "resolution", (str(step_s // 60),), 1
    low, high = points.bounds(found[: _DAY_S // step_s])
    yield topic + "min", (low,), 1
    yield topic + "max", (high,), 1
    for hours in (1, 3, 6):
        utc = points.cheapest(found, now - now % step_s, step_s, hours)
        text = "" if utc is None else iso(utc) + "Z"
        yield topic + "cheapest/%dhr" % hours, (text,), 1


def _list(topic: str, found: "list[int | None]", most: int) -> "Messages":
    """A retained message for each point. The places that have none are emptied, up to `most`."""
    for i in range(most):
        micro = found[i] if i < len(found) else None
        yield topic + str(i), _EMPTY if micro is None else (fixed(micro, 6, 4),), 1
