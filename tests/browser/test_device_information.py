"""Device, information and firmware: what is shown, upgrades and their outcome, restart."""

from typing import Any

import pytest

from tests.browser.device import NEWER, UPGRADE, opened, serve, value
from tests.browser.fake_reader import FakeReader
from tests.browser.looks import looks_right
from tests.browser.screen import Screen
from tests.timing import wait_until

DONE = {"success": True, "message": "", "reboot": True}


def shown(screen: Screen, kind: str, words: str) -> None:
    screen.wait_text("#outcome", words)
    assert kind in (screen.page.locator("#outcome").get_attribute("class") or "").split()


def test_device_meter_and_network(reader: FakeReader, screen: Screen) -> None:
    serve(reader)
    opened(screen).wait_text('[data-v="running"]', "v0.1.0")
    screen.settle()
    expected = {
        "board": "Pow-K+", "chip": "esp32s2, 160 MHz", "mac": "7C:DF:A1:00:1E:4B",
        "apmac": "7C:DF:A1:00:1E:4C", "uptime": "1 d 1 h",
        "reset": "software, one core; settings were saved",
        "maker": "Kamstrup", "model": "6841131BN243101040", "id": "5706567", "line": "2400 8E1",
        "ssid": "Hjemme", "ip": "10.0.0.6 (DHCP)", "mask": "255.255.255.0", "gw": "10.0.0.3",
        "dns": "1.1.1.1", "signal": "\u221258 dBm",
        "running": "v0.1.0, 1 Jan 2026, esp32s2, ota_0", "latest": "\u2014",
    }  # fmt: skip
    assert {name: value(screen, name, "#view-overview") for name in expected} == expected
    assert not screen.page.locator("#heat").is_visible()
    assert not screen.page.locator("#upgrade").is_visible()
    looks_right(screen, "device-overview")


def test_what_is_not_known_is_a_dash(reader: FakeReader, screen: Screen) -> None:
    serve(reader, network={"connected": False, "ssid": "", "ip": "", "rssi": 0},
          sysinfo={"meter": {"mfg": 0, "model": "", "id": ""}})  # fmt: skip
    opened(screen).wait_text('[data-v="running"]', "v0.1.0")
    for name in ("maker", "model", "id", "ssid", "ip", "signal"):
        assert value(screen, name, "#view-overview") == "\u2014", name


def test_sensors_are_named(reader: FakeReader, screen: Screen) -> None:
    rows = [("28FF641E93160342", "Attic", 21.4), ("28FF0A4C9316031B", "", -127.0)]
    sensors = [
        {"i": i, "a": a, "n": n, "c": 1, "v": v} for i, (a, n, v) in enumerate(rows)
    ]  # fmt: skip
    serve(reader, temperature={"c": 2, "s": sensors})
    reader.answers["PATCH", "/api/config"] = (200, {"success": True, "message": ""})
    opened(screen).wait_text("#sensors", "21.4 \u00b0C")
    screen.page.get_by_label("Name 28FF0A4C9316031B").fill("Hall")
    looks_right(screen, "device-sensors")
    screen.page.locator("#sensors-save").click()
    screen.wait_text("#sensors-said", "Done")
    names = "28FF641E93160342 Attic, 28FF0A4C9316031B Hall"
    assert reader.posted[-1].json() == {"sensor_names": names}


def test_consent_and_channel_are_settings(reader: FakeReader, screen: Screen) -> None:
    serve(reader, upgrade={"url": False})
    reader.answers["PATCH", "/api/config"] = (200, {"success": True, "message": ""})
    opened(screen).wait_text('[data-v="running"]', "v0.1.0")
    assert screen.page.locator("#no-address").is_visible()
    assert screen.page.locator("#check").is_disabled()
    reader.documents["/upgrade.json"]["auto"] = True
    screen.page.get_by_label("Look once a day").check()
    wait_until(lambda: len(reader.posted) == 1)
    screen.settle()
    assert reader.posted[-1].json() == {"upgrade_auto": True}
    screen.page.get_by_label("Channel").select_option("candidates")
    wait_until(lambda: len(reader.posted) == 2)
    assert reader.posted[-1].json() == {"upgrade_channel": 2}


def test_an_upgrade_from_one_press_to_the_new_version(reader: FakeReader, screen: Screen) -> None:
    serve(reader, upgrade=NEWER)
    reader.answers["POST", "/upgrade"] = (200, DONE)
    opened(screen).wait_text("#upgrade", "Upgrade to v0.2.0")
    screen.page.locator("#news summary").click()
    assert screen.text("#notes-text") == "Prices of Finland.\nFewer restarts."
    looks_right(screen, "device-newer")
    reader.documents["/upgrade.json"].update(phase="loading", done=512000, size=1638400, may=False)
    screen.page.locator("#upgrade").click()
    screen.wait_text(".progress", "loading 500 / 1\u202f600 KB")
    assert reader.posted[-1].form() == {"expected_version": "v0.2.0"}
    looks_right(screen, "device-loading")
    # The restart: the reader is away, then another version answers from the other slot.
    reader.stop()
    screen.wait_text("#away", "Restarting")
    trial = {"running": "v0.2.0", "slot": "ota_1", "phase": "trial", "may": False, "latest": ""}
    reader.documents["/upgrade.json"] = {**UPGRADE, **trial}
    reader.start()
    shown(screen, "warn", "v0.2.0 is on trial")
    reader.documents["/upgrade.json"].update(phase="", may=True)
    shown(screen, "ok", "v0.2.0 runs and has confirmed itself")
    screen.complaints.clear()  # of requests while it was away


