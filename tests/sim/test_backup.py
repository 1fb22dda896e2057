"""A backup of a long history through the whole firmware: out of one reader, into another."""

import json
from pathlib import Path

from energy import blocks, stored
from log import Log
from storage import Storage

from tests.timing import wait_until
from tests.world import MORNING, SLACK_S, World

METER = ("--meter", "kamstrup", "--country", "dk", "--interval", "1")
CLOCK = (MORNING, 1)
ALL = "settings,secrets,history,corrections,descriptors"


def fill(folder: Path) -> None:
    """Quarters of 38 days, hours of 390, days of five years."""
    folder.mkdir()
    files = Storage(str(folder), Log(lambda: 0, echo=False))
    today = MORNING // 86400
    for level, slots, numbers in (
        (blocks.QUARTERS, 96, range(today - 38, today)),
        (blocks.HOURS, 24, range(today - 390, today)),
        (blocks.DAYS, 31, range(2021 * 12, 2025 * 12 + 10)),
    ):
        block = blocks.Block(slots)
        for number in numbers:
            for i in range(slots):
                block.put(i, 1234 + 7 * i + number % 50, 300 + i, blocks.MEASURED)
            assert stored.STORES[level].write(files, number, block)


def test_a_long_history_moves_into_another_reader(tmp_path: Path) -> None:
    fill(tmp_path / "data")
    settings = {"mqtt_password": "a secret", "main_fuse_a": 63, "ha_tag": "attic"}
    with World(tmp_path, *METER, clock=CLOCK, config=settings) as world:
        wait_until(lambda: world.json("/now.json")["ea"]["iu"] is not None)
        assert world.post("/lists.txt", "# nothing\n")[0] == 200
        status, text = world.get(f"/backup.json?parts={ALL}")
        assert status == 200 and len(text) < 131072
        assert json.loads(text)["records"][-1][0] == "end"
        assert b"a secret" not in world.get("/backup.json")[1]
        csv = world.get("/history.csv?step=60&time=utc&from=0&to=2026-01-01")[1]
    other = tmp_path / "other"
    other.mkdir()
    with World(other, *METER, clock=CLOCK) as world:
        wait_until(lambda: world.json("/now.json")["ea"]["iu"] is not None)
        before = world.json("/configuration.json")
        status, seen = world.post("/backup?preview=true", text)
        assert status == 200, seen
        assert {"name": "mqtt_password", "secret": "set"} in seen["settings"]
        assert seen["history"]["hours"]["new"] >= 389 * 24
        assert world.json("/configuration.json") == before
        for wrong in (text[:50000], text.replace(b'["hours",', b'["hours",-', 1)):
            assert world.post("/backup", wrong)[0] == 400
        status, answer = world.post("/backup", text)
        assert status == 200, answer
        assert answer["history"]["hours"]["new"] == seen["history"]["hours"]["new"]
        assert world.json("/configuration.json")["m"]["f"] == 63
        assert world.slowest_answer(1) < SLACK_S
        assert "Traceback" not in world.log() and "a secret" not in world.log()
        assert not list((other / "data").glob("restore*"))
        world.cut_power()
        assert world.get("/history.csv?step=60&time=utc&from=0&to=2026-01-01")[1] == csv
        assert b"attic" in world.get("/backup.json")[1]
