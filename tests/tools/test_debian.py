"""A mirror that is stale, slow or failing: the next attempt follows, with one line of output."""

import hashlib
from pathlib import Path

import pytest

from tools import debian

OCTETS = b"the sources"
SOURCE = debian.Source("tool", "1.0-1", "tool_1.0.orig.tar.xz", hashlib.sha256(OCTETS).hexdigest())


class Mirror:
    """A fake apt: the result of each call, by a word in its command."""

    def __init__(self, monkeypatch, **behaviour) -> None:
        self.behaviour = behaviour
        self.asked: list[str] = []
        monkeypatch.setattr(debian, "mirror", lambda: "http://mirror.example/debian")
        monkeypatch.setattr(debian, "_run", self.run)
        monkeypatch.setattr(debian.time, "sleep", lambda _: None)

    def run(self, command, folder: Path) -> str:
        text = " ".join(map(str, command))
        if "download-file" in text:
            return self.act("pool", folder)
        suite = next(name for name in debian.SUITES if f"/{name}/" in text)
        if command[-1] == "update":
            return self.act(suite + "_index", folder)
        return self.act(suite, folder)

    def act(self, what: str, folder: Path) -> str:
        self.asked.append(what)
        found = self.behaviour.get(what, "")
        if isinstance(found, bytes):
            (folder / SOURCE.file).write_bytes(found)
            return ""
        return found


def test_the_pool_needs_no_index(tmp_path: Path, monkeypatch, capsys) -> None:
    mirror = Mirror(monkeypatch, pool=OCTETS)
    assert debian.fetch_source(SOURCE, tmp_path).read_bytes() == OCTETS
    assert mirror.asked == ["pool"] and capsys.readouterr().err == ""
    assert debian.fetch_source(SOURCE, tmp_path).exists()
    assert mirror.asked == ["pool"]  # a file with the right checksum is not downloaded again


def test_a_stale_index_leads_to_the_next_suite(tmp_path: Path, monkeypatch, capsys) -> None:
    out_of_step = "Hash Sum mismatch"
    mirror = Mirror(monkeypatch, pool="404 Not Found", trixie_index=out_of_step, forky=OCTETS)
    assert debian.fetch_source(SOURCE, tmp_path).read_bytes() == OCTETS
    assert mirror.asked == ["pool", "trixie_index", "forky_index", "forky"]
    lines = capsys.readouterr().err.splitlines()
    assert lines == [
        f"debian: {SOURCE.file} from the pool: 404 Not Found; trying the next",
        f"debian: {SOURCE.file} from trixie: {out_of_step}; trying the next",
    ]


def test_a_file_with_a_wrong_checksum_is_refused(tmp_path: Path, monkeypatch, capsys) -> None:
    Mirror(monkeypatch, pool=b"something else", trixie=OCTETS)
    assert debian.fetch_source(SOURCE, tmp_path).read_bytes() == OCTETS
    assert "from the pool: wrong checksum" in capsys.readouterr().err


def test_every_address_is_tried_twice(tmp_path: Path, monkeypatch) -> None:
    names = ["pool", *debian.SUITES]
    mirror = Mirror(monkeypatch, **dict.fromkeys(names, "not finished after 240 s"))
    with pytest.raises(debian.FetchError, match=r"tool_1\.0\.orig\.tar\.xz: not in the pool"):
        debian.fetch_source(SOURCE, tmp_path)
    assert [mirror.asked.count(name) for name in names] == [2, 2, 2, 2]


def test_a_command_is_killed_at_its_time_limit(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(debian, "_PATIENCE_S", 0.2)
    assert debian._run(["sleep", "20"], tmp_path) == "not finished after 0.2 s"
    monkeypatch.setattr(debian, "_PATIENCE_S", 60)
    assert debian._run(["sh", "-c", "echo 'E: why' >&2; exit 100"], tmp_path) == "why"
