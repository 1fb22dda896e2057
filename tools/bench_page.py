"""What a page costs: time to its first figure, octets and requests, and the work of a telegram.

In       the built page, the fake reader of tests/browser, Chromium
Out      rows of tools/bench.py: at 50 KB/s and 30 ms a request the first paint, octets
         and requests of each page, and its requests with a warm cache; of Now with a telegram a
         second, the time of the main thread and the changes of the document in a second
"""

import shutil
import time
from pathlib import Path

from playwright.sync_api import CDPSession, Page, sync_playwright

from tests.browser.fake_reader import FakeReader, afternoon
from tools import bench, simulation
from tools.runtime import ROOT

_RATE = 50_000  # octets in a second
_DELAY_MS = 30
_SECONDS = 20
_PAINT_MS = 3000  # limits
_REQUESTS = {"/setup": 12}  # of a page, else these
_REQUESTS_MOST = 10
_AGAIN = {"/": 3, "/setup": 6}  # with a warm cache
_AGAIN_MOST = 4
_CHANGES = 60
_REST_MS = 4000  # until the documents of the cards in view have come
_PAGES = ("/", "/history", "/settings", "/device", "/setup", "/login")
_WATCH = """() => {
    window.changes = 0;
    new MutationObserver((list) => { window.changes += list.length; }).observe(
        document, { subtree: true, childList: true, attributes: true, characterData: true });
}"""


def _loads(page: Page, session: CDPSession, reader: FakeReader, path: str) -> list[bench.Row]:
    """First paint in ms, and octets and requests of a page that is opened without a cache."""
    octets = 0

    def finished(event: dict[str, float]) -> None:
        nonlocal octets
        octets += int(event["encodedDataLength"])

    session.on("Network.loadingFinished", finished)
    before = len(reader.requests)
    page.goto(reader.url + path[1:])
    page.wait_for_function("() => document.getElementById('page')?.childElementCount > 0")
    page.wait_for_timeout(_REST_MS)
    session.remove_listener("Network.loadingFinished", finished)
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    requests = len(reader.requests) - before
    page.goto("about:blank")
    before = len(reader.requests)
    page.goto(reader.url + path[1:])
    page.wait_for_function("() => document.getElementById('page')?.childElementCount > 0")
    page.wait_for_timeout(_REST_MS)
    again = len(reader.requests) - before
    most, most_again = _REQUESTS.get(path, _REQUESTS_MOST), _AGAIN.get(path, _AGAIN_MOST)
    return [
        bench.row(f"page {path} first paint at 50 KB/s", round(paint), "ms", None,
                  f"<= {_PAINT_MS}", paint <= _PAINT_MS),
        bench.row(f"page {path} octets received", octets, "octets"),
        bench.row(f"page {path} requests", requests, "requests", None, f"<= {most}",
                  requests <= most),
        bench.row(f"page {path} requests with a warm cache", again, "requests", None,
                  f"<= {most_again}", again <= most_again),
    ]  # fmt: skip


def _busy(session: CDPSession) -> float:
    """Seconds of the main thread so far."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    return float(next(m["value"] for m in metrics if m["name"] == "TaskDuration"))


def _telegrams(page: Page, session: CDPSession, reader: FakeReader) -> list[bench.Row]:
    """Work of the page Now with a telegram a second."""
    page.goto(reader.url)
    page.wait_for_function("() => document.querySelector('#use-month h2 small')?.textContent")
    page.wait_for_timeout(3000)  # the cards out of view are there, and drawn
    page.evaluate(_WATCH)
    session.send("Performance.enable")
    begin = _busy(session)
    for second in range(_SECONDS):
        reader.set(**afternoon(second))
        time.sleep(1)
    busy = 1000 * (_busy(session) - begin) / _SECONDS
    changes = page.evaluate("window.changes") / _SECONDS
    return [
        bench.row("Now, main thread in a second", round(busy, 1), "ms"),
        bench.row("Now, changes of the document in a second", round(changes, 1), "changes", None,
                  f"<= {_CHANGES}", changes <= _CHANGES),
    ]  # fmt: skip


def rows() -> list[bench.Row]:
    """All figures."""
    simulation.prepare()
    reader = FakeReader(Path(ROOT / "build" / "www"))
    reader.start()
    found: list[bench.Row] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for path in _PAGES:
            context = browser.new_context(viewport={"width": 360, "height": 800})
            page = context.new_page()
            session = context.new_cdp_session(page)
            session.send("Network.enable")
            session.send(
                "Network.emulateNetworkConditions",
                {"offline": False, "latency": _DELAY_MS, "downloadThroughput": _RATE,
                 "uploadThroughput": _RATE},
            )  # fmt: skip
            found += _loads(page, session, reader, path)
            context.close()
        context = browser.new_context(viewport={"width": 360, "height": 800})
        page = context.new_page()
        found += _telegrams(page, context.new_cdp_session(page), reader)
        browser.close()
    reader.stop()
    return found


if __name__ == "__main__":
    print(bench.table(rows()))
