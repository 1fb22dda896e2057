"""GET /recovery and /firmware: a page without script, of frozen code alone.

In       the slots, the log
Out      HTML: upload of an image, its address, the way back, restart, factory reset, the log. It
         works in safe mode, and when the files of the page are damaged
"""

from ondemand import visit
from system import BUILT_UTC, PRODUCT, VERSION
from upgrade import notes

from web.documents import setup_parts
from web.documents.setup_parts import escape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from composition import App, Request


def page(app: "App", request: "Request") -> "Iterator[str]":
    """The page."""
    board = app.system.board
    slots = board.slots()
    yield from setup_parts.head("Recovery")
    yield "<h1>%s: recovery</h1><section><p><b>%s</b> on %s (%s)%s</p>" % (
        PRODUCT,
        VERSION,
        escape(board.name),
        board.chip,
        ", in " + escape(slots.label) if slots else "",
    )
    if app.safe_s:
        yield '<p class="bad">Safe mode: crashes followed each other. The log is below.</p>'
    last = notes.read(app, "last")
    error = app.system.upgrade[notes.ERROR] if app.system.upgrade else ""
    if last:
        yield '<p class="bad">%s was left: %s</p>' % (
            escape(last.get("version", "")),
            escape(last.get("why", "")),
        )
    if error:
        yield '<p class="bad">The last upgrade: %s</p>' % escape(error)
    yield "</section><section><h2>Firmware</h2>"
    with visit("upgrade.preflight") as preflight:
        for reason in preflight.reasons(app, slots):
            yield "<p><small>Not now: %s</small></p>" % escape(reason)
    yield (
        '<form method="post" action="/firmware" enctype="multipart/form-data">'
        '<label for="file">Image (firmware.bin)</label>'
        '<input type="file" id="file" name="file" accept=".bin" required>'
        '<button class="main">Upload and install</button></form>'
        '<form method="post" action="/firmware"><label for="url">Or its address</label>'
        '<input id="url" name="url" inputmode="url" required><button>Install from there</button>'
        "</form>"
    )
    if slots:
        yield (
            '<form method="post" action="/upgrade/back"><button>Go back to the firmware in %s'
            "</button></form>"
        ) % escape(slots.other)
    yield (
        '</section><section><h2>Restart</h2><form method="post" action="/reboot">'
        "<button>Restart</button></form></section><section><h2>Factory reset</h2>"
        '<form method="post" action="/reset"><label class="tick"><input type="checkbox"'
        ' name="perform" value="true" required>Clear all settings, passwords and keys</label>'
        '<label class="tick"><input type="checkbox" name="keep" value="records" checked>'
        "Keep the history</label><button>Clear</button></form></section>"
        "<section><h2>Log</h2>"
    )
    for seconds, text in app.log.lines():
        yield "<small>%d %s</small>" % (seconds, escape(text))
    yield "</section><p><small>built %d</small></p></main></body></html>\n" % BUILT_UTC
