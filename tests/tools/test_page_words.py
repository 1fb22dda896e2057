"""The page's words: one file per language, inserted by tools.page, and no text elsewhere."""

import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.javascript import literals
from tools import page

LANGUAGES = sorted(path.stem for path in (page.SOURCE / "words").iterdir())
# Literals of modules that look like words but are not shown.
TECHNICAL = {
    *("GET", "POST", "Escape", "UTC", "T12:00Z", "T", "Z", "M", "L", "V"),
    "viewBox",
    *("col chosen", "soft over", " bad", " warn", "badge ", "note ", "verdict "),
    *(".bar i", "-bar ", "minusSign"),
}
ATTRIBUTES = ("aria-label", "title", "alt", "placeholder", "value", "aria-description")


def sources(folder: Path, module: str, words: str, markup: str = "") -> Path:
    """A page of one module, one file of words, and a markup."""
    (folder / "words").mkdir()
    (folder / "main.js").write_text(module)
    (folder / "words/en.js").write_text(words)
    (folder / "index.html").write_text(f'{markup}<a href="/style.css"></a><a src="/main.js"></a>')
    (folder / "style.css").write_text("")
    (folder / "favicon.svg").write_text("")
    return folder


def script(files: dict[str, str]) -> str:
    return next(text for name, text in files.items() if name.endswith(".js"))


def test_plain_texts_are_inserted_and_functions_stay_in_their_group(tmp_path: Path) -> None:
    files = page.pages(
        sources(
            tmp_path,
            'import { A, B } from "./words.js";\nuse(A.one, A.some(2), B[key]);\n',
            'export const A = {\n  one: "One",\n  some: (n) => `${n} of ${A.one}`,\n'
            '  page: "More \\u2013 \\"<\\"",\n};\n\n'
            'export const B = {\n  x: "X",\n  y: "Y",\n};\n',
            '<p title="{{A.page}}">{{A.one}}, {{PRODUCT}}</p>\n',
        )
    )
    assert script(files) == (
        'const A = {\nsome: (n) => `${n} of ${"One"}`,\n};\n'
        'const B = {\nx: "X",\ny: "Y",\n};\n'
        'use("One", A.some(2), B[key]);\n'
    )
    assert files["index.html"].startswith(
        f'<p title="More \u2013 &quot;&lt;&quot;">One, {page.product()}</p>\n'
    )


@pytest.mark.parametrize(
    ("module", "words", "markup", "reason"),
    [
        ("use(A.two);", '  one: "1",\n', "{{A.one}}", "main.js: words/en.js has no A.two"),
        ("use(A.one);", '  one: "1",\n', "{{A.two}}", "index.html: words/en.js has no A.two"),
        ("use(A.one);", '  one: "1",\n', "{{B.one}}", "index.html: words/en.js has no B.one"),
        ("use(A.one);", '  one: "1",\n', "{{one}}", "index.html: words/en.js has no one"),
        ("use(A.one);", '  one: "1",\n  two: "2",\n', "", "words/en.js: nothing uses A.two"),
        ("use(A.one);", "  one: (n) => n,\n", "{{A.one}}", "A.one of words/en.js is not a plain"),
        ("use(A.one);", '  one: "1",\n  one: "2",\n', "", "words/en.js: A.one is there twice"),
        ("use(A.one);", '  "one": "1",\n', "", "words/en.js: not an entry of A"),
        ("use(A.one);", "  one: (n) => A.two,\n", "", "words/en.js: words/en.js has no A.two"),
        ("use(C.one);", '  one: "1",\n', "", "words/en.js: nothing uses A.one"),
    ],
)
def test_an_unused_word_and_a_missing_word_are_errors(
    tmp_path: Path, module: str, words: str, markup: str, reason: str
) -> None:
    folder = sources(
        tmp_path,
        f'import {{ A }} from "./words.js";\n{module}\n',
        f"export const A = {{\n{words}}};\n",
        markup,
    )
    with pytest.raises(page.PageError, match=re.escape(reason)):
        page.pages(folder)


def test_a_missing_group_is_an_error(tmp_path: Path) -> None:
    folder = sources(
        tmp_path, 'import { B } from "./words.js";\n', 'export const A = {\n  one: "1",\n};\n'
    )
    with pytest.raises(page.PageError, match=r"main\.js: words\.js does not export B"):
        page.pages(folder)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_builds(language: str) -> None:
    assert f'<html lang="{language}">' in page.pages(page.SOURCE, language)["index.html"]


