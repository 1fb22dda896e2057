"""The web server: three kinds of answers from one route table.

JSON documents from web.documents, the page's files (gzip, in the www folder), the event stream.
"""

import asyncio
import os

from fmt import boolean, quote
from microdot import Response
from micropython import const

from web import documents, energy_documents, energy_forms
from web.bounds import BoundedMicrodot
from web.events import EventStream

_NO_CACHE = {
    "Cache-Control": "no-cache, no-store, must-revalidate",
    "Pragma": "no-cache",
    "Expires": "-1",
}
_FOR_EVER = "public, max-age=31536000, immutable"  # the name carries a hash of the content
_STREAMS = const(3)
_CAUSE_REBOOT = const(3)
_WITHOUT_CLOCK = ("/lists.txt", "/reboot")  # changes that carry no date
_GOOD_PAUSE_S = const(5)  # what supply.poll_s says of a good supply
_TYPES = {
    "html": "text/html; charset=UTF-8",
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
}


def _tariff(energy: object, now: int) -> str:
    return energy_documents.tariff(energy)


_ENERGY = {
    "/dayplot.json": energy_documents.day_plot,
    "/monthplot.json": energy_documents.month_plot,
    "/tariff.json": _tariff,
}
_HISTORY = {
    "/history.csv": (energy_documents.history_csv, "text/csv; charset=UTF-8"),
    "/history.json": (energy_documents.history_json, "application/json"),
}


class Server:
    """Serves state, config and system; what a POST changes, it asks of their owners."""

    def __init__(
        self,
        state: object,
        config: object,
        system: object,
        pulse: object,
        log: object,
        energy: object,
        dialects: object,
        device: object,
    ) -> None:
        self.energy = energy
        self.device = device  # import_config(text) and restart(cause)
        self.dialects = dialects
        self.state = state
        self.pulse = pulse
        self.streams = 0
        self._config = config
        self._system = system
        self._log = log
        self._files = _files(system.board.www_dir)
        self._documents = {
            "/data.json": documents.data,
            "/sysinfo.json": documents.sysinfo,
        }
        self._app = _App(self, log)

    def now(self) -> str:
        """The dashboard's document."""
        return documents.now(self.state, self._config, self._system, self.energy)

    def pause_s(self) -> int:
        """Seconds between two events on a sagging supply; 0 on a good one."""
        pause: int = self._system.poll_s()
        return pause if pause > _GOOD_PAUSE_S else 0

    async def run(self) -> None:
        """Serve until cancelled. OSError if the port is taken."""
        port = self._config.get("http_port")
        self._log.add("web: port %d" % port)
        server = await asyncio.start_server(self._app.serve, "0.0.0.0", port, backlog=5)
        try:
            await server.wait_closed()
        finally:
            server.close()

    def now_utc(self) -> int:
        """Seconds since 1970."""
        return self._system.unix_time()

    def has_clock(self) -> bool:
        """Whether now_utc() is the time, and not what has passed since start."""
        return self._system.board.clock_is_set()

    def _history(self, path: str, query: "dict[str, str]") -> object:
        """Any stretch of history, streamed: ?from&to&step&time."""
        try:
            stretch = energy_documents.Stretch(query, self.energy, self.now_utc())
        except ValueError as e:
            return Response(str(e), 400, {"Content-Type": "text/plain"})
        render, content_type = _HISTORY[path]
        headers = dict(_NO_CACHE)
        headers["Content-Type"] = content_type
        return Response(render(stretch), 200, headers)

    def answer(self, path: str, query: "dict[str, str]") -> object:
        """The response to GET path."""
        if path in self._documents:
            body = self._documents[path](self.state, self._config, self._system, self.energy)
            return Response(body, 200, _json_headers())
        if path == "/now.json":
            return Response(self.now(), 200, _json_headers())
        if path == "/events":
            return self._events()
        if path in _ENERGY:
            return Response(_ENERGY[path](self.energy, self.now_utc()), 200, _json_headers())
        if path in _HISTORY:
            return self._history(path, query)
        if path == "/is-alive":
            return Response("", 200, {"Access-Control-Allow-Origin": "*"})
        if path == "/robots.txt":
            return Response("User-agent: *\nDisallow: /\n", 200, {"Content-Type": "text/plain"})
        if path == "/lists.txt":
            return _text(self.dialects.text())
        if path == "/unknown.txt":
            return _text(self.dialects.unknown())
        name = "index.html" if path == "/" else path[1:]
        if name in self._files:
            return self._file(name)
        return not_found()

    def _events(self) -> object:
        if self.streams >= _STREAMS:
            return Response("Too many open pages", 503, {"Retry-After": "5"})
        headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-cache"}
        return Response(EventStream(self), 200, headers)

    def _file(self, name: str) -> object:
        headers = {"Content-Type": _TYPES.get(name.rsplit(".", 1)[-1], "text/plain")}
        if name == "index.html":
            headers.update(_NO_CACHE)
        else:
            headers["Cache-Control"] = _FOR_EVER if "-" in name else "max-age=2630000"
        headers["Content-Encoding"] = "gzip"
        try:
            body = open(self._system.board.www_dir + "/" + name + ".gz", "rb")
        except OSError:
            return not_found()
        return Response(body, 200, headers)


