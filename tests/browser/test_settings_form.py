"""The page Settings: sections, search, entry and checks of values, saves, unsaved changes."""

from playwright.sync_api import Browser, Page

from tests.browser import settings
from tests.browser.energy import wait_asked
from tests.browser.fake_reader import FakeReader
from tests.browser.screen import Screen, expected_network, fits
from tests.browser.test_whole import LONG_MS, PICTURES

SECTIONS = (
    "general", "prices", "meter", "wifi", "network", "mqtt", "thresholds", "ui", "debug", "push",
    "device", "actions",
)  # fmt: skip


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()


def saved(reader: FakeReader) -> "list[object]":
    return [sent.json() for sent in reader.posted if sent.method == "PATCH"]


def test_every_setting_has_a_field(reader: FakeReader, screen: Screen) -> None:
    settings.serve(reader)
    settings.show(screen)
    names = [row["name"] for row in settings.document()["settings"]]
    seen: set[str] = set()
    for section in SECTIONS:
        screen.page.evaluate(f"location.hash = '{section}'")
        screen.until(f"document.querySelector('[aria-current=true]').hash === '#{section}'")
        fields = screen.page.locator(".section-form [id^='e-']")
        seen |= {field.get_attribute("id")[2:] for field in fields.all()}  # type: ignore[index]
        assert fits(screen)
    assert set(names) - seen == {"wifi_first"}  # the reader's own


def test_a_list_on_a_phone_and_beside_the_form_on_a_wide_screen(
    reader: FakeReader, browser: Browser, screens: list[Screen]
) -> None:
    settings.serve(reader)
    phone, wide = Screen(browser, reader), Screen(browser, reader, width=1280, scheme="dark")
    screens += [phone, wide]
    settings.show(phone)
    assert not phone.page.locator("#section").is_visible()
    phone.page.get_by_role("link", name="Tariff thresholds").click()
    phone.page.locator("#section").wait_for()
    assert not phone.page.locator("#menu").is_visible()
    assert phone.page.evaluate("document.activeElement.id") == "section-title"
    phone.page.get_by_role("link", name="All settings").click()
    phone.page.locator("#menu").wait_for()
    settings.show(wide)
    assert wide.page.locator("#menu").is_visible()
    assert wide.page.locator("#section").is_visible()
    PICTURES.mkdir(parents=True, exist_ok=True)
    for screen, width in ((phone, 360), (wide, 1280)):
        screen.page.screenshot(path=PICTURES / f"settings-list-{width}.png", full_page=True)


def test_search_finds_labels_helps_and_options(reader: FakeReader, screen: Screen) -> None:
    settings.serve(reader)
    settings.show(screen)
    find = screen.page.locator("#find")
    find.fill("VAT")
    links = screen.page.locator("#menu a")
    assert links.all_inner_texts() == ["Multiplier of the price\nPrices"]
    find.fill("domoticz l2")
    assert screen.page.locator("#found").inner_text() == "1 found"
    links.first.click()
    # It has no meaning with the present payload, but whoever asks for it sees it.
    screen.until("document.activeElement.id === 'f-domoticz_l2_idx'")
    screen.page.get_by_role("link", name="All settings").click()
    find.fill("nothing has this")
    assert links.count() == 0


ENTRIES = {
    "prices": (
        ("price_multiplier", "1.25", 1250),
        ("price_multiplier", "1,19", 1190),
        ("price_fixed_micro", "1.20", 1200000),
        ("monthly_fee_micro", "39", 39000000),
        ("export_fixed_micro", "-0.5", -500000),
    ),
    "wifi": (("wifi_power_ddbm", "19.5", 195),),
    "meter": (("main_fuse_a", " 25 ", 25),),
}


def test_a_number_is_entered_as_people_write_it(reader: FakeReader, screen: Screen) -> None:
    settings.serve(reader, export_price="fixed")
    settings.show(screen)
    for section, entries in ENTRIES.items():
        screen.page.evaluate(f"location.hash = '{section}'")
        for name, entered, stored in entries:
            screen.page.locator(f"#f-{name}").fill(entered)
            save(screen.page)
            screen.wait_text(".state", "Saved.")
            assert saved(reader).pop() == {name: stored}
    assert screen.page.locator("#f-main_fuse_a").input_value() == "25"


