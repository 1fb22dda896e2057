"""Each kind of list, made item by item, with its expected values."""

import gc
import sys

import ondemand
from han import fields, inspector, lists, p1, positional  # noqa: F401 - loaded for all tests
from han.decode import Decoder
from han.fields import APDU_TIME_LOCAL, METER_TIME_LOCAL, POWER_IMPORT_W, DecodeError
from items import (
    CLOCK,
    NULL,
    STAMP,
    TIME,
    WHEN,
    WHEN_S,
    apdu,
    array,
    as_dict,
    code,
    enum,
    i16,
    i32,
    merged,
    number,
    octets,
    phases,
    scaler,
    structure,
    u8,
    u16,
    u32,
    u64,
    visible,
)

DECODER = Decoder()
NAME = octets(b"ISK1030123456789")
ISKRA = {"list_id": "ISK1030123456789"}
W = {"power_import_w": 1393, "power_export_w": 7}
VAR = {"reactive_import_var": 11, "reactive_export_var": 738}
WH = {"energy_import_wh": 52837, "energy_export_wh": 177927}
TARIFFS = {
    "energy_import_t1_wh": 13593,
    "energy_import_t2_wh": 39244,
    "energy_export_t1_wh": 78615,
    "energy_export_t2_wh": 99312,
}
U = phases("voltage_l%d_mv", (237900, 238000, 229600))
I = phases("current_l%d_ma", (1030, 1250, 5970))  # noqa: E741
VOLTS = (u16(2379), u16(2380), u16(2296))
AMPERES = (u16(103), u16(125), u16(597))
POWERS = (u32(1393), u32(7))
REACTIVE = (u32(11), u32(738))
COUNTERS = (u32(52837), u32(13593), u32(39244), u32(177927), u32(78615), u32(99312))


def decode(body, when_absent=False):
    octets = apdu(body, None) if when_absent else apdu(body)
    try:
        return DECODER.decode(bytearray(octets), 0, len(octets))
    finally:
        DECODER.close()


def check(body, vendor, *parts):
    reading = decode(body)
    assert as_dict(reading) == merged(STAMP, *parts), as_dict(reading)
    assert reading.vendor == vendor


def test_the_months_peak_and_its_time():
    """Codes, scalers and dates as lists with codes have them; no capture has 1.6.0."""
    power = (code(1, 7, 0), u32(1393), scaler(0, 27))
    demand = (code(1, 4, 0), u32(235), scaler(1, 27))
    peak = {"list_type": 1, "power_import_w": 1393, "demand_import_w": 2350}
    at = {"peak_import_w": 4710, "peak_time_local": WHEN_S}  # the wall clock, no deviation
    value = (code(1, 6, 0), u32(471), scaler(1, 27))
    for items, values in (
        (value, {"peak_import_w": 4710}),
        (value + (code(1, 6, 0), TIME), at),
        ((code(1, 6, 0), TIME) + value, at),
        (value + (TIME,), at),
        ((code(1, 6, 0), u16(4710), TIME), at),
        (value + (octets(b"\xff" * 12),), {"peak_import_w": 4710}),
    ):
        check(structure(*power, *demand, *items, *power), 0, peak, values)
    # As many rows as a list of 200 items can have: the second time has no code and is left out.
    many = structure(*power, *[item for _ in range(64) for item in (code(1, 6, 0), u16(5), TIME)])
    reading = decode(many)
    assert reading.values[fields.PEAK_IMPORT_W] == 5


def test_iskra_with_phases():
    l1 = (u32(16), u32(51), u32(1325), u32(0), u32(8), u32(0))
    check(
        structure(NAME, octets(b"16820005"), *POWERS, *REACTIVE, *VOLTS, *AMPERES, *l1),
        8, {"list_type": 4, "meter_id": "16820005"}, ISKRA, W, VAR, U, I,
        phases("power_import_l%d_w", (16, 51, 1325)), phases("power_export_l%d_w", (0, 8, 0)),
    )  # fmt: skip


