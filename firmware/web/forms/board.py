"""The board that the owner chooses: /board.json, and the section v of POST /save.

In       vb number of the board; vh GPIO of the meter's line, "" the board's own, not looked at for
         a board whose line is wired; vr=true clears all settings too
Out      {"success", "message", "reboot"}: what is chosen is used after the restart; without a
         change there is none
         /board.json: board the number in use; gpio of the meter's line, null the board's own; why
         the chosen board is not used, ""; boards that can be chosen, the image's own first: id,
         name, gpio of the meter's line, pins that can be it, [] if the line is wired
Errors   ValueError with the field and the reason, then nothing is changed
Source   AMS reader 2.2.28, by its users' forms
"""

from fmt import quote
from micropython import const
from ondemand import visit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from composition import App, Request

_CAUSE_SAVE = const(2)
_CAUSE_FACTORY_RESET = const(5)


def get(app: "App", request: "Request") -> "Iterator[str]":
    """Pieces of /board.json."""
    board = app.system.board
    with visit("boardchoice") as choice:
        number, pin = choice.in_use(app.storage, board)
        rows = choice.BOARDS
    yield '{"board":%d,"gpio":%s,"why":%s,"boards":[' % (
        number,
        "null" if pin is None else pin,
        quote(board.not_chosen),
    )
    comma = ""
    for known, name in rows:
        with visit("boardchoice") as choice, visit(name) as one:
            text = '{"id":%d,"name":%s,"gpio":%d,"pins":%s}' % (
                known,
                quote(one.NAME),
                choice.own_pin(one),
                str(choice.pins(one)).replace(" ", ""),
            )
        yield comma + text
        comma = ","
    yield "]}"


def store(app: "App", fields: "dict[str, str]") -> "tuple[str, bool]":
    """Check and store the choice. Returns a message, and whether the reader restarts."""
    number = _number(fields, "vb")
    pin = _number(fields, "vh") if fields.get("vh") else None
    clears = fields.get("vr") == "true"
    with visit("boardchoice") as choice:
        before = app.storage.read(choice.FILE)
        try:
            taken = choice.store(app.storage, number, pin)
        except ValueError as e:
            raise ValueError(("vh: %s" if str(e)[:4] == "GPIO" else "vb: %s") % e)
        changed = before != app.storage.read(choice.FILE)
    if not taken:
        raise ValueError("flash does not take it: see the log")
    if clears:
        with visit("factory") as factory:
            if not factory.begin(app.storage, factory.SETTINGS):
                raise ValueError("flash takes no note of it, so nothing is cleared: see the log")
    if changed or clears:
        app.log.add("board: %d is used after the restart" % number)
        app.restart(_CAUSE_FACTORY_RESET if clears else _CAUSE_SAVE)
    return "", changed or clears


def _number(fields: "dict[str, str]", name: str) -> int:
    text = fields.get(name, "").strip()
    if not text.isdigit() or len(text) > 3:
        raise ValueError("%s: a whole number was expected" % name)
    return int(text)
