"""/history.csv and /history.json: quarter-hours, hours or days between two times.

?from&to  seconds since 1970, a date, or a date with time; without them the last seven days
&step     15 or 60 minutes, or day
&time     local or utc: the zone of the times in the document and in from and to
&money    1: /history.csv also has the money of hours or days: see pricedcsv.py
&running  1: also the slot that is not over; then the slots of the running local day, and the days
          of the running month, add up to the sums of /now.json
Slots     time of its begin, import and export in kWh, quality:
          measured      the meter's register was read at its begin and at its end
          near          it was read shortly before and after one of them: right to a 16th
          edited        entered by the owner
          estimated     a share of the register's difference, by the received power
          interpolated  the same, but nothing was received for over 5 % of the time between two
                        readings of the register: a part of the share is by time
          gap           some of its energy is not known
          provisional   the slot is over, but no register has settled it yet: the energy is by the
                        received power and will change. A script reads such a slot again
          running       the slot is not over: energy so far
JSON      `clock`: on what the time rests, of judge.WORDS; `confirmed`: false while the energy is
          counted apart until that time is confirmed
Errors    ValueError with the reason if the query is wrong, or if it names no end and the clock is
          not set
"""

import clock
from energy import blocks, views
from fmt import boolean, fixed, quote
from judge import WORDS
from ondemand import visit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from composition import App, Request
    from energy.ledger import Energy

    from web.documents.pricedcsv import Columns

_LONGEST_S = 5 * 366 * 86400
_STEPS = {"15": 900, "60": 3600, "day": 86400}
_NAMES = blocks.NAMES + ("provisional", "running")


def csv(app: "App", request: "Request") -> "Iterator[str | None]":
    """Pieces of /history.csv: a heading, then a line for each slot."""
    stretch = Stretch(request.args, app.energy, app.system.utc())
    if stretch.money and app.energy.currency and stretch.step != 900:
        with visit("web.documents.pricedcsv") as priced:
            yield from _lines(stretch, priced.Columns(app, stretch.step == 86400))
    else:
        yield from _lines(stretch, None)


def _lines(stretch: "Stretch", money: "Columns | None") -> "Iterator[str | None]":
    kind = "date" if stretch.step == 86400 else "time_local" if stretch.local else "time_utc"
    yield kind + ",import_kwh,export_kwh,quality%s\r\n" % (money.heading if money else "")
    for begin, imported, exported, quality in stretch.slots():
        if money:
            yield from money.fill(begin)
        yield "%s,%s,%s,%s%s\r\n" % (
            stretch.stamp(begin),
            fixed(imported, 3, 3),
            fixed(exported, 3, 3),
            _NAMES[quality],
            money.cells(begin) if money else "",
        )


def json(app: "App", request: "Request") -> "Iterator[str]":
    """Pieces of /history.json."""
    stretch = Stretch(request.args, app.energy, app.system.utc())
    judge = app.system.judge
    yield '{"unit":"kwh","time":"%s","zone":%s,"clock":"%s","confirmed":%s,"slots":[' % (
        "local" if stretch.local or stretch.step == 86400 else "utc",
        quote(app.energy.settler.zone.name),
        WORDS[judge.source],
        boolean(not app.energy.history.branch),
    )
    comma = ""
    for stamp, imported, exported, quality in stretch.rows():
        yield '%s{"t":"%s","i":%s,"e":%s,"q":"%s"}' % (
            comma,
            stamp,
            fixed(imported, 3, 3),
            fixed(exported, 3, 3),
            _NAMES[quality],
        )
        comma = ","
    yield "]}"


class Stretch:
    """The slots of a query; now is 0 while the clock is not set. ValueError if it is wrong."""

    def __init__(self, query: "dict[str, str]", energy: "Energy", now: int) -> None:
        self._energy = energy
        self.local = _choice(query, "time", ("local", "utc"), "local") == "local"
        self.step = _STEPS[_choice(query, "step", ("15", "60", "day"), "60")]
        self.money = _choice(query, "money", ("0", "1"), "0") == "1"
        self._running = _choice(query, "running", ("0", "1"), "0") == "1"
        if not now and not query.get("to"):
            raise ValueError("the clock is not set yet: name the range with from and to")
        self._end = self._moment(query.get("to", ""), now + self._running)
        self._begin = self._moment(query.get("from", ""), self._end - 7 * 86400)
        if self._begin > self._end:
            raise ValueError("from must be before to")
        self._begin = max(self._begin, self._end - _LONGEST_S)
        self._now = now

    def _moment(self, text: str, default: int) -> int:
        """UTC in seconds since 1970 of such a number, of 2026-03-01 or of 2026-03-01T12:00."""
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
        return self._energy.settler.zone.to_utc(moment) if self.local else moment

    def rows(self) -> "Iterator[tuple[str, int, int, int]]":
        """(time as text, import Wh, export Wh, quality) of each known slot."""
        for row in self.slots():
            yield self.stamp(row[0]), row[1], row[2], row[3]

    def slots(self) -> "Iterator[tuple[int, int, int, int]]":
        """The same with the begin of each slot: UTC, or the number of a day."""
        return views.shown_slots(
            self._energy, self._begin, self._end, self.step, self._now, self._running
        )

    def stamp(self, begin: int) -> str:
        """The begin of a slot as text."""
        if self.step == 86400:
            return clock.iso(begin * 86400)[:10]
        if self.local:
            offset = self._energy.settler.zone.offset_s(begin)
            return clock.iso(begin + offset)[:16] + "+%02d:00" % (offset // 3600)
        return clock.iso(begin)[:16] + "Z"


def _choice(query: "dict[str, str]", name: str, allowed: "tuple[str, ...]", default: str) -> str:
    """A parameter of the query; ValueError if it is not one of the allowed values."""
    value = query.get(name, default)
    if value not in allowed:
        raise ValueError("%s must be one of %s" % (name, ", ".join(allowed)))
    return value
