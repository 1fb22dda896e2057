"""Downloads files from this machine's Debian mirror, even if one suite's index is broken.

fetch_source() tries these until a file has the pinned checksum:
    the file's address in the pool, which needs no index
    the source package of each suite, with an index of its own in a scratch folder
unpack_packages() does the second for binary packages; apt checks them with the signed index.
Errors   one line on stderr per failed attempt, FetchError after the last
Limits   Debian's apt; no root needed
"""

import hashlib
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
HELPER = "/usr/lib/apt/apt-helper"
SUITES = ("trixie", "forky", "sid")
_LIMITS = ("Acquire::Retries=2", "Acquire::http::Timeout=20", "Acquire::https::Timeout=20")
_PATIENCE_S = 240  # time limit of one call of apt: a slow mirror counts as a failure
_ROUNDS = 2


class FetchError(Exception):
    """All attempts failed; the message names the file."""


class Source(NamedTuple):
    """One file of a source package: its name in the pool and its checksum."""

    package: str
    version: str
    file: str
    sha256: str


def show(text: str) -> None:
    print("debian: " + text, file=sys.stderr, flush=True)


def mirror() -> str:
    """The address of this machine's own Debian mirror. FetchError if apt knows none."""
    command = ["apt-get", "indextargets", "--format", "$(SITE) $(REPO_URI)"]
    try:
        done = subprocess.run(command, check=True, text=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError) as e:
        raise FetchError(f"no apt here: {e}") from None
    found = [line.split()[-1] for line in done.stdout.splitlines() if line.strip()]
    places = [place for place in found if place.rstrip("/").endswith("/debian")]
    if not places:
        raise FetchError("apt knows no package source; run apt-get update")
    return places[0].rstrip("/")


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def fetch_source(source: Source, folder: Path) -> Path:
    """Download the file into the folder and check it. FetchError if all attempts fail."""
    target = folder / source.file
    if target.exists() and sha256(target) == source.sha256:
        return target
    folder.mkdir(parents=True, exist_ok=True)
    place = mirror()
    for attempt in range(_ROUNDS):
        for name, way in _ways(source, folder, place):
            trouble = way()
            if not trouble and target.exists() and sha256(target) == source.sha256:
                return target
            target.unlink(missing_ok=True)
            show(f"{source.file} from {name}: {trouble or 'wrong checksum'}; trying the next")
        time.sleep(attempt + 1)
    raise FetchError(f"{source.file}: not in the pool nor in {', '.join(SUITES)}")


def _ways(source: Source, folder: Path, place: str):  # type: ignore[no-untyped-def]
    def pool() -> str:
        first = source.package[:1]
        address = f"{place}/pool/main/{first}/{source.package}/{quote(source.file)}"
        target = str((folder / source.file).resolve())
        return _run([HELPER, *_flags(_LIMITS), "download-file", address, target,
                     "SHA256:" + source.sha256], folder)  # fmt: skip

    yield "the pool", pool
    for suite in SUITES:
        yield (
            suite,
            lambda suite=suite: Suite(suite, folder / "apt", place).download(
                ["source", "--download-only", f"{source.package}={source.version}"], folder
            ),
        )


class Suite:
    """One suite, with its own lists, cache and status in a scratch folder."""

    def __init__(self, name: str, scratch: Path, place: str) -> None:
        self.name = name
        self._home = (scratch / name).resolve()
        self._place = place
        self._ready = False

    def download(self, what: Sequence[str], folder: Path) -> str:
        """Run apt-get with these arguments in that folder. Returns the error, "" = none."""
        return self._update() or self._apt(what, folder)

    def _update(self) -> str:
        if self._ready:
            return ""
        for part in ("lists/partial", "cache/archives/partial"):
            (self._home / part).mkdir(parents=True, exist_ok=True)
        (self._home / "status").touch()
        options = f"[signed-by={KEYRING}] {self._place} {self.name} main\n"
        (self._home / "sources.list").write_text(f"deb {options}deb-src {options}")
        trouble = self._apt(["update"], self._home)
        self._ready = not trouble
        return trouble

    def _apt(self, arguments: Sequence[str], folder: Path) -> str:
        home = self._home
        options = (*_LIMITS, f"Dir::Etc::sourcelist={home}/sources.list",
                   "Dir::Etc::sourceparts=-", f"Dir::State::lists={home}/lists",
                   f"Dir::State::status={home}/status", f"Dir::Cache={home}/cache",
                   "APT::Sandbox::User=root", "Debug::NoLocking=1",
                   "APT::Update::Error-Mode=any")  # fmt: skip
        return _run(["apt-get", "-qq", *_flags(options), *arguments], folder)


def unpack_packages(names: Iterable[str], suites: Sequence[str], root: Path) -> None:
    """Download these binary packages of one suite and unpack them into root, without installing.

    Takes the first suite with all of them. FetchError if there is none.
    """
    place = mirror()
    for name in suites:
        folder = root.parent / ("packages-" + name)
        folder.mkdir(parents=True, exist_ok=True)
        suite = Suite(name, root.parent / "apt", place)
        trouble = suite.download(["download", *names], folder)
        if trouble:
            show(f"packages from {name}: {trouble}; trying the next suite")
            continue
        for package in sorted(folder.glob("*.deb")):
            subprocess.run(["dpkg", "-x", package, root], check=True)
        return
    raise FetchError(f"{' '.join(names)}: not in {', '.join(suites)}")


def _flags(options: Iterable[str]) -> list[str]:
    return [part for option in options for part in ("-o", option)]


def _run(command: Sequence[str], folder: Path) -> str:
    """The command's error in one line, "" = none."""
    try:
        done = subprocess.run(command, cwd=folder, text=True, capture_output=True,
                              timeout=_PATIENCE_S)  # fmt: skip
    except subprocess.TimeoutExpired:
        return f"not finished after {_PATIENCE_S} s"
    except OSError as e:
        return str(e)
    if not done.returncode:
        return ""
    errors = [line for line in done.stderr.splitlines() if line.startswith("E:")]
    return errors[0].removeprefix("E:").strip() if errors else f"exit code {done.returncode}"
