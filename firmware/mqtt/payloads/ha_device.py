"""Home Assistant discovery with one message for the device and all its entities. Loaded for it.

In       the state, the settings, the record of what is announced
Out      one retained message to <prefix>/device/<host>/config, in parts; two if entities go
Rules    An entity of a meter's value is there once the meter has sent that value; it stays over
         restarts until another meter is connected. Entities that a setting asks for go with it.
         An entity goes by a message with its platform alone, and the next message without it.
         Values of the meter are unavailable while the meter is silent, all values while the reader
         is not connected. Unique ids are those of payload 4, where it has the entity
Source   Home Assistant's documentation of MQTT discovery, 2024.11 and later
"""

from fmt import mac, quote
from han import fields
from micropython import const
from ondemand import visit
from system import PRODUCT, VERSION

from mqtt.payloads import ha_names as names
from mqtt.payloads.homeassistant import DEVICE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from composition import App

    from mqtt.payloads.homeassistant import Message

    Row = tuple[str, str, str, str, str, str, str, int, str]

_RETAINED = const(1)

# Conditions of entities: the number of a field that the meter sends, plus _EXPORTS for one that
# only a house with production has; or one of these, which do not depend on the meter's fields.
_EXPORTS = const(100)
_ALWAYS = const(200)
_PRODUCES = const(201)  # the house exports or has a production capacity
_MONEY = const(202)  # there is a currency
_EARNS = const(203)  # both
_SUPPLY = const(204)  # the supply voltage is measured
_SENSOR = const(205)  # a temperature is measured
_TARIFF = const(206)  # there is a capacity tariff
_STEPS = const(207)  # it has steps
_COMMANDS = const(208)  # commands are taken

_FIRMWARE = "fwupgrade"
_OF_METER = ("/power", "/energy", "/realtime")  # topics whose values the meter's silence ages

