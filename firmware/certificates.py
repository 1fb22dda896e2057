"""Certificates and private keys: PEM or DER in, what they say out. Loaded for that.

In       octets that an owner has uploaded
Out      DER, and its parts; ValueError with a reason for the owner
Rules    Only what is read is believed: lengths are definite, in as few octets as possible, and end
         where the structure around them ends. A key's numbers leave this module in no text
Limits   of a certificate: subject, issuer, dates, names, whether it is of a CA, its public key.
         The signature is not checked: that is done by TLS. Keys of RSA and of elliptic curves
Source   ITU-T X.690 (DER); RFC 5280 4.1 and 4.2.1 (certificates); RFC 7468 (PEM);
         RFC 5958, 8017 A.1.2, 5915 (keys)
"""

import binascii
import hashlib

import clock
from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

CERTIFICATE = "CERTIFICATE"
KEY = "KEY"

_INTEGER = const(0x02)
_BITS = const(0x03)
_OCTETS = const(0x04)
_OID = const(0x06)
_UTC_TIME = const(0x17)
_TIME = const(0x18)
_SEQUENCE = const(0x30)
_SET = const(0x31)
_VERSION = const(0xA0)
_EXTENSIONS = const(0xA3)
_PUBLIC_KEY = const(0xA1)  # of a key by RFC 5915
_CURVE = const(0xA0)
_DNS = const(0x82)  # in a subjectAltName
_IP = const(0x87)
_MOST_NAMES = const(8)
_MOST_TEXT = const(120)  # characters of a subject or an issuer

_ATTRIBUTES = (
    (b"\x55\x04\x03", "CN"),
    (b"\x55\x04\x06", "C"),
    (b"\x55\x04\x07", "L"),
    (b"\x55\x04\x08", "ST"),
    (b"\x55\x04\x0a", "O"),
    (b"\x55\x04\x0b", "OU"),
    (b"\x55\x04\x05", "serialNumber"),
)
_BASIC_CONSTRAINTS = b"\x55\x1d\x13"
_ALTERNATIVE_NAMES = b"\x55\x1d\x11"
_RSA = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"
_EC = b"\x2a\x86\x48\xce\x3d\x02\x01"
_CURVES = (
    (b"\x2a\x86\x48\xce\x3d\x03\x01\x07", "P-256"),
    (b"\x2b\x81\x04\x00\x22", "P-384"),
    (b"\x2b\x81\x04\x00\x23", "P-521"),
)
_SURROGATES = const(0x1B)  # U+D800 to U+DFFF, less the low bits; no text of an image may have one
_BROKEN = "it is damaged: no certificate and no key has such octets"
_LOCKED = "the key has a password: upload it without one"
_NOT_BASE64 = "a block of PEM is not base64"
_BASE64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="


def ders(octets: "bytes | bytearray", kind: str) -> "list[bytes]":
    """The DER of each certificate, or of the key, in a file. CERTIFICATE or KEY says which."""
    if bytes(octets[:1]) == b"\x30":
        found = []
        at = 0
        while at < len(octets):
            end = _element(octets, at, len(octets))[2]
            found.append(bytes(octets[at:end]))
            at = end
        return found
    found = [der for der in _pem(octets, kind) if der]
    if not found:
        what = "BEGIN %s" % ("CERTIFICATE" if kind == CERTIFICATE else "PRIVATE KEY")
        raise ValueError("it is neither DER nor PEM: no line says %s" % what)
    return found


def _pem(octets: "bytes | bytearray", kind: str) -> "Iterator[bytes]":
    """The DER of each block whose label ends with the kind."""
    label = text = b""
    for line in bytes(octets).split(b"\n"):
        line = line.strip()
        if line[:11] == b"-----BEGIN " and line[-5:] == b"-----":
            if label:
                raise ValueError("a block of PEM does not end")
            label, text = line[11:-5], b""
            if label.endswith(b"ENCRYPTED PRIVATE KEY"):
                raise ValueError(_LOCKED)
        elif label and line == b"-----END " + label + b"-----":
            if label.endswith(kind.encode()):
                yield _decoded(text)
            label = b""
        elif line[:10] == b"Proc-Type:":
            raise ValueError(_LOCKED)
        elif label:
            text += line
    if label:
        raise ValueError("a block of PEM does not end")


def _decoded(text: bytes) -> bytes:
    if len(text) % 4 or [c for c in text if chr(c) not in _BASE64]:
        raise ValueError(_NOT_BASE64)
    try:
        der = binascii.a2b_base64(text)
    except ValueError:
        raise ValueError(_NOT_BASE64)
    if not der or _element(der, 0, len(der))[2] != len(der):
        raise ValueError(_BROKEN)
    return der


def _element(der: "bytes | bytearray", at: int, stop: int) -> "tuple[int, int, int]":
    """(tag, begin of the content, its end) of the element at `at`, which ends by `stop`."""
    if at + 2 > stop or der[at] & 0x1F == 0x1F:
        raise ValueError(_BROKEN)
    size = der[at + 1]
    begin = at + 2
    if size & 0x80:
        count = size & 0x7F
        if not 1 <= count <= 3 or begin + count > stop:
            raise ValueError(_BROKEN)
        size = 0
        for octet in der[begin : begin + count]:
            size = size << 8 | octet
        if size < 0x80 or not size >> 8 * (count - 1):
            raise ValueError(_BROKEN)
        begin += count
    if begin + size > stop:
        raise ValueError(_BROKEN)
    return der[at], begin, begin + size


