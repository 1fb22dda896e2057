"""The web server: three kinds of answers from one route table.

JSON documents from web.documents, the page's files (gzip, in the www folder), the event stream.
"""

import asyncio
import os

from fmt import boolean, quote
from microdot import Response
from micropython import const

from web import documents
from web.bounds import BoundedMicrodot

_NO_CACHE = {
    "Cache-Control": "no-cache, no-store, must-revalidate",
    "Pragma": "no-cache",
    "Expires": "-1",
}
_FOR_EVER = "public, max-age=31536000, immutable"  # the name carries a hash of the content
_HEARTBEAT_MS = const(10000)
_STREAMS = const(3)
_TYPES = {
    "html": "text/html; charset=UTF-8",
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
}


class EventStream:
    """The dashboard's document at each revision; a client that is behind gets the newest alone."""

    def __init__(self, server: "Server") -> None:
        self._server = server
        self._seen = -1
        server.streams += 1
        self._open = True

    def __aiter__(self) -> "EventStream":
        return self

    async def __anext__(self) -> bytes:
        state = self._server.state
        if self._seen == state.revision and not await self._server.pulse.wait(_HEARTBEAT_MS):
            return b": still here\n\n"
        self._seen = state.revision
        return b"data: " + self._server.now().encode() + b"\n\n"

    async def aclose(self) -> None:
        """Give the place back."""
        if self._open:
            self._open = False
            self._server.streams -= 1


class Server:
    """Serves state, config and system; it changes none of them."""

    def __init__(
        self,
        state: object,
        config: object,
        system: object,
        pulse: object,
        log: object,
        dialects: object,
    ) -> None:
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
        return documents.now(self.state, self._config, self._system)

    async def run(self) -> None:
        """Serve until cancelled. OSError if the port is taken."""
        port = self._config.get("http_port")
        self._log.add("web: port %d" % port)
        server = await asyncio.start_server(self._app.serve, "0.0.0.0", port, backlog=5)
        try:
            await server.wait_closed()
        finally:
            server.close()

    def answer(self, path: str) -> object:
        """The response to GET path."""
        if path in self._documents:
            body = self._documents[path](self.state, self._config, self._system)
            return Response(body, 200, _json_headers())
        if path == "/now.json":
            return Response(self.now(), 200, _json_headers())
        if path == "/events":
            return self._events()
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
        self.errorhandler(404)(lambda request: not_found())

    async def serve(self, reader: object, writer: object) -> None:
        await self.handle_request(reader, writer)

    async def _get(self, request: object, path: str = "") -> object:
        return self._server.answer(request.path)

    async def _replace_lists(self, request: object) -> object:
        """The owner's list descriptors: the whole text is the body."""
        message = self._server.dialects.replace(request.body)
        body = '{"success":%s,"message":%s}' % (boolean(not message), quote(message))
        return Response(body, 400 if message else 200, _json_headers())


def not_found() -> object:
    """What an unknown path is answered."""
    return Response("Not found", 404, {"Content-Type": "text/html"})


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
