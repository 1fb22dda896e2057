"""The table of energy, its CSV and its corrections."""

import pytest

from tests.browser.energy import (
    CHART,
    DASH,
    HOUR,
    NOW,
    correct_morning,
    focused,
    heard,
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
from tests.browser.keys import press
from tests.browser.screen import Screen, expected_network, fits


def view_of(screen: Screen, name: str) -> None:
    """Choose a range and wait until it is shown."""
    screen.page.locator(f"#views input[value={name}]").check()
    screen.until("!document.getElementById('energy-data').inert")
    screen.settle()


def test_the_table_has_the_figures_of_the_bars(reader: FakeReader, screen: Screen) -> None:
    del reader.house.hours[HOUR - 3600 * 8]
    reader.recount()
    screen.open(CHART, path="/history")
    table(screen)
    rows = screen.page.locator("#table tbody tr:visible")
    assert rows.count() == 15
    assert screen.page.get_by_role("table", name="Energy per hour, Thu 12 March, kWh").count() == 1
    cells = [cell.strip() for cell in rows.nth(8).locator("th, td").all_inner_texts()]
    eight = reader.house.hours[HOUR - 6 * 3600]
    assert cells == ["08:00", f"{eight[0]:.3f}", "0.000", "measured", ""]
    cells = [cell.strip() for cell in rows.nth(6).locator("th, td").all_inner_texts()]
    assert cells == ["06:00", DASH, DASH, "unknown", ""]
    assert rows.nth(14).inner_text().split() == ["14:00", "0.311", "0.092", "so", "far"]
    assert fits(screen)
    assert rows.nth(8).get_by_role("button", name="Correct 08:00\u201309:00").count() == 1
    toggle = screen.page.get_by_role("button", name="Show as chart")
    toggle.focus()
    screen.page.keyboard.press("Enter")
    assert screen.page.locator("#bars").is_visible()
    assert focused(screen) == "as-table"


def test_the_csv_link_has_the_shown_range(reader: FakeReader, screen: Screen) -> None:
    screen.open(CHART, path="/history")
    with screen.page.expect_download() as download:
        screen.page.get_by_role("link", name="Download CSV").click()
    assert download.value.suggested_filename == "energy-day-2026-03-12.csv"
    assert "/history.csv?step=60&from=2026-03-12" in reader.requests
    view(screen, "month", "Thu")
    assert screen.page.locator("#csv").get_attribute("href") == (
        "/history.csv?step=day&from=2026-03-01"
    )
    view(screen, "year", "March 2026")
    assert screen.page.locator("#csv").get_attribute("href") == (
        "/history.csv?step=day&from=2026-01-01"
    )


def test_the_csv_has_money_where_it_is_known(reader: FakeReader, screen: Screen) -> None:
    reader.price = 1.5
    screen.open(CHART, path="/history")
    screen.until("!document.getElementById('unit-choice').hidden")
    link = screen.page.locator("#csv")
    for name in ("day", "week", "month", "year"):
        view_of(screen, name)
        assert (link.get_attribute("href") or "").endswith("&money=1")
    view_of(screen, "day")
    with screen.page.expect_download() as download:
        link.click()
    assert "/history.csv?step=60&from=2026-03-12&money=1" in reader.requests
    eight = reader.house.hours[HOUR - 6 * 3600]
    lines = download.value.path().read_text().split()
    assert f"2026-03-12T08:00+01:00,{eight[0]},{eight[1]},measured,{eight[0] * 1.5:.5f}," in lines


def test_an_hour_is_corrected_and_restored_by_keyboard(reader: FakeReader, screen: Screen) -> None:
    """From the page's beginning, with Tab and Enter alone."""
    screen.open(CHART, path="/history")
    old = reader.house.hours[HOUR - 6 * 3600][0]
    screen.page.keyboard.press("Tab")
    assert focused(screen) == "skip"
    press(screen, "as-table")
    screen.until("document.activeElement.id === 'table'")
    for hour in range(9):  # the rows are next
        screen.page.keyboard.press("Tab")
        assert focused(screen) == f"Correct {hour:02}:00\u2013{hour + 1:02}:00"
    screen.page.keyboard.press("Enter")
    screen.until("document.activeElement.id === 'correct-i'")
    assert screen.page.get_by_role("form", name="Correct 08:00\u201309:00").is_visible()
    assert screen.page.locator("#correct-i").input_value() == f"{old:.3f}"
    assert fits(screen)
    screen.page.keyboard.type("1,25")  # the old value was selected
    save(screen)
    screen.wait_text("#said", "08:00\u201309:00 is corrected.")
    assert reader.forms == [("/dayplot", {"i07": "1.25", "e07": "0.000"})]  # 08:00 is 07 UTC
    assert reader.previews == reader.forms
    assert not screen.page.locator("#correct").is_visible()
    assert focused(screen) == "Correct 08:00\u201309:00"
    wait_row(screen, 8, "1.250")
    assert row(screen, "08:00").inner_text().split()[1:4] == ["1.250", "0.000", "corrected"]
    assert focused(screen) == "Correct 08:00\u201309:00"
    screen.until("!document.getElementById('undo').hidden")
    screen.page.keyboard.press("Tab")
    assert focused(screen) == "undo"
    screen.page.keyboard.press("Tab")
    assert focused(screen) == "Correct 09:00\u201310:00"
    screen.page.keyboard.press("Shift+Tab")
    screen.page.keyboard.press("Enter")
    screen.wait_text("#said", "The correction is undone.")
    assert reader.forms[1:] == [("/dayplot", {"undo": "1"})]
    screen.until("document.activeElement.getAttribute('aria-label')?.startsWith('Correct 08')")
    screen.until("document.getElementById('undo').hidden")
    screen.page.keyboard.press("Tab")  # the page's order goes on from there
    assert focused(screen) == "Correct 09:00\u201310:00"
    screen.page.keyboard.press("Shift+Tab")
    wait_row(screen, 8, "measured")
    assert row(screen, "08:00").inner_text().split()[1] == f"{old:.3f}"
    assert not screen.page.locator("#undo").is_visible()
    assert focused(screen) == "Correct 08:00\u201309:00"


def test_a_day_is_corrected(reader: FakeReader, screen: Screen) -> None:
    reader.set(ea={"cur": "NOK"})
    screen.open(CHART, path="/history")
    view(screen, "month", "Thu")
    table(screen)
    row(screen, "Thu 5 March").get_by_role("button").click()
    screen.page.locator("#correct-i").fill("41.5")
    screen.page.locator("#correct-e").fill("0")
    screen.page.get_by_role("button", name="Preview").click()
    screen.wait_text("#effect", "a whole day has no hours to price")
    assert "Peaks" not in screen.text("#effect")
    screen.page.get_by_role("button", name="Save").click()
    screen.wait_text("#said", "Thu 5 March is corrected.")
    assert reader.forms == [("/monthplot", {"i05": "41.5", "e05": "0"})]
    wait_row(screen, 4, "41.500")
    screen.page.get_by_role("button", name="Undo").click()
    screen.wait_text("#said", "is undone")
    assert reader.forms[1:] == [("/dayplot", {"undo": "1"})]


def test_only_editable_hours_have_a_button(reader: FakeReader, screen: Screen) -> None:
    reader.move(utc("2026-10-25T23:30:00"))  # the last of 25 hours; 24 are complete
    screen.open(CHART, path="/history")
    table(screen)
    buttons = [
        item.get_by_role("button").count()
        for item in screen.page.locator("#table tbody tr:visible").all()
    ]
    assert buttons == [1] * 24 + [0]
    for name, until, most in (("week", "per day", 6), ("year", "per month", 0)):
        screen.page.locator(f"#views input[value={name}]").check()
        screen.wait_text("#table-title", until)
        assert screen.page.locator("#table tbody button:visible").count() == most


@pytest.mark.parametrize("wrong", ["", "-1", "1000000", "1.2345", "1e3", "abc", "1.", ".5", "NaN"])
def test_a_wrong_value_is_not_sent(reader: FakeReader, screen: Screen, wrong: str) -> None:
    screen.open(CHART, path="/history")
    table(screen)
    row(screen, "08:00").get_by_role("button").click()
    screen.page.locator("#correct-e").fill(wrong)
    screen.page.keyboard.press("Enter")
    assert screen.page.get_by_role("alert").filter(has_text="from 0 to 999999.999").is_visible()
    assert "from 0 to 999999.999" in screen.text("#correct-e-why")
    assert screen.text("#correct-i-why") == ""
    assert focused(screen) == "correct-e"
    assert screen.page.locator("#correct-e").get_attribute("aria-invalid") == "true"
    assert screen.page.locator("#correct-i").get_attribute("aria-invalid") == "false"
    assert reader.forms == reader.previews == []
    screen.page.locator("#correct-e").fill("999999,999")
    save(screen)
    screen.wait_text("#said", "is corrected")
    assert reader.forms[0][1]["e07"] == "999999.999"


def test_escape_and_cancel_close_the_form(reader: FakeReader, screen: Screen) -> None:
    screen.open(CHART, path="/history")
    table(screen)
    for leave in ("Escape", "Cancel"):
        row(screen, "08:00").get_by_role("button").click()
        screen.page.locator("#correct-i").fill("9")
        if leave == "Escape":
            screen.page.keyboard.press("Escape")
        else:
            screen.page.get_by_role("button", name="Cancel").click()
        assert not screen.page.locator("#correct").is_visible()
        assert focused(screen) == "Correct 08:00\u201309:00"
        assert screen.page.locator("#table tbody tr:visible").count() == 15
    assert reader.forms == []


def test_one_form_is_open_and_stays_when_figures_change(
    reader: FakeReader, screen: Screen
) -> None:
    screen.open(CHART, path="/history")
    table(screen)
    row(screen, "08:00").get_by_role("button").click()
    row(screen, "09:00").get_by_role("button").click()
    assert screen.page.locator("#correct").count() == 1
    assert screen.page.locator("#table tbody tr:visible").count() == 16
    screen.page.locator("#correct-i").fill("3.2")
    reader.set(ea={"u": [0.9, 15, 300, 31, 900], "iu": 0.9})
    heard(reader, screen)
    assert screen.page.locator("#correct-i").input_value() == "3.2"
    assert focused(screen) == "correct-i"
    reader.set(c=NOW + 3600, ea={"u": [0.1, 15.9, 301, 31, 900], "iu": 0.1})
    heard(reader, screen)
    assert "15:00" not in screen.text("#table")
    save(screen)
    screen.wait_text("#said", "09:00\u201310:00 is corrected.")
    screen.wait_text("#table", "15:00")


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (400, b'{"success":false,"message":"not an energy in kWh: 9"}',
         "The reader refused: not an energy in kWh: 9."),
        (503, b'{"success":false,"message":"the clock is not set yet: try again in a minute"}',
         "The reader refused: the clock is not set yet: try again in a minute."),
        (200, b'{"success":false,"message":"The storage took nothing"}',
         "The reader refused: The storage took nothing."),
        (200, b'{"success":true,"message":"0 changed"}', "Nothing has changed"),
        (503, b"", "The reader refused: HTTP 503."),
        (403, b'{"success":false,"message":"<b>no</b>"}', "The reader refused: <b>no</b>."),
        (200, b'{"success":tr', "The reader refused: HTTP 200."),
        (200, b"null", "The reader refused: HTTP 200."),
    ],
)  # fmt: skip
def test_a_refused_correction_shows_the_reason(
    reader: FakeReader, screen: Screen, status: int, body: bytes, message: str
) -> None:
    reader.canned["/dayplot"] = (status, body)
    correct_morning(screen)
    screen.page.keyboard.press("Enter")
    screen.wait_text("#correct-why", message)
    assert focused(screen) == "correct-i"
    assert screen.page.locator("#correct-i").input_value() == "9"
    assert screen.text("#save") == "Preview"
    assert not screen.page.locator("#undo").is_visible()
    del reader.canned["/dayplot"]
    save(screen)
    screen.wait_text("#said", "is corrected")
    expected_network(screen)


