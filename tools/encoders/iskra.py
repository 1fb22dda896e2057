"""Iskraemeco: values by position, most lists after the device name; AM550 also as structures.

Slovenia  18 items, 10 with one phase (1 to 5 s); 12 with "UP_3f", 9 and 8 with one phase;
          registers (15 min) in 12, 10, 9 and 4 items
Croatia   33 items (IE.5), 28 without quadrants and power factor
Austria   12 items after the code of the push setup
Others    15 items (Switzerland, from descriptions), structures with scalers
Units     W, var, 0.1 V, 0.01 A, Wh, varh, power factor 0.001
Output    the information field: LLC header and APDU; in_frames() puts it into HDLC
Source    shapes of captured telegrams
"""

from __future__ import annotations

from dataclasses import dataclass

from . import axdr
from .apdu import data_notification
from .hdlc import frame
from .snapshot import Snapshot, scaled

DEVICE = "ISK1030123456789"
_SEGMENT = 149  # octets of the information field in a frame of 164
_DST = b"\xcf"
_SRC = b"\x02\x23"


@dataclass(frozen=True)
class Registers:
    """Registers of tariffs and quadrants, which Snapshot does not have, in Wh and varh."""

    import_t1: int = 0
    import_t2: int = 0
    export_t1: int = 0
    export_t2: int = 0
    quadrants: tuple[int, int, int, int] = (0, 0, 0, 0)
    limiter_w: int = 17250


def in_frames(info: bytes) -> bytes:
    """The information field as segments in HDLC frames."""
    parts = [info[at : at + _SEGMENT] for at in range(0, len(info), _SEGMENT)]
    last = len(parts) - 1
    return b"".join(
        frame(part, _DST, _SRC, 0x13 if i == last else 0x03, segmented=i < last)
        for i, part in enumerate(parts)
    )


def _text(value: str) -> bytes:
    return axdr.octet_string(value.encode("ascii"))


def _info(s: Snapshot, items: list[bytes]) -> bytes:
    if s.sent_at is None:
        raise ValueError("the date-time of the APDU needs sent_at")
    status = 0x80 if s.summer_time else 0
    stamp = axdr.date_time(s.sent_at, s.deviation_min, status)
    return data_notification(axdr.structure(items), stamp)


def _active(s: Snapshot) -> list[bytes]:
    return [axdr.u32(s.power_import_w), axdr.u32(s.power_export_w)]


def _powers(s: Snapshot) -> list[bytes]:
    return [*_active(s), axdr.u32(s.reactive_import_var), axdr.u32(s.reactive_export_var)]


def _volts(s: Snapshot, phases: int = 3) -> list[bytes]:
    voltages = (s.voltage_l1_mv, s.voltage_l2_mv, s.voltage_l3_mv)[:phases]
    return [axdr.u16(scaled(mv or 0, 100)) for mv in voltages]


def _amperes(s: Snapshot, phases: int = 3) -> list[bytes]:
    currents = (s.current_l1_ma, s.current_l2_ma, s.current_l3_ma)[:phases]
    return [axdr.u16(scaled(ma or 0, 10)) for ma in currents]


def _phase_powers(s: Snapshot) -> list[bytes]:
    plus = (s.power_import_l1_w, s.power_import_l2_w, s.power_import_l3_w)
    minus = (s.power_export_l1_w, s.power_export_l2_w, s.power_export_l3_w)
    return [axdr.u32(w or 0) for w in plus + minus]


def _tariffs(s: Snapshot, r: Registers) -> list[bytes]:
    registers = (s.energy_import_wh, r.import_t1, r.import_t2)
    registers += (s.energy_export_wh, r.export_t1, r.export_t2)
    return [axdr.u32(wh) for wh in registers]


def _names(s: Snapshot) -> list[bytes]:
    return [_text(DEVICE), _text(s.meter_id)]


def phases_18(s: Snapshot) -> bytes:
    """Three phases: powers, U, I, powers of each phase."""
    return _info(s, _names(s) + _powers(s) + _volts(s) + _amperes(s) + _phase_powers(s))


def phases_12(s: Snapshot) -> bytes:
    """Three phases: U, I, powers."""
    return _info(s, _names(s) + _volts(s) + _amperes(s) + _powers(s))


def phase_10(s: Snapshot) -> bytes:
    """One phase: powers, U, I, the phase's powers."""
    own = [axdr.u32(s.power_import_l1_w or 0), axdr.u32(s.power_export_l1_w or 0)]
    return _info(s, _names(s) + _powers(s) + _volts(s, 1) + _amperes(s, 1) + own)


def phase_9(s: Snapshot) -> bytes:
    """One phase: powers, U, two registers that are 0 in every capture."""
    return _info(s, _names(s) + _powers(s) + _volts(s, 1) + [axdr.u32(0), axdr.u32(0)])


def phase_8(s: Snapshot) -> bytes:
    """One phase: U, I, powers."""
    return _info(s, _names(s) + _volts(s, 1) + _amperes(s, 1) + _powers(s))


