"""The judge of time: the only place that decides which time is believed.

In       what time servers (NTP) and the meter's clock (METER) say; the hardware clock, if it was
         kept over a reset; the time of the last save; when this firmware was built
Out      UTC in seconds since 1970, 0 while no time is believed; on what it rests; log lines
Rules    docs/energy.md has them with examples. Times agree if they differ by at most two minutes.
         A time outside the 20 years from the build on, or of a clock that stands still, counts for
         nothing.
         First time: both kinds agree; or two NTP answers, if the meter has no clock so far and the
         time is not before the last save; or NTP for ten minutes; or the meter for ten minutes
         without a word from NTP; or a kept clock that was sure or is not before the last save.
         Corrections of up to two minutes are applied at once, by NTP if the clock is not right to
         the second. The meter, whose lists come late, corrects by more than 20 s only, and only
         while NTP is silent.
         Steps of more: both kinds agree; or one for ten minutes in three answers, unless
         - NTP steps from a time that it agreed with or that is sure, and the meter's clock agrees
           with that time, or is wrong by at most three hours, has not stepped, and NTP has told
           the new time not as long as the old one;
         - NTP is not silent and the meter steps. From a time of NTP's, or a sure one, it steps
           after a day of silence only, and only if it has stepped since or is off by over 3 hours.
"""

import clock
from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from contracts import Board

# Kinds of sources; `source` is NTP | METER if both agree.
NONE = const(0)
NTP = const(1)
METER = const(2)
BOTH = const(3)
KEPT = const(4)
WORDS = ("none", "NTP", "meter", "NTP and meter", "kept")

_NEAR_S = const(120)  # times that differ by at most this agree
_LASTING_S = const(600)  # for which one kind alone must say a time
_APART_S = const(4)  # answers of one server that are closer together count as one
_FRESH_S = const(7500)  # two hourly lists or NTP queries, and five minutes
_DAY_S = const(86400)
_ZONES_S = const(10800 + _NEAR_S)  # a meter with another zone's or season's time is off by this
_LATE_S = const(20)  # a meter's list may come so late
_TOLD_S = const(3600)  # the log gets a line about the same refusal once in this time
_YEARS_S = const(631152000)  # 20 years
_SOON_S = const(64)  # what waits() returns
_LATER_S = const(640)


class _Answers:
    """The answers of one kind of source since its last step; `anchor` and `start` are the UTC of
    run second 0 by them."""

    def __init__(self) -> None:
        self.anchor = 0  # by the first one
        self.start = 0  # by the newest one
        self.first_s = self.last_s = 0  # run_s() of both
        self.count = 0
        self.server = 0
        self.told_s = -_TOLD_S  # run_s() of the last line of the log about it
        self.told = 0  # the level of that line: see Judge._refuse()


