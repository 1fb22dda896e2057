"""Setup mode by requests, without a socket: redirects, the page, its list, test and forms."""

import json

from net.captive import strongest
from test_exchange import ServerDouble, ask, posted, visited

OWN = "\nHost: 192.168.4.1"
NEXT = "http://192.168.4.1/setup"
# SSID, BSSID, channel, dBm, number of the security.
AIR = [
    (b"Far", b"\x01" * 6, 1, -83, 3),
    (b"Home", b"\x02" * 6, 6, -72, 3),
    (b"Home", b"\x03" * 6, 11, -58, 3),
    (b"", b"\x04" * 6, 11, -40, 3),
    (b'Caf\xc3\xa9 "1"', b"\x05" * 6, 1, -70, 0),
    (b"\xc5s", b"\x06" * 6, 1, -30, 3),
    (b"Mixed", b"\x07" * 6, 1, -80, 7),
]
STORED = {
    "wifi_ssid": "Old",
    "wifi_psk": "old secret",
    "hostname": "meter",
    "address": "10.0.0.200/22 10.0.0.3 1.1.1.1",
}


class CaptiveDouble:
    def networks(self):
        return strongest(AIR)


class NetworkOfSetup:
    """A network in setup mode."""

    setup = True
    captive = CaptiveDouble()

    ip = "10.0.0.57"

    def __init__(self):
        self.tried = 0
        self.wanted = ("", "")
        self.tries = []

    def setting(self, name):
        return ""

    def try_wifi(self, ssid, psk):
        self.wanted = (ssid, psk)
        self.tries.append((ssid, psk))
        self.tried = 0

    def words(self, number):
        return {202: "the password was refused"}[number]


def setup(**settings):
    """A server in setup mode."""
    server = ServerDouble()
    app = server.app
    app.network = NetworkOfSetup()
    app.system.hostname = lambda configured: configured or "ams-4b1e"
    for name in settings:
        app.config.set(name, settings[name])

    def apply(changes):
        server.changes.append(changes)
        for name in changes:
            app.config.set(name, changes[name])

    app.apply = apply
    return server


def get(server, path, more=OWN):
    return ask(server, "GET %s HTTP/1.1%s" % (path, more))


def saved(server, body, path="/save"):
    """(status, message) of the form."""
    status, _, answer = posted(server, path, body.encode(), OWN)
    return status, json.loads(answer)["message"]


# The requests of each system, with the headers that they send.
PROBES = (
    ("connectivitycheck.gstatic.com", "/generate_204", "Mozilla/5.0 (X11; Linux x86_64)"),
    ("www.google.com", "/gen_204", "Dalvik/2.1.0 (Linux; U; Android 14; Pixel 8)"),
    ("clients3.google.com", "/generate_204", "CrOS"),
    ("captive.apple.com", "/hotspot-detect.html", "CaptiveNetworkSupport-443.120.3 wispr"),
    ("www.apple.com", "/library/test/success.html", "CaptiveNetworkSupport-277.10.5 wispr"),
    ("captive.apple.com", "/", "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X)"),
    ("www.msftconnecttest.com", "/connecttest.txt", "Microsoft NCSI"),
    ("ipv6.msftconnecttest.com", "/connecttest.txt", "Microsoft NCSI"),
    ("www.msftconnecttest.com", "/redirect", "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"),
    ("www.msftncsi.com", "/ncsi.txt", "Microsoft NCSI"),
    ("detectportal.firefox.com", "/canonical.html", "Mozilla/5.0 Gecko/20100101 Firefox/128.0"),
    ("detectportal.firefox.com", "/success.txt?ipv4", "Mozilla/5.0 Firefox/128.0"),
    ("connectivity-check.ubuntu.com.", "/", "NetworkManager/1.46.0"),
    ("nmcheck.gnome.org", "/check_network_status.txt", "NetworkManager/1.46.0"),
    ("connectivitycheck.samsung.com", "/generate_204", "Dalvik/2.1.0 (SM-S911B)"),
    ("spectrum.s3.amazonaws.com", "/kindle-wifi/wifistub.html", "Kindle"),
    ("example.org", "/any/page?x=1", "curl/8.5.0"),
    ("ams-4b1e.local:80", "/now.json", "a document of a name"),
)


def test_each_systems_probe_is_redirected_to_the_page():
    server = setup()
    for host, path, agent in PROBES:
        more = "\nHost: %s\nUser-Agent: %s\nConnection: close" % (host, agent)
        for method in ("GET", "HEAD"):
            status, headers, body = ask(server, "%s %s HTTP/1.1%s" % (method, path, more))
            assert status == 302 and headers["Location"] == NEXT, (host, path)
            assert headers["Cache-Control"] == "no-store"
            assert "uccess" not in body
            assert (NEXT in body) == (method == "GET"), (host, path)  # iOS needs a body
    assert not visited()


