"""An owner sets up a new reader on his phone, in Chromium, with the whole firmware."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import FLAGS
from tests.browser.test_whole import LONG_MS, PICTURES
from tests.timing import wait_until
from tests.world import World, point

AIR = (
    point("Hjemme", "riktig passord", 1, -55, security=3),
    point("Kaffebrenneriet gjest", "", 2, -68),
    point("Nabo <b>", "noe annet", 3, -83, security=3),
    point("Skjult", "hemmelig nett", 4, -60, security=3, hidden=True),
)
# The names that the reader's name server would answer for; its address; its later name.
NAMES = ("connectivitycheck.gstatic.com", "192.168.4.1", "ams-4b1e.local")


def field(page: Page, selector: str) -> None:
    """Wait for a step's field. If a part of the page did not come, Next asks for it again."""

    def came() -> bool:
        if page.locator("#step-why").inner_text():
            page.get_by_role("button", name="Next").click()
        return page.locator(selector).is_visible()

    wait_until(came)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with World(tmp_path, "--meter", "kaifa", radio=list(AIR)) as world:
        wait_until(lambda: world.get("/wifi.json")[0] == 200)
        yield world


@pytest.fixture
def phone(world: World, chromium: Callable[[list[str]], Browser]) -> Iterator[Browser]:
    """A browser for which these names are the reader."""
    rules = ",".join(f"MAP {name}:80 127.0.0.1:{world.http}" for name in NAMES)
    browser = chromium([*FLAGS, f"--host-resolver-rules={rules}"])
    yield browser
    browser.close()


def opened(
    phone: Browser, width: int, scheme: str, script: bool = True, language: str = "en-GB"
) -> Page:
    """What a phone shows after its test for the internet: a window without storage."""
    context = phone.new_context(
        viewport={"width": width, "height": 740},
        color_scheme=scheme,  # type: ignore[arg-type]
        java_script_enabled=script,
        locale=language,
    )
    for storage in ("localStorage", "sessionStorage"):
        context.add_init_script(
            f'Object.defineProperty(window, "{storage}",'
            ' { get() { throw new DOMException("", "SecurityError"); } });'
        )
    page = context.new_page()
    page.set_default_timeout(LONG_MS)
    page.goto("http://connectivitycheck.gstatic.com/generate_204")
    assert page.url == "http://192.168.4.1/setup"
    return page


def shot(page: Page, name: str) -> None:
    page.screenshot(path=PICTURES / f"setup-{name}.png", full_page=True)


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def stored(world: World) -> dict:
    path = world.data / "config.json"
    return json.loads(path.read_text()) if path.exists() else {}


def focused(page: Page) -> str:
    """The element that has the focus: its id, or its text."""
    part = page.locator(":focus")
    return part.get_attribute("id") or part.inner_text()


def step(page: Page, name: str) -> None:
    page.wait_for_function("(name) => location.hash === '#' + name", arg=name)


def test_from_factory_state_to_the_dashboard_on_a_phone(world: World, phone: Browser) -> None:
    """In one go at 360 px: network, name, password, the guide's steps, the checks."""
    page = opened(phone, 360, "light")
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    names = page.locator(".networks b")
    names.nth(2).wait_for()
    assert names.all_inner_texts() == ["Hjemme", "Kaffebrenneriet gjest", "Nabo <b>"]
    assert page.locator(".networks svg").count() == 2  # locks
    assert page.locator(".networks small").all_inner_texts()[1] == "open, -68\u00a0dBm"
    for button in page.locator("button:visible").all():
        box = button.bounding_box()
        assert box and box["height"] >= 44
    assert fits(page)
    shot(page, "wifi-360")
    page.get_by_role("button", name="Hjemme").click()
    assert page.locator("#f-ss").input_value() == "Hjemme" and focused(page) == "f-sp"
    page.keyboard.type("kort")
    page.keyboard.press("Enter")
    page.locator("#e-sp", has_text="8 characters").wait_for()
    page.locator("#f-sp").fill("feil passord")
    page.get_by_role("button", name="Next").click()
    page.locator(".bad-text", has_text="Wrong password?").wait_for()
    shot(page, "refused-360")
    page.locator("#f-sp").fill("riktig passord")
    page.get_by_role("button", name="Show").click()
    assert page.locator("#f-sp").get_attribute("type") == "text"
    page.get_by_role("button", name="Next").click()
    step(page, "name")
    assert "wifi_ssid" not in stored(world)
    assert page.locator("#f-sh").input_value() == "ams-4b1e"
    shot(page, "name-360")
    page.get_by_role("button", name="Next").click()
    step(page, "join")
    assert "Hjemme" in page.locator("dl").inner_text()
    shot(page, "join-360")
    page.get_by_role("button", name="Save and join").click()
    page.locator(".places a", has_text="http://ams-4b1e.local/").wait_for()
    shot(page, "saved-360")

    # The page finds the reader by its name in the new network, and offers a password.
    page.wait_for_url("http://ams-4b1e.local/welcome")
    page.locator("#f-password").wait_for()
    assert fits(page)
    shot(page, "welcome-360")
    page.get_by_role("button", name="Continue without").click()

    page.wait_for_url("http://ams-4b1e.local/setup")
    found = page.locator(".note.ok", has_text="Found Kaifa")
    found.filter(has_text="3-phase, 2400 8E1").wait_for()  # with a longer telegram
    shot(page, "meter-360")
    page.get_by_role("button", name="Next").click()
    step(page, "fuse")  # the meter does not encrypt: nothing is asked about its key
    field(page, "#f-main_fuse_a")
    page.locator("#f-main_fuse_a").fill("25")
    assert fits(page)
    shot(page, "fuse-360")
    page.get_by_role("button", name="Next").click()
    step(page, "zone")
    page.locator("#f-price_currency").wait_for()
    shot(page, "zone-360")
    page.get_by_role("button", name="Next").click()
    step(page, "tariff")
    page.locator("#f-tariff_profile").wait_for()
    page.get_by_role("button", name="Skip").click()
    step(page, "broker")
    page.locator("#f-mqtt_host").fill("127.0.0.1")
    page.get_by_role("button", name="Test").click()
    page.locator("li.note.bad", has_text="TCP").wait_for()
    assert fits(page)
    shot(page, "broker-360")
    page.get_by_role("button", name="Skip").click()
    if page.evaluate("location.hash") == "#consent":
        page.get_by_role("button", name="Skip").click()
    step(page, "checks")
    page.locator(".checks li").nth(5).wait_for()
    checks = page.locator(".checks b").all_inner_texts()
    assert [text.split(":")[0] for text in checks] == [
        "Meter", "Clock", "Price", "MQTT", "Wi-Fi", "Supply",
    ]  # fmt: skip
    assert checks[0] == "Meter: fine" and checks[3] == "MQTT: off"
    shot(page, "checks-360")
    assert stored(world)["main_fuse_a"] == 25 and "mqtt_host" not in stored(world)
    page.get_by_role("button", name="Finish").click()
    page.wait_for_url("http://ams-4b1e.local/")
    page.wait_for_function("() => /[0-9]/.test(document.querySelector('#power')?.innerText)")
    assert errors == []
    page.context.close()