def test_a_correction_is_sent_once(reader: FakeReader, screen: Screen) -> None:
    correct_morning(screen)
    reader.held.add("/dayplot")
    for key in ("Enter", "Enter", "Escape"):
        screen.page.keyboard.press(key)
    assert screen.text("#save") == "Checking"
    reader.release()
    screen.wait_text("#save", "Save")
    reader.held.add("/dayplot")
    for key in ("Enter", "Enter", "Escape"):
        screen.page.keyboard.press(key)
    assert screen.text("#save") == "Saving"
    reader.release()
    screen.wait_text("#said", "is corrected")
    assert len(reader.forms) == len(reader.previews) == 1


def test_a_correction_without_an_answer_keeps_the_form(reader: FakeReader, screen: Screen) -> None:
    screen.open(CHART, path="/history")
    table(screen)
    row(screen, "08:00").get_by_role("button").click()
    for wanted in ("Preview", "Save"):
        reader.cut.discard("/dayplot")
        if wanted == "Save":
            screen.page.keyboard.press("Enter")
        screen.wait_text("#save", wanted)
        reader.cut.add("/dayplot")
        screen.page.keyboard.press("Enter")
        screen.wait_text("#correct-why", "No answer from the reader")
        assert screen.page.locator("#correct").is_visible()
        assert screen.text("#save") == "Preview"
        assert not screen.page.locator("#effect").is_visible()
    expected_network(screen)


