"""The page's visible content and its timing, in Chromium with a fake reader."""

import re

import pytest
from playwright.sync_api import Browser

from tests.browser.energy import heard, wait_asked
from tests.browser.fake_reader import DOCUMENT, FakeReader, afternoon
from tests.browser.now import CARDS, ORDER, prices, sell, show, shown
from tests.browser.screen import FRESH, PICTURES, Screen, expected_network, fits
from tests.browser.test_whole import LONG_MS
from tools import page as builder

OLD = "document.body.classList.contains('old')"
QUIET = "document.getElementById('notes').children.length === 0"
DASH = "\u2014"


def test_the_page_shows_the_power_the_load_and_the_reading(
    reader: FakeReader, screen: Screen
) -> None:
    screen.open(CARDS)
    assert (screen.text("#power"), screen.text("#power-unit")) == ("2.43", "kW")
    assert screen.text("#h-now") == "Importing"
    assert screen.text("#load-text") == "14 % of 25 A main fuse"  # 2430 W of 17320 W
    assert screen.text("#stand") == "meter 48\u202f211.7\u00a0kWh"
    assert screen.text("#meter-name") == "Aidon 6525"
    assert screen.text("#p1 .amps") == "6.2"
    assert screen.text("#p3 .volts") == "230"
    bar = screen.page.locator("#load-bar").evaluate("e => e.style.width")
    assert bar == "14%"
    bar = screen.page.locator("#p1 .bar i").evaluate("e => e.style.width")
    assert bar == "24.8%"  # 6.2 A of 25 A


def test_below_a_kilowatt_the_unit_is_watt(reader: FakeReader, screen: Screen) -> None:
    reader.set(i=999)
    screen.open(CARDS)
    assert (screen.text("#power"), screen.text("#power-unit")) == ("999", "W")
    reader.set(i=1000)
    screen.wait_text("#power", "1.00")
    assert screen.text("#power-unit") == "kW"


def test_an_event_is_on_the_screen_within_half_a_second(
    reader: FakeReader, screen: Screen
) -> None:
    screen.own_clock()
    screen.open(CARDS)
    screen.wait_text("#b-meter", "Meter 0 s ago")
    for watts in (321, 322, 323, 324, 325):
        reader.set(i=watts)
        assert screen.seconds_to_text("#power", str(watts)) < 0.5


def test_badges_have_a_shape_a_word_and_a_colour(reader: FakeReader, screen: Screen) -> None:
    reader.set(wm=2, r=-80, mm=3, me=-10, em=2, v=3.05)
    screen.open(CARDS)
    assert screen.text("#b-wifi") == "Wi-Fi \u221280 dBm, weak"
    assert screen.text("#b-mqtt") == "MQTT failed"
    assert screen.text("#b-supply") == "Supply 3.05 V, check"
    assert screen.text("#notes") == (
        "MQTT: login refused: check user name and password (error \u221210)."
    )
    look = """e => {
        const s = getComputedStyle(e);
        return [s.backgroundColor, s.transform, s.clipPath];
    }"""
    shapes = [
        tuple(screen.page.locator(f"#b-{name} i").evaluate(look))
        for name in ("meter", "wifi", "mqtt")
    ]
    for column in range(3):
        assert len({shape[column] for shape in shapes}) > 1
    assert len(set(shapes)) == 3
    reader.set(v=0, mm=0)
    screen.wait_text("#b-mqtt", "MQTT off")
    assert not screen.page.locator("#b-supply").is_visible()


def test_the_age_of_the_telegram_ticks(reader: FakeReader, screen: Screen) -> None:
    screen.own_clock()
    screen.open(CARDS)
    reader.set(s=3.2)
    screen.wait_text("#b-meter", "Meter 3 s ago")
    screen.run(2000)
    screen.wait_text("#b-meter", "Meter 5 s ago")  # at the next tick
    assert screen.text("#last") == "Last telegram 5 s ago"


