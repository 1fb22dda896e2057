"""Run tests/unit on each runtime, all at the same time, and print the counts.

    python -m tools.unit                    # all
    python -m tools.unit test_hdlc test_p1  # these files

Runtimes  CPython under pytest; the real MicroPython with 64-bit words and with the ESP32's 32-bit
          words. A missing 32-bit interpreter is an error with CI=true, else its run is skipped
Errors    exit code 1 if a test fails, or if the counts differ from each other or are below
          tests/unit/count.txt (if all ran): then a test was not found
"""

import argparse
import os
import re
import subprocess
import sys
from pathlib import Path

from tools.runtime import MICROPYTHON, MICROPYTHON32, ROOT, environment, libraries

UNIT = ROOT / "tests" / "unit"
COUNT = UNIT / "count.txt"
_PASSED = re.compile(r"(\d+) passed(, 0 failed)?\b")

Run = subprocess.Popen[str]


def on_cpython(names: list[str]) -> Run:
    files = [UNIT / f"{name}.py" for name in names]
    command = [sys.executable, "-m", "pytest", "-q", *files]
    return subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE)


def on_micropython(interpreter: Path, names: list[str]) -> Run:
    return subprocess.Popen(
        [interpreter, "-X", "heapsize=16M", UNIT / "run_micropython.py", *names],
        cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env=environment(UNIT, "firmware", libraries()),
    )  # fmt: skip


def passed(run: Run) -> "int | None":
    """Number of passed tests; None, after the run's output, if one failed."""
    printed = run.communicate()[0]
    found = _PASSED.search(printed.splitlines()[-1] if printed else "")
    if run.returncode or not found:
        print(printed)
        return None
    return int(found.group(1))


def main(arguments: "list[str] | None" = None) -> int:
    parser = argparse.ArgumentParser(description="Run tests/unit on each runtime.")
    every = sorted(path.stem for path in UNIT.glob("test_*.py"))
    parser.add_argument("names", nargs="*", metavar="test_NAME", help="files; usually all")
    names = parser.parse_args(arguments).names or every
    if unknown := sorted(set(names) - set(every)):
        parser.error(f"not in tests/unit: {' '.join(unknown)}")
    runs = {"CPython": on_cpython(names), "MicroPython": on_micropython(MICROPYTHON, names)}
    missing = not MICROPYTHON32.exists()
    if not missing:
        runs["32-bit MicroPython"] = on_micropython(MICROPYTHON32, names)
    counts = {name: passed(run) for name, run in runs.items()}
    lines = [f"{'some failed' if n is None else f'{n} passed'} on {name}"
            for name, n in counts.items()]  # fmt: skip
    lines += [f"{MICROPYTHON32.relative_to(ROOT)} is missing"] * missing
    print("tests/unit: " + ", ".join(lines))
    expected = int(COUNT.read_text()) if names == every else 0
    if None in counts.values() or (missing and os.environ.get("CI") == "true"):
        return 1
    if len(set(counts.values())) != 1 or (counts["CPython"] or 0) < expected:
        print(f"tests/unit: expected {expected} on each (tests/unit/count.txt)")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
