"""configfile.cfg of AMS readers: POST /configfile and GET /configfile.cfg, on both runtimes.

The files follow the interface description of versions 2.2.4, 2.2.28, 2.4 and 2.5.
"""

import json

from energy import profiles, views
from energy.ledger import Energy
from golden import same_as_golden
from ondemand import visit
from test_exchange import ask, posted, visited
from test_settings import FORM, OWNER, saved, server

HOURS = " ".join([str(1000 + i) for i in range(24)])
DAYS = " ".join([str(30000 + i) for i in range(31)])
COMMON = """ip 192.168.1.57
gateway 192.168.1.1
subnet 255.255.255.0
dns1 192.168.1.1
mdns 1
mqttHost 192.168.1.10
mqttPort 1884
mqttClientId reader
mqttPublishTopic ams
"""
METER = """meterBaud 2400
meterParity 8E1
meterInvert 0
meterDistributionSystem 1
meterMainFuse 63
meterProductionCapacity 8
"""
V22E = (
    "amsconfig\nversion v2.2.4\nboardType 7\nhostname attic\nssid HomeNet\npsk a secret of mine \n"
    + COMMON
    + "mqttUsername meter\nmqttPassword pass word\nmqttPayloadFormat 3\nmqttSsl 0\n"
    + "domoticzElidx 11\ndomoticzVl1idx 12\ndomoticzVl2idx 13\ndomoticzVl3idx 14\n"
    + "domoticzCl1idx 15\nwebSecurity 1\nwebUsername admin\nwebPassword open sesame\n"
    + METER
    + "meterEncryptionKey 00112233445566778899AABBCCDDEEFF\ngpioHanPin 16\ngpioApPin 0\n"
    + "ntpEnable 1\nntpDhcp 0\nntpTimezone Europe/Stockholm\nntpServer time.example\n"
    + "entsoeToken 00000000-1111-2222-3333-444444444444\nentsoeArea 10Y1001A1001A46L\n"
    + "entsoeCurrency SEK\nentsoeMultiplier 1.250\n"
    + "thresholds 5 10 20 255 255 255 255 255 255 255 3\n"
    + "energyaccounting 5 1 32 223 612 0 7 0 4 587 9 511 0 0 0 0 0 0\n"
)
V22 = (
    "amsconfig\nversion v2.2.28\nboardType 7\n"
    + COMMON
    + "use11b 0\nmqttPayloadFormat 4\nmqttSsl 0\nhomeAssistantDiscoveryPrefix homeassistant\n"
    + "homeAssistantDiscoveryHostname \nhomeAssistantDiscoveryNameTag garage\n"
    + METER
    + "gpioHanPin 16\ngpioVccOffset 0.00\nntpEnable 1\nntpDhcp 1\nntpTimezone Europe/Oslo\n"
    + "ntpServer pool.ntp.org\nentsoeArea 10YNO-3--------J\nentsoeCurrency NOK\n"
    + "entsoeMultiplier 1.000\nentsoeFixedPrice 0.875\n"
    + "thresholds 2 4 6 8 10 12 14 16 18 65535 2\n"
)
V24 = (
    "amsconfig\nversion v2.4.11\nboardType 7\nhostname attic\nnetmode 1\n"
    + COMMON
    + "mqttPayloadFormat 0\nmqttSsl 0\nmqttSubscribeTopic ams/command\nmqttTimeout 1000\n"
    + METER
    + "meterWattageMultiplier 1.500\nmeterVoltageMultiplier 1.000\nmeterAmperageMultiplier 0.000\n"
    + "meterAccumulatedMultiplier 2.000\nntpTimezone Europe/Oslo\npriceEnabled 1\n"
    + "priceEntsoeToken 00000000-1111-2222-3333-444444444444\npriceArea 10YNO-1--------2\n"
    + "priceCurrency NOK\n"
    + 'priceModifier 0 "Grid" import add 0.4500 mo,tu,we 06,07 01-01 31-03\n'
    + 'priceModifier 1 "VAT" both percent 25.0000 all all 00-00 00-00\n'
    + "unknownKey with a value that is not looked at, but must not be too long\n" * 50
)


def uploaded(made, text, more=""):
    """(status, answer) of POST /configfile."""
    body = text if isinstance(text, bytes) else text.encode()
    status, _, answer = posted(made, "/configfile", body, OWNER + more)
    return status, json.loads(answer)


