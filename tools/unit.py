"""Run tests/unit on both runtimes and print the counts.

    python -m tools.unit

The same files run under pytest and under the real MicroPython, with 64-bit words and with the
32-bit words of the ESP32 where that can be had. The counts must be equal and at least what
tests/unit/count.txt says, so a test that silently is no longer found is noticed.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

from tools.runtime import MICROPYTHON, MICROPYTHON32, ROOT, environment

UNIT = ROOT / "tests" / "unit"
COUNT = UNIT / "count.txt"


def on_cpython() -> "int | None":
    """Tests that passed, None if one failed."""
    done = subprocess.run([sys.executable, "-m", "pytest", "-q", str(UNIT)], cwd=ROOT, text=True,
                          stdout=subprocess.PIPE)  # fmt: skip
    found = re.search(r"(\d+) passed", done.stdout)
    if done.returncode or not found:
        print(done.stdout)
        return None
    return int(found.group(1))


def on_micropython(interpreter: Path) -> "int | None":
    """Tests that passed, None if one failed."""
    names = sorted(path.stem for path in UNIT.glob("test_*.py"))
    done = subprocess.run(
        [interpreter, "-X", "heapsize=4M", UNIT / "run_micropython.py", *names],
        cwd=ROOT, text=True, stdout=subprocess.PIPE, env=environment(UNIT, "firmware"),
    )  # fmt: skip
    found = re.search(r"(\d+) passed, 0 failed", done.stdout)
    if done.returncode or not found:
        print(done.stdout)
        return None
    return int(found.group(1))


def main() -> int:
    counts = {"CPython": on_cpython(), "MicroPython": on_micropython(MICROPYTHON)}
    if MICROPYTHON32.exists():
        counts["32-bit MicroPython"] = on_micropython(MICROPYTHON32)
    elif os.environ.get("CI") == "true":
        counts["32-bit MicroPython"] = None
    print("tests/unit: " + ", ".join(f"{n} passed on {name}" for name, n in counts.items()))
    expected = int(COUNT.read_text())
    if None in counts.values():
        return 1
    if len(set(counts.values())) != 1 or counts["CPython"] < expected:  # type: ignore[operator]
        print(f"tests/unit: expected {expected} on each (tests/unit/count.txt)")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