FAULTS = {
    "meter": (
        ("main_fuse_a", "70000", "It must be 0 to 65535."),
        ("main_fuse_a", "2.5", "A whole number."),
        ("encryption_key", "00112233", "It must be as 0123456789ABCDEF0123456789ABCDEF"),
    ),
    "prices": (("price_multiplier", "1.2345", "A number with at most 3 decimals."),),
    "wifi": (("wifi_psk", "short", "At least 8 characters."),),
    "general": (("hostname", "Hallway!", "It must be as ams-7f3a"),),
    "mqtt": (("mqtt_topic", "home/#", "It must be as ams/reader"),),
    "push": (("push_url", "influx.local", "It must be as https://192.168.1.20:8086"),),
}


def test_a_wrong_value_is_told_at_its_field(reader: FakeReader, screen: Screen) -> None:
    settings.serve(reader)
    settings.show(screen)
    page = screen.page
    for section, faults in FAULTS.items():
        page.evaluate(f"location.hash = '{section}'")
        for name, entered, words in faults:
            page.locator(f"#f-{name}").fill(entered)
            page.keyboard.press("Tab")
            screen.wait_text(f"#e-{name}", words)
            assert page.locator(f"#f-{name}").get_attribute("aria-invalid") == "true"
            save(page)
            screen.until(f"document.activeElement.id === 'f-{name}'")
            page.get_by_role("button", name="Undo changes").click()
    assert saved(reader) == []


def test_what_the_reader_refuses_is_told_at_its_field(reader: FakeReader, screen: Screen) -> None:
    settings.serve(reader)
    refusal = {"success": False, "message": "no", "errors": {"main_fuse_a": "too much for it"}}
    reader.answers["PATCH", "/api/config"] = 400, refusal
    settings.show(screen, "main_fuse_a")
    screen.page.locator("#f-main_fuse_a").fill("63")
    save(screen.page)
    screen.wait_text("#e-main_fuse_a", "too much for it")
    screen.wait_text(".state", "Nothing is saved: see the marked fields.")
    assert screen.page.locator("#f-main_fuse_a").input_value() == "63"
    reader.answers["PATCH", "/api/config"] = 503, b"busy"
    save(screen.page)
    screen.wait_text(".state", "The reader does not answer.")
    expected_network(screen)


def test_a_reader_that_does_not_answer_is_asked_again(reader: FakeReader, screen: Screen) -> None:
    settings.serve(reader)
    reader.answers["GET", "/api/settings.json"] = 503, b"busy"
    screen.open("document.querySelector('#page [role=alert]')", "/settings")
    assert "The reader does not answer." in screen.text("#page")
    del reader.answers["GET", "/api/settings.json"]
    screen.page.get_by_role("button", name="Load the page again").click()
    screen.until(settings.READY)
    expected_network(screen)


def test_only_changed_names_are_sent_and_secrets_stay(reader: FakeReader, screen: Screen) -> None:
    settings.serve(reader, mqtt_host="192.168.1.9", mqtt_password="secret")
    settings.show(screen, "mqtt")
    page = screen.page
    assert page.locator("#f-mqtt_password").input_value() == ""
    assert "Set." in page.locator(".field", has=page.locator("#f-mqtt_password")).inner_text()
    page.locator("#f-mqtt_user").fill("meter")
    save(page)
    screen.wait_text(".state", "Saved.")
    page.locator("#f-mqtt_password").fill("another")
    save(page)
    screen.until("document.querySelector('.state').textContent === 'Saved.'")
    screen.until("document.getElementById('f-mqtt_password').value === ''")
    page.get_by_label("Remove").first.check()
    save(page)
    screen.until("!document.getElementById('f-mqtt_password').disabled")
    assert saved(reader) == [
        {"mqtt_user": "meter"},
        {"mqtt_password": "another"},
        {"mqtt_password": ""},
    ]


def test_fields_without_a_meaning_are_hidden(reader: FakeReader, screen: Screen) -> None:
    settings.serve(reader)
    settings.show(screen, "mqtt")
    index = screen.page.locator("#f-domoticz_energy_idx")
    assert not index.is_visible()
    screen.page.locator("#f-mqtt_payload").select_option(label="Domoticz")
    index.wait_for()
    screen.page.get_by_role("button", name="Undo changes").click()
    index.wait_for(state="hidden")


def test_an_open_list_takes_another_value(reader: FakeReader, screen: Screen) -> None:
    settings.serve(reader)
    settings.show(screen, "timezone")
    zone = screen.page.locator("#f-timezone")
    zone.select_option(label="another …")
    screen.page.get_by_label("Time zone: another").fill("Asia/Tokyo")
    save(screen.page)
    screen.wait_text(".state", "Saved.")
    assert saved(reader) == [{"timezone": "Asia/Tokyo"}]


