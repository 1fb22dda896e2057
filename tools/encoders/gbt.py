"""General block transfer: an APDU in, its blocks out.

Wire     E0 | control | block number 2 | acknowledged 2 | length | data
         control: 80 last block, 40 streaming, 3F window; numbers count from 1
Source   IEC 62056-5-3 (general-block-transfer); a capture of Landis+Gyr E450
"""

from __future__ import annotations

from . import axdr
from .apdu import LLC

_LAST = 0x80
_STREAMING = 0x40


def block(data: bytes, number: int, last: bool, *, streaming: bool = True) -> bytes:
    """One block. number: from 1."""
    control = (_LAST if last else 0) | (_STREAMING if streaming else 0)
    head = bytes([0xE0, control]) + number.to_bytes(2, "big") + bytes(2)
    return head + axdr.length(len(data)) + data


def blocks(apdu: bytes, data_octets: int = 112) -> list[bytes]:
    """An APDU as one information field per block; the first has the LLC header."""
    parts = [apdu[at : at + data_octets] for at in range(0, len(apdu), data_octets)]
    fields = [block(part, i + 1, i + 1 == len(parts)) for i, part in enumerate(parts)]
    return [LLC + fields[0], *fields[1:]]
