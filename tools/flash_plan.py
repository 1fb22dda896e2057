"""What tools/flash.py writes where: files and boards in, steps out. Opens no port.

Files    a full image from address 0 or 0x1000, with boot loader and partition table; an
         application with or without a signature; a backup of a data partition
Errors   FlashError in words: what is wrong with the file or the board, and the remedy
"""

import struct
from dataclasses import dataclass, field

from esptool.bin_image import LoadFirmwareImage
from esptool.util import FatalError

from tools import partitions
from tools.partitions import Partition, TableError

CHIPS = {0: "esp32", 2: "esp32s2", 5: "esp32c3", 9: "esp32s3", 12: "esp32c2", 13: "esp32c6"}
OURS = ("esp32", "esp32s2")
FLASH_SIZE = 4 << 20
_IMAGE = 0xE9
_TRAILER = 160
_TRAILER_MAGIC = b"HANREAD1"
_OTHERS = (
    (b"PK", "a ZIP file: unpack it first"),
    (b"\x7fELF", "an ELF file: the .bin beside it is the one to write"),
    (b"UF2\n", "a UF2 file: download the .bin"),
    (b"<", "a web page: the download went wrong"),
    (b"\x1f\x8b", "a compressed file: unpack it first"),
)


class FlashError(Exception):
    """A refusal, or a step that failed; the message has the remedy."""


@dataclass(frozen=True)
class Image:
    """A file to write. A full image has a table; an application has none."""

    chip: str
    parts: tuple[tuple[int, bytes], ...]  # (address, octets); of an application the address is 0
    table: tuple[Partition, ...] = ()
    signed: bool = False


@dataclass(frozen=True)
class Board:
    """What was read from a chip."""

    chip: str
    flash_size: int = FLASH_SIZE
    table: tuple[Partition, ...] = ()  # () if the flash has none
    mac: str = "000000000000"


@dataclass(frozen=True)
class Step:
    """kind is backup, erase, write or blank: write compares too; blank erases a part."""

    kind: str
    at: int
    size: int
    text: str
    octets: bytes = field(default=b"", repr=False)


def nice(chip: str) -> str:
    """A chip's name as it is printed on it."""
    return chip.upper().replace("ESP32S", "ESP32-S").replace("ESP32C", "ESP32-C")


def _chip(octets: bytes) -> str:
    number = int.from_bytes(octets[12:14], "little")
    return CHIPS.get(number, f"chip {number}")


def _table(octets: bytes, at: int) -> list[Partition] | None:
    try:
        return partitions.from_octets(octets[at : at + partitions.SIZE])
    except TableError:
        return None


def read_image(octets: bytes) -> Image:
    """The image in a file. FlashError if it is none, or not whole."""
    for begin in (0, partitions.BOOT_LOADER_AT):
        boot = partitions.BOOT_LOADER_AT - begin
        if octets[boot : boot + 1] == bytes([_IMAGE]):
            rows = _table(octets, partitions.AT - begin)
            if rows:
                return _full(octets, begin, rows)
    if octets[:1] == bytes([_IMAGE]):
        return _application(octets)
    for mark, reason in _OTHERS:
        if octets.lstrip().startswith(mark):
            raise FlashError(f"This is {reason}.")
    raise FlashError("This is no image: it begins neither with a boot loader nor an application.")


def _full(octets: bytes, begin: int, rows: list[Partition]) -> Image:
    chip = _chip(octets[partitions.BOOT_LOADER_AT - begin :])
    slots = partitions.slots(rows)
    if not slots or len(octets) <= slots[0].offset - begin:
        raise FlashError("The file ends before its application: download it again.")
    try:
        partitions.check(rows, FLASH_SIZE)
    except TableError as e:
        raise FlashError(f"The file's partition table is wrong: {e}.") from None
    application = octets[slots[0].offset - begin :]
    whole = _application(application)
    if whole.chip != chip:
        raise FlashError("The file's boot loader and application are for different chips.")
    if len(application) > slots[0].size:
        raise FlashError("The file's application is longer than its partition.")
    boot = octets[partitions.BOOT_LOADER_AT - begin : partitions.AT - begin].rstrip(b"\xff")
    boot += b"\xff" * (-len(boot) % 16)
    table = octets[partitions.AT - begin :][: partitions.SIZE]
    parts = (
        (partitions.BOOT_LOADER_AT, boot),
        (partitions.AT, table),
        (slots[0].offset, application),
    )
    return Image(chip, parts, tuple(rows), whole.signed)


