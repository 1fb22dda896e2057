"""The page's words: a file for each language and page, and no text elsewhere."""

import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest
import schema_texts

from tests.javascript import literals
from tests.settingtexts import LANGUAGES, texts
from tools import page

# Literals of modules that look like words but are not shown.
TECHNICAL = {
    *("GET", "POST", "Escape", "UTC", "T12:00Z", "T", "Z", "M", "L", "V"),
    "viewBox", "Content-Type", "L1", "L2", "L3", "L1-L2", "L1-L3", "L2-L3",
    *("col chosen", "soft over", " bad", " warn", "badge ", "note ", "verdict "),
    *(".bar i", "-bar ", "minusSign", "card full", "field switch", "a[href]", " e-"),
    *("chip ", "note ok", "note bad", "DHCP", "GPIO", "IP", "\\u00a0V", "\\u00a0dBm"),
    # Of the settings: units, protocols, examples, classes.
    *("card group", "field composed", ".with-unit .sub", "note warn", "state "),
    *("A", "dBm", "kWp", " kW", "kW", " kWh", "/kWh", "DNS", "TCP", "TLS", "SHA-256", "PATCH"),
    *("0123456789ABCDEF0123456789ABCDEF", "NOK", "all 7-22", "all all "),
    "28FF641E93160342 A, 28FF641E93160343 B",
    *('{\\"count\\": 3}', '\\"VAT\\" both percent 25'),
    *("wrong key", "wrong authentication key", "not encrypted", "nothing received"),
    *("big sells", "column ", "track ", "h2 small", "H", "FIX", "\\u00a0°C"),
    *("zł", "øre", "öre", "Rp.", "EUR"),
    *("Aidon", "Kaifa", "Kamstrup", "Iskraemeco", "Landis+Gyr", "Sagemcom"),
    *("English", "Norsk", "Svenska", "Dansk", "Deutsch", "Nederlands", "Suomi"),
}  # fmt: skip
TECHNICAL |= {
    *("dateTimeField", ".views a", "note full ", "Wi-Fi ", "Push: ", " V: ", " dBm", " KB"),
    *(" s, ", " \\u00b0C", "HDLC", "M-Bus", "P1", "APDU"),
}
# Of markup: names of protocols, files, settings and units, and an example.
NAMES = {
    *("L1", "L2", "L3", "25A", "Wi-Fi", "MQTT", "DNS", "IP", "MAC", "Chip", ": upgrade_url"),
    *("firmware.bin", "lists.txt", "configfile.cfg", "configfile.cfg (AMS reader)"),
    *("stable", "early", "candidates", "snapshots", "info", "warning", "error"),  # of the API
    *("all", "some", "one"),
    *("1 / 12 s", "10 / 30 s", "32 / 2 min"),
    *("/login.html", "/setup.html", "/welcome.html"),
}
ATTRIBUTES = ("aria-label", "title", "alt", "placeholder", "aria-description")


def modules(folder: Path = page.SOURCE) -> list[Path]:
    return [path for path in folder.rglob("*.js") if "words" not in path.parent.parts]


def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(page.SOURCE, tmp_path / "static"))


