import sys

from ecb import aes
from frames import NOTIFICATION, Sink, aidon_power, frame, kaifa_power
from han import fields
from han import stream as stream_module
from han.fields import (
    APDU_TIME_DEVIATION_MIN,
    APDU_TIME_LOCAL,
    METER_ID,
    POWER_IMPORT_W,
    VOLTAGE_L1_MV,
    Reading,
)
from han.stream import TelegramStream
from streams import feed, wire_of


def run(octets, silent=True):
    sink = Sink()
    stream = TelegramStream(sink)
    feed(stream, octets)
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
    assert error_of(damaged)[0] == fields.CHECKSUM
    assert error_of(good[:-4])[0] == fields.BOUNDARY
    assert error_of(frame(NOTIFICATION + b"\x1f"))[0] == fields.UNKNOWN_DATA
    assert error_of(frame(NOTIFICATION + b"\x06\x00"))[0] == fields.PARSE
    assert error_of(frame(NOTIFICATION + b"\x02\x01\x09\x01A"))[0] == fields.UNKNOWN_DATA
    assert error_of(frame(b"\xe6\xe7\x00\xc4\x01"))[0] == fields.UNKNOWN_DATA
    assert error_of(frame(b"\xe6\xe7\x00"))[0] == fields.PARSE


def test_a_missing_key_is_reported_with_title_and_control():
    info = b"\xe6\xe7\x00\xdb\x08KAM\x45\x01\xac\x4d\x6e\x82\x00\x05\x30\x00\x00\x00\x01"
    code, reason, _ = error_of(frame(info))
    assert code == fields.KEY
    assert reason == "encrypted: system title 4b414d4501ac4d6e, security control 30"
    for n in range(5, len(info) - 5):
        assert error_of(frame(info[:n]))[1] == "encrypted, header cut off"


def test_a_telegram_after_each_error_decodes():
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
    assert sink.errors == [(fields.UNKNOWN_DATA, "no telegram in 64 octets", 0)]
    feed(stream, b"\x55" * 20)
    stream.silence()
    assert sink.errors[1] == (fields.UNKNOWN_DATA, "no telegram in 20 octets", 64)


def test_a_glitch_and_a_good_burst_are_no_error():
    sink, stream = run(b"\x00")
    good = b"\x00\xff" + aidon_power(5)
    feed(stream, good)
    stream.silence()
    assert not sink.errors and len(sink.readings) == 1


def test_a_message_in_two_segments():
    info = aidon_power(2143)[9:-3]
    first = frame(info[:20], segment=True)
    sink, stream = run(first)
    assert not sink.readings and not sink.errors
    second = frame(info[20:])
    feed(stream, second)
    assert [r.number(POWER_IMPORT_W) for r in sink.readings] == [2143]


def block(number, data, last=False):
    head = bytes((0xE0, 0xC0 if last else 0x40, 0, number, 0, 0, len(data)))
    return frame(b"\xe6\xe7\x00" + head + data)


def test_a_message_in_blocks_comes_whole_after_anything():
    apdu = aidon_power(2143)[12:-3]
    for before in (b"", b"\x00" * 30, b"\x0f" + b"\x55" * 600, b"\xdb\x08", b"/ABC5x\r\n\r\n"):
        sink, stream = run(before, silent=False)
        for octets in (block(1, apdu[:20]), block(2, apdu[20:30]), block(3, apdu[30:], True)):
            feed(stream, octets)
            stream.silence()
        assert [r.number(POWER_IMPORT_W) for r in sink.readings] == [2143], before


def test_blocks_do_not_outlast_their_wire():
    apdu = aidon_power(2143)[12:-3]
    sink, stream = run(block(1, apdu[:20]))
    for _ in range(4):
        feed(stream, b"\x55" * 30)
        stream.silence()
    assert stream.locked < 0
    late = block(2, apdu[20:], True)
    feed(stream, late)
    assert not sink.readings and sink.errors[-1][1] == "block missing"
    good = aidon_power(7)
    feed(stream, good)
    assert [r.number(POWER_IMPORT_W) for r in sink.readings] == [7]


