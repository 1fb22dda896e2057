"""Messages in several parts: HDLC segments, M-Bus segments, general block transfer.

In       the window with a frame that is a part; or the span of a block
Out      the message's span in the window, when its last part has come
Wire     HDLC segment: bit 0800 of the format field on each frame but the last; the LLC header is
         in the first alone
         M-Bus segment: counted from 0, the last one marked
         block: E0 | control | block number 2 | acknowledged 2 | length | data
         control: 80 last block, 40 streaming, 3F window; numbers count from 1
Limits   messages of 2048 octets; nothing is allocated but an error
Errors   DecodeError: a part missing, header cut off, wrong length, too long. The parts are dropped
Source   IEC 62056-46 (format field); DLMS over M-Bus as in the customer-port documents of
         Austrian grid companies; IEC 62056-5-3 (general-block-transfer)
Seen     segments: Iskraemeco IE.5, AM550; Kaifa MA309, Sagemcom T210-D on M-Bus
         blocks: Landis+Gyr E450 in Switzerland, three, each in a frame of its own

Parts are moved together at the front of the window, without a second buffer: blocks first, then
the segments of the next block. A lost HDLC segment in the middle is not found here, as the frames
have no number: the message is then shorter than its items say.
"""

from micropython import const

from han.fields import INCOMPLETE, DecodeError
from han.window import LAST, NUMBERED, PLAIN, SEGMENT, after_llc, axdr_length, move

TYPE_CHECKING = False
if TYPE_CHECKING:
    from han.window import Window

_MOST = const(2048)
_GENERAL_BLOCK_TRANSFER = const(0xE0)
_LAST_BLOCK = const(0x80)


class Assembly:
    """The message that is being put together in a window.

    first_at  stream position of the message's first octet
    lost      the last segment began a message, and the one before was not complete (M-Bus)
    """

    def __init__(self, window: "Window") -> None:
        self.first_at = 0
        self.lost = False
        self._window = window
        self._segments = 0  # how many are in the window
        self._blocks = 0  # octets of blocks in the window
        self._block = 1  # the number of the block that is due

    def drop(self) -> None:
        """Forget the parts collected."""
        self._window.kept = self._segments = self._blocks = 0
        self._block = 1

    def add_segment(self) -> bool:
        """Add the window's frame. True when a message is complete, from window.start to end.

        A segment that begins a message drops the segments collected before.
        """
        window = self._window
        start = window.start
        count = window.end - start
        if window.kind & NUMBERED:
            number = window.kind & 0x0F
            more = not window.kind & LAST
            begins = number == 0
            self.lost = begins and self._segments > 0
            if not begins and number != self._segments:
                self._refuse("a part of the message is missing", start)
        else:
            more = window.kind == SEGMENT
            begins = after_llc(window.buf, start, window.end) != start
        if begins:
            self._segments = 0
            window.kept = self._blocks
        if not self._segments:
            self.first_at = window.position + start
            if not more:
                return True
            if not begins:
                self._refuse("beginning of a segmented message missing", start)
        if window.kept - self._blocks + count > _MOST:
            self._refuse("segmented message is too long", start)
        window.kept += move(window.buf, window.kept, window.buf, start, count)
        self._segments += 1
        if more:
            return False
        window.start = self._blocks
        window.end = window.kept
        window.kind = PLAIN  # a second try, for want of heap, finds it whole
        window.kept = self._blocks  # the message stays where it is until octets are added
        self._segments = 0
        return True

    def add_block(self, start: int, end: int) -> bool:
        """Add the block in start..end. True after the last: the APDU is window.start to end then.

        Block 1 drops the blocks collected before.
        """
        window = self._window
        buf = window.buf
        if start + 7 > end:
            self._refuse("block header cut off", end)
        if buf[start] != _GENERAL_BLOCK_TRANSFER:
            self._refuse("not a block", start)
        number = buf[start + 2] << 8 | buf[start + 3]
        length = axdr_length(buf, start + 6, end)
        count = length & 0xFFFF
        data = start + 6 + (length >> 16)
        if length < 0 or count != end - data:
            self._refuse("block does not end where its length says", start + 6)
        if number == 1:
            self._blocks = 0
            self.first_at = window.position + data
        elif number != self._block:
            self._refuse("block missing", start + 2)
        if self._blocks + count > _MOST:
            self._refuse("message in blocks is too long", start)
        last = buf[start + 1] & _LAST_BLOCK  # before the data takes the header's place
        self._blocks += move(buf, self._blocks, buf, data, count)
        window.kept = self._blocks
        self._block = number + 1
        if not last:
            return False
        window.start = 0
        window.end = self._blocks
        self.drop()
        return True

    def _refuse(self, reason: str, offset: int) -> None:
        self.drop()
        raise DecodeError(reason, offset, INCOMPLETE)
