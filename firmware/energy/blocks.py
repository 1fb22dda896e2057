"""Blocks of slots. A slot has import and export in Wh, and a quality.

In       slots of a UTC day's quarters or hours, or of a local month's days
Out      the qualities of slots; energy.stored has the files of blocks
"""

from array import array

from micropython import const

# Qualities of a slot. Only a measured slot, a near one or an edited one can be a peak.
GAP = const(0)  # some or all of its energy is not known
MEASURED = const(1)  # the registers were read at its begin and at its end
ESTIMATED = const(2)  # a share of the registers' difference, by the received power
INTERPOLATED = const(3)  # the same, without any power for over 5 % of the time
EDITED = const(4)  # entered by the owner
# The registers were read shortly before and after an edge. The slot differs from the truth by at
# most a 16th. Its energy is too high by at most a 256th; NEAR + 1: a 128th, + 2: a 64th, + 3: a
# 32nd.
NEAR = const(5)
_FINEST = const(8)  # 2^8 is 256
_LEAST_FINE = const(5)

NAMES = ("gap", "measured", "estimated", "interpolated", "edited", "near", "near", "near", "near")
_DOUBT = b"\x08\x00\x06\x07\x01\x02\x03\x04\x05"  # by quality: the higher, the less certain

# The levels: the length of a slot.
QUARTERS = const(0)
HOURS = const(1)
DAYS = const(2)
KEPT_DAYS = const(40)  # of quarters


def worse(a: int, b: int) -> int:
    """The quality of a sum of two slots."""
    return a if _DOUBT[a] >= _DOUBT[b] else b


def near(wh: int, unsure: int) -> int:
    """The quality of a slot of `wh` import and export if at most `unsure` are of another slot."""
    fine = _FINEST
    while unsure > wh >> fine:
        fine -= 1
        if fine < _LEAST_FINE:
            return ESTIMATED
    return NEAR + _FINEST - fine


def least(imported: int, exported: int, quality: int) -> int:
    """The least import in Wh that a slot has had, if it is not estimated."""
    if quality < NEAR:
        return imported
    return max(0, imported - (imported + exported >> _FINEST + NEAR - quality))


class Block:
    """n slots in a row; Wh below 2^32."""

    def __init__(self, n: int) -> None:
        self.n = n
        self.imported = array("I", bytes(4 * n))
        self.exported = array("I", bytes(4 * n))
        self.quality = bytearray(n)

    def clear(self, first: int = 0) -> None:
        """Make the slots from first on gaps of 0 Wh."""
        for i in range(first, self.n):
            self.imported[i] = self.exported[i] = self.quality[i] = GAP

    def put(self, i: int, imported: int, exported: int, quality: int) -> None:
        """Set a slot."""
        self.imported[i] = imported
        self.exported[i] = exported
        self.quality[i] = quality
