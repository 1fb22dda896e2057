"""When to ask for which day of prices: no clock of its own, so that days pass quickly in tests.

In       the time, what is known, how attempts have ended
Out      days to ask for; seconds until the next attempt
Rules    The running day of the market is asked for at once; the next one from a minute between
         13:15 and 13:59 in Central Europe, which is drawn once for each reader, so that not all
         readers ask at the same moment. An attempt that failed is made again after a pause that
         depends on how it failed and grows while it fails again
"""

from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from clock import Zone

LATER = "ask again later"  # the end of a fault that time will mend
_FIRST_MINUTE = const(13 * 60 + 15)
_MINUTES = const(45)
_DAY_S = const(86400)
# Quarters: a day of 23 hours, one of 25, and where the hour may be missing.
_SHORT = const(92)
_LONG = const(100)
_MOVED = const(8)
_MOVED_END = const(16)
_HOUR = const(4)

# How an attempt ended: the first pause and the longest in seconds.
_PAUSES = {
    "late": (600, 1800),  # not published yet, or not whole
    "busy": (900, 7200),  # 429: too many questions
    "token": (21600, 21600),  # 401 or 403: only the owner can mend it
    "server": (120, 3600),  # 5xx and statuses that no one expects
    "network": (120, 3600),
    "refused": (1800, 7200),  # an answer that cannot be right
    "proof": (3600, 10800),  # the server cannot prove who it is
}


def minute(drawn: int) -> int:
    """The minute of the day from which on the next day is asked for, by any number."""
    return _FIRST_MINUTE + drawn % _MINUTES


def missing(begin: int, end: int, at: "Callable[[int], int | None]") -> int:
    """How many quarters from begin to before end have no price. Some sources leave out an hour of
    a day of 23 or 25: there one between 2 and 4 h after the begin may be missing."""
    found = [quarter - begin for quarter in range(begin, end) if at(quarter) is None]
    if end - begin in (_SHORT, _LONG) and 0 < len(found) <= _HOUR:
        if found[0] >= _MOVED and found[-1] < _MOVED_END:
            return 0
    return len(found)


def whole(zone: "Zone", day: int, at: "Callable[[int], int | None]") -> bool:
    """Whether no quarter of a day is missing."""
    return not missing(zone.day_start(day) // 900, zone.day_start(day + 1) // 900, at)


def days(
    now: int, zone: "Zone", from_minute: int, at: "Callable[[int], int | None]"
) -> "list[int]":
    """The days to ask for now."""
    today = zone.day(now)
    wanted = [] if whole(zone, today, at) else [today]
    due = zone.day_start(today) + from_minute * 60 + _shift(zone, today)
    if now >= due and not whole(zone, today + 1, at):
        wanted.append(today + 1)
    return wanted


def next_s(now: int, zone: "Zone", from_minute: int, at: "Callable[[int], int | None]") -> int:
    """Seconds until a day is to be asked for, with nothing to ask for now: the afternoon, or that
    of the next day."""
    today = zone.day(now)
    for day in (today, today + 1):
        due = zone.day_start(day) + from_minute * 60 + _shift(zone, day)
        if due > now:
            break
    return due - now


def pause_s(kind: str, tries: int, drawn: int) -> int:
    """Seconds until the next attempt after `tries` failures in a row, longer by up to an eighth.

    drawn  any number
    """
    first, most = _PAUSES[kind]
    if kind == "late":
        pause = first if tries <= 12 else most  # about two hours at the faster pace
    else:
        pause = min(first << min(max(tries, 1) - 1, 8), most)
    return pause + drawn % (pause // 8)


def kind_of(status: int, code: str, fault: str) -> str:
    """How an attempt ended: "" well.

    status  of HTTP; 0 no answer, -1 no proof
    code    of an answer that says why it has no prices; "999" is no data
    fault   why the answer's prices are not used
    """
    if status < 0:
        return "proof"
    if status == 0:
        return "network"
    if status == 429:
        return "busy"
    if status in (401, 403):
        return "token"
    if status == 404 or code == "999":
        return "late"
    if status not in (200, 400):
        return "server"
    if fault:
        return "late" if fault.endswith(LATER) else "refused"
    return "refused" if status == 400 else ""


def _shift(zone: "Zone", day: int) -> int:
    """Seconds to add to the begin of a day for a time after the clock has been moved in it."""
    return zone.day_start(day + 1) - zone.day_start(day) - _DAY_S
