"""Ciphered APDUs: plaintext and keys in, ciphered octets out.

Wire     DB | n | system title n | length | SC | IC 4 | text | tag 12 if SC has 10
         P1 with a clear identification: that line, an empty line, the same from n on, "!",
         four hex digits
Source   DLMS Green Book (general-glo-ciphering, security header); NIST SP 800-38D, done by the
         cryptography package
"""

from __future__ import annotations

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from .hdlc import crc16_x25

GENERAL_GLO = 0xDB
GENERAL_DED = 0xDC
ENCRYPTED = 0x20
AUTHENTICATED = 0x10
_TAG = 12


def length(count: int, octets: int = 0) -> bytes:
    """A-XDR length. octets: number of octets after 8n, 0 = the fewest (none below 128)."""
    if octets == 0 and count < 0x80:
        return bytes([count])
    octets = octets or (count.bit_length() + 7) // 8
    return bytes([0x80 | octets]) + count.to_bytes(octets, "big")


def protected(
    plaintext: bytes,
    key: bytes,
    title: bytes,
    counter: int,
    auth_key: bytes | None = None,
    control: int = ENCRYPTED | AUTHENTICATED,
    length_octets: int = 0,
) -> bytes:
    """The ciphered APDU without its tag DB: title length, title, length, SC, IC, text, tag.

    key       16 octets
    title     0 to 8 octets
    counter   the invocation counter, 32 bits
    auth_key  16 octets; needed if control has 10
    """
    security = bytes([control])
    nonce = title.ljust(8, b"\0") + counter.to_bytes(4, "big")
    gcm = AESGCM(key)
    if not control & AUTHENTICATED:
        text = gcm.encrypt(nonce, plaintext, None)[:-16] if control & ENCRYPTED else plaintext
    elif auth_key is None:
        raise ValueError(f"security control {control:02x} needs an authentication key")
    elif control & ENCRYPTED:
        sealed = gcm.encrypt(nonce, plaintext, security + auth_key)
        text = sealed[: len(plaintext) + _TAG]
    else:
        text = plaintext + gcm.encrypt(nonce, b"", security + auth_key + plaintext)[:_TAG]
    content = security + counter.to_bytes(4, "big") + text
    return bytes([len(title)]) + title + length(len(content), length_octets) + content


def apdu(
    plaintext: bytes,
    key: bytes,
    title: bytes,
    counter: int,
    auth_key: bytes | None = None,
    control: int = ENCRYPTED | AUTHENTICATED,
    length_octets: int = 0,
    tag: int = GENERAL_GLO,
) -> bytes:
    """A general-glo-ciphering APDU; with tag DC general-ded-ciphering."""
    rest = protected(plaintext, key, title, counter, auth_key, control, length_octets)
    return bytes([tag]) + rest


def p1_with_clear_ident(
    ident: str, lines: str, key: bytes, counter: int, auth_key: bytes | None = None
) -> bytes:
    """A P1 telegram with a clear identification, ciphered data lines and no system title.

    ident     with its "/", without line end
    lines     each ends with CR LF
    auth_key  None = a key of zeros, for a reader without the meter's key
    The check digits after "!" are CRC-16/X.25, low octet first, as in the only capture.
    """
    head = f"/{ident.lstrip('/')}\r\n\r\n".encode("ascii")
    control = ENCRYPTED | AUTHENTICATED
    body = protected(
        lines.encode("ascii"), key, b"", counter, auth_key or bytes(16), control, length_octets=2
    )
    telegram = head + body + b"!"
    check = crc16_x25(telegram).to_bytes(2, "little").hex().upper()
    return telegram + check.encode("ascii") + b"\r\n"
