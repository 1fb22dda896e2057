"""The data lines of P1 telegrams; tools.encoders.p1 puts a telegram around them.

Input     a Snapshot; its clock gets S (summer_time) or W
Lines     A-B:C.D.E(value*unit), powers in kW and kvar, registers in kWh and kvarh, three decimals
Source    Dutch P1 companion standard; captures of Kamstrup, Landis+Gyr, Iskraemeco
"""

from __future__ import annotations

from datetime import datetime

from .iskra import Registers
from .snapshot import Snapshot


def _stamp(when: datetime, summer_time: bool) -> str:
    return when.strftime("%y%m%d%H%M%S") + ("S" if summer_time else "W")


def _kilo(code: str, value: int | None, unit: str, digits: int = 4) -> list[str]:
    """One line, the value divided by 1000 with three decimals; no line for None."""
    if value is None:
        return []
    return [f"{code}({value // 1000:0{digits}}.{value % 1000:03}*{unit})"]


def _unit(code: str, milli: int | None, unit: str, digits: int) -> list[str]:
    """One line from a value in thousandths, with one decimal; no line for None."""
    if milli is None:
        return []
    tenths = (milli + 50) // 100
    return [f"{code}({tenths // 10:0{digits}}.{tenths % 10}*{unit})"]


def _phases(s: Snapshot) -> list[str]:
    lines: list[str] = []
    rows = (
        (20, s.power_import_l1_w, s.power_export_l1_w, s.voltage_l1_mv, s.current_l1_ma),
        (40, s.power_import_l2_w, s.power_export_l2_w, s.voltage_l2_mv, s.current_l2_ma),
        (60, s.power_import_l3_w, s.power_export_l3_w, s.voltage_l3_mv, s.current_l3_ma),
    )
    for base, plus, minus, mv, ma in rows:
        lines += _kilo(f"1-0:{base + 1}.7.0", plus, "kW")
        lines += _kilo(f"1-0:{base + 2}.7.0", minus, "kW")
        lines += _unit(f"1-0:{base + 12}.7.0", mv, "V", 3)
        lines += _unit(f"1-0:{base + 11}.7.0", ma, "A", 3)
    return lines


def nordic(s: Snapshot) -> list[str]:
    """The lines of Swedish and Danish meters: registers, powers, phases; no meter number."""
    lines = [f"0-0:1.0.0({_stamp(s.sent_at, s.summer_time)})"] if s.sent_at else []
    powers = (s.power_import_w, s.power_export_w, s.reactive_import_var, s.reactive_export_var)
    for c, value in enumerate(s.registers(), 1):
        lines += _kilo(f"1-0:{c}.8.0", value, "kWh" if c < 3 else "kVArh", 8)
    for c, value in enumerate(powers, 1):
        lines += _kilo(f"1-0:{c}.7.0", value, "kW" if c < 3 else "kVAr")
    return lines + _phases(s)


def tariffs(s: Snapshot, r: Registers) -> list[str]:
    """The lines of Dutch and Belgian meters: meter number in hexadecimal, no totals."""
    lines = [f"0-0:1.0.0({_stamp(s.sent_at, s.summer_time)})"] if s.sent_at else []
    lines += [f"0-0:96.1.1({s.meter_id.encode().hex().upper()})", "0-0:96.14.0(0002)"]
    registers = (
        (1, 1, r.import_t1),
        (1, 2, r.import_t2),
        (2, 1, r.export_t1),
        (2, 2, r.export_t2),
    )
    for c, tariff, value in registers:
        lines += _kilo(f"1-0:{c}.8.{tariff}", value, "kWh", 6)
    lines += _kilo("1-0:1.7.0", s.power_import_w, "kW", 2)
    return lines + _kilo("1-0:2.7.0", s.power_export_w, "kW", 2) + _phases(s)


def demand(average_w: int, peak_w: int, ended: datetime, summer_time: bool = False) -> list[str]:
    """The Belgian lines: average of the running quarter-hour, highest one of the month."""
    peak = _kilo("", peak_w, "kW", 2)[0]
    return _kilo("1-0:1.4.0", average_w, "kW", 2) + [
        f"1-0:1.6.0({_stamp(ended, summer_time)}){peak}"
    ]


def demand_history(months: list[tuple[datetime, datetime, int]]) -> list[str]:
    """The Belgian line of earlier months: for each its end, when its highest quarter-hour ended,
    and that one's W. Times are in winter."""
    line = f"0-0:98.1.0({len(months)})(1-0:1.6.0)(1-0:1.6.0)"
    for end, peak_ended, watts in months:
        line += f"({_stamp(end, False)})({_stamp(peak_ended, False)})"
        line += _kilo("", watts, "kW", 2)[0]
    return [line]


def submeter(channel: int, device: int, when: datetime, milli: int, unit: str) -> list[str]:
    """A sub-meter's type, number and value in thousandths of the unit."""
    value = f"{milli // 1000:05}.{milli % 1000:03}*{unit}"
    return [
        f"0-{channel}:24.1.0({device:03})",
        f"0-{channel}:96.1.0(4730303339)",
        f"0-{channel}:24.2.1({_stamp(when, False)})({value})",
    ]


def submeter_old(channel: int, device: int, when: datetime, milli: int, unit: str) -> list[str]:
    """A sub-meter as in versions 2 and 3 of the P1 standard: the value on a line of its own."""
    stamp = when.strftime("%y%m%d%H%M%S")
    return [
        f"0-{channel}:24.1.0({device})",
        f"0-{channel}:24.3.0({stamp})(00)(60)(1)(0-{channel}:24.2.1)({unit})",
        f"({milli // 1000:05}.{milli % 1000:03})",
    ]