def test_unknown_paths_and_the_start_go_to_the_page_of_this_address():
    server = setup()
    for host in (OWN, OWN + ":8080", "\nHost: 127.0.0.1:80", ""):
        for path in ("/", "/generate_204", "/nope", "/setup.php"):
            status, headers, _ = get(server, path, host)
            assert (status, headers["Location"]) == (302, "/setup"), (host, path)


def test_documents_and_files_are_served_in_setup_mode():
    server = setup()
    assert get(server, "/is-alive")[0] == 200
    assert get(server, "/dayplot.json")[0] == 200
    for path in ("/setup", "/welcome", "/configuration", "/index.html", "/app-1234.js"):
        status, _, text = get(server, path)
        assert (status, text) == (200, "packed"), path
    for path in ("/wpad.dat", "/favicon.ico", "/apple-touch-icon.png"):
        assert get(server, path)[0] == get(server, path, "\nHost: wpad")[0] == 404


def test_a_change_by_a_name_is_never_made():
    """Here a page of any site is at the reader's address, so its origin equals its host."""
    server = setup()
    more = "\nHost: evil.example\nOrigin: http://evil.example"
    body = b"s=true&ss=Evil&sp=12345678"
    assert posted(server, "/save", body, more)[0] == 302
    assert posted(server, "/reboot", b"", more)[0] == 302
    other = OWN + "\nOrigin: http://evil.example"
    assert posted(server, "/save", body, other)[0] == 403
    assert server.changes == [] and server.restarts == []
    assert posted(server, "/save", body, OWN + "\nOrigin: http://192.168.4.1")[0] == 200


def test_outside_setup_mode_nothing_is_redirected_or_changed():
    server = setup(wifi_ssid="My <Home>")
    server.app.network.setup = False
    server.app.system.board.ip_config = lambda: ("192.168.4.1", "", "", "")
    assert get(server, "/generate_204", "\nHost: connectivitycheck.gstatic.com")[0] == 421
    assert get(server, "/", "\nHost: ams-4b1e.local")[2] == "packed"
    status, _, body = get(server, "/setup.html")
    assert status == 200 and "My &lt;Home&gt;" in body and "5 seconds" in body
    assert "<form" not in body
    for path in ("/wifi.json", "/wifi/test.json"):
        assert get(server, path)[0] == 400
    for path in ("/save", "/wifi/test"):
        status, message = saved(server, "s=true&ss=a", path)
        assert status == 400 and "setup mode" in message
    assert server.changes == [] and server.app.network.tries == []


def test_the_list_has_each_name_once_the_strongest_first():
    status, headers, body = get(setup(), "/wifi.json")
    assert status == 200 and headers["Content-Type"] == "application/json"
    assert json.loads(body) == {
        "n": [
            {"s": "Home", "r": -58, "w": "strong", "c": 11, "e": "WPA2"},
            {"s": 'Caf\u00e9 "1"', "r": -70, "w": "good", "c": 1, "e": "open"},
            {"s": "Mixed", "r": -80, "w": "fair", "c": 1, "e": "WPA2"},
            {"s": "Far", "r": -83, "w": "weak", "c": 1, "e": "WPA2"},
        ],
    }


def test_the_list_has_20_names_at_most():
    server = setup()
    air = [(b"n%d" % i, b"\x01" * 6, 1, -40 - i, 3) for i in range(64)]
    server.app.network.captive = CaptiveDouble()
    server.app.network.captive.networks = lambda: strongest(air)
    found = json.loads(get(server, "/wifi.json")[2])
    assert len(found["n"]) == 20 and [n["s"] for n in found["n"]] == ["n%d" % i for i in range(20)]
    server.app.network.captive.networks = list
    assert json.loads(get(server, "/wifi.json")[2]) == {"n": []}


def test_a_network_is_tested_and_nothing_is_stored():
    server = setup(**STORED)
    assert json.loads(get(server, "/wifi/test.json")[2])["state"] == "none"
    assert saved(server, "ss=Home&sp=wrong+one", "/wifi/test") == (200, "")
    assert json.loads(get(server, "/wifi/test.json")[2])["state"] == "running"
    server.app.network.tried = 202
    result = json.loads(get(server, "/wifi/test.json")[2])
    assert result["state"] == "failed" and "the password was refused" in result["message"]
    assert saved(server, "ss=Old&sp=***", "/wifi/test")[0] == 200
    server.app.network.tried = 1
    result = json.loads(get(server, "/wifi/test.json")[2])
    assert result["state"] == "ok" and result["ip"] == "10.0.0.57"
    assert server.app.network.tries == [("Home", "wrong one"), ("Old", "old secret")]
    assert saved(server, "ss=Home&sp=short", "/wifi/test")[1].startswith("sp: ")
    assert saved(server, "ss=&sp=longenough", "/wifi/test")[1].startswith("ss: ")
    assert len(server.app.network.tries) == 2 and server.changes == []


