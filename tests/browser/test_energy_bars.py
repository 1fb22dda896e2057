"""The energy bars: drawing and read-out, in every view and on days of 23 and 25 hours.

Expected figures are those of tests/browser/house.py.
"""

import itertools
import json
import re

import pytest
from playwright.sync_api import Browser

from tests.browser.energy import (
    CHART,
    HOUR,
    NOW,
    axis,
    bars,
    focused,
    heard,
    heights,
    kwh,
    labels,
    legend,
    row,
    save,
    table,
    utc,
    view,
)
from tests.browser.fake_reader import FakeReader
from tests.browser.house import House
from tests.browser.screen import Screen, fits


def test_today_is_drawn_to_scale(reader: FakeReader, screen: Screen) -> None:
    screen.open(CHART, path="/history")
    assert bars(screen).count() == 24
    house = [reader.house.hours[HOUR + n * 3600] for n in range(-14, 0)]
    drawn = heights(screen, "in")
    assert set(drawn) == {n for n in range(14) if house[n][0] > 0} | {14}
    px = drawn[8] / house[8][0]  # px per kWh
    for n in set(drawn) - {14}:
        assert drawn[n] == pytest.approx(max(1, house[n][0] * px), abs=0.1)
    assert drawn[14] == pytest.approx(0.311 * px, abs=0.1)
    out = heights(screen, "out")
    assert set(out) == {n for n in range(14) if house[n][1] > 0} | {14}
    for n in set(out) - {14}:
        assert out[n] == pytest.approx(house[n][1] * px, abs=0.1)
    names = labels(screen)
    assert names[8] == f"08:00\u201309:00: import {house[8][0]:.2f} kWh, export 0.00 kWh, measured"
    assert names[14] == "14:00\u201315:00: import 0.31 kWh, export 0.09 kWh, so far"
    assert names[15] == "15:00\u201316:00: to come"
    assert screen.text("#readout") == names[14]
    total = sum(hour[0] for hour in house) + 0.311
    assert screen.text("#total-in") == kwh(total)
    assert legend(screen) == ["import", "export", "the range before", "so far"]
    up, down = bars(screen).evaluate_all(  # in one call: the page may move between two
        """list => [list[8].querySelector('.in-bar').getBoundingClientRect().bottom,
            list[12].querySelector('.out-bar').getBoundingClientRect().top]"""
    )
    assert up <= down + 2


def test_each_quality_has_a_mark_and_a_word(reader: FakeReader, screen: Screen) -> None:
    hours = reader.house.hours
    hours[HOUR - 2 * 3600][2] = "estimated"
    hours[HOUR - 3 * 3600][2] = "interpolated"
    hours[HOUR - 6 * 3600][2] = "edited"
    hours[HOUR - 7 * 3600][2] = "gap"  # partly known
    del hours[HOUR - 8 * 3600]  # 06:00
    screen.open(CHART, path="/history")
    names = labels(screen)
    assert names[6] == "06:00\u201307:00: unknown"
    assert names[7].endswith(", incomplete")
    assert names[8].endswith(", corrected")
    assert names[11].endswith(", interpolated")
    assert names[12].endswith(", estimated")
    assert 6 not in heights(screen, "in")
    assert bars(screen).nth(6).locator(".cross").count() == 1
    assert bars(screen).nth(7).locator(".cross").count() == 1
    assert bars(screen).nth(8).locator(".mark").count() == 1
    assert screen.page.locator("#bars .cross").count() == 2
    assert screen.page.locator("#bars .mark").count() == 1
    fill = "e => e.getAttribute('fill')"
    assert bars(screen).nth(12).locator(".out-bar").evaluate(fill) == "url(#hatch-out)"
    assert bars(screen).nth(11).locator(".in-bar").evaluate(fill) == "url(#hatch-in)"
    assert bars(screen).nth(9).locator(".in-bar").evaluate(fill) is None
    assert legend(screen) == [
        "import", "export", "the range before", "so far",
        "estimated, interpolated and incomplete", "corrected", "\u00d7 unknown",
    ]  # fmt: skip
    assert screen.text("#energy-note") == ("2 hours are not known in full.")
    # A gap has its own word, and its bar keeps the colour of import or export.
    blue = "getComputedStyle(document.documentElement).getPropertyValue('--import').trim()"
    red, green, last = (int(screen.page.evaluate(blue)[n : n + 2], 16) for n in (1, 3, 5))
    solid = bars(screen).nth(9).locator(".in-bar").evaluate("e => getComputedStyle(e).fill")
    assert solid == f"rgb({red}, {green}, {last})"
    pale = bars(screen).nth(14).locator(".in-bar").evaluate("e => getComputedStyle(e).fill")
    assert pale != solid


