"""The page Settings: tests of broker and keys, certificates, price rules, tariff, tokens."""

from tests.browser import settings
from tests.browser.fake_reader import FakeReader
from tests.browser.screen import Screen, expected_network, fits
from tests.browser.test_settings_form import save, saved
from tests.browser.test_whole import PICTURES
from tests.timing import wait_until

RULES = '"Grid day" import add 0.391 mo-fr 06-21; "Grid night" import add 0.29 all 22-05'
VAT = '"VAT" both percent 25'
# As the page writes them.
WRITTEN = (
    '"Grid day" import add 0.391 mo,tu,we,th,fr 06-21 00-00 00-00; '
    '"Grid night" import add 0.29 all 22-05 00-00 00-00'
)


def test_a_broker_is_tested_by_stages(reader: FakeReader, screen: Screen) -> None:
    settings.serve(reader, mqtt_host="192.168.1.9", mqtt_tls=1)
    answer = {"success": False, "message": "192.168.1.9:1883: not accepted", "stage": "login"}
    reader.answers["POST", "/api/mqtt-test"] = 200, answer
    settings.show(screen, "mqtt")
    page = screen.page
    page.locator("#f-mqtt_user").fill("meter")
    page.get_by_role("button", name="Test the broker").click()
    stages = page.locator(".stages li")
    stages.first.wait_for()
    assert [text.splitlines()[0] for text in stages.all_inner_texts()] == [
        "DNS: good", "TCP: good", "TLS: good", "Login: failed", "Message: not tried",
    ]  # fmt: skip
    assert "not accepted" in stages.nth(3).inner_text()
    assert reader.posted[-1].json() == {"mqtt_user": "meter"}
    page.screenshot(path=PICTURES / "settings-mqtt-360.png", full_page=True)
    reader.answers["POST", "/api/mqtt-test"] = 200, {**answer, "success": True, "stage": "done"}
    page.locator("#f-mqtt_tls").select_option("0")
    page.get_by_role("button", name="Test the broker").click()
    screen.until("document.querySelectorAll('.stages li.ok').length === 4")
    assert saved(reader) == []


def test_keys_are_tested(reader: FakeReader, screen: Screen) -> None:
    settings.serve(reader, encryption_key="00112233445566778899AABBCCDDEEFF")
    settings.show(screen, "meter")
    page = screen.page
    answer = {"success": False, "message": "", "result": "wrong authentication key"}
    reader.answers["POST", "/api/key-test"] = 200, answer
    page.locator("#f-authentication_key").fill("FF" * 16)
    page.get_by_role("button", name="Test the keys").click()
    page.get_by_text("Only the encryption key fits.").wait_for()
    assert reader.posted[-1].json() == {"authentication_key": "FF" * 16}
    refusal = {"success": False, "message": "another test of keys is running"}
    reader.answers["POST", "/api/key-test"] = 400, refusal
    page.get_by_role("button", name="Test the keys").click()
    page.get_by_text("another test of keys is running").wait_for()
    expected_network(screen)


def test_a_certificate_is_shown_before_it_is_kept(reader: FakeReader, screen: Screen) -> None:
    settings.serve(reader)
    found = {
        "subject": "CN=broker.local", "issuer": "CN=Home CA", "from": "2026-01-01T00:00:00Z",
        "to": "2036-01-01T00:00:00Z", "expired": None, "sha256": "ab" * 32, "ca": True,
        "names": ["broker.local"], "key": "EC P-256",
    }  # fmt: skip
    answer = {"success": True, "message": "", "kept": False, "found": [found]}
    reader.answers["POST", "/mqtt-ca"] = 200, answer
    settings.show(screen, "mqtt")
    page = screen.page
    file = page.locator("#mqtt-ca")
    pem = b"-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n"
    chosen = {"name": "ca.pem", "mimeType": "application/x-pem-file", "buffer": pem}
    file.set_input_files(chosen)  # type: ignore[arg-type]
    page.get_by_text("CN=Home CA").wait_for()
    for text in ("CN=broker.local", "2026-01-01 \u2013 2036-01-01", "ab" * 32):
        assert page.get_by_text(text).count() == 1
    assert reader.posted[-1].path == "/mqtt-ca?preview=true"
    page.get_by_role("button", name="Cancel").click()
    assert page.get_by_text("CN=Home CA").count() == 0
    file.set_input_files(chosen)  # type: ignore[arg-type]
    page.locator(".cert").get_by_role("button", name="Save").click()
    page.locator(".cert").get_by_role("button", name="Remove").first.wait_for()
    assert (reader.posted[-1].path, reader.posted[-1].body) == ("/mqtt-ca", pem)
    reader.answers["POST", "/mqtt-ca"] = 200, {**answer, "found": []}
    page.locator(".cert").get_by_role("button", name="Remove").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    page.get_by_text("CN=Home CA").wait_for(state="detached")
    assert (reader.posted[-1].path, reader.posted[-1].body) == ("/mqtt-ca", b"")
    refusal = {"success": False, "message": "CN=x is no CA's certificate"}
    reader.answers["POST", "/mqtt-ca"] = 400, refusal
    file.set_input_files(chosen)  # type: ignore[arg-type]
    page.get_by_text("CN=x is no CA's certificate").wait_for()
    expected_network(screen)


