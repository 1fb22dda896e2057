"""The web password as it is stored: salted and hashed slowly, so that it is hard to guess.

In       a typed password, a stored text
Out      p1000$<salt>$<hash>: PBKDF2-HMAC-SHA256 with so many rounds, a salt of 12 octets and 24
         octets of the key, in base64. A stored text of another form is the password itself, as an
         owner may write it into config.json: protect() replaces it at the next start
Rules    A round is two HMAC, four blocks of SHA-256. The chip takes 0.2 to 0.4 ms for them, and
         collecting their garbage takes as long: 1000 rounds are 0.4 to 0.8 s. check() yields each
         25 rounds, 10 to 20 ms, so that its caller lets other tasks run.
Errors   ValueError for a password of more than 63 characters
Source   RFC 8018, 5.2; RFC 2104
"""

import binascii
import hashlib
import os

from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from config import Config
    from storage import Storage

_ROUNDS = const(1000)
_MOST_ROUNDS = const(100000)
_STEP = const(25)
_SALT_OCTETS = const(12)
_HASH_OCTETS = const(24)
_BLOCK_OCTETS = const(64)
_LONGEST = const(63)
_LONGEST_OCTETS = const(252)  # 63 characters of four octets


def same(typed: bytes, known: bytes) -> bool:
    """Whether they are equal. The time that it takes depends on the length of `typed` only."""
    difference = len(typed) ^ len(known)
    for i in range(len(typed)):
        difference |= typed[i] ^ (known[i] if i < len(known) else 0)
    return not difference


def derive(password: bytes, salt: bytes, rounds: int) -> "Iterator[bytes]":
    """Yields b"" after each step, at the end the 32 octets of the key."""
    key = password
    if len(key) > _BLOCK_OCTETS:
        key = hashlib.sha256(key).digest()
    key += bytes(_BLOCK_OCTETS - len(key))
    inner = bytes([octet ^ 0x36 for octet in key])
    outer = bytes([octet ^ 0x5C for octet in key])
    block = salt + b"\0\0\0\1"
    total = 0
    for count in range(1, rounds + 1):
        h = hashlib.sha256(inner)
        h.update(block)
        block = h.digest()
        h = hashlib.sha256(outer)
        h.update(block)
        block = h.digest()
        total ^= int.from_bytes(block, "big")
        if not count % _STEP:
            yield b""
    yield total.to_bytes(32, "big")


def parse(stored: str) -> "tuple[int, bytes, bytes] | None":
    """(rounds, salt, hash) of a stored text; None if it is a password."""
    parts = stored.split("$")
    if len(parts) != 3 or parts[0][:1] != "p" or not parts[0][1:].isdigit():
        return None
    rounds = int(parts[0][1:])
    try:
        salt, digest = binascii.a2b_base64(parts[1]), binascii.a2b_base64(parts[2])
    except ValueError:
        return None
    if not 1 <= rounds <= _MOST_ROUNDS or len(digest) != _HASH_OCTETS:
        return None
    return rounds, salt, digest


def check(stored: str, typed: bytes) -> "Iterator[bool | None]":
    """Yields None after each step, at the end whether the password is right. No password is
    right while none is stored."""
    if not stored or len(typed) > _LONGEST_OCTETS:
        yield False
        return
    known = parse(stored)
    if not known:
        yield same(typed, stored.encode())
        return
    rounds, salt, digest = known
    for key in derive(typed, salt, rounds):
        if key:
            yield same(key[:_HASH_OCTETS], digest)
        else:
            yield None


def stored(password: str) -> str:
    """The text to store for a password, which may be such a text already, or empty."""
    if not password or parse(password):
        return password
    if len(password) > _LONGEST:
        raise ValueError("web_password must have at most %d characters" % _LONGEST)
    salt = os.urandom(_SALT_OCTETS)
    *_, key = derive(password.encode(), salt, _ROUNDS)
    texts = [binascii.b2a_base64(x).strip().decode() for x in (salt, key[:_HASH_OCTETS])]
    return "p%d$%s$%s" % (_ROUNDS, texts[0], texts[1])


def hidden(changes: "dict[str, Any]") -> "dict[str, Any]":
    """Changes of settings with the text to store in place of a password."""
    if type(changes.get("web_password")) is not str:
        return changes  # the rules of the settings have the message
    kept = dict(changes)
    kept["web_password"] = stored(kept["web_password"])
    return kept


def protect(config: "Config", storage: "Storage") -> None:
    """Replace a password in the settings by the text to store."""
    text = stored(config.web_password)
    if text != config.web_password and config.set("web_password", text):
        storage.write_json("config.json", config.to_store())
