"""Decode capture files with the firmware's reader, under MicroPython.

    python -m tools.decode [--key HEX32] [--auth-key HEX32] FILE...

In       .hex: hexadecimal digits, white space ignored, a blank line where the meter's line was
         quiet, lines of comments that begin with #; .txt: octets unchanged
         /capture.hex of a reader is such a file
Out      one JSON object per file and line:
         {"file", "readings": [{...}], "errors": [{"code", "reason", "offset"}], "frames": n}
Errors   a damaged capture: an entry in "errors", exit code 0; an unreadable file: exit code 2
"""

import argparse
import re
import subprocess
import sys
from pathlib import Path

from tools.runtime import MICROPYTHON, ROOT, environment


def key(text: str) -> str:
    """A key of 32 hex digits, with spaces, colons or hyphens as grid companies print it."""
    digits = re.sub(r"[\s:-]|^0x", "", text)
    if not re.fullmatch("[0-9a-fA-F]{32}", digits):
        raise argparse.ArgumentTypeError("a key is 32 hexadecimal digits")
    return digits


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--key", type=key, help="encryption key, 32 hex digits")
    parser.add_argument("--auth-key", type=key, help="authentication key")
    parser.add_argument("files", nargs="+", metavar="FILE")
    args = parser.parse_args()
    for name in args.files:
        try:
            Path(name).open("rb").close()
        except OSError as e:
            print(f"decode: {name}: {e.strerror}", file=sys.stderr)
            return 2
    script = ROOT / "tools" / "on_micropython" / "decode.py"
    keys = [args.key or "", args.auth_key or ""]
    command = [MICROPYTHON, "-X", "heapsize=4M", script, *keys, *args.files]
    return subprocess.run(command, env=environment("firmware")).returncode


if __name__ == "__main__":
    sys.exit(main())
