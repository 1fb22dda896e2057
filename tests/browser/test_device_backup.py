"""Device, backup: what is downloaded, the preview of a restore, configfile.cfg, factory reset."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.device import opened, serve
from tests.browser.fake_reader import FakeReader
from tests.browser.looks import looks_right
from tests.browser.screen import Screen
from tests.timing import wait_until

COUNTS = {"new": 3, "equal": 90, "different": 0, "left_out": 1}
NONE = {"new": 0, "equal": 24, "different": 0, "left_out": 0}
PREVIEW: dict[str, Any] = {
    "success": True, "message": "this would change", "preview": True,
    "settings": [{"name": "main_fuse_a", "from": 25, "to": 32},
                 {"name": "mqtt_host", "from": "", "to": "nas.local"},
                 {"name": "mqtt_password", "secret": "set"}],
    "history": {"quarters": COUNTS, "hours": NONE, "days": NONE, "months": {**NONE, "new": 2}},
    "descriptors": "different", "corrections": 4, "unknown": ["colour"],
    "certificates": ["mqtt-ca"],
}  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "backup.json"
    made.write_text('{"backup":1,"records":[\n["end",0]\n]}\n')
    return made


def test_the_link_has_the_chosen_parts(reader: FakeReader, screen: Screen) -> None:
    serve(reader)
    page = opened(screen, "backup").page
    link = page.locator("#backup-link")
    assert (
        link.get_attribute("href") == "/backup.json?parts=settings,history,corrections,descriptors"
    )
    parts = page.get_by_role("group", name="Backup")
    parts.get_by_label("Passwords and keys").check()  # secrets only when asked for
    for name in ("History", "Corrections", "List descriptors"):
        parts.get_by_label(name).uncheck()
    assert link.get_attribute("href") == "/backup.json?parts=settings,secrets"
    parts.get_by_label("Settings").uncheck()
    parts.get_by_label("Passwords and keys").uncheck()
    assert link.get_attribute("href") is None
    exported = page.get_by_role("group", name="configfile.cfg")
    assert page.locator("#config-link").get_attribute("href") == (
        "/configfile.cfg?iw=true&im=true&it=true&in=true&is=true&ih=true"
    )
    exported.get_by_label("MQTT").uncheck()
    exported.get_by_label("Passwords and keys").check()
    assert page.locator("#config-link").get_attribute("href") == (
        "/configfile.cfg?iw=true&it=true&in=true&is=true&ih=true&ic=true"
    )
    looks_right(screen, "device-backup")


def previewed(reader: FakeReader, screen: Screen, file: Path) -> Page:
    """The backup's page, with a chosen file and the answer of its preview."""
    serve(reader)
    reader.answers["POST", "/backup"] = (200, PREVIEW)
    page = opened(screen, "backup").page
    page.locator("#restore-file").set_input_files(file)
    return page


def test_a_restore_is_shown_before_it_is_done(
    reader: FakeReader, screen: Screen, file: Path
) -> None:
    page = previewed(reader, screen, file)
    screen.wait_text("#effect-text", "This would change")
    (posted,) = reader.posted
    assert posted.path == (
        "/backup?preview=true&parts=settings,history,corrections,descriptors,secrets"
    )
    assert posted.body == file.read_bytes()
    rows = [row.inner_text().split("\t") for row in page.locator("#changes tr").all()]
    assert rows == [
        ["main_fuse_a", "25 \u2192 32"], ["mqtt_host", "\u2014 \u2192 nas.local"],
        ["mqtt_password", "changed"], ["15 min", "3 new, 0 different, 1 left out"],
        ["month", "2 new, 0 different, 0 left out"], ["List descriptors", "changed"],
        ["Corrections", "4"], ["mqtt-ca", "changed"], ["colour", "\u2014"],
    ]  # fmt: skip
    assert not page.locator("#replace-row").is_visible()  # no known slot is different
    looks_right(screen, "device-restore")
    # Another choice of parts is another preview.
    page.get_by_role("group", name="Restore").get_by_label("Passwords and keys").uncheck()
    wait_until(lambda: len(reader.posted) == 2)
    screen.settle()
    assert reader.posted[-1].path == (
        "/backup?preview=true&parts=settings,history,corrections,descriptors"
    )
    reader.answers["POST", "/backup"] = (200, {**PREVIEW, "message": "taken over"})
    page.locator("#take").click()
    screen.wait_text("#restore-said", "Done.")
    assert reader.posted[-1].path == "/backup?parts=settings,history,corrections,descriptors"
    assert not page.locator("#effect").is_visible()


