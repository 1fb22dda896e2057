"""/backup.json: settings and records of this reader, to be kept elsewhere. See docs/backup.md.

?parts   of settings, secrets, history, corrections, descriptors, with commas; without it all but
         secrets
Out      a JSON object: "backup" its version, "device", "firmware", "time" in UTC, null while the
         clock is not set, "clock" on what the time rests, "parts", "records". A record is a line
         of its own:
         ["setting", name, value]       a stored setting; one that is not there has its default
         ["secret", name, value]        in clear; of the web login its hash
         ["certificate", file, base64]  a piece of a file of _FILES, with the settings
         ["key", file, base64]          a piece of mqtt-key, with the secrets
         ["descriptor", line]           a line of the owner's list descriptors
         ["quarters", number, block]    also hours, days: see energy.backup
         ["month", number, ...]         a month that is over: see energy.stored
         ["correction", record]         one that can be undone or redone: see energy.edit_log
         ["end", n]                     number of records before it
Errors   ValueError: another part, or history in safe mode
"""

import binascii
import json

import clock
from energy import backup, stored
from fmt import quote
from judge import WORDS
from ondemand import visit
from system import VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from composition import App, Request

PARTS = ("settings", "secrets", "history", "corrections", "descriptors")
_USUAL = "settings,history,corrections,descriptors"
_FILES = (
    ("certificate", "settings", "mqtt-ca"),
    ("certificate", "settings", "mqtt-cert"),
    ("certificate", "settings", "price-ca"),
    ("certificate", "settings", "push-ca"),
    ("certificate", "settings", "upgrade-ca"),
    ("key", "secrets", "mqtt-key"),
)
_PIECE = 768  # octets
_STATE = ("wifi_first",)  # no setting of the owner's


def get(app: "App", request: "Request") -> "Iterator[str]":
    """Its pieces, a record each."""
    parts = parts_of(request.args, _USUAL)
    if "history" in parts and not app.counts():
        raise ValueError("the history is not known in safe mode: leave it out of the parts")
    utc = app.system.utc()
    yield (
        '{"backup":1,"device":%s,"firmware":%s,"time":%s,"clock":%s,"parts":[%s],"records":[\n'
    ) % (
        quote(app.system.hostname(app.config.hostname)),
        quote(VERSION),
        quote(clock.iso(utc)[:19] + "Z") if utc else "null",
        quote(WORDS[app.system.judge.source]),
        ",".join([quote(part) for part in parts]),
    )
    n = 0
    for record in _records(app, parts):
        yield record + ",\n"
        n += 1
    yield '["end",%d]\n]}\n' % n


def parts_of(query: "dict[str, str]", usual: str) -> "list[str]":
    """The parts that a query names. ValueError for another name."""
    parts = query.get("parts", usual).split(",")
    for part in parts:
        if part not in PARTS:
            raise ValueError("parts must be of %s" % ", ".join(PARTS))
    return parts


def _records(app: "App", parts: "list[str]") -> "Iterator[str]":
    """The records."""
    with visit("schema") as schema:
        rows = [(row[schema.NAME], row[schema.SECRET]) for row in schema.ROWS
                if row[schema.NAME] in app.config.stored]  # fmt: skip
    for name, secret in rows:
        if ("secrets" if secret else "settings") in parts and name not in _STATE:
            value = json.dumps(app.config.stored[name])
            yield '["%s",%s,%s]' % ("secret" if secret else "setting", quote(name), value)
    rows = []
    for kind, part, file in _FILES:
        if part in parts:
            octets = app.storage.read(file) or b""
            for at in range(0, len(octets), _PIECE):
                piece = binascii.b2a_base64(octets[at : at + _PIECE]).decode().strip()
                yield '["%s","%s","%s"]' % (kind, file, piece)
    if "descriptors" in parts:
        for line in (app.storage.read("lists.txt") or b"").decode().split("\n"):
            if line.strip():
                yield '["descriptor",%s]' % quote(line.rstrip("\r"))
    if "history" in parts:
        for level, number, text in backup.blocks(app.energy):
            yield '["%s",%d,"%s"]' % (level, number, text)
        seen = []
        for prefix in app.energy.history.prefixes:
            for month in stored.months(app.energy.history.files, prefix):
                if month[0] not in seen:
                    seen.append(month[0])
                    yield '["month",%s]' % ",".join([str(number) for number in month])
    if "corrections" in parts:
        with visit("energy.edit_log") as log:  # ends before a yield: a client may go
            texts = list(log.texts(app.energy.history.files))
        for text in texts:
            yield '["correction","%s"]' % text