def test_parts_that_are_overdue_are_dropped():
    info = aidon_power(2143)[9:-3]
    _, stream = run(frame(info[:20], segment=True))
    stream.overdue()
    sink = stream.sink
    second = frame(info[20:])
    feed(stream, second)
    assert not sink.readings and len(sink.errors) == 1


def test_a_locked_wire_is_released_after_four_bursts_without_a_frame():
    sink, stream = run(aidon_power(1))
    assert stream.locked == wire_of("han.hdlc")
    for _ in range(4):
        feed(stream, b"\x55" * 30)
        stream.silence()
    assert stream.locked < 0
    good = aidon_power(7)
    feed(stream, good)
    assert stream.locked == wire_of("han.hdlc") and sink.readings[-1].number(POWER_IMPORT_W) == 7


P1 = b"/ABC5TEST-1\r\n\r\n1-0:1.7.0(0001.234*kW)\r\n!\r\n"
CIPHERED = b"\xdb\x08KAM\x45\x01\xac\x4d\x6e\x16\x30\x00\x00\x00\x01" + bytes(17)


def test_a_foreign_frame_does_not_take_the_lock():
    for foreign in (
        CIPHERED,
        frame(b"\xe6\xe7\x00" + CIPHERED),
        frame(NOTIFICATION + b"\x02\x01\x09\x01A"),
    ):
        sink, stream = run(foreign)
        assert len(sink.errors) == 1 and stream.locked < 0
        for _ in range(4):
            feed(stream, P1)
            stream.silence()
        assert [r.number(POWER_IMPORT_W) for r in sink.readings] == [1234] * 4
        assert stream.locked == wire_of("han.p1frame") and len(sink.errors) == 1


def test_a_ciphered_telegram_without_a_key_is_an_error_each_time():
    for octets in (CIPHERED, frame(b"\xe6\xe7\x00" + CIPHERED)):
        sink, stream = run(octets)
        for _ in range(5):
            feed(stream, octets)
            stream.silence()
        assert [code for code, _, _ in sink.errors] == [fields.KEY] * 6
        assert stream.frames == 6  # each proves the line's settings


def test_the_burst_that_ends_the_patience_is_read():
    sink, stream = run(P1)
    for _ in range(4):
        assert len(sink.readings) == 1
        octets = b"\x00" + aidon_power(7)
        feed(stream, octets)
        stream.silence()
    assert sink.readings[-1].number(POWER_IMPORT_W) == 7
    assert stream.locked == wire_of("han.hdlc") and stream.alien_bursts == 0


def loaded():
    return sorted([name for name in sys.modules if name[:4] == "han."])


def test_only_the_wire_in_use_is_loaded():
    framers = ["han.hdlc", "han.mbus", "han.p1frame", "han.bare", "han.assembly", "han.cipher"]
    before = loaded()
    _, stream = run(P1)
    if "han.p1frame" not in before:
        assert [name for name in framers if name in loaded()] == ["han.p1frame"]
    run_on = [b"/ABC5x\r\n\r\n", CIPHERED, aidon_power(1), frame(bytes(30), segment=True)]
    for octets in run_on * 3:
        feed(stream, octets)
        stream.silence()
    stream.reset()
    assert [name for name in framers if name in loaded()] == [n for n in framers if n in before]


def test_a_wire_is_a_file_and_a_line():
    known = stream_module.WIRES
    stream_module.WIRES = known + ((b"\x55\x01\xff\x56", "wire_of_tests"),)
    try:
        sink = Sink()
        stream = TelegramStream(sink)
        apdu = aidon_power(7)[12:-3]
        feed(stream, b"\x55\x56" + bytes((len(apdu),)) + apdu + aidon_power(8))
        assert [r.number(POWER_IMPORT_W) for r in sink.readings] == [7] and stream.locked == 3
        assert "wire_of_tests" in sys.modules
        stream.reset()
        assert "wire_of_tests" not in sys.modules
    finally:
        stream_module.WIRES = known


def test_stream_positions_of_parts():
    info = aidon_power(2143)[9:-3]
    bad = info[:-6] + b"\x1f" + info[-5:]  # an unknown type in the place of a structure
    sink, _ = run(b"\x00" * 5 + frame(info[:20], segment=True) + frame(bad[20:]))
    at = len(bad) - 6
    assert sink.errors[0][2] == 5 + 9 + at


