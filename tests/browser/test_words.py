"""The page with a words file in wide letters: text in plain letters is not from that file."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.energy import CHART, NOW
from tests.browser.fake_reader import FakeReader
from tests.browser.now import CARDS, prices
from tests.browser.screen import Screen
from tests.browser.test_now_sums import INVOICE
from tests.javascript import replace_literals
from tools import page as builder

WIDE = {ord(c): ord(c) + 0xFEE0 for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"}
# Greek, so that names of weekdays and months have no Latin letters either.
LOCALE = {"en": "el", "en-GB": "el"}
NOTHING = {"u": None, "i": None, "p": None, "q": None, "f": None}
PHASE = {"u": 230.1, "i": 26.2, "p": 3, "q": 5000, "f": 0.97}
STATES: list[dict[str, Any]] = [
    {},
    {"i": 0, "e": 9400, "om": 10, "wm": 2, "mm": 3, "me": -10, "em": 2, "v": 3.05, "he": 94},
    {"i": 16900, "e": 0, "wm": 3, "mm": 2, "em": 3, "v": 3.9, "lt": 4, "f": 0.98, "l1": PHASE},
    {"i": 19900, "mm": 0, "ds": 1, "l2": {"e": True, "i": 0.0}, "l3": {"e": True, "i": 4.1}},
    {"mm": 3, "me": 0, "he": 12345, "l2": {**NOTHING, "e": False}, "l3": NOTHING, "ric": None},
    {"he": 0, "ea": {"t": 65535, "ir": 0, "k": 5, "iv": 15, "nx": None, "fl": True, "x": 3.1}},
    {"ea": {"t": 5, "ir": 900, "iu": 9.1, "ix": 9900, "cur": "NOK", "pn": 1.2, "cc": 250.0}},
    {
        "ea": {
            "ix": 2214,
            "ir": 17320,
            "hf": True,
            "fl": False,
            "wt": NOW + 9000,
            "xr": 5.2,
            "cr": 9,
        }
    },
    {
        "ea": {"u": [1.0, 9.0, 9.0, 0.0, 9.0], "p": [0.0, 3.0, 3.0, 0.0, 3.0], "cur": "NOK"},
        "co": {
            "up": [0.0, 9.0, 4.0, 0.0, 9.0],
            "pp": [0.0, 1.0, 3.0, 0.0, 3.0],
            "cf": [182.2, 1233.55],
            "nr": "no EUR to NOK rate",
            "sc": "EUR",
            "lm": INVOICE,
        },
    },
    {"ea": {"g": [None, None, None, None, None]}},
    {"ea": {"w": 0, "wt": NOW + 90000, "li": None, "np": 3.37, "nx": 10}},
    {"ea": {"w": 500, "wt": NOW + 9e6, "mv": 0.0, "nx": 65535}},
    {"ea": {"w": 333, "mv": 160.0, "nx": None}},
    {"ea": {"k": 0, "lv": 2, "lt": NOW + 9000}},
    {"ea": {"k": 0, "lv": None}},
    {"ea": None, "lt": 1, "i": None, "e": None, "ic": None, "ec": None, "ric": None, "rec": None},
    {"s": 20},
    {"s": 200},
    {"sm": 10},
    {"sm": 0, "clk": {"by": 2, "sure": False, "no": 1, "at": NOW + 60 * 86400}},
    {"clk": {"by": 1, "sure": False, "no": 2, "at": NOW - 3600}},
    {"clk": {"by": 0, "sure": False, "no": 1, "at": 946684800}, "c": 60, "u": 60},
    {"s": None, "u": 3, "lt": 0, "id": "", "mt": 0, "model": "", "c": 0},
    {"s": None, "u": 400},
]
TEXTS = """() => {
    const walk = document.createTreeWalker(document, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walk.nextNode()) {
        if (!walk.currentNode.parentElement.closest("script, style, noscript, #failed")) {
            texts.push(walk.currentNode.data);
        }
    }
    for (const e of document.querySelectorAll("*")) {
        for (const name of ["aria-label", "title", "alt", "placeholder"]) {
            texts.push(e.getAttribute(name) ?? "");
        }
    }
    return texts;
}"""


def made_wide(text: str) -> str:
    """Replace plain letters by wide ones, except in escape sequences."""
    parts = re.split(r"(\\u[0-9a-f]{4}|\\.)", text)
    return "".join(part if part[:1] == "\\" else part.translate(WIDE) for part in parts)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeReader]:
    folder = tmp_path_factory.mktemp("made-up")
    source = Path(shutil.copytree(builder.SOURCE, folder / "static"))
    choice = source / "lib/choice.js"
    choice.write_text(choice.read_text().replace('fi: "Suomi"', 'fi: "Suomi", xx: "Wide"'))
    (source / "words/xx").mkdir()
    for page in ("shared", "now", "history"):
        english = (source / f"words/en/{page}.js").read_text()
        (source / f"words/xx/{page}.js").write_text(
            replace_literals(english, lambda text: LOCALE.get(text) or made_wide(text))
        )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(builder, "LANGUAGE_MOST", 1 << 20)  # wide letters take three octets
        patch.setattr(builder, "ALL_MOST", 1 << 20)
        builder.build(source, folder / "www")
    reader = FakeReader(folder / "www")
    reader.start()
    yield reader
    reader.stop()


DATA = {"NOK", "EUR", "UTC", "el", "L", "Aidon", "kr", "re", "EOE", "E"}  # "øre" has a Latin "re"


def not_from_words(screen: Screen) -> set[str]:
    """Words in plain letters that are neither the product's name nor the reader's data, nor the
    names of phases, languages, makers and currencies."""
    found = set(re.findall("[A-Za-z]+", " ".join(screen.page.evaluate(TEXTS))))
    names = {"English", "Norsk", "Svenska", "Dansk", "Deutsch", "Nederlands", "Suomi", "Wide"}
    return found - set(builder.product().split()) - names - DATA


@pytest.fixture
def wide(browser: Browser, reader: FakeReader, screens: list[Screen]) -> Screen:
    """A tab in the language of wide letters."""
    screen = Screen(browser, reader, width=1280)
    screens.append(screen)
    screen.page.add_init_script("localStorage.setItem('lang', 'xx')")
    return screen


def test_every_word_of_now_is_from_the_words_files(reader: FakeReader, wide: Screen) -> None:
    reader.live = {"ta": 3.0, "t": [700, 800, 900], "ma": 33.0, "m": [700, 800]}
    reader.documents["/importprice.json"] = prices({60: 1.5})
    wide.open(CARDS)
    assert made_wide("Importing") in wide.text("body")
    for state in STATES:
        reader.set(**state)
        wide.page.wait_for_timeout(150)
        wide.settle()
        assert not_from_words(wide) == set(), state


def test_every_word_of_history_is_from_the_words_files(reader: FakeReader, wide: Screen) -> None:
    reader.documents["/money.json"] = {
        "currency": "NOK",
        "days": [{"t": "2026-03-10", "c": 22.0, "g": 2.2, "ip": 22.0, "ep": 2.2}],
    }
    wide.open(CHART, path="/history")
    for name in ("week", "month", "year", "day"):
        wide.page.locator(f"#views input[value={name}]").check()
        wide.settle()
        assert not_from_words(wide) == set(), name
        wide.page.locator("#units input[value=money]").check()
        assert not_from_words(wide) == set(), name
        wide.page.locator("#units input[value=energy]").check()
    wide.page.locator("#earlier").click()
    wide.settle()
    assert not_from_words(wide) == set()
    wide.page.locator("#today").click()
    wide.page.locator("#as-table").click()
    wide.page.locator("#table tbody td button:visible").first.click()
    for value in ("x", "1", "1"):
        if wide.page.locator("#correct-i").input_value() != value:
            wide.page.locator("#correct-i").fill(value)
        wide.page.locator("#save").click()
        wide.settle()
        assert not_from_words(wide) == set()
    wide.page.locator("summary").click()
    wide.settle()
    assert made_wide("Correction, ") in wide.text("#edits-list")
    for _ in range(2):
        wide.page.locator("#edits-list button").click()
        wide.settle()
        assert not_from_words(wide) == set()
    assert made_wide("is made again") in wide.text("#toast")
