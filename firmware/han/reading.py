"""The Reading: what one telegram said, in integers with the unit in the name.

A value is None when the telegram did not carry it; 0 is a value. Times are seconds since 1970 of
the clock that sent them, not converted; UTC = local + deviation where a deviation was sent.
list_type  1 power only, 2 voltages or currents, 3 any energy register, 4 any per-phase power,
           power factor or per-phase energy: the highest that applies
"""

from micropython import const

# Quantities: which power of ten leads from the SI unit to the field's unit, and which list they make.
TEXT = const(0)
TIME = const(1)
POWER = const(2)  # W, var
VOLTAGE = const(3)  # mV
CURRENT = const(4)  # mA
ENERGY = const(5)  # Wh, varh
FACTOR = const(6)  # 1/1000
NUMBER = const(7)

UNIT_EXPONENTS = (0, 0, 0, 3, 3, 0, 3, 0)

# One row a field: name, quantity, list type it belongs to. The position is the field's number.
_FIELDS = (
    ("list_id", TEXT, 0),
    ("meter_id", TEXT, 0),
    ("meter_model", TEXT, 0),
    ("meter_time_local", TIME, 0),
    ("meter_time_deviation_min", NUMBER, 0),
    ("apdu_time_local", TIME, 0),
    ("apdu_time_deviation_min", NUMBER, 0),
    ("power_import_w", POWER, 1),
    ("power_export_w", POWER, 1),
    ("reactive_import_var", POWER, 1),
    ("reactive_export_var", POWER, 1),
    ("voltage_l1_mv", VOLTAGE, 2),
    ("voltage_l2_mv", VOLTAGE, 2),
    ("voltage_l3_mv", VOLTAGE, 2),
    ("current_l1_ma", CURRENT, 2),
    ("current_l2_ma", CURRENT, 2),
    ("current_l3_ma", CURRENT, 2),
    ("energy_import_wh", ENERGY, 3),
    ("energy_export_wh", ENERGY, 3),
    ("reactive_energy_import_varh", ENERGY, 3),
    ("reactive_energy_export_varh", ENERGY, 3),
    ("power_factor_permille", FACTOR, 4),
    ("power_factor_l1_permille", FACTOR, 4),
    ("power_factor_l2_permille", FACTOR, 4),
    ("power_factor_l3_permille", FACTOR, 4),
    ("power_import_l1_w", POWER, 4),
    ("power_import_l2_w", POWER, 4),
    ("power_import_l3_w", POWER, 4),
    ("power_export_l1_w", POWER, 4),
    ("power_export_l2_w", POWER, 4),
    ("power_export_l3_w", POWER, 4),
    ("reactive_import_l1_var", POWER, 4),
    ("reactive_import_l2_var", POWER, 4),
    ("reactive_import_l3_var", POWER, 4),
    ("reactive_export_l1_var", POWER, 4),
    ("reactive_export_l2_var", POWER, 4),
    ("reactive_export_l3_var", POWER, 4),
    ("energy_import_l1_wh", ENERGY, 4),
    ("energy_import_l2_wh", ENERGY, 4),
    ("energy_import_l3_wh", ENERGY, 4),
    ("energy_export_l1_wh", ENERGY, 4),
    ("energy_export_l2_wh", ENERGY, 4),
    ("energy_export_l3_wh", ENERGY, 4),
    ("energy_import_t1_wh", ENERGY, 3),
    ("energy_import_t2_wh", ENERGY, 3),
    ("energy_export_t1_wh", ENERGY, 3),
    ("energy_export_t2_wh", ENERGY, 3),
    ("reactive_energy_q1_varh", ENERGY, 3),
    ("reactive_energy_q2_varh", ENERGY, 3),
    ("reactive_energy_q3_varh", ENERGY, 3),
    ("reactive_energy_q4_varh", ENERGY, 3),
)

NAMES = tuple(row[0] for row in _FIELDS)
QUANTITY = bytes([row[1] for row in _FIELDS])
LIST = bytes([row[2] for row in _FIELDS])
COUNT = len(_FIELDS)

# Who made the meter: the number in `mt` of /data.json.
UNKNOWN = const(0)
AIDON = const(1)
KAIFA = const(2)
KAMSTRUP = const(3)


def numbers(*names: str) -> bytes:
    """The numbers of fields, for tables that describe a list by position. "" gives 255: skip."""
    return bytes([NAMES.index(name) if name else 255 for name in names])


class Reading:
    """One telegram's values by field number; reading.power_import_w works too."""

    def __init__(self) -> None:
        self.values: "list[int | str | None]" = [None] * COUNT
        self.list_type = 0
        self.vendor = UNKNOWN

    def __getattr__(self, name: str) -> "int | str | None":
        if name not in NAMES:
            raise AttributeError(name)
        return self.values[NAMES.index(name)]
