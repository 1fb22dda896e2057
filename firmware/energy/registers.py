"""What a new reading of the registers is worth: whether to believe it, and when it was true.

In       the registers last believed (the anchor) and the ones just received, with both clocks
Out      one of the verdicts below, and the time in UTC at which the registers were true
Rules    A list whose own clock has been near ours is dated by it, also when it comes late. Without
         such a clock an hourly list in the first two minutes of an hour is that hour's. A list
         that repeats the last one although power was used is not believed (Aidon sends the old
         hour again, with the old clock and live power).
Seen     Aidon (an hour's list twice), Kaifa, Kamstrup
"""

from micropython import const

FIRST = const(0)  # nothing to compare with
NEW = const(1)
REPEATED = const(2)  # the last list again, or an older one
RESET = const(3)  # the register went back
SWAPPED = const(4)  # another meter, or a leap no fuse allows
TOO_LATE = const(5)  # no history reaches back to the last one

REASONS = (
    "first reading",
    "",
    "repeated list",
    "the register went back",
    "another meter or an impossible leap",
    "no reading for over 40 days",
)

_HOURLY_S = const(1800)
_NEAR_S = const(300)
_LATE_S = const(3900)
_SNAP_S = const(120)
_FIRST_SNAP_S = const(15)
_OFTEN_S = const(600)
_PAUSES = const(3)
GAP_S = const(40 * 86400)
_MOST_W = const(250000)


class Anchor:
    """The registers last believed. None = the meter has not sent that one yet."""

    def __init__(self) -> None:
        self.time = 0  # UTC at which they were true
        self.until = 0  # UTC of the newest list that had them unmoved
        self.imported: "int | None" = None
        self.exported: "int | None" = None
        self.meter_utc = 0  # the list's own clock; 0: it had none
        self.near = False  # that clock was near ours
        self.often = 0  # above 0: registers come much more than once an hour
        self._heard = 0  # UTC of the newest list, believed or not
        self.meter = 0  # a number made of the meter's identity; 0: not known

    def hear(self, now: int) -> None:
        """A list has come: how often they do. A few long pauses are needed to unlearn it."""
        pause = now - self._heard
        if 0 < pause < _OFTEN_S:
            self.often = _PAUSES
        elif pause >= _HOURLY_S and self.often:
            self.often -= 1
        self._heard = now

    def dated(self, registers: "tuple[int, int | None]", now: int, meter_utc: "int | None") -> int:
        """When registers received now were true."""
        first = self.imported is None
        if meter_utc is not None:
            lag = now - meter_utc
            late = self.near and _NEAR_S < lag <= _LATE_S
            if late and meter_utc <= self.meter_utc and self._moved(registers):
                late = False  # the meter's clock was set back: the hour that comes twice
            if late or -_NEAR_S <= lag <= _NEAR_S:
                return self._snapped(meter_utc, first)
        return self._snapped(now, first)

    def _moved(self, registers: "tuple[int, int | None]") -> bool:
        exported = self.exported if registers[1] is None else registers[1]
        return registers[0] != self.imported or exported != self.exported

    def _snapped(self, t: int, first: bool) -> int:
        """The full hour just before t, if registers come once an hour, as far as is known."""
        if not self.often and (first or t - self.time >= _HOURLY_S):
            if t % 3600 < (_FIRST_SNAP_S if first else _SNAP_S):
                return t - t % 3600
        return t

    def judge(
        self, registers: "tuple[int, int | None]", t: int, now: int, meter_utc: "int | None",
        seen_wh: int,
    ) -> int:  # fmt: skip
        """The verdict on registers that were true at t.

        seen_wh  what the power seen since the anchor comes to, import and export together
        """
        if self.imported is None:
            return FIRST
        if now + 3600 < self.time or t - self.time > GAP_S:
            return TOO_LATE  # or the clock was wrong before
        imported = registers[0]
        exported = registers[1] if registers[1] is not None else self.exported
        used = imported - self.imported
        produced = (exported or 0) - (self.exported or 0) if self.exported is not None else 0
        old = meter_utc is not None and self.meter_utc and meter_utc <= self.meter_utc
        if used < 0 or produced < 0:
            if old and self.near and meter_utc is not None and now - meter_utc > _NEAR_S:
                return REPEATED
            return RESET
        if not used and not produced and seen_wh >= 1 and self._repeats(t, meter_utc, seen_wh):
            return REPEATED
        most = _MOST_W * max(t - self.time, 60) // 3600 + 1000
        return SWAPPED if used > most or produced > most else NEW

    def _repeats(self, t: int, meter_utc: "int | None", seen_wh: int) -> bool:
        """Whether registers that did not move are the last list's, though power was used."""
        if self.often or t - self.time < _HOURLY_S:
            return True  # the register's step is coarser than the time between lists
        if meter_utc is not None and self.near:
            return meter_utc < self.meter_utc + _HOURLY_S
        return seen_wh >= 10

    def confirm(self, registers: "tuple[int, int | None]", t: int) -> None:
        """A list that was not believed may tell that nothing has moved."""
        if registers[0] == self.imported:
            self.until = max(self.until, t)

    def to_ints(self) -> "list[int]":
        """For a record; -1 for None."""
        return [
            self.time,
            -1 if self.imported is None else self.imported,
            -1 if self.exported is None else self.exported,
            self.meter_utc,
            int(self.near),
            self.often,
            self._heard,
            self.meter,
        ]

    def from_ints(self, numbers: "list[int]", at: int) -> int:
        """Take what to_ints gave at numbers[at]; where it ends."""
        self.time, imported, exported, self.meter_utc, near = numbers[at : at + 5]
        self.often, self._heard, self.meter = numbers[at + 5 : at + 8]
        self.imported = None if imported < 0 else imported
        self.exported = None if exported < 0 else exported
        self.near = bool(near)
        self.until = self.time
        return at + 8

    def take(
        self, registers: "tuple[int, int | None]", t: int, now: int, meter_utc: "int | None"
    ) -> None:
        """Believe these registers."""
        self.time = self.until = t
        self.imported = registers[0]
        if registers[1] is not None:
            self.exported = registers[1]
        lag = now - meter_utc if meter_utc is not None else _LATE_S + 1
        late = self.near and 0 <= lag <= _LATE_S and (meter_utc or 0) > self.meter_utc
        self.near = -_NEAR_S <= lag <= _NEAR_S or late
        self.meter_utc = meter_utc or 0
