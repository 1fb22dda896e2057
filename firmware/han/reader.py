"""The task that drains the meter's UART: octets to Readings, and the search for the line settings.

Only octets that wait are read, so a read never blocks. 20 ms between two reads are 230 octets at
115200 baud, far below the driver's ring, and the radio can sleep between them. A telegram is
decoded and reported before the next octet is read.

Settings that a frame has proven stay through silence (an unplugged cable). The search begins again
only when octets keep coming without a frame.
"""

import asyncio

from micropython import const
from ondemand import visit

from han.fields import UART_OVERFLOW
from han.stream import TelegramStream
from han.window import SILENCE_MS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from contracts import Board, LineSink, Milliseconds, Tap, Uart

    from han.decode import Decoder
    from han.detect import Detector
    from han.fields import Reading


_LOOK_MS = const(20)
_CHUNK = const(256)  # octets of one read
_OVERDUE_MS = const(2000)  # the parts of one message follow each other faster
_FULL = const(12168)  # the ring of boards/esp32, less the 120 that its driver adds at a time
_DOUBT_MS = const(10000)
_DOUBT_BURSTS = const(3)


class MeterReader:
    """Reads the line. The sink gets readings, errors and on_line(settings, proven)."""

    def __init__(
        self,
        board: "Board",
        sink: "LineSink[Reading]",
        uptime_ms: "Milliseconds",
        keys: "tuple[bytes | None, bytes | None]",
        decoder: "Decoder | None" = None,
    ) -> None:
        """keys: for encryption and authentication, of 16 octets, None where none is set."""
        self._board = board
        self._sink = sink
        self._uptime_ms = uptime_ms
        self.stream = TelegramStream(sink, keys[0], keys[1], board.aes, decoder)
        self._detection = visit("han.detect")
        self.detector: "Detector | None" = None  # None: the settings are proven
        self.settings: "tuple[int, str, bool] | None" = None  # in use: proven or a guess
        self.renew = False  # True ends run(): the stored settings have changed
        self._uart: "Uart | None" = None
        self._octets = bytearray(_CHUNK)
        # Each gets (buffer, count, proven) of all octets before they are decoded; valid during the
        # call. Who adds one makes a new tuple, and again to take it out.
        self.taps: "tuple[Tap, ...]" = ()
        self._octet_at = 0  # when an octet came last
        self._frame_at = 0
        self.alive = False  # set by each look

    async def run(self, stored: "tuple[int, str, bool] | None") -> None:
        """stored: the line settings to begin with, None to begin with the likeliest. Returns when
        `renew` is set."""
        self.renew = False
        self.begin(stored)
        while not self.renew:
            try:
                self.look()
            except MemoryError:  # to begin again would lose the octets that wait
                self.stream.reserve = None
            await asyncio.sleep_ms(_LOOK_MS)

    def begin(self, stored: "tuple[int, str, bool] | None") -> None:
        """Set up the UART; its settings are a guess until a frame comes."""
        now = self._uptime_ms()
        self.detector = self._detection.open().Detector(stored, now)
        self._set_up(now)

    def look(self) -> bool:
        """Read the octets that wait in the UART. False if none did."""
        self.alive = True
        uart = self._uart
        assert uart is not None, "begin() first"
        now = self._uptime_ms()
        stream = self.stream
        detector = self.detector
        frames = stream.frames
        count = 0
        waiting = uart.any()
        if waiting >= _FULL:
            self._sink.on_error(UART_OVERFLOW, "the UART's buffer overflowed", 0)
        while count < waiting:
            read = uart.readinto(self._octets, min(waiting - count, _CHUNK))
            if not read:
                break
            if detector:
                detector.octets(read, now)
            for tap in self.taps:
                tap(self._octets, read, detector is None)
            stream.take(self._octets, read)
            count += read
        if count:
            self._octet_at = now
        elif now - self._octet_at >= SILENCE_MS:
            stream.silence()
            if now - self._octet_at >= _OVERDUE_MS:
                stream.overdue()
        if stream.frames != frames:
            self._frame_at = now
            if detector:
                self._sink.on_line(detector.settings, True)
                self.detector = None
                self._detection.close()
        elif not count:
            if detector:
                if detector.poll(now):
                    self._set_up(now)
            elif stream.alien_bursts >= _DOUBT_BURSTS and now - self._frame_at >= _DOUBT_MS:
                self.detector = self._detection.open().Detector(self.settings, now)
                self.detector.advance(now)
                self._set_up(now)
        return count > 0

    def _set_up(self, now_ms: int) -> None:
        """Put the detector's settings in force."""
        assert self.detector is not None
        self.settings = settings = self.detector.settings
        baud, line_format, invert = settings
        self.stream.reset()
        self._sink.on_line(settings, False)
        # "8E1": data bits, parity as machine.UART wants it, stop bits
        parity = {"N": None, "E": 0, "O": 1}[line_format[1]]
        self._uart = self._board.uart(
            baud, int(line_format[0]), parity, int(line_format[2]), invert
        )
        self._octet_at = now_ms
