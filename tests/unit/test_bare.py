from han.window import BAD_LENGTH, OVERFLOW
from streams import Framing, fed_with_locked_heap, feed, octet_by_octet, run

LLC = b"\xe6\xe7\x00"
CONTENTS = b"\x30\x00\x00\x00\x07" + b"\xdb\x08\x7e\xa0\x68/!\r\n\x00\xff" * 5
TITLE = b"ABC\x00\x01\x02\x03\xff"
# structure of: u32 7, octet-string of two, [i8 -1, enum 35]
BODY = b"\x02\x03\x06\x00\x00\x00\x07\x09\x02\x7e\x0f\x02\x02\x0f\xff\x16\x23"
TIME = b"\x07\xe8\x01\x02\x02\x03\x04\x05\xff\x80\x00\x00"


def glo(tag=0xDB, form=1, contents=CONTENTS):
    count = len(contents)
    length = {
        0: bytes((count & 0x7F,)),
        1: bytes((0x81, count & 0xFF)),
        2: bytes((0x82, count >> 8, count & 0xFF)),
        3: bytes((0x83, 0, count >> 8, count & 0xFF)),
        4: bytes((0x84, 0, 0, count >> 8, count & 0xFF)),
    }[form]
    return bytes((tag, 8)) + TITLE + length + contents


def notification(time=b"\x00", body=BODY):
    return b"\x0f\x00\x00\x12\x34" + time + body


GLO = glo()
PLAIN = notification()


def small():
    return Framing("han.bare", 2048)


def bursts(*chunks):
    """Each chunk is a burst with silence after it."""
    return run(small(), chunks, silences=True)


def test_a_ciphered_apdu_ends_where_its_length_says():
    for octets in (GLO, glo(0xDC), glo(form=0), glo(form=2), glo(form=3), glo(form=4), LLC + GLO):
        assert run(Framing("han.bare"), [octets], silent=False) == ([octets], [])


def test_every_split_gives_the_same():
    for octets in (GLO, LLC + GLO, PLAIN, LLC + PLAIN):
        for cut in range(len(octets) + 1):
            assert run(Framing("han.bare"), [octets[:cut], octets[cut:]]) == ([octets], []), cut
        assert run(Framing("han.bare"), octet_by_octet(octets)) == ([octets], [])


def test_several_in_one_burst():
    found, faults = run(Framing("han.bare"), [GLO + GLO + LLC + GLO])
    assert found == [GLO, GLO, LLC + GLO] and not faults


def test_a_notification_needs_silence():
    framer = Framing("han.bare")
    feed(framer, PLAIN)
    assert not framer.found and framer.pending()
    framer.silence()
    assert framer.found == [PLAIN] and not framer.faults and not framer.pending()


def test_each_form_of_date_time():
    for time in (b"\x00", b"\x0c" + TIME, b"\x09\x0c" + TIME, b"\x19\x0c" + TIME):
        octets = notification(time)
        assert bursts(octets, LLC + octets) == ([octets, LLC + octets], []), time
    for time in (b"\x01", b"\x0b" + TIME, b"\x09\x0b" + TIME, b"\x0c" + TIME[:4], b"\x80"):
        assert bursts(notification(time)) == ([], [BAD_LENGTH]), time


def test_a_notification_must_end_with_the_burst():
    for cut in range(1, len(PLAIN)):
        faults = [BAD_LENGTH] if cut > 3 else []  # fewer octets are looked at by nobody
        assert bursts(PLAIN[:cut], PLAIN) == ([PLAIN], faults), cut
    assert bursts(PLAIN + b"\x00", PLAIN) == ([PLAIN], [BAD_LENGTH])
    assert bursts(PLAIN + PLAIN, PLAIN) == ([PLAIN], [BAD_LENGTH])
    assert bursts(notification(body=b"\x06\x00\x00\x00\x01")) == ([], [BAD_LENGTH])
    assert bursts(notification(body=b"\x02\x01\x13\x00")) == ([], [BAD_LENGTH])


