"""GET /login.html, and /welcome.html: the form of a first password, or none; without script.

In       ?next=PATH, the page to go to after the login
Out      HTML in pieces; nothing that was typed is sent back
Rules    a form has a user name, which password managers need; where none is set it is not looked
         at
"""

from web.documents import setup_parts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from composition import App, Request

_NO_USER = '<input name="user" autocomplete="username" value="owner" hidden>'
_USER = (
    '<label for="user">User name</label><input id="user" name="user" autocomplete="username"'
    ' autocapitalize="none" spellcheck="false" maxlength="63" required autofocus>'
)
_LOGIN = (
    '<section><h1>Log in</h1><form method="post" action="/login"><input type="hidden" name="next"'
    ' value="%s">%s<label for="password">Password</label><input id="password" name="password"'
    ' type="password" autocomplete="current-password" maxlength="63" required%s%s>'
    '<p class="bad" id="why" role="alert">%s</p><button class="main">Log in</button></form>'
    "<p><small>Forgotten? Hold the reader's button for 5 seconds, until its light blinks yellow,"
    " and join its own network: there you choose a new one at http://192.168.4.1/welcome.</small>"
    "</p></section></main></body></html>\n"
)
_WELCOME = (
    "<section><h1>A password for this reader?</h1><p>Everybody in your network can open its pages."
    ' A password protects them.</p><form method="post" action="/welcome">'
    "%s"
    '<label for="password">Password</label><small>At least 8 characters</small><input'
    ' id="password" name="password" type="password" autocomplete="new-password" minlength="8"'
    ' maxlength="63" required autofocus%s><label for="again">The same again</label><input'
    ' id="again" name="again" type="password" autocomplete="new-password" maxlength="63"'
    " required>",
    '<p class="bad" id="why" role="alert">%s</p><label class="tick"><input type="checkbox"'
    ' name="all" value="2">Ask for it also to see the readings. Programs that poll the reader then'
    ' need it too.</label><button class="main" name="do" value="set">Set the password</button>'
    '<button name="do" value="skip" formnovalidate>Continue without a password</button></form>'
    "</section></main></body></html>\n",
)
_WRONG = ' aria-invalid="true" aria-describedby="why"'


def page(app: "App", request: "Request") -> "Iterator[str]":
    """The form to log in."""
    yield from form(app, request.args.get("next", "/"), "")


def form(app: "App", target: str, fault: str) -> "Iterator[str]":
    """The form to log in, with the reason why the last one was refused."""
    user = _USER if app.config.web_user else _NO_USER
    yield from setup_parts.head("Log in")
    focus = "" if user is _USER else " autofocus"
    place = setup_parts.escape(local(target))
    yield _LOGIN % (place, user, focus, _WRONG if fault else "", setup_parts.escape(fault))


def welcome(app: "App", request: "Request") -> "Iterator[str]":
    """The form for a first password."""
    yield from choice("")


def choice(fault: str) -> "Iterator[str]":
    """The form for a first password, with the reason why the last one was refused."""
    yield from setup_parts.head("A password")
    yield _WELCOME[0] % (_NO_USER, _WRONG if fault else "")
    yield _WELCOME[1] % setup_parts.escape(fault)


def local(target: str) -> str:
    """A path of this reader: "/" in place of an address elsewhere."""
    if target[:1] != "/" or target[1:2] in ("/", "\\") or len(target) > 200:
        return "/"
    return "/" if [c for c in target if not "!" <= c <= "~"] else target
