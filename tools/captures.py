"""Files of captured octets.

.hex   hexadecimal digits; white space is ignored, a line that starts with # is a comment. A blank
       line ends a burst
.txt   P1 text, octets unchanged. A line that starts with / begins a burst
Errors CaptureError with file, line and reason; OSError if the file cannot be read
"""

from __future__ import annotations

import re
from pathlib import Path


class CaptureError(ValueError):
    """An invalid capture file. The message names file and line."""


def read(path: str | Path) -> bytes:
    """All octets of a capture file."""
    return b"".join(bursts(path))


def bursts(path: str | Path) -> list[bytes]:
    """The octets of each burst of a capture file; at least one burst, none empty."""
    path = Path(path)
    if path.suffix == ".hex":
        found = _hex_bursts(path)
    elif path.suffix == ".txt":
        found = [part for part in re.split(rb"(?m)^(?=/)", path.read_bytes()) if part]
    else:
        raise CaptureError(f"{path}: a capture is a .hex or a .txt file")
    if not found:
        raise CaptureError(f"{path}: no octets")
    return found


def _hex_bursts(path: Path) -> list[bytes]:
    found = [""]
    number = 0
    for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), 1):
        text = "".join(line.split())
        if text.startswith("#"):
            continue
        bad = re.search(r"[^0-9A-Fa-f]", text)
        if bad:
            raise CaptureError(f"{path}:{number}: {bad[0]!r} is not a hexadecimal digit")
        if text:
            found[-1] += text
            continue
        _even(path, number, found[-1])
        found.append("")
    _even(path, number, found[-1])
    return [bytes.fromhex(digits) for digits in found if digits]


def _even(path: Path, number: int, digits: str) -> None:
    if len(digits) % 2:
        raise CaptureError(f"{path}:{number}: an odd number of digits ends here")
