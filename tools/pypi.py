"""Downloads source archives from PyPI that pip cannot install, as they have no setup.py.

    python -m tools.pypi FOLDER     write the libraries below into FOLDER

In       name, version and checksum of each archive
Errors   FetchError after the last attempt; the command line prints it, exit code 1

umqtt.simple is MicroPython's own. `requests` is urequests 0.9.1: micropython-requests on PyPI is
an empty dummy, and MicroPython's requests is not on PyPI.
"""

import hashlib
import sys
import tarfile
import time
from pathlib import Path
from typing import NamedTuple

from pypi_simple import PyPISimple

_TRIES = 3
_TIMEOUT_S = 60


class FetchError(Exception):
    """A download failed; the message has the file and the reason."""


class Archive(NamedTuple):
    """A source archive of PyPI."""

    project: str
    file: str
    sha256: str


LIBRARIES = {
    "umqtt/simple.py": (
        Archive(
            "micropython-umqtt.simple",
            "micropython-umqtt.simple-1.3.4.tar.gz",
            "b6a2520239e3992c63a7de9370ee9b3d9d27819a90359c521f1c0f7ccab8d12f",
        ),
        "micropython-umqtt.simple-1.3.4/umqtt/simple.py",
    ),
    "requests/__init__.py": (
        Archive(
            "micropython-urequests",
            "micropython-urequests-0.9.1.tar.gz",
            "15ed0132bcff1a84e87049d9d7780ce26df0810fa674aa89d187e17493d6e3c5",
        ),
        "micropython-urequests-0.9.1/urequests/__init__.py",
    ),
}


def fetch(archive: Archive, folder: Path) -> Path:
    """Download the archive into the folder and check it. FetchError if all attempts fail."""
    target = folder / archive.file
    if target.exists() and _sha256(target) == archive.sha256:
        return target
    folder.mkdir(parents=True, exist_ok=True)
    for attempt in range(1, _TRIES + 1):
        try:
            _download(archive, target)
            if _sha256(target) == archive.sha256:
                return target
            trouble = "wrong checksum"
            target.unlink()
        except Exception as e:  # the client's errors have no common base
            trouble = str(e).splitlines()[0] if str(e) else repr(e)
        if attempt < _TRIES:
            print(f"pypi: {archive.file}: {trouble}; trying again", file=sys.stderr)
            time.sleep(2 * attempt)
    raise FetchError(f"{archive.file}: {trouble}")


def _download(archive: Archive, target: Path) -> None:
    with PyPISimple() as client:
        packages = client.get_project_page(archive.project, timeout=_TIMEOUT_S).packages
        package = next((p for p in packages if p.filename == archive.file), None)
        if package is None:
            raise FetchError("the registry no longer has it")
        client.download_package(package, target, timeout=_TIMEOUT_S)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> int:
    folder = Path(sys.argv[1])
    try:
        for name, (archive, member) in LIBRARIES.items():
            if (folder / name).exists():
                continue
            with tarfile.open(fetch(archive, folder / "archives")) as tar:
                found = tar.extractfile(member)
                assert found is not None
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(found.read())
    except FetchError as e:
        print(f"pypi: {e}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
