"""Money: prices the energy of the history, and keeps the money of each local day.

In       the quarters of the history, the prices in force, the days that are over
Out      cost and income of the running hour, day and month, of yesterday and of the last month
Rules    A month's money is the sum of its days. A day is priced again from its quarters whenever
         prices, rates or settings come into force that hold for it, so a late or corrected price
         is in all sums. A day keeps the money it has if the prices in force know less of it. A
         price without a date (a fixed one) replaces prices since the running month's begin;
         earlier days get it only if they had none.
         Money in another currency is kept in the file but is in no sum.
         Days are priced a few at a time; each step may be repeated, as all values are absolute.
         The hours of a day that is over are kept too: see energy.hourly.
         A power cut leaves the old file or the new one, and the next start prices again.
         Loaded on demand.
Wire     the file `money`, after the prefix of a branch; records of kind 43: local day, currency,
         cost, income, Wh of the import that had a price, Wh of the export; and before them once:
         -1, the first day that may be priced again, currency, a month's number, four such sums of
         that month's earlier days, four of the month before
Limits   70 days, 3 KB on flash
"""

import clock
import records
from micropython import const

from energy import hourly, stored
from energy.blocks import DAYS, KEPT_DAYS, Block
from energy.hourly import HOURS
from energy.stored import MONEY, months
from energy.totals import (
    COST,
    DAY,
    EXPORT,
    HOUR,
    IMPORT,
    LAST_MONTH,
    MONTH,
    PRICED_IMPORT,
    YESTERDAY,
)
from energy.views import fill

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from energy.history import History
    from energy.settler import Settler
    from energy.totals import Totals

_KIND = const(0x43)
_VERSION = const(1)
_HEAD = const(-1)
_HEAD_NUMBERS = const(12)
_DAY_NUMBERS = const(6)
_SUMS = const(4)
_KEPT = const(70)
_AHEAD = const(1000000)  # above every day's number
_STEP_DAYS = const(3)  # the days before the running one in one step
_DAY_S = const(86400)


def currency_number(name: str) -> int:
    """A currency's three letters as a number; 0 for "": not known."""
    return int.from_bytes(name.encode(), "big")


def begin(settler: "Settler", currency: str) -> None:
    """Price again all energy for which the prices in force are known: the running day and the
    days before it at once, days before those by step().

    currency  that of the prices; "" if it is not known
    """
    totals = settler.totals
    number = currency_number(currency)
    if number and number != totals.currency:
        if totals.currency and settler.settled_until:
            flush(settler)
            for row in totals.rows:
                row[COST:] = [0] * _SUMS
        totals.currency = number
    totals.reprice = totals.numbers[DAY] - 1
    step(settler)


def step(settler: "Settler", packed: "dict[int, bytes] | None" = None) -> None:
    """Price the running day and the next few days before it, and add up the months.

    packed  hours that are to be written too
    """
    totals = settler.totals
    if not settler.settled_until:
        totals.reprice = -1
        return
    head = _head(settler)
    _price_today(settler)
    day = totals.reprice
    low = max(_earliest(settler), head[1])
    packed = packed or {}
    for _ in range(_STEP_DAYS):
        if day >= low:
            _price_day(settler, day, packed)
            day -= 1
    totals.reprice = day if day >= low else -1
    _sum_days(settler, head)
    if totals.closed:
        _write(settler, head)
    hourly.keep(settler.history, packed)
    _put_month(settler)


def again(settler: "Settler", edited: "set[int]") -> None:
    """Price the running day and the last days again, after a change of their energy.

    edited  local days whose hours have changed: their sums may become smaller
    """
    totals = settler.totals
    packed: "dict[int, bytes]" = {}
    if settler.settled_until:
        first = _head(settler)[1]
        for day in edited:
            if day == totals.numbers[DAY]:
                _price_today(settler, True)
            elif first <= day < totals.numbers[DAY]:
                _price_day(settler, day, packed, True)
    if totals.reprice < 0:
        totals.reprice = totals.numbers[DAY] - 1
    step(settler, packed)


def adopt(settler: "Settler") -> None:
    """Begin the file again: the sums of the months and of yesterday were entered."""
    history, totals = settler.history, settler.totals
    totals.closed = []
    head = _new_head(settler)
    if history.files is not None:
        numbers = [head] + totals.closed
        packed = (records.pack(_KIND, _VERSION, records.pack_ints(row)) for row in numbers)
        if history.files.write(history.prefixes[0] + MONEY, packed):
            totals.closed = []


