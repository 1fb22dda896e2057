"""Partition tables: the CSV of ESP-IDF, and the octets at 0x8000 of the flash.

Wire     rows of 32 octets: AA 50 | type 1 | subtype 1 | offset u32 LE | size u32 LE | label 16 |
         flags u32 LE; then EB EB, 14 times FF and the MD5 of the rows; FF up to 0xC00
Source   ESP-IDF Programming Guide, Partition Tables
Errors   TableError in words
"""

import hashlib
import struct
from dataclasses import dataclass
from pathlib import Path

AT = 0x8000
SIZE = 0xC00
APP, DATA = 0, 1
BOOT_LOADER_AT = 0x1000  # of an ESP32 and an ESP32-S2
_SUBTYPES = {
    (APP, "factory"): 0x00,
    (APP, "ota_0"): 0x10,
    (APP, "ota_1"): 0x11,
    (DATA, "ota"): 0x00,
    (DATA, "phy"): 0x01,
    (DATA, "nvs"): 0x02,
    (DATA, "coredump"): 0x03,
    (DATA, "fat"): 0x81,
    (DATA, "spiffs"): 0x82,
    (DATA, "littlefs"): 0x83,
}
_TYPES = {"app": APP, "data": DATA}
_ROW = "<HBBII16sI"
_ROW_MAGIC = 0x50AA
_MD5_MAGIC = b"\xeb\xeb" + b"\xff" * 14
_PAGE = 0x1000  # of the flash's erasing, and of a data partition's border
_APP_ALIGNED = 0x10000  # of the chip's mapping of flash to addresses
OTA_DATA_SIZE = 0x2000


class TableError(Exception):
    """A table that no boot loader accepts, or that is damaged; the message says where."""


@dataclass(frozen=True)
class Partition:
    label: str
    type: int
    subtype: int
    offset: int
    size: int

    @property
    def end(self) -> int:
        return self.offset + self.size


def from_csv(path: Path) -> list[Partition]:
    """The rows of a CSV. TableError if one is not complete."""
    found = []
    for line in path.read_text().splitlines():
        cells = [cell.strip() for cell in line.partition("#")[0].split(",")]
        if cells == [""]:
            continue
        try:
            label, kind, subtype, offset, size = cells[:5]
            number = _TYPES[kind]
            found.append(
                Partition(label, number, _SUBTYPES[number, subtype], int(offset, 0), int(size, 0))
            )
        except (ValueError, KeyError):
            raise TableError(f"not a row of a partition table: {line}") from None
    return found


def from_octets(octets: bytes) -> list[Partition]:
    """The rows of a table as it is in flash. TableError if it is damaged, or none."""
    found = []
    for at in range(0, len(octets) - 31, 32):
        row = octets[at : at + 32]
        if row[:16] == _MD5_MAGIC:
            if row[16:] != hashlib.md5(octets[:at]).digest():
                raise TableError("the checksum of the partition table is wrong")
            return found
        if row == b"\xff" * 32:
            break
        magic, kind, subtype, offset, size, label, _ = struct.unpack(_ROW, row)
        if magic != _ROW_MAGIC:
            break
        name = label.rstrip(b"\0").decode("utf-8", "replace")
        found.append(Partition(name, kind, subtype, offset, size))
    if not found:
        raise TableError("no partition table: the flash is empty or not of this chip")
    return found


def to_octets(table: list[Partition]) -> bytes:
    """The octets for the flash at AT."""
    rows = b"".join(
        struct.pack(_ROW, _ROW_MAGIC, p.type, p.subtype, p.offset, p.size, p.label.encode(), 0)
        for p in table
    )
    return (rows + _MD5_MAGIC + hashlib.md5(rows).digest()).ljust(SIZE, b"\xff")


def slots(table: list[Partition]) -> list[Partition]:
    """The application partitions, in the boot loader's order."""
    return sorted((p for p in table if p.type == APP), key=lambda p: p.subtype)


def data_partition(table: list[Partition]) -> Partition | None:
    """The one with settings and history, as boards/common/modules/data_partition.py finds it."""
    for subtype in (0x83, 0x82):
        for p in table:
            if (p.type, p.subtype) == (DATA, subtype):
                return p
    return next((p for p in table if p.type == DATA and p.label == "vfs"), None)


def check(table: list[Partition], flash_size: int) -> None:
    """TableError if partitions overlap, lie outside of the flash or are where they cannot be."""
    end = AT + _PAGE
    for p in sorted(table, key=lambda p: p.offset):
        if p.offset < end:
            raise TableError(f"{p.label} begins at {p.offset:#x}, within what ends at {end:#x}")
        if p.end > flash_size:
            raise TableError(f"{p.label} ends at {p.end:#x}, after the flash of {flash_size:#x}")
        if p.offset % (_APP_ALIGNED if p.type == APP else _PAGE) or p.size % _PAGE:
            raise TableError(f"{p.label} is not aligned: {p.offset:#x}, {p.size:#x}")
        if len(p.label.encode()) > 15:
            raise TableError(f"{p.label} has a label of over 15 octets")
        end = p.end
    if len(slots(table)) > 1:
        ota = [p for p in table if (p.type, p.subtype) == (DATA, 0)]
        if [p.size for p in ota] != [OTA_DATA_SIZE]:
            raise TableError("two slots need one partition otadata of 0x2000")
