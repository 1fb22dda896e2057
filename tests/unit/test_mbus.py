from han.fields import INCOMPLETE
from han.window import BAD_FCS, BAD_HCS, BAD_LENGTH
from streams import Framing, fed_with_locked_heap, feed, octet_by_octet, run

LAST = 0x10
# Data that looks like headers of every wire.
APDU = b"\xdb\x08\x68\x06\x06\x68\x16\x7e\xa0\x2f\x41\x21" + bytes(range(60))


def long(data, field=LAST):
    """68 L L 68 .. 16 around one segment."""
    body = bytes((0x53, 0xFF, field, 0x01, 0x67)) + data
    length = len(body) & 0xFF
    return bytes((0x68, length, length, 0x68)) + body + bytes((sum(body) & 0xFF, 0x16))


def message(apdu, first=245):
    """An APDU in as many segments as it takes."""
    parts = [apdu[i : i + first] for i in range(0, len(apdu), first)]
    octets = b""
    for number, part in enumerate(parts):
        octets += long(part, number | (LAST if number == len(parts) - 1 else 0))
    return octets


def patterned(count):
    return bytes([(7 * i + (i >> 8)) & 0xFF for i in range(count)])


TWO = APDU * 5  # 360 octets: 245 + 115


def frames_in(*chunks):
    return run(Framing("han.mbus"), chunks)


def test_a_frame_made_by_hand():
    # 53 + FF + 10 + 01 + 67 + 0F = 1D9
    octets = b"\x68\x0b\x0b\x68\x53\xff\x10\x01\x67\x0f\x00\x00\x00\x00\x00\xd9\x16"
    assert frames_in(octets) == ([b"\x0f\x00\x00\x00\x00\x00"], [])


def test_every_split_gives_the_same():
    for apdu in (APDU, TWO):
        octets = message(apdu)
        for cut in range(len(octets) + 1):
            assert frames_in(octets[:cut], octets[cut:]) == ([apdu], [])
        assert run(Framing("han.mbus"), octet_by_octet(octets)) == ([apdu], [])


def test_one_segment_is_not_copied():
    framing = Framing("han.mbus")
    assert run(framing, [b"\x00" * 3 + long(APDU)]) == ([APDU], [])
    assert framing.window.start == 12 and framing.window.end == 12 + len(APDU)
    assert framing._assembly is None


def test_a_length_above_255_is_sent_modulo_256():
    # 257 octets are announced as 01, which no shorter frame could mean.
    octets = message(patterned(265), 252)
    assert octets[:4] == b"\x68\x01\x01\x68"
    assert octets[263:267] == b"\x68\x12\x12\x68"
    assert frames_in(octets) == ([patterned(265)], [])
    for count in (251, 252, 253, 254, 255, 256):  # L = 00 .. 05
        assert frames_in(long(patterned(count))) == ([patterned(count)], [])


def test_a_dump_with_length_zero_is_no_frame():
    dump = b"\x68\x00\x00\x68" + long(APDU * 4)[4:-1] + b"\x00"
    found, faults = frames_in(dump + long(APDU))
    assert found == [APDU] and faults[0] == BAD_LENGTH


def test_noise_before_and_after():
    for noise in (b"\x00", b"\xff" * 50, b"\x68", b"\x68\x06\x06", b"\x68\x68\x68\x67", b"\x16"):
        found, _ = frames_in(noise + message(TWO) + noise + long(APDU) + noise)
        assert found == [TWO, APDU], noise


def test_two_frames_in_one_chunk():
    assert frames_in(message(TWO) + long(APDU) + message(TWO)) == ([TWO, APDU, TWO], [])


def test_half_a_frame_first():
    octets = long(APDU)
    for cut in range(1, len(octets)):
        found, _ = frames_in(octets[cut:] + octets)
        assert found == [APDU], cut
        found, _ = frames_in(octets[:cut] + octets + octets)
        assert found[-1] == APDU and len(found) <= 2, cut


def test_each_flipped_bit_costs_only_this_message():
    octets = message(TWO)
    for at in range(len(octets)):
        for bit in range(8):
            damaged = bytearray(octets)
            damaged[at] ^= 1 << bit
            assert frames_in(bytes(damaged) + octets)[0] == [TWO], (at, bit)


