"""The page Settings with the whole firmware: a setting of each section, keys, broker, rules."""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from frames import frame
from playwright.sync_api import Browser, Page, TimeoutError

from tests.browser.test_whole import LONG_MS
from tests.sim.mqtt_peers import Mosquitto
from tests.timing import wait_until
from tests.world import MORNING, World
from tools.encoders import gcm
from tools.fixtures import vectors
from tools.simulation import free_port

KEY = "000102030405060708090A0B0C0D0E0F"
LLC = b"\xe6\xe7\x00"
TELEGRAM = next(v.octets for v in vectors() if v.name == "aidon-list3-tn")
APDU = TELEGRAM[TELEGRAM.index(LLC) + 3 : -3]
CIPHERED = frame(LLC + gcm.apdu(APDU, bytes.fromhex(KEY), b"KFM12345", 1, control=0x20))
# Section, setting, what the owner enters, what the reader stores.
CHANGES = (
    ("general", "web_names", "reader.example", "reader.example"),
    ("prices", "price_multiplier", "1.25", 1250),
    ("meter", "main_fuse_a", "63", 63),
    ("wifi", "wifi_power_ddbm", "15.5", 155),
    ("network", "ntp_server", "time.example", "time.example"),
    ("mqtt", "mqtt_silence_s", "90", 90),
    ("push", "push_interval_s", "120", 120),
    ("device", "lights", "all 7-22", "all 7-22"),
    ("debug", "raw_port", "8082", 8082),
)
CHOICES = (
    ("thresholds", "tariff_profile", "Sweden: highest hours of 3 days", "SE-day-3"),
    ("ui", "ui_price", "hide", 0),
)
PRICES = [0.5] * 96


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("world")
    capture = folder / "ciphered.hex"
    capture.write_text(CIPHERED.hex())
    options = ("--meter", str(capture), "--interval", "1")
    with World(folder, *options, clock=(MORNING, 1), config={"web_security": 0}) as world:
        yield world


@pytest.fixture(scope="module")
def page(world: World, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    context.set_default_timeout(LONG_MS)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"http://127.0.0.1:{world.http}/settings")
    page.locator("#menu a").first.wait_for()
    yield page
    context.close()
    assert errors == []


def save(page: Page, words: str = "Saved.") -> None:
    page.get_by_role("button", name="Save", exact=True).click()
    page.locator(".state", has_text=words).wait_for()


def value(world: World, name: str) -> object:
    rows = world.json("/api/settings.json")["settings"]
    return next(row for row in rows if row["name"] == name)["value"]


def test_a_setting_of_each_section_is_changed(world: World, page: Page) -> None:
    for section, name, entered, _ in CHANGES:
        page.locator(f"#menu a[href='#{section}']").click()
        page.locator(f"#f-{name}").fill(entered)
        save(page)
    for section, name, label, _ in CHOICES:
        page.locator(f"#menu a[href='#{section}']").click()
        page.locator(f"#f-{name}").select_option(label=label)
        save(page)
    page.locator("#menu a[href='#thresholds']").click()
    page.get_by_role("button", name="Begin with the usual steps").click()
    save(page)
    for _, name, _, stored in (*CHANGES, *CHOICES):
        assert value(world, name) == stored, name
    assert value(world, "tariff") == {"steps": [5, 10, 15, 20, 25, 50, 75, 100, 150]}


def test_what_the_firmware_refuses_is_told_at_the_field(world: World, page: Page) -> None:
    page.locator("#menu a[href='#network']").click()
    page.get_by_label("Address/length").fill("192.168.1.50/24")
    page.get_by_label("Gateway").fill("10.0.0.1")
    save(page, "Nothing is saved")
    wait_until(lambda: "must be in the subnet" in page.locator("#e-address").inner_text())
    page.get_by_role("button", name="Undo changes").click()
    assert value(world, "address") == ""


