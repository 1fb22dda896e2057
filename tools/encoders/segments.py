"""HDLC segmentation: a message in, its frames out.

Wire     in each frame but the last the segmentation bit is set and the final bit is clear
Source   IEC 62056-46 (format field); a capture of Iskraemeco IE.5 (164 octets a frame)
"""

from __future__ import annotations

from .hdlc import frame

_DST, _SRC = b"\xcf", b"\x02\x23"
_UI, _UI_FINAL = 0x03, 0x13


def frames(message: bytes, info_octets: int = 154) -> list[bytes]:
    """The frames of a message with its LLC header, info_octets in each but the last."""
    parts = [message[at : at + info_octets] for at in range(0, len(message), info_octets)]
    last = len(parts) - 1
    return [
        frame(part, _DST, _SRC, _UI_FINAL if i == last else _UI, segmented=i < last)
        for i, part in enumerate(parts)
    ]
