"""The whole way from octets to Readings: framer, decoder, and the one place that catches errors.

In       octets in any split; silence when the line has gone quiet
Out      sink.on_reading(reading) and sink.on_error(code, reason, offset), offset in the stream
Limits   feed() raises nothing, whatever the octets are
"""

from micropython import const

from han import errors, lists
from han.hdlc import BAD_FCS, BAD_HCS, BAD_LENGTH, FRAME, NEED_DATA, HdlcFramer

_FRAMER_ERRORS = {
    BAD_HCS: (errors.HEADER_CHECKSUM, "frame header checksum is wrong"),
    BAD_FCS: (errors.CHECKSUM, "frame checksum is wrong"),
    BAD_LENGTH: (errors.BOUNDARY, "frame does not end where its length says"),
}


TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from han.reading import Reading

    class Sink(Protocol):
        def on_reading(self, reading: Reading) -> None: ...
        def on_error(self, code: int, reason: str, offset: int) -> None: ...


_TELEGRAM_MIN = const(16)  # fewer octets are a glitch on the line


class TelegramStream:
    """One line's decoder. frames counts frames whose checks were good."""

    def __init__(self, sink: "Sink") -> None:
        self.framer = HdlcFramer()
        self.frames = 0
        self._sink = sink
        self._burst = 0  # octets since the line was last quiet
        self._reported = False  # and whether they led to anything

    def reset(self) -> None:
        """Forget what is half received: the line's settings have changed."""
        self.framer.clear()
        self._burst = 0

    def feed(self, chunk: bytearray, n: int) -> None:
        """Take chunk[:n] and report every telegram that it completes."""
        at = 0
        self._burst += n
        while at < n:
            at += self.framer.feed(chunk, n, at)
            self._drain(False)

    def silence(self) -> None:
        """The line is quiet: a telegram that is still incomplete stays so."""
        if not self._burst:
            return
        self._drain(True)
        if not self._reported and self._burst >= _TELEGRAM_MIN:
            at = self.framer.received() - self._burst
            self._sink.on_error(
                errors.UNKNOWN_DATA, "no telegram in %d octets" % self._burst, max(at, 0)
            )
        self._burst = 0
        self._reported = False

    def _drain(self, silent: bool) -> None:
        framer = self.framer
        while True:
            status = framer.next_frame(silent)
            if status == NEED_DATA:
                return
            self._reported = True
            if status == FRAME:
                if framer.end > framer.start:
                    self.frames += 1
                    self._decode()
            else:
                code, reason = _FRAMER_ERRORS[status]
                self._sink.on_error(code, reason, framer.fault_at)

    def _decode(self) -> None:
        framer = self.framer
        try:
            if framer.segmented:
                raise errors.DecodeError("segmented message", framer.start, errors.UNKNOWN_DATA)
            reading = lists.decode(framer.buf, framer.start, framer.end)
        except errors.DecodeError as e:
            self._sink.on_error(e.code, e.reason, framer.position + e.offset)
            return
        except Exception as e:  # a defect of ours must cost this telegram, not the reader
            self._sink.on_error(errors.EXCEPTION, "defect: %r" % e, framer.position + framer.start)
            return
        self._sink.on_reading(reading)
