"""The owner's corrections of history: POST /dayplot and /monthplot.

In       a form: iNN, eNN by UTC hour, or iDD, eDD by local day, as the documents name them; kWh;
         undo=true takes the last correction back
Out      {"success", "message", "reboot"}; values that are shown already are not changed
Errors   a form that is wrong raises ValueError with the reason, before anything is changed
"""

import clock
from energy import edits, views
from fmt import boolean
from microdot.microdot import urldecode
from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from composition import App, Request
    from energy.blocks import Block

_FIELD_OCTETS = const(40)
_UNDO = const(-1)


async def day(app: "App", request: "Request") -> str:
    """POST /dayplot: the answer."""
    fields = await _fields(request)
    now = app.system.unix_time()
    if fields.get(_UNDO):
        return _answer(edits.undo(app.energy, now))
    hour = now // 3600
    changes = []
    for i, imported, exported in _edited(fields, views.day_hours(app.energy, now), 0):
        number = hour - hour % 24 + i
        changes.append((number if number < hour else number - 24, imported, exported))
    return _answer(edits.enter(app.energy, changes, [], now))


async def month(app: "App", request: "Request") -> str:
    """POST /monthplot: the answer."""
    fields = await _fields(request)
    now = app.system.unix_time()
    if fields.get(_UNDO):
        return _answer(edits.undo(app.energy, now))
    today = app.energy.settler.zone.day(now)
    places = {clock.civil(day * 86400)[2]: day for day in range(today - 31, today)}
    changes = []
    for date, imported, exported in _edited(fields, views.month_days(app.energy, now), 1):
        if date not in places:
            raise ValueError("the last 31 days have no day %d" % date)
        changes.append((places[date], imported, exported))
    return _answer(edits.enter(app.energy, [], changes, now))


async def _fields(request: "Request") -> "dict[int, int]":
    """Wh by 2 x number for iNN and 2 x number + 1 for eNN; _UNDO, 1 if it is asked for."""
    fields: "dict[int, int]" = {}
    fault = ""
    while True:
        pair = await request.stream.part(b"&", _FIELD_OCTETS)
        if pair is None:
            break
        code, equals, value = pair.strip().partition(b"=")
        if not equals:
            raise ValueError("a form of name=value&name=value was expected")
        try:
            name, text = urldecode(code), urldecode(value)
            if name == "undo":
                field = _UNDO
            elif len(name) == 3 and name[0] in "ie" and name[1:].isdigit():
                field = 2 * int(name[1:]) + (name[0] == "e")
            else:
                continue
            if field in fields:
                raise ValueError
        except ValueError:  # of a code that is no number or no UTF-8 as well
            raise ValueError("a field comes twice or has a wrong code: " + repr(pair)[2:-1])
        fields[field] = text == "true"
        if field != _UNDO:
            try:
                fields[field] = wh(text)
            except ValueError as e:
                fault = fault or str(e)
    if fault and not fields.get(_UNDO):
        raise ValueError(fault)
    return fields


def _edited(
    fields: "dict[int, int]", shown: "Block", first: int
) -> "Iterator[tuple[int, int, int]]":
    """(number, import Wh, export Wh) of slots whose values are others than what is shown."""
    for i in range(shown.n):
        number = first + i
        imported = fields.get(2 * number, shown.imported[i])
        exported = fields.get(2 * number + 1, shown.exported[i])
        if imported != shown.imported[i] or exported != shown.exported[i]:
            yield number, imported, exported


def wh(text: str) -> int:
    """Wh of kWh below 100,000, three decimals count; a comma will do. ValueError says what is
    wrong. A day of such hours still fits a slot."""
    whole, _, part = text.strip().replace(",", ".").partition(".")
    part += "000"
    if not (whole.isdigit() and part.isdigit() and len(whole) < 6):
        raise ValueError("not an energy in kWh: " + text[:20])
    return int(whole) * 1000 + int(part[:3])


def _answer(count: int) -> str:
    return '{"success":%s,"message":"%s","reboot":false}' % (
        boolean(count >= 0),
        "%d changed" % count if count >= 0 else "The storage took nothing",
    )
