"""Cuts the power at every write of an upgrade, and starts again; also of one that goes on.

    upgrade_cut_probe.py KEY IMAGE SMALLER

KEY      public key in hexadecimal digits
IMAGE    file of a signed image, v0.2.0; SMALLER another one, v0.3.0

How      each way of WAYS runs once, and each step that changes flash is noted: erased blocks,
         written pieces, the boot loader's notes, files. Then the steps are done again one by one
         on a copy; before each, and in its middle, the boot loader chooses on a second copy, and
         the firmware's start looks at it
Out      one JSON line: cuts; `ways` with the cuts of each; starts of the version that ran before
         and of the other one; starts of neither; starts with a reason for a version that was
         left; ways that went on to their end, and that did not; slots that run at the end
"""

import asyncio
import json
import sys

sys.path.append("boards/sim")

import bootloader
import slots as sim_slots
from device import keys, signature
from doubles import BoardDouble, app
from upgrade import notes, pull, trial, writer
from web.forms import firmware

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
    connected = alive = True
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
    made.network = made.pulse = made.server = Nothing()
    made.kept = 0
    made.system.upgrade = None
    made.system.board = Board()
    made.system.boot_reason, made.system.reset_cause = reason, 0
    made.restarts = []
    made.restart = made.restarts.append
    return made


def upload(made, octets, offset, whole=True):
    """Write an image as forms.firmware does; not whole: up to its last quarter."""
    found = writer.Writer(made, made.system.board.slots(), len(octets))
    found.resume(offset)
    end = len(octets) if whole else len(octets) * 3 // 4
    for at in range(offset, end, PIECE):
        found.take(octets[at : min(at + PIECE, end)])
    if whole:
        asyncio.run(found.finish(False))
    else:
        found.keep()


class Answers:
    """Stands for upgrade.pull.Question: answers of a server, the first one of `most` octets."""

    octets = b""
    most = [0]

    def __init__(self, _, url):
        self.url = url
        self.fetch = self
        self.status = self.expected = self.length = 0

    def extend(self, limit_ms):
        pass

    def fault(self, status, words):
        return words

    async def ask(self, feed, most, begin):
        self.status = 206 if begin else 200
        rest = self.octets[begin:]
        self.expected, self.length = len(rest), 0
        end, self.most[0] = self.most[0] or len(rest), 0
        for at in range(0, end, PIECE):
            piece = memoryview(rest)[at : min(at + PIECE, end)]
            self.length += len(piece)
            words = feed(piece, len(piece))
            if words:
                return self.status, words
        return self.status, ""


class Quick:
    """Stands for asyncio in upgrade.pull."""

    @staticmethod
    async def sleep(_):
        pass


def load_of(made):
    return notes.read(made, "load") or {}


def uploads(octets):
    """A function that uploads an image from where the last upload was broken off."""
    return lambda made: upload(made, octets, load_of(made).get("done", 0))


def pulls(octets):
    """A function that pulls it."""

    def one(made):
        Answers.octets = octets
        asyncio.run(pull.Pull(made, made.system.board.slots(), URL).run(False))

    return one


def goes_back(made):
    asyncio.run(firmware.back(made, None))


def gives_up(made):
    """Its trial ends without a healthy minute."""
    clock = [0]

    def uptime_ms():
        clock[0] += 400000
        return clock[0]

    made.system.uptime_ms, before = uptime_ms, made.system.uptime_ms
    asyncio.run(trial.run(made))
    made.system.uptime_ms = before


def started():
    """The app after a start by the boot loader; None if there is nothing to run."""
    label = bootloader.start("flash")
    if not label:
        return label, None
    made = make_app()
    trial.begin(made)
    return label, made


def confirm():
    """Start the new version and let it stay."""
    _, fresh = started()
    assert fresh.system.board.slots().on_trial()
    fresh.unstored = False
    trial._confirm(fresh)


