from han.errors import INCOMPLETE, DecodeError
from han.gbt import BlockTransfer

LLC = b"\xe6\xe7\x00"
APDU = b"\x0f\x00\x00\x00\x01" + bytes(range(250))


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


def add(transfer, octets):
    """add() of a block that stands somewhere in a buffer."""
    return transfer.add(b"\x99\x99" + octets + b"\x99", 2, 2 + len(octets))


def result(transfer):
    return bytes(transfer.buf[transfer.start : transfer.end])


def refused(transfer, octets):
    """(reason, offset) of the error, which is the only one that may come."""
    try:
        add(transfer, octets)
    except DecodeError as e:
        assert e.code == INCOMPLETE and not transfer.pending()
        return e.reason, e.offset - 2
    raise AssertionError("taken: " + repr(octets))


def test_a_block_made_by_hand():
    transfer = BlockTransfer()
    assert add(transfer, b"\xe0\xc0\x00\x01\x00\x00\x03\x0f\x01\x02")
    assert result(transfer) == b"\x0f\x01\x02"


def test_three_blocks():
    transfer = BlockTransfer()
    for _ in range(2):
        assert not add(transfer, LLC + block(1, APDU[:112])) and transfer.pending()
        assert not add(transfer, block(2, APDU[112:220], streaming=False))
        assert add(transfer, block(3, APDU[220:], last=True))
        assert result(transfer) == APDU and not transfer.pending()
    assert transfer.lost == 0


def test_each_form_of_the_length():
    for form in (0, 1, 2):
        transfer = BlockTransfer()
        assert not add(transfer, block(1, APDU[:100], form=form))
        assert add(transfer, block(2, APDU[100:220], last=True, form=form))
        assert result(transfer) == APDU[:220]


def test_block_one_begins_anew():
    transfer = BlockTransfer()
    add(transfer, block(1, b"old"))
    add(transfer, block(2, b"old"))
    add(transfer, block(1, b"new"))
    assert add(transfer, block(2, b"er", last=True))
    assert result(transfer) == b"newer" and transfer.lost == 1


def test_a_missing_block():
    for numbers in ((2,), (1, 3), (1, 2, 2), (1, 2, 4), (0,), (1, 0), (1, 65535)):
        transfer = BlockTransfer()
        for number in numbers[:-1]:
            add(transfer, block(number, b"abc"))
        assert refused(transfer, block(numbers[-1], b"abc")) == ("block missing", 2)
        assert transfer.lost == (1 if len(numbers) > 1 else 0)
        assert add(transfer, block(1, b"good", last=True)) and result(transfer) == b"good"


def test_a_header_cut_off():
    octets = block(1, APDU[:100], form=2)
    for cut in range(7):
        assert refused(BlockTransfer(), octets[:cut]) == ("block header cut off", cut)
    for cut in range(7, len(octets)):
        reason, offset = refused(BlockTransfer(), octets[:cut])
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
        transfer = BlockTransfer()
        add(transfer, block(1, b"abc"))
        reason, _ = refused(transfer, b"\xe0\x40\x00\x02\x00\x00" + length + b"abc")
        assert reason == "block does not end where its length says", length


def test_not_a_block():
    assert refused(BlockTransfer(), b"\x0f" + bytes(20)) == ("not a block", 0)


def test_a_message_longer_than_the_buffer():
    transfer = BlockTransfer()
    for number in range(1, 21):
        assert not add(transfer, block(number, bytes(100)))
    assert not add(transfer, block(21, bytes(48)))  # 2048
    assert refused(transfer, block(22, b"x")) == ("message in blocks is too long", 0)
    assert refused(transfer, block(23, b"x", last=True)) == ("block missing", 2)
    small = BlockTransfer(bytearray(4))
    assert add(small, block(1, b"four", last=True)) and result(small) == b"four"
    assert refused(small, block(1, b"five5"))[0] == "message in blocks is too long"


def test_drop():
    transfer = BlockTransfer()
    assert not transfer.drop()
    add(transfer, block(1, b"abc"))
    assert transfer.drop() and not transfer.pending() and transfer.lost == 1
    assert refused(transfer, block(2, b"abc", last=True))[0] == "block missing"


def test_adding_allocates_nothing():
    import micropython

    blocks = [LLC + block(1, APDU[:100]), block(2, APDU[100:200]), block(3, APDU[200:], last=True)]
    transfer = BlockTransfer()
    complete = False
    for _ in range(2):
        micropython.heap_lock()
        for octets in blocks:
            complete = transfer.add(octets, 0, len(octets))
        micropython.heap_unlock()
    assert complete and result(transfer) == APDU
