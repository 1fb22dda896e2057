"""Who may do what: Basic credentials of scripts, sessions of people, tokens of programs.

In       a request, the level of its row in the route table, the settings web_security, web_user
         and web_password
Out      None if it is served, else body, status and headers of its answer
Rules    A row of a level is protected if web_security is at least that level and a password is
         set. In the setup a client in the network of the reader's own access point needs none.
         Basic credentials that were right are remembered as a keyed digest, so that a script that
         polls costs no slow hash each time. There are at most 4 sessions, in RAM: a fifth one
         replaces the one that was unused for longest, and one ends a day after its last use. A
         new password ends them all, because the digests are made with the stored one.
         After a wrong password its address waits 1, 2, 4 .. 64 s until the next one is looked at.
         Four addresses are remembered, for an hour, and all others share a place while these
         wait. An address that replaces another one goes on with that one's waits. Sessions, tokens
         and remembered credentials never wait. One password is checked at a time.
Errors   429 with Retry-After while an address waits; 401 for scripts; a redirect to /login for
         people. A place is given back if the client goes away.
Source   RFC 7617 (Basic), RFC 6750 (Bearer), RFC 6265 (cookies)
"""

import asyncio
import binascii
import hashlib
import os

import passwords
from micropython import const

from web import guard

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from composition import App, Request

    Answer = tuple[str, int, dict[str, str]]

COOKIE = "reader"
TOKENS = "tokens.json"
_SESSIONS = const(4)
_IDLE_S = const(86400)
_ADDRESSES = const(4)
_MOST_DOUBLINGS = const(6)
_FORGOTTEN_S = const(3600)
_DIGEST_OCTETS = const(16)
_LOOK_MS = const(50)
_LOOKS = const(200)
_PAUSE_MS = const(1)

# Places in the list of App.server.door.
_KEY = const(0)  # random, of the digests
_BASIC = const(1)  # digest of the newest right credentials
_BUSY = const(2)  # a password is being checked
_OPEN = const(3)  # sessions: digest, uptime in seconds of the last use
_WRONG = const(4)  # address, failures in a row, uptime in seconds until which it waits
WINDOW = 5  # a token waits for the button


async def refusal(app: "App", peer: "Any", request: "Request", level: int) -> "Answer | None":
    """The answer to a request that needs a password; None if it is served.

    Sets request.owner: whether the client may do what level 1 protects.
    """
    security = app.config.web_security if app.config.web_password else 0
    if not security or (app.network.setup and guard.from_access_point(peer)):
        return None
    wait_s = 0
    request.owner = _is_session(app, request) or _is_token(app, request)
    if not request.owner:
        request.owner, wait_s = await _is_basic(app, peer, request)
    if request.owner or not level or security < level:
        return None
    if wait_s:
        return "", 429, {"Retry-After": str(wait_s), "Content-Type": "text/html"}
    return _ask(request)


def _ask(request: "Request") -> "Answer":
    """The answer that asks for a password: of people by a form, of scripts by a status."""
    headers = request.headers
    answer = {"Cache-Control": "no-store", "Content-Type": "text/html"}
    basic = "Authorization" in headers
    if not basic and request.method == "GET" and is_page(request):
        answer["Location"] = "/login?next=" + request.path
        return "", 303, answer
    if not basic and ("Origin" in headers or "Cookie" in headers):
        # A browser would ask for Basic credentials in a window of its own.
        answer["WWW-Authenticate"] = 'Session realm="Secure Area"'
        answer["Content-Type"] = "application/json"
        return '{"success":false,"message":"log in first: /login"}', 401, answer
    answer["WWW-Authenticate"] = 'Basic realm="Secure Area"'
    return "", 401, answer


def is_page(request: "Request") -> bool:
    """Whether a browser asks for a page to show."""
    headers = request.headers
    mode = headers.get("Sec-Fetch-Mode", "navigate")
    return "text/html" in headers.get("Accept", "") and bool(mode == "navigate")


def state(app: "App") -> "list[Any]":
    """The list of sessions and failures, made when it is first needed."""
    server = app.server
    if not server.door:
        server.door = [os.urandom(_DIGEST_OCTETS), b"", False, [], [], False]
    return server.door  # type: ignore[no-any-return]


def _digest(app: "App", text: str) -> bytes:
    """A keyed digest of a secret, which a new password or user changes."""
    config = app.config
    h = hashlib.sha256(state(app)[_KEY])
    h.update(("%s\0%s\0%s" % (config.web_password, config.web_user, text)).encode())
    digest: bytes = h.digest()[:_DIGEST_OCTETS]
    return digest


