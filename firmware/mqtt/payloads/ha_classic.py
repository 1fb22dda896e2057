"""Home Assistant discovery with a message for each entity, as the AMS reader's. Loaded for it.

In       groups of entities: mqtt.payloads.homeassistant has their numbers
Out      retained messages (topic, parts, flags) for <prefix>/sensor/<host>_<uid>/config
Rules    Topics, unique ids, names and keys are those of the AMS reader of 2.2 or 2.5, so that
         Home Assistant finds the entities that it has. Money and prices are announced only with
         a currency. Their unit is the currency, that of a price the currency a kWh.
Source   spec/formats.md 2.8.1 and 2.8.2
"""

from fmt import quote
from han.fields import ENERGY_EXPORT_WH
from micropython import const
from ondemand import visit

from mqtt.payloads import ha_names as names
from mqtt.payloads.homeassistant import (
    BOARD_TEMPERATURE,
    LIST_2,
    LIST_2_EXPORT,
    LIST_4,
    LIST_4_EXPORT,
    POWER,
    PRICES,
    REALTIME,
    REALTIME_EXPORT,
    REGISTERS,
    REGISTERS_EXPORT,
    SYSTEM,
    TEMPERATURES,
    is_newer,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from composition import App

    from mqtt.payloads.homeassistant import Message

    Row = tuple[int, str, str, str, str, str, str, int]

_RETAINED = const(1)
_PRICE_HOURS = const(38)  # of 2.2, from the running one on
_QUARTERS = const(192)  # of 2.5 at most

_MONEY = "CUR"  # stands for the currency in a unit

# Group, name, topic, path, unit, device class, state class, seconds until it expires.
_ROWS = (
    (POWER, "Active import", "/power", "P", "W", "power", "measurement", 30),
    (LIST_2, "Reactive import", "/power", "Q", "var", "reactive_power", "measurement", 30),
    (LIST_2, "Reactive export", "/power", "QO", "var", "reactive_power", "measurement", 30),
    (LIST_2, "L1 current", "/power", "I1", "A", "current", "measurement", 30),
    (LIST_2, "L2 current", "/power", "I2", "A", "current", "measurement", 30),
    (LIST_2, "L3 current", "/power", "I3", "A", "current", "measurement", 30),
    (LIST_2, "L1 voltage", "/power", "U1", "V", "voltage", "measurement", 30),
    (LIST_2, "L2 voltage", "/power", "U2", "V", "voltage", "measurement", 30),
    (LIST_2, "L3 voltage", "/power", "U3", "V", "voltage", "measurement", 30),
    (LIST_2_EXPORT, "Active export", "/power", "PO", "W", "power", "measurement", 30),
    (REGISTERS, "Accumulated active import", "/energy", "tPI", "kWh", "energy",
     "total_increasing", 4000),
    (REGISTERS, "Accumulated reactive import", "/energy", "tQI", "kvarh", "",
     "total_increasing", 4000),
    (REGISTERS, "Accumulated reactive export", "/energy", "tQO", "kvarh", "",
     "total_increasing", 4000),
    (REGISTERS_EXPORT, "Accumulated active export", "/energy", "tPO", "kWh", "energy",
     "total_increasing", 4000),
    (LIST_4, "Power factor", "/power", "PF", "%", "power_factor", "measurement", 30),
    (LIST_4, "L1 power factor", "/power", "PF1", "%", "power_factor", "measurement", 30),
    (LIST_4, "L2 power factor", "/power", "PF2", "%", "power_factor", "measurement", 30),
    (LIST_4, "L3 power factor", "/power", "PF3", "%", "power_factor", "measurement", 30),
    (LIST_4, "L1 active import", "/power", "P1", "W", "power", "measurement", 30),
    (LIST_4, "L2 active import", "/power", "P2", "W", "power", "measurement", 30),
    (LIST_4, "L3 active import", "/power", "P3", "W", "power", "measurement", 30),
    (LIST_4_EXPORT, "L1 active export", "/power", "PO1", "W", "power", "measurement", 30),
    (LIST_4_EXPORT, "L2 active export", "/power", "PO2", "W", "power", "measurement", 30),
    (LIST_4_EXPORT, "L3 active export", "/power", "PO3", "W", "power", "measurement", 30),
    (REALTIME, "Month max", "/realtime", "max", "kWh", "energy", "total_increasing", 120),
    (REALTIME, "Tariff threshold", "/realtime", "threshold", "kWh", "energy",
     "total_increasing", 120),
    (REALTIME, "Current hour used", "/realtime", "hour.use", "kWh", "energy",
     "total_increasing", 120),
    (REALTIME, "Current day used", "/realtime", "day.use", "kWh", "energy",
     "total_increasing", 120),
    (REALTIME, "Current month used", "/realtime", "month.use", "kWh", "energy",
     "total_increasing", 120),
    (REALTIME, "Current hour cost", "/realtime", "hour.cost", "CUR", "monetary", "", 120),
    (REALTIME, "Current day cost", "/realtime", "day.cost", "CUR", "monetary", "", 120),
    (REALTIME, "Current month cost", "/realtime", "month.cost", "CUR", "monetary", "", 120),
    (REALTIME_EXPORT, "Current hour produced", "/realtime", "hour.produced", "kWh", "energy",
     "total_increasing", 120),
    (REALTIME_EXPORT, "Current day produced", "/realtime", "day.produced", "kWh", "energy",
     "total_increasing", 120),
    (REALTIME_EXPORT, "Current month produced", "/realtime", "month.produced", "kWh", "energy",
     "total_increasing", 120),
    (REALTIME_EXPORT, "Current hour income", "/realtime", "hour.income", "CUR", "monetary", "",
     120),
    (REALTIME_EXPORT, "Current day income", "/realtime", "day.income", "CUR", "monetary", "",
     120),
    (REALTIME_EXPORT, "Current month income", "/realtime", "month.income", "CUR", "monetary", "",
     120),
    (PRICES, "Minimum price ahead", "/prices", "prices.min", "CUR/kWh", "monetary", "", 4000),
    (PRICES, "Maximum price ahead", "/prices", "prices.max", "CUR/kWh", "monetary", "", 4000),
    (PRICES, "Cheapest 1hr period ahead", "/prices", "prices.cheapest1hr", "", "timestamp", "",
     4000),
    (PRICES, "Cheapest 3hr period ahead", "/prices", "prices.cheapest3hr", "", "timestamp", "",
     4000),
    (PRICES, "Cheapest 6hr period ahead", "/prices", "prices.cheapest6hr", "", "timestamp", "",
     4000),
    (SYSTEM, "Status", "/state", "rssi", "dBm", "signal_strength", "measurement", 180),
    (SYSTEM, "Supply volt", "/state", "vcc", "V", "voltage", "measurement", 180),
    # The name ends with a space.
    (BOARD_TEMPERATURE, "Temperature sensor ", "/state", "temp", "°C", "temperature",
     "measurement", 900),
)  # fmt: skip
# What 2.5 announces besides.
_NEWER = (
    (LIST_4, "L1 accumulated active import", "/power", "tPI1", "kWh", "energy",
     "total_increasing", 30),
    (LIST_4, "L2 accumulated active import", "/power", "tPI2", "kWh", "energy",
     "total_increasing", 30),
    (LIST_4, "L3 accumulated active import", "/power", "tPI3", "kWh", "energy",
     "total_increasing", 30),
    (LIST_4_EXPORT, "L1 accumulated active export", "/power", "tPO1", "kWh", "energy",
     "total_increasing", 30),
    (LIST_4_EXPORT, "L2 accumulated active export", "/power", "tPO2", "kWh", "energy",
     "total_increasing", 30),
    (LIST_4_EXPORT, "L3 accumulated active export", "/power", "tPO3", "kWh", "energy",
     "total_increasing", 30),
    (POWER, "Data timestamp", "/power", "t", "", "timestamp", "", 30),
    (REGISTERS, "Meter timestamp", "/energy", "rtc", "", "timestamp", "", 4000),
    (SYSTEM, "Uptime", "/state", "up", "s", "duration", "measurement", 180),
)  # fmt: skip
_NO_STATE_CLASS = ("max", "threshold")  # with 2.5


def announce(app: "App", groups: int) -> "Iterator[Message]":
    """The messages that announce the entities of these groups. They are noted before that, as the
    connection may end at any message."""
    entity = _Entity(app)
    ids = [names.uid(row[3]) for row in rows(app, groups)]
    with_firmware = groups & SYSTEM and entity.newer
    names.note(app, ids + [names.FIRMWARE] if with_firmware else ids)
    for row in rows(app, groups):
        yield entity.topic(row[3]), entity.parts(row), _RETAINED
    if with_firmware:
        yield "%s/update/%s/config" % (entity.prefix, entity.host), entity.firmware(), _RETAINED


def rows(app: "App", groups: int) -> "Iterator[Row]":
    """The entities of these groups: rows as in the tables above."""
    newer = is_newer(app)
    priced = bool(app.energy.currency)
    if not priced:
        groups &= ~PRICES
    for row in _ROWS:
        if row[0] & groups and (priced or row[4][:3] != _MONEY):
            yield row
    for row in _NEWER if newer else ():
        if row[0] & groups:
            yield row
    if groups & REALTIME:
        yield from _peaks(app, newer)
    if groups & PRICES:
        yield from _prices(app, newer)
    for address, _ in app.system.temperatures if groups & TEMPERATURES else ():
        digits = "".join(["%02X" % octet for octet in address])
        yield (
            TEMPERATURES, "Temperature sensor " + digits, "/temperatures",
            "temperatures['%s']" % digits, "°C", "temperature", "measurement", 900,
        )  # fmt: skip


def _peaks(app: "App", newer: bool) -> "Iterator[Row]":
    tariff = app.energy.peaks.tariff
    for i in range(tariff.count):
        name = "Current month peak %d" % (i + 1)
        yield REALTIME, name, "/realtime", "peaks[%d]" % i, "kWh", "energy", "", 4000
    for i in range(min(9, len(tariff.steps)) if newer else 0):
        name = "Tariff threshold %d" % (i + 1)
        yield REALTIME, name, "/realtime", "thresholds[%d]" % i, "kWh", "energy", "", 4000


def points(app: "App") -> int:
    """How many prices ahead have entities."""
    return sum([1 for _ in _prices(app, is_newer(app))])


def _prices(app: "App", newer: bool) -> "Iterator[Row]":
    """The prices ahead that are known, by the points of the body: mqtt.payloads.json_more."""
    prices, now = app.prices, app.system.utc()
    with visit("mqtt.payloads.points") as ahead:
        if not newer:
            for i in range(
                _PRICE_HOURS - ahead.hours(prices.price, now, _PRICE_HOURS).count(None)
            ):
                yield _price("", i, 60)
            return
        step_s = ahead.step_s(prices.price, now, _QUARTERS)
        for i in range(len(ahead.ahead(prices.price, now, step_s, _QUARTERS))):
            yield _price("import", i, step_s // 60)
        own = app.config.export_price != "import" or app.config.price_rules
        if own and app.state.number(ENERGY_EXPORT_WH):
            for i in range(len(ahead.ahead(prices.export_price, now, step_s, _QUARTERS))):
                yield _price("export", i, step_s // 60)


def _price(kind: str, i: int, minutes: int) -> "Row":
    """The price of a point; kind is "" in the form of 2.2."""
    path = "prices.%s[%d]" % (kind, i) if kind else "prices['%d']" % i
    if minutes < 60:
        time = "%03d minutes" % (i * minutes)
    else:
        time = "%02d hour%s" % (i, "" if i == 1 else "s")
    if not kind:
        name = "Price in " + time if i else "Price current hour"
    else:
        name = (
            kind[:1].upper() + kind[1:] + " price in " + time if i else "Current %s price" % kind
        )
    expires_s = minutes * 60 + 300 if kind else 4000
    state_class = "" if i else "total"
    return PRICES, name, "/prices", path, "CUR/kWh", "monetary", state_class, expires_s


class _Entity:
    """What the messages of all entities have in common. Texts are JSON without its quotes."""

    def __init__(self, app: "App") -> None:
        config = app.config
        self.newer = is_newer(app)
        self.prefix, self.host = names.place(app)
        self._base = quote(config.mqtt_topic)[1:-1]
        self._install = names.install(app)
        self._tag = quote(names.setting(app, "ha_tag"))[1:-1]
        self._device = names.device(app)
        self._currency = quote(app.energy.currency)[1:-1]

    def topic(self, path: str) -> str:
        """The topic of an entity's message."""
        return names.topic(self.prefix, self.host, names.uid(path))

    def name(self, name: str) -> str:
        """The name of an entity with the tag."""
        return "[%s] %s" % (self._tag, name) if self._tag else name

    def parts(self, row: "Row") -> "Iterator[str]":
        """The message of an entity."""
        _, name, topic, path, unit, device_class, state_class, expires_s = row
        unique = "%s_%s" % (self.host, names.uid(path))
        unit = unit.replace(_MONEY, self._currency)
        yield '{"name":"%s","stat_t":"%s%s","uniq_id":"%s"' % (
            self.name(name), self._base, topic, unique,
        )  # fmt: skip
        if self.newer:
            yield ',"default_entity_id":"sensor.%s"' % unique
        else:
            yield ',"obj_id":"%s","unit_of_meas":"%s"' % (unique, unit)
        yield ',"val_tpl":"{{ value_json.%s | is_defined }}","expire_after":%d,"dev":{%s}' % (
            path, expires_s, self._device,
        )  # fmt: skip
        if device_class:
            yield ',"dev_cla":"%s"' % device_class
        if state_class and not (self.newer and path in _NO_STATE_CLASS):
            yield ',"stat_cla":"%s"' % state_class
        if self.newer and unit:
            yield ',"unit_of_meas":"%s"' % unit
        yield "}"

    def firmware(self) -> "tuple[str, ...]":
        """The message of the firmware's entity. It can be installed if there is an address."""
        return (
            '{"name":"%s","stat_t":"%s/firmware"' % (self.name("Firmware"), self._base),
            ',"uniq_id":"%s_%s","dev_cla":"firmware"%s}'
            % (self.host, names.FIRMWARE, self._install),
        )
