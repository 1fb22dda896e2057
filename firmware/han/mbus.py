"""Wired M-Bus long frames: octets in, checked segments of APDUs out.

In       the window (han.window)
Out      (start, end) of a segment; kind NUMBERED with its number, and LAST
Wire     68 L L 68 | C A CI STSAP DTSAP | data | checksum | 16
         L counts C to the last data octet; below 6 it stands for L + 256
         CI 000f nnnn: f = last segment, n = number of the segment from 0
Limits   frames of 267 octets
Source   EN 13757-2; DLMS over M-Bus as in the customer-port documents of Austrian grid companies
Seen     Kaifa MA309, Sagemcom T210-D

The length decides where a frame ends; the checksum and 16 confirm it. After a failed check the
search continues one octet after the 68.
"""

import micropython
from micropython import const

from han.window import ALIEN, BAD_FCS, BAD_HCS, BAD_LENGTH, FRAME, NEED_DATA, NUMBERED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from han.window import Window

_SHORTEST = const(6)  # C, A, CI, STSAP, DTSAP, one octet of data
_STOP = const(0x16)


@micropython.viper
def sum8(buf: ptr8, start: int, end: int) -> int:
    """The sum of buf[start:end] modulo 256."""
    total: int = 0
    i: int = start
    while i < end:
        total = (total + int(buf[i])) & 0xFF
        i += 1
    return total


def check(window: "Window", silent: bool) -> int:
    """The status of the frame that may begin at window.at: see han.window."""
    buf = window.buf
    at = window.at
    length = buf[at + 1]
    if buf[at + 2] != length:
        return ALIEN
    if length < _SHORTEST:
        length += 256
    end = at + 4 + length  # where the checksum is
    if end + 1 >= window.fill:
        return BAD_LENGTH if silent else NEED_DATA
    if buf[end + 1] != _STOP:
        return BAD_LENGTH
    if sum8(buf, at + 4, end) != buf[end]:
        return BAD_FCS
    window.at = end + 2
    field = buf[at + 6]
    if field & 0xE0:  # a good frame, but a meter's own M-Bus record, not DLMS
        return BAD_HCS
    window.kind = NUMBERED | field
    window.start = at + 9
    window.end = end
    return FRAME