def test_a_file_of_2_2_4_with_secrets():
    made = server()
    status, answer = uploaded(made, V22E)
    assert (status, answer["success"], answer["reboot"]) == (200, True, False), answer
    config = made.app.config
    assert (config.hostname, config.wifi_ssid) == ("attic", "HomeNet")
    assert config.wifi_psk == "a secret of mine "  # up to the end of its line
    assert config.address == "192.168.1.57/24 192.168.1.1 192.168.1.1"
    assert (config.mqtt_host, config.mqtt_port, config.mqtt_topic) == ("192.168.1.10", 1884, "ams")
    assert (config.mqtt_user, config.mqtt_password) == ("meter", "pass word")
    assert (config.mqtt_client_id, config.mqtt_payload) == ("reader", 3)
    stored = config.to_store()
    indices = [
        stored["domoticz_%s_idx" % name] for name in ("energy", "l1", "l2", "l3", "current")
    ]
    assert indices == [11, 12, 13, 14, 15]
    assert config.line() == (2400, "8E1", False) and config.distribution_system == 1
    assert (config.main_fuse_a, config.production_kwp) == (63, 8)
    assert config.keys() == (bytes([17 * i for i in range(16)]), None)
    assert (config.timezone, config.ntp_server) == ("Europe/Stockholm", "time.example")
    assert stored["price_token"] == "00000000-1111-2222-3333-444444444444"
    assert (config.price_area, config.price_currency) == ("10Y1001A1001A46L", "SEK")
    assert config.price_multiplier == 1250
    assert config.tariff == {"steps": [5, 10, 20], "count": 3}
    assert stored["web_security"] == 1 and stored["web_user"] == "admin"
    assert config.web_password
    assert sorted(answer["left_out"]) == ["boardType", "gpio"]
    for secret in ("secret of mine", "pass word", "open sesame", "0000-1111", "AABB"):
        assert secret not in json.dumps(answer)
        assert not [entry for entry in made.app.log.lines() if secret in str(entry)]
    assert not visited()


def test_a_file_of_2_2_28():
    made = server()
    status, answer = uploaded(made, V22 + "dayplot 5 %d 48211734 0 %s\n" % (1704445205, HOURS))
    assert status == 200, answer
    config = made.app.config
    stored = config.to_store()
    assert (stored["ha_prefix"], stored["ha_tag"]) == ("homeassistant", "garage")
    assert "ha_host" not in stored and config.mqtt_payload == 4
    assert config.price_fixed_micro == 875000
    assert config.tariff == {"steps": [2, 4, 6, 8, 10, 12, 14, 16, 18], "count": 2}
    assert sorted(answer["left_out"]) == ["boardType", "gpio", "ntpDhcp", "use11b"]
    assert "thresholds" in answer["taken"] and "dayplot" in answer["taken"]
    assert "hostname" not in stored and "wifi_ssid" not in stored  # not in the file


def test_a_file_of_2_4_over_4_kb():
    made = server(price_multiplier=1250, price_fixed_micro=5)
    text = V24 + "x" * 900 + "\n"
    assert len(text) > 4096
    status, answer = uploaded(made, text)
    assert status == 200, answer
    config = made.app.config
    assert config.multiplier_w == 1500 and config.multiplier_wh == 2000
    assert config.multiplier_a == config.multiplier_v == 1000  # 0 is 1.000
    assert config.to_store()["price_enabled"] is True
    assert config.price_area == "10YNO-1--------2" and config.mqtt_subscribe == "ams/command"
    assert sorted(answer["left_out"]) == [
        "boardType",
        "mqttTimeout",
    ]
    assert config.price_rules == (
        '"Grid" import add 0.4500 mo,tu,we 06,07 01-01 31-03;'
        '"VAT" both percent 25.0000 all all 00-00 00-00'
    )
    assert config.price_multiplier == 1000 and config.price_fixed_micro == 0  # 2.4 has none


def test_price_rules_of_a_file():
    made = server(price_multiplier=1250)
    rule = 'priceModifier %d "a; b" both add %s all all 00-00 00-00\n'
    status, answer = uploaded(made, "entsoeMultiplier 1.100\n" + rule % (0, "0.1000"))
    assert status == 200 and answer["taken"] == ["entsoeMultiplier", "priceModifier"], answer
    config = made.app.config
    assert config.price_rules == '"a, b" both add 0.1000 all all 00-00 00-00'
    assert config.price_multiplier == 1100
    for text, words in (
        (rule % (0, "0.1000") + rule % (1, "x"), "priceModifier: rule 2: x is not a number"),
        ("".join([rule % (i, "1") for i in range(17)]), "priceModifier: at most 16 rules"),
        ("priceModifier x" + rule[15:] % "1", "priceModifier: a number was expected"),
        ('priceModifier 0 "a" both add\n', "priceModifier: rule 1: must be as"),
    ):
        status, answer = uploaded(made, "meterMainFuse 50\n" + text)
        assert status == 400 and answer["message"].startswith(words), (text, answer)
        assert config.main_fuse_a == 40 and "a, b" in config.price_rules


