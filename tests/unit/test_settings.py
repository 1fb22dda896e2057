"""Settings by requests: /configuration.json, POST /save, PATCH /api/config, schema and factory
reset; without a socket, on both runtimes.
"""

import json

import changes
import clock
import factory
import passwords
import schema
import schema_texts
from app import App
from config import Config
from golden import same_as_golden
from ondemand import visit
from test_exchange import ServerDouble, ask, posted, visited

# Fields of the interface description's example of /configuration.json, as its page sends them.
FORM = (
    "g=true&gt=Europe%2FOslo&gh=ams-1e4b&gs=1&gu=admin&gp=secret1"
    "&m=true&mb=2400&mp=11&ms=256&md=1&mf=40&mr=8&me=true&mek=0x00112233445566778899AABBCCDDEEFF"
    "&mea=00000000000000000000000000000000&mmw=1.000&mmv=1.000&mma=1.000&mmc=1.000"
    "&w=true&ws=HomeNet&wp=a+secret2&ww=19.5&wz=2&wb=true&nm=static&ni=192.168.1.57"
    "&ns=255.255.255.0&ng=192.168.1.1&nd1=192.168.1.1&nd2=&nd=true"
    "&ntp=true&ntph=pool.ntp.org"
    "&q=true&qh=192.168.1.10&qp=1883&qu=meter&qa=secret3&qc=amsreader&qb=ams&qm=4"
    "&p=true&pe=true&pt=&pr=10YNO-3--------J&pc=NOK&pm=1.250&pf="
    "&d=true&dl=4"
    "&t=true&t0=5&t1=10&t2=15&t3=20&t4=25&t5=50&t6=75&t7=100&t8=150&th=3"
    "&u=true&ui=1&ue=2&uv=2&ua=2&ur=0&uc=1&ut=2&up=2&ud=1&um=1&us=2"
    "&o=true&oe=0&oc=0&ou1=0&ou2=0&ou3=0&h=true&ht=&hh=&hn=&c=true"
)
SECRETS = ("secret1", "secret2", "secret3", "AABBCC", "aabbcc")


class WindowDouble:
    buf = bytearray(2048)


class StreamOfReader:
    window = WindowDouble()

    def __init__(self):
        self.keys = []

    def use_keys(self, key, auth_key):
        self.keys.append((key, auth_key))


class ReaderDouble:
    def __init__(self):
        self.stream = StreamOfReader()
        self.settings = None
        self.renew = False


class NetworkDouble:
    """A connected network: its settings are on trial, and others stored at once."""

    setup = False
    connected = True

    def __init__(self):
        self.trial = {}
        self.trial_until_s = self.change_s = self.wishes = self.tuned = 0
        self.ntp_plan = [99, 0, 0, 0]

    def setting(self, name):
        return self.trial.get(name, "")

    def tune(self):
        self.tuned += 1

    def hold(self, asked):
        if not self.connected:
            return asked
        names = ("wifi_ssid", "wifi_psk", "hostname", "address")
        self.trial = {name: asked[name] for name in asked if name in names}
        return {name: asked[name] for name in asked if name not in names}


def server(connected=False, **settings):
    """A server whose changes are made."""
    made = ServerDouble()
    app = made.app
    app.config = Config(settings, {})
    assert not app.config.faults
    app.prices._config = app.config
    app.network = NetworkDouble()
    app.network.connected = connected
    app.reader = ReaderDouble()
    app.system.hostname = lambda configured: configured or "ams-4b1e"
    app.apply = lambda asked: App.apply(app, asked)
    app.use_prices = lambda: App.use_prices(app)
    return made


# The user and the password of FORM.
OWNER = "\nAuthorization: Basic YWRtaW46c2VjcmV0MQ=="


def saved(made, body, more=OWNER):
    """(status, answer) of POST /save."""
    status, _, answer = posted(made, "/save", body.encode(), more)
    return status, json.loads(answer)


def patched(made, body, kind="application/json"):
    """(status, answer) of PATCH /api/config."""
    body = (body if isinstance(body, str) else json.dumps(body)).encode()
    head = "PATCH /api/config HTTP/1.0\nContent-Type: %s\nContent-Length: %d" % (kind, len(body))
    status, _, answer = ask(made, head, body)
    return status, json.loads(answer)


