"""/api/settings.json: all settings, what is allowed, what they mean, and their values.

{"settings": [{
  "name", "section", "label", "help"
  "type"     "boolean", "integer", "string" or "object"
  "min" "max" of an integer; "maxLength" of a text, in characters, for the network in octets;
             "maxProperties" of an object
  "options"  all allowed values, or usual ones if "open" is true; each {"value", "label"}
  "default"
  "needs"    what a change needs: "" nothing; "meter", "mqtt", "telnet", "time": that service
             begins again by itself; "network": a trial of 60 s; "restart": a restart by the owner
  "secret"   true: in place of "value" and "default" it has "set", whether it has a value
  "value"    in force, or stored for what will use it}]}
"""

import json

from fmt import boolean, quote
from ondemand import visit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from composition import App, Request

_TYPES = {bool: "boolean", int: "integer", str: "string", dict: "object"}


def get(app: "App", request: "Request") -> "Iterator[str]":
    """Its pieces, at most a setting or an option each: no piece is large."""
    comma = '{"settings":['
    with visit("schema") as schema, visit("schema_texts") as texts:
        for row in schema.ROWS:
            name = row[schema.NAME]
            yield comma + _head(schema, texts, row)
            yield from _options(schema, texts, row)
            yield ',"needs":"%s","secret":%s' % (row[schema.NEEDS], boolean(row[schema.SECRET]))
            value = app.network.trial.get(name, schema.value(app.config, name))
            if row[schema.SECRET]:
                yield ',"set":%s}' % boolean(value)
            else:
                yield ',"default":%s,"value":%s}' % (
                    json.dumps(schema.default(name)),
                    json.dumps(value),
                )
            comma = ","
    yield "]}"


def _head(schema: "Any", texts: "Any", row: "tuple[Any, ...]") -> str:
    """The members of a setting up to its limits."""
    name, limits = row[schema.NAME], row[schema.LIMITS]
    label, explained = texts.text(name)
    kind = _TYPES[type(schema.default(name))]
    out = '{"name":"%s","section":"%s","label":%s,"help":%s,"type":"%s"' % (
        name,
        row[schema.SECTION],
        quote(label),
        quote(explained),
        kind,
    )
    if kind == "integer":
        out += ',"min":%d,"max":%d' % limits
    elif kind == "string":
        out += ',"maxLength":%d' % limits
    elif kind == "object":
        out += ',"maxProperties":%d' % limits
    return out


def _options(schema: "Any", texts: "Any", row: "tuple[Any, ...]") -> "Iterator[str]":
    """The members of a setting with its options, if it has any."""
    before = ',"open":%s,"options":[' % boolean(not row[schema.OPTIONS])
    options = texts.options(row[schema.NAME])
    for value, words in options or [(option, str(option)) for option in row[schema.OPTIONS]]:
        yield '%s{"value":%s,"label":%s}' % (before, json.dumps(value), quote(words))
        before = ","
    if before == ",":
        yield "]"
