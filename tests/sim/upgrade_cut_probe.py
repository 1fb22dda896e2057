"""Cuts the power at every write of an upgrade, and starts again; also of an upload that goes on.

    upgrade_cut_probe.py

How      an upgrade runs once, and each step that changes flash is noted: erased blocks, written
         pieces, the boot loader's notes, files. Then the steps are done again one by one on a
         copy; before each, and in its middle, the boot loader chooses on a second copy, and the
         firmware's start looks at it
Out      one JSON line: cuts; starts of the old and of the new version; starts of neither; starts
         with a reason for a version that was left; uploads that went on to their end
"""

import asyncio
import json
import sys

sys.path.append("boards/sim")

import bootloader
import slots as sim_slots
from device import keys, signature
from doubles import BoardDouble, app
from upgrade import notes, trial, writer

BLOCK = 4096
SIZE = 64 * BLOCK
PIECE = 256
OLD = bootloader.image(b"old version " * 3000, 2)


class Flash:
    """What keeps its content without power: name -> octets, of slots and of files."""

    def __init__(self, parts, files):
        self.parts = parts
        self.files = files

    def copy(self, deep=True):
        """deep: also of the slots, which a start alone does not change."""
        parts = dict(self.parts)
        for name in parts:
            if deep or name[:3] != "app":
                parts[name] = bytearray(parts[name])
        return Flash(parts, dict(self.files))

    def do(self, step, half=False):
        """Do a noted step, or its first half: a file is replaced whole or not at all."""
        kind, name, at, octets = step
        if kind == "file":
            if not half:
                self.files[name] = octets
        elif half:
            middle = len(octets) // 2
            self.parts[name][at : at + middle] = octets[:middle]
        else:
            self.parts[name][at : at + len(octets)] = octets


FLASH = [Flash({}, {})]
STEPS = [None]


def change(step):
    if STEPS[0] is not None:
        STEPS[0].append(step)
    FLASH[0].do(step)


class File:
    """An open file of a slot, for bootloader.py and slots.py."""

    def __init__(self, name):
        self.name = name
        self.at = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def seek(self, at, whence=0):
        self.at = at + (len(FLASH[0].parts[self.name]) if whence == 2 else 0)
        return self.at

    def read(self, n=-1):
        part = FLASH[0].parts[self.name]
        found = bytes(part[self.at :] if n < 0 else part[self.at : self.at + n])
        self.at += len(found)
        return found

    def readinto(self, buf):
        buf[:] = FLASH[0].parts[self.name][self.at : self.at + len(buf)]
        return len(buf)

    def write(self, octets):
        if self.name == "running":
            FLASH[0].parts["running"] = bytearray(octets.encode())
        else:
            change(("part", self.name, self.at, bytes(octets)))
        self.at += len(octets)


class Text(File):
    def read(self, n=-1):
        return bytes(FLASH[0].parts["running"]).decode()


def opened(path, mode="r"):
    name = path.split("/")[-1]
    return Text(name) if mode == "r" else File(name)


bootloader.open = sim_slots.open = opened


class Storage:
    """The file of upgrade.notes; a write replaces it whole."""

    held = ""
    spared = ()

    def read_json(self, name):
        return json.loads(FLASH[0].files.get(name, "{}"))

    def write_json(self, name, value):
        change(("file", name, 0, json.dumps(value)))
        return True


class Log:
    def __init__(self):
        self.lines = []

    def add(self, text):
        self.lines.append(text)

    warn = error = add


class Nothing:
    connected = True
    setup = False

    def fire(self):
        pass


class Board(BoardDouble):
    chip = "esp32s2"
    family = "pow"

    def slots(self):
        return sim_slots.Slots("flash")

    def rssi_dbm(self):
        return -60


APP = app()


def make_app(reason=1):
    """The app as after a start."""
    made = APP
    made.storage = Storage()
    made.log = Log()
    made.network = made.pulse = Nothing()
    made.system.upgrade = None
    made.system.board = Board()
    made.system.boot_reason, made.system.reset_cause = reason, 0
    made.restarts = []
    made.restart = made.restarts.append
    return made


def upload(made, octets, offset):
    """Write an image as forms.firmware does. Returns the version."""
    found = writer.Writer(made, made.system.board.slots(), len(octets))
    found.resume(offset)
    for at in range(offset, len(octets), PIECE):
        found.take(octets[at : at + PIECE])
    return asyncio.run(found.finish(False))


def start(out):
    """Boot loader and start of the firmware. Returns the label, "" if there is nothing to run."""
    label = bootloader.start("flash")
    if not label:
        out["neither"] += 1
        return label, None
    out["new" if label == "app1" else "old"] += 1
    made = make_app()
    trial.begin(made)
    if notes.read(made, "last"):
        out["reasons"] += 1
    return label, made


def at_cut(out, image, goes_on):
    """Start from FLASH[0], a copy; go on with the upload if told."""
    out["cuts"] += 1
    label, made = start(out)
    if label == "app0" and made:
        if bytes(FLASH[0].parts["app0"][: len(OLD)]) != OLD:
            out["neither"] += 1
        if goes_on:
            load = notes.read(made, "load")
            version = upload(made, image, load.get("done", 0) if load else 0)
            again, _ = start(out)
            if version == "v0.2.0" and again == "app1":
                out["completed"] += 1
            else:
                out["stuck"] += 1
    elif label == "app1" and made.system.board.slots().on_trial() and start(out)[0] != "app0":
        out["stuck"] += 1  # without a confirmation the next start is of the old version


def main():
    key = bytes.fromhex(sys.argv[1])
    with open(sys.argv[2], "rb") as f:
        image = f.read()
    keys.PUBLIC_KEYS = (key,)
    verify, verified = signature.valid, {}

    async def valid(trailer, known):  # of one trailer once: it takes a while
        if trailer not in verified:
            verified[trailer] = await verify(trailer, known)
        return verified[trailer]

    signature.valid = valid
    blank = {name: bytearray(b"\xff" * SIZE) for name in ("app0", "app1")}
    blank["otadata"] = bytearray(b"\xff" * 2 * BLOCK)
    blank["app0"][: len(OLD)] = OLD
    FLASH[0] = Flash(blank, {})
    bootloader.start("flash")
    begin = FLASH[0].copy()
    STEPS[0] = []
    made = make_app()
    upload(made, image, 0)
    assert made.restarts == [4]
    bootloader.start("flash")  # into the trial
    fresh = make_app()
    assert trial.begin(fresh)
    fresh.unstored = False
    trial._confirm(fresh)
    steps, STEPS[0] = STEPS[0], None
    out = dict.fromkeys(
        ("cuts", "old", "new", "neither", "reasons", "completed", "stuck", "steps"), 0
    )
    out["steps"] = len(steps)
    state = begin
    for number, step in enumerate(steps):
        kind, name, at, octets = step
        goes_on = kind == "file" or name == "otadata" or number % 64 == 0
        for half in (False, True):
            FLASH[0] = state.copy(goes_on)
            if half:
                before = bytes(state.parts[name][at : at + len(octets)]) if kind == "part" else b""
                FLASH[0].do(step, True)
            at_cut(out, image, goes_on)
            if half and kind == "part":
                state.parts[name][at : at + len(octets)] = before
        state.do(step)
    FLASH[0] = state.copy()
    label, _ = start(out)
    out["end"] = label
    print(json.dumps(out))


main()