def test_unknown_values_are_dashes_with_a_sentence(reader: FakeReader, screen: Screen) -> None:
    nothing = {"u": None, "i": None}
    show(reader, v=1, a=1, r=1)
    reader.set(
        lt=1, i=None, e=None, ri=None, re=None, ic=None, ec=None, ric=None, rec=None,
        id="", model="", mt=0, l1=nothing, l2=nothing, l3=nothing,
    )  # fmt: skip
    screen.open(CARDS)
    assert screen.text("#power") == DASH
    assert [screen.text(f"#p{n} .amps") for n in (1, 2, 3)] == [DASH] * 3
    assert [screen.text(f"#m-{key}") for key in ("ic", "ec", "ric", "rec", "ri", "re")] == (
        [DASH] * 6
    )
    assert "null" not in screen.text("body")
    assert "NaN" not in screen.text("body")
    assert screen.text("#now-why") == "This meter has not reported its power yet."
    assert "longer telegram" in screen.text("#phases-why")
    assert "once an hour" in screen.text("#meter-why")
    assert screen.text("#stand") == screen.text("#sold") == ""
    assert not screen.page.locator("#load").is_visible()


def test_a_zero_is_a_value(reader: FakeReader, screen: Screen) -> None:
    show(reader, r=1)
    reader.set(i=0, e=0, ri=0, l2={"i": 0.0})
    screen.open(CARDS)
    assert (screen.text("#power"), screen.text("#power-unit")) == ("0", "W")
    assert screen.text("#p2 .amps") == "0.0"
    assert screen.text("#m-ri") == "0"


def test_a_meter_without_l2_on_an_it_grid(reader: FakeReader, screen: Screen) -> None:
    reader.set(ds=1, l2={"i": 0.0, "e": True})
    screen.open(CARDS)
    pairs = [screen.text(f"#p{n} .pair") for n in (1, 2, 3)]
    assert pairs == ["L1-L2", "L1-L3", "L2-L3"]
    assert screen.text("#p2 .amps") == DASH
    assert screen.text("#p2 .volts") == "230"
    assert screen.text("#phases-why") == "This meter does not measure the current of L2."
    reader.set(l3={"u": None})
    screen.wait_text("#phases-why", "This meter has not reported all values of L3.")


def test_an_estimated_current_is_marked(reader: FakeReader, screen: Screen) -> None:
    reader.set(ds=1, l2={"i": 13.59, "e": True})
    screen.open(CARDS)
    screen.wait_text("#phases-why", "The current of L2 is estimated from the power.")
    assert screen.text("#p2 .amps") == "\u2248 13.6"
    assert "does not measure" not in screen.text("#phases-why")


def test_a_phase_at_the_fuse_is_named(reader: FakeReader, screen: Screen) -> None:
    reader.set(l3={"i": 24.1}, i=18000)
    screen.open(CARDS)
    assert "L3: close to or above the main fuse." in screen.text("#phases-why")
    assert screen.text("#load-text") == "104 % of 25 A main fuse, above the limit"
    assert screen.page.locator("#load-bar").evaluate("e => e.style.width") == "100%"


@pytest.mark.parametrize("unknown", [{"lt": 1}, {"ds": 0}])
def test_no_share_of_the_fuse_before_its_power_is_known(
    reader: FakeReader, screen: Screen, unknown: dict
) -> None:
    """12 kW of a scale up to 10 kW, which is not the fuse's: no "above the limit"."""
    reader.set(i=12000, im=10000, **unknown)
    screen.open(CARDS)
    assert screen.text("#load-text") == "" and screen.text("#load-max") == "max 10.0 kW"
    assert screen.page.locator("#load-bar").evaluate("e => e.className") == ""


def test_the_card_shows_the_export(reader: FakeReader, screen: Screen) -> None:
    reader.set(i=0, e=1840, om=8)
    screen.open(CARDS)
    assert screen.text("#h-now") == "Exporting"
    assert (screen.text("#power"), screen.text("#power-unit")) == ("1.84", "kW")
    assert screen.text("#load-text") == "23 % of 8 kWp of panels"
    assert screen.text("#sold") == "export 903.1\u00a0kWh" and screen.text("#stand") == ""
    assert screen.page.locator("#p1 .bar i").get_attribute("class") == "out"
    teal = screen.page.evaluate(
        "getComputedStyle(document.documentElement).getPropertyValue('--export').trim()"
    )
    assert screen.page.locator("#load-bar").get_attribute("class") == "out"
    red, green, blue = (int(teal[n : n + 2], 16) for n in (1, 3, 5))
    colour = screen.page.locator("#load-bar").evaluate("e => getComputedStyle(e).backgroundColor")
    assert colour == f"rgb({red}, {green}, {blue})"


