"""Aidon: an array of structures [OBIS code, value, [scaler, unit]].

Lists    NO  1: power (2.5 s)  2: + ids, phases (10 s)  3: + counters and clock (hourly)
         SE  27 items every 10 s, clock first, per-phase powers, no ids
Quirks   Norwegian IT meters (6525) send no current of L2.
         The 18:00 list 3 may repeat the clock and counters of 17:00.
Source   Aidon "RJ45 HAN interface" (Norway), by way of captures; the Swedish list from captures
Seen     AIDON_V0001 6515, 6525, 6534; the Embriq module of Landis+Gyr meters sends the same shape
"""

from han.axdr import Items
from han.fields import AIDON, LANDIS_GYR, LIST_ID, Reading
from han.walk import walk


def decode(body: Items, reading: Reading) -> None:
    """Fill the reading from the list; every value carries its scaler."""
    reading.vendor = AIDON
    walk(body, reading)
    list_id = reading.text(LIST_ID)
    if list_id is not None and list_id.startswith("EMBRIQ"):
        reading.vendor = LANDIS_GYR
