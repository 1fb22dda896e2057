"""One headless Chromium for all tests of the page, a fake reader for each test file."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.fake_reader import FakeReader
from tests.browser.screen import Screen
from tests.timing import PATIENCE_S
from tools import page as builder

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Callable[[list[str]], Browser]]:
    """Starts a Chromium with these flags. A process can have one Playwright only."""
    path = shutil.which("chromium")
    assert path, "chromium is not installed: the page is untested without it"
    with sync_playwright() as playwright:
        yield lambda flags: playwright.chromium.launch(
            executable_path=path, headless=True, args=flags, timeout=PATIENCE_S * 1000
        )


@pytest.fixture(scope="session")
def browser(chromium: Callable[[list[str]], Browser]) -> Iterator[Browser]:
    browser = chromium(FLAGS)
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeReader]:
    www = tmp_path_factory.mktemp("www")
    builder.build(builder.SOURCE, www)
    reader = FakeReader(www)
    reader.start()
    yield reader
    reader.stop()


@pytest.fixture
def screens(browser: Browser, reader: FakeReader) -> Iterator[list[Screen]]:
    """Tabs opened by a test; closed after it, and none may have reported an error."""
    reader.reset()
    opened: list[Screen] = []
    yield opened
    for screen in opened:
        screen.close()
    assert [screen.complaints for screen in opened] == [[] for _ in opened]


@pytest.fixture
def screen(browser: Browser, reader: FakeReader, screens: list[Screen]) -> Screen:
    screens.append(Screen(browser, reader))
    return screens[0]
