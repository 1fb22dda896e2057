"""Cuts the power after each block write of five days, on MicroPython's littlefs, and restarts.

    power_cut_probe.py cuts | some-cuts | clock | more-clock | some-clock | full | read-only | size

clock is the same with a clock that goes wrong.

some-cuts tries a sample: the first and the last write of each action and one in eight of the
others.

Out      one JSON line
         cuts       number of block writes, of cuts, of cuts after an erase and in the middle of a
                    write, of starts with neither the old nor the new state, of starts that
                    were continued with a register, and of edits undone and redone
         full, read-only   whether the ledger continued during the fault, whether it was saved and
                    restored afterwards; the log
         size       octets and files of the longest history, with large values
"""

import gc
import json
import sys

import clock
import vfs
from doubles import reading
from energy import blocks, edit_log, edits, profiles, restored, views
from energy.blocks import Block
from energy.ledger import Energy
from energy.power import HoldTimes
from energy.stored import COSTS, STORES
from storage import Storage

BLOCK = 4096
BLOCKS = 64
ZONE = "Europe/Oslo"
BEGIN = clock.seconds(2026, 3, 20, 0, 0, 0)
LOGGED = clock.seconds(2026, 3, 31, 9, 0, 0)  # the last day of a month that ends at 22:00 UTC
END = clock.seconds(2026, 4, 5, 9, 0, 0)


class Disk:
    """A RAM block device that notes each erase and write once `log` is a list."""

    def __init__(self):
        self.octets = bytearray(b"\xff" * (BLOCK * BLOCKS))
        self.log = None
        self.read_only = False

    def readblocks(self, n, buf, off=0):
        at = n * BLOCK + off
        buf[:] = self.octets[at : at + len(buf)]

    def writeblocks(self, n, buf, off=0):
        if self.read_only:
            raise OSError(30)
        if self.log is not None:
            self.log.append((n * BLOCK + off, bytes(buf)))
        at = n * BLOCK + off
        self.octets[at : at + len(buf)] = buf

    def ioctl(self, op, arg):
        if op == 4:
            return BLOCKS
        if op == 5:
            return BLOCK
        if op == 6:
            if self.log is not None:
                self.log.append((arg * BLOCK, None))
            self.octets[arg * BLOCK : (arg + 1) * BLOCK] = _ERASED
        return 0


_ERASED = b"\xff" * BLOCK


class Frozen:
    """The disk at a cut; later writes go into separate blocks."""

    def __init__(self, octets):
        self.octets = octets
        self.own = {}

    def readblocks(self, n, buf, off=0):
        if n in self.own:
            buf[:] = memoryview(self.own[n])[off : off + len(buf)]
        else:
            at = n * BLOCK + off
            buf[:] = memoryview(self.octets)[at : at + len(buf)]

    def _mine(self, n):
        if n not in self.own:
            self.own[n] = bytearray(memoryview(self.octets)[n * BLOCK : (n + 1) * BLOCK])
        return self.own[n]

    def writeblocks(self, n, buf, off=0):
        self._mine(n)[off : off + len(buf)] = buf

    def ioctl(self, op, arg):
        if op == 4:
            return BLOCKS
        if op == 5:
            return BLOCK
        if op == 6:
            self._mine(arg)[:] = _ERASED
        return 0


def lfs(disk):
    return vfs.VfsLfs2(disk, readsize=32, progsize=32, lookahead=32)


class Quiet:
    def add(self, text):
        pass

    warn = error = add


def energy_at(path):
    energy = Energy(ZONE, profiles.tariff("NO", {}))
    storage = Storage(path, Quiet())
    energy.load(storage)
    use_prices(energy, storage)
    return energy


def use_prices(energy, storage):
    """Put the stored prices into force, as the application does at start: four days of them."""
    stored = storage.read_json("prices.json")
    since = stored.get("since", -1)
    extra = stored.get("extra", 0)

    def price(utc):
        known = 0 <= since <= utc < since + 4 * 86400
        return 500000 + utc // 900 % 7 * 1000 + extra if known else None

    energy.currency = "NOK"
    energy.set_prices(price, None, (since, since))


