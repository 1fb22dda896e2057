"""Payloads 4 and 104: Home Assistant, one topic for each kind of values.

Payload 4 announces each entity with a message of its own, as the AMS reader does, payload 104 the
device with all its entities in one. This module is always loaded and makes what each telegram
brings; ha_more, ha_classic and ha_device make the rest.

Bodies   /power, /energy and /realtime by the AMS reader, of 2.2 or 2.5. Payload 104 has those of
         2.5, and more: see ha_more
Rules    Payload 4 is silent until the clock is set. A value that the telegram does not have is
         left out: a 0 would be taken for a measurement. Registers are not published if they
         repeat those of the last list, or if one is below that of the list before.
Source   spec/formats.md 2.8
"""

import clock
from energy.totals import COST, EXPORT, IMPORT, INCOME, PRICED_IMPORT
from fmt import fixed, quote
from han import fields
from micropython import const
from ondemand import visit
from refine import meter_utc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

    from composition import App
    from energy.ledger import Energy
    from han.fields import Reading
    from state import State

    Message = tuple[str, Iterable[str], int]

DEVICE = const(104)  # mqtt_payload of one message for the whole device
_SYSTEM = const(1)  # kinds of messages
_ANNOUNCE = const(6)
_RETAINED = const(1)
_EVERY_MS = const(10000)  # /realtime of payload 104, which loads a module
_PF_KEYS = ("PF", "PF1", "PF2", "PF3")

# Groups of entities, which are announced when their first values come.
POWER = const(1)
LIST_2 = const(2)
LIST_2_EXPORT = const(4)
REGISTERS = const(8)
REGISTERS_EXPORT = const(0x10)
LIST_4 = const(0x20)
LIST_4_EXPORT = const(0x40)
REALTIME = const(0x80)
REALTIME_EXPORT = const(0x100)
SYSTEM = const(0x200)
PRICES = const(0x400)
BOARD_TEMPERATURE = const(0x800)
TEMPERATURES = const(0x1000)

# Keys of /power in their order, the field and 0 for a whole number, else how many decimals of
# thousandths: 2 a measurement, 1 the power of a phase.
_POWER = (
    ("P", fields.POWER_IMPORT_W, 0),
    ("P1", fields.POWER_IMPORT_L1_W, 1),
    ("P2", fields.POWER_IMPORT_L2_W, 1),
    ("P3", fields.POWER_IMPORT_L3_W, 1),
    ("Q", fields.REACTIVE_IMPORT_VAR, 0),
    ("PO", fields.POWER_EXPORT_W, 0),
    ("PO1", fields.POWER_EXPORT_L1_W, 1),
    ("PO2", fields.POWER_EXPORT_L2_W, 1),
    ("PO3", fields.POWER_EXPORT_L3_W, 1),
    ("QO", fields.REACTIVE_EXPORT_VAR, 0),
    ("I1", fields.CURRENT_L1_MA, 2),
    ("I2", fields.CURRENT_L2_MA, 2),
    ("I3", fields.CURRENT_L3_MA, 2),
    ("U1", fields.VOLTAGE_L1_MV, 2),
    ("U2", fields.VOLTAGE_L2_MV, 2),
    ("U3", fields.VOLTAGE_L3_MV, 2),
)
_ENERGY = (
    ("tPI", fields.ENERGY_IMPORT_WH),
    ("tPO", fields.ENERGY_EXPORT_WH),
    ("tQI", fields.REACTIVE_ENERGY_IMPORT_VARH),
    ("tQO", fields.REACTIVE_ENERGY_EXPORT_VARH),
)

# Of this connection: the groups that are announced, or with payload 104 how many values were known
# at the last announcement; the registers of import and export; when /realtime is due; the hour in
# which the tariff's steps were published; how many prices ahead are announced, or with payload 104
# what else its entities depend on; whether /meter is online; mqtt_payload.
_MARKS = const(8)
_ANNOUNCED = const(0)
_REGISTERS_AT = const(1)
_DUE_MS = const(3)
_HOUR = const(4)
_ONLINE = const(6)
_FORM = const(7)
_marks: "list[Any]" = [0] * _MARKS


