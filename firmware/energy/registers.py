"""The meter's registers: date a reading and classify it.

In       the registers last accepted; the registers just received, in Wh, with the list's clock
         and the reader's clock; the energy by the received power since
Out      one of the verdicts below, and the UTC of the reading
Rules    The list's own clock dates it if that clock has agreed with the reader's, also when the
         list is late. Without such a clock an hourly list in the first two minutes of an hour is
         dated at the full hour. A list with the last list's registers is refused if power was
         received since (Aidon sends an hour's list twice, with the same clock and new power).
         The most that a register may move: the house's limit times the time since, and a step;
         over 10 minutes and more not above twice the energy by the received power, 1 kWh and that
         limit for the time without power. The limit is that of the fuse; without one, four times
         the highest power that was received lately; without any, three phases of 100 A.
         A register that starts again at 0 after 10^7, 10^8, 10^9 or 10^10 Wh, or after 2^32 Wh,
         has moved over that end if that is plausible.
         A list with an implausible difference is held: the next one decides (energy.doubt).
Seen     Aidon (an hour's list twice), Kaifa, Kamstrup
"""

from micropython import const
from ondemand import visit

FIRST = const(0)  # no earlier registers
NEW = const(1)  # accepted: the difference is energy
REPEATED = const(2)  # the registers of the last list, or of an older one
RESET = const(3)  # a register has decreased
SWAPPED = const(4)  # another meter, or a difference that is not plausible
TOO_LATE = const(5)  # over 40 days since the last reading

REASONS = (
    "first reading",
    "",
    "repeated list",
    "the register went back",
    "another meter or an impossible leap",
    "no reading for over 40 days",
)

_HOURLY_S = const(1800)  # lists that are further apart are hourly ones
_AGREES_S = const(300)  # the list's clock and the reader's differ by at most this
_LATE_S = const(3900)  # a list whose clock has agreed may be so late: an hour and 5 minutes
_SNAP_S = const(120)  # an hourly list without a clock is at most so late
_FIRST_SNAP_S = const(15)  # and the first list
_FREQUENT_S = const(600)  # lists that are at most so far apart are frequent
_PAUSES = const(3)  # long pauses in a row after which lists are hourly again
GAP_S = const(40 * 86400)  # over which no energy is shared out
_DAY_S = const(86400)
_CONNECTION_W = const(69000)  # three phases of 100 A at 230 V
_LEAST_W = const(30000)  # the limit by power is never below it
_SOON_S = const(30)  # the limit is never that of a shorter time: lists may come late
_STEP_WH = const(10)  # the limit leaves room for a step of at least this
_ROOM_WH = const(1000)  # between the register and the received power
_COARSEST_WH = const(1000)  # the largest step of a register
# The indices of `since`.
_USED = const(0)
_PRODUCED = const(1)
_BY_POWER = const(2)  # export is one later
_SILENT_S = const(4)