# Unique part of the id, name, topic, path, unit, device class, state class, condition, further
# members. CUR in a unit stands for the currency. A path without a unit and of state class "total"
# counts from a begin in /realtime.
_SENSORS = (
    ("P", "Active import", "/power", "P", "W", "power", "measurement", fields.POWER_IMPORT_W, ""),
    ("PO", "Active export", "/power", "PO", "W", "power", "measurement",
     _EXPORTS + fields.POWER_EXPORT_W, ""),
    ("Q", "Reactive import", "/power", "Q", "var", "reactive_power", "measurement",
     fields.REACTIVE_IMPORT_VAR, ""),
    ("QO", "Reactive export", "/power", "QO", "var", "reactive_power", "measurement",
     fields.REACTIVE_EXPORT_VAR, ""),
    ("I1", "L1 current", "/power", "I1", "A", "current", "measurement", fields.CURRENT_L1_MA, ""),
    ("I2", "L2 current", "/power", "I2", "A", "current", "measurement", fields.CURRENT_L2_MA, ""),
    ("I3", "L3 current", "/power", "I3", "A", "current", "measurement", fields.CURRENT_L3_MA, ""),
    ("U1", "L1 voltage", "/power", "U1", "V", "voltage", "measurement", fields.VOLTAGE_L1_MV, ""),
    ("U2", "L2 voltage", "/power", "U2", "V", "voltage", "measurement", fields.VOLTAGE_L2_MV, ""),
    ("U3", "L3 voltage", "/power", "U3", "V", "voltage", "measurement", fields.VOLTAGE_L3_MV, ""),
    ("P1", "L1 active import", "/power", "P1", "W", "power", "measurement",
     fields.POWER_IMPORT_L1_W, ""),
    ("P2", "L2 active import", "/power", "P2", "W", "power", "measurement",
     fields.POWER_IMPORT_L2_W, ""),
    ("P3", "L3 active import", "/power", "P3", "W", "power", "measurement",
     fields.POWER_IMPORT_L3_W, ""),
    ("PO1", "L1 active export", "/power", "PO1", "W", "power", "measurement",
     _EXPORTS + fields.POWER_EXPORT_L1_W, ""),
    ("PO2", "L2 active export", "/power", "PO2", "W", "power", "measurement",
     _EXPORTS + fields.POWER_EXPORT_L2_W, ""),
    ("PO3", "L3 active export", "/power", "PO3", "W", "power", "measurement",
     _EXPORTS + fields.POWER_EXPORT_L3_W, ""),
    ("PF", "Power factor", "/power", "PF", "%", "power_factor", "measurement",
     fields.POWER_FACTOR_PERMILLE, ""),
    ("PF1", "L1 power factor", "/power", "PF1", "%", "power_factor", "measurement",
     fields.POWER_FACTOR_L1_PERMILLE, ""),
    ("PF2", "L2 power factor", "/power", "PF2", "%", "power_factor", "measurement",
     fields.POWER_FACTOR_L2_PERMILLE, ""),
    ("PF3", "L3 power factor", "/power", "PF3", "%", "power_factor", "measurement",
     fields.POWER_FACTOR_L3_PERMILLE, ""),
    ("tPI", "Accumulated active import", "/energy", "tPI", "kWh", "energy", "total_increasing",
     fields.ENERGY_IMPORT_WH, ""),
    ("tPO", "Accumulated active export", "/energy", "tPO", "kWh", "energy", "total_increasing",
     _EXPORTS + fields.ENERGY_EXPORT_WH, ""),
    ("tQI", "Accumulated reactive import", "/energy", "tQI", "kvarh", "", "total_increasing",
     fields.REACTIVE_ENERGY_IMPORT_VARH, ""),
    ("tQO", "Accumulated reactive export", "/energy", "tQO", "kvarh", "", "total_increasing",
     fields.REACTIVE_ENERGY_EXPORT_VARH, ""),
    ("tPIT1", "Active import tariff 1", "/energy", "tPIT1", "kWh", "energy", "total_increasing",
     fields.ENERGY_IMPORT_T1_WH, ""),
    ("tPIT2", "Active import tariff 2", "/energy", "tPIT2", "kWh", "energy", "total_increasing",
     fields.ENERGY_IMPORT_T2_WH, ""),
    ("tPIT3", "Active import tariff 3", "/energy", "tPIT3", "kWh", "energy", "total_increasing",
     fields.ENERGY_IMPORT_T3_WH, ""),
    ("tPIT4", "Active import tariff 4", "/energy", "tPIT4", "kWh", "energy", "total_increasing",
     fields.ENERGY_IMPORT_T4_WH, ""),
    ("tPOT1", "Active export tariff 1", "/energy", "tPOT1", "kWh", "energy", "total_increasing",
     _EXPORTS + fields.ENERGY_EXPORT_T1_WH, ""),
    ("tPOT2", "Active export tariff 2", "/energy", "tPOT2", "kWh", "energy", "total_increasing",
     _EXPORTS + fields.ENERGY_EXPORT_T2_WH, ""),
    ("tPI1", "L1 accumulated active import", "/power", "tPI1", "kWh", "energy",
     "total_increasing", fields.ENERGY_IMPORT_L1_WH, ""),
    ("tPI2", "L2 accumulated active import", "/power", "tPI2", "kWh", "energy",
     "total_increasing", fields.ENERGY_IMPORT_L2_WH, ""),
    ("tPI3", "L3 accumulated active import", "/power", "tPI3", "kWh", "energy",
     "total_increasing", fields.ENERGY_IMPORT_L3_WH, ""),
    ("tPO1", "L1 accumulated active export", "/power", "tPO1", "kWh", "energy",
     "total_increasing", _EXPORTS + fields.ENERGY_EXPORT_L1_WH, ""),
    ("tPO2", "L2 accumulated active export", "/power", "tPO2", "kWh", "energy",
     "total_increasing", _EXPORTS + fields.ENERGY_EXPORT_L2_WH, ""),
    ("tPO3", "L3 accumulated active export", "/power", "tPO3", "kWh", "energy",
     "total_increasing", _EXPORTS + fields.ENERGY_EXPORT_L3_WH, ""),
    ("gas", "Gas", "/energy", "gas", "m³", "gas", "total_increasing", fields.GAS_DM3, ""),
    ("water", "Water", "/energy", "water", "m³", "water", "total_increasing", fields.WATER_L, ""),
    ("heat", "Heat", "/energy", "heat", "kWh", "energy", "total_increasing", fields.HEAT_WH, ""),
    ("heatGJ", "Heat", "/energy", "heatGJ", "GJ", "energy", "total_increasing", fields.HEAT_MJ,
     ""),
    ("rtc", "Meter timestamp", "/energy", "rtc", "", "timestamp", "", fields.METER_TIME_LOCAL,
     ',"ent_cat":"diagnostic"'),
    ("houruse", "Current hour used", "/realtime", "hour.use", "kWh", "energy", "total",
     fields.POWER_IMPORT_W, ""),
    ("dayuse", "Current day used", "/realtime", "day.use", "kWh", "energy", "total",
     fields.POWER_IMPORT_W, ""),
    ("monthuse", "Current month used", "/realtime", "month.use", "kWh", "energy", "total",
     fields.POWER_IMPORT_W, ""),
    ("hourproduced", "Current hour produced", "/realtime", "hour.produced", "kWh", "energy",
     "total", _PRODUCES, ""),
    ("dayproduced", "Current day produced", "/realtime", "day.produced", "kWh", "energy", "total",
     _PRODUCES, ""),
    ("monthproduced", "Current month produced", "/realtime", "month.produced", "kWh", "energy",
     "total", _PRODUCES, ""),
    ("hourcost", "Current hour cost", "/realtime", "hour.cost", "CUR", "monetary", "total",
     _MONEY, ""),
    ("daycost", "Current day cost", "/realtime", "day.cost", "CUR", "monetary", "total", _MONEY,
     ""),
    ("monthcost", "Current month cost", "/realtime", "month.cost", "CUR", "monetary", "total",
     _MONEY, ""),
    ("hourincome", "Current hour income", "/realtime", "hour.income", "CUR", "monetary", "total",
     _EARNS, ""),
    ("dayincome", "Current day income", "/realtime", "day.income", "CUR", "monetary", "total",
     _EARNS, ""),
    ("monthincome", "Current month income", "/realtime", "month.income", "CUR", "monetary",
     "total", _EARNS, ""),
    ("max", "Month max", "/realtime", "max", "kWh", "energy", "", _TARIFF, ""),
    ("threshold", "Tariff threshold", "/realtime", "threshold", "kWh", "energy", "", _STEPS, ""),
    ("expected", "Expected power of the interval", "/realtime", "expected", "W", "power",
     "measurement", _TARIFF, ""),
    ("limit", "Limit of the interval", "/realtime", "limit", "kWh", "energy", "", _TARIFF, ""),
    ("headroom", "Tariff headroom", "/realtime", "headroom", "W", "power", "measurement",
     _TARIFF, ""),
    ("prices0", "Price", "/prices", "price", "CUR/kWh", "", "measurement", _MONEY,
     ',"json_attr_t":"%s/prices"'),
    ("rssi", "Signal", "/state", "rssi", "dBm", "signal_strength", "measurement", _ALWAYS,
     ',"ent_cat":"diagnostic"'),
    ("vcc", "Supply voltage", "/state", "vcc", "V", "voltage", "measurement", _SUPPLY,
     ',"ent_cat":"diagnostic"'),
    ("up", "Uptime", "/state", "up", "s", "duration", "measurement", _ALWAYS,
     ',"ent_cat":"diagnostic"'),
    ("temp", "Temperature", "/state", "temp", "°C", "temperature", "measurement", _SENSOR, ""),
)  # fmt: skip