def test_price_rules_come_back_from_a_file():
    rules = (
        '"Grid" import add 0.391 mo-fr 06-08;"Strømstøtte" import subsidy 0;'
        '"cap" both add 1 all all 00-00 00-00 500;'
        '"Night" both subtract 0.123456 all 22-23 01-04 30-09'
    )
    made = server(price_rules=rules)
    text = ask(made, "GET /configfile.cfg?is=true HTTP/1.0" + OWNER)[2]
    lines = [line for line in text.split("\n") if line.startswith(("priceM", "priceR"))]
    assert lines == [
        'priceModifier 0 "Grid" import add 0.3910 mo,tu,we,th,fr 06,07,08 00-00 00-00',
        'priceRule 0 "Strømstøtte" import subsidy 0.0000 all all 00-00 00-00',
        'priceRule 1 "cap" both add 1.0000 all all 00-00 00-00 500',
        'priceModifier 1 "Night" both subtract 0.123456 all 22,23 01-04 30-09',
    ]
    other = server()
    assert uploaded(other, text)[0] == 200
    with visit("prices.ruletext") as module:
        texts = [
            [rule.text() for rule in module.parse(app.config.price_rules)]
            for app in (made.app, other.app)
        ]
    assert texts[0] == texts[1] and len(texts[0]) == 4


def test_a_file_of_2_5_in_a_form_with_other_fields():
    hours = " ".join(["1500"] * 24)
    text = (
        "amsconfig\nversion v2.5.7\nmeterMainFuse 25\ndayplot 6 1704445205 48211.734 0 %s\n"
        % hours
    )
    text += (
        "energyaccounting 7 1 1.00 2.00 3.00 0.00 0.00 0.00" + " 4 7 5.87" * 5 + " 10.00 0.00\n"
    )
    head = 'Content-Disposition: form-data; name="%s"; filename="configfile.cfg"\n'
    body = "--x\n" + head % "other" + "\nmeterMainFuse 63\n"
    body += "--x\n" + head % "file" + "Content-Type: text/plain\n\n" + text + "\n--x--\n"
    made = server()
    kind = "\nContent-Type: multipart/form-data; boundary=x"
    status, answer = uploaded(made, body.replace("\n", "\r\n"), kind)
    assert status == 200, answer
    assert made.app.config.main_fuse_a == 25
    assert answer["taken"] == ["meterMainFuse", "dayplot", "energyaccounting"]
    assert answer["left_out"] == {}
    assert answer["message"].endswith("0 lines left out"), answer


def test_a_part_of_a_file_leaves_the_rest_as_it_is():
    made = server(main_fuse_a=63, mqtt_host="broker", wifi_psk="as it was")
    status, answer = uploaded(made, "mqttUsername meter\nmqttPort 1885")
    assert (status, answer["taken"]) == (200, ["mqttPort", "mqttUsername"])
    stored = made.app.config.to_store()
    stored.pop("version")
    assert stored == {
        "main_fuse_a": 63,
        "mqtt_host": "broker",
        "mqtt_port": 1885,
        "mqtt_user": "meter",
        "wifi_psk": "as it was",
    }


def test_nothing_changes_if_one_line_is_refused():
    for line, reason in (
        ("meterMainFuse 70000", "meterMainFuse: must be 0 to 65535"),
        ("meterMainFuse 1e3", "meterMainFuse: a whole number was expected, not 1e3"),
        ("meterInvert yes", "meterInvert: 0 or 1 was expected"),
        ("meterParity 9N1", "meterParity: must be one of 7N1, 8N1, 8N2, 7E1, 8E1"),
        ("psk short", "psk: must have 8 to 63 characters, or none"),
        ("ip 192.168.1", "gateway: a static address needs the router's address"),
        ("entsoeToken 5", "entsoeToken: must have 36 characters, or none"),
        ("thresholds 1 2", "thresholds: 10 limits and a count were expected"),
        ("mqttPassword " + "x" * 256, "mqttPassword: must have at most 255 characters"),
        ("x" * 1025, "not a configfile.cfg: "),
    ):
        made = server()
        dated = "dayplot 5 1704445205 48211734 0 %s\n" % HOURS
        status, answer = uploaded(made, "mqttHost broker\n%s\n%s" % (dated, line))
        assert (status, answer["success"]) == (400, False), line
        assert answer["message"].startswith(reason), (line, answer)
        assert len(made.app.config.to_store()) == 1 and made.app.energy.edit_id == 0, line


