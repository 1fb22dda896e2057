"""The Reading: what one telegram said, in integers with the unit in the name.

A value is None when the telegram did not carry it; 0 is a value. Times are seconds since 1970 of
the clock that sent them, not converted; UTC = local + deviation where a deviation was sent.
list_type  1 power only, 2 voltages or currents, 3 any energy register, 4 any per-phase power,
           power factor or per-phase energy: the highest that applies
Sub-meters gas and water are volumes in litres, heat is in MJ or in Wh as the sub-meter counts;
           *_time_local is when the sub-meter was read, by the electricity meter's clock
Demand     demand_import_w is the mean of the running quarter so far over the whole quarter,
           peak_import_w the month's highest quarter, which ended at peak_time_local
"""

from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

# Quantities: they decide which power of ten leads from the SI unit to the field's unit.
TEXT = const(0)
TIME = const(1)
POWER = const(2)  # W, var
VOLTAGE = const(3)  # mV
CURRENT = const(4)  # mA
ENERGY = const(5)  # Wh, varh
FACTOR = const(6)  # 1/1000
NUMBER = const(7)
FREQUENCY = const(8)  # mHz


def exponents(voltage: int, current: int, energy: int, factor: int) -> bytes:
    """A table from quantity to power of ten, raw value to field, each 64 too high."""
    return bytes([64, 64, 64, 64 + voltage, 64 + current, 64 + energy, 64 + factor, 64, 67])


UNIT_EXPONENTS = exponents(3, 3, 0, 3)  # raw values in V, A, Wh and 1

# All names; a field's number is its name's place. One string lies in the flash, with the code.
_TEXT = (
    " list_id meter_id meter_model"
    " meter_time_local"
    " meter_time_deviation_min"
    " apdu_time_local"
    " apdu_time_deviation_min"
    " power_import_w power_export_w reactive_import_var reactive_export_var"
    " voltage_l1_mv voltage_l2_mv voltage_l3_mv"
    " current_l1_ma current_l2_ma current_l3_ma"
    " energy_import_wh energy_export_wh reactive_energy_import_varh reactive_energy_export_varh"
    " power_factor_permille"
    " power_factor_l1_permille power_factor_l2_permille power_factor_l3_permille"
    " power_import_l1_w power_import_l2_w power_import_l3_w"
    " power_export_l1_w power_export_l2_w power_export_l3_w"
    " reactive_import_l1_var reactive_import_l2_var reactive_import_l3_var"
    " reactive_export_l1_var reactive_export_l2_var reactive_export_l3_var"
    " energy_import_l1_wh energy_import_l2_wh energy_import_l3_wh"
    " energy_export_l1_wh energy_export_l2_wh energy_export_l3_wh"
    " energy_import_t1_wh energy_import_t2_wh energy_export_t1_wh energy_export_t2_wh"
    " reactive_energy_q1_varh reactive_energy_q2_varh"
    " reactive_energy_q3_varh reactive_energy_q4_varh"
    " energy_import_t3_wh energy_import_t4_wh energy_export_t3_wh energy_export_t4_wh"
    " reactive_energy_import_t1_varh reactive_energy_import_t2_varh"
    " reactive_energy_export_t1_varh reactive_energy_export_t2_varh"
    " frequency_mhz"
    " limiter_w"
    " tariff breaker_state gas_dm3"
    " gas_time_local"
    " water_l"
    " water_time_local"
    " heat_mj heat_wh"
    " heat_time_local"
    " demand_import_w peak_import_w"
    " peak_time_local "
)

