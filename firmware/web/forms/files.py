"""The owner's files, and requests about the reader itself.

/lists.txt    the owner's list descriptors; a POST replaces all, an empty body removes them
/unknown.txt  the items of the last list that no descriptor fitted
/configfile   an AMS reader's configfile.cfg, as the body or as a file in a multipart form
/reboot /is-alive /robots.txt
"""

from fmt import quote
from micropython import const
from ondemand import visit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from composition import App, Request

_LISTS = "lists.txt"  # as App reads it at start
_CAUSE_REBOOT = const(3)
_LINE_OCTETS = const(1024)


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
    app.decoder.use(text.decode())
    if not app.storage.write(_LISTS, (bytes(text),)):
        raise ValueError("in force until the next start: it cannot be stored, see the log")
    return '{"success":true,"message":""}'


async def configfile(app: "App", request: "Request") -> str:
    """POST /configfile: take over history, money and steps.

    A line that is not UTF-8 is skipped: the name of a network may be such a line.
    """
    lines = []
    try:
        while True:
            line = await request.stream.part(b"\n", _LINE_OCTETS)
            if line is None:
                break
            try:
                lines.append(line.decode())
            except UnicodeError:
                continue
        with visit("energy.importing") as importing:
            found = importing.parse(lines)
            if not found.lines:
                raise ValueError("it has no line with history, money or thresholds")
            for fault in found.faults:
                app.log.add("import: " + fault)
            if found.rules:
                rules = dict(app.config.tariff)
                rules.update(found.rules)
                app.apply({"tariff": rules})
            count = importing.apply(found, app.energy, app.system.unix_time())
            left_out = len(found.faults)
    except ValueError as e:
        raise ValueError("not a configfile.cfg: %s" % e)
    if count < 0:
        raise ValueError("The storage took nothing")
    app.log.add("import: %d slots, %d lines left out" % (count, left_out))
    message = "%d slots taken over, %d lines left out" % (count, left_out)
    return '{"success":true,"message":%s}' % quote(message)


async def reboot(app: "App", request: "Request") -> str:
    """POST /reboot: reset after the answer is sent. The energy of the running hour is kept."""
    app.restart(_CAUSE_REBOOT)
    return '{"reboot":true}'
