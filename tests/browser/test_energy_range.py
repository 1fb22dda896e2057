"""Navigation between ranges, and the figures of a past range."""

import json

import pytest
from playwright.sync_api import Browser

from tests.browser.energy import (
    CHART,
    DASH,
    asked,
    bars,
    button_name,
    focused,
    labels,
    last_asked,
    range_name,
    utc,
    view,
    walk,
)
from tests.browser.fake_reader import FakeReader
from tests.browser.screen import Screen

TODAY = "Thu 12 March"


def test_earlier_and_later_move_by_one_day(reader: FakeReader, screen: Screen) -> None:
    for n in range(24):  # yesterday 24 hours of 1.5 and 0.25 kWh, the day before of 0.5 kWh
        reader.house.hours[utc("2026-03-11") + n * 3600] = [1.5, 0.25, "measured"]
        reader.house.hours[utc("2026-03-10") + n * 3600] = [0.5, 0.0, "measured"]
    screen.open(CHART, path="/history")
    assert range_name(screen) == TODAY
    assert button_name(screen, "earlier") == "Earlier: Wednesday 11 March"
    assert button_name(screen, "later") == "Later"
    assert screen.page.locator("#later").get_attribute("aria-disabled") == "true"
    assert screen.page.locator("#earlier").get_attribute("aria-disabled") == "false"
    assert not screen.page.locator("#today").is_visible()
    walk(screen, "earlier", "Wed 11 March")
    assert (
        last_asked(reader, "/history.json")
        == "/history.json?step=60&from=2026-03-10&to=2026-03-12"
    )
    names = labels(screen)
    assert len(names) == 24
    assert names[0] == "00:00\u201301:00: import 1.50 kWh, export 0.25 kWh, measured"
    assert names[23] == "23:00\u201300:00: import 1.50 kWh, export 0.25 kWh, measured"
    assert screen.text("#total-in") == "36.00"
    assert screen.text("#total-out") == "6.00"
    assert screen.text("#compare") == "The day before 12.0 kWh"
    assert screen.text("#energy-note") == ""
    chart = screen.page.get_by_role("listbox", name="Energy per hour, Wed 11 March")
    assert chart.count() == 1
    assert button_name(screen, "later") == "Later: Thursday 12 March"
    assert button_name(screen, "today") == "Today: Thursday 12 March"
    walk(screen, "earlier", "Tue 10 March")
    assert screen.text("#total-in") == "12.00"
    assert not screen.page.locator("#total-export").is_visible()
    walk(screen, "later", "Wed 11 March")
    walk(screen, "later", TODAY)
    assert screen.text("#readout").endswith("so far")
    assert not screen.page.locator("#today").is_visible()
    walk(screen, "earlier", "Wed 11 March")
    walk(screen, "earlier", "Tue 10 March")
    screen.page.get_by_role("button", name="Today").click()
    assert range_name(screen) == TODAY
    assert screen.text("#compare").startswith("Yesterday by now ")
    assert len([path for path in reader.requests if "/history.json" in path]) == 3


def test_weeks_begin_on_monday(reader: FakeReader, screen: Screen) -> None:
    for hour in reader.house.hours.values():
        hour[:2] = [0.5, 0.0]  # 12 kWh a day
    screen.open(CHART, path="/history")
    view(screen, "week", "Thu 12 March")
    assert range_name(screen) == "9 \u2013 15 March"
    assert button_name(screen, "earlier") == "Earlier: 2 \u2013 8 March"
    walk(screen, "earlier", "2 \u2013 8 March")
    assert (
        last_asked(reader, "/history.json")
        == "/history.json?step=day&from=2026-02-23&to=2026-03-09"
    )
    assert [name.split(":")[0] for name in labels(screen)][::6] == ["Mon 2 March", "Sun 8 March"]
    assert screen.text("#total-in") == "84.00"
    assert screen.text("#compare") == "The week before 84.0 kWh"
    assert screen.text("#compare-word") == "100 % of the week before"
    del reader.house.hours[utc("2026-02-17T12:00")]  # a day of the week before is partly known
    reader.house.hours[utc("2026-02-17T13:00")][2] = "gap"
    walk(screen, "earlier", "23 February \u2013 1 March")
    assert screen.text("#total-in") == "84.00"
    assert screen.text("#compare") == screen.text("#compare-word") == ""
    assert screen.page.locator("#bars .ghost").count() == 6
    walk(screen, "later", "2 \u2013 8 March")
    walk(screen, "later", "9 \u2013 15 March")


