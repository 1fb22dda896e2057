"""/cheapest.json: when to run something that needs some hours, by the prices of import.

In       hours       0.25 to 24, in steps of a quarter-hour
         before      the time at which it must be done: "07:00" of local time, the next one, or a
                     UTC in seconds; without it the end of the known prices
         contiguous  true, the default: in one run; false: the cheapest quarters, as a charger
                     that may pause needs them
Out      {"currency", "now", "before", "hours", "contiguous", "level", "price": the mean,
         "dearest": the begin of the dearest run, null without contiguous, "slots": [{"from",
         "until", "price": the mean}]}; times are UTC in seconds, prices a kWh. level is 1 very
         cheap to 5 very dear, of the price at `now` among those of the local day
         If fewer quarters until `before` are known, or no run is so long: all of them, or the
         longest run, and the member "missing": the hours that the slots lack
         404 if no quarter until `before` has a price
Rules    The running quarter counts as a whole. See prices.advice
         A price that does not end is known until the end of tomorrow.
Errors   ValueError with the reason: an argument is not allowed, or the clock is not set
"""

import clock
from fmt import divide, fixed, quote
from micropython import const
from ondemand import visit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from composition import App, Request

_DAY_S = const(86400)
_MOST_QUARTERS = const(96)
_DIGITS = "0123456789"


def get(app: "App", request: "Request") -> "Iterator[str]":
    """Pieces of /cheapest.json."""
    prices, now = app.prices, app.system.utc()
    if not now:
        raise ValueError("the clock is not set yet: try again in a minute")
    zone = clock.Zone(app.config.timezone)
    quarters = _quarters(request.args.get("hours", "1"))
    before = _before(app, request.args.get("before", ""), now, zone)
    word = request.args.get("contiguous", "true")
    if word not in ("true", "false"):
        raise ValueError("contiguous must be true or false")
    dearest = None
    with visit("prices.advice") as advice:
        day = zone.day(now)
        level = advice.level(prices.price, zone.day_start(day), zone.day_start(day + 1), now)
        there = advice.count(prices.price, now, before, quarters, word == "true")
        if not there:
            return
        if word == "true":
            first = advice.run(prices.price, now, before, there)
            dearest = advice.run(prices.price, now, before, there, True)
            begins = [first + i * 900 for i in range(there)]
        else:
            begins = advice.pick(prices.price, now, before, there)
    yield '{"currency":%s,"now":%d,"before":%d,"hours":%s,"contiguous":%s,"level":%s' % (
        quote(prices.currency()),
        now,
        before,
        fixed(quarters * 25, 2, 2),
        word,
        "null" if level is None else str(level),
    )
    mean = divide(sum([prices.price(utc) or 0 for utc in begins]), there)
    yield ',"price":%s,"dearest":%s,"slots":[' % (fixed(mean, 6, 4), dearest or "null")
    comma = ""
    for first, n in _runs(begins):
        total = sum([prices.price(first + i * 900) or 0 for i in range(n)])
        row = first, first + n * 900, fixed(divide(total, n), 6, 4)
        yield comma + '{"from":%d,"until":%d,"price":%s}' % row
        comma = ","
    yield "]"
    if there < quarters:
        yield ',"missing":' + fixed((quarters - there) * 25, 2, 2)
    yield "}"


def _quarters(text: str) -> int:
    """The number of quarters of a number of hours."""
    whole, _, part = text.partition(".")
    hundredths = (part + "00")[:2]
    if (whole or part) and not [c for c in whole + part if c not in _DIGITS] and len(text) < 6:
        quarters, rest = divmod(int(whole or "0") * 100 + int(hundredths), 25)
        if not rest and not part[2:].strip("0") and 0 < quarters <= _MOST_QUARTERS:
            return quarters
    raise ValueError("hours must be 0.25 to 24, in steps of 0.25")


def _before(app: "App", text: str, now: int, zone: "clock.Zone") -> int:
    """The UTC of the deadline."""
    if not text:
        return _known_until(app, now, zone)
    hour, colon, minute = text.partition(":")
    if hour and len(text) < 12 and not [c for c in hour + minute if c not in _DIGITS]:
        if not colon:
            if not now < int(hour) <= now + 4 * _DAY_S:
                raise ValueError("before must be within the next four days")
            return int(hour)
        if len(minute) == 2 and int(minute) < 60:
            of_day = int(hour) * 3600 + int(minute) * 60
            for day in (zone.day(now), zone.day(now) + 1):
                local = day * _DAY_S + of_day
                if of_day <= _DAY_S and zone.to_utc(local) > now:
                    return zone.to_utc(local)
    raise ValueError("before must be a local time as 07:00, or a UTC in seconds")


def _known_until(app: "App", now: int, zone: "clock.Zone") -> int:
    """The end of the known prices: today's at least, and tomorrow's if they go on."""
    prices, day = app.prices, zone.day(now)
    until = max(prices.end * 900, zone.day_start(day + 1))
    last = zone.day_start(day + 2)
    while until < last and prices.price(until) is not None:
        until += 900
    return until


def _runs(begins: "list[int]") -> "list[tuple[int, int]]":
    """(begin, quarters) of the runs among quarters in order of time."""
    runs: "list[tuple[int, int]]" = []
    for utc in begins:
        if runs and runs[-1][0] + runs[-1][1] * 900 == utc:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((utc, 1))
    return runs