def test_known_history_is_replaced_only_if_the_owner_says_so(
    reader: FakeReader, screen: Screen, file: Path
) -> None:
    serve(reader)
    history = {"quarters": {**COUNTS, "different": 5}}
    reader.answers["POST", "/backup"] = (200, {**PREVIEW, "history": history})
    page = opened(screen, "backup").page
    page.locator("#restore-file").set_input_files(file)
    page.get_by_label("Replace history that is known here").check()
    page.locator("#take").click()
    screen.wait_text("#restore-said", "Done.")
    assert reader.posted[-1].path.endswith("&replace=history")


def test_a_file_without_changes_and_one_that_is_wrong(
    reader: FakeReader, screen: Screen, file: Path
) -> None:
    serve(reader)
    same = {**PREVIEW, "settings": [], "history": {"hours": NONE}, "descriptors": "equal",
            "corrections": 0, "unknown": [], "certificates": []}  # fmt: skip
    reader.answers["POST", "/backup"] = (200, same)
    page = opened(screen, "backup").page
    page.locator("#restore-file").set_input_files(file)
    screen.wait_text("#effect-text", "Everything in the file is here already.")
    assert not page.locator("#take").is_visible()
    refusal = {"success": False, "message": "it is not whole: its end is missing"}
    reader.answers["POST", "/backup"] = (400, refusal)
    other = file.rename(file.with_name("other.json"))
    page.locator("#restore-file").set_input_files(other)
    screen.wait_text("#restore-said", "it is not whole: its end is missing")
    assert not page.locator("#effect").is_visible()
    screen.complaints.clear()  # Chromium's message of status 400


def test_a_file_that_is_no_longer_chosen_is_not_taken(
    reader: FakeReader, screen: Screen, file: Path
) -> None:
    """The list of files is opened again and closed without a choice."""
    page = previewed(reader, screen, file)
    page.locator("#take").wait_for()
    with page.expect_file_chooser():
        page.locator("#restore-file").click()
    page.locator("#effect").wait_for(state="hidden")
    assert page.locator("#restore-file").input_value() == "" and len(reader.posted) == 1


def test_a_configfile_says_what_was_left_out(
    reader: FakeReader, screen: Screen, tmp_path: Path
) -> None:
    serve(reader)
    config = tmp_path / "configfile.cfg"
    config.write_text("hostname attic\n")
    answer = {
        "success": True,
        "message": "1 settings and 0 slots taken over, 1 lines left out",
        "taken": ["hostname"],
        "left_out": {"gpio": "the pins are those of the board"},
    }
    reader.answers["POST", "/configfile"] = (200, answer)
    page = opened(screen, "backup").page
    page.locator("#config-file").set_input_files(config)
    page.locator("#config-send").click()
    screen.wait_text("#config-said", "1 settings and 0 slots taken over")
    assert screen.text("#config-left") == "gpio: the pins are those of the board"
    assert reader.posted[-1].body == b"hostname attic\n"


@pytest.mark.parametrize("keep", [True, False])
def test_a_factory_reset_says_what_is_lost_and_kept(
    reader: FakeReader, screen: Screen, keep: bool
) -> None:
    serve(reader)
    reader.answers["POST", "/reset"] = (200, {"success": True, "message": "", "reboot": True})
    page = opened(screen, "backup").page
    if not keep:
        page.get_by_label("Keep history, costs and prices").uncheck()
    page.get_by_role("button", name="Factory reset").click()
    box = page.get_by_role("dialog")
    assert "Clears settings, passwords, keys" in box.inner_text()
    words = "Keep history, costs and prices" if keep else "History, costs and prices are lost too."
    assert words in box.inner_text()
    assert page.evaluate("document.activeElement.textContent") == "Cancel"
    page.keyboard.press("Enter")
    screen.settle()
    assert reader.posted == []
    page.get_by_role("button", name="Factory reset").click()
    page.get_by_role("dialog").get_by_role("button", name="Factory reset").click()
    screen.wait_text("#reset", "Restarting")
    expected = {"perform": "true", **({"keep": "records"} if keep else {})}
    assert reader.posted[-1].form() == expected
