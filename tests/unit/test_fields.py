"""The fields of a Reading: each name has the quantity of its unit and its kind's list type."""

from han import fields
from han.descriptors import NAMES
from han.fields import COUNT, LIST, QUANTITY

UNITS = (
    ("_permille", fields.FACTOR),
    ("_varh", fields.ENERGY),
    ("_var", fields.POWER),
    ("_wh", fields.ENERGY),
    ("_w", fields.POWER),
    ("_mv", fields.VOLTAGE),
    ("_ma", fields.CURRENT),
    ("_mhz", fields.FREQUENCY),
    ("_local", fields.TIME),
    ("list_id", fields.TEXT),
    ("meter_id", fields.TEXT),
    ("meter_model", fields.TEXT),
)


def test_each_name_has_the_quantity_of_its_unit():
    assert len(QUANTITY) == len(LIST) == COUNT == len(list(NAMES))
    for name, quantity in zip(NAMES, QUANTITY):
        wanted = fields.NUMBER
        for unit, of_unit in UNITS:
            if name.endswith(unit) and name != "heat_wh":
                wanted = of_unit
                break
        assert quantity == wanted, name


def test_each_name_has_the_list_type_of_its_kind():
    for name, list_type in zip(NAMES, LIST):
        phase = "_l1_" in name or "_l2_" in name or "_l3_" in name
        kind = name.split("_")[0]
        if name.startswith("power_factor"):
            wanted = 4
        elif kind in ("voltage", "current"):
            wanted = 2
        elif kind == "energy" or name.startswith("reactive_energy_"):
            wanted = 4 if phase else 3
        elif kind in ("power", "reactive"):
            wanted = 4 if phase else 1
        else:
            wanted = 0
        assert list_type == wanted, name


def test_a_field_and_its_name_have_one_number():
    assert len(NAMES) == len(set(NAMES)) == COUNT
    for name in ("list_id", "power_import_w", "voltage_l3_mv", "peak_time_local"):
        assert NAMES[getattr(fields, name.upper())] == name, name
    assert fields.PEAK_TIME_LOCAL == COUNT - 1


def test_a_maker_signs_with_three_letters():
    assert fields.maker(b"KFM_001") == fields.KAIFA and fields.maker(b"1kfm", 1) == fields.KAIFA
    assert (
        fields.maker(b"EST5") == fields.SAGEMCOM and fields.maker(b"xLGZ", 1) == fields.LANDIS_GYR
    )
    for octets in (b"", b"AD", b"DN\x01", b"XYZ", b"N\x01K"):
        assert fields.maker(octets) == fields.UNKNOWN, octets
