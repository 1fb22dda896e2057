"""Wired M-Bus long frames: octets in, checked APDUs out, put together from their segments.

In       any split of the octet stream
Out      (start, end) of a whole APDU inside .buf; .buf may be another one for each APDU
Wire     68 L L 68 | C A CI STSAP DTSAP | data | checksum | 16
         L counts C to the last data octet; below 6 it stands for L + 256
         CI 000f nnnn: f = last segment, n = number of the segment from 0
Limits   frames of 267 octets, APDUs of len(assembly) octets; feed() allocates nothing
Source   EN 13757-2; DLMS over M-Bus as in the customer-port documents of Austrian grid companies
Seen     Kaifa MA309, Sagemcom T210-D

The length decides where a frame ends; the checksum and 16 confirm it. After a failed check the
hunt goes on one octet behind the 68 that misled it. Segments are counted, so a lost one costs
its message and no other. An APDU in one segment is given where it was received, without a copy.
"""

from micropython import const

from han.crc import find_long, move, sum8
from han.framing import (
    BAD_FCS,
    BAD_HCS,
    BAD_LENGTH,
    BAD_SEQUENCE,
    FRAME,
    NEED_DATA,
    OVERFLOW,
    POSITION_MASK,
)

_SHORTEST = const(6)  # C, A, CI, STSAP, DTSAP, one octet of data
_RING = const(320)  # the longest frame has 267 octets
_ASSEMBLY = const(2048)


class MbusFramer:
    """Finds APDUs in a stream. After next_frame() gave FRAME the span holds until feed().

    assembly  the buffer for messages in several segments; others may use it as well whenever
              none of them holds a part
    """

    def __init__(self, assembly: "bytearray | None" = None) -> None:
        self._ring = bytearray(_RING)
        self._assembly = bytearray(_ASSEMBLY) if assembly is None else assembly
        self.buf = self._ring
        self.start = 0
        self.end = 0
        self.position = 0  # of buf[0] in the stream; with several segments right for the first
        self.fault_at = 0  # stream position of what failed last
        self.counts = [0, 0, 0, 0, 0, 0, 0]
        self._base = 0  # of _ring[0] in the stream
        self._fill = 0
        self._hunt = 0
        self._parts = 0  # segments of the message that is under way
        self._length = 0  # and their octets
        self._first_at = 0  # stream position of its first octet of data

    def feed(self, chunk: bytearray, n: int, at: int = 0) -> int:
        """Take chunk[at:n] or what of it there is room for. Returns the octets taken.

        Room there always is once next_frame() has answered NEED_DATA.
        """
        if self._hunt:
            self._fill = move(self._ring, 0, self._ring, self._hunt, self._fill - self._hunt)
            self._base = (self._base + self._hunt) & POSITION_MASK
            self._hunt = 0
        count = min(n - at, len(self._ring) - self._fill)
        move(self._ring, self._fill, chunk, at, count)
        self._fill += count
        return count

    def clear(self) -> None:
        """Drop what was fed and not yet framed, and the segments of an unfinished message."""
        self._base = (self._base + self._fill) & POSITION_MASK
        self._fill = 0
        self._hunt = 0
        self._parts = 0

    def drop(self) -> int:
        """Give up a message whose next segment is overdue: call when 5 s have been silent.

        Returns BAD_SEQUENCE (counted) if there was one, else NEED_DATA.
        """
        if not self._parts:
            return NEED_DATA
        self.counts[BAD_SEQUENCE] += 1
        return self._lost()

    def received(self) -> int:
        """The stream position behind the last octet fed."""
        return self._base + self._fill

    def pending(self) -> bool:
        """Whether the beginning of a frame or of a message waits for the rest."""
        return self._fill - self._hunt > 1 or self._parts > 0

    def next_frame(self, silent: bool = False) -> int:
        """Look for an APDU in what was fed. Call until NEED_DATA.

        silent says that the line has gone quiet: a frame still incomplete will never be whole.
        A message may be silent between its segments, so they stay: see drop().
        Returns a status; each but NEED_DATA is counted in counts[status].
        """
        status = self._look(silent)
        if status:
            self.counts[status] += 1
        return status

    def _look(self, silent: bool) -> int:
        ring = self._ring
        fill = self._fill
        while True:
            at = find_long(ring, self._hunt, fill)
            self._hunt = at
            if fill - at < 4:
                if silent:
                    self._hunt = fill
                return NEED_DATA
            length = ring[at + 1]
            if length < _SHORTEST:
                length += 256
            end = at + 4 + length  # where the checksum is
            if end + 1 >= fill:
                return self._reject(BAD_LENGTH) if silent else NEED_DATA
            if ring[end + 1] != 0x16:
                return self._reject(BAD_LENGTH)
            if sum8(ring, at + 4, end) != ring[end]:
                return self._reject(BAD_FCS)
            status = self._segment(at, end)
            if status:
                return status

    def _segment(self, at: int, end: int) -> int:
        """Take the good frame at `at`, its data up to end. NEED_DATA if more segments follow."""
        ring = self._ring
        field = ring[at + 6]
        number = field & 0x0F
        if number == 0 and self._parts:
            return self._lost()  # and this frame is looked at again as the first of its message
        self._hunt = end + 2
        if field & 0xE0:  # a good frame, but a meter's own M-Bus record, not DLMS
            self.fault_at = self._base + at
            return BAD_HCS
        if number != self._parts:
            if not self._parts:
                self._first_at = self._base + at
            return self._lost()
        data = at + 9
        last = field & 0x10
        if number == 0:
            self._length = 0
            self._first_at = self._base + data
            if last:
                self.buf = ring
                self.position = self._base
                self.start = data
                self.end = end
                return FRAME
        if self._length + end - data > len(self._assembly):
            self._lost()
            return OVERFLOW
        self._length += move(self._assembly, self._length, ring, data, end - data)
        self._parts += 1
        if not last:
            return NEED_DATA
        self._parts = 0
        self.buf = self._assembly
        self.position = self._first_at
        self.start = 0
        self.end = self._length
        return FRAME

    def _lost(self) -> int:
        self._parts = 0
        self.fault_at = self._first_at
        return BAD_SEQUENCE

    def _reject(self, status: int) -> int:
        self.fault_at = self._base + self._hunt
        self._hunt += 1
        return status
