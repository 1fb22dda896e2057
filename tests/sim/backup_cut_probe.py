"""Cuts the power at each block write of a backup's import, on MicroPython's littlefs, starts again
and imports again.

    backup_cut_probe.py import | replace

import   into a reader after a factory reset; replace: into one with other settings and slots
Out      one JSON line: block writes, cuts, those in the middle of a write; starts with the old
         state, with the new one, and in between: each setting, slot and month old or new, and
         all settings of one state; starts with something else; cuts after which a second import
         did not give the new state
"""

import asyncio
import gc
import json
import sys

import changes
import clock
import vfs
from config import Config
from doubles import BoardDouble, RequestDouble
from energy import edits, profiles, stored, views
from energy.blocks import DAYS, HOURS, MEASURED, QUARTERS, Block
from energy.ledger import Energy
from power_cut_probe import Disk, Frozen, Quiet, lfs
from settings_cut_probe import NetworkDouble, put
from storage import Storage
from web import backup
from web.documents import backup as document

NOW = clock.seconds(2026, 3, 20, 10, 0, 0)
FIRST = NOW // 86400 - 3
HELD = NOW // 86400
SETTINGS = {"main_fuse_a": 25, "mqtt_host": "other", "ha_tag": "x" * 15}
SECRETS = {"mqtt_password": "a secret"}


class SystemDouble:
    board = BoardDouble()
    judge = None
    mqtt_due = 0

    def utc(self):
        return NOW

    unix_time = utc

    def hostname(self, configured):
        return configured


class Judge:
    source = 0


class DecoderDouble:
    def use(self, text):
        pass


class Reader:
    """A reader on the files of a folder."""

    push_at = push_failures = 0

    def __init__(self, path):
        self.storage = Storage(path, Quiet())
        self.storage.remove("restore")  # as each start does
        self.config = Config(self.storage.read_json("config.json"), {})
        self.energy = Energy("Europe/Oslo", profiles.tariff("NO", {}))
        self.energy.load(self.storage)
        self.system = SystemDouble()
        self.system.judge = Judge()
        self.network = NetworkDouble()
        self.decoder = DecoderDouble()
        self.log = Quiet()

    def counts(self):
        return True

    def apply(self, asked):
        changes.apply(self, asked)

    def take(self, text, query):
        request = RequestDouble(query, text)
        request.stream.within = lambda ms: None
        return asyncio.run(backup.post(self, request))


def fill(path, wh, settings, days):
    """A reader with some days of history, the held one among them."""
    reader = Reader(path)
    energy = reader.energy
    reader.storage.write_json("config.json", settings)
    with_blocks(energy, wh, days)
    return Reader(path)


def with_blocks(energy, wh, days):
    from energy import breaks

    breaks.start(energy.settler, NOW)
    for day in days:
        quarters, hours = Block(96), Block(24)
        until = 96 if day < HELD else 40
        for i in range(until):
            quarters.put(i, wh + i, i % 7, MEASURED)
        for i in range(until // 4):
            hours.put(i, 4 * wh + 16 * i + 6, sum([k % 7 for k in range(i * 4, i * 4 + 4)]),
                      MEASURED)  # fmt: skip
        for level, block in ((QUARTERS, quarters), (HOURS, hours)):
            assert edits._replace(energy, level, day, block)
    month = clock.month_of(HELD)
    block = Block(31)
    for i in range(1, 19):
        block.put(i, 100 * wh + i, 5, MEASURED)
    assert stored.write(energy.history, DAYS, month, block)
    for number in range(month - 5, month):
        stored.put_month(energy.history, number, wh * 10, [wh * 3000, 7, 10**12, 0])
    views.find_energy(energy.settler)
    assert energy.save(NOW)


def view(path):
    """What a start finds: the settings, and each known slot and month by its place."""
    reader = Reader(path)
    slots = {}
    for level, n, first, last in (
        (QUARTERS, 96, FIRST, HELD),
        (HOURS, 24, FIRST, HELD),
        (DAYS, 31, clock.month_of(HELD), clock.month_of(HELD)),
    ):
        block = Block(n)
        for number in range(first, last + 1):
            views.fill(reader.energy.history, level, number, block)
            for i in range(n):
                if views.is_known(block, i):
                    slot = (block.imported[i], block.exported[i], block.quality[i])
                    slots[level, number, i] = slot
    for row in stored.months(reader.storage):
        slots["month", row[0]] = tuple(row)
    return sorted(reader.config.to_store().items()), slots


def between(seen, old, new):
    """Whether each part is old or new."""
    if seen[0] not in (old[0], new[0]):
        return False
    for place in set(seen[1]) | set(old[1]) | set(new[1]):
        if seen[1].get(place) not in (old[1].get(place), new[1].get(place)):
            return False
    return True


def formatted(path):
    disk = Disk()
    vfs.VfsLfs2.mkfs(disk, readsize=32, progsize=32, lookahead=32)
    vfs.mount(lfs(disk), path)
    return disk


def main(mode):
    formatted("/source")
    stored_settings = dict(SETTINGS)
    stored_settings.update(SECRETS)
    source = fill("/source", 200, stored_settings, range(FIRST, HELD + 1))
    parts = RequestDouble({"parts": "settings,secrets,history"})
    text = "".join(document.get(source, parts))
    disk = formatted("/live")
    query = {}
    if mode == "replace":
        fill("/live", 300, {"main_fuse_a": 63, "ui_price": 0}, range(FIRST + 1, HELD + 1))
        query = {"replace": "history"}
    else:
        Storage("/live", Quiet()).write_json("config.json", {})
    begin = bytearray(disk.octets)
    old = view("/live")
    reader = Reader("/live")
    disk.log = []
    answer = json.loads(reader.take(text, query))
    log = disk.log
    disk.log = None
    assert answer["success"], answer
    new = view("/live")
    assert old != new and new[1] == view("/source")[1]
    found = {"old": 0, "new": 0, "between": 0, "neither": 0, "not_again": 0}
    cuts = halves = 0

    def cut(again):
        vfs.mount(lfs(Frozen(begin)), "/cut")
        try:
            seen = view("/cut")
            kind = "old" if seen == old else "new" if seen == new else "between"
            if kind == "between" and not between(seen, old, new):
                kind = "neither"
            found[kind] += 1
            if again:
                Reader("/cut").take(text, query)
                found["not_again"] += view("/cut") != new
        except Exception as e:
            sys.print_exception(e)
            found["neither"] += 1
        finally:
            vfs.umount("/cut")
        gc.collect()

    for at, data in log:
        if data is not None and len(data) > 32:
            put(begin, at, data[: len(data) // 64 * 32])
            cut(False)
            halves += 1
        put(begin, at, data)
        cut(cuts % 10 == 0)
        cuts += 1
    found.update({"block_writes": len(log), "cuts": cuts + halves, "halves": halves})
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1])
