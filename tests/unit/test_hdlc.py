from frames import aidon_power, frame, kaifa_power, little, x25
from han.hdlc import X25_RESIDUE, check
from han.hdlc import x25 as native_x25
from han.window import BAD_FCS, BAD_HCS, BAD_LENGTH, FRAME, Window
from streams import Framing, fed_with_locked_heap, feed, run

INFO = b"\xe6\xe7\x00\x0f\x7e\xa0\x7e" + bytes(range(40))


def frames_in(chunks, silent=True):
    """(information fields, faults) of a stream given in chunks."""
    return run(Framing("han.hdlc"), chunks, silent)


def test_crc_of_the_standard_check_string():
    # CRC-16/X-25 of "123456789" is 906E in every catalogue of CRCs.
    assert native_x25(b"123456789", 0, 9) ^ 0xFFFF == 0x906E
    assert x25(b"123456789") == 0x906E


def test_crc_over_data_and_fcs_is_the_residue():
    data = b"any octets \x00\xff"
    data += little(x25(data))
    assert native_x25(data, 0, len(data)) == X25_RESIDUE


def test_frame_printed_in_the_kaifa_shape():
    # Length field by hand: 41 octets on the wire, 39 = 0x27 between the flags.
    octets = kaifa_power(4117)
    assert len(octets) == 41 and octets[1:3] == b"\xa0\x27"
    infos, faults = frames_in([octets])
    assert len(infos) == 1 and not faults
    assert infos[0][-4:] == b"\x00\x00\x10\x15"


def test_every_split_gives_the_same():
    octets = frame(INFO)
    for cut in range(len(octets) + 1):
        assert frames_in([octets[:cut], octets[cut:]]) == ([INFO], [])
    assert frames_in([octets[i : i + 1] for i in range(len(octets))]) == ([INFO], [])


def test_noise_before_and_after():
    for noise in (b"\x00", b"\xff" * 50, b"\x7e\x7e\x7e", b"\x7e\xff", b"\xa0\x7e", b"A\x7e"):
        infos, _ = frames_in([noise + frame(INFO) + noise + frame(INFO) + noise])
        assert infos == [INFO, INFO], noise


def test_a_shared_flag_and_idle_flags():
    octets = frame(INFO)
    assert frames_in([octets + octets[1:]]) == ([INFO, INFO], [])
    assert frames_in([octets + b"\x7e\x7e\x7e" + octets]) == ([INFO, INFO], [])


def test_all_address_lengths():
    for dst in (b"\x03", b"\x02\x03", b"\x02\x04\x06\x09"):
        for src in (b"\x21", b"\x08\x83", b"\x02\x04\x06\x21"):
            assert frames_in([frame(INFO, dst + src)]) == ([INFO], [])


def test_an_address_without_end_is_no_frame():
    infos, faults = frames_in([frame(INFO, b"\x02\x02\x02\x02\x02\x03")])
    assert not infos and faults[0] == BAD_HCS


def test_a_frame_without_information_field():
    window = Window()
    octets = frame(b"")
    window.add(octets, 0, len(octets))
    assert check(window, False) == FRAME
    assert window.start == window.end and window.at == len(octets) - 1
    assert frames_in([octets, frame(INFO)]) == ([INFO], [])


def test_each_flipped_bit_costs_only_this_frame():
    octets = frame(INFO)
    for at in range(len(octets)):
        for bit in range(8):
            damaged = bytearray(octets)
            damaged[at] ^= 1 << bit
            infos, _ = frames_in([bytes(damaged) + octets])
            if at in (0, len(octets) - 1):
                assert INFO in infos  # a damaged flag may still leave both readable
            else:
                assert infos == [INFO], (at, bit)


def test_each_lost_octet_costs_only_this_frame():
    octets = frame(INFO)
    for at in range(1, len(octets) - 1):
        infos, _ = frames_in([octets[:at] + octets[at + 1 :], octets, octets])
        assert infos == [INFO, INFO], at


def test_which_check_failed():
    octets = bytearray(frame(INFO))
    octets[6] ^= 1
    assert frames_in([octets])[1][0] == BAD_HCS
    octets = bytearray(frame(INFO))
    octets[20] ^= 1
    assert frames_in([octets])[1] == [BAD_FCS]
    octets = bytearray(frame(INFO))
    octets[-1] = 0
    assert frames_in([octets])[1][0] == BAD_LENGTH


def test_half_a_frame_then_silence():
    octets = frame(INFO)
    infos, faults = frames_in([octets[:-5]])
    assert not infos and faults[0] == BAD_LENGTH
    framing = Framing("han.hdlc")
    feed(framing, octets[:30])
    assert framing.pending() and not framing.found and not framing.faults
    framing.silence()
    assert framing.faults[0] == BAD_LENGTH and not framing.pending()
    feed(framing, octets)
    assert framing.found == [INFO]


def test_the_greatest_length():
    infos, faults = frames_in([b"\x7e\xa7\xff" + frame(INFO)])
    assert infos == [INFO] and faults == [BAD_HCS]
    most = bytes(range(256)) * 7 + bytes(2047 - 1792 - 10)
    octets = frame(most)
    assert octets[1:3] == b"\xa7\xff"
    assert frames_in([octets]) == ([most], [])


def test_a_full_buffer_of_flags_and_lengths():
    infos, _ = frames_in([b"\x7e\xa0" * 3000 + frame(INFO)])
    assert infos == [INFO]


def test_stream_position_of_a_fault():
    framing = Framing("han.hdlc")
    good = frame(INFO)
    bad = bytearray(good)
    bad[20] ^= 1
    assert run(framing, [good, bytes(5), bad], silent=False) == ([INFO], [BAD_FCS])
    assert framing.fault_at == len(good) + 5


def test_feeding_allocates_nothing():
    octets = aidon_power(1234) + b"\x7e\x00\xa5" + kaifa_power(7) * 3
    assert fed_with_locked_heap("han.hdlc", octets) == 4