def _inside(der: bytes, at: int, stop: int, tag: int) -> "list[tuple[int, int, int]]":
    """The elements in the one at `at`, which has this tag: (tag, begin, end) each."""
    found, at, end = _element(der, at, stop)
    if found != tag:
        raise ValueError(_BROKEN)
    return _elements(der, at, end)


def _elements(der: bytes, at: int, end: int) -> "list[tuple[int, int, int]]":
    found = []
    while at < end:
        element = _element(der, at, end)
        found.append(element)
        at = element[2]
    return found


def _need(elements: "list[Any]", *tags: int) -> None:
    """ValueError unless elements with these tags come first."""
    if [tag for tag, _, _ in elements[: len(tags)]] != list(tags):
        raise ValueError(_BROKEN)


class Certificate:
    """What a certificate says. Dates are in UTC seconds since 1970, inclusive.

    key  (kind, bits of RSA or curve, the public key's octets), or ("", "", b"") of another kind
    """

    def __init__(self, der: bytes) -> None:
        parts = _inside(der, 0, len(der), _SEQUENCE)
        _need(parts, _SEQUENCE, _SEQUENCE, _BITS)
        if len(parts) != 3 or parts[2][2] != len(der):
            raise ValueError(_BROKEN)
        rows = _elements(der, parts[0][1], parts[0][2])
        version = rows.pop(0) if rows and rows[0][0] == _VERSION else None
        _need(rows, _INTEGER, _SEQUENCE, _SEQUENCE, _SEQUENCE, _SEQUENCE, _SEQUENCE)
        self.sha256 = binascii.hexlify(hashlib.sha256(der).digest()).decode()
        self.issuer = _name(der, rows[2])
        self.subject = _name(der, rows[4])
        dates = _elements(der, rows[3][1], rows[3][2])
        if len(dates) != 2:
            raise ValueError(_BROKEN)
        self.begin, self.end = [_time(der, date) for date in dates]
        self.key = _public_key(der, rows[5])
        self.is_ca = version is None  # before version 3 nothing says so
        self.names: "list[str]" = []
        for row in rows[6:]:
            if row[0] == _EXTENSIONS:
                self._extensions(der, row)

    def _extensions(self, der: bytes, row: "tuple[int, int, int]") -> None:
        for tag, begin, end in _inside(der, row[1], row[2], _SEQUENCE):
            parts = _elements(der, begin, end)
            if tag != _SEQUENCE or len(parts) < 2 or parts[-1][0] != _OCTETS:
                raise ValueError(_BROKEN)
            oid = der[parts[0][1] : parts[0][2]]
            _, begin, end = parts[-1]
            if oid == _BASIC_CONSTRAINTS:
                flags = _inside(der, begin, end, _SEQUENCE)
                self.is_ca = (
                    bool(flags) and flags[0][0] == 1 and any(der[flags[0][1] : flags[0][2]])
                )
            elif oid == _ALTERNATIVE_NAMES:
                names = _inside(der, begin, end, _SEQUENCE)[:_MOST_NAMES]
                self.names = [_host(der, name) for name in names if name[0] in (_DNS, _IP)]


def _host(der: bytes, element: "tuple[int, int, int]") -> str:
    tag, begin, end = element
    if tag == _DNS:
        return _text(der, element)
    if end - begin == 4:
        return ".".join([str(octet) for octet in der[begin:end]])
    return binascii.hexlify(der[begin:end]).decode()


def _name(der: bytes, element: "tuple[int, int, int]") -> str:
    """A name as "O=Home, CN=Broker", at most _MOST_TEXT characters of it."""
    parts = []
    for tag, begin, end in _elements(der, element[1], element[2]):
        if tag != _SET:
            raise ValueError(_BROKEN)
        for pair, at, stop in _elements(der, begin, end):
            found = _elements(der, at, stop)
            if pair != _SEQUENCE or len(found) != 2 or found[0][0] != _OID:
                raise ValueError(_BROKEN)
            oid = der[found[0][1] : found[0][2]]
            for known, label in _ATTRIBUTES:
                if known == oid:
                    parts.append("%s=%s" % (label, _text(der, found[1])))
    return ", ".join(parts)[:_MOST_TEXT]


def _text(der: bytes, element: "tuple[int, int, int]") -> str:
    tag, begin, end = element
    octets = der[begin:end]
    if tag == 0x1E:  # BMPString
        if len(octets) % 2:
            raise ValueError(_BROKEN)
        return _printable("".join([chr(octets[i] << 8 | octets[i + 1])
                                   for i in range(0, len(octets), 2)]))  # fmt: skip
    if tag == 0x0C:
        try:
            return _printable(octets.decode())
        except UnicodeError:
            raise ValueError(_BROKEN)
    return _printable("".join([chr(octet) for octet in octets]))