def test_a_telegram_after_other_octets_of_a_burst_is_not_taken():
    for before in (b"\x7e\xa0\x30\x41\x08\x83\x13\x00\x00", b"\x68\x20\x20\x68\x53", b"/ABC5\r\n"):
        for octets in (GLO, LLC + GLO, PLAIN, LLC + PLAIN):
            assert bursts(before + octets) == ([], []), before
            framer = Framing("han.bare")
            assert run(framer, [before, octets, octets], silent=False) == ([], [])
            assert not framer.pending()


def test_the_next_burst_is_looked_at_again():
    assert bursts(b"\x7e\xa0" * 2000, GLO, b"noise", LLC + PLAIN) == ([GLO, LLC + PLAIN], [])


def test_noise_of_zeros_and_ones_before_and_noise_after():
    for noise in (b"\x00", b"\xff\x00", b"\xff" * 50):
        assert bursts(noise + GLO, noise + PLAIN) == ([GLO, PLAIN], [])
    for noise in (b"\x00", b"\r\n", b"\xdb", b"\xe6\xe7", b"\x7e" * 9):
        assert bursts(GLO + noise, GLO) == ([GLO, GLO], []), noise


def test_half_an_apdu_then_silence():
    for cut in range(2, len(GLO)):
        assert bursts(GLO[:cut], GLO) == ([GLO], [BAD_LENGTH] if cut > 3 else []), cut
        assert bursts(GLO[cut:], GLO)[0] == [GLO], cut
    for cut in range(1, len(LLC) + 1):
        assert bursts(LLC[:cut], LLC + PLAIN) == ([LLC + PLAIN], []), cut


def test_damage_costs_only_this_burst():
    for octets in (GLO, PLAIN):
        for at in range(len(octets)):
            found, _ = bursts(octets[:at] + octets[at + 1 :], octets)
            assert found[-1] == octets and octets not in found[:-1], at
            for bit in range(8):
                damaged = bytearray(octets)
                damaged[at] ^= 1 << bit
                found, _ = bursts(bytes(damaged), octets)
                assert found[-1] == octets and octets not in found[:-1], (at, bit)


def test_wrong_lengths():
    head = b"\xdb\x08" + TITLE
    for length in (b"\x80", b"\x83\x00\x00\x05", b"\x05", b"\x00", b"\x85\x00\x00\x00\x00\x09"):
        assert bursts(head + length + GLO, GLO) == ([GLO], [BAD_LENGTH]), length
    for length in (
        b"\x82\xff\xff",
        b"\x82\x07\xf4",
        b"\x84\x00\x00\xff\xff",
        b"\x84\x00\x01\x00\x00",
    ):
        assert bursts(head + length + GLO, GLO) == ([GLO], [OVERFLOW]), length
    assert bursts(b"\xdb\x09" + TITLE + b"\x20" + CONTENTS, GLO) == ([GLO], [])
    assert bursts(notification(body=b"\x02\x82\xff\xff"), PLAIN) == ([PLAIN], [BAD_LENGTH])
    assert bursts(notification(body=b"\x02\x01" * 1500), PLAIN) == ([PLAIN], [OVERFLOW])


def test_an_apdu_as_long_as_the_buffer():
    contents = CONTENTS * 40
    most = glo(form=2, contents=contents[: 2048 - 13])
    assert len(most) == 2048
    assert run(small(), octet_by_octet(b"\x00" + most)) == ([most], [])
    longer = glo(form=2, contents=contents[: 2048 - 12])
    assert run(small(), [longer, GLO], silences=True) == ([GLO], [OVERFLOW])


def test_positions_and_clear():
    framer = Framing("han.bare")
    assert run(framer, [b"\x7e" * 10, GLO[:20]], silences=True) == ([], [BAD_LENGTH])
    assert framer.fault_at == 10
    feed(framer, GLO[:30])
    framer.reset()
    assert framer.received() == 60
    assert run(framer, [GLO]) == ([GLO], []) and framer.found_at == 60


def test_feeding_allocates_nothing():
    assert fed_with_locked_heap("han.bare", GLO + LLC + GLO + GLO) == 3
    assert fed_with_locked_heap("han.bare", LLC + PLAIN + bytes(3000)) == 0
