"""The cards This hour and Peaks. Expected figures are derived in comments."""

import json

import pytest

from tests.browser.energy import DASH, NOW, asked
from tests.browser.fake_reader import FakeReader
from tests.browser.now import CARDS, shown
from tests.browser.screen import Screen, expected_network, fits


def test_this_hour_shows_the_energy_left(reader: FakeReader, screen: Screen) -> None:
    screen.open(CARDS)
    assert screen.text("#h-hour") == "This hour"
    assert screen.text("#hour-used") == "0.31"
    assert screen.text("#hour-expected") == "2.21"
    screen.wait_text("#hour-at", "Expected at 15:00")
    # 14:20:12 leaves 2388 s: 0.311 kWh + 5598 W * 2388 s / 3.6e6 = 4.024 kWh
    assert screen.text("#hour-limit") == "limit 4.02 kWh"
    assert screen.text("#hour-verdict") == (
        "OK: 5.60\u00a0kW for the rest keeps the step up to 5 kW."
    )
    assert screen.text("#hour-month") == "Month so far 4.6 kW."
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
    screen.open(CARDS)
    shapes = [shape.evaluate(look)]
    reader.set(ea={"ix": 5200, "ir": 1200, "li": 1.107})  # 0.311 + 1.2 * 2388 / 3600 = 1.107 kWh
    screen.wait_text("#hour-verdict", "Too much")
    assert screen.text("#hour-verdict") == (
        "Too much: stay below 1.20\u00a0kW for the rest to keep the step up to 5 kW."
    )
    assert screen.text("#hour-limit") == "limit 1.11 kWh"
    shapes.append(shape.evaluate(look))
    reader.set(ea={"ir": 0})
    screen.wait_text("#hour-verdict", "Passed: the month goes above the step up to 5 kW.")
    shapes.append(shape.evaluate(look))
    assert len({tuple(look) for look in shapes}) == 3
    # A screen reader announces only the word, when it changes.
    assert screen.page.locator("#hour-verdict [role=status]").inner_text() == "Passed"


def test_this_hour_above_the_highest_step_changes_nothing(
    reader: FakeReader, screen: Screen
) -> None:
    reader.set(ea={"ir": None, "li": None, "nx": None, "t": 65535, "x": 160.0, "mv": 160.0})
    screen.open(CARDS)
    assert screen.text("#hour-limit") == ""
    screen.wait_text(
        "#hour-verdict", "Above: the month is above the highest step; more changes nothing."
    )
    assert not screen.page.locator("#hour-mark").is_visible()
    assert screen.text("#peaks-step") == ""
    reader.set(ea={"t": 5, "x": 4.6, "mv": 4.6, "w": 0})
    screen.wait_text("#hour-verdict", "Free: this time does not count.")


def shares(screen: Screen) -> list[float]:
    """Percent of the card's bar: used, expected, limit."""
    return [
        round(screen.page.locator(f"#hour-{part}").evaluate(f"e => parseFloat(e.style.{side})"), 1)
        for part, side in (("bar", "width"), ("soft", "width"), ("mark", "left"))
    ]


def test_what_the_fuse_does_not_allow_is_no_advice(reader: FakeReader, screen: Screen) -> None:
    reader.set(ea={"ir": 17320, "hf": True, "li": 12.4})
    screen.open(CARDS)
    assert screen.text("#hour-verdict") == (
        "OK: nothing you can switch on now changes the step up to 5 kW."
    )


