"""Kaifa: values by position (Norway) or as OBIS pairs (Sweden). No scalers are sent.

Norway   list 1 (2 s) one u32; list 2 (10 s) 13 items, 9 with one phase; list 3 (hourly) 5 more:
         clock, registers. The APDU's date-time has a type tag
Sweden   18 pairs, 36 items, every 10 s; date-time absent; the clock has its deviation
Units    W, var, mA, 0.1 V, Wh, varh; all u32. On an IT grid U2 is sent as 0
Source   shapes of captured telegrams
"""

from __future__ import annotations

from . import axdr
from .apdu import data_notification
from .hdlc import frame
from .snapshot import Snapshot, scaled

LIST_ID = b"KFM_001"


def _text(value: str) -> bytes:
    return axdr.octet_string(value.encode("ascii"))


def _names(s: Snapshot) -> list[bytes]:
    return [axdr.octet_string(LIST_ID), _text(s.meter_id), _text(s.model)]


def _powers(s: Snapshot) -> list[bytes]:
    powers = (s.power_import_w, s.power_export_w, s.reactive_import_var, s.reactive_export_var)
    return [axdr.u32(value) for value in powers]


def _phases(s: Snapshot) -> list[bytes]:
    count = 1 if s.current_l3_ma is None else 3
    currents = (s.current_l1_ma, s.current_l2_ma, s.current_l3_ma)[:count]
    voltages = (s.voltage_l1_mv, s.voltage_l2_mv, s.voltage_l3_mv)[:count]
    items = [axdr.u32(ma or 0) for ma in currents]
    return items + [axdr.u32(scaled(mv or 0, 100)) for mv in voltages]


def _registers(s: Snapshot, wide: bool) -> list[bytes]:
    number = axdr.u64 if wide else axdr.u32
    return [number(value) for value in s.registers()]


def _norwegian(items: list[bytes], s: Snapshot, src: bytes) -> bytes:
    if s.sent_at is None:
        raise ValueError("the date-time of the APDU needs sent_at")
    stamp = axdr.date_time(s.sent_at)
    return frame(data_notification(axdr.structure(items), stamp, tagged=True), b"\x01", src, 0x10)


_NO_SRC = b"\x02\x01"
_SE_SRC = b"\x00\x01"


def list1(s: Snapshot, src: bytes = _NO_SRC) -> bytes:
    """Norway, every 2 s: only active power import, no name."""
    return _norwegian(_powers(s)[:1], s, src)


def list2(s: Snapshot, src: bytes = _NO_SRC) -> bytes:
    """Norway, every 10 s: names, powers, currents, voltages: 13 items, 9 with one phase."""
    return _norwegian(_names(s) + _powers(s) + _phases(s), s, src)


def list3(s: Snapshot, src: bytes = _NO_SRC, wide: bool = False) -> bytes:
    """Norway, hourly: list 2, then clock and registers: 18 items, 14 with one phase.

    wide  registers as u64, as in meters on current transformers
    """
    if s.clock is None:
        raise ValueError("this list has a clock, the snapshot has none")
    clock = axdr.octet_string(axdr.date_time(s.clock))
    items = _names(s) + _powers(s) + _phases(s) + [clock] + _registers(s, wide)
    return _norwegian(items, s, src)


_SE_CODES = (
    "1-0:0.2.129",
    "0-0:96.1.0",
    "0-0:96.1.7",
    "1-0:1.7.0",
    "1-0:2.7.0",
    "1-0:3.7.0",
    "1-0:4.7.0",
    "1-0:31.7.0",
    "1-0:51.7.0",
    "1-0:71.7.0",
    "1-0:32.7.0",
    "1-0:52.7.0",
    "1-0:72.7.0",
    "0-0:1.0.0",
    "1-0:1.8.0",
    "1-0:2.8.0",
    "1-0:3.8.0",
    "1-0:4.8.0",
)


def push_se(s: Snapshot) -> bytes:
    """Sweden: the 18 values of list 3, each after its OBIS code; three phases only."""
    if s.clock is None:
        raise ValueError("this list has a clock, the snapshot has none")
    status = 0x80 if s.summer_time else 0
    clock = axdr.octet_string(axdr.date_time(s.clock, s.deviation_min, status))
    values = _names(s) + _powers(s) + _phases(s) + [clock] + _registers(s, wide=False)
    items = [
        part
        for pair in zip(_SE_CODES, values, strict=True)
        for part in (axdr.obis(pair[0]), pair[1])
    ]
    return frame(data_notification(axdr.structure(items)), b"\x01", _SE_SRC, 0x10)
