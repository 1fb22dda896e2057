"""Kamstrup: a structure that begins with its name, then pairs of OBIS code and value.

Lists    25 items every 10 s, 35 hourly; DK: 65 items every 10 s with per-phase energy and power
Units    W, var, 0.01 A, 1 V, 10 Wh, power factor 0.01; no scalers are sent
Quirks   A missing phase is two null items. Meters behind current transformers (type 685) send
         0.001 A. Some firmware sends volts in hundredths: no mains has 1000 V.
         Some Swedish 6841131 count in Wh; nothing in the telegram shows it.
Source   Kamstrup "HAN-NVE interface", by way of captures
Seen     6841121, 6841131, 685 (CT)
"""

from han.axdr import Items
from han.reading import KAMSTRUP, NAMES, Reading, exponents
from han.walk import walk

_EXPONENTS = exponents(voltage=3, current=1, energy=1, factor=1)
_LIST_ID = NAMES.index("list_id")
_MODEL = NAMES.index("meter_model")
_VOLTAGE = NAMES.index("voltage_l1_mv")
_CURRENT = NAMES.index("current_l1_ma")
_FACTOR = NAMES.index("power_factor_l1_permille")
_IMPORT = NAMES.index("power_import_l1_w")
_EXPORT = NAMES.index("power_export_l1_w")


def decode(body: Items, reading: Reading) -> None:
    """Fill the reading; scales that the telegram does not tell are put right where they show."""
    reading.vendor = KAMSTRUP
    values = reading.values
    values[_LIST_ID] = body.text(1)
    walk(body, reading, _EXPONENTS)
    for phase in range(3):
        voltage = values[_VOLTAGE + phase]
        if isinstance(voltage, int) and voltage > 1000000:
            values[_VOLTAGE + phase] = voltage // 100
    if behind_transformers(reading):
        for phase in range(_CURRENT, _CURRENT + 3):
            current = values[phase]
            if isinstance(current, int):
                values[phase] = current // 10


def behind_transformers(reading: Reading) -> bool:
    """Whether currents were sent in mA: by the type, else by what voltage and power factor allow.

    U x I x power factor must be the phase's power; read in 0.01 A it comes out ten times too big.
    The factor has two digits, so a phase that runs at under 0.02 says nothing.
    """
    values = reading.values
    model = values[_MODEL]
    if isinstance(model, str) and model:
        return model.startswith("685")
    shown = 0
    given = 0
    for phase in range(3):
        voltage = values[_VOLTAGE + phase]
        current = values[_CURRENT + phase]
        factor = values[_FACTOR + phase]
        power = (values[_IMPORT + phase] or 0) + (values[_EXPORT + phase] or 0)
        if voltage and current and factor and factor >= 20:
            shown += voltage * current // 1000000 * factor // 1000
            given += power
    return given > 0 and shown > 3 * given
