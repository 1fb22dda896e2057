"""Wired M-Bus long frames: an APDU in, the frames of its segments out.

Wire     68 L L 68 | C A CI STSAP DTSAP | data | checksum | 16; L modulo 256
         CI is the segment's number, with bit 4 on the last one
Limits   16 segments of at most 256 octets, else ValueError
Source   EN 13757-2; captures of Kaifa and Sagemcom meters (addresses, segment lengths)
"""

from __future__ import annotations

KAIFA_DATA = 245  # octets of data in a full segment: L is 250
SAGEMCOM_DATA = 252  # L is 257, sent as 1
_LAST = 0x10
_ADDRESS = 0xFF
_FROM_LOGICAL_DEVICE = 0x01
_TO_CLIENT = 0x67


def frame(data: bytes, number: int = 0, last: bool = True, control: int = 0x53) -> bytes:
    """One segment as a long frame. control: 53; some meters send 73 in every second frame."""
    if not 0 <= number < 16:
        raise ValueError(f"segment {number}: the field has 4 bits")
    if not 1 <= len(data) <= 256:
        raise ValueError(f"{len(data)} octets in a segment, allowed are 1 to 256")
    body = bytes([control, _ADDRESS, number | (_LAST if last else 0)])
    body += bytes([_FROM_LOGICAL_DEVICE, _TO_CLIENT]) + data
    length = len(body) % 256
    return bytes([0x68, length, length, 0x68]) + body + bytes([sum(body) % 256, 0x16])


def frames(apdu: bytes, data_octets: int = KAIFA_DATA) -> list[bytes]:
    """The frames of an APDU, data_octets in each but the last."""
    parts = [apdu[at : at + data_octets] for at in range(0, len(apdu), data_octets)]
    return [frame(part, number, number == len(parts) - 1) for number, part in enumerate(parts)]
