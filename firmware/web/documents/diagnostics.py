"""/diagnostics.txt: everything for a report of a fault, in one text.

Parts    version and board; settings, with what is doubtful about them; /health.json without its
         events; the newest telegram, without its values; the log
Rules    Secrets, names of networks and users, the host name, and the meter's number are left out:
         such a setting is only "set" or "not set", and *** is in their place elsewhere
"""

import json

import loglines
from fmt import fixed, quote
from han import fields
from micropython import const
from ondemand import visit
from system import PRODUCT, VERSION

from web.documents import health

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from composition import App, Request

_PRIVATE = ("wifi_ssid", "hostname", "web_user", "mqtt_user", "mqtt_host", "mqtt_client_id")
_SHORTEST = const(4)  # a shorter one would also hide ordinary words


def get(app: "App", request: "Request") -> "Iterator[str]":
    """Its pieces."""
    values = _hidden(app)
    board = app.system.board
    yield "%s %s on %s (%s)\n\nSettings\n" % (PRODUCT, VERSION, board.name, board.chip)
    for line in _settings(app):
        yield loglines.hidden(line, values)
    yield "\nHealth\n"
    for piece in health.get(app, request, 0):
        yield loglines.hidden(piece, values)
    yield "\n\nNewest telegram\n"
    for line in _telegram(app):
        yield loglines.hidden(line, values)
    yield "\nLog\n"
    lines = loglines.LogLines(app.log, True)
    found = lines.next()
    most = lines.left() + 1  # lines may come while these are sent
    while found and most:
        seconds, level, text = found
        yield loglines.hidden("%d %s %s\n" % (seconds, health.level(level), text), values)
        found = lines.next()
        most -= 1


def _hidden(app: "App") -> "list[str]":
    """What must not be in the text, also as JSON has it."""
    private = [getattr(app.config, name, "") for name in _PRIVATE]
    private.append(app.state.text(fields.METER_ID) or "")
    private += [name for name in app.network.wanted if name]
    stored = app.config.to_store()
    private += [stored[name] for name in _PRIVATE if name in stored]
    found = loglines.secrets(app.config)
    found += [text for text in private if isinstance(text, str) and len(text) >= _SHORTEST]
    found += [quote(text)[1:-1] for text in found]
    found.sort(key=len, reverse=True)
    return found


def _settings(app: "App") -> "Iterator[str]":
    with visit("schema") as schema:
        for row in schema.ROWS:
            name = row[schema.NAME]
            value = schema.value(app.config, name)
            if row[schema.SECRET] or name in _PRIVATE:
                yield "%s: %s\n" % (name, "set" if value else "not set")
            else:
                yield "%s: %s\n" % (name, json.dumps(value))
    for fault in app.config.faults + app.config.doubts:
        yield "fault: %s\n" % fault


def _telegram(app: "App") -> "Iterator[str]":
    state = app.state
    reading = state.reading
    if reading is None:
        yield "none since start\n"
        return
    age = fixed(state.age_ms(app.system.uptime_ms()), 3, 1)
    yield "%s s ago, list type %d, maker %d\n" % (age, reading.list_type, reading.vendor)
    for name, field in (("list", fields.LIST_ID), ("model", fields.METER_MODEL)):
        yield "%s: %s\n" % (name, state.text(field) or "not known")
    present = [str(i) for i in range(len(reading.values)) if reading.values[i] is not None]
    yield "numbers of its fields: %s\n" % " ".join(present)
