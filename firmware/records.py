"""Binary records with a checksum, for state files.

In       a payload of up to 65535 octets, its kind and version; the octets of a file
Out      octets for a file; the undamaged records of a file
Wire     A7 | kind 1 | version 1 | length 2 | payload | CRC-32 4 of all before; little endian
Limits   a damaged record is skipped: the search continues at the next octet A7
"""

import struct
from binascii import crc32

from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MAGIC = const(0xA7)
_HEAD = const(5)
OVERHEAD = const(9)
_SMALL = const(0xFFFFFFF)  # 28 bits


def pack(kind: int, version: int, payload: "bytes | bytearray") -> bytes:
    """One record."""
    head = struct.pack("<BBBH", _MAGIC, kind, version, len(payload))
    crc = crc32(payload, crc32(head)) & 0xFFFFFFFF
    return b"".join((head, payload, struct.pack("<I", crc)))


def scan(data: bytes) -> "Iterator[tuple[int, int, int, int]]":
    """(kind, version, begin, end) of each whole record's payload in data, in order."""
    i = 0
    n = len(data)
    view = memoryview(data)
    while i + OVERHEAD <= n:
        if data[i] == _MAGIC:
            end = i + _HEAD + (data[i + 3] | data[i + 4] << 8)
            if end + 4 <= n:
                crc: int = struct.unpack_from("<I", data, end)[0]
                if crc32(view[i:end]) & 0xFFFFFFFF == crc:
                    yield data[i + 1], data[i + 2], i + _HEAD, end
                    i = end + 4
                    continue
        i += 1


def whole(data: bytes) -> bool:
    """Whether data consists of undamaged records only."""
    total = 0
    for _, _, begin, end in scan(data):
        total += end - begin + OVERHEAD
    return total == len(data)


def pack_ints(numbers: "Iterable[int]") -> bytes:
    """Encode whole numbers of any size and sign, seven bits an octet, lowest bits first."""
    out = bytearray()
    put_ints(out, numbers)
    return bytes(out)


def put_ints(out: bytearray, numbers: "Iterable[int]") -> None:
    """Append the encoded numbers to out."""
    for number in numbers:
        rest = number * 2 if number >= 0 else -number * 2 - 1
        while rest > _SMALL:  # such numbers are objects of the heap: four octets for each of them
            part = rest & _SMALL
            for _ in range(4):
                out.append(part & 127 | 128)
                part >>= 7
            rest >>= 28
        while rest > 127:
            out.append(rest & 127 | 128)
            rest >>= 7
        out.append(rest)


def ints(data: "bytes | bytearray", begin: int, end: int) -> "Iterator[int]":
    """The numbers of pack_ints, one at a time. ValueError if the last one is cut."""
    value = shift = 0
    for i in range(begin, end):
        octet = data[i]
        value |= (octet & 127) << shift
        shift += 7
        if octet < 128:
            yield value >> 1 if not value & 1 else -(value + 1 >> 1)
            value = shift = 0
    if shift:
        raise ValueError("a number is cut")
