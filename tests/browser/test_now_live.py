"""The card Live: the reader's slots on opening, its ranges, the chosen point, few writes."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.energy import wait_asked
from tests.browser.fake_reader import FakeReader
from tests.browser.now import CARDS
from tests.browser.screen import PICTURES, Screen, expected_network, fits

DRAWN = "!document.getElementById('live').hasAttribute('hidden')"
LINE = "#live path.line.in"
NBSP = "\u00a0"


def kept(tens: list[Any], minutes: list[Any]) -> dict[str, Any]:
    """/live.json 3 s after the running slot of 10 s and 33 s after that of 1 min began."""
    return {"ta": 3.0, "t": tens, "ma": 33.0, "m": minutes}


def points(screen: Screen) -> list[list[float]]:
    """The x coordinates of each run of the curve."""
    line = screen.page.locator(LINE).get_attribute("d") or ""
    return [[float(p.split(",")[0]) for p in run.split("L")] for run in line.split("M")[1:]]


def place(screen: Screen) -> dict[str, float]:
    """The drawing's box in the window."""
    live = screen.page.locator("#live")
    live.scroll_into_view_if_needed()
    box = live.bounding_box()
    assert box
    return dict(box)


def readout(screen: Screen) -> str:
    return screen.text("#live-readout")


def choose(screen: Screen, minutes: int) -> None:
    screen.page.locator(f"#spans input[value='{minutes}']").check()


def test_an_opened_page_shows_the_kept_power_at_once(reader: FakeReader, screen: Screen) -> None:
    screen.own_clock()
    reader.live = kept([1000, 3000, None, None, 2000, 2430], [2000])
    screen.open(DRAWN)
    # Two runs of slots, 10 s apart, then the telegram of now: the running slot is left out.
    first, second = points(screen)
    assert (len(first), len(second)) == (2, 2)
    assert screen.text("#live-low") == f"lowest 1.00{NBSP}kW"
    assert screen.text("#live-high") == f"highest 3.00{NBSP}kW"
    box = place(screen)
    pixels_per_s = (box["width"] - 50) / 600
    right = box["width"] - 6
    # Slots began 53, 43 and 13 s ago; their middles are 5 s later.
    expected = [right - s * pixels_per_s for s in (48, 38, 8, 0.4)]
    found = first + second
    assert all(abs(a - b) < 2.5 for a, b in zip(found, expected, strict=True)), (found, expected)


def test_hours_are_drawn_from_minutes(reader: FakeReader, screen: Screen) -> None:
    screen.own_clock()
    minutes = [500 + n for n in range(340)] + [None] * 2 + [900] * 18 + [1000]
    reader.live = kept([900] * 61, minutes)
    screen.open(DRAWN)
    assert len(points(screen)[0]) == 61
    choose(screen, 60)
    assert [len(run) for run in points(screen)] == [39, 19]  # 18 minutes and now
    assert screen.text("#live-low") == f"lowest 801{NBSP}W"
    labels = screen.page.locator("#live-axes text").all_text_contents()
    assert labels[-4:] == ["\u22121 h", "\u221240 min", "\u221220 min", "now"]
    choose(screen, 360)
    assert [len(run) for run in points(screen)] == [339, 19]  # the first minute has left
    labels = screen.page.locator("#live-axes text").all_text_contents()
    assert labels[-4:] == ["\u22126 h", "\u22124 h", "\u22122 h", "now"]
    assert "6\u00a0h" in (screen.page.locator("#live").get_attribute("aria-label") or "")
    assert reader.requests.count("/live.json") == 1
    screen.page.locator("#spans input[value='360']").press("ArrowRight")
    assert "10\u00a0min" in (screen.page.locator("#live").get_attribute("aria-label") or "")


