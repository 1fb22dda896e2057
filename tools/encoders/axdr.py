"""A-XDR: values in, type tag and octets out. Big-endian.

Wire     tag | value, for strings and containers tag | length | contents
Limits   lengths to 65535; a value outside its type raises ValueError
Source   IEC 62056-6-2 4.1.5 (tags), IEC 61334-6 (lengths)
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

NOT_SPECIFIED = -0x8000  # deviation of a clock without a time zone


def length(count: int) -> bytes:
    """A length or a number of items: one octet below 128, else 81 nn or 82 nnnn."""
    if count < 0x80:
        return bytes([count])
    if count < 0x100:
        return bytes([0x81, count])
    if count > 0xFFFF:
        raise ValueError(f"length {count} is above 65535")
    return b"\x82" + count.to_bytes(2, "big")


def _number(tag: int, value: int, size: int, signed: bool = False) -> bytes:
    try:
        return bytes([tag]) + value.to_bytes(size, "big", signed=signed)
    except OverflowError:
        kind = "signed" if signed else "unsigned"
        raise ValueError(f"{value} does not fit {kind} {8 * size} bits") from None


def null() -> bytes:
    """null-data."""
    return b"\x00"


def u8(value: int) -> bytes:
    """unsigned."""
    return _number(0x11, value, 1)


def u16(value: int) -> bytes:
    """long-unsigned."""
    return _number(0x12, value, 2)


def u32(value: int) -> bytes:
    """double-long-unsigned."""
    return _number(0x06, value, 4)


def u64(value: int) -> bytes:
    """long64-unsigned."""
    return _number(0x15, value, 8)


def i8(value: int) -> bytes:
    """integer."""
    return _number(0x0F, value, 1, signed=True)


def i16(value: int) -> bytes:
    """long."""
    return _number(0x10, value, 2, signed=True)


def enum(value: int) -> bytes:
    """enum, one octet: units (27 W, 29 var, 30 Wh, 32 varh, 33 A, 35 V)."""
    return _number(0x16, value, 1)


def octet_string(value: bytes) -> bytes:
    """octet-string."""
    return b"\x09" + length(len(value)) + value


def visible_string(value: str) -> bytes:
    """visible-string; ASCII only."""
    return b"\x0a" + length(len(value)) + value.encode("ascii")


def array(items: Sequence[bytes]) -> bytes:
    """array of encoded items."""
    return b"\x01" + length(len(items)) + b"".join(items)


def structure(items: Sequence[bytes]) -> bytes:
    """structure of encoded items."""
    return b"\x02" + length(len(items)) + b"".join(items)


def obis(code: str) -> bytes:
    """An OBIS code such as "1-0:1.7.0.255" as a 6-octet octet-string. F may be left out."""
    groups = code.replace("-", ".").replace(":", ".").split(".")
    if len(groups) == 5:
        groups.append("255")
    if len(groups) != 6:
        raise ValueError(f"{code!r} is not an OBIS code")
    return octet_string(bytes(int(group) for group in groups))


def date_time(
    when: datetime, deviation_min: int | None = None, status: int = 0, weekday: bool = True
) -> bytes:
    """A COSEM date-time: 12 octets without a tag, hundredths not specified.

    deviation_min  UTC minus local time, None = not specified (8000)
    status         clock status, 80 = summer time, FF = not specified
    weekday        False: 0 in its place, as Aidon sends in Norway
    """
    deviation = NOT_SPECIFIED if deviation_min is None else deviation_min
    return (
        when.year.to_bytes(2, "big")
        + bytes([when.month, when.day, when.isoweekday() if weekday else 0])
        + bytes([when.hour, when.minute, when.second, 0xFF])
        + deviation.to_bytes(2, "big", signed=True)
        + bytes([status])
    )
