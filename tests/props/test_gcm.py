"""Deciphering against the independent encoder, random octets and the captured telegrams."""

import json
import subprocess

import ecb
import pytest
import test_gcm as printed
from han import fields
from han.cipher import Cipher
from han.fields import DecodeError
from hypothesis import given
from hypothesis import strategies as st

from tools.encoders import gcm
from tools.runtime import MICROPYTHON, ROOT, environment

KEY = bytes(range(16))
AUTH_KEY = bytes(range(0xD0, 0xE0))
NOTIFICATION = bytes.fromhex("0f4000000000")
CORPUS = ROOT.parent / "shared" / "corpus" / "encrypted.json"

key = st.binary(min_size=16, max_size=16)
title = st.binary(max_size=8)
counter = st.integers(0, 0xFFFFFFFF)
control = st.sampled_from((0x30, 0x31, 0x70, 0x71, 0x20, 0x21, 0x60, 0x10, 0x11, 0x00))


def opened(cipher: Cipher, apdu: bytes) -> bytes:
    buf = bytearray(apdu)
    start, end = cipher.decipher(buf, 0, len(buf))
    return bytes(buf[start:end])


def refusal(cipher: Cipher, apdu: bytes, at: int = 0, clear_ident: bool = False) -> DecodeError:
    buf = bytearray(apdu)
    with pytest.raises(DecodeError) as caught:
        cipher.decipher(buf, at, len(buf), clear_ident)
    assert buf == apdu
    return caught.value


def test_literals_of_the_unit_tests_are_what_the_encoder_makes() -> None:
    plain = bytes.fromhex(printed.PLAIN)
    for name, sc, ic in (
        ("SC_30", 0x30, 0x107),
        ("SC_31", 0x31, 0x107),
        ("SC_70", 0x70, 0x107),
        ("SC_20", 0x20, 0x107),
        ("SC_21", 0x21, 0x107),
        ("SC_10", 0x10, 0x107),
        ("COUNTER_4", 0x30, 4),
        ("COUNTER_5", 0x30, 5),
    ):
        made = gcm.protected(plain, KEY, printed.TITLE, ic, AUTH_KEY, sc)
        assert made[10:].hex() == getattr(printed, name), name
    assert gcm.apdu(plain, KEY, b"", 0, AUTH_KEY).hex() == printed.NO_TITLE
    assert gcm.apdu(plain, KEY, b"KAM", 5, AUTH_KEY).hex() == printed.TITLE_KAM
    whole = b"/TST5TEST\r\n\r\n1-0:1.7.0(00.417*kW)\r\n!"
    assert gcm.apdu(whole, KEY, printed.TITLE, 9, AUTH_KEY).hex() == printed.P1_WHOLE
    lines = "0-0:1.0.0(261123120000W)\r\n1-0:1.7.0(00.417*kW)\r\n"
    made = gcm.p1_with_clear_ident("/TST5TEST", lines, KEY, 0, AUTH_KEY)
    assert made.hex() == printed.P1_CLEAR_IDENT


@given(st.binary(max_size=1100), key, key, title, counter, control, st.sampled_from((0, 2, 4)))
def test_telegrams_of_the_encoder_are_decrypted(octets, k, ak, name, ic, sc, form) -> None:
    plain = NOTIFICATION + octets
    apdu = gcm.apdu(plain, k, name, ic, ak, sc, form)
    for auth_key in (ak, None) if sc & 0x10 and any(ak) else (None,):
        cipher = Cipher(k, auth_key, ecb.aes)
        assert opened(cipher, apdu) == plain
        assert cipher.system_title == name
        assert printed.last_counter(cipher) == ic


@given(st.binary(max_size=600), counter, st.data())
def test_one_changed_bit_anywhere_is_refused(octets, ic, data) -> None:
    apdu = bytearray(gcm.apdu(octets, KEY, b"TITLE123", ic, AUTH_KEY))
    bit = data.draw(st.integers(0, 8 * len(apdu) - 1))
    apdu[bit >> 3] ^= 1 << (bit & 7)
    refusal(Cipher(KEY, AUTH_KEY, ecb.aes), apdu)


@given(st.binary(max_size=200), st.integers(0, 3))
def test_random_octets_raise_nothing_else(octets, start) -> None:
    for keys in ((None, None), (KEY, None), (KEY, AUTH_KEY), (b"short", None)):
        cipher = Cipher(*keys, ecb.aes)
        for head in (b"", b"\xdb\x08", b"\xdb\x08TITLE123\x30\x20", b"\xdc\x00\x40\x10"):
            for lines in (False, True):
                buf = bytearray(head + octets)
                at = min(start, len(buf))
                try:
                    first, last = cipher.decipher(buf, at, len(buf), lines)
                except DecodeError as e:
                    assert buf == head + octets
                    assert at <= e.offset <= len(buf)
                    continue
                assert at < first <= last <= len(buf)
                assert keys[1] is None, "a tag was guessed"