def test_an_address_has_three_inputs(reader: FakeReader, screen: Screen) -> None:
    settings.serve(reader)
    settings.show(screen, "address")
    page = screen.page
    page.get_by_label("Address/length").fill("192.168.1.50/24")
    page.get_by_label("Gateway").fill("192.168.1")
    page.keyboard.press("Tab")
    screen.wait_text("#e-address", "It must be as 192.168.1.1")
    page.get_by_label("Gateway").fill("192.168.1.1")
    reader.answers["PATCH", "/api/config"] = 200, settings.accepted(address="network")
    reader.documents["/network.json"]["trial"] = 55
    save(page)
    note = page.locator(".note", has_text="On trial")
    note.wait_for()
    assert saved(reader) == [{"address": "192.168.1.50/24 192.168.1.1"}]
    link = note.get_by_role("link", name="192.168.1.50").get_attribute("href")
    assert link == f"http://192.168.1.50:{reader.port}/settings#network"
    page.screenshot(path=PICTURES / "settings-trial-360.png", full_page=True)
    reader.answers["POST", "/network/confirm"] = 200, {"success": True, "message": ""}
    page.get_by_role("button", name="Keep the new network").click()
    note.wait_for(state="hidden")
    assert reader.posted[-1].path == "/network/confirm"


def test_a_trial_that_ends_shows_the_old_settings(reader: FakeReader, screen: Screen) -> None:
    screen.own_clock()
    settings.serve(reader, address="192.168.1.50/24 192.168.1.1")
    reader.documents["/network.json"]["trial"] = 5
    settings.show(screen, "network")
    screen.wait_text("#section .note", "On trial: the old network comes back in 5 s.")
    reader.documents["/network.json"]["trial"] = 0
    reader.documents["/api/settings.json"] = settings.document()
    for _ in range(5):
        screen.run(1000)
    screen.until("document.querySelector('.parts input').value === ''")
    assert not screen.page.locator(".note", has_text="On trial").is_visible()


def test_unsaved_changes_are_not_lost(reader: FakeReader, screen: Screen) -> None:
    settings.serve(reader)
    settings.show(screen, "meter")
    page = screen.page
    fuse = page.locator("#f-main_fuse_a")
    fuse.fill("63")
    page.evaluate("location.hash = 'mqtt'")
    dialog = page.get_by_role("dialog", name="Save the changes?")
    dialog.get_by_role("button", name="Keep editing").click()
    assert fuse.input_value() == "63"
    screen.until("location.hash === '#meter'")
    page.evaluate("location.hash = 'mqtt'")
    dialog.get_by_role("button", name="Save").click()
    page.locator("#f-mqtt_host").wait_for()
    assert saved(reader) == [{"main_fuse_a": 63}]
    page.locator("#f-mqtt_host").fill("192.168.1.9")
    page.get_by_role("link", name="History").click()  # another page
    dialog.get_by_role("button", name="Keep editing").click()
    assert page.locator("#f-mqtt_host").input_value() == "192.168.1.9"
    page.locator("#language").select_option("nb")  # the page is drawn anew
    dialog.get_by_role("button", name="Keep editing").click()
    assert page.locator("#f-mqtt_host").input_value() == "192.168.1.9"
    screen.until("document.getElementById('language').value === 'en'")  # the dialog has closed
    with page.expect_event("dialog") as asked:
        page.evaluate("setTimeout(() => location.reload())")  # the tab
    assert asked.value.type == "beforeunload"
    asked.value.dismiss()
    page.get_by_role("button", name="Undo changes").click()
    assert page.locator("#f-mqtt_host").input_value() == ""
    page.get_by_role("link", name="History").click()
    screen.until("location.pathname === '/history'")
    screen.settle()
    expected_network(screen)  # the fake reader has no money


def test_a_login_that_ends_asks_once_to_leave_unsaved_changes(
    reader: FakeReader, screen: Screen
) -> None:
    screen.own_clock()
    settings.serve(reader)
    settings.show(screen, "meter")
    page = screen.page
    page.locator("#f-main_fuse_a").click()
    page.locator("#f-main_fuse_a").fill("63")
    screen.settle()
    asked: list[str] = []
    page.on("dialog", lambda box: (asked.append(box.type), box.dismiss()))
    reader.mute = True
    reader.canned["/now.json"] = 401, b"{}"
    reader.answers["PATCH", "/api/config"] = 401, {}
    for _ in range(2):
        polls = reader.requests.count("/now.json")
        screen.skip(17000)
        wait_asked(reader, screen, "/now.json", polls + 1)
        screen.wait_for(lambda: asked)
        screen.settle()
    assert asked == ["beforeunload"] and page.locator("#f-main_fuse_a").input_value() == "63"
    page.get_by_role("button", name="Save").click()
    screen.wait_for(lambda: len(asked) > 1)
    screen.settle()
    assert asked == ["beforeunload"] * 2
    expected_network(screen)


