"""What the JSON payloads publish beside telegrams. Loaded for that.

system        on the topic
prices        on the topic; 2.2: "0" to "37", the mean price of the running hour and the next ones;
              2.5: "import" and "export", arrays from the running point on. Unknown is null
temperatures  on the topic, with two sensors or more, of those that were read
firmware      2.5: on TOPIC/firmware
events        on TOPIC/event: a condition of mqtt.events that has begun or ended
"""

from clock import iso
from fmt import boolean, fixed, mac, quote
from han.fields import ENERGY_EXPORT_WH
from micropython import const
from ondemand import visit
from system import NOT_READ, PRODUCT, VERSION

from mqtt.payloads.json import head

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from composition import App

    Messages = Iterator[tuple[str, Iterable[str], int]]

_SYSTEM = const(1)
_PRICES = const(2)
_TEMPERATURES = const(3)
_FIRMWARE = const(4)
_SUMMARY_MOST = const(255)
_BUSY = ("loading", "verifying", "restarting")
# Places in System.upgrade.
_PHASE = const(0)
_DONE = const(1)
_SIZE = const(2)
_LATEST = const(3)
_NOTES = const(4)
_EVENTS = const(5)

_HOURS = const(38)
_QUARTERS = const(192)  # two days
_SENSORS = const(2)


def messages(app: "App", kind: int, flat: bool = False) -> "Messages":
    """The messages of a kind: (topic, parts of the JSON, flags)."""
    topic = app.config.mqtt_topic
    if kind == _SYSTEM:
        yield topic, (head(app), ',"version":%s}' % quote(VERSION)), 0
    elif kind == _PRICES:
        if app.system.utc() and app.prices.price(app.system.utc()) is not None:
            yield topic, prices(app, flat), 0
    elif kind == _TEMPERATURES:
        read = [sensor for sensor in app.system.temperatures if sensor[1] != NOT_READ]
        if len(app.system.temperatures) >= _SENSORS and read:
            yield topic, temperatures(read, flat), 0
    elif kind == _FIRMWARE:
        if app.config.mqtt_generation != "2.2":
            yield topic + "/firmware", (firmware(app),), 0
    elif kind == _EVENTS:
        yield from events(app)


def prices(app: "App", flat: bool = False, newer: bool = False) -> "Iterator[str]":
    """The object with the prices ahead.

    newer  in the form of 2.5, whatever mqtt_generation is
    """
    with visit("mqtt.payloads.points") as points:
        yield '{"id":"%s",' % mac(app.system.board.mac())
        if not flat:
            yield '"prices":{'
        prefix = "pr_" if flat else ""
        if (newer or app.config.mqtt_generation != "2.2") and not flat:
            yield from _arrays(app, points)
        else:
            yield from _hours(app, points, prefix)
        yield "}" if flat else "}}"


def _hours(app: "App", points: "Any", prefix: str) -> "Iterator[str]":
    """The members of 2.2."""
    now = app.system.utc()
    found = points.hours(app.prices.price, now, _HOURS)
    for i in range(_HOURS):
        yield '"%s%d":%s,' % (prefix, i, fixed(found[i], 6, 4))
    yield _ahead(points, found, now - now % 3600, 3600, (prefix, '""'))


def _arrays(app: "App", points: "Any") -> "Iterator[str]":
    """The members of 2.5."""
    now, price = app.system.utc(), app.prices.price
    step_s = points.step_s(price, now, _QUARTERS)
    found = points.ahead(price, now, step_s, _QUARTERS)
    yield '"import":[' + ",".join([fixed(micro, 6, 4) for micro in found]) + "],"
    own = app.config.export_price != "import" or app.config.price_rules
    if own and app.state.number(ENERGY_EXPORT_WH):
        exported = points.ahead(app.prices.export_price, now, step_s, _QUARTERS)
        yield '"export":[' + ",".join([fixed(micro, 6, 4) for micro in exported]) + "],"
    yield _ahead(points, found, now - now % step_s, step_s, ("", "null"))


def _ahead(
    points: "Any", found: "list[int | None]", begin: int, step_s: int, form: "tuple[str, str]"
) -> str:
    """The members min, max and cheapest1hr, 3hr, 6hr.

    form  the prefix of the keys, and what is in place of an unknown time
    """
    prefix, unknown = form
    low, high = points.bounds(found)
    out = '"%smin":%s,"%smax":%s' % (prefix, low, prefix, high)
    for hours in (1, 3, 6):
        utc = points.cheapest(found, begin, step_s, hours)
        text = unknown if utc is None else '"%sZ"' % iso(utc)
        out += ',"%scheapest%dhr":%s' % (prefix, hours, text)
    return out


def temperatures(read: "list[tuple[bytes, int]]", flat: bool = False) -> "Iterator[str]":
    """The object with the temperatures of sensors: (address, hundredths of 1 degree)."""
    yield "{" if flat else '{"temperatures":{'
    comma = ""
    for address, cdeg in read:
        name = "".join(["%02X" % octet for octet in address])
        yield '%s"%s":%s' % (comma, name, fixed(cdeg, 2, 2))
        comma = ","
    yield "}" if flat else "}}"


def firmware(app: "App") -> str:
    """The object with the firmware's version; with an address for upgrades also the newest one and
    the progress, as Home Assistant's update entity has them."""
    out = '{"installed_version":%s,"title":%s' % (quote(VERSION), quote(PRODUCT + " firmware"))
    if app.config.stored.get("upgrade_url"):
        up: "Sequence[Any]" = app.system.upgrade or ("", 0, 0, "", "")
        busy = up[_PHASE] in _BUSY
        percent = str(up[_DONE] * 100 // up[_SIZE]) if busy and up[_SIZE] else "null"
        out += ',"latest_version":%s,"release_summary":%s' % (
            quote(up[_LATEST] or VERSION), quote(up[_NOTES][:_SUMMARY_MOST]),
        )  # fmt: skip
        out += ',"in_progress":%s,"update_percentage":%s' % (boolean(busy), percent)
    return out + "}"


def events(app: "App") -> "Messages":
    """A message for each condition that has begun or ended since the last call."""
    with visit("mqtt.events") as conditions:
        changes = conditions.take(app.system)
    for name, active in changes:
        body = '{"id":"%s","event":"%s","active":%s,"t":%d}' % (
            mac(app.system.board.mac()), name, boolean(active), app.system.utc(),
        )  # fmt: skip
        yield app.config.mqtt_topic + "/event", (body,), 0
