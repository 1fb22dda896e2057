"""/upgrade.json: the firmware, its two places, and what an upgrade does; /fwchannel.

running built     of the firmware: version, UTC in seconds
board family chip the board's name and family, the chip
slot other room   the place that runs, the other one and its octets; null if there is one place
phase done size   "" nothing is done, "checking", "loading", "verifying", "restarting" or "trial";
                  octets written, of so many; 0: not known
latest notes      the newer version that the manifest offers, "" if none is known; what is new
error             why the last attempt ended, ""
resume            {"size", "done"} of an upload that was broken off; null: there is none
last              {"version", "why", "at"}: the version that was left, and when in UTC; null
may reasons       whether an upgrade may begin now, and why not
url channel auto  whether there is an address to look at; the channel's number; whether the owner
                  consents to a look each day
"""

from fmt import boolean, quote
from ondemand import visit
from system import BUILT_UTC, VERSION
from upgrade import notes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    from composition import App, Request


def get(app: "App", request: "Request") -> "Iterator[str]":
    """Pieces of /upgrade.json."""
    board = app.system.board
    slots = board.slots()
    yield '{"running":%s,"built":%d,"board":%s,"family":%s,"chip":%s' % (
        quote(VERSION),
        BUILT_UTC,
        quote(board.name),
        quote(board.family),
        quote(board.chip),
    )
    if slots is None:
        yield ',"slot":null,"other":null,"room":null'
    else:
        yield ',"slot":%s,"other":%s,"room":%d' % (
            quote(slots.label),
            quote(slots.other),
            slots.size,
        )
    up: "Sequence[Any]" = app.system.upgrade or ("", 0, 0, "", "", "")
    yield ',"phase":%s,"done":%d,"size":%d,"latest":%s,"notes":%s,"error":%s' % (
        quote(up[notes.PHASE]),
        up[notes.DONE],
        up[notes.SIZE],
        quote(up[notes.LATEST]),
        quote(up[notes.NOTES]),
        quote(up[notes.ERROR]),
    )
    load = notes.read(app, "load")
    last = notes.read(app, "last")
    if load and not load.get("url"):
        yield ',"resume":{"size":%d,"done":%d}' % (load.get("size", 0), load.get("done", 0))
    else:
        yield ',"resume":null'
    if last:
        yield ',"last":{"version":%s,"why":%s,"at":%d}' % (
            quote(last.get("version", "")),
            quote(last.get("why", "")),
            last.get("at", 0),
        )
    else:
        yield ',"last":null'
    with visit("upgrade.preflight") as preflight:
        reasons = preflight.reasons(app, slots)
    yield ',"may":%s,"reasons":[%s]' % (
        boolean(not reasons),
        ",".join([quote(reason) for reason in reasons]),
    )
    stored = app.config.stored
    yield ',"url":%s,"channel":%d,"auto":%s}' % (
        boolean(stored.get("upgrade_url")),
        stored.get("upgrade_channel", 0),
        boolean(stored.get("upgrade_auto")),
    )


def channel(app: "App", request: "Request") -> str:
    """GET /fwchannel."""
    return '{"channel":%d}' % app.config.stored.get("upgrade_channel", 0)
