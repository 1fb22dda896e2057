"""The two slots of boards/esp32/slots.py as files of a folder: app0, app1, otadata.

Files    app0 app1  as long as a slot; otadata 8192 octets; running: the label of the slot that
         bootloader.py has started
Rules    an erase makes FF of a block
"""

import binascii
import struct

import bootloader
from device import otadata

_BLOCK = 4096
_LABELS = ("app0", "app1")


class Slots:
    """boards/README.md has the contract of each method."""

    def __init__(self, folder):
        self._folder = folder
        with open(folder + "/running") as f:
            self.label = f.read().strip()
        self._running = _LABELS.index(self.label)
        self._slot = 1 - self._running
        self.other = _LABELS[self._slot]
        self._file = open(folder + "/" + self.other, "r+b")  # noqa: SIM115
        self.size = self._file.seek(0, 2)

    def erase(self, block):
        self.write(block * _BLOCK, b"\xff" * _BLOCK)

    def write(self, at, octets):
        self._file.seek(at)
        self._file.write(octets)

    def read(self, at, buf):
        self._file.seek(at)
        self._file.readinto(buf)

    def boot_other(self):
        if not bootloader.is_image(self._folder + "/" + self.other):
            raise OSError("the boot loader does not take it")
        sector, number = self._active()
        after = number + 1
        while (after - 1) % 2 != self._slot:
            after += 1
        self._put(1 - sector if number else 0, after, otadata.NEW)

    def on_trial(self):
        return otadata.state(*self._entries(), self._running) == otadata.PENDING

    def other_left(self):
        state = otadata.state(*self._entries(), self._slot)
        return state in (otadata.ABORTED, otadata.INVALID)

    def confirm(self):
        sector, number = self._active()
        if number and (number - 1) % 2 == self._running:
            self._put(sector, number, otadata.VALID)

    def _active(self):
        """(sector, number) of the entry in force; number 0 without one."""
        found = (0, 0)
        for sector, entry in enumerate(self._entries()):
            left = struct.unpack_from("<I", entry, 24)[0] in (otadata.INVALID, otadata.ABORTED)
            number = 0 if left else otadata.number(entry)
            if number > found[1]:
                found = (sector, number)
        return found

    def _entries(self):
        with open(self._folder + "/otadata", "rb") as f:
            octets = f.read()
        return octets[:32], octets[_BLOCK : _BLOCK + 32]

    def _put(self, sector, number, state):
        """Erase a sector of otadata and write its entry: two steps, as on a chip."""
        head = struct.pack("<I", number)
        crc = binascii.crc32(head, 0xFFFFFFFF) & 0xFFFFFFFF
        entry = head + b"\xff" * 20 + struct.pack("<II", state, crc)
        self._write("otadata", sector * _BLOCK, b"\xff" * _BLOCK)
        self._write("otadata", sector * _BLOCK, entry)

    def _write(self, name, at, octets):
        with open(self._folder + "/" + name, "r+b") as f:
            f.seek(at)
            f.write(octets)


def find(folder):
    """The slots; None without a folder."""
    return Slots(folder) if folder else None
