"""The supply of the device: on a bus-powered reader a few milliamperes of the meter's port.

In       the supply in mV; whether the meter's port feeds the device
Out      how often a page may ask
Rules    A radio that sends is what pulls the supply down: the lower it is, the longer the pause
Source   the rules of the AMS reader's page
"""

from micropython import const

_MEASURED_MV = const(2500)  # below it, no reader runs
_FULL_MV = const(3300)
_SHORTEST_S = const(5)


def poll_s(mv: int, bus_powered: bool) -> int:
    """Seconds a page should wait from one question to the next: 50 s for each volt below 3.3."""
    if not bus_powered or mv <= _MEASURED_MV:
        return _SHORTEST_S
    return max(_SHORTEST_S, -(-(_FULL_MV - mv) * 50 // 1000))
