"""The page Now: which cards are there, in which order, and the state without a meter."""

import pytest
from playwright.sync_api import Browser

from tests.browser.fake_reader import FakeReader
from tests.browser.now import CARDS, NO_PHASE, ORDER, READ, prices, sell, show, shown, silence
from tests.browser.screen import PICTURES, Screen, fits

DASHES = """() => [...document.querySelectorAll('#cards .v')]
    .filter(e => e.offsetParent && e.textContent === '\u2014').length"""


def test_the_cards_of_a_phone_are_in_the_order_of_their_worth(
    reader: FakeReader, screen: Screen
) -> None:
    sell(reader, prices(dict.fromkeys(range(40, 60), 0.5)))
    screen.open(READ)
    screen.until("!document.getElementById('prices').hidden")
    found = shown(screen)
    assert found == [name for name in ORDER if name not in ("silent", "warmth")]


def test_price_cost_and_forecast_are_seen_without_scrolling(
    browser: Browser, reader: FakeReader, screens: list[Screen]
) -> None:
    sell(reader, prices(dict.fromkeys(range(60, 70), 0.5)))
    screen = Screen(browser, reader, 360)
    screens.append(screen)
    screen.page.set_viewport_size({"width": 360, "height": 740})
    screen.open(CARDS)
    screen.until("!document.getElementById('price').hidden")
    bottom = screen.page.evaluate("document.getElementById('places').getBoundingClientRect().top")
    assert 600 < bottom < 740
    for selector in ("#power", "#price-now", "#price-words", "#hour-expected", "#hour-verdict",
                     "#sum-1 dd:nth-of-type(1)", "#sum-1 dd:nth-of-type(2)"):  # fmt: skip
        box = screen.page.locator(selector).bounding_box()
        assert box and box["y"] + box["height"] <= bottom, (selector, box)


@pytest.mark.parametrize(
    ("key", "cards"),
    [
        ("c", {"sums"}), ("p", {"prices"}), ("d", {"use-day"}), ("m", {"use-month"}),
        ("t", {"peaks"}),
    ],
)  # fmt: skip
def test_a_hidden_part_is_not_there(
    reader: FakeReader, screen: Screen, key: str, cards: set[str]
) -> None:
    sell(reader, prices(dict.fromkeys(range(60, 70), 0.5)))
    show(reader, **{key: 0})
    screen.open(CARDS)
    until = "use-day" if key == "m" else "use-month"
    # The last document that is read: the card itself is there before it.
    screen.until(f"document.querySelector('#{until} h2 small').textContent")
    screen.settle()
    usual = {name for name in ORDER if name not in ("silent", "warmth")}
    assert set(shown(screen)) == usual - cards
    asked = [path for path in reader.requests if path.startswith("/history.json")]
    assert len(asked) == (1 if key in "dm" else 2)


def test_this_hour_is_hidden_with_running_sums_and_peaks(
    reader: FakeReader, screen: Screen
) -> None:
    show(reader, c=0, t=0)
    screen.open(CARDS)
    assert not {"hour", "sums", "peaks"} & set(shown(screen))


def test_import_and_export_can_be_hidden(reader: FakeReader, screen: Screen) -> None:
    reader.set(i=0, e=1840)
    show(reader, e=0)
    screen.open(CARDS)
    assert (screen.text("#power"), screen.text("#power-unit")) == ("0", "W")
    assert screen.text("#sold") == "" and screen.text("#h-now") == "Importing"
    show(reader, i=0, e=1)
    screen.open("document.getElementById('sold').textContent")
    assert screen.text("#h-now") == "Exporting" and screen.text("#power") == "1.84"
    reader.set(i=900, e=0)
    screen.wait_text(
        "#sold", "export 0 W, 903.1 kWh".replace(" W", "\u00a0W").replace(" k", "\u00a0k")
    )
    assert screen.text("#power") == "0"
    show(reader, i=0, e=0)
    screen.open(CARDS)
    assert "now" not in shown(screen)


def test_export_is_dynamic(reader: FakeReader, screen: Screen) -> None:
    reader.set(ec=0.0)
    screen.open(CARDS)
    assert screen.text("#sold") == ""
    reader.set(ec=0.5)
    screen.wait_text("#sold", "export 0.5")


def test_voltage_and_current_can_be_hidden(reader: FakeReader, screen: Screen) -> None:
    show(reader, v=0)
    screen.open(CARDS)
    assert screen.page.locator("#p1 .current").is_visible()
    assert not screen.page.locator("#p1 .voltage").is_visible()
    show(reader, v=2, a=0)
    screen.open(CARDS)
    assert not screen.page.locator("#p1 .current").is_visible()
    assert screen.page.locator("#p1 .voltage").is_visible() and screen.text("#fuse") == ""
    show(reader, v=0, a=0)
    screen.open(CARDS)
    assert "phases" not in shown(screen)


