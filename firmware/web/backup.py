"""POST /backup: take a backup back, or see what it would change. See docs/backup.md.

In       the file of /backup.json as the body, a record in a line
?preview   true: nothing is changed
?parts     take these parts only, with commas; without it all that the file has
?replace   history: slots that are known here are replaced too
Out      {"success", "message", "preview", "settings": [{"name", "from", "to"} or, of a secret,
         {"name", "secret": "set", "changed"}], "history": {level: {"new", "equal", "different",
         "left_out"}}, "descriptors": "equal", "different" or null, "corrections": number taken,
         "unknown": [names of settings that are not known here], "certificates": [files that are
         different]}
Rules    All lines are read and checked before one is used. Meanwhile blocks of the history are
         kept in the files `restore0`, `restore1` and so on. Each goes when its lines are entered,
         as flash has no room for all of them beside a long history; the rest at the end and at
         each start. Then descriptors, settings in one write, and the history, a file of blocks at
         a time.
         Corrections are taken only by a reader without corrections.
Limits   a line has 4 KB, settings 8 KB, certificates 16 KB as lines, descriptors 4 KB, ten
         corrections 4 KB
Errors   ValueError with the reason; then nothing is changed, but if flash takes the settings and
         refuses what follows: the reason says so
"""

import asyncio
import json

from fmt import boolean, quote
from micropython import const
from ondemand import visit

from web.backup_lines import LEVELS, Backup, Blocks, Lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from composition import App, Request
    from storage import Storage

FILE = "restore"  # and a number
_KEY = "mqtt-key"
_LINE_OCTETS = const(4096)
_PIECE = const(256)
_KEPT_OCTETS = const(1024)
_FILE_OCTETS = const(8192)  # above those of a line and _KEPT_OCTETS
_PATIENCE_MS = const(30000)
_COUNTS = ("new", "equal", "different", "left_out")
_NO_CLOCK = (
    "the clock is not set yet: take the other parts now, with"
    " parts=settings,secrets,descriptors, and the history in a minute"
)


async def post(app: "App", request: "Request") -> str:
    """POST /backup."""
    preview = _flag(request.args, "preview", "true")
    replace = _flag(request.args, "replace", "history")
    parts = []
    if "parts" in request.args:
        with visit("web.documents.backup") as document:
            parts = document.parts_of(request.args, "")
    found = Backup(parts)
    try:
        counts = await _receive(app, request, found, preview, replace)
        answer = _settings(app, found)
        _check_files(app, found)
        descriptors = _use_descriptors(app, found, preview)
        if not preview:
            if found.changes:
                try:
                    app.apply(found.changes)
                except ValueError:
                    _use_descriptors(app, None, True)
                    raise
            _store_descriptors(app, found)
            _store_files(app, found)
            if counts is not None:
                counts = await _enter(app, request, replace)
    finally:
        if not preview:
            drop(app.storage)
    taken = 0
    if found.corrections and (preview or app.counts()):
        with visit("energy.edit_log") as log:
            if preview:
                names = app.storage.names()
                taken = 0 if log.EDITS in names or "edit" in names else len(found.corrections)
            elif log.restore(app.storage, found.corrections):
                taken = len(found.corrections)
    message = "this would change" if preview else "taken over"
    if app.network.trial and not preview:
        message += "; the new network is on trial for 60 seconds: open the reader at its new"
        message += " address"
    return (
        '{"success":true,"message":%s,"preview":%s,"settings":[%s],"history":%s,'
        '"descriptors":%s,"corrections":%d,"unknown":[%s],"certificates":[%s]}'
    ) % (
        quote(message),
        boolean(preview),
        answer,
        _history(counts),
        quote(descriptors) if descriptors else "null",
        taken,
        ",".join([quote(name) for name in found.unknown]),
        ",".join([quote(name) for name in found.files]),
    )


def _flag(query: "dict[str, str]", name: str, value: str) -> bool:
    """Whether a parameter has its only value. ValueError for another one."""
    if query.get(name, value) != value:
        raise ValueError("%s must be %s, or left out" % (name, value))
    return name in query


async def _receive(
    app: "App", request: "Request", found: Backup, preview: bool, replace: bool
) -> "list[list[int]] | None":
    """Read and check the body. Keeps blocks in the file, or counts them for a preview. Returns the
    counts, None without history."""
    with visit("energy.backup") as backup:
        restore = None
        if preview and app.counts():
            now = app.system.unix_time()
            restore = backup.Restore(app.energy, now, replace, False)
        taker = Blocks(backup, restore)
        with visit("schema") as schema:
            seen = await _check(app, request, found, taker, None if preview else Kept(app.storage),
                                schema)  # fmt: skip
        if not seen:
            return None
        counts: "list[list[int]]" = restore.counts if restore else []
    return counts


async def _check(
    app: "App", request: "Request", found: Backup, taker: "Blocks", kept: "Kept | None",
    schema: "Any",
) -> bool:  # fmt: skip
    """Read and check all lines. Whether there is history among them."""
    lines = Lines()
    seen = False
    while True:
        line = await request.stream.part(b"\n", _LINE_OCTETS)
        if line is None:
            break
        record = lines.record(line)
        if record is not None and found.take(record, len(line), schema):
            if not seen:
                _ready(app)
                seen = True
            taker.take(record)
            if kept is not None:
                kept.add(line)
    if not lines.whole:
        raise ValueError("it is not whole: its end is missing")
    if kept is not None:
        kept.end()
    return seen