@given(st.binary(max_size=64), st.integers(0, 100))
def test_every_truncation_is_an_error(octets, cut) -> None:
    apdu = gcm.apdu(NOTIFICATION + octets, KEY, b"TITLE123", 1, AUTH_KEY)
    for auth_key in (AUTH_KEY, None):
        cut_off = refusal(Cipher(KEY, auth_key, ecb.aes), apdu[: cut % len(apdu)])
        assert cut_off.code == fields.PARSE


# Reads lines KEY AUTH_KEY-or-dash APDU PLAINTEXT-or-dash, prints how many came out as they should.
ON_MICROPYTHON = """
import sys
from binascii import unhexlify
import cryptolib
from han.cipher import Cipher
from han.fields import DecodeError
good = 0
for line in sys.stdin:
    key, auth_key, apdu, plain = [None if w == "-" else unhexlify(w) for w in line.split()]
    buf = bytearray(apdu)
    try:
        cipher = Cipher(key, auth_key, lambda k: cryptolib.aes(k, 1))
        start, end = cipher.decipher(buf, 0, len(buf))
        good += buf[start:end] == plain
    except DecodeError:
        good += plain is None and buf == apdu
print(good)
"""


def test_every_length_on_micropython() -> None:
    lines = []
    for n in (*range(6, 290), 495, 496, 497, 751, 752, 753, 1023, 2048, 4095, 4096):
        plain = NOTIFICATION + bytes(i * 7 & 0xFF for i in range(n - 6))
        apdu = gcm.apdu(plain, KEY, b"TITLE123", n * 0x0FEDCB, AUTH_KEY)
        lines.append(f"{KEY.hex()} {AUTH_KEY.hex()} {apdu.hex()} {plain.hex()}\n")
        damaged = bytearray(apdu)
        damaged[20 + n % (len(apdu) - 20)] ^= 1 << n % 8
        lines.append(f"{KEY.hex()} {AUTH_KEY.hex()} {damaged.hex()} -\n")
        apdu = gcm.apdu(plain, AUTH_KEY, b"TITLE123", n, None, gcm.ENCRYPTED)
        lines.append(f"{AUTH_KEY.hex()} - {apdu.hex()} {plain.hex()}\n")
    done = subprocess.run(
        [MICROPYTHON, "-X", "heapsize=1M", "-c", ON_MICROPYTHON],
        input="".join(lines), env=environment("firmware"), text=True, capture_output=True,
    )  # fmt: skip
    assert done.stdout == f"{len(lines)}\n", done.stdout + done.stderr


def apdu_on(wire: bytes) -> tuple[bytes, int, bool]:
    """The octets from which a ciphered APDU can be read, where, and whether its ident is clear.

    Joins the M-Bus long frames of one message and cuts off HDLC's or the P1 telegram's rest.
    """
    if wire[0] == 0x68:
        joined = b""
        while wire:
            size = wire[1] if wire[1] > 5 else wire[1] + 256
            joined += wire[9 : 4 + size]
            wire = wire[6 + size :]
        return joined, 0, False
    if wire[0] == 0x2F:
        return wire, wire.index(b"\r\n\r\n") + 4, True
    if wire[0] == 0x7E:
        return wire[wire.index(b"\xe6\xe7\x00") + 3 : -3], 0, False
    return wire, 0, False


def captured() -> list[dict]:
    if not CORPUS.exists():
        return []
    return [v for v in json.loads(CORPUS.read_text()) if "wire" in v]


def test_captured_telegrams() -> None:
    for vector in captured():
        octets, at, clear_ident = apdu_on(bytes.fromhex(vector["wire"]))
        k = bytes.fromhex(vector["encryption_key"])
        ak = bytes.fromhex(vector.get("authentication_key", ""))
        plain = bytes.fromhex(vector["plaintext"])
        for auth_key in {ak or None, None}:
            cipher = Cipher(k, auth_key, ecb.aes)
            buf = bytearray(octets)
            start, end = cipher.decipher(buf, at, len(buf), clear_ident)
            assert buf[start:end] == plain, vector["id"]
            assert cipher.system_title.hex().upper() == vector.get("system_title", "")
            assert printed.last_counter(cipher) == int(vector["invocation_counter"], 16)
        other = bytes([k[0] ^ 1]) + k[1:]
        assert refusal(Cipher(other, None, ecb.aes), octets, at, clear_ident).code == -52
        assert refusal(Cipher(None, None, ecb.aes), octets, at, clear_ident).code == -53
        if ak:
            text = octets.index(bytes.fromhex(vector["invocation_counter"]), at)
            for place in range(text, text + 4 + len(plain) + 12, 5):
                bad = bytearray(octets)
                bad[place] ^= 1 << place % 8
                assert refusal(Cipher(k, ak, ecb.aes), bad, at, clear_ident).code == -51
