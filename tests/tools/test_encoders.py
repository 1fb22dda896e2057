"""The encoders: layers against vectors made by hand, lists by their structure.

With captures beside the repository: their values must give the captured octets.
"""

import json
from dataclasses import fields
from datetime import datetime
from pathlib import Path

import pytest

from tools import captures
from tools.encoders import aidon, apdu, axdr, hdlc, kaifa, kamstrup
from tools.encoders.snapshot import Snapshot, scaled

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus"

TN = Snapshot(
    meter_id="0000000000000042",
    model="6534",
    serial=0x12345678,
    sent_at=datetime(2026, 1, 31, 18, 0, 10),
    clock=datetime(2026, 1, 31, 18, 0, 0),
    power_import_w=0x1234,
    power_export_w=0,
    reactive_import_var=5,
    reactive_export_var=6,
    power_factor_permille=987,
    voltage_l1_mv=230_049,
    voltage_l2_mv=230_050,
    voltage_l3_mv=231_500,
    current_l1_ma=1_049,
    current_l2_ma=1_050,
    current_l3_ma=20_000,
    power_import_l1_w=1,
    power_import_l2_w=2,
    power_import_l3_w=3,
    power_export_l1_w=4,
    power_export_l2_w=5,
    power_export_l3_w=6,
    reactive_import_l1_var=7,
    reactive_import_l2_var=8,
    reactive_import_l3_var=9,
    reactive_export_l1_var=10,
    reactive_export_l2_var=11,
    reactive_export_l3_var=12,
    power_factor_l1_permille=1000,
    power_factor_l2_permille=555,
    power_factor_l3_permille=554,
    energy_import_wh=109_554_029,
    energy_export_wh=19,
    reactive_energy_import_varh=29,
    reactive_energy_export_varh=39,
    energy_import_l1_wh=110,
    energy_import_l2_wh=120,
    energy_import_l3_wh=130,
    energy_export_l1_wh=140,
    energy_export_l2_wh=150,
    energy_export_l3_wh=160,
)


def without(snapshot, *names):
    """The snapshot with the named fields None."""
    values = {f.name: getattr(snapshot, f.name) for f in fields(snapshot)}
    return Snapshot(**{**values, **dict.fromkeys(names)})


IT = without(TN, "current_l2_ma")
ONE = without(TN, *(f.name for f in fields(TN) if ("_l2_" in f.name or "_l3_" in f.name)))


def test_crc_check_value():
    # the published check value of CRC-16/X-25 over "123456789"
    assert hdlc.crc16_x25(b"123456789") == 0x906E


def test_hdlc_frame_by_hand():
    got = hdlc.frame(b"\xaa\x7e", b"\x41", b"\x08\x83", 0x13)
    # format 2 + addresses 3 + control 1 + HCS 2 + info 2 + FCS 2 = 12 octets between the flags
    assert got[:7] == bytes.fromhex("7E A00C 41 0883 13")
    assert got[9:11] == b"\xaa\x7e" and got[-1:] == b"\x7e" and len(got) == 14
    # the CRC over data and check octets is always F0B8
    assert hdlc.crc16_x25(got[1:9]) ^ 0xFFFF == 0xF0B8
    assert hdlc.crc16_x25(got[1:-1]) ^ 0xFFFF == 0xF0B8


def test_hdlc_without_information_has_one_checksum():
    got = hdlc.frame(b"", b"\x03", b"\x21", 0x93)
    assert got[:6] == bytes.fromhex("7E A007 03 21 93") and len(got) == 9
    assert hdlc.crc16_x25(got[1:-1]) ^ 0xFFFF == 0xF0B8


def test_hdlc_segmentation_bit_and_limits():
    assert hdlc.frame(b"x" * 300, b"\x01", b"\x01", 3, segmented=True)[1:3].hex() == "a935"
    assert len(hdlc.frame(b"x" * 2038, b"\x01", b"\x01", 3)) == 2049
    with pytest.raises(ValueError, match="2048"):
        hdlc.frame(b"x" * 2039, b"\x01", b"\x01", 3)
    for bad in (b"", b"\x02", b"\x01\x01", b"\x02\x02\x02\x02\x01"):
        with pytest.raises(ValueError, match="address"):
            hdlc.frame(b"x", bad, b"\x01", 3)


