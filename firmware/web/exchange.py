"""One request and its answer. Loaded for each request, with microdot, which parses the head.

A request is checked before its module is loaded. Refused are what web.guard and web.auth refuse,
a change of an unknown path (405), a body without a length (411), with too many octets (413) or of
another type (415), a change of dated values before the clock is set or in safe mode (503), and a
change of stored data while the supply voltage is too low for it, outside the setup (503). After
503 nothing was changed.
"""

import asyncio
import binascii
import gc

from fmt import quote
from microdot import Request, Response
from microdot.microdot import print_exception  # type: ignore[attr-defined]
from micropython import const
from ondemand import visit

from web import routes
from web.server import LISTENERS, SAFE, BadRequest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from web.routes import Row
    from web.server import Client, Server

_BODY_OCTETS = const(4096)
_UPLOAD_OCTETS = const(131072)
_BACKUP_OCTETS = const(196608)
_IMAGE_OCTETS = const(4194304)
_PATH_OCTETS = const(1024)
_PATIENCE_MS = const(30000)  # a request with the flag ALONE waits this long for another one
_LOOK_MS = const(20)
_ROOM_OCTETS = const(9000)  # free before such a request runs
_ROOM_MS = const(300)  # between two collections

_TRAILER = const(8)  # octets at the end of a gzip file: CRC-32 4 | length 4
_A_MONTH = "max-age=2630000"
_CHECK_MS = const(30000)  # a password may wait for others that are checked before
_ANY = "Access-Control-Allow-Origin"
_FOR_EVER = "public, max-age=31536000, immutable"  # the name has a hash of the content
_TYPES = {
    "html": "text/html; charset=UTF-8",
    "css": "text/css",
    "js": "text/javascript",
    "svg": "image/svg+xml",
    "json": "application/json",
}

