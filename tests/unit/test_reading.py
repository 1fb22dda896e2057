"""The fields of a Reading: each name has the quantity of its unit and its kind's list type."""

from han import reading
from han.reading import COUNT, LIST, NAMES, QUANTITY

UNITS = (
    ("_permille", reading.FACTOR),
    ("_varh", reading.ENERGY),
    ("_var", reading.POWER),
    ("_wh", reading.ENERGY),
    ("_w", reading.POWER),
    ("_mv", reading.VOLTAGE),
    ("_ma", reading.CURRENT),
    ("_mhz", reading.FREQUENCY),
    ("_local", reading.TIME),
    ("list_id", reading.TEXT),
    ("meter_id", reading.TEXT),
    ("meter_model", reading.TEXT),
)


def test_each_name_has_the_quantity_of_its_unit():
    assert len(QUANTITY) == len(LIST) == COUNT == len(list(NAMES))
    for name, quantity in zip(NAMES, QUANTITY):
        wanted = reading.NUMBER
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


def test_a_name_finds_its_number_and_back():
    numbers = [NAMES.index(name) for name in NAMES]
    assert numbers == list(range(COUNT))
    assert [NAMES[i] for i in range(COUNT)] == list(NAMES)
    assert "power_import_w" in NAMES and "power_import" not in NAMES and "" not in NAMES
