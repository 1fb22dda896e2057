"""The page Device with the real firmware: all its parts, and a backup that is restored."""

import http.client
import json
import re
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.browser.test_whole import LONG_MS, PICTURES
from tests.timing import wait_until
from tests.world import MORNING, World


def text_of(page: Page, selector: str, part: "str | re.Pattern[str]") -> str:
    """The element's text, when it has the part."""
    page.locator(selector, has_text=part).first.wait_for(timeout=LONG_MS)
    return page.locator(selector).first.inner_text()


def setting(world: World, name: str) -> object:
    rows = world.json("/api/settings.json")["settings"]
    return next(row["value"] for row in rows if row["name"] == name)


def change(world: World, changes: dict[str, object]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", world.http, timeout=60)
    connection.request(
        "PATCH", "/api/config", json.dumps(changes), {"Content-Type": "application/json"}
    )
    assert connection.getresponse().status == 200
    connection.close()


def open_at(page: Page, world: World, section: str) -> None:
    page.goto("about:blank")
    page.goto(f"http://127.0.0.1:{world.http}/device#{section}")
    page.locator(f"#view-{section}").wait_for(timeout=LONG_MS)


def test_an_owner_looks_through_the_device(tmp_path: Path, browser: Browser) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    config = {"web_security": 0, "main_fuse_a": 25, "mqtt_topic": "attic"}
    with World(tmp_path, "--meter", "kaifa", clock=(MORNING, 1), config=config) as world:
        wait_until(lambda: world.json("/now.json")["lt"] >= 1)
        context = browser.new_context(viewport={"width": 360, "height": 800}, locale="en-GB")
        page = context.new_page()
        page.set_default_timeout(LONG_MS)
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))

        open_at(page, world, "overview")
        assert text_of(page, '[data-v="board"]', "Simulator")
        assert text_of(page, '[data-v="maker"]', "Kaifa")
        assert text_of(page, '[data-v="ip"]', "127.0.0.1")
        page.screenshot(path=PICTURES / "device-whole-overview-360.png", full_page=True)

        open_at(page, world, "health")
        assert "Meter" in text_of(page, "#services", "Prices")
        assert "HAN reader" in text_of(page, "#log-lines", "meter: found at 2400 8E1")
        page.screenshot(path=PICTURES / "device-whole-health-360.png", full_page=True)

        # The inspector: a telegram, its octets, and the saved capture decoded again.
        open_at(page, world, "inspector")
        text_of(page, "#line-words", re.compile(r"^\d+ telegrams? "))  # not "no telegram is"
        item = page.locator("#telegrams [role=option]").last
        item.focus()
        octets = page.locator("#telegrams mark").inner_text().split()
        value = item.locator("span").inner_text()
        assert octets[0] == "06" and int("".join(octets[1:]), 16) == int(value)
        with page.expect_download() as download:
            page.locator("#capture-save").click()
        capture = Path(download.value.path()).read_text()
        page.locator("#paste").fill(capture)
        page.locator("#decode").click()
        text_of(page, "#paste-said", "decoded")
        page.locator("#lists").fill("list own\nu33\n")
        page.locator("#lists-check").click()
        text_of(page, "#lists-said", "line 2")
        page.locator("#lists").fill("list own\nu32 power_import_w\n")
        page.locator("#lists-check").click()
        text_of(page, "#lists-said", "Done")
        assert world.get("/lists.txt")[1] == b""
        page.locator("#lists-save").click()
        wait_until(lambda: world.get("/lists.txt")[1].startswith(b"list own"))
        page.screenshot(path=PICTURES / "device-whole-inspector-360.png", full_page=True)

        # A backup, a change, the preview of what comes back, and the restore.
        open_at(page, world, "backup")
        with page.expect_download() as download:
            page.locator("#backup-link").click()
        backup = tmp_path / "backup.json"
        download.value.save_as(backup)
        assert json.loads(backup.read_text())["parts"] == [
            "settings", "history", "corrections", "descriptors",
        ]  # fmt: skip
        change(world, {"main_fuse_a": 63, "mqtt_topic": "cellar"})
        page.locator("#restore-file").set_input_files(backup)
        text_of(page, "#effect-text", "This would change")
        rows = dict(row.inner_text().split("\t") for row in page.locator("#changes tr").all())
        assert (
            rows["main_fuse_a"] == "63 \u2192 25" and rows["mqtt_topic"] == "cellar \u2192 attic"
        )
        page.screenshot(path=PICTURES / "device-whole-restore-360.png", full_page=True)
        assert setting(world, "main_fuse_a") == 63
        page.locator("#take").click()
        text_of(page, "#restore-said", "Done")
        assert (setting(world, "main_fuse_a"), setting(world, "mqtt_topic")) == (25, "attic")

        # An AMS reader's file; what it cannot give is said.
        config_file = tmp_path / "configfile.cfg"
        config_file.write_text("amsconfig 1\nmeterMainFuse 35\ngpioHanPin 16\n")
        page.locator("#config-file").set_input_files(config_file)
        page.locator("#config-send").click()
        text_of(page, "#config-said", "1 settings")
        assert "the pins are those of the board" in text_of(page, "#config-left", "gpio")
        assert setting(world, "main_fuse_a") == 35
        context.close()
        assert faults == []
