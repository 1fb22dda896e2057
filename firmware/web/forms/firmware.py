"""POST /firmware, /upgrade, /upgrade/check, /upgrade/back and /fwchannel.

/firmware     an image as the body, or as the field `file` of a form as the AMS reader's page
              sends it; or the field `url`: where to pull it from. Octets of the body go to flash
              as they come. ?offset=N goes on with an upload that was broken off: N is `done` in
              `resume` of /upgrade.json. ?force=true takes an older version too
/upgrade      url, expected_version, force: pulls the image, of the manifest if there is no url
/fwchannel    channel=0..3
Out           {"success", "message", "reboot"}; 302 to / after a form, as the AMS reader does
Errors        ValueError in words; upgrade.json has them too
"""

from fmt import quote
from micropython import const
from ondemand import visit
from upgrade import notes

from web.forms.fields import read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from composition import App, Request
    from contracts import Client

_FIELD_OCTETS = const(320)
_FORM_OCTETS = const(1000)  # a longer body of curl's usual type is an image
_HEAD_MOST = const(2048)  # octets of the head of a part
_RENEW = const(65536)  # octets that may take a minute
_CAUSE_UPGRADE = const(4)


async def upload(app: "App", request: "Request") -> "str | tuple[str, int, dict[str, str]]":
    """POST /firmware."""
    kind, _, rest = request.headers.get("Content-Type", "").partition(";")
    kind = kind.strip().lower()
    stream = request.stream
    if kind[-10:] == "urlencoded" and stream.left < _FORM_OCTETS:
        fields = await read(request, _FIELD_OCTETS, ("url",))
        if not fields.get("url"):
            return "", 303, {"Location": "/firmware"}
        _want(app, "pull", fields["url"], False)
        return "", 302, {"Location": "/"}
    boundary = b""
    if kind[:9] == "multipart":
        boundary = rest.partition("boundary=")[2].split(";")[0].strip(' "').encode()
        if not 0 < len(boundary) <= 70:
            raise ValueError("the form has no boundary")
    force = request.args.get("force") == "true"
    offset = request.args.get("offset", "0")
    version = await _receive(app, stream, boundary, int(offset) if offset.isdigit() else -1, force)
    if boundary:
        return "", 302, {"Location": "/"}
    message = "%s is in place: the reader restarts into it" % version
    return '{"success":true,"message":%s,"reboot":true}' % quote(message)


async def _receive(app: "App", stream: "Client", boundary: bytes, offset: int, force: bool) -> str:
    """Write an image into the other slot. Returns its version."""
    slots = app.system.board.slots()
    with visit("upgrade.preflight") as preflight:
        reasons = preflight.reasons(app, slots)
    if reasons or slots is None:
        raise ValueError("; ".join(reasons))
    with visit("upgrade.writer") as module:
        size = 0 if boundary else offset + stream.left
        load = notes.read(app, "load")
        known = (load.get("size"), load.get("done")) if load and not load.get("url") else None
        if offset and (boundary or known != (size, offset)):
            raise ValueError("there is no upload that goes on at %d: see /upgrade.json" % offset)
        writer = None
        error = "the connection ended: it can go on where it was"
        try:
            writer = module.Writer(app, slots, size)
            writer.resume(offset)
            if boundary:
                await _form(stream, boundary, writer.take)
            else:
                await _raw(stream, writer.take)
            error = "it was broken off"
            version: str = await writer.finish(force)
            error = ""
            return version
        except ValueError as e:
            error = str(e)
            if writer:
                writer.drop()
            app.log.warn("upgrade: " + error)
            raise
        finally:
            if error:
                if writer and error[:14] == "the connection":
                    writer.keep()
                notes.say(app, "", error)


async def _raw(stream: "Client", take: "Callable[[memoryview], None]") -> None:
    """Take the whole body."""
    renew = stream.left - _RENEW
    while stream.left:
        piece = await stream.piece()
        take(piece)
        if stream.left <= renew:
            stream.expect(stream.left)
            renew = stream.left - _RENEW