def messages(app: "App", kind: int) -> "Iterator[Message]":
    """The messages of a kind: (topic, parts of the JSON, flags); none without a topic, nor between
    a change of the payload and the next connection."""
    form = app.config.mqtt_payload
    _marks[_FORM] = _marks[_FORM] or form
    device = form == DEVICE
    if form != _marks[_FORM] or not app.config.mqtt_topic or not (device or app.system.utc()):
        return
    if kind:
        with visit("mqtt.payloads.ha_more") as more:
            yield from more.messages(app, kind, _marks)
    elif app.state.reading:
        values: "Reading | State" = app.state if app.config.mqtt_interval_s else app.state.reading
        yield from _telegram(app, values, device)


def is_newer(app: "App") -> bool:
    """Whether bodies have the form of 2.5."""
    return app.config.mqtt_payload == DEVICE or app.config.mqtt_generation == "2.5"


def iso(utc: "int | None") -> str:
    """A time as JSON: "2024-01-05T09:30:12Z" with its quotes, or null."""
    return '"%sZ"' % clock.iso(utc) if utc else "null"


def stamp(app: "App", utc: int) -> str:
    """The end of a body: its time in the form of 2.5, none in that of 2.2."""
    return ',"t":%s}' % iso(utc) if is_newer(app) else "}"


def _telegram(app: "App", values: "Reading | State", device: bool) -> "Iterator[Message]":
    state, energy, topic = app.state, app.energy, app.config.mqtt_topic
    if device:
        known = len(state.values) - state.values.count(None)
        if known > _marks[_ANNOUNCED]:
            _marks[_ANNOUNCED] = known
            app.system.mqtt_due |= 1 << _ANNOUNCE
        if not _marks[_ONLINE]:
            _marks[_ONLINE] = 1
            app.system.mqtt_due |= 1 << _SYSTEM  # which has the problem
            yield topic + "/meter", ("online",), _RETAINED
    else:
        groups = _groups(values, state, energy.certain(app.system.utc())) & ~_marks[_ANNOUNCED]
        if groups:
            with visit("mqtt.payloads.ha_classic") as classic:
                yield from classic.announce(app, groups)
            _marks[_ANNOUNCED] |= groups
    if values.list_type > 2 and not state.repeated and _rises(values):
        yield topic + "/energy", _registers(app, values), _RETAINED if device else 0
    yield topic + "/power", _power(app, values), 0
    if not energy.certain(app.system.utc()):
        return
    if not device:
        yield topic + "/realtime", realtime(app, app.system.utc()), 0
    elif app.system.uptime_ms() >= _marks[_DUE_MS]:
        _marks[_DUE_MS] = app.system.uptime_ms() + _EVERY_MS
        with visit("mqtt.payloads.ha_tariff") as tariff:
            more = tariff.members(app.energy, app.system.utc())
        yield topic + "/realtime", realtime(app, app.system.utc(), more), 0


def _groups(values: "Reading | State", state: "State", certain: bool) -> int:
    """The groups of which this telegram has values: export once it was above 0."""
    number, list_type = values.number, values.list_type
    found = POWER
    if list_type > 1:
        found |= LIST_2
        if number(fields.POWER_EXPORT_W):
            found |= LIST_2_EXPORT
    if number(fields.ENERGY_IMPORT_WH) is not None:
        found |= REGISTERS
        if number(fields.ENERGY_EXPORT_WH):
            found |= REGISTERS_EXPORT
    if list_type > 3:
        found |= LIST_4
        for phase in range(3):
            if number(fields.POWER_EXPORT_L1_W + phase):
                found |= LIST_4_EXPORT
    if certain:
        found |= REALTIME
        if found & LIST_2_EXPORT or state.number(fields.ENERGY_EXPORT_WH):
            found |= REALTIME_EXPORT
    return found


def _rises(values: "Reading | State") -> bool:
    """Whether there are registers, none of them below that of the list before."""
    rises = True
    for i in range(2):
        value = values.number(fields.ENERGY_IMPORT_WH + i)
        if value is not None:
            rises = rises and value >= _marks[_REGISTERS_AT + i]
            _marks[_REGISTERS_AT + i] = value
        elif not i:
            return False
    return rises


