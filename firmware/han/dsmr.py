"""P1 telegrams (IEC 62056-21 mode D): octets in, checked telegrams out.

In       any split of the octet stream
Out      (start, end) of '/' to '!', both inclusive, inside the framer's buffer
Wire     /XXXn... CR LF CR LF lines ! [CRC of 4 hex digits] CR LF; line ends may be LF alone
         ciphered: /XXXn... CR LF CR LF | title length 00 or 08 | title | length | SC | IC 4 |
         ciphertext | tag | !XXXX CR LF
Limits   a telegram with its CRC has at most len(buf) octets; feed() allocates nothing
Source   IEC 62056-21 (identification line); Dutch P1 companion standard (CRC-16/ARC); the
         ciphered form is known from captures of Elgama and Kaifa meters in Poland
Seen     Kamstrup, Landis+Gyr, Iskraemeco

A telegram without CRC is taken if nothing but a line end follows its '!'. In a ciphered one any
octet may occur, so its length decides; the four digits behind its '!' are no CRC-16/ARC and are
not compared: the authentication tag inside is the check.

An identification (/, three letters, digit) at the beginning of a line cuts the telegram before it
off. Elsewhere in a line it is remembered: a telegram that then proves bad is given up from there,
so two halves cost one telegram. Each octet is looked at once, and once more after a fault.
"""

from micropython import const

from han.crc import arc, find_line_end, find_mark, find_slash, move
from han.framing import (
    BAD_FCS,
    BAD_LENGTH,
    FRAME,
    MORE,
    NEED_DATA,
    OVERFLOW,
    POSITION_MASK,
    length_at,
    length_octets,
)

_DLMS = b"\x0f\x7e\xdb\xdc\xe6"  # notification, HDLC flag, ciphered APDU, LLC
_CR = const(0x0D)
_LF = const(0x0A)
_EXCLAMATION = const(0x21)
_LINE_MAX = const(80)  # octets of an identification line; IEC 62056-21 has at most 24
_GLO_MIN = const(6)  # SC, IC 4, one octet

# What the octets behind _scan belong to.
_IDENTIFICATION = const(0)
_BLANK = const(1)
_LINES = const(2)
_CIPHERED = const(3)

_NONE = const(-2)
_WRONG = const(-3)

_NO = const(0)
_YES = const(1)
_PERHAPS = const(2)


