"""A data partition with something else on it: each page asks, and nothing is formatted unasked."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.device import serve
from tests.browser.fake_reader import FakeReader
from tests.browser.screen import Screen
from tests.browser.settings import document
from tests.browser.test_whole import LONG_MS, PICTURES
from tests.timing import wait_until
from tests.world import World

FOUND = "the data partition has unknown content"
SELECTOR = "#held"


def asked(page: Page) -> None:
    page.locator(SELECTOR, has_text=FOUND).wait_for(timeout=LONG_MS)


@pytest.mark.parametrize("path", ["/", "/history", "/settings", "/device", "/setup", "/welcome"])
def test_each_page_asks(path: str, reader: FakeReader, screen: Screen) -> None:
    serve(reader, network={"nf": FOUND, "setup": path == "/setup"})
    reader.documents["/api/settings.json"] = document()
    reader.set(nf=FOUND, s=None)
    page = screen.open("document.querySelector('#held')", path).page
    asked(page)
    page.locator(SELECTOR).get_by_role("button").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("What another firmware has there is lost.").wait_for()
    assert page.evaluate("document.activeElement.textContent") == "Cancel"
    page.keyboard.press("Enter")
    dialog.wait_for(state="detached")
    assert reader.posted == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    if path == "/setup":  # the fake reader has no radio; last, as it is asked again
        screen.complaints[:] = [text for text in screen.complaints if "404" not in text]


def test_without_it_nothing_is_asked(reader: FakeReader, screen: Screen) -> None:
    page = screen.open().page
    assert page.locator(SELECTOR).count() == 0
    assert not [path for path in reader.requests if "held" in path]


def test_a_refusal_is_told(reader: FakeReader, screen: Screen) -> None:
    reader.answers["POST", "/reset"] = (400, {"success": False, "message": "it is in use"})
    reader.set(nf=FOUND)
    page = screen.open().page
    asked(page)
    page.locator(SELECTOR).get_by_role("button").click()
    page.get_by_role("dialog").get_by_role("button", name="Format").click()
    screen.wait_text(SELECTOR, "it is in use")
    assert reader.posted[-1].form() == {"perform": "true", "format": "true"}
    assert page.locator(SELECTOR).get_by_role("button").is_visible()
    screen.complaints[:] = [text for text in screen.complaints if "400" not in text]


def test_the_owner_has_it_formatted(tmp_path: Path, browser: Browser) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    faults = tmp_path / "faults"
    faults.mkdir()
    (faults / "files").write_text(FOUND)
    with World(tmp_path, "--meter", "kaifa", "--speed", "3") as world:
        page = browser.new_context(viewport={"width": 360, "height": 800}).new_page()
        page.set_default_timeout(LONG_MS)
        page.goto(f"http://127.0.0.1:{world.http}/")
        asked(page)
        page.screenshot(path=PICTURES / "foreign-data-360.png", full_page=True)
        page.locator(SELECTOR).get_by_role("button").click()
        page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
        assert (faults / "files").read_text() == FOUND
        page.locator(SELECTOR).get_by_role("button").click()
        with page.expect_event("requestfailed", timeout=LONG_MS):  # the page sees it restart
            page.get_by_role("dialog").get_by_role("button", name="Format").click()
            world.firmware.wait(LONG_MS / 1000)
        assert world.restart_after_exit() == 75
        assert world.json("/health.json")["held"] == ""
        page.locator(SELECTOR).wait_for(state="detached")  # the page loads itself again
        page.get_by_role("button", name="Continue without").click()
        page.wait_for_url("**/setup")
        assert page.locator(SELECTOR).count() == 0
        wait_until((world.data / "config.json").exists)
        page.context.close()
