"""Device, inspector: the line, layers with their octets, errors, captures, list descriptors."""

import copy
import json
from pathlib import Path
from typing import Any

from tests.browser.device import opened, serve
from tests.browser.energy import wait_asked
from tests.browser.fake_reader import FakeReader
from tests.browser.looks import looks_right
from tests.browser.screen import Screen
from tests.timing import wait_until

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
# Documents as the firmware's unit tests keep them.
FOUND: dict[str, Any] = json.loads((GOLDEN / "inspect.json").read_text())
SEARCH: dict[str, Any] = json.loads((GOLDEN / "inspect_search.json").read_text())
PASTED: dict[str, Any] = json.loads((GOLDEN / "inspect_pasted.json").read_text())
TELEGRAM = FOUND["telegrams"][0]


def inspected(reader: FakeReader, document: dict[str, Any], lists: bytes = b"") -> None:
    serve(reader)
    reader.documents["/inspect.json"] = copy.deepcopy(document)
    reader.documents["/lists.txt"] = lists


def marked(screen: Screen, card: str = "#telegrams") -> str:
    """The octets that are marked."""
    marks = screen.page.locator(f"{card} mark").all_inner_texts()
    assert len(marks) <= 1
    return "".join(marks).replace(" ", "")


def test_octets_of_each_layer_and_item(reader: FakeReader, screen: Screen) -> None:
    inspected(reader, FOUND)
    page = opened(screen, "inspector").page
    screen.wait_text("#line-words", FOUND["words"])
    rows = page.locator("#telegrams [role=option]")
    clear = TELEGRAM["apdu"]["octets"]
    whole = FOUND["bursts"][0]["octets"]
    items = TELEGRAM["list"]["items"]
    ends = [item["at"] for item in items[1:]] + [len(clear) // 2]
    expected = [whole, clear]
    expected += [clear[2 * i["at"] : 2 * end] for i, end in zip(items, ends, strict=True)]
    assert rows.count() == len(expected)
    rows.first.focus()
    for n, octets in enumerate(expected):
        assert page.evaluate("document.activeElement.getAttribute('aria-selected')") == "true"
        assert marked(screen) == octets, n
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Home")
    assert marked(screen) == whole
    rows.last.hover()
    assert marked(screen) == expected[-1]
    assert "power_import_w" in screen.text("#telegrams table")
    looks_right(screen, "device-inspector")


def test_the_newest_error_and_the_unknown_list(reader: FakeReader, screen: Screen) -> None:
    document = copy.deepcopy(FOUND)
    error = {"code": -5, "kind": "checksum", "reason": "checksum is wrong", "at": None,
             "before": "7ea02a41", "octets": "0883130413e6e700", "help": "see the cable",
             }  # fmt: skip
    document["newest_error"] = {"age": 75, "error": error}
    inspected(reader, document)
    page = opened(screen, "inspector").page
    screen.wait_text("#error-view", "checksum is wrong: see the cable")
    assert screen.text("#error-age") == "\u221275 s"
    page.locator("#error-view [role=option]").focus()
    assert marked(screen, "#error-view") == "0883130413e6e700"
    unknown = FOUND["unknown"]
    third = page.locator("#unknown-view [role=option]").nth(3)  # after the APDU
    third.focus()
    assert marked(screen, "#unknown-view") == unknown["octets"][14:] == "120007"
    looks_right(screen, "device-inspector-error")


def test_what_is_tried_on_a_silent_line(reader: FakeReader, screen: Screen) -> None:
    inspected(reader, SEARCH)
    page = opened(screen, "inspector").page
    screen.wait_text("#line-words", SEARCH["words"])
    search = SEARCH["line"]["search"]
    assert f"setting {search['turn']} of {len(search['combinations'])}" in screen.text(
        "#search-words"
    )
    rows = page.locator("#combinations tr")
    assert rows.count() == len(search["combinations"])
    assert page.locator("#combinations tr[aria-current]").count() == 1
    assert page.locator("#no-telegrams").is_visible()
    assert page.locator("#capture-save").is_disabled()
    # It listens again by itself until a telegram is decoded.
    reader.documents["/inspect.json"] = copy.deepcopy(FOUND)
    screen.wait_text("#telegrams", TELEGRAM["words"])
    assert not page.locator("#search").is_visible()
    page.wait_for_function("() => document.getElementById('listen-stop').hidden")


def test_listening_can_be_stopped(reader: FakeReader, screen: Screen) -> None:
    inspected(reader, SEARCH)
    reader.held.add("/inspect.json")
    page = opened(screen, "inspector").page
    screen.wait_text("#listening", "/ 12 s")
    wait_asked(reader, screen, "/inspect.json", 1)
    page.locator("#listen-stop").click()
    assert page.evaluate("document.activeElement.id") == "listen"
    assert screen.text("#listening") == ""
    reader.release()
    before = reader.requests.count("/inspect.json?seconds=12&telegrams=1&octets=2048")
    page.locator("#listen-for").select_option("some")
    page.locator("#listen").click()
    screen.wait_text("#line-words", SEARCH["words"])
    assert before == 1
    assert "/inspect.json?seconds=30&telegrams=10&octets=3840" in reader.requests


def test_another_client_looks(reader: FakeReader, screen: Screen) -> None:
    inspected(reader, FOUND)
    words = "another client looks at the line just now: try again in a minute"
    reader.answers["GET", "/inspect.json"] = (400, {"success": False, "message": words})
    opened(screen, "inspector").wait_text("#line-said", words)
    screen.complaints.clear()  # Chromium's message of status 400


def test_a_capture_is_saved_and_decoded(reader: FakeReader, screen: Screen) -> None:
    inspected(reader, FOUND)
    reader.answers["POST", "/api/inspect"] = (200, copy.deepcopy(PASTED))
    page = opened(screen, "inspector").page
    screen.wait_text("#line-words", FOUND["words"])
    with page.expect_download() as download:
        page.locator("#capture-save").click()
    assert download.value.suggested_filename == "capture.hex"
    text = Path(download.value.path()).read_text()
    octets = [line for line in text.split("\n") if line and not line.startswith("#")]
    assert "".join(octets) == "".join(burst["octets"] for burst in FOUND["bursts"])
    page.locator("#decode").click()
    assert page.evaluate("document.activeElement.id") == "paste"
    page.get_by_role("textbox", name="Octets").fill(text)
    page.locator("#decode").click()
    screen.wait_text("#paste-said", PASTED["words"])
    assert reader.posted[-1].type.startswith("text/plain")
    assert reader.posted[-1].body.decode().replace("\r", "") == text
    found = page.locator("#pasted details")
    assert found.count() == len(PASTED["telegrams"]) == 3
    # The octets of an error in the second one, the title of the cipher in the third one.
    found.nth(1).locator("summary").click()
    fault = PASTED["telegrams"][1]["errors"][0]
    found.nth(1).locator(".bad[role=option]").first.focus()
    assert marked(screen, "#pasted details:nth-child(2)") == fault["octets"]
    cipher = PASTED["telegrams"][2]["cipher"]
    found.nth(2).get_by_role("option", name=cipher["system_title"]).focus()
    shown = marked(screen, "#pasted details:nth-child(3)")
    assert shown.startswith("db08" + cipher["system_title"])
    assert len(shown) // 2 == 2 + 8 + 1 + 5 + cipher["length"]
    looks_right(screen, "device-inspector-pasted")


def test_list_descriptors_are_checked_and_used(reader: FakeReader, screen: Screen) -> None:
    inspected(reader, FOUND, b"list acme-3p\n")
    page = opened(screen, "inspector").page
    area = page.get_by_label("lists.txt")
    page.wait_for_function("() => document.getElementById('lists').value.startsWith('list acme')")
    wrong = {"success": False, "message": "line 3: type u33: allowed are any, bool"}
    reader.answers["POST", "/lists.txt"] = (400, wrong)
    area.fill("list acme-3p\n\nu33\n")
    page.locator("#lists-check").click()
    screen.wait_text("#lists-said", "line 3: type u33")
    assert reader.posted[-1].path == "/lists.txt?check=true"
    assert area.get_attribute("aria-invalid") == "true"
    reader.answers["POST", "/lists.txt"] = (200, {"success": True, "message": ""})
    area.fill("list acme-3p\nu32 power_import_w\n")
    page.locator("#lists-check").click()
    screen.wait_text("#lists-said", "Done.")
    assert reader.posted[-1].path == "/lists.txt?check=true"
    page.locator("#lists-save").click()
    wait_until(lambda: len(reader.posted) == 3)
    assert reader.posted[-1].path == "/lists.txt"
    assert reader.posted[-1].body == b"list acme-3p\nu32 power_import_w\n"
    screen.complaints.clear()  # Chromium's message of status 400