def test_settings_are_bounded_in_all():
    made = server()
    text = "".join(["%s %s\n" % (key, "x" * 1000) for key in
                    ("mqttHost", "mqttUsername", "mqttPassword", "ssid", "psk")])  # fmt: skip
    status, answer = uploaded(made, text)
    assert status == 400 and "more than 4096 characters" in answer["message"]


def test_mqtt_that_used_tls_uses_it_here_with_a_check_of_the_broker():
    made = server()
    lines = "mqttHost broker\nmqttPort 8883\nmqttPassword secret\nmqttSsl 1\nmqttKeepalive 30\n"
    status, answer = uploaded(made, lines)
    assert status == 200 and answer["left_out"] == {}
    assert "upload it at /mqtt-ca" in answer["message"]
    config = made.app.config
    assert (config.mqtt_host, config.mqtt_port, config.mqtt_tls) == ("broker", 8883, 1)
    assert config.stored["mqtt_keepalive_s"] == 30
    made.app.apply({"mqtt_tls": 2})  # TLS without a check is the owner's choice only, and stays
    assert uploaded(made, lines)[0] == 200 and config.mqtt_tls == 2
    assert uploaded(made, "mqttSsl 0\n")[0] == 200 and config.mqtt_tls == 0


def test_a_connected_reader_tries_new_settings_of_the_network():
    made = server(connected=True)
    status, answer = uploaded(made, "ssid HomeNet\npsk a secret of mine\nmeterMainFuse 25\n")
    assert status == 200 and "trial" in answer["message"]
    assert made.app.network.trial == {"wifi_ssid": "HomeNet", "wifi_psk": "a secret of mine"}
    assert made.app.config.wifi_ssid == "" and made.app.config.main_fuse_a == 25


def test_without_a_clock_settings_are_taken_and_history_waits():
    dated = "dayplot 5 1704445205 48211734 0 %s\n" % HOURS
    made = server()
    made.app.system.clocked = False
    status, answer = uploaded(made, dated)
    assert status == 400 and answer["message"].startswith("the clock is not set yet")
    status, answer = uploaded(made, "meterMainFuse 25\n" + dated)
    assert status == 200 and answer["left_out"]["dayplot"].startswith("the clock is not set yet")
    assert made.app.config.main_fuse_a == 25 and made.app.energy.edit_id == 0
    made.app.system.clocked = True
    made.app.safe_s = 60
    status, answer = uploaded(made, dated)
    assert status == 400 and answer["message"].startswith("energy cannot be changed now")


def test_flash_that_takes_no_settings_leaves_all_as_it_was():
    made = server()
    made.app.storage.write = lambda name, chunks: False
    dated = "dayplot 5 1704445205 48211734 0 %s\n" % HOURS
    status, answer = uploaded(made, "meterMainFuse 25\n" + dated)
    assert status == 400 and "flash takes no settings" in answer["message"]
    assert made.app.config.main_fuse_a == 40 and made.app.energy.edit_id == 0


def test_random_lines_and_octets():
    chance = 11
    for _ in range(25):
        octets = bytearray()
        for line in (V22E + V22).encode().split(b"\n")[::3]:
            chance = (chance * 1103515245 + 12345) & 0x3FFFFFFF
            damaged = bytearray(line)
            if damaged and chance & 0x10000:
                damaged[(chance >> 8) % len(damaged)] = chance >> 20 & 255
            octets += damaged + b"\n"
        made = server()
        status, answer = uploaded(made, bytes(octets[: len(octets) - (chance >> 12) % 300]))
        stored = len(made.app.config.to_store())
        assert (status, answer["success"]) in ((200, True), (400, False)), answer
        assert (stored > 1) == (status == 200)


ALL = "iw=true&im=true&ie=true&it=true&ih=true&ig=true&in=true&is=true"


