"""POST /api/inspect: a capture that was pasted, layer by layer.

In       hexadecimal digits, P1 text or raw octets; keys in lines of their own: see han.pasted
Out      {"success", "octets", "bursts", "keys", "capture", "telegrams", "left_out", "words"}
         keys: whose were used: "given", "in force", "none"; capture: the octets that were found;
         telegrams as in /inspect.json
Rules    Keys that are given are used for this capture alone, and without those in force
Errors   ValueError: it is no capture, too long, or a key is wrong
"""

import inspection

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from composition import App, Request


async def post(app: "App", request: "Request") -> "Iterator[str | None]":
    """Read the capture. The answer is made while it is sent."""
    return inspection.pasted(app, await inspection.read(app, request.stream))