def test_power_factors_are_shown_if_known(reader: FakeReader, screen: Screen) -> None:
    screen.open(CARDS)
    assert not screen.page.locator("#factor").is_visible()
    reader.set(f=0.97, l1={"f": 0.98, "p": 1430, "q": 0})
    screen.wait_text("#m-f", "0.97")
    assert screen.text("#factors") == "L1 0.98"
    assert screen.text("#p1 .watts") == "1.43\u00a0kW"


def test_a_silent_meter_has_grey_values_and_the_time_of_the_last_telegram(
    reader: FakeReader, screen: Screen
) -> None:
    screen.own_clock()
    screen.open(CARDS)
    reader.set(s=13.6)
    screen.wait_text("#b-meter", "13 s")
    assert not screen.is_old()
    screen.run(2000)
    screen.until(OLD)
    note = re.fullmatch(r"No telegram since (\d\d:\d\d:\d\d)\.", screen.text("#notes"))
    assert note
    oslo = screen.page.evaluate(
        "new Date(Date.now() - 15500).toLocaleTimeString('en-GB', {timeZone: 'Europe/Oslo'})"
    )
    seconds = [
        int(h) * 3600 + int(m) * 60 + int(s) for h, m, s in (t.split(":") for t in (note[1], oslo))
    ]
    assert (seconds[0] - seconds[1] + 2) % 86400 <= 4  # also at midnight
    grey = screen.page.locator("#power").evaluate("e => getComputedStyle(e).color")
    reader.set(s=31.0, he=90)
    screen.wait_text("#notes", "Check that the plug sits firmly")
    assert screen.page.locator("#notes .note").count() == 1
    assert screen.page.locator("#notes .note").get_attribute("class") == "note bad"
    reader.set(he=0)
    screen.until(FRESH)
    assert screen.page.locator("#notes .note").count() == 0
    assert screen.page.locator("#power").evaluate("e => getComputedStyle(e).color") != grey


def test_the_clock_is_a_sentence_when_it_is_in_doubt(reader: FakeReader, screen: Screen) -> None:
    now = DOCUMENT["c"]
    screen.open(CARDS)
    assert screen.text("#notes") == ""
    reader.set(clk={"by": 3, "sure": True, "no": 1, "at": now + 60 * 86400})
    screen.wait_text("#notes", "The time server's clock is 60 d 0 h ahead; it is not believed.")
    assert screen.page.locator("#notes .note").get_attribute("class") == "note warn"
    reader.set(clk={"by": 1, "sure": False, "no": 2, "at": now - 3600})
    screen.wait_text("#notes", "The meter's clock is 1 h 0 min behind; it is not believed.")
    reader.set(clk={"by": 2, "sure": False, "no": None, "at": None})
    screen.wait_text("#notes", "The time is from the meter's clock")
    reader.set(clk={"by": 2, "sure": True, "no": None, "at": None})
    screen.until(QUIET)
    wait_asked(reader, screen, "/history.json", 2)
    screen.settle()  # none of its requests begins later than the clock that comes
    reader.set(clk={"by": 0, "sure": False, "no": None, "at": None}, c=29, u=29)
    screen.until(QUIET)  # it has just started
    reader.set(clk={"by": 0, "sure": False, "no": 2, "at": 946684800}, c=31, u=31)
    screen.wait_text("#notes", "No confirmed time yet: waiting for a time server or the meter")
    assert "The meter's clock shows a time that cannot be right" in screen.text("#notes")
    reader.set(clk={"by": 4, "sure": False, "no": None, "at": None}, c=now, u=40)
    screen.until(QUIET)


def test_safe_mode_is_the_only_sentence(reader: FakeReader, screen: Screen) -> None:
    reader.set(s=None, he=90, mm=3, me=-3, sm=10)
    screen.open("document.querySelector('#notes .note')")
    screen.wait_text("#notes", "Safe mode after several crashes")
    assert screen.page.locator("#notes .note").count() == 1
    assert screen.page.locator("#notes .note").get_attribute("class") == "note bad"
    reader.set(sm=0)
    screen.wait_text("#notes", "MQTT: ")
    assert "Safe mode" not in screen.text("#notes")