# Id, platform, condition, members.
_OTHERS = (
    ("problem", "binary_sensor", _ALWAYS,
     '"name":"Problem","stat_t":"%s/state","dev_cla":"problem","ent_cat":"diagnostic",'
     '"val_tpl":"{{ iif(value_json.problem | default(false), \'ON\', \'OFF\') }}"'),
    ("cheap", "binary_sensor", _MONEY,
     '"name":"Cheap now","stat_t":"%s/prices",'
     '"val_tpl":"{{ iif(value_json.cheap | default(none), \'ON\', \'OFF\', \'None\') }}"'),
    ("event", "event", _ALWAYS, '"name":"Event","stat_t":"%s/event","evt_typ":[EVENTS]'),
    (_FIRMWARE, "update", _ALWAYS,
     '"name":"Firmware","stat_t":"%s/firmware","dev_cla":"firmware","ent_cat":"diagnostic"'),
    ("restart", "button", _COMMANDS,
     '"name":"Restart","cmd_t":"COMMAND","pl_prs":"restart","dev_cla":"restart",'
     '"ent_cat":"config"'),
    ("announce", "button", _COMMANDS,
     '"name":"Announce again","cmd_t":"COMMAND","pl_prs":"announce","ent_cat":"config"'),
)  # fmt: skip


