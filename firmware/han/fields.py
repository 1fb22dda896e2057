"""The result of a telegram: a Reading with its fields, or the error why there is none.

A value is None when the telegram did not carry it; 0 is a value. Times are seconds since 1970 of
the clock that sent them, not converted; UTC = local + deviation where a deviation was sent.
list_type  1 power only, 2 voltages or currents, 3 any energy register, 4 any per-phase power,
           power factor or per-phase energy: the highest that applies
Sub-meters gas and water are volumes in litres, heat is in MJ or in Wh as the sub-meter counts;
           *_time_local is when the sub-meter was read, by the electricity meter's clock
Demand     demand_import_w is the mean of the running quarter so far over the whole quarter,
           peak_import_w the month's highest quarter, which ended at peak_time_local
A new field is a line before COUNT; `python -m tools.tables` then writes QUANTITY and LIST here
and the names in han.descriptors. Its unit is in its name. Phases L1 to L3 and tariffs 1 to 4 have
numbers in a row, and so have a time and its deviation.
"""

from micropython import const

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

# By quantity, the power of ten from a raw value in V, A, Wh, Hz or 1 to the field; 64 too high.
UNIT_EXPONENTS = b"\x40\x40\x40\x43\x43\x40\x43\x40\x43"

# Quantity, and the list type that a value of it makes a telegram: 0 any.
LIST_ID = const(0)  # TEXT, list 0
METER_ID = const(1)  # TEXT, list 0
METER_MODEL = const(2)  # TEXT, list 0
METER_TIME_LOCAL = const(3)  # TIME, list 0
METER_TIME_DEVIATION_MIN = const(4)  # NUMBER, list 0
APDU_TIME_LOCAL = const(5)  # TIME, list 0
APDU_TIME_DEVIATION_MIN = const(6)  # NUMBER, list 0
POWER_IMPORT_W = const(7)  # POWER, list 1
POWER_EXPORT_W = const(8)  # POWER, list 1
REACTIVE_IMPORT_VAR = const(9)  # POWER, list 1
REACTIVE_EXPORT_VAR = const(10)  # POWER, list 1
VOLTAGE_L1_MV = const(11)  # VOLTAGE, list 2
VOLTAGE_L2_MV = const(12)  # VOLTAGE, list 2
VOLTAGE_L3_MV = const(13)  # VOLTAGE, list 2
CURRENT_L1_MA = const(14)  # CURRENT, list 2
CURRENT_L2_MA = const(15)  # CURRENT, list 2
CURRENT_L3_MA = const(16)  # CURRENT, list 2
ENERGY_IMPORT_WH = const(17)  # ENERGY, list 3
ENERGY_EXPORT_WH = const(18)  # ENERGY, list 3
REACTIVE_ENERGY_IMPORT_VARH = const(19)  # ENERGY, list 3
REACTIVE_ENERGY_EXPORT_VARH = const(20)  # ENERGY, list 3
POWER_FACTOR_PERMILLE = const(21)  # FACTOR, list 4
POWER_FACTOR_L1_PERMILLE = const(22)  # FACTOR, list 4
POWER_FACTOR_L2_PERMILLE = const(23)  # FACTOR, list 4
POWER_FACTOR_L3_PERMILLE = const(24)  # FACTOR, list 4
POWER_IMPORT_L1_W = const(25)  # POWER, list 4
POWER_IMPORT_L2_W = const(26)  # POWER, list 4
POWER_IMPORT_L3_W = const(27)  # POWER, list 4
POWER_EXPORT_L1_W = const(28)  # POWER, list 4
POWER_EXPORT_L2_W = const(29)  # POWER, list 4
POWER_EXPORT_L3_W = const(30)  # POWER, list 4
REACTIVE_IMPORT_L1_VAR = const(31)  # POWER, list 4
REACTIVE_IMPORT_L2_VAR = const(32)  # POWER, list 4
REACTIVE_IMPORT_L3_VAR = const(33)  # POWER, list 4
REACTIVE_EXPORT_L1_VAR = const(34)  # POWER, list 4
REACTIVE_EXPORT_L2_VAR = const(35)  # POWER, list 4
REACTIVE_EXPORT_L3_VAR = const(36)  # POWER, list 4
ENERGY_IMPORT_L1_WH = const(37)  # ENERGY, list 4
ENERGY_IMPORT_L2_WH = const(38)  # ENERGY, list 4
ENERGY_IMPORT_L3_WH = const(39)  # ENERGY, list 4
ENERGY_EXPORT_L1_WH = const(40)  # ENERGY, list 4
ENERGY_EXPORT_L2_WH = const(41)  # ENERGY, list 4
ENERGY_EXPORT_L3_WH = const(42)  # ENERGY, list 4
ENERGY_IMPORT_T1_WH = const(43)  # ENERGY, list 3
ENERGY_IMPORT_T2_WH = const(44)  # ENERGY, list 3
ENERGY_EXPORT_T1_WH = const(45)  # ENERGY, list 3
ENERGY_EXPORT_T2_WH = const(46)  # ENERGY, list 3
REACTIVE_ENERGY_Q1_VARH = const(47)  # ENERGY, list 3
REACTIVE_ENERGY_Q2_VARH = const(48)  # ENERGY, list 3
REACTIVE_ENERGY_Q3_VARH = const(49)  # ENERGY, list 3
REACTIVE_ENERGY_Q4_VARH = const(50)  # ENERGY, list 3
ENERGY_IMPORT_T3_WH = const(51)  # ENERGY, list 3
ENERGY_IMPORT_T4_WH = const(52)  # ENERGY, list 3
ENERGY_EXPORT_T3_WH = const(53)  # ENERGY, list 3
ENERGY_EXPORT_T4_WH = const(54)  # ENERGY, list 3
REACTIVE_ENERGY_IMPORT_T1_VARH = const(55)  # ENERGY, list 3
REACTIVE_ENERGY_IMPORT_T2_VARH = const(56)  # ENERGY, list 3
REACTIVE_ENERGY_EXPORT_T1_VARH = const(57)  # ENERGY, list 3
REACTIVE_ENERGY_EXPORT_T2_VARH = const(58)  # ENERGY, list 3
FREQUENCY_MHZ = const(59)  # FREQUENCY, list 0
LIMITER_W = const(60)  # POWER, list 0
TARIFF = const(61)  # NUMBER, list 0
BREAKER_STATE = const(62)  # NUMBER, list 0
GAS_DM3 = const(63)  # NUMBER, list 0
GAS_TIME_LOCAL = const(64)  # TIME, list 0
WATER_L = const(65)  # NUMBER, list 0
WATER_TIME_LOCAL = const(66)  # TIME, list 0
HEAT_MJ = const(67)  # NUMBER, list 0
HEAT_WH = const(68)  # NUMBER, list 0
HEAT_TIME_LOCAL = const(69)  # TIME, list 0
DEMAND_IMPORT_W = const(70)  # POWER, list 0
PEAK_IMPORT_W = const(71)  # POWER, list 0
PEAK_TIME_LOCAL = const(72)  # TIME, list 0