class _App(BoundedMicrodot):
    """microdot with one handler for all: the path is looked up in the Server's tables."""

    def __init__(self, server: Server, log: object) -> None:
        super().__init__(log)
        self._server = server
        self.get("/")(self._get)
        self.get("/<path:path>")(self._get)
        self.post("/lists.txt")(self._replace_lists)
        self.post("/dayplot")(self._edit)
        self.post("/monthplot")(self._edit)
        self.post("/configfile")(self._import)
        self.post("/reboot")(self._reboot)
        self.before_request(self._check_post)
        self.errorhandler(404)(lambda request: not_found())

    async def serve(self, reader: object, writer: object) -> None:
        await self.handle_request(reader, writer)

    async def _get(self, request: object, path: str = "") -> object:
        query = {name: request.args[name] for name in request.args}
        return self._server.answer(request.path, query)

    async def _check_post(self, request: object) -> object:
        """What changes something comes from the reader's own page or a script, and has a date.

        A browser names the page that asks in Origin; another site's page must not rewrite history.
        """
        if request.method != "POST":
            return None
        origin = request.headers.get("Origin")
        if origin and origin.split("//", 1)[-1] != request.headers.get("Host"):
            return _answer("another site's page may not change this reader", status=403)
        if request.path not in _WITHOUT_CLOCK and not self._server.has_clock():
            return _answer("the clock is not set yet: try again in a minute", status=503)
        return None

    async def _edit(self, request: object) -> object:
        """Corrections of history by its owner."""
        server = self._server
        form = request.form or {}
        change = energy_forms.edit_day if request.path == "/dayplot" else energy_forms.edit_month
        try:
            body = change(server.energy, {name: form[name] for name in form}, server.now_utc())
        except ValueError as e:
            return _answer(str(e))
        return Response(body, 200, _json_headers())

    async def _import(self, request: object) -> object:
        """An AMS reader's configfile.cfg, as text or as a form's file: its lines count."""
        try:
            message = self._server.device.import_config(request.body.decode())
        except (UnicodeError, ValueError) as e:
            return _answer("not a configfile.cfg: %s" % e)
        return _answer("", message)

    async def _reboot(self, request: object) -> object:
        """Start anew, once the answer has gone out. Nothing of the running hour is lost."""
        self._server.device.restart(_CAUSE_REBOOT)
        return Response('{"reboot":true}', 200, _json_headers())

    async def _replace_lists(self, request: object) -> object:
        """The owner's list descriptors: the whole text is the body."""
        return _answer(self._server.dialects.replace(request.body))


def not_found() -> object:
    """What an unknown path is answered."""
    return Response("Not found", 404, {"Content-Type": "text/html"})


def _answer(fault: str, message: str = "", status: int = 400) -> object:
    """What a POST comes to; status is that of a fault."""
    body = '{"success":%s,"message":%s}' % (boolean(not fault), quote(fault or message))
    return Response(body, status if fault else 200, _json_headers())


def _text(body: "str | bytes") -> object:
    headers = dict(_NO_CACHE)
    headers["Content-Type"] = "text/plain; charset=UTF-8"
    return Response(body, 200, headers)


def _json_headers() -> "dict[str, str]":
    headers = dict(_NO_CACHE)
    headers["Content-Type"] = "application/json"
    return headers


def _files(folder: str) -> "set[str]":
    """Names of the page's files, without .gz. Only these are served: no path is ever joined."""
    try:
        return {name[:-3] for name in os.listdir(folder or "/") if name.endswith(".gz")}
    except OSError:
        return set()