def test_months_are_calendar_months(reader: FakeReader, screen: Screen) -> None:
    for hour in reader.house.hours.values():
        hour[:2] = [0.5, 0.0]
    screen.open(CHART, path="/history")
    view(screen, "month", "Thu")
    assert range_name(screen) == "March 2026"
    # 11 days of 12 kWh and 51612 s of 86400 s of the twelfth
    assert screen.text("#compare") == "Last month by now 139.2 kWh, in all 336.0 kWh"
    walk(screen, "earlier", "February 2026")
    assert (
        last_asked(reader, "/history.json")
        == "/history.json?step=day&from=2026-01-01&to=2026-03-01"
    )
    assert bars(screen).count() == 28
    assert screen.text("#total-in") == "336.00"
    assert screen.text("#compare") == "The month before 372.0 kWh"
    walk(screen, "earlier", "January 2026")
    assert bars(screen).count() == 31
    assert button_name(screen, "earlier") == "Earlier: December 2025"
    assert button_name(screen, "today") == "Today: March 2026"


def test_early_in_a_month_last_month_is_compared_in_full_only(
    reader: FakeReader, screen: Screen
) -> None:
    reader.move(utc("2026-03-06T12:00"))  # part of a day is too large a share of six days
    screen.open(CHART, path="/history")
    view(screen, "month", "Fri 6 March")
    assert screen.text("#compare").startswith("Last month in all ")
    reader.move(utc("2026-03-07T12:00"))
    screen.wait_text("#compare", "Last month by now ")


def test_years_are_calendar_years(reader: FakeReader, screen: Screen) -> None:
    screen.open(CHART, path="/history")
    view(screen, "year", "March 2026")
    assert range_name(screen) == "2026"
    walk(screen, "earlier", "2025")
    assert (
        last_asked(reader, "/history.json")
        == "/history.json?step=day&from=2024-01-01&to=2026-01-01"
    )
    # The history begins on 5 February 2025, 400 days ago.
    assert labels(screen)[0] == "January 2025: nothing recorded"
    assert labels(screen)[1].endswith("incomplete")
    march = reader.house.slots("day", utc("2025-03-01"), utc("2025-04-01"))
    assert f"import {sum(day['i'] for day in march):.2f} kWh" in labels(screen)[2]
    assert labels(screen)[2].endswith("measured")
    assert screen.text("#compare") == ""
    walk(screen, "earlier", "2024", "recorded")


def test_a_year_is_compared_with_the_same_part_of_the_year_before(
    reader: FakeReader, screen: Screen
) -> None:
    reader.move(utc("2027-02-15T00:00"))
    for hour in list(reader.house.hours):
        reader.house.hours[hour][:2] = [1.0, 0.0]
    reader.house.hours.update(
        {utc("2026-01-01") + n * 3600: [1.0, 0.0, "measured"] for n in range(400 * 24)}
    )
    screen.open(CHART, path="/history")
    view(screen, "year", "February 2027")
    # By now: January of 31 days and 14 of 28 days of February.
    assert screen.text("#compare").startswith(
        "Last year by now 1,080.0 kWh".replace(",", "\u202f")
    )


def test_another_view_keeps_the_date(reader: FakeReader, screen: Screen) -> None:
    screen.open(CHART, path="/history")
    view(screen, "month", "Thu")
    walk(screen, "earlier", "February 2026")
    view(screen, "day", "00:00")
    assert range_name(screen) == "Sat 28 February"
    view(screen, "week", "23 February")
    assert range_name(screen) == "23 February \u2013 1 March"
    view(screen, "year", "March 2026")
    assert range_name(screen) == "2026"
    view(screen, "month", "1 February")
    walk(screen, "later", "March 2026")
    view(screen, "day", "so far")
    assert range_name(screen) == TODAY
    walk(screen, "earlier", "Wed 11 March")
    view(screen, "month", "so far")  # the running month
    assert not screen.page.locator("#today").is_visible()
    assert screen.page.locator("#later").get_attribute("aria-disabled") == "true"