COUNT = const(73)

# By field: its quantity, and the list type that it makes a telegram.
QUANTITY = (
    b"\x00\x00\x00\x01\x07\x01\x07\x02\x02\x02\x02\x03\x03\x03\x04\x04\x04\x05\x05\x05\x05\x06"
    b"\x06\x06\x06\x02\x02\x02\x02\x02\x02\x02\x02\x02\x02\x02\x02\x05\x05\x05\x05\x05\x05\x05"
    b"\x05\x05\x05\x05\x05\x05\x05\x05\x05\x05\x05\x05\x05\x05\x05\x08\x02\x07\x07\x07\x01\x07"
    b"\x01\x07\x07\x01\x02\x02\x01"
)
LIST = (
    b"\x00\x00\x00\x00\x00\x00\x00\x01\x01\x01\x01\x02\x02\x02\x02\x02\x02\x03\x03\x03\x03\x04"
    b"\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x04\x03"
    b"\x03\x03\x03\x03\x03\x03\x03\x03\x03\x03\x03\x03\x03\x03\x03\x00\x00\x00\x00\x00\x00\x00"
    b"\x00\x00\x00\x00\x00\x00\x00"
)

# Errors: the number in `he` of /data.json, which owners' scripts know.
OK = const(0)
PARSE = const(-1)
INCOMPLETE = const(-2)
BOUNDARY = const(-3)
HEADER_CHECKSUM = const(-4)
CHECKSUM = const(-5)
UNKNOWN_DATA = const(-9)
AUTHENTICATION = const(-51)
DECRYPTION = const(-52)
KEY = const(-53)
NOT_UNDERSTOOD = const(89)  # the frame is good, its values cannot be right
NO_DATA = const(90)
UART_OVERFLOW = const(92)
EXCEPTION = const(98)

