"""Telegrams in all their wrappings through the whole path: each gives the same reading, and one
changed bit of an authenticated one gives none."""

import pytest
from frames import Sink, frame
from han.fields import AUTHENTICATION, ENERGY_IMPORT_WH, POWER_IMPORT_W, VOLTAGE_L1_MV
from han.stream import TelegramStream
from streams import feed

from tools.encoders import gbt, gcm, mbus, p1, segments
from tools.fixtures import vectors
from tools.fuzz import aes

KEY = bytes(range(16))
AUTH = bytes(range(0xD0, 0xE0))
TITLE = b"KAM\x45\x01\xac\x4d\x6e"
LLC = b"\xe6\xe7\x00"

VECTOR = next(v for v in vectors() if v.name == "aidon-list3-tn")
APDU = VECTOR.octets[VECTOR.octets.index(LLC) + 3 : -3]
CIPHERED = gcm.apdu(APDU, KEY, TITLE, 7, AUTH)
TEXT = p1.telegram("KAM5", ["1-0:1.7.0(04.321*kW)", "1-0:32.7.0(231.0*V)"])


def run(parts: list[bytes], key: bytes | None = KEY, auth: bytes | None = AUTH) -> Sink:
    sink = Sink()
    stream = TelegramStream(sink, key, auth, aes)
    for part in parts:
        for at in range(0, len(part), 50):
            feed(stream, part[at : at + 50])
        stream.silence()
    return sink


def in_blocks(apdu: bytes) -> list[bytes]:
    return [frame(block) for block in gbt.blocks(apdu)]


WRAPPINGS = {
    "hdlc": lambda apdu: [frame(LLC + apdu)],
    "hdlc segments": lambda apdu: segments.frames(LLC + apdu),
    "hdlc blocks": in_blocks,
    "m-bus": lambda apdu: mbus.frames(apdu),
}


@pytest.mark.parametrize("name", WRAPPINGS)
@pytest.mark.parametrize("apdu", [APDU, CIPHERED], ids=["plain", "ciphered"])
def test_each_wrapping_gives_the_same(name: str, apdu: bytes) -> None:
    sink = run(WRAPPINGS[name](apdu) * 2)
    assert [r.number(POWER_IMPORT_W) for r in sink.readings] == [4321, 4321], sink.errors
    assert sink.readings[0].number(ENERGY_IMPORT_WH) == VECTOR.reading["energy_import_wh"]
    assert not sink.errors


def test_a_bare_ciphered_apdu() -> None:
    sink = run([CIPHERED, CIPHERED])
    assert [r.number(POWER_IMPORT_W) for r in sink.readings] == [4321, 4321], sink.errors


@pytest.mark.parametrize("form", ["clear", "A", "B"])
def test_p1_clear_and_in_both_ciphered_forms(form: str) -> None:
    if form == "clear":
        octets = TEXT
    elif form == "A":
        octets = gcm.apdu(TEXT, KEY, TITLE, 1, AUTH)
    else:
        lines = "1-0:1.7.0(04.321*kW)\r\n1-0:32.7.0(231.0*V)\r\n"
        octets = gcm.p1_with_clear_ident("/EGM5G35", lines, KEY, 0, AUTH)
    sink = run([octets, octets])
    assert [r.number(POWER_IMPORT_W) for r in sink.readings] == [4321, 4321], sink.errors
    assert sink.readings[0].number(VOLTAGE_L1_MV) == 231000 and not sink.errors


@pytest.mark.parametrize("trailer", [b"", b"!A1B2\r\n"])
@pytest.mark.parametrize("inside", ["notification", "llc", "ciphered", "hdlc"])
def test_a_p1_header_with_dlms_inside(inside: str, trailer: bytes) -> None:
    octets = {
        "notification": APDU,
        "llc": LLC + APDU,
        "ciphered": CIPHERED,
        "hdlc": frame(LLC + APDU),
    }[inside]
    telegram = b"/ISk5MT174-0001\r\n\r\n" + octets + trailer
    sink = run([telegram, telegram])
    assert [r.number(POWER_IMPORT_W) for r in sink.readings] == [4321, 4321], sink.errors


def test_a_key_does_not_break_clear_telegrams() -> None:
    assert len(run([VECTOR.octets]).readings) == 1
    assert len(run([TEXT]).readings) == 1


def test_each_flipped_bit_of_an_authenticated_telegram() -> None:
    """The outer checksums are right each time: only the tag detects the change."""
    for at in range(len(CIPHERED)):
        damaged = bytearray(CIPHERED)
        damaged[at] ^= 1 << at % 8
        sink = run([frame(LLC + bytes(damaged))])
        assert not sink.readings and sink.errors, at


def test_each_flipped_bit_of_a_key() -> None:
    for bit in range(128):
        flip = (1 << bit).to_bytes(16, "big")
        wrong = bytes(a ^ b for a, b in zip(KEY, flip, strict=True))
        sink = run([frame(LLC + CIPHERED)], key=wrong)
        assert not sink.readings and sink.errors[0][0] == AUTHENTICATION
        wrong = bytes(a ^ b for a, b in zip(AUTH, flip, strict=True))
        sink = run([frame(LLC + CIPHERED)], auth=wrong)
        assert not sink.readings and sink.errors[0][0] == AUTHENTICATION


def test_a_wrong_key_without_tag_is_refused() -> None:
    plain = gcm.apdu(APDU, KEY, TITLE, 7, control=gcm.ENCRYPTED)
    assert len(run([frame(LLC + plain)], auth=None).readings) == 1
    for bit in range(128):
        wrong = bytes(a ^ b for a, b in zip(KEY, (1 << bit).to_bytes(16, "big"), strict=True))
        sink = run([frame(LLC + plain)], key=wrong, auth=None)
        assert not sink.readings and sink.errors


def test_a_lost_part_costs_one_message() -> None:
    for name in ("hdlc segments", "hdlc blocks", "m-bus"):
        whole = WRAPPINGS[name](CIPHERED)
        assert len(whole) > 1
        for lost in range(len(whole)):
            sink = run(whole[:lost] + whole[lost + 1 :] + whole + whole)
            assert 2 <= len(sink.readings) <= 2, (name, lost, sink.errors)
