"""Past ranges: when they are read, their corrections, and their layout."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.energy import (
    CHART,
    DASH,
    HOUR,
    NOW,
    asked,
    axis,
    bars,
    button_name,
    correct_morning,
    focused,
    heard,
    heights,
    kwh,
    labels,
    range_name,
    row,
    save,
    table,
    utc,
    view,
    wait_asked,
    wait_row,
    walk,
)
from tests.browser.fake_reader import FakeReader
from tests.browser.screen import PICTURES, WEAK, Screen, expected_network, fits
from tests.timing import wait_until

PAST = "!document.getElementById('energy-data').inert"
TURN = """hidden => {
    Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_a_past_range_is_read_once(reader: FakeReader, screen: Screen) -> None:
    screen.own_clock()
    screen.open(CHART, path="/history")
    walk(screen, "earlier", "Wed 11 March")
    screen.run(1500)
    screen.settle()
    assert asked(reader, "/history.json") == 2
    for n in (1, 2):  # the hour ends, and the page reads the money again
        reader.move(HOUR + n * 3600 + 20)
        wait_asked(reader, screen, "/money.json", n + 1)
        screen.run(3000)
        screen.settle()
    assert asked(reader, "/history.json") == 2
    assert range_name(screen) == "Wed 11 March"
    screen.page.locator("#today").click()
    screen.wait_text("#readout", "16:00\u201317:00")
    screen.until("document.querySelectorAll('#bars [role=option]')[15].ariaLabel.includes('meas')")
    assert asked(reader, "/history.json") == 3
    walk(screen, "earlier", "Wed 11 March")  # already read
    screen.run(3000)
    screen.settle()
    assert asked(reader, "/history.json") == 3


def test_a_past_day_stays_selected_at_midnight(reader: FakeReader, screen: Screen) -> None:
    reader.move(utc("2026-03-12T23:59:50"))
    screen.own_clock()
    screen.open(CHART, path="/history")
    walk(screen, "earlier", "Wed 11 March")
    assert button_name(screen, "later") == "Later: Thursday 12 March"
    names = labels(screen)
    bars(screen).nth(5).focus()
    screen.settle()
    before = asked(reader, "/history.json")
    reader.move(utc("2026-03-13T00:00:20"))
    screen.until("document.getElementById('today').ariaLabel.includes('13')")
    assert button_name(screen, "today") == "Today: Friday 13 March"
    assert button_name(screen, "later") == "Later: Thursday 12 March"
    assert range_name(screen) == "Wed 11 March"
    assert labels(screen) == names
    assert focused(screen) == names[5]
    screen.run(3000)
    screen.settle()
    assert asked(reader, "/history.json") == before
    walk(screen, "later", "Thu 12 March")
    assert button_name(screen, "later") == "Later: Friday 13 March"
    assert len(heights(screen, "in")) > 12
    walk(screen, "later", "Fri 13 March")
    assert screen.text("#readout").startswith("00:00\u201301:00")


def test_the_running_day_moves_on_at_midnight(reader: FakeReader, screen: Screen) -> None:
    reader.move(utc("2026-03-15T23:59:50"))
    screen.own_clock()  # else it is midnight 10 s later
    screen.open(CHART, path="/history")
    view(screen, "week", "Sun 15 March")
    assert range_name(screen) == "9 \u2013 15 March"
    reader.move(utc("2026-03-16T00:00:20"))
    screen.wait_text("#readout", "Mon 16 March")
    assert range_name(screen) == "16 \u2013 22 March"
    # A past week stays.
    walk(screen, "earlier", "9 \u2013 15 March")
    reader.move(utc("2026-03-17T12:00:20"))
    heard(reader, screen)
    assert range_name(screen) == "9 \u2013 15 March"
    walk(screen, "later", "16 \u2013 22 March")
    assert not screen.page.locator("#today").is_visible()


def test_yesterday_is_read_again_until_its_last_hour_is_complete(
    reader: FakeReader, screen: Screen
) -> None:
    reader.move(utc("2026-03-12T00:00:30"))
    last = utc("2026-03-11T23:00")
    hour = reader.house.hours.pop(last)
    screen.own_clock()
    screen.open(CHART, path="/history")
    assert "in all" not in screen.text("#compare")  # yesterday is not complete yet
    walk(screen, "earlier", "Wed 11 March")
    assert labels(screen)[23] == "23:00\u201300:00: not complete yet"
    assert screen.text("#energy-note") == ""
    before = asked(reader, "/history.json")
    screen.run(8000)
    screen.settle()
    assert asked(reader, "/history.json") == before
    reader.house.hours[last] = hour
    screen.run(22000)
    screen.settle()
    screen.until("document.querySelectorAll('#bars [role=option]')[23].ariaLabel.includes('meas')")
    read = asked(reader, "/history.json")
    screen.run(60000)
    screen.settle()
    assert asked(reader, "/history.json") == read


def test_a_failed_read_of_a_past_range_is_repeated(reader: FakeReader, screen: Screen) -> None:
    screen.own_clock()
    screen.open(CHART, path="/history")
    reader.canned["/history.json"] = (503, b"")
    walk(screen, "earlier", "Wed 11 March", "History could not be read: retrying in 10 s.")
    assert screen.text("#total-in") == DASH
    assert screen.text("#compare") == ""
    assert not screen.page.locator("#energy-data").is_visible()  # the data of another day
    walk(screen, "today", "Thu 12 March")  # was read before
    assert screen.text("#energy-note") == ""
    walk(screen, "earlier", "Wed 11 March", "could not be read")
    del reader.canned["/history.json"]
    screen.run(12000)
    screen.until(PAST)
    assert screen.text("#energy-note") == ""
    assert labels(screen)[0].endswith("measured")
    expected_network(screen)


@pytest.mark.parametrize(
    "slots",
    [
        [{"t": "2031-01-01T00:00+01:00", "i": 1, "e": 0, "q": "measured"}],
        [{"t": "2026-03-12T12:00+01:00", "i": 1, "e": 0, "q": "measured"}],
        [],
    ],
)
def test_an_answer_for_another_range_is_ignored(
    reader: FakeReader, screen: Screen, slots: list[object]
) -> None:
    screen.open(CHART, path="/history")
    body = {"unit": "kwh", "time": "local", "zone": "Europe/Oslo", "slots": slots}
    reader.canned["/history.json"] = (200, json.dumps(body).encode())
    walk(screen, "earlier", "Wed 11 March", "Nothing was recorded")
    assert screen.text("#total-in") == DASH
    walk(screen, "today", "Thu 12 March")


def test_ranges_selected_only_briefly_are_not_read(reader: FakeReader, screen: Screen) -> None:
    screen.open(CHART, path="/history")
    screen.settle()
    reader.held.add("/history.json")
    for n in range(11, 5, -1):
        screen.page.locator("#earlier").click()
        assert range_name(screen).endswith(f" {n} March")
    reader.release()
    screen.until(PAST)
    assert labels(screen)[0].endswith("measured")
    assert range_name(screen) == "Fri 6 March"
    march = reader.house.slots("60", utc("2026-03-06"), utc("2026-03-07"))
    assert screen.text("#total-in") == kwh(sum(hour["i"] for hour in march))
    assert asked(reader, "/history.json") <= 3  # today, one of those between, and the last
    assert reader.most_open == 1


def test_a_hidden_tab_does_not_read_the_past(reader: FakeReader, screen: Screen) -> None:
    screen.own_clock()
    screen.open(CHART, path="/history")
    wait_asked(reader, screen, "/favicon.svg", 1)
    screen.settle()
    reader.held.add("/history.json")
    screen.page.locator("#earlier").click()
    wait_asked(reader, screen, "/history.json", 2)
    screen.page.evaluate(TURN, True)
    screen.settle()
    reader.release()
    wait_until(lambda: reader.open == 0)
    before = len(reader.requests)
    screen.run(60000)
    screen.settle()
    assert len(reader.requests) == before
    screen.page.evaluate(TURN, False)
    reader.set()
    screen.run(2000)
    screen.until(PAST)
    assert range_name(screen) == "Wed 11 March"
    assert labels(screen)[0].endswith("measured")


def test_the_last_hour_of_yesterday_is_corrected(reader: FakeReader, screen: Screen) -> None:
    reader.move(utc("2026-03-12T00:20:00"))
    screen.open(CHART, path="/history")
    walk(screen, "earlier", "Wed 11 March")
    table(screen)
    old = [cell.strip() for cell in row(screen, "23:00").locator("td").all_inner_texts()]
    assert old[3] == ""  # a pencil
    row(screen, "23:00").get_by_role("button", name="Correct 23:00\u201300:00").click()
    screen.page.locator("#correct-i").fill("2,125")
    save(screen)
    screen.wait_text("#said", "23:00\u201300:00 is corrected.")
    assert [path for path, _ in reader.forms] == ["/dayplot"]
    assert reader.forms[0][1]["i22"] == "2.125"  # 23:00 in Oslo is 22:00 UTC
    wait_row(screen, 23, "2.125")
    assert row(screen, "23:00").inner_text().split()[3] == "corrected"
    assert focused(screen) == "Correct 23:00\u201300:00"
    screen.page.get_by_role("button", name="Undo").click()
    screen.wait_text("#said", "is undone")
    wait_row(screen, 23, old[0])
    assert range_name(screen) == "Wed 11 March"


def test_every_editable_slot_has_a_button(reader: FakeReader, screen: Screen) -> None:
    reader.move(utc("2026-03-15T06:30"))
    screen.open(CHART, path="/history")
    table(screen)
    button = "#table tbody tr:not(#correct-row) button:visible"
    names = f"[...document.querySelectorAll('{button.replace(':visible', ':not([hidden])')}')]"
    heads = f"{names}.map(e => e.closest('tr').cells[0].textContent)"

    def offered(button: str, name: str) -> list[str]:
        walk(screen, button, name)
        found: list[str] = screen.page.evaluate(heads)
        return found

    # The last 24 hours begin yesterday at 06:00; 05:00 in a form would mean 05:00 of today.
    assert offered("earlier", "Sat 14 March") == [f"{n:02d}:00" for n in range(6, 24)]
    assert offered("earlier", "Fri 13 March") == []
    screen.page.locator("#today").click()
    screen.page.locator("#views input[value=month]").check()
    screen.wait_text("#table-title", "March 2026")
    assert len(screen.page.evaluate(heads)) == 14
    # The last 31 days begin on 12 February, but 12, 13 and 14 are days of March by now.
    days = offered("earlier", "February 2026")
    assert days == [f"{name} February" for name in (
        "Sun 15", "Mon 16", "Tue 17", "Wed 18", "Thu 19", "Fri 20", "Sat 21", "Sun 22", "Mon 23",
        "Tue 24", "Wed 25", "Thu 26", "Fri 27", "Sat 28",
    )]  # fmt: skip
    assert offered("earlier", "January 2026") == []
    screen.page.locator("#views input[value=week]").check()
    screen.wait_text("#table-title", "1 February")
    assert screen.page.evaluate(heads) == []


def test_an_hour_too_old_for_an_edit_is_not_sent(reader: FakeReader, screen: Screen) -> None:
    screen.own_clock()
    screen.open(CHART, path="/history")  # 14:20
    walk(screen, "earlier", "Wed 11 March")
    table(screen)
    row(screen, "14:00").get_by_role("button").click()
    screen.page.locator("#correct-i").fill("1")
    reader.set(c=HOUR + 3600 + 5)
    heard(reader, screen)
    screen.run(1500)
    screen.page.keyboard.press("Enter")
    screen.wait_text("#correct-why", "Too late: the reader takes corrections of the last 24 hours")
    assert reader.forms == []  # 13:00 UTC is now an hour of today
    screen.page.keyboard.press("Escape")
    screen.run(1500)
    assert row(screen, "14:00").get_by_role("button").count() == 0
    row(screen, "15:00").get_by_role("button").click()
    save(screen)
    screen.wait_text("#said", "15:00\u201316:00 is corrected")


def test_a_save_ends_with_its_message_after_the_range_is_left(
    reader: FakeReader, screen: Screen
) -> None:
    correct_morning(screen)
    screen.page.keyboard.press("Enter")
    screen.wait_text("#save", "Save")
    reader.held.add("/dayplot")
    screen.page.keyboard.press("Enter")
    wait_asked(reader, screen, "/dayplot", 2)
    screen.page.locator("#earlier").click()
    reader.release()
    screen.wait_text("#said", "08:00\u201309:00 is corrected.")
    screen.until(PAST)
    assert range_name(screen) == "Wed 11 March"
    assert len(reader.forms) == 1
    row(screen, "23:00").get_by_role("button").click()
    screen.page.keyboard.press("Enter")
    screen.wait_text("#save", "Save")
    reader.canned["/dayplot"] = (503, b"")
    reader.held.add("/dayplot")
    screen.page.keyboard.press("Enter")
    wait_asked(reader, screen, "/dayplot", 4)
    screen.page.locator("#later").click()
    reader.release()
    screen.wait_text("#said", "The reader refused: HTTP 503.")
    expected_network(screen)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_past_ranges_fit_and_are_legible(
    browser: Browser, reader: FakeReader, screens: list[Screen], width: int, scheme: str
) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    reader.move(utc("2026-01-01T00:20:00"))  # the longest names, with a year
    screen = Screen(browser, reader, width, scheme)
    screens.append(screen)
    screen.open(CHART, path="/history")
    steps = [
        ("day", "Wed, 31 December 2025", ""),
        ("week", "22 \u2013 28 December 2025", ""),
        ("year", "2024", ""),  # its first month is incomplete
    ]
    for name, heading, note in steps:
        screen.page.locator(f"#views input[value={name}]").check()
        screen.until(PAST)
        walk(screen, "earlier", heading, note)
        assert fits(screen), name
        assert screen.page.evaluate(WEAK)[1] == [], name
        places = screen.page.evaluate(  # in one call: the page may move between two
            """['earlier', 'later', 'today'].map(id => {
                const box = document.getElementById(id).getBoundingClientRect();
                return { y: box.y, width: box.width, height: box.height };
            })"""
        )
        for place in places:
            assert min(place["width"], place["height"]) >= 44
            assert place["y"] == places[0]["y"]  # in one line
        picture = Path(PICTURES / f"energy-past-{name}-{scheme}-{width}.png")
        screen.page.locator("#energy").screenshot(path=picture)


def test_the_cost_of_each_hour_of_a_day(reader: FakeReader, screen: Screen) -> None:
    reader.price = 1.5
    screen.open(CHART, path="/history")
    screen.page.locator("#units input[value=money]").check()
    walk(screen, "earlier", "Wed 11 March")
    screen.until("!document.getElementById('chart').hidden")  # the money of its hours is read
    screen.wait_text("#readout", "NOK")
    slots = [slot for slot in reader.house.slots("60", NOW - 4 * 86400, NOW)
             if slot["t"][:10] == "2026-03-11"]  # fmt: skip
    spoken = labels(screen)
    assert len(spoken) == len(slots) == 24
    for label, slot in zip(spoken, slots, strict=True):
        assert label.split(": ")[1].startswith(f"import {slot['i'] * 1.5:.2f} "), label
    day = sum(slot["i"] for slot in slots) * 1.5
    assert float(screen.text("#total-in")) == pytest.approx(day, abs=0.02)
    screen.until("document.getElementById('compare').textContent.includes('NOK')")
    assert screen.text("#compare").startswith("The day before ")
    assert screen.text("#compare-word").endswith(" % of the day before")
    table(screen)
    cost = row(screen, "00:00").locator("td").first.inner_text()
    assert float(cost) == pytest.approx(slots[0]["i"] * 1.5, abs=0.001)
    assert fits(screen)


def test_the_cost_of_hours_that_cannot_be_read_says_so(reader: FakeReader, screen: Screen) -> None:
    reader.price = 1.5
    screen.open(CHART, path="/history")
    screen.until("!document.getElementById('unit-choice').hidden")
    screen.settle()
    reader.canned["/money.json"] = (503, b"")
    screen.page.locator("#units input[value=money]").check()
    screen.wait_text("#no-money", "could not be read: retrying in 10 s")
    expected_network(screen)


def test_export_at_a_negative_price_costs(reader: FakeReader, screen: Screen) -> None:
    reader.price = -1.5
    for n in range(24):
        reader.house.hours[utc("2026-03-11") + n * 3600] = [1.0, 0.0, "measured"]
    reader.house.hours[utc("2026-03-11T12:00")] = [0.0, 2.0, "measured"]
    screen.open(CHART, path="/history")
    screen.page.locator("#units input[value=money]").check()
    walk(screen, "earlier", "Wed 11 March")
    screen.wait_text("#readout", "NOK")
    spoken = labels(screen)
    assert spoken[11] == "11:00\u201312:00: import \u22121.50 NOK, export 0.00 NOK, measured"
    assert spoken[12] == "12:00\u201313:00: import 0.00 NOK, export \u22121.50 NOK, measured"
    up, down = heights(screen, "in"), heights(screen, "out")
    assert list(up) == [12] and sorted([*up, *down]) == list(range(24))
    assert up[12] == pytest.approx(down[11], abs=0.1)


def test_the_axis_has_room_for_hundreds_of_thousands(reader: FakeReader, screen: Screen) -> None:
    reader.price = 200000
    screen.open(CHART, path="/history")
    screen.page.locator("#units input[value=money]").check()
    walk(screen, "earlier", "Wed 11 March")
    screen.wait_text("#readout", "NOK")
    assert any(len(text) >= len("100 000") for text in axis(screen))
    begins = "list => list.map(text => text.getBBox().x)"
    assert min(screen.page.locator("#bars-axis text").evaluate_all(begins)) >= 0


def test_a_day_without_the_cost_of_its_hours_says_so(reader: FakeReader, screen: Screen) -> None:
    reader.price, reader.hours_since = 1.5, "2026-03-12"
    screen.open(CHART, path="/history")
    screen.page.locator("#units input[value=money]").check()
    walk(screen, "earlier", "Wed 11 March")
    screen.wait_text("#no-money", "is not known for this day, only its sum")
    assert not screen.page.locator("#chart").is_visible()
    assert float(screen.text("#total-in")) > 1
