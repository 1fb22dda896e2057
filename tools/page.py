"""Build the reader's web page: firmware/web/static in, gzip files out.

In       the source folder, as docs/page.md tells; PRODUCT of firmware/system.py, the settings'
         names of firmware/schema.py; esbuild and terser of node_modules (tools/setup.sh)
Out      index.html.gz, main-<hash>.js.gz, style-<hash>.css.gz, the parts that pages load, each
         with a hash in its name, <language>.<page>-<hash>.js.gz with words, all with one hash,
         favicon.svg.gz, and openapi.json.gz of tools/openapi.py; sizes on stdout. A name with a
         hash never changes its content
Parts    main has the shell, lib/ and what Now shares with its charts; a page's part has its
         modules, markup and style
Packed   parts by terser, which names variables so that gzip finds more; all by zopfli, as gzip.
         Both are kept in build/packed, so that only what has changed is packed again
Words    every text of the page is an entry of words/<language>/<page>.js, W.HOUR.title in a
         module and {{HOUR.title}} in markup. English is complete; a file or a group that another
         language lacks is taken from English. The settings' texts in another language are
         words/<language>/texts.js, one for each setting; the English ones are the firmware's.
         So are its sentences, of words/en/said.js; words/<language>/said.js has another language's
         A served file of words has no names: an entry is W.c[17] there, but in groups that a
         module or another entry uses as a whole. All pages but the first share one such file
Limits   a group of words is `export const NAME = {` up to `};`, an entry starts a line of its
         own with two blanks and its key; a page's line in pages.js is as the ones that are there;
         octets after gzip: FIRST_MOST, ALL_MOST, LANGUAGE_MOST, TEXTS_MOST, SAID_MOST,
         ENGLISH_SAID_MOST
Errors   PageError with file and reason, before anything is written. Errors include a word that is
         missing, unused, or of a file that the page does not load

Usage    python -m tools.page [--out DIR] [--parts]
"""

import argparse
import ast
import hashlib
import html
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import zopfli.gzip

from tools import openapi

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "firmware/web/static"
OUT = ROOT / "build/www"
PACKED = ROOT / "build/packed"  # {SHA-256 of a text}.gz, or .js
SYSTEM = ROOT / "firmware/system.py"
SCHEMA = ROOT / "firmware/schema.py"
ENGLISH = "en"
SHARED = "shared"
TEXTS = "texts"  # the file of the settings' texts
SAID = "said"  # the file of the firmware's sentences, and the module that puts them in place
FIRST = "now"  # the first page
LATER = "later"  # the file of the words of all other pages
FIRST_MOST = 30 * 1024  # what a browser loads to show the first page, with its words
ALL_MOST = 70 * 1024  # all pages, without words
LANGUAGE_MOST = 8 * 1024  # the words of one language
TEXTS_MOST = 4 * 1024  # the texts of the settings in one language
SAID_MOST = 4 * 1024  # the firmware's sentences in one language
ENGLISH_SAID_MOST = 5 * 1024  # what each of these needs: the English ones, and their module

