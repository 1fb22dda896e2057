"""Kamstrup: the list's name, then OBIS codes and values in turn. No scalers are sent.

Norway, Sweden   25 items every 10 s, hourly 35: clock and registers. With one phase the missing
                 pairs are sent as two nulls each
Denmark          65 items every 10 s, registers first, with values per phase; one phase: 37 items
Units            W, var, 10 mA, 1 V (u16), 10 Wh, 1/100 for power factors; the codes have A-B 1-1
Source           shapes of captured telegrams
"""

from __future__ import annotations

from collections.abc import Iterable

from . import axdr
from .apdu import data_notification
from .hdlc import frame
from .snapshot import Snapshot, scaled

LIST_ID = "Kamstrup_V0001"
_Pair = tuple[str, bytes | None]  # code without A-B; encoded value, None for a missing phase


def _names(s: Snapshot) -> list[_Pair]:
    return [
        ("1-1:0.0.5", axdr.visible_string(s.meter_id)),
        ("1-1:96.1.1", axdr.visible_string(s.model)),
    ]


def _powers(s: Snapshot) -> list[_Pair]:
    return [
        ("1-1:1.7.0", axdr.u32(s.power_import_w)),
        ("1-1:2.7.0", axdr.u32(s.power_export_w)),
        ("1-1:3.7.0", axdr.u32(s.reactive_import_var)),
        ("1-1:4.7.0", axdr.u32(s.reactive_export_var)),
    ]


def _row(column: int, group: int, values: Iterable[bytes | None]) -> list[_Pair]:
    """One quantity of L1..L3: the C group is 20, 40, 60 plus the column."""
    return [
        (f"1-1:{base + column}.{group}.0", value)
        for base, value in zip((20, 40, 60), values, strict=True)
    ]


def _u32(value: int | None, unit: int = 1) -> bytes | None:
    return None if value is None else axdr.u32(value // unit)


def _currents(s: Snapshot, unit_ma: int) -> list[_Pair]:
    values = (s.current_l1_ma, s.current_l2_ma, s.current_l3_ma)
    return _row(11, 7, [None if ma is None else axdr.u32(scaled(ma, unit_ma)) for ma in values])


def _voltages(s: Snapshot) -> list[_Pair]:
    values = (s.voltage_l1_mv, s.voltage_l2_mv, s.voltage_l3_mv)
    return _row(12, 7, [None if mv is None else axdr.u16(scaled(mv, 1000)) for mv in values])


def _registers(s: Snapshot, unit_wh: int) -> list[_Pair]:
    return [
        ("1-1:1.8.0", _u32(s.energy_import_wh, unit_wh)),
        ("1-1:2.8.0", _u32(s.energy_export_wh, unit_wh)),
        ("1-1:3.8.0", _u32(s.reactive_energy_import_varh, unit_wh)),
        ("1-1:4.8.0", _u32(s.reactive_energy_export_varh, unit_wh)),
    ]


def _clock(s: Snapshot) -> list[_Pair]:
    if s.clock is None:
        raise ValueError("this list has a clock, the snapshot has none")
    return [("0-1:1.0.0", axdr.octet_string(axdr.date_time(s.clock)))]


def _frame(pairs: Iterable[_Pair], s: Snapshot) -> bytes:
    if s.sent_at is None:
        raise ValueError("the date-time of the APDU needs sent_at")
    items = [axdr.visible_string(LIST_ID)]
    for code, value in pairs:
        items += [axdr.null(), axdr.null()] if value is None else [axdr.obis(code), value]
    body = axdr.structure(items)
    apdu = data_notification(body, axdr.date_time(s.sent_at), invoke_id=0)
    return frame(apdu, b"\x2b", b"\x21", 0x13)


def list2(s: Snapshot, current_unit_ma: int = 10) -> bytes:
    """Norway and Sweden, every 10 s: 25 items."""
    return _frame(_names(s) + _powers(s) + _currents(s, current_unit_ma) + _voltages(s), s)


def list3(s: Snapshot, current_unit_ma: int = 10, energy_unit_wh: int = 10) -> bytes:
    """Norway and Sweden, hourly: list 2, then clock and registers: 35 items."""
    pairs = _names(s) + _powers(s) + _currents(s, current_unit_ma) + _voltages(s)
    return _frame(pairs + _clock(s) + _registers(s, energy_unit_wh), s)


def push_dk(s: Snapshot, current_unit_ma: int = 10, energy_unit_wh: int = 10) -> bytes:
    """Denmark, every 10 s: 65 items; missing phases are left out (37 items).

    current_unit_ma  1 for meters on current transformers
    energy_unit_wh   1 for meters with registers in Wh
    """
    pairs = _registers(s, energy_unit_wh)
    pairs += [("1-1:0.0.1", axdr.u32(s.serial))]
    pairs += _powers(s) + _clock(s) + _voltages(s) + _currents(s, current_unit_ma)
    pairs += _dk_phases(s, energy_unit_wh)
    return _frame([pair for pair in pairs if pair[1] is not None], s)


def _factor(permille: int | None) -> bytes | None:
    return None if permille is None else axdr.u16(scaled(permille, 10))


def _dk_phases(s: Snapshot, unit_wh: int) -> list[_Pair]:
    plus = (s.power_import_l1_w, s.power_import_l2_w, s.power_import_l3_w)
    minus = (s.power_export_l1_w, s.power_export_l2_w, s.power_export_l3_w)
    factors = (
        s.power_factor_l1_permille,
        s.power_factor_l2_permille,
        s.power_factor_l3_permille,
    )
    exported = (s.energy_export_l1_wh, s.energy_export_l2_wh, s.energy_export_l3_wh)
    imported = (s.energy_import_l1_wh, s.energy_import_l2_wh, s.energy_import_l3_wh)
    pairs = _row(1, 7, map(_u32, plus)) + _row(13, 7, map(_factor, factors))
    pairs += [("1-1:13.7.0", _factor(s.power_factor_permille))]
    pairs += _row(2, 7, map(_u32, minus))
    pairs += _row(2, 8, [_u32(wh, unit_wh) for wh in exported])
    return pairs + _row(1, 8, [_u32(wh, unit_wh) for wh in imported])
