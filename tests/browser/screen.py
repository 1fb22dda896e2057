"""One tab of a browser on the reader, as a test sees it."""

import time
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.browser.fake_reader import FakeReader

PICTURES = Path(__file__).resolve().parent.parent.parent / "build/screenshots"
FRESH = "!document.body.classList.contains('old')"


class Screen:
    """One tab on the reader, its complaints, and its figures as text."""

    def __init__(
        self,
        browser: Browser,
        reader: FakeReader,
        width: int = 360,
        scheme: str = "light",
        zone: str = "Europe/Oslo",
        motion: str = "no-preference",
    ) -> None:
        self._context = browser.new_context(
            viewport={"width": width, "height": 800},
            color_scheme=scheme,
            locale="en-GB",
            timezone_id=zone,
            reduced_motion=motion,
        )
        self.page: Page = self._context.new_page()
        self.page.set_default_timeout(5000)
        self.complaints: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self._reader = reader

    def open(self, until: str = FRESH) -> "Screen":
        self.page.goto(self._reader.url)
        self.until(until)
        return self

    def until(self, condition: str) -> None:
        """Wait for a JavaScript expression; as a function, for the page's CSP forbids eval."""
        self.page.wait_for_function(f"() => {condition}")

    def text(self, selector: str) -> str:
        return self.page.locator(selector).inner_text()

    def is_old(self) -> bool:
        return "old" in (self.page.locator("body").get_attribute("class") or "").split()

    def wait_text(self, selector: str, part: str, seconds: float = 5.0) -> float:
        """Seconds until the element's text contains part."""
        begin = time.monotonic()
        self.page.wait_for_function(
            "([s, t]) => document.querySelector(s)?.textContent.includes(t)",
            arg=[selector, part],
            timeout=seconds * 1000,
        )
        return time.monotonic() - begin

    def close(self) -> None:
        self._context.close()


def expected_network(screen: Screen) -> None:
    """Chromium reports a failed request by itself; anything else stays a complaint."""
    network = ("Failed to load resource", "net::ERR", "EventSource's response")
    screen.complaints[:] = [
        text for text in screen.complaints if not any(part in text for part in network)
    ]


def fits(screen: Screen) -> bool:
    """No sideways scrolling, and no text cut off at the side of its card."""
    return bool(
        screen.page.evaluate(
            "document.documentElement.scrollWidth <= innerWidth && "
            "[...document.querySelectorAll('.card')].every(c => c.scrollWidth <= c.clientWidth)"
        )
    )
