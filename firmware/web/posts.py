"""What a POST changes, and the one way in for a GET.

Each change is checked where it belongs and answered {"success", "message"}: 400 with the reason
where it makes no sense, 403 to another site's page, 411 or 413 to a body without length or that is
too long, 503 before the clock is set.
"""

from microdot import Response, abort
from microdot.microdot import urldecode
from micropython import const
from modules import let_go

from web.answers import json_headers, not_found, outcome
from web.bounds import BoundedMicrodot
from web.connection import BODY_OCTETS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from log import Log
    from microdot import Request

    from web.server import Server

_PIECE = const(512)
_FIELD_OCTETS = const(40)
_CAUSE_REBOOT = const(3)
_WITHOUT_CLOCK = ("/lists.txt", "/reboot")  # changes that carry no date


class Routes(BoundedMicrodot):
    """microdot with one handler for all GETs and one for all POSTs.

    They look the path up in tables: each of microdot's own routes takes more.
    """

    def __init__(self, server: "Server", log: "Log") -> None:
        super().__init__(log)
        self._server = server
        self.get("/")(self._get)
        self.get("/<path:path>")(self._get)
        self.post("/<path:path>")(self._post)
        self._posts = {
            "/lists.txt": self._replace_lists,
            "/dayplot": self._edit,
            "/monthplot": self._edit,
            "/configfile": self._import,
            "/prices": self._take_prices,
            "/reboot": self._reboot,
        }
        self.before_request(self._check)
        self.errorhandler(404)(lambda request: not_found())
        self.errorhandler(MemoryError)(_no_memory)

    async def _get(self, request: "Request", path: str = "") -> Response:
        query = {name: request.args[name] for name in request.args}
        return self._server.answer(request.path, query)

    async def _post(self, request: "Request", path: str) -> "Response":
        return await self._posts[request.path](request)

    async def _check(self, request: "Request") -> "Response | None":
        """A body fits; what changes something comes from the reader's page or a script, and has a
        date.

        A browser names the page that asks in Origin; another site's page must not rewrite history.
        """
        if request.method == "POST" and request.path not in self._posts:
            abort(405, "Not found")
        if request.headers.get("Transfer-Encoding"):
            return outcome("a body needs its Content-Length: it is not read in chunks", status=411)
        if request.content_length > BODY_OCTETS and request.path != "/prices":
            return outcome("at most %d octets are taken here" % BODY_OCTETS, status=413)
        if request.method != "POST":
            return None
        origin = request.headers.get("Origin")
        if origin and origin.split("//", 1)[-1] != request.headers.get("Host"):
            return outcome("another site's page may not change this reader", status=403)
        if request.path not in _WITHOUT_CLOCK and not self._server.has_clock():
            return outcome("the clock is not set yet: try again in a minute", status=503)
        return None

    async def _edit(self, request: "Request") -> Response:
        """Corrections of history by its owner."""
        from web import energy_forms

        server = self._server
        change = energy_forms.edit_day if request.path == "/dayplot" else energy_forms.edit_month
        try:
            form = _form(request.body)
            body = change(server.energy, form, server.now_utc())
        except ValueError as e:
            return outcome(str(e))
        finally:
            let_go("web.energy_forms", "energy.edits", "energy.redo")
        return Response(body, 200, json_headers())

    async def _import(self, request: "Request") -> Response:
        """An AMS reader's configfile.cfg, as text or as a form's file: its lines count."""
        try:
            return outcome(*self._server.app.import_config(_lines(request.body)))
        except ValueError as e:
            return outcome("not a configfile.cfg: %s" % e)
        finally:
            let_go("amsconfig", "energy.edits", "energy.redo")

    async def _take_prices(self, request: "Request") -> Response:
        """ENTSO-E's prices or Norges Bank's rates, read as they come: they may be 60 KB."""
        document = self._server.prices.receive()
        try:
            document.feed(request.body)
            left = request.content_length - len(request.body)
            piece = memoryview(bytearray(_PIECE))
            while left > 0:
                n = await request.stream.readinto(piece[: min(left, _PIECE)])
                if n == 0:
                    break
                if n:
                    document.feed(piece, n)
                    left -= n
            return outcome(*self._server.app.take_prices(document))
        finally:
            self._server.prices.give_up(document)  # the client may have gone or been too slow

    async def _reboot(self, request: "Request") -> Response:
        """Start anew, once the answer has gone out. Nothing of the running hour is lost."""
        self._server.app.restart(_CAUSE_REBOOT)
        return Response('{"reboot":true}', 200, json_headers())

    async def _replace_lists(self, request: "Request") -> Response:
        """The owner's list descriptors: the whole text is the body."""
        return outcome(self._server.dialects.replace(request.body))


def _no_memory(request: "Request", e: MemoryError) -> Response:
    return outcome("too little memory just now: try again", status=503)


def _lines(body: bytes) -> "Iterator[str]":
    """The lines of a text, one at a time; one that is no UTF-8, as a network's name may be, is
    none of those that count."""
    for line in _parts(body, b"\n"):
        try:
            text = line.decode()
        except UnicodeError:
            continue
        yield text


def _form(body: bytes) -> "dict[str, str]":
    """The fields of a form; ValueError says what is wrong with it."""
    form: "dict[str, str]" = {}
    for pair in _parts(body, b"&"):
        name, equals, value = pair.strip().partition(b"=")
        if len(pair) > _FIELD_OCTETS or not equals:
            raise ValueError("a form of name=value&name=value was expected")
        try:
            key = urldecode(name)
            if key in form:
                raise ValueError
            form[key] = urldecode(value)
        except ValueError:  # of a code that is no number or no UTF-8 as well
            raise ValueError("a field comes twice or has a wrong code: " + repr(pair)[2:-1])
    return form


def _parts(body: bytes, mark: bytes) -> "Iterator[bytes]":
    """What lies between the marks, one part at a time: a list of all takes too much memory."""
    begin = 0
    while begin < len(body):
        end = body.find(mark, begin)
        if end < 0:
            end = len(body)
        yield body[begin:end]
        begin = end + 1
