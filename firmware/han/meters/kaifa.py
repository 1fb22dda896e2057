"""Kaifa: lists by position (Norway and older Swedish meters), or pairs of OBIS code and value (SE).

Lists    1 item: power (2 s); 9 / 13: one / three phases (10 s); 14 / 18: + clock and counters
Units    W, var, mA, 0.1 V, Wh, varh; no scalers
Quirks   The type tag 09 stands before the date-time of the notification header.
         On IT grids U2 is sent as 0. The MA304T3 does not measure the current of L2.
         CT meters count energy in 64 bits.
Source   Kaifa "KFM_001" customer-port list (Norway), by way of captures
Seen     MA105H2E, MA304H3E, MA304H4, MA304T4
"""

from han.apdu import METER_TIME, put_time_item
from han.axdr import Items
from han.errors import UNKNOWN_DATA, DecodeError
from han.reading import KAIFA, LIST, QUANTITY, TEXT, TIME, Reading, numbers
from han.walk import scaled, walk

_EXPONENTS = (0, 0, 0, 2, 0, 0, 0, 0)  # volts come in tenths; the rest in the field's own unit

_HEAD = ("list_id", "meter_id", "meter_model", "power_import_w", "power_export_w")
_HEAD += ("reactive_import_var", "reactive_export_var")
_ONE_PHASE = _HEAD + ("current_l1_ma", "voltage_l1_mv")
_THREE_PHASES = _HEAD + ("current_l1_ma", "current_l2_ma", "current_l3_ma")
_THREE_PHASES += ("voltage_l1_mv", "voltage_l2_mv", "voltage_l3_mv")
_COUNTERS = ("meter_time_local", "energy_import_wh", "energy_export_wh")
_COUNTERS += ("reactive_energy_import_varh", "reactive_energy_export_varh")

_LISTS = {
    1: numbers("power_import_w"),
    9: numbers(*_ONE_PHASE),
    13: numbers(*_THREE_PHASES),
    14: numbers(*(_ONE_PHASE + _COUNTERS)),
    18: numbers(*(_THREE_PHASES + _COUNTERS)),
}


def decode(body: Items, reading: Reading) -> None:
    """Fill the reading from either kind of list."""
    if body.is_obis(1):
        decode_pairs(body, reading)
    else:
        decode_positional(body, reading)


def decode_positional(body: Items, reading: Reading) -> None:
    """Fill the reading from a list in which the position says what a value is."""
    reading.vendor = KAIFA
    fields = _LISTS.get(body.count - 1)
    if fields is None or body.length(0) != len(fields):
        raise DecodeError("Kaifa list of %d items" % (body.count - 1), body.offset(0), UNKNOWN_DATA)
    values = reading.values
    i = 0
    for field in fields:
        i += 1
        quantity = QUANTITY[field]
        if quantity == TEXT:
            values[field] = body.text(i)
        elif quantity == TIME:
            put_time_item(reading, METER_TIME, body, i)
        else:
            value = body.integer(i)
            if value is not None:
                values[field] = scaled(value, _EXPONENTS[quantity])
                reading.list_type = max(reading.list_type, LIST[field])


def decode_pairs(body: Items, reading: Reading) -> None:
    """Fill the reading from the Swedish list of pairs; it has the same units."""
    reading.vendor = KAIFA
    walk(body, reading, _EXPONENTS)