_NAME = re.compile(r"[A-Za-z0-9_.-]+")  # of a served file
_OURS = re.compile(
    r"(?:index\.html|openapi\.json|favicon\.svg|[\w.]+-[0-9A-Za-z]{8}\.(?:js|css))\.gz"
)
_COMMENT = re.compile(r"^ *//.*\n", re.MULTILINE)
_GROUP = re.compile(r"^export const ([A-Z_]+) = \{\n(.*?)^\};\n", re.MULTILINE | re.DOTALL)
_SETTING = re.compile(r"^export const SETTING = \{\n(.*?)^\};\n", re.MULTILINE | re.DOTALL)
_SENTENCES = re.compile(r"^export const SAID = ([\[{]\n.*?)^[\]}];\n", re.MULTILINE | re.DOTALL)
_OWN_TEXT = re.compile(r": (?:SETTING|SAID)\.")  # of an entry of Words.missing
_VALUE = re.compile(r"%[sd]")
_ENTRY = re.compile(r"^  (\w+): ", re.MULTILINE)
_USE = re.compile(r"\bW\.([A-Z_]+)(?:\.(\w+))?")
_MARK = re.compile(r"\{\{([A-Z_]+)(?:\.(\w+))?\}\}")
_PAGE = re.compile(r'^  (\w+): \{ words: "(\w+)", load: .*import\("\./(pages/\w+\.js)"\)', re.M)
_LOAD = re.compile(r'(\bwords: |\bloadWords\()"(\w+)"')
_LOADER = "import(`./words/${language}/${page}.js`)"
_SAID_LOADER = "import(`../words/${language}/said.js`)"
_LANGUAGES = re.compile(r"export const LANGUAGES = \{(.*?)\};", re.DOTALL)
_PRODUCT = re.compile(r'^PRODUCT = (?:const\()?"([^"\\]+)"', re.MULTILINE)
_TERSER = "node_modules/terser/bin/terser"
_ESBUILD = ("@esbuild/*/bin/esbuild", "@esbuild/*/esbuild.exe")


Uses = dict[str, set[tuple[str, str]]]  # (group, key) by module or markup


class PageError(Exception):
    """A source that the build refuses."""


@dataclass
class Page:
    """What the build made: {name: text} before compression, and which files a browser loads."""

    files: dict[str, str]
    first: set[str] = field(default_factory=set)  # to show the first page in English
    words: dict[str, set[str]] = field(default_factory=dict)  # by language
    texts: dict[str, str] = field(default_factory=dict)  # by language, without English
    # By language; of English what each of the others needs.
    said: dict[str, set[str]] = field(default_factory=dict)

    def sizes(self) -> dict[str, int]:
        return {name: len(octets) for name, octets in pack(self.files).items()}

    def totals(self) -> dict[str, int]:
        """Octets after gzip of the budgets: first, all, each language and its texts."""
        sizes = self.sizes()
        languages = {
            name: sum(sizes[file] for file in files) for name, files in self.words.items()
        }
        of_words = set(self.texts.values()).union(*self.words.values(), *self.said.values())
        pages = sum(size for name, size in sizes.items() if name not in of_words)
        return {
            "first": sum(sizes[name] for name in self.first),
            "all": pages,
            **languages,
            **{f"{name} {TEXTS}": sizes[file] for name, file in self.texts.items()},
            **{
                f"{name} {SAID}": sum(sizes[file] for file in files)
                for name, files in self.said.items()
            },
        }

    def refuse_large(self) -> None:
        """Raise PageError if a budget is exceeded."""
        most = {"first": FIRST_MOST, "all": ALL_MOST, f"{ENGLISH} {SAID}": ENGLISH_SAID_MOST}
        kinds = {TEXTS: TEXTS_MOST, SAID: SAID_MOST}
        for name, octets in self.totals().items():
            limit = most.get(name) or kinds.get(name.split()[-1], LANGUAGE_MOST)
            if octets > limit:
                raise PageError(f"{name}: {octets} octets after gzip, at most {limit} are allowed")


def _kept(kind: str, make: Callable[[bytes], bytes], text: str) -> bytes:
    """What make() makes of a text; of a text that was there before, what it made then."""
    kept = PACKED / f"{hashlib.sha256(text.encode()).hexdigest()}.{kind}"
    if kept.is_file():
        return kept.read_bytes()
    octets = make(text.encode())
    PACKED.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=PACKED, delete=False) as file:
        file.write(octets)
    os.replace(file.name, kept)
    return octets


def pack(texts: dict[str, str]) -> dict[str, bytes]:
    """The files after gzip."""

    def packed(text: str) -> bytes:
        return _kept("gz", zopfli.gzip.compress, text)

    with ThreadPoolExecutor() as pool:
        return dict(zip(texts, pool.map(packed, texts.values()), strict=True))


