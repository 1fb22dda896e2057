"""The judge of time under random sources: what it believes is checked against the rules.

`justified` is a second reading of the rules of docs/energy.md: it looks at the list of all that
was said, where the judge keeps the newest answers of each kind. A failure prints the seed.
"""

from random import Random

import pytest
from judge import BOTH, METER, NONE, NTP, Judge

BUILT = 1_767_225_600  # 2026-01-01
LATEST = BUILT + 631_152_000  # 20 years
T = 1_773_742_800  # 2026-03-17T10:20, the true time of second 0
HOUR, DAY = 3600, 86400
NEAR = 120
LASTING = 600
FRESH = 7500
SCHEDULES = 2000
LIES = (
    0,
    0,
    0,
    30,
    -70,
    119,
    125,
    HOUR,
    -HOUR,
    2 * HOUR,
    60 * DAY,
    -10 * DAY,
    -400 * DAY,
    19 * 365 * DAY,
)
HOPELESS = (-T, 40 * 365 * DAY)


class Clock:
    clock_right = False

    def __init__(self, now: int, sure: bool) -> None:
        self.now = now
        self.clock_sure = sure

    def unix_time(self) -> int:
        return self.now

    def clock_is_set(self) -> bool:
        return self.now >= BUILT

    def set_clock(self, utc: int) -> None:
        self.now = utc


class Said:
    """One answer: when, by whom, and the UTC of second 0 by it."""

    def __init__(self, run: int, kind: int, start: int, server: int) -> None:
        self.run, self.kind, self.start, self.server = run, kind, start, server


class Life:
    """A judge from one start to the next, all that it was told, and when its time last changed."""

    def __init__(self, true: int, clock: Clock, stored: int) -> None:
        self.true0 = true  # the true time of its second 0
        self.clock = clock
        self.stored = stored
        self.judge = Judge(clock, BUILT)
        self.judge.begin(stored, lambda text: None)
        self.said: list[Said] = []
        self.changed_at = -1

    def pass_s(self, seconds: int) -> None:
        before = self.zero()
        self.clock.now += seconds
        assert self.zero() == before

    def zero(self) -> int | None:
        """The UTC of second 0 that is believed."""
        utc = self.judge.utc()
        return utc - self.judge.run_s() if utc else None

    def hear(self, kind: int, off: int, server: int, still: bool) -> None:
        """A source answers; a clock that stands still says what it said before."""
        judge = self.judge
        run = judge.run_s()
        last = next((s for s in reversed(self.said) if s.kind == kind), None)
        utc = last.start + last.run if still and last else self.true0 + run + off
        before, sure, steps = self.zero(), judge.sure, judge.steps
        judge.hear(kind, utc, server)
        assert judge.run_s() == run
        if BUILT <= utc < LATEST and not (last and last.start + last.run == utc):
            self.said.append(Said(run, kind, utc - run, server))
        after = self.zero()
        if after == before:
            assert judge.steps == steps
        elif before is not None and after is not None and abs(after - before) <= NEAR:
            assert after == self.said[-1].start or self.agree(after)
            assert judge.steps == steps
        else:
            assert after is not None, "a believed time was dropped"
            assert judge.steps == steps + (before is not None)
            assert self.justified(kind, before, after, sure)
            assert judge.agreed_s == run
            self.changed_at = len(self.said) - 1
        if judge.sure and not sure:
            assert self.agree(after)
            assert judge.source == BOTH

    def agree(self, zero: int | None) -> bool:
        """Whether the newest answers of both kinds agree with each other and the believed time."""
        now = self.said[-1]
        other = next((s for s in reversed(self.said) if s.kind != now.kind), None)
        return (
            zero is not None
            and other is not None
            and now.run - other.run <= FRESH
            and abs(other.start - now.start) <= NEAR
            and abs(now.start - zero) <= NEAR
        )

    def justified(self, kind: int, before: int | None, after: int, sure: bool) -> bool:
        if self.agree(after):
            return True
        run = self.said[-1].run
        mine = [s for s in self.said if s.kind == kind]
        others = [s for s in self.said if s.kind != kind]
        newest = others[-1] if others else None
        trailing = []
        for said in reversed(mine):
            if abs(said.start - after) > 2 * NEAR:
                break
            trailing.append(said)
        lasted = run - trailing[-1].run
        if after != mine[-1].start:
            return False
        if before is None:
            if kind == NTP and not others and len(trailing) >= 2 and after + run >= self.stored:
                return True
            alone = kind == NTP or newest is None or run - newest.run > LASTING
            return len(trailing) >= 2 and lasted >= LASTING and alone
        if len(trailing) < 3 or lasted < LASTING:
            return False
        fresh = newest is not None and run - newest.run <= FRESH
        if kind == METER:
            return not fresh
        since = [s for s in self.said[max(0, self.changed_at) :] if s.kind == NTP]
        had_ntp = any(abs(s.start - before) <= NEAR for s in since)
        meter_agrees = fresh and newest is not None and abs(newest.start - before) <= NEAR
        return not (meter_agrees and (had_ntp or sure))