def got(made, path="/configuration.json"):
    status, _, body = ask(made, "GET %s HTTP/1.0%s" % (path, OWNER))
    assert status == 200, body
    return body


def test_a_form_of_the_ams_reader_and_its_configuration_json():
    made = server()
    assert saved(made, FORM) == (200, {"success": True, "message": "", "reboot": False})
    config = made.app.config
    assert config.encryption_key == "0x00112233445566778899AABBCCDDEEFF"
    assert config.keys() == (bytes([17 * i for i in range(16)]), None)
    assert config.wifi_psk == "a secret2" and config.mqtt_password == "secret3"
    assert config.line() == (2400, "8E1", False) and config.wifi_power_ddbm == 195
    assert config.address == "192.168.1.57/24 192.168.1.1 192.168.1.1"
    assert config.price_multiplier == 1250 and config.debug_level == 4
    assert config.is_set("main_fuse_a")  # it equals the default, but the owner has said it
    assert not config.is_set("ntp_server") and not config.is_set("ui_import")
    body = got(made)
    same_as_golden("configuration.json", body)
    for secret in SECRETS:
        assert secret not in body
    assert json.loads(made.app.storage.data["config.json"]) == config.to_store()
    assert made.restarts == [] and not visited()


def test_the_form_that_a_page_sends_back_changes_nothing():
    made = server()
    saved(made, FORM)
    stored = made.app.config.to_store()
    writes = made.app.storage.writes
    for secret in ("gp=secret1", "wp=a+secret2", "qa=secret3",
                   "mek=0x00112233445566778899AABBCCDDEEFF"):  # fmt: skip
        assert secret in FORM
    again = FORM.replace("gp=secret1", "gp=***").replace("wp=a+secret2", "wp=***")
    again = again.replace("qa=secret3", "qa=***")
    again = again.replace("mek=0x00112233445566778899AABBCCDDEEFF", "mek=***")
    assert saved(made, again)[0] == 200
    assert made.app.config.to_store() == stored and made.app.storage.writes == writes


def test_each_section_is_applied_as_a_whole_and_others_stay():
    made = server(mqtt_host="broker", main_fuse_a=63, ui_import=2, ha_tag="garage")
    assert saved(made, "u=true&ui=0&ue=1")[0] == 200
    value = schema.value
    config = made.app.config
    shown = [value(config, row[0]) for row in schema.ROWS if row[0][:3] == "ui_"]
    assert shown == [0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]  # an absent number is 0
    assert config.mqtt_host == "broker" and config.main_fuse_a == 63
    assert value(config, "ha_tag") == "garage"
    assert saved(made, "ds=true&dl=2&d=false&q=maybe&h=true&hn=attic")[0] == 200
    assert not config.debug_serial and config.mqtt_host == "broker"  # without their markers
    assert value(config, "ha_tag") == "attic"
    assert saved(made, "d=true&ds=true&dt=true&dl=2")[0] == 200
    assert config.debug_serial and config.telnet_port == 23 and config.debug_level == 2
    assert made.app.log.echo == 2  # at once
    assert saved(made, "d=true")[0] == 200
    assert not config.debug_serial and config.telnet_port == 0 and config.debug_level == 3
    assert made.app.log.echo == 0


