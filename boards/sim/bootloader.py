"""The boot loader of a chip with two slots, for boards/sim/slots.py; also run by CPython.

Rules    those of ESP-IDF 5.5 with rollback and without a factory slot: what is PENDING becomes
         ABORTED; the highest number whose state is not INVALID or ABORTED says the slot, and NEW
         becomes PENDING; without one it is app0; if that slot has no whole image, the other one is
         tried. An empty otadata gets an entry of the slot that was started
Image    E9 | segments 1 | .. 24 octets with the chip at 12 and "a hash follows" at 23; each
         segment address u32, length u32, octets; zeros up to 15 of 16 and the XOR of all octets
         of segments with EF; SHA-256 of all that
Source   ESP-IDF, App Image Format and Over The Air Updates
"""

import binascii
import hashlib
import os
import struct

_BLOCK = 4096
_HEAD = 24
_NEW, _PENDING, _VALID, _INVALID, _ABORTED = 0, 1, 2, 3, 4
_NONE = 0xFFFFFFFF


def make(folder, size):
    """Make the files of two empty slots."""
    for name, octets in (("app0", size), ("app1", size), ("otadata", 2 * _BLOCK)):
        with open(folder + "/" + name, "wb") as f:
            for _ in range(octets // _BLOCK):
                f.write(b"\xff" * _BLOCK)


def start(folder):
    """Choose a slot and note it in the file running. Returns its label; "" if none is whole."""
    entries = []
    blank = True
    for sector in range(2):
        number, state, crc = _entry(folder, sector)
        if state == _PENDING:
            state = _ABORTED
            _put(folder, sector, number, state, crc)
        right = number != _NONE and crc == _crc(number)
        blank = blank and not right
        entries.append((number if right and state not in (_INVALID, _ABORTED) else 0, state, crc))
    first = 0
    sector = 0 if entries[0][0] >= entries[1][0] else 1
    number, state, crc = entries[sector]
    if number:
        first = (number - 1) % 2
        if state == _NEW:
            _put(folder, sector, number, _PENDING, crc)
    for slot in (first, 1 - first):
        if is_image(folder + "/app%d" % slot):
            if blank:
                _put(folder, 0, slot + 1, _VALID, _crc(slot + 1))
            with open(folder + "/running", "w") as f:
                f.write("app%d" % slot)
            return "app%d" % slot
    return ""


def is_image(path):
    """Whether a slot has a whole image."""
    with open(path, "rb") as f:
        return image_length(f) > 0


def image_length(f):
    """Octets of the image at the begin of an open file; 0 if it is not whole."""
    digest = hashlib.sha256()
    head = f.read(_HEAD)
    if len(head) < _HEAD or head[0] != 0xE9 or head[23] != 1:
        return 0
    digest.update(head)
    check, length = 0xEF, _HEAD
    for _ in range(head[1]):
        begin = f.read(8)
        if len(begin) < 8:
            return 0
        digest.update(begin)
        left = struct.unpack("<II", begin)[1]
        length += 8 + left
        while left:
            octets = f.read(min(left, _BLOCK))
            if not octets:
                return 0
            digest.update(octets)
            check ^= _xor(octets)
            left -= len(octets)
    rest = f.read(16 - length % 16)
    digest.update(rest)
    if not rest or rest[-1] != check or f.read(32) != digest.digest():
        return 0
    return length + len(rest) + 32


def image(octets, chip):
    """An image with the octets as its one segment. chip: number of the chip in the header."""
    head = bytearray(_HEAD)
    head[0], head[1], head[23] = 0xE9, 1, 1
    struct.pack_into("<H", head, 12, chip)
    made = bytes(head) + struct.pack("<II", 0x3F400000, len(octets)) + octets
    made += bytes(15 - len(made) % 16) + bytes((0xEF ^ _xor(octets),))
    return made + hashlib.sha256(made).digest()


def _xor(octets):
    """XOR of all octets, by halves of one large number."""
    size = 1
    while size < len(octets):
        size *= 2
    value = int.from_bytes(octets, "big")
    while size > 1:
        size //= 2
        value = (value >> 8 * size) ^ (value & (1 << 8 * size) - 1)
    return value


def _entry(folder, sector):
    with open(folder + "/otadata", "rb") as f:
        f.seek(sector * _BLOCK)
        entry = f.read(32)
    return (struct.unpack("<I", entry[:4]) + struct.unpack("<II", entry[24:]))[:3]


def _put(folder, sector, number, state, crc):
    with open(folder + "/otadata", "r+b") as f:
        f.seek(sector * _BLOCK)
        f.write(b"\xff" * _BLOCK)
        f.seek(sector * _BLOCK)
        f.write(struct.pack("<I", number) + b"\xff" * 20 + struct.pack("<II", state, crc))


def _crc(number):
    return binascii.crc32(struct.pack("<I", number), 0xFFFFFFFF) & 0xFFFFFFFF


def install(folder, slot, octets):
    """Put octets into a slot, as over the cable."""
    path = folder + "/app%d" % slot
    size = os.stat(path)[6]
    with open(path, "wb") as f:
        f.write(octets)
        f.write(b"\xff" * (size - len(octets)))