def test_iskra_lists_of_twelve():
    check(
        structure(NAME, octets(b"168"), enum(1), octets(b"\0\1"), *COUNTERS, u32(5), u32(6)),
        8, {"list_type": 3, "meter_id": "168"}, ISKRA, WH, TARIFFS,
        {"reactive_energy_import_varh": 5, "reactive_energy_export_varh": 6},
    )  # fmt: skip
    check(
        structure(NAME, octets(b"UP_3f"), *VOLTS, *AMPERES, *POWERS, *REACTIVE),
        8, {"list_type": 2, "meter_id": "UP_3f"}, ISKRA, U, I, W, VAR,
    )  # fmt: skip
    # Kaernten: the push setup's code first, no name. Time and date in parts are not taken.
    parts = (octets(b"\x15\x0b\x11\x00"), octets(b"\x07\xe8\x05\x07\x02"))
    energy = (u32(52837), u32(177927), u32(5), u32(6))
    check(
        structure(code(25, 9, 0, 0, 6), octets(b"123"), *parts, *energy, *POWERS,
                  octets(b""), octets(b"")),
        8, {"list_type": 3, "meter_id": "123"}, WH, W,
        {"reactive_energy_import_varh": 5, "reactive_energy_export_varh": 6},
    )  # fmt: skip


def test_iskra_lists_of_ten():
    phase = {"voltage_l1_mv": 237900, "current_l1_ma": 1030}
    check(
        structure(NAME, octets(b"168"), *POWERS, *REACTIVE, VOLTS[0], AMPERES[0], u32(3), u32(4)),
        8, {"list_type": 4, "meter_id": "168"}, ISKRA, W, VAR, phase,
        {"power_import_l1_w": 3, "power_export_l1_w": 4},
    )  # fmt: skip
    # Tariffs alone: the totals are their sums.
    eight = [u32(n) for n in (100, 20, 3, 4, 5, 6, 7, 8)]
    check(
        structure(NAME, octets(b"168"), *eight),
        8, {"list_type": 3, "meter_id": "168"}, ISKRA,
        {"energy_import_t1_wh": 100, "energy_import_t2_wh": 20, "energy_import_wh": 120},
        {"energy_export_t1_wh": 3, "energy_export_t2_wh": 4, "energy_export_wh": 7},
        {"reactive_energy_import_t1_varh": 5, "reactive_energy_import_t2_varh": 6},
        {"reactive_energy_export_t1_varh": 7, "reactive_energy_export_t2_varh": 8},
        {"reactive_energy_import_varh": 11, "reactive_energy_export_varh": 15},
    )  # fmt: skip


def test_iskra_lists_of_nine_eight_and_four():
    check(
        structure(NAME, octets(b"ISK840"), *POWERS, *REACTIVE, VOLTS[0], u32(0), u32(0)),
        8, {"list_type": 2, "meter_id": "ISK840", "voltage_l1_mv": 237900}, ISKRA, W, VAR,
        {"energy_export_t1_wh": 0, "energy_export_t2_wh": 0},
    )  # fmt: skip
    check(structure(NAME, *POWERS, *COUNTERS), 8, {"list_type": 3}, ISKRA, W, WH, TARIFFS)
    check(
        structure(NAME, octets(b"168"), VOLTS[0], AMPERES[0], *POWERS, *REACTIVE),
        8, {"list_type": 2, "meter_id": "168", "voltage_l1_mv": 237900, "current_l1_ma": 1030},
        ISKRA, W, VAR,
    )  # fmt: skip
    check(
        structure(octets(b"84605001"), u8(0), u32(52837), u32(177927)),
        8, {"list_type": 3, "meter_id": "84605001"}, WH,
    )  # fmt: skip


def croatian(*middle):
    parts = (octets(b"\x0f\x35\x1e\x00"), octets(b"\x07\xe9\x0c\x03\x03"))
    limits = [array(u16(9400)) for _ in range(3)]
    powers = [u32(n) for n in (27, 295, 176, 0, 9, 0)]
    head, factor = (middle[:-1], middle[-1:]) if middle else ((), ())
    return structure(octets(b"92029001"), *parts, *COUNTERS, *head, *POWERS, *factor, *powers,
                     *VOLTS, *AMPERES, u32(17250), *limits, b"\x03\x01")  # fmt: skip


def test_iskra_in_croatia():
    same = (
        {"list_type": 4, "meter_id": "92029001", "limiter_w": 17250}, W, WH, TARIFFS, U, I,
        phases("power_import_l%d_w", (27, 295, 176)), phases("power_export_l%d_w", (0, 9, 0)),
    )  # fmt: skip
    check(
        croatian(u32(1), u32(2), u32(3), u32(4), u16(746)),
        8, {"power_factor_permille": 746}, *same,
        {"reactive_energy_q%d_varh" % q: q for q in (1, 2, 3, 4)},
    )  # fmt: skip
    check(croatian(), 8, *same)


