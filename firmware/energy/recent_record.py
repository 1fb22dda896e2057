"""The recent power as a record for memory that survives a soft reset.

In       energy.recent.Recent; the free octets of that memory
Out      a record; from the octets of that memory, the slots of the run before
Wire     kind 4C, version 1: hundredths of a second in the running minute 2; of the running slot of
         10 s, then of 1 min: W x hundredths 4, known hundredths 2; then the slots of 10 s and of
         1 min, each 2 as in Recent.slots, the oldest first; little endian
Rules    With too little room the oldest minutes are left out; under an hour is not kept.
         How long a reset took is unknown. It counts as the rest of the running slot of 10 s and
         one more slot, both without a known power: a reset always shows as a gap.
"""

import struct

import records
from micropython import const

from energy.recent import MINUTES, TENS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from energy.recent import Recent

_KIND = const(0x4C)
_VERSION = const(1)
_HEAD = "<HiHiH"
_HEAD_OCTETS = const(14)
_LEAST = const(60)  # minutes
_TEN_CS = const(1000)
_MINUTE_CS = const(6000)
_MOST_W = const(147448)


def pack(recent: "Recent", room: int) -> bytes:
    """A record of at most `room` octets; b"" if an hour has no place in it."""
    n = min(MINUTES, (room - records.OVERHEAD - _HEAD_OCTETS) // 2 - TENS)
    if n < _LEAST:
        return b""
    slots, at = recent.slots, recent.at_cs
    payload = bytearray(struct.pack(_HEAD, at % _MINUTE_CS, *recent.running))
    ten = at // _TEN_CS % TENS
    payload += bytes(slots[ten:TENS]) + bytes(slots[:ten])
    minute = at // _MINUTE_CS
    begin = minute + MINUTES - n  # n slots before the running one, in a ring
    if begin < MINUTES:
        payload += bytes(slots[TENS + begin :]) + bytes(slots[TENS : TENS + minute])
    else:
        payload += bytes(slots[TENS + begin - MINUTES : TENS + minute])
    return records.pack(_KIND, _VERSION, payload)


def restore(recent: "Recent", memory: bytes) -> bool:
    """Put the slots of the memory's record into a new Recent, and the reset after them. False,
    and no change, without a valid record."""
    for kind, version, begin, end in records.scan(memory):
        n = (end - begin - _HEAD_OCTETS) // 2 - TENS
        if kind != _KIND or version != _VERSION or not 0 <= n <= MINUTES or (end - begin) % 2:
            continue
        at, ten_sum, ten_cs, minute_sum, minute_cs = struct.unpack_from(_HEAD, memory, begin)
        if at >= _MINUTE_CS or not _valid(ten_sum, ten_cs, at % _TEN_CS):
            continue
        if not _valid(minute_sum, minute_cs, at):
            continue
        begin += _HEAD_OCTETS
        for i in range(TENS):
            place = (at // _TEN_CS + i) % TENS
            recent.slots[place] = struct.unpack_from("<h", memory, begin + 2 * i)[0]
        begin += 2 * TENS
        for i in range(n):
            place = TENS + MINUTES - n + i
            recent.slots[place] = struct.unpack_from("<h", memory, begin + 2 * i)[0]
        recent.at_cs = at
        recent.running[:] = [ten_sum, ten_cs, minute_sum, minute_cs]
        recent.skip(2 * _TEN_CS - at % _TEN_CS)
        return True
    return False


def _valid(sum_w_cs: int, known_cs: int, most_cs: int) -> bool:
    return known_cs <= most_cs and abs(sum_w_cs) <= _MOST_W * known_cs