def _printable(text: str) -> str:
    """The text with `?` in place of what is no character to print."""
    return "".join([c if c >= " " and not "\x7f" <= c < "\xa0" and ord(c) >> 11 != _SURROGATES
                    else "?" for c in text])  # fmt: skip


def _time(der: bytes, element: "tuple[int, int, int]") -> int:
    tag, begin, end = element
    text = der[begin:end]
    if [1 for c in text[:-1] if not 48 <= c <= 57] or text[-1:] != b"Z":
        raise ValueError(_BROKEN)
    if tag == _UTC_TIME and len(text) == 13:
        text = (b"19" if text >= b"50" else b"20") + text
    elif tag != _TIME or len(text) != 15:
        raise ValueError(_BROKEN)
    date = [int(text[4 + 2 * i : 6 + 2 * i]) for i in range(5)]
    year = int(text[:4])
    if year >= 2200:  # 9999: it does not expire
        return clock.seconds(2199, 12, 31, 23, 59, 59)
    utc = clock.checked(year, *date)
    if utc is None:
        if 1950 <= year < 1970:
            return 0
        raise ValueError(_BROKEN)
    return utc


def _public_key(der: bytes, element: "tuple[int, int, int]") -> "tuple[str, str, bytes]":
    """A SubjectPublicKeyInfo."""
    parts = _elements(der, element[1], element[2])
    _need(parts, _SEQUENCE, _BITS)
    begin, end = parts[1][1], parts[1][2]
    if begin == end or der[begin]:
        raise ValueError(_BROKEN)
    kind, curve = _algorithm(der, parts[0])
    if kind == "RSA":
        modulus = _inside(der, begin + 1, end, _SEQUENCE)
        _need(modulus, _INTEGER, _INTEGER)
        return _rsa(der, modulus[0])
    return kind, curve, der[begin + 1 : end] if kind else b""


def _algorithm(der: bytes, element: "tuple[int, int, int]") -> "tuple[str, str]":
    """("RSA", ""), ("EC", curve), or ("", "")."""
    parts = _elements(der, element[1], element[2])
    _need(parts, _OID)
    oid = der[parts[0][1] : parts[0][2]]
    if oid == _RSA:
        return "RSA", ""
    if oid == _EC and len(parts) == 2:
        return "EC", _curve(der, parts[1])
    return "", ""


def _curve(der: bytes, element: "tuple[int, int, int]") -> str:
    for oid, name in _CURVES:
        if der[element[1] : element[2]] == oid:
            return name
    return "another curve"


def _rsa(der: bytes, element: "tuple[int, int, int]") -> "tuple[str, str, bytes]":
    """A modulus."""
    number = der[element[1] : element[2]].lstrip(b"\0")
    if not number:
        raise ValueError(_BROKEN)
    bits = 8 * len(number)
    mask = 0x80
    while not number[0] & mask:
        mask >>= 1
        bits -= 1
    return "RSA", "%d bits" % bits, number


def private_key(der: bytes) -> "tuple[str, str, bytes]":
    """As Certificate.key: of a private key by RFC 5958, 8017 or 5915. Its public key is b"" if it
    is not in the file."""
    parts = _inside(der, 0, len(der), _SEQUENCE)
    if _element(der, 0, len(der))[2] != len(der):
        raise ValueError(_BROKEN)
    _need(parts, _INTEGER)
    tags = [tag for tag, _, _ in parts]
    if tags[1:3] == [_SEQUENCE, _OCTETS]:
        kind, curve = _algorithm(der, parts[1])
        inner = der[parts[2][1] : parts[2][2]]
        if kind == "RSA":
            return _rsa_key(inner, _inside(inner, 0, len(inner), _SEQUENCE))
        if kind == "EC":
            rows = _inside(inner, 0, len(inner), _SEQUENCE)
            return kind, curve, _ec_public(inner, rows)
        raise ValueError("it is a key of another kind than RSA or an elliptic curve")
    if tags[1:2] == [_OCTETS]:
        curve = "another curve"
        for tag, begin, end in parts[2:]:
            if tag == _CURVE:
                curve = _curve(der, _element(der, begin, end))
        return "EC", curve, _ec_public(der, parts)
    return _rsa_key(der, parts)


def _rsa_key(der: bytes, rows: "list[tuple[int, int, int]]") -> "tuple[str, str, bytes]":
    """Of a key by RFC 8017: nine numbers, of which the second is the modulus."""
    if [tag for tag, _, _ in rows] != [_INTEGER] * 9:
        raise ValueError(_BROKEN)
    return _rsa(der, rows[1])


def _ec_public(der: bytes, rows: "list[tuple[int, int, int]]") -> bytes:
    """The public key in a key by RFC 5915, b"" if it is not there."""
    _need(rows, _INTEGER, _OCTETS)
    for tag, begin, end in rows[2:]:
        if tag == _PUBLIC_KEY:
            kind, begin, end = _element(der, begin, end)
            if kind != _BITS or begin == end:
                raise ValueError(_BROKEN)
            return der[begin + 1 : end]
    return b""
