"""The card Energy and cost: what had a price, a missing rate, the last month's invoice."""

from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.energy import DASH
from tests.browser.fake_reader import FakeReader
from tests.browser.now import CARDS
from tests.browser.screen import PICTURES, WEAK, Screen, fits

INVOICE: dict[str, Any] = {
    "m": "2026-02", "u": 839.3, "p": 4.0, "c": 1184.55, "g": 14.02, "x": 4.63, "cc": 290.0,
    "fee": 49.0, "sum": 1509.53,
}  # fmt: skip
# All of the energy had a price.
WHOLE: dict[str, Any] = {
    "up": [0.3, 14.05, 316.8, 0.0, 839.3], "pp": [0.0, 1.0, 2.0, 0.0, 4.0],
    "cf": [182.2, 1233.55], "nr": None, "sc": "EUR", "lm": INVOICE,
}  # fmt: skip
SUMS: dict[str, Any] = {
    "cur": "NOK", "u": [0.3, 14.05, 316.8, 0, 839.3], "p": [0, 1, 2, 0, 4],
    "c": [0.41, 11.94, 133.2, 0.0, 1184.55], "g": [0.0, 1.66, 20.61, 0.0, 14.02],
}  # fmt: skip


def lines(screen: Screen, n: int) -> list[str]:
    """The parts of a row: name, kWh, money, then sentences. 0 hour, 1 day, 2 month, 3 yesterday,
    4 last month."""
    parts = screen.page.locator(f"#sum-{n} > *").all()
    texts = [part.inner_text().replace("\u00a0", " ") for part in parts if part.is_visible()]
    return [line for text in texts for line in text.split("\n")]


def invoice(screen: Screen) -> list[str]:
    shown = screen.page.locator("#invoice dl div").all()
    texts = [" ".join(line.inner_text().split("\n")) for line in shown if line.is_visible()]
    return [text.replace("\u00a0", " ") for text in texts]


def unfold(screen: Screen) -> None:
    screen.page.locator("#earlier-sums summary").click()


def test_all_energy_with_a_price(reader: FakeReader, screen: Screen) -> None:
    screen.open(CARDS)
    assert lines(screen, 0)[:2] == ["This hour", "0.31 kWh"]
    assert "kr" not in screen.text("#sums")
    reader.set(ea=SUMS, co=WHOLE)
    screen.wait_text("#sum-1", "kr")
    assert lines(screen, 0) == ["This hour", "0.30 kWh", "0.41 kr"]
    assert lines(screen, 1) == [
        "Today", "14.05 kWh", "11.94 kr", "export 1.0 kWh, earned 1.66 kr"
    ]  # fmt: skip
    assert lines(screen, 2) == [
        "This month", "316.8 kWh", "133.20 kr", "export 2.0 kWh, earned 20.61 kr",
        "182.20 kr with the monthly fee of 49.00 kr",
    ]  # fmt: skip
    unfold(screen)
    assert lines(screen, 4)[2] == "1\u202f184.55 kr"
    # Yesterday has neither import nor export: unknown, so no row.
    assert not screen.page.locator("#sum-3").is_visible()
    assert "priced" not in screen.text("#sums")
    assert not screen.page.locator("#sums-note").is_visible()
    assert fits(screen)


def test_a_part_of_the_energy_with_a_price(reader: FakeReader, screen: Screen) -> None:
    part = {**WHOLE, "up": [0.3, 14.05, 40.0, 0.0, 799.9], "pp": [0.0, 0.5, 2.0, 0.0, 4.0]}
    reader.set(ea=SUMS, co=part)
    screen.open(CARDS)
    assert lines(screen, 2)[2:4] == ["133.20 kr", "40.0 of 316.8 kWh priced"]
    assert lines(screen, 1)[3:] == ["export 1.0 kWh, earned 1.66 kr, 0.5 of 1.0 kWh priced"]
    unfold(screen)
    assert invoice(screen)[0] == "Import, 799.9 of 839.3 kWh priced 1\u202f184.55"


