"""Documents of the page Device, for the fake reader. The form of the real ones: docs/api.md."""

import copy
from typing import Any

from tests.browser.fake_reader import FakeReader
from tests.browser.screen import Screen

SYSINFO = {
    "version": "v0.1.0", "chip": "esp32s2", "chipId": "4b1e", "cpu": 160,
    "mac": "7C:DF:A1:00:1E:4B", "apmac": "7C:DF:A1:00:1E:4C", "board": 7,
    "hostname": "ams-4b1e", "meter": {"mfg": 3, "model": "6841131BN243101040", "id": "5706567"},
    "line": "2400 8E1",
}  # fmt: skip
NETWORK = {
    "connected": True, "ssid": "Hjemme", "hostname": "ams-4b1e", "address": "",
    "ip": "10.0.0.6", "mask": "255.255.255.0", "gw": "10.0.0.3", "dns": "1.1.1.1", "rssi": -58,
}  # fmt: skip
KINDS = ("parse", "incomplete", "boundary", "header_checksum", "checksum", "unknown", "key")
HEALTH: dict[str, Any] = {
    "version": "v0.1.0", "board": "Pow-K+", "chip": "esp32s2", "uptime": 90512, "utc": 1773317100,
    "by": 1,
    "reset": {"reason": 12, "words": "software, one core", "cause": 2,
              "cause_words": "settings were saved"},
    "crash": "", "short": 0, "safe": 0,
    "heap": {"free": 41000, "largest": 9000, "refused": 0, "sheds": 0,
             "history": [None] * 20 + [41000 + 512 * (n % 7) for n in range(40)]},
    "wifi": {"rssi": -58, "history": [None] * 10 + [-58 - n % 5 for n in range(50)]},
    "supply": {"v": 3.287, "tier": 0, "low": [3.26 + 0.02 * (n % 3) for n in range(60)]},
    "meter": {"line": "2400 8E1", "age": 2.4, "telegrams": 36211, "frames": 36230, "unknown": 1,
              "fell": 0, "errors": {**dict.fromkeys(KINDS, 0), "checksum": 3}},
    "mqtt": {"light": 1, "error": 0}, "push": {"fault": "", "failures": 0},
    "web": {"listeners": 1, "streams": 1}, "writes": 12, "held": "",
    "events": [
        {"s": 3, "level": "info", "text": "meter: found at 2400 8E1"},
        {"s": 420, "level": "warning", "text": "telnet: wrong password"},
        {"s": 800, "level": "error", "text": "web: ValueError: <b>bad</b>"},
    ],
}  # fmt: skip
PRICES = {
    "enabled": True, "area": "NO1", "source": "ENTSO-E", "currency": "NOK", "begin": 1773270000,
    "end": 1773442800, "stale": False, "fetched": 1773310000, "from": "ENTSO-E",
    "next": 1773320000, "error": None, "error_at": None, "missing": None, "stall_ms": 120,
}  # fmt: skip
SUPPLY = {"v": 3.287, "ref": 3.3, "tier": 0, "words": "full operation", "held": "", "low": []}
UPGRADE: dict[str, Any] = {
    "running": "v0.1.0", "built": 1767225600, "board": "Pow-K+", "family": "pow",
    "chip": "esp32s2", "slot": "ota_0", "other": "ota_1", "room": 1900544,
    "phase": "", "done": 0, "size": 0, "latest": "", "notes": "", "error": "", "resume": None,
    "last": None, "may": True, "reasons": [], "url": True, "channel": 0, "auto": False,
}  # fmt: skip
NEWER = {"latest": "v0.2.0", "notes": "Prices of Finland.\nFewer restarts.", "auto": True}
NO_SENSORS = {"c": 0, "s": []}
BOARDS: dict[str, Any] = {
    "board": 50, "gpio": 21, "why": "", "boards": [
        {"id": 50, "name": "ESP32-S2", "gpio": 18, "pins": [16, 17, 18, 21]},
        {"id": 5, "name": "Pow-K+", "gpio": 16, "pins": []},
        {"id": 7, "name": "Pow-U+", "gpio": 16, "pins": []},
    ],
}  # fmt: skip
DOCUMENTS = {
    "/sysinfo.json": SYSINFO, "/network.json": NETWORK, "/health.json": HEALTH,
    "/prices.json": PRICES, "/supply.json": SUPPLY, "/upgrade.json": UPGRADE,
    "/temperature.json": NO_SENSORS, "/board.json": BOARDS,
}  # fmt: skip


def serve(reader: FakeReader, **changes: dict[str, Any]) -> None:
    """Serve all documents; upgrade={"phase": "loading"} changes members of /upgrade.json."""
    reader.documents.update(copy.deepcopy(DOCUMENTS))
    for name, members in changes.items():
        reader.documents[f"/{name}.json"].update(members)


def opened(screen: Screen, section: str = "overview") -> Screen:
    """The page at a section, when its first document is shown."""
    return screen.open(f"!document.getElementById('view-{section}').hidden", f"/device#{section}")


def value(screen: Screen, name: str, card: str = "body") -> str:
    return screen.page.locator(f'{card} [data-v="{name}"]').first.inner_text()