def test_the_traps_of_the_form():
    key = "00112233445566778899aabbccddeeff"
    made = server(encryption_key=key, authentication_key=key, web_password="pass",
                  web_user="admin", web_security=2, mqtt_host="b", mqtt_port=8883,
                  mqtt_topic="t", mqtt_user="u", mqtt_password="p", wifi_psk="old secret",
                  multiplier_w=2000, meter_baud=2400, meter_format="8N1")  # fmt: skip
    config = made.app.config
    # "gs=0 blanks user and password"; an empty gh keeps the host name
    body = "g=true&gt=GMT&gs=0&gu=admin&gp=***"
    assert posted(made, "/save", body.encode())[0] == 401
    assert saved(made, body, "\nAuthorization: Basic YWRtaW46cGFzcw==")[0] == 200
    assert config.web_password == "" and schema.value(config, "web_user") == ""
    # "me absent wipes both meter keys"
    assert saved(made, "m=true&mb=2400&mp=3&md=2&mf=25&me=true&mek=***&mea=***")[0] == 200
    assert config.encryption_key == config.authentication_key == key
    assert made.app.reader.stream.keys == [] and config.multiplier_w == 1000
    assert saved(made, "m=true&mb=2400&mp=3&md=2&mf=25")[0] == 200
    assert config.keys() == (None, None) and made.app.reader.stream.keys == [(None, None)]
    # "qp empty/0": 1883 without TLS
    assert saved(made, "q=true&qh=b2&qp=&qa=***&qc=c&qb=t&qm=0")[0] == 200
    assert config.mqtt_port == 1883 and config.mqtt_password == "p" and config.mqtt_user == ""
    assert saved(made, "q=true&qh=b2&qp=0&qa=&qc=c&qb=t")[0] == 200
    assert config.mqtt_port == 1883 and config.mqtt_password == ""  # an empty one is stored
    # "qh empty resets the whole MQTT block to defaults"
    assert saved(made, "q=true&qh=&qp=9&qb=x&qc=y&qm=4")[0] == 200
    for name in ("mqtt_host", "mqtt_port", "mqtt_topic", "mqtt_client_id", "mqtt_payload"):
        assert getattr(config, name) == getattr(Config, name) and not config.is_set(name)
    # "an empty wp stores an empty password"
    assert saved(made, "w=true&ws=Home&wp=***&wz=255&ww=0&nd=true")[0] == 200
    assert config.wifi_psk == "old secret"
    assert saved(made, "w=true&ws=Home&wp=&wz=255&ww=0&nd=true")[0] == 200
    assert config.wifi_psk == ""


def test_a_change_of_price_rules_is_used_at_once():
    made = server(price_fixed_micro=1000000, price_currency="NOK")
    app = made.app
    app.prices.load()
    app.use_prices()
    utc = app.system.unix_time()
    assert app.energy.totals.price(utc) == 1000000 and app.energy.totals.export_price is None
    before = app.prices.revision
    assert patched(made, {"price_rules": '"VAT" import percent 25'})[0] == 200
    assert app.prices.revision > before
    assert app.energy.totals.price(utc) == 1250000
    assert app.energy.totals.export_price(utc) == 1000000
    status, answer = patched(made, {"price_rules": '"VAT" import percent x', "price_area": "NO1"})
    assert status == 400
    assert answer["errors"]["price_rules"] == (
        "price_rules: rule 1: x is not a number with at most 6 decimals"
    )
    assert app.energy.totals.price(utc) == 1250000 and app.config.price_area == ""
    day = '"zone" both add 1 all %02d' % clock.civil(utc)[3]  # the hour in UTC
    assert patched(made, {"price_rules": day, "timezone": "GMT"})[0] == 200
    assert app.energy.totals.price(utc) == 2000000
    assert patched(made, {"timezone": "Europe/Helsinki"})[0] == 200
    assert app.energy.totals.price(utc) == 1000000


def test_price_rules_of_a_form():
    made = server()
    body = (
        "r=true&rc=2&rt0=1&rn0=Grid+%22day%22%3B1&rd0=3&ra0=0,1,2,3,4&rh0=6,7&rv0=0.3910"
        "&rsm0=0&rsd0=0&rem0=0&red0=0"
        "&rt1=2&rn1=VAT&rd1=1&ra1=0%2C6&rh1=23&rv1=25,5&rsm1=11&rsd1=15&rem1=3&red1=14"
    )
    assert saved(made, body)[0] == 200
    config = made.app.config
    assert config.price_rules == (
        "\"Grid 'day',1\" both add 0.3910 mo,tu,we,th,fr 06,07 00-00 00-00;"
        '"VAT" import percent 25.5 mo,su 23 15-11 14-03'
    )
    assert saved(made, "r=true&rc=0")[0] == 200 and config.price_rules == ""


def test_the_form_of_mqtt_with_tls():
    made = server()
    config = made.app.config
    status, answer = saved(made, "q=true&qh=broker&qs=true")
    assert status == 200 and "upload it at /mqtt-ca" in answer["message"]
    assert (config.mqtt_host, config.mqtt_port, config.mqtt_tls) == ("broker", 8883, 1)
    assert saved(made, "q=true&qh=broker&qp=1884&qs=true")[0] == 200
    assert (config.mqtt_port, config.mqtt_tls) == (1884, 1)
    made.app.apply({"mqtt_tls": 2})
    assert saved(made, "q=true&qh=broker&qp=1884&qs=true")[0] == 200 and config.mqtt_tls == 2
    assert saved(made, "q=true&qh=broker")[0] == 200
    assert (config.mqtt_port, config.mqtt_tls) == (1883, 0)
    made.app.apply({"mqtt_tls": 1})
    assert saved(made, "q=true&qh=")[0] == 200 and config.mqtt_tls == 0


