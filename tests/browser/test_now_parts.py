"""The page Now: few writes, the charts of energy, voltages, narrow and large text, languages."""

import re

import pytest
from playwright.sync_api import Browser

from tests.browser.energy import HOUR
from tests.browser.fake_reader import FakeReader
from tests.browser.now import CARDS, READ, prices, sell, show
from tests.browser.screen import PICTURES, WEAK, Screen, fits


def test_a_telegram_changes_only_what_is_new(reader: FakeReader, screen: Screen) -> None:
    """Of the elements on the page a telegram with another power writes at most thirty."""
    screen.own_clock()
    sell(reader, prices(dict.fromkeys(range(60, 80), 0.5)))
    reader.live = {"ta": 3.0, "t": [2900] * 20 + [2430] * 41, "ma": 33.0, "m": [2430]}
    screen.open(READ)
    screen.settle()
    screen.run(2000)
    screen.page.evaluate(
        """() => {
            window.touched = new Set();
            window.added = [];
            new MutationObserver((list) => {
                for (const { target, addedNodes, type } of list) {
                    touched.add(target);
                    if (type === "childList") {
                        const elements = [...addedNodes].filter(e => e.nodeType === 1);
                        added.push(...elements.map(e => `${e.outerHTML} in ${target.id}`));
                    }
                }
            }).observe(document.getElementById("page"), {
                subtree: true, childList: true, attributes: true, characterData: true });
        }"""
    )
    screen.page.clock.run_for(1000)
    reader.set(i=2440)
    screen.wait_text("#power", "2.44")
    touched, added, of = screen.page.evaluate(
        "[touched.size, added, document.getElementById('page').querySelectorAll('*').length]"
    )
    assert of > 300
    assert 1 <= touched <= 30 and added == [], (touched, added)
    screen.page.evaluate("touched.clear()")
    screen.run(3000)  # no telegram: only the curve moves on, by less than a pixel of 10 min
    assert screen.page.evaluate("touched.size") <= 20


def test_the_last_hours_and_days_are_charts(reader: FakeReader, screen: Screen) -> None:
    hours = reader.house.hours
    hours[HOUR - 3600] = [1.5, 0.25, "measured"]
    hours[HOUR - 7200] = [0.5, 0.0, "estimated"]
    hours[HOUR - 10800] = [0.75, 0.0, "gap"]
    del hours[HOUR - 14400]
    screen.open(READ)
    chart = screen.page.locator("#use-day svg")
    readout = screen.page.locator("#use-day .readout")
    chart.focus()
    found = []
    for key in ("End", "ArrowLeft", "ArrowLeft", "ArrowLeft"):
        chart.press(key)
        found.append(readout.inner_text())
    assert found == [
        "13:00\u201314:00: import 1.50 kWh, export 0.25 kWh",
        "12:00\u201313:00: import 0.50 kWh, export 0.00 kWh, estimated",
        "11:00\u201312:00: import 0.75 kWh, export 0.00 kWh, incomplete",
        "10:00\u201311:00: unknown",
    ]
    assert chart.get_attribute("aria-valuetext") == found[-1]
    hatched = screen.page.locator("#use-day .hatch-up").get_attribute("d") or ""
    assert hatched.count("M") == 2
    down = screen.page.locator("#use-day .column.down").get_attribute("d") or ""
    assert all(float(part) > 0 for part in re.findall(r"v([-\d.]+)h", down)) and down
    month = screen.page.locator("#use-month svg")
    month.press("End")
    assert screen.text("#use-month .readout").startswith("Wed 11 March: import ")
    month.press("Home")
    assert screen.text("#use-month .readout").startswith("Mon 9 February: import ")
    asked = [path for path in reader.requests if path.startswith("/history.json")]
    assert asked == [f"/history.json?step=60&from={HOUR - 86400}",
                     "/history.json?step=day&from=2026-02-09"]  # fmt: skip


