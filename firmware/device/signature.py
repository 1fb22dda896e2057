"""The trailer of a signed image: what it says of the image, and whether one of our keys signed it.

In       the last 160 octets of the file; public keys of 32 octets each
Out      (size of the image, built, version, chip, board family, SHA-256 of the image), or a
         ValueError with the reason in words
Wire     magic `HANREAD1` 8 | size u32 | built u32 | version 16s | chip 16s | family 16s |
         SHA-256 32s | signature 64s; little endian, texts are ASCII and end with NULs; built in
         seconds since 1970. The signature is Ed25519 over the 96 octets before it
Rules    The digest is of the image without the trailer: whoever writes the image compares it.
         tools/sign.py makes trailers
"""

import struct

from micropython import const

from device import ed25519

SIZE = const(160)
_SIGNED = const(96)


def parse(trailer: bytes) -> "tuple[int, int, str, str, str, bytes]":
    """The trailer's fields. Does not look at the signature."""
    if len(trailer) != SIZE or trailer[:8] != b"HANREAD1":
        raise ValueError("no signature at the end of the file")
    size, built, version, chip, family = struct.unpack_from("<II16s16s16s", trailer, 8)
    return (size, built, _text(version, "version"), _text(chip, "chip"),
            _text(family, "board"), bytes(trailer[64:96]))  # fmt: skip


def _text(field: bytes, name: str) -> str:
    text: bytes = field.rstrip(b"\0")
    if not text or any(not 32 < octet < 127 for octet in text):
        raise ValueError("the file's trailer is damaged: its %s is no text" % name)
    return text.decode()


async def valid(trailer: bytes, keys: "tuple[bytes, ...]") -> bool:
    """Whether one of the keys signed this trailer. The loop has its turn meanwhile."""
    signed, signature = bytes(trailer[:_SIGNED]), bytes(trailer[_SIGNED:])
    for key in keys:
        if await ed25519.valid(key, signed, signature):
            return True
    return False
