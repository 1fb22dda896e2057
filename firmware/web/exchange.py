"""One request and its answer. Loaded for each request, with microdot, which parses the head.

A request is checked before its module is loaded. Refused are a POST to an unknown path (405), a
body without a length (411) or with too many octets (413), a change by a page of another site
(403), and a change of dated values before the clock is set (503). After 503 nothing was changed.
"""

import asyncio

from fmt import quote
from microdot import Request, Response
from microdot.microdot import print_exception  # type: ignore[attr-defined]
from micropython import const
from ondemand import visit

from web import routes
from web.server import STREAMS, BadRequest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from web.routes import Row
    from web.server import Client, Server

_BODY_OCTETS = const(4096)
_UPLOAD_OCTETS = const(131072)
_PATH_OCTETS = const(1024)
_PATIENCE_MS = const(30000)  # a request with the flag ALONE waits this long for another one
_LOOK_MS = const(20)

_FOR_EVER = "public, max-age=31536000, immutable"  # the name has a hash of the content
_TYPES = {
    "html": "text/html; charset=UTF-8",
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
}

Request.max_body_length = 0  # bodies are read in pieces


async def answer(server: "Server", client: "Client") -> None:
    """Read a request and send its answer. client.listens is set if the live stream follows."""
    exchange = Exchange(server, client)
    unread = True
    try:
        try:
            request = await Request.create(None, client, client, None)
            if request is None:
                return
            client.in_head = False
            client.expect(max(request.content_length, 0))
            try:
                response = await exchange.handle(request)
            except Exception as e:
                print_exception(e)
                if isinstance(e, MemoryError):
                    response = _outcome("too little memory just now: try again", 503)
                else:
                    response = Response("Internal server error", 500)
            response.is_head = request.method == "HEAD"
            unread = client.left > 0 or "Transfer-Encoding" in request.headers
        except BadRequest as e:
            response = Response(e.args[1], e.args[0])
        except (ValueError, IndexError, KeyError, UnicodeError):
            response = Response("Bad request", 400)
        await exchange.send(response)
    finally:
        exchange.module.close()
    if unread:
        await client.discard()