class DsmrFramer:
    """Finds telegrams in a stream. After next_frame() gave FRAME the span holds until feed()."""

    def __init__(self, size: int = 4120) -> None:
        self.buf = bytearray(size)
        self.start = 0
        self.end = 0
        self.ciphered_at = 0  # where the title length of a ciphered telegram is, 0 = plain text
        self.position = 0  # of buf[0] in the stream
        self.fault_at = 0  # stream position of the candidate that failed last
        self.counts = [0, 0, 0, 0, 0, 0, 0]
        self._fill = 0
        self._hunt = 0  # the candidate's '/'
        self._scan = 0  # where to go on looking; 0 = no candidate yet
        self._part = _IDENTIFICATION
        self._late = 0  # the last identification inside a line, 0 = none

    def feed(self, chunk: bytearray, n: int, at: int = 0) -> int:
        """Take chunk[at:n] or what of it there is room for. Returns the octets taken.

        Room there always is once next_frame() has answered NEED_DATA.
        """
        hunt = self._hunt
        if hunt:
            self._fill = move(self.buf, 0, self.buf, hunt, self._fill - hunt)
            self.position = (self.position + hunt) & POSITION_MASK
            self._hunt = 0
            if self._scan:
                self._scan -= hunt
            if self._late:
                self._late -= hunt
        count = min(n - at, len(self.buf) - self._fill)
        move(self.buf, self._fill, chunk, at, count)
        self._fill += count
        return count

    def clear(self) -> None:
        """Drop what was fed and not yet framed."""
        self.position = (self.position + self._fill) & POSITION_MASK
        self._fill = 0
        self._go_on(0)

    def received(self) -> int:
        """The stream position behind the last octet fed."""
        return self.position + self._fill

    def pending(self) -> bool:
        """Whether the beginning of a telegram waits for its end."""
        return self._fill - self._hunt > 1

    def next_frame(self, silent: bool = False) -> int:
        """Look for a telegram in what was fed. Call until NEED_DATA.

        silent says that the line has gone quiet: what is still incomplete will never be whole.
        Returns a status; each but NEED_DATA is counted in counts[status].
        """
        status = self._look()
        if status == NEED_DATA and self._scan:
            if silent:
                status = self._give_up(BAD_LENGTH, self._late or self._scan)
            elif self._fill - self._hunt == len(self.buf):
                status = self._give_up(OVERFLOW, self._late or self._scan)
        elif status == NEED_DATA and silent:
            self._hunt = self._fill
        if status:
            self.counts[status] += 1
        return status

    def _look(self) -> int:
        while True:
            if not self._scan:
                self._hunt = find_slash(self.buf, self._hunt, self._fill)
                if self._fill - self._hunt < 2:
                    return NEED_DATA
                self._scan = self._hunt + 1
            if self._part == _IDENTIFICATION:
                if self._identification():
                    return NEED_DATA
            elif self._part == _BLANK:
                if self._blank():
                    return NEED_DATA
            elif self._part == _LINES:
                return self._lines()
            else:
                return self._ciphered()

    def _identification(self) -> bool:
        """Look for the end of the first line. Whether that takes more octets."""
        at = find_line_end(self.buf, self._scan, self._fill)
        if at - self._hunt > _LINE_MAX:
            self._go_on(at)
        elif at == self._fill:
            self._scan = at
            return True
        elif self.buf[at] == _CR or self.buf[at] == _LF:
            self._scan = at
            self._part = _BLANK
        else:
            self._go_on(at)  # not an identification line, hence no telegram either
        return False

    def _blank(self) -> bool:
        """Pass the line ends before the data. Whether that takes more octets."""
        buf = self.buf
        at = self._scan
        while at < self._fill and (buf[at] == _CR or buf[at] == _LF):
            at += 1
        self._scan = at
        if at == self._fill:
            return True
        if buf[at] in _DLMS:  # the header of P1 with another wire's octets inside: not ours
            self._go_on(at)
            return False
        # The title length takes the place of the first character.
        self._part = _CIPHERED if buf[at] == 0 or buf[at] == 8 else _LINES
        return False

    def _lines(self) -> int:
        buf = self.buf
        fill = self._fill
        at = self._scan
        while True:
            at = find_mark(buf, at, fill)
            self._scan = at
            if at == fill:
                return NEED_DATA
            line_start = buf[at - 1] == _LF or buf[at - 1] == _CR
            if buf[at] == _EXCLAMATION:
                if line_start:
                    return self._end(at)
            else:
                found = _is_identification(buf, at, fill)
                if found == _PERHAPS:
                    return NEED_DATA
                if found == _YES:
                    if line_start:
                        return self._give_up(BAD_LENGTH, self._late or at)
                    self._late = at
            at += 1

    def _end(self, at: int) -> int:
        """The telegram of text whose '!' is at `at`."""
        crc = self._trailer(at + 1)
        if crc == MORE:
            return NEED_DATA
        if crc == _NONE:
            if self._late:
                return self._give_up(BAD_LENGTH, self._late)
        elif crc != arc(self.buf, self._hunt, at + 1):
            return self._give_up(BAD_FCS, self._late or at + 1)
        return self._found(at)

    def _trailer(self, at: int) -> int:
        """The number behind the '!': MORE, _NONE for a line end, _WRONG for anything else."""
        buf = self.buf
        value = 0
        for i in range(at, at + 4):
            if i == self._fill:
                return MORE
            digit = _digit(buf[i])
            if digit < 0:
                return _NONE if i == at and (buf[i] == _CR or buf[i] == _LF) else _WRONG
            value = value << 4 | digit
        return value

    def _ciphered(self) -> int:
        buf = self.buf
        title = self._scan
        at = title + 1 + buf[title]
        length = length_at(buf, at, self._fill)
        if length == MORE:
            return NEED_DATA
        if length < _GLO_MIN:
            return self._give_up(BAD_LENGTH, title + 1)
        at += length_octets(buf, at) + length
        if at + 5 > self._hunt + len(buf):
            return self._give_up(BAD_LENGTH, title + 1)
        if at >= self._fill:
            return NEED_DATA
        trailer = self._trailer(at + 1) if buf[at] == _EXCLAMATION else _WRONG
        if trailer == MORE:
            return NEED_DATA
        if trailer < 0:
            return self._give_up(BAD_LENGTH, title + 1)
        status = self._found(at)
        self.ciphered_at = title
        return status

    def _found(self, at: int) -> int:
        self.start = self._hunt
        self.end = at + 1
        self.ciphered_at = 0
        self._go_on(at + 1)
        return FRAME

    def _give_up(self, status: int, at: int) -> int:
        self.fault_at = self.position + self._hunt
        self._go_on(at)
        return status

    def _go_on(self, at: int) -> None:
        """Look for the next telegram from `at` on."""
        self._hunt = at
        self._scan = 0
        self._late = 0
        self._part = _IDENTIFICATION


def _is_identification(buf: bytearray, at: int, end: int) -> int:
    """Whether three letters and a digit follow the '/' at buf[at]."""
    for i in range(at + 1, at + 5):
        if i == end:
            return _PERHAPS
        x = buf[i]
        if i == at + 4:
            return _YES if 0x30 <= x <= 0x39 else _NO
        if not 0x61 <= x | 0x20 <= 0x7A:
            return _NO
    return _NO


def _digit(x: int) -> int:
    """The value of a hexadecimal digit's octet, -1 if it is none."""
    if 0x30 <= x <= 0x39:
        return x - 0x30
    x |= 0x20
    return x - 0x57 if 0x61 <= x <= 0x66 else -1