def effect(screen: Screen) -> list[str]:
    """The rows of the preview."""
    rows = screen.page.locator("#effect-list > div").all()
    return [" ".join(row.inner_text().split()) for row in rows]


def test_the_effect_of_a_correction_is_shown_before_it_is_saved(
    reader: FakeReader, screen: Screen
) -> None:
    reader.set(ea={"cur": "NOK"})
    screen.open(CHART, path="/history")
    walk(screen, "earlier", "Wed 11 March")
    table(screen)
    row(screen, "20:00").get_by_role("button").click()
    day = next(slot for slot in reader.house.slots("day", 0) if slot["t"] == "2026-03-11")
    hour = reader.house.hours[utc("2026-03-11T20:00:00")]
    screen.page.locator("#correct-i").fill("9.5")
    screen.page.keyboard.press("Enter")
    screen.wait_text("#effect-list", "March 2026")
    assert screen.page.get_by_text("Saving would change:").is_visible()
    assert focused(screen) == "save" and screen.text("#save") == "Save"
    assert effect(screen) == [
        f"Import, Wed 11 March {day['i']:.3f} \u2192 {day['i'] - hour[0] + 9.5:.3f} kWh",
        "Import, March 2026 200.500 \u2192 203.250 kWh",
        "Peaks, March 2026 4.60 \u2192 5.12 kW",
        "Step of the tariff up to 5 kW \u2192 up to 10 kW",
        "Cost +1.25 NOK",
        "Export earns \u22120.02 NOK",
    ]
    assert fits(screen)
    assert reader.forms == []
    screen.page.keyboard.press("Shift+Tab")
    screen.page.keyboard.type("0.2")  # another value has another effect
    assert not screen.page.locator("#effect").is_visible()
    assert screen.text("#save") == "Preview"
    screen.page.keyboard.press("Enter")
    screen.wait_text("#effect", "Export, Wed 11 March")
    screen.page.get_by_role("button", name="Cancel").click()
    assert not screen.page.locator("#correct").is_visible()
    row(screen, "20:00").get_by_role("button").click()
    assert not screen.page.locator("#effect").is_visible()
    assert reader.forms == [] and len(reader.previews) == 2


