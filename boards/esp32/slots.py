"""The two places for the firmware in flash. Loaded by Board.slots().

Limits   a partition table with ota_0, ota_1 and otadata; a boot loader with rollback. Erasing
         a block holds everything for 40 to 80 ms
Source   MicroPython's esp32.Partition; device.otadata
Tested   compiled, and run with a fake of esp32.Partition; not yet run on a chip
"""

import esp32
from device import otadata
from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from contracts import Slots as Contract

Partition: "Any" = esp32.Partition  # its stub takes no numbers, keywords and memoryviews
_BLOCK = const(4096)
_ERASE = const(6)  # of ioctl()
_APP_0 = const(0x10)  # subtype of ota_0
_OTADATA = const(0)  # subtype


class Slots:
    """boards/README.md has the contract of each method."""

    def __init__(self) -> None:
        """OSError if there are not two slots."""
        running = Partition(Partition.RUNNING)
        self._running = running.info()[1] - _APP_0
        self.label = running.info()[4]
        self._partition = running.get_next_update()
        _, subtype, _, self.size, self.other, _ = self._partition.info()
        self._slot = subtype - _APP_0
        notes = Partition.find(Partition.TYPE_DATA, subtype=_OTADATA)
        if self.other == self.label or not notes:
            raise OSError
        self._notes = notes[0]

    def erase(self, block: int) -> None:
        self._partition.ioctl(_ERASE, block)

    def write(self, at: int, octets: "bytes | bytearray | memoryview") -> None:
        self._partition.writeblocks(at // _BLOCK, octets, at % _BLOCK)

    def read(self, at: int, buf: "bytearray | memoryview") -> None:
        self._partition.readblocks(at // _BLOCK, buf, at % _BLOCK)

    def boot_other(self) -> None:
        self._partition.set_boot()
        if Partition(Partition.BOOT).info()[4] != self.other:  # some versions raise nothing
            raise OSError("the boot loader does not take it")

    def on_trial(self) -> bool:
        return self._state(self._running) == otadata.PENDING

    def other_left(self) -> bool:
        return self._state(self._slot) in (otadata.ABORTED, otadata.INVALID)

    def confirm(self) -> None:
        Partition.mark_app_valid_cancel_rollback()

    def _state(self, slot: int) -> int:
        entries = []
        for sector in range(2):
            entry = bytearray(otadata.ENTRY)
            self._notes.readblocks(sector, entry, 0)
            entries.append(entry)
        return otadata.state(entries[0], entries[1], slot)


def find() -> "Contract | None":
    """The slots; None if the partition table has no two."""
    try:
        return Slots()
    except OSError:
        return None