def test_what_a_form_cannot_do_is_said():
    made = server()
    for body, begin in (
        ("v=true", "vb: a whole number was expected"),
        ("i=true&ihp=16", "i: the pins are those of the board"),
        ("iv=true&ivo=1.5", "ivo: "),
        ("r=true&rc=17", "rc: 0 to 16"),
        ("r=true&rc=1&rt0=6&rd0=1&ra0=0&rh0=0", "rt0: 0 to 5"),
        ("r=true&rc=1&rt0=1&rd0=0&ra0=0&rh0=0", "rd0: 1 import"),
        ("r=true&rc=1&rt0=1&rd0=4&ra0=0&rh0=0", "rd0: 1 import"),
        ("r=true&rc=1&rt0=1&rd0=1&ra0=7&rh0=0", "ra0: numbers 0 to 6"),
        ("r=true&rc=1&rt0=1&rd0=1&ra0=&rh0=0", "ra0: numbers 0 to 6"),
        ("r=true&rc=1&rt0=1&rd0=1&ra0=0&rh0=24", "rh0: numbers 0 to 23"),
        ("r=true&rc=1&rt0=1&rd0=1&ra0=0&rh0=x", "rh0: numbers 0 to 23"),
        ("r=true&rc=1&rt0=1&rd0=1&ra0=0&rh0=0&rv0=x", "rc: rule 1: x is not a number"),
        ("r=true&rc=1&rt0=1&rd0=1&ra0=0&rh0=0&rsm0=2&rsd0=30", "rc: rule 1: 30-02 is not a day"),
        ("r=true&rc=1&rt0=1&rd0=1&ra0=0&rh0=0&rsm0=-2", "rc: rule 1: "),
        ("r=true&rc=1&rt0=4&rd0=3&ra0=0&rh0=0", "rc: rule 1: subsidy is of import"),
        ("c=true&ces=true", "ces: "),
        ("w=true&ws=", "ws: "),
        ("g=true&gs=0", "gt: "),
        ("g=true&gt=GMT&gs=3", "gs: "),
        ("g=true&gt=GMT&gh=my_reader", "gh: "),
        ("m=true&mp=9", "mp: "),
        ("m=true&mb=fast", "mb: "),
        ("m=true&mf=-1", "mf: "),
        ("m=true&me=true&mek=123", "mek: "),
        ("m=true&mmw=1001", "mmw: "),
        ("w=true&ws=a&wp=short", "wp: "),
        ("w=true&ws=a&wz=7", "wz: "),
        ("w=true&ws=a&nm=auto", "nm: "),
        ("w=true&ws=a&nm=static&ni=10.0.0.2&ns=255.0.255.0&ng=10.0.0.1", "ns: "),
        ("w=true&ws=a&nm=static&ni=10.0.0.2&ns=24", "ng: "),
        ("w=true&ws=a&nm=static&ni=10.0.0.2&ns=24&ng=10.0.1.1", "ni: "),
        ("q=true&qh=b&qm=7", "qm: "),
        ("q=true&qh=b&qp=65536", "qp: "),
        ("o=true&oe=1.5", "oe: "),
        ("t=true&t0=70000&th=3", "t0: "),
        ("t=true&t0=5&th=256", "th: "),
        ("u=true&ui=3", "ui: "),
        ("p=true&pt=short", "pt: "),
        ("p=true&pf=abc", "pf: "),
        ("d=true&dl=6", "dl: "),
        ("h=true&hn=" + "x" * 16, "hn: "),
        ("", "no section"),
        ("gt=GMT", "no section"),
        ("g=true&g=true", "a field comes twice"),
        ("u=true&m=true&mf=50&mb=x", "mb: "),  # the section before is not applied either
    ):
        status, answer = saved(made, body)
        assert status == 400 and answer["success"] is False, body
        assert answer["message"].startswith(begin), (body, answer["message"])
    assert made.app.config.to_store() == {"version": 1} and made.app.storage.writes == 0
    assert saved(made, "sf=1") == (200, {"success": True, "message": "", "reboot": False})
    message = saved(made, "w=true&ws=a&nd2=9.9.9.9&wb=false&ntp=true&ntpd=true")[1]["message"]
    for part in ("second name server", "mDNS stays", "802.11b stays", "DHCP names"):
        assert part in message