def messages(app: "App") -> "Iterator[Message]":
    """The announcement, and before it one that removes entities, if some go."""
    prefix, host = names.place(app)
    topic = names.device_topic(prefix, host)
    record = names.record(app)
    before = record["ids"].split() if record else []
    ids = _ids(app, _kept(app, before, record.get("meter", "")))
    gone = [of for of in before if of not in ids]
    names.note(app, ids + gone, True)  # before that, as the connection may end at any message
    if gone:
        yield topic, Announcement(app, ids, gone), _RETAINED
        if app.config.mqtt_payload != DEVICE:  # changed meanwhile: all of the record goes
            return
        names.note(app, ids, True)
    yield topic, Announcement(app, ids, ()), _RETAINED


def _kept(app: "App", before: "list[str]", meter: str) -> "list[str]":
    """Of the announced ids those that stay if the meter has not sent their value since the start:
    all, unless it is another meter that has had the time to send everything."""
    now = names.meter(app)
    other = now and meter and now != meter
    return [] if other and names.has_sent_all(app) else before


def _ids(app: "App", kept: "list[str]") -> "list[str]":
    """The ids of all entities that there are."""
    met = _Conditions(app, kept)
    ids = [row[0] for row in _SENSORS if met.holds(row[0], row[7])]
    ids += [row[0] for row in _OTHERS if met.holds(row[0], row[2])]
    if met.holds("", _TARIFF):
        ids += ["peaks%d" % i for i in range(app.energy.peaks.tariff.count)]
    for address, _ in app.system.temperatures if len(app.system.temperatures) > 1 else ():
        ids.append("temperatures" + "".join(["%02X" % octet for octet in address]))
    return ids


class _Conditions:
    """Which conditions of entities hold."""

    def __init__(self, app: "App", kept: "list[str]") -> None:
        self._app = app
        self._kept = kept
        self._produces = names.produces(app) or "PO" in kept or "tPO" in kept

    def holds(self, of: str, condition: int) -> bool:
        """Whether the entity with that id is there."""
        app = self._app
        tariff = app.energy.peaks.tariff
        if condition < _ALWAYS:
            exports = condition >= _EXPORTS
            known = app.state.values[condition - _EXPORTS if exports else condition] is not None
            return (known and (self._produces or not exports)) or of in self._kept
        if condition == _PRODUCES:
            return self._produces
        if condition in (_MONEY, _EARNS):
            return bool(app.energy.currency) and (condition == _MONEY or self._produces)
        if condition == _SUPPLY:
            return app.system.supply_mv() > 0
        if condition == _SENSOR:
            return app.system.temperature_cdeg > names.COLD_CDEG
        if condition in (_TARIFF, _STEPS):
            return bool(tariff.count and (condition == _TARIFF or tariff.steps))
        return condition == _ALWAYS or names.commands(app) != ""


