"""The owner's corrections of history.

In       POST /dayplot with iNN, eNN by UTC hour, POST /monthplot with iDD, eDD by local day; kWh;
         undo=true takes the last edit back
Out      the answer's body; only values that differ from what is shown are changed
Errors   a form that is wrong raises ValueError with the reason
"""

import clock
from energy import edits
from energy.slots import Block
from fmt import boolean

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from energy.domain import Energy


def edit_day(energy: "Energy", form: "dict[str, str]", now: int) -> str:
    """POST /dayplot: the answer. Keys are UTC hours, as /dayplot.json has them."""
    if form.get("undo") == "true":
        return _answer(edits.undo(energy, now))
    hour = now // 3600
    changes = []
    for i, imported, exported in _edited(form, energy.day_hours(now), 0):
        number = hour - hour % 24 + i
        changes.append((number if number < hour else number - 24, imported, exported))
    return _answer(edits.hours(energy, changes, now))


def edit_month(energy: "Energy", form: "dict[str, str]", now: int) -> str:
    """POST /monthplot: the answer. Keys are local days, as /monthplot.json has them."""
    if form.get("undo") == "true":
        return _answer(edits.undo(energy, now))
    today = energy.zone.day(now)
    places = {clock.civil(day * 86400)[2]: day for day in range(today - 31, today)}
    changes = []
    for date, imported, exported in _edited(form, energy.month_days(now), 1):
        if date not in places:
            raise ValueError("the last 31 days have no day %d" % date)
        changes.append((places[date], imported, exported))
    return _answer(edits.days(energy, changes, now))


def _edited(form: "dict[str, str]", shown: Block, first: int) -> "Iterator[tuple[int, int, int]]":
    """(key, import Wh, export Wh) of slots whose values are others than what is shown."""
    for i in range(shown.n):
        values = []
        for letter, column in (("i", shown.imported), ("e", shown.exported)):
            text = form.get("%s%02d" % (letter, first + i))
            values.append(column[i] if text is None else wh(text))
        if values != [shown.imported[i], shown.exported[i]]:
            yield first + i, values[0], values[1]


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
