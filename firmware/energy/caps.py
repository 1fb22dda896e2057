"""When the import of a month becomes more than a limit. Loaded on demand.

In       the history: local days that are over, hours of the day in which it happens
Out      the UTC of the end of the hour in which it happens
Rules    Unknown slots count as 0
"""

import clock
from micropython import const

from energy import views
from energy.blocks import DAYS, Block
from energy.totals import IMPORT, MONTH

TYPE_CHECKING = False
if TYPE_CHECKING:
    from energy.ledger import Energy

_HOUR_S = const(3600)


def crossing(energy: "Energy", month: int, kwh: int) -> int:
    """The UTC from which a local month has had more import than kwh; 0: it has not."""
    totals, zone, limit_wh = energy.totals, energy.settler.zone, kwh * 1000
    if month > totals.numbers[MONTH]:
        return 0
    if month == totals.numbers[MONTH] and totals.rows[MONTH][IMPORT] <= limit_wh:
        return 0
    block = Block(31)
    views.fill(energy.history, DAYS, month, block)
    first = clock.days(month // 12, month % 12 + 1, 1)
    wh = 0
    for i in range(clock.month_length(month // 12, month % 12 + 1)):
        running = first + i == energy.history.open_day
        if wh + block.imported[i] > limit_wh or running:
            end = zone.day_start(first + i + 1)
            for utc, imported, _, _ in views.slots_between(
                energy, zone.day_start(first + i), end, _HOUR_S
            ):
                wh += imported
                if wh > limit_wh:
                    return utc + _HOUR_S
            return 0 if running else end
        wh += block.imported[i]
    return 0
