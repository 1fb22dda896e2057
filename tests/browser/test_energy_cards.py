"""The cards This hour, Peaks and Cost. Expected figures are derived in comments."""

import json

import pytest

from tests.browser.energy import CHART, DASH, NOW, asked, heights, labels, legend
from tests.browser.fake_reader import FakeReader
from tests.browser.screen import Screen, expected_network, fits


def test_this_hour_shows_the_energy_left(reader: FakeReader, screen: Screen) -> None:
    screen.open(CHART)
    assert screen.text("#h-hour") == "This hour"
    assert screen.text("#hour-used") == "0.31"
    assert screen.text("#hour-expected") == "2.21"
    screen.wait_text("#hour-at", "Expected at 15:00")
    # 14:20:12 leaves 2388 s: 0.311 kWh + 5598 W * 2388 s / 3.6e6 = 4.024 kWh
    assert screen.text("#hour-limit") == "limit 4.02 kWh"
    assert screen.text("#hour-verdict") == (
        "OK: 5.60\u00a0kW for the rest of the hour keeps you in the step up to 5 kW."
    )
    assert screen.text("#hour-month") == "Month so far 4.6 kW"
    # The bar ends 8 % beyond the limit, at 4.346 kWh.
    used, expected, mark = (
        screen.page.locator(f"#hour-{part}").evaluate(f"e => parseFloat(e.style.{side})")
        for part, side in (("bar", "width"), ("soft", "width"), ("mark", "left"))
    )
    assert used == pytest.approx(7.2, abs=0.1)
    assert expected == pytest.approx(50.9, abs=0.1)
    assert mark == pytest.approx(92.6, abs=0.1)


def test_each_verdict_has_a_shape_a_word_and_a_sentence(
    reader: FakeReader, screen: Screen
) -> None:
    look = "e => { const s = getComputedStyle(e); return [s.transform, s.clipPath, s.width]; }"
    shape = screen.page.locator("#hour-verdict > i")
    screen.open(CHART)
    shapes = [shape.evaluate(look)]
    reader.set(ea={"ix": 5200, "ir": 1200})  # 0.311 + 1.2 * 2388 / 3600 = 1.107 kWh
    screen.wait_text("#hour-verdict", "Too much")
    assert screen.text("#hour-verdict") == (
        "Too much: stay below 1.20\u00a0kW for the rest of the hour to keep the step up to 5 kW."
    )
    assert screen.text("#hour-limit") == "limit 1.11 kWh"
    shapes.append(shape.evaluate(look))
    reader.set(ea={"ir": 0})
    screen.wait_text("#hour-verdict", "Passed: the month leaves the step up to 5 kW.")
    shapes.append(shape.evaluate(look))
    assert len({tuple(look) for look in shapes}) == 3
    # A screen reader announces only the word, when it changes.
    assert screen.page.locator("#hour-verdict [role=status]").inner_text() == "Passed"


def test_this_hour_has_no_verdict_above_the_highest_step(
    reader: FakeReader, screen: Screen
) -> None:
    reader.set(ea={"ir": None, "t": 65535, "x": 160.0})
    screen.open(CHART)
    assert screen.text("#hour-limit") == ""
    assert not screen.page.locator("#hour-verdict").is_visible()
    assert not screen.page.locator("#hour-mark").is_visible()
    screen.wait_text("#peaks-step", "above the highest step")
    reader.set(ea={"t": 5, "x": 4.6})
    screen.wait_text("#hour-verdict", "Free: this time does not count for the tariff.")


def test_a_quarter_hour_tariff_shows_this_quarter(reader: FakeReader, screen: Screen) -> None:
    reader.set(ea={"iv": 15, "iu": 0.12, "ix": 1600, "ir": None, "k": 1, "t": 65535})
    screen.open(CHART)
    assert screen.text("#h-hour") == "This quarter"
    screen.wait_text("#hour-at", "Expected at 14:30")
    assert screen.text("#hour-expected") == "0.40"  # 1600 W for a quarter of an hour
    assert screen.text("#hour-why") == "Expected mean 1.60\u00a0kW."


def test_without_a_capacity_tariff_there_are_no_peaks(reader: FakeReader, screen: Screen) -> None:
    reader.set(ea={"k": 0, "ir": None, "x": 0.0, "t": 65535})
    screen.open(CHART)
    assert screen.text("#hour-used") == "0.31"
    assert screen.text("#hour-expected") == "2.21"
    assert screen.text("#hour-month") == ""
    assert not screen.page.locator("#hour-verdict").is_visible()
    assert not screen.page.locator("#peaks").is_visible()
    screen.page.wait_for_timeout(1200)
    assert asked(reader, "/tariff.json") == 0