def _session(app: "App", request: "Request") -> "list[Any] | None":
    token = request.cookies.get(COOKIE)
    if not token or not app.server.door:
        return None
    digest = _digest(app, token)
    now_s = app.system.uptime_s()
    for session in state(app)[_OPEN]:
        if passwords.same(digest, session[0]) and now_s - session[1] < _IDLE_S:
            return session  # type: ignore[no-any-return]
    return None


def _is_session(app: "App", request: "Request") -> bool:
    session = _session(app, request)
    if session:
        session[1] = app.system.uptime_s()
    return session is not None


def begin(app: "App") -> str:
    """Begin a session. Returns the header Set-Cookie."""
    token = binascii.hexlify(os.urandom(_DIGEST_OCTETS)).decode()
    sessions = state(app)[_OPEN]
    if len(sessions) >= _SESSIONS:
        sessions.remove(min(sessions, key=lambda session: session[1]))
    sessions.append([_digest(app, token), app.system.uptime_s()])
    return "%s=%s; Path=/; HttpOnly; SameSite=Strict" % (COOKIE, token)


def end(app: "App", request: "Request") -> str:
    """End the session of a request, if it has one. Returns the header Set-Cookie."""
    session = _session(app, request)
    if session:
        state(app)[_OPEN].remove(session)
    return COOKIE + "=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0"


def token_digest(token: str) -> str:
    """What is stored of a token. It has 128 random bits, so it needs no slow hash."""
    return binascii.hexlify(hashlib.sha256(token.encode()).digest()).decode()


def _is_token(app: "App", request: "Request") -> bool:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer":
        return False
    digest = token_digest(token.strip()).encode()
    known = False
    for row in app.storage.read_json(TOKENS).values():
        known |= passwords.same(digest, str(row[2]).encode())  # type: ignore[index]
    return known


async def _is_basic(app: "App", peer: "Any", request: "Request") -> "tuple[bool, int]":
    """Whether the Basic credentials of a request are right; else the seconds to wait."""
    kind, _, text = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return False, 0
    digest = _digest(app, text)
    door = state(app)
    if passwords.same(digest, door[_BASIC]):
        return True, 0
    try:
        user, _, password = binascii.a2b_base64(text).partition(b":")
    except ValueError:
        user = password = b""
    right, wait_s = await is_right(app, peer, user, password)
    if right:
        door[_BASIC] = digest
    return right, wait_s


async def is_right(app: "App", peer: "Any", user: bytes, password: bytes) -> "tuple[bool, int]":
    """(whether user and password are right, seconds until this address may try again, 0 if they
    were looked at)."""
    door = state(app)
    for _ in range(_LOOKS):
        if not door[_BUSY]:
            break
        await asyncio.sleep_ms(_LOOK_MS)
    address = peer[0] if isinstance(peer, tuple) else bytes(peer[4:8])
    wait_s = _wait_s(door, address, app.system.uptime_s())
    if door[_BUSY] or wait_s:
        return False, max(wait_s, 1)
    door[_BUSY] = True
    try:
        right = False
        for found in passwords.check(app.config.web_password, password):
            if found is None:
                await asyncio.sleep_ms(_PAUSE_MS)
            else:
                right = passwords.same(user, app.config.web_user.encode()) and found
    finally:
        door[_BUSY] = False
    _count(door, address, right, app.system.uptime_s())
    if not right:
        app.log.warn("web: wrong password")
    return right, 0


def _row_of(door: "list[Any]", address: "Any", now_s: int) -> "Any":
    """The address under which failures are counted: None for those that have no place."""
    waiting = 0
    for row in door[_WRONG]:
        if row[0] == address:
            return address
        waiting += row[0] is not None and row[2] > now_s
    return address if waiting < _ADDRESSES else None


def _wait_s(door: "list[Any]", address: "Any", now_s: int) -> int:
    """The seconds that an address has to wait."""
    key = _row_of(door, address, now_s)
    for row in door[_WRONG]:
        if row[0] == key:
            return max(0, row[2] - now_s)  # type: ignore[no-any-return]
    return 0


def _count(door: "list[Any]", address: "Any", right: bool, now_s: int) -> None:
    """Count a password that was looked at."""
    key = _row_of(door, address, now_s)
    rows = door[_WRONG]
    failures = 0
    for row in rows:
        if row[0] == key:
            failures = row[1] if now_s - row[2] < _FORGOTTEN_S else 0
            rows.remove(row)
            break
    if right:
        return
    own = [row for row in rows if row[0] is not None]
    if key is not None and len(own) >= _ADDRESSES:
        row = min(own, key=lambda row: row[2])
        rows.remove(row)
        if now_s - row[2] < _FORGOTTEN_S:
            failures = max(failures, row[1])  # many addresses may be of one guesser
    rows.append((key, failures + 1, now_s + (1 << min(failures, _MOST_DOUBLINGS))))