def test_energy_without_any_price_has_no_cost(reader: FakeReader, screen: Screen) -> None:
    none = {"c": [None, None, 133.2, 0, None], "g": [None, None, 20.61, 0, None]}
    unknown = {**INVOICE, "c": None, "g": None, "sum": None, "cc": None, "fee": 0.0}
    reader.set(
        ea={**SUMS, **none},
        co={**WHOLE, "up": [0.0, 0.0, 316.8, 0, 0], "pp": [0.0] * 5, "cf": [133.2, None],
            "lm": unknown},
    )  # fmt: skip
    screen.open(CARDS)
    assert lines(screen, 1) == [
        "Today", "14.05 kWh", DASH, "0.0 of 14.1 kWh priced", "export 1.0 kWh"
    ]  # fmt: skip
    unfold(screen)
    assert invoice(screen) == [f"Import, 0.0 of 839.3 kWh priced {DASH}", f"Sum {DASH}"]


@pytest.mark.parametrize(
    ("cost", "text"), [(0.0, "0.00 kr"), (-0.004, "0.00 kr"), (-11.94, "\u221211.94 kr")]
)
def test_a_cost_of_zero_and_a_negative_one(
    reader: FakeReader, screen: Screen, cost: float, text: str
) -> None:
    reader.set(ea={**SUMS, "c": [0.0, cost, 133.2, 0.0, 1184.55]}, co=WHOLE)
    screen.open(CARDS)
    assert lines(screen, 1)[2] == text


def test_a_missing_rate_is_a_sentence(reader: FakeReader, screen: Screen) -> None:
    missing = {"c": [None] * 5, "cur": "SEK"}
    reader.set(ea={**SUMS, **missing}, co={**WHOLE, "nr": "no EUR to SEK rate"})
    screen.open(CARDS)
    assert screen.text("#sums-note") == (
        "There is no exchange rate from EUR to SEK: prices are unknown until it comes."
    )
    assert lines(screen, 1)[:3] == ["Today", "14.05 kWh", DASH]
    reader.set(co={"nr": None})
    screen.until("document.getElementById('sums-note').hidden")


def test_the_last_month_can_be_held_against_the_invoice(
    reader: FakeReader, screen: Screen
) -> None:
    reader.set(ea=SUMS, co=WHOLE)
    screen.open(CARDS)
    assert screen.text("#earlier-sums summary") == "Yesterday, Last month"
    unfold(screen)
    assert screen.text("#invoice-title") == "For the invoice: February 2026"
    assert invoice(screen) == [
        "Import, 839.3 kWh 1\u202f184.55",
        "Export, 4.0 kWh \u221214.02",
        "Capacity, 4.63 kW 290.00",
        "Monthly fee 49.00",
        "Sum 1\u202f509.53 kr",  # 1184.55 - 14.02 + 290.00 + 49.00
    ]
    plain = {"cc": None, "fee": 0.0, "p": 0.0, "g": 0.0, "sum": 1184.55}
    reader.set(co={**WHOLE, "lm": {**INVOICE, **plain}, "cf": [133.2, 1184.55]})
    screen.until("document.getElementById('invoice-fee').hidden")
    assert invoice(screen) == ["Import, 839.3 kWh 1\u202f184.55", "Sum 1\u202f184.55 kr"]
    assert "fee" not in screen.text("#sum-2")
    reader.set(co={**WHOLE, "lm": {**INVOICE, "u": 0.0, "p": 0.0}})
    screen.until("document.getElementById('invoice').hidden")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_card_fits_and_is_legible(
    browser: Browser, reader: FakeReader, screens: list[Screen], width: int, scheme: str
) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    part = {**WHOLE, "up": [0.3, 14.05, 40.0, 0.0, 839.3], "pp": [0.0, 0.5, 2.0, 0.0, 4.0]}
    reader.set(ea=SUMS, co={**part, "nr": "no EUR to NOK rate"})
    screen = Screen(browser, reader, width, scheme)
    screens.append(screen)
    screen.open(CARDS)
    screen.page.locator("#earlier-sums summary").click()
    assert fits(screen)
    _, weak = screen.page.evaluate(WEAK)
    assert weak == []
    path = PICTURES / f"now-sums-{scheme}-{width}.png"
    screen.page.locator("#sums").screenshot(path=path)