def test_a_version_that_was_left_says_why(reader: FakeReader, screen: Screen) -> None:
    last = {"version": "v0.2.0", "why": "no telegram of the meter comes", "at": 1773310000}
    serve(reader, upgrade={"last": last})
    opened(screen)
    shown(screen, "bad", "The former firmware is back. v0.2.0: no telegram of the meter comes")
    looks_right(screen, "device-went-back")


def test_reasons_why_an_upgrade_may_not_begin(reader: FakeReader, screen: Screen) -> None:
    serve(
        reader, upgrade={**NEWER, "may": False, "reasons": ["the supply voltage is low: 3.05 V"]}
    )
    opened(screen).wait_text("#may", "the supply voltage is low: 3.05 V")
    for button in ("#upgrade", "#former", "#send"):
        assert screen.page.locator(button).is_disabled()


def test_a_file_is_sent_as_it_is_and_refused_in_words(
    reader: FakeReader, screen: Screen, tmp_path: Any
) -> None:
    image = tmp_path / "firmware.bin"
    image.write_bytes(bytes(range(256)) * 40)
    serve(reader)
    refusal = {"success": False, "message": "this image is for the chip esp32, not esp32s2"}
    reader.answers["POST", "/firmware"] = (400, refusal)
    opened(screen).wait_text('[data-v="running"]', "v0.1.0")
    screen.page.locator("#send").click()  # without a file the field is focused
    assert screen.page.evaluate("document.activeElement.id") == "image-file"
    screen.page.locator("#image-file").set_input_files(image)
    reader.documents["/upgrade.json"]["resume"] = {"size": 10240, "done": 4096}
    screen.page.locator("#send").click()
    shown(screen, "bad", "this image is for the chip esp32, not esp32s2")
    assert reader.posted[-1].path == "/firmware" and reader.posted[-1].body == image.read_bytes()
    assert not screen.page.locator(".progress").is_visible()
    # An upload that was broken off goes on.
    screen.page.locator("#send").click()
    wait_until(lambda: len(reader.posted) == 2)
    shown(screen, "bad", "this image is for the chip")
    assert reader.posted[-1].path == "/firmware?offset=4096"
    assert reader.posted[-1].body == image.read_bytes()[4096:]
    # One that has no room is not sent.
    reader.documents["/upgrade.json"].update(room=8192, resume=None)
    screen.page.reload()
    screen.wait_text('[data-v="running"]', "v0.1.0")
    screen.page.locator("#image-file").set_input_files(image)
    screen.page.locator("#send").click()
    shown(screen, "bad", "firmware.bin: 10 > 8 KB")
    assert len(reader.posted) == 2
    screen.complaints.clear()  # Chromium's messages of status 400


@pytest.mark.parametrize("yes", [False, True])
def test_back_to_the_former_version_is_asked_for(
    reader: FakeReader, screen: Screen, yes: bool
) -> None:
    serve(reader)
    reader.answers["POST", "/upgrade/back"] = (200, DONE)
    opened(screen).wait_text('[data-v="running"]', "v0.1.0")
    screen.page.locator("#former").click()
    box = screen.page.get_by_role("dialog")
    box.get_by_role("button", name="Back to the former one" if yes else "Cancel").click()
    wait_until(lambda: len(reader.posted) == yes)
    screen.settle()
    assert [posted.path for posted in reader.posted] == (["/upgrade/back"] if yes else [])


def test_the_page_waits_for_a_restart(reader: FakeReader, screen: Screen) -> None:
    serve(reader)
    reader.answers["POST", "/reboot"] = (200, {"reboot": True})
    opened(screen).wait_text('[data-v="running"]', "v0.1.0")
    screen.page.locator("#restart").click()
    screen.page.get_by_role("dialog").get_by_role("button", name="Restart").click()
    screen.wait_text("#away", "Restarting")
    assert [posted.path for posted in reader.posted] == ["/reboot"]
    reader.stop()
    reader.documents["/health.json"]["uptime"] = 7
    reader.start()
    reader.set(u=7)
    screen.wait_text("#away", "The reader is back")
    screen.wait_text('[data-v="uptime"]', "7 s")
    screen.complaints.clear()  # of requests while it was away
