"""The requests for history: when they are sent, and the messages after a failure."""

import json

import pytest

from tests.browser.energy import (
    CHART,
    DASH,
    HALF,
    HOUR,
    asked,
    heard,
    labels,
    row,
    save,
    table,
    wait_asked,
    wait_row,
)
from tests.browser.fake_reader import FakeReader
from tests.browser.screen import Screen, expected_network
from tests.timing import wait_until


@pytest.mark.parametrize(
    "answer",
    [
        (503, b""),
        (400, b"from must be before to"),
        (200, b""),
        (200, b"{}"),
        (200, b"null"),
        (200, b'{"zone":"Europe/Oslo","slots":[{"t":"2026-03-12T08:00+01:00","i":0.1'),
        (200, b'{"zone":"Europe/Oslo","slots":[{"t":"never","i":1,"e":1,"q":"measured"}]}'),
        (200, b'{"zone":"Europe/Oslo","slots":[{"t":"2026-03-12","i":"1","e":1,"q":"gap"}]}'),
        (200, b'{"zone":"Europe/Oslo","slots":[{"t":"2026-03-12","i":1,"e":1,"q":"<b>"}]}'),
        (200, b'{"zone":"Europe/Oslo","slots":[null]}'),
        None,
    ],
)
def test_a_failed_read_of_history_is_repeated(
    reader: FakeReader, screen: Screen, answer: tuple[int, bytes] | None
) -> None:
    screen.own_clock()
    if answer:
        reader.canned["/history.json"] = answer
    else:
        reader.cut.add("/history.json")
    screen.open(path="/history")
    screen.wait_text("#energy-note", "History could not be read: retrying in 10 s.")
    assert screen.page.locator("#energy-note").get_attribute("class") == "note bad"
    assert not screen.page.locator("#energy-data").is_visible()
    assert screen.text("#total-in") == DASH
    before = asked(reader, "/history.json")
    screen.run(8000)
    assert asked(reader, "/history.json") == before
    reader.canned.clear()
    reader.cut.clear()
    screen.run(3000)
    screen.wait_text("#readout", "so far")
    assert screen.text("#energy-note") == ""
    expected_network(screen)


def test_old_bars_stay_after_a_failed_read(reader: FakeReader, screen: Screen) -> None:
    screen.own_clock()
    screen.open(CHART, path="/history")
    reader.canned["/history.json"] = (503, b"")
    reader.set(c=HOUR + 3599)
    screen.run(6000)
    screen.wait_text("#energy-note", "could not be read")
    assert "09:00\u201310:00: import" in labels(screen)[9]
    expected_network(screen)


def test_history_begins_with_the_first_telegram(reader: FakeReader, screen: Screen) -> None:
    reader.house.hours.clear()
    unknown = dict.fromkeys("upcg", [None] * 5)
    reader.set(
        s=None, ea={**unknown, "iu": None, "ix": None, "ir": None, "pn": 0.52, "cur": "NOK"}
    )
    screen.open(
        "document.getElementById('energy-note').textContent.includes('first telegram')",
        path="/history",
    )
    assert screen.text("#energy-note") == "History begins with the first telegram."
    assert not screen.page.locator("#energy-data").is_visible()
    assert not screen.page.locator("#as-table").is_visible()
    reader.reset()
    reader.house.hours.clear()
    reader.recount()
    screen.wait_text("#readout", "14:00\u201315:00: import 0.31 kWh")
    assert labels(screen)[13].endswith("not complete yet")


def test_a_message_is_shown_while_history_is_read(reader: FakeReader, screen: Screen) -> None:
    reader.held.add("/history.json")
    screen.open(path="/history")
    assert screen.text("#energy-note") == "Reading history."
    reader.release()
    screen.until(CHART)


def test_a_time_zone_unknown_to_the_browser_counts_as_utc(
    reader: FakeReader, screen: Screen
) -> None:
    slots = [{"t": "2026-03-12T08:00+00:00", "i": 0.5, "e": 0, "q": "measured"}]
    body = {"unit": "kwh", "time": "local", "zone": "Mars/Olympus", "slots": slots}
    reader.canned["/history.json"] = (200, json.dumps(body).encode())
    screen.open(CHART, path="/history")
    assert labels(screen)[8].startswith("08:00\u201309:00: import 0.50")
    assert screen.text("#readout").startswith("13:00\u201314:00")  # 13:20 UTC


