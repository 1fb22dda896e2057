"""The web server: what a GET is answered.

Documents from the modules of that name, the page's files (gzip, in the www folder), the event
stream. What a POST changes is in web.posts.
"""

from microdot import Response
from micropython import const

from web import documents, energy_documents, history_documents, price_documents
from web.answers import NO_CACHE, json_headers, not_found, text
from web.events import EventStream
from web.posts import Routes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from contracts import App
    from energy.domain import Energy

_FOR_EVER = "public, max-age=31536000, immutable"  # the name carries a hash of the content
_STREAMS = const(3)
_GOOD_PAUSE_S = const(5)  # what supply.poll_s says of a good supply
_TYPES = {
    "html": "text/html; charset=UTF-8",
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
}


def _tariff(energy: "Energy", now: int) -> str:
    return energy_documents.tariff(energy)


_ENERGY = {
    "/dayplot.json": energy_documents.day_plot,
    "/monthplot.json": energy_documents.month_plot,
    "/tariff.json": _tariff,
}
_PRICES = {
    "/energyprice.json": price_documents.hours,
    "/importprice.json": price_documents.quarters,
}
_HISTORY = {
    "/history.csv": (history_documents.history_csv, "text/csv; charset=UTF-8"),
    "/history.json": (history_documents.history_json, "application/json"),
}


class Server:
    """Serves state, config and system; what a POST changes, it asks of their owners."""

    def __init__(self, app: "App") -> None:
        self.app = app  # for what a POST asks of it
        self.energy = app.energy
        self.prices = app.prices
        self.dialects = app.dialects
        self.state = app.state
        self.pulse = app.pulse
        self.streams = 0
        self._config = app.config
        self._system = app.system
        self._log = app.log
        self._pages = app.pages
        self._documents = {
            "/data.json": documents.data,
            "/sysinfo.json": documents.sysinfo,
        }
        self._routes = Routes(self, app.log)

    def now(self) -> "Iterable[str]":
        """Chunks of the dashboard's document."""
        return documents.now(self.state, self._config, self._system, self.energy)

    def pause_s(self) -> int:
        """Seconds between two events on a sagging supply; 0 on a good one."""
        pause = self._system.poll_s()
        return pause if pause > _GOOD_PAUSE_S else 0

    async def run(self) -> None:
        """Serve until cancelled. OSError if the port is taken."""
        port = self._config.http_port
        self._log.add("web: port %d" % port)
        await self._routes.listen(port)

    def uptime_ms(self) -> int:
        """Milliseconds since start."""
        return self._system.uptime_ms()

    def now_utc(self) -> int:
        """Seconds since 1970."""
        return self._system.unix_time()

    def has_clock(self) -> bool:
        """Whether now_utc() is the time, and not what has passed since start."""
        return self._system.board.clock_is_set()

    def _history(self, path: str, query: "dict[str, str]") -> Response:
        """Any stretch of history, streamed: ?from&to&step&time."""
        try:
            stretch = history_documents.Stretch(query, self.energy, self.now_utc())
        except ValueError as e:
            return Response(str(e), 400, {"Content-Type": "text/plain"})
        render, content_type = _HISTORY[path]
        headers = dict(NO_CACHE)
        headers["Content-Type"] = content_type
        return Response(render(stretch), 200, headers)

    def _price_document(self, path: str) -> Response:
        try:
            return Response(_PRICES[path](self.prices, self.now_utc()), 200, json_headers())
        except ValueError:
            return not_found()

    def answer(self, path: str, query: "dict[str, str]") -> Response:
        """The response to GET path."""
        if path in self._documents:
            body = self._documents[path](self.state, self._config, self._system, self.energy)
            return Response(body, 200, json_headers())
        if path == "/now.json":
            return Response(self.now(), 200, json_headers())
        if path == "/events":
            return self._events()
        if path in _ENERGY:
            return Response(_ENERGY[path](self.energy, self.now_utc()), 200, json_headers())
        if path in _PRICES:
            return self._price_document(path)
        if path in _HISTORY:
            return self._history(path, query)
        if path == "/is-alive":
            return Response("", 200, {"Access-Control-Allow-Origin": "*"})
        if path == "/robots.txt":
            return Response("User-agent: *\nDisallow: /\n", 200, {"Content-Type": "text/plain"})
        if path == "/lists.txt":
            return text(self.dialects.text())
        if path == "/unknown.txt":
            return text(self.dialects.unknown())
        name = "index.html" if path == "/" else path[1:]
        if name in self._pages.names:
            return self._file(name)
        return not_found()

    def _events(self) -> Response:
        if self.streams >= _STREAMS:
            return Response("Too many open pages", 503, {"Retry-After": "5"})
        headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-cache"}
        return Response(EventStream(self), 200, headers)

    def _file(self, name: str) -> Response:
        headers = {"Content-Type": _TYPES.get(name.rsplit(".", 1)[-1], "text/plain")}
        if name == "index.html":
            headers.update(NO_CACHE)
        else:
            headers["Cache-Control"] = _FOR_EVER if "-" in name else "max-age=2630000"
        headers["Content-Encoding"] = "gzip"
        body = self._pages.open(name)
        if body is None:
            return not_found()
        return Response(body, 200, headers)