def test_a_point_is_chosen_by_mouse_keyboard_and_touch(reader: FakeReader, screen: Screen) -> None:
    screen.own_clock()
    reader.live = kept([1000, 2000, None, 750, 640], [800])
    reader.set(i=0, e=640)
    screen.open(DRAWN)
    box = place(screen)
    x, y = box["x"], box["y"] + box["height"] / 2
    screen.page.mouse.move(x + 60, y)  # left of all points: the oldest one
    assert re.fullmatch(rf"\d\d:\d\d:\d\d: import 1\.00{NBSP}kW", readout(screen))
    assert not screen.page.locator("#live-range").is_visible()
    screen.page.mouse.move(x + box["width"] - 2, y)
    assert re.fullmatch(rf"\d\d:\d\d:\d\d: export 640{NBSP}W", readout(screen))
    assert screen.page.locator("#live-spot").get_attribute("class") == "out"
    screen.page.mouse.move(x, y - 400)
    assert not screen.page.locator("#live-readout").is_visible()
    assert screen.page.locator("#live-range").is_visible()
    live = screen.page.locator("#live")
    live.focus()
    found = []
    for key in ("ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowLeft", "ArrowRight", "End", "Home"):
        live.press(key)
        found.append(readout(screen)[10:].replace(NBSP, " "))
        assert live.get_attribute("aria-valuetext") == readout(screen)
    # The silence is passed over; at the oldest one the way ends.
    assert found == [
        *("import 750 W", "import 2.00 kW", "import 1.00 kW", "import 1.00 kW"),
        *("import 2.00 kW", "export 640 W", "import 1.00 kW"),
    ]
    assert live.get_attribute("role") == "slider"
    assert -1.1 < float(live.get_attribute("aria-valuenow") or "") < -0.5
    live.press("Escape")
    assert not screen.page.locator("#live-readout").is_visible()
    live.dispatch_event(
        "pointerdown", {"pointerType": "touch", "clientX": x + 60, "clientY": y, "bubbles": True}
    )
    assert "import 1.00" in readout(screen)
    live.dispatch_event("pointerleave", {"pointerType": "touch"})
    assert "import 1.00" in readout(screen)


def test_a_minute_shows_its_begin_and_that_it_is_a_mean(
    reader: FakeReader, screen: Screen
) -> None:
    reader.live = kept([None], [700, 800])
    screen.open(CARDS)
    wait_asked(reader, screen, "/live.json", 1)
    screen.settle()
    choose(screen, 60)
    live = screen.page.locator("#live")
    live.focus()
    live.press("Home")
    begin = screen.page.evaluate(
        "new Date(Date.now() - 93000).toLocaleTimeString('en-GB', "
        "{timeZone: 'Europe/Oslo', hour: '2-digit', minute: '2-digit'})"
    )
    found = re.fullmatch(rf"(\d\d:\d\d): import 700{NBSP}W, mean of a minute", readout(screen))
    assert found
    minute = [int(t[:2]) * 60 + int(t[3:]) for t in (found[1], begin)]
    assert (minute[0] - minute[1] + 1) % 1440 <= 2  # also at midnight
    live.press("End")
    assert re.fullmatch(rf"\d\d:\d\d:\d\d: import 2\.43{NBSP}kW", readout(screen))


def test_telegrams_become_minutes(reader: FakeReader, screen: Screen) -> None:
    screen.own_clock()
    reader.live = {"ta": 0.4, "t": [None], "ma": 0.4, "m": [None]}
    screen.open(CARDS)
    screen.settle()
    for n in range(1, 14):  # one each 10 s: 600 W for a minute, then 1800 W
        screen.skip(10000)
        reader.set(i=600 if n <= 6 else 1800, n=n + 1)
        screen.wait_text("#power", "600" if n <= 6 else "1.80")
    choose(screen, 60)
    live = screen.page.locator("#live")
    live.focus()
    live.press("Home")
    assert "600" in readout(screen) and "mean of a minute" in readout(screen)
    live.press("ArrowRight")
    assert "1.80" in readout(screen) and "mean of a minute" in readout(screen)