def _ready(app: "App") -> None:
    """ValueError if no history can be taken now."""
    if not app.counts():
        raise ValueError("energy cannot be changed now: the reader's log says why")
    if not app.system.utc():
        raise ValueError(_NO_CLOCK)


def drop(files: "Storage") -> None:
    """Delete all lines that are kept."""
    for name in files.names():
        if name.startswith(FILE):
            files.remove(name)


class Kept:
    """Lines in the files `restore0` and so on: whole ones in each."""

    def __init__(self, files: "Storage") -> None:
        drop(files)
        self._files = files
        self._octets = bytearray()
        self._written = 0

    def add(self, line: bytes) -> None:
        """Keep a line. ValueError if flash has no room."""
        self._octets += line.strip()
        self._octets += b"\n"
        if len(self._octets) >= _KEPT_OCTETS:
            self.end()

    def end(self) -> None:
        """Write what is not written yet."""
        name = FILE + str(self._written // _FILE_OCTETS)
        if self._octets and not self._files.append(name, bytes(self._octets)):
            raise ValueError("flash has no room for the history, so nothing is changed")
        self._written += len(self._octets)
        self._octets = bytearray()


def kept_lines(files: "Storage") -> "Iterator[bytes]":
    """The lines of the files, each of which is deleted after its last line."""
    buf = bytearray(_PIECE)
    line = b""
    number = at = 0
    while True:
        name = FILE + str(number)
        n = files.read_into(name, at, buf)
        if not n:
            if not at:
                return
            files.remove(name)
            number, at = number + 1, 0
            continue
        at += n
        parts = bytes(buf[:n]).split(b"\n")
        for part in parts[:-1]:
            yield line + part
            line = b""
        line += parts[-1]


async def _enter(app: "App", request: "Request", replace: bool) -> "list[list[int]]":
    """Enter the history of the file. Returns the counts."""
    with visit("energy.backup") as backup:
        now = app.system.unix_time()
        restore = backup.Restore(app.energy, now, replace, True)
        taker = Blocks(backup, restore)
        done = False
        try:
            for line in kept_lines(app.storage):
                taker.take(json.loads(line.decode().rstrip(",")))
                request.stream.within(_PATIENCE_MS)
                await asyncio.sleep_ms(0)
        finally:  # also if the request is cancelled: the sums are those of the history
            done = restore.end(now)
        counts: "list[list[int]]" = restore.counts
    if not done:
        raise ValueError("flash took the settings, but not all of the history: see the log")
    return counts


def _settings(app: "App", found: Backup) -> str:
    """What changes, as the members of an array. Removes what does not from the changes."""
    out = []
    with visit("schema") as schema:
        for name in list(found.changes):
            present, value = schema.value(app.config, name), found.changes[name]
            if present == value:
                if app.config.is_set(name):
                    found.changes.pop(name)
            elif schema.row(name)[schema.SECRET]:
                change = "changed" if present else "set"
                out.append('{"name":%s,"secret":"%s"}' % (quote(name), change))
            else:
                out.append(
                    '{"name":%s,"from":%s,"to":%s}'
                    % (quote(name), json.dumps(present), json.dumps(value))
                )
    return ",".join(out)


def _use_descriptors(app: "App", found: "Backup | None", preview: bool) -> str:
    """Use the descriptors of a backup, or only try them. Returns "", "equal" or "different".
    ValueError if they are wrong; without a backup the stored ones come back."""
    text = (app.storage.read("lists.txt") or b"").decode()
    if found is None:
        app.decoder.use(text)
        return ""
    if not found.descriptors:
        return ""
    old = [line.rstrip("\r") for line in text.split("\n") if line.strip()]
    if old == found.descriptors:
        found.descriptors = []
        return "equal"
    app.decoder.use("\n".join(found.descriptors) + "\n")
    if preview:
        app.decoder.use(text)
    return "different"


def _store_descriptors(app: "App", found: Backup) -> None:
    if found.descriptors:
        text = "\n".join(found.descriptors) + "\n"
        if not app.storage.write("lists.txt", (text.encode(),)):
            raise ValueError("flash took the settings, but no descriptors: see the log")


def _check_files(app: "App", found: Backup) -> None:
    """Leave those that differ from the stored ones, as DER. ValueError if one is none."""
    for name in list(found.files):
        octets = found.files[name]
        if octets == app.storage.read(name):
            found.files.pop(name)
            continue
        with visit("certificates") as certificates:
            kind = certificates.KEY if name == _KEY else certificates.CERTIFICATE
            try:
                ders = certificates.ders(octets, kind)
                for der in ders:
                    if name == _KEY:
                        certificates.private_key(der)
                    else:
                        certificates.Certificate(der)
            except ValueError as e:
                raise ValueError("%s: %s" % (name, e))
        found.files[name] = b"".join(ders)


def _store_files(app: "App", found: Backup) -> None:
    for name in found.files:
        if not app.storage.write(name, (found.files[name],)):
            raise ValueError("flash took the settings, but no %s: see the log" % name)
        with visit("web.forms.certificates") as form:
            form.use(app, name, "restored")


def _history(counts: "list[list[int]] | None") -> str:
    if counts is None:
        return "null"
    out = []
    for name, row in zip(LEVELS + ("months",), counts):
        members = ['"%s":%d' % (_COUNTS[i], row[i]) for i in range(4)]
        out.append('"%s":{%s}' % (name, ",".join(members)))
    return "{%s}" % ",".join(out)