def add(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    with path.open("a") as file:
        file.write(text)


GROUP = "export const EXTRA = {{\n{}}};\n"


@pytest.mark.parametrize(
    ("entries", "use", "reason"),
    [
        ('  one: "1",\n', "W.EXTRA.two", "pages/now.js: there is no word EXTRA.two"),
        ('  one: "1",\n', "W.NONE.one", "pages/now.js: there is no word NONE.one"),
        ('  one: "1",\n  two: "2",\n', "W.EXTRA.one", "en/now.js: nothing uses EXTRA.two"),
        ('  one: "1",\n  one: "2",\n', "W.EXTRA.one", "en/now.js: EXTRA.one is there twice"),
        ('  "one": "1",\n', "W.EXTRA", "words/en/now.js: not an entry of EXTRA"),
        ('  one: "1",\n', "W.EXTRA.one + W.ENERGY.csv", "ENERGY is not in the words of pages/now"),
    ],
)
def test_a_missing_word_and_an_unused_word_are_errors(
    tmp_path: Path, entries: str, use: str, reason: str
) -> None:
    source = copy(tmp_path)
    add(source / "words/en/now.js", GROUP.format(entries))
    add(source / "pages/now.js", f"export const extra = (W) => {use};\n")
    with pytest.raises(page.PageError, match=re.escape(reason)):
        page.make(source)


def test_a_whole_group_is_used_by_a_key_that_is_computed(tmp_path: Path) -> None:
    source = copy(tmp_path)
    add(source / "words/en/now.js", GROUP.format('  one: "1",\n  two: "2",\n'))
    add(source / "pages/now.js", "export const extra = (W, key) => W.EXTRA[key];\n")
    page.make(source)


@pytest.mark.parametrize("use", ['loadWords("none")', '({ words: "none" })'])
def test_words_that_are_loaded_are_there(tmp_path: Path, use: str) -> None:
    source = copy(tmp_path)
    add(source / "pages/now.js", f"export const extra = (loadWords) => {use};\n")
    with pytest.raises(page.PageError, match=r"words/en/none\.js is loaded, and is not there"):
        page.make(source)


def test_every_file_of_words_that_a_module_loads_is_served() -> None:
    """Also one besides its page's: those of all pages but the first are one file."""
    loads = [text for name, text in page.make().files.items() if name.startswith("setup-")]
    found = re.findall(r'\b\w+\("(\w+)"\)', "".join(loads))
    assert "settings" not in found and "later" in found


def test_a_group_is_in_one_file_only(tmp_path: Path) -> None:
    source = copy(tmp_path)
    add(source / "words/en/now.js", 'export const ENERGY = {\n  one: "1",\n};\n')
    with pytest.raises(page.PageError, match="ENERGY is in another file too"):
        page.make(source)


@pytest.mark.parametrize(
    ("file", "text", "reason"),
    [
        ("nb/now.js", 'export const SUMS = {\n  title: "x",\n};\n', r"no SUMS\.\w+, which"),
        ("nb/now.js", 'export const MORE = {\n  title: "x",\n};\n', "English has no MORE there"),
        ("nb/more.js", "", r"words/nb/more\.js: English has no such file"),
        ("xx/now.js", "", r"words/xx: no language of LANGUAGES"),
    ],
)  # fmt: skip
def test_another_language_has_the_groups_and_keys_of_english(
    tmp_path: Path, file: str, text: str, reason: str
) -> None:
    source = copy(tmp_path)
    (source / "words" / file).parent.mkdir(exist_ok=True)
    (source / "words" / file).write_text(text)
    with pytest.raises(page.PageError, match=reason):
        page.make(source)


def test_a_group_that_a_language_lacks_is_taken_from_english(tmp_path: Path) -> None:
    source = copy(tmp_path)
    shutil.rmtree(source / "words/nb", ignore_errors=True)
    (source / "words/nb").mkdir()
    (source / "words/nb/now.js").write_text("")
    words = page.Words(source)
    assert "words/nb/now.js: SUMS" in words.missing
    assert "SUMS" in words.texts["nb", "now"] and '"../en/now.js"' in words.texts["nb", "now"]
    page.make(source)


def test_shared_words_are_there_in_every_language() -> None:
    assert [file for file in page.Words(page.SOURCE).missing if "shared.js" in file] == []


def test_every_language_is_complete() -> None:
    assert page.Words(page.SOURCE).missing == []


def test_the_settings_texts_are_a_line_for_each_setting_of_the_firmware() -> None:
    names = page.setting_names()
    assert {"main_fuse_a", "web_password"} < set(names)
    text = 'export const SETTING = {\n  // A comment\n  web_user: "User|Help",\n};\n'
    packed, missing = page.pack_texts("nb", text, ["hostname", "web_user"])
    assert packed == 'export const SETTING = "\\nUser|Help";\n'
    assert missing == ["hostname"]
    with pytest.raises(page.PageError, match=r"nb: SETTING\.web_user is no setting"):
        page.pack_texts("nb", text, ["hostname"])


def test_a_text_of_no_setting_is_an_error(tmp_path: Path) -> None:
    source = copy(tmp_path)
    path = source / "words/nb/texts.js"
    path.write_text(path.read_text().replace("  web_user: ", "  web_users: "))
    with pytest.raises(page.PageError, match=r"nb/texts\.js: SETTING\.web_users is no setting"):
        page.make(source)


def named(name: str, value: object, label: str) -> bool:
    """Whether the label of an option is a number or a name, the same in each language."""
    areas = name == "price_area" and re.fullmatch(r"(NO|SE|DK)\d", label)
    return bool(areas) or name == "timezone" or label == str(value) or label in PRODUCTS


PRODUCTS = {"Home Assistant", "JSON", "Domoticz"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_setting_has_a_label_and_an_explanation_in_each_language(language: str) -> None:
    found = texts(language)
    for name in page.setting_names():
        label, explanation = schema_texts.text(name)
        assert (label, bool(explanation)) != (name, False), name
        own = [*found[name], ""]
        assert own[0].strip(), name
        assert bool(own[1].strip()) == bool(explanation), name
        assert own[1] == "" or own[1] != explanation, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_option_with_words_has_a_label_in_each_language(language: str) -> None:
    found = texts(language)
    for name in page.setting_names():
        options = list(schema_texts.options(name))
        if name.startswith("ui_"):
            name = "ui_import"  # its labels are those of all of them
        own = found[name][2:]
        assert len(own) <= len(options), name
        own += [""] * (len(options) - len(own))
        for (value, label), word in zip(options, own, strict=True):
            assert word.strip() or named(name, value, label), (name, label)


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


def drawing(text: str) -> bool:
    """Whether it is the path of a drawing."""
    return bool(re.fullmatch(r"[MLHVZAmlhvzac0-9., -]+", text)) and len(text) > 1


def test_no_module_has_words_of_its_own() -> None:
    found = {
        text[begin:end]: path.name
        for path in modules()
        for text in [re.sub(r"^import .*;\n", "", path.read_text(), flags=re.MULTILINE)]
        for begin, end in literals(text)
        if readable(text[begin:end]) and not drawing(text[begin:end])
    }
    assert {text: name for text, name in found.items() if text not in TECHNICAL} == {}


def test_markup_and_style_have_no_text() -> None:
    texts: list[str] = []

    class Texts(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            if tag not in ("input", "option"):  # their values are keys
                texts.extend(value or "" for name, value in attrs if name in ATTRIBUTES)

        def handle_data(self, data: str) -> None:
            texts.append(data)

    for path in page.SOURCE.rglob("*.html"):
        Texts().feed(path.read_text())
    assert "{{HOUR.title}}" in texts
    assert "{{SHELL.skip}}" in texts
    plain = [re.sub(r"\{\{[\w.]+\}\}", "", text).strip() for text in texts]
    words = {text for text in plain if re.search(r"[^\W\d_]", text)}
    assert {text for text in words - NAMES if not text.startswith("list acme")} == set()
    for path in page.SOURCE.rglob("*.css"):
        contents = re.findall(r"[\s{;]content: *([^;]*)", path.read_text())
        assert [text for text in contents if re.search(r"[^\W\d_]", text)] == [], path
