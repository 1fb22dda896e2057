"""The supply of the device: on a bus-powered reader a few milliamperes of the meter's port.

In       the voltage at the ADC's pin; the board's number
Out      the supply in mV; how often a page may ask
Rules    A radio that sends is what pulls the supply down: the lower it is, the longer the pause
Source   the AMS reader's board table and the rules of its page
"""

from micropython import const

_BUS_POWERED = (2, 4, 7)  # board numbers
_MEASURED_MV = const(2500)  # below it, no reader runs
_FULL_MV = const(3300)
_SHORTEST_S = const(5)


def behind_divider(pin_mv: int, upper: int, lower: int) -> int:
    """The supply in mV: the resistors lie from supply to pin and from pin to ground, one unit."""
    return pin_mv * (upper + lower) // lower


def poll_s(mv: int, board_id: int) -> int:
    """Seconds a page should wait from one question to the next: 50 s for each volt below 3.3."""
    if board_id not in _BUS_POWERED or mv <= _MEASURED_MV:
        return _SHORTEST_S
    return max(_SHORTEST_S, -(-(_FULL_MV - mv) * 50 // 1000))