def test_hours_before_the_history_are_not_marked_as_gaps(
    reader: FakeReader, screen: Screen
) -> None:
    for hour in list(reader.house.hours):
        if hour < HOUR - 5 * 3600:
            del reader.house.hours[hour]
    screen.open(CHART, path="/history")
    assert labels(screen)[3] == "03:00\u201304:00: nothing recorded"
    assert screen.page.locator("#bars .cross").count() == 0
    assert screen.text("#energy-note") == ""


def test_the_bars_are_one_tab_stop(reader: FakeReader, screen: Screen) -> None:
    screen.open(CHART, path="/history")
    chart = screen.page.get_by_role("listbox", name="Energy per hour, Thu 12 March")
    assert chart.get_by_role("option").count() == 24
    assert screen.page.locator("#bars [tabindex='0']").count() == 1
    screen.page.locator("#later").focus()
    screen.page.keyboard.press("Tab")
    names = labels(screen)
    assert focused(screen) == names[14]
    for key, n in (
        ("ArrowLeft", 13),
        ("ArrowLeft", 12),
        ("Home", 0),
        ("ArrowLeft", 0),
        ("End", 23),
        ("ArrowLeft", 22),
    ):
        screen.page.keyboard.press(key)
        assert focused(screen) == names[n]
        assert screen.text("#readout") == names[n]
        assert screen.page.locator("#bars [tabindex='0']").count() == 1
        assert bars(screen).nth(n).get_attribute("aria-selected") == "true"
    ring = bars(screen).nth(22).locator(".hit").evaluate("e => getComputedStyle(e).strokeWidth")
    assert ring == "2px"
    # A changing figure keeps focus and selection.
    reader.set(ea={"u": reader.house.sums(1.5, 0), "iu": 1.5})
    screen.until("document.querySelectorAll('#bars [role=option]')[14].ariaLabel.includes('1.50')")
    assert focused(screen) == names[22]
    screen.page.keyboard.press("Tab")
    assert focused(screen) == "as-table"
    assert "so far" in screen.text("#readout")


def test_the_bar_at_the_pointer_is_read_out(reader: FakeReader, screen: Screen) -> None:
    screen.open(CHART, path="/history")
    screen.page.locator("#bars").scroll_into_view_if_needed()
    box = bars(screen).nth(3).locator(".hit").bounding_box()
    assert box
    screen.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 5)
    screen.wait_text("#readout", "03:00\u201304:00: import")
    screen.page.mouse.move(1, 1)
    screen.wait_text("#readout", "14:00\u201315:00")


@pytest.mark.parametrize("width", [360, 800, 1280])
def test_labels_are_legible_at_any_width(
    browser: Browser, reader: FakeReader, screens: list[Screen], width: int
) -> None:
    screen = Screen(browser, reader, width)
    screens.append(screen)
    screen.open(CHART, path="/history")
    for name, until in (
        ("day", "so far"),
        ("week", "Thu"),
        ("month", "Thu"),
        ("year", "March 2026"),
    ):
        view(screen, name, until)
        texts = "[...document.querySelectorAll('#bars text')].filter(t => t.textContent)"
        screen.until(f"{texts}.length >= 4")
        svg = screen.page.locator("#bars")
        # In one call: the part above the chart may grow between two.
        size, boxes = svg.evaluate(
            """e => {
                const r = e.getBoundingClientRect();
                const texts = [...e.querySelectorAll('text')].filter(t => t.textContent);
                return [{ x: r.left, y: r.top, width: r.width, height: r.height }, texts.map(t => {
                    const b = t.getBoundingClientRect();
                    return [parseFloat(getComputedStyle(t).fontSize), b.left, b.right, b.top];
                })];
            }"""
        )
        assert size["height"] >= 140
        # One unit of the drawing is one pixel, so font sizes are in px.
        assert (svg.get_attribute("viewBox") or "").split()[2] == f"{size['width']:.0f}"
        assert min(box[0] for box in boxes) >= 11
        line = sorted(box for box in boxes if box[3] > size["y"] + size["height"] - 30)
        line.sort(key=lambda box: box[1])
        assert len(line) >= 4
        assert all(a[2] < b[1] for a, b in itertools.pairwise(line)), name
        assert all(
            size["x"] <= box[1] and box[2] <= size["x"] + size["width"] + 1 for box in boxes
        )
        assert fits(screen)


