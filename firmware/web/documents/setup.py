"""GET /setup.html: the form for the reader's network without script, in setup mode.

In       the settings in force; the fields of a form that was refused, and the reason
Out      HTML in pieces. A reason that begins with the name of a field is beside that field
Rules    a password that is stored or was tested is *** in its field, which keeps it; one that was
         only typed is not sent back, so that it must be typed again
         outside setup mode: a page that tells how to come back to it
"""

from web.documents import setup_parts, wifi
from web.documents.setup_parts import escape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from composition import App, Request

KEPT_PSK = "***"  # in place of the stored password, as the AMS reader has it
_MASKS = (24, 16, 20, 21, 22, 23, 25, 26, 27, 28, 29, 30)
_FIELD = (
    '<label for="%s">%s</label>%s<input id="%s" name="%s" value="%s" %s autocomplete="off"'
    ' autocapitalize="none" spellcheck="false" aria-describedby="%s-why"%s>'
    '<p class="bad" id="%s-why" role="alert">%s</p>'
)
_BUS_POWERED = (
    '<p class="note"><b>Keep the reader on USB power until it is set up:</b> its access point'
    " needs more than the meter's port supplies.</p>"
)
_SAVED = (
    '<section id="saved" role="status"><h2>Saved</h2><p>%s</p><ul>%s</ul>'
    "<p>No page there after two minutes? Your router's list of devices"
    " has the address of <b>%s</b>. Not in the list? Hold the reader's button for 5 seconds, until"
    " its light blinks yellow, join its own network again and test the password.</p></section>"
)


def page(app: "App", request: "Request | None") -> "Iterator[str]":
    """The page; with ?ss=NAME that network is chosen, with ?scan=1 the networks are listed."""
    if not app.network.setup:
        yield from _elsewhere(app)
        return
    config = app.config
    args = request.args if request else {}
    name, psk = app.network.wanted  # of a test: the phone may have lost the page during it
    if not name:
        name, psk = config.wifi_ssid, config.wifi_psk
    fields = {
        "ss": args.get("ss", name),
        "sp": KEPT_PSK if psk and "ss" not in args else "",
        "sh": app.system.hostname(config.hostname),
    }
    words = config.address.split()
    if words:
        own, _, fields["su"] = words[0].partition("/")
        fields["sm"], fields["si"], fields["sg"] = "static", own, words[1]
        fields["sd"] = words[2] if len(words) > 2 else ""
    yield from form(app, fields, "", "scan" in args)


def form(
    app: "App", fields: "Mapping[str, str]", fault: str, listed: bool = False
) -> "Iterator[str]":
    """The form with these values and the reason why it was refused, "" at first."""
    name, colon, text = fault.partition(": ")
    if not colon or len(name) != 2:
        name, text = "failed", fault

    def field(code: str, label: str, hint: str, more: str) -> str:
        why = text if code == name else ""
        bad = ' aria-invalid="true"' if why else ""
        value = escape(fields.get(code, ""))
        hint = "<small>%s</small>" % hint if hint else ""
        return _FIELD % (code, label, hint, code, code, value, more, code, bad, code, escape(why))

    yield from setup_parts.head("Set up the reader")
    yield "<h1>Set up the reader</h1>"
    if app.system.board.bus_powered:
        yield _BUS_POWERED
    yield (
        '<form id="form" method="post" action="/setup"><input type="hidden" name="s" value="true">'
        "<section><h2>1. Your Wi-Fi network</h2><small>2.4 GHz: the reader has no 5 GHz.</small>"
        "<ul>"
    )
    if listed:
        for row in wifi.rows(app):
            label = escape(row[0]), row[1], "open" if row[2] == "open" else "locked"
            yield '<li><a href="/setup.html?ss=%s"><b>%s</b><span>%s, %s</span></a></li>' % (
                (code(row[0]),) + label
            )
    yield ('</ul><a href="/setup.html?scan=1">List the networks in reach</a>')
    yield field(
        "ss",
        "Name of the network (SSID)",
        "Choose it above, or type it if it is hidden.",
        'required maxlength="32"',
    )
    yield '<label for="sp">Password</label>'
    why = text if name == "sp" else ""
    state, message, _ = wifi.result(app)
    if fields.get("ss") != app.network.wanted[0]:
        state = message = ""
    yield '<input type="password" id="sp" name="sp" value="%s" maxlength="63" %s>' % (
        escape(fields.get("sp", "")),
        'autocomplete="off" aria-describedby="sp-why"' + (' aria-invalid="true"' if why else ""),
    )
    yield (
        '<p class="bad" id="sp-why" role="alert">%s</p><p id="tested" class="%s">%s</p></section>'
        "<section><h2>2. The reader's name</h2>"
    ) % (escape(why), "good" if state == "ok" else "bad", escape(message))
    yield field(
        "sh",
        "Host name",
        "Its page is then http://&lt;name&gt;.local/. Small letters, digits and -.",
        'maxlength="32" pattern="[a-z0-9\\-]*"',
    )
    yield from _static(fields, field, name)
    yield '<p class="bad" id="failed" role="alert">%s</p>' % (
        escape(text) if name == "failed" else ""
    )
    yield (
        '<button class="main" id="save">Save and join this network</button>'
        "</form></main></body></html>\n"
    )


def _static(fields: "Mapping[str, str]", field: "object", wrong: str) -> "Iterator[str]":
    """The part with the static address."""
    chosen = fields.get("sm") == "static"
    opened = " open" if chosen or wrong in ("si", "su", "sg", "sd") else ""
    yield (
        "<details%s><summary>Static IP address (optional)</summary>"
        '<label class="tick"><input type="checkbox" id="sm" name="sm" value="static"%s>'
        "Use this address. Without, the router gives one.</label>"
    ) % (opened, " checked" if chosen else "")
    number = 'inputmode="decimal" maxlength="15"'
    yield field("si", "IP address", "Free in your network, as 192.168.1.50", number)  # type: ignore
    yield '<label for="su">Subnet</label><select id="su" name="su">'
    bits = fields.get("su") or "24"
    for length in _MASKS:
        yield '<option%s value="%d">/%d</option>' % (
            " selected" if str(length) == bits else "",
            length,
            length,
        )
    yield "</select>"
    yield field("sg", "Gateway", "Your router's address", number)  # type: ignore
    yield field("sd", "DNS", "Empty: the gateway. If uncertain: 1.1.1.1", number)  # type: ignore
    yield "</details></section>"


def saved(app: "App", message: str) -> "Iterator[str]":
    """The page after the settings are stored."""
    name = escape(app.system.hostname(app.config.hostname))
    places = [name + ".local", name]
    if app.config.address:
        places.insert(0, app.config.address.split("/")[0])
    yield from setup_parts.head("Set up the reader")
    links = ['<li><a href="http://%s/">http://%s/</a></li>' % (place, place) for place in places]
    yield _SAVED % (escape(message), "".join(links), name)
    yield "</main></body></html>\n"


def _elsewhere(app: "App") -> "Iterator[str]":
    yield from setup_parts.head("Set up the reader")
    yield (
        "<section><h1>This reader is set up</h1><p>It is in the network <b>%s</b>. For another"
        " network hold its button for 5 seconds, until the light blinks yellow, and join the"
        " reader's own network.</p><p><a href=\"/\">The meter's readings</a></p></section>"
        "</main></body></html>\n"
    ) % escape(app.config.wifi_ssid)


def code(text: str) -> str:
    """A text within the query of a URL."""
    return "".join(["%%%02X" % octet for octet in text.encode()])
