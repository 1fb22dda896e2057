"""Aidon: an array of structures [OBIS, value, [scaler, unit]].

Norway   list 1 (2.5 s) active power; list 2 (10 s) 13 items, 12 on an IT grid (no I2), 9 with
         one phase; list 3 (hourly) 5 more: clock and registers of the full hour, in 10 Wh
Sweden   one list of 27 items: no names, clock first, powers per phase, registers in 1 Wh
Source   shapes of captured telegrams
"""

from __future__ import annotations

from . import axdr
from .apdu import data_notification
from .hdlc import frame
from .snapshot import Snapshot, scaled

LIST_ID = "AIDON_V0001"
_W, _VAR, _WH, _VARH, _A, _V = 27, 29, 30, 32, 33, 35


def _item(code: str, value: bytes, scaler: int, unit: int) -> bytes:
    scaler_unit = axdr.structure([axdr.i8(scaler), axdr.enum(unit)])
    return axdr.structure([axdr.obis(code), value, scaler_unit])


def _pair(code: str, value: bytes) -> bytes:
    return axdr.structure([axdr.obis(code), value])


def _names(s: Snapshot) -> list[bytes]:
    return [
        _pair("1-1:0.2.129", axdr.visible_string(LIST_ID)),
        _pair("0-0:96.1.0", axdr.visible_string(s.meter_id)),
        _pair("0-0:96.1.7", axdr.visible_string(s.model)),
    ]


def _powers(s: Snapshot) -> list[bytes]:
    return [
        _item("1-0:1.7.0", axdr.u32(s.power_import_w), 0, _W),
        _item("1-0:2.7.0", axdr.u32(s.power_export_w), 0, _W),
        _item("1-0:3.7.0", axdr.u32(s.reactive_import_var), 0, _VAR),
        _item("1-0:4.7.0", axdr.u32(s.reactive_export_var), 0, _VAR),
    ]


def _phases(s: Snapshot) -> list[bytes]:
    currents = (("31", s.current_l1_ma), ("51", s.current_l2_ma), ("71", s.current_l3_ma))
    voltages = (("32", s.voltage_l1_mv), ("52", s.voltage_l2_mv), ("72", s.voltage_l3_mv))
    items = [
        _item(f"1-0:{c}.7.0", axdr.i16(scaled(ma, 100)), -1, _A)
        for c, ma in currents
        if ma is not None
    ]
    return items + [
        _item(f"1-0:{c}.7.0", axdr.u16(scaled(mv, 100)), -1, _V)
        for c, mv in voltages
        if mv is not None
    ]


def _phase_powers(s: Snapshot) -> list[bytes]:
    rows = (
        (20, s.power_import_l1_w, s.power_export_l1_w),
        (40, s.power_import_l2_w, s.power_export_l2_w),
        (60, s.power_import_l3_w, s.power_export_l3_w),
    )
    reactive = (
        (s.reactive_import_l1_var, s.reactive_export_l1_var),
        (s.reactive_import_l2_var, s.reactive_export_l2_var),
        (s.reactive_import_l3_var, s.reactive_export_l3_var),
    )
    items = []
    for (base, plus, minus), (q_plus, q_minus) in zip(rows, reactive, strict=True):
        cells = ((1, plus, _W), (2, minus, _W), (3, q_plus, _VAR), (4, q_minus, _VAR))
        items += [
            _item(f"1-0:{base + column}.7.0", axdr.u32(value or 0), 0, unit)
            for column, value, unit in cells
        ]
    return items


def _registers(s: Snapshot, scaler: int) -> list[bytes]:
    rows = (
        ("1", s.energy_import_wh, _WH),
        ("2", s.energy_export_wh, _WH),
        ("3", s.reactive_energy_import_varh, _VARH),
        ("4", s.reactive_energy_export_varh, _VARH),
    )
    return [
        _item(f"1-0:{c}.8.0", axdr.u32(value // 10**scaler), scaler, unit)
        for c, value, unit in rows
    ]


def _clock(s: Snapshot, deviation_min: int | None, status: int, weekday: bool) -> bytes:
    if s.clock is None:
        raise ValueError("this list has a clock, the snapshot has none")
    stamp = axdr.date_time(s.clock, deviation_min, status, weekday)
    return _pair("0-0:1.0.0", axdr.octet_string(stamp))


def _frame(items: list[bytes]) -> bytes:
    return frame(data_notification(axdr.array(items)), b"\x41", b"\x08\x83", 0x13)


def list1(s: Snapshot) -> bytes:
    """Norway, every 2.5 s: only active power import."""
    return _frame(_powers(s)[:1])


def list2(s: Snapshot) -> bytes:
    """Norway, every 10 s: names, powers, currents and voltages; None is left out."""
    return _frame(_names(s) + _powers(s) + _phases(s))


def list3(s: Snapshot) -> bytes:
    """Norway, hourly: list 2, then clock (deviation always 0) and registers."""
    clock = _clock(s, 0, 0, weekday=False)
    return _frame(_names(s) + _powers(s) + _phases(s) + [clock] + _registers(s, 1))


def push_se(s: Snapshot) -> bytes:
    """Sweden, every 10 s: 27 items."""
    items = [_clock(s, None, 0xFF, weekday=True), *_powers(s), *_phases(s), *_phase_powers(s)]
    return _frame(items + _registers(s, 0))