def test_belgium_shows_the_quarter_against_the_floor_and_the_months_peak(
    reader: FakeReader, screen: Screen
) -> None:
    belgian = {"iv": 15, "iu": 0.12, "ix": 1600, "k": 1, "t": 65535, "nx": None, "cur": "EUR"}
    # 14:20:12 leaves 588 s: 0.625 kWh - 0.12 kWh in 588 s are 3.09 kW
    floor = {"x": 3.1, "mv": 2.5, "fl": True, "li": 0.625, "ir": 3092, "xr": 3.1, "np": 3.37}
    reader.set(ea={**belgian, **floor})
    screen.open(CARDS)
    assert screen.text("#h-hour") == "This quarter"
    screen.wait_text("#hour-at", "Expected mean at 14:30")
    assert (screen.text("#hour-expected"), screen.text("#hour-expected-unit")) == ("1.60", "kW")
    assert screen.text("#hour-limit") == "limit 2.5 kW"
    assert screen.text("#hour-verdict") == (
        "OK: 3.09\u00a0kW for the rest keeps the month's 2.5 kW."
    )
    assert screen.text("#hour-month") == (
        "The month counts as 2.5 kW, the tariff's minimum. Mean of the last months 3.1 kW."
    )
    # The bar ends 8 % beyond the limit, at 0.675 kWh.
    assert shares(screen) == [17.8, 59.3, 92.6]
    screen.wait_text("#peaks-why", "A kW costs 3.37\u00a0€ a month.")
    reader.set(
        ea={"mv": 4.0, "fl": False, "li": 1.0, "ix": 4400, "ir": 5388, "xr": 3.2, "cr": 10.78}
    )
    screen.wait_text("#hour-verdict", "Too much")
    assert screen.text("#hour-verdict") == (
        "Too much: stay below 5.39\u00a0kW for the rest to keep the month's 4.0 kW."
    )
    assert screen.text("#hour-month") == (
        "Month so far 4.0 kW. Mean of the last months 3.1 kW. "
        "At this rate the month becomes 3.2 kW, 10.78\u00a0€."
    )
    assert shares(screen) == [10.9, 100, 90.9]  # expected 1.1 kWh, beyond the limit
    reader.set(ea={"ir": 0})
    screen.wait_text("#hour-verdict", "Passed: the month goes above the month's 4.0 kW.")


def test_sweden_shows_when_an_hour_counts_and_how_much(reader: FakeReader, screen: Screen) -> None:
    swedish = {"t": 65535, "nx": None}
    reader.set(ea={**swedish, "w": 500, "wt": NOW + 27588})  # 22:00
    screen.open(CARDS)
    assert screen.text("#hour-verdict") == (
        "OK: 5.60\u00a0kW for the rest keeps the month's 4.6 kW."
    )
    screen.wait_text("#hour-month", "Counts half until 22:00. Month so far 4.6 kW.")
    reader.set(ea={"w": 1000})
    screen.wait_text("#hour-month", "Counts now until 22:00. Month so far 4.6 kW.")
    # From Thursday 14:20:12 to Monday 07:00 are three days, 16 h 39 min 48 s.
    reader.set(ea={"w": 0, "li": None, "ir": None, "wt": NOW + 319188})
    screen.wait_text(
        "#hour-verdict",
        "Free: this time does not count; it counts again from Mon 07:00.",
    )
    # Without a limit the bar ends 8 % beyond the month's value: 0.311 and 2.214 of 4.968 kWh.
    assert shares(screen)[:2] == [6.3, 44.6]
    reader.set(ea={"w": 1000, "wt": None, "mv": 0.0, "x": 0.0})
    screen.wait_text("#hour-verdict", "Counts: nothing of this month is measured yet.")
    # Without a month's value it ends 8 % beyond what the fuse allows: 17.32 kWh.
    assert shares(screen)[:2] == [1.7, 11.8]


def test_denmark_shows_the_grids_price_of_a_kwh(reader: FakeReader, screen: Screen) -> None:
    reader.set(
        ea={
            "k": 0,
            "w": None,
            "li": None,
            "ir": None,
            "mv": 0.0,
            "x": 0.0,
            "t": 65535,
            "nx": None,
            "lv": 1,
            "lt": NOW + 9588,
        }
    )  # 17:00
    screen.open(CARDS)
    screen.wait_text("#hour-verdict", "High: the grid's price of a kWh until 17:00.")
    assert screen.text("#hour-month") == "The peak power costs nothing in this tariff."


