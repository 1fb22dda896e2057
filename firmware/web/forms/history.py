"""The owner's corrections of history: POST /dayplot and /monthplot.

In       form fields in kWh: iNN, eNN by UTC hour or iDD, eDD by local day, as in /dayplot.json and
         /monthplot.json; preview=true changes nothing and answers what would change
         undo=true undoes the newest correction in force, and redo=true makes the one undone last
         again; undo=7, redo=7 only if correction 7 of /edits.json is the one
Out      {"success", "message", "reboot"}; a value that equals the present one is no correction;
         for a preview "preview" too: see web.forms.preview
Errors   ValueError with the reason if a field is wrong; then nothing is changed. A reason that is
         about one field begins with its name: "i07: at most ..."
Limits   a slot holds at most what the meter's registers may move in its 1, 23, 24 or 25 hours by
         energy.registers. Import and export are checked apart, and only new values
"""

import clock
from energy import edits, views
from fmt import boolean, fixed
from microdot.microdot import urldecode
from micropython import const
from ondemand import visit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from composition import App, Request
    from energy.blocks import Block
    from energy.edits import Change

_FIELD_OCTETS = const(40)
# Keys of other fields than values.
_UNDO = const(-1)
_REDO = const(-2)
_PREVIEW = const(-3)
_COMMANDS = {"undo": _UNDO, "redo": _REDO, "preview": _PREVIEW}
_NEWEST = const(-1)  # for "true" in place of a correction's number


async def day(app: "App", request: "Request") -> str:
    """POST /dayplot: correct hours of the last 24."""
    fields = await _fields(request)
    now = app.system.unix_time()
    if fields.get(_UNDO) or fields.get(_REDO):
        return _repeat(app, fields, now)
    hour = now // 3600
    changes = []
    for i, old, imported, exported in _edited(fields, views.day_hours(app.energy, now), 0):
        _check(app, i, old, (imported, exported), 1)
        number = hour - hour % 24 + i
        changes.append((number if number < hour else number - 24, imported, exported))
    return _enter(app, fields, changes, [], now)


async def month(app: "App", request: "Request") -> str:
    """POST /monthplot: correct days of the last 31."""
    fields = await _fields(request)
    now = app.system.unix_time()
    if fields.get(_UNDO) or fields.get(_REDO):
        return _repeat(app, fields, now)
    zone = app.energy.settler.zone
    today = zone.day(now)
    places = {clock.civil(day * 86400)[2]: day for day in range(today - 31, today)}
    changes = []
    for date, old, imported, exported in _edited(fields, views.month_days(app.energy, now), 1):
        if date not in places:
            raise ValueError("the last 31 days have no day %d" % date)
        day = places[date]
        hours = (zone.day_start(day + 1) - zone.day_start(day)) // 3600
        _check(app, date, old, (imported, exported), hours)
        changes.append((day, imported, exported))
    return _enter(app, fields, [], changes, now)


def _enter(
    app: "App", fields: "dict[int, int]", by_hour: "list[Change]", by_day: "list[Change]", now: int
) -> str:
    """Make the correction, or answer what it would change."""
    if fields.get(_PREVIEW):
        with visit("web.forms.preview") as preview:
            text: str = preview.answer(app, by_hour, by_day, now)
        return text
    return _answer(edits.enter(app.energy, by_hour, by_day, now))


def _repeat(app: "App", fields: "dict[int, int]", now: int) -> str:
    """Undo or redo a correction."""
    number, other = fields.get(_UNDO, 0), fields.get(_REDO, 0)
    if fields.get(_PREVIEW) or (number and other):
        raise ValueError("undo, redo and preview are not possible together")
    if number:
        return _answer(edits.undo(app.energy, now, max(0, number)))
    return _answer(edits.redo(app.energy, now, max(0, other)))


def _check(
    app: "App", number: int, old: "tuple[int, int]", new: "tuple[int, int]", hours: int
) -> None:
    """ValueError if a value of slot `number` is not the old one and is more than the meter can
    count in its hours; both are import and export in Wh."""
    registers = app.energy.registers
    most = registers.most_wh(hours * 3600, None)
    for column in (0, 1):
        if new[column] != old[column] and new[column] > most:
            why = "as the main fuse is not known"
            if registers.most_w:
                why = "by a main fuse of %d A" % app.config.main_fuse_a
            span = "an hour" if hours == 1 else "a day of %d hours" % hours
            raise ValueError(
                "%s%02d: at most %s kWh in %s, %s"
                % ("ie"[column], number, fixed(most, 3, 3), span, why)
            )


async def _fields(request: "Request") -> "dict[int, int]":
    """The fields as {number: Wh}: 2 x NN for iNN, 2 x NN + 1 for eNN; _PREVIEW: 1 for true;
    _UNDO and _REDO: the number of a correction, _NEWEST for true."""
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
            if name in _COMMANDS:
                field = _COMMANDS[name]
            elif len(name) == 3 and name[0] in "ie" and name[1:].isdigit():
                field = 2 * int(name[1:]) + (name[0] == "e")
            else:
                continue
            if field in fields:
                raise ValueError
        except ValueError:  # also of a % code that is not hexadecimal or not UTF-8
            raise ValueError("a field comes twice or has a wrong code: " + repr(pair)[2:-1])
        if field >= 0:
            fields[field] = 0
            try:
                fields[field] = wh(text)
            except ValueError as e:
                fault = fault or "%s: %s" % (name, e)
        elif text.isdigit() and len(text) < 10 and field != _PREVIEW:
            fields[field] = int(text)
        elif text in ("true", "false", ""):
            fields[field] = _NEWEST if text == "true" else 0
        else:  # a preview that is not understood must not become a correction
            raise ValueError("%s must not be %s" % (name, text[:20]))
    if fault and not fields.get(_UNDO) and not fields.get(_REDO):
        raise ValueError(fault)
    return fields


def _edited(
    fields: "dict[int, int]", shown: "Block", first: int
) -> "Iterator[tuple[int, tuple[int, int], int, int]]":
    """(number, old import and export, import Wh, export Wh) of each slot that differs from what is
    shown."""
    for i in range(shown.n):
        number = first + i
        old = shown.imported[i], shown.exported[i]
        imported = fields.get(2 * number, old[0])
        exported = fields.get(2 * number + 1, old[1])
        if (imported, exported) != old:
            yield number, old, imported, exported


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
