"""Files of the firmware on this machine's file system."""

import json
from pathlib import Path

import pytest
from log import Log
from storage import Storage


def test_a_file_stays_when_there_is_no_heap_to_read_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tokens.json").write_text('{"a": 1}')
    files = Storage(str(tmp_path), Log(lambda: 0, False))

    def no_heap(text: str) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(json, "loads", no_heap)
        with pytest.raises(MemoryError):
            files.read_json("tokens.json")
    assert files.read_json("tokens.json") == {"a": 1}
    (tmp_path / "tokens.json").write_text('{"a": 1')
    assert files.read_json("tokens.json") == {}
    assert [path.name for path in tmp_path.iterdir()] == ["tokens.json.bad"]
