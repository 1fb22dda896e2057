"""The whole way from octets to Readings: framers, layers, decoder, and where errors are caught.

In       octets in any split; silence when the line has gone quiet
Out      sink.on_reading(reading), sink.on_error(code, reason, offset) with the offset in the
         stream, and before an error sink.on_unknown(reading) if it is a list that nobody knows
Layers   frame -> segments | blocks -> deciphered -> list or P1 text
Limits   feed() raises nothing, whatever the octets are
Source   IEC 62056-46, EN 13757-2, IEC 62056-21, and what lies inside, see the modules

All framers are fed side by side until one of them has led to a telegram; then it alone is, until
a few bursts in a row mean nothing to it. While it is open whose line this is, only failures of
checksums are told: the others may be another wire's octets.
"""

from micropython import const

from han import errors, lists, p1
from han.cipher import Cipher
from han.dsmr import DsmrFramer
from han.fields import maker
from han.framing import BAD_FCS, BAD_HCS, BAD_LENGTH, BAD_SEQUENCE, FRAME, NEED_DATA, OVERFLOW
from han.gbt import BlockTransfer
from han.hdlc import HdlcFramer
from han.mbus import MbusFramer
from han.raw import RawFramer
from han.segments import Segments

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from han.fields import Reading

    class Sink(Protocol):
        def on_reading(self, reading: Reading) -> None: ...
        def on_error(self, code: int, reason: str, offset: int) -> None: ...
        def on_unknown(self, reading: Reading) -> None: ...

    Framer = HdlcFramer | MbusFramer | DsmrFramer | RawFramer


_TELEGRAM_MIN = const(16)  # fewer octets are a glitch on the line
_ASSEMBLY = const(2048)
_STRANGE_BURSTS = const(4)  # so many without a frame of the locked framer: another meter?
_SLASH = const(0x2F)
_GENERAL_BLOCK_TRANSFER = const(0xE0)
_GENERAL_GLO_CIPHERING = const(0xDB)
_GENERAL_DED_CIPHERING = const(0xDC)

_FRAMER_ERRORS = {
    BAD_HCS: (errors.HEADER_CHECKSUM, "frame header checksum is wrong"),
    BAD_FCS: (errors.CHECKSUM, "checksum is wrong"),
    BAD_LENGTH: (errors.BOUNDARY, "frame does not end where its length says"),
    OVERFLOW: (errors.INCOMPLETE, "telegram is too long"),
    BAD_SEQUENCE: (errors.INCOMPLETE, "a part of the message is missing"),
}