def test_axdr_by_hand():
    cases = (
        (axdr.null(), "00"),
        (axdr.u8(255), "11 FF"),
        (axdr.u16(2325), "12 0915"),
        (axdr.i16(-2), "10 FFFE"),
        (axdr.u32(0x12345678), "06 12345678"),
        (axdr.u64(1 << 40), "15 0000010000000000"),
        (axdr.i8(-1), "0F FF"),
        (axdr.enum(27), "16 1B"),
        (axdr.octet_string(b"\x01\x02"), "09 02 0102"),
        (axdr.visible_string("AB"), "0A 02 4142"),
        (axdr.array([axdr.u8(1), axdr.u8(2)]), "01 02 1101 1102"),
        (axdr.structure([axdr.null()]), "02 01 00"),
        (axdr.obis("1-0:1.7.0"), "09 06 0100010700FF"),
        (axdr.length(127), "7F"),
        (axdr.length(128), "81 80"),
        (axdr.length(256), "82 0100"),
    )
    for got, expected in cases:
        assert got == bytes.fromhex(expected)


def test_axdr_refuses_values_outside_their_type():
    for encode, value in ((axdr.u8, 256), (axdr.u16, -1), (axdr.i8, 128), (axdr.u32, 1 << 32)):
        with pytest.raises(ValueError, match="does not fit"):
            encode(value)
    with pytest.raises(ValueError):
        axdr.obis("1.8")
    with pytest.raises(ValueError):
        axdr.length(65536)


def test_date_time_by_hand():
    saturday = datetime(2026, 1, 31, 18, 5, 10)
    assert axdr.date_time(saturday).hex() == "07ea011f0612050aff800000"
    assert axdr.date_time(saturday, -60, 0x80).hex() == "07ea011f0612050affffc480"
    assert axdr.date_time(saturday, 0, 0, weekday=False).hex() == "07ea011f0012050aff000000"


def test_data_notification_forms():
    stamp = bytes(range(12))
    assert apdu.data_notification(b"B").hex() == "e6e7000f400000000042"
    assert apdu.data_notification(b"B", stamp, invoke_id=0) == (
        bytes.fromhex("E6E700 0F 00000000 0C") + stamp + b"B"
    )
    assert apdu.data_notification(b"B", stamp, tagged=True)[8:10] == b"\x09\x0c"
    with pytest.raises(ValueError):
        apdu.data_notification(b"B", b"short")


def test_scaled_rounds_half_up():
    assert [scaled(v, 100) for v in (0, 49, 50, 149, 150)] == [0, 0, 1, 1, 2]


def parse(data, at=0):
    """A small A-XDR reader for these tests: (value, next offset); obis codes stay bytes."""
    tag, at = data[at], at + 1
    if tag == 0:
        return None, at
    sizes = {0x11: 1, 0x0F: 1, 0x16: 1, 0x10: 2, 0x12: 2, 0x06: 4, 0x15: 8}
    if tag in sizes:
        end = at + sizes[tag]
        return int.from_bytes(data[at:end], "big", signed=tag in (0x0F, 0x10)), end
    count, at = data[at], at + 1
    if tag in (9, 10):
        return data[at : at + count], at + count
    assert tag in (1, 2), hex(tag)
    items = []
    for _ in range(count):
        item, at = parse(data, at)
        items.append(item)
    return items, at


def body_of(frame, stamp):
    """The body of a frame; an address ends at the octet with bit 0 set.

    stamp: number of octets of the date-time field.
    """
    assert frame[0] == frame[-1] == 0x7E
    assert int.from_bytes(frame[1:3], "big") == 0xA000 | len(frame) - 2
    assert hdlc.crc16_x25(frame[1:-1]) ^ 0xFFFF == 0xF0B8
    at = 3
    for _ in range(2):
        while not frame[at] & 1:
            at += 1
        at += 1
    at += 3  # control, HCS
    assert frame[at : at + 4] == b"\xe6\xe7\x00\x0f"
    at += 8 + stamp
    body, end = parse(frame, at)
    assert end == len(frame) - 3
    return body