def start(out, before):
    """As started(), counted. before: the slot that ran first."""
    label, made = started()
    if not label:
        out["neither"] += 1
        return label, made
    out["old" if label == before else "new"] += 1
    whole = memoryview(FLASH[0].parts[label])
    if not any(whole[: len(known)] == known for known in WHOLE):
        out["neither"] += 1
    if notes.read(made, "last"):
        out["reasons"] += 1
    return label, made


def at_cut(out, before, again):
    """Start from FLASH[0], a copy; do the rest by again(app), if there is any."""
    out["cuts"] += 1
    label, made = start(out, before)
    if not made:
        return
    if label != before:
        if made.system.board.slots().on_trial() and start(out, before)[0] != before:
            out["stuck"] += 1  # without a confirmation the next start is of the old version
    elif again:
        again(made)
        label, _ = start(out, before)
        out["completed" if label and label != before else "stuck"] += 1


def cut(out, name, work, again, before):
    """Do a way, then cut the power at each of its steps. FLASH[0] has its end after that."""
    state = FLASH[0].copy()
    STEPS[0] = []
    work()
    steps, STEPS[0] = STEPS[0], None
    for number, step in enumerate(steps):
        kind, part, at, octets = step
        goes_on = again if kind == "file" or part == "otadata" or number % 64 == 0 else None
        for half in (False, True):
            FLASH[0] = state.copy(goes_on is not None)
            if half:
                old = bytes(state.parts[part][at : at + len(octets)]) if kind == "part" else b""
                FLASH[0].do(step, True)
            at_cut(out, before, goes_on)
            if half and kind == "part":
                state.parts[part][at : at + len(octets)] = old
        state.do(step)
    FLASH[0] = state.copy()
    out["ways"][name] = 2 * len(steps)
    out["ends"].append(start(out, before)[0])


def ways(out, image, smaller):
    """Each way begins with the flash that it needs."""

    def whole(again, left=False):
        """Install, and let it be confirmed; left: let it give up."""

        def work():
            made = started()[1]
            made.restarts.clear()
            again(made)
            assert made.restarts == [4]
            if left:
                gives_up(started()[1])
            else:
                confirm()

        return work

    blank = FLASH[0].copy()
    cut(out, "upload", whole(uploads(image)), uploads(image), "app0")
    confirmed = FLASH[0].copy()
    FLASH[0] = blank.copy()
    upload(started()[1], image, 0, False)
    cut(out, "upload that goes on", whole(uploads(image)), uploads(image), "app0")
    FLASH[0] = blank.copy()
    Answers.most[0] = len(smaller) // 2
    cut(out, "pull, broken off once", whole(pulls(smaller)), pulls(smaller), "app0")
    FLASH[0] = blank.copy()
    cut(out, "trial that gives up", whole(uploads(smaller), True), uploads(smaller), "app0")
    cut(out, "upload after it", whole(uploads(smaller)), uploads(smaller), "app0")
    FLASH[0] = confirmed
    cut(out, "way back", whole(goes_back), goes_back, "app1")
    cut(out, "way back, given up", whole(goes_back, True), goes_back, "app0")


URL = "https://example.com/image.bin"
WHOLE = [OLD]


def main():
    keys.PUBLIC_KEYS = (bytes.fromhex(sys.argv[1]),)
    images = []
    for path in sys.argv[2:]:
        with open(path, "rb") as f:
            images.append(f.read())
    WHOLE.extend(images)
    verify, verified = signature.valid, {}

    async def valid(trailer, known):  # of one trailer once: it takes a while
        if trailer not in verified:
            verified[trailer] = await verify(trailer, known)
        return verified[trailer]

    signature.valid = valid
    pull.Question, pull.asyncio = Answers, Quick
    parts = {name: bytearray(b"\xff" * SIZE) for name in ("app0", "app1")}
    parts["otadata"] = bytearray(b"\xff" * 2 * BLOCK)
    parts["app0"][: len(OLD)] = OLD
    FLASH[0] = Flash(parts, {})
    bootloader.start("flash")
    out = dict.fromkeys(("cuts", "old", "new", "neither", "reasons", "completed", "stuck"), 0)
    out["ways"], out["ends"] = {}, []
    ways(out, *images)
    print(json.dumps(out))


main()
