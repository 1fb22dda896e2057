"""Members of /energy that payload 104 adds: registers by tariff and phase, sub-meters. Loaded for
each list with registers.
"""

from fmt import fixed
from han import fields

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from han.fields import Reading

# Key and field, in thousandths of the key's unit: kWh, m3, GJ.
_MORE = (
    ("tPIT1", fields.ENERGY_IMPORT_T1_WH),
    ("tPIT2", fields.ENERGY_IMPORT_T2_WH),
    ("tPIT3", fields.ENERGY_IMPORT_T3_WH),
    ("tPIT4", fields.ENERGY_IMPORT_T4_WH),
    ("tPOT1", fields.ENERGY_EXPORT_T1_WH),
    ("tPOT2", fields.ENERGY_EXPORT_T2_WH),
    ("tPOT3", fields.ENERGY_EXPORT_T3_WH),
    ("tPOT4", fields.ENERGY_EXPORT_T4_WH),
    ("gas", fields.GAS_DM3),
    ("water", fields.WATER_L),
    ("heat", fields.HEAT_WH),
    ("heatGJ", fields.HEAT_MJ),
)


def parts(reading: "Reading") -> "Iterator[str]":
    """The members whose values the telegram has, each with a comma before it."""
    for key, field in _MORE:
        value = reading.number(field)
        if value is not None:
            yield ',"%s":%s' % (key, fixed(value, 3, 3))
