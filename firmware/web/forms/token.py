"""POST /api/token and /api/token/revoke: tokens of programs, made by pressing the button.

In       name=TEXT, at most 32 characters; /revoke: id
Out      {"success", "id", "name", "token"}: the only answer that has the token. A program sends
         it as `Authorization: Bearer TOKEN` and may then do what the owner may
Rules    The answer comes when the button is pressed, for less than 5 s, within 60 s of the
         request; the light blinks yellow until then. One request waits at a time. At most 4
         tokens. tokens.json keeps a digest of each.
Errors   ValueError with what to do; 403 if the button was not pressed
"""

import asyncio
import binascii
import os

from fmt import quote
from micropython import const
from ondemand import visit

from web.forms.fields import read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from composition import App, Request

_MOST = const(4)
_NAME = const(32)
_FIELD_OCTETS = const(400)
_TOKEN_OCTETS = const(16)
_WINDOW_MS = const(60000)
_LOOK_MS = const(50)
_LONG_MS = const(5000)  # such a press changes the mode
_BLINK_LOOKS = const(5)
_BUTTON = const(16)  # of Board.fitted
_COLOURS = const(3)


async def make(app: "App", request: "Request") -> "Any":
    """POST /api/token."""
    form = await read(request, _FIELD_OCTETS, ("name",))
    name = form.get("name", "").strip()
    if not 1 <= len(name) <= _NAME or [c for c in name if c < " "]:
        raise ValueError("name: 1 to %d characters, by which you know the program" % _NAME)
    if not app.system.board.fitted & _BUTTON:
        raise ValueError("this reader has no button to press")
    with visit("web.auth") as auth:
        rows: "dict[str, Any]" = app.storage.read_json(auth.TOKENS)
        if len(rows) >= _MOST:
            raise ValueError("there are %d tokens already: revoke one" % _MOST)
        door = auth.state(app)
        if door[auth.WINDOW]:
            raise ValueError("another token waits for the button")
        door[auth.WINDOW] = True
        try:
            request.stream.within(2 * _WINDOW_MS)
            pressed = await _pressed(app.system.board)
        finally:
            door[auth.WINDOW] = False
            _blink(app.system.board, False)
        if not pressed:
            return '{"success":false,"message":"the button was not pressed"}', 403, {}
        token = binascii.hexlify(os.urandom(_TOKEN_OCTETS)).decode()
        rows = app.storage.read_json(auth.TOKENS)
        number = next(n for n in "1234" if n not in rows)
        rows[number] = [name, app.system.unix_time(), auth.token_digest(token)]
        if not app.storage.write_json(auth.TOKENS, rows):
            raise ValueError("it cannot be stored: see the log")
    app.log.add("web: a token was made")
    return '{"success":true,"id":"%s","name":%s,"token":"%s"}' % (number, quote(name), token)


async def _pressed(board: "Any") -> bool:
    """Whether the button is pressed and released within the time. A press that has begun before
    does not count."""
    held_ms = -1  # -1 until it is seen released
    for look in range(_WINDOW_MS // _LOOK_MS):
        _blink(board, bool(look // _BLINK_LOOKS % 2))
        if not board.button():
            if _LOOK_MS < held_ms < _LONG_MS:
                return True
            held_ms = 0
        elif held_ms >= 0:
            held_ms += _LOOK_MS
        await asyncio.sleep_ms(_LOOK_MS)
    return False


def _blink(board: "Any", on: bool) -> None:
    """Light yellow, or the single light of a board without colours."""
    board.rgb(on, on, False)
    board.led(on and not board.fitted & _COLOURS)


async def revoke(app: "App", request: "Request") -> str:
    """POST /api/token/revoke."""
    form = await read(request, _FIELD_OCTETS, ("id",))
    with visit("web.auth") as auth:
        rows: "dict[str, Any]" = app.storage.read_json(auth.TOKENS)
        number = form.get("id", "")
        if number not in rows:
            raise ValueError("id: there is no such token")
        del rows[number]
        if not app.storage.write_json(auth.TOKENS, rows):
            raise ValueError("it cannot be stored: see the log")
    return '{"success":true,"message":""}'