def test_every_range_is_reachable_by_keyboard(reader: FakeReader, screen: Screen) -> None:
    screen.open(CHART, path="/history")
    key = screen.page.keyboard.press
    screen.page.locator("#views input[value=day]").focus()
    key("Tab")
    assert focused(screen) == "Earlier: Wednesday 11 March"
    for press in ("ArrowLeft", "ArrowRight", "Home", "PageUp"):
        key(press)
    assert range_name(screen) == TODAY
    key("Enter")
    screen.until("!document.getElementById('energy-data').inert")
    assert range_name(screen) == "Wed 11 March"
    assert focused(screen) == "Earlier: Tuesday 10 March"
    key("Space")
    screen.until("!document.getElementById('energy-data').inert")
    assert range_name(screen) == "Tue 10 March"
    key("Tab")
    assert focused(screen) == "Later: Wednesday 11 March"
    key("Tab")
    assert focused(screen) == "Today: Thursday 12 March"
    key("Tab")
    names = labels(screen)
    assert focused(screen) == names[0]
    key("ArrowLeft")  # at the first bar: the range stays
    assert focused(screen) == names[0]
    key("End")
    assert focused(screen) == names[23]
    key("ArrowRight")
    assert range_name(screen) == "Tue 10 March"
    key("Shift+Tab")
    assert focused(screen) == "Today: Thursday 12 March"
    key("Enter")  # the focused button is removed: focus moves to the next usable one
    assert range_name(screen) == TODAY
    assert focused(screen) == "Earlier: Wednesday 11 March"
    key("Enter")
    key("Tab")
    key("Enter")
    assert range_name(screen) == TODAY
    assert focused(screen) == "Later"  # it has no effect now and keeps the focus
    key("Enter")
    assert range_name(screen) == TODAY
    ring = screen.page.locator("#later").evaluate("e => getComputedStyle(e).outlineWidth")
    assert ring == "2px"


def test_the_range_is_announced(reader: FakeReader, screen: Screen) -> None:
    screen.open(CHART, path="/history")
    assert screen.page.get_by_role("heading", name=TODAY).get_attribute("aria-live") == "polite"


