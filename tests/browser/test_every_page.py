"""Each page in both themes: axe-core reports nothing, and nothing is cut off at any width.

axe-core is that of node_modules, with its rules for WCAG 2.2 A and AA and good practice.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser import device, settings
from tests.browser.energy import NOW
from tests.browser.fake_reader import FakeReader
from tests.browser.screen import PICTURES, Screen, expected_network, fits
from tools.page import ROOT

AXE = ROOT / "node_modules/axe-core/axe.min.js"
WIDTHS = (320, 360, 768, 1280, 1920)
RUN = """() => axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) =>
    violations.map(({ id, nodes }) => [id, nodes.slice(0, 3).map((node) => node.html)]))"""
NOTHING = {"u": None, "i": None, "p": None, "q": None, "f": None}
# Address, name, what the reader says.
States = list[tuple[str, str, dict[str, Any]]]
STATES: States = [
    ("/", "now", {}),
    ("/", "now-export", {"i": 0, "e": 5200, "om": 8}),
    ("/", "now-fault", {"wm": 3, "mm": 3, "me": -10, "em": 3, "v": 2.9, "he": 94, "i": 16900}),
    ("/", "now-it-grid", {"ds": 1, "l2": {"e": True, "i": 3.0}}),
    ("/", "now-silent", {"s": None, "u": 400, "lt": 0, "id": "", "mt": 0, "l1": NOTHING}),
    ("/", "now-no-sums", {"ea": None}),
    ("/", "now-free", {"ea": {"w": 0, "wt": NOW + 9000, "li": None}}),
    ("/history", "history", {}),
    ("/history", "history-no-clock", {"c": 0}),
    ("/settings", "settings", {}),
    ("/device", "device", {}),
    ("/device#health", "device-health", {}),
    ("/device#backup", "device-backup", {}),
]


def violations(screen: Screen) -> list[list[Any]]:
    """What axe-core reports: rule, and up to three elements."""
    if not screen.page.evaluate("() => typeof axe === 'object'"):
        screen.page.evaluate(AXE.read_text() + ";0")
    found: list[list[Any]] = screen.page.evaluate(RUN)
    return found


@pytest.fixture
def shown(
    browser: Browser, reader: FakeReader, screens: list[Screen]
) -> Callable[[str, dict[str, Any], int, str], Screen]:
    """Opens a page with a state of the reader."""

    def show(path: str, state: dict[str, Any], width: int, scheme: str) -> Screen:
        settings.serve(reader)
        device.serve(reader)
        reader.set(**state)
        screen = Screen(browser, reader, width, scheme)
        screens.append(screen)
        screen.open("true", path=path)
        screen.settle()
        screen.page.wait_for_timeout(500)  # until bars have their width: faint colours count
        return screen

    return show


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("path", "name", "state"), STATES, ids=[row[1] for row in STATES])
def test_axe_reports_nothing(
    shown: Callable[[str, dict[str, Any], int, str], Screen],
    path: str,
    name: str,
    state: dict[str, Any],
    scheme: str,
) -> None:
    width = 360 if scheme == "light" else 1280
    screen = shown(path, state, width, scheme)
    PICTURES.mkdir(parents=True, exist_ok=True)
    screen.page.screenshot(path=PICTURES / f"{name}-{scheme}-{width}.png", full_page=True)
    assert violations(screen) == [], json.dumps(violations(screen), indent=1)
    expected_network(screen)


@pytest.mark.parametrize("path", ["/", "/history", "/settings", "/device"])
def test_nothing_is_cut_off_at_any_width_and_text_size(
    shown: Callable[[str, dict[str, Any], int, str], Screen], path: str
) -> None:
    screen = shown(path, {}, 320, "light")
    for width in WIDTHS:
        screen.page.set_viewport_size({"width": width, "height": 800})
        screen.page.wait_for_timeout(100)
        assert fits(screen), width
    screen.page.set_viewport_size({"width": 640, "height": 800})
    screen.page.evaluate("document.documentElement.style.fontSize = '200%'")
    screen.page.wait_for_timeout(100)
    assert fits(screen), "text at 200 %"
    expected_network(screen)


def test_the_parts_of_a_page_that_does_not_load_can_be_asked_for_again(
    reader: FakeReader, screen: Screen
) -> None:
    screen.open()
    screen.page.route("**/history-*.js", lambda route: route.abort())
    screen.page.locator("#places a[href='/history']").click()
    again = screen.page.get_by_role("button", name="Load the page again")
    again.wait_for()
    assert violations(screen) == []
    screen.page.unroute("**/history-*.js")
    again.click()
    screen.wait_text("#title", "History")
    screen.until("document.getElementById('energy')")
    expected_network(screen)


def test_the_pages_are_walked_through_by_keyboard(reader: FakeReader, screen: Screen) -> None:
    settings.serve(reader)
    screen.open()
    screen.page.keyboard.press("Tab")
    assert screen.page.evaluate("document.activeElement.id") == "skip"
    screen.page.keyboard.press("Enter")
    assert screen.page.evaluate("document.activeElement.id") == "title"
    for place, title in (("/history", "History"), ("/settings", "Settings"), ("/", "Now")):
        screen.page.locator(f"#places a[href='{place}']").focus()
        screen.page.keyboard.press("Enter")
        screen.wait_text("#title", title)
        assert screen.page.evaluate("document.activeElement.id") == "title"
        assert screen.page.title() == f"{title} \u2013 HAN reader"
        current = screen.page.locator("#places a[aria-current=page]")
        assert current.get_attribute("href") == place
        screen.settle()
    screen.page.go_back()
    screen.wait_text("#title", "Settings")
    expected_network(screen)


@pytest.mark.parametrize(
    ("language", "title"),
    [("nb", "Historikk"), ("sv", "Historik"), ("da", "Historik"), ("de", "Verlauf"),
     ("nl", "Historie"), ("fi", "Historia"), ("en", "History")],
)  # fmt: skip
def test_the_language_is_chosen_and_kept(
    reader: FakeReader, screen: Screen, language: str, title: str
) -> None:
    screen.open(path="/history")
    screen.page.locator("#language").select_option(language)
    screen.wait_text("#title", title)
    screen.until("document.getElementById('energy')")
    assert screen.page.evaluate("document.documentElement.lang") == language
    screen.page.reload()
    screen.wait_text("#title", title)
    screen.page.evaluate("localStorage.clear()")


def test_the_theme_is_chosen_and_kept(reader: FakeReader, screen: Screen) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    screen.open()
    light = screen.page.evaluate(ground)
    screen.page.locator("#theme").select_option("dark")
    dark = screen.page.evaluate(ground)
    assert dark != light
    screen.page.reload()
    screen.until("document.getElementById('page').childElementCount")
    assert screen.page.evaluate(ground) == dark
    screen.page.locator("#theme").select_option("auto")
    assert screen.page.evaluate(ground) == light
    screen.page.evaluate("localStorage.clear()")


def test_forced_colours_keep_what_is_pressed_visible(reader: FakeReader, screen: Screen) -> None:
    screen.page.emulate_media(forced_colors="active")
    screen.open(path="/history")
    border = "e => getComputedStyle(e).borderTopStyle"
    assert screen.page.locator("#as-table").evaluate(border) == "solid"
    assert screen.page.locator("#earlier").evaluate(border) == "solid"
    assert violations(screen) == []
