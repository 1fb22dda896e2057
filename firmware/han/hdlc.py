"""HDLC framing: octets in, checked information fields out.

In       the window (han.window)
Out      (start, end) of the information field; kind SEGMENT if more frames of its message follow
Wire     7E | format 2 | dst 1-4 | src 1-4 | control 1 | HCS 2 | info n | FCS 2 | 7E
Limits   2047 octets between the flags, the largest length of a format field
Source   IEC 62056-46; ISO/IEC 13239 (addresses, FCS); RFC 1662 C.2 (FCS)
Seen     Aidon, Kaifa, Kamstrup

There is no octet stuffing: 7E inside a frame is data, so the length decides where a frame ends and
the closing flag only confirms it. After a failed check the search continues one octet after the
flag; a lost octet costs one telegram.
"""

import micropython
from micropython import const

from han.window import BAD_FCS, BAD_HCS, BAD_LENGTH, FRAME, NEED_DATA, PLAIN, SEGMENT

TYPE_CHECKING = False
if TYPE_CHECKING:
    from han.window import Window

X25_RESIDUE = const(0xF0B8)  # of the register after data and its right FCS
_SHORTEST = const(7)  # format 2, addresses 1 + 1, control 1, FCS 2
_ADDRESS_MAX = const(4)


@micropython.viper
def x25(buf: ptr8, start: int, end: int) -> int:
    """The CRC-16/X.25 register over buf[start:end], before the final complement.

    Over intact data and its FCS together it is X25_RESIDUE. Shifts take the place of a table of
    512 octets (polynomial 8408 reflected).
    """
    crc: int = 0xFFFF
    i: int = start
    while i < end:
        x: int = (crc ^ int(buf[i])) & 0xFF
        x = (x ^ (x << 4)) & 0xFF
        crc = (crc >> 8) ^ (x << 8) ^ (x << 3) ^ (x >> 4)
        i += 1
    return crc


@micropython.native
def check(window: "Window", silent: bool) -> int:
    """The status of the frame that may begin at window.at: see han.window."""
    buf = window.buf
    fill = window.fill
    flag = window.at
    incomplete = BAD_LENGTH if silent else NEED_DATA
    length = (buf[flag + 1] & 0x07) << 8 | buf[flag + 2]
    if length < _SHORTEST:
        return BAD_LENGTH
    at = flag + 3
    for _ in range(2):  # two addresses; the lowest bit marks the last octet of each
        too_long = at + _ADDRESS_MAX
        last = 0
        while not last:
            if at >= fill:
                return incomplete
            if at == too_long:
                return BAD_HCS
            last = buf[at] & 1
            at += 1
    info = at + 3  # after control and HCS
    closing = flag + 1 + length
    if info + 2 > closing:  # too short for an information field, hence no HCS either
        if info != closing:
            return BAD_LENGTH
    elif info > fill:
        return incomplete
    elif x25(buf, flag + 1, info) != X25_RESIDUE:
        return BAD_HCS
    if closing >= fill:
        return incomplete
    if buf[closing] != 0x7E:
        return BAD_LENGTH
    window.at = closing  # the closing flag may open the next frame
    if x25(buf, flag + 1, closing) != X25_RESIDUE:
        return BAD_FCS
    window.kind = SEGMENT if buf[flag + 1] & 0x08 else PLAIN
    window.end = closing - 2
    window.start = min(info, window.end)
    return FRAME