def test_history_is_read_when_the_hour_ends(reader: FakeReader, screen: Screen) -> None:
    screen.own_clock()
    screen.open(CHART, path="/history")
    screen.run(2000)
    first = asked(reader, "/history.json")
    assert first == 1
    for watts in range(5):
        reader.set(i=1000 + watts)
        screen.run(2500)
    heard(reader, screen)
    assert asked(reader, "/history.json") == 1
    # 39 min 48 s are left of the hour; the document is older than the clock.
    reader.house.hours[HOUR] = [1.75, 0.0, "measured"]
    day = reader.house.sums(0.01, 0)[1]
    reader.set(c=HOUR + 3595, ea={"u": [0.01, day, 318, 31, 839]})
    screen.run(12000)
    screen.wait_text("#readout", "15:00\u201316:00: import 0.01")
    screen.until("document.querySelectorAll('#bars [role=option]')[14].ariaLabel.includes('1.75')")
    assert asked(reader, "/history.json") == 2
    screen.run(1000)
    assert asked(reader, "/history.json") == 2


def test_an_incomplete_hour_is_requested_again(reader: FakeReader, screen: Screen) -> None:
    screen.own_clock()
    hour = reader.house.hours.pop(HOUR - 3600)
    screen.open(CHART, path="/history")
    assert labels(screen)[13] == "13:00\u201314:00: not complete yet"
    assert screen.page.locator("#bars .cross").count() == 0
    table(screen)
    assert row(screen, "13:00").get_by_role("button").count() == 0
    reader.house.hours[HOUR - 3600] = hour
    screen.run(21000)
    wait_row(screen, 13, "measured")
    assert asked(reader, "/history.json") == 2
    screen.run(600_000)
    assert asked(reader, "/history.json") == 2


def test_a_hidden_tab_reads_no_history(reader: FakeReader, screen: Screen) -> None:
    screen.own_clock()
    screen.open(CHART, path="/history")
    screen.run(3000)
    turn = """hidden => {
        Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
    }"""
    wait_asked(reader, screen, "/favicon.svg", 1)
    screen.page.evaluate(turn, True)
    screen.settle()
    before = len(reader.requests)
    screen.run(3 * 3600_000)
    screen.page.wait_for_timeout(200)
    assert len(reader.requests) == before
    reader.set(c=HOUR + 3 * 3600 + HALF)
    screen.page.evaluate(turn, False)
    screen.wait_text("#readout", "17:00\u201318:00")


def test_reading_stops_when_the_tab_is_hidden(reader: FakeReader, screen: Screen) -> None:
    screen.own_clock()
    reader.held.add("/history.json")
    screen.open(path="/history")
    turn = """hidden => {
        Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
    }"""
    wait_asked(reader, screen, "/history.json", 1)
    screen.page.evaluate(turn, True)
    screen.settle()
    reader.release()
    wait_until(lambda: reader.open == 0)
    screen.page.evaluate(turn, False)
    reader.set()
    screen.run(2000)
    screen.wait_text("#readout", "so far")  # without the pause after a failure
    assert screen.text("#energy-note") == ""


def test_requests_are_sent_one_at_a_time(reader: FakeReader, screen: Screen) -> None:
    reader.slow_s = 0.25
    screen.open(CHART, path="/history")
    for name in ("week", "month", "year", "day", "month"):
        screen.page.locator(f"#views input[value={name}]").check()
        screen.page.wait_for_timeout(120)
    screen.wait_text("#readout", "Thu 12 March")
    table(screen)
    row(screen, "Thu 5 March").get_by_role("button").click()
    save(screen)
    screen.wait_text("#said", "is corrected")
    screen.page.get_by_role("button", name="Undo").click()  # while history is being read
    screen.wait_text("#said", "is undone")
    assert reader.most_open == 1
    assert asked(reader, "/events") == 1


def test_a_reader_with_low_supply_is_polled_less(reader: FakeReader, screen: Screen) -> None:
    reader.refuse_events = True
    reader.set(ps=30)
    screen.own_clock()
    screen.open()
    screen.settle()
    before = asked(reader, "/now.json")
    screen.run(25000)
    assert asked(reader, "/now.json") == before
    assert screen.text("#notes") == ""  # telegrams are polled later, not missing
    screen.run(8000)
    screen.settle()
    # The pause is over, and the event stream is tried again after as long.
    assert before < asked(reader, "/now.json") <= before + 2
    expected_network(screen)