def test_aidon_norway():
    (item,) = body_of(aidon.list1(TN), 1)
    assert item == [bytes.fromhex("0100010700FF"), 0x1234, [0, 27]]
    assert len(aidon.list1(TN)) == 44
    items = body_of(aidon.list2(TN), 1)
    assert len(items) == 13
    assert [i[1] for i in items[:3]] == [b"AIDON_V0001", b"0000000000000042", b"6534"]
    assert [i[1] for i in items[7:]] == [10, 11, 200, 2300, 2301, 2315]
    assert items[7][2] == [-1, 33] and items[12][2] == [-1, 35]
    assert len(body_of(aidon.list2(IT), 1)) == 12
    assert len(body_of(aidon.list2(ONE), 1)) == 9
    hourly = body_of(aidon.list3(TN), 1)
    assert len(hourly) == 18
    assert hourly[13][1].hex() == "07ea011f00120000ff000000"
    assert [i[1] for i in hourly[14:]] == [10_955_402, 1, 2, 3]
    assert hourly[14][2] == [1, 30] and hourly[17][2] == [1, 32]
    assert len(body_of(aidon.list3(IT), 1)) == 17
    assert len(body_of(aidon.list3(ONE), 1)) == 14


def test_aidon_sweden():
    items = body_of(aidon.push_se(TN), 1)
    assert len(items) == 27
    assert items[0][1].hex() == "07ea011f06120000ff8000ff"
    codes = [i[0][2] for i in items[11:23]]
    assert codes == [21, 22, 23, 24, 41, 42, 43, 44, 61, 62, 63, 64]
    assert [i[1] for i in items[11:23]] == [1, 4, 7, 10, 2, 5, 8, 11, 3, 6, 9, 12]
    assert items[23][1:] == [109_554_029, [0, 30]]


def test_kaifa_norway():
    assert body_of(kaifa.list1(TN), 14) == [0x1234]
    assert kaifa.list1(TN)[3:7].hex() == "01020110"
    items = body_of(kaifa.list2(TN), 14)
    assert items[:3] == [b"KFM_001", b"0000000000000042", b"6534"]
    assert items[3:] == [0x1234, 0, 5, 6, 1049, 1050, 20000, 2300, 2301, 2315]
    assert len(body_of(kaifa.list2(ONE), 14)) == 9
    hourly = body_of(kaifa.list3(TN), 14)
    assert len(hourly) == 18
    assert hourly[13].hex() == "07ea011f06120000ff800000"
    assert hourly[14:] == [109_554_029, 19, 29, 39]
    assert len(body_of(kaifa.list3(ONE), 14)) == 14
    assert kaifa.list3(TN, wide=True)[-3 - 36 :][:1] == b"\x15"
    assert body_of(kaifa.list2(without(TN, "voltage_l2_mv")), 14)[11] == 0


def test_kaifa_sweden():
    items = body_of(kaifa.push_se(TN), 1)
    assert len(items) == 36
    assert items[0] == bytes.fromhex("0100000281FF") and items[1] == b"KFM_001"
    assert items[26].hex() == "0000010000ff"
    assert items[28].hex() == "0100010800ff" and items[29] == 109_554_029


def test_kamstrup_norway():
    items = body_of(kamstrup.list2(TN), 13)
    assert len(items) == 25 and items[0] == b"Kamstrup_V0001"
    assert items[5].hex() == "0101010700ff" and items[6] == 0x1234
    assert items[14::2] == [105, 105, 2000, 230, 230, 232]
    assert items[12] == 6
    hourly = body_of(kamstrup.list3(TN), 13)
    assert len(hourly) == 35
    assert hourly[25].hex() == "0001010000ff"
    assert hourly[28::2] == [10_955_402, 1, 2, 3]
    one = body_of(kamstrup.list2(ONE), 13)
    assert len(one) == 25
    assert one[15:19] == [None] * 4 and one[21:25] == [None] * 4
    assert len(body_of(kamstrup.list3(ONE), 13)) == 35