def view(path):
    """The restored state as one text, for comparison."""
    energy = energy_at(path)
    config = Storage(path, Quiet()).read_json("config.json")
    hours, days = Block(24), Block(31)
    state = restored.states(energy.snapshot())[0]
    del state[:5]  # the numbers of the save and the edit
    seen = [state, energy.peaks.places, config]
    for day in range(LOGGED // 86400 - 1, END // 86400 + 1):
        views.fill(energy.history, blocks.HOURS, day, hours)
        seen.append((bytes(hours.imported), bytes(hours.exported), bytes(hours.quality)))
    views.fill(energy.history, blocks.QUARTERS, LOGGED // 86400, hours96)
    seen.append((bytes(hours96.imported), bytes(hours96.quality)))
    for month in (2026 * 12 + 2, 2026 * 12 + 3):
        views.fill(energy.history, blocks.DAYS, month, days)
        seen.append((bytes(days.imported), bytes(days.quality)))
    seen.append(energy.history.earlier_values(2026 * 12 + 3))
    for entry in edit_log.read(energy.history.files):
        seen.append((entry.number, entry.times()[0], entry.state, list(entry.slots())[:-1]))
    return repr(seen)


hours96 = Block(96)


def register_wh(t):
    hour = (t - BEGIN) // 3600
    return 5000000 + hour * 900 + hour * hour % 377


class Day:
    """Feeds the ledger and saves as the application does; each action is one commit."""

    def __init__(self, disk):
        self.disk = disk
        self.storage = Storage("/live", Quiet())
        self.energy = energy_at("/live")
        self.energy.history.files = self.storage
        self.hold_times = HoldTimes()
        self.views = []
        self.ends = []
        self.edited = 0  # operations undone and redone
        self.steps = self.confirmed = 0  # changes of branch, branches joined with the ring
        self.storage.write_json("config.json", {"n": 0})

    def until(self, begin, end):
        for t in range(begin, end, 900):
            values = {"power_import_w": 800 + t // 900 % 7 * 100, "power_export_w": 0}
            if t % 3600 == 0:
                values["energy_import_wh"] = register_wh(t)
                values["energy_export_wh"] = 0
            taken = reading(3, **values).values
            held_ms = self.hold_times.note(taken, (t - BEGIN) * 1000)
            self.energy.update(taken, t + 6, held_ms)
            if self.energy.save_due(t + 6):
                self.energy.save(t + 6)
                self.done()
            if t % 21600 == 7200 and self.disk.log is not None:
                self.storage.write_json("config.json", {"n": t})
                self.done()
            if t % 21600 == 14400 and self.disk.log is not None:  # new and corrected prices
                zone = self.energy.settler.zone
                since = zone.day_start(zone.day(t) - 2)
                self.storage.write_json("prices.json", {"since": since, "extra": t // 21600 % 90})
                use_prices(self.energy, self.storage)
                self.done()
            if t % 21600 == 10800 and self.disk.log is not None:
                self.energy.save(t)
                self.done()
                changes = [(t // 3600 - 5, 333, 0), (t // 3600 - 20, 77, 5)]
                edits.enter(self.energy, changes, [], t)
                self.done()
            if t % 86400 == 32400 and self.disk.log is not None:
                # Back over midnight, so that the undone edits get a slot of the day that ended.
                for step in (edits.undo, edits.undo, edits.undo, edits.redo, edits.undo):
                    self.edited += step(self.energy, t) > 0
                    self.done()
                edits.redo(self.energy, t)
                self.done()

    def done(self):
        if self.disk.log is not None:
            self.ends.append(len(self.disk.log))
            self.views.append(view("/live"))

    def adds_up(self):
        """Whether the next register restores the sum of all hours since the last edit."""
        energy = energy_at("/cut")
        t = END + 3600
        before = energy.registers.imported
        block = Block(24)
        total = -total_of(energy, block, t)
        values = {"energy_import_wh": register_wh(t), "energy_export_wh": 0}
        energy.update(reading(3, **values).values, t, [0, 0, 0, 0])
        energy.save(t)
        return total + total_of(energy, block, t) == register_wh(t) - before


class WrongDay(Day):
    """The same with a clock that goes wrong for hours, also over midnight, two restarts in
    between, and a day on which it is confirmed."""

    LIES = (  # hours from LOGGED: from, until, seconds ahead
        (2, 5, 60 * 86400),
        (10, 16, 3600),
        (16, 17, -2 * 86400),
        (30, 33, -7200),
        (33, 41, 86400),
        (88, 92, 500 * 86400),
    )
    RESTARTS = (1, 20, 44)
    SURE = (60, 66)

    def until(self, begin, end):
        if self.disk.log is None:
            return super().until(begin, end)
        started = LOGGED
        for t in range(begin, end, 900):
            hours = (t - LOGGED) // 3600
            if hours in self.RESTARTS and (t - LOGGED) % 3600 == 0:
                self.energy = energy_at("/live")
                self.energy.history.files = self.storage
                self.hold_times = HoldTimes()
                started = t
            ahead = sum([ahead for a, b, ahead in self.LIES if a <= hours < b])
            values = {"power_import_w": 800 + t // 900 % 7 * 100, "power_export_w": 0}
            if t % 3600 == 0:
                values["energy_import_wh"] = register_wh(t)
                values["energy_export_wh"] = 0
            taken = reading(3, **values).values
            run_s = t - started
            held_ms = self.hold_times.note(taken, run_s * 1000)
            now = t + 6 + ahead
            self.energy.sure = self.SURE[0] <= hours < self.SURE[1]
            branch = self.energy.history.branch
            self.energy.update(taken, now, held_ms, run_s=run_s)
            if self.energy.history.branch != branch:
                self.steps += 1
                self.done()
            if self.energy.save_due(now):
                nodes = len(self.energy.history.nodes)
                self.energy.save(now)
                self.confirmed += nodes > len(self.energy.history.nodes)
                self.done()

    def adds_up(self):
        """Whether the right clock and the next register restore the sum of all hours."""
        energy = energy_at("/cut")
        first = (LOGGED // 86400 - 1) * 86400
        t = END + 3600
        values = {"energy_import_wh": register_wh(t), "energy_export_wh": 0}
        energy.update(reading(3, **values).values, t, [0, 0, 0, 0], run_s=100)
        return total_of(energy, Block(24), t) == register_wh(t) - register_wh(first)


def cuts_of_days(share, kind=Day):
    disk = Disk()
    vfs.VfsLfs2.mkfs(disk, readsize=32, progsize=32, lookahead=32)
    vfs.mount(lfs(disk), "/live")
    day = kind(disk)
    day.until(BEGIN, LOGGED)
    day.energy.save(LOGGED)
    begin = bytearray(disk.octets)
    day.views.append(view("/live"))
    day.ends.append(0)
    disk.log = []
    writes = day.storage.writes
    day.until(LOGGED, END)
    writes = day.storage.writes - writes
    log = disk.log
    disk.log = None
    cuts = bad = continued = erased = halves = 0
    action = 0
    chance = 20260320
    for i, (at, octets) in enumerate(log):
        while i >= day.ends[action]:
            action += 1
        allowed = (day.views[action - 1], day.views[action])
        chance = (chance * 1103515245 + 12345) & 0x3FFFFFFF
        edge = i == day.ends[action - 1] or i + 1 == day.ends[action]
        tried = edge or (chance >> 12) % share == 0
        torn = tried and octets is not None and len(octets) > 32 and (chance >> 16) % 3 == 0
        if torn:
            half = len(octets) // 64 * 32
            begin[at : at + half] = octets[:half]
            cuts += 1
            halves += 1
            bad += not start(day, begin, allowed, False)
        if octets is None:
            begin[at : at + BLOCK] = _ERASED
        else:
            begin[at : at + len(octets)] = octets
        if not tried:
            continue
        continues = cuts % (33 if kind is Day else 3) == 0
        cuts += 1
        erased += octets is None
        bad += not start(day, begin, allowed, continues)
        continued += continues
        if cuts % 50 == 0:
            gc.collect()
    print(json.dumps({"block_writes": len(log), "cuts": cuts, "erased": erased, "halves": halves,
                      "neither": bad, "continued": continued, "file_writes": writes,
                      "edited": day.edited, "steps": day.steps,
                      "confirmed": day.confirmed}))  # fmt: skip


def start(day, octets, allowed, continues):
    """Whether a start on these octets restores the old or the new state, and continues from it."""
    vfs.mount(lfs(Frozen(octets)), "/cut")
    try:
        found = view("/cut")
        if found not in allowed:
            return False
        return not continues or day.adds_up()
    except Exception as e:
        sys.print_exception(e)
        return False
    finally:
        vfs.umount("/cut")


def total_of(energy, block, t):
    total = 0
    for day in range(LOGGED // 86400 - 1, t // 86400 + 1):
        views.fill(energy.history, blocks.HOURS, day, block)
        total += sum(block.imported)
    return total


class Notes:
    def __init__(self):
        self.lines = []

    def add(self, text):
        self.lines.append(text)

    warn = error = add


def days_without_writes(fault):
    """Three days on a flash on which writes fail, then a save on one that works."""
    disk = Disk()
    vfs.VfsLfs2.mkfs(disk, readsize=32, progsize=32, lookahead=32)
    vfs.mount(lfs(disk), "/live")
    day = Day(disk)
    day.until(BEGIN, LOGGED)
    if fault == "full":
        with open("/live/filler", "wb") as f:
            try:
                while True:
                    f.write(b"x" * 1024)
                    f.flush()
            except OSError:
                pass
    else:
        disk.read_only = True
    notes = Notes()
    energy = energy_at("/live")
    energy.history.files = day.energy.history.files = Storage("/live", notes)
    continued = energy.registers.imported == day.energy.registers.imported
    day.energy = energy
    day.until(LOGGED, LOGGED + 3 * 86400)
    continued = continued and energy.registers.imported == register_wh(LOGGED + 3 * 86400 - 3600)
    if fault == "full":
        __import__("os").remove("/live/filler")
    else:
        disk.read_only = False
    written = energy.save(LOGGED + 3 * 86400)
    again = energy_at("/live")
    restored = again.registers.imported == energy.registers.imported
    print(
        json.dumps(
            {"continued": continued, "saved": written, "restored": restored, "log": notes.lines}
        )
    )


def longest_history():
    disk = Disk()
    vfs.VfsLfs2.mkfs(disk, readsize=32, progsize=32, lookahead=32)
    vfs.mount(lfs(disk), "/live")
    storage = Storage("/live", Quiet())
    stat = __import__("os").statvfs
    before = stat("/live")[3]
    stores = STORES + (COSTS,)
    values = 4000000, 16000000, 400000000, 4000000000  # the last ones: negative costs
    for store, days, value in zip(stores, (60, 450, 90, 90), values):
        block = Block(store.slots)
        for i in range(store.slots):
            block.put(i, value + i, value - i, i % 5)
        for number in range(days):
            assert store.write(storage, 20000 + number, block)
            if number > 40:
                assert store.read(storage, 20000 + number - 39, block)
    most = (before - stat("/live")[3]) * BLOCK
    print(json.dumps({"octets": most, "files": len(storage.names())}))


if __name__ == "__main__":
    mode = sys.argv[1]
    if mode == "cuts":
        cuts_of_days(1)
    elif mode == "some-cuts":
        cuts_of_days(8)
    elif mode == "clock":
        cuts_of_days(1, WrongDay)
    elif mode == "more-clock":
        cuts_of_days(3, WrongDay)
    elif mode == "some-clock":
        cuts_of_days(8, WrongDay)
    elif mode == "size":
        longest_history()
    else:
        days_without_writes(mode)