def exported(made, query):
    status, headers, body = ask(made, "GET /configfile.cfg?%s HTTP/1.0%s" % (query, OWNER))
    assert status == 200 and headers["Content-Type"].startswith("text/plain")
    assert headers["Content-Disposition"] == "attachment; filename=configfile.cfg"
    return body


def test_all_parts_are_the_lines_of_the_interface_description():
    made = server()
    assert saved(made, FORM)[0] == 200
    made.app.config.set("ha_prefix", "homeassistant")
    made.app.config.set("ha_tag", "garage")
    body = exported(made, ALL)
    same_as_golden("configfile.cfg", body)
    for secret in ("secret1", "secret2", "secret3", "AABBCC", "admin", "meter\n", "HomeNet"):
        assert secret not in body
    assert not visited()


def test_secrets_are_in_it_only_if_asked_for():
    made = server()
    saved(made, FORM)
    made.app.config.set("price_token", "00000000-1111-2222-3333-444444444444")
    body = exported(made, ALL + "&ic=true")
    lines = body.split("\n")
    for line in ("hostname ams-1e4b", "ssid HomeNet", "psk a secret2", "mqttUsername meter",
                 "mqttPassword secret3", "entsoeToken 00000000-1111-2222-3333-444444444444",
                 "meterEncryptionKey 00112233445566778899AABBCCDDEEFF"):  # fmt: skip
        assert line in lines, line
    assert "secret1" not in body  # of the web login only a hash is stored
    plots = [line.split(" ")[0] for line in exported(made, "ic=true&iw=1").split("\n")]
    assert plots == ["amsconfig", "version", "boardType", "dayplot", "monthplot",
                     "energyaccounting", ""]  # fmt: skip


def test_an_export_is_taken_back_by_another_reader():
    made = server()
    saved(made, FORM)
    made.app.config.set("multiplier_wh", 1500)
    made.app.config.set("mqtt_payload", 3)
    made.app.config.set("domoticz_l2_idx", 7)
    made.app.config.set("price_fixed_micro", 123456)
    text = exported(made, ALL + "&ic=true")
    other = server()
    status, answer = uploaded(other, text)
    assert status == 200, answer
    first, second = made.app.config.to_store(), other.app.config.to_store()
    for name in ("web_security", "web_user", "web_password", "price_enabled", "wifi_sleep",
                 "wifi_power_ddbm", "debug_level", "telnet_port"):  # fmt: skip
        first.pop(name, None)  # what such a file does not have
        second.pop(name, None)
    first["encryption_key"] = first["encryption_key"].replace("0x", "")
    first.pop("authentication_key", None)
    assert first == second
    assert exported(other, ALL + "&ic=true") == text


def test_history_comes_back_to_the_watt_hour():
    """An AMS reader's 24 hours and days, in a reader without history."""
    made = server()
    text = exported(made, "")
    plots = {line.split(" ")[0]: line.split(" ") for line in text.split("\n")}
    hours = [int(word) for word in plots["dayplot"][5:29]]
    # days_of_hours: 1000 Wh and the UTC hour, by a register at 23:00 UTC of 4 March 2026
    assert hours == [1000 + i for i in range(24)]
    t = int(plots["dayplot"][2])
    assert t == 1772665200
    # 5000 Wh and the 95 hours before 23:00 UTC: three whole days and 23 hours of a fourth
    assert int(plots["dayplot"][3]) == 5000 + 3 * 24276 + 23 * 1000 + 253
    assert plots["dayplot"][29:] == ["950"] + ["10"] * 24  # 95 hours of 10 Wh
    assert plots["monthplot"][2] == "1772665200"  # midnight in Oslo: 5 March
    other = server()
    other.app.energy = Energy("Europe/Oslo", profiles.tariff("NO", {}))
    other.app.energy.history.files = other.app.storage
    other.app.system.now = t + 600
    status, answer = uploaded(other, text)
    assert status == 200, answer
    for read in (views.day_hours, views.month_days):
        mine, theirs = read(made.app.energy, t + 600), read(other.app.energy, t + 600)
        assert list(mine.imported) == list(theirs.imported)
        assert list(mine.exported) == list(theirs.exported)


def test_a_value_with_a_line_feed_makes_no_line():
    made = server(wifi_ssid="a\nwebSecurity 0", mqtt_host="h")
    lines = exported(made, ALL + "&ic=true").split("\n")
    assert not [line for line in lines if line.startswith(("webSecurity", "ssid"))]