def test_keys_are_tried_with_the_meter_s_telegram(world: World, page: Page) -> None:
    page.locator("#menu a[href='#meter']").click()
    page.locator("#f-encryption_key").fill("FF" + KEY[2:])
    page.get_by_role("button", name="Test the keys").click()
    page.get_by_text("The encryption key does not fit.").wait_for()
    page.locator("#f-encryption_key").fill(" ".join(KEY[i : i + 4] for i in range(0, 32, 4)))
    page.get_by_role("button", name="Test the keys").click()
    page.get_by_text("The keys fit.").wait_for()
    save(page)
    wait_until(lambda: world.json("/data.json")["i"] == 4321)
    assert page.locator("#f-encryption_key").input_value() == ""


def test_a_broker_is_tested_before_it_is_saved(world: World, page: Page, tmp_path: Path) -> None:
    page.locator("#menu a[href='#mqtt']").click()
    page.locator("#f-mqtt_host").fill("127.0.0.1")
    page.locator("#f-mqtt_port").fill(str(free_port()))
    page.locator("#f-mqtt_topic").fill("home/meter")
    test = page.get_by_role("button", name="Test the broker")
    test.click()
    page.locator(".stages .bad", has_text="TCP: failed").wait_for()
    with contextlib.closing(Mosquitto(tmp_path)) as broker:
        page.locator("#f-mqtt_port").fill(str(broker.port))
        test.click()
        page.locator(".stages .ok", has_text="Message: good").wait_for()
        assert value(world, "mqtt_host") == ""
        save(page)
        wait_until(lambda: world.json("/now.json")["mm"] == 1)
    assert value(world, "mqtt_topic") == "home/meter"


def test_rules_are_previewed_by_the_firmware(world: World, page: Page) -> None:
    day = {
        "start": "2026-03-17T00:00:00+01:00", "resolution": 15, "currency": "NOK",
        "prices": PRICES,
    }  # fmt: skip
    status, answer = world.post("/prices", json.dumps(day), {"Content-Type": "text/plain"})
    assert status == 200, answer
    page.locator("#menu a[href='#prices']").click()
    page.locator("#f-price_multiplier").fill("1")
    page.get_by_label("Add a rule").select_option("add")
    rule = page.locator(".rules > li")
    rule.get_by_label("Name").fill("Grid")
    rule.get_by_label("Value").fill("0.4")
    rule.get_by_label("Hours").fill("06-21")
    page.get_by_role("button", name="Preview").click()
    rows = page.locator("#preview tbody tr")
    rows.nth(95).wait_for()
    assert rows.nth(23).locator("td").all_inner_texts() == ["0.5000", "0.5000", "Spot 0.5000"]
    assert rows.nth(24).locator("th, td").all_inner_texts() == [
        "Tue 17 06:00", "0.5000", "0.9000", "Spot 0.5000 + Grid 0.4000",
    ]  # fmt: skip
    assert value(world, "price_rules") == ""
    save(page)
    assert value(world, "price_rules") == '"Grid" import add 0.4 all 06-21 00-00 00-00'


def test_a_file_that_is_no_certificate_is_refused(world: World, page: Page) -> None:
    page.locator("#menu a[href='#mqtt']").click()
    file = {"name": "no.pem", "mimeType": "text/plain", "buffer": b"nothing"}
    page.locator("#mqtt-ca").set_input_files(file)  # type: ignore[arg-type]
    state = page.locator(".cert p[role=status]").first
    wait_until(lambda: state.inner_text() not in ("", "The reader does not answer."))
    assert page.locator(".cert-next button").count() == 0
    assert world.json("/api/certificates.json")["mqtt-ca"] == []


def test_a_network_is_tried_and_kept(world: World, page: Page) -> None:
    page.locator("#menu a[href='#general']").click()
    page.locator("#f-hostname").fill("hallway")
    save(page)
    note = page.locator(".note", has_text="On trial")
    note.wait_for()
    assert note.get_by_role("link", name="hallway.local").count() == 1
    keep = page.get_by_role("button", name="Keep the new network")
    wait_until(lambda: world.json("/network.json")["trial"] > 0)

    def kept() -> bool:  # the reader connects first
        with contextlib.suppress(TimeoutError):  # it is gone just now
            keep.click(timeout=5000)
        return not keep.is_visible()

    wait_until(kept)
    stored = json.loads((world.data / "config.json").read_text())
    assert stored["hostname"] == "hallway"
