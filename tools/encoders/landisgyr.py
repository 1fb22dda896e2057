"""Landis+Gyr: E450 by position, as pairs, as push-object-list; E350 with the Embriq module.

Burgenland   14 items, or 11 without the three of unknown meaning
Austria      33 items: a clock and pairs of code and value (CII)
Switzerland  a push-object-list: an array of [class, code, attribute, index], then the values
Norway       Embriq: Aidon's shape, names padded with NUL, currents in 0.01 A
Units        W, Wh, varh, 1 V, 0.01 A; only Embriq sends scalers
Output       the information field: LLC header and APDU
Source       shapes of captured telegrams
"""

from __future__ import annotations

from . import axdr
from .apdu import data_notification
from .iskra import Registers
from .snapshot import Snapshot, scaled

_CODE_OF_SETUP = "0-8:25.9.0"


def _info(s: Snapshot, body: bytes) -> bytes:
    if s.sent_at is None:
        raise ValueError("the date-time of the APDU needs sent_at")
    return data_notification(body, axdr.date_time(s.sent_at, s.deviation_min))


def _volts(s: Snapshot, unit_mv: int) -> list[bytes]:
    voltages = (s.voltage_l1_mv, s.voltage_l2_mv, s.voltage_l3_mv)
    return [axdr.u16(scaled(mv or 0, unit_mv)) for mv in voltages]


def _amperes(s: Snapshot) -> list[bytes]:
    return [
        axdr.u16(scaled(n or 0, 10)) for n in (s.current_l1_ma, s.current_l2_ma, s.current_l3_ma)
    ]


def burgenland(s: Snapshot, short: bool = False) -> bytes:
    """By position. short: without the three items of unknown meaning."""
    numbers = (s.power_import_w, s.power_export_w, s.energy_import_wh, s.energy_export_wh)
    items = _volts(s, 1000) + _amperes(s) + [axdr.u32(n) for n in numbers]
    if not short:
        items += [axdr.u16(400), axdr.u16(53), axdr.u16(295)]
    return _info(s, axdr.structure([*items, axdr.octet_string(s.meter_id.encode())]))


def pairs(s: Snapshot, r: Registers) -> bytes:
    """The clock, then 16 pairs of code and value; no values per phase."""
    if s.clock is None:
        raise ValueError("this list has a clock, the snapshot has none")
    rows = (
        ("1.8.0", s.energy_import_wh),
        ("1.8.1", r.import_t1),
        ("1.8.2", r.import_t2),
        ("1.7.0", s.power_import_w),
        ("2.8.0", s.energy_export_wh),
        ("2.8.1", r.export_t1),
        ("2.8.2", r.export_t2),
        ("2.7.0", s.power_export_w),
        ("3.8.0", s.reactive_energy_import_varh),
        ("3.8.1", s.reactive_energy_import_varh),
        ("3.8.2", 0),
        ("3.7.0", s.reactive_import_var),
        ("4.8.0", s.reactive_energy_export_varh),
        ("4.8.1", s.reactive_energy_export_varh),
        ("4.8.2", 0),
        ("4.7.0", s.reactive_export_var),
    )
    items = [axdr.octet_string(axdr.date_time(s.clock, s.deviation_min))]
    for code, value in rows:
        items += [axdr.obis(f"1-0:{code}"), axdr.u32(value)]
    return _info(s, axdr.structure(items))


def objects(s: Snapshot, r: Registers, *, members: int = 4, unit_mv: int = 1000) -> bytes:
    """A push-object-list and the values of its entries; reactive energy by quadrant."""
    values: list[tuple[int, str, int, bytes]] = [
        (1, "0-0:96.1.0", 2, axdr.octet_string(s.meter_id.encode())),
        (3, "1-0:1.7.0", 2, axdr.u32(s.power_import_w)),
        (3, "1-0:2.7.0", 2, axdr.u32(s.power_export_w)),
        (3, "1-1:1.8.0", 2, axdr.u32(s.energy_import_wh)),
        (3, "1-1:2.8.0", 2, axdr.u32(s.energy_export_wh)),
    ]
    values += [(3, f"1-1:{5 + i}.8.0", 2, axdr.u32(n)) for i, n in enumerate(r.quadrants)]
    currents = zip((31, 51, 71), _amperes(s), strict=True)
    values += [(3, f"1-0:{c}.7.0", 2, value) for c, value in currents]
    voltages = zip((32, 52, 72), _volts(s, unit_mv), strict=True)
    values += [(3, f"1-0:{c}.7.0", 2, value) for c, value in voltages]
    setup = (40, _CODE_OF_SETUP, 1, axdr.obis(_CODE_OF_SETUP))
    entries = [(40, _CODE_OF_SETUP, 2), *[row[:3] for row in (setup, *values)]]
    rest = [axdr.u16(0)] * (members - 3)
    described = [
        axdr.structure([axdr.u16(k), axdr.obis(code), axdr.i8(attribute), *rest])
        for k, code, attribute in entries
    ]
    items = [axdr.array(described), setup[3], *[row[3] for row in values]]
    return _info(s, axdr.structure(items))


def embriq(s: Snapshot) -> bytes:
    """The E350's list 2: 13 structures; the type is four NULs, as from some modules."""

    def text(code: str, value: str, size: int) -> bytes:
        padded = axdr.visible_string(value.ljust(size, "\0"))
        return axdr.structure([axdr.obis(code), padded])

    def item(code: str, value: bytes, exponent: int, unit: int) -> bytes:
        scaler = axdr.structure([axdr.i8(exponent), axdr.enum(unit)])
        return axdr.structure([axdr.obis(code), value, scaler])

    items = [text("1-1:0.2.129", "EMBRIQ_V1_1", 16), text("0-0:96.1.0", s.meter_id, 16)]
    items.append(text("0-0:96.1.7", "", 4))
    powers = ((1, s.power_import_w, 27), (2, s.power_export_w, 27))
    powers += ((3, s.reactive_import_var, 29), (4, s.reactive_export_var, 29))
    items += [item(f"1-0:{c}.7.0", axdr.u32(n), 0, unit) for c, n, unit in powers]
    currents = zip((31, 51, 71), _amperes(s), strict=True)
    items += [item(f"1-0:{c}.7.0", value, -2, 33) for c, value in currents]
    voltages = zip((32, 52, 72), _volts(s, 100), strict=True)
    items += [item(f"1-0:{c}.7.0", value, -1, 35) for c, value in voltages]
    return data_notification(axdr.array(items))
