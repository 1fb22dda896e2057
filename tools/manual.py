"""Make the pictures of docs/manual.md anew: each page with a fixed household.

    python -m tools.manual [--out DIR]

In       the page of tools.page, the simulated reader of tests/browser
Out      docs/manual/<name>.webp, at most MOST octets each; the household's time is 2026-03-12
Errors   exit code 1, with nothing written, if a picture is too large
"""

import argparse
import base64
import json
import math
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

for _folder in (
    "firmware",
    "tests/cpython",
):  # for /api/settings.json
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent / _folder))

from tests.browser import device, now, settings  # noqa: E402
from tests.browser.conftest import FLAGS  # noqa: E402
from tests.browser.fake_reader import FakeReader  # noqa: E402
from tools import page as builder  # noqa: E402
from tools.boards import board_constants  # noqa: E402
from tools.runtime import ROOT  # noqa: E402

OUT = ROOT / "docs" / "manual"
MOST = 40 * 1024
INSPECTION = ROOT / "tests" / "golden" / "inspect.json"
_QUALITY = 55
_WAIT_MS = 20000
_TALL = 4000  # cards in view read their documents
NETWORK = {
    "connected": True, "setup": False, "allowed": True, "ssid": "Home", "hostname": "ams-4b1e",
    "bssid": "02:00:00:00:00:01", "address": "", "ip": "192.168.1.57", "mask": "255.255.255.0",
    "gw": "192.168.1.1", "dns": "192.168.1.1", "board": board_constants("pow_u")["NAME"],
    "bus": True, "reason": 0, "why": "", "trial": 0, "rssi": -58, "history": [-58] * 60,
}  # fmt: skip
DOCUMENTS = {
    "/network.json": NETWORK,
    "/sysinfo.json": {"version": "v0.1.0", "line": "2400 8E1", "board": 7},
    "/prices.json": {"enabled": True, "area": "NO1", "stale": False, "error": None},
    "/wifi/test.json": {"state": "none", "ssid": "", "reason": 0, "message": "", "ip": ""},
    "/wifi.json": {"n": [
        {"s": "Home", "r": -55, "w": "strong", "c": 6, "e": "WPA2"},
        {"s": "Cafe guest", "r": -68, "w": "good", "c": 1, "e": "open"},
        {"s": "Neighbour", "r": -83, "w": "weak", "c": 11, "e": "WPA3"},
    ]},
}  # fmt: skip
# Name of the picture, address, what is waited for, width in px, changed documents.
PICTURES: tuple[tuple[str, str, str, int, dict[str, object]], ...] = (
    ("setup-wifi", "/setup", ".networks button", 360, {"setup": True}),
    ("setup-name", "/setup#name", "#f-sh", 360, {"setup": True}),
    ("welcome", "/welcome", "#f-password", 360, {}),
    ("setup-meter", "/setup", ".note.ok", 360, {}),
    ("setup-fuse", "/setup#fuse", "#f-main_fuse_a", 360, {}),
    ("setup-broker", "/setup#broker", "#f-mqtt_host", 360, {}),
    ("setup-checks", "/setup#checks", ".checks li", 360, {}),
    ("login", "/login", "#f-password", 360, {}),
    ("now", "/", "#page .card:visible", 360, {}),
    ("now-wide", "/", "#page .card:visible", 1280, {}),
    ("price", "/", "#prices", 360, {}),
    ("phases", "/", "#phases", 360, {}),
    ("history", "/history", "#page .card:visible", 360, {}),
    ("settings", "/settings", "#page form:visible, #page .card:visible", 360, {}),
    ("device", "/device", "#page .card:visible", 360, {}),
    ("health", "/device#health", "#services li", 360, {}),
    ("backup", "/device#backup", "#backup-link", 360, {}),
    ("inspector", "/device#inspector", "#page .card:visible", 360, {}),
)
PRICES = {n: round(1.1 - 0.5 * math.cos((n - 30) * math.pi / 24), 2) for n in range(192)}
POWERS = [1700 + 40 * (n % 5) + (900 if 20 <= n < 32 else 0) for n in range(60)] + [2430]  # W
CARDS = {"price", "phases"}  # pictures that begin with the card that is waited for


def picture(page: Page) -> bytes:
    """The window, as WebP."""
    session = page.context.new_cdp_session(page)
    shot = session.send("Page.captureScreenshot", {"format": "webp", "quality": _QUALITY})
    return base64.b64decode(shot["data"])


def take(reader: FakeReader) -> dict[str, bytes]:
    """All pictures by name."""
    made = {}
    path = shutil.which("chromium")
    if not path:
        raise RuntimeError("chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=FLAGS)
        for name, address, selector, width, changes in PICTURES:
            reader.reset()
            device.serve(reader)
            now.sell(reader, now.prices(PRICES))
            reader.live = {"ta": 3.0, "t": POWERS, "ma": 33.0, "m": POWERS[::6]}
            reader.documents["/inspect.json"] = json.loads(INSPECTION.read_text())
            if address.startswith("/setup"):
                reader.documents.update(DOCUMENTS)
                reader.documents["/network.json"] = {**NETWORK, **changes}
            reader.documents["/api/settings.json"] = settings.document()
            height = 800 if width > 500 else 740
            context = browser.new_context(
                viewport={"width": width, "height": _TALL if name in CARDS else height},
                color_scheme="light",
                locale="en-GB",
                timezone_id="Europe/Oslo",
            )
            page = context.new_page()
            page.goto(reader.url.rstrip("/") + address)
            page.locator(selector).first.wait_for(timeout=_WAIT_MS)
            page.wait_for_timeout(2500)  # fields and charts that come after it
            if name in CARDS:
                page.set_viewport_size({"width": width, "height": height})
                page.wait_for_timeout(500)
                page.locator(selector).evaluate("(card) => card.scrollIntoView()")
            made[name] = picture(page)
            context.close()
        browser.close()
    return made


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.manual")
    parser.add_argument("--out", type=Path, default=OUT)
    out = parser.parse_args().out
    with tempfile.TemporaryDirectory() as folder:
        builder.build(builder.SOURCE, Path(folder))
        reader = FakeReader(Path(folder))
        reader.start()
        try:
            made = take(reader)
        finally:
            reader.stop()
    large = [f"{name}: {len(shot)} octets" for name, shot in made.items() if len(shot) > MOST]
    if large:
        print("manual: too large: " + ", ".join(large), file=sys.stderr)
        return 1
    out.mkdir(parents=True, exist_ok=True)
    for name, octets in made.items():
        (out / f"{name}.webp").write_bytes(octets)
        print(f"{len(octets):6} {name}.webp")
    return 0


if __name__ == "__main__":
    sys.exit(main())
