"""The owner's corrections of history: POST /dayplot and /monthplot.

In       form fields in kWh: iNN, eNN by UTC hour or iDD, eDD by local day, as in /dayplot.json and
         /monthplot.json; undo=true undoes the last correction
Out      {"success", "message", "reboot"}; a value that equals the present one is no correction
Errors   ValueError with the reason if a field is wrong; then nothing is changed
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
    """POST /dayplot: correct hours of the last 24."""
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
    """POST /monthplot: correct days of the last 31."""
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
    """The fields as {number: Wh}: 2 x NN for iNN, 2 x NN + 1 for eNN; _UNDO: 1 for undo=true."""
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
        except ValueError:  # also of a % code that is not hexadecimal or not UTF-8
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
    """(number, import Wh, export Wh) of each slot that differs from what is shown."""
    for i in range(shown.n):
        number = first + i
        imported = fields.get(2 * number, shown.imported[i])
        exported = fields.get(2 * number + 1, shown.exported[i])
        if imported != shown.imported[i] or exported != shown.exported[i]:
            yield number, imported, exported


def wh(text: str) -> int:
    """Wh of a text in kWh, below 100,000, with a point or a comma; decimals after the third are
    cut. ValueError if it is not such a number. 24 such hours still fit the slot of a day."""
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