def _terser(module: bytes) -> bytes:
    node = shutil.which("node", path=f"{ROOT / '.venv/bin'}{os.pathsep}{os.environ['PATH']}")
    if not node or not (ROOT / _TERSER).is_file():
        raise PageError("terser or node is not installed: make setup")
    command = [node, str(ROOT / _TERSER), "--module", "--ecma=2022", "--compress", "--mangle"]
    done = subprocess.run(command, input=module, capture_output=True)
    if done.returncode or not done.stdout:
        raise PageError(done.stderr.decode().strip())
    return done.stdout


def shorten(modules: dict[str, str]) -> dict[str, str]:
    """Modules with the same exports and shorter names within."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        made = pool.map(lambda text: _kept("js", _terser, text).decode(), modules.values())
        return dict(zip(modules, made, strict=True))


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def product(path: Path = SYSTEM) -> str:
    """The product's name, a constant of the firmware."""
    found = _PRODUCT.search(_read(path))
    if not found:
        raise PageError(f"{path.name}: no PRODUCT")
    return found[1]


def setting_names(path: Path = SCHEMA) -> list[str]:
    """The settings' names, in the order of the firmware's table."""
    for node in ast.parse(_read(path)).body:
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "ROWS" and node.value:
            return [row[0] for row in ast.literal_eval(node.value)]
    raise PageError(f"{path.name}: no ROWS")


def pack_texts(file: str, text: str, names: list[str]) -> tuple[str, list[str]]:
    """The group SETTING as one text, a line for each setting in the firmware's order: its names
    are in /api/settings.json already. Also the settings that it lacks."""
    found = _SETTING.search(text)
    _, *parts = _ENTRY.split(_COMMENT.sub("", found[1] if found else ""))
    entries = dict(zip(parts[::2], parts[1::2], strict=True))
    for name in entries:
        if name not in names:
            raise PageError(f"{file}: SETTING.{name} is no setting")
    lines = [json.loads(entries.get(name, '""').strip().rstrip(",")) for name in names]
    packed = json.dumps("\n".join(lines), ensure_ascii=False)
    missing = [name for name in names if name not in entries]
    return f"export const SETTING = {packed};\n", missing


def sentences(file: str, text: str) -> dict[str, str]:
    """The firmware's sentences of a file of words: {English: in its language}."""
    found = _SENTENCES.search(_COMMENT.sub("", text))
    if not found:
        return {}
    close = {"[": "]", "{": "}"}[found[1][0]]
    pairs = json.loads(found[1].rstrip().rstrip(",") + close, object_pairs_hook=list)
    rows = [(row, row) if isinstance(row, str) else (row[0], row[1]) for row in pairs]
    said = dict(rows)
    if len(said) < len(rows):
        raise PageError(f"{file}: a sentence is there twice")
    for english, own in rows:
        if len(_VALUE.findall(english)) != len(_VALUE.findall(own)):
            raise PageError(f"{file}: {own!r} has not the values of {english!r}")
    return said


def pack_said(file: str, text: str, order: list[str]) -> tuple[str, list[str]]:
    """The sentences as one text, a line for each in the order of English. Also those that it
    lacks: their lines are empty."""
    said = sentences(file, text)
    for sentence in said:
        if sentence not in order:
            raise PageError(f"{file}: words/{ENGLISH}/{SAID}.js has no {sentence!r}")
    lines = "\n".join(said.get(sentence, "") for sentence in order)
    packed = json.dumps(lines, ensure_ascii=False)
    missing = [sentence for sentence in order if sentence not in said]
    return f"export const SAID = {packed};\n", missing


