"""Captures that a person pasted, as octets."""

from frames import aidon_power, kaifa_power
from han import pasted

MOST = 3840
OCTETS = b"\x7e\xa0\x0d\x00\xff"
KEY = "00112233445566778899AABBCCDDEEFF"
# A telegram of IEC 62056-21 with the CRC-16/ARC of its octets with CR LF, computed bit by bit.
P1_LINES = ("/ABC5TEST-1", "", "1-0:1.7.0(0001.234*kW)")


def read(text, size=100):
    octets = text.encode() if isinstance(text, str) else text
    found = pasted.Pasted(len(octets))
    for at in range(0, len(octets), size):
        found.feed(octets[at : at + size])
    found.close()
    assert len(found.octets) > found.fill or not found.fill
    found.octets = found.octets[: found.fill]
    return found


def reason_of(text):
    try:
        read(text)
    except ValueError as e:
        return str(e)
    raise AssertionError("it was taken: %r" % text)


def arc(octets):
    crc = 0
    for octet in octets:
        crc ^= octet
        for _ in range(8):
            crc = (crc >> 1) ^ 0xA001 if crc & 1 else crc >> 1
    return crc


def p1(end, crc=None):
    octets = end.join(P1_LINES).encode() + end.encode() + b"!"
    return octets + ("%04X%s" % (arc(octets) if crc is None else crc, end)).encode()


def test_hexadecimal_digits_in_all_forms():
    for text in (
        "7ea00d00ff",
        "7EA00D00FF\r\n",
        " 7e a0 0d 00 ff ",
        "7E-A0-0D-00-FF",
        "7e:a0:0d:00:ff",
        "0x7E, 0xA0, 0x0D, 0x00, 0xFF",
        "0X7EA00D00FF",
        "{0x7e,0xa0,0x0d,0x00,0xff};",
        "b'\\x7e\\xa0\\x0d\\x00\\xff'"[1:],
        "[7e|a0|0d|00|ff]",
        "7ea0\n0d00\nff",
        "7e a0 # a comment, with / and 7E\n0d 00 ff // another",
        "# first\n\n\n7ea00d00ff\n\n\n",
        "// first: 99\n7ea00d00ff",
        b"\xef\xbb\xbf7ea00d00ff",
        "7\nea00d0\n0ff",
    ):
        octets = text if isinstance(text, bytes) else text.encode()
        for size in (1, 2, 7, 100):
            found = read(octets, size)
            assert (bytes(found.octets), found.ends) == (OCTETS, [5]), text
            assert not found.keys


def test_a_blank_line_ends_a_burst_and_a_comment_does_not():
    found = read("7ea0\n# still the burst\n0d\n  \t\r\n\n00ff\n\n")
    assert (bytes(found.octets), found.ends) == (OCTETS, [3, 5])
    assert read("").ends == [] and read("\n\n# nothing\n").ends == []


def test_what_is_no_text_is_taken_as_it_is():
    for octets in (
        aidon_power(5),
        b"\x68\x1f\x1f\x68\x53",
        b"h00h",
        b"\xdb\x08KAM",
        b"\x0f\x40\x00",
        b"/ABC5TEST-1\r\n\r\n1-0:1.7.0(0001.234*kW)\r\n!\r\n",
        b"\xe6\xe7\x00\x0f",
    ):
        for size in (1, 100):
            found = read(octets, size)
            assert (bytes(found.octets), found.ends) == (octets, [len(octets)])
    # White space and comments before them are none of the octets.
    assert bytes(read(b"\r\n # of my meter\n" + kaifa_power(7)).octets) == kaifa_power(7)


def test_keys_have_lines_of_their_own():
    text = "encryption_key=%s\nauthentication_key: %s \r\n7ea00d00ff" % (KEY, KEY.lower())
    for size in (1, 5, 100):
        found = read(text, size)
        assert bytes(found.octets) == OCTETS
        assert found.keys == {"encryption_key": KEY, "authentication_key": KEY.lower()}
    found = read("7ea00d00ff\nEncryption_Key 00 11-22")
    assert bytes(found.octets) == OCTETS and found.keys == {"encryption_key": "00 11-22"}
    # Also before P1 text and raw octets.
    found = read(b"encryption_key=" + KEY.encode() + b"\n" + p1("\r\n"))
    assert bytes(found.octets) == p1("\r\n") and found.keys["encryption_key"] == KEY


def test_digits_that_begin_like_a_name_are_digits():
    for text in ("e6e700", "aabb", "a", "e", "ae", "a0e1"):
        text += "0" * (len(text) % 2)
        assert bytes(read(text).octets) == bytes([int(text[:2], 16)]) + bytes(
            [int(text[i : i + 2], 16) for i in range(2, len(text), 2)]
        )
    assert reason_of("encryption 00") == "line 1: 'n' is no hexadecimal digit"


def test_reasons_name_the_line_and_never_a_key():
    assert reason_of("7ea0\n7ea") == "line 2: a digit without the other one of its pair"
    assert reason_of("7ea\n\n0d") == "line 2: a digit without the other one of its pair"
    assert reason_of("7ea0\nnoise") == "line 2: 'n' is no hexadecimal digit"
    assert reason_of("7e\xe5".encode()) == "line 1: octet C3 is no hexadecimal digit"
    assert reason_of("7e/a0") == "line 1: '/' is no hexadecimal digit"
    assert reason_of("7e1x00") == "line 1: 'x' is no hexadecimal digit"
    assert reason_of("00" * (MOST + 1)).startswith("at most %d octets" % MOST)
    assert reason_of(b"\x7e" * (MOST + 1)).startswith("at most %d octets" % MOST)
    for text in ("encryption_key=" + "5" * 81, b"encryption_key=\xff55"):
        reason = reason_of(text)
        assert "55" not in reason and reason == "line 1: a key has 32 hexadecimal digits"
    assert len(read("00" * MOST).octets) == MOST


def test_carriage_returns_come_back_if_the_checksum_wants_them():
    right = p1("\r\n")
    assert bytes(read(right).octets) == right
    copied = right.replace(b"\r", b"")
    found = read(copied)
    assert bytes(found.octets) == right and found.ends == [len(right)]
    # A meter that sends line feeds alone, a checksum that is wrong in any case, and none.
    for octets in (p1("\n"), p1("\n", 0x1234), b"/ABC5TEST-1\n\n1-0:1.7.0(1*kW)\n!\n"):
        assert bytes(read(octets).octets) == octets
