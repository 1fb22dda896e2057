"""The running sums found anew in the history.

In       a Settler whose sums are lost, or were counted without prices
Out      the same with sums that agree with its history
"""

from micropython import const

from energy import slots
from energy.accounting import DAY, EXPORT, HOUR, IMPORT, MONTH
from energy.span import QUARTER_S

TYPE_CHECKING = False
if TYPE_CHECKING:
    from energy.settle import Settler

_HOUR_S = const(3600)


def energy(settler: "Settler") -> None:
    """Find the running day's and month's energy in the history, when the journal is lost."""
    sums = settler.sums
    day, month = sums.numbers[DAY], sums.numbers[MONTH]
    block = slots.Block(31)
    settler.history.days_of(month, block)
    sums.rows[MONTH][:2] = [sum(block.imported), sum(block.exported)]
    sums.rows[DAY][:2] = [0, 0]
    block = slots.Block(24)
    for hour in range(settler.zone.day_start(day) // _HOUR_S, settler.time // _HOUR_S + 1):
        settler.history.hours_of(hour // 24, block)
        sums.rows[HOUR][:2] = [block.imported[hour % 24], block.exported[hour % 24]]
        for row in (sums.rows[DAY], sums.rows[MONTH]):
            row[IMPORT] += sums.rows[HOUR][IMPORT]
            row[EXPORT] += sums.rows[HOUR][EXPORT]


def money(settler: "Settler") -> None:
    """Prices have come: the running day is priced anew if some of it had none."""
    sums = settler.sums
    if not sums.unpriced:
        return
    begin = settler.zone.day_start(sums.numbers[DAY])
    hour, day = [0, 0], [0, 0]
    block = slots.Block(96)
    sums.unpriced = False
    for number in range(begin // 86400, settler.time // 86400 + 1):
        settler.history.quarters_of(number, block)
        for i in range(96):
            utc = number * 86400 + i * QUARTER_S
            if begin <= utc <= settler.time:
                cost, income = sums.book(utc, block.imported[i], block.exported[i])
                for total in (day, hour) if utc // _HOUR_S == sums.numbers[HOUR] else (day,):
                    total[0] += cost
                    total[1] += income
    sums.reprice((hour[0], hour[1]), (day[0], day[1]))
