"""The pages in Debian's Firefox, driven by puppeteer-core over WebDriver BiDi."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from tests.browser import settings
from tests.browser.fake_reader import FakeReader
from tools.page import ROOT

HERE = Path(__file__).resolve().parent
LIMIT_S = 240


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
    settings.serve(reader)
    found = walk(reader.url)
    assert found["errors"] == []
    assert "firefox" in found["version"].lower()
    assert [page["title"].split(" ")[0] for page in found["seen"]] == [
        "Now", "History", "Settings", "Innstillinger",
    ]  # fmt: skip
    assert [page["path"] for page in found["seen"] if page["wide"]] == []
    now, history, _, _ = (page["text"] for page in found["seen"])
    assert "2.43" in now and "Importing" in now
    assert "14.05" in history and "kWh imported" in history