@pytest.mark.parametrize(
    ("now", "name", "count", "hours", "before"),
    [
        ("2026-10-26T08:10", "Sun 25 October", 25, ["01:00 UTC+2", "02:00 UTC+2", "02:00 UTC+1"],
         "24.0"),
        ("2026-03-30T08:10", "Sun 29 March", 23, ["01:00 UTC+1", "03:00 UTC+2", "04:00 UTC+2"],
         "24.0"),
        ("2026-10-27T08:10", "Mon 26 October", 24, ["01:00", "02:00", "03:00"], "25.0"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Los_Angeles"])
def test_days_of_23_and_25_hours_are_compared_by_the_clock(
    browser: Browser,
    reader: FakeReader,
    screens: list[Screen],
    zone: str,
    now: str,
    name: str,
    count: int,
    hours: list[str],
    before: str,
) -> None:
    reader.move(utc(now))
    for hour in reader.house.hours.values():
        hour[:2] = [1.0, 0.0]
    screen = Screen(browser, reader, 1280, zone=zone)
    screens.append(screen)
    screen.open(CHART, path="/history")
    # Yesterday so far: 8 hours by the clock and 10 min; of 25 hours 9, of 23 hours 7.
    passed = {25: 9, 23: 7, 24: 8}[count] + 600 / 3600
    assert screen.text("#compare") == f"Yesterday by now {passed:.1f} kWh, in all {count}.0 kWh"
    walk(screen, "earlier", name)
    assert [label.split(": ")[0].split("\u2013")[0] for label in labels(screen)][1:4] == hours
    assert screen.text("#total-in") == f"{count}.00"
    assert screen.text("#compare") == f"The day before {before} kWh"


@pytest.mark.parametrize(
    ("zone", "offset", "name", "first"),
    [
        ("Pacific/Kiritimati", "+14:00", "Thu 12 March", "00:00\u201301:00"),  # Friday already
        ("Pacific/Pago_Pago", "-11:00", "Wed 11 March", "00:00\u201301:00"),
        ("Asia/Kolkata", "+05:30", "Wed 11 March", "00:30\u201301:30"),  # hours are those of UTC
    ],
)
def test_days_are_those_of_a_reader_far_from_utc(
    reader: FakeReader, screen: Screen, zone: str, offset: str, name: str, first: str
) -> None:
    stamp = f"2026-03-{name.split()[1]}T{first[:5]}{offset}"
    slots = [{"t": stamp, "i": 0.5, "e": 0, "q": "measured"}]
    reader.canned["/history.json"] = (200, json.dumps({"zone": zone, "slots": slots}).encode())
    screen.open(CHART, path="/history")
    walk(screen, "earlier", name)
    assert labels(screen)[0] == f"{first}: import 0.50 kWh, measured"
    assert len(labels(screen)) == 24
    assert screen.text("#total-in") == "0.50"


def test_a_range_without_data_has_a_message(reader: FakeReader, screen: Screen) -> None:
    begin = utc("2026-03-10T18:00")
    for hour in list(reader.house.hours):
        if hour < begin:
            del reader.house.hours[hour]
    screen.open(CHART, path="/history")
    walk(screen, "earlier", "Wed 11 March")
    assert screen.text("#compare") == ""  # the day before is not complete
    walk(screen, "earlier", "Tue 10 March")
    assert labels(screen)[17] == "17:00\u201318:00: nothing recorded"
    walk(screen, "earlier", "Mon 9 March", "Nothing was recorded in this range.")
    assert not screen.page.locator("#energy-data").is_visible()
    assert screen.text("#total-in") == DASH
    assert button_name(screen, "earlier") == "Earlier"
    assert screen.page.locator("#earlier").get_attribute("aria-disabled") == "true"
    screen.page.locator("#earlier").click(force=True)
    assert range_name(screen) == "Mon 9 March"
    assert button_name(screen, "later") == "Later: Tuesday 10 March"
    walk(screen, "later", "Tue 10 March")
    assert screen.page.locator("#energy-data").is_visible()
    assert screen.page.locator("#earlier").get_attribute("aria-disabled") == "false"


def test_a_day_without_data_does_not_end_the_history(reader: FakeReader, screen: Screen) -> None:
    for hour in list(reader.house.hours):
        if utc("2026-03-11") <= hour < utc("2026-03-12"):
            del reader.house.hours[hour]
    screen.open(CHART, path="/history")
    walk(screen, "earlier", "Wed 11 March", "Nothing was recorded")
    walk(screen, "earlier", "Tue 10 March")
    assert screen.text("#energy-note") == ""


@pytest.mark.parametrize(
    ("name", "steps", "oldest"),
    [
        ("day", 399, "Thursday, 6 February 2025"),  # 12 March 2026 less 399 days
        ("week", 260, "15 \u2013 21 March 2021"),  # less 1820 days; 1827 days are over five years
        ("month", 60, "March 2021"),
        ("year", 5, "2021"),
    ],
)
def test_ranges_before_the_history_are_not_offered(
    reader: FakeReader, screen: Screen, name: str, steps: int, oldest: str
) -> None:
    screen.open(CHART, path="/history")
    view(screen, name, "so far")
    asked_before = asked(reader, "/history.json")
    press = """n => {
        const button = document.getElementById("earlier");
        for (; n; n -= 1) button.click();
        return button.getAttribute("aria-label");
    }"""
    # Before any answer.
    assert screen.page.evaluate(press, steps - 1) == f"Earlier: {oldest}"
    screen.page.evaluate(press, 2)
    assert button_name(screen, "earlier") == "Earlier"
    assert screen.page.locator("#earlier").get_attribute("aria-disabled") == "true"
    # The page reads a range only if it stays selected for a while.
    screen.wait_text("#energy-note", "recorded" if name != "day" else "")
    screen.settle()
    assert asked(reader, "/history.json") <= asked_before + 3
    assert reader.most_open == 1


def test_csv_has_the_shown_range(reader: FakeReader, screen: Screen) -> None:
    screen.open(CHART, path="/history")
    walk(screen, "earlier", "Wed 11 March")
    with screen.page.expect_download() as download:
        screen.page.get_by_role("link", name="Download CSV").click()
    assert download.value.suggested_filename == "energy-day-2026-03-11.csv"
    assert "/history.csv?step=60&from=2026-03-11&to=2026-03-12" in reader.requests
    assert len(download.value.path().read_text().splitlines()) == 24
    view(screen, "week", "so far")
    href = screen.page.locator("#csv").get_attribute("href")
    assert href == "/history.csv?step=day&from=2026-03-09"
    walk(screen, "earlier", "2 \u2013 8 March")
    assert screen.page.locator("#csv").get_attribute("href") == (
        "/history.csv?step=day&from=2026-03-02&to=2026-03-09"
    )