def test_thresholds_become_rules_of_the_tariff():
    made = server()
    same = "t=true&t0=5&t1=10&t2=15&t3=20&t4=25&t5=50&t6=75&t7=100&t8=150&th=3"
    assert saved(made, same)[0] == 200 and made.app.config.tariff == {}
    assert saved(made, "t=true&t0=10&t1=5&t2=0&t3=65535&th=9")[0] == 200
    assert made.app.config.tariff == {"steps": [5, 10], "count": 5}
    assert made.app.energy.peaks.tariff.steps == (5, 10)
    body = json.loads(got(made))
    assert body["t"] == {"t": [5, 10] + [65535] * 8, "h": 5}


def test_numbers_of_a_form():
    made = server()
    for text, micro in (("1.2", 1200000), ("0,5", 500000), (".001", 1000), ("2.", 2000000)):
        assert saved(made, "p=true&pf=" + text)[0] == 200
        assert made.app.config.price_fixed_micro == micro
    assert json.loads(got(made))["p"]["f"] == 2
    assert '"f":2.0000000000' in got(made)
    assert saved(made, "p=true&pm=0")[0] == 200 and made.app.config.price_multiplier == 1000
    assert made.app.config.price_fixed_micro == 0
    assert saved(made, "m=true&mmw=0.5&mmv=2&mma=&mmc=1.0015")[0] == 200
    config = made.app.config
    assert (config.multiplier_w, config.multiplier_v) == (500, 2000)
    assert (config.multiplier_a, config.multiplier_wh) == (1000, 1001)
    assert json.loads(got(made))["m"]["m"] == {"e": True, "w": 0.5, "v": 2, "a": 1, "c": 1.001}
    assert saved(made, "w=true&ws=a&ww=-1&nd=true")[0] == 200
    assert config.wifi_power_ddbm == -10 and made.app.network.tuned == 1


def test_the_measurement_of_the_supply():
    made = server()
    made.app.system.supply = [0] * 9
    assert saved(made, "iv=true&ivo=-0.05&ivm=1.02&ivb=3.1")[0] == 200
    assert made.app.config.supply == "-50 1020 3100"
    found = json.loads(got(made))["i"]["v"]
    assert (found["o"], found["m"], found["b"]) == (-0.05, 1.02, 3.1)
    assert saved(made, "iv=true&ivo=0&ivm=&ivb=0")[0] == 200 and made.app.config.supply == ""


def test_new_settings_of_a_connected_reader_are_on_trial():
    made = server(connected=True, wifi_ssid="Old", wifi_psk="old secret")
    status, answer = saved(made, "w=true&ws=New&wp=***&wz=255&nd=true")
    assert status == 200 and answer["reboot"] is False and "60 seconds" in answer["message"]
    assert made.app.network.trial == {"wifi_ssid": "New"}
    assert made.app.config.wifi_ssid == "Old"
    made = server(connected=True, address="10.0.0.200/24 10.0.0.3")
    status, answer = patched(made, {"address": None, "main_fuse_a": 25})
    assert status == 200 and made.app.network.trial == {"address": ""}  # the default itself
    assert answer["needs"] == {"address": "network"} and "60 seconds" in answer["message"]
    assert sorted(answer["changed"]) == ["address", "main_fuse_a"]
    assert made.app.config.main_fuse_a == 25


def test_a_patch_changes_some_settings():
    made = server(main_fuse_a=63, mqtt_password="kept")
    status, answer = patched(made, {
        "main_fuse_a": 25, "http_port": 8080, "mqtt_password": "***", "ui_price": 0,
        "lights": "all", "timezone": "GMT",
    })  # fmt: skip
    assert status == 200 and answer["success"] is True and answer["reboot"] is False
    assert sorted(answer["changed"]) == ["http_port", "main_fuse_a", "timezone", "ui_price"]
    assert answer["needs"] == {"http_port": "restart"} and "restart" in answer["message"]
    config = made.app.config
    assert config.main_fuse_a == 25 and config.mqtt_password == "kept"
    assert made.app.energy.settler.zone.name == "GMT"  # at once
    assert patched(made, {"main_fuse_a": None, "ui_price": None})[0] == 200
    assert config.main_fuse_a == 40 and not config.is_set("main_fuse_a")
    assert schema.value(config, "ui_price") == 2
    stored = json.loads(made.app.storage.data["config.json"])
    assert "main_fuse_a" not in stored and "ui_price" not in stored
    assert patched(made, "{}")[1]["changed"] == []


