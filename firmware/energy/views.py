"""Read the history for documents and edits, and recompute totals and peaks from it.

In       the energy domain; times in UTC
Out      blocks of slots, slots of a time range in order; recomputed totals and peaks
Rules    A day is read from the held block, from the days the file system refused, or from flash.
         Loaded on demand.
"""

import clock
from micropython import const

from energy import blocks
from energy.blocks import DAYS, HOURS, QUARTERS, STORES, Block
from energy.power import QUARTER_S
from energy.totals import COST, DAY, EXPORT, HOUR, IMPORT, INCOME, MONTH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from energy.history import History
    from energy.ledger import Energy
    from energy.registers import Settler
    from energy.tariff import Peaks

_DAY_S = const(86400)
_HOUR_S = const(3600)


def fill(history: "History", level: int, number: int, block: Block) -> None:
    """Fill a block with a UTC day's QUARTERS or HOURS, or with a month's local DAYS (the 1st in
    slot 0). Unknown slots are gaps."""
    store, files = STORES[level], history.files
    if level == DAYS:
        if files is None or not store.read(files, number, block):
            block.clear()
        first = clock.days(number // 12, number % 12 + 1, 1)
        if 0 <= history.open_day < first + 31:
            block.clear(max(0, history.open_day - first))
        for day, imported, exported, quality in history.closed:
            if clock.month_of(day) == number:
                block.put(day - first, imported, exported, quality)
    elif number == history.day:
        if level == HOURS:
            history.fill_hours(block)
        else:
            block.copy_from(history.quarters)
    else:
        for day, quarters, hours in history.waiting:
            if day == number:
                packed = quarters if level == QUARTERS else hours
                block.unpack(packed, 0, len(packed))
                return
        if files is None or 0 <= history.day < number or not store.read(files, number, block):
            block.clear()


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
                if begin <= zone.day_start(first + i) < end and block.is_known(i):
                    yield first + i, block.imported[i], block.exported[i], block.quality[i]
        return
    block = Block(_DAY_S // step_s)
    level = HOURS if step_s == _HOUR_S else QUARTERS
    store = STORES[level]
    name, data = "", None
    for day in range(begin // _DAY_S, end // _DAY_S + 1):
        held = day == history.day or day in [waiting[0] for waiting in history.waiting]
        if held or history.files is None:
            fill(history, level, day, block)
        elif 0 <= history.day < day:
            return
        else:
            if store.name(day) != name:  # read a file once for all its days
                name = store.name(day)
                data = history.files.read(name)
            if data is None:
                continue  # before the first stored day
            blocks.find(data, day, block)
        for i in range(block.n):
            utc = day * _DAY_S + i * step_s
            if begin <= utc < end and block.is_known(i):
                yield utc, block.imported[i], block.exported[i], block.quality[i]


def find_peaks(settler: "Settler", peaks: "Peaks", month: int) -> None:
    """Recompute the peaks of a month from its settled intervals and its peaks from a file."""
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
        for i in range(block.n):
            begin = day * _DAY_S + i * step
            if first <= begin and begin + step <= until:
                peaks.offer(zone, begin, block.imported[i], block.quality[i])


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
    totals.replace(HOUR, IMPORT, hour)
    totals.replace(DAY, IMPORT, today)
    totals.replace(MONTH, IMPORT, (past[IMPORT] + today[IMPORT], past[EXPORT] + today[EXPORT]))


def find_money(settler: "Settler") -> None:
    """Recompute cost and income of the running hour, day and month with the prices in force."""
    totals = settler.totals
    begin = settler.zone.day_start(totals.numbers[DAY])
    hour, day = [0, 0], [0, 0]
    block = Block(96)
    totals.unpriced = False
    for number in range(begin // _DAY_S, settler.settled_until // _DAY_S + 1):
        fill(settler.history, QUARTERS, number, block)
        for i in range(96):
            utc = number * _DAY_S + i * QUARTER_S
            imported, exported = block.imported[i], block.exported[i]
            if begin <= utc <= settler.settled_until and (imported or exported):
                if totals.price(utc) is None:
                    totals.unpriced = True
                cost, income = totals.money(utc, imported, exported)
                for sums in (day, hour) if utc // _HOUR_S == totals.numbers[HOUR] else (day,):
                    sums[0] += cost
                    sums[1] += income
    old, month = totals.rows[DAY], totals.rows[MONTH]
    totals.replace(
        MONTH, COST, (month[COST] + day[0] - old[COST], month[INCOME] + day[1] - old[INCOME])
    )
    totals.replace(DAY, COST, day)
    totals.replace(HOUR, COST, hour)
