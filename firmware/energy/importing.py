"""History and tariff lines of an AMS reader's configfile.cfg.

In       the file's lines; dayplot up to version 6, monthplot up to 7, energyaccounting up to 7
Out      their values in Wh and 1e-9 of the currency; then the energy domain with these values
Wire     dayplot VERSION TIME IMPORT [EXPONENT] 24 Wh [EXPORT 24 Wh], hours in UTC
         monthplot the same with 31 days; energyaccounting VERSION MONTH 3 costs 3 incomes
         5 x (DAY [HOUR] kWh) [IMPORT EXPORT of last month]; thresholds 10 kWh and a count
Limits   12 digits before the point, below 100,000 kWh a slot, below 1 GW a peak
Errors   an invalid line is left out and has a message in `faults`
Source   the AMS reader's behaviour, 2.2 to 2.5: no exponent before dayplot 5 and monthplot 6 (the
         values are Wh in any case), registers in kWh with decimals after them, hours of peaks in
         energyaccounting 7. The registers are not used: the totals here begin at the first list
"""

import clock
from micropython import const
from ondemand import visit

from energy import edits, views
from energy import money as stored_money
from energy.blocks import ESTIMATED
from energy.totals import COST, INCOME, LAST_MONTH, MONTH, PRICED_IMPORT, YESTERDAY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from energy.ledger import Energy

_SLOT_WH = const(100000000)
_PEAK_W = const(1000000000)
_EARLIEST = const(1000000000)  # 2001
_LATEST = const(0xFFFFFFFF)


class Imported:
    """Values of the file; None or empty without a line for them."""

    def __init__(self) -> None:
        self.hours: "tuple[int, list[int], list[int]] | None" = None  # TIME, import, export Wh
        self.days: "tuple[int, list[int], list[int]] | None" = None
        self.month = 0  # 1 to 12, of the money and the peaks
        self.money: "list[int]" = []  # cost yesterday, this, last month; the same of income
        self.peaks: "list[tuple[int, int, int]]" = []  # local day, hour or -1, W
        self.last_month_wh: "tuple[int, int] | None" = None
        self.rules: "dict[str, object]" = {}  # for a tariff
        self.faults: "list[str]" = []
        self.lines = 0  # number of lines with these four keys


def parse(lines: "Iterable[str]") -> Imported:
    """Parse the lines; lines with other keys are skipped."""
    found = Imported()
    for line in lines:
        key, _, rest = line.strip().partition(" ")
        if key not in ("dayplot", "monthplot", "energyaccounting", "thresholds"):
            continue
        found.lines += 1
        words = rest.split()
        try:
            if key == "dayplot":
                found.hours = _plot(words, 24, 5)
            elif key == "monthplot":
                found.days = _plot(words, 31, 6)
            elif key == "energyaccounting":
                _money(found, words)
            else:
                numbers = [int(word) for word in words]
                if len(numbers) != 11:
                    raise ValueError("10 limits and a count were expected")
                end = 255 if numbers[9] == 255 else 65535  # up to version 2.2.8: 255
                steps = [step for step in numbers[:9] if 0 < step < end]
                found.rules = {"steps": steps, "count": min(max(numbers[10], 0), 5)}
        except (ValueError, IndexError) as e:
            found.faults.append("%s: %s" % (key, e))
    return found


def _decimal(text: str, places: int) -> int:
    """A decimal number times 10^places, rounded towards zero. ValueError for other texts."""
    sign = -1 if text[:1] == "-" else 1
    whole, _, part = (text[1:] if sign < 0 else text).partition(".")
    if not 0 < len(whole) <= 12 or not (whole + part).isdigit():
        raise ValueError("not a number: " + text[:20])
    return sign * int(whole + (part + "0" * places)[:places])


def _plot(words: "list[str]", n: int, with_exponent: int) -> "tuple[int, list[int], list[int]]":
    at = 4 if int(words[0]) >= with_exponent else 3
    _decimal(words[2], 3)
    imported = [_decimal(word, 0) for word in words[at : at + n]]
    extra = words[at + n :]
    exported = [_decimal(word, 0) for word in extra[1 : n + 1]] if extra else [0] * n
    if len(imported) != n or len(exported) != n:
        raise ValueError("%d values were expected" % n)
    if min(imported + exported) < 0 or max(imported + exported) >= _SLOT_WH:
        raise ValueError("values from 0 to 100000000 Wh were expected")
    t = int(words[1])
    if not _EARLIEST <= t < _LATEST:
        raise ValueError("no time of the last reading: " + words[1][:20])
    return t, imported, exported


