"""The values of the newest telegram by name, for what is pushed.

In       the meter's state
Out      (name, value) of each known number, in the unit that the name ends with; the meter's id
"""

from han import fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from state import State

_FIELDS = (
    ("power_import_w", fields.POWER_IMPORT_W),
    ("power_export_w", fields.POWER_EXPORT_W),
    ("reactive_import_var", fields.REACTIVE_IMPORT_VAR),
    ("reactive_export_var", fields.REACTIVE_EXPORT_VAR),
    ("voltage_l1_mv", fields.VOLTAGE_L1_MV),
    ("voltage_l2_mv", fields.VOLTAGE_L2_MV),
    ("voltage_l3_mv", fields.VOLTAGE_L3_MV),
    ("current_l1_ma", fields.CURRENT_L1_MA),
    ("current_l2_ma", fields.CURRENT_L2_MA),
    ("current_l3_ma", fields.CURRENT_L3_MA),
    ("power_factor_permille", fields.POWER_FACTOR_PERMILLE),
    ("power_import_l1_w", fields.POWER_IMPORT_L1_W),
    ("power_import_l2_w", fields.POWER_IMPORT_L2_W),
    ("power_import_l3_w", fields.POWER_IMPORT_L3_W),
    ("power_export_l1_w", fields.POWER_EXPORT_L1_W),
    ("power_export_l2_w", fields.POWER_EXPORT_L2_W),
    ("power_export_l3_w", fields.POWER_EXPORT_L3_W),
    ("energy_import_wh", fields.ENERGY_IMPORT_WH),
    ("energy_export_wh", fields.ENERGY_EXPORT_WH),
    ("energy_import_t1_wh", fields.ENERGY_IMPORT_T1_WH),
    ("energy_import_t2_wh", fields.ENERGY_IMPORT_T2_WH),
    ("energy_export_t1_wh", fields.ENERGY_EXPORT_T1_WH),
    ("energy_export_t2_wh", fields.ENERGY_EXPORT_T2_WH),
    ("reactive_energy_import_varh", fields.REACTIVE_ENERGY_IMPORT_VARH),
    ("reactive_energy_export_varh", fields.REACTIVE_ENERGY_EXPORT_VARH),
    ("gas_dm3", fields.GAS_DM3),
    ("water_l", fields.WATER_L),
)


def numbers(state: "State") -> "Iterator[tuple[str, int]]":
    """The known values."""
    for name, field in _FIELDS:
        value = state.number(field)
        if value is not None:
            yield name, value


def meter_id(state: "State") -> str:
    """The meter's id without control characters, "" if it is not known."""
    text = state.text(fields.METER_ID) or ""
    return "".join([c for c in text if c >= " "])
