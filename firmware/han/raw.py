"""APDUs that nothing frames: a burst of octets that is one, checked by its own lengths.

In       any split of the octet stream, and silence, which is what separates bursts
Out      (start, end) of the APDU, with the LLC header if there is one, inside the framer's buffer
Wire     [E6 E7 00] DB | 08 | title 8 | length | SC | IC 4 | ...      ends where its length says;
         DC likewise; another may follow at once
         [E6 E7 00] 0F | id 4 | date-time | body        ends where the line falls silent, and is
         an APDU only if its items end there as well
         /XXXn... CR LF CR LF may come first, and !XXXX CR LF last
Limits   len(buf) octets; feed() allocates nothing, a 0F is indexed by Items when silence ends it
Source   IEC 62056-5-3 (general-glo-ciphering, data-notification)
Seen     ciphered P1 of Luxembourg and Styria; 0F in owners' captures of Iskraemeco and Sagemcom

Nothing protects these octets, so a burst that does not begin with such an APDU is ignored until
the next silence: what stands inside another wire's frame is never taken. Noise of 00 and FF may
come first. Feed it all octets beside the other framers until one of them has given a FRAME; call
next_frame() after each feed, and next_frame(True) at each silence, also if it gave nothing.
"""

from micropython import const

from han.axdr import ARRAY, STRUCTURE, Items
from han.crc import move
from han.errors import DecodeError
from han.framing import (
    BAD_LENGTH,
    FRAME,
    MORE,
    NEED_DATA,
    NO_LENGTH,
    OVERFLOW,
    POSITION_MASK,
    after_llc,
    length_at,
    length_octets,
)

_SLASH = const(0x2F)
_LINE_MAX = const(84)
_LLC = const(0xE6)
_DATA_NOTIFICATION = const(0x0F)
_GENERAL_GLO_CIPHERING = const(0xDB)
_GENERAL_DED_CIPHERING = const(0xDC)
_TITLE = const(8)
_GLO_MIN = const(6)  # SC, IC 4, one octet


