"""A real browser walks through all pages of the stand-in while a telegram comes each second."""

import os
import shutil
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import FLAGS
from tools import rig

HEAP = os.environ.get("IMAGE_HEAP", "88k")
PATIENCE_MS = 120_000
# Addresses, and what is there when the page has its data.
PAGES = (
    ("/", "#power:has-text('W'), #power-unit:has-text('W')"),
    ("/history", "#bars rect"),
    ("/settings", "form input"),
    ("/device", "dl dd"),
    ("/setup", ".note.ok"),
    ("/login", "#f-password"),
)
ROUNDS = 2
STAY_MS = 1000  # on each page


def second_line() -> rig.Line:
    """A P1 meter that sends each second of real time."""
    line = rig.p1_text()
    return rig.Line(line.name, line.options, line.settings, 1)


def walk(page: Page, world: rig.Rig) -> list[str]:
    """The addresses whose data were shown."""
    shown = []
    for _ in range(ROUNDS):
        for path, selector in PAGES:
            page.goto(f"http://127.0.0.1:{world.http}{path}", wait_until="load")
            page.locator(selector).first.wait_for(state="attached", timeout=PATIENCE_MS)
            page.wait_for_timeout(STAY_MS)
            shown.append(path)
    return shown


def test_a_browser_walks_through_all_pages_while_telegrams_come(tmp_path: Path) -> None:
    path = shutil.which("chromium")
    assert path, "chromium is not installed"
    with rig.Rig(second_line(), HEAP, tmp_path) as world, sync_playwright() as playwright:
        world.post("/welcome", "do=skip")
        assert world.broker.online.wait(120)
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=FLAGS)
        page = browser.new_page()
        page.set_default_timeout(PATIENCE_MS)
        # The cache is off: each visit loads every file, as that of another phone does.
        page.context.new_cdp_session(page).send(
            "Network.setCacheDisabled", {"cacheDisabled": True}
        )
        refused: list[str] = []
        page.on(
            "response",
            lambda answer: (
                answer.status >= 400 and refused.append(f"{answer.status} {answer.url}")
            ),
        )
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        base, sent = world.pause(), len(world.telegrams)
        world.tell("resume")
        shown = walk(page, world)
        browser.close()
        missed = base - world.pause() + len(world.telegrams) - sent
        heap, log = world.heap(collect=True), world.log()
        print("heap", heap, "telegrams", len(world.telegrams) - sent, "refused", refused)
    assert shown == [path for path, _ in PAGES] * ROUNDS
    assert errors == [] and refused == []
    assert world.restarts == 0 and "MemoryError" not in log, log[-3000:]
    assert missed == 0 and len(world.telegrams) - sent >= len(shown) // 2
    assert heap["refused"] == 0, heap