class Words:
    """The words of all languages: text and entries of each file, by language and page."""

    def __init__(self, folder: Path) -> None:
        found = _LANGUAGES.search(_read(folder / "lib/choice.js"))
        self.languages = re.findall(r"(\w+):", found[1]) if found else []
        self._folder = folder / "words"
        self._names = setting_names()
        for path in sorted(self._folder.iterdir()):
            if path.name not in self.languages:
                raise PageError(f"words/{path.name}: no language of LANGUAGES in lib/choice.js")
        english = (self._folder / ENGLISH).glob("*.js")
        self.pages = sorted(path.stem for path in english if path.stem != SAID)
        self.texts: dict[tuple[str, str], str] = {}
        self.settings: dict[str, str] = {}  # the file of the settings' texts, by language
        self.said: dict[str, str] = {}  # the file of the firmware's sentences, by language
        self.groups: dict[str, tuple[str, set[str]]] = {}  # English: file, keys
        self.missing: list[str] = []  # files and groups that are taken from English
        for page in self.pages:
            text = _read(self._folder / ENGLISH / f"{page}.js")
            self.texts[ENGLISH, page] = text
            for group, keys in self._parse(f"words/{ENGLISH}/{page}.js", text).items():
                if group in self.groups:
                    raise PageError(f"words/{ENGLISH}/{page}.js: {group} is in another file too")
                self.groups[group] = page, keys
        self.said[ENGLISH], self._order = self._take_said(ENGLISH, None)
        for language in self.languages:
            if language != ENGLISH:
                self._take(language)

    @staticmethod
    def _parse(file: str, text: str) -> dict[str, set[str]]:
        groups: dict[str, set[str]] = {}
        for group, body in _GROUP.findall(_COMMENT.sub("", text)):
            before, *parts = _ENTRY.split(body)
            if before.strip():
                raise PageError(f"{file}: not an entry of {group}: {before.strip()!r}")
            keys = parts[::2]
            for key in keys:
                if keys.count(key) > 1:
                    raise PageError(f"{file}: {group}.{key} is there twice")
            groups[group] = set(keys)
        return groups

    def _take(self, language: str) -> None:
        """Read a language, and complete it with English."""
        for path in sorted((self._folder / language).glob("*.js")):
            if path.stem not in (*self.pages, TEXTS, SAID):
                raise PageError(f"words/{language}/{path.name}: English has no such file")
        for page in self.pages:
            path = self._folder / language / f"{page}.js"
            file = f"words/{language}/{page}.js"
            text = _read(path) if path.is_file() else ""
            own = self._parse(file, text)
            for group, keys in own.items():
                of, all_keys = self.groups.get(group, ("", set()))
                if of != page:
                    raise PageError(f"{file}: English has no {group} there")
                for key in sorted(keys ^ all_keys):
                    one, other = (file, "English") if key in all_keys else ("English", file)
                    raise PageError(f"{one}: no {group}.{key}, which {other} has")
            lent = [
                name for name, (of, _) in self.groups.items() if of == page and name not in own
            ]
            self.missing += [f"{file}: {group}" for group in lent]
            if lent:
                text += f'export {{ {", ".join(lent)} }} from "../{ENGLISH}/{page}.js";\n'
            self.texts[language, page] = text
        path = self._folder / language / f"{TEXTS}.js"
        file = f"words/{language}/{TEXTS}.js"
        packed, lacking = pack_texts(file, _read(path) if path.is_file() else "", self._names)
        self.settings[language] = packed
        self.missing += [f"{file}: SETTING.{name}" for name in lacking]
        self.said[language], lacking = self._take_said(language, self._order)
        self.missing += [f"words/{language}/{SAID}.js: SAID.{text}" for text in lacking]

    def _take_said(self, language: str, order: list[str] | None) -> tuple[str, list[str]]:
        """A language's sentences of the firmware, packed, and those it lacks; of English without
        an order, and all of them."""
        path = self._folder / language / f"{SAID}.js"
        file = f"words/{language}/{SAID}.js"
        text = _read(path) if path.is_file() else ""
        if order is not None:
            return pack_said(file, text, order)
        order = list(sentences(file, text))
        return pack_said(file, text, order)[0], order

    def used(self, file: str, text: str) -> Iterator[tuple[str, str]]:
        """(group, key) of each use in a module or markup, key "" for the whole group."""
        pattern = _MARK if file.endswith(".html") else _USE
        for match in pattern.finditer(_COMMENT.sub("", text)):
            group, key = match[1], match[2] or ""
            if group in ("PRODUCT", "SETTING", "SAID"):
                continue
            if group not in self.groups or (key and key not in self.groups[group][1]):
                raise PageError(f"{file}: there is no word {group}{key and '.' + key}")
            yield group, key

    def numbered(self, uses: set[tuple[str, str]]) -> "dict[str, list[tuple[str, str]]]":
        """{page: its words in their order} of the groups that no module indexes."""
        texts = "".join(self.texts.values())
        indexed = {group for group, key in uses if not key}
        for group in self.groups:  # and those that words themselves use
            if len(re.findall(rf"\b{group}\b", texts)) > len(self.languages):
                indexed.add(group)
        found: dict[str, list[tuple[str, str]]] = {page: [] for page in self.pages}
        for group, (page, keys) in self.groups.items():
            if group not in indexed:
                found[page] += [(group, key) for key in sorted(keys)]
        return found

    def without_keys(self, text: str, order: list[tuple[str, str]], name: str) -> str:
        """A file of words with one list `name` in place of groups."""
        groups = {group for group, _ in order}
        entries: dict[tuple[str, str], str] = {}

        def take(match: re.Match[str]) -> str:
            if match[1] not in groups:
                return match[0]
            parts = _ENTRY.split(match[2])[1:]
            for key, source in zip(parts[::2], parts[1::2], strict=True):
                entries[match[1], key] = source.strip().rstrip(",")
            return ""

        rest = _GROUP.sub(take, _COMMENT.sub("", text))
        return rest + f"export const {name} = [{','.join(entries[word] for word in order)}];\n"

    def plain(self, word: str) -> str:
        """An English entry that is a plain text."""
        group, key = word.split(".")
        text = self.texts[ENGLISH, self.groups[group][0]]
        body = dict(_GROUP.findall(_COMMENT.sub("", text)))[group]
        parts = _ENTRY.split(body)[1:]
        source = dict(zip(parts[::2], parts[1::2], strict=True))[key].strip().rstrip(",")
        try:
            return str(json.loads(source))
        except ValueError:
            raise PageError(f"index.html: {word} is not a plain text") from None


