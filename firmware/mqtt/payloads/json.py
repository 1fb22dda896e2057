"""Payload 0: one JSON object for each telegram, all messages on one topic, not retained.

Receivers tell messages apart by their members: "data" is a telegram, "prices" and "temperatures"
are those, one with none of them is about the device.
Registers missing in the telegram are left out: a 0 would reset the receiver's statistics. Another
missing value of its list is 0.
mqtt_generation is "2.2" or "2.5": names, decimals and members of the AMS readers of that version.
mqtt_interval_s above 0: "data" has the values that are known, not those of the newest telegram.
"""

from energy.totals import EXPORT, IMPORT
from fmt import fixed, mac, quote
from han import fields
from micropython import const
from ondemand import visit
from refine import meter_utc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from composition import App
    from energy.ledger import Energy
    from han.fields import Reading
    from state import State

# Places in a row: the key, the field's number as in han.fields, whether 2.2 has it. Only
# constants: then the rows take no heap.
_REGISTERS = (
    ("tPI", 17, True),
    ("tPIT1", 43, False),
    ("tPIT2", 44, False),
    ("tPO", 18, True),
    ("tPOT1", 45, False),
    ("tPOT2", 46, False),
    ("tQI", 19, True),
    ("tQO", 20, True),
    ("tPI1", 37, False),
    ("tPI2", 38, False),
    ("tPI3", 39, False),
    ("tPO1", 40, False),
    ("tPO2", 41, False),
    ("tPO3", 42, False),
)
_JSON = const(0)  # of mqtt_payload


def messages(app: "App", kind: int) -> "Iterator[tuple[str, Iterable[str], int]]":
    """The messages of a kind: (topic, parts of the JSON, flags); none without a topic."""
    topic = app.config.mqtt_topic
    if topic and kind:
        with visit("mqtt.payloads.json_more") as more:
            yield from more.messages(app, kind)
    elif topic and app.state.reading:
        yield topic, _telegram(app), 0


def _telegram(app: "App") -> "Iterator[str]":
    """The object of the newest telegram."""
    yield head(app, app.state.reading_unix)
    yield ',"data":{'
    yield from data(app)
    yield "}"
    now = app.system.unix_time()
    if app.energy.certain(now):
        yield ',"realtime":{'
        yield from realtime(app, now)
        yield "}"
    yield "}"


def head(app: "App", t: int = -1) -> str:
    """The members at the beginning of an object. t: when the telegram came, in UTC."""
    system = app.system
    return '{"id":"%s","name":%s,"up":%d%s,"vcc":%s,"rssi":%d,"temp":%s' % (
        mac(system.board.mac()),
        quote(app.config.mqtt_client_id),
        system.uptime_s(),
        "" if t < 0 else ',"t":%d' % t,
        fixed(system.supply_mv(), 3, 3),
        system.board.rssi_dbm(),
        fixed(system.temperature_cdeg, 2, 2),
    )


def data(app: "App") -> "Iterator[str]":
    """The members of "data", by the list type."""
    state, reading = app.state, app.state.reading
    if reading is None:
        return
    values: "Reading | State" = state if app.config.mqtt_interval_s else reading
    list_type = values.list_type
    power = '"P":%d' % (values.number(fields.POWER_IMPORT_W) or 0)
    if list_type < 2:
        yield power
        return
    newer = app.config.mqtt_payload != _JSON or app.config.mqtt_generation != "2.2"
    yield '"lv":%s,"%s":%s' % (
        quote(state.text(fields.LIST_ID) or ""),
        "meterId" if newer else "id",
        quote(state.text(fields.METER_ID) or ""),
    )
    yield ',"type":%s,%s' % (quote(state.text(fields.METER_MODEL) or ""), power)
    scale, decimals = (0, 0) if newer else (0, 2)
    if list_type > 3:
        yield _phases("P", values, fields.POWER_IMPORT_L1_W, scale, decimals)
    yield ',"Q":%d' % (values.number(fields.REACTIVE_IMPORT_VAR) or 0)
    yield ',"PO":%d' % (values.number(fields.POWER_EXPORT_W) or 0)
    if list_type > 3:
        yield _phases("PO", values, fields.POWER_EXPORT_L1_W, scale, decimals)
    yield ',"QO":%d' % (values.number(fields.REACTIVE_EXPORT_VAR) or 0)
    yield _phases("I", values, fields.CURRENT_L1_MA, 3, 2)
    yield _phases("U", values, fields.VOLTAGE_L1_MV, 3, 2)
    if list_type > 3:
        yield ',"PF":' + fixed(values.number(fields.POWER_FACTOR_PERMILLE) or 0, 3, 2)
        yield _phases("PF", values, fields.POWER_FACTOR_L1_PERMILLE, 3, 2)
    if list_type > 2:
        for key, register, old in _REGISTERS:
            value = values.number(register)
            if value is not None and (old or newer):
                yield ',"%s":%s' % (key, fixed(value, 3, 3))
        meter_time = meter_utc(reading, app.energy.settler.zone)
        if meter_time is not None:
            yield ',"rtc":%d' % meter_time


def _phases(key: str, values: "Reading | State", first: int, scale: int, decimals: int) -> str:
    """The values of L1, L2 and L3; `first` is the field of L1, in units of 10 ** -scale."""
    out = ""
    for phase in range(3):
        number = fixed(values.number(first + phase) or 0, scale, decimals)
        out += ',"%s%d":%s' % (key, phase + 1, number)
    return out


def realtime(app: "App", now: int, prefix: str = "") -> "Iterator[str]":
    """The members of "realtime": energy of this hour, day and month, the tariff's step, the peaks.

    prefix  of each key but "peaks"
    """
    energy = app.energy
    hour, day, month = energy.running(now)[:3]
    newer = app.config.mqtt_generation != "2.2"
    of_hour, of_day = (3, 2) if newer else (2, 1)
    yield '"%sh":%s,"%sd":%s' % (
        prefix, fixed(hour[IMPORT], 3, of_hour), prefix, fixed(day[IMPORT], 3, of_day),
    )  # fmt: skip
    if newer:
        yield ',"%sm":%s' % (prefix, fixed(month[IMPORT], 3, 1))
    yield ',"%st":%d,"%sx":%s' % (
        prefix, energy.peaks.tariff.step_kw(energy.month_value()),
        prefix, fixed(energy.month_value(), 3, 2),
    )  # fmt: skip
    yield ',"%she":%s,"%sde":%s' % (
        prefix, fixed(hour[EXPORT], 3, of_hour), prefix, fixed(day[EXPORT], 3, of_day),
    )  # fmt: skip
    if newer:
        yield ',"%sme":%s,%s' % (prefix, fixed(month[EXPORT], 3, 1), _peaks(energy))


def _peaks(energy: "Energy") -> str:
    peaks = [fixed(watts, 3, 2) for _, watts in energy.peaks.chosen()]
    return '"peaks":[%s]' % ",".join(peaks)
