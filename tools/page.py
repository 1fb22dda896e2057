"""Build the reader's web page: firmware/web/static in, gzip files out.

In       the source folder: index.html, style.css, favicon.svg, main.js and the modules it imports,
         words/<language>.js; PRODUCT of firmware/system.py
Out      index.html.gz style-<hash>.css.gz app-<hash>.js.gz favicon.svg.gz, and openapi.json.gz of
         tools/openapi.py; sizes on stdout
Words    every text of the page is an entry of words/<language>.js, which modules import as
         "./words.js". {{HOUR.title}} in index.html is that entry, a plain text, and {{PRODUCT}}
         the product's name. A plain text replaces its name in a module; the script keeps the
         entries that are functions, and whole groups that a module indexes
Hash     first 8 hex digits of SHA-256 over the served text: a file name never changes its content
Limits   a module imports with `import { a, b } from "./name.js";` and exports declarations only;
         a top-level name occurs once on the whole page; in a module no template literal or block
         comment spans lines; a group of words is `export const NAME = {` up to `};`, an entry
         starts a line of its own with two blanks and its key
Errors   PageError with file and reason, before anything is written. Errors include a word that is
         missing, unused, or in one language only

Usage    python -m tools.page [--out DIR] [--language en]
"""

import argparse
import gzip
import hashlib
import html
import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from tools import openapi

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "firmware/web/static"
OUT = ROOT / "build/www"
SYSTEM = ROOT / "firmware/system.py"
LANGUAGE = "en"

_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./([\w-]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:const|let|function|class) )", re.MULTILINE)
_TOP_NAME = re.compile(r"^(?:export )?(?:async )?(?:const|let|function|class) (\w+)", re.MULTILINE)
_EXPORTED = re.compile(r"^export (?:async )?(?:const|let|function|class) (\w+)", re.MULTILINE)
_CSS_STRING = re.compile(r'("[^"\n]*")')
_OURS = re.compile(
    r"(?:index\.html|openapi\.json|favicon\.svg|(?:app|style)-[0-9a-f]{8}\.(?:js|css))\.gz"
)
_WORDS = "words.js"
_COMMENT = re.compile(r"^ *//.*\n", re.MULTILINE)
_GROUP = re.compile(r"^export const ([A-Z]+) = \{\n(.*?)^\};\n", re.MULTILINE | re.DOTALL)
_ENTRY = re.compile(r"^  (\w+): ", re.MULTILINE)
_PLAIN = re.compile(r'"(?:[^"\\]|\\.)*"')
_MARK = re.compile(r"\{\{([\w.]*)\}\}")
_PRODUCT = re.compile(r'^PRODUCT = (?:const\()?"([^"\\]+)"', re.MULTILINE)


class PageError(Exception):
    """A source outside the limits of this bundler."""


def _read(folder: Path, name: str) -> str:
    return (folder / name).read_text(encoding="utf-8")