def counters_12(s: Snapshot, r: Registers) -> bytes:
    """Every 15 minutes: disconnector, tariff, registers."""
    reactive = [s.reactive_energy_import_varh, s.reactive_energy_export_varh]
    state = [axdr.enum(1), axdr.octet_string(b"\x00\x01")]
    registers = _tariffs(s, r) + [axdr.u32(varh) for varh in reactive]
    return _info(s, _names(s) + state + registers)


def counters_10(s: Snapshot, r: Registers, reactive: tuple[int, int, int, int]) -> bytes:
    """Tariffs without totals; reactive: import T1, T2, export T1, T2."""
    registers = (r.import_t1, r.import_t2, r.export_t1, r.export_t2, *reactive)
    return _info(s, _names(s) + [axdr.u32(n) for n in registers])


def counters_9(s: Snapshot, r: Registers) -> bytes:
    """The device name, then powers and registers."""
    return _info(s, _names(s)[:1] + _active(s) + _tariffs(s, r))


def counters_4(s: Snapshot) -> bytes:
    """Every 15 minutes: the meter's number and both totals."""
    totals = [axdr.u32(s.energy_import_wh), axdr.u32(s.energy_export_wh)]
    return _info(s, [_text(s.meter_id), axdr.u8(0), *totals])


def _parts_of_time(s: Snapshot) -> list[bytes]:
    if s.sent_at is None:
        raise ValueError("the clock of this list needs sent_at")
    t = s.sent_at
    time = bytes([t.hour, t.minute, t.second, 0])
    date = t.year.to_bytes(2, "big") + bytes([t.month, t.day, t.isoweekday()])
    return [axdr.octet_string(time), axdr.octet_string(date)]


def _croatian(s: Snapshot, r: Registers, middle: list[bytes], factor: list[bytes]) -> bytes:
    limits = [axdr.array([axdr.u16(9400)]) for _ in range(3)]
    items = [_text(s.meter_id), *_parts_of_time(s), *_tariffs(s, r), *middle, *_active(s)]
    items += [*factor, *_phase_powers(s), *_volts(s), *_amperes(s), axdr.u32(r.limiter_w)]
    return _info(s, [*items, *limits, b"\x03\x01"])


def croatia_33(s: Snapshot, r: Registers) -> bytes:
    """IE.5: all 33 items, with quadrants and power factor."""
    quadrants = [axdr.u32(varh) for varh in r.quadrants]
    return _croatian(s, r, quadrants, [axdr.u16(s.power_factor_permille or 0)])


def croatia_28(s: Snapshot, r: Registers) -> bytes:
    """IE.5 without quadrants and power factor."""
    return _croatian(s, r, [], [])


def austria_12(s: Snapshot) -> bytes:
    """Kaernten: the push setup's code, number, time, registers, powers."""
    items = [axdr.obis("0-6:25.9.0"), _text(s.meter_id), *_parts_of_time(s)]
    items += [axdr.u32(n) for n in s.registers()] + _active(s)
    return _info(s, [*items, axdr.octet_string(b""), axdr.octet_string(b"")])


def switzerland_15(s: Snapshot, r: Registers) -> bytes:
    """Registers, clock, powers, I, U of the outer phases."""
    if s.clock is None:
        raise ValueError("this list has a clock, the snapshot has none")
    clock = axdr.octet_string(axdr.date_time(s.clock, s.deviation_min))
    volts = _volts(s)
    items = [*_tariffs(s, r), axdr.octet_string(b""), clock, *reversed(_active(s))]
    return _info(s, [*items, *_amperes(s), volts[0], volts[2]])


def structures(s: Snapshot, r: Registers) -> bytes:
    """AM550: 16 structures of code, value, [scaler, unit]; no clock."""
    voltages = zip((32, 52, 72), _volts(s), strict=True)
    currents = zip((31, 51, 71), _amperes(s), strict=True)
    rows = [(f"1-0:{c}.7.0", value, -1, 35) for c, value in voltages]
    rows += [(f"1-0:{c}.7.0", value, -2, 33) for c, value in currents]
    rows += [(f"1-0:{c}.7.0", value, 0, 27) for c, value in zip((1, 2), _active(s), strict=True)]
    codes = ("1.8.0", "1.8.1", "1.8.2", "2.8.0", "2.8.1", "2.8.2")
    rows += [(f"1-0:{c}", value, 0, 30) for c, value in zip(codes, _tariffs(s, r), strict=True)]
    names = (("0-0:96.1.0", s.meter_id), ("0-0:42.0.0", DEVICE))
    items = [axdr.structure([axdr.obis(c), _text(t)]) for c, t in names]
    for code, value, exponent, unit in rows:
        scaler = axdr.structure([axdr.i8(exponent), axdr.enum(unit)])
        items.append(axdr.structure([axdr.obis(code), value, scaler]))
    return _info(s, items)
