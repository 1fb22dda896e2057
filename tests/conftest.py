"""Order of the test files, in which --dist loadfile starts them."""

import itertools

import pytest

FOLDERS = ("sim", "browser", "image", "tools", "props", "unit")
# The longest files, the longest first. A long file that starts late runs alone at the end.
LONG = (
    "test_energy_past", "test_page", "test_energy", "test_hours", "test_energy_looks",
    "test_mqtt", "test_whole", "test_line", "test_dialects", "test_household",
    "test_energy_range", "test_memory", "test_costs", "test_energy_reading",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort the files: long ones first, then by folder; tests of a file keep their order.

    Files that mostly wait (sim) and files that compute (the others) take turns.
    """

    def place(item: pytest.Item) -> tuple[int, int]:
        long = LONG.index(item.path.stem) if item.path.stem in LONG else len(LONG)
        return long, FOLDERS.index(item.path.parent.name)

    items.sort(key=place)
    waiting = {True: [], False: []}  # type: dict[bool, list[list[pytest.Item]]]
    for path, group in itertools.groupby(items, lambda item: item.path):
        waiting[path.parent.name == "sim"].append(list(group))
    turns = itertools.zip_longest(waiting[True], waiting[False], fillvalue=[])
    items[:] = [item for pair in turns for file in pair for item in file]
