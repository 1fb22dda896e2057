"""The event log: the newest lines, in one buffer of fixed size.

In       texts
Out      lines of (seconds since start, text), oldest first; each line is printed too
Limits   2 KB of text, lines of 120 characters; characters beyond ASCII become "?"
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from contracts import Milliseconds

_OCTETS = 2048
_WIDTH = 120


class Log:
    """A text that equals the one before replaces it, with the number of times."""

    def __init__(self, uptime_s: "Milliseconds", echo: bool = True) -> None:
        self._uptime_s = uptime_s
        self._ring = bytearray(_OCTETS)  # "seconds text\n" after each other, zeros at first
        self._end = 0  # where the next line begins
        self._length = 0  # octets of the newest line
        self._newest = ""
        self._times = 1
        self._echo = echo

    def add(self, text: str) -> None:
        """Store a line and print it."""
        if text == self._newest:
            self._times += 1
            for _ in range(self._length):
                self._end -= 1
                self._ring[self._end % _OCTETS] = 0
            text = "%s (%d times)" % (text[: _WIDTH - 16], self._times)
        else:
            self._newest = text
            self._times = 1
        line = "%d %s" % (self._uptime_s(), text[:_WIDTH].replace("\n", " "))
        if self._echo and not self._times & (self._times - 1):  # the 1st, 2nd, 4th, 8th ...
            print(line)
        self._length = len(line) + 1
        for c in line:
            self._put(ord(c) if ord(c) < 0x7F else 0x3F)
        self._put(0x0A)

    def _put(self, octet: int) -> None:
        self._ring[self._end % _OCTETS] = octet
        self._end += 1

    def lines(self) -> "list[tuple[int, str]]":
        """All complete lines."""
        place = self._end % _OCTETS
        text = (self._ring[place:] + self._ring[:place]).decode()
        if self._end > _OCTETS:
            text = text[text.find("\n") + 1 :]  # the oldest may have lost its beginning
        kept = []
        for line in text.replace("\0", "").split("\n")[:-1]:
            seconds, _, rest = line.partition(" ")
            kept.append((int(seconds), rest))
        return kept
