"""How a page looks that a test has opened: widths, text size, both themes, forced colours, motion.

axe-core is that of node_modules, with its rules for WCAG 2.2 A and AA and good practice.
"""

import json
from typing import Any

from tests.browser.screen import PICTURES, Screen, fits
from tools.page import ROOT

AXE = ROOT / "node_modules/axe-core/axe.min.js"
WIDTHS = (320, 768, 1920)  # 360 and 1280 px have pictures
HEIGHT = 800
TWICE = 640  # at this width a text of 200 % has the room it has on the narrowest phone
RUN = """() => axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) =>
    violations.map(({ id, nodes }) => [id, nodes.slice(0, 3).map((node) => node.html)]))"""
DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
WIDE = """() => [...document.querySelectorAll("body *")]
    .filter((e) => e.getBoundingClientRect().right > innerWidth + 0.5 ||
        (e.matches(".card, dialog") && e.scrollWidth > e.clientWidth))
    .map((e) => e.outerHTML.slice(0, 90))"""
# Transitions and animations that take longer than a hundredth of a second.
MOVING = """() => {
    const long = (texts) => texts.split(",").some((text) =>
        parseFloat(text) * (text.trim().endsWith("ms") ? 0.001 : 1) > 0.01);
    const moves = (s) => long(s.transitionDuration) || s.scrollBehavior === "smooth" ||
        s.animationName !== "none" && (long(s.animationDuration) || long(s.animationDelay));
    const parts = [null, "::before", "::after", "::backdrop"];
    const styled = [...document.querySelectorAll("*")]
        .filter((e) => parts.some((part) => moves(getComputedStyle(e, part))));
    const running = document.getAnimations()
        .filter((a) => a.effect.getComputedTiming().endTime > 10);
    return [...styled.map((e) => e.outerHTML.slice(0, 90)), ...running.map((a) => String(a))];
}"""
# In forced colours: shapes of charts and marks whose colour is none of the system's, and data
# marks that have the colour of the ground.
FORCED = """() => {
    const names = ["Canvas", "CanvasText", "LinkText", "ButtonFace", "ButtonText",
        "ButtonBorder", "GrayText", "Highlight", "HighlightText", "Field", "FieldText"];
    const probe = document.body.appendChild(document.createElement("i"));
    probe.style.forcedColorAdjust = "none";
    const system = Object.fromEntries(names.map((name) => {
        probe.style.color = name;
        return [getComputedStyle(probe).color, name];
    }));
    probe.style.color = "Canvas";
    const ground = getComputedStyle(probe).color;
    probe.remove();
    const nothing = (c) => c === "none" || c.startsWith("url(") || /^rgba.*, 0\\)$/.test(c);
    const shown = [...document.querySelectorAll("svg *, .bar i, .legend i, .note i, .badge i, u")]
        .filter((e) => e.getClientRects().length && !e.closest("defs"));
    const wrong = [];
    for (const e of shown) {
        const s = getComputedStyle(e);
        const drawn = e.namespaceURI.endsWith("svg");
        if (!drawn && s.forcedColorAdjust !== "none") continue;
        if (drawn && !e.matches("path, rect, line, circle, polyline, polygon, text")) continue;
        const inks = (drawn ? [s.fill, s.stroke] : [s.backgroundColor, s.borderTopColor])
            .filter((c) => !nothing(c));
        const mark = e.matches(".in-bar, .out-bar, .column, .line, .bar i:not(.soft), u");
        const unseen = mark && inks.length && inks.every((c) => c === ground);
        if (unseen || inks.some((c) => !(c in system)))
            wrong.push([e.outerHTML.slice(0, 90), ...inks]);
    }
    return wrong;
}"""


def violations(screen: Screen) -> list[list[Any]]:
    """What axe-core reports: rule, and up to three elements."""
    if not screen.page.evaluate("() => typeof axe === 'object'"):
        screen.page.evaluate(AXE.read_text(encoding="utf-8") + ";0")
    found: list[list[Any]] = screen.page.evaluate(RUN)
    return found


def _at(screen: Screen, width: int) -> None:
    """Give the page a width, and wait until its charts are drawn again."""
    screen.page.set_viewport_size({"width": width, "height": HEIGHT})
    screen.page.evaluate(DRAWN)
    screen.pause()
    assert fits(screen), (width, page_parts(screen))


def page_parts(screen: Screen) -> list[str]:
    """Elements that reach beyond the right border."""
    found: list[str] = screen.page.evaluate(WIDE)
    return found


def _shoot(screen: Screen, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    screen.page.screenshot(path=PICTURES / f"{name}.png", full_page=True)


def looks_right(screen: Screen, name: str) -> None:
    """Nothing is cut off, axe finds nothing, nothing moves; a picture of each theme is kept.

    Pictures: <name>-light-360.png, <name>-dark-1280.png, <name>-forced-360.png.
    """
    page = screen.page
    page.emulate_media(reduced_motion="reduce")
    for width in WIDTHS:
        _at(screen, width)
    for width, scheme in ((360, "light"), (1280, "dark")):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        _at(screen, width)
        _shoot(screen, f"{name}-{scheme}-{width}")
        found = violations(screen)
        assert found == [], (name, scheme, json.dumps(found, indent=1))
    moving = page.evaluate(MOVING)
    assert moving == [], (name, moving)
    page.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
    _at(screen, TWICE)
    page.evaluate("() => { document.documentElement.style.fontSize = ''; }")
    page.emulate_media(color_scheme="light", forced_colors="active")
    _at(screen, 360)
    _shoot(screen, f"{name}-forced-360")
    wrong = page.evaluate(FORCED)
    assert wrong == [], (name, wrong)
    page.emulate_media(forced_colors="none", reduced_motion="no-preference")
    screen.pause()
