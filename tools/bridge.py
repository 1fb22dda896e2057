"""A serial adapter in place of the simulated meter: its octets go to the wire.

In       the adapter's octets; the reader's settings lines, which set the adapter
Out      octets on the wire; refused settings on stderr, the adapter keeps the old ones
Errors   an unplugged adapter: an attempt to open it every second
Limits   POSIX only; most adapters cannot invert their input
"""

from __future__ import annotations

import asyncio
import sys
import termios
import threading

import serial  # type: ignore[import-untyped]

from tools.line import LineSettings
from tools.wire import Wire

_POLL_S = 0.02
_RETRY_S = 1.0
_TROUBLE = (OSError, ValueError, termios.error)  # the last is not an OSError


class SerialBridge:
    """One adapter, read in a thread of its own.

    Raises serial.SerialException if the adapter cannot be opened at the start.
    """

    def __init__(self, device: str, loop: asyncio.AbstractEventLoop):
        self.wire = Wire(self._set)
        self._loop = loop
        self._wanted: LineSettings | None = None
        self._stop = threading.Event()
        self._port = serial.Serial(device, timeout=_POLL_S)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    async def close(self) -> None:
        """Stop reading and close the adapter."""
        self._stop.set()
        self._thread.join()
        self._port.close()
        await self.wire.close()

    def _set(self, settings: LineSettings) -> None:
        if settings.invert:
            _complain("the adapter cannot invert its input; not changed")
        self._wanted = settings

    def _run(self) -> None:
        applied = None
        while not self._stop.is_set():
            try:
                if not self._port.is_open:
                    self._port.open()
                    applied = None
                wanted = self._wanted
                if wanted and applied != wanted:
                    self._apply(wanted)
                    applied = wanted
                octets = self._port.read(self._port.in_waiting or 1)
            except _TROUBLE as error:
                _complain(str(error))
                self._port.close()
                self._stop.wait(_RETRY_S)
                continue
            if octets:
                self._loop.call_soon_threadsafe(self.wire.send, octets)

    def _apply(self, settings: LineSettings) -> None:
        wanted = {
            "baudrate": settings.baud,
            "bytesize": settings.bits,
            "parity": settings.parity,
            "stopbits": settings.stop,
        }
        for name, value in wanted.items():
            before = getattr(self._port, name)
            try:
                setattr(self._port, name, value)
            except _TROUBLE:
                setattr(self._port, name, before)  # raises as well if the adapter is unplugged
                _complain(f"the adapter refuses {name} {value}, it stays {before}")
        self._port.reset_input_buffer()  # octets of the old settings


def _complain(text: str) -> None:
    print(f"meter: {text}", file=sys.stderr, flush=True)
