"""What a meter's clock means in UTC: each vendor's habit, as data.

In       Reading values and the configured zone
Out      seconds since 1970 UTC, None without a clock
Source   logs with known reception times: Aidon NO sent 19:00 at 20:00:10 summer time (2024-09-21)
         and Kamstrup DK 14:11:00 at 13:11:02 UTC in summer (2025-09-09), so both keep winter time
         all year; Kaifa NO sent 19:00 at 17:00 UTC in summer (2024-10-01), the wall clock
"""

import clock
from han.fields import AIDON, APDU_TIME_LOCAL, KAMSTRUP, LIST_ID, METER_TIME_LOCAL, Reading


def utc(reading: Reading, zone: str) -> "int | None":
    """When the telegram's values were true. The clock among the values wins over the APDU's."""
    if reading.clock_local is not None:
        return _text_clock(reading.clock_local, reading.clock_summer, zone)
    field = METER_TIME_LOCAL if reading.values[METER_TIME_LOCAL] is not None else APDU_TIME_LOCAL
    local = reading.values[field]
    if not isinstance(local, int):
        return None
    deviation = reading.values[field + 1]
    norwegian_aidon = reading.vendor == AIDON and reading.values[LIST_ID] is not None
    if isinstance(deviation, int) and not norwegian_aidon:
        return local + deviation * 60
    if norwegian_aidon or reading.vendor == KAMSTRUP:
        winter = clock.zone_offset_min(zone)
        return local - (60 if winter is None else winter) * 60
    return clock.to_utc(zone, local)


def _text_clock(local: int, summer: "bool | None", zone: str) -> int:
    """A P1 clock: S and W behind it say which time it shows, whatever the season is."""
    winter = clock.zone_offset_min(zone)
    if summer is None or winter is None:
        return clock.to_utc(zone, local)
    return local - winter * 60 - (3600 if summer else 0)