def test_iskra_in_switzerland():
    check(
        structure(*COUNTERS, octets(b""), TIME, u32(7), u32(1393), *AMPERES, VOLTS[0], VOLTS[2]),
        8, {"list_type": 3}, CLOCK, WH, TARIFFS, W, I,
        {"voltage_l1_mv": 237900, "voltage_l3_mv": 229600},
    )  # fmt: skip


def scaled_items(flat):
    """The list of Kaifa and Sagemcom meters in Austria, flat or with structures."""
    rows = (
        (code(1, 8, 0), u32(12937), scaler(0, 30)),
        (code(2, 8, 0), u32(3), scaler(0, 30)),
        (code(1, 7, 0), u32(2867), scaler(0, 27)),
        (code(2, 7, 0), u32(0), scaler(0, 27)),
        (code(32, 7, 0), u16(2337), scaler(-1, 35)),
        (code(52, 7, 0), u16(2330), scaler(-1, 35)),
        (code(72, 7, 0), u16(2336), scaler(-1, 35)),
        (code(31, 7, 0), u16(1241), scaler(-2, 33)),
        (code(51, 7, 0), u16(2), scaler(-2, 33)),
        (code(71, 7, 0), u16(31), scaler(-2, 33)),
    )
    if flat:
        return [item for row in rows for item in row]
    return [structure(*row) for row in rows]


AUSTRIAN = merged(
    {"energy_import_wh": 12937, "energy_export_wh": 3, "power_import_w": 2867},
    {"power_export_w": 0},
    phases("voltage_l%d_mv", (233700, 233000, 233600)),
    phases("current_l%d_ma", (12410, 20, 310)),
)


def test_austrian_flat_list():
    factor = (code(13, 7, 0), i16(94), scaler(-3, 255))
    body = structure(TIME, *scaled_items(True), *factor, octets(b"181220000009"))
    assert body[1] == 35
    known = (AUSTRIAN, CLOCK, {"power_factor_permille": 94, "meter_id": "181220000009"})
    check(body, 0, {"list_type": 4}, *known)
    # Whose meter it is stands in the system title alone.
    octets_ = apdu(body)
    assert DECODER.decode(bytearray(octets_), 0, len(octets_), 10).vendor == 10
    DECODER.close()


def test_austrian_structures():
    names = (structure(code(96, 1, 0, 0), octets(b"1KFM0200000001")),)
    names += (structure(code(42, 0, 0, 0), octets(b"KFM1200200000001")),)
    more = (structure(code(3, 8, 0), u32(21), scaler(0, 32)),)
    more += (structure(code(4, 8, 0), u32(38), scaler(0, 32)),)
    clock = (code(1, 0, 0, 0), TIME)
    body = structure(*clock, *names, *scaled_items(False), *more)
    assert body[1] == 16
    known = {"list_type": 3, "meter_id": "1KFM0200000001"}
    varh = {"reactive_energy_import_varh": 21, "reactive_energy_export_varh": 38}
    check(body, 2, known, AUSTRIAN, CLOCK, varh)
    one_phase = [n for i, n in enumerate(scaled_items(False)) if i not in (5, 6, 8, 9)]
    body = structure(*clock, *names, *one_phase, *more)
    assert body[1] == 12
    wanted = {k: v for k, v in AUSTRIAN.items() if "_l2_" not in k and "_l3_" not in k}
    check(body, 2, known, wanted, CLOCK, varh)


def test_iskra_structures():
    names = (structure(code(96, 1, 0, 0), octets(b"16820005")),)
    names += (structure(code(42, 0, 0, 0), octets(b"ISK1030123456789")),)
    tariffs = [
        structure(code(c, 8, e), u32(n), scaler(0, 30))
        for c, e, n in ((1, 1, 13593), (1, 2, 39244), (2, 1, 78615), (2, 2, 99312))
    ]
    body = structure(*names, *scaled_items(False), *tariffs)
    assert body[1] == 16
    check(body, 8, {"list_type": 3, "meter_id": "16820005"}, AUSTRIAN, TARIFFS)


