"""The live stream of an open page: server-sent events with /now.json."""

import asyncio

from micropython import const
from ondemand import visit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from composition import App
    from contracts import Client

_HEARTBEAT_MS = const(10000)
_GOOD_PAUSE_S = const(5)  # system.poll_s() while the supply voltage is high enough


async def stream(app: "App", client: "Client") -> None:
    """Send /now.json as an event at each revision of the state, until the client closes.

    A slow client gets the newest revision only. While the supply voltage is low, events are
    system.poll_s() apart, because each needs the radio. OSError when the client is gone.
    """
    with visit("web.documents.now") as document:
        seen = -1
        while True:
            begin = app.system.uptime_ms()
            while seen == app.state.revision:
                if app.system.uptime_ms() - begin >= _HEARTBEAT_MS:
                    break
                await app.pulse.next()
            if seen == app.state.revision:
                await client.write(b": still here\n\n")
            else:
                seen = app.state.revision
                await client.write(b"data: ")
                for piece in document.get(app, None):
                    await client.write(piece.encode())
                await client.write(b"\n\n")
            await client.flush()
            pause_s = app.system.poll_s()
            if pause_s > _GOOD_PAUSE_S:
                await asyncio.sleep(pause_s)