class Announcement:
    """The parts of the message, as often as they are asked for: the same each time.

    ids   of the entities          gone  ids of those that are removed
    size  octets of the parts together
    """

    def __init__(self, app: "App", ids: "Sequence[str]", gone: "Sequence[str]") -> None:
        self._ids, self._gone = ids, gone
        _, self._host = names.place(app)
        self._base = base = quote(app.config.mqtt_topic)[1:-1]
        self._currency = quote(app.energy.currency)[1:-1]
        self._command = quote(names.commands(app))[1:-1]
        self._install = names.install(app)
        with visit("mqtt.events") as events:
            kinds = ['"%s","%s_end"' % (name, name) for name in events.NAMES]
        self._events = ",".join(kinds)
        self._head = '{"dev":{%s,"cns":[["mac","%s"]]},"o":{"name":%s,"sw":%s}' % (
            names.device(app), mac(app.system.board.mac()).lower(), quote(PRODUCT), quote(VERSION),
        )  # fmt: skip
        self._head += ',"avty":[{"t":"%s/status"},{"t":"%s/meter"}],"avty_mode":"all"' % (
            base, base,
        )  # fmt: skip
        self.size = sum([len(part.encode()) for part in self])

    def __iter__(self) -> "Iterator[str]":
        yield self._head + ',"cmps":{'
        comma = ""
        for of in self._gone:
            yield '%s"%s":{"p":"%s"}' % (comma, of, _platform(of))
            comma = ","
        for row in _SENSORS:
            if row[0] in self._ids:
                yield comma + self._sensor(row)
                comma = ","
        for of, platform, _, members in _OTHERS:
            if of in self._ids:
                yield comma + self._other(of, platform, members)
                comma = ","
        for of in self._ids:
            if of[:5] == "peaks":
                number = int(of[5:])
                yield comma + self._sensor((
                    of, "Current month peak %d" % (number + 1), "/realtime", "peaks[%d]" % number,
                    "kWh", "energy", "", 0, "",
                ))  # fmt: skip
            elif of[:12] == "temperatures":
                yield comma + self._sensor((
                    of, "Temperature sensor " + of[12:], "/temperatures",
                    "temperatures['%s']" % of[12:], "°C", "temperature", "measurement", 0, "",
                ))  # fmt: skip
        yield "}}"

    def _common(self, of: str, platform: str, aging: bool) -> str:
        """The members of each entity: id, platform, and the availability of one that the meter's
        silence leaves alone."""
        own = "" if aging else ',"avty":[{"t":"%s/status"}]' % self._base
        return '"%s":{"p":"%s","uniq_id":"%s_%s","def_ent_id":"%s.%s_%s"%s' % (
            of, platform, self._host, of, platform, self._host, of, own,
        )  # fmt: skip

    def _sensor(self, row: "Row") -> str:
        """A sensor of the table."""
        of, name, topic, path, unit, device_class, state_class, _, more = row
        out = self._common(of, "sensor", topic in _OF_METER)
        out += ',"name":"%s","stat_t":"%s%s","val_tpl":"{{ value_json.%s | is_defined }}"' % (
            name, self._base, topic, path,
        )  # fmt: skip
        for key, text in (
            ("unit_of_meas", unit),
            ("dev_cla", device_class),
            ("stat_cla", state_class),
        ):
            if text:
                out += ',"%s":"%s"' % (key, text.replace("CUR", self._currency))
        if state_class == "total":
            period = path.split(".")[0]
            out += ',"lrst_val_tpl":"{{ value_json.reset.%s }}"' % period
        return out + (more % self._base if "%s" in more else more) + "}"

    def _other(self, of: str, platform: str, members: str) -> str:
        """An entity of another platform."""
        if "%s" in members:
            members = members % self._base
        members = members.replace("COMMAND", self._command).replace("EVENTS", self._events)
        if of == _FIRMWARE:
            members += self._install
        return "%s,%s}" % (self._common(of, platform, False), members)


def _platform(of: str) -> str:
    """The platform of an id."""
    for row in _OTHERS:
        if row[0] == of:
            return row[1]
    return "sensor"