def test_landis_gyr_pairs():
    rows = ((1, 8, 0, 52837), (1, 8, 1, 13593), (1, 8, 2, 39244), (1, 7, 0, 1393))
    rows += ((2, 8, 0, 177927), (2, 8, 1, 78615), (2, 8, 2, 99312), (2, 7, 0, 7))
    rows += ((3, 8, 0, 5), (3, 8, 1, 2), (3, 8, 2, 3), (3, 7, 0, 11))
    rows += ((4, 8, 0, 6), (4, 8, 1, 6), (4, 8, 2, 0), (4, 7, 0, 738))
    body = structure(TIME, *[x for c, d, e, n in rows for x in (code(c, d, e), u32(n))])
    assert body[1] == 33  # as many as a Croatian list
    varh = {"reactive_energy_import_varh": 5, "reactive_energy_export_varh": 6}
    check(body, 9, {"list_type": 3}, CLOCK, W, VAR, WH, TARIFFS, varh)


def test_landis_gyr_by_position():
    head = (u16(236), u16(237), u16(0), u16(0), u16(4), u16(26), u32(1393), u32(7))
    head += (u32(52837), u32(177927))
    known = merged(
        {"list_type": 3, "meter_id": "12345678"}, W, WH,
        phases("voltage_l%d_mv", (236000, 237000, 0)), phases("current_l%d_ma", (0, 40, 260)),
    )  # fmt: skip
    tail = (u16(400), u16(53), u16(295))
    check(structure(*head, *tail, octets(b"12345678")), 9, known)
    check(structure(*head, octets(b"12345678")), 9, known)


def objects(volts, members=4):
    """A push-object-list and its values: the setup's name, an id, numbers."""
    more = (u16(0),) * (members - 3)
    entries = [(40, code(25, 9, 0, 0, 8), 2), (40, code(25, 9, 0, 0, 8), 1)]
    values = [octets(bytes((0, 8, 25, 9, 0, 255)))]
    rows = ((96, 1, 0, octets(b"63326001")), (1, 7, 0, u32(1393)), (2, 7, 0, u32(7)))
    rows += ((1, 8, 0, u32(52837)), (2, 8, 0, u32(177927)), (5, 8, 0, u32(30)))
    rows += ((6, 8, 0, u32(4)), (7, 8, 0, u32(2)), (8, 8, 0, u32(7)), (31, 7, 0, u16(51)))
    rows += ((32, 7, 0, u16(volts)), (0, 9, 9, array(u8(1), u8(2))), (51, 7, 0, u16(105)))
    for c, d, e, value in rows:
        entries.append((3, code(c, d, e), 2))
        values.append(value)
    described = [structure(u16(k), name, number(0x0F, a, 1), *more) for k, name, a in entries]
    return structure(array(*described), *values)


def test_landis_gyr_push_object_list():
    known = merged(
        {"list_type": 3, "meter_id": "63326001", "voltage_l1_mv": 234000}, W, WH,
        {"current_l1_ma": 510, "current_l2_ma": 1050},
        {"reactive_energy_q%d_varh" % q: n for q, n in ((1, 30), (2, 4), (3, 2), (4, 7))},
        {"reactive_energy_import_varh": 34, "reactive_energy_export_varh": 9},
    )  # fmt: skip
    check(objects(234), 9, known)
    check(objects(2340), 9, known)  # tenths: no mains has 2340 V
    check(objects(234, 6), 9, known)


def test_values_that_are_not_there_or_very_large():
    rows = (
        structure(code(1, 7, 0), u32(0xFFFFFFFF), scaler(0, 27)),
        structure(code(2, 7, 0), NULL, scaler(0, 27)),
        structure(code(3, 7, 0), i32(-5), scaler(0, 29)),
        structure(code(32, 7, 0), u16(0xFFFF), scaler(-1, 35)),
        structure(code(31, 7, 0), i16(0x7FFF), scaler(-1, 33)),
        structure(code(51, 7, 0), i16(-12), scaler(-1, 33)),
        structure(code(1, 8, 0), u64(4294967296123), scaler(0, 30)),
        structure(code(2, 8, 0), u32(4294967294), scaler(2, 30)),
        structure(code(3, 8, 0), u32(1073741824), scaler(0, 32)),
        structure(code(4, 8, 0), u64(0xFFFFFFFFFFFFFFFF), scaler(0, 32)),
        structure(code(1, 8, 1), u32(15), scaler(-1, 30)),
        structure(code(1, 8, 2), u32(1), scaler(100, 30)),
        structure(code(1, 8, 3), u64(1073741823), scaler(0, 30)),
        structure(code(3, 8, 0), u32(7), scaler(0, 32)),
    )
    wanted = {
        "list_type": 3,
        "reactive_import_var": -5,
        "current_l2_ma": -1200,
        "energy_import_wh": 4294967296123,
        "energy_export_wh": 429496729400,
        "reactive_energy_import_varh": 1073741824,
        "energy_import_t1_wh": 2,
        "energy_import_t3_wh": 1073741823,
    }
    check(array(*rows), 1, wanted)


