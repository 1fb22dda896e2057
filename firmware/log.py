"""The event log: the newest lines, in one buffer of fixed size.

In       texts, each with a level: 3 information, 4 warning, 5 error. Levels 1 and 2, verbose and
         debug, are lines that net/console.py makes for a reader: they are not kept here
Out      lines of (seconds since start, text), oldest first; a line is also printed from the level
         `echo` on. The ring has the level of a line as the character between seconds and text
Limits   2 KB of text, lines of 120 characters; characters beyond ASCII become "?"
"""

from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from contracts import Milliseconds

_OCTETS = const(2048)
_INFO = const(3)
_WARNING = const(4)
_ERROR = const(5)
_MARKS = const(" ?!")  # of the levels from 3 on
_WIDTH = const(120)


class Log:
    """A text that equals the one before replaces it, with the number of times.

    echo    the lowest level that is printed; 0 prints nothing
    ring    "seconds mark text\\n" after each other without spaces, zeros at first
    end     where the next line begins, counted on beyond the ring's end
    count   lines so far; one that repeats counts once
    times   how often the newest line came
    """

    def __init__(self, uptime_s: "Milliseconds", echo: bool = True) -> None:
        self._uptime_s = uptime_s
        self.ring = bytearray(_OCTETS)
        self.end = 0
        self.count = 0
        self.times = 1
        self._length = 0  # octets of the newest line
        self._newest = ""
        self.echo = _INFO if echo else 0

    def add(self, text: str, level: int = _INFO) -> None:
        """Store a line and print it. One for which there is no heap is left out."""
        try:
            self._add(text, level)
        except MemoryError:
            pass

    def _add(self, text: str, level: int) -> None:
        again = text == self._newest
        times = self.times + 1 if again else 1
        shown = "%s (%d times)" % (text[: _WIDTH - 16], times) if again else text
        shown = shown[:_WIDTH].replace("\n", " ")
        seconds = self._uptime_s()
        line = "%d%s%s" % (seconds, _MARKS[level - _INFO], shown)
        if 0 < self.echo <= level and not times & (times - 1):  # the 1st, 2nd, 4th ...
            print("%d %s" % (seconds, shown))
        self.times = times
        if again:
            for _ in range(self._length):
                self.end -= 1
                self.ring[self.end % _OCTETS] = 0
        else:
            self._newest = text
            self.count += 1
        self._length = len(line) + 1
        for c in line:
            self._put(ord(c) if ord(c) < 0x7F else 0x3F)
        self._put(0x0A)

    def warn(self, text: str) -> None:
        """Store a line about what the owner should know, though the device does its work."""
        self.add(text, _WARNING)

    def error(self, text: str) -> None:
        """Store a line about work that the device could not do."""
        self.add(text, _ERROR)

    def _put(self, octet: int) -> None:
        self.ring[self.end % _OCTETS] = octet
        self.end += 1

    def lines(self) -> "list[tuple[int, str]]":
        """All complete lines."""
        place = self.end % _OCTETS
        text = (self.ring[place:] + self.ring[:place]).decode()
        # The oldest may have lost its beginning. The first octet is 0 if a line that repeats has
        # put the end back over the ring's end.
        if self.end > _OCTETS or not self.ring[0]:
            text = text[text.find("\n") + 1 :]
        kept = []
        for line in text.replace("\0", "").split("\n")[:-1]:
            at = 1
            while line[at].isdigit():
                at += 1
            kept.append((int(line[:at]), line[at + 1 :]))
        return kept
