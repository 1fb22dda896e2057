"""The guide in the owner's network, against the fake reader."""

from typing import Any

from playwright.sync_api import Browser

from tests.browser.fake_reader import FakeReader
from tests.browser.keys import focused, press, tab_to
from tests.browser.now import silence
from tests.browser.screen import Screen, expected_network
from tests.browser.settings import accepted
from tests.browser.views import serve

# What can be reached with Tab and is shown on the card of the step.
REACHABLE = """() => ["a", "button", "input", "select"].map((tag) => `#page ${tag}`)
    .flatMap((path) => [...document.querySelectorAll(path)])
    .filter((e) => e.getClientRects().length && !e.disabled)
    .map((e) => e.id || e.ariaLabel || e.textContent)"""


def step(screen: Screen, name: str, ready: str = "") -> None:
    """Wait for a step: its title has the focus, and each of its elements is reached with Tab."""
    screen.until(f"location.hash === '#{name}'")
    if ready:
        screen.page.locator(ready).wait_for()
    screen.until("document.activeElement.id === 'step-title'")
    wanted = screen.page.evaluate(REACHABLE)
    reached = []
    for _ in wanted:
        screen.page.keyboard.press("Tab")
        reached.append(focused(screen))
    assert sorted(reached) == sorted(wanted), name
    for _ in wanted:
        screen.page.keyboard.press("Shift+Tab")  # to before the first one


def test_a_step_whose_part_does_not_come_says_so_and_is_tried_again(
    reader: FakeReader, screen: Screen
) -> None:
    serve(reader)
    screen.page.route("**/settings-*.js", lambda route: route.abort(), times=1)
    screen.open("document.getElementById('step-why').textContent", path="/setup#fuse")
    assert screen.text("#step-why") == "The reader does not answer."
    assert screen.page.locator("#step-body").inner_text() == ""
    screen.page.locator("#step-next").click()
    screen.page.locator("#f-main_fuse_a").wait_for()
    assert screen.text("#step-why") == ""
    expected_network(screen)


def test_the_guide_from_first_to_last_with_the_keyboard_alone(
    reader: FakeReader, screen: Screen
) -> None:
    """A meter that encrypts: all steps. No answer of the reader is a matter of the page's."""
    serve(reader)
    silence(reader)
    reader.documents["/inspect.json"] = {"heard": {"octets": 41}, "line": {"settings": "2400 8E1"}}
    keys = {"success": True, "message": "", "result": "ok"}
    reader.answers["POST", "/api/key-test"] = 200, keys
    login = {"success": False, "message": "not accepted", "stage": "login"}
    reader.answers["POST", "/api/mqtt-test"] = 200, login
    reader.answers["PATCH", "/api/config"] = 200, accepted()
    keyboard = screen.page.keyboard
    screen.open("document.querySelector('#step-body').textContent", "/setup")
    assert screen.text("#step-place") == "1 / 8"
    press(screen, "step-next")

    step(screen, "key", "#f-encryption_key")
    tab_to(screen, "f-encryption_key")
    keyboard.type("nonsense")
    keyboard.press("Enter")
    screen.until("document.querySelector('#f-encryption_key').ariaInvalid === 'true'")
    assert focused(screen) == "f-encryption_key"  # what is wrong is at hand
    keyboard.press("Control+a")
    keyboard.type("00112233445566778899AABBCCDDEEFF")
    press(screen, "Test the keys")
    screen.page.locator("#step-body .good-text").wait_for()
    assert focused(screen) == "Test the keys"  # a pressed button keeps the focus
    press(screen, "step-next")

    step(screen, "fuse", "#f-main_fuse_a")
    tab_to(screen, "f-distribution_system")
    keyboard.press("ArrowDown")
    tab_to(screen, "f-main_fuse_a")
    keyboard.press("Control+a")
    keyboard.type("25")
    keyboard.press("Enter")

    step(screen, "zone", "#f-price_currency")
    tab_to(screen, "f-price_enabled")
    keyboard.press("Space")
    tab_to(screen, "f-price_area")
    keyboard.press("ArrowUp")  # from another one to the last of the list
    press(screen, "step-next")

    step(screen, "tariff", "#f-tariff_profile")
    tab_to(screen, "f-tariff_profile")
    keyboard.press("ArrowDown")
    press(screen, "step-next")

    step(screen, "broker", "#f-mqtt_host")
    tab_to(screen, "f-mqtt_host")
    keyboard.type("192.168.1.9")
    press(screen, "Test the broker")
    screen.wait_text(".stages", "not accepted")
    assert focused(screen) == "Test the broker"
    press(screen, "step-skip")

    step(screen, "consent", "#f-upgrade_auto")
    press(screen, "step-back")
    step(screen, "broker", "#f-mqtt_host")
    press(screen, "step-skip")
    step(screen, "consent", "#f-upgrade_auto")
    tab_to(screen, "f-upgrade_auto")
    keyboard.press("Space")
    press(screen, "step-next")

    step(screen, "checks", ".checks li:nth-child(6)")
    saved: dict[str, Any] = {}
    for posted in reader.posted:
        if posted.method == "PATCH":
            saved.update(posted.json())
    assert saved["encryption_key"] == "00112233445566778899AABBCCDDEEFF"
    assert saved["main_fuse_a"] == 25 and saved["price_enabled"] and saved["upgrade_auto"]
    assert "tariff_profile" in saved and "price_area" in saved and "mqtt_host" not in saved
    press(screen, "step-next")
    screen.wait_text("#title", "Now")
    screen.until("location.pathname === '/' && document.activeElement.id === 'title'")
    expected_network(screen)


def test_the_last_step_has_the_time_of_the_readers_zone(
    browser: Browser, reader: FakeReader, screens: list[Screen]
) -> None:
    """So a wrong zone is seen."""
    serve(reader)
    screen = Screen(browser, reader, zone="America/New_York")
    screens.append(screen)
    screen.open("document.querySelectorAll('.checks li').length === 6", "/setup#checks")
    assert screen.text(".checks li:nth-child(2) small") == "12 Mar 2026, 14:20"


def test_the_tariff_of_the_price_area_s_country_is_suggested(
    reader: FakeReader, screen: Screen
) -> None:
    serve(reader)
    reader.answers["PATCH", "/api/config"] = 200, accepted()
    screen.open("document.querySelector('#f-price_area')", "/setup#zone")
    for area, name, suggested in (
        ("10Y1001A1001A46L", "SE3", "Sweden: highest hours of 3 days"),
        ("10YNL----------L", "Netherlands", "Netherlands: no peaks"),
        ("10YCH-SWISSGRIDZ", "Switzerland", "Norway: highest hours of 3 days, steps"),
    ):
        screen.page.locator("#f-price_area").select_option(label=name)
        screen.page.locator("#step-next").click()
        screen.page.locator("#f-tariff_profile").wait_for()
        shown = "document.querySelector('#f-tariff_profile').selectedOptions[0].textContent"
        assert screen.page.evaluate(shown) == suggested, area
        screen.page.locator("#step-back").click()
        screen.page.locator("#f-price_area").wait_for()


def test_a_backup_is_reached_and_left_with_the_keyboard(
    reader: FakeReader, screen: Screen
) -> None:
    serve(reader)
    screen.open("document.querySelector('#step-body .note')", "/setup")
    press(screen, "Take over a backup")
    step(screen, "restore", "#f-file")
    press(screen, "step-next")
    screen.wait_text("#e-file", "backup.json")
    press(screen, "step-back")
    step(screen, "meter", "#step-body .note")


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