def enter_last_month(settler: "Settler") -> None:
    """The last month's money was entered: the head gets what its stored days do not have."""
    totals = settler.totals
    head = _head(settler)
    month, last = totals.numbers[MONTH], totals.rows[LAST_MONTH][COST:]
    for day in _days(settler):
        if clock.month_of(day[0]) == month - 1 and _same(day[1], totals.currency):
            _add(last, day[2:], -1)
    first = max(head[1], clock.days(month // 12, month % 12 + 1, 1))
    sums = _of_head(head, totals, 0) + last
    _write(settler, [_HEAD, first, totals.currency, month] + sums)


def flush(settler: "Settler") -> None:
    """Write the days that are over. If the file system refuses, they are kept."""
    _write(settler, _head(settler))


def days(settler: "Settler") -> "Iterator[list[int]]":
    """[day, currency, cost, income, priced import Wh, priced export Wh] of each day that is over,
    in the currency of the totals; money in 1e-9 of it."""
    for row in _days(settler):
        if _same(row[1], settler.totals.currency):
            yield row


def _earliest(settler: "Settler") -> int:
    """The first local day for which a price is in force, within the quarters of the history."""
    zone, totals = settler.zone, settler.totals
    low = totals.numbers[DAY]
    for since in totals.since:
        if since > 0:
            low = min(low, zone.day(since))
        elif not since:
            month = totals.numbers[MONTH] - 1
            low = min(low, clock.days(month // 12, month % 12 + 1, 1))
    return max(low, settler.history.day - KEPT_DAYS + 1)


def _price(
    settler: "Settler", day: int, block: "Block | None" = None
) -> "tuple[list[int], list[int], list[int]]":
    """(sums of a local day, its import and export Wh, sums of the running hour) with the prices in
    force; sums: cost, income, priced import, priced export.

    block  gets the sums of each hour
    """
    sums, energy, of_hour = [0] * _SUMS, [0, 0], [0] * _SUMS
    i = 0
    for hour, row, used in hourly.priced(settler, day):
        energy[IMPORT] += used[IMPORT]
        energy[EXPORT] += used[EXPORT]
        _add(sums, row)
        if hour == settler.totals.numbers[HOUR]:
            of_hour = row
        if block is not None:
            hourly.put(block, i, row, used)
        i += 1
    return sums, energy, of_hour


def _price_today(settler: "Settler", edited: bool = False) -> None:
    """Price the running day and hour again."""
    totals = settler.totals
    row, hour = totals.rows[DAY], totals.rows[HOUR]
    sums, energy, of_hour = _price(settler, totals.numbers[DAY])
    for k in (IMPORT, EXPORT):
        whole = energy[k] if edited else row[k]
        if _better(sums[2 + k], row[PRICED_IMPORT + k], energy[k], whole):
            for column in (COST + k, PRICED_IMPORT + k):
                row[column] = sums[column - COST]
                hour[column] = of_hour[column - COST]


def _price_day(
    settler: "Settler", day: int, packed: "dict[int, bytes]", edited: bool = False
) -> None:
    """Price a day that is over again; packed gets its hours if they have changed."""
    totals = settler.totals
    old = [0] * _SUMS
    for entry in _days(settler):
        if entry[0] == day and _same(entry[1], totals.currency):
            old = entry[2:]
    hours = Block(HOURS)
    sums, energy, _ = _price(settler, day, hours)
    block = Block(31)
    fill(settler.history, DAYS, clock.month_of(day), block)
    date = clock.civil(day * _DAY_S)[2] - 1
    whole = (block.imported[date], block.exported[date])
    new = list(old)
    for k in (IMPORT, EXPORT):
        since = totals.since[0 if totals.export_price is None else k]
        before = not since and settler.zone.day_start(day) < settler.zone.month_start(
            totals.numbers[MONTH]
        )
        all_wh = energy[k] if edited else whole[k]
        if _better(sums[2 + k], old[2 + k], energy[k], all_wh) and not (before and old[2 + k]):
            new[k], new[2 + k] = sums[k], sums[2 + k]
    if new != old:
        totals.close(day, new)
    if max(new[2:]) and hourly.adds_up(hours, new):
        hourly.note(settler.history, day, hours, packed)


def _better(priced: int, old: int, energy: int, whole: int) -> bool:
    """Whether a sum of `priced` Wh replaces one of `old` Wh: not if it knows less of the day,
    unless it knows all of it.

    energy  Wh in the quarters of the day
    whole   Wh of the day by the totals
    """
    return priced >= old or priced == energy == whole


def _same(currency: int, other: int) -> bool:
    return not currency or not other or currency == other


def _rows(history: "History") -> "Iterator[list[int]]":
    """The numbers of the file's records: a head of _HEAD_NUMBERS, days of _DAY_NUMBERS. A branch
    without a file of its own reads that of the branch it has begun from. Without a head the days
    are ignored: their money is in a new head."""
    data = b""
    headed = False
    for prefix in history.prefixes:
        if history.files is not None and not data:
            data = history.files.read(prefix + MONEY) or b""
    for kind, _, begin, end in records.scan(data):
        if kind == _KIND:
            try:
                row = list(records.ints(data, begin, end))
            except ValueError:
                continue
            is_head = row[:1] == [_HEAD]
            headed = headed or is_head
            if headed and len(row) >= (_HEAD_NUMBERS if is_head else _DAY_NUMBERS):
                yield row


def _days(settler: "Settler") -> "Iterator[list[int]]":
    """[day, currency, four sums] of each day that is over: from the file, or newer ones that
    are not written yet."""
    totals = settler.totals
    newer = []
    for closed in totals.closed:
        if closed[0] < totals.numbers[DAY]:
            newer.append(closed[0])
            yield closed
    for row in _rows(settler.history):
        if 0 <= row[0] < totals.numbers[DAY] and row[0] not in newer:
            yield row[:_DAY_NUMBERS]


def _head(settler: "Settler") -> "list[int]":
    """The file's head, or a new one."""
    for row in _rows(settler.history):
        if row[0] == _HEAD:
            return row
    return _new_head(settler)


def _new_head(settler: "Settler") -> "list[int]":
    """A head with the money of days that are in the sums but are not stored by day: those before
    yesterday."""
    totals = settler.totals
    yesterday, month = totals.numbers[DAY] - 1, totals.numbers[MONTH]
    stored = [closed[0] for closed in totals.closed]
    if yesterday not in stored and max(totals.rows[YESTERDAY][PRICED_IMPORT:]):
        totals.close(yesterday, totals.rows[YESTERDAY][COST:])
    head = [_HEAD, 0, totals.currency, month]
    first = 0
    for number in (month, month - 1):
        sums = totals.rows[MONTH if number == month else LAST_MONTH][COST:]
        if number == month:
            _add(sums, totals.rows[DAY][COST:], -1)
        for closed in totals.closed:
            if clock.month_of(closed[0]) == number:
                _add(sums, closed[2:], -1)
        if max(sums[2:]) and not first:
            first = yesterday if number == month else clock.days(month // 12, month % 12 + 1, 1)
        head.extend(sums)
    if first:
        head[1] = min([first, yesterday] + stored)
    return head


def _add(sums: "list[int]", others: "list[int]", sign: int = 1) -> None:
    for k in range(_SUMS):
        sums[k] += sign * others[k]


def _of_head(head: "list[int]", totals: "Totals", past: int) -> "list[int]":
    """What the head has of the running month, past is 0, or of the last one, 1."""
    at = 4 + _SUMS * (head[3] - totals.numbers[MONTH] + past)
    known = _same(head[2], totals.currency) and at in (4, 4 + _SUMS)
    return head[at : at + _SUMS] if known else [0] * _SUMS


def _sum_days(settler: "Settler", head: "list[int]") -> None:
    """Set the money of the months to the sum of their days, and that of yesterday."""
    totals = settler.totals
    month = totals.numbers[MONTH]
    sums = [_of_head(head, totals, past) for past in (0, 1)]
    for day in _days(settler):
        past = month - clock.month_of(day[0])
        if past in (0, 1) and _same(day[1], totals.currency):
            _add(sums[past], day[2:])
            if day[0] == totals.numbers[DAY] - 1:
                totals.rows[YESTERDAY][COST:] = day[2:]
    _add(sums[0], totals.rows[DAY][COST:])
    totals.rows[MONTH][COST:] = sums[0]
    totals.rows[LAST_MONTH][COST:] = sums[1]


def _write(settler: "Settler", head: "list[int]") -> None:
    """Write the days that are over into the file, which keeps the newest ones. Days ahead of a
    clock that was set back go first."""
    history, totals = settler.history, settler.totals
    if history.files is None:
        return
    days = [row[0] for row in _rows(history) if row[0] != _HEAD]
    days += [closed[0] for closed in totals.closed if closed[0] not in days]
    days.sort(key=lambda day: day if day < totals.numbers[DAY] else day - _AHEAD)
    chunks = _merged(history, totals, head, days[:-_KEPT])
    if history.files.write(history.prefixes[0] + MONEY, chunks):
        totals.closed = []


def _merged(
    history: "History", totals: "Totals", head: "list[int]", dropped: "list[int]"
) -> "Iterator[bytes]":
    """The records of the new file, without the days that are dropped."""
    yield records.pack(_KIND, _VERSION, records.pack_ints(head))
    newer = {closed[0]: closed for closed in totals.closed}
    for row in _rows(history):
        if row[0] == _HEAD:
            continue
        row = newer.pop(row[0], row)
        if row[0] not in dropped:
            yield records.pack(_KIND, _VERSION, records.pack_ints(row))
    for closed in totals.closed:
        if closed[0] in newer and closed[0] not in dropped:
            yield records.pack(_KIND, _VERSION, records.pack_ints(closed))


def _put_month(settler: "Settler") -> None:
    """Change the money of the last month among the stored months, if it has changed."""
    history, totals = settler.history, settler.totals
    number, money = totals.numbers[MONTH] - 1, totals.rows[LAST_MONTH][COST:]
    money.append(totals.currency)
    if not max(money[2:4]):
        return
    for prefix in history.prefixes:
        for row in months(history.files, prefix):
            if row[0] == number:
                if row[4:9] != money:
                    stored.put_month(history, number, row[1], row[2:4] + money)
                return
