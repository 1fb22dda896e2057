"""The guide in the owner's network, against the fake reader."""

from playwright.sync_api import Browser

from tests.browser.fake_reader import FakeReader
from tests.browser.screen import Screen, expected_network
from tests.browser.settings import serve


def test_a_step_whose_part_does_not_come_says_so_and_is_tried_again(
    reader: FakeReader, screen: Screen
) -> None:
    serve(reader)
    screen.page.route("**/questions-*.js", lambda route: route.abort(), times=1)
    screen.open("document.getElementById('step-why').textContent", path="/setup#fuse")
    assert screen.text("#step-why") == "The reader does not answer."
    assert screen.page.locator("#step-body").inner_text() == ""
    screen.page.locator("#step-next").click()
    screen.page.locator("#f-main_fuse_a").wait_for()
    assert screen.text("#step-why") == ""
    expected_network(screen)


def test_settings_in_the_guide_are_told_in_the_page_s_language(
    browser: Browser, reader: FakeReader, screens: list[Screen]
) -> None:
    serve(reader)
    screen = Screen(browser, reader, width=320)
    screens.append(screen)
    screen.page.add_init_script("localStorage.setItem('lang', 'nl')")
    screen.open("document.querySelector('#f-main_fuse_a')", path="/setup#fuse")
    assert screen.page.locator("label[for=f-main_fuse_a]").inner_text() == "Hoofdzekering"
    assert screen.text("#h-main_fuse_a").startswith("Geeft de wijzers")
    screen.page.locator("#f-main_fuse_a").fill("70000")
    screen.page.keyboard.press("Tab")
    screen.wait_text("#e-main_fuse_a", "Moet 0 tot 65535 zijn.")