class Words:
    """The page's words in one language; an entry is GROUP.key with its source."""

    def __init__(self, folder: Path, language: str) -> None:
        self.file = f"words/{language}.js"
        self.source, self._entries = self._parse(folder, self.file)
        self._used: set[str] = set()
        self._in_script: set[str] = set()
        for path in sorted((folder / "words").glob("*.js")):
            other = f"words/{path.name}"
            for word in self._parse(folder, other)[1]:
                if word not in self._entries:
                    raise PageError(f"{self.file}: no {word}, which {other} has")

    @staticmethod
    def _parse(folder: Path, file: str) -> tuple[str, dict[str, str]]:
        if not (folder / file).is_file():
            raise PageError(f"{file}: no such language")
        text = _COMMENT.sub("", _read(folder, file))
        entries: dict[str, str] = {}
        for group, body in _GROUP.findall(text):
            before, *parts = _ENTRY.split(body)
            if before.strip():
                raise PageError(f"{file}: not an entry of {group}: {before.strip()!r}")
            for key, source in zip(parts[::2], parts[1::2], strict=True):
                if f"{group}.{key}" in entries:
                    raise PageError(f"{file}: {group}.{key} is there twice")
                entries[f"{group}.{key}"] = source.rstrip(",\n")
        return text, entries

    def _look_up(self, file: str, word: str) -> tuple[str, bool]:
        """An entry used in `file`, and whether it is a plain text."""
        if word not in self._entries:
            raise PageError(f"{file}: {self.file} has no {word}")
        self._used.add(word)
        return self._entries[word], bool(_PLAIN.fullmatch(self._entries[word]))

    def put_in_script(self, file: str, text: str) -> str:
        """A module with plain texts in place of their names."""
        groups = [
            name.strip()
            for names, source in _IMPORT.findall(text)
            if source == _WORDS
            for name in names.split(",")
        ]
        return self._put_in(file, _COMMENT.sub("", _IMPORT.sub("", text)), groups)

    def _put_in(self, file: str, text: str, groups: Iterable[str]) -> str:
        def word(match: re.Match[str]) -> str:
            source, plain = self._look_up(file, match[0])
            if not plain:
                self._in_script.add(match[0])
            return source if plain else match[0]

        for group in groups:
            if re.search(rf"\b{group}\[", text):
                whole = [word for word in self._entries if word.startswith(f"{group}.")]
                self._used.update(whole)
                self._in_script.update(whole)
            text = re.sub(rf"\b{group}\.\w+", word, text)
        return text

    def script(self) -> str:
        """The words as a module: called entries and indexed groups. Call it after put_in_script()
        of all modules."""
        groups = dict.fromkeys(word.split(".")[0] for word in self._entries)
        text = self._put_in(self.file, self.source, groups)
        return _GROUP.sub(self._used_entries, text)

    def _used_entries(self, match: re.Match[str]) -> str:
        group, body = match.groups()
        parts = _ENTRY.split(body)[1:]
        entries = [
            f"  {key}: {source}"
            for key, source in zip(parts[::2], parts[1::2], strict=True)
            if f"{group}.{key}" in self._in_script
        ]
        return f"export const {group} = {{\n{''.join(entries)}}};\n" if entries else ""

    def put_in_markup(self, file: str, markup: str) -> str:
        """HTML with plain texts in place of {{...}}."""

        def text(match: re.Match[str]) -> str:
            if match[1] == "PRODUCT":
                return html.escape(product())
            source, plain = self._look_up(file, match[1])
            if not plain:
                raise PageError(f"{file}: {match[1]} of {self.file} is not a plain text")
            return html.escape(json.loads(source))

        return _MARK.sub(text, markup)

    def refuse_unused(self) -> None:
        """Raise PageError for an unused word. Call it after the whole page is built."""
        for word in self._entries:
            if word not in self._used:
                raise PageError(f"{self.file}: nothing uses {word}")


def product(path: Path = SYSTEM) -> str:
    """The product's name, a constant of the firmware."""
    found = _PRODUCT.search(path.read_text(encoding="utf-8"))
    if not found:
        raise PageError(f"{path.name}: no PRODUCT")
    return found[1]


def bundle(folder: Path, entry: str = "main.js", words: Words | None = None) -> str:
    """`entry` and its imports as one module: each module once, before its first importer."""
    sources = {_WORDS: words.source} if words else {}
    order: list[str] = []
    _visit(folder, entry, [], order, sources)
    if words:
        for name in order:
            if name != _WORDS:
                sources[name] = words.put_in_script(name, sources[name])
        sources[_WORDS] = words.script()
    owners: dict[str, str] = {}
    for name in order:
        for top in _TOP_NAME.findall(sources[name]):
            if top in owners:
                raise PageError(f"{name}: {top} is also a top-level name of {owners[top]}")
            owners[top] = name
    return "".join(_module(name, sources[name]) for name in order)


