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
)
# The names that the reader's name server would answer for; its address; its later name.
NAMES = ("connectivitycheck.gstatic.com", "192.168.4.1", "ams-4b1e.local")


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


def opened(phone: Browser, width: int, scheme: str, script: bool = True) -> Page:
    """What a phone shows after its test for the internet."""
    context = phone.new_context(
        viewport={"width": width, "height": 740},
        color_scheme=scheme,  # type: ignore[arg-type]
        java_script_enabled=script,
    )
    page = context.new_page()
    page.set_default_timeout(LONG_MS)
    page.goto("http://connectivitycheck.gstatic.com/generate_204")
    assert page.url == "http://192.168.4.1/setup"
    return page


def shot(page: Page, name: str) -> None:
    page.screenshot(path=PICTURES / f"setup-{name}.png", full_page=True)


def test_an_owner_sets_up_the_reader_on_his_phone(world: World, phone: Browser) -> None:
    for width, scheme in ((360, "light"), (360, "dark"), (1280, "light"), (1280, "dark")):
        page = opened(phone, width, scheme)
        page.locator("#list button").nth(2).wait_for()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        shot(page, f"{scheme}-{width}")
        page.context.close()

    page = opened(phone, 360, "light")
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    names = page.locator("#list button b")
    names.nth(2).wait_for()
    assert names.all_inner_texts() == ["Hjemme", "Kaffebrenneriet gjest", "Nabo <b>"]
    for button in page.locator("button:visible").all():
        box = button.bounding_box()
        assert box and box["height"] >= 44

    # By the keyboard: Tab reaches the first network, Enter chooses it, the password is next.
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator("#ss").input_value() == "Hjemme"
    assert page.evaluate("document.activeElement.id") == "sp"
    page.keyboard.type("kort")
    page.get_by_role("button", name="Test this network").click()
    why = page.locator("#sp-why")
    wait_until(lambda: "8 to 63" in why.inner_text())
    assert page.evaluate("document.activeElement.id") == "sp"
    page.locator("#sp").fill("feil passord")
    page.get_by_role("button", name="Test this network").click()
    tested = page.locator("#tested")
    wait_until(lambda: "It did not work" in tested.inner_text())
    assert "password" in tested.inner_text()
    shot(page, "refused-360")
    page.locator("#sp").fill("riktig passord")
    page.get_by_role("button", name="Show").click()
    assert page.locator("#sp").get_attribute("type") == "text"
    page.get_by_role("button", name="Test this network").click()
    wait_until(lambda: "came into this network" in tested.inner_text())
    assert "wifi_ssid" not in (world.data / "config.json").read_text()  # only the meter's line

    # A wrong field keeps everything that was typed.
    page.locator("summary").click()
    page.locator("#sm").check()
    page.locator("#si").fill("10.0.0.300")
    page.locator("#sg").fill("10.0.0.1")
    page.get_by_role("button", name="Save").click()
    wait_until(lambda: "10.0.0.300" in page.locator("#si-why").inner_text())
    assert page.locator("#sp").input_value() == "riktig passord"
    shot(page, "wrong-360")
    page.locator("#sm").uncheck()
    page.get_by_role("button", name="Save").click()
    page.locator("#saved").wait_for()
    assert "joins Hjemme" in page.locator("#saved").inner_text()
    shot(page, "saved-360")

    # The page finds the reader by its name in the new network.
    page.wait_for_url("http://ams-4b1e.local/welcome", timeout=LONG_MS)
    shot(page, "password-360")
    page.get_by_role("button", name="Continue without a password").click()
    page.wait_for_url("http://ams-4b1e.local/", timeout=LONG_MS)
    page.wait_for_function("() => /[0-9]/.test(document.querySelector('#power').innerText)")
    shot(page, "dashboard-360")
    assert errors == []
    page.context.close()


def test_a_network_that_does_not_work_is_not_saved_by_mistake(
    world: World, phone: Browser
) -> None:
    page = opened(phone, 360, "dark")
    page.get_by_role("button", name="Hjemme").click()
    page.locator("#sp").fill("feil passord")
    save = page.locator("#save")
    save.click()
    wait_until(lambda: save.inner_text() == "Save without the test")
    assert "password" in page.locator("#tested").inner_text()
    assert page.locator("#sp").input_value() == "feil passord"
    assert "wifi_ssid" not in (world.data / "config.json").read_text()
    page.locator("#sp").fill("riktig passord")
    page.get_by_role("button", name="Test this network").click()
    wait_until(lambda: "came into this network" in page.locator("#tested").inner_text())
    # The phone lost the reader's network meanwhile: the page is opened anew, and saved.
    page.reload()
    assert page.locator("#ss").input_value() == "Hjemme"
    assert "came into this network" in page.locator("#tested").inner_text()
    assert save.inner_text().startswith("Save and join")
    tests = world.air.events().count("ap open AMS2MQTT")
    save.click()
    page.locator("#saved").wait_for()
    assert "joins Hjemme" in page.locator("#saved").inner_text()
    assert json.loads((world.data / "config.json").read_text())["wifi_psk"] == "riktig passord"
    assert world.air.events().count("ap open AMS2MQTT") == tests == 1
    page.context.close()


def test_a_network_out_of_reach_can_be_saved(world: World, phone: Browser) -> None:
    page = opened(phone, 1280, "light")
    page.locator("#ss").fill("Hytta ")
    assert "space" in page.locator("#ss-note").inner_text()
    save = page.locator("#save")
    save.click()
    wait_until(lambda: save.inner_text() == "Save without the test")
    assert "space" in page.locator("#ss-note").inner_text()
    shot(page, "no-such-network-1280")
    save.click()
    page.locator("#saved").wait_for()
    assert json.loads((world.data / "config.json").read_text())["wifi_ssid"] == "Hytta "
    wait_until(lambda: world.air.events()[-1].startswith(("start", "stop", "status")))
    page.context.close()


def test_the_page_works_without_a_script(world: World, phone: Browser) -> None:
    page = opened(phone, 360, "light", script=False)
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
