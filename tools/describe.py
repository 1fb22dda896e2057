"""Try list descriptors on a capture, with the firmware's reader.

    python -m tools.describe CAPTURE            decode; show the items of unknown lists
    python -m tools.describe CAPTURE LISTS      the same with the descriptors of file LISTS

Out      one line per telegram: a JSON object of its values, or "error: " and the reason; the
         items of an unknown list before it, one per line
Errors   exit code 1: invalid LISTS, the message has the line and the allowed words; exit code 2:
         unreadable file
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
