"""The partition with settings and history, in this project's table or in another firmware's.

Its type is `spiffs` in tables of Arduino's core, whatever file system it has; MicroPython's own
label is `vfs`.
"""

from errno import ENODEV

import vfs
from esp32 import Partition
from micropython import const

_SPIFFS = const(0x82)
_LITTLEFS = const(0x83)
_BLOCK = const(4096)
_BEGIN = const(2)  # blocks of a LittleFS that cannot be blank: both copies of its first record


def find() -> "Partition | None":
    """The data partition; None if the table has none."""
    for subtype in (_LITTLEFS, _SPIFFS):
        found = Partition.find(Partition.TYPE_DATA, subtype)
        if found:
            return found[0]
    found = Partition.find(Partition.TYPE_DATA, label="vfs")
    return found[0] if found else None


def is_blank(partition: "Partition") -> bool:
    """Whether the first blocks are erased: then nothing is lost by a new file system."""
    block = bytearray(64)
    for at in range(0, _BEGIN * _BLOCK, 64):
        partition.readblocks(at // _BLOCK, block, at % _BLOCK)
        for octet in block:
            if octet != 0xFF:
                return False
    return True


def content(partition: "Partition | None") -> str:
    """What is in a partition that was not mounted."""
    if partition is None:
        return "there is no data partition"
    block = bytearray(512)
    for number in range(_BEGIN):
        partition.readblocks(number, block)
        if block[8:16] == b"littlefs":
            return "the data partition has a LittleFS that cannot be read"
    partition.readblocks(0, block)
    if block[510:] == b"\x55\xaa":
        return "the data partition has a FAT file system"
    return "the data partition has unknown content"


def mount() -> str:
    """Mount the partition as the root; a blank one gets a file system first.

    Returns "", or why there is no root.
    """
    partition = find()
    if partition is None:
        return "no data partition"
    try:
        vfs.mount(vfs.VfsLfs2(partition), "/")
        return ""
    except OSError:
        if not is_blank(partition):
            return "the data partition has another file system"
    make(partition)
    return ""


def make(partition: "Partition | None") -> str:
    """Make an empty file system, whatever was there, and mount it as the root. Returns "", as
    mount() then. OSError without a partition."""
    if partition is None:
        raise OSError(ENODEV)
    vfs.VfsLfs2.mkfs(partition)
    vfs.mount(vfs.VfsLfs2(partition), "/")
    return ""