@pytest.mark.parametrize(
    ("volts", "word", "state"),
    [
        (206.9, "low", "bad"), (211.0, "low", "warn"), (230.0, "", ""), (249.5, "high", "warn"),
        (254.0, "high", "bad"),
    ],
)  # fmt: skip
def test_a_voltage_has_a_place_on_its_track_and_a_word(
    reader: FakeReader, screen: Screen, volts: float, word: str, state: str
) -> None:
    reader.set(l1={"u": volts})
    screen.open(CARDS)
    assert screen.text("#p1 .word") == word
    track = screen.page.locator("#p1 .track")
    assert track.get_attribute("class") == f"track {state}"
    at = track.locator("u").evaluate("e => parseFloat(e.style.left)")
    assert at == pytest.approx(min(100, max(0, (volts - 207) / 46 * 100)), abs=0.1)


def test_a_meter_with_one_phase_has_one_phase(reader: FakeReader, screen: Screen) -> None:
    none = {"u": None, "i": None}
    reader.set(l2=none, l3=none)
    screen.open(CARDS)
    assert screen.page.locator("#p1").is_visible()
    assert not screen.page.locator("#p2").is_visible()
    assert screen.text("#phases-why") == ""


@pytest.mark.parametrize(("width", "zoom"), [(320, 1), (360, 2), (1280, 2)])
def test_narrow_screens_and_large_text_fit(
    browser: Browser, reader: FakeReader, screens: list[Screen], width: int, zoom: int
) -> None:
    show(reader, r=1, e=1)
    sell(reader, prices(dict.fromkeys(range(60, 80), 0.5)), np=415.5, cc=250.5)
    reader.set(ds=1, l2={"i": None, "e": True}, l3={"u": 209.2}, i=12430, im=9959)
    screen = Screen(browser, reader, width)
    screens.append(screen)
    screen.open(READ)
    screen.page.evaluate(f"document.documentElement.style.fontSize = '{zoom * 100}%'")
    screen.page.wait_for_timeout(300)
    assert fits(screen), screen.page.evaluate(
        "[...document.querySelectorAll('*')]"
        ".filter(e => e.getBoundingClientRect().right > innerWidth + 1)"
        ".map(e => `${e.tagName} ${e.id} ${e.className} ${e.textContent}`.slice(0, 60))"
    )
    PICTURES.mkdir(parents=True, exist_ok=True)
    screen.page.screenshot(path=PICTURES / f"now-text-{zoom}-{width}.png", full_page=True)


@pytest.mark.parametrize("language", ["nb", "sv", "da", "de", "nl", "fi"])
def test_each_language_fits_and_has_its_words(
    browser: Browser, reader: FakeReader, screens: list[Screen], language: str
) -> None:
    sell(reader, prices(dict.fromkeys(range(60, 80), 0.5)), np=415.5, cc=250.5)
    screen = Screen(browser, reader, 320)
    screens.append(screen)
    screen.page.add_init_script(f"localStorage.setItem('lang', '{language}')")
    screen.open(READ)
    assert fits(screen) and screen.page.evaluate(WEAK)[1] == []
    text = screen.text("#page")
    assert "undefined" not in text and "null" not in text and "NaN" not in text
    assert not re.search(r"\b(Importing|This hour|Today|Price|Peaks|below|step)\b", text)
    assert screen.text("#power") == "2,43"


def test_an_upgrade_and_a_newer_version_are_told(reader: FakeReader, screen: Screen) -> None:
    reader.set(up={"ph": "loading", "d": 50_000, "s": 200_000, "l": "v0.2.0"})
    screen.open()
    screen.wait_text("#upgrade-note", "25 %")
    reader.set(up={"ph": "", "d": 200_000, "s": 200_000, "l": "v0.2.0"})
    screen.wait_text("#upgrade-note", "Version v0.2.0 is available")
    reader.set(up={"ph": "", "d": 200_000, "s": 200_000, "l": ""})
    screen.page.locator("#upgrade-note").wait_for(state="hidden")
