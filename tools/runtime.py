"""Paths of this project's MicroPython, and its environment with a search path."""

import contextlib
import importlib.util
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MICROPYTHON = ROOT / ".venv" / "bin" / "micropython"
MICROPYTHON32 = ROOT / "build" / "image" / "micropython"  # the stand-in: tools/image.py makes it


def environment(*folders: "str | Path") -> dict[str, str]:
    """Environment in which MicroPython imports from these folders, relative to the project."""
    path = ":".join(str(ROOT / folder) for folder in folders)
    return {**os.environ, "MICROPYPATH": path + ":.frozen", "TZ": "UTC"}


def libraries() -> Path:
    """A folder with microdot and no other package of the environment."""
    folder = ROOT / "build" / "unit"
    folder.mkdir(parents=True, exist_ok=True)
    link = folder / "microdot"
    if not link.exists():
        spec = importlib.util.find_spec("microdot")
        assert spec and spec.origin, "microdot is missing: make setup"
        with contextlib.suppress(FileExistsError):  # another process has made it
            link.symlink_to(Path(spec.origin).parent)
    return folder


def keep_compiled() -> None:
    """Keep the firmware's modules compiled in build/: CPython compiles a module at each visit
    otherwise, if PYTHONDONTWRITEBYTECODE is set."""
    sys.dont_write_bytecode = False
    sys.pycache_prefix = str(ROOT / "build" / "pycache")
