"""Payload format 0: one JSON object a telegram, everything on the one topic, not retained.

Receivers know messages by their members: "data" is a telegram, neither that nor prices is system.
The meter's number goes out as "id" (2.2) and as "meterId" (2.3+). A counter that the telegram did
not carry is left out, as a 0 would reset the statistics of its reader.
"""

import meter_clock
from energy.accounting import EXPORT, IMPORT
from fmt import fixed, mac, quote
from han.fields import (
    CURRENT_L1_MA,
    ENERGY_EXPORT_L1_WH,
    ENERGY_EXPORT_L2_WH,
    ENERGY_EXPORT_L3_WH,
    ENERGY_EXPORT_T1_WH,
    ENERGY_EXPORT_T2_WH,
    ENERGY_EXPORT_WH,
    ENERGY_IMPORT_L1_WH,
    ENERGY_IMPORT_L2_WH,
    ENERGY_IMPORT_L3_WH,
    ENERGY_IMPORT_T1_WH,
    ENERGY_IMPORT_T2_WH,
    ENERGY_IMPORT_WH,
    LIST_ID,
    METER_ID,
    METER_MODEL,
    POWER_EXPORT_L1_W,
    POWER_EXPORT_W,
    POWER_FACTOR_L1_PERMILLE,
    POWER_FACTOR_PERMILLE,
    POWER_IMPORT_L1_W,
    POWER_IMPORT_W,
    REACTIVE_ENERGY_EXPORT_VARH,
    REACTIVE_ENERGY_IMPORT_VARH,
    REACTIVE_EXPORT_VAR,
    REACTIVE_IMPORT_VAR,
    VOLTAGE_L1_MV,
)
from system import VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from config import Config
    from energy.domain import Energy
    from han.fields import Reading
    from state import State
    from system import System

_PHASES = (1, 2, 3)
_COUNTERS = (
    ("tPI", ENERGY_IMPORT_WH),
    ("tPIT1", ENERGY_IMPORT_T1_WH),
    ("tPIT2", ENERGY_IMPORT_T2_WH),
    ("tPO", ENERGY_EXPORT_WH),
    ("tPOT1", ENERGY_EXPORT_T1_WH),
    ("tPOT2", ENERGY_EXPORT_T2_WH),
    ("tQI", REACTIVE_ENERGY_IMPORT_VARH),
    ("tQO", REACTIVE_ENERGY_EXPORT_VARH),
    ("tPI1", ENERGY_IMPORT_L1_WH),
    ("tPI2", ENERGY_IMPORT_L2_WH),
    ("tPI3", ENERGY_IMPORT_L3_WH),
    ("tPO1", ENERGY_EXPORT_L1_WH),
    ("tPO2", ENERGY_EXPORT_L2_WH),
    ("tPO3", ENERGY_EXPORT_L3_WH),
)


def telegram(
    state: "State", config: "Config", system: "System", energy: "Energy"
) -> "Iterator[tuple[str, str]]":
    """(topic, body) messages for the newest telegram."""
    topic = config.mqtt_topic
    if topic and state.reading:
        body = _head(config, system, ',"t":%d' % state.reading_unix)
        data = _data(state.reading, state, config.timezone)
        yield topic, body + ',"data":{' + data + "}" + _realtime(system, energy) + "}"


def about(
    state: "State", config: "Config", system: "System", energy: "Energy"
) -> "Iterator[tuple[str, str]]":
    """(topic, body) messages about the device: on connect and every minute."""
    topic = config.mqtt_topic
    if topic:
        yield topic, _head(config, system, "") + ',"version":' + quote(VERSION) + "}"


def _realtime(system: "System", energy: "Energy") -> str:
    """The realtime member: accounting, once clock and state are valid; "" before."""
    now = system.unix_time()
    if not energy.certain(now):
        return ""
    hour, day, month = energy.running(now)[:3]
    peaks = ",".join([fixed(watts, 3, 2) for _, watts in energy.peaks_chosen()])
    return (
        ',"realtime":{"h":%s,"d":%s,"m":%s,"t":%d,"x":%s,"he":%s,"de":%s,"me":%s,"peaks":[%s]}'
        % (
            fixed(hour[IMPORT], 3, 3),
            fixed(day[IMPORT], 3, 2),
            fixed(month[IMPORT], 3, 1),
            energy.step_kw(),
            fixed(energy.month_value(), 3, 2),
            fixed(hour[EXPORT], 3, 3),
            fixed(day[EXPORT], 3, 2),
            fixed(month[EXPORT], 3, 1),
            peaks,
        )
    )


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


def _data(reading: "Reading", state: "State", zone: str) -> str:
    list_type = reading.list_type
    if list_type < 2:
        return '"P":%d' % (reading.number(POWER_IMPORT_W) or 0)
    meter_id = quote(state.text(METER_ID) or "")
    out = '"lv":%s,"id":%s,"meterId":%s,"type":%s,"P":%d' % (
        quote(state.text(LIST_ID) or ""),
        meter_id,
        meter_id,
        quote(state.text(METER_MODEL) or ""),
        reading.number(POWER_IMPORT_W) or 0,
    )
    if list_type > 3:
        out += _whole("P", reading, POWER_IMPORT_L1_W)
    out += ',"Q":%d' % (reading.number(REACTIVE_IMPORT_VAR) or 0)
    out += ',"PO":%d' % (reading.number(POWER_EXPORT_W) or 0)
    if list_type > 3:
        out += _whole("PO", reading, POWER_EXPORT_L1_W)
    out += ',"QO":%d' % (reading.number(REACTIVE_EXPORT_VAR) or 0)
    out += _hundredths("I", reading, CURRENT_L1_MA) + _hundredths("U", reading, VOLTAGE_L1_MV)
    if list_type > 3:
        out += ',"PF":' + fixed(reading.number(POWER_FACTOR_PERMILLE) or 0, 3, 2)
        out += _hundredths("PF", reading, POWER_FACTOR_L1_PERMILLE)
    if list_type > 2:
        for key, register in _COUNTERS:
            value = reading.number(register)
            if value is not None:
                out += ',"%s":%s' % (key, fixed(value, 3, 3))
        meter_time = meter_clock.utc(reading, zone)
        if meter_time is not None:
            out += ',"rtc":%d' % meter_time
    return out


def _whole(key: str, reading: "Reading", first: int) -> str:
    return "".join([',"%s%d":%d' % (key, p, reading.number(first + p - 1) or 0) for p in _PHASES])


def _hundredths(key: str, reading: "Reading", first: int) -> str:
    return "".join(
        [',"%s%d":%s' % (key, p, fixed(reading.number(first + p - 1) or 0, 3, 2)) for p in _PHASES]
    )
