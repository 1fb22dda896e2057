"""Descriptors: their compiled form, the lists they fit, and errors in the text."""

from han import descriptors, positional
from han.decode import Decoder
from han.descriptors import DescriptorError
from han.fields import (
    APDU_TIME_LOCAL,
    ENERGY_IMPORT_WH,
    LIST_ID,
    METER_TIME_LOCAL,
    POWER_EXPORT_W,
    POWER_IMPORT_W,
    VOLTAGE_L1_MV,
    DecodeError,
)
from han.items import Items
from han.meters import iskra, kaifa, landisgyr
from items import NULL, STAMP, TIME, apdu, array, as_dict, i16, merged, octets, structure, u16, u32

POWER = POWER_IMPORT_W
VOLTS = VOLTAGE_L1_MV


def test_a_text_compiles_to_few_octets():
    text = (
        "# two\nlist a iskra sum\nu32 power_import_w?, text=AB*\n\nlist b\n u16 voltage_l*_mv 0.1"
    )
    wanted = b"\x00\x10\x02\x08\x01\x01a\x06" + bytes((POWER | 0x80, 64))
    wanted += b"\xc1\xff\x40\x82AB"
    wanted += b"\x00\x10\x03\x00\x00\x01b"
    for phase in range(3):
        wanted += bytes((0x12, VOLTS + phase, 66))  # 0.1 V to mV: two powers of ten
    assert descriptors.table(text) == wanted
    assert descriptors.table("") == b"" and descriptors.table("# nothing\n") == b""


def test_the_built_in_table_is_small():
    table = kaifa.LISTS + iskra.LISTS + landisgyr.LISTS
    assert len(table) < 1500
    count = at = 0
    while at < len(table):
        at += table[at] << 8 | table[at + 1]
        count += 1
    assert at == len(table) and count == 20


def decode(text, body):
    decoder = Decoder()
    decoder.use(text)
    octets = apdu(body)
    try:
        return decoder.decode(bytearray(octets), 0, len(octets))
    finally:
        decoder.close()


def test_an_owners_list_comes_first():
    body = structure(u32(1393))
    assert decode("", body).vendor == 2
    reading = decode("list mine sagemcom\nu32 power_export_w 10", body)
    assert reading.vendor == 10
    assert as_dict(reading) == merged(STAMP, {"list_type": 1, "power_export_w": 13930})
    assert decode("list mine\nu16 power_export_w", body).number(POWER_IMPORT_W) == 1393


OWN = """
list first kamstrup
text=XY_1 list_id, octets=0A0b, i16 power_import_w 100, any, u32 energy_import_wh
list second kamstrup
text=XY_* list_id, octets, number power_import_w, container, time meter_time_local
"""


def test_types_and_literals_decide():
    parts = (octets(b"XY_1"), octets(b"\x0a\x0b"), i16(-2))
    reading = decode(OWN, structure(*parts, array(u16(1), structure(u16(2))), u32(7)))
    assert reading.number(POWER_IMPORT_W) == -200 and reading.number(ENERGY_IMPORT_WH) == 7
    assert reading.text(LIST_ID) == "XY_1"
    # A null stands for anything but a literal.
    reading = decode(OWN, structure(*parts[:2], NULL, NULL, u32(7)))
    assert reading.number(POWER_IMPORT_W) is None and reading.number(ENERGY_IMPORT_WH) == 7
    reading = decode(OWN, structure(octets(b"XY_12"), *parts[1:], array(u16(1), u16(2)), TIME))
    assert reading.number(POWER_IMPORT_W) == -2 and reading.number(
        METER_TIME_LOCAL
    ) == reading.number(APDU_TIME_LOCAL)
    for body in (
        structure(octets(b"XY_1"), octets(b"\x0a\x0c"), i16(-2), u16(1), u32(7)),
        structure(octets(b"XY_12"), octets(b"\x0a\x0b"), i16(-2), u16(1), u32(7)),
        structure(octets(b"XY"), octets(b""), i16(-2), array(), TIME),
        structure(octets(b"XY_1"), octets(b""), i16(-2), array(), octets(b"11 octets..")),
        structure(NULL, octets(b"\x0a\x0b"), i16(-2), u16(1), u32(7)),
        structure(*parts, u16(1), u32(7), u32(8)),
    ):
        try:
            decode(OWN, body)
        except DecodeError:
            continue
        raise AssertionError(body)