# Quantity, list type, how many names: a row for each line above.
_GROUPS = (
    TEXT, 0, 3,
    TIME, 0, 1,
    NUMBER, 0, 1,
    TIME, 0, 1,
    NUMBER, 0, 1,
    POWER, 1, 4,
    VOLTAGE, 2, 3,
    CURRENT, 2, 3,
    ENERGY, 3, 4,
    FACTOR, 4, 1,
    FACTOR, 4, 3,
    POWER, 4, 3,
    POWER, 4, 3,
    POWER, 4, 3,
    POWER, 4, 3,
    ENERGY, 4, 3,
    ENERGY, 4, 3,
    ENERGY, 3, 4,
    ENERGY, 3, 2,
    ENERGY, 3, 2,
    ENERGY, 3, 4,
    ENERGY, 3, 2,
    ENERGY, 3, 2,
    FREQUENCY, 0, 1,
    POWER, 0, 1,
    NUMBER, 0, 3,
    TIME, 0, 1,
    NUMBER, 0, 1,
    TIME, 0, 1,
    NUMBER, 0, 2,
    TIME, 0, 1,
    POWER, 0, 2,
    TIME, 0, 1,
)  # fmt: skip


class _Names:
    """All names in order, like a tuple of them, but packed: separate they take 5 KB of heap."""

    def index(self, name: str) -> int:
        """The field's number. ValueError if there is none of this name."""
        at = _TEXT.find(" %s " % name)
        if at < 0 or " " in name:
            raise ValueError(name)
        return _TEXT.count(" ", 0, at)

    def __contains__(self, name: str) -> bool:
        return " " not in name and " %s " % name in _TEXT

    def __iter__(self) -> "Iterator[str]":
        return iter(_TEXT.split())

    def __getitem__(self, field: int) -> str:
        return _TEXT.split()[field]


def _column(i: int) -> bytes:
    """A number of each group, as often as the group has names."""
    groups = range(0, len(_GROUPS), 3)
    return b"".join([bytes([_GROUPS[at + i]] * _GROUPS[at + 2]) for at in groups])


NAMES = _Names()
QUANTITY = _column(0)
LIST = _column(1)
COUNT = len(LIST)

# Who made the meter: the number in `mt` of /data.json.
UNKNOWN = const(0)
AIDON = const(1)
KAIFA = const(2)
KAMSTRUP = const(3)
ISKRA = const(8)
LANDIS_GYR = const(9)
SAGEMCOM = const(10)

# How makers sign: in system titles, device names, and identification lines of P1.
_MAKERS = {
    b"ADN": AIDON,
    b"KFM": KAIFA,
    b"KAM": KAMSTRUP,
    b"KMP": KAMSTRUP,
    b"ISK": ISKRA,
    b"LGZ": LANDIS_GYR,
    b"LGF": LANDIS_GYR,
    b"XMX": LANDIS_GYR,
    b"SAG": SAGEMCOM,
    b"ENE": SAGEMCOM,
    b"EST": SAGEMCOM,
}


def maker(buf: "bytes | bytearray", at: int = 0) -> int:
    """The vendor whose three letters stand at buf[at], in either case; UNKNOWN if nobody's do."""
    return _MAKERS.get(bytes(buf[at : at + 3]).upper(), UNKNOWN)


_NOTHING: "list[Any]" = [None] * COUNT  # copied, as that is quicker than to make it anew


class Reading:
    """One telegram's values by field number; reading.power_import_w works too.

    What P1 text says besides, None elsewhere:
    clock_local   the telegram's clock in seconds since 1970, as sent
    clock_summer  whether that clock says of itself that it shows summer time
    ident         the identification behind the maker's letters and the digit, often the model
    """

    clock_local: "int | None" = None
    clock_summer: "bool | None" = None
    ident: "str | None" = None
    list_type: int = 0
    vendor: int = UNKNOWN
    guessed: bool = False  # known by its shape alone: its values must be plausible
    estimated_u2: bool = False
    estimated_i2: bool = False

    def __init__(self) -> None:
        self.values: "list[Any]" = _NOTHING[:]  # int or str, None = not sent

    def __getattr__(self, name: str) -> "Any":
        try:
            return self.values[NAMES.index(name)]
        except ValueError:
            raise AttributeError(name)