def test_the_chart_is_redrawn_after_a_resize(reader: FakeReader, screen: Screen) -> None:
    screen.open(CHART, path="/history")
    narrow = axis(screen)
    screen.page.set_viewport_size({"width": 1280, "height": 800})
    screen.until("document.getElementById('bars').viewBox.baseVal.width > 1000")
    assert len(axis(screen)) > len(narrow)
    assert "01" in axis(screen)
    assert "01" not in narrow


def test_week_month_and_year_have_the_readers_sums(reader: FakeReader, screen: Screen) -> None:
    screen.open(CHART, path="/history")
    sums = json.loads(reader.body())["ea"]
    view(screen, "week", "Thu 12 March")
    days = {slot["t"]: slot for slot in reader.house.slots("day", HOUR - 60 * 86400)}
    assert [name.split(":")[0] for name in labels(screen)] == [
        "Mon 9 March", "Tue 10 March", "Wed 11 March", "Thu 12 March", "Fri 13 March",
        "Sat 14 March", "Sun 15 March",
    ]  # fmt: skip
    assert [text for text in axis(screen) if text.isalpha()][1:] == (
        ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    )
    week = sum(days[f"2026-03-{n:02d}"]["i"] for n in range(9, 12)) + sums["u"][1]
    assert screen.text("#total-in") == kwh(week)
    earlier = sum(days[f"2026-03-0{n}"]["i"] for n in range(2, 9))
    # By now: the first three days and, of Thursday, 14 h 20 min 12 s of 24 h.
    part = sum(days[f"2026-03-0{n}"]["i"] for n in range(2, 5))
    part += days["2026-03-05"]["i"] * 51612 / 86400
    assert screen.text("#compare-word") == f"{100 * week / part:.0f} % of the week before by now"
    assert screen.text("#readout-before") == (f"the week before {days['2026-03-05']['i']:.2f} kWh")
    assert screen.page.locator("#bars .ghost").count() == 7
    assert screen.text("#compare") == (
        f"The week before by now {part:.1f} kWh, in all {earlier:.1f} kWh"
    )
    view(screen, "month", "Thu 12 March")
    assert bars(screen).count() == 31
    assert labels(screen)[0].startswith("Sun 1 March: import ")
    assert labels(screen)[30] == "Tue 31 March: to come"
    assert screen.text("#total-in") == kwh(sums["u"][2])
    earlier = sum(days[f"2026-02-{n:02d}"]["i"] for n in range(1, 12))
    part = earlier + days["2026-02-12"]["i"] * 51612 / 86400
    assert screen.text("#compare") == (
        f"Last month by now {part:.1f} kWh, in all {sums['u'][4]:.1f} kWh"
    )
    view(screen, "year", "March 2026")
    assert bars(screen).count() == 12
    assert labels(screen)[0].startswith("January 2026: import ")
    assert labels(screen)[11] == "December 2026: to come"
    february = sum(days[f"2026-02-{n:02d}"]["i"] for n in range(1, 29))
    assert labels(screen)[1].startswith(f"February 2026: import {february:.2f} kWh")
    assert labels(screen)[1].endswith(", measured")
    assert screen.text("#compare") == ""
    assert screen.page.get_by_role("listbox", name="Energy per month, 2026").count() == 1


def test_a_month_with_a_day_missing_is_incomplete(reader: FakeReader, screen: Screen) -> None:
    for hour in list(reader.house.hours):
        if utc("2026-01-10") <= hour < utc("2026-01-11"):
            del reader.house.hours[hour]
    screen.open(CHART, path="/history")
    view(screen, "year", "March 2026")
    assert labels(screen)[0].endswith("incomplete")
    assert screen.page.locator("#bars .cross").count() == 1


def test_the_views_are_radio_buttons(reader: FakeReader, screen: Screen) -> None:
    screen.open(CHART, path="/history")
    group = screen.page.get_by_role("radiogroup", name="Energy")
    group.get_by_label("Day").focus()
    screen.page.keyboard.press("ArrowRight")
    assert group.get_by_label("Week").is_checked()
    screen.wait_text("#readout", "Thu 12 March")


