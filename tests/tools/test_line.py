"""The line at bit level: right settings give the octets, wrong ones those that a chip stores."""

import itertools
import random
import time

import pytest

from tools.line import LineSettings, carry, sample

BURST = random.Random(7).randbytes(400)
# a telegram's beginning: flags, addresses and a few ASCII letters
START = bytes.fromhex("7EA0E22B2113239AE6E7000F00000000")


def settings(baud, frame, invert=False):
    return LineSettings.parse(str(baud), frame, invert)


ALL = [
    settings(baud, frame, invert)
    for baud in (2400, 9600, 115200)
    for frame in ("8N1", "8E1")
    for invert in (False, True)
]


def test_parse():
    assert settings(2400, "8E1") == LineSettings(2400, 8, "E", 1, False)
    assert LineSettings.parse_line(b"L 115200 7O2 1\n") == LineSettings(115200, 7, "O", 2, True)
    bad = (b"", b"L 2400 8E1", b"X 2400 8E1 0", b"L 2400 9E1 0", b"L 0 8E1 0", b"L 2400 8E1 2")
    for line in bad + (b"L -5 8E1 0", b"L 2400 8M1 0", b"L 2400 8E3 0", b"\xff\xfe"):
        with pytest.raises(ValueError):
            LineSettings.parse_line(line)


def test_characters_by_hand():
    # 0xA1 = 1010 0001, sent low bit first: start 0, 1000 0101, parity 1 (three ones), stop 1
    assert settings(2400, "8E1").character(0xA1) == 0b1_1_10100001_0
    assert settings(2400, "8O1").character(0xA1) == 0b1_0_10100001_0
    assert settings(2400, "8N2").character(0xA1) == 0b11_10100001_0
    assert settings(2400, "7E1").character(0xA1) == 0b1_0_0100001_0
    assert [settings(2400, f).character_bits for f in ("7N1", "8N1", "8E1", "8E2")] == [
        9,
        10,
        11,
        12,
    ]
    assert settings(2400, "8E1").seconds(2400) == 11.0


def test_equal_settings_give_the_octets():
    for line in ALL + [settings(300, "8O2"), settings(38400, "8N2", True)]:
        assert carry(BURST, line, line) == BURST
    seven = settings(2400, "7E1")
    assert carry(BURST, seven, seven) == bytes(octet & 0x7F for octet in BURST)


def test_octets_arrive_in_the_middle_of_their_stop_bit():
    line = settings(2400, "8E1")
    got = sample([line.character(o) for o in b"\x00\xff"], line, line)
    assert got == [(10.5 / 2400, 0x00), (21.5 / 2400, 0xFF)]


def test_only_8n1_on_8e1_reads_right_with_wrong_settings():
    # At equal polarity and baud rate the parity bit counts as stop bit of an 8N1 reader, and a
    # real UART stores every octet right.
    for sender, reader in itertools.permutations(ALL, 2):
        got = carry(BURST, sender, reader)
        same_wire = (sender.baud, sender.invert) == (reader.baud, reader.invert)
        if same_wire and (sender.parity, reader.parity) == ("E", "N"):
            assert got == BURST
        else:
            assert got != BURST and BURST[:40] not in got, (sender, reader)


def test_8e1_reader_on_an_8n1_line_by_hand():
    # 7E is read whole, its "stop bit" is the start bit of A0. The line is high again with bit 5
    # of A0 and falls with bit 6, the new start bit: bit 7, stop, start, then E2's 0 1 0 0 0:
    # 1 1 0 0 1 0 0 0, low bit first, is 13. 2B is read whole again. 21's falling edge comes with
    # bit 1: 0 0 0 1 0 0, stop, start = 48. Tell-tale of this mistake on Kamstrup meters.
    got = carry(START, settings(2400, "8N1"), settings(2400, "8E1"))
    assert got[:4] == bytes.fromhex("7E132B48")


def test_7_bit_reader_by_hand():
    # 8N1 'A' = 41: 1000 0010. A 7E1 reader takes bit 7 for parity: the octet comes out right.
    assert carry(b"AB", settings(9600, "8N1"), settings(9600, "7E1")) == b"AB"
    assert carry(b"\xc1", settings(9600, "8N1"), settings(9600, "7E1")) == b"\x41"


def test_slow_reader_on_a_fast_line_by_hand():
    # 00 at 9600 8N1 is low for 9 bits of 104 us. At 2400 one bit is 417 us: start bit at 208 us
    # low, bit 0 at 625 us low, bit 1 at 1042 us and all later ones high: 1111 1110.
    assert carry(b"\x00", settings(9600, "8N1"), settings(2400, "8N1")) == b"\xfe"


def test_fast_reader_on_a_slow_line_by_hand():
    # FF at 2400: only the start bit is low, for 417 us: at 115200 that is 48 bits, a break: one
    # 00. 0F: low for the start bit and again for bits 4..7: two.
    slow, fast = settings(2400, "8N1"), settings(115200, "8N1")
    assert carry(b"\xff", slow, fast) == b"\x00"
    assert carry(b"\x0f", slow, fast) == b"\x00\x00"


def test_wrong_polarity_by_hand():
    normal, inverted = settings(2400, "8N1"), settings(2400, "8N1", True)
    # an idle line of the wrong polarity is one long break
    assert carry(b"", normal, inverted) == b"\x00"
    # 55 = 1010 1010 low bit first, between start 0 and stop 1. Inverted: idle low (the 00), high
    # with the start bit, falls with bit 0 = new start bit: 1 0 1 0 1 0 1 and then the stop bit
    # and the idle line, both low: 0101 0101 = 55, followed by a low stop bit
    assert carry(b"\x55", normal, inverted) == b"\x00\x55"
    characters = [normal.character(0x55)]
    assert [o for _, o in sample(characters, normal, inverted, settled=True)] == [0x55]


def test_reader_that_starts_within_a_burst():
    line = settings(2400, "8N1")
    characters = [line.character(o) for o in b"\xff\xffAB"]
    got = sample(characters, line, line, watch_from_s=line.seconds(1.5))
    assert [octet for _, octet in got] == [0x41, 0x42]
    assert got[-1][0] == (30 + 9.5) / 2400
    # watching from the middle of bit 3 of 00: seen as a start bit, 5 bits low, then idle
    got = sample([line.character(0)], line, line, watch_from_s=4 / 2400)
    assert [octet for _, octet in got] == [0xF0]
    assert sample(characters, line, line, watch_from_s=line.seconds(9)) == []


def test_a_spike_is_no_start_bit():
    # one bit at 115200 is 8.7 us low, gone before the middle (208 us) of a start bit at 2400
    fast, slow = settings(115200, "8N1"), settings(2400, "8N1")
    assert carry(b"\xff", fast, slow) == b""


def test_400_octets_in_50_ms():
    lines = [settings(2400, "8E1"), settings(2400, "8E1", True), settings(115200, "8N1")]
    for reader in lines:
        took = []
        for _ in range(5):
            begin = time.thread_time()
            carry(BURST, lines[0], reader)
            took.append(time.thread_time() - begin)
        assert min(took) < 0.050, (reader, took)
