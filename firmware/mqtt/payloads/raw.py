"""Payloads 1 and 2: one value a message, as text, each on a topic of its own.

A telegram's values are on TOPIC/meter/, by its list: one of list 3 has the values of the lists 2
and 1 too. Payload 1 publishes a value of the lists 1, 2 and 4 only if it is another one than
before, payload 2 each time. Values missing in the telegram are left out. The energy of the running
periods is on TOPIC/realtime/, once the clock is set and the sums are certain.
mqtt_generation "2.5": powers of phases without decimals, registers of tariffs and phases, id and
type retained with registers.
"""

from energy.totals import EXPORT, IMPORT
from fmt import fixed
from han.fields import COUNT, METER_ID, METER_MODEL
from micropython import const
from ondemand import visit
from refine import meter_utc

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from composition import App
    from han.fields import Reading
    from state import State

    Messages = Iterator[tuple[str, Iterable[str], int]]

# Places in a row: the topic, the field's number as in han.fields, its unit's power of ten,
# decimals, list, flags, since which generation. Only constants: then the rows take no heap.
_ROWS = (
    ("import/active", 7, 0, 0, 1, 0, 22),
    ("l1/current", 14, 3, 2, 2, 0, 22),
    ("l2/current", 15, 3, 2, 2, 0, 22),
    ("l3/current", 16, 3, 2, 2, 0, 22),
    ("l1/voltage", 11, 3, 2, 2, 0, 22),
    ("l2/voltage", 12, 3, 2, 2, 0, 22),
    ("l3/voltage", 13, 3, 2, 2, 0, 22),
    ("export/active", 8, 0, 0, 2, 0, 22),
    ("import/reactive", 9, 0, 0, 2, 0, 22),
    ("export/reactive", 10, 0, 0, 2, 0, 22),
    ("import/active/accumulated", 17, 3, 3, 3, 1, 22),
    ("import/active/accumulated/tariff1", 43, 3, 3, 3, 1, 25),
    ("import/active/accumulated/tariff2", 44, 3, 3, 3, 1, 25),
    ("export/active/accumulated", 18, 3, 3, 3, 1, 22),
    ("export/active/accumulated/tariff1", 45, 3, 3, 3, 1, 25),
    ("export/active/accumulated/tariff2", 46, 3, 3, 3, 1, 25),
    ("import/reactive/accumulated", 19, 3, 3, 3, 1, 22),
    ("export/reactive/accumulated", 20, 3, 3, 3, 1, 22),
    ("import/l1", 25, 0, 2, 4, 0, 22),
    ("import/l2", 26, 0, 2, 4, 0, 22),
    ("import/l3", 27, 0, 2, 4, 0, 22),
    ("export/l1", 28, 0, 2, 4, 0, 22),
    ("export/l2", 29, 0, 2, 4, 0, 22),
    ("export/l3", 30, 0, 2, 4, 0, 22),
    ("powerfactor", 21, 3, 2, 4, 0, 22),
    ("l1/powerfactor", 22, 3, 2, 4, 0, 22),
    ("l2/powerfactor", 23, 3, 2, 4, 0, 22),
    ("l3/powerfactor", 24, 3, 2, 4, 0, 22),
    ("import/l1/accumulated", 37, 3, 2, 4, 0, 25),
    ("import/l2/accumulated", 38, 3, 2, 4, 0, 25),
    ("import/l3/accumulated", 39, 3, 2, 4, 0, 25),
    ("export/l1/accumulated", 40, 3, 2, 4, 0, 25),
    ("export/l2/accumulated", 41, 3, 2, 4, 0, 25),
    ("export/l3/accumulated", 42, 3, 2, 4, 0, 25),
)
_MINIMAL = const(1)  # of mqtt_payload
_POWERS = const(0)
_OLD = const(22)
_NEW = const(25)
_REGISTERS = const(3)  # the list of energy registers

# Of payload 1: the values published, by field.
_before: "list[int | str | None]" = [None] * COUNT


def messages(app: "App", kind: int) -> "Messages":
    """The messages of a kind: (topic, parts of the text, flags); none without a topic."""
    topic = app.config.mqtt_topic
    if topic and kind:
        with visit("mqtt.payloads.raw_more") as more:
            yield from more.messages(app, kind)
    elif topic and app.state.reading:
        yield from _telegram(app, topic + "/meter/", app.state.reading)
        now = app.system.unix_time()
        if app.energy.certain(now):
            yield from _realtime(app, topic + "/realtime/", now)


def _telegram(app: "App", at: str, reading: "Reading") -> "Messages":
    state = app.state
    values: "Reading | State" = state if app.config.mqtt_interval_s else reading
    list_type = values.list_type
    generation = _OLD if app.config.mqtt_generation == "2.2" else _NEW
    if state.reading_unix:
        yield at + "dlms/timestamp", (str(state.reading_unix),), 0
    if list_type > 1:
        retained = int(generation == _NEW and list_type >= _REGISTERS)
        for name, field in (("id", METER_ID), ("type", METER_MODEL)):
            text = state.text(field)
            if text and (list_type >= _REGISTERS or _is_due(app, field, text)):
                yield at + name, (text,), retained
    for name, field, scale, decimals, of_list, flags, since in _ROWS:
        value = values.number(field)
        if value is None or list_type < of_list or generation < since:
            continue
        if scale == _POWERS and generation == _NEW:
            decimals = 0
        if of_list == _REGISTERS or _is_due(app, field, value):
            yield at + name, (fixed(value, scale, decimals),), flags
    if list_type >= _REGISTERS:
        meter_time = meter_utc(reading, app.energy.settler.zone)
        if meter_time is not None:
            yield at + "clock", (str(meter_time),), 0


def _is_due(app: "App", field: int, value: "int | str") -> bool:
    """Whether to publish a value. Payload 1 publishes no value twice in a row."""
    if app.config.mqtt_payload == _MINIMAL and _before[field] == value:
        return False
    _before[field] = value
    return True


def _realtime(app: "App", at: str, now: int) -> "Messages":
    energy = app.energy
    sums = energy.running(now)[:3]
    for way, column in (("import/", IMPORT), ("export/", EXPORT)):
        for i, name in enumerate(("hour", "day", "month")):
            yield at + way + name, (fixed(sums[i][column], 3, 3 - i),), 0
    at += "import/"
    number = 1
    for _, watts in energy.peaks.chosen():
        yield at + "peak/%d" % number, (fixed(watts, 3, 2),), 1
        number += 1
    month = energy.month_value()
    yield at + "threshold", (str(energy.peaks.tariff.step_kw(month)),), 1
    yield at + "monthmax", (fixed(month, 3, 3),), 1