def test_the_match_depends_on_the_list_alone():
    table = descriptors.table(OWN)
    items = Items()
    for body in (structure(), octets(b"XY_1"), array(), u16(1)):
        items.load(bytearray(body), 0, len(body))
        assert not positional.decode(table, items, None)
    assert not positional.decode(b"", items, None)


def error(text):
    try:
        descriptors.table(text, True)
    except DescriptorError as e:
        assert str(e) == "line %d: %s" % (e.line, e.reason)
        return e.line, e.reason
    raise AssertionError("compiled: " + text)


def test_errors_name_the_line_and_what_is_allowed():
    line, reason = error("list a\nu32 power_import_w\nu33 power_export_w")
    assert line == 3 and reason.startswith("type u33: allowed are any, bool, container, enum, i16")
    line, reason = error("list a\nu32 power_w")
    assert line == 2 and reason == "field power_w: see the table of fields"
    line, reason = error("list a\nu32 power_import_w 0.2")
    assert line == 2 and reason == "unit 0.2: allowed are 0.001, 0.01, 0.1, 1, 10, 100, 1000"
    assert error("list a xyz")[1].startswith("xyz: allowed are aidon, iskra, kaifa")
    assert error("u32 power_import_w") == (1, "an item before the first list NAME")
    assert error("\nlist") == (2, "list needs a name of 1 to 24 letters")
    assert error("list a/b\nu32")[0] == error("list " + "x" * 25)[0] == 1
    assert error("list a\nlist b\nu32") == (1, "a list without items")
    assert error("list a\n\n# nothing") == (1, "a list without items")
    assert (
        error("list a\nu32 power_import_w 1 u32")[1]
        == "u32: at most TYPE FIELD UNIT, then a comma"
    )
    for bad in ("text=", "text=*", "octets=0", "octets=xy", "octets=", "text=" + "x" * 33):
        assert error("list a\n" + bad) == (2, "a literal has 1 to 32 octets"), bad
    assert error("list a\nu32=5") == (2, "only text and octets take a literal")
    power = [kind + " power_import_w" for kind in ("text", "time", "octets", "any")]
    for bad in power + ["u32 meter_id", "u32 meter_time_local"]:
        assert error("list a\n" + bad)[1].endswith("does not go with this type"), bad
    assert error("list a\nu16 apdu_time_deviation_min")[1].startswith("field apdu_time_dev")


def test_limits_of_an_owners_text():
    assert error("list a\n" + "u8\n" * 65) == (66, "more than 64 items")
    assert error("list a\n" + "u8," * 63 + "u16 voltage_l*_mv")[0] == 2
    assert len(descriptors.table("list a\n" + "u8\n" * 64, 16)) == 7 + 3 * 64
    assert error("list a\nu8\n" * 17) == (33, "more than 16 lists")
    assert descriptors.table("list a\nu8\n" * 16, 16)
    assert error("#" * 4097) == (0, "4097 octets, 4096 are allowed")
    assert descriptors.table("#" * 4096, 16) == b""


def test_a_bad_text_changes_nothing():
    decoder = Decoder()
    decoder.use("list mine sagemcom\nu32 power_export_w")
    try:
        decoder.use("list mine")
    except ValueError:
        octets = apdu(structure(u32(5)))
        assert decoder.decode(bytearray(octets), 0, len(octets)).number(POWER_EXPORT_W) == 5
        decoder.close()
        return
    raise AssertionError("taken")
