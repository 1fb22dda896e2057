"""HDLC framing: an information field in, a frame with flags out.

Wire     7E | format 2 | dst 1-4 | src 1-4 | control 1 | HCS 2 | info n | FCS 2 | 7E
Limits   at most 2047 octets between the flags, else ValueError
Source   IEC 62056-46 (format type 3, addresses); RFC 1662 C.2 (FCS, low octet first)
"""

from __future__ import annotations

FLAG = b"\x7e"
_FORMAT_TYPE_3 = 0xA000
_SEGMENTED = 0x0800
_MAX_LENGTH = 0x07FF


def crc16_x25(octets: bytes) -> int:
    """CRC-16/X.25: reflected polynomial 8408, start FFFF, result inverted."""
    crc = 0xFFFF
    for octet in octets:
        crc ^= octet
        for _ in range(8):
            crc = crc >> 1 ^ 0x8408 if crc & 1 else crc >> 1
    return crc ^ 0xFFFF


def _checked(octets: bytes) -> bytes:
    return octets + crc16_x25(octets).to_bytes(2, "little")


def frame(info: bytes, dst: bytes, src: bytes, control: int, segmented: bool = False) -> bytes:
    """One frame with both flags.

    dst, src   addresses as on the wire: bit 0 is set in the last octet only
    segmented  more frames of the same message follow
    """
    for address in (dst, src):
        ends = [octet & 1 for octet in address]
        if not 1 <= len(address) <= 4 or ends != [0] * (len(address) - 1) + [1]:
            raise ValueError(f"{address.hex()} is not an HDLC address")
    # The HCS is sent only if there is an information field.
    length = 2 + len(dst) + len(src) + 1 + (2 + len(info) if info else 0) + 2
    if length > _MAX_LENGTH:
        raise ValueError(f"a frame of {length} octets, {_MAX_LENGTH} is the most")
    fmt = _FORMAT_TYPE_3 | (_SEGMENTED if segmented else 0) | length
    header = fmt.to_bytes(2, "big") + dst + src + bytes([control])
    return FLAG + _checked(_checked(header) + info if info else header) + FLAG
