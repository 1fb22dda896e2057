"""What the tests of the page Settings share: documents made by the firmware's own code."""

import json
from types import SimpleNamespace
from typing import Any

from config import Config
from web.documents import settings

from tests.browser.fake_reader import FakeReader
from tests.browser.screen import Screen

READY = "document.querySelector('#menu a')"
NETWORK: dict[str, Any] = {"connected": True, "setup": False, "ssid": "Hjemme", "trial": 0}
NO_FILES: dict[str, list[Any]] = {
    name: [] for name in ("mqtt-ca", "mqtt-cert", "mqtt-key", "push-ca", "price-ca", "upgrade-ca")
}


def document(**values: Any) -> dict[str, Any]:
    """/api/settings.json with these values in force or stored."""
    app = SimpleNamespace(config=Config(dict(values), {}), network=SimpleNamespace(trial={}))
    made: dict[str, Any] = json.loads("".join(settings.get(app, None)))  # type: ignore[arg-type]
    return made


def serve(reader: FakeReader, **values: Any) -> None:
    """Give the fake reader the documents of the page."""
    reader.documents["/api/settings.json"] = document(**values)
    reader.documents["/network.json"] = dict(NETWORK)
    reader.documents["/api/tokens"] = {"tokens": []}
    reader.documents["/api/certificates.json"] = dict(NO_FILES)
    reader.answers["PATCH", "/api/config"] = 200, accepted()


def accepted(**needs: str) -> dict[str, Any]:
    """The answer to a save."""
    return {"success": True, "message": "", "reboot": False, "changed": [], "needs": needs}


def show(screen: Screen, place: str = "") -> None:
    """Open a section, or the section of a setting."""
    screen.open(READY, f"/settings{place and '#' + place}")