def test_a_limit_is_named_next_to_its_field(reader: FakeReader, screen: Screen) -> None:
    why = "at most 27.8 kWh in 1 h: the main fuse of 25 A allows no more"
    body = b'{"success":false,"message":"e07: %s"}' % why.encode()
    reader.canned["/dayplot"] = (400, body)
    screen.open(CHART, path="/history")
    table(screen)
    row(screen, "08:00").get_by_role("button").click()
    screen.page.locator("#correct-e").fill("99")
    screen.page.keyboard.press("Enter")
    screen.wait_text("#correct-e-why", f"The reader refused: {why}.")
    assert screen.text("#correct-i-why") == screen.text("#correct-why") == ""
    assert screen.page.locator("#correct-e").get_attribute("aria-invalid") == "true"
    assert screen.page.locator("#correct-i").get_attribute("aria-invalid") == "false"
    assert focused(screen) == "correct-e" and fits(screen)
    del reader.canned["/dayplot"]
    screen.page.locator("#correct-e").fill("0.5")
    save(screen)
    screen.wait_text("#said", "is corrected")
    expected_network(screen)


def listed(screen: Screen) -> list[str]:
    """The corrections of the list, as text."""
    rows = screen.page.locator("#edits-list > li").all()
    return [" ".join(row.inner_text().split()) for row in rows]


