"""A reader whose clock is set wrong again and again, beside one whose clock is never wrong.

Both have the same meter, the same long history, and are switched off and on at the same times.
The wrong clock steps by -400 days to +20 years for seconds to hours; then it is right again.
"""

import random
from functools import cache

import clock
from energy import blocks, profiles, views
from energy.blocks import Block
from energy.ledger import Energy
from energy.power import HoldTimes
from files import FilesDouble
from han.fields import (
    COUNT,
    ENERGY_EXPORT_WH,
    ENERGY_IMPORT_WH,
    POWER_EXPORT_W,
    POWER_IMPORT_W,
)
from judge import METER, NTP, Judge
from ondemand import visit

ZONE = "Europe/Oslo"
TICK = 600
DAY = 86400
PAST_DAYS = 60
NEAR_S = 120
BUILT = clock.seconds(2026, 1, 1, 0, 0, 0)
BEGINS = (clock.seconds(2026, 3, 3, 5, 0, 0), clock.seconds(2026, 3, 31, 9, 0, 0))
# Loaded for all runs: compiling them at each visit would take most of the time.
for _name in ("branches", "views", "doubt", "money"):
    visit("energy." + _name).open()


class Meter:
    """The truth: the registers in Wh at any time, from a power that changes every ten minutes."""

    def __init__(self, seed: int, begin: int, seconds: int) -> None:
        r = random.Random(seed)
        self.begin = begin
        self.watts = [
            r.choice((200, 900, 2500, 7000)) + r.randrange(300) for _ in range(seconds // TICK + 9)
        ]
        self.sums = [7_000_000 * 3600]
        for watts in self.watts:
            self.sums.append(self.sums[-1] + watts * TICK)

    def power(self, t: int) -> int:
        return self.watts[(t - self.begin) // TICK]

    def registers(self, t: int) -> tuple[int, int]:
        i, rest = divmod(t - self.begin, TICK)
        ws = self.sums[i] + self.watts[i] * rest
        return ws // 3600, ws // 36000


@cache
def past(begin: int) -> tuple[dict[str, bytes], int]:
    """Files of a reader that has run for PAST_DAYS days, and its register at `begin`."""
    files = FilesDouble()
    energy = Energy(ZONE, profiles.tariff("NO", {}))
    energy.load(files)
    energy.sure = True
    first = begin - PAST_DAYS * DAY
    wh = 7_000_000 - PAST_DAYS * 24 * 500
    for hour in range(PAST_DAYS * 24):
        now = first + hour * 3600
        values: list = [None] * COUNT
        values[ENERGY_IMPORT_WH], values[ENERGY_EXPORT_WH] = (
            wh + hour * 500,
            (wh + hour * 500) // 10,
        )
        energy.update(values, now + 5, [0, 0, 0, 0], now, run_s=hour * 3600)
        energy.save(now + 5)
    return files.data, wh


class Plan:
    """What happens in one run, from its seed. Without `days`: up to six wrong times in a row or
    with some hours between. With it: that many days with a wrong time, or a few, on most days."""

    def __init__(self, seed: int, days: int = 0, judged: bool = False) -> None:
        r = random.Random(seed)
        self.seed = seed
        self.begin = r.choice(BEGINS)
        self.fresh = not days and r.random() < 0.2  # no history yet
        self.often = not days and r.random() < 0.4  # registers in each telegram, else hourly
        self.tick = 3600 if days else TICK // 2 if self.often else TICK
        # (from, until, seconds ahead): the wrong times of the clock
        self.lies: list[tuple[int, int, int]] = []
        t = self.begin + r.randrange(0, 8 * 3600)
        most = 0 if days else r.randrange(1, 7)
        while t < self.begin + days * DAY or len(self.lies) < most:
            length = r.choice((12, 100, 700, r.randrange(3600), r.randrange(4 * 3600)))
            ahead = r.choice((
                r.randrange(130, 4000),
                r.randrange(3600, 5 * DAY),
                r.choice((3600, 7200, DAY, 60 * DAY, 500 * DAY)),
                r.randrange(DAY, 20 * 366 * DAY),
                -r.randrange(130, 4000),
                -r.randrange(3600, 3 * DAY),
                -r.choice((3600, 7200, DAY, 10 * DAY)),
                -r.randrange(DAY, 400 * DAY),
            ))  # fmt: skip
            self.lies.append((t, t + length, ahead))
            t += length
            if days:
                t += r.choice((3600, 5 * 3600, DAY, 3 * DAY)) + r.randrange(3600)
            elif r.random() < 0.6:
                t += r.choice((20, r.randrange(3600), r.randrange(6 * 3600)))
        self.end = t + (30 if days else r.choice((2, 4, 30))) * 3600 + r.randrange(3600)
        self.meter = Meter(seed, self.begin, self.end - self.begin)
        # (from, until, soft): switched off
        self.off: list[tuple[int, int, bool]] = []
        for _ in range(days // 3 if days else r.choice((0, 0, 1, 2, 4))):
            at = r.randrange(self.begin, self.end - 3600)
            soft = r.random() < 0.3
            self.off.append((at, at + (5 if soft else r.choice((20, r.randrange(9000)))), soft))
        # How far the meter's clock is ahead; None: it has no clock. It is not wrong in the same
        # way as the time servers: two that agree are believed.
        self.meter_off_s: int | None = None
        if judged:
            self.meter_off_s = r.choice((None, None, 0, 3600))
            if any(abs(ahead - 3600) <= 2 * NEAR_S for _, _, ahead in self.lies):
                self.meter_off_s = r.choice((None, 0))
        self.off.sort()
        if days:  # restarts only where the right clock can be known: there are many
            since, kept = self.begin, []
            for off in self.off:
                self.off = [*kept, off]
                if off[0] >= since and decidable(self, [lie[:2] for lie in self.lies]):
                    kept.append(off)
                    since = off[1]
            self.off = kept

    def ahead(self, t: int) -> int:
        for begin, end, ahead in self.lies:
            if begin <= t < end:
                return ahead
        return 0

    def times(self) -> list[tuple[int, bool]]:
        """(true time of a telegram, whether it is an hourly list)"""
        times = set()
        for t in range(self.begin, self.end, self.tick):
            hourly = t % 3600 == 0 and not self.often
            times.add((t + 6, True) if hourly else (t, False))
        for begin, end, _ in self.lies:
            times |= {(begin + 1, False), (end - 1, False), (end + 1, False)}
        return sorted(times)


class Reader:
    """A reader in the world of a plan; right: its clock is never wrong."""

    def __init__(self, plan: Plan, right: bool) -> None:
        self.plan = plan
        self.right = right
        self.files = FilesDouble()
        if not plan.fresh:
            self.files.data = dict(past(plan.begin)[0])
        self.lists: list[int] = []  # true times of the lists received
        # true time of each telegram; settled_until before it; seconds ahead; seconds since start
        self.trace: list[tuple[int, int, int, int]] = []
        self.log: list[tuple[int, str]] = []
        self.started = plan.begin
        self.start(plan.begin)
        self.energy.registers.frequent = 3 if plan.often else 0

    def start(self, t: int, soft: bool = False) -> None:
        snapshot = self.energy.snapshot() if soft else b""
        before = self.started
        self.energy = Energy(ZONE, profiles.tariff("NO", {}))
        self.energy.load(self.files, snapshot)
        self.energy.kept = soft and self.ahead(t) == self.ahead(max(before, t - 6))
        self.energy.sure = self.right
        self.hold_times = HoldTimes()
        self.started = t

    def ahead(self, t: int) -> int:
        return 0 if self.right else self.plan.ahead(t)

    def telegram(self, t: int, full_hour: bool) -> None:
        plan = self.plan
        values: list = [None] * COUNT
        values[POWER_IMPORT_W], values[POWER_EXPORT_W] = plan.meter.power(t), 0
        if full_hour or plan.often:
            read = t - t % 3600 if full_hour else t
            values[ENERGY_IMPORT_WH], values[ENERGY_EXPORT_WH] = plan.meter.registers(read)
            self.lists.append(t)
        run_s = t - self.started
        if self.energy.offset is None and self.ahead(t) != self.ahead(self.started):
            self.energy.kept = False  # the clock has stepped since
        held_ms = self.hold_times.note(values, run_s * 1000)
        now = self.now(t)
        self.trace.append((t, self.energy.settler.settled_until, now - t, run_s))
        said = self.energy.update(values, now, held_ms, self.meter_clock(t), run_s=run_s)
        self.log.append((t, said))
        if self.energy.save_due(now):
            self.energy.save(now)

    def now(self, t: int) -> int:
        """The time that is believed."""
        self.energy.agreed_s = t - self.started
        return t + self.ahead(t)

    def meter_clock(self, t: int) -> int | None:
        """The time of the telegram by the meter's clock."""
        off_s = self.plan.meter_off_s
        hourly = t % 3600 == 6
        if off_s is None or not (hourly or self.plan.often):
            return None
        return t - t % 3600 + off_s if hourly else t + off_s

    def run(self) -> None:
        plan = self.plan
        off = list(plan.off)
        for t, full_hour in plan.times():
            while off and off[0][1] <= t:
                begin, end, soft = off.pop(0)
                if begin > self.started:
                    self.start(end, soft)
            if not any(begin <= t < end for begin, end, _ in off):
                self.telegram(t, full_hour)


class Clock:
    """The hardware clock of a reader."""

    clock_right = clock_sure = False
    now = 946684800

    def unix_time(self) -> int:
        return self.now

    def clock_is_set(self) -> bool:
        return self.now > BUILT

    def set_clock(self, utc: int) -> None:
        self.now = utc


class Judged(Reader):
    """A reader with the judge of time. The time servers go wrong as in the plan, and are dead for
    some hours; the meter has no clock, a right one, or one that is an hour off."""

    def start(self, t: int, soft: bool = False) -> None:
        super().start(t, soft)
        if not soft:
            self.clock = Clock()
        r = random.Random(self.plan.seed)
        dead = self.plan.begin + r.randrange(2 * DAY)
        self.dead = (dead, dead + r.randrange(6 * 3600)) if r.random() < 0.3 else (0, 0)
        self.clock.now += t - self.heard if soft else 0
        self.heard = self.asked = t
        self.judge = Judge(self.clock, BUILT)  # type: ignore[arg-type]
        self.judge.begin(self.energy.settler.settled_until, lambda text: None)
        self.asked = t

    def now(self, t: int) -> int:
        """Ask the time servers as net.station does, then hear the meter."""
        while self.asked <= t:
            self.clock.now += self.asked - self.heard
            self.heard = self.asked
            if not self.dead[0] <= self.asked < self.dead[1]:
                self.judge.hear(NTP, self.asked + self.plan.ahead(self.asked))
            self.asked += self.judge.waits() or 3700
        self.clock.now += t - self.heard
        self.heard = t
        said = self.meter_clock(t)
        if said is not None:
            self.judge.hear(METER, said)
        energy, judge = self.energy, self.judge
        energy.sure, energy.kept, energy.agreed_s = judge.sure, judge.kept, judge.agreed_s
        return judge.utc()


def wrong(reader: Reader) -> list[tuple[int, int]]:
    """From the first telegram with a wrong time, or with none, to the first with a right one."""
    found = []
    begin = None
    for t, _, ahead, _ in reader.trace:
        if abs(ahead) > NEAR_S:
            begin = t if begin is None else begin
        elif begin is not None:
            found.append((begin, t))
            begin = None
    if begin is not None:
        found.append((begin, reader.plan.end))
    return found


def decidable(plan: Plan, wrong_times: list[tuple[int, int]]) -> bool:
    """Whether the reader can know at each restart which of its clocks was right: no rule can tell
    one that ran for too short a time from a wrong one. What is not saved yet does not count."""
    since = plan.begin
    for off, on, _ in plan.off:
        right, last, longest = off - since - 3600, 0, 0
        for begin, end in wrong_times:
            span = max(0, min(end, off) - max(begin, since))
            right -= span
            longest = max(longest, span)
            if begin < off <= end:
                last = span
        # The clock at the end counts four times.
        if longest and not (4 * last < right and longest < (right if last else 4 * right)):
            return False
        since = on
    return True


def edge(plan: Plan, lists: list[int]) -> int:
    """The time of the registers of the first of these lists; the end of the plan without one."""
    if not lists:
        return plan.end
    return lists[0] if plan.often else lists[0] - lists[0] % 60


def windows(plan: Plan, truth: Reader, reader: Reader) -> list[tuple[int, int]]:
    """The times between the last register before the clock went wrong and the first one after it
    was right again; and those since the last save, where a restart lost something to one reader
    alone."""
    found = []
    for begin, end in wrong(reader):
        until = [0]
        for a, b in zip(truth.trace, reader.trace):
            if a[0] < begin and abs(b[2]) <= NEAR_S:
                until = [a[1], b[1]]
        after = [t for t in reader.lists if t >= end]
        before = [t for t in until if t] or [plan.begin - 3600]
        # The slot after a first list without a clock is not measured: it may be an old list.
        restarted = any(off >= begin and on <= (after or [end])[0] for off, on, _ in plan.off)
        if isinstance(reader, Judged) or not any(until) or restarted:
            after = after[1:]
        found.append((min(before), edge(plan, after)))
    for off, on, _ in plan.off:
        for a, b in zip(truth.trace, reader.trace):
            if a[0] >= on:
                if a[1] != b[1] and min(a[1], b[1]) > off - 7200:
                    after = [t for t in reader.lists if t >= on]
                    found.append((min(a[1], b[1]), edge(plan, after)))
                break
    return found


def slots(energy: Energy, begin: int, end: int, level: int) -> dict[int, tuple[int, int, int]]:
    """(import, export, quality) of each slot of UTC days from begin to end."""
    step = 3600 if level == blocks.HOURS else 900
    block = Block(DAY // step)
    found = {}
    for day in range(begin // DAY, end // DAY + 1):
        views.fill(energy.history, level, day, block)
        for i in range(block.n):
            if views.is_known(block, i):
                found[day * DAY + i * step] = (
                    block.imported[i], block.exported[i], block.quality[i],
                )  # fmt: skip
    return found
