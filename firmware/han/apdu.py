"""From an information field to the body: LLC header off, DataNotification header read.

In       buffer and span of an information field
Out      where the notification-body begins; the APDU's own date-time goes into the Reading
Wire     E6 E7 00 | 0F | long-invoke-id-and-priority 4 | date-time | body
         date-time is 00 (absent) or 0C + 12 octets; Kaifa puts the type tag 09 before it, some 19
Errors   DecodeError: not a push, cut off; ciphered APDUs are opened before, by han.cipher
Source   IEC 62056-5-3 (DataNotification); DLMS Blue Book (date-time); Kaifa, Kamstrup
"""

import clock
from micropython import const

from han.axdr import Items
from han.errors import UNKNOWN_DATA, DecodeError
from han.fields import APDU_TIME_LOCAL, METER_TIME_LOCAL, Reading

_LLC_FROM_METER = b"\xe6\xe7\x00"
_LLC_TO_METER = b"\xe6\xe6\x00"
_DATA_NOTIFICATION = const(0x0F)
_NOT_SPECIFIED = const(0x8000)

APDU_TIME = APDU_TIME_LOCAL
METER_TIME = METER_TIME_LOCAL


def peel(buf: bytearray, start: int, end: int, reading: Reading) -> int:
    """Where the body in buf[start:end] begins. Fills apdu_time_* of the reading."""
    if start + 5 < end and buf[start] == _DATA_NOTIFICATION and not buf[start + 5]:
        return start + 6  # most lists: no LLC header any more, no date-time
    if end - start >= 3 and buf[start] == 0xE6:
        header = buf[start : start + 3]
        if header == _LLC_FROM_METER or header == _LLC_TO_METER:
            start += 3
    if start >= end:
        raise DecodeError("empty frame", start)
    tag = buf[start]
    if tag != _DATA_NOTIFICATION:
        raise DecodeError("not a data notification: starts with %02X" % tag, start, UNKNOWN_DATA)
    at = start + 5
    if at >= end:
        raise DecodeError("notification header cut off", at)
    length = buf[at]
    if length in (0x09, 0x19) and at + 1 < end and buf[at + 1] == 12:
        at += 1
        length = 12
    at += 1
    if length == 0:
        return at
    if length != 12:
        raise DecodeError("bad date-time in the notification header", at)
    if at + 12 > end:
        raise DecodeError("notification header cut off", at)
    put_time(reading, APDU_TIME, buf, at)
    return at + 12


def put_time(reading: Reading, field: int, buf: bytearray, at: int) -> None:
    """Store the COSEM date-time at buf[at:at+12] and its deviation; an unspecified one is None.

    year 2 | month | day | weekday | hour | minute | second | hundredths | deviation 2 | status
    """
    year = buf[at] << 8 | buf[at + 1]
    month = buf[at + 2]
    day = buf[at + 3]
    hour = buf[at + 5]
    minute = buf[at + 6]
    second = buf[at + 7]
    if second == 0xFF:
        second = 0
    if not 1970 <= year < 2200 or not 1 <= month <= 12 or hour > 23 or minute > 59 or second > 59:
        return
    if not 1 <= day <= clock.month_length(year, month):
        return
    reading.values[field] = clock.seconds(year, month, day, hour, minute, second)
    deviation = buf[at + 9] << 8 | buf[at + 10]
    if deviation != _NOT_SPECIFIED:
        reading.values[field + 1] = deviation - 0x10000 if deviation & 0x8000 else deviation


def put_time_item(reading: Reading, field: int, items: Items, i: int) -> bool:
    """Store item i if it is a date-time: an octet string of 12, or the type of that name."""
    if items.length(i) != 12:
        return False
    put_time(reading, field, items.buf, items.offset(i))
    return True