def test_the_network_is_chosen_with_the_keyboard_alone(world: World, phone: Browser) -> None:
    page = opened(phone, 1280, "dark")
    page.locator(".networks button").nth(2).wait_for()
    shot(page, "wifi-dark-1280")
    keyboard = page.keyboard
    for _ in range(9):
        keyboard.press("Tab")
        if "Hjemme" in focused(page):
            break
    keyboard.press("Enter")
    assert focused(page) == "f-sp"
    keyboard.type("riktig passord")
    keyboard.press("Enter")
    step(page, "name")
    assert focused(page) == "step-title"  # the heading of the new step is read
    keyboard.press("Tab")
    keyboard.press("Control+a")
    keyboard.type("Stue!")
    keyboard.press("Enter")
    page.locator("#e-sh", has_text="a-z").wait_for()
    assert focused(page) == "f-sh"
    keyboard.press("Control+a")
    keyboard.type("stue")
    keyboard.press("Tab")
    keyboard.press("Space")
    keyboard.press("Tab")
    assert focused(page) == "f-si"
    keyboard.type("10.0.0.300")
    keyboard.press("Tab")
    keyboard.press("Tab")
    keyboard.type("10.0.0.1")
    keyboard.press("Enter")
    step(page, "join")
    keyboard.press("Tab")
    assert focused(page) == "step-next"
    keyboard.press("Enter")
    page.locator("#step-why", has_text="10.0.0.300").wait_for()  # the reader's own check
    for _ in range(9):
        if focused(page) == "step-back":
            break
        keyboard.press("Tab")
    keyboard.press("Enter")
    step(page, "name")
    assert page.locator("#f-sh").input_value() == "stue"
    page.locator("#f-si").focus()
    keyboard.press("Control+a")
    keyboard.type("10.0.0.30")
    keyboard.press("Enter")
    step(page, "join")
    keyboard.press("Tab")
    keyboard.press("Enter")
    page.locator(".places").wait_for()
    assert "http://10.0.0.30/" in page.locator(".places").inner_text()
    kept = stored(world)
    assert kept["hostname"] == "stue" and kept["address"] == "10.0.0.30/24 10.0.0.1"
    page.context.close()


def test_what_was_typed_survives_a_page_that_the_phone_dropped(
    world: World, phone: Browser
) -> None:
    page = opened(phone, 360, "dark")
    page.get_by_role("button", name="Hjemme").click()
    page.locator("#f-sp").fill("feil passord")
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Go on untested").wait_for()
    assert page.locator("#f-sp").input_value() == "feil passord"
    assert "wifi_ssid" not in stored(world)
    page.locator("#f-sp").fill("riktig passord")
    assert page.get_by_role("button", name="Next").is_visible()
    with page.expect_response("**/wifi/test"):
        page.get_by_role("button", name="Next").click()
    page.reload()  # during the test
    page.locator(".good-text", has_text="It works").wait_for()
    assert page.locator("#f-ss").input_value() == "Hjemme"
    tests = world.air.events().count("ap open AMS2MQTT")
    page.get_by_role("button", name="Next").click()
    step(page, "name")
    page.locator("#f-sh").fill("loft")
    page.reload()
    assert page.locator("#f-sh").input_value() == "loft"
    page.get_by_role("button", name="Next").click()
    step(page, "join")
    page.reload()
    page.get_by_role("button", name="Save and join").click()
    page.locator(".places").wait_for()
    kept = stored(world)
    assert kept["wifi_psk"] == "riktig passord" and kept["hostname"] == "loft"
    assert world.air.events().count("ap open AMS2MQTT") == tests == 1
    page.context.close()