def test_a_patch_takes_effect_at_once():
    made = server()
    reader = made.app.reader
    key = "00 11 22 33 44 55 66 77-88 99 AA BB CC DD EE FF"
    answer = patched(made, {"encryption_key": key, "meter_baud": 2400, "meter_format": "8E1"})[1]
    assert answer["needs"] == {
        "encryption_key": "meter", "meter_baud": "meter", "meter_format": "meter"
    }  # fmt: skip
    assert reader.stream.keys == [(bytes([17 * i for i in range(16)]), None)]
    assert reader.renew  # it reads another line
    reader.renew, reader.settings = False, (2400, "8E1", True)
    assert patched(made, {"meter_invert": True})[0] == 200
    assert not reader.renew  # it reads that line already
    assert patched(made, {"ntp_server": "10.0.0.1"})[0] == 200
    assert made.app.network.ntp_plan[0] == 0
    assert patched(made, {"price_fixed_micro": 1000000, "price_currency": "SEK"})[0] == 200
    assert made.app.energy.currency == "SEK"


def test_a_wrong_patch_changes_nothing_and_names_each_setting():
    made = server(main_fuse_a=63)
    status, answer = patched(made, {"main_fuse_a": -1, "wifi_psk": "short", "no_such": 1,
                                    "mqtt_host": "good", "meter_invert": 1})  # fmt: skip
    assert status == 400 and answer["success"] is False
    assert sorted(answer["errors"]) == ["main_fuse_a", "meter_invert", "no_such", "wifi_psk"]
    assert answer["errors"]["main_fuse_a"] == "main_fuse_a must be 0 to 65535"
    assert "nothing is changed" in answer["message"]
    assert made.app.config.to_store() == {"main_fuse_a": 63, "version": 1}
    for body in ("", "[]", "1", '{"main_fuse_a":', "{'a':1}", "[" * 3000, '"a"', "{}{}", "\x00"):
        status, answer = patched(made, body)
        assert status == 400 and "the body" in answer["message"], body
    assert patched(made, {"main_fuse_a": 25}, "application/x-www-form-urlencoded")[0] == 415
    assert patched(made, {"main_fuse_a": 25}, "")[0] == 415
    assert patched(made, " " * 4095 + "{}")[0] == 413
    assert patched(made, {"main_fuse_a": 25}, "Application/JSON; charset=utf-8")[0] == 200
    made = server(main_fuse_a=63)
    assert patched(made, '{"tariff": {"a": 1e999}}')[0] == 400  # infinity has no JSON
    assert patched(made, '{"tariff": {"a": [[1]]}}')[0] == 400
    assert made.app.storage.writes == 0


def test_a_flash_that_takes_nothing_changes_nothing():
    made = server(main_fuse_a=63)
    made.app.storage.full = True
    status, answer = patched(made, {"main_fuse_a": 25, "timezone": "GMT"})
    assert status == 400 and "nothing is changed" in answer["message"]
    assert made.app.config.main_fuse_a == 63
    assert made.app.energy.settler.zone.name == "Europe/Oslo"
    made = server(connected=True, wifi_ssid="Old")
    made.app.storage.full = True
    assert patched(made, {"main_fuse_a": 25, "wifi_ssid": "New"})[0] == 400
    assert made.app.network.trial == {}


def test_the_file_of_the_settings_can_always_be_read_again():
    """storage.read_json takes 8192 octets."""
    made = server()
    rules = {"rule_%d" % i: "x" * 300 for i in range(12)}
    assert patched(made, {"tariff": rules})[0] == 200
    made.app.config.put("of_a_newer_version", "x" * 4200)
    before = made.app.storage.data["config.json"]
    status, answer = patched(made, {"main_fuse_a": 25})
    assert status == 400 and "too much" in answer["message"]
    assert made.app.storage.data["config.json"] == before and made.app.config.main_fuse_a == 40


