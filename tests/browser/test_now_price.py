"""The price in the first card, and the chart of prices from now on."""

from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.energy import wait_asked
from tests.browser.fake_reader import FakeReader
from tests.browser.now import (
    CARDS,
    FIRST,
    NBSP,
    QUARTER,
    READ,
    RUNNING,
    prices,
    sell,
    show,
    shown,
)
from tests.browser.screen import PICTURES, WEAK, Screen, fits

DRAWN = (
    "!document.getElementById('prices').hidden && "
    "document.querySelector('#prices .now').getAttribute('d')"
)
CHART = "#prices svg"


def readout(screen: Screen) -> str:
    return screen.text("#prices .readout").replace(NBSP, " ")


def path(screen: Screen, look: str) -> str:
    return screen.page.locator(f"#prices .column.{look}").get_attribute("d") or ""


@pytest.mark.parametrize(
    ("here", "later", "words"),
    [
        (0.091, 0.05, ["9.1 øre", "per kWh, falling"]),
        (0.091, 0.20, ["9.1 øre", "per kWh, rising"]),
        (1.42, 1.42, ["1.42 kr", "per kWh, steady"]),
        (-0.12, -0.5, ["\u221212.0 øre", "per kWh, falling"]),
        (0.0, 0.3, ["0.0 øre", "per kWh, rising"]),
        (0.996, 1.0, ["1.00 kr", "per kWh, steady"]),
    ],
)
def test_the_price_is_in_the_first_card_with_its_words(
    reader: FakeReader, screen: Screen, here: float, later: float, words: list[str]
) -> None:
    sell(reader, prices({RUNNING: here}, usual=later))
    screen.open(DRAWN)
    screen.wait_text("#price-words", ",")
    texts = [screen.text(f"#price-{part}").replace(NBSP, " ") for part in ("now", "words")]
    assert texts == words


def test_another_currency_has_its_own_units(reader: FakeReader, screen: Screen) -> None:
    sell(reader, {**prices(usual=0.0842), "currency": "EUR"})
    screen.open(DRAWN)
    assert screen.text("#price-now") == f"8.4{NBSP}ct"
    sell(reader, {**prices(usual=12.5), "currency": "CZK"})
    screen.wait_text("#price-now", f"12.50{NBSP}CZK")


def test_without_prices_neither_the_price_nor_the_chart_is_there(
    reader: FakeReader, screen: Screen
) -> None:
    screen.open(CARDS)
    assert not screen.page.locator("#price").is_visible()
    assert "prices" not in shown(screen)
    assert "/importprice.json" not in reader.requests
    show(reader, p=1)
    reader.set(ea={"cur": "SEK"}, co={**NO_RATE})
    screen.open(CARDS)
    screen.wait_text("#prices .why", "no exchange rate from EUR to SEK")
    reader.set(co=None)
    screen.wait_text("#prices .why", "No data yet.")
    assert not screen.page.locator(CHART).is_visible()


NO_RATE: dict[str, Any] = {
    "up": [0.0] * 5, "pp": [0.0] * 5, "cf": [None, None], "nr": "no EUR to SEK rate", "sc": "EUR",
    "lm": {"m": "2026-02", "u": 0, "p": 0, "c": None, "g": None, "x": None, "cc": None,
           "fee": 0.0, "sum": None},
}  # fmt: skip


def test_the_chart_begins_now_and_marks_the_cheapest_three_hours(
    reader: FakeReader, screen: Screen
) -> None:
    cheap = {96 + n: 0.4 for n in range(8, 20)}  # tomorrow 02:00 to 05:00
    sell(reader, prices({**cheap, RUNNING: 1.2, 10: 0.01, 73: 1.42}))
    screen.open(DRAWN)
    assert path(screen, "now").count("M") == 1
    assert path(screen, "future").count("M") == 192 - RUNNING - 1
    assert readout(screen) == "14:15 1.20 kr"
    assert screen.text("#cheap") == "cheapest 3 h: Fri 02:00\u201305:00"
    box, band = (
        screen.page.locator(f"#prices svg {part}").bounding_box() or {}
        for part in (".future", ".cheap-band")
    )
    width = box["width"] / (192 - RUNNING - 1)
    # The 12 quarters begin 47 quarters after 14:15.
    assert band["width"] == pytest.approx(12 * width, rel=0.03)
    assert band["x"] == pytest.approx(box["x"] + 46 * width, abs=2 * width)


def test_a_column_is_read_by_arrow_keys_mouse_and_touch(
    reader: FakeReader, screen: Screen
) -> None:
    sell(reader, prices({73: 1.42, 80: 0.2, 96 + 40: 2.5, 96 + 41: 0.1}))  # 18:15, 20:00
    screen.open(DRAWN)
    chart = screen.page.locator(CHART)
    chart.focus()
    for _ in range(73 - RUNNING):
        chart.press("ArrowRight")
    assert readout(screen) == "18:15 1.42 kr, dearest today"
    assert chart.get_attribute("role") == "slider"
    assert (
        chart.get_attribute("aria-valuetext")
        == screen.page.locator("#prices .readout").text_content()
    )
    assert chart.get_attribute("aria-valuenow") == str(73 - RUNNING)
    for _ in range(7):
        chart.press("ArrowRight")
    assert readout(screen) == "20:00 20.0 øre, cheapest today"
    chart.press("End")
    assert readout(screen) == "Fri 23:45 1.00 kr"
    for _ in range(5):
        chart.press("PageUp")
        chart.press("PageDown")
    chart.press("Home")
    assert readout(screen) == "14:15 1.00 kr"
    chart.press("Escape")
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    assert box
    screen.page.mouse.move(box["x"] + box["width"] - 3, box["y"] + 40)
    assert readout(screen).startswith("Fri 23:45")
    screen.page.mouse.move(box["x"], box["y"] - 60)
    screen.page.locator("#h-prices").click()
    assert readout(screen) == "14:15 1.00 kr"
    column = (box["width"] - 42) / (192 - RUNNING)
    x = box["x"] + 40 + (96 + 40 - RUNNING + 0.5) * column
    chart.dispatch_event(
        "pointerdown",
        {"pointerType": "touch", "clientX": x, "clientY": box["y"] + 9, "bubbles": True},
    )
    assert readout(screen) == "Fri 10:00 2.50 kr, dearest that day"


