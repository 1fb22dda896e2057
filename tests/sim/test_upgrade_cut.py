"""Power cuts at every write of an upgrade: see upgrade_cut_probe.py."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.slots import KEY, image
from tools.runtime import MICROPYTHON, environment, libraries

PROBE = Path(__file__).with_name("upgrade_cut_probe.py")


@pytest.mark.long
def test_a_cut_at_any_write_boots_the_old_or_the_new_version(tmp_path: Path) -> None:
    path = tmp_path / "image"
    path.write_bytes(image(bytes(range(250)) * 920))
    key = KEY.public_key().public_bytes_raw().hex()
    done = subprocess.run(
        [MICROPYTHON, "-X", "heapsize=16M", PROBE, key, path],
        env=environment("firmware", "tests/unit", libraries()), text=True, timeout=600,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    lines = done.stdout.splitlines()
    assert done.returncode == 0 and lines and lines[-1].startswith("{"), done.stdout
    found = json.loads(lines[-1])
    print(f"power cuts during an upgrade: {found}")
    assert found["cuts"] == 2 * found["steps"] > 1900
    assert found["neither"] == found["stuck"] == 0
    assert found["old"] > 1900 and found["new"] > 20  # each cut starts once, some twice
    assert found["completed"] > 20 and found["reasons"] > 10
    assert found["end"] == "app1"
