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
    paths = [tmp_path / "image", tmp_path / "smaller"]
    paths[0].write_bytes(image(bytes(range(250)) * 920))
    paths[1].write_bytes(image(bytes(range(249)) * 160, "v0.3.0"))
    key = KEY.public_key().public_bytes_raw().hex()
    done = subprocess.run(
        [MICROPYTHON, "-X", "heapsize=16M", PROBE, key, *paths],
        env=environment("firmware", "tests/unit", libraries()), text=True, timeout=3600,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    lines = done.stdout.splitlines()
    assert done.returncode == 0 and lines and lines[-1].startswith("{"), done.stdout
    found = json.loads(lines[-1])
    print(f"power cuts during an upgrade: {found}")
    assert found["cuts"] == sum(found["ways"].values()) > 3000
    assert len(found["ways"]) == 7 and min(found["ways"].values()) > 10
    assert found["neither"] == found["stuck"] == 0
    assert found["old"] > 3000 and found["new"] > 100  # each cut starts once, some twice
    assert found["completed"] > 100 and found["reasons"] > 10
    assert found["ends"] == ["app1", "app1", "app1", "app0", "app1", "app0", "app0"]
