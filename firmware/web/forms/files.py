"""The owner's files, and requests about the reader itself.

/lists.txt    the owner's list descriptors; a POST replaces all, an empty body removes them. With
              ?check=true nothing is changed: the answer says whether they are right
/unknown.txt  the items of the last list that no descriptor fitted
/reboot /is-alive /robots.txt
"""

from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from composition import App, Request

_LISTS = "lists.txt"  # as App reads it at start
_CAUSE_REBOOT = const(3)


def alive(app: "App", request: "Request") -> str:
    """GET /is-alive: status 200 and an empty body."""
    return ""


def robots(app: "App", request: "Request") -> str:
    """GET /robots.txt: ask search engines to index nothing."""
    return "User-agent: *\nDisallow: /\n"


def lists(app: "App", request: "Request") -> bytes:
    """GET /lists.txt: the stored text."""
    return app.storage.read(_LISTS) or b""


def unknown(app: "App", request: "Request") -> str:
    """GET /unknown.txt: a line for each item."""
    return "\n".join(app.decoder.unknown_items()) or "No unknown list has come since start."


async def replace_lists(app: "App", request: "Request") -> str:
    """POST /lists.txt: the body is the whole text. If it is refused, the old one stays in use."""
    stream = request.stream
    text = bytearray(stream.left)
    at = 0
    while stream.left:
        piece = await stream.piece()
        text[at : at + len(piece)] = piece
        at += len(piece)
    for octet in text:
        if octet > 0x7E or (octet < 0x20 and octet not in b"\t\r\n"):
            raise ValueError("only letters, digits and signs of ASCII: octet %02X is none" % octet)
    if request.args.get("check") == "true":
        old = app.decoder.own
        app.decoder.use(text.decode())
        app.decoder.own = old
        return '{"success":true,"message":"they are right; nothing was changed"}'
    app.decoder.use(text.decode())
    if not app.storage.write(_LISTS, (bytes(text),)):
        raise ValueError("in force until the next start: it cannot be stored, see the log")
    return '{"success":true,"message":""}'


async def reboot(app: "App", request: "Request") -> str:
    """POST /reboot: reset after the answer is sent. The energy of the running hour is kept."""
    app.restart(_CAUSE_REBOOT)
    return '{"reboot":true}'
