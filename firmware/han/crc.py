"""Checksums and octet moves: the loops that touch every octet, compiled to machine code.

In       a buffer and two indices that the caller has proven to lie inside it: viper checks nothing
Out      small integers
Limits   nothing is allocated; words are 32 bit on the device and 64 on a PC, so each step masks
Source   ISO/IEC 13239 4.2.5 / RFC 1662 appendix C (CRC-16/X.25); Dutch P1 companion
         standard (CRC-16/ARC); EN 13757-2 (sum, long frame)
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
def behind_addresses(buf: ptr8, start: int, end: int) -> int:
    """Where the two addresses that begin at start end: the lowest bit marks the last octet.

    Returns -1 if they go on at end, -2 if one is longer than four octets.
    """
    at: int = start
    ends: int = 0
    last: int = start + 4
    while ends < 2:
        if at >= end:
            return -1
        if at >= last:
            return -2
        if int(buf[at]) & 1:
            ends += 1
            last = at + 5
        at += 1
    return at


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


@micropython.viper
def arc(buf: ptr8, start: int, end: int) -> int:
    """CRC-16/ARC of buf[start:end]: polynomial A001 reflected, start 0.

    The table's entry for x is x * C0 when x has an even number of ones, else C001 more.
    """
    crc: int = 0
    i: int = start
    while i < end:
        x: int = (crc ^ int(buf[i])) & 0xFF
        ones: int = x ^ (x >> 4)
        ones = ones ^ (ones >> 2)
        ones = ones ^ (ones >> 1)
        crc = (crc >> 8) ^ (x << 6) ^ (x << 7)
        if ones & 1:
            crc = crc ^ 0xC001
        i += 1
    return crc


@micropython.viper
def sum8(buf: ptr8, start: int, end: int) -> int:
    """The sum of buf[start:end] modulo 256."""
    total: int = 0
    i: int = start
    while i < end:
        total = (total + int(buf[i])) & 0xFF
        i += 1
    return total


@micropython.viper
def find_long(buf: ptr8, start: int, end: int) -> int:
    """Where the next M-Bus long frame may begin: 68 L L 68, or as much of it as there is.

    Returns end if none.
    """
    i: int = start
    while i < end:
        if int(buf[i]) == 0x68:
            if i + 2 >= end:
                return i
            if int(buf[i + 1]) == int(buf[i + 2]) and (i + 3 == end or int(buf[i + 3]) == 0x68):
                return i
        i += 1
    return end


@micropython.viper
def find_slash(buf: ptr8, start: int, end: int) -> int:
    """Where the next telegram may begin: '/' and a letter. A '/' in the last place counts."""
    i: int = start
    while i < end:
        if int(buf[i]) == 0x2F:
            if i + 1 == end:
                return i
            letter: int = int(buf[i + 1]) | 0x20
            if letter >= 0x61 and letter <= 0x7A:
                return i
        i += 1
    return end


@micropython.viper
def find_mark(buf: ptr8, start: int, end: int) -> int:
    """Where the next '!' or '/' is. Returns end if there is none."""
    i: int = start
    while i < end:
        x: int = int(buf[i])
        if x == 0x21 or x == 0x2F:
            return i
        i += 1
    return end


@micropython.viper
def find_line_end(buf: ptr8, start: int, end: int) -> int:
    """The first octet that an identification line cannot hold: control, 7F and above, '/', '!'."""
    i: int = start
    while i < end:
        x: int = int(buf[i])
        if x < 0x20 or x > 0x7E or x == 0x21 or x == 0x2F:
            return i
        i += 1
    return end
