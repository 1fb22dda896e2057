"""Run tests/unit on both runtimes and print both counts.

    python -m tools.unit

The same files run under pytest and under the real MicroPython. The counts must be equal and at
least what tests/unit/count.txt says, so a test that silently is no longer found is noticed.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
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


def on_micropython() -> "int | None":
    """Tests that passed, None if one failed."""
    names = sorted(path.stem for path in UNIT.glob("test_*.py"))
    path = f"{UNIT}:{ROOT / 'firmware'}:.frozen"
    done = subprocess.run(
        [ROOT / ".venv/bin/micropython", "-X", "heapsize=4M", UNIT / "run_micropython.py", *names],
        cwd=ROOT, text=True, stdout=subprocess.PIPE, env={**os.environ, "MICROPYPATH": path},
    )  # fmt: skip
    found = re.search(r"(\d+) passed, 0 failed", done.stdout)
    if done.returncode or not found:
        print(done.stdout)
        return None
    return int(found.group(1))


def main() -> int:
    cpython = on_cpython()
    micropython = on_micropython()
    print(f"tests/unit: {cpython} passed on CPython, {micropython} passed on MicroPython")
    expected = int(COUNT.read_text())
    if cpython is None or micropython is None:
        return 1
    if cpython != micropython or cpython < expected:
        print(f"tests/unit: expected {expected} on both (tests/unit/count.txt)")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