def test_texts_without_content_are_none():
    rows = (structure(code(96, 1, 0), visible(b"735\0\0 ")),)
    rows += (structure(code(96, 1, 7), visible(b"\0\0")),)
    rows += (structure(code(1, 7, 0), u32(1), scaler(0, 27)),)
    check(array(*rows), 1, {"list_type": 1, "meter_id": "735", "power_import_w": 1})


def test_more_quantities():
    rows = (
        structure(code(14, 7, 0), u16(4998), scaler(-2, 44)),
        structure(code(17, 0, 0), u16(17), scaler(3, 27)),
        structure(code(96, 14, 0), u8(2)),
        structure(code(96, 3, 10), b"\x03\x01"),
        structure(code(1, 7, 0), u32(1), scaler(0, 27)),
    )
    known = {"frequency_mhz": 49980, "limiter_w": 17000, "tariff": 2, "breaker_state": 1}
    check(array(*rows), 1, known, {"list_type": 1, "power_import_w": 1})


def test_a_structure_of_twelve_is_no_time():
    """A container's length is its count: it must not be read as the octets of a date-time."""
    body = structure(structure(*(u8(0),) * 12), code(1, 7, 0), u32(5))
    assert as_dict(decode(body)) == merged(STAMP, {"list_type": 1, "power_import_w": 5})
    body = structure(code(1, 7, 0), u32(5), code(1, 0, 0), structure(*(NULL,) * 12))
    assert as_dict(decode(body)) == merged(STAMP, {"list_type": 1, "power_import_w": 5})


def lines(count=60):
    return inspector.lines(DECODER.unknown, count)


def failure(body):
    try:
        decode(body)
    except DecodeError as e:
        return e
    raise AssertionError("decoded")


def test_the_unknown_list_is_kept():
    strange = structure(octets(b"XYZ_1"), u32(1393), i16(-2), NULL)
    assert failure(strange).code == fields.UNKNOWN_DATA
    told = ["0 structure of 4", "1 octets[5] 58595a5f31 'XYZ_1'", "2 u32 1393", "3 i16 -2"]
    told.append("4 null")
    assert lines() == told
    assert lines(2) == told[:2]
    decode(structure(u32(1)))  # a good one changes nothing
    assert lines() == told
    body = array(structure(visible(b"a" * 40), u16(7)), octets(b"\xff"))
    assert failure(body).code == fields.UNKNOWN_DATA
    long = "2 text[40] " + "61" * 32 + ".. '" + "a" * 32 + "..'"
    told = ["0 array of 2", "1 structure of 2", long, "3 u16 7", "4 octets[1] ff"]
    assert lines() == told


def test_an_unknown_list_is_bounded():
    failure(structure(*(u8(1),) * 120))
    assert len(lines()) == 60 and lines()[59] == "59 u8 1"
    failure(structure(*[octets(bytes(100))] * 30))
    told = lines()
    assert len(told) == 12 and told[11] == "11 octets cut off"  # 1024 octets: 2 + 10 x 102
    failure(structure(u8(1), b"\x13"))
    assert lines() == ["0 structure of 2", "1 u8 1", "2 unknown type 13"]


def test_every_truncation_is_an_error():
    whole = apdu(objects(234))
    for n in range(len(whole)):
        try:
            DECODER.decode(bytearray(whole[:n]), 0, n)
        except DecodeError:
            continue
        raise AssertionError("decoded %d octets" % n)
    DECODER.close()


def test_the_clock_is_local_time_as_sent():
    assert decode(structure(TIME, code(1, 7, 0), u32(1))).number(METER_TIME_LOCAL) == WHEN_S
    assert decode(structure(u32(1)), True).number(APDU_TIME_LOCAL) is None


AIDON = array(structure(code(1, 7, 0), u32(1), scaler(0, 27)))
KAIFA = structure(u32(1393))
ISKRA_8 = structure(NAME, octets(b"168"), VOLTS[0], AMPERES[0], *POWERS, *REACTIVE)
KAMSTRUP = structure(visible(b"Kamstrup_V0001"), code(1, 7, 0), u32(5))
PAIRS = structure(TIME, code(1, 7, 0), u32(5), code(2, 7, 0), u32(6))
RESIDENT = ("han.fields", "han.window", "han.decode", "han.descriptors")
TEXT = b"/KFM5\r\n\r\n1-0:1.7.0(1*W)\r\n!"
OF_MAKERS = ((AIDON, "aidon"), (KAIFA, "kaifa"), (ISKRA_8, "iskra"), (KAMSTRUP, "kamstrup"))


