"""The web server's interface as an OpenAPI document, and as docs/api.md.

    python -m tools.openapi      write docs/api.md

In       the route table of firmware/web/routes.py; tools/api_table.py for summaries, queries,
         bodies and answers. A route without a row there has the first line of its function's
         docstring, and any answer
Out      document(): OpenAPI 3.1, which tools/page.py packs for /api/openapi.json; docs/api.md
"""

import ast
import json
import re
import sys
import types
from pathlib import Path
from typing import Any

from tools import api_table

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "firmware/web"
OUT = ROOT / "docs/api.md"
_VERSION = re.compile(r'^VERSION = "v?([^"]+)"', re.MULTILINE)
_PRODUCT = re.compile(r'^PRODUCT = "([^"]+)"', re.MULTILINE)

Json = dict[str, Any]
Row = tuple[str, str, str, str, str, int]

_SIMPLE = {"i": "integer", "n": "number", "s": "string", "b": "boolean"}
_NOT_TAKEN = {
    "400": "The request is wrong; nothing was changed. The text or `message` says why.",
    "401": "A password is needed.",
    "403": "The request is not the owner's, or comes from another site's page.",
    "411": "The body needs its Content-Length.",
    "413": "The body is too long.",
    "415": "The body has another type.",
    "421": "Host is no name or address of this reader.",
    "429": "Too many wrong passwords: try again after the seconds of Retry-After.",
    "503": "Not now: try again after the seconds of Retry-After.",
}


def routes() -> types.ModuleType:
    """The module web/routes.py, with values in place of MicroPython's constants."""
    module = types.ModuleType("routes")
    source = (WEB / "routes.py").read_text(encoding="utf-8")
    source = source.replace("from micropython import const\n", "def const(x): return x\n")
    exec(compile(source, "routes.py", "exec"), module.__dict__)
    return module


def schema(kind: Any) -> Json:
    """The JSON schema of a type of tools/api_table.py."""
    if isinstance(kind, list):
        return {"type": "array", "items": schema(kind[0])}
    if isinstance(kind, dict):
        return {
            "type": "object",
            "required": [key for key in kind if not key.endswith("~")],
            "properties": {key.rstrip("~"): schema(inner) for key, inner in kind.items()},
        }
    if kind == "any":
        return {}
    name = _SIMPLE[kind[0]]
    return {"type": [name, "null"] if kind.endswith("?") else name}


def docstring(row: Row) -> str:
    """The first line about a row's function."""
    path = WEB / (row[2].replace(".", "/") + ".py")
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == row[3]:
            text = (ast.get_docstring(node) or "").split("\n")[0]
            return text.partition(": ")[2] or text
    raise ValueError(f"{row[2]} has no function {row[3]}")


def _query(names: dict[str, str]) -> list[Json]:
    return [
        {"name": name, "in": "query", "description": about, "schema": {"type": "string"}}
        for name, about in names.items()
    ]


def _body(media: str, content: Any) -> Json:
    shape: Json = {"type": "string"}
    if media == api_table.FORM:
        fields = {name: {"type": "string", "description": a} for name, a in content.items()}
        shape = {"type": "object", "properties": fields}
    elif media == api_table.JSON:
        shape = {"type": "object", **schema(content)}
    elif content:
        shape["description"] = content
    return {"content": {media: {"schema": shape}}}


def operation(row: Row, open_to_all: bool) -> Json:
    """The OpenAPI operation of a row of the route table."""
    path, method, _, _, content_type, _ = row
    known = api_table.ROWS.get((path, method))
    summary, request, answer = known or (docstring(row), {}, "any")
    media = content_type.split(";")[0]
    shape = schema(answer) if media == api_table.JSON else {"type": "string"}
    found: Json = {"summary": summary, "operationId": _operation_id(path, method)}
    if isinstance(request, tuple):
        found["requestBody"] = _body(*request)
    elif request:
        found["parameters"] = _query(request)
    found["responses"] = {
        "200": {"description": "Done.", "content": {media: {"schema": shape}}},
        "default": {"$ref": "#/components/responses/refused"},
    }
    if open_to_all:
        found["security"] = []
    return found


def _page(path: str, open_to_all: bool) -> Json:
    """The operation of a path that is answered with the web page."""
    found: Json = {
        "summary": "The web page.",
        "operationId": _operation_id(path, "get"),
        "responses": {
            "200": {
                "description": "Done.",
                "content": {"text/html": {"schema": {"type": "string"}}},
            },
            "default": {"$ref": "#/components/responses/refused"},
        },
    }
    if open_to_all:
        found["security"] = []
    return found