def test_each_lost_octet_costs_only_this_message():
    octets = message(TWO)
    for at in range(len(octets)):
        assert frames_in(octets[:at] + octets[at + 1 :] + octets)[0] == [TWO], at


def test_which_check_failed():
    octets = bytearray(long(APDU))
    octets[20] ^= 1
    assert frames_in(octets) == ([], [BAD_FCS, BAD_LENGTH])  # the second: 68 06 06 68 inside
    octets = bytearray(long(b"\x0f" * 20))
    octets[-1] = 0
    assert frames_in(octets) == ([], [BAD_LENGTH])
    assert frames_in(long(APDU, 0x72)) == ([], [BAD_HCS])


def test_a_lost_segment():
    first, second, third = (long(patterned(50), field) for field in (0, 1, 2 | LAST))
    assert frames_in(first + second + third) == ([patterned(50) * 3], [])
    assert frames_in(first + third) == ([], [INCOMPLETE])
    assert frames_in(second + third) == ([], [INCOMPLETE, INCOMPLETE])
    assert frames_in(first + first + second + third) == ([patterned(50) * 3], [INCOMPLETE])
    assert frames_in(first + second + second + third)[0] == []
    assert frames_in(first + long(APDU)) == ([APDU], [INCOMPLETE])


def test_silence_between_segments_and_a_message_given_up():
    first, last = long(patterned(50), 0), long(patterned(9), 1 | LAST)
    framer = Framing("han.mbus")
    assert run(framer, [first, last], silences=True) == ([patterned(50) + patterned(9)], [])
    framer.overdue()
    assert run(framer, [first]) == ([], []) and framer.pending()
    framer.overdue()
    assert not framer.pending()
    assert run(framer, [last]) == ([], [INCOMPLETE])


def test_half_a_frame_then_silence():
    octets = long(APDU)
    framer = Framing("han.mbus")
    feed(framer, octets[:30])
    assert framer.pending() and not framer.found and not framer.faults
    framer.silence()
    assert framer.faults[0] == BAD_LENGTH and not framer.pending()
    assert run(framer, [octets]) == ([APDU], [])


def test_a_message_longer_than_may_be():
    framer = Framing("han.mbus")
    assert run(framer, [message(patterned(2048))]) == ([patterned(2048)], [])
    assert run(framer, [message(patterned(2049))]) == ([], [INCOMPLETE])
    assert run(framer, [message(patterned(2048))]) == ([patterned(2048)], [])
    # 9 segments of 245 octets exceed 2048; the segments after the ninth have no beginning.
    faults = frames_in(message(patterned(2300)) + long(APDU))[1]
    assert faults == [INCOMPLETE, INCOMPLETE]


def test_wrong_lengths():
    for octets in (b"\x68" * 3000, b"\x68\xff\xff" * 999, b"\x68\x05\x05\x68\x06\x06\x68" * 500):
        found, _ = frames_in(octets + bytes(300) + long(APDU))
        assert found == [APDU]


def test_stream_positions():
    framer = Framing("han.mbus")
    bad = bytearray(long(b"\x0f" * 20))
    bad[20] ^= 1
    run(framer, [message(TWO), bytes(5), bad], silent=False)
    first = len(message(TWO)) + 5
    assert framer.fault_at == first and framer.received() == first + len(bad)
    octets = long(APDU)
    feed(framer, octets)
    assert framer.found_at == first + len(bad) + 9
    octets = message(TWO)
    run(framer, octet_by_octet(octets), silent=False)
    assert framer.found_at == first + len(bad) + len(long(APDU)) + 9


def test_clear_forgets_segments_too():
    framer = Framing("han.mbus")
    run(framer, [long(patterned(50), 0) + b"\x68\x20"], silent=False)
    framer.reset()
    assert not framer.pending()
    assert run(framer, [long(APDU)]) == ([APDU], [])


def test_feeding_allocates_nothing():
    octets = b"\x00\x68\x68" + message(TWO) + long(APDU, 0x72) + long(b"\x68" * 9) + message(TWO)
    assert fed_with_locked_heap("han.mbus", octets) == 3
