"""Lines of text for whoever watches the device: a telnet client or the serial console.

In       the log, the state, the meter's octets
Out      lines without their end, from a chosen level on:
             5 error  4 warning  3 info   lines of the log: first those that it has already
             2 debug                      a line for each telegram
             1 verbose                    the meter's octets in hex as well, 16 in a line
Rules    loglines.py reads the log and hides secrets
"""

import binascii

from loglines import LogLines, redacted
from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from composition import App
    from state import State

NAMES = ("verbose", "debug", "info", "warning", "error")  # of the levels from 1 on
VERBOSE = const(1)
DEBUG = const(2)
_HEX_OCTETS = const(16)
_GROUP = const(8)  # hex digits


class HexLines:
    """Octets in, lines of 16 out, in groups of four: 7ea0e22b 21139ae6 ..."""

    def __init__(self, put: "Callable[[str], None]") -> None:
        self._put = put
        self._octets = bytearray(_HEX_OCTETS)
        self._count = 0

    def add(self, octets: "bytes | bytearray", count: int) -> None:
        """Put the lines that are complete with the first `count` octets."""
        at = 0
        while at < count:
            n = min(count - at, _HEX_OCTETS - self._count)
            self._octets[self._count : self._count + n] = octets[at : at + n]
            self._count += n
            at += n
            if self._count == _HEX_OCTETS:
                self.end()

    def end(self) -> None:
        """Put the last line, which may be short."""
        if self._count:
            digits = binascii.hexlify(bytes(self._octets[: self._count])).decode()
            self._count = 0
            self._put(" ".join([digits[i : i + _GROUP] for i in range(0, len(digits), _GROUP)]))


class Follower:
    """The lines for one reader.

    level  the lowest level that he gets
    hex    whether he gets the octets at any level
    """

    def __init__(self, app: "App", put: "Callable[[str], None]", level: int, earlier: bool):
        """put takes lines of octets at once; the others wait for next()."""
        self._app = app
        self.level = level
        self.hex = False
        self.log = LogLines(app.log, earlier)
        self.hex_lines = HexLines(put)
        self._telegrams = app.state.telegrams

    def octets(self, octets: bytearray, count: int) -> None:
        """Put octets of the meter, if they are wanted."""
        if self.hex or self.level == VERBOSE:
            self.hex_lines.add(octets, count)

    def next(self) -> str:
        """The next line; "" if there is none now."""
        while True:
            found = self.log.next()
            if not found:
                break
            seconds, level, text = found
            if level >= self.level:
                text = redacted(text, self._app.config)
                return "%d %s %s" % (seconds, NAMES[level - 1], text)
        return self.telegram() if self.level <= DEBUG else ""

    def telegram(self) -> str:
        """A line about the newest telegram; "" if it had one."""
        state, system = self._app.state, self._app.system
        if state.telegrams == self._telegrams:
            return ""
        self._telegrams = state.telegrams
        return "%d debug %s" % (
            system.uptime_s(), about_telegram(state, system.board.heap_free())
        )  # fmt: skip


def about_telegram(state: "State", heap_free: int) -> str:
    """The newest telegram in words."""
    reading = state.reading
    net_w = state.net_power_w()
    return "telegram %d: list %d, %s, %d octets of heap free" % (
        state.telegrams,
        reading.list_type if reading else 0,
        "no power" if net_w is None else "%d W" % net_w,
        heap_free,
    )