class Exchange:
    """One client's request."""

    def __init__(self, server: "Server", client: "Client") -> None:
        self.module = visit("")
        self._server = server
        self._client = client
        self._first = ""  # the first piece of the document

    async def handle(self, request: Request) -> Response:
        """Check the request and call the function of its row in web.routes."""
        server, client = self._server, self._client
        if request.content_length > _UPLOAD_OCTETS:
            return Response("Payload too large", 413)
        if request.method == "OPTIONS":
            return Response("", 200, {"Allow": "GET, POST, HEAD, OPTIONS"})
        if request.method not in ("GET", "HEAD", "POST"):
            return Response("Not found", 405)
        if len(request.path) > _PATH_OCTETS:
            return Response("Bad request", 400)
        method = "POST" if request.method == "POST" else "GET"
        row = routes.find(request.path, method)
        if method == "POST" and row is None:
            return Response("Not found", 405)
        flags = row[5] if row else 0
        fault, status = self._fault(request, flags)
        if fault:
            return _outcome(fault, status)
        if row is None:
            return self._page("index.html" if request.path == "/" else request.path[1:])
        if flags & routes.STREAM:
            if server.streams >= STREAMS:
                return Response("Too many open pages", 503, {"Retry-After": "5"})
            if request.method == "GET":
                client.listens = True
                server.streams += 1
            headers = {"Content-Type": row[4], "Cache-Control": "no-cache"}
            return Response((), 200, headers)
        if method == "POST":
            return await self._change(request, row)
        self.module = visit("web." + row[2])
        body = getattr(self.module.open(), row[3])(server.app, request)
        if not isinstance(body, (str, bytes)):
            try:
                for self._first in body:
                    break
                else:
                    return Response("Not found", 404, {"Content-Type": "text/html"})
            except ValueError as e:
                return Response(str(e), 400, {"Content-Type": "text/plain"})
        headers = {} if flags & routes.KEPT else _no_cache()
        headers["Content-Type"] = row[4]
        if flags & routes.ANY_SITE:
            headers["Access-Control-Allow-Origin"] = "*"
        return Response(body, 200, headers)

    def _fault(self, request: Request, flags: int) -> "tuple[str, int]":
        """(reason to refuse the request, status); ("", 0) if it is accepted.

        A browser names the site of the requesting page in the header Origin. A page of another
        site must not change anything."""
        headers = request.headers
        if "Transfer-Encoding" in headers:
            return "a body needs its Content-Length: it is not read in chunks", 411
        if request.content_length > _BODY_OCTETS and not flags & routes.LONG:
            return "at most %d octets are taken here" % _BODY_OCTETS, 413
        if flags & routes.CHANGE:
            if "Content-Length" not in headers:
                return "a body needs its Content-Length, also one of 0 octets", 411
            origin = headers.get("Origin")
            if origin and origin.split("//", 1)[-1] != headers.get("Host"):
                return "another site's page may not change this reader", 403
        if flags & routes.NEEDS_CLOCK and not self._server.app.system.utc():
            return "the clock is not set yet: try again in a minute", 503
        return "", 0

    async def _change(self, request: Request, row: "Row") -> Response:
        """Call a form. Forms with the flag ALONE run one at a time."""
        server, client = self._server, self._client
        alone = row[5] & routes.ALONE
        waited = 0
        client.within(2 * _PATIENCE_MS)
        while alone and server.busy:
            if waited >= _PATIENCE_MS:
                return _outcome("busy with another change: try again", 503)
            await asyncio.sleep_ms(_LOOK_MS)
            waited += _LOOK_MS
        client.expect(client.left)  # the minute for its body begins now
        if alone:
            server.busy = True
        try:
            self.module = visit("web." + row[2])
            body = await getattr(self.module.open(), row[3])(server.app, request)
        except ValueError as e:
            return _outcome(str(e), 400)
        finally:
            if alone:
                server.busy = False
        headers = _no_cache()
        headers["Content-Type"] = row[4]
        return Response(body, 200, headers)

    def _page(self, name: str) -> Response:
        """The answer with a file of the page, which is compressed with gzip."""
        body = self._server.app.pages.open(name)
        if body is None:
            return Response("Not found", 404, {"Content-Type": "text/html"})
        headers = {}
        if name == "index.html":
            headers = _no_cache()
        else:
            headers["Cache-Control"] = _FOR_EVER if "-" in name else "max-age=2630000"
        headers["Content-Type"] = _TYPES.get(name.rsplit(".", 1)[-1], "text/plain")
        headers["Content-Encoding"] = "gzip"
        return Response(body, 200, headers)

    async def send(self, response: Response) -> None:
        """Send the whole response. microdot's own writer makes a class for each response and a
        segment for each header."""
        client = self._client
        body = response.body
        try:
            response.complete()
            status = "OK" if response.status_code == 200 else ""
            await client.write(("HTTP/1.0 %d %s\r\n" % (response.status_code, status)).encode())
            for name, value in response.headers.items():
                await client.write(("%s: %s\r\n" % (name, value)).encode())
            await client.write(b"\r\n")
            if response.is_head:
                pass
            elif isinstance(body, bytes):
                await client.write(body)
            elif hasattr(body, "readinto"):
                await client.copy(body)
            else:
                await client.write(self._first.encode())
                for piece in body:
                    await client.write(piece.encode())
            await client.flush()
        finally:  # also if the client is gone
            if hasattr(body, "close"):
                body.close()


def _no_cache() -> "dict[str, str]":
    """Headers that forbid caching of the response."""
    return {
        "Cache-Control": "no-cache, no-store, must-revalidate",
        "Pragma": "no-cache",
        "Expires": "-1",
    }


def _outcome(fault: str, status: int) -> Response:
    """The answer to a refused change."""
    headers = _no_cache()
    headers["Content-Type"] = "application/json"
    if status == 503:
        headers["Retry-After"] = "5"
    return Response('{"success":false,"message":%s}' % quote(fault), status, headers)
