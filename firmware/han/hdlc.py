"""HDLC framing: octets in, checked information fields out.

In       any split of the octet stream
Out      (start, end) of the information field inside the framer's buffer
Wire     7E | format 2 | dst 1-4 | src 1-4 | control 1 | HCS 2 | info n | FCS 2 | 7E
Limits   one frame at a time, at most len(buf) octets with its flags; feed() allocates nothing
Source   IEC 62056-46; ISO/IEC 13239 (addresses); RFC 1662 C.2 (FCS)
Seen     Aidon, Kaifa, Kamstrup

There is no octet stuffing: 7E inside a frame is data, so the length decides where a frame ends and
the closing flag only confirms it. After a failed check the hunt goes on one octet behind the flag
that misled it; a lost octet costs one telegram.
"""

from micropython import const

from han.crc import X25_RESIDUE, behind_addresses, find_frame, move, x25
from han.framing import BAD_FCS, BAD_HCS, BAD_LENGTH, FRAME, NEED_DATA, POSITION_MASK

_SHORTEST = const(7)  # format 2, addresses 1 + 1, control 1, FCS 2


class HdlcFramer:
    """Finds frames in a stream. After next_frame() gave FRAME the span holds until feed()."""

    def __init__(self, size: int = 1280) -> None:
        self.buf = bytearray(size)
        self.start = 0
        self.end = 0
        self.segmented = False  # more frames of this message follow
        self.position = 0  # of buf[0] in the stream
        self.fault_at = 0  # stream position of the candidate that failed last
        self.counts = [0, 0, 0, 0, 0, 0, 0]
        self._fill = 0
        self._hunt = 0
        self._info = 0  # information field, counted from the flag; 0 = header not checked yet

    def feed(self, chunk: bytearray, n: int, at: int = 0) -> int:
        """Take chunk[at:n] or what of it there is room for. Returns the octets taken.

        Room there always is once next_frame() has answered NEED_DATA.
        """
        if self._hunt:
            self._fill = move(self.buf, 0, self.buf, self._hunt, self._fill - self._hunt)
            self.position = (self.position + self._hunt) & POSITION_MASK
            self._hunt = 0
        count = min(n - at, len(self.buf) - self._fill)
        move(self.buf, self._fill, chunk, at, count)
        self._fill += count
        return count

    def clear(self) -> None:
        """Drop what was fed and not yet framed."""
        self.position = (self.position + self._fill) & POSITION_MASK
        self._fill = 0
        self._hunt = 0
        self._info = 0

    def received(self) -> int:
        """The stream position behind the last octet fed."""
        return self.position + self._fill

    def pending(self) -> bool:
        """Whether the beginning of a frame waits for its end."""
        return self._fill - self._hunt > 1

    def next_frame(self, silent: bool = False) -> int:
        """Look for a frame in what was fed. Call until NEED_DATA.

        silent says that the line has gone quiet: a frame still incomplete will never be whole.
        Returns a status, counted in counts[status].
        """
        if self._fill - self._hunt < 3 and not silent:
            return NEED_DATA
        status = self._look(silent)
        self.counts[status] += 1
        return status

    def _look(self, silent: bool) -> int:
        buf = self.buf
        fill = self._fill
        flag = find_frame(buf, self._hunt, fill)
        if flag != self._hunt:
            self._hunt = flag
            self._info = 0
        if fill - flag < 3:
            if silent:
                self._hunt = fill
            return NEED_DATA
        length = (buf[flag + 1] & 0x07) << 8 | buf[flag + 2]
        if length < _SHORTEST or length + 2 > len(buf):
            return self._reject(BAD_LENGTH)
        if not self._info:
            status = self._check_header(flag, length)
            if status != FRAME:
                return self._reject(BAD_LENGTH) if status == NEED_DATA and silent else status
        closing = flag + 1 + length
        if closing >= fill:
            return self._reject(BAD_LENGTH) if silent else NEED_DATA
        if buf[closing] != 0x7E:
            return self._reject(BAD_LENGTH)
        self._hunt = closing  # the closing flag may open the next frame
        self.start = flag + self._info
        self._info = 0
        if x25(buf, flag + 1, closing) != X25_RESIDUE:
            self.fault_at = self.position + flag
            return BAD_FCS
        self.end = closing - 2
        if self.start > self.end:  # no information field, hence no HCS either
            self.start = self.end
        self.segmented = bool(buf[flag + 1] & 0x08)
        return FRAME

    def _check_header(self, flag: int, length: int) -> int:
        """Addresses and HCS of the candidate at flag: FRAME if they are good, else a status."""
        buf = self.buf
        control = behind_addresses(buf, flag + 3, self._fill)
        if control < 0:
            return NEED_DATA if control == -1 else self._reject(BAD_HCS)
        info = control + 3  # behind control and HCS
        if info + 1 > flag + length:  # too short for an information field
            if info != flag + 1 + length:
                return self._reject(BAD_LENGTH)
        else:
            if info > self._fill:
                return NEED_DATA
            if x25(buf, flag + 1, info) != X25_RESIDUE:
                return self._reject(BAD_HCS)
        self._info = info - flag
        return FRAME

    def _reject(self, status: int) -> int:
        self.fault_at = self.position + self._hunt
        self._hunt += 1
        self._info = 0
        return status
