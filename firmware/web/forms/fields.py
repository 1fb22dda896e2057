"""What a client sent: fields of a form, application/x-www-form-urlencoded, and JSON."""

import json

from microdot.microdot import urldecode
from micropython import const

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from composition import Request

_BRACKETS = const(100)
_MOST = const(120)  # the AMS reader's page sends 90 at once


async def read(
    request: "Request", most: int, names: "tuple[str, ...] | None" = None
) -> "dict[str, str]":
    """The fields that the body has.

    most   octets of a field, with its name and its codes
    names  of the fields that are known, others are not looked at; None: all are taken, up to _MOST

    ValueError if one is longer, has no "=", comes twice or cannot be read, or if there are more.
    """
    fields: "dict[str, str]" = {}
    while True:
        pair = await request.stream.part(b"&", most)
        if pair is None:
            return fields
        code, equals, value = pair.strip().partition(b"=")
        try:
            name = urldecode(code)
            if names and name not in names:
                continue
            if not equals or name in fields or len(fields) >= _MOST:
                raise ValueError
            fields[name] = urldecode(value)
        except ValueError:  # also of a % code that is not hexadecimal or not UTF-8
            raise ValueError("a field comes twice, has a wrong code, or there are too many")


def parsed(text: str) -> "Any":
    """The value of a JSON text. ValueError if it is not valid, or has more than _BRACKETS lists
    and objects: 4 KB of brackets would fill the heap."""
    if text.count("[") + text.count("{") > _BRACKETS:
        raise ValueError("it is nested too deep")
    try:
        return json.loads(text)
    except RuntimeError:  # too deep for the interpreter
        raise ValueError("it is nested too deep")