def test_price_rules_are_made_and_ordered_by_keyboard(reader: FakeReader, screen: Screen) -> None:
    settings.serve(reader, price_rules=RULES)
    settings.show(screen, "prices")
    page = screen.page
    rules = page.locator(".rules > li")
    assert rules.count() == 2
    assert page.get_by_role("button", name="Save", exact=True).is_disabled()
    page.get_by_label("Add a rule").select_option("percent")
    screen.until("document.querySelectorAll('.rules > li').length === 3")
    page.keyboard.type("VAT")  # the focus is on its name
    rules.nth(2).get_by_label("Value").fill("25")
    up = page.get_by_role("button", name="Up: VAT")
    up.focus()
    page.keyboard.press("Enter")
    screen.until("document.activeElement.ariaLabel === 'Up: VAT'")
    page.keyboard.press("Enter")
    screen.until("document.activeElement.ariaLabel === 'Down: VAT'")  # it cannot go further up
    assert rules.first.locator("summary b").inner_text() == "VAT"
    save(page)
    screen.wait_text(".state", "Saved.")
    assert saved(reader) == [{"price_rules": f"{VAT}; {WRITTEN}"}]
    page.get_by_role("button", name="Remove: VAT").click()
    assert rules.count() == 2
    page.get_by_role("button", name="Undo changes").click()
    assert rules.count() == 3
    assert fits(screen)


def test_a_rule_s_days_hours_and_season(reader: FakeReader, screen: Screen) -> None:
    settings.serve(reader, price_rules='"Grid" import add 0.3')
    settings.show(screen, "prices")
    page = screen.page
    page.locator(".rules summary").click()
    rule = page.locator(".rules > li")
    for day in ("Sat", "Sun"):
        rule.get_by_label(day).uncheck()
    rule.get_by_label("Hours").fill("25")
    rule.get_by_label("From DD-MM").fill("15-11")
    rule.get_by_label("To DD-MM").fill("14-03")
    rule.get_by_label("Up to kWh").fill("2000")
    rule.get_by_label("Hours").fill("six")
    save(page)
    screen.wait_text("#e-price_rules", "1. Hours: It must be as 06-21")
    rule.get_by_label("Hours").fill("06-21")
    save(page)
    screen.wait_text(".state", "Saved.")
    text = '"Grid" import add 0.3 mo,tu,we,th,fr 06-21 15-11 14-03 2000'
    assert saved(reader) == [{"price_rules": text}]
    page.get_by_text("As text").click()
    area = page.locator("textarea")
    assert area.input_value() == text
    area.fill("VAT of all")
    page.keyboard.press("Tab")
    screen.wait_text("#e-price_rules", f"It must be as {VAT}")
    area.fill(VAT)
    assert page.locator(".rules summary b").all_inner_texts() == ["VAT"]


