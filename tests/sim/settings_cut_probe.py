"""Cuts the power at each block write of a change of settings or a factory reset, on MicroPython's
littlefs, and starts again.

    settings_cut_probe.py change | reset | keep

change  a change of settings; reset, keep: a factory reset, without and with the records
Out     one JSON line: block writes, cuts, those in the middle of a write; starts with the old
        state, with the new one, with neither
"""

import json
import sys

import changes
import factory
import vfs
from config import Config
from power_cut_probe import _ERASED, BLOCK, Disk, Frozen, Quiet, lfs
from storage import Storage

OLD = {"hostname": "attic", "main_fuse_a": 63, "mqtt_host": "broker", "wifi_psk": "secret of mine"}
NEW = {
    "main_fuse_a": 25,
    "mqtt_host": "other",
    "ui_price": 0,
    "ha_tag": "x" * 15,
    "hostname": None,
}
RECORDS = ("journal", "months", "money", "edits", "prices.json", "q3412", "h12", "d4", "b3q3412")
OTHERS = ("main.py", "ca.pem")
_LARGE = 6000  # octets of a file of several blocks


class NetworkDouble:
    """Takes every change at once."""

    trial = {}
    trial_until_s = change_s = wishes = 0

    def hold(self, asked):
        return asked

    def tune(self):
        pass


class SystemDouble:
    mqtt_due = 0


class AppDouble:
    push_at = push_failures = 0

    def __init__(self, path):
        self.system = SystemDouble()
        self.storage = Storage(path, Quiet())
        self.config = Config(self.storage.read_json("config.json"), {})
        self.network = NetworkDouble()


def start(path):
    """What a start finds: the settings, and which other files are there with their length."""
    storage = Storage(path, Quiet())
    factory.finish(storage)
    factory.end(storage)
    stored = Config(storage.read_json("config.json"), {}).to_store()
    # A file that was being written is not read: the next write of its name replaces it.
    names = [name for name in storage.names() if not name.endswith(".new")]
    files = sorted([name for name in names if name != "config.json"])
    return repr((sorted(stored.items()), [(name, len(storage.read(name))) for name in files]))


def fill(storage):
    storage.write_json("config.json", OLD)
    for i, name in enumerate(RECORDS + OTHERS + ("lists.txt",)):
        storage.write(name, (b"x" * (_LARGE if i % 3 == 0 else 40 + i),))


def act(mode):
    if mode == "change":
        changes.apply(AppDouble("/live"), NEW)
        return
    storage = Storage("/live", Quiet())
    assert factory.begin(storage, factory.SETTINGS if mode == "keep" else factory.ALL)
    factory.finish(storage)  # the next start
    factory.end(storage)


def put(octets, at, data):
    if data is None:
        octets[at : at + BLOCK] = _ERASED
    else:
        octets[at : at + len(data)] = data


def main(mode):
    disk = Disk()
    vfs.VfsLfs2.mkfs(disk, readsize=32, progsize=32, lookahead=32)
    vfs.mount(lfs(disk), "/live")
    fill(Storage("/live", Quiet()))
    begin = bytearray(disk.octets)
    old = start("/live")
    disk.log = []
    act(mode)
    log = disk.log
    disk.log = None
    new = start("/live")
    assert old != new
    found = [0, 0, 0]
    cuts = halves = 0

    def cut():
        vfs.mount(lfs(Frozen(begin)), "/cut")
        try:
            seen = start("/cut")
            again = start("/cut")  # the start after it
            place = 0 if seen == old else 1 if seen == new else 2
            found[place if seen == again else 2] += 1
        except Exception as e:
            sys.print_exception(e)
            found[2] += 1
        finally:
            vfs.umount("/cut")

    for at, data in log:
        if data is not None and len(data) > 32:
            put(begin, at, data[: len(data) // 64 * 32])
            cut()
            halves += 1
        put(begin, at, data)
        cut()
        cuts += 1
    print(json.dumps({"block_writes": len(log), "cuts": cuts + halves, "halves": halves,
                      "old": found[0], "new": found[1], "neither": found[2]}))  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1])