# Of pages with a style of their own: the digest of that in documents.setup_parts.
_INLINE = (
    b"; style-src 'self' 'sha256-YLygMPCm1pqZ41s0kpsLUizRbq0mftqlNv7DR36aNeM='"
    b"; connect-src 'self' http:"  # the setup looks for the reader at its new address
)

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
                    server.app.system.memory_errors += 1
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
        length = request.headers.get("Content-Length", "0")
        if len(request.path) > _PATH_OCTETS or not length.isdigit():  # +5 is no length
            return Response("Bad request", 400)
        method = "GET" if request.method == "HEAD" else request.method
        row = routes.find(request.path, method)
        most = _IMAGE_OCTETS if row and row[5] & routes.IMAGE else _UPLOAD_OCTETS
        if row and row[5] & routes.BACKUP:
            most = _BACKUP_OCTETS
        if request.content_length > most:
            return Response("Payload too large", 413)
        if server.app.network.setup:
            with visit("web.portal") as portal:
                host = request.headers.get("Host", "")
                known = row is not None or routes.file_of(request.path) in server.app.pages.names
                answer = portal.redirect(server.app, host, request.path, known)
            if answer[1]:
                return Response(*answer)
        with visit("web.guard") as guard:
            fault, status = guard.fault(server.app, request, method not in ("GET", "OPTIONS"))
        if fault:
            return _outcome(fault, status)
        if row is None:
            names = server.app.pages.names
            if method != "GET" or routes.file_of(request.path) not in names:
                return _without_row(method, routes.allowed(request.path, names))
        flags = row[5] if row else 0
        fault, status = self._fault(request, flags)
        if fault:
            return _outcome(fault, status)
        refusal = await self._refusal(request, row, method)
        if refusal:
            return Response(*refusal)
        if row is None:
            return self._page(routes.file_of(request.path), request)
        if flags & routes.STREAM:
            if server.listeners >= LISTENERS:
                return Response("Too many open pages", 503, {"Retry-After": "5"})
            if request.method == "GET":
                client.listens = True
                server.listeners += 1
            headers = {"Content-Type": row[4], "Cache-Control": "no-cache"}
            return Response((), 200, headers)
        if method != "GET":
            return await self._change(request, row)
        self.module = visit("web." + row[2])
        body = getattr(self.module.open(), row[3])(server.app, request)
        if not isinstance(body, (str, bytes)):
            try:
                for self._first in body:
                    break
                else:
                    return _text("Not found", 404)
            except ValueError as e:
                return Response(str(e), 400, {"Content-Type": "text/plain"})
        headers = {} if flags & routes.KEPT else _no_cache()
        headers["Content-Type"] = row[4]
        if flags & routes.SAVED:
            headers["Content-Disposition"] = "attachment; filename=" + row[0][1:]
        if flags & routes.ANY_SITE:
            headers[_ANY] = "*"
        return Response(body, 200, headers)

    async def _refusal(
        self, request: Request, row: "Row | None", method: str
    ) -> "tuple[str, int, dict[str, str]] | None":
        """The answer to a request that needs a password, or to a page that comes before the first
        one; None if the request is served. Sets request.owner, see web.auth."""
        app, client = self._server.app, self._client
        request.owner = True  # type: ignore[attr-defined]
        if app.config.web_security and app.config.web_password:
            client.within(_CHECK_MS)
            with visit("web.auth") as auth:
                level = routes.level(row, request.path, method)
                answer: "tuple[str, int, dict[str, str]] | None" = await auth.refusal(
                    app, client.peer, request, level
                )
            client.expect(client.left)
            return answer
        is_page = request.path == "/" and "text/html" in request.headers.get("Accept", "")
        if is_page and not app.config.web_password and not app.config.is_set("web_security"):
            return "", 303, {"Location": "/welcome", "Cache-Control": "no-store"}
        return None

    def _fault(self, request: Request, flags: int) -> "tuple[str, int]":
        """(reason to refuse the request, status); ("", 0) if it is accepted."""
        headers = request.headers
        if "Transfer-Encoding" in headers:
            return "a body needs its Content-Length: it is not read in chunks", 411
        if request.content_length > _BODY_OCTETS and not flags & (routes.LONG | routes.IMAGE):
            return "at most %d octets are taken here" % _BODY_OCTETS, 413
        if flags & routes.JSON:
            kind = headers.get("Content-Type", "").split(";")[0].strip()
            if kind.lower() != "application/json":
                return "the body must be JSON, with Content-Type: application/json", 415
        if flags & routes.CHANGE:
            if "Content-Length" not in headers:
                return "a body needs its Content-Length, also one of 0 octets", 411
        if flags & routes.NEEDS_CLOCK:
            if not self._server.app.counts():
                return "energy cannot be changed now: the reader's log says why", 503
            if not self._server.app.system.utc():
                return "the clock is not set yet: try again in a minute", 503
        app = self._server.app
        if flags & routes.STORES and app.storage.held and not app.network.setup:
            return app.storage.held, 503
        return "", 0

    async def _change(self, request: Request, row: "Row") -> Response:
        """Call a form. Forms with the flag ALONE run one at a time."""
        server, client = self._server, self._client
        alone = row[5] & routes.ALONE
        waited = 0
        client.within(2 * _PATIENCE_MS)
        while alone and (server.busy or not self._has_room()):
            if waited >= _PATIENCE_MS:
                if not server.busy:
                    break  # it may be enough
                return _outcome("busy with another change: try again", 503)
            pause_ms = _LOOK_MS if server.busy else _ROOM_MS
            await asyncio.sleep_ms(pause_ms)
            waited += pause_ms
        client.expect(client.left)  # the minute for its body begins now
        if alone:
            server.busy = True
        try:
            self.module = visit("web." + row[2])
            body = await getattr(self.module.open(), row[3])(server.app, request)
        except ValueError as e:
            fault, more = e.args if len(e.args) == 2 else (str(e), "")
            return _outcome(fault, 400, more)
        finally:
            if alone:
                server.busy = False
        headers = _no_cache()
        headers["Content-Type"] = row[4]
        status = 200
        if isinstance(body, tuple):
            body, status, more = body
            headers.update(more)
        return Response(body, status, headers)

    def _has_room(self) -> bool:
        """Whether the heap has room for a form with the flag ALONE: other answers give back theirs
        when they end."""
        gc.collect()
        return self._server.app.system.board.heap_free() >= _ROOM_OCTETS

    def _page(self, name: str, request: Request) -> Response:
        """The answer with a file of the page, which is compressed with gzip: CRC-32 and length at
        its end are its ETag."""
        body = self._server.app.pages.open(name)
        if body is None and name == "index.html":  # the files of the page are gone
            return Response("", 303, {"Location": "/recovery"})
        if body is None:
            return _text("Not found", 404)
        size = body.seek(-_TRAILER, 2) + _TRAILER
        headers = {
            "ETag": '"%s"' % binascii.hexlify(body.read(_TRAILER)).decode(),
            "Cache-Control": _FOR_EVER if "-" in name else _A_MONTH,
            "Content-Type": _TYPES.get(name.rsplit(".", 1)[-1], "text/plain"),
        }
        if name.endswith(("html", "json")):
            headers["Cache-Control"] = "no-cache"  # a client asks whether it has changed
        known = request.headers.get("If-None-Match", "")
        if headers["ETag"] in known or known == "*":
            body.close()
            return Response((), 304, headers)
        body.seek(0)
        headers["Content-Encoding"] = "gzip"
        headers["Content-Length"] = str(size)
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
            await client.write(SAFE)
            if response.headers["Content-Type"].startswith("text/html"):
                await client.write(_INLINE)
            reach = b"cross-origin" if _ANY in response.headers else b"same-origin"
            await client.write(b"\r\nCross-Origin-Resource-Policy: %s\r\n\r\n" % reach)
            if response.is_head:
                pass
            elif isinstance(body, bytes):
                await client.write(body)
            elif hasattr(body, "readinto"):
                await client.copy(body)
            else:
                await client.write(self._first.encode())
                for piece in body:
                    if piece is not None:
                        await client.write(piece.encode())
                        continue
                    await client.flush()
                    await asyncio.sleep_ms(_LOOK_MS)
                    if client.gone():
                        break
            await client.flush()
        finally:  # also if the client is gone
            if hasattr(body, "close"):
                body.close()


def _text(body: str, status: int, allow: str = "") -> Response:
    headers = {"Content-Type": "text/html"}
    if allow:
        headers["Allow"] = allow
    return Response(body, status, headers)


def _without_row(method: str, allow: str) -> Response:
    """The answer if a path does not have the method; allow is that of routes.allowed()."""
    if not allow:
        return _text("Not found", 404)
    if method == "OPTIONS":
        return _text("", 200, allow)
    return _text("Method not allowed", 405, allow)


def _no_cache() -> "dict[str, str]":
    """Headers that forbid caching of the response."""
    return {
        "Cache-Control": "no-cache, no-store, must-revalidate",
        "Pragma": "no-cache",
        "Expires": "-1",
    }


def _outcome(fault: str, status: int, more: str = "") -> Response:
    """The answer to a refused change. more: further members, such as ',"errors":{}'."""
    headers = _no_cache()
    headers["Content-Type"] = "application/json"
    if status == 503:
        headers["Retry-After"] = "5"
    body = '{"success":false,"message":%s%s}' % (quote(fault), more)
    return Response(body, status, headers)