def test_a_second_language_is_one_more_file(tmp_path: Path) -> None:
    source = Path(shutil.copytree(page.SOURCE, tmp_path / "static"))
    english = (source / "words/en.js").read_text()
    other = english.replace('"en"', '"xx"').replace("This hour", "Hour now")
    (source / "words/xx.js").write_text(other.replace("Last telegram", "Telegram"))
    files = page.pages(source, "xx")
    assert '<html lang="xx">' in files["index.html"]
    assert '<span id="h-hour">Hour now</span>' in files["index.html"]
    assert "This hour" not in "".join(files.values())
    assert "`Telegram ${duration(age)} ago`" in script(files)
    assert page.pages(source) == page.pages(page.SOURCE)


def test_a_language_that_lacks_a_word_is_an_error(tmp_path: Path) -> None:
    source = Path(shutil.copytree(page.SOURCE, tmp_path / "static"))
    english = (source / "words/en.js").read_text()
    lines = [line for line in english.splitlines() if not line.startswith("  edited: ")]
    (source / "words/xx.js").write_text("\n".join(lines) + "\n")
    reason = r"words/xx\.js: no QUALITY\.edited, which words/en\.js has"
    with pytest.raises(page.PageError, match=reason):
        page.pages(source, "xx")
    with pytest.raises(page.PageError, match=r"words/yy\.js: no such language"):
        page.pages(source, "yy")


def test_the_products_name_is_a_constant_of_the_firmware(tmp_path: Path) -> None:
    system = tmp_path / "system.py"
    system.write_text('VERSION = "v1"\nPRODUCT = const("Meter box")  # its name\n')
    assert page.product(system) == "Meter box"
    system.write_text('VERSION = "v1"\n')
    with pytest.raises(page.PageError, match=r"system\.py: no PRODUCT"):
        page.product(system)
    name = page.product()
    index = page.pages(page.SOURCE)["index.html"]
    assert f"<title>{name}</title>" in index
    assert f"<h1>{name}</h1>" in index


def readable(text: str) -> bool:
    """Whether literal text of a module may be for people: a blank or a capital, and letters.

    Ids, classes, keys, paths and file names have neither.
    """
    text = re.sub(r"\\u[0-9a-f]{4}|\\.", "", text)
    return bool(re.search("[^\\W\\d_]", text)) and bool(re.search(r"[ A-Z]|[^\x00-\x7f]", text))


@pytest.mark.parametrize(
    ("text", "yes"),
    [("Meter", True), ("now at ", True), (" kWh", True), ("\u00e5r", True), ("b-meter", False),
     ("/now.json", False), ("\\u2013", False), (" \u2013 ", False), ("100 %", False)],
)  # fmt: skip
def test_readable_texts_are_recognised(text: str, yes: bool) -> None:
    assert readable(text) is yes


def test_literals_are_found_in_quotes_and_between_the_code_of_templates() -> None:
    text = 'f("a\\"b", `c ${d ? `e${1}` : "f"} g`); // "no"\nlet h = { i: "j" };'
    found = [text[begin:end] for begin, end in literals(text)]
    assert found == ['a\\"b', "c ", "e", "", "f", " g", "j"]


def test_no_module_has_words_of_its_own() -> None:
    found = {
        text[begin:end]: path.name
        for path in page.SOURCE.glob("*.js")
        for text in [page._IMPORT.sub("", path.read_text())]
        for begin, end in literals(text)
        if readable(text[begin:end])
    }
    assert {text: name for text, name in found.items() if text not in TECHNICAL} == {}
    assert TECHNICAL - set(found) == set()


def test_markup_and_style_have_no_text() -> None:
    texts: list[str] = []

    class Texts(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            if tag != "input":  # the value of an input is a key
                texts.extend(value or "" for name, value in attrs if name in ATTRIBUTES)

        def handle_data(self, data: str) -> None:
            texts.append(data)

    Texts().feed((page.SOURCE / "index.html").read_text())
    assert "{{HOUR.title}}" in texts
    assert "{{STATUS.title}}" in texts
    plain = [re.sub(r"\{\{[\w.]+\}\}", "", text).strip() for text in texts]
    assert [text for text in plain if re.search(r"[^\W\d_]", text)] == []
    contents = re.findall(r"[\s{;]content: *([^;]*)", (page.SOURCE / "style.css").read_text())
    assert [text for text in contents if re.search(r"[^\W\d_]", text)] == []
