"""Each page, part and state: widths, themes, axe-core, forced colours, text size, motion."""

import pytest

from tests.browser import settings
from tests.browser.fake_reader import FakeReader
from tests.browser.looks import MOVING, looks_right, violations
from tests.browser.screen import Screen, expected_network
from tests.browser.views import VIEWS, View, serve


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.name)
def test_a_view_looks_right(reader: FakeReader, screen: Screen, view: View) -> None:
    serve(reader)
    view.prepare(reader)
    screen.page.emulate_media(reduced_motion="reduce")
    screen.open(view.ready, view.path)
    screen.settle()
    view.act(screen)
    looks_right(screen, view.name)
    expected_network(screen)


def test_motion_is_there_unless_it_is_reduced(reader: FakeReader, screen: Screen) -> None:
    screen.open()
    assert any("bar" in part for part in screen.page.evaluate(MOVING))


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
    screen.until("document.activeElement.id === 'title'")
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
