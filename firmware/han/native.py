"""Loops that touch every octet, compiled to machine code: those that more than one wire needs.

In       a buffer and two indices that the caller has proven to lie inside it: viper checks nothing
Out      small integers
Limits   nothing is allocated; words are 32 bit on the device and 64 on a PC, so each step masks
Source   Dutch P1 companion standard (CRC-16/ARC); IEC 61334-6 (A-XDR lengths); IEC 62056-46
         (LLC header)
"""

import micropython
from micropython import const

MORE = const(-1)
NO_LENGTH = const(-2)


@micropython.viper
def move(target: ptr8, at: int, source: ptr8, start: int, count: int) -> int:
    """Copy count octets. Within one buffer only towards the front. Returns count."""
    i: int = 0
    while i < count:
        target[at + i] = source[start + i]
        i += 1
    return count


@micropython.viper
def find_beginning(buf: ptr8, start: int, end: int, rows: ptr8, first: int, last: int) -> int:
    """Where a frame of the wires in rows[first:last] may begin. Returns end if nowhere.

    A row is four octets: the frame's first octet; then the distance of another octet, a mask for
    it and what is under the mask. An octet that is not there yet counts as right.
    """
    i: int = start
    while i < end:
        x: int = int(buf[i])
        row: int = first
        while row < last:
            if x == int(rows[row]):
                at: int = i + int(rows[row + 1])
                if at >= end or (int(buf[at]) & int(rows[row + 2])) == int(rows[row + 3]):
                    return i
            row += 4
        i += 1
    return end


@micropython.viper
def axdr_length(buf: ptr8, at: int, end: int) -> int:
    """The A-XDR length at buf[at]: 00..7F, or 81..84 and so many octets; not minimal is allowed.

    Returns the octets it takes << 16 | the length; one above 65535 counts as 65535. MORE if it
    goes on at end, NO_LENGTH if it is none.
    """
    if at >= end:
        return -1
    length: int = int(buf[at])
    if length < 0x80:
        return (1 << 16) | length
    octets: int = length - 0x80
    if octets == 0 or octets > 4:
        return -2
    if at + octets >= end:
        return -1
    length = 0
    i: int = 1
    while i <= octets:
        length = (length << 8) | int(buf[at + i])
        if length > 0xFFFF:
            length = 0xFFFF
        i += 1
    return ((octets + 1) << 16) | length


@micropython.viper
def after_llc(buf: ptr8, start: int, end: int) -> int:
    """start, or what follows the LLC header E6 E7 00 or E6 E6 00 if one is there."""
    if end - start < 3 or int(buf[start]) != 0xE6 or (int(buf[start + 1]) | 1) != 0xE7:
        return start
    if int(buf[start + 2]):
        return start
    return start + 3


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
def find_line_end(buf: ptr8, start: int, end: int) -> int:
    """The first octet that an identification line cannot hold: control, 7F and above, '/', '!'."""
    i: int = start
    while i < end:
        x: int = int(buf[i])
        if x < 0x20 or x > 0x7E or x == 0x21 or x == 0x2F:
            return i
        i += 1
    return end