def test_corrections_are_listed_and_undone_from_the_newest_back(
    reader: FakeReader, screen: Screen
) -> None:
    screen.open(CHART, path="/history")
    screen.page.locator("summary").focus()
    screen.page.keyboard.press("Enter")
    screen.wait_text("#edits-note", "Nothing has been corrected.")
    table(screen)
    old = {hour: reader.house.hours[utc(f"2026-03-12T{hour}:00")][0] for hour in ("08", "09")}
    for hour, value in (("08", "1.25"), ("09", "2.5")):
        row(screen, f"{hour}:00").get_by_role("button").click()
        screen.page.locator("#correct-i").fill(value)
        save(screen)
        screen.wait_text("#said", f"{hour}:00")
        screen.wait_text("#edits-list", f"12 March {hour}:00")
    lines = [
        f"Correction, Thu 12 March 14:20 Thu 12 March {hour}:00: "
        f"import {old[hour]:.3f} \u2192 {value} kWh"
        for hour, value in (("09", "2.500"), ("08", "1.250"))
    ]
    assert listed(screen) == [f"{lines[0]} Undo", lines[1]]
    assert screen.text("#edits-note") == ""
    for n, hour in ((9, "09"), (8, "08")):
        screen.page.locator("#edits-list").get_by_role("button", name="Undo").click()
        wait_row(screen, n, f"{old[hour]:.3f}")
        screen.wait_text("#said", "The correction is undone.")
        assert not screen.page.locator("#undo").is_visible()
        screen.settle()
    assert focused(screen) == "Corrections"
    undone = [line.replace("14:20 Thu", "14:20 undone Thu 12 March 14:21 Thu") for line in lines]
    assert listed(screen) == [undone[0], f"{undone[1]} Redo"]
    screen.page.get_by_role("button", name="Redo").click()
    screen.wait_text("#said", "The correction is made again.")
    wait_row(screen, 8, "1.250")
    screen.settle()
    assert listed(screen) == [f"{undone[0]} Redo", f"{lines[1]} Undo"]
    assert [form for _, form in reader.forms[2:]] == [{"undo": "2"}, {"undo": "1"}, {"redo": "1"}]
    assert fits(screen)


def test_an_undo_whose_turn_is_over_changes_nothing(reader: FakeReader, screen: Screen) -> None:
    correct_morning(screen)
    save(screen)
    screen.wait_text("#said", "is corrected")
    screen.until("!document.getElementById('undo').hidden")
    reader.post("/dayplot", {"i08": "3", "e08": "0"})  # by another page
    screen.page.get_by_role("button", name="Undo").click()
    screen.wait_text("#said", "The reader refused: it is not the newest one.")
    screen.until("document.activeElement.id === 'undo'")
    assert reader.house.hours[utc("2026-03-12T08:00")][0] == 9
    assert reader.house.hours[utc("2026-03-12T09:00")][0] == 3


def test_a_page_that_is_left_during_a_save_has_the_new_figures_later(
    reader: FakeReader, screen: Screen
) -> None:
    correct_morning(screen)
    screen.page.keyboard.press("Enter")
    screen.until("document.activeElement.id === 'save'")
    reader.held.add("/dayplot")
    screen.page.keyboard.press("Enter")
    wait_asked(reader, screen, "/dayplot", 2)
    screen.page.locator("#places a[href='/']").click()
    screen.until("location.pathname === '/' && document.getElementById('cards')")
    reader.release()
    screen.settle()
    screen.page.locator("#places a[href='/history']").click()
    screen.until(CHART)
    table(screen)
    wait_row(screen, 8, "9.000")


def test_a_list_that_cannot_be_read_says_so(reader: FakeReader, screen: Screen) -> None:
    screen.open(CHART, path="/history")
    for canned in ((503, b""), (200, b'{"zone":"Europe/Oslo"}'), (200, b"null")):
        reader.canned["/edits.json"] = canned
        screen.page.locator("summary").click()
        screen.wait_text("#edits-note", "could not be read")
        screen.page.locator("summary").click()
        screen.settle()
    del reader.canned["/edits.json"]
    screen.page.locator("summary").click()
    screen.wait_text("#edits-note", "Nothing has been corrected.")
    expected_network(screen)