def test_a_return_after_a_silence_reads_the_kept_power_again(
    reader: FakeReader, screen: Screen
) -> None:
    screen.own_clock()
    screen.open(CARDS)
    screen.settle()
    assert reader.requests.count("/live.json") == 1
    reader.stop()
    screen.page.clock.run_for(6000)
    screen.wait_text("#notes", "No contact")
    reader.live = kept([1500, 1700, 2430], [1600])
    reader.start()
    for _ in range(2):
        screen.run(3000)  # the next poll
    screen.until("document.querySelector('#notes').textContent === ''")
    screen.wait_text("#live-low", f"lowest 1.50{NBSP}kW")
    screen.until(DRAWN)
    screen.settle()
    assert reader.requests.count("/live.json") == 2
    expected_network(screen)


def test_after_a_minute_asleep_the_kept_power_is_read_again(
    reader: FakeReader, screen: Screen
) -> None:
    screen.own_clock()
    screen.open(CARDS)
    screen.settle()
    for _ in range(10):  # without an event for 20 s nothing is missed
        screen.run(2000)  # a poll is answered before the clock goes on
    reader.set(i=700)
    screen.wait_text("#power", "700")
    screen.settle()
    assert reader.requests.count("/live.json") == 1
    reader.live = kept([1500, 1700, 2430], [1600])
    screen.skip(60000)
    reader.set(i=800)
    screen.wait_text("#power", "800")
    screen.until("document.getElementById('live-low').textContent !== ''")
    screen.wait_text("#live-high", "1.70")
    assert reader.requests.count("/live.json") == 2


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"null",
        b'{"t":[1],"ta":0,"m":[],"ma":0}',
        b'{"t":["<b>",1],"ta":0,"m":[1],"ma":0}',
    ],
)
def test_a_wrong_document_is_not_drawn(reader: FakeReader, screen: Screen, body: bytes) -> None:
    reader.canned["/live.json"] = (200, body)
    screen.open(CARDS)
    reader.set(i=700)
    screen.wait_text("#power", "700")
    reader.set(i=800)
    screen.wait_text("#power", "800")
    assert "NaN" not in screen.page.locator("#plot").inner_html()


def test_a_curve_that_does_not_change_is_not_written(reader: FakeReader, screen: Screen) -> None:
    screen.own_clock()
    reader.live = kept([900] * 61, [800 + n % 7 for n in range(361)])
    screen.open(CARDS)
    screen.until(DRAWN)
    choose(screen, 360)
    screen.settle()
    screen.page.evaluate(
        """() => {
            window.writes = 0;
            new MutationObserver((list) => { window.writes += list.length; })
                .observe(document.getElementById("plot"),
                         { subtree: true, childList: true, attributes: true });
        }"""
    )
    screen.run(10000)  # a pixel of six hours is over a minute
    assert screen.page.evaluate("writes") <= 12  # at most one pixel
    assert screen.page.locator("#live-axes text").count() > 5
    screen.run(180000)  # at least two pixels, without any telegram
    assert screen.page.evaluate("writes") > 12


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_card_in_both_themes_and_widths(
    browser: Browser, reader: FakeReader, screens: list[Screen], width: int, scheme: str
) -> None:
    day = [
        round(900 + 700 * ((n * 7919) % 97) / 97 + (2200 if n % 90 < 25 else 0))
        for n in range(361)
    ]
    for n in range(200, 290):
        day[n] -= 2800
    day[120:140] = [None] * 20
    tens = [2400 + (n * 37) % 500 - (2000 if n > 40 else 0) for n in range(61)]
    reader.live = kept(tens, day)
    screen = Screen(browser, reader, width, scheme)
    screens.append(screen)
    screen.open(CARDS)
    PICTURES.mkdir(parents=True, exist_ok=True)
    card = screen.page.locator("#live-card")
    for span in (10, 60, 360):
        choose(screen, span)
        assert fits(screen)
        card.screenshot(path=PICTURES / f"live-{span}-{scheme}-{width}.png")
    box = place(screen)
    screen.page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + 60)
    assert "mean of a minute" in readout(screen)
    assert fits(screen)
    card.screenshot(path=PICTURES / f"live-chosen-{scheme}-{width}.png")
