"""What all framers answer, and the fields that several wires share.

Out      a status of next_frame(); numbers of one telegram, never of one octet
Source   IEC 61334-6 (A-XDR lengths); IEC 62056-46 (LLC header)
"""

from micropython import const

NEED_DATA = const(0)
FRAME = const(1)
BAD_HCS = const(2)  # the header is not one of this wire
BAD_FCS = const(3)  # the checksum over the contents is wrong
BAD_LENGTH = const(4)  # it does not end where its length or the next one's beginning says
OVERFLOW = const(5)  # longer than the buffer
BAD_SEQUENCE = const(6)  # a part of a message in several parts is missing

POSITION_MASK = const(0x3FFFFFFF)  # keeps an octet count a small integer for ever

MORE = const(-1)
NO_LENGTH = const(-2)


def length_at(buf: bytearray, at: int, end: int) -> int:
    """The A-XDR length at buf[at]: 00..7F, 81 n, 82 n n, 84 0 0 n n; not minimal is allowed.

    Returns MORE if it goes on at end, NO_LENGTH if it is none or above 65535.
    """
    if at >= end:
        return MORE
    first = buf[at]
    if first < 0x80:
        return first
    if first != 0x81 and first != 0x82 and first != 0x84:
        return NO_LENGTH
    last = at + (first & 0x7F)
    if last >= end:
        return MORE
    if first == 0x81:
        return buf[last]
    if first == 0x84 and (buf[at + 1] or buf[at + 2]):
        return NO_LENGTH
    return buf[last - 1] << 8 | buf[last]


def length_octets(buf: bytearray, at: int) -> int:
    """How many octets the length at buf[at] takes."""
    first = buf[at]
    return 1 + (first & 0x7F) if first & 0x80 else 1


def after_llc(buf: bytearray, start: int, end: int) -> int:
    """start, or what lies behind the LLC header E6 E7 00 or E6 E6 00 if one is there."""
    if end - start < 3 or buf[start] != 0xE6 or buf[start + 1] | 1 != 0xE7 or buf[start + 2]:
        return start
    return start + 3
