"""The live stream of an open page: server-sent events with /now.json.

Rules    Three pages have the stream at once. One more gets the head of its answer and waits for a
         place, at most 30 s; a browser then connects again by itself.
         A page that has closed its connection, as a closed tab does, gives its place back within
         250 ms: the socket is looked at while the stream waits for the next event.
"""

from micropython import const
from ondemand import visit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from composition import App
    from contracts import Client

STREAMS = const(3)
_PLACE_MS = const(30000)
_HEARTBEAT_MS = const(10000)
_LOOK_MS = const(250)  # the longest wait for a pulse
_MARK = const(7)  # of upgrade.notes
_GOOD_PAUSE_S = const(5)  # system.poll_s() while the supply voltage is high enough


async def stream(app: "App", client: "Client") -> None:
    """Wait for a place, then send events until the client closes. OSError when it is reset."""
    server = app.server
    begin = app.system.uptime_ms()
    while server.streams >= STREAMS:
        if app.system.uptime_ms() - begin >= _PLACE_MS:
            return
        await app.pulse.wait(_LOOK_MS)
        if client.gone():
            return
    server.streams += 1
    try:
        await _send(app, client)
    finally:
        server.streams -= 1


async def _send(app: "App", client: "Client") -> None:
    """Send /now.json as an event at each revision of the state, and while an upgrade goes on.

    A slow client gets the newest revision only. While the supply voltage is low, events are
    system.poll_s() apart, because each needs the radio.
    """
    seen = -1
    pause_ms = 0
    with visit("web.documents.now") as document:
        while True:
            begin = app.system.uptime_ms()
            waited = 0
            while waited < pause_ms or seen == _revision(app):
                if waited >= pause_ms + _HEARTBEAT_MS:
                    break
                await app.pulse.wait(_LOOK_MS)
                if client.gone():
                    return
                waited = app.system.uptime_ms() - begin
            if seen == _revision(app):
                await client.write(b": still here\n\n")
            else:
                seen = _revision(app)
                await client.write(b"data: ")
                for piece in document.get(app, None):
                    await client.write(piece.encode())
                await client.write(b"\n\n")
            await client.flush()
            pause_s = app.system.poll_s()
            pause_ms = 1000 * pause_s if pause_s > _GOOD_PAUSE_S else 0


def _revision(app: "App") -> int:
    """A number that grows with the state's revision and with the progress of an upgrade."""
    up = app.system.upgrade
    return app.state.revision + (up[_MARK] if up else 0)
