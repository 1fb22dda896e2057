"""Queries and actions of the energy tests on a screen.

The fake reader's time is Thursday 2026-03-12 14:20:12 in Oslo, 13:20:12 UTC, until a test sets
another.
"""

from datetime import datetime

from playwright.sync_api import Locator

from tests.browser.fake_reader import DOCUMENT, FakeReader
from tests.browser.house import OSLO
from tests.browser.screen import Screen

NOW = DOCUMENT["c"]
HOUR = NOW - NOW % 3600
CHART = "!document.getElementById('energy-data').hidden"
DASH = "\u2014"
HALF = 1800


def utc(text: str, fold: int = 0) -> int:
    """A time in Oslo as UTC; fold=1: the second occurrence of a repeated hour."""
    return int(datetime.fromisoformat(text).replace(tzinfo=OSLO, fold=fold).timestamp())


def view(screen: Screen, name: str, until: str) -> None:
    """Choose Today, Week, Month or Year and wait for its read-out."""
    screen.page.locator(f"#views input[value={name}]").check()
    screen.until("!document.getElementById('energy-data').inert")
    screen.wait_text("#readout", until)


def kwh(value: float) -> str:
    """A sum as the page shows it: whole Wh, rounded up at 5. An f-string rounds what is binary."""
    return f"{(round(1000 * value) + 5) // 10 / 100:.2f}"


def bars(screen: Screen) -> Locator:
    return screen.page.locator("#bars [role=option]")


def labels(screen: Screen) -> list[str]:
    names: list[str] = bars(screen).evaluate_all(
        "list => list.map(e => e.getAttribute('aria-label'))"
    )
    return names


def heights(screen: Screen, side: str) -> dict[int, float]:
    """Height in px of each drawn bar, by the index of its slot."""
    found = bars(screen).evaluate_all(
        """(list, side) => list.map(e => e.querySelector(`.${side}-bar`))
            .map(e => e && Number(e.getAttribute('height')))""",
        side,
    )
    return {n: height for n, height in enumerate(found) if height is not None}


def axis(screen: Screen) -> list[str]:
    texts: list[str] = screen.page.locator("#bars-axis text").all_text_contents()
    return [text for text in texts if text]


def legend(screen: Screen) -> list[str]:
    return [
        " ".join(item.inner_text().split())
        for item in screen.page.locator(".legend li").all()
        if item.is_visible()
    ]


def focused(screen: Screen) -> str:
    """The accessible name, the id or the text of the focused element."""
    name: str = screen.page.evaluate(
        "(e => e.getAttribute('aria-label') || e.id || e.textContent)(document.activeElement)"
    )
    return name


def asked(reader: FakeReader, path: str) -> int:
    return len([request for request in reader.requests if request.startswith(path)])


def last_asked(reader: FakeReader, path: str) -> str:
    return [request for request in reader.requests if request.startswith(path)][-1]


def wait_asked(reader: FakeReader, screen: Screen, path: str, times: int) -> None:
    screen.wait_for(lambda: asked(reader, path) >= times, reader.requests)


def heard(reader: FakeReader, screen: Screen) -> None:
    """Wait until the page has what the reader has sent: its foot shows a new running time."""
    seconds = 31 + len(reader.requests) % 60
    if screen.text("#uptime").endswith(f" {seconds} s"):
        seconds += 1
    reader.set(u=seconds)
    screen.wait_text("#uptime", f" {seconds} s")


def row(screen: Screen, head: str) -> Locator:
    return screen.page.locator("#table tbody tr", has=screen.page.get_by_text(head, exact=True))


def wait_row(screen: Screen, n: int, text: str) -> None:
    rows = "document.querySelectorAll('#table tr:has(th[scope=row])')"
    screen.until(f"{rows}[{n}].textContent.includes('{text}')")


def table(screen: Screen) -> None:
    screen.page.get_by_role("button", name="Show as table").click()
    assert screen.page.locator("#table").is_visible()
    assert not screen.page.locator("#chart").is_visible()


def correct_morning(screen: Screen) -> None:
    """Open the table of today and the form of 08:00, and enter an import of 9 kWh."""
    screen.open(CHART, path="/history")
    table(screen)
    row(screen, "08:00").get_by_role("button").click()
    screen.page.locator("#correct-i").fill("9")


def save(screen: Screen) -> None:
    """Submit the open form, wait for what it would change, and save."""
    screen.page.keyboard.press("Enter")
    screen.wait_text("#save", "Save")
    screen.until("document.activeElement.id === 'save'")
    screen.page.keyboard.press("Enter")


def range_name(screen: Screen) -> str:
    """The name of the shown range, with plain spaces."""
    return " ".join(screen.text("#range").split())


def button_name(screen: Screen, button: str) -> str:
    """The accessible name of a range button, with plain spaces."""
    return " ".join((screen.page.locator(f"#{button}").get_attribute("aria-label") or "").split())


def walk(screen: Screen, button: str, name: str, note: str = "") -> None:
    """Click earlier, later or today and wait for the range or its message."""
    screen.page.locator(f"#{button}").click()
    assert range_name(screen) == name
    if note:
        screen.wait_text("#energy-note", note)
    else:
        screen.until("!document.getElementById('energy-data').inert")
