"""Checksums and octet moves: the loops that touch every octet, compiled to machine code.

In       a buffer and two indices that the caller has proven to lie inside it: viper checks nothing
Out      small integers
Limits   nothing is allocated; words are 32 bit on the device and 64 bit on a PC, so each step masks
Source   ISO/IEC 13239 4.2.5 / RFC 1662 appendix C (CRC-16/X.25)
"""

import micropython

X25_RESIDUE = 0xF0B8  # what the register holds after a good frame check sequence went through


@micropython.viper
def x25(buf: ptr8, start: int, end: int) -> int:
    """The CRC-16/X.25 register over buf[start:end], before the final complement.

    Run over data and its FCS together it ends at X25_RESIDUE when the data is intact.
    The shifts replace the 512-octet table: same polynomial (8408 reflected), no memory.
    """
    crc: int = 0xFFFF
    i: int = start
    while i < end:
        x: int = (crc ^ int(buf[i])) & 0xFF
        x = (x ^ (x << 4)) & 0xFF
        crc = (crc >> 8) ^ (x << 8) ^ (x << 3) ^ (x >> 4)
        i += 1
    return crc


@micropython.viper
def move(target: ptr8, at: int, source: ptr8, start: int, count: int) -> int:
    """Copy count octets. Within one buffer only towards the front. Returns count."""
    i: int = 0
    while i < count:
        target[at + i] = source[start + i]
        i += 1
    return count


@micropython.viper
def find_frame(buf: ptr8, start: int, end: int) -> int:
    """Where the next HDLC frame may begin: a flag (7E) followed by format type 3 (Ax).

    A flag in the last place counts, as its successor is not known yet. Returns end if none.
    """
    i: int = start
    while i < end:
        if int(buf[i]) == 0x7E:
            if i + 1 == end or (int(buf[i + 1]) & 0xF0) == 0xA0:
                return i
        i += 1
    return end