# Who made the meter: the number in `mt` of /data.json.
UNKNOWN = const(0)
AIDON = const(1)
KAIFA = const(2)
KAMSTRUP = const(3)
ISKRA = const(8)
LANDIS_GYR = const(9)
SAGEMCOM = const(10)

# How makers sign in system titles, device names and identification lines of P1; the number.
_SIGNATURES = b"ADN\x01KFM\x02KAM\x03KMP\x03ISK\x08LGZ\x09LGF\x09XMX\x09SAG\x0aENE\x0aEST\x0a"


def maker(buf: "bytes | bytearray", at: int = 0) -> int:
    """The vendor whose three letters stand at buf[at], in either case; UNKNOWN if nobody's do."""
    row = 0
    while row < len(_SIGNATURES) and at + 3 <= len(buf):
        if buf[at] & 0xDF == _SIGNATURES[row] and buf[at + 1] & 0xDF == _SIGNATURES[row + 1]:
            if buf[at + 2] & 0xDF == _SIGNATURES[row + 2]:
                return _SIGNATURES[row + 3]
        row += 4
    return UNKNOWN


class Values:
    """Values by field number: int or str, None = not known."""

    def __init__(self) -> None:
        self.values: "list[int | str | None]" = [None] * COUNT

    def number(self, field: int) -> "int | None":
        """The value of any field but a text."""
        return self.values[field]  # type: ignore[return-value]

    def text(self, field: int) -> "str | None":
        """The value of a field whose quantity is TEXT."""
        return self.values[field]  # type: ignore[return-value]


class Reading(Values):
    """One telegram's values.

    What P1 text says besides, None elsewhere:
    clock_local   the telegram's clock in seconds since 1970, as sent
    clock_summer  whether that clock says of itself that it shows summer time
    ident         the identification after the maker's letters and the digit, often the model
    month_peaks   highest quarters of the months that are over, once an hour: the number of the
                  newest month (year * 12 + month - 1), its W, and those of the twelve months
                  before; 0 is not known
    """

    clock_local: "int | None" = None
    clock_summer: "bool | None" = None
    ident: "str | None" = None
    month_peaks: "list[int] | None" = None
    list_type: int = 0
    vendor: int = UNKNOWN
    guessed: bool = False  # known by its shape alone: its values must be plausible
    estimated_u2: bool = False
    estimated_i2: bool = False


class DecodeError(Exception):
    """The telegram cannot be decoded.

    reason   short text for the log and the inspector
    offset   of the octet in the buffer where decoding failed
    code     one of the errors above
    reading  the header's values if the list is unknown
    """

    def __init__(self, reason: str, offset: int = 0, code: int = PARSE) -> None:
        super().__init__(reason)
        self.reason = reason
        self.offset = offset
        self.code = code
        self.reading: "Reading | None" = None
