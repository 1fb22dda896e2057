"""POST /mqtt-ca, /mqtt-cert, /mqtt-key: certificates for a broker with TLS; /push-ca: for a server
that messages are pushed to; /price-ca: for ENTSO-E's server; /upgrade-ca: for one with firmware.

In       PEM or DER as the body, or as the field `file` of a form of several parts
         /mqtt-ca, /push-ca, /price-ca, /upgrade-ca  one or more certificates of CAs
         /mqtt-cert          the reader's certificate
         /mqtt-key           its private key, without a password
         An empty body, or a form without a file: delete what is stored
?preview true: it is not used. After a form it waits in a file of its own
?keep    true, without a file: use the one that waits
Out      {"success", "message", "kept", "found": [as in /api/certificates.json]}; a form of several
         parts is answered with a redirect to /configuration, after a deletion with an empty body,
         and with ?preview by a page that asks whether to keep the file
Rules    Stored as DER. MQTT connects again, a message is pushed, or prices are asked for; an
         upgrade uses it when it asks. A certificate and a key that do not belong together are
         refused, whichever comes second
Limits   6 KB a body; 4 KB as DER
Errors   ValueError with the reason; then nothing is changed
"""

import certificates
from fmt import boolean
from micropython import const
from ondemand import visit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from composition import App, Request

_MOST_OCTETS = const(6144)
_MOST_STORED = const(4096)
_RECONNECT = const(128)  # of system.mqtt_due
_ASK_NOW = const(-1)  # of prices.due_s
_PUSH = "push-ca"
_PRICES = "price-ca"
_UPGRADE = "upgrade-ca"
_AUTHORITIES = ("mqtt-ca", _PUSH, _PRICES, _UPGRADE)
_CERTIFICATE = "mqtt-cert"
_KEY = "mqtt-key"
_WAITS = ".next"
_MOST_AUTHORITIES = const(4)


async def post(app: "App", request: "Request") -> "Any":
    """Show, store or delete a file."""
    name = request.path[1:]
    body, is_form = await _body(request)
    preview = request.args.get("preview") == "true"
    if not len(body):
        if request.args.get("keep") == "true":
            body = app.storage.read(name + _WAITS) or b""
            if not body:
                raise ValueError("no file waits: upload it again")
        elif preview:
            raise ValueError("there is no file")
        else:
            _delete(app, name)
            if is_form:
                return "", 200, {"Content-Type": "text/html"}
            return '{"success":true,"message":"deleted","kept":false,"found":[]}'
    ders = certificates.ders(body, certificates.KEY if name == _KEY else certificates.CERTIFICATE)
    del body
    if sum([len(der) for der in ders]) > _MOST_STORED or len(ders) > (
        _MOST_AUTHORITIES if name in _AUTHORITIES else 1
    ):
        raise ValueError("too much: at most %d octets as DER, and one client certificate"
                         % _MOST_STORED)  # fmt: skip
    for der in ders:
        _check(app, name, der)
    if preview and is_form:
        _store(app, name + _WAITS, ders)
        return _question(name, ders), 200, {"Content-Type": "text/html; charset=UTF-8"}
    if not preview:
        _store(app, name, ders)
        app.storage.remove(name + _WAITS)
        use(app, name, "stored")
        if is_form:
            return "", 303, {"Location": "/configuration"}
    with visit("web.documents.certificates") as document:
        found = ",".join([document.told(name, der, 0) for der in ders])
    return '{"success":true,"message":"%s","kept":%s,"found":[%s]}' % (
        "" if preview else "stored",
        boolean(not preview),
        found,
    )


def _delete(app: "App", name: str) -> None:
    app.storage.remove(name)
    app.storage.remove(name + _WAITS)
    use(app, name, "deleted")


def _store(app: "App", file: str, ders: "list[bytes]") -> None:
    if not app.storage.write(file, ders):
        raise ValueError("flash does not take it, see the log: nothing is changed")


def use(app: "App", name: str, what: str) -> None:
    """Connect again with the files as they are."""
    if name == _PUSH:
        app.push_at = 0
    elif name == _PRICES:
        app.prices.due_s = _ASK_NOW
    elif name != _UPGRADE:
        app.system.mqtt_due |= _RECONNECT
    app.log.add("%s: %s is %s" % (name.split("-")[0], name, what))


def _check(app: "App", name: str, der: bytes) -> None:
    """ValueError if a file is of no use for its purpose."""
    if name == _KEY:
        other = app.storage.read(_CERTIFICATE)
        key = certificates.private_key(der)
        if other:
            _fit(certificates.Certificate(other).key, key)
        return
    found = certificates.Certificate(der)
    if name in _AUTHORITIES and not found.is_ca:
        raise ValueError("%s is no CA's certificate: it cannot sign others" % found.subject)
    other = app.storage.read(_KEY) if name == _CERTIFICATE else None
    if other:
        _fit(found.key, certificates.private_key(other))
    if name == _CERTIFICATE and not other and not found.key[0]:
        raise ValueError("only keys of RSA and elliptic curves are possible")


def _fit(certificate: "tuple[str, str, bytes]", key: "tuple[str, str, bytes]") -> None:
    """ValueError unless the key may be the certificate's."""
    if certificate[:2] != key[:2] or (key[2] and key[2] != certificate[2]):
        raise ValueError("certificate and key do not belong together: delete the stored one first")


def _question(name: str, ders: "list[bytes]") -> "Any":
    """The page that shows a file before it is kept."""
    with visit("web.documents.certificates") as document:
        yield from document.question(name, ders)


async def _body(request: "Request") -> "tuple[bytes | bytearray, bool]":
    """The file, empty if there is none, and whether it is the field of a form."""
    stream = request.stream
    if stream.left > _MOST_OCTETS:
        raise ValueError("at most %d octets are taken" % _MOST_OCTETS)
    octets = bytearray(stream.left)
    at = 0
    while stream.left:
        piece = await stream.piece()
        octets[at : at + len(piece)] = piece
        at += len(piece)
    if octets[:2] != b"--" or octets[:5] == b"-----":
        if not octets.strip():
            return bytearray(), False
        return octets, False
    return _field(octets), True


def _field(octets: bytearray) -> bytes:
    """The part of a form that has the name `file`; an empty one if there is none."""
    boundary = b"\r\n" + bytes(octets[: octets.find(b"\r\n")])
    at = 0
    while True:
        body = octets.find(b"\r\n\r\n", at)
        if body < 0:
            end_mark = octets.strip()  # all there is of a form without a part
            if not at and (b"\n" in end_mark or len(end_mark) < 5 or end_mark[-2:] != b"--"):
                raise ValueError("the form ends early")
            return b""
        head = bytes(octets[at:body])
        end = octets.find(boundary, body + 2)
        if end < 0:
            raise ValueError("the form ends early")
        if b'name="file"' in head:
            return bytes(octets[body + 4 : end])
        at = end + 2
