"""Fetch a 32-bit MicroPython from Debian: words and small integers as wide as on the ESP32.

    python -m tools.fetch32

Downloads the i386 package and its libraries into build/micropython32 without installing them, and
writes build/micropython32/micropython, which runs it. For x86 machines with Debian's apt.
"""

import os
import subprocess
import sys

from tools.runtime import MICROPYTHON32, ROOT

SUITE = "trixie"  # the first Debian release with a micropython package that runs viper code
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
HOME = MICROPYTHON32.parent
LIBRARIES = "usr/lib/i386-linux-gnu"


def mirror() -> str:
    """The address of this machine's own Debian mirror."""
    command = ["apt-get", "indextargets", "--format", "$(SITE) $(REPO_URI)"]
    lines = subprocess.run(command, check=True, text=True, capture_output=True).stdout.split("\n")
    found = [line.split()[-1] for line in lines if line.strip() and "security" not in line]
    if not found:
        raise RuntimeError("apt knows no package source; run apt-get update")
    return found[0]


def apt(*arguments: str) -> None:
    """apt-get with lists, cache and status of its own, for i386."""
    options = {
        "APT::Architecture": "i386",
        "APT::Architectures::": "i386",
        "Dir::Etc::sourcelist": HOME / "sources.list",
        "Dir::Etc::sourceparts": "-",
        "Dir::State::lists": HOME / "lists",
        "Dir::Cache": HOME / "cache",
        "Dir::State::status": HOME / "status",
        "APT::Sandbox::User": "root",
        "Debug::NoLocking": "1",
    }
    flags = [part for name, value in options.items() for part in ("-o", f"{name}={value}")]
    subprocess.run(["apt-get", "-qq", *flags, *arguments], check=True)


def fetch() -> None:
    """Download, unpack, write the starter."""
    for folder in ("lists/partial", "cache/archives/partial", "root"):
        (HOME / folder).mkdir(parents=True, exist_ok=True)
    (HOME / "status").touch()
    source = f"deb [arch=i386 signed-by={KEYRING}] {mirror()} {SUITE} main\n"
    (HOME / "sources.list").write_text(source)
    apt("update")
    apt("install", "-y", "--no-install-recommends", "--download-only", "micropython")
    for package in (HOME / "cache" / "archives").glob("*.deb"):
        subprocess.run(["dpkg", "-x", package, HOME / "root"], check=True)
    root = HOME / "root"
    loader = f"{root}/{LIBRARIES}/ld-linux.so.2 --library-path {root}/{LIBRARIES}"
    MICROPYTHON32.write_text(f'#!/bin/sh\nexec {loader} {root}/usr/bin/micropython "$@"\n')
    MICROPYTHON32.chmod(0o755)


def main() -> int:
    try:
        if not MICROPYTHON32.exists():
            fetch()
        subprocess.run([MICROPYTHON32, "-c", "import sys; assert sys.maxsize == 0x7fffffff"],
                       check=True)  # fmt: skip
    except (OSError, RuntimeError, subprocess.CalledProcessError) as e:
        MICROPYTHON32.unlink(missing_ok=True)
        print(f"fetch32: no 32-bit MicroPython here: {e}", file=sys.stderr)
        return 1 if os.environ.get("CI") == "true" else 0
    print(f"fetch32: {MICROPYTHON32.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
