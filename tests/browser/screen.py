"""A browser tab that shows the reader's page, for tests."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Request, Response

from tests.browser.fake_reader import FakeReader
from tests.timing import PATIENCE_S, Stopwatch, family

PICTURES = Path(__file__).resolve().parent.parent.parent / "build/screenshots"
FRESH = "!document.body.classList.contains('old')"
STILL = 5  # times in a row
POLL_MS = 20
BLANK = "about:blank"
HEIGHT = 4000  # all cards of Now are in view, so all their documents are read
CLOCK_AHEAD_S = 60  # pause_at() takes a later time only
USUAL = (360, "light", "Europe/Oslo", "no-preference")
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

# An empty tab with the usual settings, for the next test: a new context takes longer than a test.
_kept: dict[Browser, Page] = {}


class Screen:
    """One tab with the reader's page: its errors, and its figures as text."""

    def __init__(
        self,
        browser: Browser,
        reader: FakeReader,
        width: int = 360,
        scheme: str = "light",
        zone: str = "Europe/Oslo",
        motion: str = "no-preference",
    ) -> None:
        self._browser = browser
        self._reader = reader
        self._look = (width, scheme, zone, motion)
        self._clocked = False
        self.complaints: list[str] = []
        self._asking: set[Request] = set()
        self._listeners: list[tuple[str, Callable[[Any], None]]] = [
            ("console", lambda message: self.complaints.append(message.text)),
            ("pageerror", lambda error: self.complaints.append(str(error))),
            ("request", lambda request: self._asking.add(request)),
            ("response", lambda response: self._answered(response)),
            ("requestfinished", lambda request: self._asking.discard(request)),
            ("requestfailed", lambda request: self._asking.discard(request)),
        ]
        self._begin((_kept.pop(browser, None) if self._look == USUAL else None) or self._tab())

    def _tab(self) -> Page:
        """A new tab in a new context."""
        width, scheme, zone, motion = self._look
        context = self._browser.new_context(
            viewport={"width": width, "height": HEIGHT},
            color_scheme=scheme,
            locale="en-GB",
            timezone_id=zone,
            reduced_motion=motion,
        )
        context.set_default_timeout(PATIENCE_S * 1000)
        return context.new_page()

    def _begin(self, page: Page) -> None:
        self.page = page
        for event, listener in self._listeners:
            page.on(event, listener)  # type: ignore[call-overload]

    def own_clock(self) -> None:
        """Put the page's clock under the test's control; before open().

        Only run(), skip() and waits move it, so no timer depends on the machine's speed.
        """
        self.close()
        self._begin(self._tab())
        self._clocked = True
        begin = time.time()
        self.page.clock.install(time=begin)
        self.page.clock.pause_at(begin + CLOCK_AHEAD_S)

    def _answered(self, response: Response) -> None:
        """The event stream counts as finished when its answer begins."""
        if response.request.resource_type == "eventsource":
            self._asking.discard(response.request)

    def open(self, until: str = FRESH, path: str = "/") -> "Screen":
        self.page.goto(self._reader.url + path[1:])
        # Not what index.html has: the stream may be heard before the page's module is in.
        self.until("document.querySelector('#page > :not(.late)') !== null")
        self.until(until)
        return self

    def until(self, condition: str) -> None:
        """Wait for a JavaScript expression, as a function: the page's CSP forbids eval. What it
        needs may be drawn later."""
        self._wait(f"() => {{ try {{ return {condition}; }} catch {{ return false; }} }}")

    def wait_for(self, condition: Callable[[], object], about: object = "") -> None:
        """Wait for something outside of the page, while its events are handled."""
        deadline = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < deadline, about
            self.pause()

    def _wait(self, function: str, arg: object = None) -> None:
        """Wait until a JavaScript function returns true."""
        deadline = time.monotonic() + PATIENCE_S
        if not self._clocked:
            self.page.wait_for_function(function, arg=arg)
        while self._clocked and not self.page.evaluate(function, arg):
            assert time.monotonic() < deadline, (function, arg)
            self.pause()

    def pause(self) -> None:
        """Let POLL_MS pass, also on a stopped clock: an event may still be on its way."""
        self.page.wait_for_timeout(POLL_MS)
        if self._clocked:
            self.page.clock.run_for(POLL_MS)

    def settle(self) -> None:
        """Wait until no request is open, and the page has nothing to do that may begin one."""
        deadline = time.monotonic() + PATIENCE_S
        still = 0
        while still < STILL:
            assert time.monotonic() < deadline, [request.url for request in self._asking]
            self.page.wait_for_timeout(POLL_MS)
            self.until("true")  # a busy page answers late
            still = 0 if self._asking else still + 1

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
        self._wait(
            "([s, t]) => document.querySelector(s)?.textContent.includes(t)", [selector, part]
        )

    def seconds_to_text(self, selector: str, part: str) -> float:
        """wait_text() with the time that page, browser and test took, in seconds."""
        watch = Stopwatch(*family(os.getpid()))
        self.wait_text(selector, part)
        return watch.seconds()

    def close(self) -> None:
        """Close the tab. With usual settings and clock it is kept, empty, for the next test."""
        for event, listener in self._listeners:
            self.page.remove_listener(event, listener)
        if self._clocked or self._look != USUAL or self._browser in _kept:
            self.page.context.close()
            return
        if self.page.url != BLANK:
            self.page.goto(BLANK)
            self.page.set_viewport_size({"width": USUAL[0], "height": HEIGHT})
            self.page.emulate_media(
                color_scheme="light", reduced_motion="no-preference", forced_colors="none"
            )
            self.page.mouse.move(0, 0)
        _kept[self._browser] = self.page


def expected_network(screen: Screen) -> None:
    """Remove Chromium's messages about failed requests from the complaints."""
    network = ("Failed to load resource", "net::ERR", "EventSource's response")
    screen.complaints[:] = [
        text for text in screen.complaints if not any(part in text for part in network)
    ]


def fits(screen: Screen) -> bool:
    """Whether the page needs no sideways scrolling and no card cuts off its text."""
    return bool(
        screen.page.evaluate(
            "document.documentElement.scrollWidth <= innerWidth && "
            "[...document.querySelectorAll('.card')].every(c => c.scrollWidth <= c.clientWidth)"
        )
    )