class TelegramStream:
    """One line's decoder. frames counts those whose checks were good and that were this wire's."""

    def __init__(self, sink: "Sink", cipher: "Cipher | None" = None) -> None:
        assembly = bytearray(_ASSEMBLY)  # one message at a time is put together, on any wire
        self._hdlc = HdlcFramer()
        self._dsmr = DsmrFramer()
        self._mbus = MbusFramer(assembly)
        self._raw = RawFramer(items=lists.items)
        self._all: "tuple[Framer, ...]" = (self._hdlc, self._mbus, self._dsmr, self._raw)
        self._segments = Segments(assembly)
        # Blocks wait only while another framer is locked, and then this one is not fed.
        self._blocks = BlockTransfer(self._raw.buf)
        self.cipher = cipher or Cipher(None, None, None)
        self._sink = sink
        self.locked: "Framer | None" = None
        self.frames = 0
        self._burst = 0  # octets since the line was last quiet
        self._framed = False  # one of them ended a frame
        self._told = False  # or an error was reported
        self._fault: "tuple[Framer, int, int] | None" = None  # the first doubt: whose, what, where
        self._deciphered = False  # the frame at hand was opened with a key
        self._strange = 0  # bursts in a row that the locked framer made nothing of

    def reset(self) -> None:
        """Forget what is half received: the line's settings have changed."""
        for framer in self._all:
            framer.clear()
        self.overdue()
        self.locked = None
        self._end_burst()

    def feed(self, chunk: bytearray, n: int) -> None:
        """Take chunk[:n] and report every telegram that it completes."""
        self._burst += n
        locked = self.locked
        if locked is not None:
            at = 0
            while at < n:
                at += locked.feed(chunk, n, at)
                self._drain(locked, False)
            return
        for framer in self._all:
            self._feed(framer, chunk, n)
            if self.locked is not None:
                break

    def _feed(self, framer: "Framer", chunk: bytearray, n: int) -> None:
        at = 0
        while at < n:
            at += framer.feed(chunk, n, at)
            self._drain(framer, False)

    def silence(self) -> None:
        """The line is quiet: a telegram that is still incomplete stays so."""
        if not self._burst:
            return
        if self.locked is not None:
            self._drain(self.locked, True)
        else:
            for framer in self._all:
                self._drain(framer, True)
                if self.locked is not None:
                    break
        waits = self._mbus.pending()  # a burst may be one segment of a message
        if self._framed:
            self._strange = 0
        if self._burst >= _TELEGRAM_MIN and not self._framed and not waits:
            if not self._told:
                self._tell_doubt()
            self._strange += 1
            if self.locked is not None and self._strange >= _STRANGE_BURSTS:
                self._unlock()
        self._end_burst()

    def overdue(self) -> None:
        """The line was quiet for seconds: parts of a message wait for the rest in vain."""
        self._segments.drop()
        self._blocks.drop()
        self._mbus.drop()

    def _tell_doubt(self) -> None:
        if self._fault:
            _, status, at = self._fault
            code, reason = _FRAMER_ERRORS[status]
            self._sink.on_error(code, reason, at)
        else:
            reason = "no telegram in %d octets" % self._burst
            at = (self.locked or self._hdlc).received() - self._burst
            self._sink.on_error(errors.UNKNOWN_DATA, reason, max(at, 0))

    def _end_burst(self) -> None:
        self._burst = 0
        self._framed = False
        self._told = False
        self._fault = None

    def _unlock(self) -> None:
        """Let all framers look again; those that were passed over begin anew."""
        for framer in self._all:
            if framer is not self.locked:
                framer.clear()
        self._blocks.drop()  # they are in a buffer that is fed from here on
        self.locked = None
        self._strange = 0

    def _drain(self, framer: "Framer", silent: bool) -> None:
        while True:
            status = framer.next_frame(silent)
            if status == NEED_DATA:
                return
            if status != FRAME:
                self._failed(framer, status)
            elif framer.end > framer.start and self._take(framer):
                self.frames += 1
                self._framed = True
                if self.locked is None:
                    self.locked = framer
                    if self._fault and self._fault[0] is framer:
                        self._tell_doubt()

    def _failed(self, framer: "Framer", status: int) -> None:
        if self.locked is not None or (status == BAD_FCS and framer is not self._raw):
            code, reason = _FRAMER_ERRORS[status]
            self._told = True
            self._sink.on_error(code, reason, framer.fault_at)
        elif self._fault is None or (framer is self._hdlc and status == BAD_HCS):
            self._fault = (framer, status, framer.fault_at)

    def _take(self, framer: "Framer") -> bool:
        """Decode a frame. Whether it was this wire's: a telegram, or part of one."""
        try:
            reading = self._decode(framer)
        except errors.DecodeError as e:
            open_raw = framer is self._raw and self.locked is None and not self._deciphered
            if open_raw and e.code == errors.UNKNOWN_DATA:
                return False
            if e.reading is not None:
                self._sink.on_unknown(e.reading)
            self._told = True
            self._sink.on_error(e.code, e.reason, framer.position + e.offset)
            return not open_raw or e.code == errors.KEY
        except Exception as e:  # a defect of ours must cost this telegram, not the reader
            self._told = True
            at = framer.position + framer.start
            self._sink.on_error(errors.EXCEPTION, "defect: %r" % e, at)
            return False
        if reading is not None:
            self._sink.on_reading(reading)
        return True

    def _decode(self, framer: "Framer") -> "Reading | None":
        """The reading in a frame; None if more frames must come for it."""
        buf = framer.buf
        start = framer.start
        end = framer.end
        vendor = 0
        self._deciphered = False
        if framer is self._dsmr and self._dsmr.ciphered_at:
            return self._decode_ciphered_p1(buf, start, end)
        if framer is self._hdlc and (self._hdlc.segmented or self._segments.pending()):
            if not self._segments.add(buf, start, end, self._hdlc.segmented):
                return None
            buf = self._segments.buf
            start = self._segments.start
            end = self._segments.end
        start = lists.behind_llc(buf, start, end)
        if start < end and buf[start] == _GENERAL_BLOCK_TRANSFER:
            if not self._blocks.add(buf, start, end):
                return None
            buf = self._blocks.buf
            start = lists.behind_llc(buf, self._blocks.start, self._blocks.end)
            end = self._blocks.end
        if start >= end:
            raise errors.DecodeError("empty frame", start)
        if buf[start] == _GENERAL_GLO_CIPHERING or buf[start] == _GENERAL_DED_CIPHERING:
            start, end = self.cipher.decipher(buf, start, end)
            self._deciphered = True
            vendor = maker(self.cipher.system_title or b"")
        if buf[start] == _SLASH:
            return p1.decode(buf, start, end)
        return lists.decode(buf, start, end, vendor)

    def _decode_ciphered_p1(self, buf: bytearray, start: int, end: int) -> "Reading":
        """A telegram whose identification line is clear and whose lines are ciphered."""
        at = self._dsmr.ciphered_at
        first, last = self.cipher.decipher_p1(buf, at, end)
        return p1.decode_lines(buf, start, at, first, last)