def test_a_restart_is_asked_for_only_when_it_is_needed(reader: FakeReader, screen: Screen) -> None:
    settings.serve(reader)
    settings.show(screen, "web_user")
    page = screen.page
    page.locator("#f-web_user").fill("owner")
    save(page)
    screen.wait_text(".state", "Saved.")
    assert page.get_by_role("button", name="Restart").count() == 0
    reader.answers["PATCH", "/api/config"] = 200, settings.accepted(http_port="restart")
    page.locator("#f-http_port").fill("8080")
    save(page)
    screen.wait_text(".state", "Saved. It is used after a restart.")
    reader.answers["POST", "/reboot"] = 200, {"reboot": True}
    page.get_by_role("button", name="Restart").click()
    page.get_by_role("dialog").get_by_role("button", name="Restart").click()
    screen.wait_text(".state", "Restarting")
    reader.set(u=1)
    screen.wait_text(".state", "The reader is back.")
    assert reader.posted[-1].path == "/reboot"


def test_a_factory_reset_says_what_is_lost(reader: FakeReader, screen: Screen) -> None:
    settings.serve(reader)
    settings.show(screen, "actions")
    page = screen.page
    reader.answers["POST", "/reset"] = 200, {"success": True, "message": "", "reboot": True}
    dialog = page.get_by_role("dialog", name="Factory reset")
    for keeps, words, sent in (
        (True, "Keep history", {"perform": "true", "keep": "records"}),
        (False, "History, costs and prices are lost too.", {"perform": "true"}),
    ):
        page.get_by_label("Keep history, costs and prices").set_checked(keeps)
        page.get_by_role("button", name="Factory reset").click()
        assert words in dialog.inner_text()
        dialog.get_by_role("button", name="Cancel").click()
        page.get_by_role("button", name="Factory reset").click()
        dialog.get_by_role("button", name="Factory reset").click()
        dialog.wait_for(state="hidden")
        screen.until("!document.querySelector('dialog')")
        screen.settle()
        assert reader.posted[-1].form() == sent
    assert len(reader.posted) == 2
    page.screenshot(path=PICTURES / "settings-actions-360.png", full_page=True)


def test_what_is_typed_during_a_save_stays(reader: FakeReader, screen: Screen) -> None:
    settings.serve(reader)
    settings.show(screen, "meter")
    page = screen.page
    reader.held.add("/api/config")
    page.locator("#f-main_fuse_a").fill("25")
    page.locator("#f-encryption_key").fill("0123456789ABCDEF")
    save(page)
    page.locator("#f-production_kwp").fill("7")
    reader.release()
    screen.wait_text(".state", "Saved.")
    assert page.locator("#f-production_kwp").input_value() == "7"
    assert page.locator("#f-encryption_key").input_value() == ""
    save(page)
    screen.wait_for(lambda: len(saved(reader)) > 1)  # the button is off already during the save
    screen.until("document.querySelector('.foot button').disabled")
    assert saved(reader)[1:] == [{"production_kwp": 7}]


def test_a_page_that_is_opened_in_a_hidden_tab(reader: FakeReader, browser: Browser) -> None:
    settings.serve(reader)
    page = browser.new_page()  # its script would stay in a tab of other tests
    page.set_default_timeout(LONG_MS)
    page.add_init_script("Object.defineProperty(document, 'hidden', { get: () => !window.seen })")
    page.goto(f"{reader.url}settings")
    page.locator("nav a").first.wait_for()
    page.evaluate("seen = true; document.dispatchEvent(new Event('visibilitychange'))")
    page.locator("#find").wait_for()
    page.context.close()


def test_labels_are_in_the_page_s_language(reader: FakeReader, screen: Screen) -> None:
    settings.serve(reader)
    settings.show(screen, "web_security")
    labels = screen.page.locator("#f-web_security option")
    english = labels.all_inner_texts()
    assert english == ["none", "only configuration", "everything"]
    for language in ("nb", "sv", "da", "de", "nl", "fi"):
        screen.page.locator("#language").select_option(language)
        screen.until(f"document.documentElement.lang === '{language}'")
        screen.until("document.querySelector('#f-web_security option').text !== 'none'")
        assert len(labels.all_inner_texts()) == 3
        assert not set(labels.all_inner_texts()) & set(english)
        assert (
            screen.page.locator("#h-web_security").inner_text() != "What needs user and password."
        )
        assert fits(screen)
