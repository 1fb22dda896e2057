"""What a reading of the meter's registers is worth: whether to believe it, and when it was true.

In       the registers last believed, and the ones just received with both clocks
Out      one of the verdicts below, and the time in UTC at which the registers were true
Rules    A list whose own clock has agreed with ours is dated by it, also when it comes late.
         Without such a clock an hourly list in the first two minutes of an hour is that hour's. A
         list that repeats the last one although power was used is not believed (Aidon sends the
         old hour again, with the old clock and live power).
Seen     Aidon (an hour's list twice), Kaifa, Kamstrup
"""

from micropython import const

FIRST = const(0)  # nothing to compare with
NEW = const(1)
REPEATED = const(2)  # the last list again, or an older one
RESET = const(3)  # a register went back
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
_AGREES_S = const(300)
_LATE_S = const(3900)
_SNAP_S = const(120)
_FIRST_SNAP_S = const(15)
_FREQUENT_S = const(600)
_PAUSES = const(3)
GAP_S = const(40 * 86400)
_MOST_W = const(250000)


class Registers:
    """The registers last believed, in Wh. None = the meter has not sent that one yet."""

    def __init__(self) -> None:
        self.read_at = 0  # UTC at which they were true
        self.unmoved_until = 0  # UTC of the newest list that had them unmoved
        self.imported: "int | None" = None
        self.exported: "int | None" = None
        self.meter_utc = 0  # the list's own clock; 0: it had none
        self.clock_agrees = False  # that clock was near ours
        self.frequent = 0  # above 0: registers come much more than once an hour
        self.list_at = 0  # UTC of the newest list, believed or not
        self.meter = 0  # a number made of the meter's identity; 0: not known

    def date(self, new: "tuple[int, int | None]", now: int, meter_utc: "int | None") -> int:
        """Note that a list has come at now; when its registers were true."""
        pause = now - self.list_at
        self.list_at = now
        if 0 < pause < _FREQUENT_S:
            self.frequent = _PAUSES
        elif pause >= _HOURLY_S and self.frequent:
            self.frequent -= 1  # a few long pauses are needed to unlearn it
        t = now
        if meter_utc is not None:
            lag = now - meter_utc
            late = self.clock_agrees and _AGREES_S < lag <= _LATE_S
            if late and meter_utc <= self.meter_utc:
                # Moved registers: the meter's clock was set back, it is the hour that comes twice.
                late = new[0] == self.imported and new[1] in (None, self.exported)
            if late or -_AGREES_S <= lag <= _AGREES_S:
                t = meter_utc
        first = self.imported is None
        if not self.frequent and (first or t - self.read_at >= _HOURLY_S):
            if t % 3600 < (_FIRST_SNAP_S if first else _SNAP_S):
                return t - t % 3600
        return t

    def judge(
        self, new: "tuple[int, int | None]", t: int, now: int, meter_utc: "int | None",
        seen_wh: int,
    ) -> int:  # fmt: skip
        """The verdict on registers that were true at t.

        seen_wh  the power seen since the last ones, import and export together
        """
        if self.imported is None:
            return FIRST
        if now + 3600 < self.read_at or t - self.read_at > GAP_S:
            return TOO_LATE  # or the clock was wrong before
        used = new[0] - self.imported
        produced = 0
        if new[1] is not None and self.exported is not None:
            produced = new[1] - self.exported
        if used < 0 or produced < 0:
            if meter_utc is not None and self.clock_agrees:
                if meter_utc <= self.meter_utc and now - meter_utc > _AGREES_S:
                    return REPEATED
            return RESET
        if not used and not produced and seen_wh >= 1:
            if self.frequent or t - self.read_at < _HOURLY_S:
                return REPEATED  # the register's step is coarser than the time between lists
            if meter_utc is not None and self.clock_agrees:
                if meter_utc < self.meter_utc + _HOURLY_S:
                    return REPEATED
            elif seen_wh >= 10:
                return REPEATED
        most = _MOST_W * max(t - self.read_at, 60) // 3600 + 1000
        return SWAPPED if used > most or produced > most else NEW

    def take(
        self, new: "tuple[int, int | None]", t: int, now: int, meter_utc: "int | None"
    ) -> None:
        """Believe these registers."""
        self.read_at = self.unmoved_until = t
        self.imported = new[0]
        if new[1] is not None:
            self.exported = new[1]
        lag = now - meter_utc if meter_utc is not None else _LATE_S + 1
        late = self.clock_agrees and 0 <= lag <= _LATE_S and (meter_utc or 0) > self.meter_utc
        self.clock_agrees = -_AGREES_S <= lag <= _AGREES_S or late
        self.meter_utc = meter_utc or 0
