"""The card Cost: costs with the energy they are for, a missing rate, the last month's invoice."""

from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.energy import DASH
from tests.browser.fake_reader import FakeReader
from tests.browser.screen import PICTURES, WEAK, Screen, expected_network, fits

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
    """The lines of a sum: 0 hour, 1 day, 2 month, 3 yesterday, 4 last month."""
    return screen.text(f"#cost-{n}").split("\n")


def invoice(screen: Screen) -> list[str]:
    shown = screen.page.locator("#invoice dl div").all()
    return [" ".join(line.inner_text().split("\n")) for line in shown if line.is_visible()]


def test_all_energy_with_a_price(reader: FakeReader, screen: Screen) -> None:
    screen.open()
    assert not screen.page.locator("#cost").is_visible()
    assert "NOK" not in screen.text("body")
    reader.set(ea=SUMS, co=WHOLE)
    screen.wait_text("#cost-1", "NOK")
    assert lines(screen, 0) == ["This hour", "0.41 NOK", "0.3 kWh"]
    assert lines(screen, 1) == ["Today", "11.94 NOK", "14.1 kWh", "export earned 1.66"]
    assert lines(screen, 2)[2:] == [
        "316.8 kWh", "export earned 20.61", "182.20 with the monthly fee of 49.00"
    ]  # fmt: skip
    assert lines(screen, 4)[1] == "1\u202f184.55 NOK"
    # Yesterday has neither import nor export: unknown, so no text.
    assert screen.text("#cost-3 .v") == DASH and lines(screen, 3) == ["Yesterday", DASH]
    assert "priced" not in screen.text("#cost")
    assert screen.text("#price-now") == "" and not screen.page.locator("#cost-note").is_visible()
    reader.set(ea={"pn": -0.1234})
    screen.wait_text("#price-now", "now \u22120.12 NOK per kWh")
    assert fits(screen)


def test_a_part_of_the_energy_with_a_price(reader: FakeReader, screen: Screen) -> None:
    part = {**WHOLE, "up": [0.3, 14.05, 40.0, 0.0, 799.9], "pp": [0.0, 0.5, 2.0, 0.0, 4.0]}
    reader.set(ea=SUMS, co=part)
    screen.open()
    assert lines(screen, 2)[1:3] == ["133.20 NOK", "40.0 of 316.8 kWh priced"]
    assert lines(screen, 1)[2:] == ["14.1 kWh", "export earned 1.66, 0.5 of 1.0 kWh priced"]
    assert invoice(screen)[0] == "Energy, 799.9 of 839.3 kWh priced 1\u202f184.55"


def test_energy_without_any_price_has_no_cost(reader: FakeReader, screen: Screen) -> None:
    none = {"c": [None, None, 133.2, 0, None], "g": [None, None, 20.61, 0, None]}
    unknown = {**INVOICE, "c": None, "g": None, "sum": None, "cc": None, "fee": 0.0}
    reader.set(
        ea={**SUMS, **none},
        co={**WHOLE, "up": [0.0, 0.0, 316.8, 0, 0], "pp": [0.0] * 5, "cf": [133.2, None],
            "lm": unknown},
    )  # fmt: skip
    screen.open()
    assert lines(screen, 1) == [
        "Today", DASH, "0.0 of 14.1 kWh priced", "1.0 kWh exported, no price"
    ]  # fmt: skip
    assert invoice(screen) == [f"Energy, 0.0 of 839.3 kWh priced {DASH}", f"Sum {DASH}"]


def test_a_price_of_zero_is_shown_as_a_cost(reader: FakeReader, screen: Screen) -> None:
    reader.set(ea={**SUMS, "c": [0.0, 0.0, 133.2, 0.0, 1184.55]}, co=WHOLE)
    screen.open()
    assert lines(screen, 1)[:3] == ["Today", "0.00 NOK", "14.1 kWh"]


def test_a_negative_cost(reader: FakeReader, screen: Screen) -> None:
    reader.set(ea={**SUMS, "c": [-0.41, -11.94, 133.2, 0.0, 1184.55]}, co=WHOLE)
    screen.open()
    assert lines(screen, 1)[1] == "\u221211.94 NOK"


def test_a_missing_rate_is_a_sentence(reader: FakeReader, screen: Screen) -> None:
    reader.set(ea={**SUMS, "cur": "SEK"}, co={**WHOLE, "nr": "no EUR to SEK rate"})
    screen.open()
    assert screen.text("#cost-note") == (
        "There is no exchange rate from EUR to SEK: prices are unknown until it comes."
    )
    reader.set(co={"nr": None})
    screen.until("document.getElementById('cost-note').hidden")


def test_the_last_month_can_be_held_against_the_invoice(
    reader: FakeReader, screen: Screen
) -> None:
    reader.set(ea=SUMS, co=WHOLE)
    screen.open()
    assert screen.text("#invoice-title") == "For the invoice: February 2026"
    assert invoice(screen) == [
        "Energy, 839.3 kWh 1\u202f184.55",
        "Export, 4.0 kWh \u221214.02",
        "Capacity, 4.63 kW 290.00",
        "Monthly fee 49.00",
        "Sum 1\u202f509.53 NOK",  # 1184.55 - 14.02 + 290.00 + 49.00
    ]
    plain = {"cc": None, "fee": 0.0, "p": 0.0, "g": 0.0, "sum": 1184.55}
    reader.set(co={**WHOLE, "lm": {**INVOICE, **plain}, "cf": [133.2, 1184.55]})
    screen.until("document.getElementById('invoice-fee').hidden")
    assert invoice(screen) == ["Energy, 839.3 kWh 1\u202f184.55", "Sum 1\u202f184.55 NOK"]
    assert "fee" not in screen.text("#cost-2")
    reader.set(co={**WHOLE, "lm": {**INVOICE, "u": 0.0, "p": 0.0}})
    screen.until("document.getElementById('invoice').hidden")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_card_fits_and_is_legible(
    browser: Browser, reader: FakeReader, screens: list[Screen], width: int, scheme: str
) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    part = {**WHOLE, "up": [0.3, 14.05, 40.0, 0.0, 839.3], "pp": [0.0, 0.5, 2.0, 0.0, 4.0]}
    reader.set(ea={**SUMS, "pn": 1.0712}, co={**part, "nr": "no EUR to NOK rate"})
    screen = Screen(browser, reader, width, scheme)
    screens.append(screen)
    screen.open()
    assert fits(screen)
    _, weak = screen.page.evaluate(WEAK)
    assert weak == []
    path = PICTURES / f"cost-{scheme}-{width}.png"
    screen.page.locator("#cost").screenshot(path=path)
    expected_network(screen)
