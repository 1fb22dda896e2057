"""The task that drains the meter's UART: octets to Readings, and the search for the line settings.

Reads only what is waiting, so it never blocks; 20 ms between looks is 230 octets at 115200 baud,
far below the driver's ring. Everything a telegram leads to happens before the next octet is read.
"""

import asyncio

from micropython import const

from han.detect import SILENCE_MS, Detector, bits_parity_stop
from han.stream import TelegramStream

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from contracts import Board, Milliseconds, Uart

    from han.cipher import Cipher
    from han.stream import Sink

    class LineSink(Sink, Protocol):
        def on_line(self, settings: tuple[int, str, bool], proven: bool) -> None: ...


_LOOK_MS = const(20)
_CHUNK = const(256)
_OVERDUE_MS = const(2000)  # the parts of one message follow each other faster
_RING = const(4096)


class MeterReader:
    """Runs for ever. sink gets on_reading, on_error (han.stream) and on_line(settings, proven)."""

    def __init__(
        self, board: "Board", sink: "LineSink", uptime_ms: "Milliseconds", cipher: "Cipher"
    ) -> None:
        self._board = board
        self._sink = sink
        self._uptime_ms = uptime_ms
        self._stream = TelegramStream(sink, cipher)
        self._chunk = bytearray(_CHUNK)

    async def run(self, stored: "tuple[int, str, bool] | None") -> None:
        """stored: the line settings to begin with, None to begin with the likeliest."""
        detector = Detector(stored, self._uptime_ms())
        uart = self._open(detector.settings)
        last_octet = self._uptime_ms()
        stream = self._stream
        while True:
            now = self._uptime_ms()
            n = self._read(uart)
            frames = stream.frames
            if n:
                last_octet = now
                detector.octets(n, now)
                stream.feed(self._chunk, n)
            elif now - last_octet >= SILENCE_MS:
                stream.silence()
                if now - last_octet >= _OVERDUE_MS:
                    stream.overdue()
            if stream.frames != frames and detector.frame(now):
                self._sink.on_line(detector.settings, True)
            if n:
                await asyncio.sleep_ms(0)
                continue
            if detector.poll(now):
                uart = self._open(detector.settings)
                last_octet = now
            await asyncio.sleep_ms(_LOOK_MS)

    def _read(self, uart: "Uart") -> int:
        """Octets moved to the chunk, 0 if none waited."""
        waiting = uart.any()
        if not waiting:
            return 0
        if waiting >= _RING:
            self._sink.on_error(92, "the UART's buffer overflowed", 0)
        return uart.readinto(self._chunk, min(waiting, _CHUNK)) or 0

    def _open(self, settings: "tuple[int, str, bool]") -> "Uart":
        baud, line_format, invert = settings
        bits, parity, stop = bits_parity_stop(line_format)
        self._stream.reset()
        self._sink.on_line(settings, False)
        return self._board.uart(baud, bits, parity, stop, invert)