def _registers(app: "App", values: "Reading | State") -> "Iterator[str]":
    """Parts of /energy."""
    comma = "{"
    for key, field in _ENERGY:
        value = values.number(field)
        if value is not None:
            yield '%s"%s":%s' % (comma, key, fixed(value, 3, 3))
            comma = ","
    if app.config.mqtt_payload == DEVICE:
        with visit("mqtt.payloads.ha_registers") as more:
            yield from more.parts(values)
    reading = app.state.reading
    meter_time = meter_utc(reading, app.energy.settler.zone) if reading else None
    if is_newer(app):
        yield ',"rtc":' + iso(meter_time)
    elif meter_time is not None:
        yield ',"rtc":%d' % meter_time
    yield stamp(app, app.state.reading_unix)


def _power(app: "App", values: "Reading | State") -> "Iterator[str]":
    """Parts of /power: the values of the telegram."""
    state, newer = app.state, is_newer(app)
    comma = "{"
    if values.list_type > 1:
        yield '{"lv":%s,"id":%s,"type":%s' % (
            quote(state.text(fields.LIST_ID) or ""),
            quote(state.text(fields.METER_ID) or ""),
            quote(state.text(fields.METER_MODEL) or ""),
        )
        comma = ","
    for key, field, decimals in _POWER:
        value = values.number(field)
        if value is not None:
            text = fixed(value, 3, 2) if decimals > 1 else str(value)
            if decimals == 1 and not newer:
                text += ".00"
            yield '%s"%s":%s' % (comma, key, text)
            comma = ","
    if comma == ",":
        if values.list_type > 3:
            yield from _factors(values, newer)
        yield stamp(app, state.reading_unix)
    else:
        yield "{" + stamp(app, state.reading_unix).lstrip(",")


def _factors(values: "Reading | State", newer: bool) -> "Iterator[str]":
    """The power factors and, with 2.5, the registers of the phases. All factors are 1 if that of
    the sum is 0."""
    zero = values.number(fields.POWER_FACTOR_PERMILLE) == 0
    for i in range(4):
        value = 1000 if zero else values.number(fields.POWER_FACTOR_PERMILLE + i)
        if value is not None:
            text = str((value + 5) // 10) if newer else fixed(value, 3, 2)
            yield ',"%s":%s' % (_PF_KEYS[i], text)
    for i in range(6 if newer else 0):
        value = values.number(fields.ENERGY_IMPORT_L1_WH + i)
        if value is not None:
            yield ',"%s%d":%s' % ("tPO" if i > 2 else "tPI", i % 3 + 1, fixed(value, 3, 3))


def realtime(app: "App", now: int, more: str = "") -> "Iterator[str]":
    """Parts of /realtime: peaks, and the energy and money of this hour, day and month.

    more  further members, each with a comma before it
    """
    energy = app.energy
    tariff = energy.peaks.tariff
    value = energy.month_value()
    yield '{"max":%s,"peaks":[%s],"threshold":%d' % (
        fixed(value, 3, 1),
        ",".join([fixed(watts, 3, 2) for _, watts in energy.peaks.chosen()]),
        tariff.step_kw(value),
    )
    rows = energy.running(now)
    for i in range(3):
        row = rows[i]
        yield ',"%s":{"use":%s,"cost":%s,"produced":%s,"income":%s}' % (
            ("hour", "day", "month")[i],
            fixed(row[IMPORT], 3, 2),
            _money(energy, row, COST),
            fixed(row[EXPORT], 3, 2),
            _money(energy, row, INCOME),
        )
    if is_newer(app):
        if _marks[_HOUR] != now // 3600 and tariff.steps:
            _marks[_HOUR] = now // 3600
            yield ',"thresholds": [%s]' % ",".join([str(step) for step in tariff.steps])
    yield more + stamp(app, now)


def _money(energy: "Energy", row: "Sequence[int]", column: int) -> str:
    """COST or INCOME of a row; null if there is energy, but its price is unknown."""
    used, priced = row[column - COST], row[column - COST + PRICED_IMPORT]
    unknown = energy.currency and used and not priced
    return "null" if unknown else fixed(row[column], 9, 2)
