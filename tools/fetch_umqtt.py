"""Fetch umqtt.simple by name, version and checksum: pip cannot, the archive has no setup.py.

python -m tools.fetch_umqtt FOLDER
"""

import hashlib
import io
import sys
import tarfile
import tempfile
from pathlib import Path

from pypi_simple import PyPISimple

PROJECT = "micropython-umqtt.simple"
FILE = "micropython-umqtt.simple-1.3.4.tar.gz"
SHA256 = "b6a2520239e3992c63a7de9370ee9b3d9d27819a90359c521f1c0f7ccab8d12f"
MEMBER = "micropython-umqtt.simple-1.3.4/umqtt/simple.py"


def main() -> int:
    folder = Path(sys.argv[1])
    with PyPISimple() as client, tempfile.TemporaryDirectory() as scratch:
        packages = client.get_project_page(PROJECT).packages
        package = next((p for p in packages if p.filename == FILE), None)
        if package is None:
            print(f"fetch_umqtt: the registry no longer has {FILE}", file=sys.stderr)
            return 1
        archive = Path(scratch) / FILE
        client.download_package(package, archive)
        octets = archive.read_bytes()
    if hashlib.sha256(octets).hexdigest() != SHA256:
        print(f"fetch_umqtt: {FILE} is not the file whose checksum is known", file=sys.stderr)
        return 1
    with tarfile.open(fileobj=io.BytesIO(octets)) as tar:
        member = tar.extractfile(MEMBER)
        assert member is not None
        source = member.read()
    (folder / "umqtt").mkdir(parents=True, exist_ok=True)
    (folder / "umqtt" / "simple.py").write_bytes(source)
    return 0


if __name__ == "__main__":
    sys.exit(main())
