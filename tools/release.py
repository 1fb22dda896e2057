"""Signs the images of all boards and lists them, for a release: .github/workflows/image.yml.

    SIGNING_KEY=... python -m tools.release --images DIR --tag v1.0.0

In       DIR with <board>-<tag>.bin, -full.bin and .json of every board, as tools/firmware.py makes
         them; the private key's text in the environment
Out      the same .bin files with signatures, their .json renewed; notes.md and manifest.json.
         Without a key the images stay unsigned and there is no manifest, as readers take signed
         images from it only
Errors   one line on stderr; exit code 1, before anything is changed
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tools import boards, firmware
from tools.runtime import ROOT


class ReleaseError(Exception):
    """What is missing."""


def files_of(folder: Path, tag: str) -> dict[str, Path]:
    """{board: its application}. ReleaseError if the tag or a file is not that of the version."""
    if tag != firmware.version():
        raise ReleaseError(f"the tag is {tag}, the firmware's version {firmware.version()}")
    found = {board: folder / f"{board}-{tag}.bin" for board in boards.BOARDS}
    wanted = [
        path.with_name(path.stem + end)
        for path in found.values()
        for end in (".bin", "-full.bin", ".json")
    ]
    missing = [path.name for path in wanted if not path.is_file()]
    if missing:
        raise ReleaseError("missing: " + ", ".join(missing))
    return found


def _call(arguments: Sequence[object], key: str = "") -> str:
    command = [sys.executable, "-m", "tools.sign", *map(str, arguments)]
    done = subprocess.run(command, input=key, text=True, capture_output=True, cwd=ROOT)
    if done.returncode:
        raise ReleaseError(done.stderr.strip())
    return done.stdout


def sign(board: str, path: Path, key: str) -> None:
    """Put a signature at the end of an application, and its facts into the .json."""
    signed = path.with_suffix(".signed")
    fields = ["--chip", boards.chip(board), "--family", boards.family(board)]
    fields += ["--version", firmware.version(), "--out", str(signed)]
    _call(["sign", path, "--key", "-", *fields], key)
    signed.replace(path)
    notes = path.with_suffix(".json")
    facts = json.loads(notes.read_text())
    facts["signed"] = True
    facts["sha256"][path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
    notes.write_text(json.dumps(facts, indent=2) + "\n")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.release", description="Sign images.")
    parser.add_argument("--images", type=Path, required=True)
    parser.add_argument("--tag", required=True)
    args = parser.parse_args(arguments)
    key = os.environ.get("SIGNING_KEY", "")
    folder = args.images.resolve()
    try:
        found = files_of(folder, args.tag)
        (folder / "notes.md").write_text(_call(["notes"]))
        if not key:
            print("release: no SIGNING_KEY: the images stay unsigned, without a manifest")
            return 0
        for board, path in found.items():
            sign(board, path, key)
        manifest = ["--notes", folder / "notes.md", "--out", folder / "manifest.json"]
        print(_call(["manifest", *found.values(), *manifest]), end="")
    except ReleaseError as e:
        print(f"release: {e}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
