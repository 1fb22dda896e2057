"""SHA-512 of short messages, for Ed25519: the chip's hashlib has none.

In       parts of a message
Out      64 octets
Limits   512 octets of heap, and no garbage but the digest. One block of 128 octets is one step:
         80 rounds of four quarters each, about 1 ms on the chip
Source   NIST FIPS 180-4, 5.3.5, 6.4

A word of 64 bits is held in four quarters of 16 bits, the lowest first, so that no sum leaves the
31 bits that are the same on each machine. Neither the eight variables of a round nor the last 16
words of the schedule are moved: their place turns with the number of the round.
"""

from array import array

import micropython
from micropython import const

_BLOCK = const(128)
_HASH = const(0)  # places in the array, in quarters: eight words each
_VARIABLES = const(32)
_SCHEDULE = const(64)  # 16 words
_QUARTERS = const(128)

# Fractions of the cube roots of the first 80 primes, and of the square roots of the first eight.
_K = (
    b"\x42\x8a\x2f\x98\xd7\x28\xae\x22\x71\x37\x44\x91\x23\xef\x65\xcd\xb5\xc0\xfb\xcf"
    b"\xec\x4d\x3b\x2f\xe9\xb5\xdb\xa5\x81\x89\xdb\xbc\x39\x56\xc2\x5b\xf3\x48\xb5\x38"
    b"\x59\xf1\x11\xf1\xb6\x05\xd0\x19\x92\x3f\x82\xa4\xaf\x19\x4f\x9b\xab\x1c\x5e\xd5"
    b"\xda\x6d\x81\x18\xd8\x07\xaa\x98\xa3\x03\x02\x42\x12\x83\x5b\x01\x45\x70\x6f\xbe"
    b"\x24\x31\x85\xbe\x4e\xe4\xb2\x8c\x55\x0c\x7d\xc3\xd5\xff\xb4\xe2\x72\xbe\x5d\x74"
    b"\xf2\x7b\x89\x6f\x80\xde\xb1\xfe\x3b\x16\x96\xb1\x9b\xdc\x06\xa7\x25\xc7\x12\x35"
    b"\xc1\x9b\xf1\x74\xcf\x69\x26\x94\xe4\x9b\x69\xc1\x9e\xf1\x4a\xd2\xef\xbe\x47\x86"
    b"\x38\x4f\x25\xe3\x0f\xc1\x9d\xc6\x8b\x8c\xd5\xb5\x24\x0c\xa1\xcc\x77\xac\x9c\x65"
    b"\x2d\xe9\x2c\x6f\x59\x2b\x02\x75\x4a\x74\x84\xaa\x6e\xa6\xe4\x83\x5c\xb0\xa9\xdc"
    b"\xbd\x41\xfb\xd4\x76\xf9\x88\xda\x83\x11\x53\xb5\x98\x3e\x51\x52\xee\x66\xdf\xab"
    b"\xa8\x31\xc6\x6d\x2d\xb4\x32\x10\xb0\x03\x27\xc8\x98\xfb\x21\x3f\xbf\x59\x7f\xc7"
    b"\xbe\xef\x0e\xe4\xc6\xe0\x0b\xf3\x3d\xa8\x8f\xc2\xd5\xa7\x91\x47\x93\x0a\xa7\x25"
    b"\x06\xca\x63\x51\xe0\x03\x82\x6f\x14\x29\x29\x67\x0a\x0e\x6e\x70\x27\xb7\x0a\x85"
    b"\x46\xd2\x2f\xfc\x2e\x1b\x21\x38\x5c\x26\xc9\x26\x4d\x2c\x6d\xfc\x5a\xc4\x2a\xed"
    b"\x53\x38\x0d\x13\x9d\x95\xb3\xdf\x65\x0a\x73\x54\x8b\xaf\x63\xde\x76\x6a\x0a\xbb"
    b"\x3c\x77\xb2\xa8\x81\xc2\xc9\x2e\x47\xed\xae\xe6\x92\x72\x2c\x85\x14\x82\x35\x3b"
    b"\xa2\xbf\xe8\xa1\x4c\xf1\x03\x64\xa8\x1a\x66\x4b\xbc\x42\x30\x01\xc2\x4b\x8b\x70"
    b"\xd0\xf8\x97\x91\xc7\x6c\x51\xa3\x06\x54\xbe\x30\xd1\x92\xe8\x19\xd6\xef\x52\x18"
    b"\xd6\x99\x06\x24\x55\x65\xa9\x10\xf4\x0e\x35\x85\x57\x71\x20\x2a\x10\x6a\xa0\x70"
    b"\x32\xbb\xd1\xb8\x19\xa4\xc1\x16\xb8\xd2\xd0\xc8\x1e\x37\x6c\x08\x51\x41\xab\x53"
    b"\x27\x48\x77\x4c\xdf\x8e\xeb\x99\x34\xb0\xbc\xb5\xe1\x9b\x48\xa8\x39\x1c\x0c\xb3"
    b"\xc5\xc9\x5a\x63\x4e\xd8\xaa\x4a\xe3\x41\x8a\xcb\x5b\x9c\xca\x4f\x77\x63\xe3\x73"
    b"\x68\x2e\x6f\xf3\xd6\xb2\xb8\xa3\x74\x8f\x82\xee\x5d\xef\xb2\xfc\x78\xa5\x63\x6f"
    b"\x43\x17\x2f\x60\x84\xc8\x78\x14\xa1\xf0\xab\x72\x8c\xc7\x02\x08\x1a\x64\x39\xec"
    b"\x90\xbe\xff\xfa\x23\x63\x1e\x28\xa4\x50\x6c\xeb\xde\x82\xbd\xe9\xbe\xf9\xa3\xf7"
    b"\xb2\xc6\x79\x15\xc6\x71\x78\xf2\xe3\x72\x53\x2b\xca\x27\x3e\xce\xea\x26\x61\x9c"
    b"\xd1\x86\xb8\xc7\x21\xc0\xc2\x07\xea\xda\x7d\xd6\xcd\xe0\xeb\x1e\xf5\x7d\x4f\x7f"
    b"\xee\x6e\xd1\x78\x06\xf0\x67\xaa\x72\x17\x6f\xba\x0a\x63\x7d\xc5\xa2\xc8\x98\xa6"
    b"\x11\x3f\x98\x04\xbe\xf9\x0d\xae\x1b\x71\x0b\x35\x13\x1c\x47\x1b\x28\xdb\x77\xf5"
    b"\x23\x04\x7d\x84\x32\xca\xab\x7b\x40\xc7\x24\x93\x3c\x9e\xbe\x0a\x15\xc9\xbe\xbc"
    b"\x43\x1d\x67\xc4\x9c\x10\x0d\x4c\x4c\xc5\xd4\xbe\xcb\x3e\x42\xb6\x59\x7f\x29\x9c"
    b"\xfc\x65\x7e\x2a\x5f\xcb\x6f\xab\x3a\xd6\xfa\xec\x6c\x44\x19\x8c\x4a\x47\x58\x17"
)
_FIRST = (
    b"\x6a\x09\xe6\x67\xf3\xbc\xc9\x08\xbb\x67\xae\x85\x84\xca\xa7\x3b\x3c\x6e\xf3\x72"
    b"\xfe\x94\xf8\x2b\xa5\x4f\xf5\x3a\x5f\x1d\x36\xf1\x51\x0e\x52\x7f\xad\xe6\x82\xd1"
    b"\x9b\x05\x68\x8c\x2b\x3e\x6c\x1f\x1f\x83\xd9\xab\xfb\x41\xbd\x6b\x5b\xe0\xcd\x19"
    b"\x13\x7e\x21\x79"
)