def _money(found: Imported, words: "list[str]") -> None:
    each = 3 if int(words[0]) >= 7 else 2
    month = int(words[1])
    money = [_decimal(word, 9) for word in words[2:8]]
    peaks = []
    for i in range(8, 8 + 5 * each, each):
        day = int(words[i])
        hour = int(words[i + 1]) if each == 3 else -1
        watts = _decimal(words[i + each - 1], 3)
        if not (0 <= day <= 31 and -1 <= hour <= 23 and 0 <= watts < _PEAK_W):
            raise ValueError("a peak of no day")
        if day and watts:
            peaks.append((day, hour, watts))
    if not 0 <= month <= 12 or len(money) != 6:
        raise ValueError("month or money is missing")
    extra = words[8 + 5 * each :]
    if len(extra) >= 2:
        energy = (_decimal(extra[0], 3), _decimal(extra[1], 3))
        if min(energy) < 0:
            raise ValueError("the last month has energy below 0")
        found.last_month_wh = energy
    found.month, found.money, found.peaks = month, money, peaks


def apply(found: Imported, energy: "Energy", now: int) -> int:
    """Enter the values into the energy domain. Returns the number of filled slots, -1 if the
    file system refused.

    Known slots do not change. Peaks come from the file's peaks, not from its hours.
    """
    if not energy.settler.settled_until:
        with visit("energy.breaks") as breaks:
            breaks.start(energy.settler, now - now % 3600)
    zone = energy.settler.zone
    by_hour, by_day = [], []
    if found.hours is not None:
        t, imported, exported = found.hours
        last = min(t, now) // 3600  # the running hour; the file has the 24 hours before it
        if now - t < 400 * 86400:
            for hour in range(last - 24, last):
                by_hour.append((hour, imported[hour % 24], exported[hour % 24]))
    if found.days is not None:
        t, imported, exported = found.days
        today = zone.day(min(t, now))
        month = clock.month_of(today) - 1
        for day in range(today - clock.month_length(month // 12, month % 12 + 1), today):
            i = clock.civil(day * 86400)[2] - 1
            by_day.append((day, imported[i], exported[i]))
    count = edits.enter(energy, by_hour, by_day, now, ESTIMATED)
    _apply_money(found, energy, zone.month(now))
    energy.totals.begun = 0
    return count if energy.save(now) else -1


def _apply_money(found: Imported, energy: "Energy", month: int) -> None:
    """Enter money and peaks if they are of the running month. Their line has no year: the times of
    the plots decide."""
    totals, zone = energy.totals, energy.settler.zone
    if found.month != month % 12 + 1 or totals.numbers[MONTH] != month:
        return
    times = [plot[0] for plot in (found.hours, found.days) if plot is not None]
    if times and zone.month(max(times)) < month:
        return
    money = found.money
    for i, row in ((0, YESTERDAY), (1, MONTH), (2, LAST_MONTH)):  # the month includes today
        totals.rows[row][COST:PRICED_IMPORT] = (money[i], money[i + 3])
    if found.last_month_wh is not None:
        totals.rows[LAST_MONTH][:COST] = found.last_month_wh
    for row in (YESTERDAY, MONTH, LAST_MONTH):  # the file does not say how much was priced
        sums = totals.rows[row]
        if sums[COST] or sums[INCOME]:
            sums[PRICED_IMPORT:] = sums[:COST]
    stored_money.adopt(energy.settler)
    first = zone.day(zone.month_start(month))
    begins = []
    for day, hour, watts in found.peaks:
        if day <= clock.month_length(month // 12, month % 12 + 1):
            local = (first + day - 1) * 86400 + max(hour, 0) * 3600
            begins.append((zone.to_utc(local), watts))
    energy.peaks.from_file = begins
    views.find_peaks(energy.settler, energy.peaks, month)
