"""The state of the energy domain: how it is saved, and taken up again after a restart.

In       the storage; a snapshot that outlived a soft reset
Out      one record an hour; the newest state that is whole
Rules    A snapshot counts only if it was made after the save that is found
Limits   under 4 KB held, and two packed days of under 1 KB each while the file system refuses
         them; a snapshot has under 2 KB
"""

import clock
import records
from micropython import const

from energy import journal
from energy.accounting import MONTH
from energy.months import Months
from energy.peaks import Peaks
from energy.registers import Anchor
from energy.settle import Settler
from energy.span import QUARTER_S
from energy.tariff import Tariff

TYPE_CHECKING = False
if TYPE_CHECKING:
    from storage import Storage as Files

CLOCK_VALID = const(1700000000)  # before it, the clock cannot have been set
_SAVE_AFTER_S = const(90)
_VERSION = const(1)


class Book:
    """What is known of energy, and how it is saved and found again."""

    def __init__(self, zone: str, tariff: Tariff) -> None:
        self.zone = clock.Zone(zone)
        self.tariff = tariff
        self.peaks = Peaks(tariff, self.zone)
        self.settler = Settler(self.zone, self.peaks)
        self.history = self.settler.history
        self.sums = self.settler.sums
        self.months = Months()
        self.anchor = Anchor()
        self.files: "Files | None" = None
        self._fresh = True  # nothing was ever shown that has to be gone on from
        self._estimated = False  # some power was booked without a register
        self.ready = False
        self._hold = 0  # the local day from which it may be True
        self.note = ""  # why the last register was not believed, for the log
        self.edit_id = 0
        self.edit_open = False  # it is only half done
        self.meter_average_w: "int | None" = None  # the running quarter, by the meter (1.4.0)
        self.meter_peak: "tuple[int, int] | None" = None  # its month's (1.6.0): begin in UTC, W
        self._peak_told = 0  # when that ended, as the meter said it
        self._sequence = 0
        self._saved_hour = -1
        self._octets = 0  # of the journal's file
        self._powers_ms = [-1, -1]  # uptime at the newest import and export power
        self.window: "list[tuple[int, int]]" = []  # (minute, W) of the newest minutes
        self.watts = 0
        self.currency = ""  # of prices and sums; "" while there are no prices

    def save_due(self, now: int) -> bool:
        """Whether to call save(): once an hour, when its register has come or is late."""
        if not self.settler.time or now < CLOCK_VALID:
            return False
        if self._saved_hour < 0 or self._saved_hour > max(now, self.settler.time) // 3600:
            self._saved_hour = self.settler.time // 3600
        if self.settler.time // 3600 > self._saved_hour:
            return True
        return now // 3600 > self._saved_hour and now % 3600 >= _SAVE_AFTER_S

    def save(self, now: int) -> bool:
        """Write what has changed. False if the file system refused; the next hour tries again."""
        self._saved_hour = max(now, self.settler.time) // 3600
        if self.files is None or not self.settler.time:
            return False
        history = self.history
        history.turn_to(self.settler.time // 86400)
        history.write_late()
        self._sequence += 1
        record = journal.pack(self._state(), history)
        if not history.rewrite and self._octets + len(record) > journal.MOST:
            history.rewrite = True  # no register for long, or many edits: one record says it all
            history.low = 0
            record = journal.pack(self._state(), history)
        if history.rewrite:
            done = self.files.write(journal.FILE, (record,))
        else:
            done = self.files.append(journal.FILE, record)
        if done:
            self._octets = len(record) + (0 if history.rewrite else self._octets)
            history.rewrite = False
            history.low = min(self.settler.time // QUARTER_S % 96, 95)
        else:
            self._sequence -= 1  # a snapshot is still one of the save before
        return done

    def snapshot(self) -> bytes:
        """The state for memory that outlives a soft reset: under 2 KB, to be kept at each tick.

        Empty while a day waits for the file system: the journal goes on from before that day.
        """
        if not self.settler.time or self.history.refused:
            return b""
        return journal.pack(self._state(), self.history)

    def load(self, files: "Files", snapshot: bytes = b"") -> None:
        """Take up what was saved, and what came after it if the snapshot is of that save."""
        self.files = self.history.files = files
        data = files.read(journal.FILE) or b""
        self._octets = len(data)
        restored = False
        for state in reversed(journal.states(data)):
            restored = self._take(state)
            if restored:
                journal.apply(data, self.history)
                break
        newer = journal.states(snapshot)
        turned = False
        if restored and newer and newer[0][1:2] == [self._sequence]:
            day = self.history.day
            if self._take(newer[0]):
                turned = self.history.day != day
                if turned:  # the slots that were read are those of another day
                    self.history.clear()
                journal.apply(snapshot, self.history)
                self.ready = newer[0][4] == 1
        if not records.whole(data):
            files.tell("the journal was damaged: what is whole is used")
        self.history.rewrite = not restored or turned or not records.whole(data)
        self.months.load(files, self.sums.numbers[MONTH])
        self._fresh = not restored
        if restored:
            self.peaks.recompute(self.history, self.sums.numbers[MONTH], self.settler.time)
            if journal.EDIT in files.names():
                from energy import redo  # takes memory where there has been an edit

                redo.finish(self, self.settler.time)

    def _state(self) -> "list[int]":
        head = [_VERSION, self._sequence, self.edit_id, len(self.peaks.given), int(self.ready)]
        for begin, watts in self.peaks.given:
            head.extend((begin, watts))
        # What later versions add comes last: earlier ones read what they know.
        tail = [int(self.sums.unpriced), len(self.history.closed)]
        for closed in self.history.closed:
            tail.extend(closed)
        return head + self.anchor.to_ints() + self.settler.to_ints() + tail

    def _take(self, state: "list[int]") -> bool:
        """Use a state. False if it is not one that this version can read."""
        try:
            count = state[3]
            if not 0 <= count <= 10:
                raise ValueError("no peaks")
            given = state[5 : 5 + 2 * count]
            at = self.anchor.from_ints(state, 5 + 2 * count)
            at = self.settler.from_ints(state, at)
            self.sums.unpriced = at < len(state) and state[at] == 1
            closed = state[at + 2 :] if at + 1 < len(state) else []
            self.history.closed = [
                (closed[i], closed[i + 1], closed[i + 2], closed[i + 3])
                for i in range(0, 4 * state[at + 1] if closed else 0, 4)
            ]
        except (ValueError, IndexError, OverflowError):
            self.anchor.imported = None
            self.settler.time = 0
            return False
        self._sequence, self.edit_id = state[1], state[2]
        self.peaks.month = self.sums.numbers[MONTH]
        self.peaks.given = [(given[i], given[i + 1]) for i in range(0, len(given), 2)]
        return True
