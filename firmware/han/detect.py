"""Finding baud, parity and inversion by valid frames alone.

The chip shows no parity or framing error, so only a frame whose checks hold proves a guess right.
A combination stays in force for one whole burst of octets that began under it, or for DWELL_MS;
then the next one is tried, and the first again after the last, until the reader has a frame.

In       octet counts from the reader, with the time in ms
Out      settings; the caller sets up the UART anew when poll() is True
Source   the combinations that readers in the field try, likeliest first: baud 2400, 9600, 115200;
         8E1, 8N1; both polarities
"""

from micropython import const

from han.window import SILENCE_MS

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

DWELL_MS = const(12000)
_MOST = const(1000000)  # octets that are counted
_BURST_MIN = const(4)  # fewer octets are a glitch, not a telegram


class Detector:
    """The combination in force, settings = (baud, format, invert), and the order of the others.

    order   the combinations, each once a round
    turn    how many were in force, the present one among them; since: when that began, in ms
    heard   octets while each of order was in force the last time
    """

    def __init__(self, first: "tuple[int, str, bool] | None", now_ms: int) -> None:
        """first: the settings to begin with. The same with the other parity come next, because
        grid companies change the parity with new meter firmware."""
        self.settings = first or COMBINATIONS[0]
        baud, line_format, invert = self.settings
        other = (baud, "8N1" if line_format == "8E1" else "8E1", invert)
        likely = (self.settings, other)
        self.order = likely + tuple([c for c in COMBINATIONS if c not in likely])
        self.turn = 0
        self.heard = [0] * len(self.order)
        self.advance(now_ms)

    def advance(self, now_ms: int) -> None:
        """Put the next combination in force."""
        place = self.turn % len(self.order)
        self.turn += 1
        self.settings = self.order[place]
        self.heard[place] = 0
        self.since = now_ms
        self._last_octet = now_ms
        self._burst = 0
        self._fresh = False  # the line was silent under these settings: the next burst is whole

    def octets(self, n: int, now_ms: int) -> None:
        """n octets have arrived."""
        self._burst += n
        place = (self.turn - 1) % len(self.order)
        self.heard[place] = min(self.heard[place] + n, _MOST)
        self._last_octet = now_ms

    def poll(self, now_ms: int) -> bool:
        """Whether the settings have changed. To be called often while no frame comes."""
        if now_ms - self._last_octet >= SILENCE_MS:
            if self._burst >= _BURST_MIN and self._fresh:
                self.advance(now_ms)
                return True
            self._burst = 0
            self._fresh = True
        if now_ms - self.since < DWELL_MS:
            return False
        self.advance(now_ms)
        return True