def squeeze_markup(text: str) -> str:
    """HTML or SVG without comments and indentation; line ends stay, they separate words."""
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    return "".join(line.strip() + "\n" for line in text.splitlines() if line.strip())


def _esbuild(folder: Path, *arguments: str) -> None:
    found = [path for name in _ESBUILD for path in (ROOT / "node_modules").glob(name)]
    if not found:
        raise PageError("esbuild is not installed: make setup")
    command = [str(found[0]), "--log-level=warning", "--minify", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode or done.stderr.strip():
        raise PageError(done.stderr.strip())


def _prepare(folder: Path, work: Path, words: Words) -> None:
    """Copy the sources with squeezed markup and styles and complete words."""
    shutil.copytree(folder, work, ignore=shutil.ignore_patterns("words", "favicon.svg"))
    for path in work.rglob("*.html"):
        path.write_text(squeeze_markup(_read(path)), encoding="utf-8")
    own = {(language, TEXTS): text for language, text in words.settings.items()}
    own |= {(language, SAID): text for language, text in words.said.items()}
    for (language, page), text in {**words.texts, **own}.items():
        path = work / "words" / language / f"{page}.js"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    styles = sorted(path.relative_to(work).as_posix() for path in work.rglob("*.css"))
    _esbuild(work, *styles, "--outdir=.", "--outbase=.", "--allow-overwrite")


def _sources(work: Path) -> dict[str, Path]:
    """The modules and markup that use words."""
    return {
        path.relative_to(work).as_posix(): path
        for path in sorted([*work.rglob("*.js"), *work.rglob("*.html")])
        if path.relative_to(work).parts[0] != "words"
    }


def _number_words(work: Path, words: Words, uses: Uses) -> None:
    """Put numbers in place of the words' names, in files of words and where they are used."""
    names = {page: chr(ord("a") + number) for number, page in enumerate(words.pages)}
    order = words.numbered(set().union(*uses.values()))
    numbers = {
        word: (names[page], number)
        for page, found in order.items()
        for number, word in enumerate(found)
    }

    def put(match: re.Match[str]) -> str:
        name, number = numbers.get((match[1], match[2] or ""), ("", 0))
        if not name:
            return match[0]
        return "{{%s.%d}}" % (name, number) if match[0][0] == "{" else f"W.{name}[{number}]"

    for file, path in _sources(work).items():
        if file != "index.html":
            pattern = _MARK if file.endswith(".html") else _USE
            path.write_text(pattern.sub(put, _read(path)), encoding="utf-8")
    for (language, page), text in words.texts.items():
        path = work / "words" / language / f"{page}.js"
        path.write_text(words.without_keys(text, order[page], names[page]), encoding="utf-8")


def _join_words(work: Path, words: Words) -> str:
    """Make one file of a language's words for all pages but the first: it is packed better.
    Returns the hash of all words, which their served files have in their names."""
    later = [page for page in words.pages if page not in (SHARED, FIRST)]
    modules = [path for name, path in _sources(work).items() if name.endswith(".js")]
    (work / "later").mkdir()
    for language in words.languages:
        (work / "later" / language).mkdir()
        for page in later:
            (work / "words" / language / f"{page}.js").rename(
                work / "later" / language / f"{page}.js"
            )
        lines = [f'export * from "../../later/{language}/{page}.js";\n' for page in later]
        path = work / "words" / language / f"{LATER}.js"
        path.write_text("".join(lines), encoding="utf-8")

    def put(match: re.Match[str]) -> str:
        if match[2] not in (*words.pages, TEXTS):
            raise PageError(f"words/{ENGLISH}/{match[2]}.js is loaded, and is not there")
        return f'{match[1]}"{LATER}"' if match[2] in later else match[0]

    for path in modules:
        path.write_text(_LOAD.sub(put, _read(path)), encoding="utf-8")
    texts = sorted([*work.glob("words/*/*.js"), *work.glob("later/*/*.js")])
    version = _hash("".join(map(_read, texts)))
    _put_name(work / "words.js", _LOADER, "${page}", version)
    _put_name(work / f"lib/{SAID}.js", _SAID_LOADER, SAID, version)
    return version


def _words_name(language: str, page: str, version: str) -> str:
    """The served file of words."""
    return f"{language}.{page}-{version}.js"


def _put_name(path: Path, loader: str, page: str, version: str) -> None:
    """Put the name of the served file of words in place of a module's import() by its source."""
    text = _read(path)
    if text.count(loader) != 1:
        raise PageError(f"{path.name}: expected {loader} once")
    served = f"import(`/{_words_name('${language}', page, version)}`)"
    path.write_text(text.replace(loader, served), encoding="utf-8")


def _needs(modules: dict[str, Any], name: str) -> set[str]:
    """A module of esbuild's account, and those that it imports."""
    found: set[str] = set()
    open_ends = [name]
    while open_ends:
        name = open_ends.pop()
        if name not in found:
            found.add(name)
            open_ends += [
                part["path"]
                for part in modules.get(name, {"imports": []})["imports"]
                if part["kind"] == "import-statement"
            ]
    return found


def _refuse_words(words: Words, uses: Uses, pages: str, inputs: dict[str, Any]) -> None:
    """Raise PageError for words that are unused, or not loaded with their page."""
    everywhere = set().union(*uses.values())
    for group, (page, keys) in words.groups.items():
        for key in sorted(keys):
            if not everywhere & {(group, key), (group, "")}:
                raise PageError(f"words/{ENGLISH}/{page}.js: nothing uses {group}.{key}")

    loaded = {"main.js": SHARED}
    loaded.update((module, page) for _, page, module in _PAGE.findall(pages))
    for module, page in loaded.items():
        for name in _needs(inputs, module):
            for group, _ in uses.get(name, ()):
                if words.groups[group][0] not in (SHARED, page):
                    raise PageError(f"{name}: {group} is not in the words of {module}")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _bundle(work: Path, out: Path) -> Any:
    """Make the served modules. Returns esbuild's account of them."""
    files = [path.relative_to(work).as_posix() for path in sorted(work.glob("words/*/*.js"))]
    _esbuild(
        work, "main.js", *files, "--bundle", "--splitting", "--format=esm", "--target=es2022",
        "--charset=utf8", f"--outdir={out}", "--entry-names=[name]-[hash]",
        "--chunk-names=[name]-[hash]", "--public-path=/",
        "--loader:.html=text", "--loader:.css=text", f"--metafile={out}.json",
    )  # fmt: skip
    return json.loads(_read(out.with_suffix(".json")))


def _join_shared(work: Path, inputs: dict[str, Any]) -> None:
    """Let each module that is loaded on demand import the shell and what parts share, so that
    the bundler makes one file of these."""
    parts = {
        part["path"]
        for module in inputs.values()
        for part in module["imports"]
        if part["kind"] == "dynamic-import" and not part["path"].startswith("words/")
    }
    users: dict[str, set[str]] = {}
    for part in parts | {"main.js"}:
        for name in _needs(inputs, part):
            users.setdefault(name, set()).add(part)
    shared = sorted(
        name
        for name, of in users.items()
        if len(of) > 1 and (name.startswith("lib/") or f"pages/{FIRST}.js" in of)
    )
    imports = "".join(f'import "../{name}";\n' for name in ("main.js", *shared))
    for part in parts:  # each is in a folder
        path = work / part
        path.write_text(imports + _read(path), encoding="utf-8")
    path = work / "main.js"
    own = "".join(f'import "./{name}";\n' for name in shared)
    path.write_text(own + _read(path), encoding="utf-8")


def _name_shell(files: dict[str, str], outputs: dict[str, Any]) -> str:
    """Give the file with the shell, a chunk of esbuild, the name main-<hash>.js in place of the
    entry point that only imports it. Returns this name."""
    entry = next(name for name, made in outputs.items() if made.get("entryPoint") == "main.js")
    chunk = next(name for name, made in outputs.items() if "main.js" in made["inputs"])
    if entry == chunk:
        return entry
    main = chunk.replace("chunk-", "main-")
    del files[entry], outputs[entry]
    files[main] = files.pop(chunk)
    outputs[main] = outputs.pop(chunk)
    for name in files:
        files[name] = files[name].replace(chunk, main)
    for made in outputs.values():
        for part in made["imports"]:
            part["path"] = part["path"].replace(chunk, main)
    return main


def _name_words(files: dict[str, str], outputs: dict[str, Any], version: str) -> None:
    """Give the files of words the names by which they are loaded."""
    for name in list(files):
        folder, *path = Path(outputs[name].get("entryPoint", name)).parts
        if folder == "words":
            served = _words_name(path[0], Path(path[1]).stem, version)
            files[served] = files.pop(name)
            outputs[served] = outputs.pop(name)


def _parts(outputs: dict[str, Any]) -> list[str]:
    """The served modules but those of words."""
    return [
        name
        for name, made in outputs.items()
        if not made.get("entryPoint", "words/").startswith("words/") or "main.js" in made["inputs"]
    ]


def make(folder: Path = SOURCE) -> Page:
    """Build the page of a source folder."""
    words = Words(folder)
    with tempfile.TemporaryDirectory() as temporary:
        work, out = Path(temporary) / "src", Path(temporary) / "out"
        _prepare(folder, work, words)
        uses = {file: set(words.used(file, _read(path))) for file, path in _sources(work).items()}
        if not [entry for entry in words.missing if not _OWN_TEXT.search(entry)]:
            _number_words(work, words, uses)
        pages = _read(work / "pages.js")
        version = _join_words(work, words)
        inputs = _bundle(work, Path(temporary) / "apart")["inputs"]
        _refuse_words(words, uses, pages, inputs)
        _join_shared(work, inputs)
        outputs = _bundle(work, out)["outputs"]
        page = Page({path.name: _read(path) for path in sorted(out.iterdir())})
        outputs = {Path(name).name: made for name, made in outputs.items()}
        _name_words(page.files, outputs, version)
        main = _name_shell(page.files, outputs)
        page.files |= shorten({name: page.files[name] for name in _parts(outputs)})
        style = _read(work / "style.css")
        index = _read(work / "index.html")
    by_entry = {made["entryPoint"]: name for name, made in outputs.items() if "entryPoint" in made}

    def needs(name: str) -> set[str]:
        return {name}.union(
            *(
                needs(Path(part["path"]).name)
                for part in outputs[name]["imports"]
                if part["kind"] == "import-statement"
            )
        )

    names = {"/main.js": main, "/style.css": f"style-{_hash(style)}.css"}
    page.files[names["/style.css"]] = style
    page.files["index.html"] = _index(index, words, names, sorted(needs(main) - {main}))
    page.files["favicon.svg"] = squeeze_markup(_read(folder / "favicon.svg"))
    served = {name if name in (SHARED, FIRST) else LATER for name in words.pages}
    for language in words.languages:
        files = (by_entry.get(f"words/{language}/{name}.js") for name in served)
        page.words[language] = set().union(*(needs(file) for file in files if file))
    page.texts = {name: by_entry[f"words/{name}/{TEXTS}.js"] for name in words.settings}
    page.said = {name: needs(by_entry[f"words/{name}/{SAID}.js"]) for name in words.languages}
    page.said[ENGLISH].add(by_entry[f"lib/{SAID}.js"])
    page.first = {"index.html", "favicon.svg", names["/style.css"]} | needs(main)
    for part in ("pages/now.js", f"words/{ENGLISH}/{SHARED}.js", f"words/{ENGLISH}/now.js"):
        page.first |= needs(by_entry[part])
    for name in page.files:
        if not _NAME.fullmatch(name):
            raise PageError(f"{name}: not a name of a served file")
    return page


def _index(markup: str, words: Words, names: dict[str, str], parts: list[str]) -> str:
    """The shell with English words, hashed names, and its parts to be loaded at once."""

    def text(match: re.Match[str]) -> str:
        name = match[0][2:-2]
        return html.escape(product() if name == "PRODUCT" else words.plain(name))

    index = _MARK.sub(text, markup)
    for plain, hashed in names.items():
        if index.count(f'"{plain}"') != 1:
            raise PageError(f'index.html: expected "{plain}" once')
        index = index.replace(f'"{plain}"', f'"/{hashed}"')
    loads = "".join(f'<link rel="modulepreload" href="/{name}">\n' for name in parts)
    return index.replace("</head>", loads + "</head>")


def build(folder: Path = SOURCE, out: Path = OUT) -> dict[str, int]:
    """Write the page to `out`, remove files of earlier builds. Returns {file: gzip size}."""
    page = make(folder)
    page.refuse_large()
    texts = {**page.files, "openapi.json": openapi.compact()}
    files = {f"{name}.gz": octets for name, octets in pack(texts).items()}
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
    options = parser.parse_args(arguments)
    try:
        sizes = build(SOURCE, options.out)
        totals = make().totals()
    except PageError as error:
        print(error, file=sys.stderr)
        return 1
    for name, size in sizes.items():
        print(f"{size:7d}  {name}")
    print(f"{sum(sizes.values()):7d}  total in {options.out}")
    print("budgets: " + ", ".join(f"{name} {size}" for name, size in totals.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