def other_value(row):
    """An allowed value that is not the default."""
    name, limits, options = row[schema.NAME], row[schema.LIMITS], row[schema.OPTIONS]
    default = schema.default(name)
    special = {
        "timezone": "Europe/Helsinki",
        "hostname": "attic",
        "address": "10.0.0.200/24 10.0.0.3",
        "price_token": "01234567-89ab-cdef-0123-456789abcdef",
        "price_currency": "SEK",
        "price_rules": '"VAT" import percent 25',
        "push_url": "http://nas.local:8086",
        "upgrade_url": "https://example.com/manifest.json",
        "tariff_profile": "BE",
        "tariff": {"steps": [2, 4], "count": 2},
        "lights": "errors",
        "sensor_names": "28FF641E93160342 Attic",
        "supply": "-20 1010 3200",
        "encryption_key": "00112233445566778899aabbccddeeff",
        "authentication_key": "ffeeddccbbaa99887766554433221100",
    }
    if name in special:
        return special[name]
    if options:
        return [option for option in options if option != default][0]  # noqa: RUF015
    if isinstance(default, bool):
        return not default
    if isinstance(default, int):
        return limits[1] if default != limits[1] else limits[0]
    return "a" * min(limits, 10)


def test_each_setting_round_trips():
    made = server()
    for row in schema.ROWS:
        name = row[schema.NAME]
        value = other_value(row)
        assert value != schema.default(name), name
        status, answer = patched(made, {name: value})
        assert status == 200 and answer["changed"] == [name], (name, answer)
        if name == "web_password":  # a hash is stored
            assert list(passwords.check(made.app.config.web_password, value.encode()))[-1]
            value = made.app.config.web_password
        assert schema.value(made.app.config, name) == value, name
        stored = json.loads(made.app.storage.data["config.json"])
        again = Config(stored, {})
        assert schema.value(again, name) == value and not again.faults, name
        assert patched(made, {name: None})[1]["changed"] == [name]
        assert schema.value(made.app.config, name) == schema.default(name), name
        assert json.loads(made.app.storage.data["config.json"]) == {"version": 1}, name


def test_the_schema_has_all_settings_and_no_secret():
    made = server(wifi_psk="a secret2", encryption_key="00112233445566778899aabbccddeeff",
                  ui_price=0)  # fmt: skip
    body = got(made, "/api/settings.json")
    for secret in SECRETS:
        assert secret not in body
    rows = json.loads(body)["settings"]
    names = [row["name"] for row in rows]
    assert len(set(names)) == len(names) == len(schema.ROWS)
    for name in Config.__dict__:
        if not name.startswith("_") and not callable(getattr(Config, name)):
            assert name in names, name
    by_name = {row["name"]: row for row in rows}
    assert by_name["wifi_psk"]["set"] is True and by_name["mqtt_password"]["set"] is False
    assert by_name["ui_price"]["value"] == 0 and by_name["ui_price"]["default"] == 2
    fuse = by_name["main_fuse_a"]
    assert (fuse["type"], fuse["min"], fuse["max"], fuse["value"]) == ("integer", 0, 65535, 40)
    assert by_name["http_port"]["needs"] == "restart" and by_name["hostname"]["maxLength"] == 32
    for row in rows:
        assert row["label"] and row["label"] != row["name"] and row["help"], row["name"]
        if row["secret"]:
            assert "value" not in row and "default" not in row
        else:
            assert row["type"] in ("boolean", "integer", "string", "object")
        for option in row.get("options", ()):
            assert schema.fault(row["name"], option["value"]) == "", (row["name"], option)
    zones = [option["value"] for option in by_name["timezone"]["options"]]
    assert len(zones) == 32 and "Europe/Oslo" in zones and "GMT" in zones
    assert {row["section"] for row in rows} == {
        "general", "prices", "meter", "wifi", "network", "mqtt", "push", "thresholds", "ui",
        "device", "debug",
    }  # fmt: skip
    assert [row for row in schema_texts._TEXTS if row[0] not in names] == []


def test_the_document_of_the_settings_comes_in_pieces_that_a_full_heap_has_room_for():
    app = server().app
    with visit("web.documents.settings") as settings:
        pieces = [len(piece) for piece in settings.get(app, None)]
    assert sum(pieces) > 20000 and max(pieces) < 600, max(pieces)