def test_shown_phases_without_values_have_dashes_and_dynamic_ones_are_hidden(
    reader: FakeReader, screen: Screen
) -> None:
    reader.set(lt=1, l1=NO_PHASE, l2=NO_PHASE, l3=NO_PHASE)
    screen.open(CARDS)
    assert "phases" not in shown(screen)
    show(reader, v=1, a=1)
    screen.open(CARDS)
    assert screen.text("#p1 .amps") == screen.text("#p3 .volts") == "\u2014"
    assert screen.text("#phases-why").startswith("Phases come in a longer telegram")


def test_reactive_values_are_shown_on_demand(reader: FakeReader, screen: Screen) -> None:
    screen.open(CARDS)
    assert not screen.page.locator("#reactive").is_visible()
    show(reader, r=1)
    screen.open(CARDS)
    assert screen.text("#m-re") == "187" and screen.text("#m-rec") == "5\u202f120.90"
    reader.set(ri=None, re=None, ric=None, rec=None)
    screen.wait_text("#m-re", "\u2014")
    show(reader, r=2)
    screen.open(CARDS)
    assert not screen.page.locator("#reactive").is_visible()


def test_temperatures_are_shown_if_there_are_sensors(reader: FakeReader, screen: Screen) -> None:
    reader.documents["/temperature.json"] = {
        "c": 2,
        "s": [
            {"i": 0, "a": "28FF641E93160342", "n": "", "c": 1, "v": 21.4},
            {"i": 1, "a": "28FF0A4C9316031B", "n": "", "c": 1, "v": -127.0},
        ],
    }
    screen.open(CARDS)
    screen.wait_text("#warmth", "21.4\u00a0°C")
    assert screen.text("#warmth dl").split("\n") == [
        "0342", "21.4\u00a0°C", "031B", "\u2014\u00a0°C",
    ]  # fmt: skip
    show(reader, s=0)
    screen.open(READ)
    assert "warmth" not in shown(screen)
    assert reader.requests.count("/temperature.json") == 1


@pytest.mark.parametrize("scheme,width", [("light", 360), ("dark", 1280)])
def test_without_a_meter_one_card_tells_what_is_tried(
    browser: Browser, reader: FakeReader, screens: list[Screen], scheme: str, width: int
) -> None:
    silence(reader)
    screen = Screen(browser, reader, width, scheme)
    screens.append(screen)
    screen.open(CARDS)
    screen.wait_text("#silent-line", "Listening at 2400 8E1, nothing heard")
    assert screen.page.locator("#silent li").count() == 3
    assert shown(screen)[0] == "silent"
    assert not {"now", "hour", "sums", "live-card", "phases", "meter"} & set(shown(screen))
    assert screen.page.evaluate(DASHES) == 0
    link = screen.page.locator("#silent a")
    assert link.get_attribute("href") == "/device#inspector"
    assert screen.text("#notes") == ""
    assert fits(screen)
    PICTURES.mkdir(parents=True, exist_ok=True)
    screen.page.screenshot(path=PICTURES / f"now-silent-{width}.png", full_page=True)


def test_the_line_that_is_tried_is_read_again(reader: FakeReader, screen: Screen) -> None:
    screen.own_clock()
    reader.documents["/sysinfo.json"]["line"] = "searching"
    silence(reader, u=4, he=0)
    screen.open(CARDS)
    screen.wait_text("#silent-line", "Searching for the line settings, nothing heard")
    reader.documents["/sysinfo.json"]["line"] = "115200 8N1"
    screen.run(11000)
    screen.wait_text("#silent-line", "Listening at 115200 8N1, nothing heard")
    reader.set(s=None, he=-5)
    screen.wait_text("#silent-line", "Listening at 115200 8N1, nothing readable heard")
    reader.set(s=None, he=-52)
    screen.wait_text("#silent-line", "the key is missing or wrong")
    asked = reader.requests.count("/sysinfo.json")
    reader.set(i=700, he=0)
    screen.until("document.getElementById('silent').hidden")
    assert screen.text("#power") == "700"
    screen.run(25000)
    assert reader.requests.count("/sysinfo.json") <= asked + 1


def test_a_low_supply_voltage_is_a_sentence(reader: FakeReader, screen: Screen) -> None:
    reader.set(pw=2, ps=30)
    screen.open(CARDS)
    screen.wait_text("#notes", "The supply voltage is low: figures come every 30 s.")
    reader.set(pw=0, ps=5)
    screen.until("document.getElementById('notes').textContent === ''")


def test_an_upgrade_is_offered_and_its_progress_is_shown(
    reader: FakeReader, screen: Screen
) -> None:
    reader.set(up={"ph": "", "d": 0, "s": 0, "l": "v1.2.0"})
    screen.open(CARDS)
    assert screen.text("#upgrade-note") == "Version v1.2.0 is available"
    assert screen.page.locator("#upgrade-note a").get_attribute("href") == "/device#upgrade"
    reader.set(up={"ph": "receiving", "d": 400000, "s": 1600000, "l": ""})
    screen.wait_text("#upgrade-note", "New firmware is being installed: 25 %")
    reader.set(up=None)
    screen.until("document.getElementById('upgrade-note').hidden")
