from frames import frame
from han.assembly import Assembly
from han.fields import INCOMPLETE, DecodeError
from han.window import PLAIN, SEGMENT, Window
from streams import Framing, fed_with_locked_heap, run

LLC = b"\xe6\xe7\x00"
MESSAGE = LLC + b"\x0f" + bytes(range(200)) + b"\x7e\xe6\xe7\x00\xa8\x7e"
APDU = b"\x0f\x00\x00\x00\x01" + bytes(range(250))


class Parts:
    """An assembly, and a window into which parts are put as a framer finds them."""

    def __init__(self):
        self.window = Window()
        self.assembly = Assembly(self.window)

    def put(self, octets):
        """Put octets between two other octets and one more, after the parts that are kept."""
        window = self.window
        part = b"\x99\x99" + octets + b"\x99"
        window.add(part, 0, len(part))
        window.end = window.fill - 1
        window.start = window.end - len(octets)
        window.at = window.fill

    def segment(self, octets, more):
        self.put(octets)
        self.window.kind = SEGMENT if more else PLAIN
        return self.assembly.add_segment()

    def block(self, octets):
        self.put(octets)
        return self.assembly.add_block(self.window.start, self.window.end)

    def result(self):
        return bytes(self.window.buf[self.window.start : self.window.end])

    def pending(self):
        return self.window.kept > 0

    def refused(self, add, *arguments):
        """(reason, offset in the part) of the error, which is the only one that may come."""
        try:
            add(*arguments)
        except DecodeError as e:
            assert e.code == INCOMPLETE and not self.pending()
            return e.reason, e.offset - self.window.start
        raise AssertionError("taken: " + repr(arguments))


def refused_segment(parts, octets, more):
    reason, offset = parts.refused(parts.segment, octets, more)
    assert offset == 0
    return reason


def test_every_division_into_three():
    parts = Parts()
    for first in range(3, len(MESSAGE), 5):
        for second in range(first, len(MESSAGE), 7):
            if MESSAGE.find(LLC, 3) in (first, second):
                continue  # such a segment begins a message: see below
            assert not parts.segment(MESSAGE[:first], True) and parts.pending()
            assert not parts.segment(MESSAGE[first:second], True)
            assert parts.segment(MESSAGE[second:], False)
            assert parts.result() == MESSAGE and not parts.pending()


def test_a_message_in_one_frame_is_not_copied():
    parts = Parts()
    assert parts.segment(MESSAGE, False)
    assert parts.window.start == 2 and parts.window.end == 2 + len(MESSAGE)
    assert parts.segment(b"\xe0\x40 no LLC", False) and parts.result() == b"\xe0\x40 no LLC"
    assert parts.segment(b"", False) and parts.result() == b""


def test_an_llc_header_begins_anew():
    parts = Parts()
    parts.segment(LLC + b"old", True)
    parts.segment(LLC + b"new", True)
    assert parts.segment(b"er", False) and parts.result() == LLC + b"newer"
    parts.segment(LLC + b"old", True)
    assert parts.segment(LLC + b"whole", False) and parts.result() == LLC + b"whole"
    assert not parts.pending()


def test_the_beginning_is_missing():
    assert refused_segment(Parts(), b"middle", True) == "beginning of a segmented message missing"
    assert refused_segment(Parts(), b"", True) == "beginning of a segmented message missing"


def test_a_segmented_message_longer_than_may_be():
    parts = Parts()
    parts.segment(LLC + bytes(997), True)
    parts.segment(bytes(1000), True)
    assert parts.segment(bytes(48), False) and len(parts.result()) == 2048
    parts.segment(LLC + bytes(997), True)
    parts.segment(bytes(1000), True)
    assert refused_segment(parts, bytes(49), False) == "segmented message is too long"


def test_segments_dropped():
    parts = Parts()
    parts.segment(LLC + b"old", True)
    parts.assembly.drop()
    assert not parts.pending()
    assert refused_segment(parts, b"rest", True) == "beginning of a segmented message missing"


def test_with_the_framer_and_a_locked_heap():
    octets = frame(MESSAGE[:90], segment=True) + frame(MESSAGE[90:180], segment=True)
    octets += frame(MESSAGE[180:])
    assert run(Framing("han.hdlc"), [octets]) == ([MESSAGE], [])
    assert fed_with_locked_heap("han.hdlc", octets) == 1


