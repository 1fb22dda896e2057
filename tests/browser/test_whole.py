"""The page in Chromium, served by the real firmware with the simulated meter."""

import os
import re
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.timing import PATIENCE_S, Stopwatch, family, wait_until
from tests.world import MORNING, World

LONG_MS = PATIENCE_S * 1000
PICTURES = Path(__file__).resolve().parents[2] / "build" / "screenshots"


def watts(page: Page) -> int:
    """The large figure in W, -1 while it is unknown."""
    value = page.locator("#power").inner_text()
    unit = page.locator("#power-unit").inner_text()
    if not value[:1].isdigit():
        return -1
    return round(float(value) * (1000 if unit.strip() == "kW" else 1))


def test_the_page_follows_the_meter(tmp_path: Path, browser: Browser) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with World(tmp_path, "--meter", "aidon", config={"web_security": 0}) as world:
        world.tell("power 4321")
        wait_until(lambda: world.json("/now.json")["lt"] >= 2)
        complaints: list[str] = []
        pages = []
        for width, scheme in ((360, "dark"), (1280, "light")):
            context = browser.new_context(
                viewport={"width": width, "height": 800}, color_scheme=scheme, locale="en-GB"
            )
            page = context.new_page()
            page.set_default_timeout(LONG_MS)
            page.on("console", lambda message: complaints.append(message.text))
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.goto(f"http://127.0.0.1:{world.http}/")
            pages.append((width, scheme, page))
        for _, _, page in pages:
            wait_until(lambda p=page: watts(p) == 4320)  # 4.32 kW
            assert re.match(r"\d", page.locator("#p1 .amps").inner_text())
            assert re.match(r"2\d\d", page.locator("#p1 .volts").inner_text())

        # A new figure is on the screen within half a second of the telegram's last octet.
        page = pages[0][2]
        watch = Stopwatch(*family(os.getpid())[1:])
        world.tell("power 765")
        sent = world.sent_with(765)
        wait_until(lambda: watts(page) == 765)
        delay = watch.seconds(since=sent["t"])
        print(f"on the screen {delay * 1000:.0f} ms after the last octet")
        assert delay < 0.5

        world.tell("pause")
        for width, scheme, page in pages:
            page.wait_for_function(
                "() => document.body.classList.contains('old')", timeout=LONG_MS
            )
            assert re.search(r"since \d\d:\d\d", page.locator("#notes").inner_text())
            page.screenshot(path=PICTURES / f"whole-old-{scheme}-{width}.png", full_page=True)
        world.tell("resume")
        for width, scheme, page in pages:
            page.wait_for_function(
                "() => !document.body.classList.contains('old')", timeout=LONG_MS
            )
            page.screenshot(path=PICTURES / f"whole-now-{scheme}-{width}.png", full_page=True)
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            page.context.close()
        assert complaints == []


def test_an_hour_is_corrected_and_restored(tmp_path: Path, browser: Browser) -> None:
    meter = ("--meter", "kamstrup", "--country", "dk", "--interval", "1")
    with World(tmp_path, *meter, clock=(MORNING, 1), config={"web_security": 0}) as world:
        wait_until(lambda: world.json("/now.json")["ea"]["iu"] is not None)
        context = browser.new_context(viewport={"width": 360, "height": 800}, locale="en-GB")
        page = context.new_page()
        page.set_default_timeout(LONG_MS)
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"http://127.0.0.1:{world.http}/history")
        page.get_by_role("button", name="Show as table").click()
        page.get_by_role("button", name="Correct 08:00").click()  # 07 UTC
        page.locator("#correct-i").fill("99999")
        page.locator("#correct-e").fill("0.5")
        page.keyboard.press("Enter")
        said = page.locator("#correct-i-why")
        wait_until(lambda: "at most" in said.inner_text())
        assert "The reader refused: at most " in said.inner_text()
        page.locator("#correct-i").fill("2.5")
        page.keyboard.press("Enter")
        effect = page.locator("#effect-list")
        wait_until(lambda: "Export," in effect.inner_text())
        assert "Import," in effect.inner_text() and "kW" in effect.inner_text()
        assert world.json("/dayplot.json")["i07"] == 0
        page.keyboard.press("Enter")
        wait_until(lambda: world.json("/dayplot.json")["i07"] == 2.5)
        page.locator("#toast").get_by_role("button", name="Undo").click()
        wait_until(lambda: world.json("/dayplot.json")["i07"] == 0)
        page.locator("summary").click()
        redo = page.locator("#edits-list").get_by_role("button", name="Redo")
        wait_until(lambda: redo.count() == 1)
        assert "import 0.000 \u2192 2.500 kWh" in page.locator("#edits-list").inner_text()
        redo.click()
        wait_until(lambda: world.json("/dayplot.json")["i07"] == 2.5)
        context.close()
        assert complaints == []
