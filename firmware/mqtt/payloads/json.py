"""Payload 0: one JSON object for each telegram, all messages on one topic, not retained.

Receivers tell messages apart by their members: one with "data" is a telegram, one without "data"
and prices is about the device. The meter id is "id" (AMS reader 2.2) and "meterId" (2.3+).
Registers missing in the telegram are left out: a 0 would reset the receiver's statistics.
"""

from energy.totals import EXPORT, IMPORT
from fmt import fixed, mac, quote
from han import fields
from refine import meter_utc
from system import VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from clock import Zone
    from config import Config
    from energy.ledger import Energy
    from han.fields import Reading
    from state import State
    from system import System

_REGISTERS = (
    ("tPI", fields.ENERGY_IMPORT_WH),
    ("tPIT1", fields.ENERGY_IMPORT_T1_WH),
    ("tPIT2", fields.ENERGY_IMPORT_T2_WH),
    ("tPO", fields.ENERGY_EXPORT_WH),
    ("tPOT1", fields.ENERGY_EXPORT_T1_WH),
    ("tPOT2", fields.ENERGY_EXPORT_T2_WH),
    ("tQI", fields.REACTIVE_ENERGY_IMPORT_VARH),
    ("tQO", fields.REACTIVE_ENERGY_EXPORT_VARH),
    ("tPI1", fields.ENERGY_IMPORT_L1_WH),
    ("tPI2", fields.ENERGY_IMPORT_L2_WH),
    ("tPI3", fields.ENERGY_IMPORT_L3_WH),
    ("tPO1", fields.ENERGY_EXPORT_L1_WH),
    ("tPO2", fields.ENERGY_EXPORT_L2_WH),
    ("tPO3", fields.ENERGY_EXPORT_L3_WH),
)


def telegram(
    state: "State", config: "Config", system: "System", energy: "Energy"
) -> "Iterator[tuple[str, Iterator[str]]]":
    """The message with the newest telegram: (topic, parts of the JSON); none without a topic."""
    if config.mqtt_topic and state.reading:
        yield config.mqtt_topic, _telegram(state.reading, state, config, system, energy)


def about(
    state: "State", config: "Config", system: "System", energy: "Energy"
) -> "Iterator[tuple[str, tuple[str, ...]]]":
    """The message about the device: (topic, parts of the JSON); none without a topic."""
    if config.mqtt_topic:
        yield config.mqtt_topic, (_head(config, system, ""), ',"version":%s}' % quote(VERSION))


def _telegram(
    reading: "Reading", state: "State", config: "Config", system: "System", energy: "Energy"
) -> "Iterator[str]":
    yield _head(config, system, ',"t":%d' % state.reading_unix)
    yield ',"data":{'
    yield from _data(reading, state, energy.settler.zone)
    yield "}"
    now = system.unix_time()
    if energy.certain(now):
        yield from _realtime(energy, now)
    yield "}"


def _head(config: "Config", system: "System", t: str) -> str:
    board = system.board
    return '{"id":"%s","name":%s,"up":%d%s,"vcc":%s,"rssi":%d,"temp":-127.00' % (
        mac(board.mac()),
        quote(config.mqtt_client_id),
        system.uptime_s(),
        t,
        fixed(board.supply_mv(), 3, 3),
        board.rssi_dbm(),
    )


def _data(reading: "Reading", state: "State", zone: "Zone") -> "Iterator[str]":
    """The members of "data" for the list type; a missing value is 0, a missing register none."""
    list_type = reading.list_type
    power = '"P":%d' % (reading.number(fields.POWER_IMPORT_W) or 0)
    if list_type < 2:
        yield power
        return
    meter_id = quote(state.text(fields.METER_ID) or "")
    yield '"lv":%s,"id":%s' % (quote(state.text(fields.LIST_ID) or ""), meter_id)
    model = quote(state.text(fields.METER_MODEL) or "")
    yield ',"meterId":%s,"type":%s,%s' % (meter_id, model, power)
    if list_type > 3:
        yield _phases("P", reading, fields.POWER_IMPORT_L1_W, 0)
    yield ',"Q":%d' % (reading.number(fields.REACTIVE_IMPORT_VAR) or 0)
    yield ',"PO":%d' % (reading.number(fields.POWER_EXPORT_W) or 0)
    if list_type > 3:
        yield _phases("PO", reading, fields.POWER_EXPORT_L1_W, 0)
    yield ',"QO":%d' % (reading.number(fields.REACTIVE_EXPORT_VAR) or 0)
    yield _phases("I", reading, fields.CURRENT_L1_MA, 2)
    yield _phases("U", reading, fields.VOLTAGE_L1_MV, 2)
    if list_type > 3:
        yield ',"PF":' + fixed(reading.number(fields.POWER_FACTOR_PERMILLE) or 0, 3, 2)
        yield _phases("PF", reading, fields.POWER_FACTOR_L1_PERMILLE, 2)
    if list_type > 2:
        for key, register in _REGISTERS:
            value = reading.number(register)
            if value is not None:
                yield ',"%s":%s' % (key, fixed(value, 3, 3))
        meter_time = meter_utc(reading, zone)
        if meter_time is not None:
            yield ',"rtc":%d' % meter_time


def _phases(key: str, reading: "Reading", first: int, decimals: int) -> str:
    """The values of L1, L2 and L3; `first` is the field of L1.

    decimals  0: the value as it is; else the value in thousandths, with so many decimals
    """
    out = ""
    for phase in range(3):
        value = reading.number(first + phase) or 0
        number = fixed(value, 3, decimals) if decimals else str(value)
        out += ',"%s%d":%s' % (key, phase + 1, number)
    return out


def _realtime(energy: "Energy", now: int) -> "Iterator[str]":
    """The member "realtime": energy of this hour, day and month, the tariff's step, the peaks."""
    hour, day, month = energy.running(now)[:3]
    yield ',"realtime":{"h":%s,"d":%s' % (fixed(hour[IMPORT], 3, 3), fixed(day[IMPORT], 3, 2))
    yield ',"m":%s,"t":%d' % (
        fixed(month[IMPORT], 3, 1),
        energy.peaks.tariff.step_kw(energy.month_value()),
    )
    yield ',"x":%s,"he":%s' % (fixed(energy.month_value(), 3, 2), fixed(hour[EXPORT], 3, 3))
    yield ',"de":%s,"me":%s' % (fixed(day[EXPORT], 3, 2), fixed(month[EXPORT], 3, 1))
    yield ',"peaks":[%s]}' % ",".join([fixed(watts, 3, 2) for _, watts in energy.peaks.chosen()])
