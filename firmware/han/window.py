"""The one receive buffer, the statuses of frames in it, and loops over its octets.

In       octets that are added at the free end, in any split of the stream
Out      at .. fill, the octets that belong to no frame yet; the last frame as kind, start, end
Framer   a module with check(window, silent) -> status. It checks the one frame that may begin
         at window.at, of which at least four octets are there:
         NEED_DATA  the frame continues after fill; never if silent, the line has gone quiet
         FRAME      kind, start, end are set, at is after the frame
         ALIEN      no frame of this wire begins here
         else       a frame of this wire with a fault. at may be set to where to look next
         It allocates nothing. It may keep the search's progress in seen
Loops    compiled to machine code, for more than one wire. They check no bounds: the caller has
         proven that both indices lie inside the buffer. Words are 32 bits on the device and 64 on
         a PC, so each step masks
Limits   4120 octets: a P1 telegram may have 4 KB. Spans are valid until the next add(), which
         allocates nothing
Source   Dutch P1 companion standard (CRC-16/ARC); IEC 61334-6 (A-XDR lengths); IEC 62056-46
         (LLC header)
"""

import micropython
from micropython import const

NEED_DATA = const(0)
FRAME = const(1)
BAD_HCS = const(2)  # the header is not one of this wire
BAD_FCS = const(3)  # the checksum over the contents is wrong
BAD_LENGTH = const(4)  # it does not end where its length or the next frame's beginning says
OVERFLOW = const(5)  # longer than the window
ALIEN = const(6)

# Kinds of frames. One from PLAIN on may be a part of a message, or complete a message.
P1_TEXT = const(0)
P1_LINES = const(1)  # a P1 telegram whose lines are ciphered, from window.body on
UNCHECKED = const(2)  # an APDU without a checksum
PLAIN = const(3)
SEGMENT = const(4)  # another frame of the same message follows
NUMBERED = const(0x20)  # plus the number 0..15 of a message's part, plus LAST for its last part
LAST = const(0x10)

SIZE = const(4120)
SILENCE_MS = const(200)  # this long without an octet ends a burst
_ROOM = const(256)  # octets of the free end, below which octets before `at` are given up
_POSITIONS = const(0x3FFFFFFF)  # positions stay small integers

# Results of axdr_length() other than a length.
MORE = const(-1)
NO_LENGTH = const(-2)


class Window:
    """The octets received last. Frames and messages in parts are read in place.

    buf[:kept]      parts of a message that is not complete
    buf[at:fill]    octets not yet framed; those before are given up when room is needed
    position        of buf[0] in the stream, valid for octets from kept on
    """

    def __init__(self, size: int = SIZE) -> None:
        self.buf = bytearray(size)
        self.fill = 0
        self.at = 0
        self.kept = 0
        self.position = 0
        self.burst = 0  # where the burst, or the rest of it, begins
        self.seen = 0  # where the framer continues its search, 0 = at the beginning
        self.kind = PLAIN
        self.start = 0
        self.end = 0
        self.body = 0

    def add(self, octets: "bytes | bytearray", at: int, count: int) -> int:
        """Add up to count octets from octets[at] on. Returns how many; never 0 if every frame was
        checked since the last ones were added."""
        if len(self.buf) - self.fill < _ROOM:
            shift = self.at - self.kept
            move(self.buf, self.kept, self.buf, self.at, self.fill - self.at)
            self.at = self.kept
            self.fill -= shift
            self.position = (self.position + shift) & _POSITIONS
            self.burst = max(self.burst - shift, self.kept)
            if self.seen:
                self.seen -= shift
        count = min(count, len(self.buf) - self.fill)
        self.fill += move(self.buf, self.fill, octets, at, count)
        return count

    def clear(self) -> None:
        """Forget the octets not yet framed and the parts of a message."""
        self.position = (self.position + self.fill) & _POSITIONS
        self.fill = self.at = self.kept = self.burst = self.seen = 0


@micropython.viper
def move(target: ptr8, at: int, source: ptr8, start: int, count: int) -> int:
    """Copy count octets. Within one buffer only towards the front. Returns count."""
    i: int = 0
    while i < count:
        target[at + i] = source[start + i]
        i += 1
    return count


@micropython.viper
def find_beginning(buf: ptr8, start: int, end: int, rows: ptr8, first: int, last: int) -> int:
    """Where a frame of the wires in rows[first:last] may begin. Returns end if nowhere.

    A row has four octets: the frame's first octet; then the distance to another octet, a mask for
    it and its masked value. An octet that has not come yet counts as right.
    """
    i: int = start
    while i < end:
        x: int = int(buf[i])
        row: int = first
        while row < last:
            if x == int(rows[row]):
                at: int = i + int(rows[row + 1])
                if at >= end or (int(buf[at]) & int(rows[row + 2])) == int(rows[row + 3]):
                    return i
            row += 4
        i += 1
    return end


@micropython.viper
def axdr_length(buf: ptr8, at: int, end: int) -> int:
    """The A-XDR length at buf[at]: 00..7F, or 81..84 and 1..4 octets; leading zeros are allowed.

    Returns the octets it takes << 16 | the length; above 65535 counts as 65535. MORE if it
    continues at end, NO_LENGTH if the first octet begins none.
    """
    if at >= end:
        return -1
    length: int = int(buf[at])
    if length < 0x80:
        return (1 << 16) | length
    octets: int = length - 0x80
    if octets == 0 or octets > 4:
        return -2
    if at + octets >= end:
        return -1
    length = 0
    i: int = 1
    while i <= octets:
        length = (length << 8) | int(buf[at + i])
        if length > 0xFFFF:
            length = 0xFFFF
        i += 1
    return ((octets + 1) << 16) | length


@micropython.viper
def after_llc(buf: ptr8, start: int, end: int) -> int:
    """Where the octets after the LLC header E6 E7 00 or E6 E6 00 begin; start if there is none."""
    if end - start < 3 or int(buf[start]) != 0xE6 or (int(buf[start + 1]) | 1) != 0xE7:
        return start
    if int(buf[start + 2]):
        return start
    return start + 3


@micropython.viper
def arc(buf: ptr8, start: int, end: int) -> int:
    """CRC-16/ARC of buf[start:end]: polynomial A001 reflected, start 0.

    It takes no table: the entry for x would be x * C0, XOR C001 if x has an odd number of ones.
    """
    crc: int = 0
    i: int = start
    while i < end:
        x: int = (crc ^ int(buf[i])) & 0xFF
        ones: int = x ^ (x >> 4)
        ones = ones ^ (ones >> 2)
        ones = ones ^ (ones >> 1)
        crc = (crc >> 8) ^ (x << 6) ^ (x << 7)
        if ones & 1:
            crc = crc ^ 0xC001
        i += 1
    return crc


@micropython.viper
def find_line_end(buf: ptr8, start: int, end: int) -> int:
    """The first octet that an identification line cannot hold: control, 7F and above, '/', '!'."""
    i: int = start
    while i < end:
        x: int = int(buf[i])
        if x < 0x20 or x > 0x7E or x == 0x21 or x == 0x2F:
            return i
        i += 1
    return end
