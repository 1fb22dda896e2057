"""The firmware's sentences: those of its source, and what lib/said.js makes of a text.

In       firmware/, boards/, words/<language>/said.js, tests/said_english.txt
Out      sentences() of the source by module; kept() in English; Speaker(language).say(text)
Limits   a sentence is a constant with two words; docstrings, and the texts of HIDDEN, are none
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tools import page

FIRMWARE = page.SOURCE.parent.parent
BOARDS = page.ROOT / "boards"
KEPT = Path(__file__).with_name("said_english.txt")
# Modules and folders whose texts are not sentences of the page Settings, Device, History or Setup.
HIDDEN = {
    "schema_texts.py": "labels and helps of the settings: words/*/texts.js",
    "clock.py": "names of zones",
    "prices/areas.py": "names of areas: words/*/texts.js",
    "prices/roots.py": "certificates",
    "prices/sources/": "what is wrong with a server's document, and names in it: for its author",
    "mqtt/payloads/": "documents for other programs",
    "han/meters/": "names in lists",
    "han/codes.py": "names of codes",
    "han/inspector.py": "names of types",
    "han/descriptors.py": "the language of descriptors is English",
    "net/console.py": "telnet and the serial port",
    "net/telnet.py": "telnet",
    "net/dhcp.py": "what is wrong with a server's message: for its author",
    "web/portal.py": "a page of its own, before this one is loaded",
    "web/routes.py": "types of files",
    "web/server.py": "requests that no browser makes",
    "web/documents/certificates.py": "a page of its own",
    "web/documents/cheapest.py": "for programs",
    "web/documents/configfile.py": "a file of the AMS reader",
    "web/documents/diagnostics.py": "a text for those who help",
    "web/documents/login.py": "a page of its own",
    "web/documents/metrics.py": "for programs",
    "web/documents/recovery.py": "a page of its own",
    "web/documents/setup.py": "a page of its own",
    "web/documents/setup_parts.py": "a page of its own",
    "web/documents/ssdp.py": "for programs",
    "web/forms/login.py": "the page of the login has its own words",
    "web/forms/prices.py": "for programs",
}
# Sentences of several constants.
COMPOSED = {
    "%s, %d s after the start at %sZ": (", %d s after the start", " at %sZ"),
    "at most %s kWh in %s, %s": ("%s%02d: at most %s kWh in %s, %s",),
}

_WORDS = re.compile(r"[A-Za-z][a-z']+,? [(\"]?(?:[a-z]|[A-Z][a-z])")
_PLACE = re.compile(r"%[-0-9.]*([a-zA-Z])")
_MEMBER = re.compile(r'"(?:message|words|error|why|reason|result)":"([^"]+)"')
_SPECIAL = re.compile(r"[.*+?^${}()|\[\]\\/]")


def hidden(module: str) -> bool:
    return any(module.startswith(name) for name in HIDDEN)


def _constants(tree: ast.Module) -> Iterator[str]:
    """Texts of a module without docstrings and annotations."""
    left_out: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            left_out.add(id(node.value))
        for name in ("annotation", "returns"):
            of = getattr(node, name, None)
            if isinstance(of, ast.AST):
                left_out |= {id(part) for part in ast.walk(of)}
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) else None
        if isinstance(text, str) and id(node) not in left_out:
            yield text


def constants() -> dict[str, list[str]]:
    """The texts of each module, hidden ones too; of a piece of JSON its sentences."""
    found: dict[str, list[str]] = {}
    files = [(path, FIRMWARE) for path in sorted(FIRMWARE.rglob("*.py"))]
    files += [(path, BOARDS.parent) for path in sorted(BOARDS.rglob("*.py"))]
    for path, root in files:
        texts: list[str] = []
        for text in _constants(ast.parse(path.read_text(encoding="utf-8"))):
            texts += _MEMBER.findall(text) if '":' in text else [text]
        found[path.relative_to(root).as_posix()] = texts
    return found


def sentences() -> dict[str, list[str]]:
    """The sentences of each module that is not hidden."""
    found: dict[str, list[str]] = {}
    for module, texts in constants().items():
        told = sorted({text for text in texts if _WORDS.search(text) and "<" not in text})
        if told and not hidden(module):
            found[module] = told
    return found


def kept() -> set[tuple[str, str]]:
    """(module, sentence) of tests/said_english.txt."""
    pairs = set()
    module = ""
    for line in KEPT.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            module = line[3:]
        elif line.startswith(("'", '"')):
            pairs.add((module, str(ast.literal_eval(line))))
    return pairs


def example(text: str) -> str:
    """A sentence of the source with values, and with those that are added before and after."""
    before = "Xy" if text[:1] in " ," else ""
    after = "Xy" if text[-1:] == " " else ""
    numbers = {"d": "7", "x": "7a", "X": "7A"}
    return before + _PLACE.sub(lambda match: numbers.get(match[1], "Xy"), text) + after


class Speaker:
    """What lib/said.js does, and `used`: the sentences that unknown() and knows() have needed."""

    def __init__(self, language: str) -> None:
        text = (page.SOURCE / f"words/{language}/said.js").read_text(encoding="utf-8")
        self.table = page.sentences(f"{language}/said.js", text)
        self.used: set[str] = set()
        rows = [english for english in self.table if re.search("%[sd]", english)]
        rows.sort(key=lambda row: -len(re.sub("%[sd]", "", row)))
        self._templates = [(self._pattern(row), row) for row in rows]

    @staticmethod
    def _pattern(text: str) -> "re.Pattern[str]":
        text = _SPECIAL.sub(lambda match: "\\" + match[0], text)
        text = re.sub("%s$", lambda _: "((?:(?!; ).)*)", text)
        text = text.replace("%s", "((?:(?![:;] ).)*?)").replace("%d", r"(-?\d+)")
        return re.compile(f"^{text}$")

    def say(self, text: str) -> str:
        if text in self.table:
            return self.table[text]
        for pattern, english in self._templates:
            found = pattern.match(text)
            if found:
                values = [*(self.say(value) for value in found.groups()), ""]
                parts = re.split("%[sd]", self.table[english])
                return "".join(part + value for part, value in zip(parts, values, strict=True))
        for sign in ("; ", ": "):
            before, found_sign, after = text.partition(sign)
            if before and found_sign:
                return self.say(before) + sign + self.say(after)
        return text

    def unknown(self, text: str) -> list[str]:
        """The parts of a text that stay as they are."""
        if text in self.table:
            self.used.add(text)
            return []
        for pattern, english in self._templates:
            found = pattern.match(text)
            if found:
                self.used.add(english)
                return [part for value in found.groups() for part in self.unknown(value)]
        for sign in ("; ", ": "):
            before, found_sign, after = text.partition(sign)
            if before and found_sign:
                return self.unknown(before) + self.unknown(after)
        return [text]

    def knows(self, text: str) -> bool:
        """Whether a sentence of the source, without what only joins it to others, is said."""
        forms = (text, example(text), example(text.strip(" :;.,")))
        left = [[part for part in self.unknown(one) if _WORDS.search(part)] for one in forms]
        return [] in left