def test_yesterday_is_compared_with_the_same_time_of_day(
    reader: FakeReader, screen: Screen
) -> None:
    begin = HOUR - 38 * 3600  # 2026-03-11T00:00+01:00
    assert begin == utc("2026-03-11")
    for n in range(24):
        reader.house.hours[begin + n * 3600][0] = 1.0 if n < 14 else 3.0
    screen.open(CHART, path="/history")
    # 14 hours and 1212 s of the hour from 14: 14 + 3 * 1212 / 3600 = 15.01
    earlier = screen.text("#compare")
    # 14 hours of 1 kWh and 10 of 3 kWh
    assert earlier == "Yesterday by now 15.0 kWh, in all 44.0 kWh"
    assert screen.text("#compare-word").endswith(" % of yesterday by now")
    quality = reader.house.hours[HOUR - 3600]
    quality[2] = "gap"  # of today: more than what is known was used
    screen.page.reload()
    screen.until(CHART)
    assert screen.text("#compare") == earlier and screen.text("#compare-word") == ""
    quality[2] = "measured"
    del reader.house.hours[begin + 20 * 3600]  # later than now
    screen.page.reload()
    screen.until(CHART)
    assert screen.text("#compare") == "Yesterday by now 15.0 kWh"
    reader.house.hours[begin + 5 * 3600][2] = "gap"  # partly known
    screen.page.reload()
    screen.until(CHART)
    assert screen.text("#compare") == ""


def test_a_day_of_25_hours_has_25_bars(
    browser: Browser, reader: FakeReader, screens: list[Screen]
) -> None:
    reader.move(utc("2026-10-25T15:20:12"))
    screen = Screen(browser, reader, 1280, zone="America/New_York")
    screens.append(screen)
    screen.open(CHART, path="/history")
    names = [name.split(": ")[0] for name in labels(screen)]
    assert len(names) == 25
    assert names[:5] == ["00:00 UTC+2", "01:00 UTC+2", "02:00 UTC+2", "02:00 UTC+1", "03:00 UTC+1"]
    assert names[24] == "23:00 UTC+1"
    assert [text for text in axis(screen) if len(text) == 2][:5] == ["00", "01", "02", "02", "03"]
    heard(reader, screen)
    second = reader.house.hours[utc("2026-10-25T02:00", 1)]
    assert f"import {second[0]:.2f} kWh" in labels(screen)[3]
    table(screen)
    row(screen, "02:00 UTC+1").get_by_role("button").click()
    screen.page.locator("#correct-i").fill("7.5")
    save(screen)
    screen.wait_text("#said", "02:00 UTC+1 is corrected.")
    # The second 02:00 in Oslo is 01:00 UTC.
    assert reader.forms == [("/dayplot", {"i01": "7.5", "e01": f"{second[1]:.3f}"})]


def test_a_day_of_23_hours_has_23_bars(
    browser: Browser, reader: FakeReader, screens: list[Screen]
) -> None:
    reader.move(utc("2026-03-29T15:20:12"))
    screen = Screen(browser, reader, 1280, zone="Asia/Tokyo")
    screens.append(screen)
    screen.open(CHART, path="/history")
    names = [name.split(": ")[0] for name in labels(screen)]
    assert len(names) == 23
    assert names[:4] == ["00:00 UTC+1", "01:00 UTC+1", "03:00 UTC+2", "04:00 UTC+2"]
    assert "02" not in axis(screen)
    view(screen, "month", "Sun 29 March")
    assert labels(screen)[28].startswith("Sun 29 March: import ")


def test_after_midnight_the_readers_date_is_shown(
    browser: Browser, reader: FakeReader, screens: list[Screen]
) -> None:
    reader.move(utc("2026-03-01T00:10:00"))
    screen = Screen(browser, reader, zone="America/New_York")
    screens.append(screen)
    screen.open(CHART, path="/history")
    assert screen.text("#readout").startswith("00:00\u201301:00: import 0.31")
    view(screen, "month", "Sun 1 March")
    assert bars(screen).count() == 31


def test_the_house_has_the_expected_figures() -> None:
    house = House(NOW, 3)
    slots = house.slots("60", HOUR - 2 * 3600)
    assert [slot["t"] for slot in slots] == ["2026-03-12T12:00+01:00", "2026-03-12T13:00+01:00"]
    assert house.slots("day", utc("2026-03-11"))[0]["t"] == "2026-03-11"
    assert house.slots("60", utc("2026-03-12"))[0]["q"] == "measured"
    assert re.fullmatch(r"\d+\.\d+", str(slots[0]["i"]))
