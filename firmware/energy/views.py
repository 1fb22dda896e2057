"""History as others see it: days and months of the page, any stretch for an export.

In       the energy domain; times in UTC, or nothing but the time now
Out      blocks of slots, or the slots of a stretch one after the other
Rules    Held, waiting in RAM while the flash refuses it, or on flash: where a day is makes no
         difference. Loaded for one look and unloaded after it.
"""

import clock

from energy import slots
from energy.slots import Block

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from energy.domain import Energy

DAY_S = 86400


def day_hours(energy: "Energy", now: int) -> Block:
    """The last 24 hours that are over, each at the place of its UTC hour of the day."""
    return energy.day_hours(now)


def month_days(energy: "Energy", now: int) -> Block:
    """The last 31 local days that are over, each at the place of its day of the month."""
    return energy.month_days(now)


def stretch(
    energy: "Energy", begin: int, end: int, step_s: int
) -> "Iterator[tuple[int, int, int, int]]":
    """(begin, import Wh, export Wh, quality) of the slots that begin in a stretch of UTC seconds.

    step_s  900, 3600 or 86400: local days, whose begin is their day number, not a time
    A slot of which nothing is known is left out.
    """
    history = energy.history
    if step_s == DAY_S:
        zone = energy.zone
        block = Block(31)
        for month in range(zone.month(begin), zone.month(end) + 1):
            history.days_of(month, block)
            first = clock.days(month // 12, month % 12 + 1, 1)
            for i in range(clock.month_length(month // 12, month % 12 + 1)):
                if begin <= zone.day_start(first + i) < end and _known(block, i):
                    yield first + i, block.imported[i], block.exported[i], block.quality[i]
        return
    block = Block(DAY_S // step_s)
    shelf = slots.HOURS if step_s == 3600 else slots.QUARTERS
    waiting = [day for day, _, _ in history.refused]
    name, data = "", None
    for day in range(begin // DAY_S, end // DAY_S + 1):
        if day == history.day or day in waiting or history.files is None:
            (history.hours_of if step_s == 3600 else history.quarters_of)(day, block)
        elif 0 <= history.day < day:
            return
        else:
            if shelf.name(day) != name:
                name = shelf.name(day)
                data = history.files.read(name)
            if data is None:
                continue  # years may be asked for of which there is nothing
            slots.find(data, day, block)
        for i in range(block.n):
            utc = day * DAY_S + i * step_s
            if begin <= utc < end and _known(block, i):
                yield utc, block.imported[i], block.exported[i], block.quality[i]


def _known(block: Block, i: int) -> bool:
    return block.quality[i] != slots.GAP or block.imported[i] + block.exported[i] > 0