def test_a_han_error_is_a_sentence(reader: FakeReader, screen: Screen) -> None:
    reader.set(he=-5)
    screen.open(CARDS)
    assert screen.text("#notes") == (
        "Meter data: checksum wrong: check cable and serial settings (error \u22125)."
    )
    reader.set(he=-77)
    screen.wait_text(
        "#notes", "damaged telegram: check cable and serial settings (error \u221277)"
    )
    reader.set(he=0)
    screen.until(QUIET)


def test_a_lost_reader_is_reported_and_connected_again(reader: FakeReader, screen: Screen) -> None:
    screen.open(CARDS)
    reader.stop()
    screen.wait_text("#notes", "No contact with the reader since")
    assert re.search(r"since \d\d:\d\d:\d\d; retrying\.", screen.text("#notes"))
    screen.wait_text("#b-meter", "Meter unknown")  # drawn before the notes, maybe a tick later
    assert screen.is_old()
    reader.start()
    reader.set(i=777)
    screen.wait_text("#power", "777")
    assert screen.page.locator("#notes .note").count() == 0
    assert not screen.is_old()
    reader.set(i=778)
    # The event stream is open again, not only the polling.
    assert screen.seconds_to_text("#power", "778") < 0.5
    expected_network(screen)


def test_without_a_stream_the_page_polls_and_tries_again(
    reader: FakeReader, screen: Screen
) -> None:
    reader.refuse_events = True
    screen.own_clock()
    screen.open(CARDS)
    reader.set(i=654)
    screen.skip(6000)
    screen.wait_text("#power", "654")
    assert reader.requests.count("/now.json") >= 2
    assert reader.requests.count("/events") == 1
    reader.refuse_events = False
    screen.skip(31000)
    reader.set(i=655)
    assert screen.seconds_to_text("#power", "655") < 0.5
    wait_asked(reader, screen, "/events", 2)
    assert reader.requests.count("/events") == 2
    expected_network(screen)


def test_a_stream_that_waits_for_a_place_is_helped_by_a_poll(
    reader: FakeReader, screen: Screen
) -> None:
    reader.mute = True
    screen.open(CARDS)
    assert screen.text("#power") == "2.43"
    assert "/now.json" in reader.requests and reader.requests.count("/events") == 1


def test_a_stream_that_begins_with_a_document_needs_no_poll(
    reader: FakeReader, screen: Screen
) -> None:
    screen.own_clock()
    screen.page.goto(reader.url)
    screen.page.wait_for_function(f"() => {{ try {{ return {CARDS}; }} catch {{}} }}")
    screen.run(10000)
    assert reader.requests.count("/now.json") == 0


def test_documents_are_asked_when_their_cards_are_in_view(
    browser: Browser, reader: FakeReader, screens: list[Screen]
) -> None:
    screen = Screen(browser, reader)
    screens.append(screen)
    screen.own_clock()
    screen.page.set_viewport_size({"width": 360, "height": 740})
    screen.open(CARDS)
    heard(reader, screen)
    heard(reader, screen)
    screen.settle()
    # The stream may be late on a busy machine, and is polled then.
    first = {path for path in reader.requests if "json" in path}
    assert first - {"/now.json"} == {"/sysinfo.json"} and len(reader.requests) <= 10
    screen.page.locator("#live-card").scroll_into_view_if_needed()
    wait_asked(reader, screen, "/live.json", 1)
    screen.page.locator("#meter").scroll_into_view_if_needed()
    for path in ("/tariff.json", "/history.json?step=60", "/history.json?step=day"):
        screen.page.mouse.wheel(0, 4000)
        wait_asked(reader, screen, path, 1)


