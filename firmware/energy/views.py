"""Read the history for documents and edits, and recompute totals and peaks from it.

In       the energy domain; times in UTC
Out      blocks of slots, slots of a time range in order; recomputed totals and peaks
         The qualities of shown_slots() are those of energy.blocks, and two that are never stored
Rules    A day is read from the held block, from the days the file system refused, or from flash.
         Loaded on demand.
"""

import clock
from micropython import const

from energy import blocks, stored
from energy.blocks import DAYS, HOURS, QUARTERS, Block
from energy.power import QUARTER_S, RECEIVED_MS
from energy.totals import COST, DAY, EXPORT, HOUR, IMPORT, MONTH, YESTERDAY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from energy.history import History
    from energy.ledger import Energy
    from energy.settler import Settler
    from energy.tariff import Peaks

# After the last of blocks.NAMES.
PROVISIONAL = const(9)  # the slot is over; its energy is by the received power until a register
RUNNING = const(10)  # the slot is not over

_DAY_S = const(86400)
_HOUR_S = const(3600)


def fill(history: "History", level: int, number: int, block: Block) -> None:
    """Fill a block with a UTC day's QUARTERS or HOURS, or with a month's local DAYS (the 1st in
    slot 0). Unknown slots are gaps."""
    if level == DAYS:
        stored.read(history, DAYS, number, block)
        first = clock.days(number // 12, number % 12 + 1, 1)
        if 0 <= history.open_day < first + 31:
            block.clear(max(0, history.open_day - first))
        for day, imported, exported, quality in history.closed:
            if clock.month_of(day) == number:
                block.put(day - first, imported, exported, quality)
    elif number == history.day:
        if level == HOURS:
            stored.fill_hours(history, block)
        else:
            stored.copy(history.quarters, block)
    else:
        for day, quarters, hours in history.waiting:
            if day == number:
                packed = quarters if level == QUARTERS else hours
                stored.unpack(block, packed, 0, len(packed))
                return
        if 0 <= history.day < number:
            block.clear()
        else:
            stored.read(history, level, number, block)


def day_hours(energy: "Energy", now: int) -> Block:
    """The last 24 hours that are over; the slot is the UTC hour of the day, 0 to 23."""
    out, part = Block(24), Block(24)
    hour = now // _HOUR_S
    for day in (hour // 24 - 1, hour // 24):
        fill(energy.history, HOURS, day, part)
        for i in range(24):
            if hour - 24 <= day * 24 + i < hour:
                out.put(i, part.imported[i], part.exported[i], part.quality[i])
    # Hours after the last register are estimated from the received power.
    power, until = energy.settler.power, energy.settler.settled_until
    for number in range(max(hour - 24, until // _HOUR_S), hour):
        i = number % 24
        for quarter in range(max(number * 4, until // QUARTER_S), number * 4 + 4):
            out.imported[i] += power.value(IMPORT, quarter) // 3600
            out.exported[i] += power.value(EXPORT, quarter) // 3600
        out.quality[i] = blocks.ESTIMATED
    return out


def month_days(energy: "Energy", now: int) -> Block:
    """The last 31 local days that are over; the slot is the day of the month less 1."""
    out, part = Block(31), Block(31)
    today = energy.settler.zone.day(now)
    month = clock.month_of(today)
    for number in (month - 1, month, month - 2):
        fill(energy.history, DAYS, number, part)
        first = clock.days(number // 12, number % 12 + 1, 1)
        for i in range(clock.month_length(number // 12, number % 12 + 1)):
            if today - 31 <= first + i < today:
                out.put(i, part.imported[i], part.exported[i], part.quality[i])
    # Days after the last register are estimated from the received power.
    unsettled = energy.totals.numbers[DAY]
    if energy.settler.settled_until and unsettled < today:
        begin, end = [energy.settler.zone.day_start(day) for day in (unsettled, today)]
        for day, imported, exported, quality in _slots_over(energy, begin, end, _DAY_S, now):
            if quality == PROVISIONAL and day >= today - 31:
                out.put(clock.civil(day * _DAY_S)[2] - 1, imported, exported, blocks.ESTIMATED)
    return out


def slots_between(
    energy: "Energy", begin: int, end: int, step_s: int
) -> "Iterator[tuple[int, int, int, int]]":
    """(begin, import Wh, export Wh, quality) of the slots that begin in [begin, end), in UTC.

    step_s  900 or 3600; or 86400 for local days, where the first value is the day number
    Unknown slots are left out.
    """
    history = energy.history
    if step_s == _DAY_S:
        zone = energy.settler.zone
        block = Block(31)
        for month in range(zone.month(begin), zone.month(end) + 1):
            fill(history, DAYS, month, block)
            first = clock.days(month // 12, month % 12 + 1, 1)
            for i in range(clock.month_length(month // 12, month % 12 + 1)):
                if begin <= zone.day_start(first + i) < end and is_known(block, i):
                    yield first + i, block.imported[i], block.exported[i], block.quality[i]
        return
    block = Block(_DAY_S // step_s)
    level = HOURS if step_s == _HOUR_S else QUARTERS
    store = stored.STORES[level]
    name, data = "", None
    for day in range(begin // _DAY_S, end // _DAY_S + 1):
        held = day == history.day or day in [waiting[0] for waiting in history.waiting]
        if held or history.files is None or len(history.prefixes) > 1:
            fill(history, level, day, block)
        elif 0 <= history.day < day:
            return
        else:
            if store.name(day) != name:  # read a file once for all its days
                name = store.name(day)
                data = history.files.read(name)
            if data is None:
                continue  # before the first stored day
            stored.find(data, day, block)
        for i in range(block.n):
            utc = day * _DAY_S + i * step_s
            if begin <= utc < end and is_known(block, i):
                yield utc, block.imported[i], block.exported[i], block.quality[i]


def shown_slots(
    energy: "Energy", begin: int, end: int, step_s: int, now: int, running: bool = False
) -> "Iterator[tuple[int, int, int, int]]":
    """Slots as slots_between() has them, those that are over at `now` but not settled included.

    running  also the slot that is not over, as the last one: what Totals.running() has for the
             local day (days: the month) less the other slots, so that the sums agree
    """
    zone = energy.settler.zone
    now = max(now, energy.settler.settled_until)
    days = step_s == _DAY_S
    today = zone.day(now)
    at = zone.day_start(today) if days else now - now % step_s
    running = running and begin <= at < end and energy.settler.settled_until > 0
    period, left = begin, [0, 0]
    if running:
        period = zone.month_start(zone.month(now)) if days else zone.day_start(today)
        left = energy.running(now)[MONTH if days else DAY]
    for row in _slots_over(energy, min(begin, period), end, step_s, now):
        row_at = zone.day_start(row[0]) if days else row[0]
        if row_at >= period:
            left[IMPORT] -= row[1]
            left[EXPORT] -= row[2]
        if row_at >= begin:
            yield row
    if running:
        yield today if days else at, max(0, left[IMPORT]), max(0, left[EXPORT]), RUNNING


def _slots_over(
    energy: "Energy", begin: int, end: int, step_s: int, now: int
) -> "Iterator[tuple[int, int, int, int]]":
    """The slots that are over at `now`: the settled ones, then the others, by received power."""
    settler, history = energy.settler, energy.history
    zone, power, until = settler.zone, settler.power, settler.settled_until
    days = step_s == _DAY_S
    settled = until or now  # before the first telegram the history is all there is
    open_day = history.open_day if until else zone.day(now)
    for row in slots_between(energy, begin, end, step_s):
        if row[0] < open_day if days else row[0] + step_s <= settled:
            yield row
    if not until:
        return
    if days:
        first, last = energy.totals.numbers[DAY], zone.day(now)
        seen = [zone.day(power.first * QUARTER_S), zone.day((power.first + power.n) * QUARTER_S)]
        rows = energy.running(now)
    else:
        first, last = until // step_s, now // step_s
        seen = [n * QUARTER_S // step_s for n in (power.first, power.first + power.n)]
    numbers = [first] + list(range(max(first + 1, seen[0]), min(last, seen[1] + 1)))
    for number in numbers[: last - first]:
        at = zone.day_start(number) if days else number * step_s
        over = zone.day_start(number + 1) if days else at + step_s
        quarter, last_quarter = max(at, until) // QUARTER_S, over // QUARTER_S - 1
        sums = [power.total(column, quarter, last_quarter) // 3600 for column in (IMPORT, EXPORT)]
        received = power.total(RECEIVED_MS, quarter, last_quarter)
        if days and number == first:
            stored = energy.totals.rows[DAY]
            if number == last - 1:
                stored, sums = rows[YESTERDAY], [0, 0]
            sums = [sums[IMPORT] + stored[IMPORT], sums[EXPORT] + stored[EXPORT]]
        elif number == first and history.day == at // _DAY_S:
            i = at // QUARTER_S % 96
            j = i + step_s // QUARTER_S
            sums[IMPORT] += sum(history.quarters.imported[i:j])
            sums[EXPORT] += sum(history.quarters.exported[i:j])
        if begin <= at < end and (received or sums[IMPORT] or sums[EXPORT]):
            yield number if days else at, sums[IMPORT], sums[EXPORT], PROVISIONAL


def find_peaks(
    settler: "Settler", peaks: "Peaks", month: int,
    change: "Callable[[int, int, Block], None] | None" = None,
) -> None:  # fmt: skip
    """Recompute the peaks of a month from its settled intervals and its peaks from a file.

    change  called with the level, the number and the block of each UTC day before it is used
    """
    zone = settler.zone
    from_file = peaks.from_file if month == peaks.month else []
    peaks.start(month)
    peaks.from_file = from_file
    if not peaks.tariff.count:
        return
    for begin, watts in from_file:
        peaks.insert(zone, begin, watts)
    step = peaks.tariff.interval_min * 60
    level = QUARTERS if step == QUARTER_S else HOURS
    block = Block(_DAY_S // step)
    first = zone.month_start(month)
    until = min(settler.settled_until, zone.month_start(month + 1))
    for day in range(first // _DAY_S, (until + _DAY_S - 1) // _DAY_S):
        fill(settler.history, level, day, block)
        if change is not None:
            change(level, day, block)
        for i in range(block.n):
            begin = day * _DAY_S + i * step
            if first <= begin and begin + step <= until:
                wh = blocks.least(block.imported[i], block.exported[i], block.quality[i])
                peaks.offer(zone, begin, wh, block.quality[i])


def find_energy(settler: "Settler") -> None:
    """Recompute the energy of the running hour, day and month from the history."""
    totals, history = settler.totals, settler.history
    day, month = totals.numbers[DAY], totals.numbers[MONTH]
    block = Block(31)
    fill(history, DAYS, month, block)
    past = [sum(block.imported), sum(block.exported)]
    block = Block(24)
    today, hour = [0, 0], [0, 0]
    begin = settler.zone.day_start(day) // _HOUR_S
    for number in range(begin, settler.settled_until // _HOUR_S + 1):
        fill(history, HOURS, number // 24, block)
        hour = [block.imported[number % 24], block.exported[number % 24]]
        today[IMPORT] += hour[IMPORT]
        today[EXPORT] += hour[EXPORT]
    totals.rows[HOUR][:COST] = hour
    totals.rows[DAY][:COST] = today
    totals.rows[MONTH][:COST] = (past[IMPORT] + today[IMPORT], past[EXPORT] + today[EXPORT])


def is_known(block: Block, i: int) -> bool:
    """Whether a slot is not a gap, or is a gap with energy."""
    return block.quality[i] != blocks.GAP or block.imported[i] + block.exported[i] > 0
