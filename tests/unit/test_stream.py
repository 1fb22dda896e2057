from frames import NOTIFICATION, Sink, aidon_power, frame, kaifa_power
from han import errors
from han.fields import (
    APDU_TIME_DEVIATION_MIN,
    APDU_TIME_LOCAL,
    METER_ID,
    POWER_IMPORT_W,
    VOLTAGE_L1_MV,
)
from han.stream import TelegramStream


def run(octets, silent=True):
    sink = Sink()
    stream = TelegramStream(sink)
    stream.feed(octets, len(octets))
    if silent:
        stream.silence()
    return sink, stream


def test_list_1_of_two_makers():
    sink, stream = run(aidon_power(2143) + kaifa_power(4117))
    first, second = sink.readings
    assert first.number(POWER_IMPORT_W) == 2143 and first.list_type == 1 and first.vendor == 1
    assert first.number(VOLTAGE_L1_MV) is None and first.text(METER_ID) is None
    assert second.number(POWER_IMPORT_W) == 4117 and second.vendor == 2
    # 2022-01-02 14:37:18: 18,994 days and 52,638 s after 1970-01-01.
    assert second.number(APDU_TIME_LOCAL) == 18994 * 86400 + 52638
    assert second.number(APDU_TIME_DEVIATION_MIN) is None
    assert stream.frames == 2 and not sink.errors


def test_an_unknown_name_is_no_field():
    reading = run(aidon_power(1))[0].readings[0]
    try:
        reading.power_importt_w  # noqa: B018
    except AttributeError:
        return
    raise AssertionError("a misspelt field was read")


def error_of(octets):
    sink, _ = run(octets)
    assert not sink.readings and len(sink.errors) == 1
    return sink.errors[0]


def test_each_kind_of_error_has_its_code():
    good = aidon_power(2143)
    damaged = bytearray(good)
    damaged[20] ^= 0x10
    assert error_of(damaged)[0] == errors.CHECKSUM
    assert error_of(good[:-4])[0] == errors.BOUNDARY
    assert error_of(frame(NOTIFICATION + b"\x1f"))[0] == errors.UNKNOWN_DATA
    assert error_of(frame(NOTIFICATION + b"\x06\x00"))[0] == errors.PARSE
    assert error_of(frame(NOTIFICATION + b"\x02\x01\x09\x01A"))[0] == errors.UNKNOWN_DATA
    assert error_of(frame(b"\xe6\xe7\x00\xc4\x01"))[0] == errors.UNKNOWN_DATA
    assert error_of(frame(b"\xe6\xe7\x00"))[0] == errors.PARSE


def test_encrypted_says_whose_and_how():
    info = b"\xe6\xe7\x00\xdb\x08KAM\x45\x01\xac\x4d\x6e\x82\x00\x05\x30\x00\x00\x00\x01"
    code, reason, _ = error_of(frame(info))
    assert code == errors.KEY
    assert reason == "encrypted: system title 4b414d4501ac4d6e, security control 30"
    for n in range(5, len(info) - 5):
        assert error_of(frame(info[:n]))[1] == "encrypted, header cut off"


def test_a_telegram_behind_each_error_decodes():
    good = aidon_power(2143)
    for at in range(len(good)):
        damaged = bytearray(good)
        damaged[at] ^= 0xFF
        sink, _ = run(bytes(damaged) + good)
        assert sink.readings and sink.readings[-1].number(POWER_IMPORT_W) == 2143, at
        if 2 < at < len(good) - 1:
            assert sink.errors, at


def test_the_offset_is_in_the_stream():
    first = aidon_power(1)
    sink, _ = run(first + frame(NOTIFICATION + b"\x02\x01\x1f"))
    assert sink.errors[0][2] == len(first) + 9 + len(NOTIFICATION) + 2


def test_every_truncated_apdu_inside_a_good_frame():
    info = aidon_power(2143)[9:-3]
    for n in range(1, len(info)):
        sink, _ = run(frame(info[:n]))
        assert not sink.readings and len(sink.errors) == 1, n


def test_a_burst_without_any_frame_is_an_error_once():
    sink, stream = run(b"no frame in here" * 4)
    stream.silence()
    assert sink.errors == [(errors.UNKNOWN_DATA, "no telegram in 64 octets", 0)]
    stream.feed(b"\x55" * 20, 20)
    stream.silence()
    assert sink.errors[1] == (errors.UNKNOWN_DATA, "no telegram in 20 octets", 64)


def test_a_glitch_and_a_good_burst_are_no_error():
    sink, stream = run(b"\x00")
    good = b"\x00\xff" + aidon_power(5)
    stream.feed(good, len(good))
    stream.silence()
    assert not sink.errors and len(sink.readings) == 1


def test_a_message_in_two_segments():
    info = aidon_power(2143)[9:-3]
    first = frame(info[:20], segment=True)
    sink, stream = run(first)
    assert not sink.readings and not sink.errors
    second = frame(info[20:])
    stream.feed(second, len(second))
    assert [r.number(POWER_IMPORT_W) for r in sink.readings] == [2143]


def block(number, data, last=False):
    head = bytes((0xE0, 0xC0 if last else 0x40, 0, number, 0, 0, len(data)))
    return frame(b"\xe6\xe7\x00" + head + data)


def test_a_message_in_blocks_comes_whole_behind_anything():
    apdu = aidon_power(2143)[12:-3]
    for before in (b"", b"\x00" * 30, b"\x0f" + b"\x55" * 600, b"\xdb\x08", b"/ABC5x\r\n\r\n"):
        sink, stream = run(before, silent=False)
        for octets in (block(1, apdu[:20]), block(2, apdu[20:30]), block(3, apdu[30:], True)):
            stream.feed(octets, len(octets))
            stream.silence()
        assert [r.number(POWER_IMPORT_W) for r in sink.readings] == [2143], before


def test_blocks_do_not_outlast_their_wire():
    apdu = aidon_power(2143)[12:-3]
    sink, stream = run(block(1, apdu[:20]))
    for _ in range(4):
        stream.feed(b"\x55" * 30, 30)
        stream.silence()
    assert stream.locked is None
    late = block(2, apdu[20:], True)
    stream.feed(late, len(late))
    assert not sink.readings and sink.errors[-1][1] == "block missing"
    good = aidon_power(7)
    stream.feed(good, len(good))
    assert [r.number(POWER_IMPORT_W) for r in sink.readings] == [7]


def test_parts_that_wait_in_vain_are_dropped():
    info = aidon_power(2143)[9:-3]
    _, stream = run(frame(info[:20], segment=True))
    stream.overdue()
    sink = stream._sink
    second = frame(info[20:])
    stream.feed(second, len(second))
    assert not sink.readings and len(sink.errors) == 1


def test_a_locked_wire_is_opened_again_when_it_says_nothing():
    sink, stream = run(aidon_power(1))
    assert stream.locked
    for _ in range(4):
        stream.feed(b"\x55" * 30, 30)
        stream.silence()
    assert stream.locked is None
    good = aidon_power(7)
    stream.feed(good, len(good))
    assert stream.locked and sink.readings[-1].number(POWER_IMPORT_W) == 7