class Judge:
    """Synchronous; each source calls hear() at the moment of its answer."""

    def __init__(self, board: "Board", built_utc: int) -> None:
        self._board = board
        self._built = built_utc
        self._zero = board.unix_time()  # the hardware clock of run second 0: UTC if believed
        self._answers = (_Answers(), _Answers())  # of NTP and METER
        self._stored = 0
        self._ntp_from = self._ntp_to = -1  # run_s() while NTP agreed with the believed time
        self._tell: "Callable[[str], None]" = print
        self.source = NONE  # what the believed time rests on
        self.kept = False  # the time is that of a kept hardware clock: no step since
        self.sure = False  # two kinds have agreed with it since the last step by one kind
        self.agreed_s = -1  # run_s() when a source last agreed with it, -1 = never
        self.steps = 0  # believed steps since start
        self.refused = NONE  # the kind whose newest time is not believed
        self.refused_zero = 0  # UTC of run second 0 by that kind

    def begin(self, stored_utc: int, tell: "Callable[[str], None]") -> None:
        """Set the time of the last save, 0 without one, and the log; take over a kept clock."""
        self._stored = stored_utc
        self._tell = tell
        board = self._board
        now = board.unix_time()
        if board.clock_right or (
            board.clock_is_set()
            and self._built <= now < self._built + _YEARS_S
            and (board.clock_sure or now >= stored_utc)
        ):
            self.source = KEPT
            self.kept = True
            self.sure = board.clock_sure or board.clock_right

    def run_s(self) -> int:
        """Seconds since start. utc() - run_s() changes only when the judge corrects the time."""
        return self._board.unix_time() - self._zero

    def utc(self) -> int:
        """The believed time in seconds since 1970; 0 while there is none."""
        return self._board.unix_time() if self.source else 0

    def waits(self) -> int:
        """Seconds after which the next answer of NTP may decide something; 0: no hurry.

        A time of NTP's alone that the meter contradicts may be a lie, which a later answer takes
        back: the meter's clock then counts at once. A meter may be wrong for years, so this is
        asked less often after two hours.
        """
        run = self.run_s()
        ntp, meter = self._answers
        if not self.source or (self._differs(ntp) and run - ntp.first_s < _FRESH_S):
            return _SOON_S
        if self.sure or not self._differs(meter) or run - meter.last_s > _FRESH_S:
            return 0
        return _SOON_S if run - self._ntp_from < _FRESH_S else _LATER_S

    def _differs(self, answers: _Answers) -> bool:
        """Whether a kind's newest answer does not agree with the believed time."""
        return answers.count > 0 and abs(answers.start - self._zero) > _NEAR_S

    def hear(self, kind: int, utc: int, server: int = 0) -> None:
        """Weigh what a source says now. server distinguishes the servers of NTP."""
        run = self.run_s()
        answers = self._answers[kind - 1]
        other = self._answers[2 - kind]
        start = utc - run
        if not self._built <= utc < self._built + _YEARS_S:
            self._refuse(kind, start, 3, "not plausible")
            return
        if answers.count:
            apart = run - answers.last_s >= _APART_S
            if utc - answers.last_s == answers.start if apart else server == answers.server:
                return  # it stands still, or this is the same moment again
        if not answers.count or abs(start - answers.anchor) > _NEAR_S:
            answers.anchor, answers.first_s, answers.count = start, run, 0
            if run - answers.told_s >= _TOLD_S:
                answers.told = 0
        answers.count += 1
        answers.start, answers.last_s, answers.server = start, run, server
        fresh = other.count > 0 and run - other.last_s <= _FRESH_S
        both = fresh and abs(other.start - start) <= _NEAR_S
        backed = fresh and abs(other.start - self._zero) <= _NEAR_S
        off = abs(start - self._zero)
        if not self.source:
            believed = both or self._first(kind, answers, other)
        elif off <= _NEAR_S and (both or off <= _LATE_S or kind == METER or not backed):
            self._agree(kind, start, fresh, both)
            return
        else:
            believed = both or self._may_step(kind, answers, other, fresh, backed)
        if believed and not self._board.clock_right:
            self._believe(self._answers[0].start if both else start, BOTH if both else kind)
        elif self.source and (kind == NTP or answers.count > 1):
            # A single answer of the meter may be an old list that comes again.
            goes_on = fresh and answers.count > 1 and other.last_s >= answers.first_s
            reason = "the clock of the other source goes on" if goes_on else "not confirmed"
            self._refuse(kind, start, 2 if goes_on else 1, reason)

    def _first(self, kind: int, answers: _Answers, other: _Answers) -> bool:
        """Whether one kind alone is enough for a first time."""
        run = answers.last_s
        if answers.count > 1 and kind == NTP and not other.count:
            if answers.start + run >= self._stored:
                return True
        alone = kind == NTP or not other.count or run - other.last_s > _LASTING_S
        return answers.count > 1 and run - answers.first_s >= _LASTING_S and alone

    def _may_step(
        self, kind: int, answers: _Answers, other: _Answers, fresh: bool, backed: bool
    ) -> bool:  # fmt: skip
        """Whether one kind alone has said another time long enough."""
        lasted = answers.last_s - answers.first_s
        if answers.count < 3 or lasted < _LASTING_S or (kind == METER and fresh):
            return False
        if not self.sure and self._ntp_to < 0:  # it rests on the meter, or was kept
            return True
        if kind == NTP:
            goes_on = other.first_s < answers.first_s and abs(other.start - self._zero) <= _ZONES_S
            older = lasted < self._ntp_to - self._ntp_from
            return not (backed or (fresh and goes_on and older))
        stepped = answers.first_s > self._ntp_to or abs(answers.start - self._zero) > _ZONES_S
        return stepped and answers.last_s - self._ntp_to > _DAY_S

    def _agree(self, kind: int, start: int, fresh: bool, both: bool) -> None:
        """Note that a source agrees with the believed time, and correct it by what they differ."""
        self.agreed_s = run = self.run_s()
        self.source = BOTH if both else kind
        if both:
            self._board.clock_sure = self.sure = True
        if self.refused == kind:
            self.refused = NONE
        if kind == NTP:
            self._ntp_to = run
            if self._ntp_from < 0:
                self._ntp_from = run
            # The hardware clock shows the second that has begun; NTP's answer is rounded.
            if not 0 <= start - self._zero <= 1:
                self._set(start, run)
        elif not fresh and abs(start - self._zero) > _LATE_S:
            self._set(start, run)

    def _believe(self, start: int, source: int) -> None:
        """Set a first time, or step to another."""
        run = self.run_s()
        text = "%s UTC by %s" % (clock.iso(start + run), WORDS[source])
        if self.source and abs(start - self._zero) > _NEAR_S:
            self.steps += 1
            self.kept = False
            text = "step from %s to %s" % (clock.iso(self.utc()), text)
        self._set(start, run)
        self.source = source
        self.agreed_s = run
        self._board.clock_sure = self.sure = source == BOTH
        self.refused = NONE
        self._ntp_from = self._ntp_to = -1
        if source & NTP:
            self._ntp_from, self._ntp_to = self._answers[0].first_s, run
        self._tell("time: " + text)

    def _set(self, start: int, run: int) -> None:
        if not self._board.clock_right:
            self._board.set_clock(start + run)
            self._zero = self._board.unix_time() - run

    def _refuse(self, kind: int, start: int, level: int, reason: str) -> None:
        """Note a time that is not believed, for the page, and log it: again within an hour only
        with a reason of a higher level."""
        if kind == NTP or self.refused != NTP:
            self.refused = kind
            self.refused_zero = start
        answers = self._answers[kind - 1]
        if level > answers.told:
            answers.told = level
            answers.told_s = run = self.run_s()
            text = "time: %s says %s UTC, not believed: %s"
            self._tell(text % (WORDS[kind], clock.iso(start + run), reason))
