"""The owner chooses the board by keyboard: in the guide, with the whole firmware, from Device."""

from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.browser.fake_reader import FakeReader
from tests.browser.keys import focused, press, tab_to
from tests.browser.screen import Screen
from tests.browser.test_whole import LONG_MS, PICTURES
from tests.browser.views import access_point, serve
from tests.world import World


def to_choice(screen: Screen) -> None:
    """From the first step to the list of boards."""
    press(screen, "Not this one?")
    screen.page.locator("#f-vb").wait_for()
    screen.until("document.activeElement.id === 'step-title'")


def test_a_board_and_its_gpio_are_chosen_by_keyboard(reader: FakeReader, screen: Screen) -> None:
    serve(reader)
    access_point(reader)
    screen.open("document.querySelector('.networks button')", "/setup")
    page = screen.page
    assert "Board: Pow-K+" in screen.text("#step-body")
    to_choice(screen)
    assert page.locator("#f-vb").input_value() == "50"
    assert page.locator("#f-vh").input_value() == "21"
    assert "Nothing is lost" in screen.text("#step-body")
    assert "Clears settings, passwords, keys" in screen.text("#h-vr")

    # What the reader refuses is beside the field, which has the focus.
    reason = "vh: GPIO 17 cannot be the meter's line: it is wired to the PSRAM"
    reader.answers["POST", "/save"] = 400, {"success": False, "message": reason}
    tab_to(screen, "f-vh")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    press(screen, "step-next")
    screen.wait_text("#e-vh", "GPIO 17 cannot be")
    assert focused(screen) == "f-vh" and reader.posted[-1].form()["vh"] == "17"
    screen.complaints[:] = [text for text in screen.complaints if "400" not in text]

    # A board whose line is wired has no GPIO to choose.
    page.keyboard.press("Shift+Tab")
    screen.until("document.activeElement.id === 'f-vb'")
    page.keyboard.press("End")
    page.locator("#f-vh").wait_for(state="hidden")
    reader.answers["POST", "/save"] = 200, {"success": True, "message": "", "reboot": False}
    press(screen, "step-next")
    page.locator(".networks button").first.wait_for()  # nothing is changed: the first step
    assert reader.posted[-1].form() == {"v": "true", "vb": "7", "vh": "", "vr": "false"}

    # The settings are cleared only if the owner asks for it.
    to_choice(screen)
    tab_to(screen, "f-vr")
    page.keyboard.press("Space")
    press(screen, "step-next")
    page.locator(".networks button").first.wait_for()
    assert reader.posted[-1].form()["vr"] == "true"


def test_the_reason_why_a_choice_is_not_used_is_shown(reader: FakeReader, screen: Screen) -> None:
    serve(reader)
    reader.documents["/board.json"]["why"] = "the chosen board is not used: board.txt is damaged"
    screen.open("document.querySelector('#f-vb')", "/setup#board")
    assert screen.text("#e-vb").endswith("board.txt is damaged")


def test_device_leads_to_the_choice(reader: FakeReader, screen: Screen) -> None:
    serve(reader)
    screen.open("document.querySelector('[data-v=board]').textContent === 'Pow-K+'", "/device")
    press(screen, "Pow-K+")
    screen.page.locator("#f-vb").wait_for()


def chosen(page: Page, name: str, gpio: str = "") -> None:
    """Choose in the open list, and send it."""
    page.locator("#f-vb").select_option(label=name)
    if gpio:
        page.locator("#f-vh").select_option(gpio)
    page.locator("#step-next").click()


def test_the_whole_firmware_restarts_with_the_chosen_board(
    tmp_path: Path, browser: Browser
) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with World(tmp_path, "--meter", "kaifa") as world:
        page = browser.new_context(viewport={"width": 360, "height": 800}).new_page()
        page.set_default_timeout(LONG_MS)
        for before, after, gpio in (
            ("Simulator", "Pow-U+", ""),
            ("Pow-U+", "Simulator", "16"),
        ):
            page.goto(f"http://127.0.0.1:{world.http}/setup")
            page.get_by_text(f"Board: {before}").wait_for()
            page.get_by_role("button", name="Not this one?").click()
            page.locator("#f-vb").wait_for()
            with page.expect_event("requestfailed", timeout=LONG_MS):  # it sees the restart
                chosen(page, after, gpio)
                world.firmware.wait(LONG_MS / 1000)
            page.get_by_text("Restarting").wait_for()
            page.screenshot(path=PICTURES / f"setup-board-{after}.png", full_page=True)
            assert world.restart_after_exit() == 75
            page.get_by_text(f"Board: {after}").wait_for()  # back in the guide
            assert page.url.endswith("/setup")
        assert world.json("/board.json")["gpio"] == 16
        page.context.close()
