"""Responses of the kinds that are made in more than one place."""

from fmt import boolean, quote
from microdot import Response

NO_CACHE = {
    "Cache-Control": "no-cache, no-store, must-revalidate",
    "Pragma": "no-cache",
    "Expires": "-1",
}


def not_found() -> Response:
    """What an unknown path is answered."""
    return Response("Not found", 404, {"Content-Type": "text/html"})


def outcome(fault: str, message: str = "", status: int = 400) -> Response:
    """What a POST comes to; status is that of a fault."""
    body = '{"success":%s,"message":%s}' % (boolean(not fault), quote(fault or message))
    return Response(body, status if fault else 200, json_headers())


def text(body: "str | bytes") -> Response:
    """Plain text that no cache keeps."""
    headers = dict(NO_CACHE)
    headers["Content-Type"] = "text/plain; charset=UTF-8"
    return Response(body, 200, headers)


def json_headers() -> "dict[str, str]":
    """Headers of JSON that no cache keeps."""
    headers = dict(NO_CACHE)
    headers["Content-Type"] = "application/json"
    return headers
