"""P1 telegrams (IEC 62056-21 mode D): octets in, checked telegrams out.

In       the window (han.window)
Out      (start, end) of '/' to '!', both inclusive; kind P1_LINES if the lines are ciphered,
         with the title length at window.body
Wire     /XXXn... CR LF CR LF lines ! [CRC of 4 hex digits] CR LF; line ends may be LF alone
         ciphered: /XXXn... CR LF CR LF | title length 00 or 08 | title | length | SC | IC 4 |
         ciphertext | tag | !XXXX CR LF
Limits   a telegram with its CRC has at most as many octets as the window
Source   IEC 62056-21 (identification line); Dutch P1 companion standard (CRC-16/ARC); the
         ciphered form is known from captures of Elgama and Kaifa meters in Poland
Seen     Kamstrup, Landis+Gyr, Iskraemeco

A telegram without CRC is accepted if nothing but a line end follows its '!'. In a ciphered one any
octet may occur, so its length decides; the four digits after its '!' are no CRC-16/ARC and are
not compared: the authentication tag inside is the check.

An identification (/, three letters, digit) at the beginning of a line cuts off the telegram before
it. After a telegram with a fault the search continues at the last identification inside a line, so
two halves cost one telegram. Each octet is searched once, and once more after a fault.
"""

import micropython
from micropython import const

from han.window import (
    ALIEN,
    BAD_FCS,
    BAD_LENGTH,
    FRAME,
    MORE,
    NEED_DATA,
    P1_LINES,
    P1_TEXT,
    arc,
    axdr_length,
    find_line_end,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from han.window import Window

_DLMS = b"\x0f\x7e\xdb\xdc\xe6"  # notification, HDLC flag, ciphered APDU, LLC
_LINE_ENDS = b"\r\n"
_EXCLAMATION = const(0x21)
_LINE_MAX = const(80)  # octets of an identification line; IEC 62056-21 has at most 24
_GLO_MIN = const(6)  # SC, IC 4, one octet

# Results of _trailer() other than a number and MORE.
_LINE_END = const(-2)
_WRONG = const(-3)

_NO = const(0)
_YES = const(1)
_PERHAPS = const(2)


@micropython.viper
def find_mark(buf: ptr8, start: int, end: int) -> int:
    """The index of the next '!' or '/'; end if there is none."""
    i: int = start
    while i < end:
        x: int = int(buf[i])
        if x == 0x21 or x == 0x2F:
            return i
        i += 1
    return end


def check(window: "Window", silent: bool) -> int:
    """The status of the telegram that may begin at window.at: see han.window."""
    buf = window.buf
    fill = window.fill
    incomplete = BAD_LENGTH if silent else NEED_DATA
    at = window.seen
    if not at:
        line_end = at = find_line_end(buf, window.at + 1, fill)
        if at - window.at <= _LINE_MAX:
            while at < fill and buf[at] in _LINE_ENDS:
                at += 1
            if at == fill:
                return incomplete
        if at == line_end or buf[at] in _DLMS:  # a P1 header with another wire's octets inside
            window.at = at
            return ALIEN
        if buf[at] == 0 or buf[at] == 8:  # a title length takes the place of the first character
            return _ciphered(window, at, incomplete)
    while True:
        at = find_mark(buf, at, fill)
        window.seen = at
        if at == fill:
            return _give_up(window, at, BAD_LENGTH) if silent else NEED_DATA
        line_start = buf[at - 1] in _LINE_ENDS
        if buf[at] == _EXCLAMATION:
            if line_start:
                break
        else:
            found = _is_identification(buf, at, fill)
            if found == _PERHAPS:
                return _give_up(window, at, BAD_LENGTH) if silent else NEED_DATA
            if found == _YES and line_start:
                return _give_up(window, at, BAD_LENGTH)
        at += 1
    crc = _trailer(buf, at + 1, fill)
    if crc == MORE:
        return _give_up(window, at, BAD_LENGTH) if silent else NEED_DATA
    if crc == _LINE_END:
        if _inside(window, at):
            return _give_up(window, at, BAD_LENGTH)
    elif crc != arc(buf, window.at, at + 1):
        return _give_up(window, at + 1, BAD_FCS)
    window.kind = P1_TEXT
    window.start = window.at
    window.end = window.at = at + 1
    return FRAME


def _ciphered(window: "Window", title: int, incomplete: int) -> int:
    """The status of a ciphered telegram whose system title's length is at title."""
    buf = window.buf
    at = title + 1 + buf[title]
    length = axdr_length(buf, at, window.fill)
    if length == MORE:
        return incomplete
    at += (length >> 16) + (length & 0xFFFF)
    if length & 0xFFFF >= _GLO_MIN and length > 0 and at + 5 <= window.at + len(buf) - window.kept:
        if at >= window.fill:
            return incomplete
        trailer = _trailer(buf, at + 1, window.fill) if buf[at] == _EXCLAMATION else _WRONG
        if trailer == MORE:
            return incomplete
        if trailer >= 0:
            window.body = title
            window.kind = P1_LINES
            window.start = window.at
            window.end = window.at = at + 1
            return FRAME
    window.at = title + 1
    return BAD_LENGTH


def _give_up(window: "Window", at: int, status: int) -> int:
    """Let the search continue at the last identification inside the telegram, else at `at`."""
    window.at = _inside(window, at) or at
    return status


def _inside(window: "Window", end: int) -> int:
    """The index of the last identification inside the telegram up to end, 0 if there is none."""
    last = 0
    at = window.at + 1
    while at < end:
        at = find_mark(window.buf, at, end)
        if at < end and _is_identification(window.buf, at, window.fill) == _YES:
            last = at
        at += 1
    return last


def _trailer(buf: bytearray, at: int, end: int) -> int:
    """The number after the '!': MORE, _LINE_END for a line end, _WRONG for anything else."""
    value = 0
    for i in range(at, at + 4):
        if i == end:
            return MORE
        x = buf[i]
        if not 0x30 <= x <= 0x39:
            x = (x | 0x20) - 0x27  # a..f follow the digits
            if not 0x3A <= x <= 0x3F:
                return _LINE_END if i == at and buf[i] in _LINE_ENDS else _WRONG
        value = value << 4 | x - 0x30
    return value


def _is_identification(buf: bytearray, at: int, end: int) -> int:
    """Whether three letters and a digit follow the '/' or '!' at buf[at]; never for a '!'."""
    if buf[at] == _EXCLAMATION:
        return _NO
    for i in range(at + 1, at + 5):
        if i == end:
            return _PERHAPS
        x = buf[i]
        if i == at + 4:
            return _YES if 0x30 <= x <= 0x39 else _NO
        if not 0x61 <= x | 0x20 <= 0x7A:
            return _NO
    return _NO