def test_rules_are_previewed_slot_by_slot(reader: FakeReader, screen: Screen) -> None:
    settings.serve(reader)
    slots = [
        {
            "t": 1782856800 + 900 * i, "l": f"2026-07-01T{i // 4:02d}:{i % 4 * 15:02d}",
            "s": 0.5, "p": 1.075, "w": [["Spot", 0.5], ["Grid", 0.36], ["VAT", 0.215]],
        }
        for i in range(96)
    ]  # fmt: skip
    answer = {"currency": "NOK", "direction": "export", "slots": slots}
    reader.answers["POST", "/pricepreview.json"] = 200, answer
    settings.show(screen, "prices")
    page = screen.page
    page.locator("#f-price_multiplier").fill("1.25")
    page.locator("#preview-direction").select_option("export")
    page.get_by_role("button", name="Preview").click()
    rows = page.locator("#preview tbody tr")
    rows.nth(95).wait_for()
    assert rows.nth(41).locator("th, td").all_inner_texts() == [
        "Wed 1 10:15", "0.5000", "1.0750", "Spot 0.5000 + Grid 0.3600 + VAT 0.2150",
    ]  # fmt: skip
    assert reader.posted[-1].json() == {"price_multiplier": 1250, "direction": "export"}
    assert fits(screen)
    page.screenshot(path=PICTURES / "settings-prices-360.png", full_page=True)
    refusal = {"success": False, "message": "the clock is not set yet: try again in a minute"}
    reader.answers["POST", "/pricepreview.json"] = 400, refusal
    page.get_by_role("button", name="Preview").click()
    page.get_by_text("the clock is not set yet").wait_for()
    assert not page.locator("#preview").is_visible()
    expected_network(screen)


def test_thresholds_are_a_ladder(reader: FakeReader, screen: Screen) -> None:
    settings.serve(reader, tariff={"months": 7})
    settings.show(screen, "thresholds")
    page = screen.page
    page.get_by_role("button", name="Begin with the usual steps").click()
    rows = page.locator(".ladder li")
    assert rows.count() == 10  # with that above the last limit
    for _ in range(7):
        rows.nth(2).get_by_role("button", name="Remove").click()
    rows.nth(0).get_by_label("Price").fill("150")
    rows.nth(1).get_by_label("Price").fill("250,5")
    rows.nth(2).get_by_label("Price").fill("400")
    rows.nth(1).get_by_label("up to kW").fill("4")
    page.keyboard.press("Tab")
    screen.wait_text("#e-tariff", "Each limit must be higher than the one before.")
    rows.nth(1).get_by_label("up to kW").fill("10")
    page.get_by_label("Average of hours").fill("3")
    save(page)
    screen.wait_text(".state", "Saved.")
    stored = {
        "months": 7, "steps": [5, 10], "step_prices_micro": [150000000, 250500000, 400000000],
        "count": 3,
    }  # fmt: skip
    assert saved(reader) == [{"tariff": stored}]
    page.screenshot(path=PICTURES / "settings-thresholds-360.png", full_page=True)
    page.get_by_text("All own rules").click()
    page.locator("textarea").fill('{"count": 1}')
    save(page)
    wait_until(lambda: saved(reader)[1:] == [{"tariff": {"count": 1}}])
    screen.wait_text(".state", "Saved.")  # the button is off already during the save
    page.locator("#f-tariff_profile").select_option("7")
    save(page)
    wait_until(lambda: saved(reader)[2:] == [{"tariff_profile": "BE"}])


def test_prices_of_the_profiles_steps_stay(reader: FakeReader, screen: Screen) -> None:
    prices = {"step_prices_micro": [150000000] * 10}
    settings.serve(reader, tariff=prices)
    settings.show(screen, "thresholds")
    page = screen.page
    assert page.get_by_role("button", name="Save", exact=True).is_disabled()  # nothing is changed
    page.get_by_label("Average of hours").fill("4")
    save(page)
    screen.wait_text(".state", "Saved.")
    assert saved(reader) == [{"tariff": {**prices, "count": 4}}]


def test_a_token_is_made_and_revoked(reader: FakeReader, screen: Screen) -> None:
    settings.serve(reader)
    settings.show(screen, "general")
    page = screen.page
    screen.settle()  # the list without a token has come
    made = {"success": True, "id": "1", "name": "Home", "token": "0123456789abcdef" * 2}
    reader.answers["POST", "/api/token"] = 200, made
    reader.documents["/api/tokens"] = {"tokens": [{"id": "1", "name": "Home", "made": 1780000000}]}
    page.get_by_label("Name of the program").fill("Home")
    page.get_by_role("button", name="New token").click()
    page.get_by_text(str(made["token"])).wait_for()
    assert reader.posted[-1].form() == {"name": "Home"}
    page.get_by_role("button", name="Remove: Home").wait_for()
    reader.documents["/api/tokens"] = {"tokens": []}
    reader.answers["POST", "/api/token/revoke"] = 200, {"success": True, "message": ""}
    page.get_by_role("button", name="Remove: Home").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    page.get_by_role("button", name="Remove: Home").wait_for(state="detached")
    assert reader.posted[-1].form() == {"id": "1"}