def test_a_setting_that_is_not_used_is_said(reader: FakeReader, screen: Screen) -> None:
    reader.set(tf="tariff_profile: there is no profile Mars: it may be AT, BE")
    screen.open(CARDS)
    assert screen.text("#hour-why") == (
        "A setting is not used: tariff_profile: there is no profile Mars: it may be AT, BE."
    )


def test_without_a_capacity_tariff_there_are_no_peaks(reader: FakeReader, screen: Screen) -> None:
    none = {"k": 0, "w": None, "ir": None, "li": None, "x": 0.0, "mv": 0.0, "t": 65535}
    reader.set(ea={**none, "nx": None, "xr": 0.0})
    screen.open(CARDS)
    assert screen.text("#hour-used") == "0.31"
    assert screen.text("#hour-expected") == "2.21"
    assert screen.text("#hour-month") == "The peak power costs nothing in this tariff."
    assert not screen.page.locator("#hour-verdict").is_visible()
    assert not screen.page.locator("#peaks").is_visible()
    screen.page.wait_for_timeout(1200)
    assert asked(reader, "/tariff.json") == 0


def test_of_a_tariff_that_is_not_the_owner_s_nothing_is_said(
    reader: FakeReader, screen: Screen
) -> None:
    reader.set(ea=dict.fromkeys(("k", "w", "ir", "li", "nx", "np")))
    screen.open(CARDS)
    assert screen.text("#hour-used") == "0.31"
    assert screen.text("#hour-month") == screen.text("#hour-limit") == ""
    assert not screen.page.locator("#hour-verdict").is_visible()
    assert not screen.page.locator("#peaks").is_visible()


def test_unknown_sums_are_dashes(reader: FakeReader, screen: Screen) -> None:
    reader.set(ea=None)
    screen.open(CARDS)
    assert screen.text("#hour-used") == screen.text("#sum-1 .v >> nth=0") == DASH
    assert screen.text("#hour-why") == "Begins with the first telegram."
    assert not {"peaks", "prices"} & set(shown(screen))


def test_without_sums_and_a_clock_the_page_explains_when_they_begin(
    reader: FakeReader, screen: Screen
) -> None:
    reader.set(c=0)
    reader.forget("ea")
    screen.open(CARDS)
    for card in ("hour", "sums", "use-day"):
        screen.wait_text(f"#{card} .why", "Begins when the reader knows the time.")
    screen.page.wait_for_timeout(1200)
    assert asked(reader, "/history.json") == asked(reader, "/tariff.json") == 0


def test_the_first_hour_says_since_when_it_is_counted(reader: FakeReader, screen: Screen) -> None:
    begun = NOW - 720  # 14:08:12
    reader.set(ea={"si": [begun, begun, begun - 86400 * 3], "es": [True, True, False]})
    screen.open(CARDS)
    assert screen.text("#hour-since") == "Used so far, since 14:08, estimate"
    assert "since 14:08, estimate" in screen.text("#sum-1")
    assert "since 9 March" in screen.text("#sum-2")
    reader.set(ea={"si": [None] * 3, "es": [False] * 3})
    screen.until("document.getElementById('hour-since').textContent === 'Used so far'")


