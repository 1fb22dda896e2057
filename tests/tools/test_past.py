"""The simulated history: its last register is the first of the simulated meter."""

from pathlib import Path

import pytest
from energy import blocks, profiles, views
from energy.blocks import INTERPOLATED, Block
from energy.ledger import Energy
from log import Log
from storage import Storage

from tools import past
from tools.household import Household

UNTIL = 1_767_225_600 + 17 * 86400 + 10 * 3600  # 2026-01-18T10:00Z, a day with a silence


def test_the_history_ends_at_the_meters_first_register(tmp_path: Path) -> None:
    days_done: list[int] = []
    past.fill(tmp_path, past.Past(UNTIL, 1, 3, "tn", False), days_done.append)
    energy = Energy("Europe/Oslo", profiles.tariff("NO", {}))
    energy.load(Storage(str(tmp_path), Log(lambda: 0)), b"")
    begins = Household(UNTIL, 3, "tn", False).snapshot(UNTIL).energy_import_wh
    assert energy.settler.settled_until == UNTIL and energy.registers.imported == begins
    hours, total = Block(24), 0
    for day in (UNTIL // 86400 - 1, UNTIL // 86400):
        views.fill(energy.history, blocks.HOURS, day, hours)
        total += sum(hours.imported)
    house = Household(UNTIL - 86400, 3, "tn", False)
    ends = house.snapshot(UNTIL).energy_import_wh or 0
    assert total == ends - (house.snapshot(UNTIL - 86400).energy_import_wh or 0)
    assert days_done == [0]
    assert hours.quality[7] == INTERPOLATED


def test_an_existing_history_is_kept(tmp_path: Path, capsys) -> None:
    (tmp_path / "journal").write_bytes(b"x")
    assert past.main(["--data", str(tmp_path)]) == 1
    assert "has a history already" in capsys.readouterr().err


def test_a_missing_folder_is_made_and_filled(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(past, "Past", Short)
    folder = tmp_path / "not" / "there"
    assert past.main(["--data", str(folder), "--days", "1"]) == 0
    assert (folder / "journal").exists()


def test_a_read_only_folder_is_an_error_at_once(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.setattr(past, "Past", lambda *_: pytest.fail("the history was begun"))
    (tmp_path / "file").write_bytes(b"x")
    assert past.main(["--data", str(tmp_path / "file" / "data")]) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_an_unwritten_history_is_an_error(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.setattr(past, "fill", lambda *_: None)
    assert past.main(["--data", str(tmp_path), "--days", "1"]) == 1
    assert "took nothing" in capsys.readouterr().err


class Short:
    """A history of two hours, with the interface of past.Past."""

    def __init__(self, until: int, *_: object) -> None:
        self.begin, self.until = UNTIL - 7200, UNTIL

    def quarters(self):
        for number in range(9):
            yield self.begin + 900 * number, 1000, 10_000 + 250 * number, 0
