"""Documents of AMS readers of 2.3 and later. Golden files are the interface description's examples
for these values; the names of price rules are ours."""

import json

from doubles import AppDouble, RequestDouble, SystemDouble, app
from energy.recent import Recent
from golden import same_as_golden
from test_events import run
from web.documents import priceconfig, realtime, ssdp, wifiscan
from web.forms import wifitest


class StateDouble:
    def __init__(self, watts):
        self._watts = watts

    def net_power_w(self):
        return self._watts


class SystemOfRecent(SystemDouble):
    uptime = 0

    def uptime_ms(self):
        return self.uptime

    def uptime_s(self):
        return self.uptime // 1000


def hour_of(watts, every_ms=10000):
    """An app that has heard these powers, the last one at the end of its slot."""
    device = AppDouble(StateDouble(watts[-1]), system=SystemOfRecent(0))
    device.recent = Recent()
    device.recent.add(0, 0)
    for power in watts:
        device.system.uptime += every_ms
        device.recent.add(power, device.system.uptime)
    return device


def shown(device, **args):
    return "".join(realtime.get(device, RequestDouble(args)))


def data(device, **args):
    return json.loads(shown(device, **args))["data"]


def test_realtime_json():
    device = hour_of([2400, 2400, 1980, 2110, 2110, 2140])
    same_as_golden("realtime.json", shown(device, size="6"))
    assert data(device) == [2140, 2110, 2110, 1980, 2400, 2400] + [0] * 54
    assert data(device, offset="4", size="3") == [2400, 2400, 0]


def test_realtime_sizes_and_offsets_are_limited():
    device = hour_of([-500])
    whole = json.loads(shown(device, size="999999"))
    assert whole["size"] == 360 and whole["data"] == [-500] + [0] * 359
    end = json.loads(shown(device, offset="350", size="60"))
    assert end == {"offset": 350, "size": 10, "total": 360, "data": [0] * 10}
    beyond = json.loads(shown(device, offset="400"))
    assert beyond == {"offset": 360, "size": 0, "total": 360, "data": []}
    for args in ({"size": "-1"}, {"offset": "x"}, {"size": ""}, {"offset": "9" * 30}):
        try:
            shown(device, **args)
            raise AssertionError(args)
        except ValueError as e:
            assert "number" in str(e)


def test_realtime_goes_back_an_hour_in_minutes():
    """Minute n has n W: its six samples have its mean."""
    minutes = [n for n in range(70) for _ in range(6)]
    samples = data(hour_of(minutes), size="360")
    assert samples == minutes[::-1][:360]


def test_realtime_while_the_meter_is_silent():
    device = hour_of([700] * 6)
    device.system.uptime += 25000
    assert data(device, size="3") == [700, 700, 700]  # the last power holds for a minute
    device.system.uptime += 40000
    assert data(device, size="7") == [0] * 6 + [700]
    assert data(hour_of([0, 0]), size="2") == [0, 0]


AIR = [
    (b"Guest", b"\x10\x20\x30\x40\x50\x61", 11, -71, 0),
    (b"HomeNet", b"\x10\x20\x30\x40\x50\x60", 6, -58, 3),
    (b"", b"\x01" * 6, 1, -40, 3),
    (b"\xc5s", b"\x02" * 6, 1, -30, 3),
]


class NetworkDouble:
    setup = True
    scan_s = 0
    ip = "192.168.1.57"

    def __init__(self, air=(), tried=0, wanted="HomeNet"):
        self._air = air
        self.tried = tried
        self.wanted = (wanted, "secret word")

    def scan(self):
        return list(self._air)

    def try_wifi(self, ssid, psk):
        self.wanted = (ssid, psk)
        self.tried = 0


def networked(*args):
    device = AppDouble(system=SystemOfRecent(0))
    device.network = NetworkDouble(*args)
    return device


