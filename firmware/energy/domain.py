"""The energy domain in one object: what the ledger keeps, as it is shown.

In       the time in UTC
Out      sums of the running periods, hours that are over, the tariff's state
Rules    What the register has not told yet is shown by the power that was seen
"""

import clock

from energy import slots
from energy.accounting import DAY, HOUR, LAST_MONTH, MONTH, YESTERDAY
from energy.book import CLOCK_VALID
from energy.ledger import Ledger
from energy.slots import Block
from energy.span import QUARTER_S

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


class Energy(Ledger):
    """Everything about energy; all its methods are synchronous."""

    def certain(self, now: int) -> bool:
        """Whether clock and state are valid: before that nothing of energy is published."""
        return self.ready and now >= CLOCK_VALID

    def running(self, now: int) -> "list[list[int]]":
        """[import Wh, export Wh, cost, income] of this hour, local day, month, yesterday and last
        month; money in 1e-9 of the currency. All 0 while the clock or the state is not valid."""
        settler = self.settler
        if now < CLOCK_VALID or not settler.time:
            return [[0, 0, 0, 0] for _ in range(5)]
        now = max(now, settler.time)
        hour, day = now // 3600, self.zone.day(now)
        month = clock.month_of(day)
        out = []
        for period, number, since in (
            (HOUR, hour, hour * 3600),
            (DAY, day, self.zone.day_start(day)),
            (MONTH, month, self.zone.month_start(month)),
        ):
            out.append(self.sums.show(period, number, settler.recent(since)))
        out.append(self._past(YESTERDAY, DAY, day, self.zone.day_start))
        out.append(self._past(LAST_MONTH, MONTH, month, self.zone.month_start))
        return out

    def _past(
        self, row: int, running: int, number: int, start: "Callable[[int], int]"
    ) -> "list[int]":
        """The whole period before a number, also when the register of its end has not come yet;
        0 if no register came in all of it."""
        behind = number - self.sums.numbers[running]
        if behind < 1:
            return list(self.sums.rows[row])
        if behind > 1:
            return [0, 0, 0, 0]
        since, after = self.settler.recent(start(number - 1)), self.settler.recent(start(number))
        return [self.sums.rows[running][i] + since[i] - after[i] for i in range(4)]

    def interval(self, now: int) -> "tuple[int, int, int | None]":
        """(Wh so far, expected W at its end, W left until the next step or None) of the tariff's
        running interval. The last is the mean power the rest of the interval may have."""
        length = self.tariff.interval_min * 60
        begin = now - now % length
        left = begin + length - now
        used = self._used_since(begin)
        if self.meter_average_w is not None and length == QUARTER_S:
            used = self.meter_average_w * length // 3600
        watts = self.watts
        if self.window:
            watts = sum([w for _, w in self.window]) // len(self.window)
        expected = (used * 3600 + watts * left) // length
        room = self.peaks.room(begin)
        if room is None:
            return used, expected, None
        return used, expected, max(0, (room * length - used * 3600) // left)

    def _used_since(self, begin: int) -> int:
        used = self.settler.recent(begin)[0]
        if self.history.day == begin // 86400:
            first = begin // QUARTER_S % 96
            count = self.tariff.interval_min // 15
            used += sum(self.history.quarters.imported[first : first + count])
        return used

    def month_value(self) -> int:
        """The month's capacity value in W: the meter's own month peak wins."""
        value = self.tariff.value([watts for _, watts in self.peaks_chosen()])
        if self.tariff.rolling_months > 1:
            value = self.tariff.rolling(value, self.months.earlier(self.peaks.month))
        return value

    def peaks_chosen(self) -> "list[tuple[int, int]]":
        """The peaks (begin, W) that make the month's value: the meter's own, if it tells one."""
        if self.meter_peak is not None and self.tariff.is_quarters_highest():
            return [self.meter_peak]
        return self.peaks.chosen()

    def price(self, now: int) -> "int | None":
        """What a kWh costs now, in 1e-6 of the currency; None if that is not known."""
        return self.sums.price(now)

    @property
    def settled_until(self) -> int:
        """UTC up to which the registers have told what was used; 0 before the first one."""
        return self.settler.time

    def step_kw(self) -> int:
        """The upper limit of the tariff's step that the month has come to."""
        return self.tariff.step_kw(self.month_value())

    def day_hours(self, now: int) -> Block:
        """The last 24 hours that are over, each at the place of its UTC hour of the day."""
        out, part = Block(24), Block(24)
        hour = now // 3600
        for day in (hour // 24 - 1, hour // 24):
            self.history.hours_of(day, part)
            for i in range(24):
                if hour - 24 <= day * 24 + i < hour:
                    out.put(i, part.imported[i], part.exported[i], part.quality[i])
        for number in range(max(hour - 24, self.settler.time // 3600), hour):
            self._add_seen(out, number)
        return out

    def _add_seen(self, block: Block, hour: int) -> None:
        """Add what was seen of an hour whose register has not come."""
        span = self.settler.span
        i = hour % 24
        for quarter in range(hour * 4, hour * 4 + 4):
            if quarter >= self.settler.time // QUARTER_S:
                block.imported[i] += span.seen(0, quarter) // 3600
                block.exported[i] += span.seen(1, quarter) // 3600
        block.quality[i] = slots.ESTIMATED

    def month_days(self, now: int) -> Block:
        """The last 31 local days that are over, each at the place of its day of the month."""
        out, part = Block(31), Block(31)
        today = self.zone.day(now)
        month = clock.month_of(today)
        for number in (month - 1, month, month - 2):
            self.history.days_of(number, part)
            first = clock.days(number // 12, number % 12 + 1, 1)
            for i in range(clock.month_length(number // 12, number % 12 + 1)):
                if today - 31 <= first + i < today:
                    out.put(i, part.imported[i], part.exported[i], part.quality[i])
        return out
