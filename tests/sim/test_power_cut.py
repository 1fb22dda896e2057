"""Power cuts and failing flash, on MicroPython's own littlefs."""

import json
import subprocess
from pathlib import Path

import pytest

from tools.runtime import MICROPYTHON, environment, libraries

PROBE = Path(__file__).with_name("power_cut_probe.py")
SETTINGS_PROBE = Path(__file__).with_name("settings_cut_probe.py")
BACKUP_PROBE = Path(__file__).with_name("backup_cut_probe.py")


def probe(mode: str, script: Path = PROBE) -> dict:
    done = subprocess.run(
        [MICROPYTHON, "-X", "heapsize=16M", script, mode],
        env=environment("firmware", "tests/unit", libraries()), text=True, timeout=3600,
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
    assert found["neither"] == 0 and found["edited"] >= 10


def test_a_cut_while_the_clock_is_wrong_leaves_the_old_or_the_new_state() -> None:
    check_wrong_clock(probe("some-clock"), 400)


@pytest.mark.long
def test_a_cut_at_more_block_writes_while_the_clock_is_wrong() -> None:
    found = probe("more-clock")  # one write in three; clock tries each
    print(f"power cut with a wrong clock: {found}")
    check_wrong_clock(found, 800)


def check_wrong_clock(found: dict, cuts: int) -> None:
    assert found["cuts"] > cuts and found["continued"] > cuts // 4
    assert found["steps"] >= 12 and found["confirmed"] == 1
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


def test_the_longest_history_fits_three_fifths_of_the_partition() -> None:
    found = probe("size")
    print(f"longest history: {found}")
    assert found["octets"] <= 256 * 1024 * 3 // 5


@pytest.mark.parametrize("mode", ["change", "reset", "keep"])
def test_a_cut_at_any_block_write_leaves_the_old_or_the_new_settings(mode: str) -> None:
    found = probe(mode, SETTINGS_PROBE)
    print(f"power cut, {mode}: {found}")
    assert found["neither"] == 0 and found["old"] > 0 and found["new"] > 0
    assert found["cuts"] == found["block_writes"] + found["halves"] > 4
    assert found["old"] + found["new"] == found["cuts"]


@pytest.mark.parametrize("mode", ["import", "replace"])
def test_a_cut_at_any_block_write_of_an_import_leaves_each_part_old_or_new(mode: str) -> None:
    found = probe(mode, BACKUP_PROBE)
    print(f"power cut of an import: {found}")
    assert found["cuts"] > 150 and found["halves"] > 50
    assert found["old"] > 10 and found["new"] > 0 and found["between"] > 10
    assert found["neither"] == 0 and found["not_again"] == 0