def test_peaks_are_shown_highest_first(reader: FakeReader, screen: Screen) -> None:
    reader.set(ea={"cur": "NOK", "cc": 290.0})
    screen.open(CARDS)
    screen.wait_text("#peaks-list", "4.21")  # of /tariff.json: the running hour is there before
    assert screen.text("#peaks-value") == "4.6"
    assert screen.text("#peaks-step") == "step up to 5 kW"
    assert screen.text("#peaks-cost") == "290.00\u00a0kr"
    items = [" ".join(text.split()) for text in screen.page.locator("#peaks li").all_inner_texts()]
    assert items == [
        "This hour 2.21 kW",
        "Mon 9 Mar, 08:00 4.88 kW",
        "Mon 2 Mar, 17:00 4.71 kW",
        "Thu 5 Mar, 18:00 4.21 kW",
    ]
    widths = [
        bar.evaluate("e => parseFloat(e.style.width)")
        for bar in screen.page.locator("#peaks .bar i").all()
    ]
    # The ladder ends 6 % beyond the step's 5 kW.
    assert widths == [41.8, 92.1, 88.9, 79.4]
    lines = screen.page.locator("#ladder-lines u")
    assert [line.inner_text() for line in lines.all()] == ["5"]
    assert lines.evaluate_all("list => list.map(e => [e.className, e.style.left])") == [
        ["limit", "94.3%"]
    ]
    assert screen.text("#peaks-why") == (
        "0.40 kW below the limit of the step. Next step: up to 10 kW."
    )
    reader.set(ea={"np": 0.0})
    screen.wait_text("#peaks-why", "Next step: up to 10 kW, 0.00\u00a0kr a month.")
    reader.set(ea={"nx": 65535, "np": 475.5})
    screen.wait_text("#peaks-why", "Next step: the highest, 475.50\u00a0kr a month.")


def test_the_number_of_missing_peaks_is_shown(reader: FakeReader, screen: Screen) -> None:
    nothing = {"d": 0, "h": 0, "v": 0.00}
    steps = [5, 10, 15, 20, 25, 50, 75, 100, 150, 65535]
    body = {"t": steps, "p": [nothing] * 3, "c": 5, "m": 0.0}
    reader.canned["/tariff.json"] = (200, json.dumps(body).encode())
    reader.set(ea={"x": 0.0})
    screen.open(CARDS)
    screen.wait_text("#peaks-why", "Peaks still to count this month: 3.")
    assert screen.page.locator("#peaks li").count() == 1
    body["p"] = [{"d": 12, "h": 13, "v": 1.5}, nothing, nothing]
    reader.canned["/tariff.json"] = (200, json.dumps(body).encode())
    reader.set(ea={"x": 1.5})
    screen.wait_text("#peaks-why", "Peaks still to count this month: 2.")
    assert screen.page.locator("#peaks li").count() == 2


def test_a_failed_read_of_peaks_is_repeated(reader: FakeReader, screen: Screen) -> None:
    screen.own_clock()
    reader.canned["/tariff.json"] = (503, b"")
    screen.open(CARDS)
    screen.run(1500)
    screen.wait_text("#peaks-why", "Not readable: retrying in 10 s.")
    del reader.canned["/tariff.json"]
    for _ in range(3):
        screen.run(4000)
    screen.wait_text("#peaks-list", "4.88\u00a0kW")
    assert "Next step: up to 10 kW." in screen.text("#peaks-why")
    expected_network(screen)


def test_the_prices_of_the_steps_are_listed(reader: FakeReader, screen: Screen) -> None:
    costs = [(2, 125), (5, 210.5), (10, 350), (15, 480), (20, 610), (25, 740), (None, 1510)]
    reader.steps = {
        "currency": "NOK", "steps": [{"kw": kw, "price": price} for kw, price in costs],
    }  # fmt: skip
    screen.open("document.querySelectorAll('#peaks-prices li').length === 7")
    items = screen.page.locator("#peaks-prices li")
    texts = [text.replace("\u00a0", " ") for text in items.all_inner_texts()]
    assert texts[1] == "\u2264 5 kW: 210.50 kr" and texts[6] == "> 25 kW: 1\u202f510.00 kr"
    marked = screen.page.locator("#peaks-prices [aria-current=true]").all_inner_texts()
    assert [text.replace("\u00a0", " ") for text in marked] == [texts[1]]
    screen.page.set_viewport_size({"width": 320, "height": 700})
    assert fits(screen)
