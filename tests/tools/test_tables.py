"""The decoder's generated tables equal their sources."""

from tools import tables


def test_no_table_is_stale() -> None:
    for path, text in tables.written().items():
        assert path.read_text() == text, f"{path.name}: run python -m tools.tables"