def _visit(
    folder: Path, name: str, above: list[str], order: list[str], sources: dict[str, str]
) -> None:
    if name in above:
        raise PageError(f"{name}: import cycle {' > '.join(above)}")
    if name in order:
        return
    if name not in sources:
        if not (folder / name).is_file():
            importer = f", imported by {above[-1]}" if above else ""
            raise PageError(f"{name}: no such module{importer}")
        sources[name] = _read(folder, name)
    for names, source in _IMPORT.findall(sources[name]):
        _visit(folder, source, [*above, name], order, sources)
        offered = set(_EXPORTED.findall(sources[source]))
        for wanted in filter(None, (part.strip() for part in names.split(","))):
            if wanted not in offered:
                raise PageError(f"{name}: {source} does not export {wanted}")
    order.append(name)


def _module(name: str, text: str) -> str:
    lines = []
    for line in _EXPORT.sub("", _IMPORT.sub("", text)).splitlines():
        line = line.strip()
        if line.startswith(("import ", "export ")):
            raise PageError(f"{name}: cannot bundle {line!r}")
        if line.startswith("//") or not line:
            continue
        if line.count("`") % 2 or "/*" in line:
            raise PageError(f"{name}: literal or comment spans lines: {line!r}")
        lines.append(line + "\n")
    return "".join(lines)


def squeeze_css(text: str) -> str:
    """The style sheet without comments and superfluous white space; strings unchanged."""
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    parts = _CSS_STRING.split(text)
    for index in range(0, len(parts), 2):
        part = re.sub(r"\s+", " ", parts[index])
        part = re.sub(r" ?([{};,]) ?", r"\1", part)
        parts[index] = re.sub(r": ", ":", part).replace(";}", "}")
    return "".join(parts).strip() + "\n"


def squeeze_markup(text: str) -> str:
    """HTML or SVG without comments and indentation; line ends stay, they separate words."""
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    return "".join(line.strip() + "\n" for line in text.splitlines() if line.strip())


def pages(folder: Path, language: str = LANGUAGE) -> dict[str, str]:
    """{name: text} of every file of the page, before compression."""
    words = Words(folder, language)
    script = bundle(folder, words=words)
    style = squeeze_css(_read(folder, "style.css"))
    index = words.put_in_markup("index.html", squeeze_markup(_read(folder, "index.html")))
    words.refuse_unused()
    names = {"/main.js": f"app-{_hash(script)}.js", "/style.css": f"style-{_hash(style)}.css"}
    for plain, hashed in names.items():
        if index.count(f'"{plain}"') != 1:
            raise PageError(f'index.html: expected "{plain}" once')
        index = index.replace(f'"{plain}"', f'"/{hashed}"')
    return {
        "index.html": index,
        names["/style.css"]: style,
        names["/main.js"]: script,
        "favicon.svg": squeeze_markup(_read(folder, "favicon.svg")),
    }


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def build(folder: Path = SOURCE, out: Path = OUT, language: str = LANGUAGE) -> dict[str, int]:
    """Write the page to `out`, remove files of earlier builds. Returns {file: gzip size}."""
    files = {
        f"{name}.gz": gzip.compress(text.encode(), 9, mtime=0)
        for name, text in {**pages(folder, language), "openapi.json": openapi.compact()}.items()
    }
    out.mkdir(parents=True, exist_ok=True)
    for old in out.iterdir():
        if _OURS.fullmatch(old.name) and old.name not in files:
            old.unlink()
    for name, octets in files.items():
        path = out / name
        if not path.is_file() or path.read_bytes() != octets:
            path.write_bytes(octets)
    return {name: len(octets) for name, octets in files.items()}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tools.page", description="Build the web page."
    )
    parser.add_argument("--out", type=Path, default=OUT, help="folder to write to (build/www)")
    parser.add_argument("--language", default=LANGUAGE, help="file of words (%(default)s)")
    options = parser.parse_args(arguments)
    try:
        sizes = build(SOURCE, options.out, options.language)
    except PageError as error:
        print(error, file=sys.stderr)
        return 1
    for name, size in sizes.items():
        print(f"{size:7d}  {name}")
    print(f"{sum(sizes.values()):7d}  total in {options.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
