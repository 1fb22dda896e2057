from han.window import BAD_FCS, BAD_LENGTH, OVERFLOW, P1_LINES, P1_TEXT
from han.window import arc as native_arc
from streams import Framing, fed_with_locked_heap, octet_by_octet, run

IDENT = b"/ABC5TEST-1"
LINES = b"0-0:1.0.0(240102030405W)\r\n1-0:1.7.0(0001.234*kW)\r\n"
BARE = IDENT + b"\r\n\r\n" + LINES + b"!"


def arc(octets):
    """CRC-16/ARC, one bit at a time."""
    register = 0
    for octet in octets:
        register ^= octet
        for _ in range(8):
            register = (register >> 1) ^ 0xA001 if register & 1 else register >> 1
    return register


def with_crc(bare, end=b"\r\n"):
    return bare + b"%04X" % arc(bare) + end


WHOLE = with_crc(BARE)
# The contents of a ciphered telegram hold everything that could mislead a scanner.
GLO = b"\x30\x00\x00\x00\x01!\r\n!1234\r\n\n/ABC5\r\n\r\n\x7e\xa0\x21" + bytes(range(40))


def ciphered(glo=GLO, title=b"", form=2, trailer=b"FE0C\r\n"):
    count = len(glo)
    length = (bytes((count,)), bytes((0x81, count)), bytes((0x82, count >> 8, count & 0xFF)))[form]
    return IDENT + b"\r\n\r\n" + bytes((len(title),)) + title + length + glo + b"!" + trailer


def frames_in(*chunks):
    return run(Framing("han.p1frame"), chunks)


def test_crc_of_the_standard_check_string():
    # CRC-16/ARC of "123456789" is BB3D in every catalogue of CRCs.
    assert native_arc(b"123456789", 0, 9) == 0xBB3D
    assert arc(b"123456789") == 0xBB3D
    for octet in range(256):
        assert native_arc(bytes((octet,)), 0, 1) == arc(bytes((octet,)))


def test_every_split_gives_the_same():
    for octets, bare in ((WHOLE, BARE), (BARE + b"\r\n", BARE), (ciphered(), ciphered()[:-6])):
        for cut in range(len(octets) + 1):
            assert frames_in(octets[:cut], octets[cut:]) == ([bare], []), cut
        assert run(Framing("han.p1frame"), octet_by_octet(octets)) == ([bare], [])


def test_lower_case_digits_and_lf_alone():
    assert frames_in(BARE + b"%04x\r\n" % arc(BARE)) == ([BARE], [])
    unix = BARE.replace(b"\r\n", b"\n")
    assert frames_in(with_crc(unix, b"\n") + unix + b"\n") == ([unix, unix], [])


def test_without_crc_only_a_line_end_may_follow():
    assert frames_in(BARE + b"\r\n") == ([BARE], [])
    for tail in (b" \r\n", b"0\r\n", b"12\r\n", b"123\r\n", b"12G4\r\n", b"xyz\r\n"):
        assert frames_in(BARE + tail) == ([], [BAD_FCS]), tail
    assert frames_in(BARE) == ([], [BAD_LENGTH])
    assert frames_in(with_crc(BARE, b"")) == ([BARE], [])


def test_a_wrong_crc():
    assert frames_in(BARE + b"%04X\r\n" % (arc(BARE) ^ 0x100)) == ([], [BAD_FCS])


def test_an_exclamation_mark_inside_a_line_is_text():
    bare = BARE.replace(b"0001", b"0!01")
    assert frames_in(with_crc(bare)) == ([bare], [])


def test_noise_before_and_after():
    for noise in (b"\x00", b"\xff" * 50, b"/", b"/A", b"/ABC\x00", b"!", b"\r\n", b"/a/b/c!/"):
        found, _ = frames_in(noise + WHOLE + noise + WHOLE + noise)
        assert found == [BARE, BARE], noise


def test_two_telegrams_in_one_chunk():
    stoen = ciphered()
    found, faults = frames_in(WHOLE + stoen + WHOLE + BARE + b"\r\n" + stoen)
    assert found == [BARE, stoen[:-6], BARE, BARE, stoen[:-6]] and not faults


def test_half_a_telegram_first():
    for octets in (WHOLE, BARE + b"\r\n"):
        for cut in range(1, len(octets)):
            assert frames_in(octets[cut:] + octets)[0] == [BARE], cut
            found, _ = frames_in(octets[:cut] + octets)
            if cut <= len(BARE):
                assert found == [BARE], cut
            else:
                assert found[-1] == BARE, cut
    # Without '!' inside: where one meets the end that the lost octets have moved, the tag decides.
    stoen = ciphered(GLO.replace(b"!", b"?"))
    for cut in range(1, len(stoen) - 6):
        assert frames_in(stoen[:cut] + stoen + bytes(90))[0] == [stoen[:-6]], cut
        assert frames_in(stoen[cut:] + stoen)[0][-1] == stoen[:-6], cut


def test_a_telegram_cut_off_by_the_next_one():
    assert frames_in(IDENT + b"\r\n\r\n" + LINES + WHOLE) == ([BARE], [BAD_LENGTH])
    assert frames_in(IDENT + b"\r\n\r\n" + LINES[:9] + WHOLE) == ([BARE], [BAD_FCS])
    # This form has no checksum: lines before the second beginning must not be used.
    assert frames_in(IDENT + b"\r\n\r\n" + LINES[:9] + BARE + b"\r\n") == ([BARE], [BAD_LENGTH])


