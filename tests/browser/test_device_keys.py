"""Device by the keyboard alone: its sections, and dialogs that give the focus back."""

import json

from tests.browser.device import NEWER, opened, serve
from tests.browser.fake_reader import FakeReader
from tests.browser.keys import focused, press, tab_to
from tests.browser.screen import Screen
from tests.browser.test_device_inspector import FOUND

DONE = {"success": True, "message": "", "reboot": True}
# The first thing of each section that can be reached, by its id, and one far down.
SECTIONS = {
    "health": ("Health", "log-copy"),
    "backup": ("Backup", "config-link"),
    "inspector": ("Inspector", "lists-save"),
    "overview": ("Information", "restart"),
}


def test_each_section_is_opened_and_its_end_reached(reader: FakeReader, screen: Screen) -> None:
    serve(reader)
    reader.documents["/inspect.json"] = json.loads(json.dumps(FOUND))
    reader.documents["/lists.txt"] = b""
    opened(screen).wait_text('[data-v="running"]', "v0.1.0")
    for name, (link, last) in SECTIONS.items():
        press(screen, link)
        screen.until(f"!document.getElementById('view-{name}').hidden")
        screen.settle()
        current = screen.page.locator(".views a[aria-current]")
        assert current.inner_text() == link and focused(screen) == link
        tab_to(screen, last)


def test_dialogs_give_the_focus_back(reader: FakeReader, screen: Screen) -> None:
    serve(reader)
    opened(screen).wait_text('[data-v="running"]', "v0.1.0")
    for name in ("former", "restart"):
        for key in ("Escape", "Enter"):  # Enter is pressed on Cancel
            press(screen, name)
            screen.page.get_by_role("dialog").wait_for()
            if key == "Enter":
                tab_to(screen, "Cancel")
            screen.page.keyboard.press(key)
            screen.until("!document.querySelector('dialog')")
            screen.until(f"document.activeElement.id === '{name}'")
    assert reader.posted == []


def test_an_upgrade_is_begun(reader: FakeReader, screen: Screen) -> None:
    serve(reader, upgrade=NEWER)
    reader.answers["POST", "/upgrade"] = 200, DONE
    opened(screen).wait_text("#upgrade", "Upgrade to v0.2.0")
    tab_to(screen, screen.text("#news summary"))
    screen.page.keyboard.press("Enter")
    screen.wait_text("#notes-text", "Fewer restarts.")
    reader.documents["/upgrade.json"].update(phase="loading", done=512000, size=1638400, may=False)
    press(screen, "upgrade")
    screen.wait_text(".progress", "loading 500")
    assert reader.posted[-1].form() == {"expected_version": "v0.2.0"}
