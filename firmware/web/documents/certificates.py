"""/api/certificates.json, and the pages /mqtt-ca, /mqtt-cert, /mqtt-key, /push-ca, /price-ca and
/upgrade-ca.

Out      {"mqtt-ca": [...], "mqtt-cert": [...], "mqtt-key": [...], "push-ca": [...],
         "price-ca": [...], "upgrade-ca": [...]}, each with what is stored:
         a certificate  {"subject", "issuer", "from", "to", "expired", "sha256", "ca", "names",
                         "key"}; dates in UTC; expired is null while the clock is not set
         a key          {"key"}, as "RSA 2048 bits" or "EC P-256". Nothing else of it is told
Pages    what is stored, a form to upload another one, which is shown before it is kept, and a form
         to delete it. They need no script
"""

import certificates
import clock
from fmt import boolean, quote

from web.documents import setup_parts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from composition import App, Request

_FILES = ("mqtt-ca", "mqtt-cert", "mqtt-key", "push-ca", "price-ca", "upgrade-ca")
_TITLES = (
    "CA certificate of the broker",
    "Client certificate",
    "Key of the client certificate",
    "CA certificate of the server for pushed messages",
    "CA certificate of ENTSO-E's server of prices",
    "CA certificate of the server for upgrades",
)
_STORED = "<section><h1>%s</h1>%s"
_UPLOAD = (
    '<form method="post" action="/%s?preview=true" enctype="multipart/form-data">'
    '<label for="file">%s, PEM or DER</label><input type="file" id="file" name="file" required>'
    '<button class="main">Show it</button></form>'
)
_DELETE = (
    '<form method="post" action="/%s" enctype="multipart/form-data">'
    '<button name="delete" value="true">Delete it</button></form>'
)
_ASK = (
    '<section><h1>Keep this?</h1>%s<form method="post" action="/%s?keep=true"'
    ' enctype="multipart/form-data"><button class="main" name="keep" value="true">Keep it</button>'
    '</form><p><a href="/%s">Do not keep it</a></p>'
)
_END = "</section></main></body></html>\n"


def get(app: "App", request: "Request") -> "Iterator[str]":
    """All that is stored, a piece for each file."""
    begin = "{"
    for name in _FILES:
        found = [told(name, der, app.system.utc()) for der in _ders(app, name)]
        yield "%s%s:[%s]" % (begin, quote(name), ",".join(found))
        begin = ","
    yield "}"


def page(app: "App", request: "Request") -> "Iterator[str]":
    """The page of one file."""
    name = request.path[1:]
    title = _TITLES[_FILES.index(name)]
    stored = "".join([_shown(name, der) for der in _ders(app, name)])
    yield from setup_parts.head(title)
    yield _STORED % (title, stored or "<p>None is stored.</p>")
    yield _UPLOAD % (name, title)
    if stored:
        yield _DELETE % name
    yield _END


def question(name: str, ders: "list[bytes]") -> "Iterator[str]":
    """The page that asks whether to keep a file."""
    yield from setup_parts.head("Keep it?")
    yield _ASK % ("".join([_shown(name, der) for der in ders]), name, name)
    yield _END


def _ders(app: "App", name: str) -> "list[bytes]":
    octets = app.storage.read(name)
    return certificates.ders(octets, certificates.CERTIFICATE) if octets else []


def told(name: str, der: bytes, utc: int) -> str:
    """A certificate or the key, as JSON. utc: the time now, 0 if it is not known."""
    if name == "mqtt-key":
        return '{"key":%s}' % quote("%s %s" % certificates.private_key(der)[:2])
    found = certificates.Certificate(der)
    return (
        '{"subject":%s,"issuer":%s,"from":"%sZ","to":"%sZ","expired":%s,"sha256":"%s","ca":%s,'
        '"names":[%s],"key":%s}'
    ) % (
        quote(found.subject),
        quote(found.issuer),
        clock.iso(found.begin),
        clock.iso(found.end),
        boolean(utc > found.end) if utc else "null",
        found.sha256,
        boolean(found.is_ca),
        ",".join([quote(name) for name in found.names]),
        quote("%s %s" % found.key[:2]),
    )


def _shown(name: str, der: bytes) -> str:
    """A certificate or the key for a person."""
    if name == "mqtt-key":
        return "<p>%s</p>" % setup_parts.escape("%s %s" % certificates.private_key(der)[:2])
    found = certificates.Certificate(der)
    lines = (
        "For: " + found.subject,
        "By: " + found.issuer,
        "Valid: %s to %s" % (clock.iso(found.begin)[:10], clock.iso(found.end)[:10]),
        "Names: " + ", ".join(found.names),
        "Key: %s %s" % found.key[:2],
        "SHA-256: " + found.sha256,
    )
    return "<p>%s</p>" % "<br>".join([setup_parts.escape(line) for line in lines])