class RawFramer:
    """Finds APDUs in bursts. After next_frame() gave FRAME the span holds until feed().

    items  may be shared with the decoder: it is loaded within next_frame(True) alone
    """

    def __init__(self, size: int = 2048, items: "Items | None" = None) -> None:
        self.buf = bytearray(size)
        self.start = 0
        self.end = 0
        self.position = 0  # of buf[0] in the stream
        self.fault_at = 0  # stream position of the candidate that failed last
        self.counts = [0, 0, 0, 0, 0, 0, 0]
        self._items = Items() if items is None else items
        self._fill = 0
        self._hunt = 0
        self._ignore = False  # this burst is none of ours
        self._begin = 0  # of the APDU or its LLC header
        self._behind = False  # an identification line of P1 came first

    def feed(self, chunk: bytearray, n: int, at: int = 0) -> int:
        """Take chunk[at:n] or what of it there is room for. Returns the octets taken.

        Room there always is once next_frame() has answered NEED_DATA.
        """
        if self._hunt:
            self._fill = move(self.buf, 0, self.buf, self._hunt, self._fill - self._hunt)
            self.position = (self.position + self._hunt) & POSITION_MASK
            self._hunt = 0
        if self._ignore:
            self.position = (self.position + n - at) & POSITION_MASK
            return n - at
        count = min(n - at, len(self.buf) - self._fill)
        move(self.buf, self._fill, chunk, at, count)
        self._fill += count
        return count

    def clear(self) -> None:
        """Drop what was fed. What comes next counts as a burst's beginning."""
        self.position = (self.position + self._fill) & POSITION_MASK
        self._fill = 0
        self._hunt = 0
        self._ignore = False

    def received(self) -> int:
        """The stream position behind the last octet fed."""
        return self.position + self._fill

    def pending(self) -> bool:
        """Whether the beginning of an APDU waits for its end."""
        return self._fill - self._hunt > 1

    def next_frame(self, silent: bool = False) -> int:
        """Look for an APDU in what was fed. Call until NEED_DATA.

        silent says that the line has gone quiet: the burst is complete.
        Returns a status; each but NEED_DATA is counted in counts[status].
        """
        status = NEED_DATA
        if not self._ignore:
            status = self._look(silent)
        if silent and status == NEED_DATA:
            self._hunt = self._fill
            self._ignore = False
        if status:
            self.counts[status] += 1
        return status

    def _look(self, silent: bool) -> int:
        buf = self.buf
        fill = self._fill
        at = self._hunt
        while at < fill and (buf[at] == 0x00 or buf[at] == 0xFF):
            at += 1
        self._hunt = at
        self._behind = at < fill and buf[at] == _SLASH
        if self._behind:
            at = _behind_header(buf, at, fill)
            if at == MORE:
                return NEED_DATA
            if at < 0:
                return self._pass_over(NEED_DATA)
        self._begin = at
        if at < fill and buf[at] == _LLC:
            if at + 3 >= fill:
                return NEED_DATA
            at = after_llc(buf, at, fill)
        if at == fill:
            return NEED_DATA
        tag = buf[at]
        if tag == _GENERAL_GLO_CIPHERING or tag == _GENERAL_DED_CIPHERING:
            return self._ciphered(at + 1, silent)
        if tag == _DATA_NOTIFICATION:
            if silent:
                return self._notification(at)
            if fill - self._hunt == len(buf):
                return self._pass_over(OVERFLOW)
            return NEED_DATA
        return self._pass_over(NEED_DATA)

    def _ciphered(self, title: int, silent: bool) -> int:
        buf = self.buf
        fill = self._fill
        if title == fill:
            return NEED_DATA
        if buf[title] != _TITLE:
            return self._pass_over(NEED_DATA)
        at = title + 1 + _TITLE
        length = length_at(buf, at, fill)
        if length == MORE:
            return self._pass_over(BAD_LENGTH) if silent else NEED_DATA
        if length < _GLO_MIN:
            return self._pass_over(BAD_LENGTH)
        end = at + length_octets(buf, at) + length
        if end - self._hunt > len(buf):
            return self._pass_over(OVERFLOW)
        if end > fill:
            return self._pass_over(BAD_LENGTH) if silent else NEED_DATA
        self.start = self._begin
        self.end = end
        self._hunt = end
        return FRAME

    def _notification(self, at: int) -> int:
        """The data-notification whose tag is at `at`; the burst, or a P1 trailer, ends it."""
        fill = _before_trailer(self.buf, self._fill) if self._behind else self._fill
        body = _body(self.buf, at + 5, fill)
        if body >= fill or (self.buf[body] != STRUCTURE and self.buf[body] != ARRAY):
            return self._pass_over(BAD_LENGTH)
        try:
            self._items.load(self.buf, body, fill)
        except DecodeError:
            return self._pass_over(BAD_LENGTH)
        self.start = self._begin
        self.end = fill
        self._hunt = self._fill
        return FRAME

    def _pass_over(self, status: int) -> int:
        """Ignore the rest of this burst."""
        if status:
            self.fault_at = self.position + self._hunt
        self._hunt = self._fill
        self._ignore = True
        return status


def _behind_header(buf: bytearray, at: int, end: int) -> int:
    """Where the octets behind a P1 identification line and its blank line begin.

    Returns MORE if the blank line has not come, NO_LENGTH if this is no such line.
    """
    last = min(end, at + _LINE_MAX)
    for i in range(at + 1, last):
        if buf[i] == 0x0A:
            if i + 1 < end and buf[i + 1] == 0x0A:
                return i + 2 if i + 2 < end else MORE
            if i + 2 < end and buf[i + 1] == 0x0D and buf[i + 2] == 0x0A:
                return i + 3 if i + 3 < end else MORE
            return MORE if i + 3 >= end else NO_LENGTH
    return NO_LENGTH if last < end else MORE


def _before_trailer(buf: bytearray, end: int) -> int:
    """Where the '!' of a P1 trailer stands in the last eight octets; end if there is none."""
    for i in range(end - 1, max(end - 8, 0), -1):
        if buf[i] == 0x21:
            return i
    return end


def _body(buf: bytearray, at: int, end: int) -> int:
    """Where the body behind the date-time at buf[at] begins; end if it does not.

    The date-time is 00, or 12 octets behind 0C, with a type tag before it from some meters.
    """
    if at + 1 >= end:
        return end
    if buf[at] == 0x00:
        return at + 1
    if (buf[at] == 0x09 or buf[at] == 0x19) and buf[at + 1] == 12:
        at += 1
    return at + 13 if buf[at] == 12 else end
