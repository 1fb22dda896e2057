"""An image on its way into the other slot, octet by octet, and its checks.

In       the octets of a signed image, see device.signature, from the begin or from the block where
         an earlier transfer was broken off
Out      the other slot, which the boot loader starts on trial; the file of upgrade.notes
Rules    Nothing is erased before the header is right: E9 and the number of this chip. Each block
         of 4096 octets is erased when its first octet comes. The position is stored every 64 KB
         and when a pull gives up; after a power cut the transfer goes on there.
         At the end the slot is read back: what counts is what is in flash. Checked are length,
         chip and board of the trailer, that it is no older version, its SHA-256, its signature.
         An image has the pins of one board: one for `generic` needs upgrade_unsigned, as an
         unsigned one does. Only then the trial is noted, and the boot loader is told
Limits   an image and its trailer of at most the slot's size
Errors   ValueError in words: the slot has no bootable image then, the running one is as it was
"""

import asyncio
import hashlib

from micropython import const
from ondemand import visit
from system import BUILT_UTC, VERSION

from upgrade import notes, versions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from composition import App
    from contracts import Slots

BLOCK = const(4096)
_KEEP = const(65536)
_HEAD = const(24)
_MAGIC = const(0xE9)
_CHIP_AT = const(12)
_TRAILER = const(160)
_PIECE = const(512)
_CAUSE_UPGRADE = const(4)
_CHIPS = ((0, "esp32"), (2, "esp32s2"))


