from han import fields
from han.items import MAX_ITEMS, Items


def load(octets, before=b""):
    items = Items()
    items.load(before + octets, len(before), len(before) + len(octets))
    return items


def reason(octets):
    try:
        load(octets)
    except fields.DecodeError as e:
        return e.reason, e.offset
    return None


def test_a_structure_reads_as_one_row():
    items = load(b"\x02\x02\x09\x01A\x02\x01\x11\x05", b"\x55" * 3)
    assert items.count == 4
    assert [items.tag(i) for i in range(5)] == [2, 9, 2, 0x11, -1]
    assert items.length(0) == 2 and items.text(1) == "A" and items.integer(3) == 5


def test_integers_of_every_width_and_sign():
    for octets, value in (
        (b"\x05\xff\xff\xff\xfe", -2),
        (b"\x05\x7f\xff\xff\xfe", 2147483646),
        (b"\x06\x80\x00\x00\x01", 2147483649),
        (b"\x06\xff\xff\xff\xfe", 4294967294),
        (b"\x0f\xfe", -2),
        (b"\x0f\x7f", 127),
        (b"\x10\x80\x00", -32768),
        (b"\x10\x12\x34", 0x1234),
        (b"\x11\xff", 255),
        (b"\x12\xff\xfe", 65534),
        (b"\x14\xff\xff\xff\xff\xff\xff\xff\xff", -1),
        (b"\x14\x00\x00\x00\x01\x00\x00\x00\x00", 4294967296),
        (b"\x15\x00\x00\x00\x19\x82\x15\xf3\xc8", 25 * 4294967296 + 0x8215F3C8),
        (b"\x16\x1b", 27),
    ):
        assert load(octets).integer(0) == value, octets


def test_all_ones_is_not_available():
    for octets in (b"\x06\xff\xff\xff\xff", b"\x12\xff\xff", b"\x10\x7f\xff", b"\x00"):
        assert load(octets).integer(0) is None


def test_text_is_trimmed_and_printable():
    assert load(b"\x09\x066525\x00\x00").text(0) == "6525"
    assert load(b"\x0a\x04 A1 ").text(0) == "A1"
    assert load(b"\x09\x02\x01\xff").text(0) is None
    assert load(b"\x11\x41").text(0) is None


def test_long_lengths():
    assert load(b"\x09\x81\x82" + b"x" * 130).length(0) == 130
    assert load(b"\x09\x82\x01\x00" + b"x" * 256).length(0) == 256


def test_errors_have_a_code_and_an_offset():
    assert reason(b"\x06\x00\x00") == ("item cut off", 0)
    assert reason(b"\x02\x02\x00") == ("item cut off", 3)
    assert reason(b"\x02\x01\x1f") == ("unknown data type", 2)
    assert reason(b"\x02\x01\xff") == ("unknown data type", 2)
    assert reason(b"\x00\x00") == ("octets after the list", 1)
    assert reason(b"\x09\x05abc") == ("item cut off", 0)
    assert reason(b"\x09\x84\x00\x00\x00\x01a") == ("item cut off", 0)
    assert reason(b"") == ("item cut off", 0)
    assert reason(b"\x02\x82\xff\xff" + b"\x00" * 400) == ("too many items", 4 + MAX_ITEMS - 1)


def test_each_truncation_is_an_error():
    octets = b"\x01\x01\x02\x03\x09\x06\x01\x00\x01\x07\x00\xff"
    octets += b"\x06\x00\x00\x01\x3f\x02\x02\x0f\x00\x16\x1b"
    assert reason(octets) is None
    for n in range(len(octets)):
        assert reason(octets[:n]) is not None, n