def test_negative_prices_are_below_the_axis(reader: FakeReader, screen: Screen) -> None:
    sell(reader, prices(dict.fromkeys(range(RUNNING, RUNNING + 20), -0.3), usual=0.6))
    screen.open(DRAWN)
    zero = (screen.page.locator("#prices .zero").bounding_box() or {})["y"]
    # A column goes from the axis: v < 0 is up.
    heights = [
        float(part.split("h")[0].split("v")[1]) for part in path(screen, "future").split("M")[1:]
    ]
    assert all(height > 0 for height in heights[:19]) and all(h < 0 for h in heights[19:])
    box = screen.page.locator("#prices .column.now").bounding_box()
    assert box and box["y"] >= zero - 1
    assert readout(screen) == "14:15 \u221230.0 øre"  # twenty quarters cost the same


def test_a_price_of_export_is_in_the_read_out(reader: FakeReader, screen: Screen) -> None:
    different = {**prices({RUNNING + 1: 1.5}), "importExportPriceDifferent": True}
    reader.documents["/exportprice.json"] = {**prices(usual=0.31), "direction": "export"}
    sell(reader, different)
    screen.open(DRAWN)
    screen.wait_text("#prices .readout", "export 31.0")
    screen.page.locator(CHART).press("ArrowRight")
    assert readout(screen) == "14:30 1.50 kr, dearest today, export 31.0 øre"


def test_unknown_quarters_have_no_column_and_a_dash(reader: FakeReader, screen: Screen) -> None:
    known = prices({73: 1.42}, days=1)
    known["prices"][RUNNING + 2] = None
    sell(reader, known)
    screen.open(DRAWN)
    assert path(screen, "future").count("M") == 96 - RUNNING - 2
    chart = screen.page.locator(CHART)
    chart.press("ArrowRight")
    chart.press("ArrowRight")
    assert readout(screen) == "14:45 \u2014"


def test_a_fixed_price_has_no_cheapest_hours(reader: FakeReader, screen: Screen) -> None:
    sell(reader, {**prices(usual=1.5), "source": "FIX"})
    screen.open(DRAWN)
    assert screen.text("#prices-source") == "fixed price"
    assert not screen.page.locator("#cheap").is_visible()
    assert readout(screen) == "14:15 1.50 kr"


def test_the_quarters_move_on_and_prices_are_read_again(
    reader: FakeReader, screen: Screen
) -> None:
    screen.own_clock()
    sell(reader, prices({RUNNING + 1: 1.3}))
    screen.open(DRAWN)
    screen.settle()
    asked = reader.requests.count("/importprice.json")
    screen.run(5000)
    assert reader.requests.count("/importprice.json") == asked == 1
    reader.documents["/importprice.json"]["cursor"] = RUNNING + 1
    reader.set(c=FIRST + (RUNNING + 1) * QUARTER + 2, ea={"pn": 1.3})
    screen.wait_text("#prices .readout", "14:30 1.30")
    wait_asked(reader, screen, "/importprice.json", 2)
    screen.settle()
    assert reader.requests.count("/importprice.json") == 2


@pytest.mark.parametrize(
    "body", [b"", b"{}", b'{"cursor":"a","prices":[]}', b'{"cursor":3,"prices":["<b>"]}']
)
def test_a_wrong_document_of_prices_is_not_drawn(
    reader: FakeReader, screen: Screen, body: bytes
) -> None:
    reader.documents["/importprice.json"] = body
    reader.set(ea={"cur": "NOK", "pn": 1.0})
    screen.open(CARDS)
    screen.until("document.getElementById('price-now').textContent.startsWith('1.00')")
    screen.settle()
    assert "prices" not in shown(screen)


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (768, "light"), (1280, "dark")])
def test_the_card_of_prices_fits_and_is_legible(
    browser: Browser, reader: FakeReader, screens: list[Screen], width: int, scheme: str
) -> None:
    sell(reader, prices({n: round((n - 110) ** 2 / 2500 - 0.2, 3) for n in range(192)}))
    screen = Screen(browser, reader, width, scheme)
    screens.append(screen)
    screen.open(DRAWN)
    screen.until(READ)
    assert fits(screen) and screen.page.evaluate(WEAK)[1] == []
    sizes = screen.page.evaluate(
        "[...document.querySelectorAll('#prices text')]"
        ".map(e => parseFloat(getComputedStyle(e).fontSize))"
    )
    assert min(sizes) >= 11 and len(sizes) > 6
    PICTURES.mkdir(parents=True, exist_ok=True)
    screen.page.screenshot(path=PICTURES / f"now-prices-{width}.png", full_page=True)
