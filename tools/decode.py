"""Decode capture files with the firmware's own reader path, under MicroPython.

    python -m tools.decode [--key HEX32] [--auth-key HEX32] FILE...

.hex is octets in hexadecimal, white space ignored; .txt is verbatim. Prints one JSON object a
line, one line a file:
    {"file", "readings": [{...}], "errors": [{"code", "reason", "offset"}], "frames": n}
A damaged capture gives an error and no readings, and exit status 0; a file that cannot be read
gives exit status 2.
"""

import argparse
import re
import subprocess
import sys
from pathlib import Path

from tools.runtime import MICROPYTHON, ROOT, environment


def key(text: str) -> str:
    """A key as it stands in letters from grid companies: 32 hex digits, perhaps spaced."""
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
