"""Try a text of list descriptors on a capture, with the firmware's own reader path.

    python -m tools.describe CAPTURE            what is in a list that the firmware does not know
    python -m tools.describe CAPTURE LISTS      the same capture with these descriptors in force

Prints one line a telegram: a JSON object of its values, or "error: " and the reason; before that,
for a list that nobody knows, its items, a line each.
Exit status 1 if LISTS cannot be used (the line and what is allowed there are printed), 2 if a
file cannot be read.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from tools import captures
from tools.runtime import MICROPYTHON, ROOT, environment


def main(arguments: list[str]) -> int:
    if len(arguments) not in (1, 2):
        print(__doc__)
        return 2
    try:
        octets = captures.read(arguments[0])
        for name in arguments[1:]:
            Path(name).open("rb").close()
    except (OSError, captures.CaptureError) as e:
        print(f"describe: {e}", file=sys.stderr)
        return 2
    script = ROOT / "tools" / "on_micropython" / "describe.py"
    with tempfile.NamedTemporaryFile(suffix=".bin") as capture:
        capture.write(octets)
        capture.flush()
        command = [MICROPYTHON, "-X", "heapsize=1M", script, capture.name, *arguments[1:]]
        return subprocess.run(command, env=environment("firmware")).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
