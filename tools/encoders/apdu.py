"""The APDU around a body: LLC header and DataNotification.

Wire     E6 E7 00 | 0F | long-invoke-id-and-priority 4 | date-time | body
         date-time is 00 (absent), 0C + 12 octets, or 09 0C + 12 octets with a type tag, which
         is against the standard
Source   IEC 62056-5-3 (data-notification); IEC 62056-46 (LLC)
Seen     absent: Aidon, Kaifa SE. 0C: Kamstrup. 09 0C: Kaifa NO
"""

from __future__ import annotations

LLC = b"\xe6\xe7\x00"
_DATA_NOTIFICATION = b"\x0f"


def data_notification(
    body: bytes,
    when: bytes | None = None,
    *,
    tagged: bool = False,
    invoke_id: int = 0x40000000,
) -> bytes:
    """LLC header and DataNotification.

    body       encoded A-XDR
    when       12 octets of date-time or None for absent
    tagged     put the octet-string tag 09 before the length of date-time
    invoke_id  long-invoke-id-and-priority, 32 bits
    """
    if when is None:
        stamp = b"\x00"
    elif len(when) != 12:
        raise ValueError(f"a date-time has 12 octets, not {len(when)}")
    else:
        stamp = (b"\x09" if tagged else b"") + b"\x0c" + when
    return LLC + _DATA_NOTIFICATION + invoke_id.to_bytes(4, "big") + stamp + body
