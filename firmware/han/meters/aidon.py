"""Aidon: an array of structures [OBIS code, value, [scaler, unit]].

Lists    NO  1: power (2.5 s)  2: + ids, phases (10 s)  3: + counters and clock (hourly)
         SE  27 items every 10 s, clock first, per-phase powers, no ids
Quirks   Norwegian IT meters (6525) send no current of L2.
         The 18:00 list 3 may repeat the clock and counters of 17:00.
Source   Aidon "RJ45 HAN interface" (Norway), by way of captures; the Swedish list from captures
Seen     AIDON_V0001 6515, 6525, 6534; the Embriq module of Landis+Gyr meters sends the same shape
"""

from han.codes import walk
from han.fields import AIDON, LANDIS_GYR, LIST_ID, Reading
from han.items import ARRAY, STRUCTURE, Items


def decode(items: Items, reading: Reading) -> bool:
    """Fill the reading from an array of structures that begin with a code; each has a scaler."""
    if items.index[0] != ARRAY or items.tag(1) != STRUCTURE or not items.is_obis(2):
        return False
    reading.vendor = AIDON
    walk(items, reading)
    list_id = reading.text(LIST_ID)
    if list_id is not None and list_id.startswith("EMBRIQ"):
        reading.vendor = LANDIS_GYR
    return True
