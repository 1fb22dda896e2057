"""The one receive buffer, and what framers say about the octets in it.

In       octets that the reader puts at the free end, in any split of the stream
Out      at .. fill, the octets that belong to no frame yet; the last frame as kind, start, end
Framer   a module with check(window, silent) -> status. It looks at the one frame that may begin
         at window.at, of which at least four octets are there:
         NEED_DATA  the frame goes on after fill; never if silent, the line has gone quiet
         FRAME      kind, start, end are set, at is after the frame
         ALIEN      no frame of this wire begins here
         else       a frame of this wire with a fault. at may be set to where to look next
         It allocates nothing. What it has found out may be kept in seen
Limits   4120 octets: a P1 telegram may have 4 KB. Spans are good until the next free()
"""

from micropython import const

from han.native import move

NEED_DATA = const(0)
FRAME = const(1)
BAD_HCS = const(2)  # the header is not one of this wire
BAD_FCS = const(3)  # the checksum over the contents is wrong
BAD_LENGTH = const(4)  # it does not end where its length or the next frame's beginning says
OVERFLOW = const(5)  # longer than the window
ALIEN = const(6)

# Kinds of frames. From PLAIN on, the frame may be a part of a message, or complete one.
P1_TEXT = const(0)
P1_LINES = const(1)  # a P1 telegram whose lines are ciphered, from window.body on
UNCHECKED = const(2)  # an APDU that no checksum has proven
PLAIN = const(3)
SEGMENT = const(4)  # another frame of the same message follows
NUMBERED = const(0x20)  # part 0..15, which is added, of a message; LAST is added to the last one
LAST = const(0x10)

SIZE = const(4120)
SILENCE_MS = const(200)  # this long without an octet ends a burst
_ROOM = const(256)  # octets the free end has at least, if octets before at can be given up
_POSITIONS = const(0x3FFFFFFF)  # keeps an octet count a small integer for ever


class Window:
    """The octets received last. One frame, or parts of one message, are looked at where they are.

    buf[:kept]      parts of a message that is not complete
    buf[at:fill]    octets not yet framed; those before are given up when room is needed
    position        of buf[0] in the stream, right for octets from kept on
    """

    def __init__(self, size: int = SIZE) -> None:
        self.buf = bytearray(size)
        self._view = memoryview(self.buf)
        self.fill = 0
        self.at = 0
        self.kept = 0
        self.position = 0
        self.burst = 0  # where the burst began, or what is left of it
        self.seen = 0  # how far the frame at `at` was searched, 0 = not yet
        self.kind = PLAIN
        self.start = 0
        self.end = 0
        self.body = 0

    def free(self) -> memoryview:
        """The free end. Not empty, if every frame was checked since octets were added."""
        if len(self.buf) - self.fill < _ROOM:
            shift = self.at - self.kept
            move(self.buf, self.kept, self.buf, self.at, self.fill - self.at)
            self.at = self.kept
            self.fill -= shift
            self.position = (self.position + shift) & _POSITIONS
            self.burst = max(self.burst - shift, self.kept)
            if self.seen:
                self.seen -= shift
        return self._view[self.fill :]

    def clear(self) -> None:
        """Forget what was not yet framed, and parts of a message."""
        self.position = (self.position + self.fill) & _POSITIONS
        self.fill = self.at = self.kept = self.burst = self.seen = 0