class Registers:
    """The registers last accepted, in Wh; None until the meter has sent the register.

    Methods take new registers as (import Wh, export Wh or None).
    """

    def __init__(self) -> None:
        self.read_at = 0  # UTC of the reading
        self.unchanged_until = 0  # UTC of the newest list with the same registers
        self.imported: "int | None" = None
        self.exported: "int | None" = None
        self.meter_utc = 0  # the list's own clock; 0 if it had none
        self.clock_agrees = False  # the list's clock agrees with the reader's
        # Above 0: lists with registers come every 10 minutes or faster. -1: not known; the only
        # list so far was dated at the full hour some seconds before it.
        self.frequent = 0
        self.list_at = 0  # UTC of the newest list, accepted or refused
        self.meter = 0  # CRC-32 of the meter id; 0: not known
        self.most_w = 0  # the house's limit by its fuse; 0: not known
        # Of the newest list:
        self.dated = False  # its clock agrees with the reader's
        self.fresh = False  # the list before it came an hour ago or later
        # Since the last accepted list: import and export Wh, the same by the received power, and
        # seconds without power.
        self.pause_s = 0  # seconds between the last two lists
        self.since = [0, 0, 0, 0, 0]
        self.forget()

    def forget(self) -> None:
        """Forget what the lists have shown of this meter."""
        self.step = _COARSEST_WH  # the greatest common divisor of 1000 Wh and all registers
        self.highest_w = 0  # of the received power; fades in days
        # Above 0: two leaps in a row have shown that the limit is not below it, and that the
        # received power does not tell what the register may move.
        self.learned_w = 0
        # A list that is not plausible: UTC of its registers, UTC of its arrival, import, export
        # (-1: none), its clock (0: none), meter, verdict, 1 if it cannot be a repeated one.
        self.held: "tuple[int, ...]" = ()

    def date(self, new: "tuple[int, int | None]", now: int, meter_utc: "int | None") -> int:
        """Note the arrival of a list at `now`. Returns the UTC of its registers."""
        pause = self.pause_s = now - self.list_at
        self.list_at = now
        self.fresh = 0 < pause <= _LATE_S
        if 0 < pause < _FREQUENT_S:
            self.frequent = _PAUSES
        elif self.frequent < 0:
            self.frequent = 0
        elif pause >= _HOURLY_S and self.frequent:
            self.frequent -= 1  # only three long pauses in a row clear it
        t = now
        self.dated = False
        if meter_utc is not None:
            lag = now - meter_utc
            late = self.clock_agrees and _AGREES_S < lag <= _LATE_S
            if late and meter_utc <= self.meter_utc:
                # Changed registers: the meter's clock was set back and the hour is repeated.
                late = new[0] == self.imported and new[1] in (None, self.exported)
            if late or -_AGREES_S <= lag <= _AGREES_S:
                t = meter_utc
                self.dated = True
        first = self.imported is None
        if not self.frequent and (first or t - self.read_at >= _HOURLY_S):
            if t % 3600 < (_FIRST_SNAP_S if first else _SNAP_S):
                if first and t % 3600:
                    self.frequent = -1
                return t - t % 3600
        return t

    def most_wh(self, seconds: int, received_wh: "int | None") -> int:
        """The most that a register may move in some seconds.

        received_wh  by the received power; None: not known
        """
        most_w = self.most_w
        if not most_w:
            most_w = max(_LEAST_W, 4 * self.highest_w) if self.highest_w else _CONNECTION_W
        most_w = max(most_w, self.learned_w)
        most = most_w * max(seconds, _SOON_S) // 3600 + max(self.step, _STEP_WH)
        if not self.learned_w and received_wh is not None and seconds >= _FREQUENT_S:
            most = min(most, 2 * received_wh + most_w * self.since[_SILENT_S] // 3600 + _ROOM_WH)
        return most

    def classify(
        self, new: "tuple[int, int | None]", t: int, now: int, meter_utc: "int | None"
    ) -> int:
        """The verdict on registers that were read at t. Sets the Wh of `since` if it is NEW."""
        self.since[_USED] = self.since[_PRODUCED] = 0
        if self.imported is None:
            return FIRST
        seconds = t - self.read_at
        if seconds > GAP_S:
            return TOO_LATE
        if now < self.read_at:  # the clock was set back: the time since the list before counts
            seconds = self.pause_s if self.pause_s >= 0 else _DAY_S
        used = new[0] - self.imported
        produced = 0
        if new[1] is not None and self.exported is not None:
            produced = new[1] - self.exported
        most = self.most_wh(seconds, self.since[_BY_POWER])
        most_produced = self.most_wh(seconds, None) if produced else 0
        if used < 0 or produced < 0:
            if meter_utc is not None and self.clock_agrees:
                if meter_utc <= self.meter_utc and now - meter_utc > _AGREES_S:
                    return REPEATED
            with visit("energy.doubt") as doubt:
                used = doubt.over_the_end(used, self.imported, most)
                produced = doubt.over_the_end(produced, self.exported, most_produced)
            if used < 0 or produced < 0:
                return RESET
        received_wh = self.since[_BY_POWER] + self.since[_BY_POWER + 1]
        if not used and not produced and received_wh >= 1:
            if self.frequent > 0 or seconds < _HOURLY_S:
                return REPEATED  # the register has a coarse step: unchanged between two lists
            if meter_utc is not None and self.clock_agrees:
                if meter_utc < self.meter_utc + _HOURLY_S:
                    return REPEATED
            elif received_wh >= 10:
                return REPEATED
        if used > most or produced > most_produced:
            return SWAPPED
        self.since[_USED], self.since[_PRODUCED] = used, produced
        return NEW

    def note_step(self, new: "tuple[int, int | None]") -> None:
        """Find the step in which the registers count."""
        for value in new:
            a = self.step
            while value:
                a, value = value, a % value
            self.step = a

    def accept(
        self, new: "tuple[int, int | None]", t: int, now: int, meter_utc: "int | None"
    ) -> None:
        """Store these registers as the last accepted ones."""
        self.read_at = self.unchanged_until = t
        self.imported = new[0]
        if new[1] is not None:
            self.exported = new[1]
        lag = now - meter_utc if meter_utc is not None else _LATE_S + 1
        late = self.clock_agrees and 0 <= lag <= _LATE_S and (meter_utc or 0) > self.meter_utc
        self.clock_agrees = -_AGREES_S <= lag <= _AGREES_S or late
        self.meter_utc = meter_utc or 0
