"""Power cuts and failing flash, on MicroPython's own littlefs."""

import json
import subprocess
from pathlib import Path

import pytest

from tools.runtime import MICROPYTHON, environment

PROBE = Path(__file__).with_name("power_cut_probe.py")


def probe(mode: str) -> dict:
    done = subprocess.run(
        [MICROPYTHON, "-X", "heapsize=16M", PROBE, mode],
        env=environment("firmware", "tests/unit"), text=True, timeout=170,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    lines = done.stdout.splitlines()
    assert done.returncode == 0 and lines and lines[-1].startswith("{"), done.stdout
    answer: dict = json.loads(lines[-1])
    return answer


def test_a_cut_at_some_block_writes_leaves_the_old_or_the_new_state() -> None:
    found = probe("some-cuts")
    assert found["cuts"] > 500 and found["continued"] > 10
    assert found["erased"] > 100 and found["halves"] > 100
    assert found["cuts"] - found["halves"] - found["erased"] > 300  # after complete writes
    assert found["neither"] == 0


@pytest.mark.long
def test_a_cut_at_any_block_write_leaves_the_old_or_the_new_state() -> None:
    found = probe("cuts")
    print(f"power cut: {found}")
    assert found["cuts"] > 2000 and found["cuts"] > found["block_writes"]
    assert found["neither"] == 0 and found["continued"] > 50


def test_energy_is_counted_on_a_full_flash_and_saved_afterwards() -> None:
    found = probe("full")
    assert found["continued"] and found["saved"] and found["restored"]
    assert any("cannot" in line for line in found["log"])


def test_energy_is_counted_on_a_read_only_flash_and_saved_afterwards() -> None:
    found = probe("read-only")
    assert found["continued"] and found["saved"] and found["restored"]
    assert any("cannot" in line for line in found["log"])


def test_the_longest_history_fits_half_the_partition() -> None:
    found = probe("size")
    print(f"longest history: {found}")
    assert found["octets"] <= 128 * 1024