def test_cards_out_of_view_come_later_one_after_the_other(
    browser: Browser, reader: FakeReader, screens: list[Screen]
) -> None:
    """A page that is printed, or read by its headings, has all its cards."""
    sell(reader, prices())
    reader.documents["/temperature.json"] = {"c": 1, "s": [{"a": "28ff", "n": "", "v": 21.5}]}
    reader.slow_s = 0.05
    screen = Screen(browser, reader)
    screens.append(screen)
    screen.own_clock()
    screen.page.set_viewport_size({"width": 360, "height": 740})
    screen.open(CARDS)
    for _ in range(4):
        screen.run(1000)
    screen.settle()
    seen = {path.split("?")[0] for path in reader.requests if "json" in path}
    assert seen - {"/now.json"} == {"/sysinfo.json", "/importprice.json"}
    for _ in range(6):
        screen.run(1000)
    screen.settle()
    assert shown(screen) == [name for name in ORDER if name != "silent"]
    assert screen.page.evaluate("scrollY") == 0 and reader.most_open == 1


def test_a_silent_stream_is_opened_again(reader: FakeReader, screen: Screen) -> None:
    screen.own_clock()
    screen.open(CARDS)
    reader.set(i=500)
    screen.wait_text("#power", "500")
    reader.mute = True
    reader.set(i=501)
    screen.skip(17000)
    assert screen.seconds_to_text("#power", "501") < 1
    reader.mute = False
    wait_asked(reader, screen, "/events", 2)
    screen.settle()
    assert reader.requests.count("/events") == 2


def test_a_hidden_tab_sends_no_request_and_resumes_at_once(
    reader: FakeReader, screen: Screen
) -> None:
    screen.own_clock()
    screen.open(CARDS)
    turn = """hidden => {
        Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
    }"""
    for path in ("/events", "/favicon.svg", "/charts-"):
        wait_asked(reader, screen, path, 1)
    screen.settle()
    screen.page.evaluate(turn, True)
    before = len(reader.requests)
    reader.set(i=432)
    screen.run(60000)
    screen.page.wait_for_timeout(200)
    assert len(reader.requests) == before
    assert screen.text("#power") == "2.43"
    screen.page.evaluate(turn, False)
    assert screen.seconds_to_text("#power", "432") < 0.5


def test_a_restarted_reader_counts_from_one_again(reader: FakeReader, screen: Screen) -> None:
    reader.set(n=5000)
    screen.open(CARDS)
    reader.set(n=10, i=111)
    screen.page.wait_for_timeout(300)
    assert screen.text("#power") == "2.43"  # older than the shown reading: ignored
    reader.set(n=10, u=3, i=112)
    screen.wait_text("#power", "112")


def test_markup_from_a_meter_is_shown_as_text(reader: FakeReader, screen: Screen) -> None:
    attack = "<img src=x onerror=\"document.title='taken'\">"
    reader.set(id=attack, model=attack)
    screen.open(CARDS)
    assert screen.text("#meter-id") == attack
    assert screen.text("#meter-name") == f"Aidon {attack}"
    assert screen.page.locator("img").count() == 0
    assert screen.page.title() == "Now \u2013 HAN reader"
    assert reader.requests.count("/x") == 0
    assert fits(screen)


