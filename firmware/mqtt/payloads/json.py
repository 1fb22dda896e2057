"""Payload format 0: one JSON object a telegram, everything on the one topic, not retained.

Receivers know messages by their members: "data" is a telegram, neither that nor prices is system.
The meter's number goes out as "id" (2.2) and as "meterId" (2.3+). A counter that the telegram did
not carry is left out, as a 0 would reset the statistics of its reader.
"""

import meter_clock
from energy.accounting import EXPORT, IMPORT
from fmt import fixed, mac, quote
from han.reading import NAMES
from system import VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from config import Config
    from energy.domain import Energy
    from han.reading import Reading
    from state import State
    from system import System

_PHASES = (1, 2, 3)
_U = NAMES.index("voltage_l1_mv")
_I = NAMES.index("current_l1_ma")
_P = NAMES.index("power_import_l1_w")
_PO = NAMES.index("power_export_l1_w")
_PF = NAMES.index("power_factor_l1_permille")
# Key and field of each counter; read once, to the same in two rows.
_COUNTERS = """
tPI energy_import_wh
tPIT1 energy_import_t1_wh
tPIT2 energy_import_t2_wh
tPO energy_export_wh
tPOT1 energy_export_t1_wh
tPOT2 energy_export_t2_wh
tQI reactive_energy_import_varh
tQO reactive_energy_export_varh
tPI1 energy_import_l1_wh
tPI2 energy_import_l2_wh
tPI3 energy_import_l3_wh
tPO1 energy_export_l1_wh
tPO2 energy_export_l2_wh
tPO3 energy_export_l3_wh
"""
_KEYS = _COUNTERS.split()[::2]
_REGISTERS = bytes([NAMES.index(name) for name in _COUNTERS.split()[1::2]])


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
    v = reading.values
    list_type = reading.list_type
    if list_type < 2:
        return '"P":%d' % (reading.power_import_w or 0)
    meter_id = quote(state.meter_id or "")
    out = '"lv":%s,"id":%s,"meterId":%s,"type":%s,"P":%d' % (
        quote(state.list_id or ""),
        meter_id,
        meter_id,
        quote(state.meter_model or ""),
        reading.power_import_w or 0,
    )
    if list_type > 3:
        out += _whole("P", v, _P)
    out += ',"Q":%d,"PO":%d' % (reading.reactive_import_var or 0, reading.power_export_w or 0)
    if list_type > 3:
        out += _whole("PO", v, _PO)
    out += ',"QO":%d' % (reading.reactive_export_var or 0)
    out += _hundredths("I", v, _I) + _hundredths("U", v, _U)
    if list_type > 3:
        out += ',"PF":' + fixed(reading.power_factor_permille or 0, 3, 2)
        out += _hundredths("PF", v, _PF)
    if list_type > 2:
        for i in range(len(_KEYS)):
            value = v[_REGISTERS[i]]
            if value is not None:
                out += ',"%s":%s' % (_KEYS[i], fixed(value, 3, 3))
        meter_time = meter_clock.utc(reading, zone)
        if meter_time is not None:
            out += ',"rtc":%d' % meter_time
    return out


def _whole(key: str, values: "list[Any]", first: int) -> str:
    return "".join([',"%s%d":%d' % (key, p, values[first + p - 1] or 0) for p in _PHASES])


def _hundredths(key: str, values: "list[Any]", first: int) -> str:
    return "".join(
        [',"%s%d":%s' % (key, p, fixed(values[first + p - 1] or 0, 3, 2)) for p in _PHASES]
    )
