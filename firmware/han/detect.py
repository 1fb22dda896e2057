"""Finding baud, parity and inversion by valid frames alone.

The chip shows no parity or framing error, so only a frame whose checks hold proves a guess right.
A guess is given one whole burst of octets that began while it was in force, or DWELL_MS; then the
next one is tried, round and round. What is locked stays locked through silence (an unplugged
cable), and is doubted only when octets keep coming without a frame: then the other parity is
tried first, because grid companies change that with new meter firmware.

In       what the reader saw, with the time in ms
Out      settings to use; the caller re-initialises the UART when poll() says so
Source   the combinations that readers in the field try: baud 2400, 9600, 115200; 8E1, 8N1; both
         polarities; likeliest first
"""

from micropython import const

COMBINATIONS = (
    (2400, "8E1", False),
    (2400, "8N1", False),
    (115200, "8N1", False),
    (115200, "8N1", True),
    (9600, "8E1", False),
    (9600, "8N1", False),
    (115200, "8E1", False),
    (115200, "8E1", True),
    (2400, "8E1", True),
    (2400, "8N1", True),
    (9600, "8E1", True),
    (9600, "8N1", True),
)

SILENCE_MS = const(200)  # this long without an octet ends a burst
DWELL_MS = const(12000)
_BURST_MIN = const(4)  # fewer octets are a glitch, not a telegram
_DOUBT_MS = const(10000)
_DOUBT_BURSTS = const(3)


class Detector:
    """Which settings the line has. settings is (baud, format, invert)."""

    def __init__(self, stored: "tuple[int, str, bool] | None", now_ms: int) -> None:
        self.settings = stored or COMBINATIONS[0]
        self.locked = False
        self.tries = 1
        self._order = _order(self.settings)
        self._next = 1
        self._restart(now_ms)

    def _restart(self, now_ms: int) -> None:
        self._since = now_ms
        self._last_octet = now_ms
        self._burst = 0
        self._fresh = False  # the line was silent under these settings: the next burst is whole
        self._bad_bursts = 0

    def octets(self, n: int, now_ms: int) -> None:
        """n octets have arrived."""
        self._burst += n
        self._last_octet = now_ms

    def frame(self, now_ms: int) -> bool:
        """A valid frame has arrived. True if it proves settings that were only a guess."""
        self._since = now_ms
        self._bad_bursts = 0
        self._burst = 0
        self._fresh = False
        if self.locked:
            return False
        self.locked = True
        return True

    def poll(self, now_ms: int) -> bool:
        """Call often. True when settings have changed and the UART is to be set up anew."""
        if now_ms - self._last_octet >= SILENCE_MS:
            if self._burst >= _BURST_MIN and self._fresh:
                self._bad_bursts += 1
            self._burst = 0
            self._fresh = True
        elapsed = now_ms - self._since
        if self.locked:
            if self._bad_bursts < _DOUBT_BURSTS or elapsed < _DOUBT_MS:
                return False
            self.locked = False
            self._order = _order(self.settings)
            self._next = 1
        elif not self._bad_bursts and elapsed < DWELL_MS:
            return False
        self.settings = self._order[self._next]
        self._next = (self._next + 1) % len(self._order)
        self.tries += 1
        self._restart(now_ms)
        return True


def _order(first: "tuple[int, str, bool]") -> "list[tuple[int, str, bool]]":
    """The round of guesses: first, the same with the other parity, then the rest."""
    baud, line_format, invert = first
    other = (baud, "8N1" if line_format == "8E1" else "8E1", invert)
    return [first, other] + [c for c in COMBINATIONS if c != first and c != other]


def bits_parity_stop(line_format: str) -> "tuple[int, int | None, int]":
    """(8, 0, 1) of "8E1": data bits, parity as machine.UART wants it (None, 0, 1), stop bits."""
    return int(line_format[0]), {"N": None, "E": 0, "O": 1}[line_format[1]], int(line_format[2])
