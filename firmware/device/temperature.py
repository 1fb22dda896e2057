"""Temperatures of DS18B20 sensors, for a board that has them.

In       the sensors' last conversion, as the board read it
Out      System.temperatures: (8 octets of address, hundredths of 1 degree Celsius) of each sensor,
         NOT_READ for a reading that is not believed; System.temperature_cdeg: their mean
Limits   32 sensors
Rules    -85 degrees and less are not a temperature, and 85.00 is what a sensor shows after
         power-on, before its first conversion
Source   the limits are those of the AMS reader
"""

from fmt import divide
from micropython import const
from system import NOT_READ

TYPE_CHECKING = False
if TYPE_CHECKING:
    from system import System

_MOST = const(32)
_LOWEST_CDEG = const(-8500)  # and not itself
_POWER_ON_CDEG = const(8500)


def read(system: "System") -> None:
    """Take over the last conversion and begin the next one: call it every 15 s."""
    found = []
    total = count = 0
    for address, cdeg in system.board.temperatures()[:_MOST]:
        if cdeg <= _LOWEST_CDEG or cdeg == _POWER_ON_CDEG:
            cdeg = NOT_READ
        else:
            total += cdeg
            count += 1
        found.append((address, cdeg))
    system.temperatures = found
    system.temperature_cdeg = divide(total, count) if count else NOT_READ
