"""The event stream: what each open page gets, and when."""

import asyncio

from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from web.server import Server

_HEARTBEAT_MS = const(10000)


class EventStream:
    """The dashboard's document at each revision; a client that is behind gets the newest alone.

    While the supply sags, events keep the pause that a page should keep: each costs the radio.
    """

    def __init__(self, server: "Server") -> None:
        self._server = server
        self._seen = -1
        self._pause_s = 0
        server.streams += 1
        self._open = True

    def __aiter__(self) -> "EventStream":
        return self

    async def __anext__(self) -> "Iterable[str]":
        """The pieces of the next event."""
        if self._pause_s:
            await asyncio.sleep(self._pause_s)
        server = self._server
        begin = server.uptime_ms()
        while self._seen == server.state.revision:
            if server.uptime_ms() - begin >= _HEARTBEAT_MS:
                return (": still here\n\n",)
            await server.pulse.next()
        self._seen = server.state.revision
        self._pause_s = self._server.pause_s()
        return self._event()

    def _event(self) -> "Iterator[str]":
        yield "data: "
        yield from self._server.now()
        yield "\n\n"

    async def aclose(self) -> None:
        """Give the place back."""
        if self._open:
            self._open = False
            self._server.streams -= 1
