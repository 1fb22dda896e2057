"""The reader's TCP connection: settings lines in, octets out.

Wire     reader -> meter   b"L 2400 8E1 0\\n"   baud, character format, inverted; at each change
         meter -> reader   the octets that a UART with those settings stores
Limits   one reader: a new connection closes the old one; octets without a reader are lost
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable

from tools.line import LineSettings

_MOST_WAITING = 65536  # octets in the send buffer; more are dropped


class Wire:
    """The meter's end of the wire.

    settings    the reader's line settings, None without a reader
    generation  incremented at each settings line and each disconnection
    """

    def __init__(self, on_settings: Callable[[LineSettings], None] | None = None):
        self.settings: LineSettings | None = None
        self.generation = 0
        self._on_settings = on_settings
        self._reader: asyncio.StreamWriter | None = None
        self._server: asyncio.Server | None = None
        self._serving: set[asyncio.Task[None]] = set()

    async def listen(self, port: int) -> int:
        """Listen for readers on 127.0.0.1. Returns the port; OSError if it is in use."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", port)
        return int(self._server.sockets[0].getsockname()[1])

    def send(self, octets: bytes) -> None:
        """Send octets to the reader; drop them without a reader or if its buffer is full."""
        reader = self._reader
        if reader is None or reader.is_closing() or not octets:
            return
        if reader.transport.get_write_buffer_size() < _MOST_WAITING:
            reader.write(octets)

    async def close(self) -> None:
        """Stop listening and close the connection."""
        if self._server:
            self._server.close()
        if self._reader:
            self._reader.close()
        if self._serving:
            await asyncio.wait(self._serving)

    def _set(self, settings: LineSettings | None) -> None:
        self.settings = settings
        self.generation += 1
        if settings and self._on_settings:
            self._on_settings(settings)

    async def _serve(self, lines: asyncio.StreamReader, reader: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)
        if self._reader:
            self._reader.close()
        self._reader = reader
        self._set(None)
        try:
            # settings of an older connection are ignored
            while (line := await lines.readline()) and self._reader is reader:
                self._settle(line)
        except (OSError, ValueError):
            pass  # disconnected, or a line too long
        if self._reader is reader:
            self._reader = None
            self._set(None)
        reader.close()

    def _settle(self, line: bytes) -> None:
        try:
            self._set(LineSettings.parse_line(line))
        except ValueError as error:
            print(f"meter: {error}", file=sys.stderr, flush=True)
