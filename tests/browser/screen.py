"""One browser tab on the reader, for tests."""

import os
import time
from pathlib import Path

from playwright.sync_api import Browser, Page, Request, Response

from tests.browser.fake_reader import FakeReader
from tests.timing import PATIENCE_S, Stopwatch, family

PICTURES = Path(__file__).resolve().parent.parent.parent / "build/screenshots"
FRESH = "!document.body.classList.contains('old')"
STILL_MS = 100
# Number of texts, and [text, contrast] of those below 4.5:1.
WEAK = """() => {
    const parse = c => c.match(/[\\d.]+/g).map(Number);
    const light = c => c.slice(0, 3).map(v => v / 255)
        .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
        .reduce((sum, v, n) => sum + v * [0.2126, 0.7152, 0.0722][n], 0);
    const ground = e => {
        for (; e; e = e.parentElement) {
            const c = parse(getComputedStyle(e).backgroundColor);
            if (c.length < 4 || c[3] === 1) return c;
        }
        return [255, 255, 255];
    };
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const weak = [];
    let seen = 0;
    while (walk.nextNode()) {
        const e = walk.currentNode.parentElement;
        if (!walk.currentNode.data.trim() || !e.getClientRects().length) continue;
        if (e.closest("noscript, script")) continue;
        const style = getComputedStyle(e);
        const ink = parse(e.namespaceURI.endsWith("svg") ? style.fill : style.color);
        const [a, b] = [light(ink), light(ground(e))].sort((x, y) => y - x);
        seen += 1;
        const contrast = (a + 0.05) / (b + 0.05);
        if (contrast < 4.5) weak.push([walk.currentNode.data, contrast]);
    }
    return [seen, weak];
}"""


class Screen:
    """One tab on the reader: its errors, and its figures as text."""

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
        self.page.set_default_timeout(PATIENCE_S * 1000)
        self.complaints: list[str] = []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self._asking: set[Request] = set()
        self.page.on("request", lambda request: self._asking.add(request))
        self.page.on("response", self._answered)
        self.page.on("requestfinished", lambda request: self._asking.discard(request))
        self.page.on("requestfailed", lambda request: self._asking.discard(request))
        self._reader = reader

    def _answered(self, response: Response) -> None:
        """The event stream counts as finished when its answer begins."""
        if response.request.resource_type == "eventsource":
            self._asking.discard(response.request)

    def open(self, until: str = FRESH) -> "Screen":
        self.page.goto(self._reader.url)
        self.until(until)
        return self

    def until(self, condition: str) -> None:
        """Wait for a JavaScript expression, as a function: the page's CSP forbids eval."""
        self.page.wait_for_function(f"() => {condition}")

    def settle(self) -> None:
        """Wait until no request of the page is open."""
        still_since = time.monotonic()
        deadline = still_since + PATIENCE_S
        while (time.monotonic() - still_since) * 1000 < STILL_MS:
            assert time.monotonic() < deadline, [request.url for request in self._asking]
            self.page.wait_for_timeout(20)
            if self._asking:
                still_since = time.monotonic()

    def skip(self, ms: int) -> None:
        """Move the page's clock at once. No request may be open: it would time out."""
        self.settle()
        self.page.clock.fast_forward(ms)

    def run(self, ms: int) -> None:
        """Run the page's clock for `ms` with all timers, while no request is open."""
        self.settle()
        self.page.clock.run_for(ms)

    def text(self, selector: str) -> str:
        return self.page.locator(selector).inner_text()

    def is_old(self) -> bool:
        return "old" in (self.page.locator("body").get_attribute("class") or "").split()

    def wait_text(self, selector: str, part: str) -> None:
        """Wait until the element's text contains part."""
        self.page.wait_for_function(
            "([s, t]) => document.querySelector(s)?.textContent.includes(t)", arg=[selector, part]
        )

    def seconds_to_text(self, selector: str, part: str) -> float:
        """wait_text() with the time that page, browser and test took, in seconds."""
        watch = Stopwatch(*family(os.getpid())[1:])
        self.wait_text(selector, part)
        return watch.seconds()

    def close(self) -> None:
        self._context.close()


def expected_network(screen: Screen) -> None:
    """Drop Chromium's own messages about failed requests; other errors stay."""
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