def _application(octets: bytes) -> Image:
    chip = _chip(octets)
    if chip not in OURS:
        raise FlashError(f"The file is for an {nice(chip)}; there are readers of "
                         f"{' and '.join(map(nice, OURS))} only.")  # fmt: skip
    signed = octets[-_TRAILER:].startswith(_TRAILER_MAGIC)
    plain = octets[:-_TRAILER] if signed else octets
    try:
        image = LoadFirmwareImage(chip, plain)
        whole = image.checksum == image.calculate_checksum()
        whole = whole and image.stored_digest == image.calc_digest
        whole = whole and len(plain) == image.data_length + 32
    except (FatalError, IndexError, ValueError, struct.error):
        whole = False
    if not whole:
        raise FlashError("The file is damaged or incomplete: download it again.")
    return Image(chip, ((0, octets),), (), signed)


def plan(image: Image, board: Board, erase: bool = False) -> list[Step]:
    """The steps that put an image on a board, in order. FlashError if it cannot run there.

    The data partition is read into a backup first, and stays unless `erase` is set or the new
    table has it elsewhere. The boot loader is written last: until then the steps can be repeated.
    """
    if board.chip != image.chip:
        raise FlashError(
            f"The file is for an {nice(image.chip)}, the board has an {nice(board.chip)}: "
            "take the file of this board."
        )
    if board.flash_size < FLASH_SIZE:
        raise FlashError(f"The board has {board.flash_size >> 20} MB of flash, 4 are needed.")
    old = partitions.data_partition(list(board.table))
    steps = [] if old is None else [_backup(old)]
    if image.table:
        return steps + _plan_full(image, old, erase)
    if erase:
        raise FlashError("To erase everything, take the -full.bin file: this has no boot loader.")
    return steps + _plan_application(image, board)


def _backup(data: Partition) -> Step:
    return Step("backup", data.offset, data.size, "save settings and history")


def _plan_full(image: Image, old: Partition | None, erase: bool) -> list[Step]:
    rows = list(image.table)
    new = partitions.data_partition(rows)
    keeps = old and new and (old.offset, old.size) == (new.offset, new.size)
    steps = []
    if erase:
        steps.append(Step("erase", 0, FLASH_SIZE, "erase the whole flash"))
    else:
        for p in rows:
            if p.type == partitions.DATA and p.subtype in (0, 2):  # choice of a slot, radio
                steps.append(Step("blank", p.offset, p.size, f"erase {p.label}"))
        if new is not None and not keeps:
            steps.append(Step("blank", new.offset, new.size, "erase the data partition"))
    names = {partitions.BOOT_LOADER_AT: "boot loader", partitions.AT: "partition table"}
    for at, octets in sorted(image.parts, key=lambda part: part[0] == partitions.BOOT_LOADER_AT):
        text = "write the " + names.get(at, "application")
        steps.append(Step("write", at, len(octets), text, octets))
    return steps


def _plan_application(image: Image, board: Board) -> list[Step]:
    slots = partitions.slots(list(board.table))
    octets = image.parts[0][1]
    if not slots:
        raise FlashError("The flash is empty or not a reader's: take the -full.bin file.")
    if len(octets) > slots[0].size:
        raise FlashError(
            f"The application has {len(octets)} octets, the board's partition {slots[0].size}: "
            "take the -full.bin file."
        )
    steps = [Step("write", slots[0].offset, len(octets), "write the application", octets)]
    for p in board.table:
        if p.type == partitions.DATA and p.subtype == 0:  # without a choice the first slot starts
            steps.append(Step("blank", p.offset, p.size, "choose the first slot"))
    return steps


def plan_restore(octets: bytes, board: Board) -> list[Step]:
    """The steps that put a backup back. FlashError if it is of another size."""
    data = partitions.data_partition(list(board.table))
    if data is None:
        raise FlashError("The board has no data partition: write an image first.")
    if len(octets) != data.size:
        raise FlashError(
            f"The backup has {len(octets)} octets, the board's data partition {data.size}: "
            "it is not of this board, or of other firmware."
        )
    return [_backup(data), Step("write", data.offset, data.size, "write the backup", octets)]


def describe(steps: list[Step]) -> str:
    """One line a step."""
    return "\n".join(
        f"{number:2d}  {step.at:#010x}  {step.size:8d}  {step.text}"
        for number, step in enumerate(steps, 1)
    )