@micropython.viper
def _compress(m: ptr16, block: ptr8, k: ptr8) -> int:
    """Add one block of 128 octets to the hash."""
    i: int = 0
    while i < 32:
        m[32 + i] = m[i]
        i += 1
    i = 0
    while i < 64:
        at: int = ((i >> 2) << 3) + 6 - ((i & 3) << 1)
        m[64 + i] = (int(block[at]) << 8) | int(block[at + 1])
        i += 1
    t: int = 0
    while t < 80:
        a: int = 32 + ((0 - t & 7) << 2)
        b: int = 32 + ((1 - t & 7) << 2)
        c: int = 32 + ((2 - t & 7) << 2)
        d: int = 32 + ((3 - t & 7) << 2)
        e: int = 32 + ((4 - t & 7) << 2)
        f: int = 32 + ((5 - t & 7) << 2)
        g: int = 32 + ((6 - t & 7) << 2)
        h: int = 32 + ((7 - t & 7) << 2)
        w: int = 64 + ((t & 15) << 2)
        more: int = 0
        q: int = 0
        if t > 15:
            w1: int = 64 + ((t - 15 & 15) << 2)
            w9: int = 64 + ((t - 7 & 15) << 2)
            w14: int = 64 + ((t - 2 & 15) << 2)
            while q < 4:
                q1: int = q + 1 & 3
                x: int = int(m[w1 + q])
                y: int = int(m[w1 + q1])
                # Rotations by 1 and 8, shift by 7.
                s: int = (x >> 1 | y << 15) ^ (x >> 8 | y << 8)
                s = s ^ (x >> 7 | (y << 9 if q < 3 else 0))
                # Rotations by 19 and 61, shift by 6.
                y = int(m[w14 + q1])
                z: int = y >> 3 | int(m[w14 + (q + 2 & 3)]) << 13
                z = z ^ (int(m[w14 + (q + 3 & 3)]) >> 13 | int(m[w14 + q]) << 3)
                z = z ^ (int(m[w14 + q]) >> 6 | (y << 10 if q < 3 else 0))
                more += int(m[w + q]) + int(m[w9 + q]) + (s & 0xFFFF) + (z & 0xFFFF)
                m[w + q] = more & 0xFFFF
                more = more >> 16
                q += 1
        first: int = 0
        changed: int = 0
        last: int = 0
        q = 0
        while q < 4:
            q1 = q + 1 & 3
            q2: int = q + 2 & 3
            q3: int = q + 3 & 3
            # Rotations of e by 14, 18 and 41.
            x = int(m[e + q])
            y = int(m[e + q1])
            z = int(m[e + q2])
            s = (x >> 14 | y << 2) ^ (y >> 2 | z << 14) ^ (z >> 9 | int(m[e + q3]) << 7)
            first += int(m[h + q]) + (s & 0xFFFF) + int(m[w + q])
            first += (x & int(m[f + q])) ^ ((x ^ 0xFFFF) & int(m[g + q]))
            at = (t << 3) + 6 - (q << 1)
            first += (int(k[at]) << 8) + int(k[at + 1])
            # Rotations of a by 28, 34 and 39.
            x = int(m[a + q])
            y = int(m[a + q2])
            z = int(m[a + q3])
            s = (int(m[a + q1]) >> 12 | y << 4) ^ (y >> 2 | z << 14) ^ (y >> 7 | z << 9)
            y = int(m[b + q])
            z = int(m[c + q])
            last += (first & 0xFFFF) + (s & 0xFFFF) + ((x & y) ^ (x & z) ^ (y & z))
            changed += int(m[d + q]) + (first & 0xFFFF)
            m[d + q] = changed & 0xFFFF
            m[h + q] = last & 0xFFFF
            first = first >> 16
            changed = changed >> 16
            last = last >> 16
            q += 1
        t += 1
    i = 0
    while i < 8:
        more = 0
        q = i << 2
        while q < (i << 2) + 4:
            more += int(m[q]) + int(m[32 + q])
            m[q] = more & 0xFFFF
            more = more >> 16
            q += 1
        i += 1
    return 0


def sha512(parts: "tuple[bytes, ...]") -> bytes:
    """The digest of the parts in a row."""
    m = array("H", bytes(2 * _QUARTERS))
    for i in range(32):
        at = 8 * (i >> 2) + 6 - 2 * (i & 3)
        m[i] = _FIRST[at] << 8 | _FIRST[at + 1]
    block = bytearray(_BLOCK)
    filled = length = 0
    for part in parts:
        for octet in part:
            block[filled] = octet
            filled += 1
            if filled == _BLOCK:
                _compress(m, block, _K)
                filled = 0
        length += len(part)
    block[filled] = 0x80
    for i in range(filled + 1, _BLOCK):
        block[i] = 0
    if filled > _BLOCK - 17:  # no room for the length, 16 octets
        _compress(m, block, _K)
        for i in range(_BLOCK):
            block[i] = 0
    length *= 8
    for i in range(1, 5):
        block[_BLOCK - i] = length & 0xFF
        length >>= 8
    _compress(m, block, _K)
    for i in range(32):
        at = 8 * (i >> 2) + 6 - 2 * (i & 3)
        block[at] = m[i] >> 8
        block[at + 1] = m[i] & 0xFF
    return bytes(memoryview(block)[:64])