class ShortOfHeap:
    """A decoder that finds no heap at the first try; notes what it was given."""

    def __init__(self):
        self.given = []

    def decode(self, buf, start, end, vendor):
        self.given.append(bytes(buf[start:end]))
        if len(self.given) == 1:
            raise MemoryError
        return Reading()


def test_a_telegram_without_heap_takes_the_reserve():
    sink = Sink()
    decoder = ShortOfHeap()
    stream = TelegramStream(sink, decoder=decoder)
    feed(stream, aidon_power(2143))
    assert len(sink.readings) == 1 and not sink.errors and stream.reserve is None
    feed(stream, aidon_power(2144))
    assert len(sink.readings) == 2 and len(stream.reserve) == 1536
    assert len(decoder.given) == 3 and decoder.given[0] == decoder.given[1]


def test_the_second_try_finds_a_ciphered_message_as_the_first_left_it():
    # The Green Book's example, SC 20: see test_gcm.py.
    text = "e25855fcdb124587607c08b30b8921178a4b4d74ff534d16a642ab7fdc56f1500901db2fbc"
    plain = "0f400000000c07ea0b17010c1e00ff80008002020a0a48414e5f746573742d310600001015"
    header = b"\xe6\xe7\x00\xdb\x08TST\x01\x02\x03\x04\x05\x2a\x20\x00\x00\x01\x07"
    sink = Sink()
    decoder = ShortOfHeap()
    stream = TelegramStream(sink, bytes(range(16)), aes=aes, decoder=decoder)
    feed(stream, frame(header + bytes_of(text)))
    assert len(sink.readings) == 1 and not sink.errors
    assert decoder.given == [bytes_of(plain)] * 2


def mbus(ci, data):
    body = b"\x53\xff" + bytes((ci,)) + b"\x01\x67" + data
    head = bytes((0x68, len(body), len(body), 0x68))
    return head + body + bytes((sum(body) & 0xFF, 0x16))


def test_keys_without_heap_for_them_are_tried_again():
    header = b"\xdb\x08TST\x01\x02\x03\x04\x05\x2a\x20\x00\x00\x01\x07"
    text = "e25855fcdb124587607c08b30b8921178a4b4d74ff534d16a642ab7fdc56f1500901db2fbc"
    plain = "0f400000000c07ea0b17010c1e00ff80008002020a0a48414e5f746573742d310600001015"
    message = header + bytes_of(text)
    whole = frame(b"\xe6\xe7\x00" + message)
    parts = mbus(0x00, message[:30]) + mbus(0x11, message[30:])
    for wire in (whole, parts):
        tries = []

        def aes_without_heap(key):
            tries.append(key)  # noqa: B023
            if len(tries) == 1:  # noqa: B023
                raise MemoryError
            return aes(key)

        sink = Sink()
        decoder = ShortOfHeap()
        decoder.given.append(b"")  # it has heap
        stream = TelegramStream(sink, aes=aes_without_heap, decoder=decoder)
        stream.use_keys(bytes(range(16)), None)
        feed(stream, wire * 2)
        assert not sink.errors, sink.errors
        assert len(sink.readings) == 2 and len(tries) == 2
        assert decoder.given[1:] == [bytes_of(plain)] * 2


def test_a_telegram_that_finds_no_heap_twice_is_reported():
    sink = Sink()
    stream = TelegramStream(sink)
    stream._read = lambda: {}["defect"]
    feed(stream, aidon_power(2143))
    assert [code for code, _, _ in sink.errors] == [fields.EXCEPTION]

    def no_heap():
        raise MemoryError

    stream._read = no_heap
    feed(stream, aidon_power(2143))
    assert [code for code, _, _ in sink.errors] == [fields.EXCEPTION] * 2
    del stream._read
    feed(stream, aidon_power(2143))
    assert len(sink.readings) == 1


def bytes_of(digits):
    return bytes([int(digits[i : i + 2], 16) for i in range(0, len(digits), 2)])