def test_unknown_sums_are_dashes(reader: FakeReader, screen: Screen) -> None:
    reader.set(ea=None)
    screen.open(CHART)
    assert screen.text("#hour-used") == DASH
    assert (
        screen.text("#hour-why") == "Sums begin with the meter's next register, within the hour."
    )
    assert not screen.page.locator("#peaks").is_visible()
    assert not screen.page.locator("#cost").is_visible()
    assert labels(screen)[14] == "14:00\u201315:00: so far"  # no figure, and no bar
    assert 14 not in heights(screen, "in")
    assert "so far" not in legend(screen)


def test_without_sums_and_a_clock_the_page_explains_when_they_begin(
    reader: FakeReader, screen: Screen
) -> None:
    reader.set(c=0)
    reader.forget("ea")
    screen.open()
    assert screen.text("#hour-why").startswith("Sums begin when the reader knows the time")
    assert screen.text("#energy-note").startswith("History begins when the reader knows the time")
    assert not screen.page.locator("#energy-data").is_visible()
    screen.page.wait_for_timeout(1200)
    assert asked(reader, "/history.json") == 0
    reader.set(c=NOW)
    screen.wait_text("#readout", "so far")


def test_peaks_are_shown_highest_first(reader: FakeReader, screen: Screen) -> None:
    reader.set(ea={"cur": "NOK", "cc": 290.0})
    screen.open(CHART)
    screen.wait_text("#peaks-list", "kW")
    assert screen.text("#peaks-value") == "4.6"
    assert screen.text("#peaks-step") == "step up to 5 kW"
    assert screen.text("#peaks-cost") == "costs 290.00 NOK"
    items = [" ".join(text.split()) for text in screen.page.locator("#peaks li").all_inner_texts()]
    assert items == [
        "Mon 9 March, 08:00 4.88 kW",
        "Mon 2 March, 17:00 4.71 kW",
        "Thu 5 March, 18:00 4.21 kW",
    ]
    widths = [
        bar.evaluate("e => parseFloat(e.style.width)")
        for bar in screen.page.locator("#peaks .bar i").all()
    ]
    assert widths == [97.6, 94.2, 84.2]  # of the step's 5 kW
    assert screen.text("#peaks-why") == "The next step goes up to 10 kW."


def test_the_number_of_missing_peaks_is_shown(reader: FakeReader, screen: Screen) -> None:
    nothing = {"d": 0, "h": 0, "v": 0.00}
    steps = [5, 10, 15, 20, 25, 50, 75, 100, 150, 65535]
    body = {"t": steps, "p": [nothing] * 3, "c": 5, "m": 0.0}
    reader.canned["/tariff.json"] = (200, json.dumps(body).encode())
    reader.set(ea={"x": 0.0})
    screen.open(CHART)
    screen.wait_text("#peaks-why", "No measured hour yet this month.")
    assert screen.page.locator("#peaks li").count() == 0
    body["p"] = [{"d": 12, "h": 13, "v": 1.5}, nothing, nothing]
    reader.canned["/tariff.json"] = (200, json.dumps(body).encode())
    reader.set(ea={"x": 1.5})
    screen.wait_text("#peaks-why", "2 more peaks will count this month.")
    assert screen.page.locator("#peaks li").count() == 1


def test_a_failed_read_of_peaks_is_repeated(reader: FakeReader, screen: Screen) -> None:
    screen.own_clock()
    reader.canned["/tariff.json"] = (503, b"")
    screen.open(CHART)
    screen.run(1500)
    screen.wait_text("#peaks-why", "The peaks could not be read: retrying in 10 s.")
    del reader.canned["/tariff.json"]
    screen.run(12000)
    screen.wait_text("#peaks-list", "4.88 kW")
    assert screen.text("#peaks-why") == "The next step goes up to 10 kW."
    expected_network(screen)


def test_cost_is_shown_with_prices(reader: FakeReader, screen: Screen) -> None:
    screen.open(CHART)
    assert not screen.page.locator("#cost").is_visible()
    assert "NOK" not in screen.text("body")
    reader.set(ea={"cur": "NOK", "u": [0.3, 14.05, 316.8, 0, 839.3], "p": [0, 1, 2, 0, 4]})
    screen.wait_text("#cost-1", "NOK")
    assert screen.text("#cost-1").split("\n") == [
        "Today", "11.94 NOK", "14.1 kWh", "export earned 1.66"
    ]  # fmt: skip
    assert screen.text("#cost-4").split("\n")[1] == "1\u202f184.55 NOK"
    # Yesterday has neither import nor export: unknown, so no text.
    assert screen.text("#cost-3 .v") == DASH
    assert screen.text("#price-now") == ""
    reader.set(ea={"c": [0, 0, 133.2, 40.87, 1184.55]})  # no price was known today
    screen.until("document.querySelector('#cost-1 .v').textContent === '\u2014'")
    assert "14.1 kWh" in screen.text("#cost-1")
    reader.set(ea={"pn": -0.1234})
    screen.wait_text("#price-now", "now \u22120.12 NOK per kWh")
    assert fits(screen)
