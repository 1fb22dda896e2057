"""Which requests are refused: those that pages of other sites make an owner's browser send.

In       the request's method, path and headers, the reader's names and address
Out      why it is refused, and the status
Rules    Host must be the reader's address, host name, host name.local, localhost, 127.0.0.1 or a
         name of the setting web_names, on any port. Otherwise a site whose name leads to the
         reader's address (DNS rebinding) would be of the same origin as the reader.
         A request without Host is accepted if it is HTTP/1.0 and has none of the headers that tell
         a browser. A browser always sends Host.
         A change is refused if Origin is not this site, or Sec-Fetch-Site is neither same-origin
         nor none. Scripts send neither header.
         In the setup, where every name leads to the reader, web.portal looks at Host.
         A file may have the types of _TYPES, or none.
Source   RFC 9110, 7.4 and 15.5.20; RFC 9112, 3.2; the W3C's Fetch Metadata
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from composition import App, Request

_SAME_SITE = ("", "same-origin", "none")
_OF_BROWSERS = ("Origin", "Cookie", "Sec-Fetch-Site")
# The type that curl sends with a file is the second one.
_TEXTS = ("text/plain", "application/x-www-form-urlencoded", "application/octet-stream")
_TYPES = {
    "/api/inspect": _TEXTS,
    "/backup": _TEXTS + ("application/json",),
    "/configfile": _TEXTS + ("multipart/form-data",),
    "/firmware": ("application/octet-stream", "multipart/form-data", _TEXTS[1]),
    "/lists.txt": _TEXTS,
    "/prices": _TEXTS + ("application/xml", "text/xml"),
}


def fault(app: "App", request: "Request", change: bool) -> "tuple[str, int]":
    """(reason to refuse the request, status); ("", 0) if it is accepted."""
    headers = request.headers
    host = headers.get("Host", "")
    if not app.network.setup and name_of(host) not in names(app):
        if host:
            places = " or ".join(["http://%s/" % name for name in names(app)[:2]])
            return "use %s here; web_names may have more names" % places, 421
        if request.http_version != "1.0":
            return "the header Host is missing", 400
        for name in _OF_BROWSERS:
            if name in headers:
                return "the header Host is missing", 400
    if not change:
        return "", 0
    origin = headers.get("Origin", "")
    other = origin and origin.split("//", 1)[-1].lower() != host.lower()
    if other or headers.get("Sec-Fetch-Site", "") not in _SAME_SITE:
        return "another site's page may not change this reader", 403
    types = _TYPES.get(request.path)
    kind = headers.get("Content-Type", "").split(";")[0].strip().lower()
    if types and kind and kind not in types:
        return "this file must be of the type %s: not %s" % (types[0], kind[:40]), 415
    return "", 0


def name_of(host: str) -> str:
    """The name in a Host header: small letters, without port and final dot."""
    name = host.lower()
    port = name.rfind(":")
    if port >= 0 and name[port + 1 :].isdigit():
        name = name[:port]
    return name[:-1] if name[-1:] == "." else name


def names(app: "App") -> "list[str]":
    """The names and addresses of the reader; the first two are those that an owner uses."""
    hostname = app.system.hostname(app.network.setting("hostname")).lower()
    more = app.config.web_names.lower().replace(",", " ").split()
    address = app.system.board.ip_config()[0]
    return [address, hostname + ".local", hostname, "localhost", "127.0.0.1"] + more


def from_access_point(peer: "tuple[str, int] | bytes") -> bool:
    """Whether a client is in the network of the reader's own access point, or on this PC.

    peer  its address as accept() returns it: a tuple on a chip, a packed structure on a PC
    """
    if isinstance(peer, tuple):
        return peer[0][:10] == "192.168.4."
    return peer[4:5] == b"\x7f"
