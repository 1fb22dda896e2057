"""The event log: the newest lines, in a ring that never grows."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from contracts import Milliseconds

LINES = 40
_WIDTH = 120


class Log:
    """Lines of (seconds since start, text), each cut at 120 characters.

    A line that says the same as the one before takes its place, and says how often.
    """

    def __init__(self, uptime_s: "Milliseconds", echo: bool = True) -> None:
        self._uptime_s = uptime_s
        self._ring: "list[tuple[int, str] | None]" = [None] * LINES
        self._next = 0
        self._newest = ""
        self._times = 1
        self._echo = echo

    def add(self, text: str) -> None:
        """Keep a line, and print it where someone may be looking."""
        if text == self._newest:
            self._times += 1
            self._next -= 1
            text = "%s (%d times)" % (text[: _WIDTH - 16], self._times)
        else:
            self._newest = text
            self._times = 1
        line = (self._uptime_s(), text[:_WIDTH])
        self._ring[self._next % LINES] = line
        self._next += 1
        if self._echo and not self._times & (self._times - 1):  # the 1st, 2nd, 4th, 8th ...
            print("%d %s" % line)

    def lines(self) -> "list[tuple[int, str]]":
        """What is kept, oldest first."""
        first = max(0, self._next - LINES)
        kept = [self._ring[i % LINES] for i in range(first, self._next)]
        return [line for line in kept if line]
