"""Austrian lists with scalers: Sagemcom T210-D and Kaifa MA309, flat or in structures.

Flat        Netz NOe, 35 items: clock, [code, value, [scaler, unit]] x 11, the meter's number
Structures  TINETZ, Salzburg, Vorarlberg; Kaifa: clock flat, 14 structures, 10 with one phase
Units       scalers are sent: 0.1 V, 0.01 A, power factor 0.001, else 1
Output      the APDU without LLC header, for M-Bus; most meters cipher it
Source      shapes of captured telegrams; the list published by Netz NOe
"""

from __future__ import annotations

from . import axdr
from .apdu import LLC, data_notification
from .snapshot import Snapshot, scaled

_W, _WH, _VARH, _A, _V, _NO_UNIT = 27, 30, 32, 33, 35, 255

_Row = tuple[str, bytes, int, int]


def _apdu(s: Snapshot, items: list[bytes]) -> bytes:
    if s.sent_at is None:
        raise ValueError("the date-time of the APDU needs sent_at")
    stamp = axdr.date_time(s.sent_at, s.deviation_min, 0x80 if s.summer_time else 0)
    return data_notification(axdr.structure(items), stamp)[len(LLC) :]


def _clock(s: Snapshot) -> bytes:
    if s.clock is None:
        raise ValueError("this list has a clock, the snapshot has none")
    status = 0x80 if s.summer_time else 0
    return axdr.octet_string(axdr.date_time(s.clock, s.deviation_min, status))


def _scaler(row: _Row) -> bytes:
    return axdr.structure([axdr.i8(row[2]), axdr.enum(row[3])])


def _phases(s: Snapshot, count: int) -> list[_Row]:
    voltages = (s.voltage_l1_mv, s.voltage_l2_mv, s.voltage_l3_mv)[:count]
    currents = (s.current_l1_ma, s.current_l2_ma, s.current_l3_ma)[:count]
    rows = [
        (f"1-0:{32 + 20 * i}.7.0", axdr.u16(scaled(mv or 0, 100)), -1, _V)
        for i, mv in enumerate(voltages)
    ]
    return rows + [
        (f"1-0:{31 + 20 * i}.7.0", axdr.u16(scaled(ma or 0, 10)), -2, _A)
        for i, ma in enumerate(currents)
    ]


def _active(s: Snapshot) -> list[_Row]:
    return [
        ("1-0:1.7.0", axdr.u32(s.power_import_w), 0, _W),
        ("1-0:2.7.0", axdr.u32(s.power_export_w), 0, _W),
    ]


def _energy(s: Snapshot) -> list[_Row]:
    return [
        ("1-0:1.8.0", axdr.u32(s.energy_import_wh), 0, _WH),
        ("1-0:2.8.0", axdr.u32(s.energy_export_wh), 0, _WH),
    ]


def flat(s: Snapshot, signed_factor: bool = False) -> bytes:
    """Netz NOe: 35 items."""
    factor = s.power_factor_permille or 0
    number = axdr.i16(factor) if signed_factor else axdr.u16(factor)
    rows = [*_energy(s), *_active(s), *_phases(s, 3), ("1-0:13.7.0", number, -3, _NO_UNIT)]
    items = [_clock(s)]
    for row in rows:
        items += [axdr.obis(row[0]), row[1], _scaler(row)]
    return _apdu(s, [*items, axdr.octet_string(s.meter_id.encode())])


def structures(s: Snapshot, device: str = "KFM1200200000001") -> bytes:
    """TINETZ and Salzburg: 16 items, 12 with one phase."""
    reactive: list[_Row] = [
        ("1-0:3.8.0", axdr.u32(s.reactive_energy_import_varh), 0, _VARH),
        ("1-0:4.8.0", axdr.u32(s.reactive_energy_export_varh), 0, _VARH),
    ]
    phases = _phases(s, 1 if s.current_l3_ma is None else 3)
    items = [axdr.obis("0-0:1.0.0"), _clock(s)]
    for code, text in (("0-0:96.1.0", s.meter_id), ("0-0:42.0.0", device)):
        items.append(axdr.structure([axdr.obis(code), axdr.octet_string(text.encode())]))
    for row in [*phases, *_active(s), *_energy(s), *reactive]:
        items.append(axdr.structure([axdr.obis(row[0]), row[1], _scaler(row)]))
    return _apdu(s, items)
