"""HDLC segmentation: a message in, the frames that carry it out.

Wire     each frame but the last has the segmentation bit set and final bit clear in its control
Source   IEC 62056-46 (format field); a capture of Iskraemeco IE.5 (164 octets a frame)
"""

from __future__ import annotations

from .hdlc import frame

_DST, _SRC = b"\xcf", b"\x02\x23"
_UI, _UI_FINAL = 0x03, 0x13


def frames(message: bytes, info_octets: int = 154) -> list[bytes]:
    """The frames of a message, its LLC header included, info_octets in each but the last."""
    parts = [message[at : at + info_octets] for at in range(0, len(message), info_octets)]
    last = len(parts) - 1
    return [
        frame(part, _DST, _SRC, _UI_FINAL if i == last else _UI, segmented=i < last)
        for i, part in enumerate(parts)
    ]
