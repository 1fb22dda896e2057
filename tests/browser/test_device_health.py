"""Device, health: services in words, graphs, counters, the log."""

from tests.browser.device import HEALTH, PRICES, opened, serve, value
from tests.browser.fake_reader import FakeReader
from tests.browser.looks import looks_right
from tests.browser.screen import Screen


def services(screen: Screen) -> list[tuple[str, str]]:
    """(kind, words) of each service."""
    rows = screen.page.locator("#services li").all()
    return [((row.get_attribute("class") or "").split()[-1], row.inner_text()) for row in rows]


def test_a_healthy_reader(reader: FakeReader, screen: Screen) -> None:
    serve(reader)
    reader.set(z="Europe/Oslo")
    opened(screen, "health").wait_text("#services", "full operation")
    assert services(screen) == [
        ("ok", "Meter 2 s ago, 2400 8E1"), ("ok", "Wi-Fi \u221258 dBm"), ("ok", "MQTT connected"),
        ("ok", "Prices: NO1, ENTSO-E, NOK, \u2026 2026-03-14 00:00"),
        ("ok", "Supply voltage 3.29 V: full operation"),
    ]  # fmt: skip
    counts = {name: value(screen, name, "#counts") for name in
              ("telegrams", "frames", "lists", "errors", "up", "reset", "last")}  # fmt: skip
    assert counts == {
        "telegrams": "36\u202f211", "frames": "36\u202f230", "lists": "1", "errors": "3",
        "up": "1 d 1 h", "reset": "software, one core; settings were saved", "last": "\u2014",
    }  # fmt: skip
    assert screen.text("#kinds").split() == ["checksum", "3"]
    assert screen.page.locator('a[href="/diagnostics.txt"][download]').is_visible()
    looks_right(screen, "device-health")


def test_graphs_of_the_last_hour(reader: FakeReader, screen: Screen) -> None:
    serve(reader)
    opened(screen, "health").wait_text("#services", "Supply")
    labels = {
        "supply": "Supply voltage, Last 60 minutes: 3.26 V \u2013 3.30 V; now 3.30 V",
        "rssi": "Wi-Fi signal, Last 60 minutes: \u221262 dBm \u2013 \u221258 dBm; "
        "now \u221262 dBm",
        "heap": "Free memory, Last 60 minutes: 40 KB \u2013 43 KB; now 42 KB",
    }
    for name, label in labels.items():
        chart = screen.page.locator(f"#chart-{name}")
        assert chart.get_attribute("aria-label") == label
        points = chart.locator("polyline").get_attribute("points") or ""
        known = {"supply": 60, "rssi": 50, "heap": 40}[name]
        assert len(points.split()) == known
        box = chart.bounding_box()
        assert box and chart.evaluate("e => e.viewBox.baseVal.width") == round(box["width"])
        texts = chart.locator("text").all_text_contents()
        assert texts[-5:] == ["\u221260", "\u221245", "\u221230", "\u221215", "now"], name


def test_a_reader_in_trouble(reader: FakeReader, screen: Screen) -> None:
    serve(
        reader,
        health={
            "meter": {**HEALTH["meter"], "age": None, "line": "searching"}, "safe": 600,
            "wifi": {"rssi": -97, "history": [None] * 60}, "mqtt": {"light": 3, "error": -2},
            "supply": {"v": 3.05, "tier": 3, "low": [3.04] * 60}, "crash": "web: OSError: 12",
            "push": {"fault": "nas.local: status 500", "failures": 3},
            "heap": {**HEALTH["heap"], "history": [None] * 60},
            "held": "supply voltage too low: 3.05 V", "events": [],
        },
        prices={"error": "no answer of ENTSO-E"}, supply={"words": "MQTT is paused"},
    )  # fmt: skip
    opened(screen, "health").wait_text("#services", "MQTT is paused")
    assert services(screen) == [
        ("bad", "Meter silent, searching"), ("bad", "Wi-Fi \u221297 dBm, very weak"),
        ("bad", "MQTT failed (-2)"), ("warn", "Prices: no answer of ENTSO-E"),
        ("warn", "Supply voltage 3.05 V: MQTT is paused"), ("warn", "Push: nas.local: status 500"),
        ("warn", "supply voltage too low: 3.05 V"),
    ]  # fmt: skip
    assert "Safe mode" in screen.text("#safe") and "10 min" in screen.text("#safe")
    assert value(screen, "last", "#counts") == "web: OSError: 12"
    assert screen.page.locator("#chart-heap").get_attribute("aria-label") == "Free memory \u2014"
    assert screen.text("#log-none") == "\u2014"
    looks_right(screen, "device-health-bad")


def test_states_of_prices(reader: FakeReader, screen: Screen) -> None:
    nothing = {"enabled": False, "source": None, "end": None}
    for change, words in (
        (nothing, ("off", "Prices: \u2014")),
        ({"missing": "EUR to SEK"}, ("warn", "Prices: no exchange rate EUR to SEK")),
        ({"stale": True}, ("warn", "Prices: none for now")),
    ):
        serve(reader)
        reader.documents["/prices.json"] = {**PRICES, **change}
        opened(screen, "health").wait_text("#services", "Prices")
        assert services(screen)[3] == words
        screen.page.goto("about:blank")


def test_the_log_is_filtered_and_copied(reader: FakeReader, screen: Screen) -> None:
    serve(reader)
    page = opened(screen, "health").page
    screen.wait_text("#log-lines", "found at")
    lines = page.locator("#log-lines li")
    # The newest first; markup in a line is text.
    assert lines.first.inner_text().endswith("error web: ValueError: <b>bad</b>")
    assert lines.count() == 3
    page.get_by_label("From level").select_option("warning")
    assert lines.count() == 2
    page.get_by_label("Search").fill("PASSWORD")
    assert lines.count() == 1 and lines.inner_text().endswith("telnet: wrong password")
    page.locator("#log-copy").click()
    screen.wait_text("#log-said", "Done.")
    page.get_by_label("Search").fill("")
    page.get_by_label("Search").press("Control+v")
    assert "telnet: wrong password" in page.get_by_label("Search").input_value()


def test_the_reader_does_not_answer(reader: FakeReader, screen: Screen) -> None:
    serve(reader)
    reader.answers["GET", "/health.json"] = (503, {"message": "later"})
    opened(screen, "health").wait_text("#health-said", "does not answer")
    screen.complaints.clear()  # Chromium's message of status 503
