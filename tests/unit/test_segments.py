from frames import frame
from han.errors import INCOMPLETE, DecodeError
from han.framing import FRAME, NEED_DATA
from han.hdlc import HdlcFramer
from han.segments import Segments

LLC = b"\xe6\xe7\x00"
MESSAGE = LLC + b"\x0f" + bytes(range(200)) + b"\x7e\xe6\xe7\x00\xa8\x7e"


def add(segments, octets, more):
    """add() of a field that stands somewhere in a buffer."""
    return segments.add(b"\x99\x99" + octets + b"\x99", 2, 2 + len(octets), more)


def result(segments):
    return bytes(segments.buf[segments.start : segments.end])


def refused(segments, octets, more):
    try:
        add(segments, octets, more)
    except DecodeError as e:
        assert e.code == INCOMPLETE and e.offset == 2 and not segments.pending()
        return e.reason
    raise AssertionError("taken: " + repr(octets))


def test_every_division_into_three():
    segments = Segments()
    for first in range(3, len(MESSAGE), 5):
        for second in range(first, len(MESSAGE), 7):
            if MESSAGE.find(LLC, 3) in (first, second):
                continue  # such a segment begins a message: see below
            assert not add(segments, MESSAGE[:first], True) and segments.pending()
            assert not add(segments, MESSAGE[first:second], True)
            assert add(segments, MESSAGE[second:], False)
            assert result(segments) == MESSAGE and not segments.pending()


def test_a_message_in_one_frame_is_not_copied():
    segments = Segments()
    buf = bytearray(b"\x00" + MESSAGE)
    assert segments.add(buf, 1, len(buf), False)
    assert segments.buf is buf and segments.start == 1 and segments.end == len(buf)
    assert add(segments, b"\xe0\x40 no LLC", False) and result(segments) == b"\xe0\x40 no LLC"
    assert add(segments, b"", False) and result(segments) == b""


def test_an_llc_header_begins_anew():
    segments = Segments()
    add(segments, LLC + b"old", True)
    add(segments, LLC + b"new", True)
    assert segments.lost == 1
    assert add(segments, b"er", False) and result(segments) == LLC + b"newer"
    add(segments, LLC + b"old", True)
    assert add(segments, LLC + b"whole", False) and result(segments) == LLC + b"whole"
    assert segments.lost == 2 and not segments.pending()


def test_the_beginning_is_missing():
    assert refused(Segments(), b"middle", True) == "beginning of a segmented message missing"
    assert refused(Segments(), b"", True) == "beginning of a segmented message missing"


def test_a_message_longer_than_the_buffer():
    segments = Segments()
    add(segments, LLC + bytes(997), True)
    add(segments, bytes(1000), True)
    assert add(segments, bytes(48), False) and len(result(segments)) == 2048
    add(segments, LLC + bytes(997), True)
    add(segments, bytes(1000), True)
    assert refused(segments, bytes(49), False) == "segmented message is too long"
    assert segments.lost == 1
    assert refused(Segments(bytearray(8)), LLC + bytes(6), True) == "segmented message is too long"


def test_drop():
    segments = Segments()
    assert not segments.drop()
    add(segments, LLC + b"old", True)
    assert segments.drop() and not segments.pending() and segments.lost == 1
    assert refused(segments, b"rest", True) == "beginning of a segmented message missing"


def test_with_the_framer_and_a_locked_heap():
    import micropython

    octets = frame(MESSAGE[:90], segment=True) + frame(MESSAGE[90:180], segment=True)
    octets += frame(MESSAGE[180:])
    framer = HdlcFramer()
    segments = Segments()
    complete = 0
    for _ in range(2):
        complete = 0
        micropython.heap_lock()
        for at in range(len(octets)):
            framer.feed(octets, at + 1, at)
            while True:
                status = framer.next_frame()
                if status == NEED_DATA:
                    break
                if status == FRAME and segments.add(
                    framer.buf, framer.start, framer.end, framer.segmented
                ):
                    complete += 1
        micropython.heap_unlock()
    assert complete == 1 and result(segments) == MESSAGE