def test_the_live_chart_begins_with_two_points(reader: FakeReader, screen: Screen) -> None:
    screen.own_clock()
    screen.open(CARDS)
    assert screen.page.locator("#live-empty").is_visible()
    assert not screen.page.locator("#plot svg").is_visible()
    for watts in (1500, 3000, 2000):
        screen.run(2000)
        reader.set(i=watts)
        screen.wait_text("#power", f"{watts / 1000:.2f}")
    assert not screen.page.locator("#live-empty").is_visible()
    assert screen.text("#live-low") == "lowest 1.50\u00a0kW"
    assert screen.text("#live-high") == "highest 3.00\u00a0kW"
    name, box, width, height, labels, heights = screen.page.evaluate(
        """() => {
            const svg = document.querySelector("#plot svg");
            const { width, height } = svg.getBoundingClientRect();
            const sizes = [...svg.querySelectorAll("text")]
                .map(t => parseFloat(getComputedStyle(t).fontSize));
            const line = svg.querySelector("path.line.in").getAttribute("d");
            return [svg.ariaLabel, svg.getAttribute("viewBox"), width, height, sizes, line];
        }"""
    )
    assert "now 2.00\u00a0kW" in name
    assert height >= 140
    assert len(labels) >= 5
    # One unit of the drawing is one pixel, so font sizes are in px.
    assert box.split()[2] == f"{width:.0f}"
    assert min(labels) >= 11
    y = [float(point.split(",")[1]) for point in re.split("[ML]", heights)[1:]]
    assert len(y) == 4  # 2430 W on opening, then three
    assert y[2] < y[0] < y[3] < y[1]  # 3000 above 2430 above 2000 above 1500
    reader.set(s=0.5, i=1000)
    screen.wait_text("#live-low", "lowest 1.00")
    again = screen.page.locator("#plot svg path.line.in").get_attribute("d")
    assert again
    assert len(re.findall("[ML]", again)) == 4  # the same telegram with a new value: no new point


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_page_fits_in_both_themes_and_widths(
    browser: Browser, reader: FakeReader, screens: list[Screen], width: int, scheme: str
) -> None:
    screen = Screen(browser, reader, width, scheme)
    screens.append(screen)
    screen.own_clock()
    screen.open(CARDS)
    screen.settle()
    for step in range(60):
        screen.page.clock.fast_forward(9600)
        reader.set(**afternoon(step * 9.6))
        screen.wait_text("#uptime", "1 d 1 h")
        screen.page.wait_for_timeout(30)
    screen.skip(2000)
    reader.set(
        i=12430, e=0, ds=1, im=9959, l1={"i": 20.2}, l2={"i": None, "e": True}, l3={"i": 23.9}
    )
    screen.wait_text("#power", "12.43")
    assert fits(screen)
    PICTURES.mkdir(parents=True, exist_ok=True)
    reader.set(i=2430, l1={"i": 6.2}, l3={"i": 4.1})
    screen.wait_text("#power", "2.43")
    screen.page.wait_for_timeout(400)  # until the bar has moved
    screen.page.screenshot(path=PICTURES / f"now-{scheme}-{width}.png", full_page=True)
    reader.set(s=47.0, wm=2, r=-80, mm=3, me=-4, he=90, em=2, v=3.05)
    screen.wait_text("#notes", "No telegram since")
    screen.page.wait_for_timeout(400)
    assert fits(screen)
    screen.page.screenshot(path=PICTURES / f"trouble-{scheme}-{width}.png", full_page=True)
    ground = screen.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == {"light": "rgb(245, 246, 248)", "dark": "rgb(14, 17, 22)"}[scheme]


def test_the_page_without_scripts_has_a_notice(browser: Browser, reader: FakeReader) -> None:
    reader.reset()
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(LONG_MS)
    page.goto(reader.url)
    assert "needs JavaScript" in page.locator("body").inner_text()
    context.close()


def tokens(css: str) -> dict[str, dict[str, str]]:
    """Colour tokens of the style sheet per theme; dark inherits the others from light."""
    pattern = re.compile(r"--([\w-]+): (#[0-9a-f]{6});")
    first, dark, chosen = (
        dict(pattern.findall(text))
        for text in re.findall(r":root[^{}]* \{(.*?)\}", css, re.DOTALL)[:3]
    )
    assert dark == chosen  # by the system, and by the owner
    return {"light": first, "dark": first | dark}


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb as WCAG 2 defines it."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_follows_wcag() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_has_enough_contrast(theme: str) -> None:
    colours = tokens((builder.SOURCE / "style.css").read_text())[theme]
    assert len(colours) >= 16
    pairs = [(ink, ground) for ink in ("ink", "soft", "faint") for ground in ("card", "bg")]
    pairs += [(state, "card") for state in ("warn", "bad", "ok", "import", "export")]
    pairs += [("warn", "warn-soft"), ("bad", "bad-soft"), ("ok", "ok-soft")]
    weak = {
        pair: round(contrast(colours[pair[0]], colours[pair[1]]), 2)
        for pair in pairs
        if contrast(colours[pair[0]], colours[pair[1]]) < 4.5
    }
    assert weak == {}


def test_colours_of_text_are_tokens() -> None:
    css = (builder.SOURCE / "style.css").read_text()
    used = set(re.findall(r"(?<![\w-])color: ([^;]+);", css))
    # A button filled with import has text in card: that pair is checked above.
    names = ("ink", "soft", "faint", "warn", "bad", "ok", "import", "card")
    assert used <= {f"var(--{name})" for name in names}
