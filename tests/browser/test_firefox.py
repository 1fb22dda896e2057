"""The pages in Debian's Firefox, driven by puppeteer-core over WebDriver BiDi."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from tests.browser import views
from tests.browser.fake_reader import FakeReader
from tools.page import ROOT

HERE = Path(__file__).resolve().parent
GOLDEN = HERE.parent / "golden"
LIMIT_S = 600


def walk(url: str) -> dict[str, Any]:
    """What firefox.mjs prints."""
    firefox = shutil.which("firefox-esr") or shutil.which("firefox")
    assert firefox, "Firefox is not installed: make setup-tests"
    node = shutil.which("node", path=None) or shutil.which("node", path=str(ROOT / ".venv/bin"))
    assert node, "node is not installed: make setup"
    command = [node, HERE / "firefox.mjs", url, firefox]
    done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT_S)
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_the_pages_work_in_firefox(reader: FakeReader) -> None:
    reader.reset()
    views.serve(reader)
    reader.documents["/inspect.json"] = json.loads((GOLDEN / "inspect.json").read_text())
    reader.documents["/lists.txt"] = b""
    found = walk(reader.url)
    assert found["errors"] == []
    assert "firefox" in found["version"].lower()
    assert [page["title"].split(" \u2013")[0] for page in found["seen"]] == [
        "Now", "History", "Settings", *["Device"] * 4, "Enhet", *["Set-up"] * 7, "Welcome",
        "Log in",
    ]  # fmt: skip
    assert [page["path"] for page in found["seen"] if page["wide"]] == []
    text = {page["path"]: page["text"] for page in found["seen"]}
    assert "2.43" in text["/"] and "Importing" in text["/"]
    assert "14.05" in text["/history"] and "kWh imported" in text["/history"]
    assert "Found Aidon" in text["/setup"] and "Meter: fine" in text["/setup#checks"]
