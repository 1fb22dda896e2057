"""Order of the test files, in which --dist loadfile starts them; compiled modules are kept."""

import itertools

import pytest

from tools.runtime import keep_compiled

keep_compiled()
try:
    import ondemand
except ImportError:  # the tests of the stand-in have no firmware in this process
    pass
else:
    # A visit compares the loaded modules: some sixty on a chip, thousands in pytest.
    ondemand.tuple = frozenset  # type: ignore[attr-defined]

FOLDERS = ("sim", "browser", "image", "tools", "props", "unit")
# The longest files, the longest first. A long file that starts late runs alone at the end.
LONG = (
    "test_power_cut", "test_clock", "test_staying_up", "test_hostile",
    "test_energy_past", "test_page", "test_energy", "test_hours",
    "test_energy_looks", "test_kill", "test_auth", "test_debug", "test_wifi", "test_supply",
    "test_mqtt", "test_whole", "test_line", "test_dialects", "test_household",
    "test_energy_range", "test_memory", "test_costs", "test_energy_reading", "test_setup",
    "test_old_clients", "test_api", "test_backup", "test_settings",
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
