"""The lines of the log for whoever reads them, without the secrets of the settings. Loaded on
demand.

In       the log's ring
Out      lines from the oldest or from the next one on, each once, without copying the ring
Rules    Settings whose values are secret are replaced by *** wherever a line has them
Limits   The log keeps 2 KB: who reads too slowly loses its oldest lines, which are counted
"""

from config import Config
from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from log import Log

_MARKS = b" ?!"  # of the log's lines, by level from 3 on
_INFO = const(3)
_LINE_END = const(0x0A)
_SECRET_ENDS = ("_psk", "_password", "_key", "_token")
_SHORTEST_SECRET = const(4)  # a shorter one would also hide ordinary words


def secrets(config: Config) -> "list[str]":
    """The values of the secret settings: the names of these settings end alike."""
    stored = config.to_store()
    found = []
    for name in set(dir(Config) + list(stored)):
        if name[name.rfind("_") :] in _SECRET_ENDS:
            for value in (stored.get(name), getattr(config, name, None)):
                if isinstance(value, str) and len(value) >= _SHORTEST_SECRET:
                    found.append(value)
    found.sort(key=len, reverse=True)  # a value may be a part of a longer one
    return found


def hidden(text: str, values: "list[str]") -> str:
    """The text without these values."""
    for value in values:
        text = text.replace(value, "***")
    return text


def redacted(text: str, config: Config) -> str:
    """The text without the values of secret settings."""
    return hidden(text, secrets(config))


class LogLines:
    """The lines of a log in their order, each once. A line that repeats comes again when it has
    been logged twice as often."""

    def __init__(self, log: "Log", earlier: bool) -> None:
        """earlier: begin with the oldest line, else with the next one."""
        self._log = log
        self._place = 0  # of the line to read, counted as log.end
        self._number = 0 if earlier else log.count  # of the line to read
        self._count = -1  # of the log, when the place was found
        self._times = 0
        self.lost = 0  # lines that the log gave up before they were read
        self._find()
        self.lost = 0

    def left(self) -> int:
        """Number of lines that next() has not returned."""
        return self._log.count - self._number

    def next(self) -> "tuple[int, int, str] | None":
        """(seconds since start, level, text) of the next line; None if all are read."""
        log = self._log
        if log.count != self._count or log.times != self._times:
            again = self._count == self._number == log.count and log.times >= 2 * self._times
            if not again and self._count == self._number == log.count:
                return None
            self._number -= again
            self._find()
        if self._number == log.count:
            return None
        line = self._line()
        self._number += 1
        at = 1
        while 0x30 <= line[at] <= 0x39:
            at += 1
        level = _INFO + max(0, _MARKS.find(line[at : at + 1]))
        return int(line[:at]), level, line[at + 1 :].decode()

    def _find(self) -> None:
        """Find the place of the line, or of the oldest that is complete."""
        log = self._log
        ring, size = log.ring, len(log.ring)
        place, number = log.end, log.count
        at = log.end - 1  # of a line's end
        while number > self._number:
            at -= 1
            while at >= max(0, log.end - size) and ring[at % size] not in (0, _LINE_END):
                at -= 1
            if at >= 0 and (at < log.end - size or not ring[at % size]):
                break  # the line's beginning is overwritten
            place = at + 1
            number -= 1
        self.lost += number - self._number
        self._number = number
        self._place = place
        self._count, self._times = log.count, log.times

    def _line(self) -> bytes:
        ring = self._log.ring
        line = bytearray()
        while ring[self._place % len(ring)] != _LINE_END:
            line.append(ring[self._place % len(ring)])
            self._place += 1
        self._place += 1
        return bytes(line)