class Writer:
    """One transfer.

    at     octets in the slot
    size   of the image with its trailer; 0: not known
    """

    def __init__(self, app: "App", slots: "Slots", size: int, url: str = "") -> None:
        if size > slots.size:
            raise ValueError("it has %d octets, and the place %d" % (size, slots.size))
        self._app = app
        self._slots = slots
        self._url = url
        self.size = size
        self.at = 0
        self._head = b""  # of the image, until it is checked
        self._checked = False
        up = notes.state(app)
        up[notes.DONE], up[notes.SIZE] = 0, size
        notes.say(app, notes.LOADING)

    def resume(self, at: int) -> None:
        """Go on at an octet, the begin of a block; 0 begins again."""
        self.at = at - at % BLOCK
        self._checked = self.at > 0
        self._head = b""

    def take(self, piece: "bytes | bytearray | memoryview") -> None:
        """The next octets."""
        if not self._checked:
            self._head += bytes(piece)
            if len(self._head) < _HEAD:
                return
            self._check_head()
            piece = self._head
            self._head = b""
        if self.at + len(piece) > (self.size or self._slots.size):
            raise ValueError("it is longer than %d octets" % (self.size or self._slots.size))
        begin = 0
        while begin < len(piece):
            inside = self.at % BLOCK
            if not inside:
                self._slots.erase(self.at // BLOCK)
            part = piece
            if begin or len(piece) > BLOCK - inside:
                part = piece[begin : begin + BLOCK - inside]
            self._slots.write(self.at, part)
            begin += len(part)
            self.at += len(part)
            if not self.at % BLOCK:
                self._progress()

    def _check_head(self) -> None:
        """The begin of the image: it is for this chip."""
        head = self._head
        if head[0] != _MAGIC:
            raise ValueError("this is no firmware image")
        number = head[_CHIP_AT] | head[_CHIP_AT + 1] << 8
        for known, name in _CHIPS:
            if name == self._app.system.board.chip:
                if known != number:
                    raise ValueError("the image is for another chip: number %d" % number)
                self._checked = True
                return
        raise ValueError("there are no images for this chip")

    def _progress(self) -> None:
        up = notes.state(self._app)
        before = up[notes.DONE]
        up[notes.DONE] = self.at
        if before // _KEEP != self.at // _KEEP:
            self.keep()
            notes.tell(self._app)

    def keep(self) -> None:
        """Store how far it is, so that it may go on there."""
        done = self.at - self.at % BLOCK
        if done and self.size:
            load = {"size": self.size, "done": done, "url": self._url}
            notes.put(self._app, load=load)

    def drop(self) -> None:
        """Forget the transfer: it does not go on. One of before stays if nothing is written."""
        if self.at:
            notes.put(self._app, load=None)

    async def finish(self, force: bool) -> str:
        """Check the image and let the boot loader start it. Returns its version; the restart
        follows. force: also the running version and older ones."""
        app = self._app
        notes.say(app, notes.VERIFYING)
        try:
            if self.size and self.at != self.size:
                raise ValueError("it ends after %d of %d octets" % (self.at, self.size))
            version = await self._verify(force)
        except (ValueError, OSError):
            self.drop()
            raise
        self._start(version)
        return version

    async def _verify(self, force: bool) -> str:
        """The version of the image. ValueError if it may not run here."""
        trailer = bytearray(_TRAILER)
        if self.at <= _HEAD + _TRAILER:
            raise ValueError("it is too short: %d octets" % self.at)
        self._slots.read(self.at - _TRAILER, trailer)
        with visit("device.signature") as signature:
            try:
                fields = signature.parse(bytes(trailer))
            except ValueError as e:
                if trailer[:8] == b"HANREAD1" or not self._setting("upgrade_unsigned"):
                    raise ValueError(_hint(str(e)))
                return "unsigned"
            await self._compare(fields, force)
            with visit("device.keys") as keys:
                known = keys.PUBLIC_KEYS
            if not await signature.valid(bytes(trailer), known):
                if not self._setting("upgrade_unsigned"):
                    raise ValueError(_hint("its signature is of a key that is not known here"))
                self._app.log.warn("upgrade: the signature is not known; the owner allows that")
        version: str = fields[2]
        return version

    async def _compare(self, fields: "tuple[Any, ...]", force: bool) -> None:
        size, built, version, chip, family, digest = fields
        board = self._app.system.board
        if size != self.at - _TRAILER:
            raise ValueError("its length is %d, the trailer says %d" % (self.at - _TRAILER, size))
        if chip != board.chip:
            raise ValueError("it is for the chip %s, and this is an %s" % (chip, board.chip))
        if family == versions.GENERIC:
            if not self._setting("upgrade_unsigned"):
                raise ValueError(_hint("it is for any board, and its pins may be wrong here"))
            self._app.log.warn("upgrade: it is for any board; the owner allows that")
        elif family != board.family:
            raise ValueError("it is for boards %s, and this is %s" % (family, board.family))
        if not force and built <= BUILT_UTC:
            if built == BUILT_UTC and version == VERSION:
                raise ValueError("%s runs already" % version)
            raise ValueError("%s is not newer than %s, which runs" % (version, VERSION))
        if await self._digest(size) != digest:
            raise ValueError("it is damaged: its SHA-256 is another one")

    async def _digest(self, size: int) -> bytes:
        """SHA-256 of the slot's first octets."""
        digest = hashlib.sha256()
        piece = memoryview(bytearray(_PIECE))
        at = 0
        while at < size:
            part = piece if size - at >= _PIECE else piece[: size - at]
            self._slots.read(at, part)
            digest.update(part)
            at += len(part)
            if not at % BLOCK:
                await asyncio.sleep_ms(0)
        found: bytes = digest.digest()
        return found

    def _start(self, version: str) -> None:
        """Note the trial, and let the boot loader begin it."""
        app, slots = self._app, self._slots
        age_ms = app.state.age_ms(app.system.uptime_ms())
        trial = {
            "from": VERSION,
            "to": version,
            "slot": slots.other,
            "network": app.network.connected,
            "meter": age_ms is not None and age_ms < notes.HEARD_MS,
        }
        if not notes.put(app, trial=trial, load=None, why=None):
            raise ValueError("flash takes no note of it: see the log")
        try:
            slots.boot_other()
        except OSError:
            notes.put(app, trial=None)
            raise ValueError("the boot loader does not take it: it is damaged")
        app.log.add("upgrade: %s is in place, %s restarts into it" % (version, VERSION))
        notes.say(app, notes.RESTARTING)
        app.restart(_CAUSE_UPGRADE)

    def _setting(self, name: str) -> "Any":
        return self._app.config.stored.get(name)


def _hint(fault: str) -> str:
    return fault + "; the setting upgrade_unsigned allows images of one's own"
