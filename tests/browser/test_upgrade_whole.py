"""An upgrade on the page Device, by the real firmware with two slots: to its end, and refused."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.sync_api import Browser, Page

from tests import slots
from tests.browser.test_whole import LONG_MS, PICTURES
from tests.slots import SHORT, Slots, image
from tests.timing import wait_until
from tests.world import World

NEW = ("system.py", '"v0.1.0"', '"v0.2.0"')
CONTENT = bytes(range(251)) * 900  # 226 KB


@pytest.fixture
def world(tmp_path: Path):
    roms = {
        "app0": slots.firmware(tmp_path, *SHORT),
        "app1": slots.firmware(tmp_path, SHORT[0], NEW),
    }
    made = Slots(tmp_path / "slots", roms)
    config = {"web_security": 0}
    with World(tmp_path, "--meter", "kaifa", slots=made, config=config) as world:
        yield world


def shown(page: Page, selector: str, words: str) -> None:
    page.locator(selector, has_text=words).wait_for(timeout=LONG_MS)


def send(page: Page, path: Path) -> None:
    page.locator("#image-file").set_input_files(path)
    page.locator("#send").click()


def test_a_file_is_refused_and_another_one_installed(
    world: World, browser: Browser, tmp_path: Path
) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    foreign, good = tmp_path / "foreign.bin", tmp_path / "pow-v0.2.0.bin"
    foreign.write_bytes(image(CONTENT, key=Ed25519PrivateKey.generate()))
    good.write_bytes(image(CONTENT))
    context = browser.new_context(viewport={"width": 360, "height": 800}, locale="en-GB")
    page = context.new_page()
    page.set_default_timeout(LONG_MS)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"http://127.0.0.1:{world.http}/device")
    shown(page, '[data-v="running"]', "v0.1.0")

    send(page, foreign)
    shown(page, "#outcome", "its signature is of a key that is not known here")
    assert "bad" in page.locator("#outcome").get_attribute("class")
    page.screenshot(path=PICTURES / "upgrade-refused-360.png", full_page=True)
    assert world.json("/upgrade.json")["slot"] == "app0"

    # All texts of the progress, as it may be over soon.
    page.evaluate(
        """() => {
            window.steps = new Set();
            new MutationObserver(() => {
                const bar = document.querySelector(".progress");
                if (bar && !bar.hidden) steps.add(bar.textContent);
            }).observe(document.body, {subtree: true, childList: true, characterData: true,
                                       attributes: true});
        }"""
    )
    with page.expect_event("requestfailed", timeout=LONG_MS):  # the page sees it restart
        send(page, good)
        assert world.firmware.wait(LONG_MS / 1000) is not None
        steps = page.evaluate("[...steps]")
    assert steps and any("KB" in step for step in steps), steps
    shown(page, "#away", "Restarting")
    world.tell("pause")  # the trial lasts until the meter is heard again
    world.start_again()
    shown(page, '[data-v="running"]', "v0.2.0")
    shown(page, "#outcome", "v0.2.0 is on trial")
    page.screenshot(path=PICTURES / "upgrade-trial-360.png", full_page=True)
    world.tell("resume")
    shown(page, "#outcome", "v0.2.0 runs and has confirmed itself")
    state = world.json("/upgrade.json")
    assert (state["slot"], state["phase"], state["last"]) == ("app1", "", None)
    wait_until(lambda: "v0.2.0 is confirmed" in world.log())
    context.close()
    assert faults == []
