"""The reader's TCP connection: settings lines come in, octets go out.

    reader -> meter   b"L 2400 8E1 0\\n"   baud, character format, inverted; whenever they are set
    meter -> reader   the octets as a UART with those settings would have stored them

One reader at a time, the newest wins. Octets that nobody takes are lost, as on a line.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable

from tools.line import LineSettings

_MOST_WAITING = 65536  # octets on their way to a reader that does not read


class Wire:
    """The meter's end of the wire.

    settings    of the reader, None while there is none
    generation  goes up each time the settings are set, or the reader goes
    """

    def __init__(self, on_settings: Callable[[LineSettings], None] | None = None):
        self.settings: LineSettings | None = None
        self.generation = 0
        self._on_settings = on_settings
        self._reader: asyncio.StreamWriter | None = None
        self._server: asyncio.Server | None = None
        self._serving: set[asyncio.Task[None]] = set()

    async def listen(self, port: int) -> int:
        """Accept readers on 127.0.0.1 from now on. Returns the port; OSError if it is taken."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", port)
        return int(self._server.sockets[0].getsockname()[1])

    def send(self, octets: bytes) -> None:
        """Give octets to the reader, if there is one and it keeps up."""
        reader = self._reader
        if reader is None or reader.is_closing() or not octets:
            return
        if reader.transport.get_write_buffer_size() < _MOST_WAITING:
            reader.write(octets)

    async def close(self) -> None:
        """No more readers; returns when the last one is gone."""
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
            # a reader with the connection but no longer the newest has nothing to say
            while (line := await lines.readline()) and self._reader is reader:
                self._settle(line)
        except (OSError, ValueError):
            pass  # gone, or a line without end
        if self._reader is reader:
            self._reader = None
            self._set(None)
        reader.close()

    def _settle(self, line: bytes) -> None:
        try:
            self._set(LineSettings.parse_line(line))
        except ValueError as error:
            print(f"meter: {error}", file=sys.stderr, flush=True)