def test_a_beginning_in_a_text_does_not_cut():
    bare = BARE.replace(b"0001.234*kW", b"/XYZ5 text")
    assert frames_in(with_crc(bare)) == ([bare], [])


def test_each_flipped_bit_costs_only_this_telegram():
    for at in range(len(WHOLE)):
        for bit in range(8):
            damaged = bytearray(WHOLE)
            damaged[at] ^= 1 << bit
            found, _ = frames_in(bytes(damaged) + WHOLE)
            assert found[-1] == BARE, (at, bit)
            if at < len(BARE):
                assert found == [BARE], (at, bit)


def test_each_lost_octet_costs_only_this_telegram():
    for at in range(len(BARE)):
        assert frames_in(WHOLE[:at] + WHOLE[at + 1 :] + WHOLE)[0] == [BARE], at


def test_damage_to_a_ciphered_telegram_costs_only_this_one():
    stoen = ciphered()
    body = len(IDENT) + 4
    for at in range(len(stoen) - 6):
        found, _ = frames_in(stoen[:at] + stoen[at + 1 :] + WHOLE + WHOLE)
        assert found[-1] == BARE, at
        for bit in range(8):
            damaged = bytearray(stoen)
            damaged[at] ^= 1 << bit
            found, _ = frames_in(bytes(damaged), WHOLE, bytes(4200), WHOLE)
            assert found[-2:] == [BARE, BARE] or at < body + 4, (at, bit)
            assert found[-1] == BARE, (at, bit)


def test_a_ciphered_telegram():
    for form in (0, 1, 2):
        octets = ciphered(form=form)
        framer = Framing("han.p1frame")
        window = framer.window
        assert run(framer, [octets], silent=False) == ([octets[:-6]], [])
        assert window.kind == P1_LINES
        assert window.body == len(IDENT) + 4 and window.buf[window.body] == 0
        assert run(framer, [WHOLE]) == ([BARE], []) and window.kind == P1_TEXT
    octets = ciphered(title=b"ABC\x00\x00\x00\x00\x01", trailer=b"fe0c\n")
    assert frames_in(octets) == ([octets[:-5]], [])
    for trailer in (b"12G4\r\n", b"\r\n", b"123\r\n"):
        found, faults = frames_in(ciphered(trailer=trailer))
        assert not found and faults[0] == BAD_LENGTH, trailer


def test_wrong_lengths_of_a_ciphered_telegram():
    head = IDENT + b"\r\n\r\n\x00"
    for length in (
        b"\x82\xff\xff",
        b"\x82\x10\x20",
        b"\x83\x00\x00\x09",
        b"\x80",
        b"\x05",
        b"\x00",
    ):
        found, faults = frames_in(head + length + WHOLE)
        assert found == [BARE] and faults == [BAD_LENGTH], length
    found, faults = frames_in(head + b"\x82\x02\x00" + WHOLE * 2)  # more than there is
    assert found == [BARE, BARE] and faults[0] == BAD_LENGTH


def test_telegrams_as_long_as_the_buffer():
    framer = Framing("han.p1frame", size=200)
    for count in (200, 199):
        bare = BARE[:-1] + b"x" * (count - 4 - len(BARE) - 2) + b"\r\n!"
        assert len(with_crc(bare, b"")) == count
        assert run(framer, octet_by_octet(with_crc(bare))) == ([bare], [])
    bare = BARE[:-1] + b"x" * 200 + b"\r\n!"
    assert run(framer, octet_by_octet(with_crc(bare) + WHOLE)) == ([BARE], [OVERFLOW])
    assert run(framer, [IDENT + b"\r\n\r\n" + LINES * 3 + WHOLE])[0] == [BARE]


def test_four_kilobytes():
    bare = BARE[:-1] + LINES * ((4096 - len(BARE)) // len(LINES)) + b"!"
    assert len(bare) > 4000
    assert frames_in(with_crc(bare) * 2) == ([bare, bare], [])


def test_half_a_telegram_then_silence():
    framer = Framing("han.p1frame")
    for cut in (5, 12, 14, 16, 40, len(BARE), len(BARE) + 2):
        assert run(framer, [WHOLE[:cut]], silent=False) == ([], []) and framer.pending()
        framer.silence()
        assert framer.faults == [BAD_LENGTH] and not framer.pending()
        assert run(framer, [WHOLE]) == ([BARE], [])


def test_streams_of_beginnings_and_ends():
    for piece in (b"/A", b"/ABC5", b"\r\n!", b"/ABC5\r\n", b"/A\r\n!1", b"/A\r\n\x00", b"!!!///"):
        found, _ = frames_in(piece * 3000 + b"\x00" + WHOLE)
        assert found[-1:] == [BARE], piece


def test_stream_position_of_a_fault():
    framer = Framing("han.p1frame")
    bad = bytearray(WHOLE)
    bad[30] ^= 1
    octets = octet_by_octet(WHOLE + b"\x00" + bad)
    assert run(framer, octets, silent=False) == ([BARE], [BAD_FCS])
    assert framer.fault_at == len(WHOLE) + 1
    assert framer.received() == 2 * len(WHOLE) + 1


def test_feeding_allocates_nothing():
    octets = (
        b"/AB\x00" + WHOLE + BARE[:50] + WHOLE + ciphered() + BARE + b"12\r\n" + BARE + b"\r\n"
    )
    assert fed_with_locked_heap("han.p1frame", octets) == 4
