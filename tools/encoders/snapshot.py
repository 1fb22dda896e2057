"""A meter's values at one moment: integers with the unit in the name.

None: this meter does not have the value. On an IT grid the voltages are line to line
(L1 = L1-L2, L2 = L2-L3, L3 = L3-L1).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Snapshot:
    """Values at one moment. Powers and energies are non-negative, import and export apart.

    sent_at        the meter's clock at sending, naive
    clock          the clock in an hourly list: the time of its registers, naive
    deviation_min  UTC minus the meter's clock in minutes, None = not sent
    """

    meter_id: str = ""
    model: str = ""
    serial: int = 0
    sent_at: datetime | None = None
    clock: datetime | None = None
    deviation_min: int | None = None
    summer_time: bool = False

    power_import_w: int = 0
    power_export_w: int = 0
    reactive_import_var: int = 0
    reactive_export_var: int = 0
    power_factor_permille: int | None = None

    voltage_l1_mv: int | None = None
    voltage_l2_mv: int | None = None
    voltage_l3_mv: int | None = None
    current_l1_ma: int | None = None
    current_l2_ma: int | None = None
    current_l3_ma: int | None = None

    power_import_l1_w: int | None = None
    power_import_l2_w: int | None = None
    power_import_l3_w: int | None = None
    power_export_l1_w: int | None = None
    power_export_l2_w: int | None = None
    power_export_l3_w: int | None = None
    reactive_import_l1_var: int | None = None
    reactive_import_l2_var: int | None = None
    reactive_import_l3_var: int | None = None
    reactive_export_l1_var: int | None = None
    reactive_export_l2_var: int | None = None
    reactive_export_l3_var: int | None = None
    power_factor_l1_permille: int | None = None
    power_factor_l2_permille: int | None = None
    power_factor_l3_permille: int | None = None

    energy_import_wh: int = 0
    energy_export_wh: int = 0
    reactive_energy_import_varh: int = 0
    reactive_energy_export_varh: int = 0
    energy_import_l1_wh: int | None = None
    energy_import_l2_wh: int | None = None
    energy_import_l3_wh: int | None = None
    energy_export_l1_wh: int | None = None
    energy_export_l2_wh: int | None = None
    energy_export_l3_wh: int | None = None

    def registers(self) -> tuple[int, int, int, int]:
        """Active import and export in Wh, reactive import and export in varh."""
        return (
            self.energy_import_wh,
            self.energy_export_wh,
            self.reactive_energy_import_varh,
            self.reactive_energy_export_varh,
        )


def scaled(value: int, unit: int) -> int:
    """`value` as a multiple of `unit`, half rounded up."""
    return (value + unit // 2) // unit
