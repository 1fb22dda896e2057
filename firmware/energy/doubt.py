"""Lists whose registers are not plausible: a held list and the one after it.

In       a list that does not continue the registers, when one is held already
Out      the held list accepted, dropped or replaced; a text for the log
Rules    The next list decides. If it continues the registers that were accepted, the held list is
         dropped (energy.intake does that). If it continues the held one, the register was reset
         or the meter swapped at the time of the held list: the time before is a gap. If both have
         leapt forward, of an hourly meter, the limit is too low: the difference is energy, no
         peak, and the limit is raised. Otherwise the newer list is held in place of the older.
         Loaded on demand.
"""

from micropython import const
from ondemand import visit

from energy import registers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from energy.intake import Intake
    from energy.registers import Registers

_ENDS_WH = (10**7, 10**8, 10**9, 10**10, 1 << 32)
_NEAR_END = 50  # over an end, a register moves at most this part of its range
# The indices of Registers.since.
_USED = const(0)
_PRODUCED = const(1)
_BY_POWER = const(2)


def over_the_end(moved: int, old: "int | None", most: int) -> int:
    """What a register has moved if it started again at 0, in Wh; `moved` itself, if that is not
    negative or there is no plausible end.

    moved  new less old registers
    most   the most that it may have moved
    """
    if moved >= 0 or old is None:
        return moved
    for end in _ENDS_WH:
        if old < end and 0 <= moved + end <= min(most, end // _NEAR_END):
            return moved + end
    return moved


def decide(
    intake: "Intake", verdict: int, new: "tuple[int, int | None]", t: int, clock: "int | None",
    meter: int,
) -> str:  # fmt: skip
    """Decide about the held list, with one that does not continue the accepted registers; hold
    that one if none is held. Returns a text for the log.

    t       UTC of its registers
    clock   of the list itself; None: it has none
    meter   CRC-32 of the meter id, 0 without one
    """
    last, settler = intake.registers, intake.settler
    if not last.held:
        return _hold(last, verdict, new, t, clock, meter)
    at, heard, imported, exported, held_clock, held_meter, reason, sure = last.held
    used = new[0] - imported
    produced = new[1] - exported if new[1] is not None and exported >= 0 else 0
    same_meter = not meter or not held_meter or meter == held_meter
    most = last.most_wh(t - at, last.since[_BY_POWER])
    if same_meter and 0 <= used <= most and 0 <= produced <= last.most_wh(t - at, None):
        with visit("energy.breaks") as breaks:  # MemoryError before anything has changed
            if last.meter and held_meter and held_meter != last.meter:
                last.forget()  # another meter may count in other steps
            last.held = ()
            last.meter = held_meter or last.meter
            last.exported = None
            held = (imported, None if exported < 0 else exported)
            last.note_step(held)
            breaks.settle(intake, reason, at)
            last.accept(held, max(at, settler.settled_until), heard, held_clock or None)
            if not sure:
                settler.known = [False, False]
            last.since[_USED], last.since[_PRODUCED] = used, produced
            intake.accept(registers.NEW, new, t, clock, meter)
            return registers.REASONS[reason] + ", confirmed by the next list"
    leaps = verdict == reason == registers.SWAPPED and (last.imported or 0) <= imported <= new[0]
    own = not meter or not last.meter or meter == last.meter
    if leaps and own and same_meter and not last.frequent:
        if _accept_leaps(intake, new, t, clock, meter):
            return "two leaps in a row: more energy than the limit by fuse or power"
    return _hold(last, verdict, new, t, clock, meter)


def _accept_leaps(
    intake: "Intake", new: "tuple[int, int | None]", t: int, clock: "int | None", meter: int
) -> bool:
    """Count all energy up to the second of two leaps, and raise the limit to twice its power.
    False if export has decreased."""
    last, settler = intake.registers, intake.settler
    used, before = new[0] - (last.imported or 0), last.exported
    produced = new[1] - before if new[1] is not None and before is not None else 0
    if produced < 0:
        return False
    last.held = ()
    last.learned_w = 2 * max(used, produced) * 3600 // max(t - last.read_at, 60)
    last.since[_USED], last.since[_PRODUCED] = used, produced
    settler.known = [False, False]
    intake.accept(registers.NEW, new, t, clock, meter)
    settler.known = [False, False]
    return True


def _hold(
    last: "Registers", verdict: int, new: "tuple[int, int | None]", t: int, clock: "int | None",
    meter: int,
) -> str:  # fmt: skip
    """Hold a list that is not plausible until the next one. Returns a text for the log."""
    exported = -1 if new[1] is None else new[1]
    sure = int(last.dated or last.fresh)
    last.held = (t, last.list_at, new[0], exported, clock or 0, meter, verdict, sure)
    return "held until the next list: " + registers.REASONS[verdict]


def repeats_held(
    last: "Registers", new: "tuple[int, int | None]", clock: "int | None"
) -> bool:  # fmt: skip
    """Whether this is the held list again: with its clock, or with no clock and its registers
    although power was received."""
    if new[0] != last.held[2] or new[1] not in (None, last.held[3]):
        return False
    if last.held[4]:
        return clock == last.held[4]
    return last.since[_BY_POWER] + last.since[_BY_POWER + 1] >= 10
