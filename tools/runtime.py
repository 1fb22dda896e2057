"""Paths of this project's MicroPython, and its environment with a search path."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MICROPYTHON = ROOT / ".venv" / "bin" / "micropython"
MICROPYTHON32 = ROOT / "build" / "image" / "micropython"  # the stand-in: tools/image.py makes it


def environment(*folders: "str | Path") -> dict[str, str]:
    """Environment in which MicroPython imports from these folders, relative to the project."""
    path = ":".join(str(ROOT / folder) for folder in folders)
    return {**os.environ, "MICROPYPATH": path + ":.frozen", "TZ": "UTC"}
