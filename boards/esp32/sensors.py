"""Temperature sensors of the type DS18B20 on one wire.

In       the pin
Out      (address of 8 octets, hundredths of 1 degree Celsius) of each sensor
Rules    A call returns the conversion that the call before it began: nothing waits for one. The
         bus is searched when a sensor has not answered.
Source   the data sheet of the DS18B20, 19-7487: scratchpad, resolution
"""

import ds18x20
import machine
import onewire
from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from contracts import TemperatureBus

_NOT_READ = const(-12700)
_MOST = const(32)


class Sensors:
    """The sensors of a bus."""

    def __init__(self, pin: int) -> None:
        self._bus: "TemperatureBus" = ds18x20.DS18X20(onewire.OneWire(machine.Pin(pin)))
        self._addresses: list[bytes] = []

    def read(self) -> "list[tuple[bytes, int]]":
        """The last conversion of each, _NOT_READ without an answer; begins the next one."""
        found = [(address, self._cdeg(address)) for address in self._addresses]
        try:
            if not found or _NOT_READ in [cdeg for _, cdeg in found]:
                self._addresses = self._bus.scan()[:_MOST]
            self._bus.convert_temp()
        except Exception:  # OneWireError: no sensor answers
            pass
        return found

    def _cdeg(self, address: bytes) -> int:
        """The result of a sensor's last conversion, or _NOT_READ."""
        try:
            scratch = self._bus.read_scratch(address)
        except Exception:  # OneWireError: no sensor answers; or a wrong CRC
            return _NOT_READ
        if scratch[4] | 0x60 != 0x7F:  # the resolution: it is 0 on a bus with a short
            return _NOT_READ
        sixteenths = scratch[1] << 8 | scratch[0]
        if sixteenths & 0x8000:
            sixteenths -= 0x10000
        return (sixteenths * 100 + 8) >> 4
