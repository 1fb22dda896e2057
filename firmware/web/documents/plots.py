"""The energy documents of the page's charts and of programs that poll AMS readers.

/dayplot.json    the last 24 complete hours in kWh: import iNN, export eNN by UTC hour
/monthplot.json  the last 31 complete days in kWh: import iDD, export eDD by day of the month
/tariff.json     steps, peaks with day and hour, the limit of the month's step, the month's value
"""

import clock
from energy import views
from energy.tariff import ABOVE_ALL
from fmt import fixed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from composition import App, Request
    from energy.blocks import Block


def day(app: "App", request: "Request") -> "Iterator[str]":
    """Pieces of /dayplot.json."""
    return _plot(views.day_hours(app.energy, app.system.unix_time()), 0)


def month(app: "App", request: "Request") -> "Iterator[str]":
    """Pieces of /monthplot.json."""
    return _plot(views.month_days(app.energy, app.system.unix_time()), 1)


def _plot(block: "Block", first: int) -> "Iterator[str]":
    for i in range(block.n):
        yield '%s"i%02d":%s,"e%02d":%s' % (
            "," if i else "{",
            first + i,
            fixed(block.imported[i], 3, 3),
            first + i,
            fixed(block.exported[i], 3, 3),
        )
    yield "}"


def tariff(app: "App", request: "Request") -> str:
    """/tariff.json, with ten steps, filled up with ABOVE_ALL, and as many peaks as count."""
    energy = app.energy
    steps = list(energy.peaks.tariff.steps[:9])
    steps += [ABOVE_ALL] * (10 - len(steps))
    peaks = []
    for begin, watts in energy.peaks.chosen():
        local = begin + energy.settler.zone.offset_s(begin)
        peaks.append((clock.civil(local)[2], clock.civil(local)[3], watts))
    while len(peaks) < min(energy.peaks.tariff.count, 5):
        peaks.append((0, 0, 0))
    return '{"t":[%s],"p":[%s],"c":%d,"m":%s}' % (
        ",".join([str(step) for step in steps]),
        ",".join(['{"d":%d,"h":%d,"v":%s}' % (d, h, fixed(w, 3, 2)) for d, h, w in peaks]),
        energy.peaks.tariff.step_kw(energy.month_value()),
        fixed(energy.month_value(), 3, 2),
    )