def block(number, data, last=False, form=0, streaming=True):
    control = (0x80 if last else 0) | (0x40 if streaming else 0)
    count = len(data)
    length = (
        bytes((count & 0x7F,)),
        bytes((0x81, count & 0xFF)),
        b"\x82" + count.to_bytes(2, "big"),
    )
    head = bytes((0xE0, control, number >> 8, number & 0xFF, 0, 0))
    return head + length[form] + data


def refused_block(octets):
    parts = Parts()
    return parts.refused(parts.block, octets)


def test_a_block_made_by_hand():
    parts = Parts()
    assert parts.block(b"\xe0\xc0\x00\x01\x00\x00\x03\x0f\x01\x02")
    assert parts.result() == b"\x0f\x01\x02"


def test_three_blocks():
    parts = Parts()
    for _ in range(2):
        assert not parts.block(block(1, APDU[:112])) and parts.pending()
        assert not parts.block(block(2, APDU[112:220], streaming=False))
        assert parts.block(block(3, APDU[220:], last=True))
        assert parts.result() == APDU and not parts.pending()


def test_each_form_of_the_length():
    for form in (0, 1, 2):
        parts = Parts()
        assert not parts.block(block(1, APDU[:100], form=form))
        assert parts.block(block(2, APDU[100:220], last=True, form=form))
        assert parts.result() == APDU[:220]


def test_block_one_begins_anew():
    parts = Parts()
    parts.block(block(1, b"old"))
    parts.block(block(2, b"old"))
    parts.block(block(1, b"new"))
    assert parts.block(block(2, b"er", last=True))
    assert parts.result() == b"newer"


def test_a_missing_block():
    for numbers in ((2,), (1, 3), (1, 2, 2), (1, 2, 4), (0,), (1, 0), (1, 65535)):
        parts = Parts()
        for number in numbers[:-1]:
            parts.block(block(number, b"abc"))
        assert parts.refused(parts.block, block(numbers[-1], b"abc")) == ("block missing", 2)
        assert parts.block(block(1, b"good", last=True)) and parts.result() == b"good"


def test_a_header_cut_off():
    octets = block(1, APDU[:100], form=2)
    for cut in range(7):
        assert refused_block(octets[:cut]) == ("block header cut off", cut)
    for cut in range(7, len(octets)):
        reason, offset = refused_block(octets[:cut])
        assert reason == "block does not end where its length says" and offset == 6


def test_lengths_that_are_wrong():
    for length in (
        b"\x00",
        b"\x02",
        b"\x04",
        b"\x80",
        b"\x81\x02",
        b"\x82\x00\x04",
        b"\x84",
        b"\xff",
    ):
        parts = Parts()
        parts.block(block(1, b"abc"))
        reason, _ = parts.refused(parts.block, b"\xe0\x40\x00\x02\x00\x00" + length + b"abc")
        assert reason == "block does not end where its length says", length


def test_not_a_block():
    assert refused_block(b"\x0f" + bytes(20)) == ("not a block", 0)


def test_a_message_in_blocks_longer_than_may_be():
    parts = Parts()
    for number in range(1, 21):
        assert not parts.block(block(number, bytes(100)))
    assert not parts.block(block(21, bytes(48)))  # 2048
    assert parts.refused(parts.block, block(22, b"x")) == ("message in blocks is too long", 0)
    assert parts.refused(parts.block, block(23, b"x", last=True)) == ("block missing", 2)


def test_blocks_dropped():
    parts = Parts()
    parts.block(block(1, b"abc"))
    parts.assembly.drop()
    assert not parts.pending()
    assert parts.refused(parts.block, block(2, b"abc", last=True))[0] == "block missing"


def in_frames(octets, count):
    """A message in as many segments as it takes."""
    parts = [octets[at : at + count] for at in range(0, len(octets), count)]
    return b"".join([frame(part, segment=part is not parts[-1]) for part in parts])


def test_blocks_that_come_in_segments():
    blocks = [block(1, APDU[:100]), block(2, APDU[100:200]), block(3, APDU[200:], last=True)]
    octets = b"".join([in_frames(LLC + octets, 40) for octets in blocks])
    assert run(Framing("han.hdlc"), [octets, octets]) == ([APDU, APDU], [])
    assert fed_with_locked_heap("han.hdlc", octets) == 1
