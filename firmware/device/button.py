"""The emergency factory reset: the button in the first seconds after a start.

In       the time in milliseconds, whether the button is pressed
Out      a colour, bits as in light.py; at the end whether the settings are to be cleared
Rules    0 s green; 1 s: if pressed, yellow; 3 s: if still pressed, red; 5 s: clear the settings if
         released. Released at 1 s or 3 s, or held at 5 s: nothing is cleared.
         The button counts at the first tick at or after these times. If that tick is late, the
         next time moves, so that yellow and red are seen for at least 1.5 s.
         Without a red and a green light the single LED is on for green, flashes four times for
         yellow and is off for red.
Source   the AMS reader's manual, chapter 8
"""

from micropython import const

_GREEN = const(2)
_YELLOW = const(3)
_RED = const(1)
_LED = const(8)

_PRESS_MS = const(1000)
_STEP_MS = const(2000)
_SEEN_MS = const(1500)
_FLASH_MS = const(250)


class EmergencyReset:
    """over   whether the last time has passed
    clear  whether the settings are to be cleared
    """

    def __init__(self, start_ms: int, coloured: bool) -> None:
        self.over = False
        self.clear = False
        self._coloured = coloured
        self._step = 0
        self._since_ms = start_ms
        self._until_ms = start_ms + _PRESS_MS

    def tick(self, now_ms: int, pressed: bool) -> int:
        """The colour to light from now on."""
        if not self.over and now_ms >= self._until_ms:
            if self._step == 2:
                self.over = True
                self.clear = not pressed
            else:
                self.over = not pressed
                self._step += 1
                self._since_ms = now_ms
                self._until_ms = max(self._until_ms + _STEP_MS, now_ms + _SEEN_MS)
        if self.over:
            return 0
        if self._coloured:
            return (_GREEN, _YELLOW, _RED)[self._step]
        if self._step == 1:
            return 0 if (now_ms - self._since_ms) // _FLASH_MS & 1 else _LED
        return 0 if self._step else _LED
