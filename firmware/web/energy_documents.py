"""The energy domain's documents.

/dayplot.json    iNN eNN by UTC hour, the last 24 hours that are over; kWh, three decimals
/monthplot.json  iDD eDD by local day of the month, the last 31 days that are over
/tariff.json     steps, peaks with day and hour, the step's limit, the month's value
/history.csv, /history.json?from&to&step&time   any stretch of quarters, hours or days
Errors   a query that is wrong raises ValueError with the reason
"""

import clock
from energy import slots
from energy.accounting import COST, EXPORT, IMPORT, INCOME
from energy.slots import Block
from energy.tariff import ABOVE_ALL
from fmt import fixed, quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from energy.domain import Energy

_LONGEST_S = 5 * 366 * 86400
_BRIEF = (("u", IMPORT, 3, 3), ("p", EXPORT, 3, 3), ("c", COST, 9, 2), ("g", INCOME, 9, 2))
_STEPS = {"15": 900, "60": 3600, "day": 86400}


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
    for begin, watts in energy.peaks.chosen():
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
    peaks = [fixed(watts, 3, 2) for _, watts in energy.peaks.chosen()]
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


def brief(energy: "Energy", now: int) -> str:
    """The `ea` object of /now.json; null until the sums are certain.

    u p c g  of this hour, day, month, yesterday, last month: import and export in kWh, cost and
             income in `cur`
    iv       the tariff's interval in minutes: iu its kWh so far, ix the mean W expected at its
             end, ir the mean W its rest may have before the next step, null without one
    x t k    the month's value in kW, the limit of its step, how many peaks count
    cc       what that value costs for the month, null where the tariff has no prices
    pn       what a kWh costs now, null if that is not known
    """
    if not energy.ready:
        return "null"
    rows = energy.running(now)
    used, expected, room = energy.interval(now)
    value = energy.month_value()
    cost = energy.tariff.cost_micro(value)
    price = energy.sums.price(now)
    return '{%s,"iv":%d,"iu":%s,"ix":%d,"ir":%s,"x":%s,"t":%d,"k":%d,"cc":%s,"pn":%s,"cur":%s}' % (
        ",".join(
            [
                '"%s":[%s]' % (key, ",".join([fixed(row[i], scale, decimals) for row in rows]))
                for key, i, scale, decimals in _BRIEF
            ]
        ),
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


class Stretch:
    """What a history query asks for. ValueError for one that makes no sense."""

    def __init__(self, query: "dict[str, str]", energy: "Energy", now: int) -> None:
        self.energy = energy
        self.local = _choice(query, "time", ("local", "utc"), "local") == "local"
        self.step = _STEPS[_choice(query, "step", ("15", "60", "day"), "60")]
        self.end = self._moment(query.get("to", ""), now)
        self.begin = self._moment(query.get("from", ""), self.end - 7 * 86400)
        if self.begin > self.end:
            raise ValueError("from must be before to")
        self.begin = max(self.begin, self.end - _LONGEST_S)
        self.over = max(now, energy.settler.time)  # what has not ended by then is not told

    def _moment(self, text: str, default: int) -> int:
        """UTC of seconds since 1970, 2026-03-01 or 2026-03-01T12:00 in the named time."""
        if not text:
            return default
        if text.isdigit():
            return int(text)
        try:
            date, _, time = text.partition("T")
            year, month, day = [int(part) for part in date.split("-")]
            hour, minute = [int(part) for part in (time or "00:00").split(":")[:2]]
        except ValueError:
            raise ValueError("from and to must be like 2026-03-01 or 2026-03-01T12:00")
        if not (1 <= month <= 12 and 1 <= day <= clock.month_length(year, month)):
            raise ValueError("there is no such day: " + text)
        moment = clock.seconds(year, month, day, hour, minute, 0)
        return clock.to_utc(self.energy.zone.name, moment) if self.local else moment

    def stamp(self, utc: int) -> str:
        """2026-03-01T12:00+01:00, or 2026-03-01T12:00Z."""
        if not self.local:
            return clock.iso(utc)[:16] + "Z"
        offset = self.energy.zone.offset_s(utc)
        return clock.iso(utc + offset)[:16] + "+%02d:00" % (offset // 3600)

    def rows(self) -> "Iterator[tuple[str, int, int, int]]":
        """(stamp, import Wh, export Wh, quality) of each slot of which something is known."""
        zone, history = self.energy.zone, self.energy.history
        if self.step == 86400:
            block = Block(31)
            for month in range(zone.month(self.begin), zone.month(self.end) + 1):
                history.days_of(month, block)
                first = clock.days(month // 12, month % 12 + 1, 1)
                for i in range(clock.month_length(month // 12, month % 12 + 1)):
                    begin, end = zone.day_start(first + i), zone.day_start(first + i + 1)
                    if self._known(block, i) and self._inside(begin, end):
                        stamp = clock.iso((first + i) * 86400)[:10]
                        yield stamp, block.imported[i], block.exported[i], block.quality[i]
            return
        block = Block(86400 // self.step)
        shelf = slots.HOURS if self.step == 3600 else slots.QUARTERS
        name, data = "", None
        for day in range(self.begin // 86400, self.end // 86400 + 1):
            if day == history.day or history.files is None:
                (history.hours_of if self.step == 3600 else history.quarters_of)(day, block)
            elif 0 <= history.day < day:
                break
            else:
                if shelf.name(day) != name:
                    name = shelf.name(day)
                    data = history.files.read(name)
                slots.find(data, day, block)
            for i in range(block.n):
                utc = day * 86400 + i * self.step
                if self._known(block, i) and self._inside(utc, utc + self.step):
                    yield self.stamp(utc), block.imported[i], block.exported[i], block.quality[i]

    @staticmethod
    def _known(block: Block, i: int) -> bool:
        return block.quality[i] != slots.GAP or block.imported[i] + block.exported[i] > 0

    def _inside(self, utc: int, end: int) -> bool:
        """Whether a slot begins in the stretch and is over."""
        return self.begin <= utc < self.end and end <= self.over


def _choice(query: "dict[str, str]", name: str, allowed: "tuple[str, ...]", default: str) -> str:
    value = query.get(name, default)
    if value not in allowed:
        raise ValueError("%s must be one of %s" % (name, ", ".join(allowed)))
    return value


def history_csv(stretch: Stretch) -> "Iterator[str]":
    """Chunks of /history.csv: a heading that names the time, then a line a slot."""
    day = stretch.step == 86400
    kind = "date" if day else "time_local" if stretch.local else "time_utc"
    text = kind + ",import_kwh,export_kwh,quality\r\n"
    for stamp, imported, exported, quality in stretch.rows():
        text += "%s,%s,%s,%s\r\n" % (
            stamp,
            fixed(imported, 3, 3),
            fixed(exported, 3, 3),
            slots.NAMES[quality],
        )
        if len(text) > 900:
            yield text
            text = ""
    yield text


def history_json(stretch: Stretch) -> "Iterator[str]":
    """Chunks of /history.json."""
    text = '{"unit":"kwh","time":"%s","zone":"%s","slots":[' % (
        "local" if stretch.local or stretch.step == 86400 else "utc",
        stretch.energy.zone.name,
    )
    comma = ""
    for stamp, imported, exported, quality in stretch.rows():
        text += '%s{"t":"%s","i":%s,"e":%s,"q":"%s"}' % (
            comma,
            stamp,
            fixed(imported, 3, 3),
            fixed(exported, 3, 3),
            slots.NAMES[quality],
        )
        comma = ","
        if len(text) > 900:
            yield text
            text = ""
    yield text + "]}"
