"""/money.json: cost and income of each local day that the reader keeps, and of the running one.

?day      a date: only this day, and its hours
currency  of all sums; "" while none is known
days      the oldest first: t its date, c the cost of the import and g what the export earned, null
          without a price; ip and ep the kWh that had a price; the last one is the running day. The
          reader keeps 70 days. Energy without a price is in no sum: compare ip and ep with the
          day in /history.json
hours     t the local time of its begin, c and g as those of the day, part: some of its energy had
          no price. An hour without a price is left out, and all hours are if they do not add up to
          the day: it is older than nine weeks, or was counted with prices that are not known now
Errors    ValueError: day is no date
"""

import clock
from energy import hourly
from energy.blocks import Block
from energy.hourly import EARNED, HOURS, PART, PRICED
from energy.totals import COST, DAY
from fmt import boolean, fixed, quote
from micropython import const
from ondemand import visit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

    from composition import App, Request
    from energy.ledger import Energy
    from energy.settler import Settler

_DAY_S = const(86400)
_PAUSE = const(6)  # hours that are priced in one piece
_AGAIN = const(2)  # settled hours that are priced again with the running one


def get(app: "App", request: "Request") -> "Iterator[str | None]":
    """Pieces of /money.json: one a day, one an hour."""
    energy = app.energy
    wanted = _date(request.args["day"]) if "day" in request.args else -1
    yield '{"currency":%s,"days":[' % quote(energy.currency)
    known = bool(app.system.utc() and energy.currency and energy.settler.settled_until)
    if known and wanted < 0:
        yield from _days(energy, app.system.utc())
    elif known:
        block = Block(HOURS)
        sums = yield from hours_of(app, block, wanted)
        if sums:
            yield _day(wanted, sums)
        yield '],"hours":['
        if sums:
            yield from _hours(energy.settler, block, wanted)
    if wanted >= 0 and not known:
        yield '],"hours":['
    yield "]}"


def _days(energy: "Energy", now: int) -> "Iterator[str]":
    comma = ""
    with visit("energy.money") as money:
        for row in sorted(money.days(energy.settler)):
            yield comma + _day(row[0], row[2:])
            comma = ","
    running = energy.running(now)[DAY]
    yield comma + _day(energy.settler.zone.day(now), running[COST : COST + 4])


def _date(text: str) -> int:
    """The number of a day like 2026-03-01."""
    try:
        year, month, day = [int(part) for part in text.split("-")]
        if (
            1970 <= year < 2100
            and 1 <= month <= 12
            and 1 <= day <= clock.month_length(year, month)
        ):
            return clock.days(year, month, day)
    except ValueError:
        pass
    raise ValueError("day must be like 2026-03-01")


def _day(number: int, sums: "Sequence[int]") -> str:
    """A day; sums: cost, income, Wh of the import and of the export that had a price."""
    cost, income, imported, exported = sums
    return '{"t":"%s","c":%s,"g":%s,"ip":%s,"ep":%s}' % (
        clock.iso(number * _DAY_S)[:10],
        fixed(cost if imported else None, 9, 2),
        fixed(income if exported else None, 9, 2),
        fixed(imported, 3, 3),
        fixed(exported, 3, 3),
    )


def hours_of(app: "App", block: "Block", day: int) -> "Generator[None, None, Sequence[int]]":
    """Price the hours of a day, a few at a time; none if they do not add up to its sums. Returns
    these, () if it has none."""
    yield from _fill(app, block, day)
    # From here on up to the sums nothing is counted.
    sums = _sums(app, block, day)
    if not sums or not hourly.adds_up(block, sums):
        block.clear()
    return sums


def _fill(app: "App", block: "Block", day: int) -> "Iterator[None]":
    """Price the settled hours of a day, a few at a time; without the kept hours of a day that is
    over, if there are some."""
    settler = app.energy.settler
    if day < settler.totals.numbers[DAY] and hourly.read(settler.history, day, block):
        sums = _past(settler, day)
        if sums and hourly.adds_up(block, sums):
            return
        block.clear()
    i = 0
    for _, row, used in hourly.priced(settler, day, 0, settler.settled_until // 3600):
        hourly.put(block, i, row, used)
        i += 1
        if i % _PAUSE == 0:
            yield None


def _sums(app: "App", block: "Block", day: int) -> "Sequence[int]":
    """The sums of a day, () if it has none. The hours of the running day that are not settled, or
    were not yet when the others were priced, are priced too."""
    energy, now = app.energy, app.system.utc()
    settler = energy.settler
    if day != settler.zone.day(now):
        return _past(settler, day)
    begin = settler.zone.day_start(day) // 3600
    first = max(begin, settler.settled_until // 3600 - _AGAIN)
    for hour, row, used in hourly.priced(settler, day, first, now // 3600 + 1):
        hourly.add_running(settler, hour, row, used)
        hourly.put(block, hour - begin, row, used)
    return energy.running(now)[DAY][COST : COST + 4]


def _past(settler: "Settler", day: int) -> "Sequence[int]":
    """The sums of a day that is over; () if it has none."""
    with visit("energy.money") as money:
        for row in money.days(settler):
            if row[0] == day:
                found: "list[int]" = row[2:]
                return found
    return ()


def _hours(settler: "Settler", block: "Block", day: int) -> "Iterator[str]":
    """Pieces of the hours of a day."""
    comma = ""
    begin = settler.zone.day_start(day)
    for i in range(block.n):
        marks = block.quality[i]
        if marks & (PRICED | EARNED):
            cost, income = hourly.of(block, i)
            utc = begin + i * 3600
            offset = settler.zone.offset_s(utc)
            yield '%s{"t":"%s+%02d:00","c":%s,"g":%s,"part":%s}' % (
                comma,
                clock.iso(utc + offset)[:16],
                offset // 3600,
                fixed(cost if marks & PRICED else None, 5, 5),
                fixed(income if marks & EARNED else None, 5, 5),
                boolean(bool(marks & PART)),
            )
            comma = ","