def _operation_id(path: str, method: str) -> str:
    words = re.findall(r"[A-Za-z0-9]+", path)
    return method.lower() + "".join(word[:1].upper() + word[1:] for word in words)


def document() -> Json:
    """The OpenAPI document."""
    table = routes()
    system = (ROOT / "firmware/system.py").read_text(encoding="utf-8")
    public = getattr(table, "PUBLIC", 0)
    paths: Json = {}
    for row in table.ROUTES:
        open_to_all = bool(row[5] & public)
        paths.setdefault(row[0], {})[row[1].lower()] = operation(row, open_to_all)
    for path, name in table._FILES:
        if name == "index.html" and path in paths:  # its other methods are a form's
            paths[path]["get"] = _page(path, table.level(None, path, "GET") == 0)
    reasons = "\n".join(f"- {status}: {about}" for status, about in _NOT_TAKEN.items())
    return {
        "openapi": "3.1.0",
        "info": {
            "title": _found(_PRODUCT, system),
            "version": _found(_VERSION, system),
            "description": "The web interface of a reader of the meter's customer port.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "security": [{"basic": []}, {"token": []}, {}],
        "paths": paths,
        "components": {
            "responses": {"refused": {"description": "Not done.\n" + reasons}},
            "securitySchemes": {
                "basic": {"type": "http", "scheme": "basic"},
                "token": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def _found(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    if not found:
        raise ValueError(f"system.py has no {pattern.pattern}")
    return found[1]


def compact() -> str:
    """The document as /api/openapi.json has it."""
    return json.dumps(document(), separators=(",", ":"), ensure_ascii=False)


def _shape(shape: Json) -> str:
    """A schema in words: `{"c": integer, "s": [{"i": integer}]}`."""
    kind = shape.get("type")
    if kind == "array":
        return f"[{_shape(shape['items'])}]"
    if kind == "object" and "properties" in shape:
        wanted = shape.get("required", [])
        members = [
            f"{name}{'' if name in wanted else '?'}: {_shape(inner)}"
            for name, inner in shape["properties"].items()
        ]
        return "{" + ", ".join(members) + "}"
    if isinstance(kind, list):
        return " or ".join(kind)
    return kind or "any"


def _section(path: str, method: str, found: Json) -> list[str]:
    lines = [f"### {method.upper()} {path}", "", found["summary"], ""]
    for query in found.get("parameters", []):
        lines.append(f"- query `{query['name']}`: {query['description']}")
    for media, body in found.get("requestBody", {}).get("content", {}).items():
        shape = body["schema"]
        lines.append(f"- body: {media}. {shape.get('description', '')}".rstrip(". ") + ".")
        for name, field in shape.get("properties", {}).items():
            about = field.get("description") or _shape(field)
            lines.append(f"  - `{name}`: {about}")
    for media, body in found["responses"]["200"]["content"].items():
        shape = body["schema"]
        words = f": `{_shape(shape)}`" if media == api_table.JSON and shape else ""
        lines.append(f"- answer: {media}{words}")
    if "security" in found:
        lines.append("- no password is asked for")
    return [*lines, ""]


def markdown() -> str:
    """docs/api.md."""
    whole = document()
    lines = [
        "# The web interface",
        "",
        "Made by `python -m tools.openapi` from the route table; `/api/openapi.json` has the same",
        "as OpenAPI 3.1. HEAD is possible where GET is, and OPTIONS everywhere: `Allow` names the",
        "methods of a path. A JSON document may have more members than are named here; `?` marks",
        "one that may be missing.",
        "",
        "## Answers with another status than 200",
        "",
        *[f"- {status}: {about}" for status, about in _NOT_TAKEN.items()],
        "- 404: there is no such path, or nothing is known yet. 405: not by this method.",
        "",
        "## Paths",
        "",
    ]
    for path, methods in whole["paths"].items():
        for method, found in methods.items():
            lines += _section(path, method, found)
    return "\n".join(lines).rstrip() + "\n"


def main() -> int:
    OUT.write_text(markdown(), encoding="utf-8")
    print(f"{OUT.relative_to(ROOT)}: {len(document()['paths'])} paths")
    return 0


if __name__ == "__main__":
    sys.exit(main())
