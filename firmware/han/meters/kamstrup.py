"""Kamstrup: a structure that begins with its name, then pairs of OBIS code and value.

Lists    25 items every 10 s, 35 hourly; DK: 65 items every 10 s with per-phase energy and power
Units    W, var, 0.01 A, 1 V, 10 Wh, power factor 0.01; no scalers are sent
Quirks   A missing phase is two null items. Meters behind current transformers (type 685) send
         0.001 A. Some firmware sends volts in hundredths: no mains has 1000 V.
         Some Swedish 6841131 count in Wh; nothing in the telegram shows it.
Source   Kamstrup "HAN-NVE interface", by way of captures
Seen     6841121, 6841131, 685 (CT)
"""

from han.codes import walk
from han.fields import (
    CURRENT_L1_MA,
    KAMSTRUP,
    LIST_ID,
    METER_MODEL,
    POWER_EXPORT_L1_W,
    POWER_FACTOR_L1_PERMILLE,
    POWER_IMPORT_L1_W,
    VOLTAGE_L1_MV,
    Reading,
)
from han.items import Items

_EXPONENTS = b"\x40\x40\x40\x43\x41\x41\x41\x40\x43"  # V, 0.01 A, 10 Wh, 0.01


def decode(items: Items, reading: Reading) -> bool:
    """Fill the reading; scales that the telegram does not tell are put right where they show."""
    if not items.starts_with(1, b"Kamstrup_V"):
        return False
    reading.vendor = KAMSTRUP
    values = reading.values
    values[LIST_ID] = items.text(1)
    walk(items, reading, _EXPONENTS)
    for phase in range(3):
        voltage = values[VOLTAGE_L1_MV + phase]
        if isinstance(voltage, int) and voltage > 1000000:
            values[VOLTAGE_L1_MV + phase] = voltage // 100
    if behind_transformers(reading):
        for phase in range(CURRENT_L1_MA, CURRENT_L1_MA + 3):
            current = values[phase]
            if isinstance(current, int):
                values[phase] = current // 10
    return True


def behind_transformers(reading: Reading) -> bool:
    """Whether currents were sent in mA: by the type, else by what voltage and power factor allow.

    U x I x power factor must be the phase's power; read in 0.01 A it comes out ten times too big.
    The factor has two digits, so a phase that runs at under 0.02 says nothing.
    """
    number = reading.number
    model = reading.text(METER_MODEL)
    if model:
        return model.startswith("685")
    shown = 0
    given = 0
    for phase in range(3):
        voltage = number(VOLTAGE_L1_MV + phase)
        current = number(CURRENT_L1_MA + phase)
        factor = number(POWER_FACTOR_L1_PERMILLE + phase)
        power = (number(POWER_IMPORT_L1_W + phase) or 0) + (number(POWER_EXPORT_L1_W + phase) or 0)
        if voltage and current and factor and factor >= 20:
            shown += voltage * current // 1000000 * factor // 1000
            given += power
    return given > 0 and shown > 3 * given
