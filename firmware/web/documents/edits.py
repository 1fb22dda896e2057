"""/edits.json: the newest corrections and imports, the newest first.

{"zone", "most", "edits": [{
  "id"       its number
  "at"       when it was made, in UTC; null if an earlier firmware made it
  "changed"  when it was undone or redone, in UTC; null if never
  "kind"     "correction" or "import"
  "state"    "in force" or "undone"
  "next"     "undo" or "redo" if that is possible now, else ""
  "slots"    hours and local days: "t" the begin of an hour in UTC, or a date; "old" and "new",
             each as [import kWh, export kWh, quality]}]}
most: so many are kept, older ones are dropped. Quarters change with their hour and are not listed.
"""

import clock
from energy import blocks, edit_log
from energy.blocks import ESTIMATED, HOURS, QUARTERS
from energy.edit_log import HEAD, UNDONE
from fmt import fixed, quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from composition import App, Request
    from energy.edit_log import Entry, Slot


def get(app: "App", request: "Request") -> "Iterator[str]":
    """Pieces of the document."""
    entries = edit_log.read(app.energy.history.files)
    undo, redo = edit_log.undoable(entries), edit_log.redoable(entries)
    yield '{"zone":%s,"most":%d,"edits":[' % (
        quote(app.energy.settler.zone.name),
        edit_log.MOST,
    )
    comma = ""
    for entry in entries:
        yield comma
        yield from _edit(entry, "undo" if entry is undo else "redo" if entry is redo else "")
        comma = ","
    yield "]}"


def _edit(entry: "Entry", step: str) -> "Iterator[str]":
    """Pieces of one edit; step: what can be done with it now, undo, redo or ""."""
    at, changed_at = entry.times()
    if entry.operation == entry.number:
        changed_at = 0
    yield '{"id":%d,"at":%s,"changed":%s,"state":"%s","next":"%s","slots":[' % (
        entry.number,
        _time(at),
        _time(changed_at),
        "undone" if entry.state == UNDONE else "in force",
        step,
    )
    comma = ""
    kind = "correction"
    for level, number, old, new in entry.slots():
        if level not in (QUARTERS, HEAD):
            begin = clock.iso(number * 3600)[:16] + "Z"
            if level != HOURS:
                begin = clock.iso(number * 86400)[:10]
            yield '%s{"t":"%s","old":%s,"new":%s}' % (comma, begin, _slot(old), _slot(new))
            comma = ","
            if new[2] == ESTIMATED:
                kind = "import"
    yield '],"kind":"%s"}' % kind


def _time(utc: int) -> str:
    return '"%sZ"' % clock.iso(utc)[:16] if utc else "null"


def _slot(slot: "Slot") -> str:
    imported, exported, quality = slot
    return '[%s,%s,"%s"]' % (fixed(imported, 3, 3), fixed(exported, 3, 3), blocks.NAMES[quality])