def test_kamstrup_denmark():
    items = body_of(kamstrup.push_dk(TN), 13)
    assert len(items) == 65
    assert items[9].hex() == "0101000001ff" and items[10] == 0x12345678
    pairs = {tuple(code[2:5]): value for code, value in zip(items[1::2], items[2::2], strict=True)}
    assert pairs[(33, 7, 0)] == 100 and pairs[(53, 7, 0)] == 56 and pairs[(73, 7, 0)] == 55
    assert pairs[(13, 7, 0)] == 99
    assert [pairs[(c, 8, 0)] for c in (21, 41, 61, 22, 42, 62)] == [11, 12, 13, 14, 15, 16]
    assert len(body_of(kamstrup.push_dk(ONE), 13)) == 37


def test_lists_need_a_clock():
    bare = Snapshot(current_l3_ma=0)
    calls = (aidon.list3, aidon.push_se, kaifa.list1, kaifa.list3, kaifa.push_se, kamstrup.list2)
    for encode in calls:
        with pytest.raises(ValueError):
            encode(bare)


def snapshot_of(name):
    """The Snapshot of a capture's expected reading."""
    reading = json.loads((CORPUS / "expected.json").read_text())[name]["reading"]
    known = {f.name for f in fields(Snapshot)}
    values = {key: value for key, value in reading.items() if key in known}
    clock = reading.get("meter_time_local") or reading.get("apdu_time_local")
    sent_at = reading.get("apdu_time_local") or clock
    return Snapshot(
        **values,
        model=reading.get("meter_model", ""),
        clock=datetime.fromisoformat(clock),
        sent_at=datetime.fromisoformat(sent_at),
        deviation_min=reading.get("meter_time_deviation_min"),
    )


def _swedish(encode, **options):
    return lambda s: encode(s, src=b"\x00\x01", **options)


REAL = {
    "aidon/gh1119-2.hex": aidon.list3,
    "aidon/gh1119-3.hex": aidon.list3,
    "aidon/gh156-1.hex": aidon.push_se,
    "kaifa/gh180-1.hex": kaifa.list1,
    "kaifa/gh180-2.hex": kaifa.list2,
    "kaifa/gh242-1.hex": kaifa.push_se,
    "kaifa/gh242-3.hex": _swedish(kaifa.list3),
    "kaifa/gh242-4.hex": _swedish(kaifa.list3, wide=True),
    "kamstrup/em001-1.hex": kamstrup.list3,
    "kamstrup/em001-2.hex": kamstrup.list2,
    "kamstrup/em001-10.hex": kamstrup.list2,
    "kamstrup/gh239-2.hex": lambda s: kamstrup.list3(s, energy_unit_wh=1),
    "kamstrup/gh216-1.hex": lambda s: kamstrup.push_dk(s, current_unit_ma=1),
}


# copies made after decryption: the APDU is complete, the frame is not
DECRYPTED = ("kamstrup/gh194-1.hex", "kamstrup/gh244-2.hex", "kamstrup/gh247-2.hex")


def with_serial(snapshot, wire):
    """The snapshot with the serial number from the octets: the expected values lack it."""
    at = wire.index(bytes.fromhex("0101000001FF06")) + 7
    values = {f.name: getattr(snapshot, f.name) for f in fields(snapshot)}
    return Snapshot(**{**values, "serial": int.from_bytes(wire[at : at + 4], "big")})


def test_captures_are_encoded_octet_for_octet():
    if not (CORPUS / "expected.json").exists():
        return  # the captures are not part of the project
    for name, encode in REAL.items():
        wire = captures.read(CORPUS / name)
        snapshot = snapshot_of(name)
        if encode is REAL["kamstrup/gh216-1.hex"]:
            snapshot = with_serial(snapshot, wire)
        assert encode(snapshot).hex() == wire.hex(), name


def test_decrypted_captures_hold_the_same_apdu():
    if not (CORPUS / "expected.json").exists():
        return
    for name in DECRYPTED:
        wire = captures.read(CORPUS / name)
        frame = kamstrup.push_dk(with_serial(snapshot_of(name), wire))
        assert frame[frame.index(b"\x0f") : -3] in wire, name
