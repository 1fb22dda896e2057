"""The highest intervals of a month, by a tariff's rules.

In       intervals that have ended: begin in UTC, Wh, quality
Out      up to `slots` peaks (begin, W) in the order in which their places were taken
Rules    Only measured intervals and the owner's count: an estimate never makes a peak. With one
         peak a day the first place that is empty or of that day is taken or kept; else a peak
         takes the smallest one's place if it is higher.
"""

from micropython import const

from energy.slots import EDITED, MEASURED, Block

TYPE_CHECKING = False
if TYPE_CHECKING:
    import clock

    from energy.history import History
    from energy.tariff import Tariff

_LEAST_SLOTS = const(5)


class Peaks:
    """One month's peaks."""

    def __init__(self, tariff: "Tariff", zone: "clock.Zone") -> None:
        self.tariff = tariff
        self.zone = zone
        self.month = -1
        self.slots: "list[tuple[int, int]]" = []
        self.given: "list[tuple[int, int]]" = []  # peaks that no history backs: an import's

    def offer(self, begin: int, wh: int, quality: int) -> None:
        """An interval has ended."""
        if quality not in (MEASURED, EDITED) or not self.tariff.count:
            return
        weight = self.tariff.weight(self.zone, begin)
        self.insert(begin, wh * 60 // self.tariff.interval_min * weight // 1000)

    def insert(self, begin: int, watts: int) -> None:
        """Take a place, if there is one for it."""
        slots = self.slots
        if watts <= 0:
            return
        if self.tariff.per_day:
            day = self.zone.day(begin)
            for i in range(len(slots)):
                if self.zone.day(slots[i][0]) == day:
                    if watts > slots[i][1]:
                        slots[i] = (begin, watts)
                    return
        if len(slots) < max(_LEAST_SLOTS, self.tariff.count):
            slots.append((begin, watts))
            return
        smallest = 0
        for i in range(len(slots)):
            if slots[i][1] < slots[smallest][1]:
                smallest = i
        if watts > slots[smallest][1]:
            slots[smallest] = (begin, watts)

    def start(self, month: int) -> None:
        """A month begins."""
        self.month = month
        self.slots = []
        self.given = []

    def recompute(self, history: "History", month: int, until: int) -> None:
        """Find the peaks of a month anew: intervals that ended by until, UTC seconds."""
        if month != self.month:
            self.given = []
        self.month = month
        self.slots = []
        if not self.tariff.count:
            return
        for begin, watts in self.given:
            self.insert(begin, watts)
        step = self.tariff.interval_min * 60
        per_day = 86400 // step
        block = Block(per_day)
        first = self.zone.month_start(month)
        until = min(until, self.zone.month_start(month + 1))
        for day in range(first // 86400, (until + 86399) // 86400):
            if per_day == 24:
                history.hours_of(day, block)
            else:
                history.quarters_of(day, block)
            for i in range(per_day):
                begin = day * 86400 + i * step
                if first <= begin and begin + step <= until:
                    self.offer(begin, block.imported[i], block.quality[i])

    def chosen(self) -> "list[tuple[int, int]]":
        """The peaks that make the month's value, in the order of their places."""
        count = self.tariff.count
        highest = sorted([watts for _, watts in self.slots], reverse=True)[:count]
        out = []
        for peak in self.slots:
            if peak[1] in highest:
                highest.remove(peak[1])
                out.append(peak)
        return out

    def value(self) -> int:
        """What the month has come to, in W."""
        return self.tariff.value([watts for _, watts in self.slots])

    def room(self, begin: int) -> "int | None":
        """The highest mean power in W at which the interval at begin leaves the month in its
        step; None where there is no next step, or the interval does not count."""
        tariff = self.tariff
        limit = tariff.limit_w(self.value())
        weight = tariff.weight(self.zone, begin)
        if limit is None or not tariff.count or not weight:
            return None
        others = [watts for _, watts in self.slots]
        least = 0  # up to this the interval changes nothing
        if tariff.per_day:
            day = self.zone.day(begin)
            others = []
            for at, watts in self.slots:
                if self.zone.day(at) == day:
                    least = watts
                else:
                    others.append(watts)
        most = limit
        if not tariff.use_max:
            highest = sorted(others, reverse=True)[: tariff.count - 1]
            n = len(highest) + 1
            most = (limit + 1) * n - 1 - n // 2 - sum(highest)  # whose mean rounds to the limit
        return (max(least, most) * 1000 + 999) // weight
