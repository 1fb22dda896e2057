"""Order of the test files: files that mostly wait run first, beside files that compute."""

import pytest

FOLDERS = ("sim", "image", "browser", "tools", "props", "unit")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort by folder; the order of the files and in the files stays."""
    items.sort(key=lambda item: FOLDERS.index(item.path.parent.name))