def test_a_first_setup_is_stored():
    server = setup(main_fuse_a=63, mqtt_host="broker")
    status, _, answer = posted(
        server, "/save", b"s=true&ss=J%C3%B8rgen+%26+co&sp=p%26%25+%3D1234&sh=pow-k&sd=&si=", OWN
    )
    answer = json.loads(answer)
    assert status == 200 and answer["success"] is True and answer["reboot"] is False
    assert "J\u00f8rgen & co" in answer["message"] and "1234" not in answer["message"]
    assert server.changes == [
        {
            "wifi_ssid": "J\u00f8rgen & co",
            "wifi_psk": "p&% =1234",
            "hostname": "pow-k",
            "address": "",
        }
    ]
    config = server.app.config
    assert config.main_fuse_a == 63 and config.mqtt_host == "broker"


def test_a_static_address_in_both_ways_of_its_mask():
    for mask in ("255.255.255.0", "24", "/24", "", "%2F24"):
        server = setup()
        body = "s=true&ss=a&sm=static&si=10.0.0.200&su=%s&sg=10.0.0.3&sd=1.1.1.1" % mask
        assert saved(server, body)[0] == 200
        assert server.changes[0]["address"] == "10.0.0.200/24 10.0.0.3 1.1.1.1", mask
    server = setup()
    body = "s=true&ss=a&sm=static&si=10.0.0.200&su=255.255.252.0&sg=10.0.0.3&sd="
    assert saved(server, body)[0] == 200
    assert server.changes[0]["address"] == "10.0.0.200/22 10.0.0.3"  # the gateway answers names


def test_what_is_wrong_is_told_by_field_and_nothing_is_stored():
    server = setup(**STORED)
    static = "s=true&ss=a&sm=static&"
    for body, begin in (
        ("s=true", "ss: "),
        ("s=true&ss=", "ss: "),
        ("s=true&ss=" + "%C3%B8" * 17, "ss: "),  # 34 octets in 17 letters
        ("s=true&ss=a&sp=1234567", "sp: "),
        ("s=true&ss=a&sp=" + "x" * 64, "sp: "),
        ("s=true&ss=New&sp=***", "sp: "),  # the stored one is of another network
        ("s=true&ss=a&sh=My+Reader", "sh: "),
        ("s=true&ss=a&sh=" + "a" * 33, "sh: "),
        (static + "sg=10.0.0.1", "si: "),
        (static + "si=10.0.0.2", "sg: "),
        (static + "si=10.0.0.256&sg=10.0.0.1", "si: "),
        (static + "si=10.0.0.2/24&sg=10.0.0.1", "si: "),
        (static + "si=10.0.0.2&sg=10.0.1.1", "si: "),
        (static + "si=10.0.0.2&sg=10.0.0.1&su=255.0.255.0", "su: "),
        (static + "si=10.0.0.2&sg=10.0.0.1&su=256.0.0.0", "su: "),
        (static + "si=10.0.0.2&sg=10.0.0.1&su=abc", "su: "),
        ("ss=a&sp=12345678", "no section"),
        ("s=false&ss=a", "no section"),
        ("s=true&ss=a&g=true&gt=x", "only the section s"),
        ("s=true&ss=a&v=true&vb=7", "only the section s"),
        ("q=true&qh=evil&s=true&ss=a", "only the section s"),
        ("s=true&ss=a&ss=b", "a field comes twice"),
        ("s=true&ss=%zz", "a field comes twice"),
        ("s=true&ss=%ff", "a field comes twice"),
        ("s=true&ss", "a field comes twice"),
    ):
        status, message = saved(server, body)
        assert status == 400 and message.startswith(begin), (body, message)
        assert "old secret" not in message
    assert posted(server, "/save", b"s=true&ss=" + b"a" * 400, OWN)[0] == 400
    assert server.changes == []


def test_the_stored_password_and_the_default_name_are_kept():
    server = setup(**STORED)
    assert saved(server, "s=true&ss=Old&sp=***&sh=ams-4b1e")[0] == 200
    assert server.changes[0]["wifi_psk"] == "old secret"
    assert server.changes[0]["hostname"] == "" and server.changes[0]["address"] == ""


