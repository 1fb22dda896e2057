"""APDUs without a frame: a burst of octets, checked by the APDU's own lengths.

In       the window (han.window), at the beginning of a burst or after an APDU of this kind;
         silence separates bursts
Out      (start, end) of the APDU, with the LLC header if there is one; kind UNCHECKED
Wire     [E6 E7 00] DB | 08 | title 8 | length | SC | IC 4 | ...      ends where its length says;
         DC likewise; another may follow at once
         [E6 E7 00] 0F | id 4 | date-time | body        ends where the line falls silent, and is
         an APDU only if its items end there as well
         /XXXn... CR LF CR LF may come first, and !XXXX CR LF last
Limits   allocates only to index the items of a 0F, when silence ends it
Source   IEC 62056-5-3 (general-glo-ciphering, data-notification)
Seen     ciphered P1 of Luxembourg and Styria; 0F in owners' captures of Iskraemeco and Sagemcom

No checksum protects these octets. Only the beginning of a burst is checked, so that octets inside
another wire's frame are never taken for an APDU.
"""

from micropython import const

from han.fields import DecodeError, Reading
from han.items import ARRAY, STRUCTURE, Items, strip_header
from han.window import (
    ALIEN,
    BAD_LENGTH,
    FRAME,
    MORE,
    NEED_DATA,
    OVERFLOW,
    UNCHECKED,
    after_llc,
    axdr_length,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from han.window import Window

_SLASH = const(0x2F)
_EXCLAMATION = const(0x21)
_LINE_MAX = const(84)
_TRAILER_MAX = const(7)
_LLC = const(0xE6)
_DATA_NOTIFICATION = const(0x0F)
_GENERAL_GLO_CIPHERING = const(0xDB)
_GENERAL_DED_CIPHERING = const(0xDC)
_TITLE = const(8)
_GLO_MIN = const(6)  # SC, IC 4, one octet


def check(window: "Window", silent: bool) -> int:
    """The status of the APDU that may begin at window.at: see han.window."""
    buf = window.buf
    fill = window.fill
    incomplete = ALIEN if silent else NEED_DATA
    at = window.at
    end = fill
    if buf[at] == _SLASH:
        at = _after_blank_line(buf, at, fill)
        if not at:
            return ALIEN
        if at == fill:
            return incomplete
        for i in range(max(at, fill - _TRAILER_MAX), fill):  # used where no length is sent
            if buf[i] == _EXCLAMATION:
                end = i
    start = at
    if buf[at] == _LLC:
        if at + 3 >= fill:
            return incomplete
        at = after_llc(buf, at, fill)
    if buf[at] == _DATA_NOTIFICATION:
        if not silent:
            return NEED_DATA
        try:
            body = strip_header(buf, at, end, Reading())
            if body >= end or (buf[body] != STRUCTURE and buf[body] != ARRAY):
                return BAD_LENGTH
            Items().load(buf, body, end)
        except DecodeError:
            return BAD_LENGTH
        window.at = fill
    elif buf[at] == _GENERAL_GLO_CIPHERING or buf[at] == _GENERAL_DED_CIPHERING:
        if at + 1 == fill:
            return incomplete
        if buf[at + 1] != _TITLE:
            return ALIEN
        at += 2 + _TITLE
        length = axdr_length(buf, at, fill)
        if length == MORE:
            return BAD_LENGTH if silent else NEED_DATA
        end = at + (length >> 16) + (length & 0xFFFF)
        if length < 0 or length & 0xFFFF < _GLO_MIN:
            return BAD_LENGTH
        if end - window.at > len(buf) - window.kept:
            return OVERFLOW
        if end > fill:
            return BAD_LENGTH if silent else NEED_DATA
        window.at = end
    else:
        return ALIEN
    window.kind = UNCHECKED
    window.start = start
    window.end = end
    return FRAME


def _after_blank_line(buf: bytearray, at: int, end: int) -> int:
    """The index after a P1 identification line and its blank line.

    Returns end if octets are still to come, 0 if this is no such line.
    """
    last = min(end, at + _LINE_MAX)
    for i in range(at + 1, last):
        if buf[i] == 0x0A:
            if i + 1 < end and buf[i + 1] == 0x0A:
                return i + 2
            if i + 2 < end and buf[i + 1] == 0x0D and buf[i + 2] == 0x0A:
                return i + 3
            return end if i + 3 >= end else 0
    return 0 if last < end else end
