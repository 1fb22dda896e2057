"""The boot loader's notes about the two slots, as it keeps them in flash. Only read here.

Wire     two sectors of 4096 octets, each with an entry: number u32 | 20 unused | state u32 |
         CRC-32 of the number u32, little endian. Number n is of slot (n - 1) % 2. An entry counts
         if its CRC is right; the boot loader starts the slot of the highest number whose state is
         not INVALID or ABORTED
Rules    a new image is NEW, in its first start PENDING, after its confirmation VALID. The boot
         loader makes ABORTED of PENDING at the next start
Source   ESP-IDF 5.5, Over The Air Updates: OTA data partition, App rollback
"""

import binascii
import struct

from micropython import const

ENTRY = const(32)  # octets that are read of a sector
NEW = const(0)
PENDING = const(1)
VALID = const(2)
INVALID = const(3)
ABORTED = const(4)
UNKNOWN = const(-1)  # no entry: it was installed over the cable


def number(entry: "bytes | bytearray") -> int:
    """The number of an entry; 0 if it does not count."""
    if (
        binascii.crc32(entry[:4], 0xFFFFFFFF) & 0xFFFFFFFF
        != struct.unpack_from("<I", entry, 28)[0]
    ):
        return 0
    found: int = struct.unpack_from("<I", entry)[0]
    return 0 if found == 0xFFFFFFFF else found


def state(first: "bytes | bytearray", second: "bytes | bytearray", slot: int) -> int:
    """The state of slot 0 or 1, by the newest of its entries."""
    newest, found = 0, UNKNOWN
    for entry in (first, second):
        n = number(entry)
        if n > newest and (n - 1) % 2 == slot:
            newest = n
            found = struct.unpack_from("<I", entry, 24)[0]
    return found if found <= ABORTED else UNKNOWN
