"""The card Energy fits and is legible in both themes and widths; screenshots of it."""

import pytest
from playwright.sync_api import Browser

from tests.browser.energy import CHART, HOUR, bars, heard, row, save, table, view
from tests.browser.fake_reader import FakeReader
from tests.browser.keys import tab_to
from tests.browser.screen import PICTURES, WEAK, Screen, expected_network, fits
from tests.browser.test_whole import LONG_MS


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_energy_fits_and_is_legible(
    browser: Browser, reader: FakeReader, screens: list[Screen], width: int, scheme: str
) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    hours = reader.house.hours
    hours[HOUR - 5 * 3600][2] = "estimated"
    hours[HOUR - 7 * 3600][2] = "edited"
    del hours[HOUR - 4 * 3600]
    reader.set(ea={"cur": "NOK", "cc": 290.0})
    screen = Screen(browser, reader, width, scheme)
    screens.append(screen)
    screen.open(CHART, path="/history")

    def check(name: str) -> None:
        screen.page.wait_for_timeout(400)  # until the bars have moved
        assert fits(screen), name
        seen, weak = screen.page.evaluate(WEAK)
        assert seen > 40, name
        assert weak == [], name
        screen.page.evaluate("scrollTo(0, 0)")
        path = PICTURES / f"energy-{name}-{scheme}-{width}.png"
        screen.page.screenshot(path=path, full_page=True)

    bars(screen).nth(8).focus()
    check("day")
    reader.set(ea={"ix": 5200, "ir": 1200})
    heard(reader, screen)
    for name, until in (("week", "Thu"), ("month", "Thu"), ("year", "March 2026")):
        view(screen, name, until)
        check(name)
    view(screen, "day", "so far")
    table(screen)
    row(screen, "08:00").get_by_role("button").click()
    screen.page.locator("#correct-i").fill("x")
    screen.page.keyboard.press("Enter")
    check("table")
    screen.page.locator("#correct-i").fill("2.5")
    save(screen)
    screen.wait_text("#said", "corrected")
    screen.page.locator("summary").click()
    row(screen, "09:00").get_by_role("button").click()
    screen.page.locator("#correct-i").fill("9")
    screen.page.keyboard.press("Enter")
    screen.wait_text("#effect-list", "March 2026")
    screen.wait_text("#edits-list", "Undo")
    check("correction")
    screen.page.keyboard.press("Escape")
    row(screen, "08:00").get_by_role("button").click()
    reader.canned["/history.json"] = (503, b"")
    reader.set(ea={"ir": 0})
    save(screen)
    screen.wait_text("#said", "corrected")
    screen.wait_text("#energy-note", "could not be read")
    check("trouble")
    expected_network(screen)


def test_motion_is_reduced_on_request(
    browser: Browser, reader: FakeReader, screens: list[Screen]
) -> None:
    screen = Screen(browser, reader, motion="reduce")
    screens.append(screen)
    screen.open(CHART, path="/history")
    moving = screen.page.evaluate(
        """[...document.querySelectorAll("*")].filter(e => {
            const s = getComputedStyle(e);
            return parseFloat(s.transitionDuration) || s.animationName !== "none";
        }).length"""
    )
    assert moving == 0


def test_targets_on_a_phone_are_large(reader: FakeReader, screen: Screen) -> None:
    screen.open(CHART, path="/history")
    table(screen)
    row(screen, "08:00").get_by_role("button").click()
    small = screen.page.evaluate(
        """[...document.querySelectorAll("#energy button, #energy a, #energy label > span")]
            .filter(e => e.getClientRects().length && e.getBoundingClientRect().height < 44)
            .map(e => e.textContent)"""
    )
    assert small == []


def test_the_pencil_of_a_row_is_seen_when_it_is_needed(
    browser: Browser, reader: FakeReader, screen: Screen
) -> None:
    """With a mouse in the row at hand, with the keyboard in its own; on a phone in each."""
    seen = "e => getComputedStyle(e).opacity"
    screen.open(CHART, path="/history")
    table(screen)
    pencils = screen.page.locator("#table .quiet:visible")
    screen.page.mouse.move(0, 0)
    assert {pencils.nth(n).evaluate(seen) for n in range(pencils.count())} == {"0"}
    row(screen, "08:00").locator("th").hover()
    assert row(screen, "08:00").locator(".quiet").evaluate(seen) == "1"
    assert row(screen, "09:00").locator(".quiet").evaluate(seen) == "0"
    tab_to(screen, "Correct 09:00\u201310:00")
    assert row(screen, "09:00").locator(".quiet").evaluate(seen) == "1"
    screen.page.keyboard.press("Enter")
    screen.until("document.activeElement.id === 'correct-i'")
    phone = browser.new_context(
        viewport={"width": 360, "height": 800}, is_mobile=True, has_touch=True, locale="en-GB"
    )
    page = phone.new_page()
    page.set_default_timeout(LONG_MS)
    page.goto(f"{reader.url}history")
    page.get_by_role("button", name="Show as table").tap()
    pencils = page.locator("#table .quiet:visible")
    pencils.first.wait_for()
    assert {pencils.nth(n).evaluate(seen) for n in range(pencils.count())} == {"1"}
    pencils.first.tap()
    page.locator("#correct-i:focus").wait_for()
    phone.close()
