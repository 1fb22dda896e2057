"""HDLC segmentation: information fields in, the whole message out.

In       each frame's information field, and whether the frame announces another one
Out      .buf .start .end of the message when add() says True; it holds until the next add()
Wire     bit 0800 of the format field is set on each frame of a message but its last; the LLC
         header is in the first alone
Limits   a message of as many octets as the buffer; add() allocates nothing but an error
Errors   DecodeError: beginning missing, too long. Nothing is kept then
Source   IEC 62056-46 (format field)
Seen     Iskraemeco IE.5, AM550

A message in one frame is handed on where it stands. A lost segment in the middle cannot be seen
here, for the frames carry no number: the message is then shorter than its items say.
"""

from micropython import const

from han.crc import move
from han.errors import INCOMPLETE, DecodeError
from han.framing import after_llc

_SIZE = const(2048)


class Segments:
    """The message that is being collected. assembly may be shared while nothing is pending."""

    def __init__(self, assembly: "bytearray | None" = None) -> None:
        self._assembly = bytearray(_SIZE) if assembly is None else assembly
        self.buf = self._assembly
        self.start = 0
        self.end = 0
        self.lost = 0  # messages that were begun and not finished
        self._length = 0  # octets collected, 0 = no message is under way

    def pending(self) -> bool:
        """Whether further segments are due."""
        return self._length > 0

    def drop(self) -> bool:
        """Give up what was collected: call when 5 s have been silent. Whether there was any."""
        if not self._length:
            return False
        self.lost += 1
        self._length = 0
        return True

    def add(self, buf: bytearray, start: int, end: int, more: bool) -> bool:
        """Take the field buf[start:end]. True when a message is complete.

        more  the frame said that another one follows
        A field that begins with the LLC header begins a message, whatever was collected.
        """
        first = after_llc(buf, start, end) != start
        if first:
            self.drop()
        if not self._length:
            if not more:
                self.buf = buf
                self.start = start
                self.end = end
                return True
            if not first:
                raise DecodeError("beginning of a segmented message missing", start, INCOMPLETE)
        if self._length + end - start > len(self._assembly):
            self.drop()
            raise DecodeError("segmented message is too long", start, INCOMPLETE)
        self._length += move(self._assembly, self._length, buf, start, end - start)
        if more:
            return False
        self.buf = self._assembly
        self.start = 0
        self.end = self._length
        self._length = 0
        return True
