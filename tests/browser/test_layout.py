"""The page Now fills its rows: no hole beside, between or inside cards, whichever are shown."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Browser

from tests.browser.fake_reader import FakeReader
from tests.browser.looks import DRAWN
from tests.browser.now import CARDS, NO_PHASE, prices, sell, show, silence
from tests.browser.screen import HEIGHT, Screen
from tests.browser.views import begun, kept, nothing, says, warm
from tests.timing import wait_until

WIDTHS = (768, 1280, 1920)
# A hole is a band of a card, as wide as the card, without text, line or drawing, of at least this
# height; or ground beside or under a card. The result: share of the cards' ground, and the holes.
HOLE_PX = 56
MOST = 0.04
HOLES = """(least) => {
    const ground = document.getElementById("cards").getBoundingClientRect();
    const cards = [...document.querySelectorAll("#cards > .card")].filter((e) => e.offsetParent);
    let empty = 0;
    const holes = [];
    const rows = new Map();
    for (const card of cards) {
        const box = card.getBoundingClientRect();
        const row = rows.get(box.top) ?? [];
        rows.set(box.top, [...row, box]);
        const inks = [[box.top, box.top], [box.bottom, box.bottom]];
        const range = document.createRange();
        for (const e of card.querySelectorAll("*")) {
            if (!e.getClientRects().length) continue;
            const { top, bottom } = e.getBoundingClientRect();
            if (e.matches("svg, .bar, .track, .tabs")) inks.push([top, bottom]);
            if (parseFloat(getComputedStyle(e).borderTopWidth)) inks.push([top, top + 1]);
            for (const node of e.childNodes) {
                if (node.nodeType !== Node.TEXT_NODE || !node.data.trim()) continue;
                range.selectNodeContents(node);
                const text = range.getBoundingClientRect();
                inks.push([text.top, text.bottom]);
            }
        }
        inks.sort((a, b) => a[0] - b[0]);
        let end = box.top;
        for (const [top, bottom] of inks) {
            if (top - end > least) {
                empty += (top - end) * box.width;
                holes.push(`${card.id} ${Math.round(top - end)}`);
            }
            end = Math.max(end, bottom);
        }
    }
    for (const row of rows.values()) {
        const width = row.reduce((sum, box) => sum + box.width, 16 * (row.length - 1));
        const height = Math.max(...row.map((box) => box.height));
        if (ground.width - width > 2) {
            empty += (ground.width - width) * height;
            holes.push(`beside ${Math.round(ground.width - width)}`);
        }
        for (const box of row) {
            if (height - box.height < 1) continue;
            empty += (height - box.height) * box.width;
            holes.push(`under ${Math.round(height - box.height)}`);
        }
    }
    return [empty / (ground.width * ground.height), holes];
}"""


def usual(reader: FakeReader) -> None:
    sell(reader, prices(dict.fromkeys(range(60, 70), 0.5)))


def one_phase(reader: FakeReader) -> None:
    usual(reader)
    reader.set(l2=NO_PHASE, l3=NO_PHASE)


def no_peaks(reader: FakeReader) -> None:
    usual(reader)
    reader.set(ea={"k": 0, "x": 0, "li": None})


def no_solar(reader: FakeReader) -> None:
    usual(reader)
    reader.set(e=0, ec=0.0, ea={"p": [0] * 5})


def everything(reader: FakeReader) -> None:
    usual(reader)
    warm(reader)
    show(reader, r=1)


def with_prices(**ui: int) -> Callable[[FakeReader], None]:
    """The usual state with settings of what is shown."""

    def prepare(reader: FakeReader) -> None:
        usual(reader)
        show(reader, **ui)

    return prepare


STATES: dict[str, Callable[[FakeReader], None]] = {
    "usual": usual,
    "everything": everything,
    "one phase": one_phase,
    "IT grid": says(ds=1, l2={"e": True, "i": 3.0}),
    "no solar": no_solar,
    "no price": nothing,
    "no peaks": no_peaks,
    "no voltages": with_prices(v=0),
    "no sums": with_prices(c=0),
    "no days": with_prices(d=0),
    "no month": with_prices(m=0),
    "bare": with_prices(c=0, t=0, p=0, d=0, m=0),
    "first hour": begun,
    "no meter": silence,
}


def test_no_holes_are_among_the_cards(
    browser: Browser, reader: FakeReader, screens: list[Screen]
) -> None:
    screen = Screen(browser, reader, 1280)
    screens.append(screen)
    found: dict[tuple[str, int], Any] = {}
    for name, prepare in STATES.items():
        reader.reset()
        kept(reader)
        prepare(reader)
        screen.page.set_viewport_size({"width": 1280, "height": HEIGHT})
        screen.open(CARDS)
        wait_until(lambda: "/temperature.json" in reader.requests)  # the last one
        screen.settle()
        for width in WIDTHS:
            screen.page.set_viewport_size({"width": width, "height": 900})
            screen.page.evaluate(DRAWN)
            screen.pause()
            found[name, width] = screen.page.evaluate(HOLES, HOLE_PX)
    assert {view: seen for view, seen in found.items() if seen[0] > MOST} == {}
