"""The firmware's sentences in the page's language, and those that stay English."""

from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser import device, settings
from tests.browser.fake_reader import FakeReader
from tests.browser.screen import Screen, expected_network
from tests.said import Speaker

NEW = "nobody has said this yet"
EVENTS = [
    {"s": 3, "level": "info", "text": "meter: found at 2400 8E1"},
    {"s": 9, "level": "info", "text": "wifi: connected, 10.0.0.6, -58 dBm"},
    {"s": 11, "level": "warning", "text": f"web: {NEW}"},
]
LOG = {
    "en": ["meter: found at 2400 8E1", "wifi: connected, 10.0.0.6, -58 dBm"],
    "nb": ["meter: funnet p\u00e5 2400 8E1", "wifi: tilkoblet, 10.0.0.6, -58 dBm"],
    "de": ["meter: gefunden bei 2400 8E1", "wifi: verbunden, 10.0.0.6, -58 dBm"],
}
RESET = {
    "en": "software, one core; settings were saved",
    "nb": "programvare, \u00e9n kjerne; innstillinger ble lagret",
    "de": "Software, ein Kern; Einstellungen gespeichert",
}
TOO_LOW = "main_fuse_a must be 0 to 500"
REFUSED = {
    "en": TOO_LOW,
    "nb": "main_fuse_a m\u00e5 v\u00e6re 0 til 500",
    "de": "main_fuse_a muss 0 bis 500 sein",
}
SILENT = (
    "nothing was heard in 12 s: see that the cable is in the meter's port, and that the grid "
    "company has switched the port on"
)
CAUSE = "octets are changed on the line: see the cable and its length"
DAMAGED = {
    "at": 0, "length": 4, "words": "HDLC, 4 octets: not decoded, checksum is wrong",
    "frame": {"wire": "hdlc", "kind": "damaged", "check": "checksum is wrong", "frames": 0},
    "cipher": None, "apdu": None, "list": None, "text": None, "reading": None,
    "errors": [{"kind": "checksum", "code": -5, "reason": "checksum is wrong", "help": CAUSE,
                "at": 2, "before": "7ea0", "octets": "0203"}],
}  # fmt: skip
INSPECT: dict[str, Any] = {
    "firmware": "v0.1.0", "board": "Pow-K+", "time": None,
    "line": {"settings": "2400 baud, 8 data bits, even parity, 1 stop bit", "proven": True,
             "wire": "hdlc", "frames": 3, "search": None},
    "heard": {"seconds": 12, "octets": 4}, "newest_error": None, "unknown": None,
    "bursts": [{"at": 0, "ms": 10, "settings": "2400 8E1", "octets": "7ea00203"}],
    "telegrams": [DAMAGED], "left_out": 0, "words": SILENT,
}  # fmt: skip


def spoken(browser: Browser, reader: FakeReader, screens: list[Screen], language: str) -> Screen:
    screen = Screen(browser, reader, width=320)
    screens.append(screen)
    screen.page.add_init_script(f"localStorage.setItem('lang', '{language}')")
    # The words have 3 s to come: here a minute.
    screen.page.add_init_script(
        "const later = setTimeout; window.setTimeout = (f, ms, ...more) =>"
        " later(f, ms === 3000 ? 60000 : ms, ...more);"
    )
    return screen


def said_files(reader: FakeReader) -> list[str]:
    return [path for path in reader.requests if "said-" in path]


@pytest.mark.parametrize("language", ["en", "nb", "de"])
def test_log_and_reset_are_told_in_the_page_s_language(
    browser: Browser, reader: FakeReader, screens: list[Screen], language: str
) -> None:
    screen = spoken(browser, reader, screens, language)
    device.serve(reader, health={"events": EVENTS})
    device.opened(screen, "health").wait_text("#log-lines", NEW)
    lines = screen.page.locator("#log-lines li > span:last-child")
    assert lines.all_inner_texts() == [f"web: {NEW}", *reversed(LOG[language])]
    marks = lines.evaluate_all("all => all.map((line) => line.lang)")
    assert marks == (["", "", ""] if language == "en" else ["en", "", ""])
    assert device.value(screen, "reset", "#counts") == RESET[language]
    assert screen.page.locator('#counts [data-v="reset"]').get_attribute("lang") is None
    screen.page.locator("#log-filter").fill(LOG[language][0].split()[1])
    assert lines.all_inner_texts() == [LOG[language][0]]


@pytest.mark.parametrize("language", ["en", "nb", "de"])
def test_a_refusal_is_told_at_its_field_in_the_page_s_language(
    browser: Browser, reader: FakeReader, screens: list[Screen], language: str
) -> None:
    screen = spoken(browser, reader, screens, language)
    settings.serve(reader)
    errors = {"main_fuse_a": TOO_LOW, "production_kwp": NEW}
    refusal = {"success": False, "message": "2 settings are refused", "errors": errors}
    reader.answers["PATCH", "/api/config"] = 400, refusal
    settings.show(screen, "main_fuse_a")
    screen.page.locator("#f-main_fuse_a").fill("63")
    screen.page.locator(".section-form button.main").click()
    screen.wait_text("#e-main_fuse_a", REFUSED[language])
    known, new = (screen.page.locator(f"#e-{name}") for name in errors)
    assert (known.inner_text(), known.get_attribute("lang")) == (REFUSED[language], None)
    assert (new.inner_text(), new.get_attribute("lang")) == (
        NEW, None if language == "en" else "en",
    )  # fmt: skip
    expected_network(screen)


@pytest.mark.parametrize("language", ["nb", "de"])
def test_the_inspector_tells_causes_in_the_page_s_language(
    browser: Browser, reader: FakeReader, screens: list[Screen], language: str
) -> None:
    screen = spoken(browser, reader, screens, language)
    device.serve(reader)
    reader.documents["/inspect.json"] = INSPECT
    reader.canned["/lists.txt"] = 200, b""
    speaker = Speaker(language)
    device.opened(screen, "inspector").wait_text("#line-words", speaker.say(SILENT))
    assert screen.page.locator("#line-words").get_attribute("lang") is None
    assert device.value(screen, "settings", "#line").startswith(
        speaker.say(INSPECT["line"]["settings"])
    )
    telegram = screen.page.locator("#telegrams details").first
    assert telegram.locator("summary").inner_text() == speaker.say(str(DAMAGED["words"]))
    cause = telegram.locator("li.bad span")
    assert cause.inner_text() == f"{speaker.say('checksum is wrong')}: {speaker.say(CAUSE)}"
    assert cause.get_attribute("lang") is None


def test_an_english_page_loads_no_sentences(reader: FakeReader, screen: Screen) -> None:
    device.serve(reader)
    device.opened(screen, "health").wait_text("#services", "full operation")
    assert said_files(reader) == []


@pytest.mark.parametrize("language", ["sv", "da", "nl", "fi"])
def test_each_language_loads_its_sentences_with_the_first_one(
    browser: Browser, reader: FakeReader, screens: list[Screen], language: str
) -> None:
    screen = spoken(browser, reader, screens, language)
    device.serve(reader)
    screen.open()
    assert said_files(reader) == []
    device.opened(screen, "health").wait_text("#services", Speaker(language).say("full operation"))
    assert len(said_files(reader)) == 3


def test_sentences_stay_english_when_their_words_do_not_come(
    browser: Browser, reader: FakeReader, screens: list[Screen]
) -> None:
    screen = spoken(browser, reader, screens, "nb")
    screen.page.route("**/said-*", lambda route: route.abort())
    device.serve(reader)
    device.opened(screen, "health").wait_text("#services", "full operation")
    expected_network(screen)
