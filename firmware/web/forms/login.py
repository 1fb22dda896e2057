"""POST /login, /logout and /welcome: the forms of web.documents.login.

In       /login    user, which counts if one is set, password, next
         /welcome  do=set with password, again, all=2 to protect everything; do=skip. A user name
                   that is stored is removed
Out      a redirect with a cookie, or the page with what is wrong: 403, or 429 with Retry-After
         while the client's address waits after wrong passwords
"""

from micropython import const
from ondemand import visit

from web.forms.fields import read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from composition import App, Request

_FIELD_OCTETS = const(800)  # three for each of 252 octets, and a name
_CHECK_MS = const(30000)
_SHORTEST = const(8)


def _to(place: str, cookie: str = "") -> "tuple[str, int, dict[str, str]]":
    headers = {"Location": place}
    if cookie:
        headers["Set-Cookie"] = cookie
    return "", 303, headers


async def login(app: "App", request: "Request") -> "Any":
    """POST /login."""
    form = await read(request, _FIELD_OCTETS, ("user", "password", "next"))
    request.stream.within(_CHECK_MS)
    with visit("web.documents.login") as page:
        target = page.local(form.get("next", ""))
    if not app.config.web_password:
        return _to(target)
    user = form.get("user", "").encode() if app.config.web_user else b""
    password = form.get("password", "").encode()
    with visit("web.auth") as auth:
        right, wait_s = await auth.is_right(app, request.stream.peer, user, password)
        if right:
            return _to(target, auth.begin(app))
    if wait_s:
        fault = "Too many wrong passwords: wait %d seconds, then try again" % wait_s
        return _again(app, target, fault), 429, {"Retry-After": str(wait_s)}
    return _again(app, target, "That is not the password"), 403, {}


def _again(app: "App", target: str, fault: str) -> "Any":
    with visit("web.documents.login") as page:
        yield from page.form(app, target, fault)


async def logout(app: "App", request: "Request") -> "Any":
    """POST /logout."""
    with visit("web.auth") as auth:
        return _to("/", auth.end(app, request))


async def choose(app: "App", request: "Request") -> "Any":
    """POST /welcome."""
    form = await read(request, _FIELD_OCTETS, ("do", "user", "password", "again", "all"))
    request.stream.within(_CHECK_MS)
    if form.get("do") == "skip":
        app.apply({"web_security": 0})
        return _to("/")
    password = form.get("password", "")
    if len(password) < _SHORTEST:
        return _refused("A password has at least %d characters" % _SHORTEST), 400, {}
    if password != form.get("again"):
        return _refused("The two are not the same"), 400, {}
    # A user name of before would be asked for at each login, and this form does not show it.
    security = 2 if form.get("all") == "2" else 1
    app.apply({"web_security": security, "web_user": "", "web_password": password})
    with visit("web.auth") as auth:
        return _to("/", auth.begin(app))


def _refused(fault: str) -> "Any":
    with visit("web.documents.login") as page:
        yield from page.choice(fault)