def test_the_page_shows_what_is_set_but_no_password():
    server = setup(**STORED)
    status, headers, body = get(server, "/setup.html")
    assert status == 200 and headers["Content-Type"] == "text/html; charset=UTF-8"
    assert "no-store" in headers["Cache-Control"]
    assert 'name="ss" value="Old"' in body and 'name="sp" value="***"' in body
    assert 'name="sh" value="meter"' in body
    assert 'name="si" value="10.0.0.200"' in body and 'selected value="22"' in body
    assert 'name="sg" value="10.0.0.3"' in body and 'name="sd" value="1.1.1.1"' in body
    assert " checked" in body and "old secret" not in body
    fresh = get(setup(), "/setup.html")[2]
    assert 'name="ss" value=""' in fresh and 'name="sp" value=""' in fresh
    assert 'name="sh" value="ams-4b1e"' in fresh and 'selected value="24"' in fresh
    assert " checked" not in fresh and "<details open" not in fresh


def test_only_a_reader_on_the_bus_asks_for_another_supply():
    server = setup()
    assert server.app.system.board.bus_powered and "USB power" in get(server, "/setup.html")[2]
    server.app.system.board.bus_powered = False
    assert "USB power" not in get(server, "/setup.html")[2]


def test_the_page_lists_the_networks_without_a_script():
    body = get(setup(), "/setup.html?scan=1")[2]
    assert '<a href="/setup.html?ss=%48%6F%6D%65"><b>Home</b><span>strong, locked</span>' in body
    assert "<b>Caf\u00e9 &quot;1&quot;</b><span>good, open</span>" in body
    chosen = get(setup(**STORED), "/setup.html?ss=%48%6F%6D%65")[2]
    assert 'name="ss" value="Home"' in chosen and 'name="sp" value=""' in chosen
    attack = get(setup(), "/setup.html?ss=%22%3E%3Cscript%3Ealert(1)")[2]
    assert 'value="&quot;&gt;&lt;script&gt;alert(1)"' in attack


def test_a_form_without_a_script_keeps_what_was_typed():
    server = setup()
    body = b"s=true&ss=A%22b&sp=a+secret1&sh=-&sm=static&si=10.0.0.9&su=22&sg=10.0.0.1&sd=9.9.9.9"
    status, headers, page = posted(server, "/setup", body, OWN)
    assert status == 200 and headers["Content-Type"] == "text/html; charset=UTF-8"
    assert 'name="ss" value="A&quot;b"' in page and 'name="sh" value="-"' in page
    assert 'name="si" value="10.0.0.9"' in page and 'selected value="22"' in page
    assert 'name="sg" value="10.0.0.1"' in page and 'name="sd" value="9.9.9.9"' in page
    assert " checked" in page and "<details open" in page
    assert "a secret1" not in page and 'name="sp" value=""' in page
    reason = page.split('id="sh-why" role="alert">')[1].split("<")[0]
    assert "letters" in reason and "type the password again" in reason
    assert server.changes == []
    status, _, page = posted(server, "/setup", body.replace(b"sh=-", b"sh=pow-u"), OWN)
    assert status == 200 and "<h2>Saved</h2>" in page and "joins A&quot;b" in page
    assert "http://10.0.0.9/" in page and "http://pow-u.local/" in page
    assert server.changes[0]["wifi_psk"] == "a secret1" and "secret" not in page


def test_a_restart_only_for_a_name_that_the_chip_has_announced_otherwise():
    server = setup(**STORED)
    for tried, name, restarts in ((0, "a", 0), (202, "b", 0), (1, "b", 0), (1, "c", 1)):
        server.app.network.tried = tried
        answer = json.loads(posted(server, "/save", b"s=true&ss=a&sh=" + name.encode(), OWN)[2])
        assert answer["reboot"] is bool(restarts)
        assert len(server.restarts) == restarts
    assert server.restarts == [2]  # the number of a restart after saving


def test_a_page_that_was_lost_during_a_test_knows_the_network():
    server = setup(**STORED)
    assert saved(server, "ss=Home&sp=tested+one", "/wifi/test") == (200, "")
    page = get(server, "/setup.html")[2]
    assert 'name="ss" value="Home"' in page and 'name="sp" value="***"' in page
    assert "tested one" not in page and "came into" not in page
    server.app.network.tried = 1
    page = get(server, "/setup.html")[2]
    assert "The reader came" in page
    assert "The reader came" not in get(server, "/setup.html?ss=%46ar")[2]
    assert saved(server, "s=true&ss=Old&sp=***")[0] == 200
    assert saved(server, "s=true&ss=Home&sp=***")[0] == 200
    assert [c["wifi_psk"] for c in server.changes] == ["old secret", "tested one"]