def test_a_network_out_of_reach_and_a_hidden_one(world: World, phone: Browser) -> None:
    page = opened(phone, 320, "light")
    page.locator(".networks button").nth(2).wait_for()
    assert fits(page)
    page.locator("#f-ss").fill("Hytta ")
    page.locator("#h-ss", has_text="space").wait_for()
    page.get_by_role("button", name="Next").click()
    page.locator(".bad-text", has_text="Not found").wait_for()
    page.locator("#f-ss").fill("Skjult")
    page.locator("#f-sp").fill("hemmelig nett")
    page.get_by_role("button", name="Next").click()
    step(page, "name")
    page.get_by_role("button", name="Back").click()
    page.locator("#f-ss").fill("Hytta ")
    page.locator("#f-sp").fill("")
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Go on untested").click()
    step(page, "name")
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Save and join").click()
    page.locator(".places").wait_for()
    assert stored(world)["wifi_ssid"] == "Hytta "
    page.context.close()


def test_the_file_of_an_ams_reader_brings_settings_and_network(
    world: World, phone: Browser, tmp_path: Path
) -> None:
    page = opened(phone, 360, "light")
    page.get_by_role("button", name="Take over a backup").click()
    step(page, "restore")
    assert "iPhone" in page.locator("#h-file").inner_text()
    wrong = tmp_path / "wrong.cfg"
    wrong.write_text("nothing of the kind")
    page.locator("#f-file").set_input_files(wrong)
    page.get_by_role("button", name="Take over a backup").click()
    page.locator("#e-file").filter(has_text="line").wait_for()
    file = tmp_path / "configfile.cfg"
    file.write_text("amsconfig\nversion v2.2.28\nmeterMainFuse 50\ngpioHanPin 16\n")
    page.locator("#f-file").set_input_files(file)
    page.get_by_role("button", name="Take over a backup").click()
    page.locator(".good-text", has_text="1 settings").wait_for()
    assert "gpio: " in page.locator("#step-body").inner_text()
    shot(page, "restore-360")
    file.write_text("amsconfig\nversion v2.2.28\nssid Hjemme\npsk riktig passord\n")
    page.locator("#f-file").set_input_files(file)
    page.get_by_role("button", name="Take over a backup").click()
    page.locator(".places").wait_for()  # the reader goes into the network of the file
    kept = stored(world)
    assert kept["main_fuse_a"] == 50 and kept["wifi_ssid"] == "Hjemme"
    wait_until(lambda: any(event.endswith(" Hjemme") for event in world.air.events()))
    page.context.close()


def test_the_form_works_without_a_script(world: World, phone: Browser) -> None:
    page = opened(phone, 360, "light", script=False)
    page.get_by_role("link", name="/setup.html").first.click()
    page.get_by_role("link", name="List the networks").click()
    shot(page, "no-script-360")
    page.get_by_role("link", name="Hjemme").click()
    assert page.locator("#ss").input_value() == "Hjemme"
    page.locator("#sp").fill("riktig passord")
    page.locator("#sh").fill("stuen")
    page.locator("summary").click()
    page.locator("#sm").check()
    page.locator("#si").fill("10.0.0.300")
    page.locator("#sg").fill("10.0.0.1")
    page.get_by_role("button", name="Save").click()
    assert "10.0.0.300" in page.locator("#si-why").inner_text()
    assert page.locator("#sh").input_value() == "stuen" and page.locator("#sm").is_checked()
    page.locator("#sp").fill("riktig passord")
    page.locator("#sm").uncheck()
    page.get_by_role("button", name="Save").click()
    text = page.locator("#saved").inner_text()
    assert "joins Hjemme" in text and "http://stuen.local/" in text
    wait_until(lambda: "start 02:00:00:00:00:01 dhcp stuen Hjemme" in world.air.events())
    page.context.close()


def test_every_language_fits_the_narrowest_phone(world: World, phone: Browser) -> None:
    for language in ("nb", "sv", "da", "de", "nl", "fi"):
        page = opened(phone, 320, "light", language=language)
        page.locator("#f-ss").wait_for()
        assert page.evaluate("document.documentElement.lang") == language and fits(page)
        for name in ("name", "join", "restore"):
            page.evaluate("(name) => (location.hash = name)", name)
            page.wait_for_function(
                "() => document.querySelector('#step-body').childElementCount > 0"
            )
            assert fits(page), (language, name)
        page.context.close()
