"""The page Settings in the languages but English: texts of the settings, faults, narrow phones."""

import pytest
from playwright.sync_api import Browser

from tests.browser import settings
from tests.browser.fake_reader import FakeReader
from tests.browser.screen import Screen, expected_network, fits
from tests.browser.test_settings_form import SECTIONS
from tests.browser.test_whole import PICTURES
from tests.settingtexts import LANGUAGES, texts

# {setting: [label, explanation]} of what is drawn.
DRAWN = """() => Object.fromEntries(
    [...document.querySelectorAll(".section-form .field")].map((row) => {
    const text = (selector) => row.querySelector(selector).textContent;
    const name = row.querySelector("[id^='e-']").id.slice(2);
    return [name, [text(":scope > label, :scope > legend"), text("[id^='h-']")]];
}))"""
# Texts that are wider than their place.
WIDE = """() => [...document.querySelectorAll("#page :is(label, legend, .help, .fault, h2)")]
    .filter((e) => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).display !== "inline")
    .map((e) => e.textContent)"""
# A value above the range, one that is too short, one of another form.
FAULTS = {
    "nb": ("M\u00e5 v\u00e6re 0 til 65535.", "Minst 8 tegn.", "M\u00e5 v\u00e6re som "),
    "sv": ("Ska vara 0 till 65535.", "Minst 8 tecken.", "Ska vara som "),
    "da": ("Skal v\u00e6re 0 til 65535.", "Mindst 8 tegn.", "Skal v\u00e6re som "),
    "de": ("Muss 0 bis 65535 sein.", "Mindestens 8 Zeichen.", "Muss sein wie "),
    "nl": ("Moet 0 tot 65535 zijn.", "Minstens 8 tekens.", "Moet zijn als "),
    "fi": ("Sallittu 0\u201365535.", "V\u00e4hint\u00e4\u00e4n 8 merkki\u00e4.", "Muoto: "),
}


def spoken(browser: Browser, reader: FakeReader, screens: list[Screen], language: str) -> Screen:
    """A tab of a narrow phone in a language."""
    screen = Screen(browser, reader, width=320)
    screens.append(screen)
    screen.page.add_init_script(f"localStorage.setItem('lang', '{language}')")
    return screen


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_setting_is_told_in_the_page_s_language_on_a_narrow_phone(
    browser: Browser, reader: FakeReader, screens: list[Screen], language: str
) -> None:
    screen = spoken(browser, reader, screens, language)
    settings.serve(reader, mqtt_payload=3)
    settings.show(screen)
    words = texts(language)
    seen: set[str] = set()
    for section in SECTIONS[:-1]:
        screen.page.evaluate(f"location.hash = '{section}'")
        screen.until(f"document.querySelector('[aria-current=true]').hash === '#{section}'")
        drawn = screen.page.evaluate(DRAWN)
        assert drawn == {name: words[name][:2] for name in drawn}
        assert fits(screen) and screen.page.evaluate(WIDE) == []
        seen |= set(drawn)
        if language in ("de", "fi"):  # the longest words
            path = PICTURES / f"settings-{section}-{language}-320.png"
            screen.page.screenshot(path=path, full_page=True)
    assert set(words) - seen == {"wifi_first"}  # the reader's own


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_fault_is_told_in_the_page_s_language(
    browser: Browser, reader: FakeReader, screens: list[Screen], language: str
) -> None:
    screen = spoken(browser, reader, screens, language)
    settings.serve(reader)
    settings.show(screen)
    page = screen.page
    most, short, form = FAULTS[language]
    for section, name, entered, words in (
        ("meter", "main_fuse_a", "70000", most),
        ("wifi", "wifi_psk", "short", short),
        ("general", "hostname", "Hallway!", form + "ams-7f3a"),
        ("device", "upgrade_url", "ftp://a", form + "https://192.168.1.20/manifest.json"),
        ("device", "lights", "all 7-24", form + "all 7-22"),
        ("device", "sensor_names", "28FF Attic", form + "28FF641E93160342 A, 28FF641E93160343 B"),
        ("network", "address", "192.168.1", form + "192.168.1.50/24"),
    ):
        page.evaluate(f"location.hash = '{section}'")
        box = page.locator(f"#f-{name}, fieldset:has(#e-{name}) input").first
        box.fill(entered)
        page.keyboard.press("Tab")
        screen.wait_text(f"#e-{name}", words)
        page.locator(".foot button").nth(1).click()  # undo
    assert reader.posted == []


def test_english_texts_are_the_reader_s(
    browser: Browser, reader: FakeReader, screens: list[Screen]
) -> None:
    """Also in another language, when its own do not come."""
    screen = spoken(browser, reader, screens, "en")
    asked: list[str] = []
    screen.page.on("request", lambda request: asked.append(request.url))
    settings.serve(reader)
    settings.show(screen, "main_fuse_a")
    assert not [url for url in asked if ".texts-" in url]
    screen.page.route("**/*.texts-*.js", lambda route: route.abort())
    screen.page.locator("#language").select_option("fi")
    screen.until("document.documentElement.lang === 'fi'")
    screen.until("document.querySelector('.foot .main')?.textContent === 'Tallenna'")
    assert screen.page.locator("label[for=f-main_fuse_a]").inner_text() == "Main fuse"
    assert [url for url in asked if ".texts-" in url]
    expected_network(screen)


def test_names_of_sensors_have_an_address_and_a_name_each(
    reader: FakeReader, screen: Screen
) -> None:
    settings.serve(reader)
    settings.show(screen, "sensor_names")
    page = screen.page
    one, other = "28FF641E93160342 Attic", "28ff641e93160343 Warm floor"
    for text, right in (
        (one, True), (f"{one}, {other}", True), (f"{one},{other}", True), ("", True),
        (f"{one},", False), ("28FF641E93160342", False), (f"{one} of the big house", False),
        (f"{one} {other}", False),
    ):  # fmt: skip
        page.locator("#f-sensor_names").fill("x")
        page.locator("#f-sensor_names").fill(text)
        page.keyboard.press("Tab")
        screen.until("document.activeElement.id !== 'f-sensor_names'")
        wrong = page.locator("#f-sensor_names").get_attribute("aria-invalid") == "true"
        assert wrong is not right, text