def test_nested_json_is_refused_before_it_takes_the_heap():
    made = server()
    for text in (
        "[" * 2000 + "]",
        '{"a":' * 500 + "1}",
        '{"tariff":{"steps":' + "[1]" * 99 + "}}",
    ):
        status, answer = patched(made, text)
        assert status == 400 and "not valid JSON" in answer["message"], text[:20]
    status, _, answer = posted(made, "/backup", b'{"backup":1,"records":[\n' + b"[" * 3000)
    assert status == 400 and "not valid JSON" in answer
    status, answer = patched(made, {"tariff": {"steps": list(range(1, 9)), "count": 3}})
    assert status == 200 and answer["success"], answer


def test_a_form_with_a_field_that_cannot_be_read_changes_nothing():
    """The readers of fields are one: of the AMS reader's form, the reset and the login."""
    made = server()
    for path, known in (("/save", b"g=true"), ("/reset", b"perform=true"), ("/login", b"user=a")):
        name = known.split(b"=")[0]
        for wrong in (known, name + b"=%zz", name + b"=%ff", name):
            status, _, answer = posted(made, path, known + b"&" + wrong)
            assert status == 400 and "a field comes twice" in answer, (path, wrong, answer)
        many = b"&".join([b"f%d=1" % i for i in range(121)])
        status, _, answer = posted(made, path, many)
        assert "there are too many" in answer if path == "/save" else status < 500, path
    assert list(made.app.storage.data) == ["lists.txt"]  # of the double


def test_each_secret_is_marked():
    """No name that sounds like a secret is shown."""
    for row in schema.ROWS:
        name = row[schema.NAME]
        sounds = [part for part in ("psk", "password", "key", "token") if part in name]
        assert bool(sounds) == row[schema.SECRET], name


def files_of(made):
    return sorted(made.app.storage.data)


FILES = (
    "config.json", "config.json.bad", "config.json.new", "lists.txt", "tokens.json", "ha.json",
    "mqtt-ca", "mqtt-key", "push.json", "push-ca", "upgrade-ca",
    "journal", "edit", "edits", "months", "money", "prices.bin", "q3412", "h12", "d4", "c1284",
    "b3", "b3q3412", "b3c1284", "b12h7", "b3months", "b3money", "q3412.new",
)  # fmt: skip
OTHERS = ("ca.pem", "main.py", "boot.py", "qr.mpy", "www", "rtc", "clock", "benchmark")


def test_a_factory_reset_clears_at_the_next_start():
    for body, kept in (("perform=true", 0), ("perform=true&keep=records", len(FILES) - 11)):
        made = server()
        for name in FILES + OTHERS:
            made.app.storage.data[name] = b"x"
        status, _, answer = posted(made, "/reset", body.encode())
        answer = json.loads(answer)
        assert status == 200 and answer["success"] is True and answer["reboot"] is True
        assert ("kept are history" in answer["message"]) == bool(kept)
        assert made.restarts == [5]  # the AMS reader's number of it
        files = made.app.storage
        assert set(FILES) <= set(files.data)  # services that still run lose nothing
        assert factory.finish(files) == (not kept)
        left = [name for name in FILES if name in files.data]
        assert len(left) == kept and "config.json" not in left and "lists.txt" not in left
        assert set(OTHERS) <= set(files.data)
        factory.end(files)
        assert not factory.finish(files)
        files.data["config.json"] = b"{}"
        factory.finish(files)
        assert "config.json" in files.data  # it is over


def test_a_reset_that_is_not_asked_for_does_nothing():
    made = server()
    for body, begin in (
        ("", "perform=true is missing"),
        ("perform=yes", "perform=true is missing"),
        ("perform=true&keep=all", "keep: "),
        ("keep=records", "perform=true is missing"),
    ):
        status, _, answer = posted(made, "/reset", body.encode())
        assert status == 400 and json.loads(answer)["message"].startswith(begin)
    made.app.storage.full = True
    assert posted(made, "/reset", b"perform=true")[0] == 400
    assert made.restarts == [] and "factory" not in made.app.storage.data


def test_the_tariff_of_the_command_line_may_be_wrong():
    made = server()
    config = Config({}, {"tariff_profile": "Mars"})
    assert changes.tariff(config, made.app.log).steps == ()
    assert made.app.log.count == 1