async def _form(stream: "Client", boundary: bytes, take: "Callable[[memoryview], None]") -> None:
    """Take the octets of the field `file`. ValueError without it."""
    mark = b"\r\n--" + boundary
    kept = bytearray(b"\r\n")
    in_head = wanted = found = False
    renew = stream.left - _RENEW
    while True:
        if in_head and kept[:2] == b"--":  # the last mark; what follows it is of no part
            break
        at = kept.find(b"\r\n\r\n" if in_head else mark)
        if at >= 0:
            if in_head:
                wanted = 0 <= kept.find(b'name="file"') < at
                found = found or wanted
                kept = kept[at + 4 :]
            else:
                if wanted:
                    take(memoryview(kept)[:at])
                kept = kept[at + len(mark) :]
            in_head = not in_head
            continue
        if in_head:
            if len(kept) > _HEAD_MOST:
                raise ValueError("a field of the form has no end")
        elif len(kept) > len(mark):
            ready = len(kept) - len(mark)
            if wanted:
                take(memoryview(kept)[:ready])
            kept = kept[ready:]
        piece = await stream.piece()
        if not len(piece):
            raise ValueError("the form ends too early")
        kept.extend(piece)
        if stream.left <= renew:
            stream.expect(stream.left)
            renew = stream.left - _RENEW
    if not found:
        raise ValueError("the form has no field `file`")


def _want(app: "App", word: str, url: str, force: bool) -> None:
    with visit("upgrade.preflight") as preflight:
        preflight.want(app, word, url, force)


async def pull(app: "App", request: "Request") -> str:
    """POST /upgrade."""
    names = ("url", "expected_version", "version", "force")
    fields = await read(request, _FIELD_OCTETS, names)
    expected = fields.get("expected_version")
    url = fields.get("url", "")
    latest = app.system.upgrade[notes.LATEST] if app.system.upgrade else ""
    if expected and not url and latest and expected != latest:
        raise ValueError("%s was expected, and the newest one is %s" % (expected, latest))
    _want(app, "pull", url, fields.get("force") == "true")
    return '{"success":true,"message":"","reboot":true}'


async def check(app: "App", request: "Request") -> str:
    """POST /upgrade/check: look at the manifest now; /upgrade.json has the outcome."""
    _want(app, "check", "", False)
    return '{"success":true,"message":"","reboot":false}'


async def back(app: "App", request: "Request") -> str:
    """POST /upgrade/back: start the firmware of the other slot, on trial as an upgrade."""
    slots = app.system.board.slots()
    if slots is None:
        raise ValueError("this installation has one place for the firmware")
    if slots.on_trial():
        app.restart(_CAUSE_UPGRADE)  # the boot loader goes back by itself
        return '{"success":true,"message":"","reboot":true}'
    with visit("upgrade.preflight") as preflight:
        reasons = preflight.reasons(app, slots)
    if reasons:
        raise ValueError("; ".join(reasons))
    trial = {"to": "the firmware in %s" % slots.other, "slot": slots.other}
    if not notes.put(app, trial=trial, load=None, why=None):
        raise ValueError("flash takes no note of it: see the log")
    try:
        slots.boot_other()
    except OSError:
        notes.put(app, trial=None)
        raise ValueError("there is no whole firmware in %s" % slots.other)
    notes.say(app, notes.RESTARTING)
    app.restart(_CAUSE_UPGRADE)
    return '{"success":true,"message":"","reboot":true}'


async def channel(app: "App", request: "Request") -> str:
    """POST /fwchannel: an empty answer, as the AMS reader's."""
    fields = await read(request, _FIELD_OCTETS, ("channel",))
    number = fields.get("channel", "")
    if len(number) != 1 or not number.isdigit():
        raise ValueError("channel: 0 to 3")
    app.apply({"upgrade_channel": int(number)})
    return ""