class Source:
    """A kind of source with its present fault, and how often it speaks."""

    def __init__(self, kind: int, random: Random) -> None:
        self.kind = kind
        self.random = random
        self.next_at = 0
        self.change()

    def change(self) -> None:
        random = self.random
        self.dead = random.random() < 0.25
        self.still = random.random() < 0.05
        self.off = random.choice(HOPELESS if random.random() < 0.1 else LIES)
        self.jitter = random.choice((0, 1, 15))
        self.every_s = random.choice((10, 60, HOUR) if self.kind == METER else (5, 64, 600, HOUR))

    def speak(self, life: Life) -> None:
        run = life.judge.run_s()
        if run >= self.next_at:
            self.next_at = run + self.every_s
            if not self.dead:
                off = self.off - self.random.randint(0, self.jitter)
                life.hear(self.kind, off, self.random.randrange(3), self.still)


def live(life: Life, sources: tuple[Source, ...], seconds: int) -> None:
    end = life.judge.run_s() + seconds
    while life.judge.run_s() < end:
        for source in sources:
            source.speak(life)
        life.pass_s(max(5, min(s.next_at for s in sources) - life.judge.run_s()))


def restarted(life: Life, random: Random) -> Life:
    """The next life: a reset keeps the hardware clock, a power cut does not."""
    true = life.true0 + life.judge.run_s() + 3
    life.clock.now += 3
    stored = max(life.stored, life.judge.utc() // HOUR * HOUR)
    if random.random() < 0.5:
        return Life(true, Clock(life.clock.now, life.clock.clock_sure), stored)
    return Life(true, Clock(946_684_800, False), stored)


@pytest.mark.parametrize("block", range(10))
def test_no_time_is_believed_that_the_rules_do_not_allow(block: int) -> None:
    believed = steps = 0
    for number in range(SCHEDULES // 10):
        seed = block * SCHEDULES + number
        random = Random(seed)
        life = Life(T, Clock(946_684_800, False), random.choice((0, T - HOUR, T + 60 * DAY)))
        sources = (Source(NTP, random), Source(METER, random))
        try:
            for _ in range(random.randint(2, 10)):
                for source in sources:
                    if random.random() < 0.7:
                        source.change()
                live(life, sources, random.choice((12, 60, 700, 1500, HOUR, 3 * HOUR)))
                believed += life.judge.source != NONE
                steps += life.judge.steps
                if random.random() < 0.2:
                    life = restarted(life, random)
                    for source in sources:
                        source.next_at = 0
            # The truth at the end wins: NTP with the right meter, or with a silent one.
            ntp, meter = sources
            ntp.dead = ntp.still = meter.still = False
            meter.dead = random.random() < 0.5
            ntp.off = meter.off = 0
            ntp.every_s, meter.every_s = 64, random.choice((10, HOUR))
            ntp.next_at = meter.next_at = life.judge.run_s()
            live(life, sources, 3 * HOUR)
            zero = life.zero()
            assert zero is not None and abs(zero - life.true0) <= 20
            assert life.judge.sure or meter.dead
        except AssertionError as e:
            raise AssertionError(f"seed {seed}: {e}") from e
    assert believed > SCHEDULES // 10 and steps > SCHEDULES // 100  # the schedules do reach them


@pytest.mark.parametrize("block", range(4))
def test_a_lie_that_was_believed_ends_eleven_minutes_after_it_at_the_latest(block: int) -> None:
    """NTP lies from the start on, for up to half a day; the meter is right. NTP is asked as
    net/station.py does."""
    believed = 0
    for seed in range(25 * block, 25 * block + 25):
        random = Random(seed)
        lie = random.choice([off for off in LIES if abs(off) > NEAR])
        end = random.randrange(HOUR, 12 * HOUR)
        every_s = random.choice((10, HOUR, HOUR, HOUR))
        meter_at, ask_at, asked = random.randrange(every_s), 0, 0
        life = Life(T, Clock(946_684_800, False), 0)
        while life.judge.run_s() < end + 644:
            run = life.judge.run_s()
            if run >= ask_at:
                asked += 1
                life.hear(NTP, lie if run < end else 0, asked % 3, False)
                ask_at = run + (life.judge.waits() or HOUR + 2 * random.randrange(256))
            if run >= meter_at:
                meter_at += every_s
                life.hear(METER, -random.randrange(16), 0, False)
            believed += run == end - 1 and life.zero() == T + lie
            life.pass_s(1)
        zero = life.zero()
        assert zero is not None, f"seed {seed}"
        assert abs(zero - T) <= 15, f"seed {seed}: {zero - T}"
    assert believed > 5
