"""Parallel modules leave nothing in the heap: 200 visits of each take no more than one."""

import subprocess
from pathlib import Path

import pytest

from tools import image
from tools.runtime import MICROPYTHON32, ROOT, environment

FOLDERS = ("han/meters", "mqtt/payloads", "web/documents", "web/forms", "prices/sources")
OTHERS = (
    "han.p1",
    "han.descriptors",
    "han.pasted",
    "inspection",
    "prices.table",
    "prices.rules",
    "prices.stored",
    "prices.advice",
    "energy.caps",
    "energy.hourly",
    "web.exchange",
)
VISITS = 200
SCRIPT = """
import gc
import sys

from han.stream import WIRES
from ondemand import visit

names = {names!r} + [row[1] for row in WIRES]


def live():
    gc.collect()
    gc.collect()
    return gc.mem_alloc()


for name in names:
    first = 0
    for number in range({visits}):
        v = visit(name)
        assert v.open() is sys.modules[name]
        v.close()
        del v
        if not number:
            first = live()
    print(name, live() - first, name in sys.modules)
"""


@pytest.fixture(scope="module", autouse=True)
def standin() -> Path:
    return image.make()


def test_200_visits_leave_no_more_in_the_heap_than_one() -> None:
    names = [
        f"{folder.replace('/', '.')}.{path.stem}"
        for folder in FOLDERS
        for path in sorted((ROOT / "firmware" / folder).glob("*.py"))
        if path.stem != "__init__"
    ]
    done = subprocess.run(
        [MICROPYTHON32, "-X", "heapsize=200k", "-c",
         SCRIPT.format(names=names + list(OTHERS), visits=VISITS)],
        env=environment(), text=True, capture_output=True, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    rows = [line.split() for line in done.stdout.splitlines()]
    assert {name for name, _, _ in rows} > {*names, *OTHERS}, rows
    held = {name: octets for name, octets, loaded in rows if octets != "0" or loaded == "True"}
    assert not held, held
