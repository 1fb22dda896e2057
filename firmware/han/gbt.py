"""General block transfer: blocks in, the APDU that they make up out.

In       one block at a time, as the information field of a frame, with or without LLC header
Out      .buf .start .end of the APDU when add() says True; it holds until the next add()
Wire     [E6 E7 00] E0 | control | block number 2 | acknowledged 2 | length | data
         control: 80 last block, 40 streaming, 3F window; numbers count from 1
Limits   an APDU of len(buf) octets; add() allocates nothing but an error
Errors   DecodeError: header cut off, wrong length, a block missing, too long. Nothing is
         kept then
Source   IEC 62056-5-3 (general-block-transfer)
Seen     Landis+Gyr E450 in Switzerland: three blocks, each in a frame of its own
"""

from micropython import const

from han.crc import move
from han.errors import INCOMPLETE, DecodeError
from han.framing import after_llc, length_at, length_octets

_GENERAL_BLOCK_TRANSFER = const(0xE0)
_LAST = const(0x80)
_SIZE = const(2048)


class BlockTransfer:
    """The APDU that is being collected. buf may be given, and shared while nothing is pending."""

    def __init__(self, buf: "bytearray | None" = None) -> None:
        self.buf = bytearray(_SIZE) if buf is None else buf
        self.start = 0
        self.end = 0
        self.lost = 0  # APDUs that were begun and not finished
        self._next = 1  # the number of the block that is due
        self._length = 0

    def pending(self) -> bool:
        """Whether further blocks are due."""
        return self._next > 1

    def drop(self) -> bool:
        """Give up what was collected: call when 5 s have been silent. Whether there was any."""
        if self._next == 1:
            return False
        self.lost += 1
        self._next = 1
        return True

    def add(self, buf: bytearray, start: int, end: int) -> bool:
        """Take the block in buf[start:end]. True when it was the last one.

        Block 1 begins anew whatever was collected.
        """
        at = after_llc(buf, start, end)
        if at + 7 > end:
            self._refuse("block header cut off", end)
        if buf[at] != _GENERAL_BLOCK_TRANSFER:
            self._refuse("not a block", at)
        number = buf[at + 2] << 8 | buf[at + 3]
        data = at + 6
        length = length_at(buf, data, end)
        if length >= 0:
            data += length_octets(buf, data)
        if length != end - data:
            self._refuse("block does not end where its length says", at + 6)
        if number == 1:
            self.drop()
            self._length = 0
        elif number != self._next:
            self._refuse("block missing", at + 2)
        if self._length + length > len(self.buf):
            self._refuse("message in blocks is too long", at)
        self._length += move(self.buf, self._length, buf, data, length)
        self._next = number + 1
        if not buf[at + 1] & _LAST:
            return False
        self._next = 1
        self.start = 0
        self.end = self._length
        return True

    def _refuse(self, reason: str, offset: int) -> None:
        self.drop()
        raise DecodeError(reason, offset, INCOMPLETE)
