"""The energy domain's documents.

/dayplot.json    iNN eNN by UTC hour, the last 24 hours that are over; kWh, three decimals
/monthplot.json  iDD eDD by local day of the month, the last 31 days that are over
/tariff.json     steps, peaks with day and hour, the step's limit, the month's value
The `ea` objects of /data.json and /now.json are made here as well.
"""

import clock
from energy.accounting import COST, EXPORT, IMPORT, INCOME
from energy.slots import Block
from energy.tariff import ABOVE_ALL
from fmt import fixed, quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from energy.domain import Energy

_BRIEF = (("u", IMPORT, 3, 3), ("p", EXPORT, 3, 3), ("c", COST, 9, 2), ("g", INCOME, 9, 2))


def day_plot(energy: "Energy", now: int) -> "Iterator[str]":
    """Chunks of /dayplot.json."""
    return _plot(energy.day_hours(now), 0)


def month_plot(energy: "Energy", now: int) -> "Iterator[str]":
    """Chunks of /monthplot.json."""
    return _plot(energy.month_days(now), 1)


def _plot(block: Block, first: int) -> "Iterator[str]":
    for i in range(block.n):
        yield '%s"i%02d":%s,"e%02d":%s' % (
            "," if i else "{",
            first + i,
            fixed(block.imported[i], 3, 3),
            first + i,
            fixed(block.exported[i], 3, 3),
        )
    yield "}"


def tariff(energy: "Energy") -> str:
    """/tariff.json: ten steps with their end mark, as many peaks as count."""
    steps = list(energy.tariff.steps[:9])
    steps += [ABOVE_ALL] * (10 - len(steps))
    peaks = []
    for begin, watts in energy.peaks_chosen():
        local = begin + energy.zone.offset_s(begin)
        peaks.append((clock.civil(local)[2], clock.civil(local)[3], watts))
    while len(peaks) < min(energy.tariff.count, 5):
        peaks.append((0, 0, 0))
    return '{"t":[%s],"p":[%s],"c":%d,"m":%s}' % (
        ",".join([str(step) for step in steps]),
        ",".join(['{"d":%d,"h":%d,"v":%s}' % (d, h, fixed(w, 3, 2)) for d, h, w in peaks]),
        energy.step_kw(),
        fixed(energy.month_value(), 3, 2),
    )


def accounting(energy: "Energy", now: int) -> str:
    """The `ea` object of /data.json."""
    peaks = [fixed(watts, 3, 2) for _, watts in energy.peaks_chosen()]
    while len(peaks) < energy.tariff.count:
        peaks.append("0.00")
    rows = energy.running(now)
    text = '{"x":%s,"p":[%s],"t":%d' % (
        fixed(energy.month_value(), 3, 1),
        ",".join(peaks),
        energy.step_kw(),
    )
    for key, row in zip("hdm", rows):
        text += ',"%s":{"u":%s,"c":%s,"p":%s,"i":%s}' % (
            key,
            fixed(row[IMPORT], 3, 2),
            fixed(row[COST], 9, 2),
            fixed(row[EXPORT], 3, 2),
            fixed(row[INCOME], 9, 2),
        )
    return text + "}"


def brief(energy: "Energy", now: int) -> "Iterator[str]":
    """Chunks of the `ea` object of /now.json; null until the sums are certain.

    u p c g  of this hour, day, month, yesterday, last month: import and export in kWh, cost and
             income in `cur`
    iv       the tariff's interval in minutes: iu its kWh so far, ix the mean W expected at its
             end, ir the mean W its rest may have before the next step, null without one
    x t k    the month's value in kW, the limit of its step, how many peaks count
    cc       what that value costs for the month, null where the tariff has no prices
    pn       what a kWh costs now, null if that is not known
    """
    if not energy.certain(now):
        yield "null"
        return
    rows = energy.running(now)
    comma = "{"
    for key, i, scale, decimals in _BRIEF:
        yield comma + '"%s":[%s]' % (
            key,
            ",".join([fixed(row[i], scale, decimals) for row in rows]),
        )
        comma = ","
    used, expected, room = energy.interval(now)
    value = energy.month_value()
    cost = energy.tariff.cost_micro(value)
    price = energy.sums.price(now)
    yield ',"iv":%d,"iu":%s,"ix":%d,"ir":%s,"x":%s,"t":%d,"k":%d,"cc":%s,"pn":%s,"cur":%s}' % (
        energy.tariff.interval_min,
        fixed(used, 3, 3),
        expected,
        "null" if room is None else str(room),
        fixed(value, 3, 2),
        energy.tariff.step_kw(value),
        energy.tariff.count,
        "null" if cost is None else fixed(cost, 6, 2),
        "null" if price is None else fixed(price, 6, 4),
        quote(energy.currency),
    )
