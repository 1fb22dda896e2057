"""Inputs of tools/fuzz.py: its seeds, and inputs that failed once (tests/golden/fuzz)."""

from pathlib import Path

import pytest

from tools import fuzz
from tools.fixtures import vectors

KEPT = sorted(fuzz.KEPT.glob("*")) if fuzz.KEPT.is_dir() else []
SEEDS = [v.octets for v in vectors()] + [path.read_bytes()[1:] for path in KEPT]


@pytest.mark.parametrize("target", range(0, 256, 7))
def test_each_target_takes_each_input(target: int) -> None:
    for octets in SEEDS:
        fuzz.one(bytes([target]) + octets)
        fuzz.one(bytes([target]) + octets[:-7])
        fuzz.one(bytes([target]) + octets[9:])


@pytest.mark.long
def test_inputs_that_are_no_telegram_raise_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fuzz, "CORPUS", tmp_path)
    fuzz.seeds()
    seen = set()
    for path in tmp_path.iterdir():
        octets = path.read_bytes()
        if octets[0] >= fuzz.OTHERS:
            seen.add(octets[0])
            for end in range(len(octets) + 1):
                fuzz.one(octets[:end])
    assert seen == {0xFD, 0xFE, 0xFF}