def test_wifiscan_json():
    device = networked(AIR)
    same_as_golden("wifiscan.json", "".join(wifiscan.scan(device, None)))
    words = ["open", "WEP", "WPA", "WPA2", "WPA+WPA2", "WPA2-EAP", "WPA3", "WPA2+WPA3"]
    air = [(b"a", b"\x01" * 6, 1, -n, n) for n in range(8)]
    found = json.loads("".join(wifiscan.scan(networked(air), None)))["n"]
    assert [row["e"] for row in found] == words
    many = [(b"n%d" % n, b"\x01" * 6, 1, -n, 99) for n in range(1, 90)]
    found = json.loads("".join(wifiscan.scan(networked(many), None)))
    assert found["c"] == 25 and [row["r"] for row in found["n"]] == list(range(-1, -26, -1))
    assert "".join(wifiscan.scan(networked(), None)) == '{"c":0,"n":[]}'


def test_scans_are_ten_seconds_apart():
    device = networked(AIR)
    for uptime_s, allowed in ((100, True), (100, False), (109, False), (110, True)):
        device.system.uptime = 1000 * uptime_s
        try:
            list(wifiscan.scan(device, None))
            assert allowed, uptime_s
        except ValueError:
            assert not allowed, uptime_s


def test_wifitest_json():
    same_as_golden("wifitest.json", wifiscan.test(networked((), 1), None))
    for tried, status in ((0, 0), (201, 1), (212, 1), (1, 3), (15, 4), (202, 4), (250, 99)):
        body = json.loads(wifiscan.test(networked((), tried), None))
        assert body["status"] == status and (body["ip"] != "") == (tried == 1), tried
    body = json.loads(wifiscan.test(networked((), 202, ""), None))
    assert body == {"ssid": "", "status": 0, "time": 0, "ip": ""}


def test_a_test_of_a_network_begins_with_a_form():
    def post(device, body):
        return run(wifitest.begin(device, RequestDouble(body=body)))

    device = networked((), 201)
    answer = post(device, "ssid=Caf%C3%A9+1&psk=a%26b+c+1234&x=1")
    assert device.network.wanted == ("Café 1", "a&b c 1234")
    assert json.loads(answer) == {"ssid": "Café 1", "status": 0, "time": 0, "ip": ""}
    for body, why in (
        ("", "ssid is missing"),
        ("psk=12345678", "ssid is missing"),
        ("ssid=Home&psk=short", "wifi_psk must have"),
        ("ssid=" + "a" * 33, "wifi_ssid must have"),
        ("ssid=" + "a" * 301, "long"),
    ):
        try:
            post(device, body)
            raise AssertionError(body)
        except ValueError as e:
            assert why in str(e), body
    device.network.setup = False
    try:
        post(device, "ssid=Home&psk=12345678")
        raise AssertionError("outside the setup")
    except ValueError as e:
        assert "setup" in str(e)
    assert device.network.wanted[0] == "Café 1"


def rules(**settings):
    return "".join(priceconfig.get(app(**settings), None))


def test_priceconfig_json():
    same_as_golden(
        "priceconfig.json",
        rules(price_multiplier=1250, export_price="fixed", export_fixed_micro=391000),
    )
    assert rules() == '{"o":[]}'

    def short(**settings):
        return [(r["t"], r["d"], r["v"]) for r in json.loads(rules(**settings))["o"]]

    assert short(price_multiplier=800) == [(2, 3, -20)]
    assert short(price_fixed_micro=1234567, price_multiplier=1250) == [(0, 3, 1.2346)]
    assert short(export_price="spot", export_multiplier=1005) == [(2, 2, 0.5)]
    assert short(export_price="fixed") == [(0, 2, 0)]


def test_ssdp_schema_xml():
    device = app(hostname="meter")
    text = ssdp.get(device, None)
    assert "<deviceType>upnp:rootdevice</deviceType>" in text
    assert "<friendlyName>AMS reader meter</friendlyName>" in text
    assert "<URLBase>http://192.168.1.57:80/</URLBase>" in text
    device.config.hostname = "a<b>&c"  # as from the command line
    assert "AMS reader a&lt;b&gt;&amp;c</" in ssdp.get(device, None)
