"""History documents: any stretch of quarters, hours or days.

/history.csv, /history.json?from&to&step&time
from, to  seconds since 1970, a date or a date with time; the last seven days without them
step      15, 60 or day; time local or utc names the stamps and reads from and to
Errors    a query that is wrong raises ValueError with the reason
"""

import clock
from energy import slots
from energy.slots import Block
from fmt import fixed, quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from energy.domain import Energy

_LONGEST_S = 5 * 366 * 86400
_STEPS = {"15": 900, "60": 3600, "day": 86400}


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
        if text.isdigit() and len(text) <= 10:
            return int(text)
        try:
            date, _, time = text.partition("T")
            year, month, day = [int(part) for part in date.split("-")]
            hour, minute = [int(part) for part in (time or "00:00").split(":")[:2]]
        except ValueError:
            raise ValueError("from and to must be like 2026-03-01 or 2026-03-01T12:00")
        if not (1970 <= year < 2200 and 1 <= month <= 12
                and 1 <= day <= clock.month_length(year, month)):  # fmt: skip
            raise ValueError("there is no such day: " + text)
        if not (0 <= hour <= 23 and 0 <= minute <= 59):
            raise ValueError("there is no such time: " + text)
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
                if data is None:
                    continue  # years may be asked for of which there is nothing
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
    yield kind + ",import_kwh,export_kwh,quality\r\n"
    for stamp, imported, exported, quality in stretch.rows():
        yield "%s,%s,%s,%s\r\n" % (
            stamp,
            fixed(imported, 3, 3),
            fixed(exported, 3, 3),
            slots.NAMES[quality],
        )


def history_json(stretch: Stretch) -> "Iterator[str]":
    """Chunks of /history.json."""
    yield '{"unit":"kwh","time":"%s","zone":%s,"slots":[' % (
        "local" if stretch.local or stretch.step == 86400 else "utc",
        quote(stretch.energy.zone.name),
    )
    comma = ""
    for stamp, imported, exported, quality in stretch.rows():
        yield '%s{"t":"%s","i":%s,"e":%s,"q":"%s"}' % (
            comma,
            stamp,
            fixed(imported, 3, 3),
            fixed(exported, 3, 3),
            slots.NAMES[quality],
        )
        comma = ","
    yield "]}"
