"""The power of the last six hours: means of 60 slots of 10 s and of 360 slots of 1 min.

In       the net power of each telegram in W, with the uptime; it held since the telegram before,
         at most a minute
Out      each slot's mean over the time for which the power is known
Rules    Slots follow the uptime, so a wrong clock does no harm. A slot without any known power is
         unknown, not 0. After a restart energy.recent_record restores the slots.
Wire     a slot is 16 bits, signed: 1 W a step up to 16384 W, 8 W a step beyond, up to 147 kW;
         -32768 is unknown
Limits   840 octets of slots, made once. add() allocates nothing; from the twelfth day on the
         uptime itself is a number of the heap
"""

from array import array

from micropython import const

TENS = const(60)  # slots of 10 s, at the begin of Recent.slots
MINUTES = const(360)  # slots of 1 min, after them
_UNKNOWN = const(-32768)
_FINE = const(16384)
_STEP_W = const(8)
_MOST_W = const(147448)  # of 32767
_TEN_CS = const(1000)
_MINUTE_CS = const(6000)
_HOLDS_CS = const(6000)  # as in energy.power
_ALL_CS = const(2160000)  # six hours


class Recent:
    """Written by the pipeline only.

    slots   TENS rings of 10 s, then MINUTES of 1 min
    at_cs   hundredths of a second since the first slot of a round began, below _ALL_CS
    end_ms  the uptime at at_cs
    running W x hundredths of a second, and known hundredths, of the running slot of 10 s, then of
            1 min; they stay below 2^30: 147448 W x 6000
    """

    def __init__(self) -> None:
        self.slots = array("h", b"\x00\x80" * (TENS + MINUTES))  # _UNKNOWN
        self.at_cs = 0
        self.end_ms = 0
        self._heard = False
        self.running = [0, 0, 0, 0]

    def add(self, watts: int, uptime_ms: int) -> None:
        """Note a telegram's net power, import minus export. The first one since start only ends
        the time without a known power."""
        watts = max(-_MOST_W, min(_MOST_W, watts))
        passed = (uptime_ms - self.end_ms) // 10
        self.end_ms += passed * 10
        held = min(passed, _HOLDS_CS) if self._heard else 0
        self._heard = True
        self.skip(passed - held)
        running = self.running
        while held:
            part = min(held, _TEN_CS - self.at_cs % _TEN_CS)
            held -= part
            for k in (0, 2):
                running[k] += watts * part
                running[k + 1] += part
            self._move(part)

    def skip(self, cs: int) -> None:
        """Let hundredths of a second pass without a known power."""
        if cs > _ALL_CS:
            cs = _ALL_CS + cs % _MINUTE_CS
        while cs:
            part = min(cs, _TEN_CS - self.at_cs % _TEN_CS)
            cs -= part
            self._move(part)

    def watts(self, k: int, i: int) -> "int | None":
        """The mean of the i-th slot of 10 s (k is 0) or of 1 min (k is 1), the oldest first; the
        running slot is the last, after TENS or MINUTES. None: unknown."""
        most = MINUTES if k else TENS
        if i == most:
            known = self.running[2 * k + 1]
            return (self.running[2 * k] + known // 2) // known if known else None
        first = self.at_cs // (_MINUTE_CS if k else _TEN_CS)
        step = self.slots[k * TENS + (first + i) % most]
        if step == _UNKNOWN:
            return None
        beyond = abs(step) - _FINE
        if beyond <= 0:
            return step
        return (_FINE + beyond * _STEP_W) * (1 if step > 0 else -1)

    def _move(self, cs: int) -> None:
        """Move on within the running slot of 10 s, or to its end."""
        self.at_cs += cs
        if not self.at_cs % _TEN_CS:
            self._end(0, (self.at_cs // _TEN_CS - 1) % TENS)
        if not self.at_cs % _MINUTE_CS:
            self._end(1, TENS + self.at_cs // _MINUTE_CS - 1)
        if self.at_cs == _ALL_CS:
            self.at_cs = 0

    def _end(self, k: int, place: int) -> None:
        """Write the running slot in place of the oldest one, and begin the next."""
        mean = self.watts(k, MINUTES if k else TENS)
        if mean is None:
            mean = _UNKNOWN
        elif mean > _FINE:
            mean = _FINE + (mean - _FINE + _STEP_W // 2) // _STEP_W
        elif mean < -_FINE:
            mean = -_FINE - (-mean - _FINE + _STEP_W // 2) // _STEP_W
        self.slots[place] = mean
        self.running[2 * k] = self.running[2 * k + 1] = 0