def loaded():
    """The modules for lists and P1 text that are loaded."""
    return [n for n in sys.modules if n[:11] == "han.meters." or n[:6] == "han.p1"]


def alone(test):
    """Run test(decoder) while no module is loaded that a decoder loads by itself."""
    before = dict(sys.modules)
    visits = dict(ondemand._visited)
    ondemand._visited.clear()
    ondemand._unload([n for n in before if n.startswith("han.") and n not in RESIDENT])
    decoder = Decoder()
    try:
        test(decoder)
    finally:
        decoder.close()
        for name in before:
            sys.modules[name] = before[name]
            package, _, own = name.rpartition(".")
            if package[:3] == "han" and package in before:
                setattr(before[package], own, before[name])
        ondemand._visited.clear()
        ondemand._visited.update(visits)


def test_one_maker_is_loaded_and_a_changed_meter_brings_its_own():
    def test(decoder):
        for body, maker in OF_MAKERS + OF_MAKERS[1:2]:
            octets = bytearray(apdu(body))
            for _ in range(3):
                assert decoder.decode(octets, 0, len(octets)).list_type
                assert loaded() == ["han.meters." + maker]
        octets = bytearray(TEXT)
        assert decoder.decode(octets, 0, len(octets)).vendor == 2
        assert sorted(loaded()) == ["han.p1", "han.p1values"] and "han.lists" not in sys.modules
        octets = bytearray(apdu(PAIRS))
        assert decoder.decode(octets, 0, len(octets)).vendor == 9
        assert loaded() == [] and "han.codes" in sys.modules

    alone(test)


def test_lists_of_one_meter_load_nothing():
    """A meter alternates lists of a few shapes; its clock runs and its values change."""
    decoder = Decoder()
    bodies = [structure(TIME, code(1, 7, 0), u32(n), code(2, 7, 0), u32(6)) for n in (5, 7)]
    bodies += [
        structure(code(1, 7, 0), u32(1)),
        structure(code(1, 7, 0), NULL, code(2, 7, 0), u32(1)),
    ]
    when = octets(b"\x07\xea\x02\x10" + WHEN[4:])
    bodies.append(structure(when, code(1, 7, 0), u32(5), code(2, 7, 0), u32(6)))

    def all_of_them():
        for body in bodies:
            octets_ = bytearray(apdu(body))
            decoder.decode(octets_, 0, len(octets_))

    all_of_them()
    makers = lists.MAKERS
    lists.MAKERS = ()  # without makers the list is unknown
    try:
        all_of_them()
    finally:
        decoder.close()
        lists.MAKERS = makers


def test_a_maker_is_a_file_and_a_line():
    class Module:
        def decode(self, items, reading):
            if not items.starts_with(1, b"ACME"):
                return False
            reading.values[POWER_IMPORT_W] = items.integer(2)
            reading.list_type = 1
            return True

    decoder = Decoder()
    body = structure(octets(b"ACME_1"), u32(7))
    octets_ = bytearray(apdu(body))
    makers = lists.MAKERS
    lists.MAKERS = makers + ("acme",)
    sys.modules["acme"] = Module()
    try:
        assert decoder.decode(octets_, 0, len(octets_)).number(POWER_IMPORT_W) == 7
    finally:
        decoder.close()
        lists.MAKERS = makers
        del sys.modules["acme"]


def test_the_heap_is_the_same_after_many_changes_of_maker():
    try:
        used = gc.mem_alloc
    except AttributeError:
        return  # not on CPython

    def test(decoder):
        buffers = [bytearray(apdu(body)) for body, _ in OF_MAKERS] + [bytearray(TEXT)]
        held = []
        for _ in range(6):
            for buf in buffers:
                decoder.decode(buf, 0, len(buf))
            gc.collect()
            held.append(used())
        # Compiled from sources, each native function leaves a record of 32 octets behind, and 20
        # are loaded in a round: items and codes twice, the matcher three times, P1 text.
        # Frozen they are in flash. 64: the list of these numbers grows.
        assert held[-1] - held[1] <= 4 * 20 * 32 + 64, held

    alone(test)
