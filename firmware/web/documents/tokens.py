"""/api/tokens: the tokens of programs, without what they are made of.

id    to revoke it
name  given by the owner
made  seconds since 1970 UTC, seconds since the start if the time was not known
"""

from fmt import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from composition import App, Request

TOKENS = "tokens.json"  # as in web.auth: id -> [name, made, digest]


def get(app: "App", request: "Request") -> "Iterator[str]":
    """Pieces of /api/tokens."""
    rows: "dict[str, Any]" = app.storage.read_json(TOKENS)
    yield '{"tokens":['
    comma = ""
    for number in sorted(rows):
        name, made, _ = rows[number]
        yield '%s{"id":%s,"name":%s,"made":%d}' % (comma, quote(number), quote(name), made)
        comma = ","
    yield "]}"
