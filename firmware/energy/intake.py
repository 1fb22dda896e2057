"""A list's registers on their way into history and totals: the part of Energy that takes them.

In       the registers of a list, in Wh, with its clock, its meter and the reader's clock
Out      settled history and totals, the registers last accepted; a text for the log
Rules    `ready` is False until the totals are certain to continue those shown before a restart.
"""

from micropython import const
from ondemand import visit

from energy import registers
from energy.power import EXPORT, IMPORT, QUARTER_S, RECEIVED_MS
from energy.registers import Registers
from energy.settler import Settler

TYPE_CHECKING = False
if TYPE_CHECKING:
    from energy.tariff import Tariff

# A first list whose clock is behind by this may be that of the hour before.
_OLD_S = const(2700)
_LATE_S = const(3900)
# The indices of Registers.since.
_USED = const(0)
_PRODUCED = const(1)
_BY_POWER = const(2)
_SILENT_S = const(4)


class Intake:
    """The base of energy.ledger.Energy."""

    def __init__(self, zone: str, tariff: "Tariff") -> None:
        self.registers = Registers()
        self.settler = Settler(zone, tariff)
        self.history = self.settler.history
        self.ready = False
        self.first_start = True  # no earlier totals to continue
        self.counted_from = 0  # UTC of the first telegram since a restart without a snapshot
        self.ready_from = 0  # the first local day on which `ready` may be set
        self.run_s = 0  # seconds since start, of the newest telegram
        self.listed_s = -1  # run_s of the newest list with registers; -1: none in this run
        self.aged_s = 0  # run_s up to which the times of other branches are counted

    def take_registers(
        self, new: "tuple[int, int | None]", now: int, meter_utc: "int | None", meter: int,
        repeated: bool,
    ) -> str:  # fmt: skip
        """Settle the registers, in Wh, unless they are repeated or not plausible: these are held.
        Returns a text for the log.

        meter  CRC-32 of the meter id, 0 without one
        """
        last = self.registers
        snapped = last.frequent < 0
        t = last.date(new, now, meter_utc)
        if snapped and last.frequent:
            self.settler.known = [False, False]  # not an hourly list: it was read after the hour
        self._note_received(t)
        verdict = last.classify(new, t, now, meter_utc)
        if repeated and last.imported is not None:
            verdict = registers.REPEATED
        if meter and last.meter and meter != last.meter and verdict != registers.TOO_LATE:
            verdict = registers.SWAPPED
        if not last.frequent:
            repeats = verdict == registers.REPEATED
            if last.held and not repeats:
                with visit("energy.doubt") as doubt:
                    repeats = doubt.repeats_held(last, new, meter_utc)
            if repeats:
                return registers.REASONS[registers.REPEATED]
        if verdict in (registers.RESET, registers.SWAPPED):
            with visit("energy.doubt") as doubt:
                text: str = doubt.decide(self, verdict, new, t, meter_utc, meter)
            return text
        if verdict == registers.FIRST and meter_utc is not None and not last.fresh:
            if _OLD_S < now - meter_utc <= _LATE_S:
                return "the first list is of the hour before"
        note = registers.REASONS[verdict]
        if last.held:
            last.held = ()
            note = "the list before is ignored: this one does not confirm it"
        if verdict == registers.REPEATED:
            if new[0] == last.imported:  # a coarse step: no change between two lists
                last.unchanged_until = max(last.unchanged_until, t)
            return note if note != registers.REASONS[verdict] else ""
        if verdict == registers.NEW:
            self.accept(verdict, new, t, meter_utc, meter)
        else:
            with visit("energy.breaks"):  # MemoryError before anything has changed
                self.accept(verdict, new, t, meter_utc, meter)
        return note

    def _note_received(self, t: int) -> None:
        """Note the energy by power since the last registers, for a list that was read at t."""
        settler = self.settler
        since = settler.settled_until // QUARTER_S
        power = settler.power
        noted = self.registers.since
        noted[_BY_POWER + IMPORT] = power.total(IMPORT, since) // 3600
        noted[_BY_POWER + EXPORT] = power.total(EXPORT, since) // 3600
        heard_s = power.total(RECEIVED_MS, since) // 1000
        noted[_SILENT_S] = max(0, t - settler.settled_until - heard_s)

    def accept(
        self, verdict: int, new: "tuple[int, int | None]", t: int, meter_utc: "int | None",
        meter: int,
    ) -> None:  # fmt: skip
        """Settle plausible registers that were read at t, the newest list."""
        last, settler = self.registers, self.settler
        # Perhaps a list of the hour before: the slot that begins with it is not measured.
        doubtful = not last.dated and (
            verdict == registers.FIRST or not (last.frequent or last.fresh)
        )
        if meter:
            last.meter = meter
        if verdict != registers.NEW:
            last.exported = None
        last.note_step(new)
        settler.step = last.step
        day = self.history.day
        self.settle(verdict, t)
        if day != self.history.day:
            last.highest_w -= last.highest_w // 8
        if doubtful:
            settler.known = [False, False]
        last.accept(new, max(t, settler.settled_until), last.list_at, meter_utc)
        if verdict == registers.FIRST and self.history.nodes:
            with visit("energy.branches") as branches:
                branches.note_first(self, new[0], new[1])

    def settle(self, verdict: int, t: int) -> None:
        """Settle history and totals with registers that were read at t; the Wh of a NEW verdict
        are in Registers.since."""
        if verdict != registers.NEW:
            with visit("energy.breaks") as breaks:
                breaks.settle(self, verdict, t)
            return
        settler, last = self.settler, self.registers
        pause = t - last.unchanged_until
        settler.settle(t, last.since[_USED], last.since[_PRODUCED], pause, last.dated)
        self.ready = self.ready or settler.zone.day(t) >= self.ready_from
